"""What a network that exists may have in other hands, and what the stack runs itself.

Imports, refreshes and second previews: AWS is not asked again about what exists, and what a stack
does not show of an imported VPC may be there all the same.
"""

from __future__ import annotations

from typing import Any

import pytest

from policies.testing import Made, Output, Stack
from tests import aws
from tests.support import doubts, run, verdict

ALB = "alb-public-subnets"
NLB = "nlb-internet-gateway"
NAT = "nat-gateway-public-subnet"
CIDR = "subnet-cidr"
ORDER = "creation-order"
VPC = "vpc-local-references"
ROUTES = "vpc-peering-routes"
NETWORK = (ALB, NLB, NAT, CIDR)


def imported(stack: Stack, **computed: Any) -> tuple[Made, list[Made]]:
    """A VPC and its subnets, without anything that says how they are routed."""
    home = aws.vpc(stack)
    home.outputs.update(computed)
    return home, [
        aws.subnet(stack, f"app-{zone}", home, zone, cidrBlock=f"10.0.{number}.0/24")
        for number, zone in enumerate("ab")
    ]


def with_users(stack: Stack, subnets: list[Made]) -> None:
    """One of each that needs an internet gateway."""
    aws.balancer(stack, "alb", aws.ids(*subnets))
    aws.balancer(stack, "nlb", aws.ids(*subnets), loadBalancerType="network")
    aws.nat(stack, "nat", subnets[0])


def mandatory(stack: Stack, existing: list[Made]) -> set[tuple[str, str]]:
    found = run(stack, existing=existing)
    return {(each.policy, each.resource) for each in found if each.level == "mandatory"}


# --- what is in other hands ----------------------------------------------------------------------


def test_what_is_added_to_an_imported_network_is_not_rejected() -> None:
    stack = Stack()
    home, subnets = imported(stack)
    with_users(stack, subnets)
    assert mandatory(stack, [home, *subnets]) == set()
    assert doubts(stack, ALB, existing=[home, *subnets]) == {"alb"}
    assert mandatory(stack, list(stack.resources)) == set()
    assert verdict(stack, ALB) == "rejects alb"  # The same as a new stack.


def test_the_default_vpc_may_be_imported_like_any_other() -> None:
    stack = Stack()
    home, subnets = imported(stack)
    aws.balancer(stack, "alb", aws.ids(*subnets))
    assert verdict(stack, ALB, existing=[home, *subnets]) == "cannot tell alb"


@pytest.mark.parametrize(
    ("cidr", "expected"), [("172.31.0.0/16", "passes"), ("10.0.0.0/16", "rejects new")]
)
def test_what_lands_in_the_default_vpc_may_have_groups_of_an_imported_one(
    cidr: str, expected: str
) -> None:
    stack = Stack()
    home = aws.vpc(stack, cidr=cidr)
    group = stack.add("aws:ec2/securityGroup:SecurityGroup", "group", {"vpcId": home.id})
    stack.add("aws:ec2/instance:Instance", "new", {"vpcSecurityGroupIds": [group.id]})
    assert verdict(stack, VPC, existing=[home]) == expected
    assert verdict(stack, VPC) == "rejects new"  # A VPC that is made is not the default one.


def test_a_private_table_that_is_added_says_nothing_of_other_subnets() -> None:
    stack = Stack()
    home, subnets = imported(stack)
    private = aws.subnet(stack, "private", home, "a", cidrBlock="10.0.9.0/24")
    aws.associate(stack, "private-table", private, aws.table(stack, "private", home))
    with_users(stack, subnets)
    assert mandatory(stack, [home, *subnets]) == set()


def test_a_load_balancer_that_exists_proves_the_gateway() -> None:
    stack = Stack()
    home, subnets = imported(stack)
    old = aws.balancer(stack, "old", aws.ids(*subnets))
    aws.balancer(stack, "nlb", aws.ids(*subnets), loadBalancerType="network")
    assert verdict(stack, NLB, existing=[home, *subnets, old]) == "passes"
    assert verdict(stack, NLB, existing=[home, *subnets]) == "cannot tell nlb"


def test_a_new_subnet_with_a_table_of_its_own_is_certain() -> None:
    stack = Stack()
    home, _ = imported(stack)
    added = [
        aws.subnet(stack, f"new-{zone}", home, zone, cidrBlock=f"10.0.1{number}.0/24")
        for number, zone in enumerate("ab")
    ]
    table = aws.table(stack, "private", home)
    for each in added:
        aws.associate(stack, f"{each.name}-table", each, table)
    aws.balancer(stack, "alb", aws.ids(*added))
    assert verdict(stack, ALB, existing=[home]) == "rejects alb"


def test_ranges_may_have_been_added_to_an_imported_vpc() -> None:
    stack = Stack()
    home = aws.vpc(stack)
    aws.subnet(stack, "far", home, cidrBlock="100.64.0.0/24")
    assert verdict(stack, CIDR) == "rejects far"
    assert verdict(stack, CIDR, existing=[home]) == "cannot tell far"
    assert verdict(stack, CIDR, deployed=True) == "passes"


def test_a_subnet_that_exists_has_its_range_wherever_that_came_from() -> None:
    stack = Stack()
    home = aws.vpc(stack)
    igw = aws.gateway(stack, "igw", home)  # The stack runs the VPC, and another one adds ranges.
    far = aws.subnet(stack, "far", home, cidrBlock="100.64.0.0/24")
    assert verdict(stack, CIDR, existing=[home, igw]) == "rejects far"
    assert verdict(stack, CIDR, existing=[home, igw, far]) == "passes"


def test_the_new_one_of_two_subnets_that_overlap_is_rejected() -> None:
    stack = Stack()
    home = aws.vpc(stack)
    aws.subnet(stack, "a-new", home, cidrBlock="10.0.0.0/24")
    old = aws.subnet(stack, "z-old", home, cidrBlock="10.0.0.0/25")
    assert verdict(stack, CIDR, existing=[home, old]) == "rejects a-new"


# --- the main table ------------------------------------------------------------------------------


def main_table(stack: Stack, *, default: str = "rtb-main") -> tuple[list[Made], list[Made]]:
    """A main table that was imported as a RouteTable, with its route to a gateway elsewhere."""
    home, subnets = imported(stack, mainRouteTableId="rtb-main", defaultRouteTableId=default)
    table = aws.table(stack, "main", home, [{"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-0a"}])
    table.outputs["id"] = "rtb-main"
    return subnets, [home, *subnets, table]


@pytest.mark.parametrize("default", ["rtb-main", "rtb-born"])
def test_an_imported_main_table_serves_subnets_without_an_association(default: str) -> None:
    stack = Stack()
    subnets, existing = main_table(stack, default=default)
    with_users(stack, subnets)
    assert mandatory(stack, existing) == set()
    assert mandatory(stack, list(stack.resources)) == set()


@pytest.mark.parametrize(
    ("default", "expected"),
    [
        ("rtb-main", "passes"),
        # A program that no longer says which table is the main one gives the default one back.
        ("rtb-born", "cannot tell alb"),
    ],
)
def test_new_subnets_use_the_main_table_that_was_imported(default: str, expected: str) -> None:
    stack = Stack()
    subnets, existing = main_table(stack, default=default)
    aws.balancer(stack, "alb", aws.ids(*subnets))
    assert verdict(stack, ALB, existing=[e for e in existing if e not in subnets]) == expected


def test_new_subnets_of_an_imported_vpc_use_a_main_table_of_others() -> None:
    stack = Stack()
    home, subnets = imported(stack)
    aws.balancer(stack, "alb", aws.ids(*subnets))
    assert verdict(stack, ALB, existing=[home]) == "cannot tell alb"


def test_an_imported_subnet_may_have_an_association_that_the_stack_does_not_show() -> None:
    stack = Stack()
    home, subnets = imported(stack, mainRouteTableId="rtb-main", defaultRouteTableId="rtb-main")
    table = aws.table(stack, "main", home, [])
    table.outputs["id"] = "rtb-main"
    aws.balancer(stack, "alb", aws.ids(*subnets))
    assert verdict(stack, ALB, existing=[home, *subnets, table]) == "cannot tell alb"
    assert verdict(stack, ALB, existing=[home, table]) == "rejects alb"


def test_an_imported_main_table_without_a_route_is_certain() -> None:
    stack = Stack()
    home, subnets = imported(stack, mainRouteTableId="rtb-main", defaultRouteTableId="rtb-main")
    table = aws.table(stack, "main", home, [])
    table.outputs["id"] = "rtb-main"
    igw = aws.gateway(stack, "igw", home)
    aws.balancer(stack, "alb", aws.ids(*subnets))
    assert verdict(stack, ALB, existing=[home, *subnets, table, igw]) == "rejects alb"


def test_a_main_table_that_somebody_swapped_is_in_other_hands() -> None:
    stack = Stack()
    home, subnets = imported(stack, mainRouteTableId="rtb-0b", defaultRouteTableId="rtb-0a")
    igw = aws.gateway(stack, "igw", home)
    aws.balancer(stack, "alb", aws.ids(*subnets))
    assert verdict(stack, ALB, existing=[home, *subnets, igw]) == "cannot tell alb"


def test_a_literal_that_waits_for_a_resource_is_not_that_resource() -> None:
    for sends_id in (True, False):  # aws-native and some providers send no id in their outputs.
        stack = Stack()
        home, subnets = imported(stack)
        table = aws.table(stack, "private", home)
        for each in subnets:
            aws.associate(stack, f"{each.name}-table", each, table)
            if not sends_id:
                each.outputs.pop("id")
        literals = [Output(f"subnet-0{each.name[-1]}", (each,)) for each in subnets]
        aws.balancer(stack, "alb", literals)
        existing = [each for each in stack.resources if each.name != "alb"]
        assert verdict(stack, ALB, existing=existing) == "cannot tell alb"


# --- what the stack runs itself ------------------------------------------------------------------


def public_network(stack: Stack, *, route: bool, attach: bool = True) -> list[Made]:
    home, subnets = imported(stack)
    igw = aws.gateway(stack, "igw", None)
    igw.outputs["vpcId"] = home.outputs["id"]  # As a refresh writes it.
    if attach:
        aws.attachment(stack, "attached", igw, home)
    table = aws.table(stack, "public", home)
    copy = {"cidrBlock": "0.0.0.0/0", "gatewayId": igw.outputs["id"]}
    table.outputs["routes"] = [copy]  # As a refresh writes it.
    if route:
        destination = {"destinationCidrBlock": "0.0.0.0/0", "gatewayId": igw.id}
        aws.route(stack, "out", table, **destination)
    for each in subnets:
        aws.associate(stack, f"{each.name}-table", each, table)
    return subnets


@pytest.mark.parametrize(
    ("route", "attach", "expected"),
    [
        (True, True, set()),
        (False, True, {(ALB, "alb"), (NAT, "nat")}),
        (True, False, {(ALB, "alb"), (NLB, "nlb"), (NAT, "nat")}),
    ],
    ids=["nothing is removed", "the route is removed", "the attachment is removed"],
)
def test_the_copy_of_a_refresh_is_no_evidence_of_what_the_stack_manages(
    route: bool, attach: bool, expected: set[tuple[str, str]]
) -> None:
    stack = Stack()
    with_users(stack, public_network(stack, route=route, attach=attach))
    assert mandatory(stack, list(stack.resources)) == expected


def test_the_copy_of_a_route_to_a_foreign_gateway_is_evidence() -> None:
    stack = Stack()
    home, subnets = imported(stack)
    table = aws.table(stack, "public", home)
    table.outputs["routes"] = [{"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-0a"}]
    for each in subnets:
        aws.associate(stack, f"{each.name}-table", each, table)
    with_users(stack, subnets)
    assert mandatory(stack, list(stack.resources)) == set()


def test_a_stack_that_runs_its_network_stays_certain_on_its_second_preview() -> None:
    stack = Stack()
    home, subnets = imported(stack)
    igw = aws.gateway(stack, "igw", home)
    aws.balancer(stack, "alb", aws.ids(*subnets))
    aws.subnet(stack, "far", home, cidrBlock="192.168.0.0/24")
    existing = [home, *subnets, igw]
    assert verdict(stack, ALB, existing=existing) == "rejects alb"
    assert verdict(stack, CIDR, existing=existing) == "rejects far"


def test_what_was_cut_off_later_is_told_of_what_exists_in_other_words() -> None:
    stack = Stack()
    with_users(stack, public_network(stack, route=True, attach=False))
    found = run(stack, existing=list(stack.resources))
    texts = {each.policy: each.message for each in found}
    assert "CreateLoadBalancer" not in texts[NLB]
    assert "no client reaches it" in texts[NLB]
    assert "Gateway.NotAttached" not in texts[NAT]


# --- ways to other networks ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gateway", "expected"),
    [(True, "passes"), (False, "rejects nat")],
    ids=["a VPC with a gateway", "a VPC without one"],
)
@pytest.mark.parametrize(
    "target", [{"transitGatewayId": "tgw-0a"}, {"gatewayId": "vgw-0a"}], ids=["TGW", "VPN"]
)
def test_a_public_nat_gateway_may_serve_the_way_to_another_network(
    target: dict[str, str], gateway: bool, expected: str
) -> None:
    stack = Stack()
    home = aws.vpc(stack)
    if gateway:
        aws.gateway(stack, "igw", home)
    subnet = aws.subnet(stack, "app", home)
    table = aws.table(stack, "table", home, [{"cidrBlock": "192.168.0.0/16", **target}])
    aws.associate(stack, "association", subnet, table)
    aws.nat(stack, "nat", subnet)
    assert verdict(stack, NAT) == expected


# --- other VPCs ----------------------------------------------------------------------------------


def test_a_table_of_another_vpc_makes_no_subnet_public() -> None:
    stack = Stack()
    home, other = aws.vpc(stack), aws.vpc(stack, "other")
    aws.gateway(stack, "own", home)
    igw = aws.gateway(stack, "igw", other)
    table = aws.table(stack, "table", other, [{"cidrBlock": "0.0.0.0/0", "gatewayId": igw.id}])
    subnets = [aws.subnet(stack, f"app-{zone}", home, zone) for zone in "ab"]
    for each in subnets:
        aws.associate(stack, f"{each.name}-table", each, table)
    aws.balancer(stack, "alb", aws.ids(*subnets))
    assert verdict(stack, ALB) == "rejects alb"
    message = next(each.message for each in run(stack) if each.policy == ALB)
    assert "a table of another VPC than VPC main" in message


@pytest.mark.parametrize("kind", ["internet", "attached", "nat"])
def test_a_route_leads_to_a_gateway_of_its_own_vpc(kind: str) -> None:
    for of_another, expected in ((True, "rejects out"), (False, "passes")):
        stack = Stack()
        home, other = aws.vpc(stack), aws.vpc(stack, "other", "10.1.0.0/16")
        place = other if of_another else home
        table = aws.table(stack, "table", home)
        if kind == "nat":
            nat = aws.nat(stack, "nat", aws.subnet(stack, "public", place))
            leads = {"natGatewayId": nat.id}
        else:
            igw = aws.gateway(stack, "igw", place if kind == "internet" else None)
            if kind == "attached":
                aws.attachment(stack, "attached", igw, place)
            leads = {"gatewayId": igw.id}
        aws.route(stack, "out", table, destinationCidrBlock="0.0.0.0/0", **leads)
        assert verdict(stack, VPC) == expected
        assert verdict(stack, VPC, deployed=True) == "passes"


def test_a_route_of_an_adopted_table_leads_to_a_gateway_of_its_own_vpc() -> None:
    stack = Stack()
    home, other = aws.vpc(stack), aws.vpc(stack, "other", "10.1.0.0/16")
    token = "aws:ec2/defaultRouteTable:DefaultRouteTable"
    given = {"defaultRouteTableId": home.output("defaultRouteTableId")}
    table = stack.add(token, "adopted", given)
    igw = aws.gateway(stack, "igw", other)
    aws.route(stack, "out", table, destinationCidrBlock="0.0.0.0/0", gatewayId=igw.id)
    assert verdict(stack, VPC) == "rejects out"


def test_the_default_security_group_of_another_vpc_is_another_vpcs() -> None:
    for adopted in (True, False):
        for of_another, expected in ((True, "rejects alb"), (False, "passes")):
            stack = Stack()
            home, other = aws.vpc(stack), aws.vpc(stack, "other", "10.1.0.0/16")
            place = other if of_another else home
            subnets = [aws.subnet(stack, f"app-{zone}", home, zone) for zone in "ab"]
            if adopted:
                token = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
                group = stack.add(token, "default", {"vpcId": place.id}).id
            else:
                place.outputs["defaultSecurityGroupId"] = f"sg-{place.name}"
                group = place.output("defaultSecurityGroupId")
            aws.balancer(stack, "alb", aws.ids(*subnets), securityGroups=[group])
            assert verdict(stack, VPC) == expected


# --- peerings and order --------------------------------------------------------------------------


def test_a_route_for_the_vpcs_own_range_is_no_way_through_a_peering() -> None:
    for own, expected in ((True, "rejects peering"), (False, "passes")):
        stack = Stack()
        ranges = ("10.0.0.0/16", "10.1.0.0/16")
        vpcs = [aws.vpc(stack, f"vpc-{number}", cidr) for number, cidr in enumerate(ranges)]
        link = aws.peering(stack, "peering", *vpcs, autoAccept=True)
        for number, home in enumerate(vpcs):
            aws.route(
                stack,
                f"route-{number}",
                home.output("mainRouteTableId"),
                destinationCidrBlock=ranges[number if own else 1 - number],
                vpcPeeringConnectionId=link.id,
            )
        assert verdict(stack, ROUTES) == expected


def hasty(stack: Stack, **inputs: Any) -> tuple[Made, Made, list[Made]]:
    home = aws.vpc(stack)
    igw = aws.gateway(stack, "igw", home)
    return (
        home,
        igw,
        [
            aws.subnet(stack, f"app-{zone}", home, zone, cidrBlock=f"10.0.{number}.0/24", **inputs)
            for number, zone in enumerate("ab")
        ],
    )


@pytest.mark.parametrize(
    "listed",
    [
        lambda subnets: aws.ids(*subnets),
        lambda subnets: Output.all(*aws.ids(*subnets)),
        lambda subnets: [Output.all(*aws.ids(*subnets)).element(0)],
    ],
    ids=["a list", "one output", "an element"],
)
def test_whichever_subnets_are_meant_the_gateway_is_to_be_waited_for(listed: Any) -> None:
    stack = Stack()
    home, igw, subnets = hasty(stack)
    aws.balancer(stack, "web", listed(subnets))
    assert verdict(stack, ORDER) == "rejects main"  # Alone, too.
    aws.nat(stack, "nat", subnets[0])
    [told] = [each.message for each in run(stack) if each.policy == ORDER]
    for name in ("load balancer web", "NAT gateway nat"):
        assert f"{name} -> does not wait for -> internet gateway igw" in told
    assert verdict(stack, ORDER, existing=[home, igw, *subnets]) == "passes"
    assert verdict(stack, ORDER, deployed=True) == "passes"


def test_what_exists_need_not_wait_for_a_gateway_that_is_made_again() -> None:
    stack = Stack()
    home, _, subnets = hasty(stack)
    old = aws.balancer(stack, "old", aws.ids(*subnets))
    existing = [home, *subnets, old]
    assert verdict(stack, ORDER, existing=existing) == "passes"
    aws.nat(stack, "nat", subnets[0])
    [told] = [each.message for each in run(stack, existing=existing) if each.policy == ORDER]
    assert "NAT gateway nat -> does not wait for" in told
    assert "load balancer old" not in told


def test_the_provider_makes_public_subnets_slowly_enough() -> None:
    stack = Stack()
    _, _, subnets = hasty(stack, mapPublicIpOnLaunch=True)
    aws.balancer(stack, "web", aws.ids(*subnets))
    assert verdict(stack, ORDER) == "passes"
    aws.nat(stack, "nat", subnets[0])
    assert verdict(stack, ORDER) == "rejects main"
