"""alb-public-subnets, in every way in which programs write a public subnet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.serving.servicer import PreflightServicer
from policies.testing import UNKNOWN, Made, Output, Stack
from tests import aws
from tests.support import first_verdicts, run, verdict, verdicts

POLICY = "alb-public-subnets"
Build = Callable[[Stack], None]


def three_subnets(stack: Stack, home: Made) -> list[Made]:
    return [aws.subnet(stack, f"app-{zone}", home, zone) for zone in "abc"]


def with_routes(stack: Stack, make: Callable[[Made, Made], Made], **balancer: Any) -> None:
    """A VPC with a gateway, a table that `make` makes, three associations and an ALB."""
    home = aws.vpc(stack)
    igw = aws.gateway(stack, "igw", home)
    public = make(home, igw)
    subnets = three_subnets(stack, home)
    for each in subnets:
        aws.associate(stack, f"{each.name}-table", each, public)
    given = {"subnets": aws.ids(*subnets), **balancer}
    aws.balancer(stack, "alb", given.pop("subnets"), **given)


def inline(stack: Stack, **route: Any) -> Callable[[Made, Made], Made]:
    return lambda home, igw: aws.table(
        stack, "public", home, [{"cidrBlock": "0.0.0.0/0", "gatewayId": igw.id, **route}]
    )


def inline_routes(stack: Stack) -> None:
    with_routes(stack, inline(stack))


def route_resource(stack: Stack) -> None:
    def make(home: Made, igw: Made) -> Made:
        public = aws.table(stack, "public", home)
        aws.route(stack, "default", public, gatewayId=igw.id)
        return public

    with_routes(stack, make)


def alb_token(stack: Stack) -> None:
    with_routes(stack, inline(stack), token="alb")


def subnet_mappings(stack: Stack) -> None:
    home = aws.vpc(stack)
    igw = aws.gateway(stack, "igw", home)
    public = inline(stack)(home, igw)
    subnets = three_subnets(stack, home)
    for each in subnets:
        aws.associate(stack, f"{each.name}-table", each, public)
    mappings = [{"subnetId": each.id} for each in subnets]
    aws.balancer(stack, "alb", None, subnetMappings=mappings)


def main_table_swapped(stack: Stack) -> None:
    home = aws.vpc(stack)
    igw = aws.gateway(stack, "igw", home)
    public = inline(stack)(home, igw)
    stack.add(
        "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation",
        "main",
        {"vpcId": home.id, "routeTableId": public.id},
    )
    aws.balancer(stack, "alb", aws.ids(*three_subnets(stack, home)))


def default_table_adopted(stack: Stack) -> None:
    home = aws.vpc(stack)
    igw = aws.gateway(stack, "igw", home)
    stack.add(
        "aws:ec2/defaultRouteTable:DefaultRouteTable",
        "main-table",
        {
            "defaultRouteTableId": home.output("defaultRouteTableId"),
            "routes": [{"cidrBlock": "0.0.0.0/0", "gatewayId": igw.id}],
        },
        computed={"vpcId": "vpc-main", "id": "rtb-main-main"},
    )
    aws.balancer(stack, "alb", aws.ids(*three_subnets(stack, home)))


def route_on_main_table(stack: Stack) -> None:
    home = aws.vpc(stack)
    igw = aws.gateway(stack, "igw", home)
    aws.route(stack, "default", home.output("mainRouteTableId"), gatewayId=igw.id)
    aws.balancer(stack, "alb", aws.ids(*three_subnets(stack, home)))


def gateway_attachment(stack: Stack) -> None:
    home = aws.vpc(stack)
    igw = aws.gateway(stack, "igw", None)
    aws.attachment(stack, "attached", igw, home)
    public = aws.table(stack, "public", home)
    aws.route(stack, "default", public, gatewayId=igw.id)
    subnets = three_subnets(stack, home)
    for each in subnets:
        aws.associate(stack, f"{each.name}-table", each, public)
    aws.balancer(stack, "alb", aws.ids(*subnets))


def split_default_route(stack: Stack) -> None:
    def make(home: Made, igw: Made) -> Made:
        public = aws.table(stack, "public", home)
        for half in ("0.0.0.0/1", "128.0.0.0/1"):
            aws.route(stack, half, public, gatewayId=igw.id, destinationCidrBlock=half)
        return public

    with_routes(stack, make)


def ipv6_only_with_ipv6_route(stack: Stack) -> None:
    def make(home: Made, igw: Made) -> Made:
        return aws.table(stack, "public", home, [{"ipv6CidrBlock": "::/0", "gatewayId": igw.id}])

    with_routes(stack, make, ipAddressType="dualstack-without-public-ipv4")


def through_a_component(stack: Stack) -> None:
    """Ids out of Output.all(...).apply(...), one by one into the associations."""
    home = aws.vpc(stack)
    igw = aws.gateway(stack, "igw", home)
    public = inline(stack)(home, igw)
    subnets = three_subnets(stack, home)
    listed = Output.all(*aws.ids(*subnets))
    for position in range(3):
        aws.associate(stack, f"table-{position}", listed.element(position), public)
    aws.balancer(stack, "alb", listed)


def vpc_id_read_off_the_gateway(stack: Stack) -> None:
    home = aws.vpc(stack)
    igw = aws.gateway(stack, "igw", home)
    vpc_id = Output("vpc-main", (igw,))
    public = aws.table(stack, "public", vpc_id)
    aws.route(stack, "default", public, gatewayId=igw.id)
    subnets = [aws.subnet(stack, f"app-{zone}", vpc_id, zone) for zone in "abc"]
    for each in subnets:
        aws.associate(stack, f"{each.name}-table", each, public)
    aws.balancer(stack, "alb", aws.ids(*subnets))


def default_vpc(stack: Stack) -> None:
    home = stack.add("aws:ec2/defaultVpc:DefaultVpc", "default", {"tags": {}})
    aws.balancer(stack, "alb", aws.ids(*three_subnets(stack, home)))


def internal_without_gateway(stack: Stack) -> None:
    home = aws.vpc(stack)
    aws.balancer(stack, "alb", aws.ids(*three_subnets(stack, home)), internal=True)


def network_load_balancer(stack: Stack) -> None:
    home = aws.vpc(stack)
    igw = aws.gateway(stack, "igw", home)
    aws.route(stack, "unused", aws.table(stack, "public", home), gatewayId=igw.id)
    subnets = three_subnets(stack, home)
    aws.balancer(stack, "nlb", aws.ids(*subnets), loadBalancerType="network")


@pytest.mark.parametrize(
    "build",
    [
        inline_routes,
        route_resource,
        alb_token,
        subnet_mappings,
        main_table_swapped,
        default_table_adopted,
        route_on_main_table,
        gateway_attachment,
        split_default_route,
        ipv6_only_with_ipv6_route,
        vpc_id_read_off_the_gateway,
        through_a_component,
        default_vpc,
        internal_without_gateway,
        network_load_balancer,
    ],
)
def test_a_subnet_that_leads_to_a_gateway_passes(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, POLICY) == {"passes"}


def no_gateway(stack: Stack) -> None:
    home = aws.vpc(stack)
    aws.balancer(stack, "alb", aws.ids(*three_subnets(stack, home)))


def no_route(stack: Stack) -> None:
    with_routes(stack, lambda home, igw: aws.table(stack, "public", home))


def empty_inline_routes(stack: Stack) -> None:
    with_routes(stack, lambda home, igw: aws.table(stack, "public", home, []))


def nat_route(stack: Stack) -> None:
    def make(home: Made, igw: Made) -> Made:
        nat = stack.add("aws:ec2/natGateway:NatGateway", "nat", {"connectivityType": "private"})
        return aws.table(
            stack, "public", home, [{"cidrBlock": "0.0.0.0/0", "natGatewayId": nat.id}]
        )

    with_routes(stack, make)


def vpn_gateway(stack: Stack) -> None:
    def make(home: Made, igw: Made) -> Made:
        vpn = stack.add("aws:ec2/vpnGateway:VpnGateway", "vpn", {"vpcId": home.id})
        public = aws.table(stack, "public", home)
        aws.route(stack, "default", public, gatewayId=vpn.id)
        return public

    with_routes(stack, make)


def ipv6_route_only(stack: Stack) -> None:
    def make(home: Made, igw: Made) -> Made:
        return aws.table(stack, "public", home, [{"ipv6CidrBlock": "::/0", "gatewayId": igw.id}])

    with_routes(stack, make, ipAddressType="ipv4")


def route_to_a_foreign_gateway(stack: Stack) -> None:
    other = aws.vpc(stack, "other", "10.9.0.0/16")
    foreign = aws.gateway(stack, "foreign", other)

    def make(home: Made, igw: Made) -> Made:
        public = aws.table(stack, "public", home)
        aws.route(stack, "default", public, gatewayId=foreign.id)
        return public

    with_routes(stack, make)


def main_table_of_another_vpc_is_public(stack: Stack) -> None:
    other = aws.vpc(stack, "other", "10.9.0.0/16")
    aws.route(
        stack,
        "other-default",
        other.output("mainRouteTableId"),
        gatewayId=aws.gateway(stack, "other-igw", other).id,
    )
    home = aws.vpc(stack)
    aws.gateway(stack, "igw", home)
    aws.balancer(stack, "alb", aws.ids(*three_subnets(stack, home)))


def explicit_private_table_beats_public_main(stack: Stack) -> None:
    home = aws.vpc(stack)
    igw = aws.gateway(stack, "igw", home)
    aws.route(stack, "default", home.output("mainRouteTableId"), gatewayId=igw.id)
    private = aws.table(stack, "private", home)
    subnets = three_subnets(stack, home)
    for each in subnets:
        aws.associate(stack, f"{each.name}-table", each, private)
    aws.balancer(stack, "alb", aws.ids(*subnets))


@pytest.mark.parametrize(
    "build",
    [
        no_gateway,
        no_route,
        empty_inline_routes,
        nat_route,
        vpn_gateway,
        ipv6_route_only,
        route_to_a_foreign_gateway,
        main_table_of_another_vpc_is_public,
        explicit_private_table_beats_public_main,
    ],
)
def test_a_subnet_that_leads_to_no_gateway_is_rejected(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert first_verdicts(stack, POLICY) == {"rejects alb"}


def firewall_endpoint(stack: Stack) -> None:
    def make(home: Made, igw: Made) -> Made:
        public = aws.table(stack, "public", home)
        aws.route(stack, "default", public, vpcEndpointId="vpce-1")
        return public

    with_routes(stack, make)


def literal_subnets(stack: Stack) -> None:
    aws.balancer(stack, "alb", ["subnet-0a", "subnet-0b"])


def subnets_from_elsewhere(stack: Stack) -> None:
    aws.balancer(stack, "alb", UNKNOWN)


def subnets_of_a_foreign_vpc(stack: Stack) -> None:
    subnets = [aws.subnet(stack, f"app-{zone}", "vpc-0a", zone) for zone in "ab"]
    aws.balancer(stack, "alb", aws.ids(*subnets))


def table_from_elsewhere(stack: Stack) -> None:
    with_routes(stack, lambda home, igw: "rtb-0a")  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize(
    "build",
    [
        firewall_endpoint,
        literal_subnets,
        subnets_from_elsewhere,
        subnets_of_a_foreign_vpc,
        table_from_elsewhere,
    ],
)
def test_what_the_stack_does_not_show_is_not_decided(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, POLICY) == {"cannot tell alb"}


def mixed_pool(stack: Stack, public_count: int, chosen: int) -> None:
    """`chosen` of six subnets, of which `public_count` are public, as awsx passes them."""
    home = aws.vpc(stack)
    igw = aws.gateway(stack, "igw", home)
    public = inline(stack)(home, igw)
    subnets = [aws.subnet(stack, f"s{number}", home, "abcdef"[number]) for number in range(6)]
    for each in subnets[:public_count]:
        aws.associate(stack, f"{each.name}-table", each, public)
    everything = tuple(subnets)
    listed = [Output(each.outputs["id"], everything) for each in subnets[:chosen]]
    aws.balancer(stack, "alb", listed)


@pytest.mark.parametrize(
    ("public_count", "expected"),
    [(6, "passes"), (3, "cannot tell alb"), (2, "rejects alb"), (0, "rejects alb")],
)
def test_three_of_six_are_wrong_only_if_four_are(public_count: int, expected: str) -> None:
    stack = Stack()
    mixed_pool(stack, public_count, 3)
    assert verdict(stack, POLICY) == expected


def with_a_subnet_that_was_read(stack: Stack, chosen: int | None) -> None:
    """A load balancer in `chosen` of two private subnets and one that the program read."""
    home = aws.vpc(stack)
    aws.gateway(stack, "igw", home)
    read = aws.subnet(Stack(), "read", "vpc-0a", "c")
    candidates = (*(aws.subnet(stack, f"app-{zone}", home, zone) for zone in "ab"), read)
    one_of_them = Output("subnet-late", candidates)
    aws.balancer(stack, "alb", one_of_them if chosen is None else [one_of_them] * chosen)


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [(None, "cannot tell alb"), (1, "cannot tell alb"), (2, "rejects alb"), (3, "rejects alb")],
)
def test_a_subnet_that_was_read_is_a_candidate_too(chosen: int | None, expected: str) -> None:
    """The SDK's own servicer does not tell of it, so the pack's own is asked."""
    stack = Stack()
    with_a_subnet_that_was_read(stack, chosen)
    assert verdict(stack, POLICY, servicer=PreflightServicer) == expected


def test_a_vpc_that_was_read_may_be_the_one_of_a_gateway() -> None:
    stack = Stack()
    home = aws.vpc(stack)
    either = Output("vpc-late", (home, aws.vpc(Stack(), "read")))
    igw = stack.add("aws:ec2/internetGateway:InternetGateway", "igw", {"vpcId": either})
    aws.route(stack, "default", home.output("mainRouteTableId"), gatewayId=igw.id)
    aws.balancer(stack, "alb", aws.ids(*three_subnets(stack, home)))
    assert verdict(stack, POLICY, servicer=PreflightServicer) == "cannot tell alb"


def test_the_main_table_that_a_program_made_is_found_by_its_id() -> None:
    """After a refresh the VPC shows the table that the program made its main one."""
    stack = Stack()
    main_table_swapped(stack)
    home = next(each for each in stack.resources if each.type == "aws:ec2/vpc:Vpc")
    public = next(each for each in stack.resources if each.type == "aws:ec2/routeTable:RouteTable")
    home.outputs["mainRouteTableId"] = public.outputs["id"]
    assert verdict(stack, POLICY, deployed=True) == "passes"


def test_an_existing_vpc_with_a_table_of_others_is_not_decided() -> None:
    """Whoever made the route table may have attached a gateway: neither is in this stack."""
    stack = Stack()
    home = aws.vpc(stack)
    subnets = three_subnets(stack, home)
    for each in subnets:
        aws.associate(stack, f"{each.name}-table", each, "rtb-0a")
    aws.balancer(stack, "alb", aws.ids(*subnets))
    assert verdict(stack, POLICY) == "rejects alb"  # A VPC that is not made yet has no gateway.
    assert verdict(stack, POLICY, deployed=True) == "passes"


def test_a_list_of_unknown_length_is_wrong_only_if_all_are() -> None:
    for private, expected in ((0, "passes"), (2, "cannot tell alb"), (3, "rejects alb")):
        stack = Stack()
        home = aws.vpc(stack)
        igw = aws.gateway(stack, "igw", home)
        public = inline(stack)(home, igw)
        subnets = three_subnets(stack, home)
        for each in subnets[private:]:
            aws.associate(stack, f"{each.name}-table", each, public)
        aws.balancer(stack, "alb", Output.all(*aws.ids(*subnets)))
        assert verdict(stack, POLICY) == expected


def test_the_message_names_every_subnet_the_chain_and_what_aws_does() -> None:
    stack = Stack()
    no_gateway(stack)
    message = next(each.message for each in run(stack) if each.policy == POLICY)
    assert (
        "load balancer alb -> subnet app-a, subnet app-b, subnet app-c -> "
        "main route table of VPC main -> no IPv4 route to an internet gateway -> "
        "VPC main has no internet gateway"
    ) in message
    assert "InvalidSubnet" in message
    assert "docs/policies/alb-public-subnets.md" in message


def test_many_subnets_of_one_chain_are_counted() -> None:
    stack = Stack()
    home = aws.vpc(stack)
    subnets = [aws.subnet(stack, f"app-{number:02}", home) for number in range(15)]
    aws.balancer(stack, "alb", aws.ids(*subnets))
    message = next(each.message for each in run(stack) if each.policy == POLICY)
    assert "none of its 15 subnets leads to an internet gateway" in message
    assert "subnet app-11 and 3 more -> main route table" in message
    assert "app-12" not in message


def test_one_subnet_without_a_gateway_is_enough_for_the_harder_message() -> None:
    """One stands beside a gateway that it does not lead to, one in a VPC that has none."""
    stack = Stack()
    home, bare = aws.vpc(stack), aws.vpc(stack, "bare", "10.1.0.0/16")
    aws.gateway(stack, "igw", home)
    subnets = [aws.subnet(stack, "near", home, "a"), aws.subnet(stack, "far", bare, "b")]
    aws.balancer(stack, "alb", [*aws.ids(*subnets), "subnet-0a"])
    message = next(each.message for each in run(stack) if each.policy == POLICY)
    assert "InvalidSubnet" in message
    assert "2 of its 3 subnets do not lead to an internet gateway" in message


def test_a_missing_route_beside_a_gateway_has_another_wording() -> None:
    stack = Stack()
    no_route(stack)
    message = next(each.message for each in run(stack) if each.policy == POLICY)
    assert "InvalidSubnet" not in message
    assert "time out" in message
    assert "inside an apply" in message


def test_ids_that_the_platform_team_vouches_for_count_as_public() -> None:
    stack = Stack()
    literal_subnets(stack)
    config = {POLICY: {"knownPublicIds": ["subnet-0a", "subnet-0b"]}}
    assert verdict(stack, POLICY, config=config) == "passes"
