"""What the engine's events do not tell of a run: what was exempted, how much was looked at, and
which resources are told of together.

The CLI shows what a policy pack writes to standard error among its diagnostics, so an exempted
finding leaves a line there. AWS_DR_PREFLIGHT_RECORD names a file for whoever sums up a run.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Final

from ..model.plain import NamedTuple
from ..model.urns import StackName, stack_of
from .endings import ending, notice
from .evaluation import Exempted, Finding

VARIABLE: Final = "AWS_DR_PREFLIGHT_RECORD"

_MOST: Final = 5


class Told(NamedTuple):
    """A finding as the engine was told it: the policy, and the text without secrets."""

    policy: str
    finding: Finding


class LookedAt(NamedTuple):
    """What a run looked at: the URNs of the resources, and by how many policies."""

    urns: Collection[str]
    policies: int


def warn(text: str) -> None:
    """Say something beside the findings, in the pack's name."""
    print(f"aws-dr-preflight: {text}", file=sys.stderr)


def tell(
    exempted: Collection[Exempted],
    looked_at: LookedAt,
    redacted: Callable[[str], str],
    together: Iterable[Told] = (),
    today: date | None = None,
) -> None:
    """Say what does not count, and keep the record of the run if one is asked for. `redacted` takes
    secrets out of a text; out of those of `together`, which are about several resources each, they
    are taken already."""
    ordered = sorted(exempted, key=lambda each: (each.policy, each.urn, str(each)))
    if ordered:
        warn(redacted(_note(ordered, today or date.today())))
    place = os.environ.get(VARIABLE)
    if place:
        _write(place, _record(ordered, looked_at, redacted, together))


def _note(exempted: list[Exempted], today: date) -> str:
    """A line for each exempted finding, and one for each exemption that ends soon."""
    count = "1 finding does" if len(exempted) == 1 else f"{len(exempted)} findings do"
    lines = [f"{count} not count, by exemptions:"]
    lines += [f"  {each.policy}: {each}" for each in exempted[:_MOST]]
    more = len(exempted) - _MOST
    lines += [f"  and {more} more"] if more > 0 else []
    return "\n".join([*lines, *_soon(exempted, today)])


def _soon(exempted: Iterable[Exempted], today: date) -> Iterator[str]:
    for policy, exemption in dict.fromkeys((each.policy, each.exemption) for each in exempted):
        when = ending(exemption.expires, today)
        if when:
            yield f"  {notice(policy, str(exemption), when)}"


def _record(
    exempted: Iterable[Exempted],
    looked_at: LookedAt,
    redacted: Callable[[str], str],
    together: Iterable[Told],
) -> dict[str, object]:
    counted: Counter[StackName] = Counter(map(stack_of, looked_at.urns))
    return {
        "resources": len(looked_at.urns),
        "policies": looked_at.policies,
        "stacks": [
            {"project": stack.project, "stack": stack.stack, "resources": number}
            for stack, number in sorted(counted.items())
        ],
        "together": [
            {"policy": policy, "urn": each.urn, "text": each.text, "also": list(each.also)}
            for policy, each in sorted(together, key=lambda each: (each.policy, each.finding.text))
        ],
        "exempted": [
            {
                "policy": each.policy,
                "urn": each.urn,
                "resource": redacted(each.label),
                "exemption": redacted(each.exemption.resource),
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
