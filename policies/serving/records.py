"""What the engine's events do not tell of a run: what was exempted, and how much was looked at.

The CLI shows what a policy pack writes to standard error among its diagnostics, so an exempted
finding leaves a line there. AWS_DR_PREFLIGHT_RECORD names a file for whoever sums up a run.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Collection
from datetime import date
from pathlib import Path
from typing import Final

from .evaluation import Exempted

VARIABLE: Final = "AWS_DR_PREFLIGHT_RECORD"

_MOST: Final = 5
_DAYS: Final = 14
"""How long before its last day an exemption is said to end soon."""


def warn(text: str) -> None:
    """Say something beside the findings, in the pack's name."""
    print(f"aws-dr-preflight: {text}", file=sys.stderr)


def tell(
    exempted: Collection[Exempted],
    resources: int,
    policies: int,
    redacted: Callable[[str], str],
    today: date | None = None,
) -> None:
    """Say what does not count, and keep the record of the run if one is asked for. `redacted` takes
    secrets out of a text."""
    ordered = sorted(exempted, key=lambda each: (each.policy, each.urn, str(each)))
    if ordered:
        warn(redacted(_note(ordered, today or date.today())))
    place = os.environ.get(VARIABLE)
    if place:
        _write(place, _record(ordered, resources, policies, redacted))


def _note(exempted: list[Exempted], today: date) -> str:
    """A line for each exempted finding, and which exemptions end soon."""
    count = "1 finding does" if len(exempted) == 1 else f"{len(exempted)} findings do"
    lines = [f"{count} not count, by exemptions:"]
    lines += [f"  {each.policy}: {each}{_soon(each, today)}" for each in exempted[:_MOST]]
    more = len(exempted) - _MOST
    return "\n".join([*lines, *([f"  and {more} more"] if more > 0 else [])])


def _soon(exempted: Exempted, today: date) -> str:
    ends = exempted.exemption.expires
    if ends is None or (ends - today).days > _DAYS:
        return ""
    days = (ends - today).days
    when = "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"
    return f" (ends {when})"


def _record(
    exempted: list[Exempted], resources: int, policies: int, redacted: Callable[[str], str]
) -> dict[str, object]:
    return {
        "resources": resources,
        "policies": policies,
        "exempted": [
            {
                "policy": each.policy,
                "urn": each.urn,
                "resource": redacted(each.label),
                "reason": redacted(each.exemption.reason),
                "expires": each.exemption.expires.isoformat() if each.exemption.expires else None,
            }
            for each in exempted
        ],
    }


def _write(place: str, record: dict[str, object]) -> None:
    try:
        Path(place).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        warn(
            f"{VARIABLE} names {place}, which cannot be written: {error.strerror}. Fix: name a "
            "file in a folder that exists."
        )
