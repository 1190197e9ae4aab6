"""What a health check of Route 53 watches: an endpoint, other checks, or an alarm of CloudWatch.

Source: HealthCheckConfig in the Route 53 API reference (2026-11-26).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..inputs import Declared
from ..references import ReferenceList, possible
from ..resource import Resource
from ..stack import Stack
from ..truth import Truth
from ..values import Absent, Known, Unknown
from ..vocabulary import HEALTH_CHECK, METRIC_ALARM

CALCULATED: Final = "CALCULATED"
METRIC: Final = "CLOUDWATCH_METRIC"
HTTP: Final = ("HTTP", "HTTP_STR_MATCH")
HTTPS: Final = ("HTTPS", "HTTPS_STR_MATCH")
ENDPOINT: Final = (*HTTP, *HTTPS, "TCP")
"""The types that watch an endpoint."""


def is_of_type(check: Resource, *types: str) -> bool:
    """Whether the type is known to be one of these; the provider takes it in any case."""
    return Declared(check).says("type", *types) is Truth.TRUE


def is_asked(check: Resource) -> bool:
    """Whether Route 53 certainly asks: a check that is disabled counts as healthy."""
    return Declared(check).is_true("disabled") is Truth.FALSE


def children(stack: Stack, check: Resource) -> ReferenceList:
    """The checks that a calculated one asks."""
    if not is_of_type(check, CALCULATED):
        return ReferenceList()
    named = stack.references(check, "childHealthchecks", HEALTH_CHECK)
    return ReferenceList() if isinstance(named, Absent) else named


def alarms(stack: Stack, check: Resource) -> Sequence[Resource]:
    """The alarms of the stack of which a check watches one: those that have the name that it says,
    or that it is derived from, and that may be in the region that it says."""
    region = check.text("cloudwatchAlarmRegion")
    return [
        each
        for each in named_alarms(stack, check)
        if not (isinstance(region, Known) and isinstance(each.region, Known))
        or each.region == region
    ]


def computes(alarm: Resource) -> Truth:
    """Whether an alarm is on an expression (metric math), not on a metric."""
    return Declared(alarm).some("metricQueries", lambda query: query.has("expression"))


def named_alarms(stack: Stack, check: Resource) -> Sequence[Resource]:
    """The alarms that the check may mean by their name alone, which is unique in a region only."""
    if not is_of_type(check, METRIC):
        return ()
    match check.text("cloudwatchAlarmName"):
        case Known(name):
            return stack.called(name, METRIC_ALARM)
        case Unknown():
            return possible(stack.reference(check, "cloudwatchAlarmName", METRIC_ALARM))
    return ()


def port(check: Resource) -> float | None:
    """The port that an endpoint is asked at: 80 for HTTP and 443 for HTTPS where the program says
    none; None where it is not known."""
    match check.number("port"):
        case Known(said):
            return said
        case Absent() if is_of_type(check, *HTTP):
            return 80
        case Absent() if is_of_type(check, *HTTPS):
            return 443
    return None


def endpoint(stack: Stack, check: Resource, *kinds: str) -> Resource | None:
    """The resource of these kinds that the check watches: the one that AWS gave the domain name,
    or the only one that its fqdn is derived from."""
    if not is_of_type(check, *ENDPOINT):
        return None
    match check.text("fqdn"):
        case Known(said):
            named = stack.identified(said, *kinds)
            return named[0] if len(named) == 1 else None
        case Unknown():
            source = check.depends_on("fqdn") or ()
            found = stack.get(source[0]) if len(source) == 1 else None
            return found if found is not None and found.kind in kinds else None
    return None
