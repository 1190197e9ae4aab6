"""When RDS looks after a database."""

from __future__ import annotations

import re
from typing import Final

from ..model.vocabulary import DB_INSTANCE
from ..refusal import Refusal
from ..rule import Evidence

_DAILY: Final = r"(\d\d:\d\d)-(\d\d:\d\d)"
_WEEKLY: Final = r"([a-z]{3}):(\d\d:\d\d)-([a-z]{3}):(\d\d:\d\d)"


def _overlap(backup: str, maintenance: str) -> bool:
    """Whether the daily and the weekly window have a minute in common; of windows that go past
    midnight it is not said."""
    daily = re.fullmatch(_DAILY, backup.strip())
    weekly = re.fullmatch(_WEEKLY, maintenance.strip().lower())
    if daily is None or weekly is None or weekly[1] != weekly[3]:
        return False
    one, other = (daily[1], daily[2]), (weekly[2], weekly[4])
    is_within_a_day = one[0] < one[1] and other[0] < other[1]
    return is_within_a_day and one[0] < other[1] and other[0] < one[1]


def _windows(backup: str, maintenance: str) -> dict[str, str]:
    return {"backupWindow": backup, "maintenanceWindow": maintenance}


REFUSED: Final = (
    Refusal(
        id="windows-overlap",
        kinds=(DB_INSTANCE,),
        says="has a backup window and a maintenance window that overlap",
        when=lambda instance: instance.together("backupWindow", "maintenanceWindow", _overlap),
        evidence=Evidence(
            "CreateDBInstance answers: The backup window and maintenance window must not overlap.",
            "CreateDBInstance; https://github.com/badmintoncryer/cdk-preflight",
            "2026-09-03",
        ),
        fix="Start maintenanceWindow when backupWindow ends, or later.",
        refused=_windows("03:00-04:00", "Mon:03:59-Mon:04:59"),
        accepted=(
            _windows("03:00-04:00", "Mon:04:00-Mon:05:00"),
            _windows("03:00-04:00", "Mon:02:00-Mon:03:00"),
            _windows("23:30-00:30", "Mon:00:00-Mon:00:30"),
        ),
    ),
)
