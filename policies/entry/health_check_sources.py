"""What a health check of Route 53 may watch beside an endpoint: checks that are not calculated
themselves, and alarms of one metric with a plain statistic.

Route 53 asks when a check is created or changed; an alarm that is changed later is not asked about
again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..model import Model
from ..model.dns.health_checks import CALCULATED, alarms, children, computes, is_of_type
from ..model.inputs import Declared
from ..model.resource import Resource
from ..model.truth import Truth
from ..model.vocabulary import HEALTH_CHECK
from ..rule import Evidence, Level, Outcome, Settings, Severity, StackRule, Violation

_CHILDREN: Final = (
    "CreateHealthCheck answers InvalidInput: Child health check IDs do not exist or are "
    "deleted: ..."
)
_EXTENDED: Final = (
    "CreateHealthCheck answers InvalidInput: Route 53 does not support extended CloudWatch metric "
    "statistics"
)
_HIGH_RESOLUTION: Final = (
    "CreateHealthCheck answers InvalidInput: Route 53 does not support high-resolution CloudWatch "
    "alarms"
)
_SECONDS: Final = 60
"""The shortest period of an alarm that is not of high resolution."""


def watches_what_it_can(check: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A health check must watch checks and alarms that Route 53 follows."""
    yield from _children(check, model)
    yield from _alarm(check, model)


def _children(check: Resource, model: Model) -> Iterator[Outcome]:
    named = children(model.stack, check)
    calculated = named.surely_hit(lambda child: is_of_type(child, CALCULATED))
    if calculated:
        yield Violation(
            check,
            f"{check.label} is a calculated health check whose children are calculated themselves:",
            chains=tuple((check.label, "childHealthchecks", each.label) for each in calculated),
            effect=_CHILDREN,
            fix="Name the health checks of the endpoints and alarms themselves in "
            "childHealthchecks.",
            parties=calculated,
        )


def _alarm(check: Resource, model: Model) -> Iterator[Outcome]:
    watched = alarms(model.stack, check)
    if not watched:
        return
    if all(Declared(each).has("extendedStatistic") is Truth.TRUE for each in watched):
        yield Violation(
            check,
            f"{check.label} follows {watched[0].label}, which has an extendedStatistic.",
            effect=_EXTENDED,
            fix="Give the alarm a statistic (Average, Minimum, Maximum, Sum or SampleCount) "
            "instead.",
            parties=tuple(watched),
        )
    if all(computes(each) is Truth.TRUE for each in watched):
        yield Violation(
            check,
            f"{check.label} follows {watched[0].label}, which uses metric math (an expression in "
            "metricQueries).",
            effect=_EXTENDED,
            fix="Follow an alarm on a single metric.",
            parties=tuple(watched),
        )
    if all((Declared(each).number("period") < _SECONDS) is Truth.TRUE for each in watched):
        yield Violation(
            check,
            f"{check.label} follows {watched[0].label}, whose period is shorter than a minute.",
            effect=_HIGH_RESOLUTION,
            fix="Set period of the alarm to at least 60 seconds.",
            parties=tuple(watched),
        )


HEALTH_CHECK_SOURCES = StackRule(
    name="health-check-sources",
    reads_native=False,
    unread="all settings of a health check are in one block, healthCheckConfig, there",
    title="Child health checks and alarms that Route 53 supports",
    description="A health check must not follow a calculated health check, nor an alarm with an "
    "extended statistic, metric math or a period of less than a minute.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=("aws", "route53", "cloudwatch", "dns", "failover", "disaster-recovery"),
    evidence=tuple(
        Evidence(
            effect,
            "https://github.com/badmintoncryer/cdk-preflight",
            "2026-09-10",
        )
        for effect in (_CHILDREN, _EXTENDED, _HIGH_RESOLUTION)
    ),
    fix="Follow health checks and alarms that Route 53 supports.",
    kinds=(HEALTH_CHECK,),
    check=watches_what_it_can,
)
