"""The programs on the policies' pages: "avoid" gives its finding and no other, "prefer" none."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies import RULES
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


@pytest.mark.parametrize("policy", [rule.name for rule in RULES])
def test_what_to_prefer_gives_no_finding_in_any_phase(policy: str) -> None:
    for phase, run in phases(example(policy, "prefer")).items():
        assert run.findings == (), phase
