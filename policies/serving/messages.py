"""How a finding reads in a terminal: the problem, the chain, what AWS does, the fix, the page.

The policy SDK puts the rule's description in front, so nothing here repeats it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..model.resource import Resource
from ..model.words import enumerated
from ..rule import Rule, Violation

_MOST_CHAINS = 12
_MOST_ALIKE = 5

THE_SAME_OF = "It is the same with"
"""How a doubt goes on about further resources."""


class Doubt(NamedTuple):
    """What a rule could not decide of a resource, why, and what would make it known."""

    subject: Resource
    rule: str
    why: str
    cure: str


def of_violations(rule: Rule, violations: Sequence[Violation]) -> str:
    """The message of a certain finding, or of several that differ in names alone."""
    first = violations[0]
    more = len(violations) - _MOST_ALIKE
    return _lines(
        *(
            line
            for each in violations[:_MOST_ALIKE]
            for line in (sentence(each), *_chains(each.chains))
        ),
        *([f"And {more} more like these."] if more > 0 else []),
        f"AWS: {first.effect or rule.evidence[0].effect}",
        f"Fix: {first.fix or rule.fix}",
        f"More: {rule.url}",
    )


def sentence(violation: Violation) -> str:
    """The problem with a capital letter, unless a name begins it."""
    problem = violation.problem
    kind = violation.subject.label.removesuffix(violation.subject.name)
    return problem[:1].upper() + problem[1:] if problem.startswith(kind) else problem


def without_names(violation: Violation) -> tuple[str, str | None, str | None]:
    """What the message says, but for the names of the subject and of the other parties."""
    problem = violation.problem
    resources = (violation.subject, *violation.parties)
    for label in sorted({each.label for each in resources}, key=len, reverse=True):
        problem = problem.replace(label, "...")
    return problem, violation.effect, violation.fix


def of_unverified(rule: Rule, doubts: Sequence[Doubt], others: Sequence[Resource] = ()) -> str:
    """The message about one resource: a line a reason, and what would make it known. `others` are
    those of which the same cannot be told."""
    by_reason: dict[str, list[str]] = {}
    cures: dict[str, None] = {}
    for each in doubts:
        by_reason.setdefault(each.why, []).append(each.rule)
        cures.setdefault(each.cure)
    return _lines(
        *(f"{', '.join(sorted(set(names)))}: {why}" for why, names in sorted(by_reason.items())),
        *([f"{THE_SAME_OF} {enumerated([each.label for each in others])}."] if others else []),
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


def _chains(chains: Sequence[tuple[str, ...]]) -> Iterable[str]:
    for chain in chains[:_MOST_CHAINS]:
        yield "  " + " -> ".join(chain)
    if len(chains) > _MOST_CHAINS:
        yield f"  and {len(chains) - _MOST_CHAINS} more"


def _lines(*lines: str) -> str:
    return "\n".join(lines)
