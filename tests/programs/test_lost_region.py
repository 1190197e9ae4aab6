"""A ticket shop that would not survive, and the reference stack, which would."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from policies.serving.rehearsals import VARIABLE
from tests.harness import Program, phases, preview

ROOT: Final = Path(__file__).resolve().parents[2]
SHOP: Final = Program.of_directory(ROOT / "tests" / "stacks" / "lost_region")
REFERENCE: Final = Program.of_directory(
    ROOT / "reference_stack", secrets={"databasePassword": "correct-horse-battery"}
)
ADVICE: Final = {
    ("failover-automation-region", "failover-conductor"),
    ("health-check-target", "shop-primary"),
    ("standby-credentials", "orders-password"),
    ("standby-runtime-settings", "shop-standby"),
}
"""What keeps us-west-2 from taking over. The two health checks are told together."""


def test_it_deploys_and_is_told_what_would_fail() -> None:
    found = phases(SHOP)
    assert not any(run.mandatory for run in found.values())
    assert found["first preview"].told >= ADVICE


def test_the_report_on_the_reference_stack_says_that_nothing_stops_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "rehearsal.md"))
    assert preview(REFERENCE).told == set()
    text = (tmp_path / "rehearsal.md").read_text(encoding="utf-8")
    assert "us-west-2 is left. Nothing that the program shows stops it from taking over" in text
    assert "0 undecided" in text
    assert "correct-horse-battery" not in text
