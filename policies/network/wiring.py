"""Networks that AWS puts together: what it ties once, and what cannot be tied.

EC2 takes one internet gateway a VPC, one association a subnet, one route a destination in a table,
one rule a number in a network ACL, and a permission of a security group once. Checks of routes,
security groups, network ACLs and mount targets are in modules of their names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from ..model import Model
from ..model.answers import No
from ..model.network.permissions import RULES as SECURITY_GROUP_RULES
from ..model.network.route_lists import led_to
from ..model.references import Reference, target
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.strangers import is_in_the_hands_of_others
from ..model.vocabulary import (
    DEFAULT_ROUTE_TABLE,
    INTERNET_GATEWAY,
    INTERNET_GATEWAY_ATTACHMENT,
    MOUNT_TARGET,
    NETWORK_ACL_RULE,
    ROUTE,
    ROUTE_TABLE,
    ROUTE_TABLE_ASSOCIATION,
    SECURITY_GROUP,
    TRANSIT_GATEWAY_ASSOCIATION,
    TRANSIT_GATEWAY_ATTACHMENT,
)
from ..rule import Evidence, Level, Outcome, Settings, Severity, StackRule, Violation
from .mount_targets import mounted_once_in_a_zone, mounted_where_it_is
from .network_acls import numbered_once
from .routes import in_reach, once_in_its_table
from .security_groups import names_groups_of_its_network, permits_once
from .transit_gateways import (
    ASSOCIATED,
    SAME_ZONE,
    has_one_subnet_a_zone,
    is_associated_once,
)

_Check = Callable[[Resource, Model], Iterator[Outcome]]

_APART: Final = (
    "InvalidParameterValue: route table rtb-... and network gateway igw-... belong to different "
    "networks"
)


def is_taken(part: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """What ties two parts of a network must be possible, and said once."""
    for check in _CHECKS[part.kind]:
        yield from check(part, model)


def _gateway_once(owner: Resource, model: Model) -> Iterator[Outcome]:
    """A VPC has one internet gateway, and a gateway one VPC."""
    for rival in model.wiring.rival_gateways(owner):
        yield Violation(
            owner,
            f"{owner.label} attaches a second internet gateway to a VPC that has one from "
            f"{rival.owner.label}.",
            effect="AttachInternetGateway answers InvalidParameterValue: Network vpc-... already "
            "has an internet gateway attached",
            fix="Use one internet gateway for all subnets of the VPC.",
            parties=(rival.owner,),
        )
        return
    for other in model.wiring.other_vpcs(owner):
        yield Violation(
            owner,
            f"{owner.label} attaches an internet gateway that {other.owner.label} attaches to "
            "another VPC.",
            effect="AttachInternetGateway answers Resource.AlreadyAssociated: resource igw-... "
            "is already attached to network vpc-...",
            fix="Create one internet gateway per VPC.",
            parties=(other.owner,),
        )
        return


def _leads_to_an_attached_gateway(owner: Resource, model: Model) -> Iterator[Outcome]:
    """A route leads to an internet gateway that is attached. `owner` is a route, or a table with
    the routes that are written inside."""
    loose = led_to(model.stack, owner, "gatewayId").surely_hit(
        lambda gateway: (
            _is_attached_by_nobody(gateway, model.stack)
            and owner.shares_region_with(gateway) is not False
        )
    )
    if loose and not _is_told_of_who_needs_it(model.wiring.vpc_of_table(owner), model):
        yield Violation(
            owner,
            f"{owner.label} leads to an internet gateway that nothing attaches to a VPC:",
            chains=((owner.label, loose[0].label, "no vpcId and no InternetGatewayAttachment"),),
            effect=f"CreateRoute answers {_APART}",
            fix="Set vpcId of the internet gateway to the VPC of the route table, or add an "
            "InternetGatewayAttachment and name it in the dependsOn option of the route.",
            parties=loose,
        )


def _is_attached_by_nobody(gateway: Resource, stack: Stack) -> bool:
    """Whether a gateway is new, and nothing in the stack can attach it."""
    return (
        gateway.kind == INTERNET_GATEWAY
        and gateway.is_new
        and isinstance(gateway.declares("vpcId"), No)
        and not any(stack.naming(gateway, "internetGatewayId", INTERNET_GATEWAY_ATTACHMENT))
        and not is_in_the_hands_of_others(stack, gateway)
    )


def _is_told_of_who_needs_it(home: Reference, model: Model) -> bool:
    """Whether the VPC has no gateway at all, and a load balancer or NAT gateway in it needs one:
    that is told of them."""
    vpc, network = target(home), model.network()
    return (
        vpc is not None
        and vpc.urn in network.users_of_gateways
        and isinstance(network.has_internet_gateway(vpc), No)
    )


def _association_once(association: Resource, model: Model) -> Iterator[Outcome]:
    """A subnet has one association. The same one twice is told by `network-risks`."""
    table = model.wiring.table_of(association)
    for other in model.wiring.associations.before(association):
        theirs = model.wiring.table_of(other)
        if None not in (table, theirs) and table != theirs:
            yield Violation(
                association,
                f"{association.label} associates a subnet that {other.label} already associates "
                "with another route table.",
                effect="AssociateRouteTable answers Resource.AlreadyAssociated: the specified "
                "association for route table rtb-... conflicts with an existing association",
                fix="Keep one of the two associations: a subnet has one route table.",
                parties=(other,),
            )
            return


def _attachment_once(attachment: Resource, model: Model) -> Iterator[Outcome]:
    """A VPC is attached once to a transit gateway."""
    for other in model.wiring.transit_gateway_attachments.before(attachment):
        yield Violation(
            attachment,
            f"{attachment.label} attaches a VPC to a transit gateway to which {other.label} "
            "already attaches it.",
            effect="CreateTransitGatewayVpcAttachment answers DuplicateTransitGatewayAttachment: "
            "tgw-... has non-deleted Transit Gateway Attachments with same VPC ID.",
            fix="Keep one attachment, with one subnet in each Availability Zone.",
            parties=(other,),
        )
        return


_CHECKS: Final[Mapping[str, tuple[_Check, ...]]] = {
    INTERNET_GATEWAY: (_gateway_once,),
    INTERNET_GATEWAY_ATTACHMENT: (_gateway_once,),
    ROUTE_TABLE_ASSOCIATION: (_association_once,),
    ROUTE: (in_reach, once_in_its_table, _leads_to_an_attached_gateway),
    **dict.fromkeys((ROUTE_TABLE, DEFAULT_ROUTE_TABLE), (in_reach, _leads_to_an_attached_gateway)),
    NETWORK_ACL_RULE: (numbered_once,),
    SECURITY_GROUP: (names_groups_of_its_network,),
    **dict.fromkeys(SECURITY_GROUP_RULES, (permits_once, names_groups_of_its_network)),
    TRANSIT_GATEWAY_ATTACHMENT: (_attachment_once, has_one_subnet_a_zone),
    TRANSIT_GATEWAY_ASSOCIATION: (is_associated_once,),
    MOUNT_TARGET: (mounted_once_in_a_zone, mounted_where_it_is),
}

VPC_WIRING = StackRule(
    name="vpc-wiring",
    title="Network connections that AWS accepts",
    description="The parts of a network must not be connected twice, such as two internet "
    "gateways to a VPC, and routes and rules must have valid targets.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=("aws", "ec2", "vpc", "disaster-recovery"),
    evidence=(
        Evidence(
            effect="InvalidParameterValue: Network vpc-... already has an internet gateway "
            "attached",
            source="https://github.com/badmintoncryer/cdk-preflight (pf-ec2-vpc-single-igw)",
            date="2026-09-08",
        ),
        Evidence(
            effect="Resource.AlreadyAssociated: resource igw-... is already attached to network "
            "vpc-...",
            source="AttachInternetGateway, public deployment logs",
            date="2026-11-26",
        ),
        Evidence(
            effect=_APART,
            source="https://github.com/smoketurner/serverless-vpc-plugin/issues/147",
            date="2019-10-30",
        ),
        Evidence(
            effect="Resource.AlreadyAssociated: the specified association for route table rtb-... "
            "conflicts with an existing association",
            source="AssociateRouteTable, public deployment logs",
            date="2026-11-26",
        ),
        Evidence(
            effect="RouteAlreadyExists: The route identified by 0.0.0.0/0 already exists.",
            source="CreateRoute, public deployment logs; terraform-provider-aws, "
            "TestAccVPCRoute_duplicate",
            date="2026-11-26",
        ),
        Evidence(
            effect="InvalidParameterValue: The destination CIDR block 10.1.0.0/20 is equal to or "
            "more specific than one of this VPC's CIDR blocks. This route can target only an "
            "interface or an instance.",
            source="CreateRoute, public deployment logs",
            date="2026-11-26",
        ),
        Evidence(
            effect=SAME_ZONE,
            source="https://github.com/zoitech/terraform-aws-network/issues/46",
            date="2021-01-20",
        ),
        Evidence(
            effect='InvalidPermission.Duplicate: the specified rule "peer: 0.0.0.0/0, TCP, from '
            'port: 80, to port: 80, ALLOW" already exists',
            source="https://github.com/hashicorp/terraform-provider-aws/issues/22864",
            date="2022-02-01",
        ),
        Evidence(
            effect="InvalidGroup.NotFound: You have specified two resources that belong to "
            "different networks.",
            source="AuthorizeSecurityGroupIngress, public deployment logs",
            date="2026-11-26",
        ),
        Evidence(
            effect="NetworkAclEntryAlreadyExists: The network acl entry identified by 100 already "
            "exists.",
            source="https://github.com/badmintoncryer/cdk-preflight "
            "(pf-ec2-nacl-rule-number-unique)",
            date="2026-09-08",
        ),
        Evidence(
            effect="DuplicateTransitGatewayAttachment: tgw-... has non-deleted Transit Gateway "
            "Attachments with same VPC ID.",
            source="CreateTransitGatewayVpcAttachment, public deployment logs",
            date="2026-11-26",
        ),
        Evidence(
            effect=ASSOCIATED,
            source="https://github.com/cisagov/cool-assessment-terraform/issues/57",
            date="2020-06-25",
        ),
        Evidence(
            effect="MountTargetConflict: mount target already exists in this AZ",
            source="CreateMountTarget, public deployment logs",
            date="2026-11-26",
        ),
        Evidence(
            effect="File System Availability Zone does not match.",
            source="https://github.com/badmintoncryer/cdk-preflight "
            "(pf-efs-mount-target-availability-zone)",
            date="2026-09-06",
        ),
    ),
    fix="Connect each part once, and to a valid target.",
    in_doubt="name the parts of the network by their own outputs",
    kinds=tuple(_CHECKS),
    check=is_taken,
)
