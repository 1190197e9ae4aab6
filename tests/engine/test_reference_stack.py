"""The reference stack in the real engine: nothing to find, in any phase, at any level."""

from __future__ import annotations

from collections.abc import Callable

from policies import RULES
from tests.engine.conftest import PACK, Phases


def test_no_finding_in_any_phase_with_every_policy_mandatory(
    phases: Callable[..., Phases],
) -> None:
    found = phases(
        PACK / "reference_stack",
        secrets={"databasePassword": "correct-horse-battery"},
        policy_config={rule.name: "mandatory" for rule in RULES},
    )
    for phase, run in found.runs().items():
        assert [(each.policy, each.urn, each.message) for each in run.findings] == [], phase
        assert run.succeeded, run.output
