"""What needs a gateway, and gets there before the gateway is attached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ..model import Model
from ..model.answers import No
from ..model.network.route_lists import led_to
from ..model.references import Reference, identity, same, target
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.vocabulary import (
    DEFAULT_ROUTE_TABLE,
    EIP,
    EIP_ASSOCIATION,
    INSTANCE,
    INTERNET_GATEWAY,
    INTERNET_GATEWAY_ATTACHMENT,
    LOAD_BALANCER,
    NAT_GATEWAY,
    NETWORK_INTERFACE,
    ROUTE,
    ROUTE_TABLE,
    SUBNET,
    VPN_GATEWAY,
    VPN_GATEWAY_ATTACHMENT,
)
from ..model.words import enumerated
from ..network.transit_gateways import NOT_ATTACHED
from ..rule import Violation
from .race import Needed, waits

_WITHOUT_GATEWAY: Final = {
    LOAD_BALANCER: "CreateLoadBalancer answers InvalidSubnet: VPC vpc-... has no internet gateway.",
    NAT_GATEWAY: "The NAT gateway ends in the state failed with Gateway.NotAttached.",
}


def behind_a_gateway(vpc: Resource, model: Model) -> Iterator[Violation]:
    """Everything new in a VPC that does not wait for its new internet gateway."""
    network = model.network()
    attachments = network.gateways.attachments_of(vpc)
    if not attachments or not all(each.is_new for each in attachments):
        return  # What is attached already need not be waited for.
    hasty = [
        user.resource
        for user in network.users_of_gateways.get(vpc.urn, ())
        if user.resource.is_new
        and not user.comes_late
        and not waits(user.resource, attachments, model)
    ]
    if hasty:
        kinds = sorted({each.kind for each in hasty})
        yield Violation(
            vpc,
            f"{vpc.label} gets an internet gateway, and what needs the gateway does not wait for "
            "it:",
            chains=tuple((each.label, "does not wait for", attachments[0].label) for each in hasty),
            effect=" ".join(_WITHOUT_GATEWAY[kind] for kind in kinds),
            fix=f"Name {attachments[0].label} in the dependsOn option of "
            f"{enumerated([each.label for each in hasty])}.",
            parties=tuple(hasty),
        )


# --- routes ---------------------------------------------------------------------------------------

_ATTACHED_BY: Final[Mapping[str, tuple[str, str]]] = {
    INTERNET_GATEWAY: ("internetGatewayId", INTERNET_GATEWAY_ATTACHMENT),
    VPN_GATEWAY: ("vpnGatewayId", VPN_GATEWAY_ATTACHMENT),
}
"""What attaches a gateway to a VPC, by the gateway's kind, and the property that names it."""
_PREFIXES: Final[Mapping[str, str]] = {INTERNET_GATEWAY: "igw", VPN_GATEWAY: "vgw"}


def _routed_too_early(gateway: str) -> str:
    return (
        f"InvalidParameterValue: route table rtb-... and network gateway {_PREFIXES[gateway]}-... "
        "belong to different networks"
    )


ROUTED_TOO_EARLY: Final = _routed_too_early(INTERNET_GATEWAY)


def attached_gateway(owner: Resource, model: Model) -> Iterator[Needed]:
    """A route leads to a gateway that is attached by then. `owner` is a route, or a table with the
    routes that are written inside."""
    home = model.wiring.vpc_of_table(owner)
    for gateway in led_to(model.stack, owner, "gatewayId").certain:
        attachments = list(_attachments(gateway, home, model.stack))
        if attachments and isinstance(gateway.declares("vpcId"), No):
            yield Needed(
                f"until {gateway.label} is attached",
                f"CreateRoute answers {_routed_too_early(gateway.kind)}",
                attachments,
            )


def _attachments(gateway: Resource, vpc: Reference, stack: Stack) -> Iterator[Resource]:
    """What attaches the gateway; to another VPC than the table's, it is told elsewhere."""
    name, kind = _ATTACHED_BY[gateway.kind]
    for attachment, is_certain in stack.naming(gateway, name, kind):
        if is_certain and same(stack.reference(attachment, "vpcId"), vpc) is not False:
            yield attachment


def attached_transit_gateway(owner: Resource, model: Model) -> Iterator[Needed]:
    """A route leads to a transit gateway to which the table's VPC is attached by then. `owner` is a
    route, or a table with the routes that are written inside."""
    home = model.wiring.vpc_of_table(owner)
    led = led_to(model.stack, owner, "transitGatewayId")
    for gateway in dict.fromkeys(map(identity, led.elements)):
        ends = (identity(home), gateway)
        attachments = model.wiring.transit_gateway_attachments.saying(ends)
        if attachments:
            yield Needed(
                "until its VPC is attached to the transit gateway",
                f"CreateRoute answers {NOT_ATTACHED} The provider repeats the call for five "
                "minutes; an attachment can take longer.",
                attachments,
            )


# --- addresses ------------------------------------------------------------------------------------

_HOLDERS: Final[Mapping[str, Sequence[tuple[str, str]]]] = {
    EIP: (("instance", INSTANCE), ("networkInterface", NETWORK_INTERFACE)),
    EIP_ASSOCIATION: (("instanceId", INSTANCE), ("networkInterfaceId", NETWORK_INTERFACE)),
}
"""What an Elastic IP is given to, by the property that names it."""
WITHOUT_GATEWAY: Final = (
    "Gateway.NotAttached: Network vpc-... is not attached to any internet gateway"
)


def gateway_of_an_address(address: Resource, model: Model) -> Iterator[Needed]:
    """What gets an Elastic IP is in a VPC with an internet gateway by then."""
    stack = model.stack
    for name, kind in _HOLDERS[address.kind]:
        holder = target(stack.reference(address, name, kind))
        subnet = target(stack.reference(holder, "subnetId", SUBNET)) if holder else None
        vpc = target(stack.reference(subnet, "vpcId")) if subnet else None
        if vpc is None:
            continue
        attachments = model.network().gateways.attachments_of(vpc)
        if attachments or isinstance(model.network().has_internet_gateway(vpc), No):
            yield Needed(
                f"for {'the' if attachments else 'any'} internet gateway of {vpc.label}",
                f"AssociateAddress answers {WITHOUT_GATEWAY}",
                attachments,
                otherwise=f"an InternetGateway, which {vpc.label} lacks",
            )


NEEDS: Final = {
    **dict.fromkeys(
        (ROUTE, ROUTE_TABLE, DEFAULT_ROUTE_TABLE), (attached_gateway, attached_transit_gateway)
    ),
    **dict.fromkeys(_HOLDERS, (gateway_of_an_address,)),
}
"""What to ask about resources of these kinds."""
