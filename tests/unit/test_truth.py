"""Three-valued logic, and the questions about inputs that use it."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from policies.model.inputs import Block, alike
from policies.model.truth import Truth, every, some
from policies.model.values import UNKNOWN, Absent, Known, Unknown

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


@pytest.mark.parametrize(
    ("one", "other", "both", "either"),
    [
        (T, T, T, T),
        (T, F, F, T),
        (T, U, U, T),
        (F, F, F, F),
        (F, U, F, U),
        (U, U, U, U),
    ],
)
def test_the_tables_of_the_operators(one: Truth, other: Truth, both: Truth, either: Truth) -> None:
    assert one & other is other & one is both
    assert one | other is other | one is either


def test_a_negation_keeps_what_is_not_known() -> None:
    assert [~T, ~F, ~U] == [F, T, U]
    for one, other in product(Truth, Truth):
        assert ~(one & other) is (~one | ~other)


def test_nothing_is_every_one_and_none() -> None:
    assert every([]) is T
    assert some([]) is F


def test_it_cannot_be_taken_for_true_or_false() -> None:
    with pytest.raises(TypeError, match="three answers"):
        bool(T)


BLOCK: dict[str, Any] = {
    "size": 10,
    "name": "Main",
    "on": True,
    "empty": {},
    "none": [],
    "blank": "",
    "hidden": UNKNOWN,
    "one": [{"x": 1, "hidden": UNKNOWN}],
    "words": ["a", "b"],
    "partly": ["a", UNKNOWN],
    "many": [{"x": 1}, {"x": UNKNOWN}],
    "half": [{"z": 1}, UNKNOWN],
    "texts": ["a", UNKNOWN, None],
}


@pytest.mark.parametrize(
    ("path", "sets", "has"),
    [
        ("size", T, T),
        ("nothing", F, F),
        ("empty", T, T),
        ("none", F, F),
        ("blank", F, F),
        ("hidden", T, U),
        ("hidden.x", U, U),
        ("one.x", T, T),
        ("one.y", F, F),
        ("one.hidden", T, U),
        ("nothing.x", F, F),
    ],
)
def test_what_is_there(path: str, sets: Truth, has: Truth) -> None:
    block = Block.within(BLOCK)
    assert block.sets(path) is sets
    assert block.has(path) is has
    assert block.lacks(path) is ~has


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (lambda b: b.number("size") > 9, T),
        (lambda b: b.number("size") < 10, F),
        (lambda b: b.number("size") + 1 > b.number("size"), T),
        (lambda b: b.number("size").is_not(15), T),
        (lambda b: b.number("size").is_not(10), F),
        (lambda b: b.number("size").equals(b.number("size")), T),
        (lambda b: b.number("size").equals(b.number("nothing", default=3)), F),
        (lambda b: b.number("size").equals(b.number("hidden")), U),
        (lambda b: b.number("size").equals(b.number("nothing")), F),
        (lambda b: b.number("hidden") > 9, U),
        (lambda b: b.number("hidden") + 1 > 9, U),
        (lambda b: b.number("nothing") > 9, F),
        (lambda b: b.number("nothing") < 9, F),
        (lambda b: b.number("nothing", default=3) < 9, T),
        (lambda b: b.number("name") < 9, U),
        (lambda b: b.says("name", "MAIN", "other"), T),
        (lambda b: b.says("name", "other"), F),
        (lambda b: b.says("hidden", "other"), U),
        (lambda b: b.says("nothing", "other"), F),
        (lambda b: b.is_true("on"), T),
        (lambda b: b.is_true("nothing"), F),
        (lambda b: b.is_true("nothing", default=True), T),
        (lambda b: b.is_true("hidden"), U),
        (lambda b: b.is_in("name", Known("main")), T),
        (lambda b: b.is_in("name", Known("other")), F),
        (lambda b: b.is_in("name", Unknown()), U),
        (lambda b: b.is_in("nothing", Absent()), F),
        (lambda b: b.some("texts", lambda each: each.sets("x")), U),
        (lambda b: b.some("many", lambda each: each.number("x") < 2), T),
        (lambda b: b.some("many", lambda each: each.number("x") > 2), U),
        (lambda b: b.every("many", lambda each: each.number("x") < 2), U),
        (lambda b: b.every("many", lambda each: each.number("x") > 2), F),
        (lambda b: b.some("one", lambda each: each.number("x") < 2), T),
        (lambda b: b.some("nothing", lambda each: T), F),
        (lambda b: b.every("nothing", lambda each: T), F),
        (lambda b: b.every("none", lambda each: T), F),
        (lambda b: b.some("hidden", lambda each: T), U),
        (lambda b: b.some("half", lambda each: each.sets("x")), U),
        (lambda b: b.every("half", lambda each: each.sets("y")), F),
        (lambda b: b.count("many").is_not(2), F),
        (lambda b: b.count("one") < 2, T),
        (lambda b: b.count("nothing") < 1, T),
        (lambda b: b.count("none") < 1, T),
        (lambda b: b.count("hidden") < 9, U),
        (lambda b: b.total("one", lambda each: each.number("x") + each.number("x")) > 1, T),
        (lambda b: b.total("one", lambda each: each.number("x") + each.number("x")) > 2, F),
        (lambda b: b.total("many", lambda each: each.number("x")) > 0, U),
        (lambda b: b.total("one", lambda each: each.number("x") + each.number("y")) > 0, F),
        (lambda b: b.total("nothing", lambda each: each.number("x")) < 1, T),
        (lambda b: b.total("hidden", lambda each: each.number("x")) < 1, U),
        (lambda b: b.is_in("name", b.text("name")), T),
        (lambda b: b.is_in("name", b.text("hidden")), U),
        (lambda b: b.inner("hidden").sets("x"), U),
        (lambda b: b.some_two("many", lambda one, other: one.has("x") & other.lacks("x")), U),
        (lambda b: b.some_two("many", lambda one, other: T), T),
        (lambda b: b.some_two("one", lambda one, other: T), F),
        (lambda b: b.some_two("nothing", lambda one, other: T), F),
        (lambda b: b.some_two("hidden", lambda one, other: T), U),
        (lambda b: b.some_text("texts", lambda said: said == "a"), T),
        (lambda b: b.some_text("texts", lambda said: said == "b"), U),
        (lambda b: b.some_text("none", lambda said: True), F),
        (lambda b: b.some_text("nothing", lambda said: True), F),
        (lambda b: b.some_text("hidden", lambda said: True), U),
        (lambda b: b.inner("one").number("x") < 2, T),
        (lambda b: b.together("name", "name", lambda one, other: one == other), T),
        (lambda b: b.together("name", "name", lambda one, other: one != other), F),
        (lambda b: b.together("name", "hidden", lambda one, other: True), U),
        (lambda b: b.together("nothing", "hidden", lambda one, other: True), F),
        (lambda b: b.lists("words", "b", "c"), T),
        (lambda b: b.lists("words", "c"), F),
        (lambda b: b.lists("partly", "a"), T),
        (lambda b: b.lists("partly", "b"), U),
        (lambda b: b.lists("hidden", "a"), U),
        (lambda b: b.lists("nothing", "a"), F),
        (lambda b: b.lists("many", "a"), U),
        (lambda b: b.inner("nothing").number("x") < 2, F),
    ],
)
def test_questions(answer: Any, expected: Truth) -> None:
    assert answer(Block.within(BLOCK)) is expected


# --- lists ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("listed", "expected"),
    [([418], T), ([503, 418], T), ([503], F), ([503, UNKNOWN], U), ([UNKNOWN, 418], T), ([], F),
     (None, F), (UNKNOWN, U), ("x", U), (["x"], U), (["418"], T)],
)  # fmt: skip
def test_a_number_of_a_list(listed: Any, expected: Truth) -> None:
    block = Block.within({"codes": listed})
    assert block.some_number("codes", lambda code: code == 418) is expected


@pytest.mark.parametrize(
    ("listed", "expected"),
    [(["a", "b"], T), (["b", "a", "a"], T), (["a"], F), (["a", "b", "c"], F), (["a", UNKNOWN], U),
     (["c", UNKNOWN], F), (UNKNOWN, U), (None, F), ([], F), ("a", U), ([7], U)],
)  # fmt: skip
def test_a_list_of_certain_texts(listed: Any, expected: Truth) -> None:
    block = Block.within({"methods": listed})
    assert block.lists_exactly("methods", frozenset({"a", "b"})) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [(Known("a"), Known("a"), T), (Known("a"), Known("b"), F), (Known("a"), Unknown(), U),
     (Absent(), Unknown(), F), (Unknown(), Absent(), F), (Known("a"), Absent(), F)],
)  # fmt: skip
def test_two_texts_that_are_alike(one: Any, other: Any, expected: Truth) -> None:
    assert alike(one, other) is expected
