"""Where a public NAT gateway may be.

In a VPC without an attached internet gateway a public NAT gateway is begun and then fails
(`Gateway.NotAttached: Network vpc-… has no Internet gateway attached`). In a subnet that has no
route to the internet gateway it is created, and nothing behind it reaches the internet. A regional
NAT gateway is in the VPC and brings a route table of its own: it needs the attached gateway
alone. A private NAT gateway needs neither, and a public one may serve the way to networks behind a
transit gateway or a VPN (VPC guide, "NAT gateway use cases").
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..model import Model
from ..model.answers import Answer, CannotTell, No, Yes, chains
from ..model.inputs import Block
from ..model.network.routes import Family
from ..model.network.routing import Network
from ..model.references import as_list
from ..model.resource import Resource
from ..model.truth import Truth
from ..model.values import Known, Unknown
from ..model.vocabulary import NAT_GATEWAY
from ..refusal import Refusal
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
from .known_public import KNOWN_PUBLIC

_FAILS = (
    "the NAT gateway ends in the state failed with Gateway.NotAttached: Network vpc-... has no "
    "Internet gateway attached."
)
_NO_WAY_OUT = (
    "creates the NAT gateway without an error, but what is routed through it does not reach the "
    "internet."
)
_ATTACH = (
    "Attach an internet gateway to the VPC, or set connectivityType to private if the NAT gateway "
    "serves other networks only."
)
_MOVE = (
    "Put the NAT gateway into a public subnet (its route table has a route to the internet "
    "gateway), not into one of those that it serves. A route that the program creates inside "
    "an apply is not in a first preview: create it outside of the apply, or exempt this NAT "
    "gateway."
)


def _is_by_default(nat: Block, name: str, said: str) -> Truth:
    return nat.lacks(name) | nat.says(name, said)


REFUSED: Final = (
    Refusal(
        id="nat-without-address",
        kinds=(NAT_GATEWAY,),
        says="is public (the default), but has no allocationId",
        when=lambda nat: (
            _is_by_default(nat, "connectivityType", "public")
            & _is_by_default(nat, "availabilityMode", "zonal")
            & nat.lacks("allocationId")
        ),
        evidence=Evidence(
            "CreateNatGateway answers: The request must include the AllocationId parameter.",
            "https://github.com/badmintoncryer/cdk-preflight (pf-ec2-natgw-allocation)",
            "2026-09-03",
        ),
        fix="Set allocationId to that of an Elastic IP address, or set connectivityType to "
        "private if traffic only goes to other private networks.",
        refused={"subnetId": "subnet-1"},
        accepted=(
            {"subnetId": "subnet-1", "allocationId": "eipalloc-1"},
            {"subnetId": "subnet-1", "connectivityType": "private"},
            {"vpcId": "vpc-1", "availabilityMode": "regional"},
        ),
        whatever=("subnetId",),
    ),
)


def can_reach_the_internet(nat: Resource, model: Model, settings: Settings) -> Iterator[Outcome]:
    """A public NAT gateway must lead to an internet gateway."""
    connectivity = nat.text("connectivityType")
    if connectivity == Known("private"):
        return
    outcome = _where_it_is(nat, model, settings)
    if outcome is not None and isinstance(connectivity, Unknown):
        yield Unverified(nat, f"its connectivityType is {connectivity.why}")
    elif outcome is not None:
        yield outcome


def _where_it_is(nat: Resource, model: Model, settings: Settings) -> Outcome | None:
    known_public = settings.names(KNOWN_PUBLIC.name)
    network = model.network(known_public)
    match nat.text("availabilityMode"):
        case Known("regional"):
            return _regional(nat, model, network)
        case Unknown(why):
            return Unverified(nat, f"its availabilityMode is {why}")
        case _:
            return _zonal(nat, model, network, known_public)


def _zonal(
    nat: Resource, model: Model, network: Network, known_public: frozenset[str]
) -> Outcome | None:
    def leads_out(subnet: Resource) -> Answer:
        return network.is_public(subnet, frozenset({Family.IPV4}))

    where = as_list(model.stack.reference(nat, "subnetId"))
    wrong = where.failing(leads_out, "subnet", known_public)
    if isinstance(wrong, CannotTell):
        return Unverified(nat, wrong.why)
    if not wrong:
        return None
    has_gateway = all(isinstance(network.has_gateway_beside(subnet), Yes) for subnet, _ in wrong)
    if has_gateway and any(network.leads_to_other_networks(subnet) for subnet, _ in wrong):
        return None  # A public NAT gateway may serve traffic to other networks.
    fails = nat.is_new and any(
        isinstance(network.has_gateway_beside(subnet), No) for subnet, _ in wrong
    )
    return Violation(
        nat,
        f"{nat.label} is public, and its subnet does not lead to an internet gateway:",
        chains=chains(nat.label, [answer for _, answer in wrong]),
        effect=_FAILS if fails else _NO_WAY_OUT,
        fix=_ATTACH if fails else _MOVE,
    )


def _regional(nat: Resource, model: Model, network: Network) -> Outcome | None:
    where = as_list(model.stack.reference(nat, "vpcId"))
    wrong = where.failing(network.has_internet_gateway, "VPC")
    if isinstance(wrong, CannotTell):
        return Unverified(nat, wrong.why)
    if not wrong:
        return None
    return Violation(
        nat,
        f"{nat.label} is a regional NAT gateway, and its VPC has no internet gateway:",
        chains=chains(nat.label, [answer for _, answer in wrong]),
        effect=_FAILS if nat.is_new else _NO_WAY_OUT,
        fix=_ATTACH,
    )


NAT_PUBLIC_SUBNET = StackRule(
    name="nat-gateway-public-subnet",
    title="Public NAT gateway in a public subnet",
    description="A public NAT gateway must be in a subnet that leads to an internet gateway.",
    asked=Asked.ALWAYS,
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=("aws", "ec2", "vpc", "disaster-recovery"),
    evidence=(
        Evidence(
            effect="Gateway.NotAttached: Network vpc-... has no Internet gateway attached",
            source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html",
            date="2026-04-08",
            kind=Kind.DOCUMENTED,
        ),
        Evidence(
            effect="A NAT gateway in a private subnet is created and gives no access to the "
            "internet.",
            source="https://github.com/hashicorp/terraform/issues/9625",
            date="2026-11-24",
        ),
    ),
    fix=_MOVE,
    options=(KNOWN_PUBLIC,),
    in_doubt="name the subnet itself, or put the id of a public subnet that this stack does not "
    "create into the option knownPublicIds",
    kinds=(NAT_GATEWAY,),
    check=can_reach_the_internet,
)
