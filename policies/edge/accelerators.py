"""Listeners and endpoint groups of Global Accelerator.

A listener has one endpoint group a region. The provider puts a group that says none into its own
region (terraform-provider-aws, `internal/service/globalaccelerator/endpoint_group.go`), so two
groups of one provider are of one region. That an endpoint must be in its group's region is told by
`region-local-references`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from ..model import Model, values
from ..model.answers import No, Yes
from ..model.arns import parse_arn
from ..model.inputs import Declared
from ..model.network.load_balancers import (
    is_application,
    is_gateway,
    is_internet_facing,
    is_network,
    subnets,
)
from ..model.network.zones import is_local
from ..model.plain import NamedTuple
from ..model.references import OneOf, Outside, ReferenceList, Target, identity
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.strangers import is_in_the_hands_of_others
from ..model.truth import Truth
from ..model.twins import before
from ..model.values import Absent, Known, Reading, known_or_none
from ..model.vocabulary import (
    ACCELERATOR,
    ACCELERATOR_LISTENER,
    CLASSIC_LOAD_BALANCER,
    ENDPOINT_GROUP,
    LOAD_BALANCER,
)
from ..relation import Broken, Relation
from ..rule import Evidence, Kind, Level, Outcome, Settings, Severity, StackRule, Violation

_TESTED: Final = "https://github.com/badmintoncryer/cdk-preflight"
_TWICE: Final = (
    "CreateEndpointGroup answers EndpointGroupAlreadyExistsException: Endpoint group already exists"
)
_INTERVAL: Final = "Invalid HealthCheck Interval Seconds: ... expected values are: 10 or 30"
_OVERLAP: Final = (
    "CreateListener answers: Invalid port range ..., which overlaps with port range ... taken by "
    "listener ..."
)
_SECONDS: Final = (10, 30)


def is_taken(subject: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A listener must have ports of its own, and an endpoint group a region of its own."""
    yield from _CHECKS[subject.kind](subject, model.stack)


def _group(group: Resource, stack: Stack) -> Iterator[Outcome]:
    yield from _has_an_interval(group)
    listener, region = _listener_of(group, stack), region_of(group)
    if listener is None or not isinstance(region, Known):
        return
    for other in before(group, stack.of(ENDPOINT_GROUP)):
        if _listener_of(other, stack) == listener and region_of(other) == region:
            yield Violation(
                group,
                f"{group.label} and {other.label} are endpoint groups of the same listener in "
                f"the same region, {region.value}.",
                effect=_TWICE,
                fix="Set endpointGroupRegion of each group to the region of its endpoints; by "
                "default it is the region of the provider.",
                parties=(other,),
            )
            return


def _listener_of(group: Resource, stack: Stack) -> str | None:
    return identity(stack.reference(group, "listenerArn", ACCELERATOR_LISTENER))


def _accelerator_of(listener: Resource, stack: Stack) -> str | None:
    return identity(stack.reference(listener, "acceleratorArn", ACCELERATOR))


def _has_an_interval(group: Resource) -> Iterator[Outcome]:
    said = known_or_none(group.number("healthCheckIntervalSeconds"))
    if said is not None and said not in _SECONDS:
        yield Violation(
            group,
            f"{group.label} has a healthCheckIntervalSeconds that is neither 10 nor 30.",
            effect=f"CreateEndpointGroup answers: {_INTERVAL}",
            fix="Set healthCheckIntervalSeconds to 10 or 30.",
        )


def region_of(group: Resource) -> Reading[str]:
    """The region of an endpoint group: the one that it says, else that of its provider."""
    said = group.text("endpointGroupRegion")
    return group.region if isinstance(said, Absent) else said


class _Ports(NamedTuple):
    first: float
    last: float


def _listener(listener: Resource, stack: Stack) -> Iterator[Outcome]:
    parent = _accelerator_of(listener, stack)
    mine, protocol = _ports(listener), listener.text("protocol")
    if parent is None or not isinstance(protocol, Known):
        return
    for other in before(listener, stack.of(ACCELERATOR_LISTENER)):
        is_sibling = _accelerator_of(other, stack) == parent
        if not is_sibling or Declared(other).says("protocol", protocol.value) is not Truth.TRUE:
            continue
        if any(a.first <= b.last and b.first <= a.last for a in mine for b in _ports(other)):
            yield Violation(
                listener,
                f"{listener.label} and {other.label} listen on the same port of the same "
                "accelerator.",
                effect=_OVERLAP,
                fix="Give the listeners of the accelerator port ranges that do not overlap.",
                parties=(other,),
            )
            return


def _ports(listener: Resource) -> Sequence[_Ports]:
    """The ranges of ports of which both ends are known."""
    found: list[_Ports] = []
    for block in known_or_none(listener.items("portRanges")) or ():
        first = values.number(values.field(block, "fromPort"))
        last = values.number(values.field(block, "toPort"))
        if isinstance(first, Known) and isinstance(last, Known):
            found.append(_Ports(first.value, last.value))
    return found


_CHECKS: Final[Mapping[str, Callable[[Resource, Stack], Iterator[Outcome]]]] = {
    ENDPOINT_GROUP: _group,
    ACCELERATOR_LISTENER: _listener,
}

GLOBAL_ACCELERATOR = StackRule(
    name="global-accelerator",
    reads_native=False,
    unread="of the parts of an accelerator, only endpoint groups are known to this pack there",
    title="Listeners and endpoint groups that Global Accelerator accepts",
    description="A Global Accelerator listener must have at most one endpoint group per region, "
    "and ports that no other listener of the accelerator has.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=("aws", "globalaccelerator", "disaster-recovery"),
    evidence=(
        Evidence(_TWICE, f"{_TESTED} (CreateEndpointGroup)", "2026-09-24"),
        Evidence(_OVERLAP, f"{_TESTED} (CreateListener)", "2026-09-24"),
        Evidence(_INTERVAL, f"{_TESTED} (CreateEndpointGroup)", "2026-09-24"),
    ),
    fix="Give each endpoint group of a listener its own region.",
    kinds=tuple(_CHECKS),
    check=is_taken,
)


def _groups_of(listener: Resource, stack: Stack) -> Sequence[Resource] | None:
    """The endpoint groups of a listener; None where there may be more."""
    found: list[Resource] = []
    for group in stack.of(ENDPOINT_GROUP):
        match stack.reference(group, "listenerArn", ACCELERATOR_LISTENER):
            case Target(named) if named is listener:
                found.append(group)
            case OneOf(named) if listener in named:
                return None
            case Outside(None):
                return None
    is_handed_on = any(each not in found for each in stack.dependents(listener))
    return None if is_handed_on or is_in_the_hands_of_others(stack, listener) else found


def _leads_nowhere(listener: Resource, model: Model) -> Broken | None:
    if _groups_of(listener, model.stack) == []:
        return Broken("has no endpoint group in this stack")
    return None


def _leads_to_one_region(listener: Resource, model: Model) -> Broken | None:
    """Whether all groups are in one region, and a load balancer that may be meant for it is in one
    without any group."""
    stack = model.stack
    groups = _groups_of(listener, stack) or ()
    covered = {region_of(each) for each in stack.of(ENDPOINT_GROUP)}
    if len({region_of(each) for each in groups}) != 1:
        return None
    if not all(isinstance(each, Known) for each in covered):
        return None
    internal = [each for each in _balancers_of(groups, stack) if _is_internal(each)]
    for balancer in stack.of(LOAD_BALANCER):
        if not isinstance(balancer.region, Known) or balancer.region in covered:
            continue
        is_alike = any(
            _is_internal(balancer) and _share_a_type(balancer, each) for each in internal
        )
        if is_alike or _faces_the_internet(balancer):
            where = f"in {known_or_none(balancer.region)}, where no endpoint group is"
            return Broken(
                "has endpoint groups in one region only, although there is a load balancer in "
                "another",
                ((groups[0].label,), (balancer.label, where)),
                (groups[0], balancer),
            )
    return None


def _faces_the_internet(balancer: Resource) -> bool:
    """Whether clients may be meant to reach it, as those of an accelerator do."""
    is_public = isinstance(is_internet_facing(balancer), Yes)
    return is_public and not isinstance(is_gateway(balancer), Yes)


def _balancers_of(groups: Sequence[Resource], stack: Stack) -> Iterator[Resource]:
    """The load balancers that the groups certainly name."""
    for group in groups:
        yield from _endpoints(group, stack, LOAD_BALANCER).certain


def _endpoints(group: Resource, stack: Stack, *kinds: str) -> ReferenceList:
    named = stack.references(group, "endpointConfigurations", *kinds, inner="endpointId")
    return named if isinstance(named, ReferenceList) else ReferenceList()


def _is_internal(balancer: Resource) -> bool:
    return isinstance(is_internet_facing(balancer), No)


def _share_a_type(one: Resource, other: Resource) -> bool:
    return any(
        isinstance(is_of(one), Yes) and isinstance(is_of(other), Yes)
        for is_of in (is_application, is_network)
    )


def _names_what_it_cannot(group: Resource, model: Model) -> Broken | None:
    """Whether an endpoint is a load balancer of a kind or in a place that is not supported."""
    stack = model.stack
    named = _endpoints(group, stack, LOAD_BALANCER, CLASSIC_LOAD_BALANCER)
    wrong = named.surely_hit(lambda balancer: bool(_is_no_endpoint(balancer, stack)))
    if wrong:
        chains = tuple((each.label, _is_no_endpoint(each, stack)) for each in wrong)
        return Broken("has an endpoint that Global Accelerator does not support", chains, wrong)
    if any(_is_arn_of_no_endpoint(each.literal) for each in named.outside):
        return Broken(
            "has an endpoint that Global Accelerator does not support",
            (("endpointId", "a Gateway or a Classic Load Balancer, by its ARN"),),
        )
    return None


def _is_no_endpoint(balancer: Resource, stack: Stack) -> str:
    """Why the load balancer cannot be an endpoint; empty where it can, for all that is known."""
    if balancer.kind == CLASSIC_LOAD_BALANCER:
        return "a Classic Load Balancer"
    if isinstance(is_gateway(balancer), Yes):
        return "a Gateway Load Balancer"
    where = subnets(stack, balancer)
    is_elsewhere = isinstance(where, ReferenceList) and where.surely_hit(is_local)
    return "in a zone that is no Availability Zone" if is_elsewhere else ""


def _is_arn_of_no_endpoint(literal: str | None) -> bool:
    """Whether an ARN is that of a Gateway or a Classic Load Balancer."""
    arn = parse_arn(literal or "")
    if arn is None or arn.service != "elasticloadbalancing":
        return False
    return not arn.resource.startswith(("loadbalancer/app/", "loadbalancer/net/"))


ROWS: Final = (
    Relation(
        id="accelerator-without-group",
        kinds=(ACCELERATOR_LISTENER,),
        check=_leads_nowhere,
        evidence=Evidence(
            "accepts the listener, but it routes traffic to its endpoint groups: without one, it "
            "leads nowhere.",
            "https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoint-groups.html",
            "2026-11-27",
            Kind.DOCUMENTED,
        ),
        fix="Add an EndpointGroup for each region. If the stacks of the regions have them, put the "
        "name of this row into the option ignore.",
    ),
    Relation(
        id="accelerator-endpoint",
        kinds=(ENDPOINT_GROUP,),
        check=_names_what_it_cannot,
        evidence=Evidence(
            "takes Application and Network Load Balancers in Availability Zones, EC2 instances and "
            "Elastic IP addresses as endpoints.",
            "https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoints-caveats.html",
            "2026-11-27",
            Kind.DOCUMENTED,
        ),
        fix="Name an Application or Network Load Balancer in its place.",
    ),
    Relation(
        id="accelerator-in-one-region",
        kinds=(ACCELERATOR_LISTENER,),
        check=_leads_to_one_region,
        evidence=Evidence(
            "fails over to healthy endpoints in another endpoint group. Without one, it keeps "
            "routing to the region that is lost.",
            "https://docs.aws.amazon.com/global-accelerator/latest/dg/"
            "about-endpoints-endpoint-weights.unhealthy-endpoints.html",
            "2026-11-27",
            Kind.DOCUMENTED,
        ),
        fix="Add an EndpointGroup with the load balancer of the other region; a "
        "trafficDialPercentage of 0 keeps it for failover only.",
    ),
)
"""What keeps an accelerator from failing over. A group whose traffic dial is 0 does not: Global
Accelerator ignores the dial when it fails over."""
