"""Values of another stack, mixed with those of this one: `Output.all(...)` over both.

Their dependencies name the resources of this stack and the `StackReference`, and a first preview
shows no value, so what the property names may be of this stack or of the other one. The SDK's own
servicer hides dependencies without a resource, so the pack's own is asked.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from policies.serving.servicer import PreflightServicer
from policies.testing import Made, Output, Stack
from tests import aws
from tests.support import verdict

Build = Callable[[Stack], None]


def mixed(value: str, *own: Made) -> Output:
    """One value out of those of the stack's own resources and another stack's."""
    return Output(value, (*own, aws.other_stack()))


def two_mixed(own: list[Made]) -> list[Output]:
    return [mixed(f"subnet-{place}", *own) for place in "xy"]


def isolated(stack: Stack, zones: str = "ab") -> list[Made]:
    """Subnets of a VPC without an internet gateway."""
    home = aws.vpc(stack)
    return [aws.subnet(stack, f"own-{number}", home, zone) for number, zone in enumerate(zones)]


def load_balancer(stack: Stack) -> None:
    aws.balancer(stack, "who", two_mixed(isolated(stack)))


def subnets_of_one_zone(stack: Stack) -> None:
    aws.balancer(stack, "who", two_mixed(isolated(stack, "aa")), internal=True)


def subnets_of_one_zone_in_a_group(stack: Stack) -> None:
    subnet_ids = two_mixed(isolated(stack, "aa"))
    stack.add("aws:rds/subnetGroup:SubnetGroup", "who", {"subnetIds": subnet_ids})


def nat_gateway(stack: Stack) -> None:
    aws.nat(stack, "who", mixed("subnet-x", *isolated(stack)))


def peered_with_a_range_of_its_own(stack: Stack) -> None:
    east = aws.vpc(stack, "east")
    west = aws.vpc(stack, "west")
    aws.peering(stack, "who", east, mixed("vpc-x", west), autoAccept=True)


def peered_in_another_region(stack: Stack) -> None:
    east = aws.vpc(stack, "east")
    with aws.region(stack, "eu-west-1"):
        west = aws.vpc(stack, "west", "10.1.0.0/16")
    aws.peering(stack, "who", east, mixed("vpc-x", west))


def peered_without_routes(stack: Stack) -> None:
    east = aws.vpc(stack, "east")
    west = aws.vpc(stack, "west", "10.1.0.0/16")
    aws.peering(stack, "who", east, mixed("vpc-x", west), autoAccept=True)
    aws.route(
        stack,
        "there",
        east.output("mainRouteTableId"),
        destinationCidrBlock="10.1.0.0/16",
        vpcPeeringConnectionId=stack.resources[-1].id,
    )


def map_of_regions(stack: Stack) -> None:
    with aws.region(stack, "eu-west-1"):
        west = aws.vpc(stack, "west", "10.1.0.0/16")
    stack.add("aws:ec2/subnet:Subnet", "who", {"vpcId": mixed("vpc-x", west)})


def group_of_another_vpc(stack: Stack) -> None:
    subnets = isolated(stack)
    other = aws.vpc(stack, "other", "10.1.0.0/16")
    group = stack.add("aws:ec2/securityGroup:SecurityGroup", "group", {"vpcId": other.id})
    groups = [mixed("sg-x", group)]
    aws.balancer(stack, "who", aws.ids(*subnets), internal=True, securityGroups=groups)


def subnets_that_may_be_the_groups(stack: Stack) -> None:
    other = aws.vpc(stack, "other", "10.1.0.0/16")
    group = stack.add("aws:ec2/securityGroup:SecurityGroup", "group", {"vpcId": other.id})
    listed = two_mixed(isolated(stack))
    aws.balancer(stack, "who", listed, internal=True, securityGroups=[group.id])


def subnets_of_two_vpcs(stack: Stack) -> None:
    first, second = isolated(stack)[0], aws.subnet(stack, "far", aws.vpc(stack, "other"), "b")
    subnet_ids = [first.id, mixed("subnet-x", second)]
    stack.add("aws:rds/subnetGroup:SubnetGroup", "who", {"subnetIds": subnet_ids})


def targets_of_another_vpc(stack: Stack) -> None:
    alb = aws.balancer(stack, "alb", aws.ids(*isolated(stack)), internal=True)
    other = aws.vpc(stack, "other", "10.1.0.0/16")
    group = stack.add("aws:lb/targetGroup:TargetGroup", "group", {"vpcId": other.id})
    action = {"type": "forward", "targetGroupArn": mixed("arn:x", group)}
    inputs = {"loadBalancerArn": alb.output("arn"), "defaultActions": [action]}
    stack.add("aws:lb/listener:Listener", "who", inputs)


@pytest.mark.parametrize(
    ("build", "policy"),
    [
        (load_balancer, "alb-public-subnets"),
        (subnets_of_one_zone, "alb-availability-zones"),
        (nat_gateway, "nat-gateway-public-subnet"),
        (peered_with_a_range_of_its_own, "vpc-peering-cidr-overlap"),
        (peered_in_another_region, "vpc-peering-accepted"),
        (peered_without_routes, "vpc-peering-routes"),
        (map_of_regions, "region-local-references"),
        (group_of_another_vpc, "vpc-local-references"),
        (subnets_that_may_be_the_groups, "vpc-local-references"),
        (subnets_of_two_vpcs, "vpc-local-references"),
        (targets_of_another_vpc, "vpc-local-references"),
        (subnets_of_one_zone_in_a_group, "db-subnet-group-zones"),
    ],
)
def test_what_may_be_of_another_stack_is_not_rejected(build: Build, policy: str) -> None:
    stack = Stack()
    build(stack)
    assert verdict(stack, policy, servicer=PreflightServicer) == "cannot tell who"
    for each in stack.resources:  # The same without the other stack is rejected.
        each.inputs = {name: alone(value) for name, value in each.inputs.items()}
    assert verdict(stack, policy, servicer=PreflightServicer) == "rejects who"


def alone(value: object) -> object:
    """The value without what comes from another stack."""
    if isinstance(value, list):
        return [alone(each) for each in value]
    if isinstance(value, dict):
        return {name: alone(each) for name, each in value.items()}
    if not isinstance(value, Output):
        return value
    own = tuple(each for each in value.sources if each.type != aws.STACK_REFERENCE)
    return Output(value.value, own)
