"""When an exemption is said to end soon, and in which words."""

from __future__ import annotations

from datetime import date
from typing import Final

DAYS: Final = 30
"""How long before its last day an exemption is said to end."""


def ending(expires: date | None, today: date) -> str | None:
    """How an exemption of this last day is said to end, as after "it ends": `on 2026-12-20, in 24
    days`. None where that is not soon, or where it has ended."""
    days = (expires - today).days if expires else -1
    if not 0 <= days <= DAYS:
        return None
    when = "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"
    return f"on {expires}, {when}"


def notice(policy: str, exemption: str, when: str) -> str:
    """That an exemption of a policy ends soon, and what to do; `when` is what `ending` says."""
    return f"{policy}: {exemption} ends {when}. Fix: make the change by then, or set a later day."


def called(resource: str, reason: str) -> str:
    """How people are told of an exemption."""
    return f"the exemption of {resource} ({reason})"
