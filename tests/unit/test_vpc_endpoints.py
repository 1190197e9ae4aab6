"""vpc-endpoints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Stack
from tests import aws
from tests.support import first_verdicts, run, verdict, verdicts

POLICY = "vpc-endpoints"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
LOGS = "com.amazonaws.us-east-1.logs"
Build = Callable[[Stack], None]


def endpoint(stack: Stack, name: str, home: Made | Output, **said: Any) -> Made:
    given = {"vpcId": home.id if isinstance(home, Made) else home, "serviceName": LOGS}
    given |= {"vpcEndpointType": "Interface", **said}
    return stack.add(ENDPOINT, name, {k: each for k, each in given.items() if each is not None})


def in_zones(zones: str, taken: int | None = None, **said: Any) -> Build:
    """A subnet for each letter; of an Output of all, so many are taken."""

    def build(stack: Stack) -> None:
        home = aws.vpc(stack)
        made = [aws.subnet(stack, f"s{place}", home, zone) for place, zone in enumerate(zones)]
        ids: list[Any] = aws.ids(*made)
        if taken is not None:
            ids = [Output.all(*ids).element(place) for place in range(taken)]
        endpoint(stack, "wrong", home, subnetIds=ids, **said)

    return build


def with_names(vpc: dict[str, Any], **said: Any) -> Build:
    """An endpoint with private DNS in a VPC with these inputs."""

    def build(stack: Stack) -> None:
        endpoint(stack, "wrong", aws.vpc(stack, **vpc), **{"privateDnsEnabled": True, **said})

    return build


def native(**vpc: Any) -> Build:
    def build(stack: Stack) -> None:
        home = aws.native(
            stack, "ec2:Vpc", "main", {"cidrBlock": "10.0.0.0/16", **vpc}, named_by="vpcId"
        )
        said = {"serviceName": LOGS, "vpcEndpointType": "Interface", "privateDnsEnabled": True}
        inputs = {"vpcId": home.output("vpcId"), **said}
        aws.native(stack, "ec2:VpcEndpoint", "wrong", inputs, named_by="awsId")

    return build


DNS: dict[str, Any] = {"enableDnsHostnames": True}


def twice(second_vpc: bool = False, **said: Any) -> Build:
    """Two endpoints with private DNS, of which the second differs in this."""

    def build(stack: Stack) -> None:
        home = aws.vpc(stack, **DNS)
        other = aws.vpc(stack, "other", "10.1.0.0/16", **DNS) if second_vpc else home
        endpoint(stack, "first", home, privateDnsEnabled=True)
        endpoint(stack, "wrong", other, **{"privateDnsEnabled": True, **said})

    return build


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(in_zones("aa"), id="two subnets, one zone"),
        pytest.param(in_zones("aab"), id="three subnets, two zones"),
        pytest.param(in_zones("aabb", taken=3), id="three of four in two zones"),
        pytest.param(in_zones("aa", privateDnsEnabled=False), id="without names"),
        pytest.param(with_names({}), id="no host names by default"),
        pytest.param(with_names({"enableDnsHostnames": False}), id="no host names"),
        pytest.param(with_names({**DNS, "enableDnsSupport": False}), id="no DNS"),
        pytest.param(native(), id="aws-native"),
        pytest.param(twice(), id="twice"),
    ],
)
def test_an_endpoint_that_its_network_cannot_have_is_rejected(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, POLICY) == {"rejects wrong"}


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(in_zones("abc"), id="one subnet in each zone"),
        pytest.param(in_zones("aabb", taken=2), id="two of four in two zones"),
        pytest.param(with_names(DNS), id="host names"),
        pytest.param(with_names({**DNS, "enableDnsSupport": True}), id="DNS"),
        pytest.param(with_names({"enableDnsHostnames": UNKNOWN}), id="not known"),
        pytest.param(with_names({}, privateDnsEnabled=False), id="without names"),
        pytest.param(with_names({}, privateDnsEnabled=None), id="without names by default"),
        pytest.param(with_names({}, privateDnsEnabled=UNKNOWN), id="perhaps with names"),
        pytest.param(with_names({}, vpcEndpointType="Gateway"), id="a gateway"),
        pytest.param(native(enableDnsHostnames=True), id="aws-native"),
        pytest.param(twice(second_vpc=True), id="in two VPCs"),
        pytest.param(twice(serviceName="com.amazonaws.us-east-1.sqs"), id="of two services"),
        pytest.param(twice(serviceName=UNKNOWN), id="of an unknown service"),
        pytest.param(twice(privateDnsEnabled=False), id="one without names"),
        pytest.param(
            lambda stack: endpoint(stack, "one", UNKNOWN, privateDnsEnabled=True),
            id="in an unknown VPC",
        ),
    ],
)
def test_an_endpoint_that_is_or_may_be_possible_passes(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, POLICY) == {"passes"}


def test_a_vpc_that_exists_may_have_got_its_dns_from_others() -> None:
    stack = Stack()
    with_names({})(stack)
    assert verdict(stack, POLICY, existing=[stack.resources[0]]) == "passes"


@pytest.mark.parametrize("value", [None, "", 7, [None], {"x": None}, True])
def test_malformed_properties_neither_raise_nor_reject(value: Any) -> None:
    stack = Stack()
    names = ("vpcId", "subnetIds", "serviceName", "vpcEndpointType", "privateDnsEnabled")
    for name in ("one", "other"):
        stack.add(ENDPOINT, name, dict.fromkeys(names, value))
    assert verdict(stack, POLICY) == "passes"


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        (in_zones("aa"), "VPC endpoint wrong -> subnet s1 -> us-east-1a"),
        (with_names({}), "VPC endpoint wrong -> VPC main -> enableDnsHostnames: false"),
        (
            twice(),
            "and VPC endpoint first both have private DNS for the same service in the same VPC",
        ),
    ],
)
def test_the_message_leads_to_what_is_in_the_way(build: Build, expected: str) -> None:
    stack = Stack()
    build(stack)
    (message,) = [each.message for each in run(stack) if each.policy == POLICY]
    assert expected in message


# --- associations and services --------------------------------------------------------------------

SUBNET_OF = "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation"
TABLE_OF = "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation"
GROUP_OF = "aws:ec2/securityGroupAssociation:SecurityGroupAssociation"
SERVICE = "aws:ec2/vpcEndpointService:VpcEndpointService"


def added(own: str, *zones: Any, to: Any = None) -> Stack:
    """An endpoint with subnets of its own in some zones, and others that are added to it."""
    stack = Stack()
    home = aws.vpc(stack)
    mine = [aws.subnet(stack, f"own-{zone}", home, zone) for zone in own]
    made = endpoint(stack, "endpoint", home, subnetIds=aws.ids(*mine) or None)
    for place, zone in enumerate(zones):
        subnet = aws.subnet(stack, f"s{place}", home, zone).id if isinstance(zone, str) else zone
        given = {"vpcEndpointId": made.id if to is None else to, "subnetId": subnet}
        stack.add(SUBNET_OF, f"add-{place}", given)
    return stack


@pytest.mark.parametrize(
    ("stack", "expected"),
    [
        (added("", "a", "a"), "rejects add-1"),
        (added("a", "a"), "rejects add-0"),
        (added("ab", "c", "b"), "rejects add-1"),
        (added("", "a", "a", to="vpce-1"), "rejects add-1"),
        (added("", "a", "b"), "passes"),
        (added("a", "b"), "passes"),
        (added("a", UNKNOWN), "passes"),
        (added("", "a", "a", to=UNKNOWN), "passes"),
    ],
)
def test_a_subnet_is_not_added_to_a_zone_that_has_one(stack: Stack, expected: str) -> None:
    assert first_verdicts(stack, POLICY) == {expected}


def test_a_subnet_that_the_endpoint_has_already_is_no_second_one() -> None:
    stack = Stack()
    home = aws.vpc(stack)
    subnet = aws.subnet(stack, "a", home)
    made = endpoint(stack, "endpoint", home, subnetIds=[subnet.id])
    stack.add(SUBNET_OF, "add", {"vpcEndpointId": made.id, "subnetId": subnet.id})
    assert verdict(stack, POLICY) == "passes"


def test_a_subnet_that_a_refresh_showed_may_be_gone() -> None:
    """An endpoint's subnets are copies of its associations, of which one moves within its zone."""
    stack = Stack()
    home = aws.vpc(stack)
    before, after = aws.subnet(stack, "before", home), aws.subnet(stack, "after", home)
    given = {"vpcId": home.id, "serviceName": LOGS, "vpcEndpointType": "Interface"}
    shown = {"subnetIds": [before.outputs["id"]]}
    made = stack.add(ENDPOINT, "endpoint", given, computed=shown)
    stack.add(SUBNET_OF, "add", {"vpcEndpointId": made.id, "subnetId": after.id})
    assert verdict(stack, POLICY, existing=[home, before, after, made]) == "passes"


def serving(region: Any, **said: Any) -> Stack:
    """An endpoint in us-east-1 for a service of the stack in a region."""
    stack = Stack()
    name = {"serviceName": f"com.amazonaws.vpce.{region}.vpce-svc-0a1b"}
    given = {"acceptanceRequired": False}
    service = stack.add(SERVICE, "service", given, computed=name, region=region)
    endpoint(stack, "it", aws.vpc(stack), serviceName=service.output("serviceName"), **said)
    return stack


def test_a_service_of_another_region_is_not_found() -> None:
    assert first_verdicts(serving("us-west-2"), POLICY) == {"rejects it"}
    assert first_verdicts(serving("us-east-1"), POLICY) == {"passes"}
    for said in ("us-west-2", UNKNOWN):
        assert first_verdicts(serving("us-west-2", serviceRegion=said), POLICY) == {"passes"}
    stack = serving("us-west-2")
    existing = [each for each in stack.resources if each.type == SERVICE]
    found = {each.policy for each in run(stack, existing=existing) if each.level == "mandatory"}
    assert found == {"network-declaration"}, "a name that is known is told of by another policy"


@pytest.mark.parametrize(
    ("kind", "type_of", "expected"),
    [
        (TABLE_OF, "Interface", "rejects it"),
        (SUBNET_OF, "Gateway", "rejects it"),
        (SUBNET_OF, None, "rejects it"),
        (GROUP_OF, "Gateway", "rejects it"),
        (TABLE_OF, "Gateway", "passes"),
        (TABLE_OF, None, "passes"),
        (SUBNET_OF, "Interface", "passes"),
        (SUBNET_OF, "GatewayLoadBalancer", "passes"),
        (GROUP_OF, UNKNOWN, "passes"),
    ],
)
def test_associations_are_of_their_type_of_endpoint(kind: str, type_of: Any, expected: str) -> None:
    stack = Stack()
    made = endpoint(stack, "endpoint", UNKNOWN, serviceName=UNKNOWN, vpcEndpointType=type_of)
    given = {"subnetId": "subnet-1", "routeTableId": "rtb-1", "securityGroupId": "sg-1"}
    stack.add(kind, "it", {"vpcEndpointId": made.id, **given})
    assert verdict(stack, "documented-parts") == expected


@pytest.mark.parametrize("value", [None, "", 7, [None], {"x": None}])
def test_malformed_associations_do_not_raise(value: Any) -> None:
    stack = Stack()
    for kind in (SUBNET_OF, TABLE_OF, GROUP_OF):
        given = {"vpcEndpointId": value, "subnetId": value}
        stack.add(kind, f"of-{kind.rpartition(':')[2]}", given)
    assert verdict(stack, POLICY) == "passes"
