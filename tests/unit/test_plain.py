"""Plain values are told apart by their kind and their parts."""

from __future__ import annotations

import copy

import pytest

from policies.model.answers import CannotTell, No, Yes
from policies.model.references import OneOf, Outside
from policies.model.values import Absent, Known, Unknown


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Known(1), Known(1)),
        (Known([1]), copy.deepcopy(Known([1]))),
        (Absent(), Absent()),
        (Unknown(), Unknown("not known before the deployment")),
        (Yes(), Yes(())),
        (Outside("a", "the configuration"), Outside("a", "another stack")),
    ],
)
def test_what_has_the_same_parts_is_the_same(one: object, other: object) -> None:
    assert one == other
    assert repr(one).partition("(")[0] == repr(other).partition("(")[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Known(1), Known(2)),
        (Known(1), 1),
        (Yes(), No()),
        (Absent(), Yes()),
        (CannotTell("why"), Unknown("why")),
        (OneOf(()), Outside()),
    ],
)
def test_what_has_other_parts_or_is_of_another_kind_is_not(one: object, other: object) -> None:
    assert one != other


def test_they_are_found_again_in_a_set() -> None:
    assert len({Known("a"), Known("a"), Known("b"), Yes(("a",)), No(("a",))}) == 4


def test_they_say_what_they_are() -> None:
    assert repr(Known("a")) == "Known(value='a')"
    assert repr(Absent()) == "Absent()"
