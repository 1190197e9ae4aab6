"""The ticket shop that would not survive: AWS takes it, and what is wrong is advice."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.harness import Program, phases

DIRECTORY: Final = Path(__file__).resolve().parents[1] / "stacks" / "lost_region"
ADVICE: Final = {
    ("failover-automation-region", "failover-conductor"),
    ("health-check-target", "shop-primary"),
    ("standby-credentials", "orders-password"),
    ("standby-runtime-settings", "shop-standby"),
}
"""What keeps us-west-2 from taking over. The two health checks are told together."""


def test_it_deploys_and_is_told_what_would_fail() -> None:
    found = phases(Program.of_directory(DIRECTORY))
    assert not any(run.mandatory for run in found.values())
    assert found["first preview"].told >= ADVICE
