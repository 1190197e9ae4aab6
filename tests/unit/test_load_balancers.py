"""alb-availability-zones and nlb-internet-gateway."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Stack
from tests import aws
from tests.support import DOUBT, findings, first_verdicts, run, verdict, verdicts

ZONES = "alb-availability-zones"
GATEWAY = "nlb-internet-gateway"
Build = Callable[[Stack], None]


def subnets(stack: Stack, zones: str = "abc") -> list[Made]:
    """A VPC with a gateway and a public subnet for each letter; the same letter, the same zone."""
    home = aws.vpc(stack)
    public = home.output("mainRouteTableId")
    aws.route(stack, "default", public, gatewayId=aws.gateway(stack, "igw", home).id)
    return [
        aws.subnet(stack, f"app-{number}", home, zone) for number, zone in enumerate(zones, start=1)
    ]


def in_zones(zones: str, **balancer: Any) -> Build:
    return lambda stack: void(
        aws.balancer(stack, "alb", aws.ids(*subnets(stack, zones)), **balancer)
    )


def void(_: object) -> None:
    """Builders return nothing."""


def by_zone_id(stack: Stack, *zones: str) -> None:
    home = aws.vpc(stack)
    made = [
        aws.unplaced(stack, f"app-{number}", home, availabilityZoneId=zone)
        for number, zone in enumerate(zones)
    ]
    aws.balancer(stack, "alb", aws.ids(*made), internal=True)


def mapped(zones: str) -> Build:
    def build(stack: Stack) -> None:
        mappings = [{"subnetId": each.id} for each in subnets(stack, zones)]
        aws.balancer(stack, "alb", None, subnetMappings=mappings)

    return build


def native(*zones: str, **balancer: Any) -> Build:
    def build(stack: Stack) -> None:
        home = aws.native_vpc(stack)
        made = [
            aws.native_subnet(stack, f"app-{number}", home, availabilityZone=zone)
            for number, zone in enumerate(zones)
        ]
        given = {"subnets": [each.output("subnetId") for each in made], **balancer}
        token = "elasticloadbalancingv2:LoadBalancer"
        aws.native(stack, token, "alb", given, named_by="loadBalancerArn")

    return build


def in_a_local_zone(stack: Stack) -> None:
    home = aws.vpc(stack)
    local = aws.unplaced(stack, "los-angeles", home, availabilityZone="us-west-2-lax-1a")
    aws.balancer(stack, "alb", aws.ids(local), internal=True)


def in_a_local_zone_by_id(stack: Stack) -> None:
    home = aws.vpc(stack)
    given = {"availabilityZoneId": "usw2-lax1-az1"}
    local = aws.unplaced(stack, "los-angeles", home, "us-west-2-lax-1a", **given)
    aws.balancer(stack, "alb", aws.ids(local), internal=True)


def on_an_outpost(stack: Stack) -> None:
    made = aws.subnet(stack, "rack", aws.vpc(stack), outpostArn="arn:aws:outposts:us-east-1:1:o/1")
    aws.balancer(stack, "alb", aws.ids(made), internal=True)


def with_an_outposts_addresses(stack: Stack) -> None:
    in_zones("a", customerOwnedIpv4Pool="ipv4pool-coip-0a", internal=True)(stack)


def component_in_three_zones(stack: Stack) -> None:
    aws.balancer(stack, "alb", Output.all(*aws.ids(*subnets(stack))))


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(in_zones("ab"), id="two zones"),
        pytest.param(in_zones("abc", internal=True), id="three zones, internal"),
        pytest.param(mapped("ab"), id="two zones by subnetMappings"),
        pytest.param(lambda stack: by_zone_id(stack, "use1-az1", "use1-az2"), id="two zone ids"),
        pytest.param(in_zones("a", loadBalancerType="network"), id="NLB in one zone"),
        pytest.param(in_zones("a", loadBalancerType="gateway"), id="GWLB in one zone"),
        pytest.param(native("us-east-1a", "us-east-1b", scheme="internal"), id="aws-native"),
        pytest.param(native("us-east-1a", type="network", scheme="internal"), id="native NLB"),
        in_a_local_zone,
        in_a_local_zone_by_id,
        on_an_outpost,
        with_an_outposts_addresses,
        component_in_three_zones,
    ],
)
def test_a_load_balancer_in_enough_zones_passes(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, ZONES) == {"passes"}


def default_subnets_in_one_zone(stack: Stack) -> None:
    adopted = stack.add(
        "aws:ec2/defaultSubnet:DefaultSubnet", "default", {"availabilityZone": "us-east-1a"}
    )
    aws.balancer(stack, "alb", aws.ids(adopted))


@pytest.mark.parametrize(
    "zone", ["eusc-de-east-1a", "us-gov-west-1a", "cn-north-1a", "il-central-1a"]
)
def test_one_zone_of_any_partition_is_too_few(zone: str) -> None:
    stack = Stack(region=None)
    made = aws.unplaced(stack, "app", aws.vpc(stack), availabilityZone=zone)
    aws.balancer(stack, "alb", aws.ids(made), internal=True)
    assert verdicts(stack, ZONES) == {"rejects alb"}


def one_subnet_listed_twice(stack: Stack) -> None:
    (only,) = subnets(stack, "a")
    aws.balancer(stack, "alb", [only.id, only.id])


def one_subnet_in_a_zone_that_aws_chooses(stack: Stack) -> None:
    aws.balancer(stack, "alb", aws.ids(aws.unplaced(stack, "app", aws.vpc(stack))), internal=True)


def double_beside_a_stranger(stack: Stack) -> None:
    aws.balancer(stack, "alb", [*aws.ids(*subnets(stack, "aa")), "subnet-0a"])


def component_in_one_zone(stack: Stack) -> None:
    """awsx with one Availability Zone: a public and a private subnet, both in it."""
    aws.balancer(stack, "alb", Output.all(*aws.ids(*subnets(stack, "aa"))))


def three_of_four_in_two_zones(stack: Stack) -> None:
    listed = Output.all(*aws.ids(*subnets(stack, "aabb")))
    aws.balancer(stack, "alb", [listed.element(place) for place in range(3)], internal=True)


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(in_zones("a"), id="one subnet"),
        pytest.param(in_zones("aa"), id="two subnets, one zone"),
        pytest.param(in_zones("aab"), id="three subnets, two zones"),
        pytest.param(in_zones("a", internal=True), id="internal, one subnet"),
        pytest.param(in_zones("a", token="alb"), id="one subnet, the other token"),
        pytest.param(in_zones("a", loadBalancerType=None), id="type by default"),
        pytest.param(mapped("a"), id="one subnetMapping"),
        pytest.param(lambda stack: by_zone_id(stack, "use1-az1", "use1-az1"), id="one zone id"),
        pytest.param(native("us-east-1a", scheme="internal"), id="aws-native, one subnet"),
        pytest.param(native("us-east-1a", "us-east-1a", scheme="internal"), id="aws-native, twice"),
        default_subnets_in_one_zone,
        one_subnet_in_a_zone_that_aws_chooses,
        double_beside_a_stranger,
        component_in_one_zone,
        three_of_four_in_two_zones,
    ],
)
def test_a_load_balancer_in_too_few_zones_or_twice_in_one_is_rejected(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, ZONES) == {"rejects alb"}


def test_a_subnet_that_is_listed_twice_counts_once() -> None:
    """In a first preview its second mention may be anything."""
    stack = Stack()
    one_subnet_listed_twice(stack)
    assert verdict(stack, ZONES) == "cannot tell alb"
    assert verdict(stack, ZONES, deployed=True) == "rejects alb"
    assert message(stack, ZONES, deployed=True).count("subnet app-1") == 1


def type_from_elsewhere(stack: Stack) -> None:
    in_zones("a", loadBalancerType=UNKNOWN)(stack)


def one_foreign_subnet(stack: Stack) -> None:
    aws.balancer(stack, "alb", ["subnet-0a"])


def subnets_from_elsewhere(stack: Stack) -> None:
    aws.balancer(stack, "alb", UNKNOWN)


def third_is_foreign(stack: Stack) -> None:
    aws.balancer(stack, "alb", [*aws.ids(*subnets(stack, "ab")), "subnet-0a"])


@pytest.mark.parametrize("build", [one_foreign_subnet, subnets_from_elsewhere, third_is_foreign])
def test_subnets_that_the_stack_does_not_show_are_not_decided(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, ZONES) == {"cannot tell alb"}


def zone_from_elsewhere(stack: Stack) -> None:
    home = aws.vpc(stack)
    made = aws.unplaced(stack, "app", home, availabilityZone=UNKNOWN)
    aws.balancer(stack, "alb", aws.ids(made, aws.subnet(stack, "other", home, "b")), internal=True)


def only_zone_from_elsewhere(stack: Stack) -> None:
    made = aws.unplaced(stack, "app", aws.vpc(stack), availabilityZone=UNKNOWN)
    aws.balancer(stack, "alb", aws.ids(made), internal=True)


def two_zones_that_aws_chooses(stack: Stack) -> None:
    home = aws.vpc(stack)
    made = [aws.unplaced(stack, name, home) for name in ("one", "other")]
    aws.balancer(stack, "alb", aws.ids(*made), internal=True)


def name_beside_id(stack: Stack) -> None:
    home = aws.vpc(stack)
    made = aws.unplaced(stack, "app", home, availabilityZoneId="use1-az2")
    aws.balancer(stack, "alb", aws.ids(aws.subnet(stack, "other", home, "b"), made), internal=True)


def two_of_awsx(stack: Stack) -> None:
    """Two of four subnets, a public and a private one in each zone."""
    made = subnets(stack, "aabb")
    listed = [Output(each.outputs["id"], tuple(made)) for each in made[::2]]
    aws.balancer(stack, "alb", listed, internal=True)


def component_in_a_local_zone(stack: Stack) -> None:
    home = aws.vpc(stack)
    given = {"availabilityZone": "us-west-2-lax-1a"}
    made = [aws.unplaced(stack, name, home, **given) for name in ("one", "other")]
    aws.balancer(stack, "alb", Output.all(*aws.ids(*made)), internal=True)


def looked_up_by_one_subnet(stack: Stack) -> None:
    aws.balancer(stack, "alb", Output(["subnet-0a", "subnet-0b"], tuple(subnets(stack, "a"))))


@pytest.mark.parametrize(
    "build",
    [
        type_from_elsewhere,
        zone_from_elsewhere,
        only_zone_from_elsewhere,
        two_zones_that_aws_chooses,
        name_beside_id,
        two_of_awsx,
        component_in_a_local_zone,
        looked_up_by_one_subnet,
    ],
)
def test_what_a_first_preview_does_not_show_is_not_decided(build: Build) -> None:
    """After the deployment all of it is known."""
    stack = Stack()
    build(stack)
    assert verdict(stack, ZONES) == "cannot tell alb"
    assert verdict(stack, ZONES, shows_inputs=False) == "cannot tell alb"


def test_one_of_several_subnets_is_one_whichever_it_is() -> None:
    stack = Stack()
    made = tuple(subnets(stack))
    aws.balancer(stack, "alb", [Output(made[0].outputs["id"], made)])
    assert verdicts(stack, ZONES) == {"rejects alb"}


def test_a_subnet_of_which_nothing_is_known_is_no_outpost() -> None:
    stack = Stack()
    made = stack.add("aws:ec2/subnet:Subnet", "app", {})
    made.outputs.clear()
    aws.balancer(stack, "alb", [Output("subnet-app", (made,))], internal=True)
    assert verdict(stack, ZONES) == "cannot tell alb"


MALFORMED = [
    pytest.param({"subnets": None}, id="nothing"),
    pytest.param({"subnets": []}, id="an empty list"),
    pytest.param({"subnets": {}}, id="an empty object"),
    pytest.param({"subnets": None, "subnetMappings": [None]}, id="a null mapping"),
    pytest.param({"subnets": None, "subnetMappings": [{}]}, id="an empty mapping"),
    pytest.param({"subnets": [None, ""]}, id="nulls"),
    pytest.param({"subnets": "subnet-0a"}, id="text"),
    pytest.param({"subnets": [1, 2], "loadBalancerType": 3}, id="numbers"),
]


@pytest.mark.parametrize("policy", [ZONES, GATEWAY])
@pytest.mark.parametrize("inputs", MALFORMED)
def test_malformed_properties_are_left_to_the_provider(policy: str, inputs: Any) -> None:
    kind = "network" if policy == GATEWAY else "application"
    stack = Stack()
    stack.add("aws:lb/loadBalancer:LoadBalancer", "alb", {"loadBalancerType": kind, **inputs})
    for verdict_ in verdicts(stack, policy):
        assert not verdict_.startswith("rejects")


def message(stack: Stack, policy: str, **options: Any) -> str:
    return next(each.message for each in run(stack, **options) if each.policy == policy)


@pytest.mark.parametrize(
    ("build", "why"),
    [
        (zone_from_elsewhere, "the zone of subnet app is not known"),
        (
            two_zones_that_aws_chooses,
            "subnet one names no zone, so AWS chooses one, which may be that of another subnet",
        ),
    ],
)
def test_a_doubt_tells_a_hidden_zone_from_one_that_nobody_states(build: Build, why: str) -> None:
    stack = Stack()
    build(stack)
    assert f"{ZONES}: {why}\n" in message(stack, DOUBT)


def test_the_message_names_the_zone_and_what_aws_answers() -> None:
    stack = Stack()
    in_zones("a")(stack)
    text = message(stack, ZONES)
    assert "alb is in only one zone:" in text
    assert "load balancer alb -> subnet app-1 -> us-east-1a" in text
    assert "At least two subnets in two different Availability Zones must be specified" in text
    assert "docs/policies/alb-availability-zones.md" in text


def test_the_message_names_the_subnets_that_share_a_zone_and_no_others() -> None:
    stack = Stack()
    in_zones("baa")(stack)
    text = message(stack, ZONES)
    assert "alb has several subnets in one zone:" in text
    assert "subnet app-2 -> us-east-1a" in text
    assert "subnet app-3 -> us-east-1a" in text
    assert "app-1" not in text
    assert "cannot be attached to multiple subnets in the same Availability Zone" in text


# --- nlb-internet-gateway -------------------------------------------------------------------------


def isolated(stack: Stack, name: str = "main") -> list[Made]:
    home = aws.vpc(stack, name)
    return [aws.subnet(stack, f"{name}-{zone}", home, zone) for zone in "ab"]


def nlb(stack: Stack, where: Any, **inputs: Any) -> None:
    aws.balancer(stack, "nlb", where, **{"loadBalancerType": "network", **inputs})


def beside_a_literal_gateway(stack: Stack) -> None:
    """Somebody else attached it: AWS takes no route to one that is not."""
    home = aws.vpc(stack)
    aws.table(stack, "other", home, [{"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-0a"}])
    nlb(stack, aws.ids(aws.subnet(stack, "app", home)))


def without_gateway(**inputs: Any) -> Build:
    return lambda stack: nlb(stack, aws.ids(*isolated(stack)), **inputs)


def gateway_without_a_route(stack: Stack) -> None:
    made = isolated(stack)
    aws.gateway(stack, "igw", stack.resources[0])
    nlb(stack, aws.ids(*made))


def attached_gateway(stack: Stack) -> None:
    made = isolated(stack)
    igw = aws.gateway(stack, "igw", None)
    aws.attachment(stack, "attached", igw, stack.resources[0])
    nlb(stack, aws.ids(*made))


def default_vpc(stack: Stack) -> None:
    home = stack.add("aws:ec2/defaultVpc:DefaultVpc", "default", {"tags": {}})
    nlb(stack, aws.ids(aws.subnet(stack, "app", home)))


def default_subnets(stack: Stack) -> None:
    adopted = stack.add(
        "aws:ec2/defaultSubnet:DefaultSubnet",
        "default",
        {"availabilityZone": "us-east-1a"},
        computed={"vpcId": "vpc-default"},
    )
    nlb(stack, aws.ids(adopted))


def one_known_subnet_settles_the_vpc(stack: Stack) -> None:
    home = aws.vpc(stack)
    aws.gateway(stack, "igw", home)
    nlb(stack, [aws.subnet(stack, "app", home).id, "subnet-0a"])


def native_gateway(stack: Stack) -> None:
    native("us-east-1a", type="network")(stack)
    gateway = aws.native(
        stack, "ec2:InternetGateway", "igw", {"tags": []}, named_by="internetGatewayId"
    )
    given = {
        "vpcId": stack.resources[0].output("vpcId"),
        "internetGatewayId": gateway.output("internetGatewayId"),
    }
    stack.add("aws-native:ec2:VpcGatewayAttachment", "attached", given)


@pytest.mark.parametrize(
    "build",
    [
        gateway_without_a_route,
        attached_gateway,
        beside_a_literal_gateway,
        default_vpc,
        one_known_subnet_settles_the_vpc,
        native_gateway,
        pytest.param(without_gateway(internal=True), id="internal NLB"),
        pytest.param(without_gateway(loadBalancerType="application"), id="ALB"),
        pytest.param(without_gateway(loadBalancerType="gateway"), id="GWLB"),
        pytest.param(native("us-east-1a", type="network", scheme="internal"), id="native internal"),
    ],
)
def test_a_network_load_balancer_beside_a_gateway_passes(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, GATEWAY) == {"passes"}


def test_a_default_subnet_is_in_the_default_vpc() -> None:
    """After the deployment its VPC is an id that is not in the stack."""
    stack = Stack()
    default_subnets(stack)
    assert verdict(stack, GATEWAY) == "passes"


def gateway_of_another_vpc(stack: Stack) -> None:
    aws.gateway(stack, "igw", aws.vpc(stack, "other", "10.9.0.0/16"))
    without_gateway()(stack)


def gateway_that_nothing_attaches(stack: Stack) -> None:
    aws.gateway(stack, "igw", None)
    without_gateway()(stack)


def mapped_to_addresses(stack: Stack) -> None:
    mappings = [{"subnetId": each.id, "allocationId": "eipalloc-0a"} for each in isolated(stack)]
    nlb(stack, None, subnetMappings=mappings)


def beside_a_foreign_subnet(stack: Stack) -> None:
    nlb(stack, [isolated(stack)[0].id, "subnet-0a"])


def component(stack: Stack) -> None:
    nlb(stack, Output.all(*aws.ids(*isolated(stack))))


def one_of_two_vpcs_without_gateway(stack: Stack) -> None:
    vpcs = tuple(aws.vpc(stack, name) for name in ("east", "west"))
    nlb(stack, aws.ids(aws.subnet(stack, "app", Output("vpc-east", vpcs))))


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(without_gateway(), id="scheme by default"),
        pytest.param(without_gateway(internal=False, token="alb"), id="the other token"),
        gateway_of_another_vpc,
        mapped_to_addresses,
        beside_a_foreign_subnet,
        component,
        one_of_two_vpcs_without_gateway,
    ],
)
def test_a_network_load_balancer_in_a_vpc_without_a_gateway_is_rejected(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert first_verdicts(stack, GATEWAY) == {"rejects nlb"}


@pytest.mark.parametrize("kind", ["network", "gateway"])
def test_no_load_balancer_is_twice_in_a_zone(kind: str) -> None:
    for zones, expected in (("aa", "rejects alb"), ("ab", "passes"), ("a", "passes")):
        stack = Stack()
        in_zones(zones, loadBalancerType=kind)(stack)
        assert verdicts(stack, ZONES) == {expected}


@pytest.mark.parametrize("given", [{}, {"scheme": "internet-facing"}])
def test_a_native_one_in_a_vpc_without_a_gateway_is_rejected(given: dict[str, str]) -> None:
    stack = Stack()
    native("us-east-1a", type="network", **given)(stack)
    assert first_verdicts(stack, GATEWAY) == {"rejects alb"}


def test_a_gateway_that_nothing_attaches_does_not_count() -> None:
    """After the deployment its outputs tell a VPC: somebody has attached it by other means."""
    stack = Stack()
    gateway_that_nothing_attaches(stack)
    assert verdict(stack, GATEWAY) == "rejects nlb"


def foreign_subnets(stack: Stack) -> None:
    nlb(stack, ["subnet-0a", "subnet-0b"])


def foreign_vpc(stack: Stack) -> None:
    nlb(stack, aws.ids(aws.subnet(stack, "app", "vpc-0a")))


def internal_from_elsewhere(stack: Stack) -> None:
    without_gateway(internal=UNKNOWN)(stack)


def type_of_a_balancer_from_elsewhere(stack: Stack) -> None:
    without_gateway(loadBalancerType=UNKNOWN)(stack)


def gateway_of_an_unknown_vpc(stack: Stack) -> None:
    made = isolated(stack)
    stack.add("aws:ec2/internetGateway:InternetGateway", "igw", {"vpcId": UNKNOWN})
    nlb(stack, aws.ids(*made))


def no_subnets(stack: Stack) -> None:
    nlb(stack, None)


@pytest.mark.parametrize("build", [foreign_subnets, foreign_vpc])
def test_a_vpc_that_the_stack_does_not_show_is_not_decided(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, GATEWAY) == {"cannot tell nlb"}


@pytest.mark.parametrize(
    "build",
    [
        internal_from_elsewhere,
        type_of_a_balancer_from_elsewhere,
        gateway_of_an_unknown_vpc,
        no_subnets,
    ],
)
def test_what_is_known_later_only_is_not_decided_at_first(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdict(stack, GATEWAY) == "cannot tell nlb"
    assert verdict(stack, GATEWAY, shows_inputs=False) == "cannot tell nlb"


def test_a_subnet_of_one_of_two_vpcs_is_wrong_only_if_both_lack_a_gateway() -> None:
    stack = Stack()
    vpcs = tuple(aws.vpc(stack, name) for name in ("east", "west"))
    aws.gateway(stack, "igw", vpcs[0])
    nlb(stack, aws.ids(aws.subnet(stack, "app", Output("vpc-east", vpcs))))
    assert verdict(stack, GATEWAY) == "cannot tell nlb"
    assert verdict(stack, GATEWAY, deployed=True) == "passes"


def test_subnets_that_the_platform_team_vouches_for_count() -> None:
    stack = Stack()
    foreign_subnets(stack)
    config = {GATEWAY: {"knownPublicIds": ["subnet-0a", "subnet-0b"]}}
    assert verdict(stack, GATEWAY, config=config) == "passes"


def test_the_message_says_which_vpc_lacks_a_gateway_and_what_aws_answers() -> None:
    stack = Stack()
    without_gateway()(stack)
    text = message(stack, GATEWAY)
    assert "nlb is internet-facing, and its VPC has no internet gateway:" in text
    assert (
        "load balancer nlb -> subnet main-a, subnet main-b -> VPC main -> "
        "no internet gateway attached"
    ) in text
    assert "InvalidSubnet: VPC vpc-... has no internet gateway" in text
    assert "inside an apply" in text


def test_one_defect_is_one_finding() -> None:
    stack = Stack()
    without_gateway()(stack)
    assert findings(stack) == {(GATEWAY, "nlb")}
    stack = Stack()
    in_zones("a", internal=True)(stack)
    assert findings(stack) == {(ZONES, "alb")}


def test_a_good_pair_gives_no_finding_but_that_it_may_be_made_too_early() -> None:
    stack = Stack()
    made = subnets(stack)
    aws.balancer(stack, "alb", aws.ids(*made))
    nlb(stack, aws.ids(*made))
    assert {each.policy for each in run(stack)} == {"creation-order"}
