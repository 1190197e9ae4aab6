"""documented-regions."""

from __future__ import annotations

from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Stack
from tests.support import findings, run, verdict, verdicts

POLICY = "documented-regions"
EAST, WEST = "us-east-1", "us-west-2"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"
RULE = "aws:cloudwatch/eventRule:EventRule"
FUNCTION = "aws:lambda/function:Function"
QUEUE = "aws:sqs/queue:Queue"
BUS = "aws:cloudwatch/eventBus:EventBus"
BUCKET = "aws:s3/bucket:Bucket"
POLICY_OF_BUCKET = "aws:s3/bucketPolicy:BucketPolicy"


def queue(stack: Stack, region: str, kind: str = QUEUE) -> Made:
    arn = f"arn:aws:sqs:{region}:111122223333:orders"
    return stack.add(kind, "orders", {"name": "orders"}, computed={"arn": arn}, region=region)


def target(stack: Stack, arn: Any) -> None:
    stack.add(TARGET, "it", {"rule": "orders", "arn": arn, "roleArn": "arn:aws:iam::1:role/a"})


@pytest.mark.parametrize(
    ("kind", "region", "expected"),
    [
        (QUEUE, EAST, "passes"),
        (QUEUE, WEST, "rejects it"),
        (BUS, WEST, "passes"),
    ],
)
def test_events_go_to_targets_of_the_region(kind: str, region: str, expected: str) -> None:
    stack = Stack()
    target(stack, queue(stack, region, kind).output("arn"))
    assert verdicts(stack, POLICY) == {expected}


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        ("arn:aws:lambda:us-west-2:111122223333:function:orders", "rejects it"),
        ("arn:aws:lambda:us-east-1:111122223333:function:orders", "passes"),
        ("arn:aws:events:us-west-2:111122223333:event-bus/orders", "passes"),
        ("arn:aws:lambda:REGION:111122223333:function:orders", "passes"),
        (UNKNOWN, "passes"),
        (None, "passes"),
        (7, "passes"),
    ],
)
def test_a_known_arn_tells_the_region_of_a_target(arn: Any, expected: str) -> None:
    stack = Stack()
    target(stack, arn)
    assert verdict(stack, POLICY) == expected


def test_a_target_in_the_wrong_place_is_told_of_once() -> None:
    stack = Stack()
    rule = stack.add(RULE, "orders", {"name": "orders"}, region=WEST)
    inputs = {"rule": rule.output("name"), "arn": queue(stack, WEST).output("arn")}
    stack.add(TARGET, "it", inputs)
    assert findings(stack) == {("region-local-references", "it")}


def bucket(stack: Stack, region: str, **said: Any) -> Made:
    return stack.add(BUCKET, "code", said, region=region)


@pytest.mark.parametrize(("region", "expected"), [(EAST, "passes"), (WEST, "rejects it")])
def test_the_configuration_is_in_the_region_of_its_bucket(region: str, expected: str) -> None:
    stack = Stack()
    stack.add(POLICY_OF_BUCKET, "it", {"bucket": bucket(stack, region).id, "policy": "{}"})
    assert verdicts(stack, POLICY) == {expected}


def test_a_bucket_is_known_by_its_name_in_any_region() -> None:
    stack = Stack()
    bucket(stack, WEST, bucket="code-1a2b3c4")
    stack.add(POLICY_OF_BUCKET, "it", {"bucket": "code-1a2b3c4", "policy": "{}"})
    assert verdicts(stack, POLICY) == {"rejects it"}
    stack = Stack()
    stack.add(POLICY_OF_BUCKET, "it", {"bucket": "code-of-others", "policy": "{}"})
    assert verdicts(stack, POLICY) == {"passes"}


def test_the_message_leads_to_what_is_elsewhere() -> None:
    stack = Stack()
    target(stack, queue(stack, WEST).output("arn"))
    (message,) = (each.message for each in run(stack) if each.policy == POLICY)
    assert "event target it -> arn -> queue orders -> in us-west-2" in message
    assert "only through an event bus of that region" in message


@pytest.mark.parametrize(("region", "expected"), [(EAST, "passes"), (WEST, "rejects it")])
def test_the_dead_letters_of_a_subscription_stay_in_its_region(region: str, expected: str) -> None:
    stack = Stack()
    letters = queue(stack, region)
    said = f'{{"deadLetterTargetArn": "arn:aws:sqs:{region}:111122223333:orders"}}'
    for policy in (Output(said, (letters,)), said):
        subscribed = {"protocol": "sqs", "redrivePolicy": policy}
        stack.add("aws:sns/topicSubscription:TopicSubscription", "it", subscribed)
        assert verdicts(stack, POLICY) == {expected}
        stack.resources.pop()


@pytest.mark.parametrize("said", [UNKNOWN, "no JSON", "{}", 7])
def test_dead_letters_that_are_not_known_pass(said: Any) -> None:
    stack = Stack()
    given = {"protocol": "sqs", "redrivePolicy": said}
    stack.add("aws:sns/topicSubscription:TopicSubscription", "it", given)
    assert verdicts(stack, POLICY) == {"passes"}


# --- one id in two regions ------------------------------------------------------------------------

INSTANCE = "aws:ec2/instance:Instance"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
IMAGE = "ami-0c55b159cbfafe1f0"


def launched(ami: Any = IMAGE, other: Any = IMAGE, region: str = WEST, **said: Any) -> Stack:
    """An instance, and the template of another one in another region."""
    stack = Stack()
    stack.add(INSTANCE, "it", {"ami": ami})
    stack.add(TEMPLATE, "other", {"imageId": other, **said}, region=region)
    return stack


@pytest.mark.parametrize(
    ("stack", "expected"),
    [
        pytest.param(launched(), "rejects other", id="an image in two regions"),
        pytest.param(launched(region=EAST), "passes", id="in one region"),
        pytest.param(launched(other="ami-0d5d9d301c853a04a"), "passes", id="two images"),
        pytest.param(launched(UNKNOWN), "passes", id="some image"),
        pytest.param(launched(None, None), "passes", id="no image"),
        pytest.param(launched(7, 7), "passes", id="a number"),
        pytest.param(launched("ami-12345678", "ami-12345678"), "passes", id="an example"),
        pytest.param(
            launched("ami-0abcdef1234567890", "ami-0abcdef1234567890"), "passes", id="another one"
        ),
        pytest.param(launched("ami-11111111", "ami-11111111"), "passes", id="a third"),
        pytest.param(
            launched("resolve:ssm:/images/web", "resolve:ssm:/images/web"),
            "passes",
            id="a parameter that each region has",
        ),
    ],
)
def test_an_id_is_of_one_region(stack: Stack, expected: str) -> None:
    assert verdict(stack, POLICY) == expected
    assert verdict(stack, POLICY, deployed=True) == "passes"


SUBNET = "subnet-0d9e6c1b2a7f4e830"


def test_ids_in_lists_and_blocks_count() -> None:
    stack = Stack()
    stack.add("aws:lb/loadBalancer:LoadBalancer", "first", {"subnets": [SUBNET], "internal": True})
    block = {"vpcConfig": {"subnetIds": [SUBNET], "securityGroupIds": ["sg-0f1e2d3c4b5a69788"]}}
    stack.add(FUNCTION, "it", block, region=WEST)
    assert verdict(stack, POLICY) == "rejects it"
    (found,) = [each.message for each in run(stack) if each.policy == POLICY]
    assert "it names in us-west-2 an id that another resource names in another region:" in found
    assert f"function it -> vpcConfig.subnetIds -> {SUBNET} -> load balancer first, in us-" in found


def test_what_exists_is_right_about_an_id() -> None:
    for old, new in (("it", "other"), ("other", "it")):
        stack = launched()
        there = [each for each in stack.resources if each.name == old]
        assert verdict(stack, POLICY, existing=there) == f"rejects {new}"


def test_an_id_is_told_of_once_in_a_region() -> None:
    stack = launched()
    stack.add(INSTANCE, "third", {"ami": IMAGE}, region=WEST)
    assert verdict(stack, POLICY) == "rejects other"


def test_a_property_that_states_the_region_is_looked_up_there() -> None:
    stack = Stack()
    hub = "tgw-0d9e6c1b2a7f4e830"
    said = {"transitGatewayId": UNKNOWN, "peerTransitGatewayId": hub, "peerRegion": WEST}
    stack.add("aws:ec2transitgateway/peeringAttachment:PeeringAttachment", "peering", said)
    attachment = "aws:ec2transitgateway/vpcAttachment:VpcAttachment"
    given = {"transitGatewayId": hub, "subnetIds": []}
    stack.add(attachment, "far", {**given, "vpcId": "vpc-1"}, region=WEST)
    assert verdict(stack, POLICY) == "passes"
    stack.add(attachment, "near", {**given, "vpcId": "vpc-2"})
    assert verdict(stack, POLICY) == "rejects near"


def test_what_the_stack_makes_is_left_to_the_rule_about_that() -> None:
    stack = Stack()
    vpc = "vpc-0d9e6c1b2a7f4e830"
    computed = {"id": vpc}
    made = stack.add("aws:ec2/vpc:Vpc", "vpc", {"cidrBlock": "10.0.0.0/16"}, computed=computed)
    stack.add("aws:ec2/subnet:Subnet", "near", {"vpcId": vpc})
    stack.add("aws:ec2/subnet:Subnet", "far", {"vpcId": vpc}, region=WEST)
    found = {(each.policy, each.urn) for each in run(stack, existing=[made])}
    assert [policy for policy, urn in found if urn.endswith("::far")] == ["region-local-references"]
    assert verdict(stack, POLICY, existing=[made]) == "passes"


def test_a_name_with_random_digits_may_be_in_every_region() -> None:
    stack = Stack()
    for name, region in (("one", EAST), ("other", WEST)):
        given = {"name": "errors", "pattern": "ERROR", "logGroupName": "app-1a2b3c4e"}
        stack.add("aws:cloudwatch/logMetricFilter:LogMetricFilter", name, given, region=region)
        subnets = {"name": "app", "subnetGroupName": "app-1a2b3c4e"}
        stack.add("aws:elasticache/cluster:Cluster", f"cache-{name}", subnets, region=region)
    assert verdict(stack, POLICY) == "passes"
