"""The page of what a rule may ask the model: all of it, each question with what it asks."""

from __future__ import annotations

import inspect
import re
from functools import cached_property

from policies import RULES
from policies.model import Model
from policies.model.network.routing import Network
from policies.rule import StackRule
from scripts.make_docs import ROOT
from scripts.model_questions import (
    EXAMPLE,
    Group,
    Question,
    example,
    groups,
    imported,
    text,
    undocumented,
)

PAGE = (ROOT / "docs" / "architecture" / "model-questions.md").read_text(encoding="utf-8")
GROUPS = tuple(groups(ROOT))


def test_every_question_says_what_it_asks() -> None:
    missing = undocumented(GROUPS)
    assert not missing, (
        f"questions to the model without a docstring: {', '.join(missing)}. Fix: say in its first "
        "sentence what comes out."
    )


def test_a_question_that_does_not_say_what_it_asks_is_named() -> None:
    silent = Question("model.tiers.new", "model.tiers.new()", "bool", "")
    group = Group("Tiers", "About.", "policies/model/network/tiers.py", (silent,))
    assert undocumented([group]) == ["model.tiers.new in policies/model/network/tiers.py"]


def test_every_room_of_the_model_has_its_table_in_the_order_of_the_code() -> None:
    rooms = [name for name, each in vars(Model).items() if isinstance(each, cached_property)]
    shown = re.findall(r"^### `model\.(\w+)", PAGE, re.MULTILINE)
    assert shown == [*rooms, "network"]


def test_a_table_has_the_public_questions_of_its_class_in_the_order_of_the_code() -> None:
    (group,) = (each for each in GROUPS if each.title == "`model.network()`")
    public = [name for name in vars(Network) if name[0] != "_"]
    assert [each.name.rpartition(".")[2] for each in group.questions] == public


def test_every_function_of_the_model_that_a_rule_imports_is_on_the_page() -> None:
    named = set(re.findall(r"(\w+)\(", text(ROOT)))
    for module, names in imported(ROOT).items():
        functions = vars(__import__(module, fromlist=["_"]))
        wanted = {each for each in names if inspect.isfunction(functions.get(each))}
        assert module.endswith("vocabulary") or wanted <= named, module


def test_the_rule_that_is_explained_is_short_and_gives_all_three_answers() -> None:
    (rule,) = (each for each in RULES if each.name == EXAMPLE)
    assert isinstance(rule, StackRule)
    assert len(example().strip().splitlines()) <= 20
    assert all(word in example() for word in ("Violation(", "Unverified(", "return"))
    assert example() in PAGE
