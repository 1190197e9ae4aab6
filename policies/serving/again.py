"""Could it be made again? What would be wrong if everything in the stack had to be made again today.

All rules are asked a second time, about the stack as `model/again.py` remakes it. What they say then
and do not say of the stack as it is is advice, whatever the level of the policy: nothing of it is
about to happen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from ..model import Model
from ..model.again import made_again
from ..model.resource import Resource
from ..rule import AnyRule, DoubtRule, Level, ResourceRule, Unverified, Violation
from .evaluation import Answer, Evaluation, Finding, Report, of_answers, of_doubts
from .messages import Doubt

LEAD: Final = "If this had to be made again today:"
"""The first line of each finding."""

_Said: TypeAlias = tuple[str, ...]
"""What tells one answer of a rule from its others."""


class Again:
    """What the rules say beside, if everything had to be made again."""

    def __init__(self, as_it_is: Evaluation, remade: Evaluation) -> None:
        self._as_it_is = as_it_is
        self._remade = remade

    @classmethod
    def of(cls, as_it_is: Evaluation, resources: Sequence[Resource]) -> Again:
        """`as_it_is` has asked the rules about the same resources."""
        model = Model(made_again(resources))
        return cls(as_it_is, Evaluation(as_it_is.rules, model, as_it_is.configurations))

    def report(self, rule: AnyRule) -> Report:
        """What the rule says beside."""
        configuration = self._remade.configuration(rule)
        if isinstance(rule, DoubtRule):
            return _advice(of_doubts(rule, list(self._doubts(rule)), configuration))
        if isinstance(rule, ResourceRule):
            return Report()  # Inputs tell nothing of what exists: it has been told.
        told = {_said(each) for each in self._as_it_is.open_answers(rule)}
        beside = [each for each in self._remade.open_answers(rule) if _said(each) not in told]
        return _advice(of_answers(rule, beside, configuration, Level.ADVISORY))

    def _doubts(self, asking: DoubtRule) -> Iterator[Doubt]:
        """What cannot be told of the stack as it is, either: where that is known, the values that a
        remade stack does not have yet are no reason for doubt."""
        told = {_of(each) for each in self._as_it_is.doubts(asking)}
        open_now = {_of(each) for each in self._as_it_is.doubts(asking, of_all=True)} - told
        return (each for each in self._remade.doubts(asking) if _of(each) in open_now)


def _of(doubt: Doubt) -> tuple[str, str]:
    return doubt.rule, doubt.subject.urn


def _said(answer: Answer) -> _Said:
    match answer:
        case Violation(subject, problem):
            return (subject.urn, problem)
        case Unverified(subject, why):
            return (subject.urn, "", why)
    return (answer.subject.urn, "", "")


def _advice(report: Report) -> Report:
    return report._replace(
        findings=tuple(
            each
            if each.is_ours
            else Finding(each.urn, f"{LEAD}\n{each.text}", is_advice=True)
            for each in report.findings
        )
    )
