"""network-risks of what has its subnets and security groups in several VPCs."""

from __future__ import annotations

from typing import Any

import pytest

from policies.network.placement import DOCUMENTED
from policies.testing import UNKNOWN, Made, Output, Stack
from tests import aws
from tests.support import findings, run, verdict, verdicts

POLICY = "network-risks"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
PROXY = "aws:rds/proxy:Proxy"
GROUP_OF_CACHES = "aws:elasticache/subnetGroup:SubnetGroup"

ONE_SUBNET = "subnetId"

kinds = pytest.mark.parametrize("kind", DOCUMENTED)
with_subnets = pytest.mark.parametrize(
    "kind",
    [kind for kind, place in DOCUMENTED.items() if not place.by and place.subnets != ONE_SUBNET],
)
with_groups = pytest.mark.parametrize(
    "kind", [kind for kind, place in DOCUMENTED.items() if place.groups]
)


def two_homes() -> tuple[Stack, Made, Made]:
    stack = Stack()
    return stack, aws.vpc(stack, "blue"), aws.vpc(stack, "green", "10.1.0.0/16")


def put(given: dict[str, Any], path: str, said: Any) -> None:
    name, _, inner = path.partition(".")
    if name == "ipAddresses":
        given[name] = [{inner: each} for each in said] if isinstance(said, list) else said
    elif inner:
        given.setdefault(name, {})[inner] = said
    else:
        given[name] = said


def place(stack: Stack, kind: str, subnets: Any, groups: Any = None, vpc: Any = None) -> Made:
    """A resource in subnets; an endpoint or attachment names its VPC too."""
    where, given = DOCUMENTED[kind], dict[str, Any]()
    if where.by:
        subnets = stack.add(where.by, "subnets", {"subnetIds": subnets}).id
    elif where.subnets == ONE_SUBNET and isinstance(subnets, list):
        subnets = subnets[0]
    put(given, where.subnets, subnets)
    if where.groups and groups is not None:
        put(given, where.groups, groups)
    if where.vpc and vpc is not None:
        put(given, where.vpc, vpc.id if isinstance(vpc, Made) else vpc)
    more = {"vpcEndpointType": "Interface", "serviceName": "com.amazonaws.us-east-1.ssm"}
    return stack.add(kind, "it", {**given, **(more if kind == ENDPOINT else {})})


def subnets_of(stack: Stack, *homes: Made) -> list[Any]:
    """A subnet of each of the VPCs, in zones of their own."""
    return [
        aws.subnet(stack, f"app-{zone}", home, zone)
        for home, zone in zip(homes, "abcdef", strict=False)
    ]


@with_subnets
def test_subnets_of_two_vpcs_are_told(kind: str) -> None:
    stack, blue, green = two_homes()
    place(stack, kind, aws.ids(*subnets_of(stack, blue, green)), vpc=blue)
    assert verdicts(stack, POLICY) == {"rejects it"}
    assert findings(stack) == {(POLICY, "it")}


@kinds
def test_subnets_of_one_vpc_pass(kind: str) -> None:
    stack, blue, _ = two_homes()
    group = stack.add(GROUP, "group", {"vpcId": blue.id})
    place(stack, kind, aws.ids(*subnets_of(stack, blue, blue)), [group.id], vpc=blue)
    assert verdicts(stack, POLICY) == {"passes"}


@kinds
def test_two_of_three_subnets_that_may_be_of_one_vpc_pass(kind: str) -> None:
    stack, blue, green = two_homes()
    subnets = Output.all(*aws.ids(*subnets_of(stack, blue, blue, green)))
    place(stack, kind, [subnets.element(0), subnets.element(1)], vpc=blue)
    assert verdict(stack, POLICY) == "passes"


@kinds
@pytest.mark.parametrize("said", [UNKNOWN, None, 7, "", [None], ["subnet-1", "subnet-2"], {}])
def test_subnets_that_are_not_known_pass(kind: str, said: Any) -> None:
    stack, blue, _ = two_homes()
    place(stack, kind, said, vpc=blue)
    assert verdict(stack, POLICY) == "passes"


@with_groups
def test_a_security_group_of_another_vpc_is_told(kind: str) -> None:
    stack, blue, green = two_homes()
    group = stack.add(GROUP, "group", {"vpcId": green.id})
    place(stack, kind, aws.ids(*subnets_of(stack, blue, blue)), [group.id], vpc=blue)
    assert verdicts(stack, POLICY) == {"rejects it"}


@with_groups
def test_a_security_group_of_the_default_vpc_is_told(kind: str) -> None:
    stack, blue, _ = two_homes()
    group = stack.add(GROUP, "group", {"description": "all of it"})
    place(stack, kind, aws.ids(*subnets_of(stack, blue, blue)), [group.id], vpc=blue)
    assert verdict(stack, POLICY) == "rejects it"


@with_groups
@pytest.mark.parametrize("said", [UNKNOWN, ["sg-1"], [None], 7, ""])
def test_security_groups_that_are_not_known_pass(kind: str, said: Any) -> None:
    stack, blue, _ = two_homes()
    place(stack, kind, aws.ids(*subnets_of(stack, blue, blue)), said, vpc=blue)
    assert verdict(stack, POLICY) == "passes"


@with_groups
def test_a_security_group_that_is_lent_to_the_vpc_passes(kind: str) -> None:
    stack, blue, green = two_homes()
    group = stack.add(GROUP, "group", {"vpcId": green.id})
    lent = {"securityGroupId": group.id, "vpcId": blue.id}
    stack.add("aws:vpc/securityGroupVpcAssociation:SecurityGroupVpcAssociation", "lent", lent)
    place(stack, kind, aws.ids(*subnets_of(stack, blue, blue)), [group.id], vpc=blue)
    assert verdict(stack, POLICY) == "passes"


@pytest.mark.parametrize("vpc", [UNKNOWN, None])
def test_an_endpoint_whose_vpc_is_not_known_passes(vpc: Any) -> None:
    stack, blue, green = two_homes()
    group = stack.add(GROUP, "group", {"vpcId": green.id})
    place(stack, ENDPOINT, UNKNOWN, [group.id], vpc=vpc)
    place_of = {"vpcId": vpc, "subnetIds": aws.ids(*subnets_of(stack, blue))}
    stack.add(ENDPOINT, "other", {**place_of, "vpcEndpointType": "Interface"})
    assert verdict(stack, POLICY) == "passes"


def test_a_native_endpoint_and_a_native_cluster_are_read_too() -> None:
    stack = Stack()
    blue, green = aws.native_vpc(stack, "blue"), aws.native_vpc(stack, "green", "10.1.0.0/16")
    said = {"cidrBlock": "10.0.1.0/24", "availabilityZone": "us-east-1a"}
    where = [
        aws.native_subnet(stack, f"app-{each.name}", each, **said).output("subnetId")
        for each in (blue, green)
    ]
    inputs = {"resourcesVpcConfig": {"subnetIds": where}, "roleArn": "arn:aws:iam::1:role/eks"}
    aws.native(stack, "eks:Cluster", "it", inputs, named_by="arn")
    assert verdict(stack, POLICY) == "rejects it"


@pytest.mark.parametrize("kind", [kind for kind, place in DOCUMENTED.items() if place.by])
def test_a_subnet_group_of_two_vpcs_is_not_told_of_who_uses_it(kind: str) -> None:
    stack, blue, green = two_homes()
    group = stack.add(GROUP, "group", {"vpcId": blue.id})
    place(stack, kind, aws.ids(*subnets_of(stack, blue, green)), [group.id])
    assert "it" not in {name for _, name in findings(stack)}


def test_what_exists_is_not_told() -> None:
    stack, blue, green = two_homes()
    place(stack, PROXY, aws.ids(*subnets_of(stack, blue, green)))
    assert verdict(stack, POLICY, existing=stack.resources) == "passes"


def test_the_message_names_the_vpcs() -> None:
    for kind, vpc, words in (
        (GROUP_OF_CACHES, False, ("has subnets in several VPCs", "subnet app-a -> VPC blue")),
        (ENDPOINT, True, ("has subnets and security groups", "its VPC -> VPC blue")),
    ):
        stack, blue, green = two_homes()
        place(stack, kind, aws.ids(*subnets_of(stack, blue, green)), vpc=blue if vpc else None)
        (said,) = [each.message for each in run(stack) if each.policy == POLICY]
        assert all(each in said for each in (*words, "subnet app-b -> VPC green"))
        assert said.count("subnet app-a") == (0 if vpc else 1)
