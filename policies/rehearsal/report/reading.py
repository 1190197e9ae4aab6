"""Finds what a report says: in a model of the stack, and in what the policies said of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from ... import RULES
from ...model import Model
from ...model.resource import Resource
from ...model.takeover.automation import HOLDERS
from ...model.takeover.parts import TIERS, Tier
from ...model.takeover.regions import Loss
from ...model.values import Absent, Known
from ...model.vocabulary import CLUSTER_INSTANCE, label
from ...regions.standing_in import PRIMARY, REGIONS, losses
from ...rule import AnyRule, Rule, Severity, Unverified, Violation
from ...serving import messages
from ...serving.evaluation import Evaluation, Judged
from .contents import (
    Arrow,
    Cell,
    Column,
    Doubt,
    Exempted,
    Finding,
    Part,
    Rehearsal,
    Relation,
    Report,
    Row,
    Said,
    Status,
)
from .copies import CopyOf, copies
from .remarks import remarks
from .stacks import Stacks

REHEARSAL: Final = "rehearsal"
FAILOVER: Final = "failover"
"""Tags of the policies that a report is made of: those that rehearse a loss, and those whose
findings make a failover fail whichever region is lost."""

_GLOBAL: Final = "global"
_SOMEWHERE: Final = "region not known"
_OTHER: Final = "other"
_PARTS_OF_OTHERS: Final = frozenset({CLUSTER_INSTANCE})
"""What is left out unless a finding names it, since what it belongs to is shown."""

_TIERS_OF_SERVICES: Final[Mapping[str, Tier]] = {
    "aws:route53/": Tier.ENTRY,
    "aws:globalaccelerator/": Tier.ENTRY,
    "aws:cloudfront/": Tier.ENTRY,
    "aws:lb/": Tier.FRONT,
    "aws:elb/": Tier.FRONT,
    "aws:apigateway/": Tier.FRONT,
    "aws:apigatewayv2/": Tier.FRONT,
    "aws:ecs/": Tier.COMPUTE,
    "aws:lambda/": Tier.COMPUTE,
    "aws:rds/": Tier.DATA,
    "aws:s3/": Tier.DATA,
    "aws:secretsmanager/": Tier.SECRETS,
    "aws:ssm/": Tier.SECRETS,
    "aws:kms/": Tier.SECRETS,
    "aws:cloudwatch/": Tier.FAILOVER,
}
"""Where a finding's resource is shown whose own kind has no tier."""

_WEIGHT: Final = tuple(reversed(Severity))


def report(evaluation: Evaluation, model: Model, enabled: Sequence[AnyRule], pack: str) -> Report:
    """The report on a stack that the enabled policies have looked at; `pack` is what made it."""
    asked = [rule for rule in enabled if is_about_failing_over(rule)]
    off = [rule.name for rule in RULES if is_about_failing_over(rule) and rule not in enabled]
    judged = tuple(evaluation.judged(asked))
    stacks = Stacks(model.stack.resources)
    return Report(
        stack=stacks.name,
        pack=pack,
        rehearsals=tuple(
            _Rehearsed(model, loss, judged, stacks).rehearsal()
            for loss in _losses(evaluation, model, asked)
        ),
        asked=len(asked),
        switched_off=tuple(off),
    )


def is_about_failing_over(rule: Rule) -> bool:
    """Whether what the rule says belongs into a report."""
    return REHEARSAL in rule.tags or FAILOVER in rule.tags


def _losses(evaluation: Evaluation, model: Model, asked: Iterable[AnyRule]) -> Iterable[Loss]:
    """The losses that the policies rehearse, each region once."""
    found: dict[str, Loss] = {}
    for rule in asked:
        if REGIONS in rule.options and PRIMARY in rule.options:
            for loss in losses(model, evaluation.settings(rule)):
                found.setdefault(loss.region, loss)
    return found.values()


class _Group(NamedTuple):
    """What is told in one finding, or as one doubt: alike but for the resources."""

    rule: AnyRule
    judged: list[Judged]


class _Rehearsed:
    """One loss, and what the policies say of it."""

    def __init__(self, model: Model, loss: Loss, judged: Sequence[Judged], stacks: Stacks) -> None:
        self._model = model
        self._homes = model.takeover.homes
        self._loss = loss
        self._stacks = stacks
        self._regions = (loss.region, *loss.left)
        concerned = [each for each in judged if self._concerns(each)]
        counted = [each for each in concerned if each.exemption is None]
        self._exempted = [each for each in concerned if each.exemption is not None]
        self._certain = [each for each in counted if isinstance(each.outcome, Violation)]
        self._open = [each for each in counted if isinstance(each.outcome, Unverified)]
        self._findings = list(self._grouped_findings())
        self._doubts = list(self._grouped_doubts())
        self._numbers = self._numbered()
        self._copies: tuple[CopyOf, ...] = tuple(copies(model))
        self._keys: dict[str, int] = {}

    def rehearsal(self) -> Rehearsal:
        """Everything that the report says of this loss."""
        return Rehearsal(
            lost=self._loss.region,
            left=self._loss.left,
            rows=tuple(self._rows()),
            arrows=tuple(dict.fromkeys(self._arrows())),
            findings=tuple(self._finding(group) for group in self._findings),
            doubts=tuple(self._doubt(group) for group in self._doubts),
            exempted=tuple(self._exempted_finding(each) for each in self._exempted),
            remarks=tuple(remarks(self._model, self._loss)),
        )

    def _concerns(self, judged: Judged) -> bool:
        """Whether it is about this loss: said of it, or of no loss and of what is left."""
        outcome = judged.outcome
        if outcome.lost is not None:
            return outcome.lost == self._loss.region
        return not self._is_lost(outcome.subject)

    def _is_lost(self, resource: Resource) -> bool:
        return self._homes.is_in(resource, self._loss.region)

    # What the policies said.

    def _grouped_findings(self) -> Iterator[_Group]:
        """What is certain, the weightiest first; what differs in names alone is told together."""
        groups: dict[object, _Group] = {}
        for each in self._certain:
            assert isinstance(each.outcome, Violation)
            alike = (each.rule.name, messages.without_names(each.outcome))
            groups.setdefault(alike, _Group(each.rule, [])).judged.append(each)
        yield from sorted(groups.values(), key=lambda group: _WEIGHT.index(group.rule.severity))

    def _grouped_doubts(self) -> Iterator[_Group]:
        groups: dict[object, _Group] = {}
        for each in self._open:
            assert isinstance(each.outcome, Unverified)
            alike = (each.rule.name, each.outcome.why, each.outcome.cure)
            groups.setdefault(alike, _Group(each.rule, [])).judged.append(each)
        yield from groups.values()

    def _numbered(self) -> Mapping[int, int]:
        """The number of each outcome, by its identity: a doubt has one for all its resources."""
        numbers: dict[int, int] = {}
        number = 0
        for group in self._findings:
            for each in group.judged:
                numbers[id(each)] = number = number + 1
        for group in self._doubts:
            number += 1
            numbers |= {id(each): number for each in group.judged}
        return numbers

    def _finding(self, group: _Group) -> Finding:
        rule, said = group.rule, []
        outcome: Violation | Unverified = group.judged[0].outcome
        assert isinstance(outcome, Violation)
        for each in group.judged:
            assert isinstance(each.outcome, Violation)
            said.append(
                Said(
                    self._numbers[id(each)],
                    messages.sentence(each.outcome),
                    each.outcome.chains,
                    self._stacks.of(each.outcome.subject),
                )
            )
        return Finding(
            policy=rule.name,
            title=rule.title,
            url=rule.url,
            severity=rule.severity.value,
            said=tuple(said),
            effect=outcome.effect or rule.evidence[0].effect,
            fix=outcome.fix or rule.fix,
        )

    def _doubt(self, group: _Group) -> Doubt:
        outcome = group.judged[0].outcome
        assert isinstance(outcome, Unverified)
        return Doubt(
            number=self._numbers[id(group.judged[0])],
            policy=group.rule.name,
            url=group.rule.url,
            subjects=tuple(self._stacks.label(each.outcome.subject) for each in group.judged),
            why=outcome.why,
            cure=outcome.cure or group.rule.in_doubt,
        )

    def _exempted_finding(self, judged: Judged) -> Exempted:
        outcome, exemption = judged.outcome, judged.exemption
        assert exemption is not None
        return Exempted(
            policy=judged.rule.name,
            url=judged.rule.url,
            sentence=messages.sentence(outcome)
            if isinstance(outcome, Violation)
            else f"Of {outcome.subject.label}, {outcome.why}.",
            reason=exemption.reason,
            expires=exemption.expires.isoformat() if exemption.expires else None,
        )

    # What becomes of the resources.

    def _named(self) -> Mapping[str, Resource]:
        """The resources that findings and doubts name, by URN."""
        outcomes = [each.outcome for each in (*self._certain, *self._open)]
        return {
            each.urn: each for outcome in outcomes for each in (outcome.subject, *outcome.parties)
        }

    def _needs(self, judged: Iterable[Judged]) -> Iterator[tuple[Resource, Resource]]:
        """Who needs whom. A finding is about what needs its parties; one about what is lost itself
        is about its parties that are left, which need it."""
        for each in judged:
            subject = each.outcome.subject
            for party in each.outcome.parties:
                if party is subject:
                    continue
                if not self._is_lost(subject):
                    yield subject, party
                elif any(self._homes.is_in(party, region) for region in self._loss.left):
                    yield party, subject

    def _failing(self, judged: Sequence[Judged]) -> frozenset[str]:
        """URNs of what the outcomes are about, and of what needs it."""
        subjects = {each.outcome.subject.urn for each in judged}
        return frozenset(subjects | {needing.urn for needing, _ in self._needs(judged)})

    def _status(self, resource: Resource) -> Status:
        if self._is_lost(resource):
            return Status.LOST
        if resource.urn in self._failing(self._certain):
            return Status.IDLE
        if resource.urn in self._failing(self._open) or self._column(resource) == _SOMEWHERE:
            return Status.UNTOLD
        return Status.SURVIVES

    # The table and the picture.

    def _rows(self) -> Iterator[Row]:
        parts = self._parts()
        columns = self._columns({column for _, column in parts})
        tiers = [tier.value for tier in Tier]
        if any(tier == _OTHER for tier, _ in parts):
            tiers.append(_OTHER)
        for tier in tiers:
            yield Row(
                tier,
                tuple(
                    Cell(column, tuple(sorted(parts.get((tier, column.name), ()), key=_order)))
                    for column in columns
                ),
            )

    def _columns(self, used: set[str]) -> list[Column]:
        lost, left = self._loss
        others = sorted(used - {_GLOBAL, _SOMEWHERE, lost, *left})
        known = [
            *([Column(_GLOBAL, note="in no region")] if _GLOBAL in used else []),
            Column(lost, is_lost=True, note="lost"),
            *(Column(region, note="takes over") for region in left),
            *(Column(region) for region in others),
        ]
        return known + ([Column(_SOMEWHERE)] if _SOMEWHERE in used else [])

    def _parts(self) -> Mapping[tuple[str, str], list[Part]]:
        """The parts by tier and column; each gets its key here."""
        found: dict[tuple[str, str], list[Part]] = {}
        named = self._named()
        for resource in self._model.stack.resources:
            tier = self._tier(resource, is_named=resource.urn in named)
            column = self._column(resource)
            if tier is None or not (resource.urn in named or self._is_looked_at(column)):
                continue
            part = self._part(resource)
            found.setdefault((tier, column), []).append(part)
        for copy in self._copies:
            # A replica that a table or a secret states is no resource of its own.
            if copy.resource is None and copy.region in self._regions:
                tier = self._tier(copy.original, is_named=True) or _OTHER
                key = self._key(copy.key)
                is_lost = copy.region == self._loss.region
                status = Status.LOST if is_lost else Status.SURVIVES
                kind = f"{copy.how} of {label(copy.original.kind)}"
                part = Part(key, kind, copy.original.name, status)
                found.setdefault((tier, copy.region), []).append(part)
        return found

    def _part(self, resource: Resource) -> Part:
        numbers = {
            self._numbers[id(each)]
            for each in (*self._certain, *self._open)
            if resource is each.outcome.subject
            or any(resource is needing for needing, _ in self._needs([each]))
        }
        return Part(
            key=self._key(resource.urn),
            kind=label(resource.kind),
            name=resource.name,
            status=self._status(resource),
            numbers=tuple(sorted(numbers)),
            component=self._stacks.component_of(resource),
            stack=self._stacks.of(resource),
        )

    def _tier(self, resource: Resource, is_named: bool) -> str | None:
        """The row that the resource is shown in; None where it is shown in none."""
        automation = self._model.takeover.automation
        if resource.kind in HOLDERS and automation.actor(resource) is not None:
            return Tier.FAILOVER.value
        if resource.kind in _PARTS_OF_OTHERS and not is_named:
            return None
        tier = TIERS.get(resource.kind)
        if tier is None and is_named:
            tier = _TIERS_OF_SERVICES.get(resource.kind.partition("/")[0] + "/")
            return _OTHER if tier is None else tier.value
        return None if tier is None else tier.value

    def _is_looked_at(self, column: str) -> bool:
        return column in (_GLOBAL, _SOMEWHERE, *self._regions)

    def _column(self, resource: Resource) -> str:
        home = self._homes.of(resource)
        if isinstance(home, Known):
            return home.value
        return _GLOBAL if isinstance(home, Absent) else _SOMEWHERE

    def _key(self, of: str) -> int:
        return self._keys.setdefault(of, len(self._keys))

    def _arrows(self) -> Iterator[Arrow]:
        """The lines between parts that are shown."""
        for copy in self._copies:
            if {copy.original.urn, copy.key} <= self._keys.keys():
                start, end = self._keys[copy.original.urn], self._keys[copy.key]
                yield Arrow(start, end, Relation.COPIES)
        for judged, relation in ((self._certain, Relation.NEEDS), (self._open, Relation.MAY_NEED)):
            for needing, needed in self._needs(judged):
                if {needing.urn, needed.urn} <= self._keys.keys():
                    yield Arrow(self._keys[needing.urn], self._keys[needed.urn], relation)


_BY_TROUBLE: Final = (Status.IDLE, Status.UNTOLD, Status.SURVIVES, Status.LOST)


def _order(part: Part) -> tuple[int, str, str, int]:
    """What needs a look comes first."""
    return (_BY_TROUBLE.index(part.status), part.kind, part.name, part.key)
