"""How a finding reads in a terminal: the problem, the chain, what AWS does, the fix, the page.

The policy SDK puts the rule's description in front, so nothing here repeats it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ..model.resource import Resource
from ..model.vocabulary import label
from ..model.words import enumerated
from ..rule import Rule, Violation
from ..unverifiable import NEIGHBOURS_VARIABLE

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
            for line in (_sentence(each), *_chains(each.chains))
        ),
        *([f"And {more} more like these."] if more > 0 else []),
        f"AWS: {first.effect or rule.evidence[0].effect}",
        f"Fix: {first.fix or rule.fix}",
        f"More: {rule.url}",
    )


def without_names(violation: Violation) -> tuple[str, str | None, str | None]:
    """What the message says, but for the names of the subject and of the other parties."""
    problem = violation.problem
    resources = (violation.subject, *violation.parties)
    for called in sorted({each.label for each in resources}, key=len, reverse=True):
        problem = problem.replace(called, "...")
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


def how_to_show(stack: str) -> str:
    """What lets the policies see another stack, as a clause. Only a full name is one that the CLI
    takes as it is."""
    named = stack if stack.count("/") == 2 else "ORG/PROJECT/STACK"
    return (
        f"export the other stack with `pulumi stack export --stack {named} --file FILE` and name "
        f"the file's absolute path in {NEIGHBOURS_VARIABLE}"
    )


def dated(text: str, times: Mapping[str, str]) -> str:
    """The message, with from when the state is of each other stack that it names."""
    named = [
        f"What it says of {stack} is from an export; the stack was last changed {time}."
        for stack, time in sorted(times.items())
        if re.search(rf" of {re.escape(stack)}(?![\w/.-]*[\w/-])", text)
    ]
    before, separator, page = text.rpartition("\nMore: ")
    return _lines(before, *named) + separator + page if named else text


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
    kind = f"{label(violation.subject.kind)} "
    return problem[:1].upper() + problem[1:] if problem.startswith(kind) else problem


def _chains(chains: Sequence[tuple[str, ...]]) -> Iterable[str]:
    for chain in chains[:_MOST_CHAINS]:
        yield "  " + " -> ".join(chain)
    if len(chains) > _MOST_CHAINS:
        yield f"  and {len(chains) - _MOST_CHAINS} more"


def _lines(*lines: str) -> str:
    return "\n".join(lines)
