"""Every style of public subnet, in every phase, with sets in both forms."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness import Preview, Program, phases
from tests.stacks.public_subnets import styles

PROGRAM = Path(__file__).resolve().parents[1] / "stacks" / "public_subnets"
POLICY = "alb-public-subnets"


def verdicts(run: Preview) -> dict[str, str]:
    """The verdict on each load balancer."""
    found = {each.name: styles.PASSES for each in styles.ALL}
    for each in run.of("unverifiable-reference"):
        if POLICY in each.message:
            found[each.resource] = styles.CANNOT_TELL
    for each in run.of(POLICY):
        found[each.resource] = styles.REJECTED
    return found


@pytest.mark.parametrize("collapse_sets", [False, True], ids=["lists", "sets that collapse"])
def test_every_style_gets_its_verdict_in_every_phase(collapse_sets: bool) -> None:
    first = {each.name: each.verdict for each in styles.ALL}
    afterwards = {each.name: each.afterwards for each in styles.ALL}
    program = Program.of_directory(PROGRAM, region="us-east-1")
    for phase, run in phases(program, collapse_sets=collapse_sets).items():
        assert verdicts(run) == (first if phase == "first preview" else afterwards), phase
