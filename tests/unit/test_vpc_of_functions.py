"""vpc-local-references of what is in subnets with security groups, and of mount targets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

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


Placed = Callable[[Stack, Any, Any], None]


def service(stack: Stack, subnets: Any, groups: Any) -> None:
    network = {"subnets": subnets, "securityGroups": groups, "assignPublicIp": False}
    stack.add("aws:ecs/service:Service", "it", {"networkConfiguration": network})


def instance(stack: Stack, subnets: Any, groups: Any) -> None:
    inputs = {"subnetId": subnets[0], "vpcSecurityGroupIds": groups}
    stack.add("aws:ec2/instance:Instance", "it", inputs)


def native_instance(stack: Stack, subnets: Any, groups: Any) -> None:
    inputs = {"subnetId": subnets[0], "securityGroupIds": groups}
    aws.native(stack, "ec2:Instance", "it", inputs, named_by="instanceId")


def interface(stack: Stack, subnets: Any, groups: Any) -> None:
    inputs = {"subnetId": subnets[0], "securityGroups": groups}
    stack.add("aws:ec2/networkInterface:NetworkInterface", "it", inputs)


def auto_scaling_group(stack: Stack, subnets: Any, groups: Any) -> None:
    kind, said = "aws:ec2/launchTemplate:LaunchTemplate", {"vpcSecurityGroupIds": groups}
    template = stack.add(kind, "template", said)
    inputs = {"vpcZoneIdentifiers": subnets, "launchTemplate": {"id": template.id}}
    stack.add("aws:autoscaling/group:Group", "it", inputs)


TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"


def mixed(stack: Stack, template: Made, subnets: Any, **beside: Any) -> None:
    specification = {"launchTemplateId": template.id, "version": "$Latest"}
    policy = {"launchTemplate": {"launchTemplateSpecification": specification, **beside}}
    inputs = {"vpcZoneIdentifiers": subnets, "mixedInstancesPolicy": policy}
    stack.add("aws:autoscaling/group:Group", "it", inputs)


def group_of_mixed_instances(stack: Stack, subnets: Any, groups: Any) -> None:
    overrides = [{"instanceType": "m7g.large"}, {"instanceType": "m6g.large"}]
    template = stack.add(TEMPLATE, "template", {"vpcSecurityGroupIds": groups})
    mixed(stack, template, subnets, overrides=overrides)


def group_with_interfaces(stack: Stack, subnets: Any, groups: Any) -> None:
    interfaces = [{"associatePublicIpAddress": "false", "securityGroups": groups}]
    template = stack.add(TEMPLATE, "template", {"networkInterfaces": interfaces})
    mixed(stack, template, subnets)


def instance_from_a_template(stack: Stack, subnets: Any, groups: Any) -> None:
    template = stack.add(TEMPLATE, "template", {"vpcSecurityGroupIds": groups})
    inputs = {"subnetId": subnets[0], "launchTemplate": {"id": template.id, "version": "$Latest"}}
    stack.add("aws:ec2/instance:Instance", "it", inputs)


CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
CACHE_CLUSTER = "aws:elasticache/cluster:Cluster"


def cache(stack: Stack, subnets: Any, groups: Any) -> None:
    kind = "aws:elasticache/subnetGroup:SubnetGroup"
    home = stack.add(kind, "subnets", {"subnetIds": subnets, "name": "subnets-1a2b"})
    inputs = {"subnetGroupName": home.output("name"), "securityGroupIds": groups}
    stack.add(CACHE, "it", {**inputs, "replicationGroupId": "it-1a2b"})


@pytest.mark.parametrize(
    "place",
    [
        *(function, service, instance, native_instance, interface, auto_scaling_group),
        *(group_of_mixed_instances, group_with_interfaces, instance_from_a_template, cache),
    ],
)
class TestWhatIsInSubnetsWithSecurityGroups:
    def test_groups_of_another_vpc_are_rejected(self, place: Placed) -> None:
        stack, blue, green = two_homes()
        place(stack, [aws.subnet(stack, "a", blue).id], [group(stack, green).id])
        assert verdicts(stack, POLICY) == {"rejects it"}

    def test_groups_of_the_subnets_vpc_pass(self, place: Placed) -> None:
        stack, blue, _ = two_homes()
        place(stack, [aws.subnet(stack, "a", blue).id], [group(stack, blue).id])
        assert verdicts(stack, POLICY) == {"passes"}

    def test_groups_that_are_lent_to_the_vpc_pass(self, place: Placed) -> None:
        stack, blue, green = two_homes()
        made = group(stack, green)
        kind = "aws:vpc/securityGroupVpcAssociation:SecurityGroupVpcAssociation"
        stack.add(kind, "lent", {"securityGroupId": made.id, "vpcId": blue.id})
        place(stack, [aws.subnet(stack, "a", blue).id], [made.id])
        assert verdict(stack, POLICY) == "passes"

    def test_what_is_not_known_is_no_fault(self, place: Placed) -> None:
        stack, _, green = two_homes()
        place(stack, [UNKNOWN], [group(stack, green).id])
        assert verdict(stack, POLICY) == "passes"
        stack, blue, _ = two_homes()
        place(stack, [aws.subnet(stack, "a", blue).id], UNKNOWN)
        assert verdict(stack, POLICY) == "passes"

    def test_a_group_that_may_be_another_one_is_no_fault(self, place: Placed) -> None:
        stack, blue, green = two_homes()
        here = stack.add(GROUP, "here", {"vpcId": blue.id})
        either = Output.all(here.id, group(stack, green).id).element(0)
        place(stack, [aws.subnet(stack, "a", blue).id], [either])
        assert verdict(stack, POLICY) == "passes"

    @pytest.mark.parametrize("value", [None, "", 7, [None], {"x": None}, True])
    def test_malformed_properties_neither_raise_nor_reject(self, place: Placed, value: Any) -> None:
        stack, *_ = two_homes()
        place(stack, [value], value)
        assert verdict(stack, POLICY) == "passes"


def test_a_launch_template_that_may_be_another_one_is_no_fault() -> None:
    stack, blue, green = two_homes()
    kind, there = "aws:ec2/launchTemplate:LaunchTemplate", group(stack, green)
    here = stack.add(GROUP, "here", {"vpcId": blue.id})
    made = [
        stack.add(kind, each.name, {"vpcSecurityGroupIds": [each.id]}) for each in (here, there)
    ]
    template = Output.all(*aws.ids(*made)).element(0)
    subnets = [aws.subnet(stack, "a", blue).id]
    said = {"vpcZoneIdentifiers": subnets, "launchTemplate": {"id": template}}
    stack.add("aws:autoscaling/group:Group", "it", said)
    assert verdict(stack, POLICY) == "passes"


def test_other_templates_and_interfaces_of_their_own_place_are_no_fault() -> None:
    for overrides, placed in (
        ([{"launchTemplateSpecification": {"launchTemplateId": "lt-1"}}], {}),
        (UNKNOWN, {}),
        ([], {"subnetId": "subnet-1"}),
        ([], {"networkInterfaceId": UNKNOWN}),
    ):
        stack, blue, green = two_homes()
        interfaces = [{"securityGroups": [group(stack, green).id], **placed}]
        template = stack.add(TEMPLATE, "template", {"networkInterfaces": interfaces})
        mixed(stack, template, [aws.subnet(stack, "a", blue).id], overrides=overrides)
        assert verdict(stack, POLICY) == "passes"


def launched(**said: Any) -> Stack:
    """An instance with a group of a VPC of the stack."""
    stack, blue, _ = two_homes()
    inputs = {"vpcSecurityGroupIds": [group(stack, blue).id], **said}
    stack.add("aws:ec2/instance:Instance", "it", inputs, computed={"subnetId": "subnet-default"})
    return stack


def test_an_instance_that_says_no_place_lands_in_the_default_vpc() -> None:
    assert verdicts(launched(), POLICY) == {"rejects it"}
    assert "no subnet -> the default VPC" in next(
        each.message for each in run(launched()) if each.policy == POLICY
    )


@pytest.mark.parametrize(
    "said",
    [
        {"subnetId": UNKNOWN},
        {"subnetId": "subnet-1"},
        {"networkInterfaces": [{"deviceIndex": 0, "networkInterfaceId": "eni-1"}]},
        {"primaryNetworkInterface": {"networkInterfaceId": "eni-1"}},
        {"launchTemplate": {"id": "lt-1"}},
    ],
)
def test_an_instance_may_be_placed_in_other_ways(said: dict[str, Any]) -> None:
    assert verdict(launched(**said), POLICY) == "passes"


def mount(stack: Stack, name: str, system: Output | str, subnet: Made) -> None:
    inputs = {"fileSystemId": system, "subnetId": subnet.id}
    stack.add("aws:efs/mountTarget:MountTarget", name, inputs)


def test_the_mount_targets_of_a_file_system_are_in_one_vpc() -> None:
    for elsewhere, expected in ((True, "rejects second"), (False, "passes")):
        stack, blue, green = two_homes()
        system = stack.add("aws:efs/fileSystem:FileSystem", "files", {"encrypted": True})
        mount(stack, "first", system.id, aws.subnet(stack, "a", blue, "a"))
        mount(stack, "second", system.id, aws.subnet(stack, "b", green if elsewhere else blue, "b"))
        assert verdict(stack, "network-risks") == expected


def test_the_mount_targets_of_a_file_system_of_another_stack_are_in_one_vpc() -> None:
    for elsewhere, expected in ((True, "rejects second"), (False, "passes")):
        stack, blue, green = two_homes()
        mount(stack, "first", "fs-0a1b", aws.subnet(stack, "a", blue, "a"))
        mount(stack, "second", "fs-0a1b", aws.subnet(stack, "b", green if elsewhere else blue, "b"))
        assert verdict(stack, "network-risks") == expected


def test_mount_targets_of_two_file_systems_may_be_apart() -> None:
    stack, blue, green = two_homes()
    for name, home in (("first", blue), ("second", green)):
        system = stack.add("aws:efs/fileSystem:FileSystem", f"of-{name}", {"encrypted": True})
        mount(stack, name, system.id, aws.subnet(stack, name, home, "a"))
    assert verdict(stack, "network-risks") == "passes"


def test_the_message_names_both_places() -> None:
    stack, blue, green = two_homes()
    function(stack, [aws.subnet(stack, "a", blue).id], [group(stack, green).id])
    (message,) = (each.message for each in run(stack) if each.policy == POLICY)
    assert "-> subnet a -> VPC blue" in message
    assert "-> security group group -> VPC green" in message


@pytest.mark.parametrize(
    ("kind", "said", "expected"),
    [
        (CACHE, {"replicationGroupId": "it-1a2b"}, "rejects it"),
        (CACHE_CLUSTER, {"engine": "memcached"}, "rejects it"),
        (CACHE_CLUSTER, {"replicationGroupId": "cache"}, "passes"),
        (CACHE, {"subnetGroupName": "app"}, "passes"),
        (CACHE, {"subnetGroupName": UNKNOWN}, "passes"),
    ],
)
def test_a_cache_without_subnets_is_in_the_default_vpc(
    kind: str, said: dict[str, Any], expected: str
) -> None:
    stack, blue, _ = two_homes()
    stack.add(kind, "it", {"securityGroupIds": [group(stack, blue).id], **said})
    assert verdict(stack, POLICY) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"availabilityZones": ["us-east-1a"]}, "rejects it"),
        ({"availabilityZones": UNKNOWN}, "rejects it"),
        ({"vpcZoneIdentifiers": UNKNOWN}, "passes"),
        ({"vpcZoneIdentifiers": ["subnet-1"]}, "passes"),
        ({}, "passes"),
    ],
)
def test_an_auto_scaling_group_without_subnets_is_in_the_default_vpc(
    said: dict[str, Any], expected: str
) -> None:
    stack, blue, _ = two_homes()
    template = stack.add(TEMPLATE, "template", {"vpcSecurityGroupIds": [group(stack, blue).id]})
    stack.add("aws:autoscaling/group:Group", "it", {"launchTemplate": {"id": template.id}, **said})
    assert verdict(stack, POLICY) == expected
    for made in [each for each in run(stack) if each.policy == POLICY]:
        assert "does not exist in default VPC" in made.message


def test_the_groups_that_an_instance_states_win_over_its_templates() -> None:
    stack, blue, green = two_homes()
    template = stack.add(TEMPLATE, "template", {"vpcSecurityGroupIds": [group(stack, green).id]})
    own = stack.add(GROUP, "own", {"vpcId": blue.id})
    inputs = {"subnetId": aws.subnet(stack, "a", blue).id, "launchTemplate": {"id": template.id}}
    it = stack.add("aws:ec2/instance:Instance", "it", {**inputs, "vpcSecurityGroupIds": [own.id]})
    assert verdict(stack, POLICY) == "passes"
    stack.resources.remove(it)
    stack.add("aws:ec2/instance:Instance", "it", {**inputs, "vpcSecurityGroupIds": UNKNOWN})
    assert verdict(stack, POLICY) == "passes"


@pytest.mark.parametrize(
    ("said", "follows", "is_new", "expected"),
    [
        ({"version": "1"}, False, False, "passes"),
        ({}, False, False, "passes"),
        ({"version": "$Default"}, False, False, "passes"),
        ({"version": "$Default"}, True, False, "rejects it"),
        ({}, True, False, "rejects it"),
        ({"version": "$Latest"}, False, False, "rejects it"),
        ({"version": "2"}, False, False, "rejects it"),
        ({"version": "1"}, False, True, "rejects it"),
        ({}, False, True, "rejects it"),
    ],
)
def test_the_version_of_a_template_that_is_used(
    said: dict[str, Any], follows: bool, is_new: bool, expected: str
) -> None:
    """The template has moved on to a group of another VPC; the first version had one of this."""
    stack, blue, green = two_homes()
    groups = {"vpcSecurityGroupIds": [group(stack, green).id]}
    computed = {"latestVersion": 2}
    given = {**groups, **({"updateDefaultVersion": True} if follows else {})}
    template = stack.add(TEMPLATE, "template", given, computed=computed)
    subnet = aws.subnet(stack, "a", blue)
    inputs = {"subnetId": subnet.id, "launchTemplate": {"id": template.id, **said}}
    it = stack.add("aws:ec2/instance:Instance", "it", inputs)
    existing = () if is_new else [each for each in stack.resources if each is not it]
    assert verdict(stack, POLICY, existing=existing) == expected


def test_a_subnet_group_of_the_same_name_in_another_account_is_another_one() -> None:
    stack, blue, green = two_homes()
    kind = "aws:elasticache/subnetGroup:SubnetGroup"
    old = stack.add(kind, "old", {"name": "cache", "subnetIds": [aws.subnet(stack, "a", blue).id]})
    home = {"name": "cache", "subnetIds": [aws.subnet(stack, "b", green).id]}
    new = stack.add(kind, "new", home, provider_name="other")
    own = group(stack, green)
    inputs = {"subnetGroupName": new.output("name"), "securityGroupIds": [own.id]}
    stack.add(CACHE, "it", {**inputs, "replicationGroupId": "it"}, provider_name="other")
    existing = [each for each in stack.resources if each.name in ("old", "a", "blue")]
    assert old in existing
    assert verdict(stack, POLICY, existing=existing) == "passes"
