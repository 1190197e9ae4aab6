"""Could it be made again? Of programs that are deployed, what a first preview of them says."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies import RULES
from policies.serving.again import LEAD
from policies.serving.environment import MADE_AGAIN
from tests.harness import Preview, Program, deploy, preview, refreshed
from tests.programs.test_examples_in_process import example
from tests.programs.test_mutations_in_process import edited
from tests.stacks.mutated_reference import edits

STACKS = Path(__file__).resolve().parents[1] / "stacks"
TOLD_BY = {
    "engine-version-retired": "engine-version-ending",
    "aurora-global-engine-version": "engine-version-ending",
}
"""Of what exists, another policy says the same."""


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MADE_AGAIN, "true")


def existing(program: Program) -> Preview:
    """A preview of the program after its deployment and a refresh."""
    return preview(program, refreshed(deploy(program)))


@pytest.mark.parametrize("policy", [rule.name for rule in RULES])
def test_the_first_preview_is_said_again_as_advice(policy: str) -> None:
    program = example(policy, "avoid")
    first, later = preview(program), existing(program)
    assert not [each for each in first.findings if LEAD in each.message]
    expected = {(TOLD_BY.get(name, name), where) for name, where in first.told}
    assert later.told == expected
    assert len(later.findings) == len(first.findings)
    for each in later.findings:
        assert LEAD not in each.message or each.level == "advisory"


@pytest.mark.parametrize("policy", [rule.name for rule in RULES])
def test_what_to_prefer_can_be_made_again(policy: str) -> None:
    assert existing(example(policy, "prefer")).findings == ()


def test_so_can_the_reference_stack() -> None:
    [harmless] = [each for each in edits.ALL if each.name == "alb-public-subnets harmless"]
    assert existing(edited(harmless)).findings == ()


def test_nothing_of_a_program_with_many_defects_is_lost() -> None:
    program = Program.of_directory(STACKS / "public_subnets", config={"aws:region": "us-east-1"})
    first, later = preview(program), existing(program)
    assert first.mandatory <= later.told
    again = {(each.policy, each.resource) for each in later.findings if LEAD in each.message}
    assert again
    assert again <= first.told
