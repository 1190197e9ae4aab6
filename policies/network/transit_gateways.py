"""Transit gateways: attachments and peerings that do not carry what they seem to.

A peering carries traffic when the other side has accepted it, and along static routes only: the
ranges behind it are not propagated.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..model import Model
from ..model.inputs import Declared
from ..model.network.peering import may_accept
from ..model.network.route_lists import led_to
from ..model.network.zones import doubled, with_zones
from ..model.references import Outside, Reference, Target, same, target
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.strangers import is_in_the_hands_of_others
from ..model.truth import Truth
from ..model.values import Absent, known_or_none
from ..model.vocabulary import (
    TRANSIT_GATEWAY,
    TRANSIT_GATEWAY_ACCEPTER,
    TRANSIT_GATEWAY_ATTACHMENT,
    TRANSIT_GATEWAY_PEERING,
    TRANSIT_GATEWAY_ROUTE,
)
from ..rule import Outcome, Violation

SAME_ZONE: Final = "DuplicateSubnetsInSameZone: Duplicate Subnets for same AZ"
ASSOCIATED: Final = (
    "Resource.AlreadyAssociated: Transit Gateway Attachment tgw-attach-... is already associated "
    "to a route table."
)
ASKED_HERE: Final = (
    "InvalidParameterValue: Cannot accept tgw-attach-... as the source of the peering request."
)
NOT_ATTACHED: Final = (
    "InvalidTransitGatewayID.NotFound: The transitGateway ID 'tgw-...' does not exist."
)
"""What CreateRoute answers where the table's VPC has no attachment to the gateway."""
PROPAGATION: Final = "aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation"
_ROUTE_TABLE: Final = "aws:ec2transitgateway/routeTable:RouteTable"
_VPC_ACCEPTER: Final = "aws:ec2transitgateway/vpcAttachmentAccepter:VpcAttachmentAccepter"
_PREFIX_LIST: Final = "aws:ec2transitgateway/prefixListReference:PrefixListReference"
_ATTACHMENTS: Final = (TRANSIT_GATEWAY_ATTACHMENT, TRANSIT_GATEWAY_PEERING)


def has_one_subnet_a_zone(attachment: Resource, model: Model) -> Iterator[Outcome]:
    """An attachment has one subnet in a zone."""
    where = model.stack.references(attachment, "subnetIds")
    shared = () if isinstance(where, Absent) else doubled(where)
    if shared:
        yield Violation(
            attachment,
            f"{attachment.label} has several subnets in one Availability Zone:",
            chains=with_zones(attachment, shared),
            effect=f"CreateTransitGatewayVpcAttachment answers {SAME_ZONE}",
            fix="Keep one subnet per Availability Zone; everything in the zone can use it.",
            parties=shared,
        )


def is_associated_once(association: Resource, model: Model) -> Iterator[Outcome]:
    """An attachment has one route table: the default one of its gateway, unless gateway or
    attachment leave that out. Of an old attachment the default association may be gone, and that of
    another account is left out where it is accepted."""
    stack = model.stack
    attachment = target(
        stack.reference(association, "transitGatewayAttachmentId", TRANSIT_GATEWAY_ATTACHMENT)
    )
    gateway = target(stack.reference(attachment, "transitGatewayId")) if attachment else None
    if attachment is None or gateway is None or not attachment.is_new:
        return
    if any(stack.of(_VPC_ACCEPTER)) or is_in_the_hands_of_others(stack, attachment):
        return
    is_default = (
        ~Declared(gateway).says("defaultRouteTableAssociation", "disable")
        & Declared(attachment).is_true("transitGatewayDefaultRouteTableAssociation", default=True)
        & ~Declared(association).is_true("replaceExistingAssociation")
    )
    if is_default is Truth.TRUE:
        yield Violation(
            association,
            f"{association.label} associates an attachment that is associated with the default "
            "route table of its transit gateway already:",
            chains=((association.label, attachment.label, gateway.label),),
            effect=f"AssociateTransitGatewayRouteTable answers {ASSOCIATED}",
            fix="Set transitGatewayDefaultRouteTableAssociation of the attachment to false, "
            "defaultRouteTableAssociation of the transit gateway to disable, or "
            "replaceExistingAssociation of the association to true.",
            parties=(attachment, gateway),
        )


def is_accepted(peering: Resource, model: Model) -> Iterator[Outcome]:
    """A peering of transit gateways works when the other side has accepted it."""
    stack = model.stack
    if (
        target(stack.reference(peering, "peerTransitGatewayId")) is None
        or peering.sets("peerAccountId")
        or any(stack.naming(peering, "transitGatewayAttachmentId", TRANSIT_GATEWAY_ACCEPTER))
        or any(map(may_accept, stack.dependents(peering)))
    ):
        return
    yield Violation(
        peering,
        f"{peering.label} connects two transit gateways of this stack, but nothing in the stack "
        "accepts it.",
        effect="leaves the attachment in the state pendingAcceptance, in which it carries no "
        "traffic.",
        fix="Add a PeeringAttachmentAccepter with the provider for the peer's region.",
    )


def is_accepted_by_the_peer(accepter: Resource, model: Model) -> Iterator[Outcome]:
    """A peering with another region is accepted there, not where it was asked for."""
    named = model.stack.reference(accepter, "transitGatewayAttachmentId", TRANSIT_GATEWAY_PEERING)
    peering = target(named)
    peer = known_or_none(peering.text("peerRegion")) if peering is not None else None
    here = known_or_none(accepter.region)
    if peering is None or peer is None or here is None or peer == here:
        return
    if accepter.shares_region_with(peering):
        yield Violation(
            accepter,
            f"{accepter.label} accepts {peering.label} in {here}, where it was asked for; the peer "
            f"is in {peer}.",
            effect=f"AcceptTransitGatewayPeeringAttachment answers {ASKED_HERE}",
            fix=f"Create the accepter with the provider for {peer}.",
            parties=(peering,),
        )


def is_routed_both_ways(peering: Resource, model: Model) -> Iterator[Outcome]:
    """An accepted peering between new gateways is routed on both sides. Who routes to it on one
    side does so in this stack, and nobody else has a route table of a new gateway."""
    stack = model.stack
    sides = [
        target(stack.reference(peering, name, TRANSIT_GATEWAY))
        for name in ("transitGatewayId", "peerTransitGatewayId")
    ]
    accepters = list(stack.naming(peering, "transitGatewayAttachmentId", TRANSIT_GATEWAY_ACCEPTER))
    if not any(is_certain for _, is_certain in accepters):
        return
    if any(map(may_accept, _dependents(stack, peering, *(each for each, _ in accepters)))):
        return
    near, far = sides
    for one, other in ((near, far), (far, near)):
        if one is None or other is None or one is other or not _is_all_in_the_stack(stack, one):
            continue
        routes = list(_routes_to(stack, peering))
        here = [_is_of(stack, route, one, other) for route, _ in routes]
        there = [
            is_certain and _is_of(stack, route, other, one) is True for route, is_certain in routes
        ]
        if any(there) and all(each is False for each in here):
            yield Violation(
                peering,
                f"{peering.label} is routed on one side only:",
                chains=((peering.label, one.label, "no route to the peering"),),
                effect="propagates no routes over a peering: the traffic that comes in finds no "
                "way back.",
                fix=f"Add an ec2transitgateway Route to the peering in the route table of "
                f"{one.label}.",
                parties=(one,),
            )


def _dependents(stack: Stack, *resources: Resource) -> Iterator[Resource]:
    for each in resources:
        yield from stack.dependents(each)


def _is_all_in_the_stack(stack: Stack, gateway: Resource) -> bool:
    """Whether nothing but resources that are read can give the gateway routes."""
    return (
        gateway.is_new
        and not is_in_the_hands_of_others(stack, gateway)
        and not any(map(may_accept, stack.dependents(gateway)))
    )


def _routes_to(stack: Stack, peering: Resource) -> Iterator[tuple[Resource, bool]]:
    """What leads to the peering, for sure (True) or for all that is known (False)."""
    for route in stack.of(TRANSIT_GATEWAY_ROUTE, _PREFIX_LIST):
        named = stack.reference(route, "transitGatewayAttachmentId", *_ATTACHMENTS)
        is_certain = same(named, Target(peering))
        if is_certain is not False and not isinstance(named, Absent):
            yield route, is_certain is True


def _is_of(stack: Stack, route: Resource, gateway: Resource, other: Resource) -> bool | None:
    """Whether a route is in a table of the gateway, and not of the one at the peering's other end;
    None where that cannot be told."""
    answer = same(_gateway_of(stack, route), Target(gateway))
    if answer is not None:
        return answer
    if route.shares_region_with(gateway) is False:
        return False
    apart = gateway.shares_region_with(other) is False
    return True if apart and route.shares_region_with(gateway) else None


def _gateway_of(stack: Stack, route: Resource) -> Reference:
    """The gateway of the table that a route is in; what a gateway says is its default table."""
    name = "transitGatewayRouteTableId"
    match stack.reference(route, name, _ROUTE_TABLE, TRANSIT_GATEWAY):
        case Target(table) if table.kind == _ROUTE_TABLE:
            found = stack.reference(table, "transitGatewayId", TRANSIT_GATEWAY)
            return found if isinstance(found, Target) else Outside()
        case Target() as gateway:
            return gateway
    return Outside()


def propagates_no_peering(propagation: Resource, model: Model) -> Iterator[Outcome]:
    """A peering has no routes that it could propagate."""
    named = model.stack.reference(propagation, "transitGatewayAttachmentId", *_ATTACHMENTS)
    attachment = target(named)
    if attachment is not None and attachment.kind == TRANSIT_GATEWAY_PEERING:
        yield Violation(
            propagation,
            f"{propagation.label} propagates the routes of {attachment.label}, which has none.",
            effect="supports static routes only over a peering of transit gateways.",
            fix="Add an ec2transitgateway Route to the peering in place of the propagation.",
            parties=(attachment,),
        )


def is_attached_where_it_leads(owner: Resource, model: Model) -> Iterator[Outcome]:
    """A route to a transit gateway needs an attachment of the table's VPC. `owner` is a route, or a
    table with the routes that are written inside."""
    stack = model.stack
    home = target(model.wiring.vpc_of_table(owner))
    if home is None:
        return
    for gateway in led_to(stack, owner, "transitGatewayId").certain:
        if gateway.is_new and not any(
            same(stack.reference(each, "vpcId"), Target(home)) is not False
            for each, _ in stack.naming(gateway, "transitGatewayId", TRANSIT_GATEWAY_ATTACHMENT)
        ):
            yield Violation(
                owner,
                f"{owner.label} leads to a transit gateway to which its VPC is not attached:",
                chains=((owner.label, gateway.label, f"no attachment of {home.label}"),),
                effect=f"CreateRoute answers {NOT_ATTACHED}",
                fix=f"Attach {home.label} to the transit gateway, and name the attachment in the "
                f"dependsOn option of {owner.label}.",
                parties=(gateway,),
            )
