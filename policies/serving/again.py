"""Could it be made again? What would be wrong if the whole stack had to be re-created today.

All rules are asked a second time, about the stack as `model/again.py` remakes it. What they say of
that, and do not say of the stack as it is, is advice, whatever the level of the policy: nothing of
it is about to happen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final, TypeAlias

from ..model import Model
from ..model.again import made_again
from ..model.resource import Resource
from ..rule import AnyRule, DoubtRule, Level, ResourceRule, StackRule, Violation
from .evaluation import Answer, Evaluation, Report, of_answers, of_doubts
from .messages import Doubt

LEAD: Final = "If this had to be re-created today:"
"""The first line of each finding."""

_Said: TypeAlias = tuple[str, str]
"""What one answer of a rule has in common with the same answer about a remade stack."""


class Again:
    """What the rules say beside, if everything had to be made again."""

    def __init__(self, as_it_is: Evaluation, remade: Evaluation) -> None:
        self._as_it_is = as_it_is
        self._remade = remade

    @classmethod
    def of(
        cls,
        as_it_is: Evaluation,
        resources: Sequence[Resource],
        neighbours: Sequence[Resource] = (),
    ) -> Again | None:
        """`as_it_is` has asked the rules about the same resources, beside the same neighbours,
        which stay as they are. None where nothing exists: then there is nothing that could be made
        again."""
        remade = made_again(resources)
        if not any(each.is_remade for each in remade):
            return None
        model = Model(remade, neighbours)
        again = Evaluation(as_it_is.rules, model, as_it_is.configurations, as_it_is.times)
        return cls(as_it_is, again)

    def report(self, rule: AnyRule) -> Report:
        """What the rule says beside."""
        configuration = self._remade.configuration(rule)
        if isinstance(rule, DoubtRule):
            return _advice(of_doubts(rule, list(self._doubts(rule)), configuration))
        if isinstance(rule, ResourceRule):
            return Report()  # Inputs tell nothing of what exists: it has been told.
        told = {said for each in self._as_it_is.open_answers(rule) for said in _said(each)}
        told_by_others = self._told_by_others.get(rule.name, ())
        beside = [
            each
            for each in self._remade.open_answers(rule)
            if told.isdisjoint(_said(each)) and each.subject.urn not in told_by_others
        ]
        return _advice(of_answers(rule, beside, configuration, Level.ADVISORY))

    @cached_property
    def _told_by_others(self) -> Mapping[str, set[str]]:
        """By the names of policies, the resources of which another one says the same already."""
        found: dict[str, set[str]] = {}
        for rule in self._as_it_is.rules:
            if not isinstance(rule, StackRule):
                continue
            for each in self._as_it_is.open_answers(rule):
                if isinstance(each, Violation):
                    concerned = {one.urn for one in (each.subject, *each.parties)}
                    for name in each.same_as:
                        found.setdefault(name, set()).update(concerned)
        return found

    def _doubts(self, asking: DoubtRule) -> Iterator[Doubt]:
        """What cannot be told of the stack as it is, either: where that is known, the values that a
        remade stack does not have yet are no reason for doubt."""
        told = {_of(each) for each in self._as_it_is.doubts(asking)}
        open_now = {_of(each) for each in self._as_it_is.doubts(asking, of_all=True)} - told
        return (each for each in self._remade.doubts(asking) if _of(each) in open_now)


def _of(doubt: Doubt) -> tuple[str, str]:
    return doubt.rule, doubt.subject.urn


def _said(answer: Answer) -> Iterator[_Said]:
    """What tells that two answers are the same: what is wrong, or what to change. The rest may
    differ: of what exists a rule knows names and numbers that are lost, and AWS does other things
    about it."""
    yield (answer.subject.urn, answer.problem if isinstance(answer, Violation) else "")
    if isinstance(answer, Violation) and answer.fix:
        yield (answer.subject.urn, answer.fix)


def _advice(report: Report) -> Report:
    return report._replace(
        findings=tuple(
            each if each.is_ours else each._replace(text=f"{LEAD}\n{each.text}", is_advice=True)
            for each in report.findings
        )
    )
