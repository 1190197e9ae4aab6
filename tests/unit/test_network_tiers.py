"""network-tiers: what each VPC of a stack in two regions has, lacks, or needs not have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.serving.servicer import PreflightServicer
from policies.testing import UNKNOWN, Made, Stack
from tests import aws
from tests.support import findings, run, verdict, verdicts

POLICY = "network-tiers"
Way = Callable[[Stack, Made, Made, str], dict[str, Any] | None]
RANGES = {"east": "10.0.0.0/16", "west": "10.1.0.0/16"}
REGIONS = {"east": "us-east-1", "west": "us-west-2"}


def instance(stack: Stack, name: str, subnet: Made) -> Made:
    return stack.add("aws:ec2/instance:Instance", name, {"subnetId": subnet.id})


def nat(stack: Stack, home: Made, public: Made, name: str) -> dict[str, Any]:
    return {"natGatewayId": aws.nat(stack, f"{name}-nat", public).id}


def nothing(stack: Stack, home: Made, public: Made, name: str) -> None:
    return None


def nat_instance(stack: Stack, home: Made, public: Made, name: str) -> dict[str, Any]:
    return {"networkInterfaceId": "eni-0a"}


def transit_gateway(stack: Stack, home: Made, public: Made, name: str) -> dict[str, Any]:
    return {"transitGatewayId": "tgw-0a"}


def network(
    stack: Stack, name: str, way_out: Way = nat, *, public: bool = True, code: bool = True
) -> Made:
    """A VPC with a public and an application subnet, complete but for the link."""
    with aws.region(stack, REGIONS[name]):
        home = aws.vpc(stack, name, RANGES[name])
        zone = "a"
        net = RANGES[name].removesuffix("0.0/16")
        edge = aws.subnet(stack, f"{name}-edge", home, zone, cidrBlock=f"{net}0.0/24")
        app = aws.subnet(stack, f"{name}-app", home, zone, cidrBlock=f"{net}1.0/24")
        if public:
            igw = aws.gateway(stack, f"{name}-igw", home)
            table = aws.table(stack, f"{name}-edge", home)
            aws.route(stack, f"{name}-edge", table, gatewayId=igw.id)
            aws.associate(stack, f"{name}-edge", edge, table)
        private = aws.table(stack, f"{name}-app", home)
        aws.associate(stack, f"{name}-app", app, private)
        route = way_out(stack, home, edge, name)
        if route is not None:
            aws.route(stack, f"{name}-app", private, **route)
        if code:
            instance(stack, f"{name}-app", app)
        else:
            aws.balancer(
                stack, f"{name}-internal", aws.ids(app), loadBalancerType="network", internal=True
            )
    return home


def peered(stack: Stack, east: Made, west: Made) -> None:
    """A peering with routes on both sides."""
    link = aws.peering(stack, "link", east, west, peerRegion="us-west-2")
    with aws.region(stack, "us-west-2"):
        accepter = aws.accepter(stack, "accepter", link, autoAccept=True)
    for home, other, name in ((east, "west", "east"), (west, "east", "west")):
        with aws.region(stack, REGIONS[name]):
            aws.route(
                stack,
                f"{name}-to-{other}",
                home.output("mainRouteTableId"),
                destinationCidrBlock=RANGES[other],
                vpcPeeringConnectionId=accepter.id,
            )


def pair(way_out: Way = nat, *, link: bool = True, **options: Any) -> Stack:
    stack = Stack()
    east, west = (network(stack, name, way_out, **options) for name in ("east", "west"))
    if link:
        peered(stack, east, west)
    return stack


@pytest.mark.parametrize("way_out", [nat, nat_instance, transit_gateway])
def test_two_complete_regions_pass(way_out: Way) -> None:
    assert verdicts(pair(way_out), POLICY) == {"passes"}


def test_a_spoke_leaves_through_its_transit_gateway_and_needs_no_public_tier() -> None:
    assert verdicts(pair(transit_gateway, link=False, public=False), POLICY) == {"passes"}


def test_each_gap_is_named_and_all_are_in_one_finding() -> None:
    stack = pair(nothing, link=False, public=False)
    admit(stack, "west", RANGES["east"])
    assert verdicts(stack, POLICY) == {"rejects east"}
    found = [each for each in run(stack) if each.policy == POLICY]
    assert len(found) == 1
    assert "west lacks a public tier" in found[0].message
    assert (
        "east lacks a public tier, a way out for what runs in its private tier and a link to the "
        "other region"
    ) in found[0].message


@pytest.mark.parametrize(
    ("options", "gap"),
    [
        ({"way_out": nothing}, "a way out for what runs in its private tier"),
        ({"way_out": nothing, "public": False, "code": False}, "a public tier"),
    ],
)
def test_one_gap_is_told_alone(options: dict[str, Any], gap: str) -> None:
    stack = pair(**options)
    message = next(each.message for each in run(stack) if each.policy == POLICY)
    assert f"lacks {gap}:" in message


def admit(stack: Stack, region: str, cidr: str) -> None:
    """A security group of one region that lets in addresses of the other."""
    with aws.region(stack, {"east": "us-east-1", "west": "us-west-2"}[region]):
        stack.add(
            "aws:ec2/securityGroup:SecurityGroup",
            f"{region}-peers",
            {
                "ingress": [
                    {"protocol": "tcp", "fromPort": 5432, "toPort": 5432, "cidrBlocks": [cidr]}
                ]
            },
        )


def test_a_link_is_missed_where_the_regions_talk_to_each_other() -> None:
    stack = pair(link=False)
    assert verdicts(stack, POLICY) == {"passes"}
    admit(stack, "west", RANGES["east"])
    assert verdicts(stack, POLICY) == {"rejects east"}
    message = next(each.message for each in run(stack) if each.policy == POLICY)
    assert message.count("lacks a link to the other region:") == 2


def test_a_network_of_endpoints_alone_is_closed_on_purpose() -> None:
    stack = pair(nothing, link=False, public=False)
    for name, place in (("east", "us-east-1"), ("west", "us-west-2")):
        with aws.region(stack, place):
            stack.add(
                "aws:ec2/vpcEndpoint:VpcEndpoint",
                f"{name}-s3",
                {"vpcId": aws.named(stack, name).id, "serviceName": f"com.amazonaws.{place}.s3"},
            )
    assert verdicts(stack, POLICY) == {"passes"}


def test_one_region_alone_is_not_looked_at() -> None:
    stack = Stack()
    network(stack, "east", nothing, public=False)
    assert verdicts(stack, POLICY) == {"passes"}


def test_the_regions_of_the_pair_can_be_named() -> None:
    alone = Stack()
    network(alone, "east", nothing, public=False)
    pair_of_east = {POLICY: {"regions": ["us-east-1", "eu-west-1"]}}
    assert verdict(alone, POLICY, config=pair_of_east) == "rejects east"
    both = pair(nothing, link=False, public=False)
    assert verdict(both, POLICY, config=pair_of_east) == "rejects east"
    assert verdict(both, POLICY, config={POLICY: {"regions": ["eu-west-1"]}}) == "passes"


def test_what_is_no_region_is_told() -> None:
    config = {POLICY: {"regions": ["us-east-1", "eu-west1"]}}
    found = run(Stack(), config=config, servicer=PreflightServicer)
    assert len(found) == 1
    assert 'Configuration: regions: "eu-west1" is not the name of a region' in found[0].message


def test_a_vpn_gateway_that_is_attached_apart_is_a_link() -> None:
    stack = pair(link=False)
    for name in ("east", "west"):
        home = aws.named(stack, name)
        with aws.region(stack, REGIONS[name]):
            vpn = stack.add("aws:ec2/vpnGateway:VpnGateway", f"{name}-vpn", {})
            inputs = {"vpcId": home.id, "vpnGatewayId": vpn.id}
            token = "aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment"
            stack.add(token, f"{name}-vpn", inputs)
    assert verdicts(stack, POLICY) == {"passes"}


def test_a_default_vpc_is_not_asked_for_anything() -> None:
    stack = pair()
    default = stack.add("aws:ec2/defaultVpc:DefaultVpc", "default", {})
    instance(stack, "any", aws.subnet(stack, "any", default))
    assert verdicts(stack, POLICY) == {"passes"}


def test_a_certain_gap_counts_beside_a_doubtful_one() -> None:
    """Of two subnets with code one has no way out, and of the other one nobody can tell."""
    stack = pair()
    east = aws.named(stack, "east")
    closed = aws.subnet(stack, "closed", east, "b")
    aws.associate(stack, "closed", closed, aws.table(stack, "closed", east, []))
    unclear = aws.subnet(stack, "unclear", east, "c")
    aws.associate(stack, "unclear", unclear, UNKNOWN)
    for each in (closed, unclear):
        instance(stack, each.name, each)
    assert verdict(stack, POLICY) == "rejects east"


def test_vpcs_for_databases_alone_need_nothing() -> None:
    stack = Stack()
    for name in ("east", "west"):
        with aws.region(stack, REGIONS[name]):
            home = aws.vpc(stack, name, RANGES[name])
            subnets = [aws.subnet(stack, f"{name}-{zone}", home, zone) for zone in "ab"]
            stack.add("aws:rds/subnetGroup:SubnetGroup", name, {"subnetIds": aws.ids(*subnets)})
    assert verdict(stack, POLICY) == "passes"


def test_a_vpc_without_subnets_here_is_not_judged() -> None:
    stack = Stack()
    for name in ("east", "west"):
        with aws.region(stack, REGIONS[name]):
            aws.vpc(stack, name, RANGES[name])
    assert verdicts(stack, POLICY) == {"passes"}


def test_a_default_route_of_an_unknown_table_may_be_the_way_out() -> None:
    stack = pair(nothing)
    for name in ("east", "west"):
        with aws.region(stack, REGIONS[name]):
            aws.route(stack, f"{name}-somewhere", UNKNOWN, natGatewayId="nat-0a")
    assert verdict(stack, POLICY) == "cannot tell east, west"


def test_a_complete_stack_has_no_other_finding_either() -> None:
    others = {policy for policy, _ in findings(pair())} - {"creation-order"}
    others -= {"zone-in-region"}  # The helper names zones of us-east-1 everywhere.
    assert others == set()


def with_endpoints(*services: Any, kind: Any = "Interface", container: bool = False) -> Stack:
    """The pair without a way out, with these endpoints in each VPC, perhaps with a container."""
    stack = pair(nothing, link=False)
    for name, place in REGIONS.items():
        with aws.region(stack, place):
            home, app = aws.named(stack, name), aws.named(stack, f"{name}-app")
            for service in services:
                said = f"com.amazonaws.{place}.{service}" if isinstance(service, str) else service
                given = {"vpcId": home.id, "serviceName": said, "vpcEndpointType": kind}
                stack.add(
                    "aws:ec2/vpcEndpoint:VpcEndpoint", f"{name}-{len(stack.resources)}", given
                )
            if container:
                where = {"networkConfiguration": {"subnets": [app.id]}}
                stack.add("aws:ecs/service:Service", f"{name}-service", where)
    return stack


@pytest.mark.parametrize(
    ("stack", "expected"),
    [
        pytest.param(with_endpoints(), "rejects east", id="no endpoint"),
        pytest.param(with_endpoints("ssm"), "passes", id="an interface endpoint"),
        pytest.param(with_endpoints(UNKNOWN), "passes", id="one of some service"),
        pytest.param(with_endpoints("ssm", kind=UNKNOWN), "passes", id="one of some type"),
        pytest.param(with_endpoints("s3", kind="Gateway"), "rejects east", id="a gateway endpoint"),
        pytest.param(with_endpoints("ssm", container=True), "rejects east", id="no images"),
        pytest.param(with_endpoints("ecr.api", "ecr.dkr", container=True), "passes", id="images"),
        pytest.param(with_endpoints(UNKNOWN, container=True), "passes", id="perhaps images"),
    ],
)
def test_interface_endpoints_stand_in_for_a_way_out(stack: Stack, expected: str) -> None:
    assert verdict(stack, POLICY) == expected
