"""How a finding reads in a terminal: the problem, the chain, what AWS does, the fix, the page.

The policy SDK puts the rule's description in front, so nothing here repeats it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from ..model.plain import NamedTuple
from ..model.resource import Resource
from ..model.vocabulary import label
from ..model.words import enumerated
from ..rule import Rule, Violation
from ..unverifiable import NEIGHBOURS_VARIABLE

_MOST_CHAINS = 12
_MOST_ALIKE = 5

THE_SAME_OF = "It is the same with"
"""How a doubt goes on about further resources with all of its reasons."""
ALSO = ", also"
"""How it goes on, in a line, about those of which the same policies ask the same."""


class Doubt(NamedTuple):
    """What a rule could not decide of a resource, why, and what would make it known."""

    subject: Resource
    rule: str
    why: str
    cure: str


def of_violations(rule: Rule, violations: Sequence[Violation]) -> str:
    """The message of a certain finding, or of several that are told together: what they have in
    common is said once, and of those that differ in names alone a few are shown."""
    alike: dict[str, list[Violation]] = {}
    for each in violations:
        alike.setdefault(without_names(each)[0], []).append(each)
    shown = [each for those in alike.values() for each in those[:_MOST_ALIKE]]
    more = len(violations) - len(shown)
    effects = dict.fromkeys(each.effect or rule.evidence[0].effect for each in violations)
    fixes = dict.fromkeys(each.fix or rule.fix for each in violations)
    return _lines(
        *(line for each in shown for line in (sentence(each), *_chains(each.chains))),
        *([f"And {more} more like these."] if more > 0 else []),
        *map(_by_whom, effects),
        *(f"Fix: {fix}" for fix in fixes),
        f"More: {rule.url}",
    )


_PROVIDER: Final = "the provider "


def _by_whom(effect: str) -> str:
    """What happens, after the name of who does it."""
    if effect.startswith(_PROVIDER):
        return f"Provider: {effect.removeprefix(_PROVIDER)}"
    return f"AWS: {effect}"


def sentence(violation: Violation) -> str:
    """The problem with a capital letter, unless a name begins it."""
    problem = violation.problem
    kind = f"{label(violation.subject.kind)} "
    return problem[:1].upper() + problem[1:] if problem.startswith(kind) else problem


def without_names(violation: Violation) -> tuple[str, str | None, str | None]:
    """What the message says, but for the names of the subject and of the other parties."""
    problem = violation.problem
    resources = (violation.subject, *violation.parties)
    for called in sorted({each.label for each in resources}, key=len, reverse=True):
        problem = problem.replace(called, "...")
    return problem, violation.effect, violation.fix


def of_unverified(rule: Rule, doubts: Sequence[Doubt]) -> str:
    """The message about the first doubt's resource, and others with the same reasons or some of
    them: a line a reason, and what would make it known."""
    first = doubts[0].subject
    asked = _by_subject_and_reason(doubts)
    own = asked.pop(first)
    equal = [other for other, reasons in asked.items() if reasons == own]
    others = {other: reasons for other, reasons in asked.items() if other not in equal}
    lines = [f"{_who_asks(names, why, others)}: {why}" for why, names in sorted(own.items())]
    return _lines(
        *lines,
        *([f"{THE_SAME_OF} {enumerated([each.label for each in equal])}."] if equal else []),
        f"To have it checked: {'; '.join(sorted({each.cure for each in doubts}))}.",
        f"More: {rule.url}",
    )


def _who_asks(names: set[str], why: str, others: Mapping[Resource, Mapping[str, set[str]]]) -> str:
    """The policies that want it known of the first resource, and of others: "one, two, also of
    LABEL; three of LABEL, LABEL"."""
    own = _listed(names)
    besides: dict[str, list[str]] = {}
    for other, reasons in others.items():
        if why in reasons:
            besides.setdefault(_listed(reasons[why]), []).append(other.label)
    same = besides.pop(own, None)
    first = f"{own}{ALSO} of {enumerated(same)}" if same else own
    return "; ".join([first, *(f"{those} of {enumerated(of)}" for those, of in besides.items())])


def _by_subject_and_reason(doubts: Iterable[Doubt]) -> dict[Resource, dict[str, set[str]]]:
    """The policies that are in doubt, by the resource and the reason."""
    asked: dict[Resource, dict[str, set[str]]] = {}
    for each in doubts:
        asked.setdefault(each.subject, {}).setdefault(each.why, set()).add(each.rule)
    return asked


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


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


def _chains(chains: Sequence[tuple[str, ...]]) -> Iterable[str]:
    for chain in chains[:_MOST_CHAINS]:
        yield "  " + " -> ".join(chain)
    if len(chains) > _MOST_CHAINS:
        yield f"  and {len(chains) - _MOST_CHAINS} more"


def _lines(*lines: str) -> str:
    return "\n".join(lines)
