"""What the policies said of one loss: findings, doubts, and who needs whom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Generic, TypeVar

from ...model.resource import Resource
from ...model.takeover.homes import Homes
from ...model.takeover.regions import Loss
from ...rule import AnyRule, Outcome, Severity, Unverified, Violation
from ...serving import messages
from ...serving.evaluation import Judged
from .contents import Doubt, Exempted, Finding, Relation, Said
from .stacks import Stacks

_WEIGHT: Final = tuple(reversed(Severity))

T = TypeVar("T", Violation, Unverified)


@dataclass(frozen=True)
class _Group(Generic[T]):
    """What is told together: alike but for the resources. `number` is that of the first."""

    rule: AnyRule
    outcomes: list[T]
    number: int = 0


class Told:
    """What the policies said of one loss."""

    def __init__(self, judged: Iterable[Judged], loss: Loss, homes: Homes, stacks: Stacks) -> None:
        self._loss = loss
        self._homes = homes
        self._stacks = stacks
        concerned = [each for each in judged if self._concerns(each.outcome)]
        counted = [each for each in concerned if each.exemption is None]
        self._exempted = [each for each in concerned if each.exemption is not None]
        findings = _alike(
            (each.rule, messages.without_names(each.outcome), each.outcome)
            for each in counted
            if isinstance(each.outcome, Violation)
        )
        findings.sort(key=lambda group: _WEIGHT.index(group.rule.severity))
        doubts = _alike(
            (each.rule, (each.outcome.why, each.outcome.cure), each.outcome)
            for each in counted
            if isinstance(each.outcome, Unverified)
        )
        number = 1
        self._findings: list[_Group[Violation]] = []
        for finding in findings:
            self._findings.append(replace(finding, number=number))
            number += len(finding.outcomes)
        self._doubts = [replace(doubt, number=number + place) for place, doubt in enumerate(doubts)]
        self._numbers: dict[str, set[int]] = {}
        self.failing = self._subjects_of(self._certain())
        """URNs of what findings are about, and of what needs it."""
        self.unclear = self._subjects_of(self._open())
        """The same of doubts."""
        every: list[Outcome] = [outcome for _, outcome in self._certain()]
        every += [outcome for _, outcome in self._open()]
        self.named = {each.urn for outcome in every for each in (outcome.subject, *outcome.parties)}
        """URNs of everything that findings and doubts name."""

    def numbers(self, resource: Resource) -> tuple[int, ...]:
        """The numbers of the findings and doubts that a resource is concerned by, in order."""
        return tuple(sorted(self._numbers.get(resource.urn, ())))

    def needs(self) -> Iterator[tuple[Resource, Resource, Relation]]:
        """Who needs, or may need, whom."""
        for _, violation in self._certain():
            yield from ((*ends, Relation.NEEDS) for ends in self._ends(violation))
        for _, doubt in self._open():
            yield from ((*ends, Relation.MAY_NEED) for ends in self._ends(doubt))

    def findings(self) -> tuple[Finding, ...]:
        """What is certain, the weightiest first."""
        return tuple(map(self._finding, self._findings))

    def doubts(self) -> tuple[Doubt, ...]:
        """What is undecided."""
        return tuple(map(self._doubt, self._doubts))

    def exempted(self) -> tuple[Exempted, ...]:
        """What does not count, and why."""
        return tuple(each for judged in self._exempted for each in self._reasons(judged))

    def _concerns(self, outcome: Outcome) -> bool:
        """Whether it is about this loss: said of it, or of no loss and of what is left."""
        if outcome.lost is not None:
            return outcome.lost == self._loss.region
        return not self._is_lost(outcome.subject)

    def _is_lost(self, resource: Resource) -> bool:
        return self._homes.is_in(resource, self._loss.region)

    def _certain(self) -> Iterator[tuple[int, Violation]]:
        """What is certain, with its numbers."""
        for group in self._findings:
            yield from enumerate(group.outcomes, group.number)

    def _open(self) -> Iterator[tuple[int, Unverified]]:
        """What is undecided, with its numbers: a doubt has one for all its resources."""
        for group in self._doubts:
            yield from ((group.number, each) for each in group.outcomes)

    def _ends(self, outcome: Outcome) -> Iterator[tuple[Resource, Resource]]:
        """Who needs whom. A finding is about what needs its parties; one about what is lost itself
        is about its parties that are left, which need it."""
        subject = outcome.subject
        for party in outcome.parties:
            if party is subject:
                continue
            if not self._is_lost(subject):
                yield subject, party
            elif any(self._homes.is_in(party, region) for region in self._loss.left):
                yield party, subject

    def _subjects_of(self, numbered: Iterable[tuple[int, Outcome]]) -> frozenset[str]:
        """URNs of what the outcomes are about and of what needs it; their numbers are kept."""
        found: set[str] = set()
        for number, outcome in numbered:
            needing = {one.urn for one, _ in self._ends(outcome)}
            for urn in (outcome.subject.urn, *needing):
                self._numbers.setdefault(urn, set()).add(number)
                found.add(urn)
        return frozenset(found)

    def _finding(self, group: _Group[Violation]) -> Finding:
        rule, first = group.rule, group.outcomes[0]
        said = [
            Said(number, messages.sentence(each), each.chains, self._stacks.of(each.subject))
            for number, each in enumerate(group.outcomes, group.number)
        ]
        return Finding(
            policy=rule.name,
            title=rule.title,
            url=rule.url,
            severity=rule.severity.value,
            said=tuple(said),
            effect=first.effect or rule.evidence[0].effect,
            fix=first.fix or rule.fix,
        )

    def _doubt(self, group: _Group[Unverified]) -> Doubt:
        rule, first = group.rule, group.outcomes[0]
        return Doubt(
            number=group.number,
            policy=rule.name,
            url=rule.url,
            subjects=tuple(each.subject.label for each in group.outcomes),
            why=first.why,
            cure=first.cure or rule.in_doubt,
        )

    def _reasons(self, judged: Judged) -> Iterator[Exempted]:
        outcome, exemption = judged.outcome, judged.exemption
        if exemption is not None:
            yield Exempted(
                policy=judged.rule.name,
                url=judged.rule.url,
                # The chain that the colon leads to is not shown here.
                sentence=re.sub(":$", ".", messages.sentence(outcome))
                if isinstance(outcome, Violation)
                else f"Of {outcome.subject.label}, {outcome.why}.",
                reason=exemption.reason,
                expires=exemption.expires.isoformat() if exemption.expires else None,
            )


def _alike(said: Iterable[tuple[AnyRule, object, T]]) -> list[_Group[T]]:
    """The outcomes, those together that are alike."""
    groups: dict[object, _Group[T]] = {}
    for rule, words, outcome in said:
        groups.setdefault((rule.name, words), _Group(rule, [])).outcomes.append(outcome)
    return list(groups.values())
