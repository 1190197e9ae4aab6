"""VPC peering: accepted where it must be, ranges that are apart, routes on both sides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Stack
from tests import aws
from tests.support import DOUBT, findings, run, verdict, verdicts

ACCEPTED = "vpc-peering-accepted"
OVERLAP = "vpc-peering-cidr-overlap"
ROUTES = "vpc-peering-routes"

Build = Callable[[Stack], Any]

EAST = "us-east-1"
WEST = "eu-west-1"
NATIVE = "aws-native:ec2:VpcPeeringConnection"


def two_regions(stack: Stack) -> tuple[Made, Made]:
    """A VPC in us-east-1 and one in eu-west-1, each by the provider of its region."""
    with aws.region(stack, WEST):
        west = aws.vpc(stack, "west", "10.1.0.0/16")
    return aws.vpc(stack, "east"), west


def one_region(stack: Stack) -> tuple[Made, Made]:
    return aws.vpc(stack, "east"), aws.vpc(stack, "west", "10.1.0.0/16")


def accept(stack: Stack, of: Made | Output | str, where: str | None = WEST, **inputs: Any) -> Made:
    with aws.region(stack, where):
        return aws.accepter(stack, "accept", of, **{"autoAccept": True, **inputs})


def across(stack: Stack, **inputs: Any) -> Made:
    """The peering as it should be across regions, but for the accepter."""
    return aws.peering(stack, "peering", *two_regions(stack), **{"peerRegion": WEST, **inputs})


def message(stack: Stack, policy: str) -> str:
    return next(each.message for each in run(stack) if each.policy == policy)


# --- accepted ------------------------------------------------------------------------------------


def accepted_in_the_peers_region(stack: Stack) -> None:
    accept(stack, across(stack))


def auto_accept_off_and_an_accepter(stack: Stack) -> None:
    accept(stack, across(stack, autoAccept=False))


def region_of_each_resource(stack: Stack) -> None:
    """pulumi-aws 7: one provider, a region on each resource."""
    east = aws.vpc(stack, "east", region=EAST)
    west = aws.vpc(stack, "west", "10.1.0.0/16", region=WEST)
    made = aws.peering(stack, "peering", east, west, region=EAST, peerRegion=WEST)
    accept(stack, made, EAST, region=WEST)


def accepts_itself_within_a_region(stack: Stack) -> None:
    aws.peering(stack, "peering", *one_region(stack), autoAccept=True)


def accepts_itself_where_no_region_is_known(stack: Stack) -> None:
    """The region comes from a shared profile; both VPCs are the same provider's."""
    with aws.region(stack, None):
        aws.peering(stack, "peering", *one_region(stack), autoAccept=True)


def accepter_within_a_region(stack: Stack) -> None:
    accept(stack, aws.peering(stack, "peering", *one_region(stack)), EAST)


def accepter_within_a_region_that_is_not_known(stack: Stack) -> None:
    with aws.region(stack, None):
        accept(stack, aws.peering(stack, "peering", *one_region(stack)), None)


def own_account_as_peer_owner(stack: Stack) -> None:
    aws.peering(stack, "peering", *one_region(stack), autoAccept=True, peerOwnerId="111122223333")


def accepter_of_somebody_elses_peering(stack: Stack) -> None:
    accept(stack, "pcx-0a")


def foreign_peer_with_an_accepter_in_its_region(stack: Stack) -> None:
    east = aws.vpc(stack, "east")
    accept(stack, aws.peering(stack, "peering", east, "vpc-0a", peerRegion=WEST))


def native_accepts_on_its_own(stack: Stack) -> None:
    east, west = two_regions(stack)
    inputs = {"vpcId": east.id, "peerVpcId": west.id, "peerRegion": WEST}
    stack.add(NATIVE, "peering", inputs, computed={"awsId": "pcx-1"})


def native_vpcs_in_one_region(stack: Stack) -> None:
    east, west = (
        stack.add("aws-native:ec2:Vpc", name, {"cidrBlock": cidr}, computed={"vpcId": name})
        for name, cidr in (("east", "10.0.0.0/16"), ("west", "10.1.0.0/16"))
    )
    inputs = {"vpcId": east.output("vpcId"), "peerVpcId": west.output("vpcId")}
    stack.add(NATIVE, "peering", inputs, computed={"awsId": "pcx-1"})


@pytest.mark.parametrize(
    "build",
    [
        accepted_in_the_peers_region,
        auto_accept_off_and_an_accepter,
        region_of_each_resource,
        accepts_itself_within_a_region,
        accepts_itself_where_no_region_is_known,
        accepter_within_a_region,
        accepter_within_a_region_that_is_not_known,
        own_account_as_peer_owner,
        accepter_of_somebody_elses_peering,
        foreign_peer_with_an_accepter_in_its_region,
        native_accepts_on_its_own,
        native_vpcs_in_one_region,
    ],
)
def test_a_peering_that_somebody_accepts_passes(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, ACCEPTED) == {"passes"}


def nobody_accepts_across_regions(stack: Stack) -> None:
    across(stack)


def nobody_accepts_within_a_region(stack: Stack) -> None:
    aws.peering(stack, "peering", *one_region(stack))


def nobody_accepts_where_no_region_is_known(stack: Stack) -> None:
    with aws.region(stack, None):
        nobody_accepts_within_a_region(stack)


def accepter_without_auto_accept(stack: Stack) -> None:
    accept(stack, across(stack), autoAccept=None)


def accepter_with_auto_accept_off(stack: Stack) -> None:
    accept(stack, across(stack), autoAccept=False)


def accepter_in_the_requesters_region(stack: Stack) -> None:
    accept(stack, across(stack), EAST)


def accepter_of_another_peering(stack: Stack) -> None:
    across(stack)
    accept(stack, "pcx-0a")


def accepts_itself_across_regions(stack: Stack) -> None:
    across(stack, autoAccept=True)


def accepts_itself_across_regions_with_an_accepter(stack: Stack) -> None:
    accept(stack, across(stack, autoAccept=True))


def accepts_itself_with_a_foreign_peer_elsewhere(stack: Stack) -> None:
    """The provider refuses, whoever the peer is."""
    aws.peering(
        stack, "peering", aws.vpc(stack, "east"), "vpc-0a", peerRegion=WEST, autoAccept=True
    )


def no_peer_region(stack: Stack) -> None:
    accept(stack, aws.peering(stack, "peering", *two_regions(stack)))


def no_peer_region_and_accepts_itself(stack: Stack) -> None:
    aws.peering(stack, "peering", *two_regions(stack), autoAccept=True)


def no_peer_region_with_a_region_of_each_resource(stack: Stack) -> None:
    east = aws.vpc(stack, "east", region=EAST)
    west = aws.vpc(stack, "west", "10.1.0.0/16", region=WEST)
    aws.peering(stack, "peering", east, west, region=EAST, autoAccept=True)


def wrong_peer_region(stack: Stack) -> None:
    accept(stack, across(stack, peerRegion="eu-central-1"))


def native_without_peer_region(stack: Stack) -> None:
    east, west = two_regions(stack)
    inputs = {"vpcId": east.id, "peerVpcId": west.id}
    stack.add(NATIVE, "peering", inputs, computed={"awsId": "pcx-1"})


@pytest.mark.parametrize(
    "build",
    [
        nobody_accepts_across_regions,
        nobody_accepts_within_a_region,
        nobody_accepts_where_no_region_is_known,
        accepter_without_auto_accept,
        accepter_with_auto_accept_off,
        accepter_in_the_requesters_region,
        accepter_of_another_peering,
        accepts_itself_across_regions,
        accepts_itself_across_regions_with_an_accepter,
        accepts_itself_with_a_foreign_peer_elsewhere,
        no_peer_region,
        no_peer_region_and_accepts_itself,
        no_peer_region_with_a_region_of_each_resource,
        wrong_peer_region,
        native_without_peer_region,
    ],
)
def test_a_peering_that_can_never_become_active_is_rejected(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, ACCEPTED) == {"rejects peering"}


def foreign_peer(stack: Stack) -> None:
    aws.peering(stack, "peering", aws.vpc(stack, "east"), "vpc-0a", peerRegion=WEST)


def foreign_peer_in_the_same_region_it_seems(stack: Stack) -> None:
    aws.peering(stack, "peering", aws.vpc(stack, "east"), "vpc-0a", autoAccept=True)


def peer_from_another_stack(stack: Stack) -> None:
    aws.peering(stack, "peering", aws.vpc(stack, "east"), UNKNOWN)


def peer_of_another_account(stack: Stack) -> None:
    across(stack, peerOwnerId="444455556666")


def peer_owner_from_elsewhere(stack: Stack) -> None:
    across(stack, peerOwnerId=UNKNOWN)


def accepter_with_unknown_auto_accept(stack: Stack) -> None:
    accept(stack, across(stack), autoAccept=Output(True))


def accepter_of_an_unknown_peering(stack: Stack) -> None:
    across(stack)
    accept(stack, UNKNOWN)


def accepter_in_an_unknown_region(stack: Stack) -> None:
    accept(stack, across(stack), None)


def a_script_that_may_accept_it(stack: Stack) -> None:
    made = across(stack)
    stack.add("command:local:Command", "accept", {"create": made.id})


@pytest.mark.parametrize(
    "build",
    [
        foreign_peer,
        foreign_peer_in_the_same_region_it_seems,
        peer_from_another_stack,
        peer_of_another_account,
        peer_owner_from_elsewhere,
        accepter_in_an_unknown_region,
        a_script_that_may_accept_it,
    ],
)
def test_an_acceptance_that_the_stack_does_not_show_is_not_decided(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, ACCEPTED) == {"cannot tell peering"}


def unknown_auto_accept(stack: Stack) -> None:
    aws.peering(stack, "peering", *one_region(stack), autoAccept=Output(True))


@pytest.mark.parametrize(
    ("build", "later"),
    [
        pytest.param(accepter_with_unknown_auto_accept, "passes", id="accepter's autoAccept"),
        pytest.param(accepter_of_an_unknown_peering, "rejects peering", id="accepter's peering"),
        pytest.param(unknown_auto_accept, "passes", id="the peering's own autoAccept"),
    ],
)
def test_a_value_that_only_the_deployment_tells_is_decided_then(build: Build, later: str) -> None:
    stack = Stack()
    build(stack)
    assert verdict(stack, ACCEPTED) == "cannot tell peering"
    assert verdict(stack, ACCEPTED, deployed=True) == later


def test_one_accepter_in_the_right_place_is_enough() -> None:
    stack = Stack()
    made = across(stack)
    aws.accepter(stack, "here", made, autoAccept=True)
    accept(stack, made)
    assert verdicts(stack, ACCEPTED) == {"passes"}


def test_an_unknown_auto_accept_beside_a_peer_region_may_be_refused() -> None:
    stack = Stack()
    accept(stack, across(stack, autoAccept=Output(False)))
    assert verdict(stack, ACCEPTED) == "cannot tell peering"
    assert verdict(stack, ACCEPTED, deployed=True) == "passes"


def test_a_peering_that_works_already_was_accepted_by_somebody() -> None:
    stack = Stack()
    across(stack).outputs["acceptStatus"] = "active"
    assert verdict(stack, ACCEPTED) == "rejects peering"
    assert verdict(stack, ACCEPTED, deployed=True) == "passes"


def test_a_peer_region_beside_auto_accept_is_refused_within_one_region_too() -> None:
    stack = Stack()
    aws.peering(stack, "peering", *one_region(stack), peerRegion=EAST, autoAccept=True)
    assert verdict(stack, ACCEPTED) == "rejects peering"
    assert verdict(stack, ACCEPTED, shows_inputs=False) == "rejects peering"
    assert "Leave peerRegion out" in message(stack, ACCEPTED)
    # AWS says a peerRegion of every connection: without the inputs nothing tells who said it.
    assert verdict(stack, ACCEPTED, deployed=True, shows_inputs=False) == "passes"


def test_a_region_that_nothing_states_tells_nothing_of_who_set_the_peer_region() -> None:
    """What AWS computes was taken for the program's where the peering's region is not known."""
    stack = Stack(region=None)
    peering = aws.peering(stack, "peering", *one_region(stack), autoAccept=True)
    peering.outputs["peerRegion"] = EAST
    assert verdict(stack, ACCEPTED, deployed=True) == "passes"
    assert verdict(stack, ACCEPTED, deployed=True, shows_inputs=False) == "passes"


def test_an_unknown_peer_region_is_not_decided() -> None:
    stack = Stack()
    across(stack, peerRegion=UNKNOWN, autoAccept=True)
    assert verdict(stack, ACCEPTED) == "cannot tell peering"


def test_one_defect_is_one_finding_where_the_provider_of_the_peering_was_forgotten() -> None:
    stack = Stack()
    with aws.region(stack, WEST):
        west = aws.vpc(stack, "west", "10.1.0.0/16")
        other = aws.vpc(stack, "other", "10.2.0.0/16")
    aws.peering(stack, "peering", west, other, autoAccept=True)
    assert verdicts(stack, ACCEPTED) == {"passes"}


def test_the_message_says_who_does_not_accept_and_what_aws_does() -> None:
    stack = Stack()
    accepter_in_the_requesters_region(stack)
    said = message(stack, ACCEPTED)
    assert "VPC peering peering is never accepted:" in said
    assert (
        "VPC peering peering -> VPC peering accepter accept -> "
        "is in us-east-1, but the peer is in eu-west-1"
    ) in said
    assert "pending-acceptance" in said
    assert "autoAccept set to true" in said


def test_the_message_says_where_aws_looks_for_the_peer() -> None:
    stack = Stack()
    no_peer_region(stack)
    said = message(stack, ACCEPTED)
    assert (
        "peering sets no peerRegion, so AWS looks for its peer in us-east-1, "
        "but VPC west is in eu-west-1:"
    ) in said
    assert "Set peerRegion to eu-west-1" in said


def test_the_message_quotes_the_provider() -> None:
    stack = Stack()
    accepts_itself_across_regions(stack)
    said = message(stack, ACCEPTED)
    assert "`peer_region` cannot be set whilst `auto_accept` is `true`" in said
    assert "VPC peering accepter" in said


def one_peer_in_another_region(stack: Stack) -> Output:
    _, west = two_regions(stack)
    return Output.all(west.id, aws.vpc(stack, "near", "10.2.0.0/16").id)


def one_peer_that_overlaps(stack: Stack) -> Output:
    _, west = one_region(stack)
    return Output.all(aws.vpc(stack, "twin").id, west.id)


@pytest.mark.parametrize(
    ("peers", "policy", "why"),
    [
        (one_peer_in_another_region, ACCEPTED, "which of several VPCs is its peer is not known"),
        (one_peer_that_overlaps, OVERLAP, "which of several VPCs it connects is not known"),
    ],
)
def test_one_of_several_peers_may_not_be_the_one(
    peers: Callable[[Stack], Output], policy: str, why: str
) -> None:
    stack = Stack()
    peer = peers(stack).element(1)
    aws.peering(stack, "peering", aws.named(stack, "east"), peer, autoAccept=True)
    assert verdict(stack, policy) == "cannot tell peering"
    assert why in message(stack, DOUBT)
    assert verdict(stack, policy, deployed=True) == "passes"


# --- ranges --------------------------------------------------------------------------------------


def peered(stack: Stack, east: str, west: str, *more: tuple[str, str]) -> None:
    """Two peered VPCs with these ranges; `more` are VPC and secondary range."""
    vpcs = {"east": aws.vpc(stack, "east", east), "west": aws.vpc(stack, "west", west)}
    for number, (name, cidr) in enumerate(more):
        inputs = {"vpcId": vpcs[name].id, "cidrBlock": cidr}
        token = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"
        stack.add(token, f"secondary-{number}", inputs)
    aws.peering(stack, "peering", vpcs["east"], vpcs["west"], autoAccept=True)


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        pytest.param(("10.0.0.0/16", "10.1.0.0/16"), "passes", id="neighbours"),
        pytest.param(("10.0.0.0/16", "10.0.0.0/16"), "rejects peering", id="the same range"),
        pytest.param(("10.0.0.0/8", "10.1.0.0/16"), "rejects peering", id="one inside the other"),
        pytest.param(("10.0.0.0/16", "ten"), "cannot tell peering", id="not a range"),
        pytest.param(
            ("10.0.0.0/16", "10.1.0.0/16", ("east", "100.64.0.0/16"), ("west", "100.65.0.0/16")),
            "passes",
            id="secondary ranges apart",
        ),
        pytest.param(
            ("10.0.0.0/16", "10.1.0.0/16", ("west", "10.0.128.0/20")),
            "rejects peering",
            id="a secondary range inside the other VPC",
        ),
        pytest.param(
            ("10.0.0.0/16", "10.1.0.0/16", ("east", "100.64.0.0/16"), ("west", "100.64.0.0/24")),
            "rejects peering",
            id="secondary ranges that overlap",
        ),
    ],
)
def test_ranges_of_peered_vpcs_must_not_overlap(ranges: Any, expected: str) -> None:
    stack = Stack()
    peered(stack, *ranges)
    assert verdicts(stack, OVERLAP) == {expected}


def test_two_vpcs_of_one_range_that_are_not_peered_are_nobodys_concern() -> None:
    stack = Stack()
    aws.vpc(stack, "east")
    aws.vpc(stack, "west")
    assert findings(stack) == set()


def test_secondary_ranges_of_the_other_dialect_count() -> None:
    stack = Stack()
    east, west = one_region(stack)
    inputs = {"vpcId": west.id, "cidrBlock": "10.0.128.0/20"}
    stack.add("aws-native:ec2:VpcCidrBlock", "secondary", inputs)
    stack.add(NATIVE, "peering", {"vpcId": east.id, "peerVpcId": west.id})
    assert verdicts(stack, OVERLAP) == {"rejects peering"}


def test_a_range_that_is_not_known_is_not_decided() -> None:
    stack = Stack()
    west = stack.add("aws:ec2/vpc:Vpc", "west", {"ipv4IpamPoolId": "ipam-1"})
    aws.peering(stack, "peering", aws.vpc(stack, "east"), west, autoAccept=True)
    assert verdicts(stack, OVERLAP) == {"cannot tell peering"}


def test_a_peer_of_another_stack_has_ranges_that_are_not_known() -> None:
    stack = Stack()
    foreign_peer(stack)
    assert verdicts(stack, OVERLAP) == {"cannot tell peering"}


def test_a_certain_overlap_stays_one_whatever_else_is_unknown() -> None:
    stack = Stack()
    peered(stack, "10.0.0.0/16", "10.0.0.0/16", ("west", "ten"))
    assert verdicts(stack, OVERLAP) == {"rejects peering"}


def test_a_vpc_that_seems_to_be_peered_with_itself_is_one_of_several() -> None:
    """Both come out of one map of VPCs, to which the program has added one that is looked up."""
    stack = Stack()
    east = aws.vpc(stack, "east")
    aws.peering(stack, "peering", east, Output("vpc-elsewhere", (east,)), autoAccept=True)
    assert verdict(stack, OVERLAP) == "cannot tell peering"


def test_the_message_names_both_ranges_and_who_states_them() -> None:
    stack = Stack()
    peered(stack, "10.0.0.0/16", "10.1.0.0/16", ("west", "10.0.128.0/20"))
    said = message(stack, OVERLAP)
    assert "VPC peering peering -> VPC east -> 10.0.0.0/16" in said
    assert "secondary-0 -> 10.0.128.0/20" in said
    assert "failed" in said


# --- routes --------------------------------------------------------------------------------------


def sides(stack: Stack) -> tuple[Made, Made, Made]:
    """The peering across regions, accepted, and its two VPCs."""
    made = across(stack)
    accept(stack, made)
    by_name = {each.name: each for each in stack.resources}
    return made, by_name["east"], by_name["west"]


def in_west(stack: Stack, make: Callable[..., Made], *arguments: Any, **inputs: Any) -> Made:
    with aws.region(stack, WEST):
        return make(stack, *arguments, **inputs)


def to_west(through: Output) -> dict[str, Any]:
    return {"destinationCidrBlock": "10.1.0.0/16", "vpcPeeringConnectionId": through}


def to_east(through: Output) -> dict[str, Any]:
    return {"destinationCidrBlock": "10.0.0.0/16", "vpcPeeringConnectionId": through}


def route_back(stack: Stack, table: Any, peering: Made) -> None:
    """In the region in which the peering is accepted a route waits for that."""
    route = in_west(stack, aws.route, "back", table, **to_east(peering.id))
    route.depends_on = (aws.named(stack, "accept"),)


def route_resources(stack: Stack) -> None:
    made, east, west = sides(stack)
    aws.route(stack, "there", aws.table(stack, "east-table", east), **to_west(made.id))
    route_back(stack, in_west(stack, aws.table, "west-table", west), made)


def inline_routes(stack: Stack) -> None:
    made, east, west = sides(stack)
    pcx = {"vpcPeeringConnectionId": made.id}
    aws.table(stack, "east-table", east, [{"cidrBlock": "10.1.0.0/16", **pcx}])
    west_table = in_west(
        stack, aws.table, "west-table", west, [{"cidrBlock": "10.0.0.0/16", **pcx}]
    )
    west_table.depends_on = (aws.named(stack, "accept"),)


def through_the_accepter(stack: Stack) -> None:
    """`accepter.vpc_peering_connection_id` and `accepter.id` are the connection's id."""
    _, east, west = sides(stack)
    accepter = aws.named(stack, "accept")
    aws.route(stack, "there", aws.table(stack, "east-table", east), **to_west(accepter.id))
    table = in_west(stack, aws.table, "west-table", west)
    through = accepter.output("vpcPeeringConnectionId")
    in_west(stack, aws.route, "back", table, **to_east(through))


def on_the_main_tables(stack: Stack) -> None:
    made, east, west = sides(stack)
    aws.route(stack, "there", east.output("mainRouteTableId"), **to_west(made.id))
    route_back(stack, west.output("defaultRouteTableId"), made)


def two_peerings_in_one_table(stack: Stack) -> None:
    """A hub whose inline routes name both connections."""
    hub = aws.vpc(stack, "hub", "10.9.0.0/16")
    spokes = one_region(stack)
    made = [aws.peering(stack, f"to-{each.name}", hub, each, autoAccept=True) for each in spokes]
    aws.table(
        stack,
        "hub-table",
        hub,
        [
            {"cidrBlock": f"10.{number}.0.0/16", "vpcPeeringConnectionId": each.id}
            for number, each in enumerate(made)
        ],
    )
    for spoke, each in zip(spokes, made, strict=True):
        block = {"cidrBlock": "10.9.0.0/16", "vpcPeeringConnectionId": each.id}
        aws.table(stack, f"{spoke.name}-table", spoke, [block])


def blocks_that_arrive_as_one_unknown(stack: Stack) -> None:
    made, east, west = sides(stack)
    pcx = {"vpcPeeringConnectionId": made.id}
    blocks = [{"cidrBlock": "10.0.0.0/15", **pcx}]
    whole: Any = Output(blocks, (made,))
    aws.table(stack, "east-table", east, whole and blocks)
    with aws.region(stack, WEST):
        stack.add(
            "aws:ec2/routeTable:RouteTable", "west-table", {"vpcId": west.id, "routes": whole}
        )


def tables_of_a_component(stack: Stack) -> None:
    """Which of the VPC's tables is not known, but it is one of the VPC's."""
    made, east, west = sides(stack)
    tables = [aws.table(stack, f"east-{number}", east) for number in range(3)]
    listed = Output.all(*aws.ids(*tables))
    aws.route(stack, "there", listed.element(0), **to_west(made.id))
    route_back(stack, in_west(stack, aws.table, "west-table", west), made)


@pytest.mark.parametrize(
    "build",
    [
        route_resources,
        inline_routes,
        through_the_accepter,
        on_the_main_tables,
        two_peerings_in_one_table,
        blocks_that_arrive_as_one_unknown,
        tables_of_a_component,
    ],
)
def test_a_route_on_both_sides_passes(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, ROUTES) == {"passes"}
    assert findings(stack) == set()


def no_route_at_all(stack: Stack) -> None:
    sides(stack)


def only_there(stack: Stack) -> None:
    made, east, _ = sides(stack)
    aws.route(stack, "there", aws.table(stack, "east-table", east), **to_west(made.id))


def back_goes_to_the_nat_gateway(stack: Stack) -> None:
    made, east, west = sides(stack)
    aws.route(stack, "there", aws.table(stack, "east-table", east), **to_west(made.id))
    table = in_west(stack, aws.table, "west-table", west)
    in_west(stack, aws.route, "back", table, natGatewayId="nat-0a")


def back_goes_through_another_peering(stack: Stack) -> None:
    made, east, west = sides(stack)
    aws.route(stack, "there", aws.table(stack, "east-table", east), **to_west(made.id))
    with aws.region(stack, WEST):
        third = aws.vpc(stack, "third", "10.2.0.0/16")
        other = aws.peering(stack, "other", west, third, autoAccept=True)
        table = aws.table(stack, "west-table", west)
        aws.route(stack, "back", table, **to_east(other.id))
        aws.route(stack, "thence", aws.table(stack, "third-table", third), **to_west(other.id))


def both_routes_in_one_table(stack: Stack) -> None:
    made, east, _ = sides(stack)
    table = aws.table(stack, "east-table", east)
    aws.route(stack, "there", table, **to_west(made.id))
    aws.route(stack, "back", table, **to_east(made.id))


@pytest.mark.parametrize(
    "build",
    [
        no_route_at_all,
        only_there,
        back_goes_to_the_nat_gateway,
        back_goes_through_another_peering,
    ],
)
def test_a_side_without_a_route_is_rejected(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, ROUTES) == {"rejects peering"}
    assert findings(stack) == {(ROUTES, "peering")}


def test_a_route_in_the_table_of_the_wrong_side_is_refused_and_missing_on_the_other() -> None:
    stack = Stack()
    both_routes_in_one_table(stack)
    assert verdicts(stack, ROUTES) == {"rejects peering"}
    assert findings(stack) == {(ROUTES, "peering"), ("vpc-wiring", "back")}


def table_by_lookup(stack: Stack) -> None:
    made, east, _ = sides(stack)
    aws.route(stack, "there", aws.table(stack, "east-table", east), **to_west(made.id))
    in_west(stack, aws.route, "back", "rtb-0a", **to_east(made.id))


def table_from_elsewhere(stack: Stack) -> None:
    made, east, _ = sides(stack)
    aws.route(stack, "there", aws.table(stack, "east-table", east), **to_west(made.id))
    in_west(stack, aws.route, "back", UNKNOWN, **to_east(made.id))


def peer_elsewhere(stack: Stack) -> None:
    east = aws.vpc(stack, "east")
    made = aws.peering(stack, "peering", east, "vpc-0a", peerRegion=WEST)
    aws.route(stack, "there", aws.table(stack, "east-table", east), **to_west(made.id))


@pytest.mark.parametrize("build", [table_by_lookup, table_from_elsewhere, peer_elsewhere])
def test_a_table_that_the_stack_does_not_show_is_not_decided(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, ROUTES) == {"cannot tell peering"}


def test_a_table_that_is_looked_up_in_one_region_is_no_table_of_the_other() -> None:
    stack = Stack()
    made, _, _ = sides(stack)
    in_west(stack, aws.route, "back", "rtb-0a", **to_east(made.id))
    assert verdicts(stack, ROUTES) == {"rejects peering"}


def test_a_route_from_elsewhere_is_decided_once_it_is_known() -> None:
    stack = Stack()
    made, east, west = sides(stack)
    aws.route(stack, "there", aws.table(stack, "east-table", east), **to_west(made.id))
    in_west(stack, aws.route, "back", in_west(stack, aws.table, "t", west), **to_east(UNKNOWN))
    assert verdict(stack, ROUTES) == "cannot tell peering"
    assert verdict(stack, ROUTES, deployed=True) == "rejects peering"


def test_one_of_several_peers_with_a_route_is_not_decided() -> None:
    stack = Stack()
    east, west = one_region(stack)
    either = Output.all(west.id, aws.vpc(stack, "south", "10.2.0.0/16").id).element(0)
    made = aws.peering(stack, "peering", east, either, autoAccept=True)
    for home, cidr in ((east, "10.1.0.0/16"), (west, "10.0.0.0/16")):
        table = home.output("mainRouteTableId")
        aws.route(
            stack,
            f"{home.name}-there",
            table,
            destinationCidrBlock=cidr,
            vpcPeeringConnectionId=made.id,
        )
    assert verdict(stack, ROUTES) == "cannot tell peering"
    assert "which of several VPCs is its peer VPC is not known" in message(stack, DOUBT)


def test_native_routes_count() -> None:
    stack = Stack()
    east, west = one_region(stack)
    made = stack.add(
        NATIVE, "peering", {"vpcId": east.id, "peerVpcId": west.id}, computed={"awsId": "pcx-1"}
    )
    for side in (east, west):
        table = stack.add(
            "aws-native:ec2:RouteTable",
            f"{side.name}-table",
            {"vpcId": side.id},
            computed={"routeTableId": f"rtb-{side.name}"},
        )
        inputs = {
            "routeTableId": table.output("routeTableId"),
            "destinationCidrBlock": "10.0.0.0/8",
            "vpcPeeringConnectionId": made.output("awsId"),
        }
        stack.add("aws-native:ec2:Route", f"{side.name}-route", inputs)
    assert verdicts(stack, ROUTES) == {"passes"}


def test_a_route_that_was_made_in_the_wrong_region_is_not_missed_as_well() -> None:
    stack = Stack()
    made = across(stack)
    accept(stack, made)
    for name, cidr in (("east", "10.1.0.0/16"), ("west", "10.0.0.0/16")):
        home = next(each for each in stack.resources if each.name == name)
        with aws.region(stack, WEST if name == "west" else EAST):
            table = aws.table(stack, f"{name}-table", home)
        said = {"routeTableId": table.id, "vpcPeeringConnectionId": made.id}
        stack.add("aws:ec2/route:Route", f"{name}-route", {**said, "destinationCidrBlock": cidr})
    everything = [each for each in stack.resources if each.name != "west-route"]
    for existing in ([], everything):
        told = {(each.policy, each.resource) for each in run(stack, existing=existing)}
        assert told == {("region-local-references", "west-route")}  # Not even a doubt.


def test_the_message_names_the_side_and_the_limit_of_a_first_preview() -> None:
    stack = Stack()
    only_there(stack)
    said = message(stack, ROUTES)
    assert "one side does not have a route to it:" in said
    assert "VPC peering peering -> VPC west -> no route table with a route to the peering" in said
    assert "VPC east" not in said
    assert "inside an apply" in said


# --- malformed -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {"vpcId": None, "peerVpcId": None},
        {"vpcId": "vpc-0a", "peerVpcId": 7, "peerRegion": {}, "autoAccept": "perhaps"},
        {"vpcId": [], "peerVpcId": {}, "peerRegion": [], "autoAccept": []},
    ],
)
def test_a_malformed_peering_is_never_rejected(inputs: dict[str, Any]) -> None:
    stack = Stack()
    made = stack.add("aws:ec2/vpcPeeringConnection:VpcPeeringConnection", "peering", inputs)
    stack.add(
        "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
        "accept",
        {"vpcPeeringConnectionId": made.id, "autoAccept": {}},
    )
    stack.add(
        "aws:ec2/routeTable:RouteTable",
        "table",
        {"vpcId": None, "routes": {"cidrBlock": {}, "gatewayId": {"a": None}}},
    )
    assert findings(stack) == set()
    assert findings(stack, deployed=True, shows_inputs=False) == set()
