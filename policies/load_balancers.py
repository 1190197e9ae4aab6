"""Where an Application Load Balancer may stand.

AWS checks at creation only that the VPC has an attached internet gateway (`InvalidSubnet: VPC vpc-…
has no internet gateway`) and that the subnets cover two zones, each once. It does not look at route
tables: an internet-facing load balancer in a subnet without a route to the gateway is created, and
its clients time out (ELB guide, "Troubleshoot your Application Load Balancers").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from .model import Model
from .model.answers import Answer, CannotTell, No
from .model.load_balancer import families, is_application, is_internet_facing, subnets
from .model.network import Network
from .model.places import is_availability_zone, is_zone_id
from .model.resource import Resource
from .model.stack import Outside, ReferenceList, target
from .model.values import Absent, Known, is_set, known_or_none
from .model.vocabulary import LOAD_BALANCER
from .rule import (
    Evidence,
    Level,
    Option,
    Outcome,
    Settings,
    Severity,
    StackRule,
    Unverified,
    Violation,
)

KNOWN_PUBLIC = Option(
    name="knownPublicIds",
    schema={
        "type": "array",
        "items": {"type": "string"},
        "description": "Ids of subnets and route tables outside the stack that lead to an "
        "internet gateway.",
    },
    default=(),
)
_TAGS = ("aws", "elasticloadbalancing", "vpc", "disaster-recovery")
_UNREACHABLE = (
    "creates the load balancer without a word, but clients that are sent to these subnets time out."
)
_REFUSED = "CreateLoadBalancer answers InvalidSubnet: VPC vpc-... has no internet gateway."
_ATTACH = (
    "Attach an InternetGateway to the VPC, route 0.0.0.0/0 of the subnets' route table to it, "
    "or set internal=True if nobody outside shall reach the load balancer."
)
_ROUTE = (
    "Use subnets whose route table has a route to the internet gateway, or add that route. A route "
    "that the program makes inside apply() is not in a first preview: exempt this load balancer "
    "then, or make the route outside apply()."
)


def in_public_subnets(balancer: Resource, model: Model, settings: Settings) -> Iterator[Outcome]:
    """Every subnet of an internet-facing ALB must lead to an internet gateway."""
    concerns = _both(is_application(balancer), is_internet_facing(balancer))
    if isinstance(concerns, No):
        return
    where = subnets(model.stack, balancer)
    if isinstance(where, Absent):
        yield Unverified(balancer, "it states no subnets, so it goes to the default VPC's")
        return
    known_public = settings.names(KNOWN_PUBLIC.name)
    outcome = _in_public_subnets(balancer, where, model.network(known_public), known_public)
    if outcome is not None:
        yield Unverified(balancer, concerns.why) if isinstance(concerns, CannotTell) else outcome


def _both(one: Answer, other: Answer) -> Answer:
    for answer in (one, other):
        if isinstance(answer, No):
            return answer
    return one if isinstance(one, CannotTell) else other


def _in_public_subnets(
    balancer: Resource, where: ReferenceList, network: Network, known_public: frozenset[str]
) -> Outcome | None:
    answers = {
        subnet.urn: network.is_public(subnet, families(balancer)) for subnet in where.possible
    }
    wrong = where.surely_hit(lambda subnet: isinstance(answers[subnet.urn], No))
    if wrong:
        vpcs = {target(network.vpc_of(subnet)) for subnet in wrong}
        refused = any(
            vpc is not None and isinstance(network.has_internet_gateway(vpc), No) for vpc in vpcs
        )
        total = len(where.possible) + len(where.outside)
        return Violation(
            balancer,
            f"{balancer.name} is internet-facing, and {_some(len(wrong), total)}:",
            chains=_chains(balancer, [answers[subnet.urn] for subnet in wrong]),
            effect=_REFUSED if refused else _UNREACHABLE,
            fix=_ATTACH if refused else _ROUTE,
        )
    for subnet in where.possible:
        match answers[subnet.urn]:
            case CannotTell(why):
                return Unverified(balancer, why)
            case No():
                return Unverified(balancer, "which of several subnets it stands in is not known")
    strangers = [each for each in where.outside if each.literal not in known_public]
    return _outside(balancer, strangers)


def _outside(balancer: Resource, strangers: list[Outside]) -> Unverified | None:
    return Unverified(balancer, f"its subnet {strangers[0].why}") if strangers else None


def _chains(balancer: Resource, answers: Iterable[Answer]) -> tuple[tuple[str, ...], ...]:
    """One chain for all subnets that go the same way."""
    ways: dict[tuple[str, ...], list[str]] = {}
    for answer in answers:
        if isinstance(answer, No):
            subnet, *way = answer.chain
            ways.setdefault(tuple(way), []).append(subnet)
    return tuple((balancer.label, ", ".join(names), *way) for way, names in ways.items())


def _some(count: int, total: int) -> str:
    if total == 1:
        return "its only subnet does not lead to an internet gateway"
    if count == total:
        return f"none of its {total} subnets leads to an internet gateway"
    return f"{count} of its {total} subnets do not lead to an internet gateway"


def in_two_zones(balancer: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """An ALB must stand in two zones at least, with one subnet in each."""
    concerns = is_application(balancer)
    where = subnets(model.stack, balancer)
    if isinstance(concerns, No) or isinstance(where, Absent):
        return
    outcome = _in_two_zones(balancer, where)
    if outcome is not None:
        yield Unverified(balancer, concerns.why) if isinstance(concerns, CannotTell) else outcome


def _in_two_zones(balancer: Resource, where: ReferenceList) -> Outcome | None:
    zones = {subnet.urn: _zone(subnet) for subnet in where.possible}
    stated = [zone for subnet in where.certain if (zone := zones[subnet.urn])]
    if any(not is_availability_zone(zone) for zone in stated) or any(
        is_set(subnet.text("outpostArn")) for subnet in where.possible
    ):
        return None  # Local Zones and Outposts: one subnet is enough.
    shared = [zone for zone, count in Counter(stated).items() if count > 1]
    if shared:
        return Violation(
            balancer,
            f"{balancer.name} has several subnets in one zone:",
            chains=tuple(
                (balancer.label, subnet.label, zone)
                for subnet in where.certain
                if (zone := zones[subnet.urn]) in shared
            ),
            effect="CreateLoadBalancer answers InvalidConfigurationRequest: A load balancer "
            "cannot be attached to multiple subnets in the same Availability Zone.",
        )
    if where.is_complete and len(where.certain) < 2:
        if not stated:
            return Unverified(balancer, "the zone of its only subnet is not known")
        return Violation(
            balancer,
            f"{balancer.name} stands in one zone only:",
            chains=tuple(
                (balancer.label, subnet.label, zone)
                for subnet, zone in zip(where.certain, stated, strict=True)
            ),
            effect="CreateLoadBalancer answers ValidationError: At least two subnets in two "
            "different Availability Zones must be specified.",
        )
    return _zones_in_doubt(balancer, where, zones)


def _zones_in_doubt(
    balancer: Resource, where: ReferenceList, zones: dict[str, str | None]
) -> Unverified | None:
    strange = _outside(balancer, list(where.outside))
    if strange is not None:
        return strange
    for subnet in where.possible:
        if zones[subnet.urn] is None:
            return Unverified(balancer, f"the zone of {subnet.label} is not known")
    stated = [zone for zone in zones.values() if zone]
    if len({is_zone_id(zone) for zone in stated}) > 1:
        return Unverified(balancer, "some of its subnets state zone names and others zone ids")
    if len(set(stated)) < len(stated):
        return Unverified(balancer, "which of several subnets it stands in is not known")
    return None


def _zone(subnet: Resource) -> str | None:
    """The zone's name or, where only that is stated, its id; None where AWS chooses it."""
    name = subnet.text("availabilityZone")
    return (
        known_or_none(name)
        if isinstance(name, Known)
        else known_or_none(subnet.text("availabilityZoneId"))
    )


PUBLIC_SUBNETS = StackRule(
    name="alb-public-subnets",
    title="Internet-facing ALB in public subnets",
    description="An internet-facing Application Load Balancer must stand in subnets that lead to "
    "an internet gateway.",
    level=Level.MANDATORY,
    severity=Severity.CRITICAL,
    tags=_TAGS,
    evidence=(
        Evidence(
            effect="InvalidSubnet: VPC vpc-... has no internet gateway",
            source="https://github.com/openshift/installer/issues/1110",
            date="2026-11-24",
        ),
        Evidence(
            effect="An internet-facing load balancer that is attached to a private subnet is "
            "created and cannot be reached.",
            source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/"
            "load-balancer-troubleshooting.html",
            date="2023-06-01",
        ),
    ),
    fix=_ROUTE,
    options=(KNOWN_PUBLIC,),
    kinds=(LOAD_BALANCER,),
    check=in_public_subnets,
)

AVAILABILITY_ZONES = StackRule(
    name="alb-availability-zones",
    title="ALB in two zones, once each",
    description="An Application Load Balancer must stand in at least two Availability Zones, with "
    "one subnet in each.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=_TAGS,
    evidence=(
        Evidence(
            effect="ValidationError: At least two subnets in two different Availability Zones "
            "must be specified",
            source="https://github.com/cn-terraform/terraform-aws-jenkins/issues/3",
            date="2026-11-24",
        ),
        Evidence(
            effect="InvalidConfigurationRequest: A load balancer cannot be attached to multiple "
            "subnets in the same Availability Zone",
            source="https://github.com/coldbrewcloud/coldbrew-cli/issues/44",
            date="2026-11-24",
        ),
    ),
    fix="Give the load balancer one subnet in each of two or three Availability Zones.",
    kinds=(LOAD_BALANCER,),
    check=in_two_zones,
)
