"""Zones and address ranges of subnets.

RDS refuses a DB subnet group in fewer than two zones (`DBSubnetGroupDoesNotCoverEnoughAZs`); EC2
refuses a subnet outside the ranges of its VPC (`InvalidSubnet.Range: The CIDR '…' is invalid.`) and
one that overlaps another (`InvalidSubnet.Conflict: The CIDR '…' conflicts with another subnet`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from ipaddress import IPv4Network
from typing import Final

from ..model import Model
from ..model.answers import Answer, CannotTell, No, chains
from ..model.inputs import Declared
from ..model.network.addresses import has_room_for, ipv4_range
from ..model.network.zones import cover_two_zones, zone_of
from ..model.references import ReferenceList, Target, as_list, possible, same
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.truth import Truth
from ..model.twins import before
from ..model.values import Absent, Known, Unknown
from ..model.vocabulary import (
    DB_SUBNET_GROUP,
    DOCDB_SUBNET_GROUP,
    INSTANCE,
    NEPTUNE_SUBNET_GROUP,
    NETWORK_INTERFACE,
    SUBNET,
    VPC,
    VPC_CIDR,
)
from ..refusal import Refusal
from ..rule import (
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
from .addresses import has_addresses_of_its_subnet

_Condition = Callable[[Declared], Truth]

_LARGEST: Final = 16
_SMALLEST: Final = 28
_RESERVED: Final = ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4")


def _is_reserved(text: str) -> bool:
    match ipv4_range(Known(text)):
        case Known(network):
            return any(network.subnet_of(IPv4Network(each)) for each in _RESERVED)
    return False


def _is_of_a_size(holds: Callable[[int], bool]) -> _Condition:
    """Whether the length of the range's prefix is known and the condition holds of it."""

    def says(text: str) -> bool:
        network = ipv4_range(Known(text))
        return isinstance(network, Known) and holds(network.value.prefixlen)

    return lambda subnet: subnet.holds("cidrBlock", says)


_IN_NO_VPC: Final = Evidence(
    "CreateSubnet answers InvalidSubnet.Range: The CIDR '...' is invalid.",
    "https://github.com/pulumi/pulumi-awsx/issues/111 (of a range in none of the VPC's, which are "
    "never larger than /16)",
    "2019-01-18",
)
_TOO_SMALL: Final = Refusal(
    id="subnet-size",
    kinds=(SUBNET,),
    says="has a cidrBlock that is smaller than /28",
    when=_is_of_a_size(lambda length: length > _SMALLEST),
    evidence=Evidence(
        "CreateSubnet answers: The CIDR '...' is invalid.",
        "https://github.com/badmintoncryer/cdk-preflight (pf-ec2-subnet-cidr-size)",
        "2026-09-13",
    ),
    fix="Choose a range between /28 and /16; AWS reserves five addresses of each subnet.",
    refused={"cidrBlock": "10.0.0.0/29"},
    accepted=({"cidrBlock": "10.0.0.0/28"},),
)

REFUSED: Final = (
    _TOO_SMALL,
    _TOO_SMALL._replace(
        id="subnet-too-large",
        says="has a cidrBlock that is larger than /16",
        when=_is_of_a_size(lambda length: length < _LARGEST),
        evidence=_IN_NO_VPC,
        refused={"cidrBlock": "10.0.0.0/15"},
        accepted=({"cidrBlock": "10.0.0.0/16"},),
    ),
    Refusal(
        id="vpc-range-reserved",
        kinds=(VPC, VPC_CIDR),
        says="has a cidrBlock in a reserved range: 0.0.0.0/8, 127.0.0.0/8, 169.254.0.0/16 or "
        "224.0.0.0/4",
        when=lambda vpc: vpc.holds("cidrBlock", _is_reserved),
        evidence=Evidence(
            "CreateVpc (or AssociateVpcCidrBlock) answers: The CIDR '...' is invalid.",
            "https://github.com/badmintoncryer/cdk-preflight (pf-ec2-vpc-cidr-reserved-range)",
            "2026-09-09",
        ),
        fix="Choose a range in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10.",
        refused={"cidrBlock": "224.0.0.0/16"},
        accepted=({"cidrBlock": "100.64.0.0/16"}, {"cidrBlock": "10.0.0.0/16"}),
    ),
)


def group_covers_two_zones(group: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A DB subnet group must cover two zones."""
    where = model.stack.references(group, "subnetIds")
    if isinstance(where, Absent):
        return
    if where == ReferenceList():
        if group.items("subnetIds") == Known(()):
            yield Violation(group, f"{group.label} has no subnets.", effect=_not_enough("none"))
        return
    match cover_two_zones(where):
        case No():
            zones = sorted({zone_of(subnet) or _ANY_ZONE for subnet in where.possible})
            yield Violation(
                group,
                f"{group.label} covers only one zone:",
                chains=tuple(
                    (group.label, subnet.label, zone_of(subnet) or _ANY_ZONE)
                    for subnet in where.possible
                ),
                effect=_not_enough(", ".join(zones)),
                parties=where.possible,
            )
        case CannotTell(why) if not _is_looked_up(where):
            yield Unverified(group, why)


def _is_looked_up(named: ReferenceList) -> bool:
    """Whether ids that no resource of the stack has are in the list: they name what exists."""
    return any(each.literal is not None for each in named.outside)


_ANY_ZONE = "a zone that AWS chooses"


def _not_enough(coverage: str) -> str:
    return (
        "CreateDBSubnetGroup answers DBSubnetGroupDoesNotCoverEnoughAZs: The DB subnet group "
        "doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: "
        f"{coverage}. Add subnets to cover at least 2 AZs."
    )


def fits_its_vpc(subnet: Resource, model: Model) -> Iterator[Outcome]:
    """A subnet must lie in a range of its VPC and overlap none of its siblings."""
    said = subnet.text("cidrBlock")
    if subnet.is_default or isinstance(said, Absent):
        return  # AWS has chosen its range, or will.
    if isinstance(said, Unknown):
        yield Unverified(subnet, f"its cidrBlock is {said.why}")
        return
    network = ipv4_range(said)
    if isinstance(network, Known) and network.value.prefixlen >= _LARGEST:
        # A larger one is in no VPC: network-declaration tells of it.
        yield from _fits(subnet, network.value, model)


def _fits(subnet: Resource, network: IPv4Network, model: Model) -> Iterator[Outcome]:
    def has_room(vpc: Resource) -> Answer:
        answer = has_room_for(model.stack, vpc, network)
        if isinstance(answer, No) and not model.network().runs(vpc):
            return CannotTell(f"{vpc.label} exists, and others may have added a range to it")
        return answer

    homes = as_list(model.stack.reference(subnet, "vpcId"))
    outside = homes.failing(has_room, "VPC")
    if not isinstance(outside, CannotTell) and outside:
        yield Violation(
            subnet,
            f"{subnet.label} has the range {network}, which is in no range of its VPC:",
            chains=chains(subnet.label, [answer for _, answer in outside]),
            effect=f"CreateSubnet answers InvalidSubnet.Range: The CIDR '{network}' is invalid.",
        )
        return
    overlaps = list(model.neighbours.earlier_overlaps(subnet))
    certain = [other for other, is_certain in overlaps if is_certain]
    if certain:
        yield Violation(
            subnet,
            f"{subnet.label} has the range {network}, which overlaps another subnet of its VPC:",
            chains=tuple(
                (subnet.label, str(network), f"{other.network} of {other.subnet.label}")
                for other in certain
            ),
            parties=tuple(other.subnet for other in certain),
            effect=f"CreateSubnet answers InvalidSubnet.Conflict: The CIDR '{network}' conflicts "
            "with another subnet.",
            fix="Give every subnet of the VPC a range of its own.",
        )
    elif overlaps:
        rival = overlaps[0][0].subnet.label
        yield Unverified(
            subnet,
            f"its range overlaps that of {rival}, and whether they are in one VPC is not known",
        )
    elif isinstance(outside, CannotTell) and not _is_looked_up(homes):
        yield Unverified(subnet, outside.why)


def is_apart_from_the_others(added: Resource, model: Model) -> Iterator[Outcome]:
    """A range that is added to a VPC must overlap none that the VPC has."""
    mine = ipv4_range(added.text("cidrBlock"))
    if not isinstance(mine, Known):
        return
    for owner in _having_ranges_before(added, model.stack):
        its = ipv4_range(owner.text("cidrBlock"))
        if isinstance(its, Known) and mine.value.overlaps(its.value):
            yield Violation(
                added,
                f"{added.label} adds the range {mine.value}, which overlaps another range of "
                "the VPC:",
                chains=((added.label, str(mine.value), f"{its.value} of {owner.label}"),),
                parties=(owner,),
                effect="AssociateVpcCidrBlock answers CidrConflict: CIDR range conflicts with "
                f"{its.value} with association ID vpc-cidr-assoc-...",
                fix="Add a range that does not overlap those of the VPC.",
            )
            return


def _having_ranges_before(added: Resource, stack: Stack) -> Iterator[Resource]:
    """What gives the VPC of an added range one that it certainly has by then: the VPC itself, where
    the stack shows it, and what adds to it before."""
    home = stack.reference(added, "vpcId")
    yield from possible(home) if isinstance(home, Target) else ()
    for other in before(added, stack.of(VPC_CIDR)):
        is_of_it = same(stack.reference(other, "vpcId"), home) is True
        if is_of_it and other.shares_region_with(added) is not False:
            yield other


_CHECKS: Final[Mapping[str, Callable[[Resource, Model], Iterator[Outcome]]]] = {
    SUBNET: fits_its_vpc,
    VPC_CIDR: is_apart_from_the_others,
    INSTANCE: has_addresses_of_its_subnet,
    NETWORK_INTERFACE: has_addresses_of_its_subnet,
}


def fits(part: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """Ranges and addresses must be where they belong, and apart from each other."""
    return _CHECKS[part.kind](part, model)


DB_SUBNET_GROUP_ZONES = StackRule(
    name="db-subnet-group-zones",
    title="DB subnet group in two zones",
    description="A DB subnet group must cover at least two Availability Zones.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=("aws", "rds", "docdb", "neptune", "vpc", "disaster-recovery"),
    evidence=(
        Evidence(
            effect=_not_enough("us-east-1a"),
            source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
            "USER_VPC.WorkingWithRDSInstanceinaVPC.html",
            date="2026-04-08",
            kind=Kind.DOCUMENTED,
        ),
        Evidence(
            effect="DBSubnetGroupDoesNotCoverEnoughAZs \u2013 also for DocumentDB and Neptune",
            source="CreateDBSubnetGroup of docdb and neptune; "
            "https://github.com/badmintoncryer/cdk-preflight",
            date="2026-09-22",
        ),
    ),
    fix="Add a subnet in a second Availability Zone to the group.",
    in_doubt="list the subnets themselves, and name the zone of each",
    kinds=(DB_SUBNET_GROUP, DOCDB_SUBNET_GROUP, NEPTUNE_SUBNET_GROUP),
    check=group_covers_two_zones,
)

SUBNET_CIDR = StackRule(
    name="subnet-cidr",
    title="Subnets within their VPC and apart from each other",
    description="A subnet must be within a range of its VPC, a private address within its "
    "subnet, and neither subnets nor ranges of a VPC may overlap.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=("aws", "ec2", "vpc", "disaster-recovery"),
    evidence=(
        Evidence(
            effect="InvalidSubnet.Range: The CIDR '10.10.1.0/24' is invalid.",
            source="https://github.com/pulumi/pulumi-awsx/issues/111",
            date="2019-01-18",
        ),
        Evidence(
            effect="InvalidSubnet.Conflict: The CIDR '10.0.102.0/24' conflicts with another subnet",
            source="https://github.com/hashicorp/terraform/issues/33470",
            date="2023-07-03",
        ),
        Evidence(
            effect="CidrConflict: CIDR range conflicts with 10.99.0.0/16 with association ID "
            "vpc-cidr-assoc-...",
            source="https://github.com/badmintoncryer/cdk-preflight "
            "(pf-ec2-vpc-cidr-block-overlap)",
            date="2026-09-08",
        ),
        Evidence(
            effect="InvalidParameterValue: Address does not fall within the subnet's address range",
            source="https://github.com/badmintoncryer/cdk-preflight "
            "(pf-ec2-eni-private-ip-in-subnet)",
            date="2026-09-08",
        ),
    ),
    fix="Choose a range inside one of the VPC's ranges, or add a range to the VPC "
    "(VpcIpv4CidrBlockAssociation).",
    in_doubt="state the cidrBlock of the VPC, and add further ranges of it in this stack",
    kinds=tuple(_CHECKS),
    check=fits,
)
