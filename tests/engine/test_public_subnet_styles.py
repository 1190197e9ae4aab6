"""Every style of public subnet in the real engine, in every phase."""

from __future__ import annotations

from collections.abc import Callable

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


def test_every_style_gets_its_verdict_in_every_phase(phases: Callable[..., Phases]) -> None:
    first = {each.name: each.verdict for each in styles.ALL}
    afterwards = {each.name: each.afterwards for each in styles.ALL}
    found = phases(PROGRAM, blocked=True, config={"aws:region": "us-east-1"})
    for phase, run in found.runs().items():
        assert verdicts(run) == (first if run is found.preview else afterwards), phase
