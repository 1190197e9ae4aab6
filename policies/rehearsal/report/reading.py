"""Finds what a report says: in a model of the stack, and in what the policies said of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from ... import RULES
from ...model import Model
from ...model.resource import Resource
from ...model.takeover.automation import HOLDERS
from ...model.takeover.parts import TIERS, Tier
from ...model.takeover.regions import Loss
from ...model.values import Absent, Known
from ...model.vocabulary import CLUSTER_INSTANCE, label
from ...regions.standing_in import PRIMARY, REGIONS, losses
from ...rule import AnyRule, Rule
from ...serving.evaluation import Evaluation, Judged
from .contents import Arrow, Cell, Column, Part, Rehearsal, Relation, Report, Row, Status
from .copies import copies
from .remarks import remarks
from .stacks import Stacks
from .told import Told

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


class _Rehearsed:
    """One loss, and what becomes of the stack's resources."""

    def __init__(self, model: Model, loss: Loss, judged: Sequence[Judged], stacks: Stacks) -> None:
        self._model = model
        self._homes = model.takeover.homes
        self._loss = loss
        self._stacks = stacks
        self._told = Told(judged, loss, self._homes, stacks)
        self._copies = tuple(copies(model))
        self._keys: dict[str, int] = {}

    def rehearsal(self) -> Rehearsal:
        """Everything that the report says of this loss."""
        return Rehearsal(
            lost=self._loss.region,
            left=self._loss.left,
            rows=tuple(self._rows()),
            arrows=tuple(dict.fromkeys(self._arrows())),
            findings=self._told.findings(),
            doubts=self._told.doubts(),
            exempted=self._told.exempted(),
            remarks=tuple(remarks(self._model, self._loss)),
        )

    def _status(self, resource: Resource) -> Status:
        if self._homes.is_in(resource, self._loss.region):
            return Status.LOST
        if resource.urn in self._told.failing:
            return Status.IDLE
        if resource.urn in self._told.unclear or self._column(resource) == _SOMEWHERE:
            return Status.UNTOLD
        return Status.SURVIVES

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
        for resource in self._model.stack.resources:
            tier = self._tier(resource, self._is_in_question(resource))
            column = self._column(resource)
            if tier is None or not (self._is_in_question(resource) or self._is_looked_at(column)):
                continue
            part = self._part(resource)
            found.setdefault((tier, column), []).append(part)
        for copy in self._copies:
            # A replica that a table or a secret states is no resource of its own.
            if copy.resource is None and self._is_looked_at(copy.region):
                tier = self._tier(copy.original, is_in_question=True) or _OTHER
                key = self._key(copy.key)
                is_lost = copy.region == self._loss.region
                status = Status.LOST if is_lost else Status.SURVIVES
                kind = f"{copy.how} of {label(copy.original.kind)}"
                part = Part(key, kind, copy.original.name, status)
                found.setdefault((tier, copy.region), []).append(part)
        return found

    def _part(self, resource: Resource) -> Part:
        return Part(
            key=self._key(resource.urn),
            kind=label(resource.kind),
            name=resource.name,
            status=self._status(resource),
            numbers=self._told.numbers(resource),
            component=self._stacks.component_of(resource),
            stack=self._stacks.of(resource),
        )

    def _tier(self, resource: Resource, is_in_question: bool) -> str | None:
        """The row that the resource is shown in; None where it is shown in none."""
        automation = self._model.takeover.automation
        if resource.kind in HOLDERS and automation.actor(resource) is not None:
            return Tier.FAILOVER.value
        if resource.kind in _PARTS_OF_OTHERS and not is_in_question:
            return None
        tier = TIERS.get(resource.kind)
        if tier is None and is_in_question:
            tier = _TIERS_OF_SERVICES.get(resource.kind.partition("/")[0] + "/")
            return _OTHER if tier is None else tier.value
        return None if tier is None else tier.value

    def _is_in_question(self, resource: Resource) -> bool:
        """Whether a finding or a doubt is about it, or names it and it does not serve."""
        if self._told.numbers(resource):
            return True
        is_named = resource.urn in self._told.named
        return is_named and self._status(resource) is not Status.SURVIVES

    def _is_looked_at(self, column: str) -> bool:
        return column in (_GLOBAL, _SOMEWHERE, self._loss.region, *self._loss.left)

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
        for needing, needed, relation in self._told.needs():
            if self._is_in_question(needed) and {needing.urn, needed.urn} <= self._keys.keys():
                yield Arrow(self._keys[needing.urn], self._keys[needed.urn], relation)


_BY_TROUBLE: Final = (Status.IDLE, Status.UNTOLD, Status.SURVIVES, Status.LOST)


def _order(part: Part) -> tuple[int, str, str, int]:
    """What needs a look comes first."""
    return (_BY_TROUBLE.index(part.status), part.kind, part.name, part.key)
