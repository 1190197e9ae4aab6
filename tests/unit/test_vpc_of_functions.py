"""vpc-local-references of Lambda functions and of the mount targets of EFS file systems."""

from __future__ import annotations

from typing import Any

from policies.testing import UNKNOWN, Made, Output, Stack
from tests import aws
from tests.support import run, verdict, verdicts

POLICY = "vpc-local-references"
GROUP = "aws:ec2/securityGroup:SecurityGroup"


def two_homes() -> tuple[Stack, Made, Made]:
    stack = Stack()
    return stack, aws.vpc(stack, "blue"), aws.vpc(stack, "green", "10.1.0.0/16")


def function(stack: Stack, subnets: Any, groups: Any) -> None:
    network = {"subnetIds": subnets, "securityGroupIds": groups}
    stack.add("aws:lambda/function:Function", "it", {"vpcConfig": network})


def group(stack: Stack, home: Made | None) -> Made:
    return stack.add(GROUP, "group", {"vpcId": home.id} if home else {"description": "x"})


def test_a_function_has_its_security_group_where_its_subnets_are() -> None:
    for of_green, expected in ((True, "rejects it"), (False, "passes")):
        stack, blue, green = two_homes()
        made = group(stack, green if of_green else blue)
        function(stack, [aws.subnet(stack, "a", blue).id], [made.id])
        assert verdicts(stack, POLICY) == {expected}


def test_a_group_of_the_default_vpc_is_of_another_one() -> None:
    stack, blue, _ = two_homes()
    function(stack, [aws.subnet(stack, "a", blue).id], [group(stack, None).id])
    assert verdict(stack, POLICY) == "rejects it"


def test_a_group_that_is_lent_to_the_vpc_passes() -> None:
    stack, blue, green = two_homes()
    made = group(stack, green)
    inputs = {"securityGroupId": made.id, "vpcId": blue.id}
    stack.add("aws:vpc/securityGroupVpcAssociation:SecurityGroupVpcAssociation", "lent", inputs)
    function(stack, [aws.subnet(stack, "a", blue).id], [made.id])
    assert verdict(stack, POLICY) == "passes"


def test_what_is_not_known_of_a_function_is_no_fault() -> None:
    stack, _, green = two_homes()
    function(stack, UNKNOWN, [group(stack, green).id])
    assert verdict(stack, POLICY) == "passes"
    stack, blue, _ = two_homes()
    function(stack, [aws.subnet(stack, "a", blue).id], UNKNOWN)
    assert verdict(stack, POLICY) == "passes"


def mount(stack: Stack, name: str, system: Output | str, subnet: Made) -> None:
    inputs = {"fileSystemId": system, "subnetId": subnet.id}
    stack.add("aws:efs/mountTarget:MountTarget", name, inputs)


def test_the_mount_targets_of_a_file_system_are_in_one_vpc() -> None:
    for elsewhere, expected in ((True, "rejects second"), (False, "passes")):
        stack, blue, green = two_homes()
        system = stack.add("aws:efs/fileSystem:FileSystem", "files", {"encrypted": True})
        mount(stack, "first", system.id, aws.subnet(stack, "a", blue, "a"))
        mount(stack, "second", system.id, aws.subnet(stack, "b", green if elsewhere else blue, "b"))
        assert verdict(stack, POLICY) == expected


def test_mount_targets_of_two_file_systems_may_be_apart() -> None:
    stack, blue, green = two_homes()
    for name, home in (("first", blue), ("second", green)):
        system = stack.add("aws:efs/fileSystem:FileSystem", f"of-{name}", {"encrypted": True})
        mount(stack, name, system.id, aws.subnet(stack, name, home, "a"))
    assert verdict(stack, POLICY) == "passes"


def test_the_message_names_both_places() -> None:
    stack, blue, green = two_homes()
    function(stack, [aws.subnet(stack, "a", blue).id], [group(stack, green).id])
    (message,) = (each.message for each in run(stack) if each.policy == POLICY)
    assert "-> subnet a -> VPC blue" in message
    assert "-> security group group -> VPC green" in message
