"""network-risks of peerings between transit gateways: what leads to them, and what propagates."""

from __future__ import annotations

from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Stack
from tests import aws
from tests.support import run, verdict, verdicts

POLICY = "network-risks"
HUB = "aws:ec2transitgateway/transitGateway:TransitGateway"
TABLE = "aws:ec2transitgateway/routeTable:RouteTable"
ROUTE = "aws:ec2transitgateway/route:Route"
LIST = "aws:ec2transitgateway/prefixListReference:PrefixListReference"
PROPAGATION = "aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation"
ATTACHMENT = "aws:ec2transitgateway/vpcAttachment:VpcAttachment"
PEERING = "aws:ec2transitgateway/peeringAttachment:PeeringAttachment"
ACCEPTER = "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter"
FAR = "us-west-2"


class Hubs:
    """Two transit gateways, each with a route table, and an accepted peering of the two."""

    def __init__(self, region: str = FAR, accepted: Any = True) -> None:
        self.stack = Stack()
        self.regions = {"near": "us-east-1", "far": region}
        self.hubs, self.tables = dict[str, Made](), dict[str, Made]()
        for side, where in self.regions.items():
            self.hubs[side] = self.stack.add(HUB, side, {"description": side}, region=where)
            said = {"transitGatewayId": self.hubs[side].id}
            self.tables[side] = self.stack.add(TABLE, f"{side}-table", said, region=where)
        ends = {
            "transitGatewayId": self.hubs["near"].id,
            "peerTransitGatewayId": self.hubs["far"].id,
        }
        self.peering = self.stack.add(PEERING, "it", {**ends, "peerRegion": region})
        if accepted:
            what = self.peering.id if accepted is True else accepted
            accepts = {"transitGatewayAttachmentId": what}
            self.accepter = self.stack.add(ACCEPTER, "accepter", accepts, region=region)

    def route(self, side: str, to: Any = None, table: Any = None, kind: str = ROUTE) -> Made:
        said = {
            "transitGatewayAttachmentId": self.peering.id if to is None else to,
            "transitGatewayRouteTableId": self.tables[side].id if table is None else table,
        }
        where = (
            {"destinationCidrBlock": "10.9.0.0/16"} if kind == ROUTE else {"prefixListId": "pl-1"}
        )
        made = self.stack.add(kind, f"{side}-route", {**said, **where}, region=self.regions[side])
        made.depends_on = (self.accepter,)
        return made


@pytest.mark.parametrize("region", [FAR, "us-east-1"])
@pytest.mark.parametrize("side", ["near", "far"])
def test_a_peering_that_is_routed_on_one_side_is_told(side: str, region: str) -> None:
    hubs = Hubs(region)
    hubs.route(side)
    assert verdicts(hubs.stack, POLICY) == {"rejects it"}


@pytest.mark.parametrize("kind", [ROUTE, LIST])
def test_a_peering_that_is_routed_on_both_sides_passes(kind: str) -> None:
    hubs = Hubs()
    hubs.route("near", kind=kind)
    hubs.route("far", to=hubs.accepter.id)
    assert verdicts(hubs.stack, POLICY) == {"passes"}


def test_a_route_in_the_default_table_counts() -> None:
    for region in (FAR, "us-east-1"):
        hubs = Hubs(region)
        hubs.route("near")
        hubs.route("far", table=hubs.hubs["far"].output("associationDefaultRouteTableId"))
        assert verdict(hubs.stack, POLICY) == "passes"
    hubs = Hubs()
    hubs.route("near", table=hubs.hubs["near"].output("associationDefaultRouteTableId"))
    assert verdict(hubs.stack, POLICY) == "rejects it"


@pytest.mark.parametrize("side", ["near", "far"])
def test_the_side_of_a_table_that_is_not_known_is_told_by_its_region(side: str) -> None:
    for region, expected in ((FAR, "rejects it"), ("us-east-1", "passes")):
        hubs = Hubs(region)
        hubs.route(side, table="tgw-rtb-1")
        assert verdict(hubs.stack, POLICY) == expected


def test_a_peering_that_nobody_routes_to_may_be_routed_elsewhere() -> None:
    assert verdicts(Hubs().stack, POLICY) == {"passes"}


def test_a_route_that_may_be_the_missing_one_counts() -> None:
    hubs = Hubs("us-east-1")
    hubs.route("near")
    hubs.route("far", table=UNKNOWN)
    assert verdict(hubs.stack, POLICY) == "passes"
    hubs = Hubs()
    hubs.route("near")
    hubs.route("far", to=UNKNOWN)
    assert verdict(hubs.stack, POLICY) == "passes"


def test_a_route_of_either_table_counts_for_both() -> None:
    hubs = Hubs("us-east-1")
    either = Output.all(hubs.tables["near"].id, hubs.tables["far"].id)
    hubs.route("near")
    hubs.route("far", table=either.element(1))
    assert verdict(hubs.stack, POLICY) == "passes"


def test_a_route_to_something_else_does_not_count() -> None:
    hubs = Hubs()
    hubs.route("near")
    hubs.route("far", to="tgw-attach-other")
    assert verdict(hubs.stack, POLICY) == "rejects it"


@pytest.mark.parametrize("accepted", [False, "tgw-attach-other", UNKNOWN])
def test_what_is_not_accepted_here_is_no_matter_of_routes(accepted: Any) -> None:
    hubs = Hubs(accepted=accepted)
    hubs.accepter = hubs.peering
    hubs.route("near")
    messages = [each.message for each in run(hubs.stack) if each.policy == POLICY]
    assert not any("on one side only" in each for each in messages)


def test_a_script_or_a_template_may_add_the_route() -> None:
    for name in ("peering", "accepter"):
        hubs = Hubs()
        hubs.route("near")
        hubs.stack.add("command:local:Command", "run", {}, depends_on=[getattr(hubs, name)])
        assert verdict(hubs.stack, POLICY) == "passes"
    hubs = Hubs()
    hubs.route("near")
    template = "aws:cloudformation/stack:Stack"
    hubs.stack.add(template, "more", {"name": "more"}, depends_on=[hubs.hubs["far"]])
    assert verdict(hubs.stack, POLICY) == "passes"


def test_a_gateway_that_exists_may_have_routes_of_others() -> None:
    hubs = Hubs()
    hubs.route("near")
    assert verdict(hubs.stack, POLICY, existing=[hubs.hubs["far"]]) == "passes"


def test_the_message_names_the_side_without_a_route() -> None:
    hubs = Hubs()
    hubs.route("near")
    (said,) = [each.message for each in run(hubs.stack) if each.policy == POLICY]
    assert "Peering attachment it is routed on one side only" in said
    assert "it -> transit gateway far -> no route to the peering" in said


# --- propagation ----------------------------------------------------------------------------------


def propagating(attachment: Any) -> Stack:
    hubs = Hubs()
    home = aws.vpc(hubs.stack)
    said = {"vpcId": home.id, "transitGatewayId": hubs.hubs["near"].id, "subnetIds": ["subnet-1"]}
    vpc = hubs.stack.add(ATTACHMENT, "vpc", said)
    either = Output.all(vpc.id, hubs.peering.id).element(0)
    named = {"peering": hubs.peering.id, "accepter": hubs.accepter.id, "vpc": vpc.id}
    what = {**named, "either": either}.get(attachment, attachment) if attachment else attachment
    said = {
        "transitGatewayAttachmentId": what,
        "transitGatewayRouteTableId": hubs.tables["near"].id,
    }
    hubs.stack.add(PROPAGATION, "propagated", said)
    return hubs.stack


@pytest.mark.parametrize("attachment", ["peering", "accepter"])
def test_the_propagation_of_a_peering_is_told(attachment: str) -> None:
    stack = propagating(attachment)
    assert verdicts(stack, POLICY) == {"rejects propagated"}
    (said,) = [each.message for each in run(stack) if each.policy == POLICY]
    assert "propagates the routes of peering attachment it" in said


@pytest.mark.parametrize("attachment", ["vpc", "either", "tgw-attach-1", UNKNOWN, None, 7])
def test_the_propagation_of_others_passes(attachment: Any) -> None:
    assert verdict(propagating(attachment), POLICY) == "passes"


@pytest.mark.parametrize("kind", [PEERING, PROPAGATION, ROUTE, LIST, ACCEPTER])
@pytest.mark.parametrize("value", [None, "", 7, [None], {"x": None}, True])
def test_malformed_properties_do_not_raise(kind: str, value: Any) -> None:
    hubs = Hubs()
    hubs.route("near")
    hubs.route("far")
    names = ("transitGatewayAttachmentId", "transitGatewayRouteTableId", "transitGatewayId")
    hubs.stack.add(kind, "other", dict.fromkeys((*names, "peerTransitGatewayId"), value))
    assert verdict(hubs.stack, POLICY) == "passes"


@pytest.mark.parametrize(
    ("accepter", "peer", "expected"),
    [
        ("us-east-1", FAR, "rejects it"),
        (FAR, FAR, "passes"),
        ("us-east-1", "us-east-1", "passes"),
        ("us-east-1", UNKNOWN, "passes"),
        ("eu-west-1", FAR, "passes"),
    ],
)
def test_a_peering_is_accepted_in_the_peer_s_region(
    accepter: str, peer: Any, expected: str
) -> None:
    stack = Stack()
    said = {"transitGatewayId": "tgw-1", "peerTransitGatewayId": "tgw-2", "peerRegion": peer}
    peering = stack.add(PEERING, "peering", said)
    stack.add(ACCEPTER, "it", {"transitGatewayAttachmentId": peering.id}, region=accepter)
    assert verdict(stack, POLICY) == expected
    assert verdict(stack, POLICY, deployed=True) == "passes"
