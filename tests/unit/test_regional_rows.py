"""References within a region, row by row: what they name, when they count, and what AWS answers."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from policies.model import Model, data_files
from policies.model.regions import foreign_answers
from policies.model.regions.regional_references import local_properties
from policies.model.resource import Provider, Resource
from policies.model.values import Tree
from policies.model.vocabulary import term_of
from policies.testing import UNKNOWN, Made, Output, Stack
from tests import aws
from tests.support import DOUBT, findings, run, verdict, verdicts

REGION = "region-local-references"
EAST, WEST, NORTH = "us-east-1", "eu-west-1", "eu-north-1"

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
BUCKET = "aws:s3/bucket:Bucket"
CERTIFICATE = "aws:acm/certificate:Certificate"
FUNCTION = "aws:lambda/function:Function"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
EVENT_TARGET = "aws:cloudwatch/eventTarget:EventTarget"
FLOW_LOG = "aws:ec2/flowLog:FlowLog"
LISTENER = "aws:lb/listener:Listener"
SCHEDULE = "aws:scheduler/schedule:Schedule"
KEY = "aws:kms/key:Key"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
QUEUE = "aws:sqs/queue:Queue"
TABLE = "aws:dynamodb/table:Table"
TOPIC = "aws:sns/topic:Topic"

Build = Callable[[Stack], Any]


def arn(service: str, what: str, region: str = WEST) -> str:
    return f"arn:aws:{service}:{region}:111122223333:{what}"


def made(stack: Stack, kind: str, name: str = "there", region: str = WEST, **inputs: Any) -> Made:
    """A resource of another region, with an ARN that AWS gives it."""
    service = kind.split(":")[1].partition("/")[0]
    return stack.add(
        kind, name, inputs, computed={"arn": arn(service, f"{name}-1", region)}, region=region
    )


def said(stack: Stack, policy: str = REGION) -> str:
    return next(each.message for each in run(stack) if each.policy == policy)


def leaf(path: str, value: Any) -> dict[str, Any]:
    """`a.b` as blocks in blocks."""
    name, _, rest = path.partition(".")
    return {name: leaf(rest, value) if rest else value}


ROWS: list[tuple[str, str, str, str]] = [
    ("aws:apigateway/domainName:DomainName", "regionalCertificateArn", CERTIFICATE, "arn"),
    ("aws:apigateway/deployment:Deployment", "restApi", "aws:apigateway/restApi:RestApi", "id"),
    ("aws:apigateway/vpcLink:VpcLink", "targetArn", BALANCER, "arn"),
    ("aws:apigateway/stage:Stage", "accessLogSettings.destinationArn", LOG_GROUP, "arn"),
    ("aws:apigatewayv2/route:Route", "apiId", "aws:apigatewayv2/api:Api", "id"),
    (
        "aws:apigatewayv2/domainName:DomainName",
        "domainNameConfiguration.certificateArn",
        CERTIFICATE,
        "arn",
    ),
    ("aws:autoscaling/notification:Notification", "topicArn", TOPIC, "arn"),
    ("aws:autoscaling/lifecycleHook:LifecycleHook", "notificationTargetArn", QUEUE, "arn"),
    (
        "aws:autoscaling/group:Group",
        "initialLifecycleHooks.notificationTargetArn",
        TOPIC,
        "arn",
    ),
    ("aws:lambda/eventSourceMapping:EventSourceMapping", "eventSourceArn", QUEUE, "arn"),
    ("aws:lambda/eventSourceMapping:EventSourceMapping", "eventSourceArn", TABLE, "streamArn"),
    (FUNCTION, "deadLetterConfig.targetArn", QUEUE, "arn"),
    (FUNCTION, "s3Bucket", "aws:s3/bucket:Bucket", "id"),
    (FUNCTION, "layers", "aws:lambda/layerVersion:LayerVersion", "arn"),
    (FUNCTION, "fileSystemConfig.arn", "aws:efs/accessPoint:AccessPoint", "arn"),
    ("aws:lambda/permission:Permission", "function", FUNCTION, "arn"),
    (
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        "destinationConfig.onFailure.destination",
        QUEUE,
        "arn",
    ),
    (
        "aws:cloudwatch/eventArchive:EventArchive",
        "eventSourceArn",
        "aws:cloudwatch/eventBus:EventBus",
        "arn",
    ),
    ("aws:cloudwatch/eventTarget:EventTarget", "deadLetterConfig.arn", QUEUE, "arn"),
    ("aws:cloudwatch/metricAlarm:MetricAlarm", "alarmActions", FUNCTION, "arn"),
    ("aws:cloudtrail/trail:Trail", "cloudWatchLogsGroupArn", LOG_GROUP, "arn"),
    ("aws:scheduler/schedule:Schedule", "target.arn", QUEUE, "arn"),
    ("aws:scheduler/schedule:Schedule", "target.arn", "aws:codebuild/project:Project", "arn"),
    ("aws:scheduler/schedule:Schedule", "target.arn", "aws:lambda/alias:Alias", "arn"),
    ("aws:scheduler/schedule:Schedule", "target.arn", "aws:cloudwatch/eventBus:EventBus", "arn"),
    ("aws:sfn/stateMachine:StateMachine", "encryptionConfiguration.kmsKeyId", KEY, "arn"),
    ("aws:secretsmanager/secretRotation:SecretRotation", "rotationLambdaArn", FUNCTION, "arn"),
    (
        "aws:dynamodb/kinesisStreamingDestination:KinesisStreamingDestination",
        "streamArn",
        "aws:kinesis/stream:Stream",
        "arn",
    ),
    ("aws:dynamodb/tableReplica:TableReplica", "kmsKeyArn", KEY, "arn"),
    ("aws:ec2/flowLog:FlowLog", "logDestination", LOG_GROUP, "arn"),
    ("aws:ec2/vpcEndpointService:VpcEndpointService", "networkLoadBalancerArns", BALANCER, "arn"),
    ("aws:ec2/natGateway:NatGateway", "secondaryAllocationIds", "aws:ec2/eip:Eip", "id"),
    (
        "aws:ec2transitgateway/route:Route",
        "transitGatewayAttachmentId",
        "aws:ec2transitgateway/vpcAttachment:VpcAttachment",
        "id",
    ),
    ("aws:lb/targetGroupAttachment:TargetGroupAttachment", "targetId", FUNCTION, "arn"),
    ("aws:elb/loadBalancer:LoadBalancer", "listeners.sslCertificateId", CERTIFICATE, "arn"),
    ("aws:wafv2/webAcl:WebAcl", "rules.statement.ipSetReferenceStatement.arn",
     "aws:wafv2/ipSet:IpSet", "arn"),
    ("aws:rds/cluster:Cluster", "masterUserSecretKmsKeyId", KEY, "arn"),
    ("aws:rds/eventSubscription:EventSubscription", "snsTopic", TOPIC, "arn"),
    ("aws:backup/vaultNotifications:VaultNotifications", "snsTopicArn", TOPIC, "arn"),
    ("aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace", "vpc", VPC, "id"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "path", "named", "output"), ROWS)
def test_a_row_rejects_what_is_in_another_region(
    kind: str, path: str, named: str, output: str
) -> None:
    stack = Stack()
    there = made(stack, named)
    stack.add(kind, "wrong", leaf(path, there.output(output)))
    assert verdicts(stack, REGION) == {"rejects wrong"}


@pytest.mark.parametrize(("kind", "path", "named", "output"), ROWS)
def test_a_row_lets_pass_what_is_in_its_own(kind: str, path: str, named: str, output: str) -> None:
    stack = Stack()
    here = made(stack, named, region=WEST)
    stack.add(kind, "right", leaf(path, here.output(output)), region=WEST)
    assert verdicts(stack, REGION) == {"passes"}


@pytest.mark.parametrize(("kind", "path", "named", "output"), ROWS)
def test_a_row_does_not_decide_about_one_of_both_regions(
    kind: str, path: str, named: str, output: str
) -> None:
    stack = Stack()
    outputs = [made(stack, named, f"in-{region}", region).output(output) for region in (EAST, WEST)]
    stack.add(kind, "who", leaf(path, Output.all(*outputs).element(0)))
    assert verdict(stack, REGION) in ("cannot tell who", "passes")


@pytest.mark.parametrize("value", [None, 7, "", {}, [], [None], {"a": None}, "arn:", "{", "[]"])
def test_a_malformed_value_is_never_rejected(value: Any) -> None:
    stack = Stack()
    for number, (kind, path, _, _) in enumerate(ROWS):
        stack.add(kind, f"r{number}", leaf(path, value))
    stack.add(QUEUE, "queue", {"redrivePolicy": value})
    stack.add(BALANCER, "alb", {"accessLogs": value, "internal": True, "subnets": []})
    stack.add(
        "aws:s3/bucketNotification:BucketNotification", "n", {"bucket": value, "queues": value}
    )
    stack.add(TABLE, "table", {"replicas": value})
    stack.add("aws:route53/zone:Zone", "zone", {"vpcs": value, "name": "app.test"})
    for deployed in (False, True):
        assert not [each for each in findings(stack, deployed=deployed) if each[0] == REGION]


# --- literal ARNs --------------------------------------------------------------------------------


def with_literal(kind: str, path: str, text: str) -> str:
    stack = Stack()
    stack.add(kind, "it", leaf(path, text))
    return verdict(stack, REGION)


@pytest.mark.parametrize(
    ("kind", "path", "text", "expected"),
    [
        (FUNCTION, "deadLetterConfig.targetArn", arn("sqs", "dead"), "rejects it"),
        # Buses take events from rules of every region; of other targets AWS's answer is not known.
        (EVENT_TARGET, "arn", arn("lambda", "function:f"), "passes"),
        (EVENT_TARGET, "arn", arn("events", "event-bus/b"), "passes"),
        (SCHEDULE, "target.arn", arn("events", "event-bus/b"), "rejects it"),
        # A universal target has no region.
        (
            SCHEDULE,
            "target.arn",
            "arn:aws:scheduler:::aws-sdk:sqs:sendMessage",
            "passes",
        ),
        (ALARM, "okActions", "arn:aws:automate:eu-west-1:ec2:stop", "rejects it"),
        (FLOW_LOG, "logDestination", "arn:aws:s3:::logs/vpc", "passes"),
        (FLOW_LOG, "logDestination", arn("firehose", "deliverystream/d"), "passes"),
        # No regions, but placeholders of a text that somebody is to fill in.
        (LISTENER, "certificateArn", "arn:aws:acm:region:account:certificate/1", "passes"),
        (LISTENER, "certificateArn", "arn:aws:acm:REGION:1:certificate/1", "passes"),
        (LISTENER, "certificateArn", "arn:aws:acm:xx-yy-1:1:certificate/1", "cannot tell it"),
        (LISTENER, "certificateArn", "arn:aws:iam::1:server-certificate/c", "passes"),
    ],
)
def test_a_literal_arn(kind: str, path: str, text: str, expected: str) -> None:
    assert with_literal(kind, path, text) == expected


def test_a_region_that_the_data_do_not_know_is_doubted() -> None:
    stack = Stack()
    stack.add("aws:lb/listener:Listener", "it", {"certificateArn": "arn:aws:acm:eu-zone-9:1:c/1"})
    assert "whether eu-zone-9, which its certificateArn names, is a region" in said(stack, DOUBT)


def test_a_new_region_of_its_own_is_no_doubt() -> None:
    stack = Stack(region="eu-zone-9")
    stack.add("aws:lb/listener:Listener", "it", {"certificateArn": "arn:aws:acm:eu-zone-9:1:c/1"})
    assert verdict(stack, REGION) == "passes"


# --- JSON in a text ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [QUEUE, "aws:sqs/redrivePolicy:RedrivePolicy"])
def test_a_dead_letter_queue_of_another_region_is_rejected(kind: str) -> None:
    stack = Stack()
    dead = made(stack, QUEUE, "dead")
    policy = json.dumps({"deadLetterTargetArn": dead.outputs["arn"], "maxReceiveCount": 3})
    stack.add(kind, "wrong", {"redrivePolicy": Output(policy, (dead,))})
    assert verdicts(stack, REGION) == {"rejects wrong"}
    assert "Dead-letter target must be in same region as the source" in said(stack)


@pytest.mark.parametrize(("region", "expected"), [(WEST, "rejects it"), (EAST, "passes")])
def test_a_redrive_policy_that_is_known_is_read(region: str, expected: str) -> None:
    policy = json.dumps({"deadLetterTargetArn": arn("sqs", "dead", region)})
    assert with_literal(QUEUE, "redrivePolicy", policy) == expected


def test_the_redrive_policy_of_aws_native_is_an_object() -> None:
    stack = Stack()
    policy = {"deadLetterTargetArn": arn("sqs", "dead"), "maxReceiveCount": 3}
    aws.native(stack, "sqs:Queue", "wrong", {"redrivePolicy": policy}, named_by="queueUrl")
    assert verdicts(stack, REGION) == {"rejects wrong"}


# --- where the region is stated ------------------------------------------------------------------


def replica_with_a_key_of_the_table(stack: Stack) -> None:
    key = made(stack, KEY, region=EAST)
    replicas = [{"regionName": WEST, "kmsKeyArn": key.output("arn")}]
    stack.add(TABLE, "wrong", {"name": "t", "replicas": replicas})


def replicas_with_swapped_keys(stack: Stack) -> None:
    replicas = [
        {"regionName": WEST, "kmsKeyArn": arn("kms", "key/1", NORTH)},
        {"regionName": NORTH, "kmsKeyArn": arn("kms", "key/1", WEST)},
    ]
    stack.add(TABLE, "wrong", {"name": "t", "replicas": replicas})


def endpoint_of_another_region(stack: Stack) -> None:
    balancer = made(stack, BALANCER, region=EAST)
    inputs = {"endpointConfigurations": [{"endpointId": balancer.output("arn")}]}
    kind = "aws:globalaccelerator/endpointGroup:EndpointGroup"
    stack.add(kind, "wrong", {"endpointGroupRegion": WEST, **inputs})


def endpoint_without_a_region(stack: Stack) -> None:
    """The provider then says its own."""
    balancer = made(stack, BALANCER)
    inputs = {"endpointConfigurations": [{"endpointId": balancer.output("arn")}]}
    kind = "aws:globalaccelerator/endpointGroup:EndpointGroup"
    stack.add(kind, "wrong", inputs, computed={"endpointGroupRegion": EAST})


def file_system_copied_with_a_key_from_here(stack: Stack) -> None:
    key = made(stack, KEY, region=EAST)
    inputs = {"destination": {"region": WEST, "kmsKeyId": key.output("arn")}}
    stack.add("aws:efs/replicationConfiguration:ReplicationConfiguration", "wrong", inputs)


def zone_with_a_vpc_elsewhere(stack: Stack) -> None:
    far = stack.add(VPC, "far", {"cidrBlock": "10.1.0.0/16"}, region=WEST)
    inputs = {"name": "app.test", "vpcs": [{"vpcId": far.id}]}
    stack.add("aws:route53/zone:Zone", "wrong", inputs)


def peer_of_a_third_region(stack: Stack) -> None:
    kind = "aws:ec2transitgateway/transitGateway:TransitGateway"
    far, here = made(stack, kind, "far"), made(stack, kind, "here", EAST)
    inputs = {"peerTransitGatewayId": far.id, "transitGatewayId": here.id, "peerRegion": NORTH}
    stack.add("aws:ec2transitgateway/peeringAttachment:PeeringAttachment", "wrong", inputs)


def image_copied_from_another_region(stack: Stack) -> None:
    image = made(stack, "aws:ec2/ami:Ami", "image")
    inputs = {"sourceAmiId": image.id, "sourceAmiRegion": EAST}
    stack.add("aws:ec2/amiCopy:AmiCopy", "wrong", inputs)


@pytest.mark.parametrize(
    "build",
    [
        replica_with_a_key_of_the_table,
        replicas_with_swapped_keys,
        endpoint_of_another_region,
        endpoint_without_a_region,
        file_system_copied_with_a_key_from_here,
        zone_with_a_vpc_elsewhere,
        peer_of_a_third_region,
        image_copied_from_another_region,
    ],
)
def test_a_stated_region_is_where_aws_looks(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, REGION) == {"rejects wrong"}


def replicas_with_keys_of_their_own(stack: Stack) -> None:
    keys = [made(stack, KEY, f"key-{region}", region) for region in (WEST, NORTH)]
    replicas = [
        {"regionName": region, "kmsKeyArn": key.output("arn")}
        for region, key in zip((WEST, NORTH), keys, strict=True)
    ]
    stack.add(TABLE, "table", {"name": "t", "replicas": replicas})


def endpoint_of_its_region(stack: Stack) -> None:
    balancer = made(stack, BALANCER)
    inputs = {"endpointConfigurations": [{"endpointId": balancer.output("arn")}]}
    kind = "aws:globalaccelerator/endpointGroup:EndpointGroup"
    stack.add(kind, "group", {"endpointGroupRegion": WEST, **inputs})


def zone_with_vpcs_of_two_regions(stack: Stack) -> None:
    here = stack.add(VPC, "here", {"cidrBlock": "10.0.0.0/16"})
    far = stack.add(VPC, "far", {"cidrBlock": "10.1.0.0/16"}, region=WEST)
    vpcs = [{"vpcId": here.id}, {"vpcId": far.id, "vpcRegion": WEST}]
    stack.add("aws:route53/zone:Zone", "zone", {"name": "app.test", "vpcs": vpcs})


def association_that_states_the_region(stack: Stack) -> None:
    far = stack.add(VPC, "far", {"cidrBlock": "10.1.0.0/16"}, region=WEST)
    inputs = {"vpcId": far.id, "vpcRegion": WEST, "zoneId": "Z1"}
    stack.add("aws:route53/zoneAssociation:ZoneAssociation", "association", inputs)


def zone_whose_vpc_is_where_the_zone_is(stack: Stack) -> None:
    """The program says a region of its own configuration, the provider is of another."""
    here = stack.add(VPC, "here", {"cidrBlock": "10.0.0.0/16"})
    vpcs = [{"vpcId": here.id, "vpcRegion": WEST}]
    stack.add("aws:route53/zone:Zone", "zone", {"name": "app.test", "vpcs": vpcs})
    known = {"cidrBlock": "10.1.0.0/16"}
    stack.add(VPC, "known", known, computed={"id": "vpc-0123456789abcdef0"})
    inputs = {"vpcId": "vpc-0123456789abcdef0", "vpcRegion": WEST, "zoneId": "Z1"}
    stack.add("aws:route53/zoneAssociation:ZoneAssociation", "association", inputs)


def snapshot_copied_from_another_region(stack: Stack) -> None:
    snapshot = made(stack, "aws:ebs/snapshot:Snapshot", "snapshot")
    inputs = {"sourceSnapshotId": snapshot.id, "sourceRegion": WEST}
    stack.add("aws:ebs/snapshotCopy:SnapshotCopy", "copy", inputs)


def region_that_is_not_known(stack: Stack) -> None:
    key = arn("kms", "key/1")
    stack.add(
        TABLE, "table", {"name": "t", "replicas": [{"regionName": UNKNOWN, "kmsKeyArn": key}]}
    )


@pytest.mark.parametrize(
    "build",
    [
        replicas_with_keys_of_their_own,
        endpoint_of_its_region,
        zone_with_vpcs_of_two_regions,
        association_that_states_the_region,
        zone_whose_vpc_is_where_the_zone_is,
        snapshot_copied_from_another_region,
        region_that_is_not_known,
    ],
)
def test_what_is_in_the_stated_region_passes(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdict(stack, REGION) == "passes"
    assert verdict(stack, REGION, deployed=True) == "passes"
    known = [each for each in stack.resources if each.type == VPC]
    assert verdict(stack, REGION, existing=known) == "passes"


def test_the_message_tells_which_property_says_the_region() -> None:
    stack = Stack()
    endpoint_of_another_region(stack)
    assert (
        "Endpoint group wrong refers to a resource that AWS looks up in eu-west-1 (its "
        "endpointGroupRegion), but it is in another region:"
    ) in said(stack)
    assert "must be in same AWS Region as endpoint group" in said(stack)


def notified(stack: Stack, region: str, name: str = "who") -> None:
    bucket = stack.add(BUCKET, "bucket", {"bucket": "app-data"}, region=WEST)
    queue = made(stack, QUEUE, "queue", region)
    inputs = {"bucket": bucket.id, "queues": [{"queueArn": queue.output("arn"), "events": ["x"]}]}
    stack.add("aws:s3/bucketNotification:BucketNotification", name, inputs, region=WEST)


@pytest.mark.parametrize(("region", "expected"), [(WEST, "passes"), (EAST, "rejects who")])
def test_a_bucket_notifies_what_is_in_its_own_region(region: str, expected: str) -> None:
    stack = Stack()
    notified(stack, region)
    assert verdicts(stack, REGION) == {expected}


def test_a_bucket_of_another_stack_may_be_anywhere() -> None:
    stack = Stack()
    queue = made(stack, QUEUE, "queue")
    inputs = {"bucket": "data", "queues": [{"queueArn": queue.output("arn"), "events": ["x"]}]}
    stack.add("aws:s3/bucketNotification:BucketNotification", "who", inputs)
    assert verdict(stack, REGION) == "cannot tell who"


# --- when AWS reads it ---------------------------------------------------------------------------


def logging(stack: Stack, bucket: Any, **said_of_it: Any) -> str:
    inputs = {"internal": True, "accessLogs": {"bucket": bucket, **said_of_it}}
    stack.add(BALANCER, "alb", inputs)
    return verdict(stack, REGION)


@pytest.mark.parametrize(
    ("enabled", "expected"),
    [
        ({"enabled": True}, "rejects alb"),
        ({"enabled": "true"}, "rejects alb"),
        ({"enabled": False}, "passes"),
        ({}, "passes"),
        ({"enabled": UNKNOWN}, "cannot tell alb"),
    ],
)
@pytest.mark.parametrize("by_name", [True, False])
def test_a_bucket_for_logs_counts_where_logs_are_on(
    enabled: Mapping[str, Any], expected: str, by_name: bool
) -> None:
    stack = Stack()
    bucket = stack.add(BUCKET, "logs", {"bucket": "app-logs"}, region=WEST)
    assert logging(stack, "app-logs" if by_name else bucket.id, **enabled) == expected


@pytest.mark.parametrize(
    ("endpoint", "home", "certificate", "expected"),
    [
        ({"types": "PRIVATE"}, EAST, WEST, "rejects it"),
        ({"types": "PRIVATE"}, WEST, WEST, "passes"),
        ({"types": "REGIONAL"}, EAST, WEST, "passes"),
        ({"types": "EDGE"}, EAST, WEST, "rejects it"),
        ({"types": "EDGE"}, WEST, WEST, "rejects it"),
        ({"types": "EDGE"}, WEST, EAST, "passes"),
        (None, WEST, WEST, "rejects it"),
        (None, WEST, EAST, "passes"),
        ({"types": UNKNOWN}, EAST, WEST, "cannot tell it"),
        ({"types": UNKNOWN}, EAST, EAST, "passes"),
    ],
)
@pytest.mark.parametrize("is_made", [True, False])
def test_the_certificate_of_an_edge_domain_is_in_us_east_1_and_of_a_private_one_beside_it(
    endpoint: Any, home: str, certificate: str, expected: str, is_made: bool
) -> None:
    stack = Stack()
    made = stack.add("aws:acm/certificate:Certificate", "own", {}, region=certificate)
    literal = f"arn:aws:acm:{certificate}:111122223333:certificate/1"
    inputs = {
        "certificateArn": made.output("arn") if is_made else literal,
        "endpointConfiguration": endpoint,
    }
    stack.add("aws:apigateway/domainName:DomainName", "it", inputs, region=home)
    assert verdict(stack, REGION) == expected


# --- names ---------------------------------------------------------------------------------------


NAMED = [
    ("aws:lambda/permission:Permission", "function", FUNCTION),
    ("aws:lambda/functionUrl:FunctionUrl", "functionName", FUNCTION),
    ("aws:cloudwatch/eventTarget:EventTarget", "rule", "aws:cloudwatch/eventRule:EventRule"),
    (
        "aws:cloudwatch/eventRule:EventRule",
        "eventBusName",
        "aws:cloudwatch/eventBus:EventBus",
    ),
    ("aws:cloudwatch/logMetricFilter:LogMetricFilter", "logGroupName", LOG_GROUP),
    ("aws:autoscaling/notification:Notification", "groupNames", "aws:autoscaling/group:Group"),
    ("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders", "clusterName",
     "aws:ecs/cluster:Cluster"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "path", "named"), NAMED)
def test_a_name_that_its_own_region_has_not_is_rejected(kind: str, path: str, named: str) -> None:
    stack = Stack()
    there = stack.add(named, "there", {"name": "app"}, region=WEST)
    stack.add(kind, "wrong", leaf(path, there.id))
    assert verdict(stack, REGION) == "rejects wrong"


@pytest.mark.parametrize("name", ["app", UNKNOWN])
@pytest.mark.parametrize(("kind", "path", "named"), NAMED)
def test_a_name_that_its_own_region_has_or_may_have_passes(
    kind: str, path: str, named: str, name: Any
) -> None:
    """Programs for two regions give both halves one name."""
    stack = Stack()
    there = stack.add(named, "there", {"name": "app"}, region=WEST)
    stack.add(named, "here", {"name": name})
    stack.add(kind, "it", leaf(path, there.id))
    assert not verdict(stack, REGION).startswith("rejects")


# --- copies --------------------------------------------------------------------------------------


def test_the_stream_of_a_replica_comes_from_the_table() -> None:
    stack = Stack()
    table = stack.add(
        TABLE,
        "table",
        {"name": "t", "replicas": [{"regionName": WEST}]},
        computed={"streamArn": arn("dynamodb", "table/t/stream/1", EAST)},
    )
    there = Output(arn("dynamodb", "table/t/stream/2"), (table,))
    kind = "aws:lambda/eventSourceMapping:EventSourceMapping"
    stack.add(kind, "west", {"eventSourceArn": there, "functionName": "f"}, region=WEST)
    assert verdict(stack, REGION) == "cannot tell west"
    assert "its eventSourceArn may name a replica of table table, a global table" in said(
        stack, DOUBT
    )
    assert verdict(stack, REGION, deployed=True) == "passes"


# --- what exists ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("existing", "expected"),
    [
        ((), "rejects wrong"),
        (("wrong",), "rejects wrong"),  # An update that names what is new: refused too.
        (("there",), "rejects wrong"),
        (("wrong", "there"), "passes"),  # AWS has taken it.
    ],
)
def test_what_is_new_on_either_side_is_told(existing: tuple[str, ...], expected: str) -> None:
    stack = Stack()
    there = stack.add(GROUP, "there", {"description": "d"}, region=WEST)
    aws.balancer(stack, "wrong", ["subnet-0a"], securityGroups=[there.id], internal=True)
    known = [each for each in stack.resources if each.name in existing]
    assert verdict(stack, REGION, existing=known) == expected


# --- who is misplaced ----------------------------------------------------------------------------


def group(name: str, region: str, names: str = "", home: str = "") -> Resource:
    """A security group whose ids are known, in a region, that lets another group in."""
    rules: Tree = [{"securityGroups": [given(names)]}] if names else []
    kind = VPC if name.startswith("vpc") else GROUP
    properties = {"id": given(name), "ingress": rules, "vpcId": given(home) if home else None}
    provider = Provider(f"urn:pulumi:dev::app::pulumi:providers:aws::{region}", {"region": region})
    return Resource(
        urn=f"urn:pulumi:dev::app::{kind}::{name}",
        type=kind,
        name=name,
        actual=properties,
        declared=properties,
        provider=provider,
    )


def given(name: str) -> str:
    """An id as AWS gives them out."""
    prefix = "vpc" if name.startswith("vpc") else "sg"
    return f"{prefix}-{name.encode().hex():0<17.17}"


def told(resources: Iterable[Resource]) -> set[str]:
    model = Model(resources)
    return {
        each.name for each in model.stack.resources if model.regional_references.of(each).abroad
    }


CIRCLES = {
    "two that name each other": (
        [group("a", EAST, "b"), group("b", WEST, "a")],
        {"a", "b"},
    ),
    "two that name each other, each at home": (
        [
            *(group(f"vpc-{region}", region) for region in (EAST, WEST)),
            group("a", EAST, "b", "vpc-us-east-1"),
            group("b", WEST, "a", "vpc-eu-west-1"),
        ],
        {"a", "b"},
    ),
    "one that is at home is named from afar, and names something there": (
        [
            group("vpc-west", WEST),
            group("east", EAST),
            group("wrong", WEST, "east", "vpc-west"),
            group("asks", EAST, "wrong"),
        ],
        {"wrong", "asks"},
    ),
    "one in the wrong place is named by others": (
        [
            group("vpc-west", WEST),
            group("misplaced", EAST, home="vpc-west"),
            group("right", WEST, "misplaced"),
        ],
        {"misplaced"},
    ),
    "one in the wrong place names another one there": (
        [
            group("vpc-west", WEST),
            group("first", EAST, home="vpc-west"),
            group("second", EAST, "first", "vpc-west"),
            group("right", WEST, "second"),
        ],
        {"first", "second"},
    ),
    "three in a ring": (
        [group("a", EAST, "b"), group("b", WEST, "c"), group("c", NORTH, "a")],
        {"a", "b", "c"},
    ),
}


@pytest.mark.parametrize("case", list(CIRCLES))
def test_who_is_misplaced_does_not_depend_on_an_order(case: str) -> None:
    resources, expected = CIRCLES[case]
    for order in itertools.permutations(resources):
        renamed = [each._replace(urn=f"{each.urn}-{number}") for number, each in enumerate(order)]
        assert told(order) == expected
        assert told(renamed) == expected


# --- AWS's answers -------------------------------------------------------------------------------


def fault(kind: str, path: str, named: str, output: str = "id") -> str:
    stack = Stack()
    there = made(stack, named)
    stack.add(kind, "wrong", leaf(path, there.output(output)))
    return said(stack)


@pytest.mark.parametrize(
    ("kind", "path", "named", "answer"),
    [
        (SUBNET, "vpcId", VPC, "InvalidVpcID.NotFound"),
        ("aws:ec2/natGateway:NatGateway", "subnetId", SUBNET, "InvalidSubnetID.NotFound"),
        ("aws:ec2/instance:Instance", "vpcSecurityGroupIds", GROUP, "InvalidGroup.NotFound"),
        ("aws:ec2/route:Route", "routeTableId", "aws:ec2/routeTable:RouteTable",
         "InvalidRouteTableID.NotFound"),
        ("aws:lb/listener:Listener", "certificateArn", CERTIFICATE, "CertificateNotFound, or"),
        ("aws:lb/listener:Listener", "defaultActions.targetGroupArn",
         "aws:lb/targetGroup:TargetGroup", "TargetGroupNotFound"),
        ("aws:rds/cluster:Cluster", "kmsKeyId", KEY, "KMSKeyNotAccessibleFault"),
        (FUNCTION, "deadLetterConfig.targetArn", QUEUE, "must be in the same region as the Lambda"),
        # Nobody has written down what AWS says.
        ("aws:guardduty/filter:Filter", "detectorId", "aws:guardduty/detector:Detector",
         "looks for it in us-east-1 only and answers that it does not exist."),
    ],
)  # fmt: skip
def test_the_answer_follows_from_what_is_named(
    kind: str, path: str, named: str, answer: str
) -> None:
    assert answer in fault(kind, path, named)


def test_the_answer_about_a_literal_arn_is_that_of_its_kind() -> None:
    stack = Stack()
    stack.add("aws:rds/cluster:Cluster", "wrong", {"kmsKeyId": arn("kms", "key/1")})
    assert "AWS: looks for it in us-east-1 only and answers KMSKeyNotAccessibleFault." in said(
        stack
    )


def test_what_happens_without_an_answer_is_told_as_such() -> None:
    stack = Stack()
    stream = arn("kinesis", "stream/changes")
    kind = "aws:dynamodb/kinesisStreamingDestination:KinesisStreamingDestination"
    stack.add(kind, "changes", {"tableName": "orders", "streamArn": stream})
    text = said(stack)
    assert "looks for it in us-east-1 only: the destination never becomes active." in text


def test_several_answers_are_told_once_each() -> None:
    stack = Stack()
    groups = [made(stack, GROUP, name) for name in "ab"]
    home = made(stack, SUBNET, "subnet")
    inputs = {"vpcSecurityGroupIds": aws.ids(*groups), "subnetId": home.id}
    stack.add("aws:ec2/instance:Instance", "wrong", inputs)
    text = said(stack)
    assert "answers InvalidSubnetID.NotFound; InvalidGroup.NotFound." in text


def test_every_answer_has_a_source_a_date_and_something_that_it_is_about() -> None:
    for each in data_files.entries(data_files.read(foreign_answers.FILE), "answers"):
        assert data_files.text(each, "source")
        assert data_files.text(each, "date")
        for named in data_files.texts(each, "properties"):
            kind, _, path = named.partition(".")
            assert path in local_properties()[kind], named
        kinds = data_files.texts(each, "kinds")
        assert all(term_of(kind).kind == kind for kind in kinds)
        assert kinds or data_files.texts(each, "properties")


# --- aws-native ----------------------------------------------------------------------------------


def test_rules_of_native_security_groups_count() -> None:
    stack = Stack()
    there = aws.native(
        stack, "ec2:SecurityGroup", "there", {"groupDescription": "d"}, named_by="id"
    )
    there.provider = {"region": WEST}
    here = aws.native(stack, "ec2:SecurityGroup", "here", {"groupDescription": "d"}, named_by="id")
    inputs = {"groupId": here.id, "sourceSecurityGroupId": there.id, "ipProtocol": "tcp"}
    aws.native(stack, "ec2:SecurityGroupIngress", "wrong", inputs, named_by="awsId")
    assert verdict(stack, REGION) == "rejects wrong"
    assert "referencedSecurityGroupId -> security group there" in said(stack)


def test_a_native_function_is_found_by_its_layers_and_queues() -> None:
    stack = Stack()
    inputs = {
        "deadLetterConfig": {"targetArn": arn("sqs", "dead")},
        "layers": [arn("lambda", "layer:tools:1")],
    }
    aws.native(stack, "lambda:Function", "wrong", inputs, named_by="arn")
    text = said(stack)
    assert "deadLetterConfig.targetArn -> arn:aws:sqs:eu-west-1:..." in text
    assert "layers -> arn:aws:lambda:eu-west-1:..." in text
    assert "Layers are not in the same region as the function" in text


# --- one region for all ---------------------------------------------------------------------------

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
QUERY_LOG = "aws:route53/queryLog:QueryLog"
FIXED = [
    (DISTRIBUTION, "viewerCertificate.acmCertificateArn", CERTIFICATE),
    (DISTRIBUTION, "defaultCacheBehavior.lambdaFunctionAssociations.lambdaArn", FUNCTION),
    (QUERY_LOG, "cloudwatchLogGroupArn", LOG_GROUP),
    ("aws:route53/keySigningKey:KeySigningKey", "keyManagementServiceArn", KEY),
]
fixed = pytest.mark.parametrize("row", FIXED, ids=[each[1] for each in FIXED])


@fixed
@pytest.mark.parametrize("home", [EAST, WEST])
@pytest.mark.parametrize(
    ("there", "expected"), [(WEST, "rejects here"), (EAST, "passes"), ("cn-north-1", "passes")]
)
def test_what_must_be_in_one_region_wherever_the_resource_is(
    row: tuple[str, str, str], home: str, there: str, expected: str
) -> None:
    kind, path, named = row
    stack = Stack()
    what = made(stack, named, region=there)
    stack.add(kind, "here", leaf(path, what.output("arn")), region=home)
    assert verdict(stack, REGION) == expected


@fixed
@pytest.mark.parametrize(
    ("partition", "there", "expected"),
    [
        ("aws", WEST, "rejects here"),
        ("aws", EAST, "passes"),
        ("aws-cn", "cn-north-1", "passes"),
        ("aws", "xx-test-1", "cannot tell here"),
    ],
)
def test_an_arn_tells_the_region_that_must_be_one(
    row: tuple[str, str, str], partition: str, there: str, expected: str
) -> None:
    kind, path, named = row
    service = {CERTIFICATE: "acm", FUNCTION: "lambda", LOG_GROUP: "logs", KEY: "kms"}[named]
    stack = Stack()
    text = f"arn:{partition}:{service}:{there}:111122223333:x/1"
    stack.add(kind, "here", leaf(path, text), region=EAST)
    assert verdict(stack, REGION) == expected


def test_the_message_says_which_region_it_must_be() -> None:
    stack = Stack()
    what = made(stack, CERTIFICATE)
    path = "viewerCertificate.acmCertificateArn"
    stack.add(DISTRIBUTION, "here", leaf(path, what.output("arn")), region=WEST)
    text = said(stack)
    assert "refers to a resource that AWS looks up only in us-east-1, but it is elsewhere:" in text
    assert "The specified SSL certificate doesn't exist, isn't in us-east-1 region" in text
    assert "Make what it names with a provider of us-east-1." in text
