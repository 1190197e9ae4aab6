"""Where a load balancer may be.

AWS checks at creation only that the VPC of an internet-facing one has an attached internet gateway
(`InvalidSubnet: VPC vpc-… has no internet gateway`) and that the subnets of an Application Load
Balancer cover two zones, each once. It does not look at route tables: an internet-facing load
balancer in a subnet without a route to the gateway is created, and its clients time out (ELB guide,
"Troubleshoot your Application Load Balancers").
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..model import Model
from ..model.answers import Answer, CannotTell, No, Yes, chains
from ..model.network.load_balancers import (
    families,
    is_application,
    is_gateway,
    is_internet_facing,
    is_network,
    is_on_outpost,
    subnets,
)
from ..model.network.routing import Network
from ..model.network.zones import (
    cover_two_zones,
    doubled,
    is_apart,
    may_be_doubled,
    use_each_zone_once,
    with_zones,
)
from ..model.references import ReferenceList
from ..model.resource import Resource
from ..model.values import Absent
from ..model.vocabulary import LOAD_BALANCER
from ..network.known_public import KNOWN_PUBLIC
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

_TAGS = ("aws", "elasticloadbalancing", "vpc", "disaster-recovery")
_REACHED = ("aws", "elasticloadbalancing", "vpc", "failover", "disaster-recovery")
"""Of what decides whether clients reach it: without that, nothing fails over to it."""
_UNREACHABLE = (
    "creates the load balancer without an error, but clients that are sent to these subnets time "
    "out."
)
_CUT_OFF = "keeps the load balancer, but no client reaches it: its VPC has no internet gateway."
_REFUSED = "CreateLoadBalancer answers InvalidSubnet: VPC vpc-... has no internet gateway."
_ATTACH = (
    "Attach an internet gateway to the VPC and route 0.0.0.0/0 of the subnets' route table to it, "
    "or set internal to true if the load balancer is not for clients on the internet."
)
_ROUTE = (
    "Use subnets whose route table has a route to the internet gateway, or add that route. A route "
    "that the program creates inside an apply is not in a first preview: create it outside of the "
    "apply, or exempt this load balancer."
)


def in_public_subnets(balancer: Resource, model: Model, settings: Settings) -> Iterator[Outcome]:
    """Every subnet of an internet-facing ALB must lead to an internet gateway."""
    concerns = _both(is_application(balancer), is_internet_facing(balancer))
    yield from _judged(balancer, model, settings, concerns, _in_public_subnets)


def beside_gateway(balancer: Resource, model: Model, settings: Settings) -> Iterator[Outcome]:
    """The VPC of an internet-facing NLB must have an internet gateway."""
    concerns = _both(is_network(balancer), is_internet_facing(balancer))
    yield from _judged(balancer, model, settings, concerns, _beside_gateway)


_Judge = Callable[[Resource, ReferenceList, Network, frozenset[str]], "Outcome | None"]


def _judged(
    balancer: Resource, model: Model, settings: Settings, concerns: Answer, judge: _Judge
) -> Iterator[Outcome]:
    """What `judge` says of where the load balancer is, if it is one that the rule concerns."""
    if isinstance(concerns, No):
        return
    where = subnets(model.stack, balancer)
    if isinstance(where, Absent):
        yield Unverified(balancer, "it states no subnets, so AWS takes those of the default VPC")
        return
    known_public = settings.names(KNOWN_PUBLIC.name)
    outcome = judge(balancer, where, model.network(known_public), known_public)
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
    def leads_out(subnet: Resource) -> Answer:
        return network.is_public(subnet, families(balancer))

    wrong = where.failing(leads_out, "subnet", known_public)
    if isinstance(wrong, CannotTell):
        return Unverified(balancer, wrong.why)
    if not wrong:
        return None
    refused = any(isinstance(network.has_gateway_beside(subnet), No) for subnet, _ in wrong)
    total = len(where.possible) + len(where.outside)
    return Violation(
        balancer,
        f"{balancer.label} is internet-facing, and {_some(len(wrong), total)}:",
        chains=chains(balancer.label, [answer for _, answer in wrong]),
        effect=_refused(balancer) if refused else _UNREACHABLE,
        fix=_ATTACH if refused else _ROUTE,
    )


def _some(count: int, total: int) -> str:
    if total == 1:
        return "its only subnet does not lead to an internet gateway"
    if count == total:
        return f"none of its {total} subnets leads to an internet gateway"
    return f"{count} of its {total} subnets do not lead to an internet gateway"


def _beside_gateway(
    balancer: Resource, where: ReferenceList, network: Network, known_public: frozenset[str]
) -> Outcome | None:
    wrong = where.failing(network.has_gateway_beside, "subnet", known_public)
    if isinstance(wrong, CannotTell):
        # All subnets of a load balancer are in one VPC: one that is known to be right will do.
        answers = map(network.has_gateway_beside, where.certain)
        settled = any(isinstance(answer, Yes) for answer in answers)
        return None if settled else Unverified(balancer, wrong.why)
    if not wrong:
        return None
    return Violation(
        balancer,
        f"{balancer.label} is internet-facing, and its VPC has no internet gateway:",
        chains=chains(balancer.label, [answer for _, answer in wrong]),
        effect=_refused(balancer),
    )


def _refused(balancer: Resource) -> str:
    """What becomes of it in a VPC without an internet gateway."""
    return _REFUSED if balancer.is_new else _CUT_OFF


def in_two_zones(balancer: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A load balancer must be in each zone with one subnet, an ALB in two zones at least."""
    concerns = is_application(balancer)
    where = subnets(model.stack, balancer)
    if isinstance(where, Absent) or where == ReferenceList():
        return
    if is_on_outpost(balancer) or any(map(is_apart, where.certain)):
        return
    if isinstance(concerns, No):
        if _is_of_another_type(balancer):
            yield from _once_in_each_zone(balancer, where)
        return
    outcome = _in_two_zones(balancer, where)
    if outcome is not None:
        yield Unverified(balancer, concerns.why) if isinstance(concerns, CannotTell) else outcome


def _in_two_zones(balancer: Resource, where: ReferenceList) -> Outcome | None:
    if doubled(where):
        return _twice_in_a_zone(balancer, where)
    covered = cover_two_zones(where)
    if isinstance(covered, No):
        return Violation(
            balancer,
            f"{balancer.label} is in only one zone:",
            chains=with_zones(balancer, where.possible),
            effect="CreateLoadBalancer answers ValidationError: At least two subnets in two "
            "different Availability Zones must be specified.",
        )
    for answer in (covered, use_each_zone_once(where)):
        if isinstance(answer, CannotTell):
            return Unverified(balancer, answer.why)
    return None


def _once_in_each_zone(balancer: Resource, where: ReferenceList) -> Iterator[Outcome]:
    if doubled(where):
        yield _twice_in_a_zone(balancer, where)
    elif may_be_doubled(where):
        yield Unverified(balancer, "which subnets it is in is not known, and some share a zone")


def _is_of_another_type(balancer: Resource) -> bool:
    return any(isinstance(each, Yes) for each in (is_network(balancer), is_gateway(balancer)))


def _twice_in_a_zone(balancer: Resource, where: ReferenceList) -> Violation:
    return Violation(
        balancer,
        f"{balancer.label} has several subnets in one zone:",
        chains=with_zones(balancer, doubled(where)),
        effect="CreateLoadBalancer answers InvalidConfigurationRequest: A load balancer cannot be "
        "attached to multiple subnets in the same Availability Zone.",
    )


PUBLIC_SUBNETS = StackRule(
    name="alb-public-subnets",
    title="Internet-facing ALB in public subnets",
    description="An internet-facing Application Load Balancer must be in subnets that lead to "
    "an internet gateway.",
    asked=Asked.ALWAYS,
    level=Level.MANDATORY,
    severity=Severity.CRITICAL,
    tags=_REACHED,
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
            kind=Kind.DOCUMENTED,
        ),
    ),
    fix=_ROUTE,
    options=(KNOWN_PUBLIC,),
    in_doubt="list the subnets themselves, or put the ids of public subnets that this stack "
    "does not create into the option knownPublicIds",
    kinds=(LOAD_BALANCER,),
    check=in_public_subnets,
)

NLB_GATEWAY = StackRule(
    name="nlb-internet-gateway",
    title="Internet-facing NLB in a VPC with an internet gateway",
    description="An internet-facing Network Load Balancer must be in a VPC that has an "
    "internet gateway.",
    asked=Asked.ALWAYS,
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=_REACHED,
    evidence=(
        Evidence(
            effect="InvalidSubnet: VPC vpc-... has no internet gateway",
            source="https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/4110",
            date="2025-03-27",
        ),
    ),
    fix="Attach an internet gateway to the VPC, or set internal to true if the load balancer is "
    "not for clients on the internet. A gateway that the program creates inside an apply is not "
    "in a first preview: create it outside of the apply, or exempt this load balancer.",
    options=(KNOWN_PUBLIC,),
    in_doubt="list the subnets themselves, or put the ids of public subnets that this stack "
    "does not create into the option knownPublicIds",
    kinds=(LOAD_BALANCER,),
    check=beside_gateway,
)

AVAILABILITY_ZONES = StackRule(
    name="alb-availability-zones",
    title="Load balancer once in each zone, an ALB in two",
    description="A load balancer must have one subnet in each of its Availability Zones, and an "
    "Application Load Balancer must be in at least two of them.",
    asked=Asked.ALWAYS,
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
    in_doubt="list the subnets themselves, and name the zone of each",
    kinds=(LOAD_BALANCER,),
    check=in_two_zones,
)
