"""The programs on the policies' pages: "avoid" gives its finding and no other, "prefer" none."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies import RULES
from policies.model.vocabulary import label, term_of
from policies.rule import DoubtRule
from tests.harness import Program, phases, preview

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
SECRET = "hunter2hunter2"


def example(policy: str, name: str) -> Program:
    return Program.of_file(EXAMPLES / policy / f"{name}.py", secrets={"masterPassword": SECRET})


@pytest.mark.parametrize("collapse_sets", [False, True], ids=["lists", "sets that collapse"])
@pytest.mark.parametrize("policy", [rule.name for rule in RULES])
def test_what_to_avoid_is_found_and_nothing_else(policy: str, collapse_sets: bool) -> None:
    run = preview(example(policy, "avoid"), collapse_sets=collapse_sets)
    assert {each.policy for each in run.findings} == {policy}
    assert not [each for each in run.findings if SECRET in each.message]


@pytest.mark.parametrize(
    "policy",
    [rule.name for rule in RULES if not isinstance(rule, DoubtRule)],
)
def test_a_finding_begins_with_the_kind_and_the_name_of_its_resource(policy: str) -> None:
    for found in preview(example(policy, "avoid")).findings:
        *_, token, name = found.urn.split("::")
        subject = f"{label(term_of(token.rpartition('$')[2]).kind)} {name}"
        _, problem, *_ = found.message.splitlines()
        assert problem.startswith((f"{subject} ", f"{subject[0].upper()}{subject[1:]} "))


@pytest.mark.parametrize("policy", [rule.name for rule in RULES])
def test_what_to_prefer_gives_no_finding_in_any_phase(policy: str) -> None:
    for phase, run in phases(example(policy, "prefer")).items():
        assert run.findings == (), phase
