"""A health check must be able to pass and to fail.

One that never passes sends all clients to the other region from the first day, and where both never
pass, Route 53 answers as if both did. One that never fails sends nobody anywhere. Ports without a
listener, endpoints inside a VPC and thresholds above the number of children are told by
`health-check-target`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from ..entry.health_check_targets import what_is_private
from ..model import Model
from ..model.answers import Yes
from ..model.dns.health_checks import HTTP, HTTPS, alarms, endpoint, is_asked, is_of_type, port
from ..model.inputs import Declared
from ..model.network.load_balancers import is_application, is_network
from ..model.plain import NamedTuple
from ..model.resource import Resource
from ..model.takeover.apis import FUNCTION_URL, api_behind
from ..model.takeover.parts import REST_API, SERVING
from ..model.takeover.rest_apis import methods, stages
from ..model.takeover.sources import sources
from ..model.truth import Truth
from ..model.values import Absent, Known
from ..model.vocabulary import (
    CLUSTER,
    CLUSTER_INSTANCE,
    DB_INSTANCE,
    HEALTH_CHECK,
    LISTENER,
    LOAD_BALANCER,
    RECORD,
)
from ..model.words import listed
from ..regions.standing_in import PRIMARY, REGIONS, losses
from ..rule import (
    Asked,
    Evidence,
    Kind,
    Level,
    Outcome,
    Settings,
    Severity,
    StackRule,
    Unverified,
    Violation,
)

_WEB: Final = (*HTTP, *HTTPS)
_DATABASES: Final = (CLUSTER, CLUSTER_INSTANCE, DB_INSTANCE)
"""What speaks its own protocol and no HTTP."""

_READS: Final = ("GET", "ANY")


class _Fault(NamedTuple):
    """Why a check never passes: a clause that follows its label, what the endpoint does, what to
    change, and the endpoint."""

    clause: str
    effect: str
    fix: str
    endpoint: Resource


def passes_and_fails(check: Resource, model: Model, settings: Settings) -> Iterator[Outcome]:
    """A health check should be able to pass and to fail."""
    if Declared(check).is_true("invertHealthcheck") is not Truth.FALSE or not is_asked(check):
        return
    yield from _fails(check, model, settings)
    if what_is_private(check, model) is not None:  # health-check-target tells of that.
        return
    for can_pass in _CAN_PASS:
        fault = can_pass(check, model)
        if fault is not None:
            yield Violation(
                check,
                f"{check.label} never passes: it {fault.clause}.",
                chains=_users(check, model, fault.endpoint),
                effect=f"{fault.effect} Records that use it fail over at once, or never.",
                fix=fault.fix,
                parties=(fault.endpoint,),
            )
            return


def _users(check: Resource, model: Model, end: Resource) -> tuple[tuple[str, ...], ...]:
    """The way from a record to the endpoint, where a record uses the check."""
    for record, is_certain in model.stack.naming(check, "healthCheckId", RECORD):
        if is_certain:
            return ((record.label, check.label, end.label),)
    return ()


# --- checks that never pass ----------------------------------------------------------------------


def _speaks_its_protocol(check: Resource, model: Model) -> _Fault | None:
    """An Application Load Balancer ends TLS itself, and so does a TLS listener of a Network Load
    Balancer; a TCP listener passes on what it gets."""
    balancer = endpoint(model.stack, check, LOAD_BALANCER)
    if balancer is None or not is_of_type(check, *_WEB):
        return None
    asked = port(check)
    for listener, is_certain in model.stack.naming(balancer, "loadBalancerArn", LISTENER):
        if not is_certain or asked is None or listener.number("port") != Known(asked):
            continue
        protocol = _protocol(listener, balancer)
        if protocol is None or (protocol == "HTTP") is is_of_type(check, *HTTP):
            continue
        says = "HTTP" if is_of_type(check, *HTTP) else "HTTPS"
        return _Fault(
            f"asks {balancer.label} over {says} on port {asked:g}, where {listener.label} has the "
            f"protocol {protocol}",
            "answers 400 to HTTP on a port for TLS."
            if says == "HTTP"
            else "finds no TLS on a port for HTTP: the connection fails.",
            f"Set type to {'HTTPS' if says == 'HTTP' else 'HTTP'}, or check a port whose listener "
            f"has the protocol {says}.",
            balancer,
        )
    return None


def _protocol(listener: Resource, balancer: Resource) -> str | None:
    """HTTP, HTTPS or TLS where the load balancer itself speaks it, else None."""
    said = listener.text("protocol")
    if not isinstance(said, Known):
        return None
    if isinstance(is_application(balancer), Yes):
        return said.value if said.value in ("HTTP", "HTTPS") else None
    is_tls = isinstance(is_network(balancer), Yes) and said.value == "TLS"
    return "TLS" if is_tls else None


def _is_no_database(check: Resource, model: Model) -> _Fault | None:
    """A database speaks no HTTP."""
    if not is_of_type(check, *_WEB):
        return None
    database = endpoint(model.stack, check, *_DATABASES)
    if database is None:
        return None
    return _Fault(
        f"asks {database.label} over HTTP",
        "waits for an answer in HTTP, which a database does not give.",
        "Follow a CloudWatch alarm on the database (type CLOUDWATCH_METRIC), or check the port of "
        "the database with the type TCP if it is public.",
        database,
    )


def _speaks_tls_to_an_api(check: Resource, model: Model) -> _Fault | None:
    """API Gateway has HTTPS endpoints only."""
    api = api_behind(model.stack, check, "fqdn") if is_of_type(check, *HTTP) else None
    if api is None or api.kind == FUNCTION_URL:
        return None
    return _Fault(
        f"asks {api.label} over HTTP",
        'API Gateway "does not support unencrypted (HTTP) endpoints".',
        "Set type to HTTPS and port to 443.",
        api,
    )


def _is_let_in(check: Resource, model: Model) -> _Fault | None:
    """Route 53 signs nothing."""
    url = api_behind(model.stack, check, "fqdn") if is_of_type(check, *_WEB) else None
    if url is None or url.kind != FUNCTION_URL:
        return None
    if Declared(url).says("authorizationType", "AWS_IAM") is not Truth.TRUE:
        return None
    return _Fault(
        f"asks {url.label}, which has the authorizationType AWS_IAM",
        "sends no signature, and the function URL answers 403.",
        "Check an endpoint that everybody may ask: a function URL of its own with the "
        "authorizationType NONE, or an API.",
        url,
    )


def _is_there(check: Resource, model: Model) -> _Fault | None:
    """A REST API answers 403 where it has no such stage or method; Route 53 sends GET."""
    api = api_behind(model.stack, check, "fqdn") if is_of_type(check, *HTTPS) else None
    if api is None or api.kind != REST_API:
        return None
    path, names = check.text("resourcePath"), stages(model.stack, api)
    said = path.value if isinstance(path, Known) else "/" if isinstance(path, Absent) else None
    if said is not None and names is not None and _first(said) not in names:
        return _Fault(
            f"asks {api.label} for {said}, and its stage{'s are' if names[1:] else ' is'} "
            f"{listed(names)}",
            "answers 403 to a path that does not begin with the name of a stage.",
            f"Begin resourcePath with the name of a stage: /{names[0]}/...",
            api,
        )
    verbs = methods(model.stack, api)
    if verbs is not None and not any(each.upper() in _READS for each in verbs):
        return _Fault(
            f"asks {api.label}, which has no GET method (only {listed(verbs)})",
            "asks with GET, and the API answers 403 to a method that it does not have.",
            "Add a GET method for health checks, and ask for its path.",
            api,
        )
    return None


def _first(path: str) -> str:
    """The first segment of a path."""
    return path.partition("?")[0].strip("/").partition("/")[0]


_CAN_PASS: Final[tuple[Callable[[Resource, Model], _Fault | None], ...]] = (
    _speaks_its_protocol,
    _is_no_database,
    _speaks_tls_to_an_api,
    _is_let_in,
    _is_there,
)


# --- checks that never fail ----------------------------------------------------------------------


def _fails(check: Resource, model: Model, settings: Settings) -> Iterator[Outcome]:
    """An alarm is lost with its region; where the check then counts as healthy, its record keeps
    answering with what is lost with it."""
    status = check.text("insufficientDataHealthStatus")
    watched = alarms(model.stack, check)
    if isinstance(status, Absent) or status in (Known("Unhealthy"), Known("LastKnownStatus")):
        return
    regions = {each.region for each in watched}
    region = regions.pop() if len(regions) == 1 else None
    if not isinstance(region, Known) or not _is_rehearsed(model, settings, region.value):
        return
    for record, is_certain in model.stack.naming(check, "healthCheckId", RECORD):
        if not is_certain or not _leads_to(record, region.value, model):
            continue
        if not isinstance(status, Known):
            yield Unverified(
                check,
                "its insufficientDataHealthStatus is not known",
                cure="set insufficientDataHealthStatus to Unhealthy",
                parties=tuple(watched),
                lost=region.value,
            )
        elif status == Known("Healthy") and all(_says_nothing(each) for each in watched):
            yield _never_fails(check, record, watched[0], region.value)
        return


def _is_rehearsed(model: Model, settings: Settings, region: str) -> bool:
    return any(loss.region == region for loss in losses(model, settings))


def _leads_to(record: Resource, region: str, model: Model) -> bool:
    """Whether what the record answers with is certainly in the region."""
    ends = [
        each
        for name in ("aliases", "records")
        for each in sources(model.stack, record, name, *SERVING)
        if not isinstance(model.takeover.homes.of(each), Absent)
    ]
    return bool(ends) and all(model.takeover.homes.is_in(each, region) for each in ends)


def _says_nothing(alarm: Resource) -> bool:
    """Whether the alarm takes missing data for no reason to be in alarm."""
    said = Declared(alarm)
    is_good = said.says("treatMissingData", "missing", "notBreaching")
    return (said.lacks("treatMissingData") | is_good) is Truth.TRUE


def _never_fails(check: Resource, record: Resource, alarm: Resource, region: str) -> Violation:
    return Violation(
        check,
        f"{check.label} is healthy without data, and its alarm is lost with {region}, as is what "
        f"{record.label} leads to:",
        chains=(
            (record.label, check.label, "insufficientDataHealthStatus Healthy"),
            (check.label, f"{alarm.label} ({region})"),
        ),
        effect=f"gets no data of {region} while that is lost, considers the health check healthy, "
        "and keeps answering with what is lost.",
        fix="Set insufficientDataHealthStatus to Unhealthy, or follow an alarm of another region "
        "that asks the endpoint from there.",
        parties=(alarm,),
        lost=region,
    )


FAILOVER_HEALTH_CHECK = StackRule(
    name="failover-health-check",
    reads_native=False,
    unread="all settings of a health check are in one block, healthCheckConfig, there",
    title="Health checks that can pass and fail",
    description="A health check should be able to pass and to fail.",
    level=Level.ADVISORY,
    severity=Severity.HIGH,
    tags=("aws", "route53", "dns", "rehearsal", "disaster-recovery"),
    evidence=(
        Evidence(
            "The endpoint must respond with an HTTP status code of 2xx or 3xx within two seconds "
            "after connecting.",
            "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/"
            "dns-failover-determining-health-of-endpoints.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
        Evidence(
            "When no record of a group is healthy, Route 53 considers all of them healthy and "
            "chooses by the routing policy.",
            "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/"
            "health-checks-how-route-53-chooses-records.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
        Evidence(
            "When CloudWatch has insufficient data about the metric to determine the alarm state, "
            "Healthy: Route 53 considers the health check to be healthy.",
            "https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
    ),
    fix="Check an endpoint that answers unauthenticated requests with 2xx or 3xx while its region "
    "is up.",
    in_doubt="set insufficientDataHealthStatus of the health check in the program",
    options=(REGIONS, PRIMARY),
    asked=Asked.ALWAYS,
    kinds=(HEALTH_CHECK,),
    check=passes_and_fails,
)
