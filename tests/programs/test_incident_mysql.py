"""The incident's twin with Aurora MySQL: backtrack on members and on the source."""

from __future__ import annotations

from pathlib import Path

from tests.harness import Program, phases

PROGRAM = Path(__file__).resolve().parents[1] / "stacks" / "incident_mysql"
MEMBER = "aurora-global-backtrack"
SOURCE = "aurora-global-source-backtrack"


def test_backtrack_on_aurora_mysql_as_member_and_as_source() -> None:
    found = {phase: run.mandatory for phase, run in phases(Program.of_directory(PROGRAM)).items()}
    first = found["first preview"]
    assert {policy for policy, _ in first} == {MEMBER, SOURCE}
    # The global cluster was made from its source: AWS is not asked again.
    afterwards = {each for each in first if each[0] == MEMBER}
    assert found == {
        "first preview": first,
        "after deployment": afterwards,
        "after a refresh": afterwards,
    }
