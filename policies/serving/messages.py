"""How a finding reads in a terminal: the problem, the chain, what AWS does, the fix, the page.

The policy SDK puts the rule's description in front, so nothing here repeats it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..model.resource import Resource
from ..rule import Rule, Violation

_MOST_CHAINS = 12


class Doubt(NamedTuple):
    """What a rule could not decide of a resource, why, and what would make it known."""

    subject: Resource
    rule: str
    why: str
    cure: str


def of_violation(rule: Rule, violation: Violation) -> str:
    """The message of a certain finding."""
    return _lines(
        _sentence(violation),
        *_chains(violation.chains),
        f"AWS: {violation.effect or rule.evidence[0].effect}",
        f"Fix: {violation.fix or rule.fix}",
        f"More: {rule.url}",
    )


def of_unverified(rule: Rule, doubts: Sequence[Doubt]) -> str:
    """The message about one resource: a line a reason, and what would make it known."""
    by_reason: dict[str, list[str]] = {}
    cures: dict[str, None] = {}
    for each in doubts:
        by_reason.setdefault(each.why, []).append(each.rule)
        cures.setdefault(each.cure)
    return _lines(
        *(f"{', '.join(sorted(set(names)))}: {why}" for why, names in sorted(by_reason.items())),
        f"To have it checked: {'; '.join(sorted(cures))}.",
        f"More: {rule.url}",
    )


def of_failure(rule: Rule, subject: str, error: BaseException) -> str:
    """The message about a bug in a rule: nothing was decided, and where to report it."""
    return _lines(
        f"{rule.name} failed on {subject} with {type(error).__name__}, so it decided nothing here. "
        "This is a bug in the policy pack, not in your program; the traceback is in the log.",
        "Fix: report it with the traceback, and disable the policy or exempt the resource "
        "meanwhile.",
        f"More: {rule.url}",
    )


def _sentence(violation: Violation) -> str:
    """The problem with a capital letter, unless a name begins it."""
    problem = violation.problem
    kind = violation.subject.label.removesuffix(violation.subject.name)
    return problem[:1].upper() + problem[1:] if problem.startswith(kind) else problem


def _chains(chains: Sequence[tuple[str, ...]]) -> Iterable[str]:
    for chain in chains[:_MOST_CHAINS]:
        yield "  " + " -> ".join(chain)
    if len(chains) > _MOST_CHAINS:
        yield f"  and {len(chains) - _MOST_CHAINS} more"


def _lines(*lines: str) -> str:
    return "\n".join(lines)
