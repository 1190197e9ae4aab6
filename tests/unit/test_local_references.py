"""References that stay within a region, and parts of one thing that share a VPC."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from policies.serving.servicer import PreflightServicer
from policies.testing import UNKNOWN, Made, Output, Stack
from tests import aws
from tests.support import DOUBT, findings, first_verdicts, run, verdict, verdicts

REGION = "region-local-references"
VPC = "vpc-local-references"

Build = Callable[[Stack], Any]

EAST, WEST = "us-east-1", "eu-west-1"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
TARGETS = "aws:lb/targetGroup:TargetGroup"
LISTENER = "aws:lb/listener:Listener"
SUBNET = "aws:ec2/subnet:Subnet"
VPC_TYPE = "aws:ec2/vpc:Vpc"
KEY = "aws:kms/key:Key"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
BUCKET = "aws:s3/bucket:Bucket"
NOTIFICATION = "aws:s3/bucketNotification:BucketNotification"
SUBNET_GROUP = "aws:rds/subnetGroup:SubnetGroup"
ASSOCIATION = "aws:vpc/securityGroupVpcAssociation:SecurityGroupVpcAssociation"


def message(stack: Stack, policy: str) -> str:
    return next(each.message for each in run(stack) if each.policy == policy)


def west_vpc(stack: Stack) -> Made:
    return stack.add(VPC_TYPE, "west", {"cidrBlock": "10.1.0.0/16"}, region=WEST)


def arn_of(service: str, what: str, region: str = WEST) -> str:
    return f"arn:aws:{service}:{region}:111122223333:{what}"


# --- one region ----------------------------------------------------------------------------------


def forgotten_provider_of_a_subnet(stack: Stack) -> None:
    stack.add(SUBNET, "wrong", {"vpcId": west_vpc(stack).id})


def region_of_each_resource(stack: Stack) -> None:
    """pulumi-aws 7: one provider, and a region on each resource but one."""
    west = stack.add(VPC_TYPE, "west", {"cidrBlock": "10.1.0.0/16", "region": WEST})
    stack.add(SUBNET, "wrong", {"vpcId": west.id, "region": EAST})


def read_off_something_else(stack: Stack) -> None:
    """`vpc_id=subnet.vpc_id` leads to the VPC all the same."""
    inside = stack.add(SUBNET, "inside", {"vpcId": west_vpc(stack).id}, region=WEST)
    stack.add(GROUP, "wrong", {"vpcId": inside.output("vpcId")})


def every_subnet_of_a_group(stack: Stack) -> None:
    home = west_vpc(stack)
    subnets = [stack.add(SUBNET, f"db-{zone}", {"vpcId": home.id}, region=WEST) for zone in "ab"]
    stack.add(SUBNET_GROUP, "wrong", {"subnetIds": aws.ids(*subnets)})


def one_subnet_among_several(stack: Stack) -> None:
    there = stack.add(SUBNET, "there", {"vpcId": west_vpc(stack).id}, region=WEST)
    here = stack.add(SUBNET, "here", {"vpcId": aws.vpc(stack).id})
    stack.add(SUBNET_GROUP, "wrong", {"subnetIds": aws.ids(here, there)})


def a_list_that_arrives_whole(stack: Stack) -> None:
    home = west_vpc(stack)
    subnets = [stack.add(SUBNET, f"db-{zone}", {"vpcId": home.id}, region=WEST) for zone in "ab"]
    stack.add(SUBNET_GROUP, "wrong", {"subnetIds": Output.all(*aws.ids(*subnets))})


def a_block(stack: Stack) -> None:
    there = stack.add(SUBNET, "there", {"vpcId": west_vpc(stack).id}, region=WEST)
    stack.add(
        "aws:lb/loadBalancer:LoadBalancer",
        "wrong",
        {"internal": True, "subnetMappings": [{"subnetId": there.id}]},
    )


def a_list_in_an_object(stack: Stack) -> None:
    there = stack.add(SUBNET, "there", {"vpcId": west_vpc(stack).id}, region=WEST)
    inputs = {"networkConfiguration": {"subnets": [there.id], "assignPublicIp": False}}
    stack.add("aws:ecs/service:Service", "wrong", inputs)


def a_block_in_a_block(stack: Stack) -> None:
    inputs = {"vpcId": west_vpc(stack).id}
    there = stack.add(TARGETS, "there", inputs, region=WEST, computed={"arn": "t"})
    forward = {"targetGroups": [{"arn": there.output("arn"), "weight": 1}]}
    stack.add(LISTENER, "wrong", {"defaultActions": [{"type": "forward", "forward": forward}]})


def a_security_group_of_the_other_region(stack: Stack) -> None:
    """A rule cannot name a group over a peering between regions."""
    there = stack.add(GROUP, "there", {"vpcId": west_vpc(stack).id}, region=WEST)
    here = stack.add(GROUP, "here", {"vpcId": aws.vpc(stack).id})
    stack.add(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "wrong",
        {"securityGroupId": here.id, "referencedSecurityGroupId": there.id},
    )


def key_of_the_other_region(stack: Stack) -> None:
    key = stack.add(KEY, "there", {}, region=WEST, computed={"arn": arn_of("kms", "key/1")})
    aws.cluster(stack, "wrong", kmsKeyId=key.output("arn"))


def key_by_arn(stack: Stack) -> None:
    aws.cluster(stack, "wrong", kmsKeyId=arn_of("kms", "key/1"))


def certificate_by_arn(stack: Stack) -> None:
    stack.add(LISTENER, "wrong", {"certificateArn": arn_of("acm", "certificate/1")})


def certificate_read_off_its_validation(stack: Stack) -> None:
    arn = arn_of("acm", "certificate/1")
    made = stack.add("aws:acm/certificate:Certificate", "c", computed={"arn": arn}, region=WEST)
    there = stack.add(
        "aws:acm/certificateValidation:CertificateValidation",
        "validated",
        {"certificateArn": made.output("arn")},
        region=WEST,
    )
    stack.add(LISTENER, "wrong", {"certificateArn": Output(arn, (there,))})


def alarm_with_a_topic_of_the_other_region(stack: Stack) -> None:
    arn = arn_of("sns", "alerts")
    topic = stack.add(
        "aws:sns/topic:Topic", "alerts", computed={"arn": arn, "id": arn}, region=WEST
    )
    stack.add(ALARM, "wrong", {"alarmActions": [topic.output("arn")]})


def instance_of_a_cluster_elsewhere(stack: Stack) -> None:
    with aws.region(stack, WEST):
        there = aws.cluster(stack, "there")
    aws.instance(stack, "wrong", there)


def notification_to_a_queue_of_the_other_region(stack: Stack) -> None:
    queue = stack.add("aws:sqs/queue:Queue", "queue", {"name": "q"}, region=WEST)
    bucket = stack.add(BUCKET, "logs", {"bucket": "logs"})
    queues = [{"queueArn": queue.output("arn"), "events": ["s3:ObjectCreated:*"]}]
    stack.add(NOTIFICATION, "wrong", {"bucket": bucket.id, "queues": queues})


def logs_in_a_bucket_of_the_other_region(stack: Stack) -> None:
    home = stack.add(BUCKET, "home", {"bucket": "home"})
    logs = stack.add(BUCKET, "logs", {"bucket": "logs"}, region=WEST)
    inputs = {"bucket": home.id, "targetBucket": logs.id, "targetPrefix": "log/"}
    stack.add("aws:s3/bucketLogging:BucketLogging", "wrong", inputs)


def an_id_that_aws_gave_out(stack: Stack) -> None:
    """A literal id of a VPC that exists already."""
    given = "vpc-0123456789abcdef0"
    stack.add(VPC_TYPE, "west", {"cidrBlock": "10.1.0.0/16"}, region=WEST, computed={"id": given})
    stack.add(SUBNET, "wrong", {"vpcId": given})


@pytest.mark.parametrize(
    "build",
    [
        forgotten_provider_of_a_subnet,
        region_of_each_resource,
        read_off_something_else,
        every_subnet_of_a_group,
        one_subnet_among_several,
        a_list_that_arrives_whole,
        a_block,
        a_list_in_an_object,
        a_block_in_a_block,
        a_security_group_of_the_other_region,
        key_of_the_other_region,
        key_by_arn,
        certificate_by_arn,
        certificate_read_off_its_validation,
        alarm_with_a_topic_of_the_other_region,
        instance_of_a_cluster_elsewhere,
        notification_to_a_queue_of_the_other_region,
        logs_in_a_bucket_of_the_other_region,
    ],
)
def test_a_reference_that_leaves_its_region_is_rejected(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, REGION) == {"rejects wrong"}


def test_an_id_that_aws_gave_out_proves_itself_once_it_is_known() -> None:
    stack = Stack()
    an_id_that_aws_gave_out(stack)
    assert verdict(stack, REGION) == "passes"
    assert verdict(stack, REGION, deployed=True) == "passes"


def two_regions_side_by_side(stack: Stack) -> None:
    for region in (EAST, WEST):
        with aws.region(stack, region):
            home = aws.vpc(stack, f"vpc-{region}")
            group = stack.add(GROUP, f"sg-{region}", {"vpcId": home.id})
            subnets = [
                stack.add(SUBNET, f"db-{region}-{zone}", {"vpcId": home.id}) for zone in "ab"
            ]
            database = stack.add(
                SUBNET_GROUP, f"group-{region}", {"name": "db", "subnetIds": aws.ids(*subnets)}
            )
            aws.cluster(
                stack,
                f"cluster-{region}",
                dbSubnetGroupName=database.output("name"),
                vpcSecurityGroupIds=[group.id],
            )


def peered_vpcs(stack: Stack) -> None:
    east, west = aws.vpc(stack), west_vpc(stack)
    made = aws.peering(stack, "peering", east, west, peerRegion=WEST)
    accepter = "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"
    inputs = {"vpcPeeringConnectionId": made.id, "autoAccept": True}
    stack.add(accepter, "accept", inputs, region=WEST)
    table = stack.add("aws:ec2/routeTable:RouteTable", "t", {"vpcId": west.id}, region=WEST)
    route = {"routeTableId": table.id, "vpcPeeringConnectionId": made.id}
    stack.add("aws:ec2/route:Route", "back", route, region=WEST)


def global_database(stack: Stack) -> None:
    world = aws.global_cluster(stack)
    with aws.region(stack, WEST):
        there = aws.cluster(stack, "secondary", globalClusterIdentifier=world.id)
    stack.add("aws:rds/instance:Instance", "replica", {"replicateSourceDb": there.output("arn")})


def edge_certificate_and_records(stack: Stack) -> None:
    """CloudFront takes its certificate from us-east-1, Route 53 its aliases from anywhere."""
    made = stack.add("aws:acm/certificate:Certificate", "edge", computed={"arn": "a"}, region=EAST)
    certificate = {"acmCertificateArn": made.output("arn")}
    stack.add(
        "aws:cloudfront/distribution:Distribution",
        "edge",
        {"viewerCertificate": certificate},
        region=WEST,
    )
    zone = {"name": "internal.test", "vpcs": [{"vpcId": west_vpc(stack).id, "vpcRegion": WEST}]}
    stack.add("aws:route53/zone:Zone", "zone", zone)


def topic_of_another_region_behind_a_queue(stack: Stack) -> None:
    """The endpoint of a subscription may be elsewhere, its topic may not."""
    topic = stack.add("aws:sns/topic:Topic", "topic", computed={"arn": "t"})
    queue = stack.add("aws:sqs/queue:Queue", "queue", computed={"arn": "q"}, region=WEST)
    inputs = {"topic": topic.output("arn"), "endpoint": queue.output("arn"), "protocol": "sqs"}
    stack.add("aws:sns/topicSubscription:TopicSubscription", "s", inputs)


def name_that_both_regions_have(stack: Stack) -> None:
    """AWS finds the group of the cluster's own region by that name, whichever was meant."""
    subnets = ["subnet-0a", "subnet-0b"]
    with aws.region(stack, WEST):
        there = stack.add(SUBNET_GROUP, "there", {"name": "db", "subnetIds": subnets})
    stack.add(SUBNET_GROUP, "here", {"name": "db", "subnetIds": subnets})
    aws.cluster(stack, "cluster", dbSubnetGroupName=there.output("name"))


def name_that_is_a_literal(stack: Stack) -> None:
    """The group of this name in the cluster's own region is made elsewhere."""
    subnets = ["subnet-0a", "subnet-0b"]
    stack.add(SUBNET_GROUP, "there", {"name": "db", "subnetIds": subnets}, region=WEST)
    aws.cluster(stack, "cluster", dbSubnetGroupName="db")


def arn_of_its_own_region(stack: Stack) -> None:
    aws.cluster(stack, "cluster", kmsKeyId=arn_of("kms", "key/1", EAST))
    actions = [arn_of("sns", "alerts", EAST), "arn:aws:ssm-incidents::111122223333:plan/1"]
    stack.add(ALARM, "alarm", {"alarmActions": actions})


def replica_key(stack: Stack) -> None:
    key = stack.add(KEY, "primary", {"multiRegion": True}, computed={"arn": "k"})
    inputs = {"primaryKeyArn": key.output("arn")}
    replica = stack.add(
        "aws:kms/replicaKey:ReplicaKey", "replica", inputs, computed={"arn": "r"}, region=WEST
    )
    with aws.region(stack, WEST):
        aws.cluster(stack, "cluster", kmsKeyId=replica.output("arn"))


def parameter_groups_of_one_name(stack: Stack) -> None:
    """A loop over the regions, in which the last group is used for all: AWS goes by the name."""
    inputs = {"name": "dr", "family": "aurora-postgresql16"}
    token = "aws:rds/clusterParameterGroup:ClusterParameterGroup"
    last = stack.add(token, "here", inputs)
    with aws.region(stack, WEST):
        stack.add(token, "there", inputs)
        aws.cluster(stack, "cluster", dbClusterParameterGroupName=last.output("name"))


def alias_that_both_regions_have(stack: Stack) -> None:
    inputs = {"name": "alias/dr", "targetKeyId": "k"}
    alias = stack.add("aws:kms/alias:Alias", "here", inputs)
    with aws.region(stack, WEST):
        stack.add("aws:kms/alias:Alias", "there", inputs)
        aws.cluster(stack, "cluster", kmsKeyId=alias.output("name"))


def no_region_known_anywhere(stack: Stack) -> None:
    """The region comes from a shared profile."""
    with aws.region(stack, None):
        home = aws.vpc(stack)
        stack.add(SUBNET, "subnet", {"vpcId": home.id})


@pytest.mark.parametrize(
    "build",
    [
        two_regions_side_by_side,
        peered_vpcs,
        global_database,
        edge_certificate_and_records,
        topic_of_another_region_behind_a_queue,
        name_that_both_regions_have,
        name_that_is_a_literal,
        arn_of_its_own_region,
        replica_key,
        parameter_groups_of_one_name,
        alias_that_both_regions_have,
        no_region_known_anywhere,
    ],
)
def test_a_reference_that_may_cross_regions_or_does_not_passes(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, REGION) == {"passes"}


def test_only_what_was_made_in_the_wrong_place_is_named_for_it() -> None:
    """The load balancer and the group in the right region name a subnet that is not."""
    stack = Stack()
    with aws.region(stack, WEST):
        home = aws.vpc(stack, "west")
    forgotten = stack.add(SUBNET, "forgotten", {"vpcId": home.id})
    with aws.region(stack, WEST):
        other = stack.add(SUBNET, "other", {"vpcId": home.id})
        stack.add(SUBNET_GROUP, "group", {"subnetIds": aws.ids(forgotten, other)})
        aws.balancer(stack, "alb", aws.ids(forgotten, other), internal=True)
    assert verdicts(stack, REGION) == {"rejects forgotten"}


def test_several_properties_of_one_resource_make_one_finding() -> None:
    stack = Stack()
    home = west_vpc(stack)
    subnets = [stack.add(SUBNET, f"s-{zone}", {"vpcId": home.id}, region=WEST) for zone in "ab"]
    group = stack.add(GROUP, "group", {"vpcId": home.id}, region=WEST)
    aws.balancer(stack, "wrong", aws.ids(*subnets), securityGroups=[group.id], internal=True)
    said = [each.message for each in run(stack) if each.policy == REGION]
    assert len(said) == 1
    for chain in (
        "load balancer wrong -> securityGroups -> security group group -> in eu-west-1",
        "load balancer wrong -> subnets -> subnet s-a -> in eu-west-1 (provider eu-west-1)",
        "load balancer wrong -> subnets -> subnet s-b",
    ):
        assert chain in said[0]


def test_the_message_names_both_regions_and_how_they_are_known() -> None:
    stack = Stack()
    forgotten_provider_of_a_subnet(stack)
    said = message(stack, REGION)
    assert (
        "wrong is in us-east-1 (the default provider), but refers to a resource in another region:"
    ) in said
    assert "subnet wrong -> vpcId -> VPC west -> in eu-west-1 (provider eu-west-1)" in said
    assert "InvalidVpcID.NotFound" in said
    assert "default provider" in said


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("default_7_51_1", "the default provider"),
        ("default", "the default provider"),
        ("default-west", "provider default-west"),
    ],
)
def test_the_message_calls_a_provider_by_its_name(named: str, told: str) -> None:
    stack = Stack()
    stack.add(SUBNET, "wrong", {"vpcId": west_vpc(stack).id}, provider_name=named)
    assert f"wrong is in us-east-1 ({told})" in message(stack, REGION)


def test_the_message_tells_a_region_of_its_own() -> None:
    stack = Stack()
    stack.add(SUBNET, "wrong", {"vpcId": west_vpc(stack).id, "region": "eu-central-1"})
    assert "wrong is in eu-central-1 (its own region)" in message(stack, REGION)


@pytest.mark.parametrize(
    ("build", "answer"),
    [
        (notification_to_a_queue_of_the_other_region, "destination service region is not valid"),
        (logs_in_a_bucket_of_the_other_region, "CrossLocationLoggingProhibited"),
    ],
)
def test_the_message_about_a_bucket_quotes_s3(build: Build, answer: str) -> None:
    stack = Stack()
    build(stack)
    assert answer in message(stack, REGION)


def test_the_message_about_an_alarm_quotes_cloudwatch_and_no_account() -> None:
    stack = Stack()
    stack.add(ALARM, "wrong", {"okActions": [arn_of("sns", "alerts")]})
    said = message(stack, REGION)
    assert "Invalid region ... specified. Only ... is supported." in said
    assert "okActions -> arn:aws:sns:eu-west-1:..." in said
    assert "111122223333" not in said


def multi_region_key(stack: Stack) -> None:
    """`key.arn.apply(lambda arn: arn.replace("us-east-1", "eu-west-1"))` comes from the key too."""
    key = stack.add(KEY, "primary", {"multiRegion": True}, computed={"arn": "k"})
    replica = Output(arn_of("kms", "key/mrk-1"), (key,))
    with aws.region(stack, WEST):
        aws.cluster(stack, "cluster", kmsKeyId=replica)


def replica_in_a_third_region(stack: Stack) -> None:
    """One more copy of the key, by its ARN with another region in it."""
    with aws.region(stack, WEST):
        inputs = {"primaryKeyArn": arn_of("kms", "key/mrk-1", EAST)}
        replica = stack.add("aws:kms/replicaKey:ReplicaKey", "replica", inputs)
    with aws.region(stack, "eu-central-1"):
        there = Output(arn_of("kms", "key/mrk-1", "eu-central-1"), (replica,))
        aws.cluster(stack, "cluster", kmsKeyId=there)


def one_of_both_regions(stack: Stack) -> None:
    here, there = aws.vpc(stack), west_vpc(stack)
    ids = Output.all(here.id, there.id)
    stack.add(SUBNET, "subnet", {"vpcId": ids.element(0)})


def provider_of_an_unknown_region(stack: Stack) -> None:
    there = stack.add(VPC_TYPE, "vpc", {"cidrBlock": "10.1.0.0/16"}, provider={}, region="p")
    stack.add(SUBNET, "subnet", {"vpcId": there.id})


@pytest.mark.parametrize(
    ("build", "who", "later"),
    [
        (multi_region_key, "cluster", "passes"),
        (replica_in_a_third_region, "cluster", "passes"),
        (one_of_both_regions, "subnet", "passes"),
        (provider_of_an_unknown_region, "subnet", "cannot tell subnet"),
    ],
)
def test_what_may_be_of_another_region_is_not_decided(build: Build, who: str, later: str) -> None:
    stack = Stack()
    build(stack)
    assert verdict(stack, REGION) == f"cannot tell {who}"
    assert verdict(stack, REGION, deployed=True) == "passes"


@pytest.mark.parametrize(
    ("build", "why"),
    [
        (multi_region_key, "its kmsKeyId may name a replica of KMS key primary, a multi-Region"),
        (replica_in_a_third_region, "its kmsKeyId may name a replica of replica key replica"),
        (one_of_both_regions, "which of several resources its vpcId names is not known"),
        (provider_of_an_unknown_region, "whether VPC vpc is in its region is not known"),
    ],
)
def test_a_doubt_says_what_is_missing(build: Build, why: str) -> None:
    stack = Stack()
    build(stack)
    assert f"{REGION}: {why}" in message(stack, DOUBT)


def test_native_resources_count() -> None:
    stack = Stack()
    home = stack.add(
        "aws-native:ec2:Vpc",
        "west",
        {"cidrBlock": "10.1.0.0/16"},
        region=WEST,
        computed={"vpcId": "vpc-west"},
    )
    inputs = {"vpcId": home.output("vpcId"), "cidrBlock": "10.1.0.0/24"}
    stack.add("aws-native:ec2:Subnet", "wrong", inputs, computed={"subnetId": "subnet-1"})
    assert verdicts(stack, REGION) == {"rejects wrong"}


# --- one VPC -------------------------------------------------------------------------------------


def parts(stack: Stack, home: Made | str | Output, prefix: str) -> tuple[list[Made], Made]:
    """Two subnets and a security group of one VPC."""
    subnets = [aws.subnet(stack, f"{prefix}-{zone}", home, zone) for zone in "ab"]
    vpc_id = home.id if isinstance(home, Made) else home
    return subnets, stack.add(GROUP, f"{prefix}-sg", {"vpcId": vpc_id}, computed={"arn": prefix})


def two_vpcs(stack: Stack) -> tuple[Made, Made]:
    return aws.vpc(stack, "blue"), aws.vpc(stack, "green", "10.1.0.0/16")


def group_of_another_vpc(stack: Stack) -> None:
    blue, green = two_vpcs(stack)
    subnets, _ = parts(stack, blue, "blue")
    _, group = parts(stack, green, "green")
    aws.balancer(stack, "wrong", aws.ids(*subnets), securityGroups=[group.id], internal=True)


def group_without_a_vpc(stack: Stack) -> None:
    """It goes to the default VPC."""
    blue, _ = two_vpcs(stack)
    subnets, _ = parts(stack, blue, "blue")
    group = stack.add(GROUP, "group", {"description": "web"}, computed={"vpcId": "vpc-default"})
    aws.balancer(stack, "wrong", aws.ids(*subnets), securityGroups=[group.id], internal=True)


def subnets_of_two_vpcs(stack: Stack) -> None:
    blue, green = two_vpcs(stack)
    one, _ = parts(stack, blue, "blue")
    other, _ = parts(stack, green, "green")
    aws.balancer(stack, "wrong", aws.ids(one[0], other[1]), internal=True)


def subnet_mappings_of_two_vpcs(stack: Stack) -> None:
    blue, green = two_vpcs(stack)
    one, _ = parts(stack, blue, "blue")
    other, _ = parts(stack, green, "green")
    mappings = [{"subnetId": each.id} for each in (one[0], other[1])]
    aws.balancer(stack, "wrong", None, subnetMappings=mappings, internal=True)


def forward(group: Made) -> dict[str, Any]:
    return {"type": "forward", "targetGroupArn": group.output("arn")}


def weighted(group: Made) -> dict[str, Any]:
    targets = [{"arn": group.output("arn"), "weight": 1}]
    return {"type": "forward", "forward": {"targetGroups": targets}}


def behind(
    stack: Stack,
    name: str,
    home: Made | str,
    action: Callable[[Made], Mapping[str, Any]] = forward,
    token: str = "lb",
) -> Made:
    """A load balancer in VPC blue with a listener that forwards to a target group of `home`."""
    blue = aws.named(stack, "blue")
    subnets, _ = parts(stack, blue, "blue")
    balancer = aws.balancer(stack, "alb", aws.ids(*subnets), token=token, internal=True)
    vpc_id = home.id if isinstance(home, Made) else home
    group = stack.add(
        f"aws:{token}/targetGroup:TargetGroup", "t", {"vpcId": vpc_id}, computed={"arn": "t"}
    )
    inputs = {"loadBalancerArn": balancer.output("arn"), "defaultActions": [action(group)]}
    return stack.add(
        f"aws:{token}/listener:Listener", name, inputs, computed={"arn": "l", "id": "l"}
    )


def targets_of_another_vpc(stack: Stack) -> None:
    behind(stack, "wrong", two_vpcs(stack)[1])


def targets_of_another_vpc_by_weight(stack: Stack) -> None:
    behind(stack, "wrong", two_vpcs(stack)[1], weighted)


def targets_of_another_vpc_with_the_old_token(stack: Stack) -> None:
    behind(stack, "wrong", two_vpcs(stack)[1], token="alb")


def targets_of_a_rule(stack: Stack, token: str = "aws:lb/listenerRule:ListenerRule") -> None:
    blue, green = two_vpcs(stack)
    listener = behind(stack, "listener", blue)
    group = stack.add(TARGETS, "green", {"vpcId": green.id}, computed={"arn": "green"})
    inputs = {"listenerArn": listener.output("arn"), "actions": [forward(group)]}
    stack.add(token, "wrong", inputs)


def database(stack: Stack, name: str, subnets: list[Made], groups: list[Made]) -> None:
    made = stack.add(SUBNET_GROUP, "group", {"name": "db", "subnetIds": aws.ids(*subnets)})
    aws.cluster(
        stack,
        name,
        dbSubnetGroupName=made.output("name"),
        vpcSecurityGroupIds=aws.ids(*groups),
    )


def cluster_with_a_group_of_another_vpc(stack: Stack) -> None:
    blue, green = two_vpcs(stack)
    subnets, _ = parts(stack, blue, "blue")
    database(stack, "wrong", subnets, [parts(stack, green, "green")[1]])


def cluster_without_a_subnet_group(stack: Stack) -> None:
    """RDS puts it into the default VPC."""
    blue, _ = two_vpcs(stack)
    _, group = parts(stack, blue, "blue")
    aws.cluster(stack, "wrong", vpcSecurityGroupIds=[group.id])


def subnet_group_of_two_vpcs(stack: Stack) -> None:
    blue, green = two_vpcs(stack)
    one, group = parts(stack, blue, "blue")
    other, _ = parts(stack, green, "green")
    inputs = {"name": "db", "subnetIds": aws.ids(one[0], other[1])}
    made = stack.add(SUBNET_GROUP, "wrong", inputs)
    aws.cluster(stack, "c", dbSubnetGroupName=made.output("name"), vpcSecurityGroupIds=[group.id])


@pytest.mark.parametrize(
    "build",
    [
        group_of_another_vpc,
        group_without_a_vpc,
        subnets_of_two_vpcs,
        subnet_mappings_of_two_vpcs,
        targets_of_another_vpc,
        targets_of_another_vpc_by_weight,
        targets_of_another_vpc_with_the_old_token,
        targets_of_a_rule,
        cluster_with_a_group_of_another_vpc,
        cluster_without_a_subnet_group,
        subnet_group_of_two_vpcs,
    ],
)
def test_parts_in_several_vpcs_are_rejected(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, VPC) == {"rejects wrong"}


def test_a_group_that_is_lent_to_the_vpc_of_a_cluster_passes() -> None:
    """AWS documents that databases cannot use it; what RDS answers has not been seen."""
    stack = Stack()
    cluster_with_a_group_of_another_vpc(stack)
    blue, *_ = stack.resources
    lent = aws.named(stack, "green-sg")
    stack.add(ASSOCIATION, "lend", {"securityGroupId": lent.id, "vpcId": blue.id})
    assert verdicts(stack, VPC) == {"passes"}


@pytest.mark.parametrize(
    "said",
    [
        {"snapshotIdentifier": "rds:orders"},
        {"restoreToPointInTime": {"sourceClusterIdentifier": "orders"}},
        {"replicationSourceIdentifier": UNKNOWN},
    ],
)
def test_a_restored_cluster_without_a_subnet_group_passes(said: Any) -> None:
    stack = Stack()
    blue, _ = two_vpcs(stack)
    _, group = parts(stack, blue, "blue")
    aws.cluster(stack, "restored", vpcSecurityGroupIds=[group.id], **said)
    assert first_verdicts(stack, VPC) == {"passes"}


def test_a_long_way_to_a_vpc_is_gone_to_its_end() -> None:
    """`vpc_id=previous.vpc_id`, again and again."""
    stack = Stack()
    blue, green = two_vpcs(stack)
    subnets, _ = parts(stack, blue, "blue")
    group = stack.add(GROUP, "group-0", {"vpcId": green.id})
    for number in range(1, 600):
        group = stack.add(GROUP, f"group-{number}", {"vpcId": group.output("vpcId")})
    aws.balancer(stack, "wrong", aws.ids(*subnets), securityGroups=[group.id], internal=True)
    found = run(stack, servicer=PreflightServicer)
    [said] = [each.message for each in found if each.policy == VPC]
    assert "security group group-599 -> VPC green" in said


def test_a_way_ends_at_a_known_value_that_names_nothing_here() -> None:
    """The subnet's VPC was computed from one of this stack, and is another one."""
    stack = Stack()
    blue, green = two_vpcs(stack)
    subnets, _ = parts(stack, blue, "blue")
    far = stack.add(SUBNET, "far", {"vpcId": Output("vpc-0a", (green,))})
    group = stack.add(GROUP, "group", {"vpcId": Output("vpc-0a", (far,))})
    aws.balancer(stack, "alb", aws.ids(*subnets), securityGroups=[group.id], internal=True)
    assert verdict(stack, VPC, existing=[green]) == "cannot tell alb"
    assert verdict(stack, VPC) == "rejects alb"  # For all that a first preview shows, it is green.


@pytest.mark.parametrize(
    "token",
    [
        "aws:alb/listenerRule:ListenerRule",
        "aws:elasticloadbalancingv2/listenerRule:ListenerRule",
        "aws:applicationloadbalancing/listenerRule:ListenerRule",
        "aws-native:elasticloadbalancingv2:ListenerRule",
    ],
)
def test_a_rule_is_read_whatever_its_token(token: str) -> None:
    stack = Stack()
    targets_of_a_rule(stack, token)
    assert verdicts(stack, VPC) == {"rejects wrong"}


def everything_in_one_vpc(stack: Stack) -> None:
    blue, _ = two_vpcs(stack)
    behind(stack, "listener", blue)
    subnets = [each for each in stack.resources if each.type == SUBNET]
    groups = [each for each in stack.resources if each.type == GROUP]
    database(stack, "cluster", subnets, groups)
    aws.balancer(stack, "other", aws.ids(*subnets), securityGroups=aws.ids(*groups), internal=True)


def default_vpc_throughout(stack: Stack) -> None:
    home = stack.add("aws:ec2/defaultVpc:DefaultVpc", "default", {"tags": {}})
    subnets, _ = parts(stack, home, "default")
    group = stack.add(GROUP, "group", {"description": "web"}, computed={"vpcId": home.id.value})
    aws.balancer(stack, "alb", aws.ids(*subnets), securityGroups=[group.id], internal=True)
    aws.cluster(stack, "cluster", vpcSecurityGroupIds=[group.id])


def function_behind_a_load_balancer(stack: Stack) -> None:
    blue, _ = two_vpcs(stack)
    listener = behind(stack, "listener", blue)
    inputs = {"targetType": "lambda"}
    group = stack.add(TARGETS, "function", inputs, computed={"arn": "f", "vpcId": ""})
    rule = {"listenerArn": listener.output("arn"), "actions": [forward(group)]}
    stack.add("aws:lb/listenerRule:ListenerRule", "rule", rule)


def group_that_is_lent_to_another_vpc(stack: Stack) -> None:
    """Load balancers take a group of every VPC that it is associated with."""
    blue, green = two_vpcs(stack)
    _, lent = parts(stack, green, "green")
    subnets, _ = parts(stack, blue, "blue")
    inputs = {"securityGroupId": lent.id, "vpcId": blue.id}
    stack.add(ASSOCIATION, "lend", inputs)
    aws.balancer(stack, "alb", aws.ids(*subnets), securityGroups=[lent.id], internal=True)


def everything_looked_up(stack: Stack) -> None:
    group = stack.add(GROUP, "group", {"vpcId": "vpc-0a"})
    aws.balancer(stack, "alb", ["subnet-0a", "subnet-0b"], securityGroups=[group.id])
    targets = stack.add(TARGETS, "t", {"vpcId": UNKNOWN}, computed={"arn": "t"})
    inputs = {"loadBalancerArn": arn_of("elasticloadbalancing", "loadbalancer/app/1", EAST)}
    stack.add(LISTENER, "listener", {**inputs, "defaultActions": [forward(targets)]})


def only_the_region_is_wrong(stack: Stack) -> None:
    """That is region-local-references' finding."""
    west = west_vpc(stack)
    with aws.region(stack, WEST):
        group = stack.add(GROUP, "west-sg", {"vpcId": west.id})
    subnets, _ = parts(stack, aws.vpc(stack, "blue"), "blue")
    aws.balancer(stack, "alb", aws.ids(*subnets), securityGroups=[group.id], internal=True)


@pytest.mark.parametrize(
    "build",
    [
        everything_in_one_vpc,
        default_vpc_throughout,
        function_behind_a_load_balancer,
        group_that_is_lent_to_another_vpc,
        everything_looked_up,
        only_the_region_is_wrong,
    ],
)
def test_parts_of_one_vpc_pass(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, VPC) == {"passes"}


def group_here_and_subnets_elsewhere(stack: Stack) -> None:
    _, group = parts(stack, aws.vpc(stack, "blue"), "blue")
    aws.balancer(stack, "who", ["subnet-0a", "subnet-0b"], securityGroups=[group.id])


def targets_here_and_balancer_elsewhere(stack: Stack) -> None:
    blue = aws.vpc(stack, "blue")
    group = stack.add(TARGETS, "t", {"vpcId": blue.id}, computed={"arn": "t"})
    inputs = {"loadBalancerArn": "arn:lb", "defaultActions": [forward(group)]}
    stack.add(LISTENER, "who", inputs)


def cluster_in_a_group_of_another_stack(stack: Stack) -> None:
    _, group = parts(stack, aws.vpc(stack, "blue"), "blue")
    aws.cluster(stack, "who", dbSubnetGroupName="shared", vpcSecurityGroupIds=[group.id])


def some_subnets_elsewhere(stack: Stack) -> None:
    subnets, _ = parts(stack, aws.vpc(stack, "blue"), "blue")
    aws.balancer(stack, "who", [subnets[0].id, "subnet-0b"], internal=True)


@pytest.mark.parametrize(
    "build",
    [
        group_here_and_subnets_elsewhere,
        targets_here_and_balancer_elsewhere,
        cluster_in_a_group_of_another_stack,
        some_subnets_elsewhere,
    ],
)
def test_a_vpc_that_the_stack_does_not_show_is_not_decided(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, VPC) == {"cannot tell who"}


def test_a_group_that_is_lent_to_an_unknown_vpc_is_not_decided() -> None:
    stack = Stack()
    blue, green = two_vpcs(stack)
    _, lent = parts(stack, green, "green")
    subnets, _ = parts(stack, blue, "blue")
    stack.add(ASSOCIATION, "lend", {"securityGroupId": lent.id, "vpcId": UNKNOWN})
    aws.balancer(stack, "who", aws.ids(*subnets), securityGroups=[lent.id], internal=True)
    assert verdict(stack, VPC) == "cannot tell who"
    assert verdict(stack, VPC, deployed=True) == "passes"


@pytest.mark.parametrize("zones", ["ab", "abc"])
def test_subnets_of_two_vpcs_of_which_some_are_taken_are_not_decided(zones: str) -> None:
    """Two of one blue and several green ones: green ones alone are possible."""
    stack = Stack()
    blue, green = two_vpcs(stack)
    several = [aws.subnet(stack, f"green-{zone}", green, zone) for zone in zones]
    listed = Output.all(*aws.ids(*several, aws.subnet(stack, "blue-a", blue)))
    aws.balancer(stack, "alb", [listed.element(0), listed.element(1)], internal=True)
    assert verdict(stack, VPC) == "cannot tell alb"
    assert "is among those that it names is not known" in message(stack, DOUBT)
    assert verdict(stack, VPC, deployed=True) == "passes"


def test_subnets_of_two_vpcs_however_they_are_taken_are_rejected() -> None:
    """Three of two blue and two green ones."""
    stack = Stack()
    subnets = [each for vpc in two_vpcs(stack) for each in parts(stack, vpc, vpc.name)[0]]
    listed = Output.all(*aws.ids(*subnets))
    taken = [listed.element(place) for place in range(3)]
    aws.balancer(stack, "alb", taken, internal=True)
    assert verdicts(stack, VPC) == {"rejects alb"}


def test_a_target_group_that_may_be_meant_instead_of_one_of_functions_is_not_decided() -> None:
    stack = Stack()
    blue, green = two_vpcs(stack)
    subnets, _ = parts(stack, blue, "blue")
    balancer = aws.balancer(stack, "alb", aws.ids(*subnets), internal=True)
    abroad = stack.add(TARGETS, "abroad", {"vpcId": green.id}, computed={"arn": "abroad"})
    functions = stack.add(TARGETS, "f", {"targetType": "lambda"}, computed={"arn": "f"})
    either = Output.all(functions.output("arn"), abroad.output("arn")).element(0)
    actions = [{"type": "forward", "targetGroupArn": either}]
    inputs = {"loadBalancerArn": balancer.output("arn"), "defaultActions": actions}
    stack.add(LISTENER, "http", inputs)
    assert verdict(stack, VPC) == "cannot tell http"
    assert verdict(stack, VPC, deployed=True) == "passes"


def test_a_group_in_one_of_two_possible_vpcs_is_not_decided() -> None:
    stack = Stack()
    blue, green = two_vpcs(stack)
    subnets, _ = parts(stack, blue, "blue")
    either = Output.all(blue.id, green.id).element(0)
    group = stack.add(GROUP, "group", {"vpcId": either})
    aws.balancer(stack, "alb", aws.ids(*subnets), securityGroups=[group.id], internal=True)
    assert verdict(stack, VPC) == "cannot tell alb"
    assert "whether security group group is in the VPC of the rest" in message(stack, DOUBT)
    assert verdict(stack, VPC, deployed=True) == "passes"


def test_a_group_in_the_vpc_of_some_of_the_subnets_is_not_the_fault() -> None:
    stack = Stack()
    blue, green = two_vpcs(stack)
    one, group = parts(stack, blue, "blue")
    other, _ = parts(stack, green, "green")
    subnets = aws.ids(one[0], other[1])
    aws.balancer(stack, "alb", subnets, securityGroups=[group.id], internal=True)
    said = message(stack, VPC)
    assert "subnets of one VPC only" in said
    assert "security group" not in said.partition(":\n")[2].partition("AWS:")[0]


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(
            group_of_another_vpc,
            (
                "load balancer wrong -> subnet blue-a -> VPC blue",
                "load balancer wrong -> security group green-sg -> VPC green",
                "does not belong to VPC",
            ),
            id="security group",
        ),
        pytest.param(
            subnets_of_two_vpcs,
            ("load balancer wrong -> subnet green-b -> VPC green", "subnets of one VPC only"),
            id="subnets",
        ),
        pytest.param(
            targets_of_another_vpc,
            (
                "listener wrong -> load balancer alb -> VPC blue",
                "listener wrong -> target group t -> VPC green",
                "are in a different VPC than load balancer",
            ),
            id="target group",
        ),
        pytest.param(
            cluster_without_a_subnet_group,
            (
                "cluster wrong -> no DB subnet group -> the default VPC",
                "cluster wrong -> security group blue-sg -> VPC blue",
                "The DB instance and EC2 security group are in different VPCs.",
            ),
            id="cluster",
        ),
    ],
)
def test_the_message_names_the_parts_their_vpcs_and_what_aws_says(
    build: Build, expected: tuple[str, ...]
) -> None:
    stack = Stack()
    build(stack)
    said = message(stack, VPC)
    for each in expected:
        assert each in said


# --- malformed -----------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [None, 7, "", {}, [], [None], [{}], {"a": None}, "arn:", "arn"])
def test_a_malformed_property_is_never_rejected(value: Any) -> None:
    stack = Stack()
    stack.add(SUBNET, "subnet", {"vpcId": value})
    stack.add(LISTENER, "listener", {"loadBalancerArn": value, "defaultActions": value})
    stack.add("aws:lb/listenerRule:ListenerRule", "r", {"listenerArn": value, "actions": value})
    stack.add(SUBNET_GROUP, "group", {"subnetIds": value})
    names = ("dbSubnetGroupName", "vpcSecurityGroupIds", "kmsKeyId")
    aws.cluster(stack, "cluster", **dict.fromkeys(names, value))
    aws.balancer(stack, "alb", value, securityGroups=value, subnetMappings=value, internal=True)
    for deployed in (False, True):
        found = findings(stack, deployed=deployed)
        assert not [each for each in found if each[0] in (REGION, VPC)]


# --- what may give out any id ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "output"),
    [
        ("aws:cloudformation/stack:Stack", "outputs"),
        ("aws:cloudcontrol/resource:Resource", "properties"),
        ("aws:ssm/parameter:Parameter", "value"),
        ("aws:lambda/invocation:Invocation", "result"),
        ("aws:efs/replicationConfiguration:ReplicationConfiguration", "destination"),
        ("command:local:Command", "stdout"),
        ("pulumi-python:dynamic:Resource", "id"),
        ("kubernetes:core/v1:Service", "status"),
    ],
)
def test_a_value_that_such_a_thing_may_have_given_is_of_nobody(kind: str, output: str) -> None:
    """One of the two is chosen inside `apply`, which nobody sees."""
    stack = Stack()
    other = stack.add(kind, "other", {}, region=WEST if kind.startswith("aws:") else None)
    chosen = Output.all(west_vpc(stack).id, other.output(output)).element(0)
    stack.add(SUBNET, "app", {"vpcId": chosen})
    assert verdict(stack, REGION) == "cannot tell app"


def test_what_gives_out_no_ids_changes_nothing() -> None:
    stack = Stack()
    other = stack.add("aws:sns/topic:Topic", "other", {})
    chosen = Output.all(west_vpc(stack).id, other.output("arn")).element(0)
    stack.add(SUBNET, "app", {"vpcId": chosen})
    assert verdict(stack, REGION) == "rejects app"


# --- VPCs by their ids, and DocumentDB ------------------------------------------------------------

LOOKED_UP = "vpc-0d9e6c1b2a7f4e830"
ROUTE_TABLE = "aws:ec2/routeTable:RouteTable"
DOCDB = "aws:docdb/cluster:Cluster"
DOCDB_GROUP = "aws:docdb/subnetGroup:SubnetGroup"


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize(
    ("of_gateway", "expected"),
    [
        (None, "rejects wrong"),
        ("vpc-0e1f2a3b4c5d6e7f9", "rejects wrong"),
        (LOOKED_UP, "passes"),
        (UNKNOWN, "passes"),
    ],
)
def test_a_table_of_a_vpc_that_was_looked_up_leads_to_its_own_gateway(
    of_gateway: Any, expected: str, inside: bool
) -> None:
    stack = Stack()
    home = aws.vpc(stack).id if of_gateway is None else of_gateway
    gateway = stack.add("aws:ec2/internetGateway:InternetGateway", "igw", {"vpcId": home})
    routes = [{"cidrBlock": "0.0.0.0/0", "gatewayId": gateway.id}]
    given = {"vpcId": LOOKED_UP, **({"routes": routes} if inside else {})}
    table = stack.add(ROUTE_TABLE, "wrong" if inside else "table", given)
    if not inside:
        aws.route(stack, "wrong", table, gatewayId=gateway.id)
    assert verdict(stack, VPC) == expected


def test_the_message_names_the_vpc_that_was_looked_up() -> None:
    stack = Stack()
    gateway = aws.gateway(stack, "igw", aws.vpc(stack))
    table = stack.add(ROUTE_TABLE, "table", {"vpcId": LOOKED_UP})
    aws.route(stack, "wrong", table, gatewayId=gateway.id)
    assert f"is a route of VPC {LOOKED_UP} to a gateway of another VPC:" in message(stack, VPC)


def docdb(stack: Stack, group: Made, subnets: list[Made] | None, **said: Any) -> None:
    given = {"vpcSecurityGroupIds": [group.id], "masterUsername": "app", **said}
    if subnets is not None:
        home = stack.add(DOCDB_GROUP, "group", {"name": "db", "subnetIds": aws.ids(*subnets)})
        given["dbSubnetGroupName"] = home.output("name")
    stack.add(DOCDB, "wrong", given)


def test_a_documentdb_cluster_is_where_its_security_groups_are() -> None:
    for of_group, of_subnets, said, expected in (
        ("green", "blue", {}, "rejects wrong"),
        ("blue", "blue", {}, "passes"),
        ("blue", None, {}, "rejects wrong"),
        ("blue", None, {"snapshotIdentifier": "old"}, "passes"),
    ):
        stack = Stack()
        found = {
            name: parts(stack, vpc, name)
            for name, vpc in zip(("blue", "green"), two_vpcs(stack), strict=True)
        }
        subnets = found[of_subnets][0] if of_subnets else None
        docdb(stack, found[of_group][1], subnets, **said)
        assert verdict(stack, VPC) == expected
        assert verdict(stack, VPC, deployed=True) == "passes"
