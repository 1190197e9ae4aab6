"""Every style of public subnet in the real engine, in every phase, with sets in both forms."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from offline.engine import Run
from tests.engine.conftest import STACKS, Phases, name_of
from tests.stacks.public_subnets import styles

PROGRAM = STACKS / "public_subnets"
POLICY = "alb-public-subnets"


def verdicts(run: Run) -> dict[str, str]:
    """The verdict on each load balancer."""
    found = {each.name: "passes" for each in styles.ALL}
    for each in run.of("unverifiable-reference"):
        if POLICY in each.message:
            found[name_of(each)] = "cannot tell"
    for each in run.of(POLICY):
        found[name_of(each)] = "rejected"
    return found


@pytest.mark.parametrize("collapse_sets", [False, True], ids=["lists", "sets that collapse"])
def test_every_style_gets_its_verdict_in_every_phase(
    phases: Callable[..., Phases], collapse_sets: bool
) -> None:
    expected = {each.name: each.verdict for each in styles.ALL}
    found = phases(
        PROGRAM,
        blocked=True,
        config={"aws:region": "us-east-1"},
        collapse_sets=collapse_sets,
    )
    # Of a load balancer that exists nothing is doubtful any more.
    later = {name: "passes" if said == "cannot tell" else said for name, said in expected.items()}
    # Its VPC exists then, and the stack shows nothing of how it is routed: others may do that.
    later["no-gateway"] = "passes"
    for phase, run in found.runs().items():
        assert verdicts(run) == (expected if run is found.preview else later), phase
