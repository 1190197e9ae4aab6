"""One defect, one finding: programs in which two policies could tell of the same thing."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from tests.harness import Program, preview

DOUBTS = "unverifiable-reference"
NOT_AWAITED = "Calling [toString] on an [Output<T>] is not supported."


def in_west() -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(provider=aws.Provider("west", region="us-west-2"))


def subnet(
    name: str, vpc: aws.ec2.Vpc, *, zone: str = "us-east-1a", third: int = 0
) -> pulumi.Output[str]:
    made = aws.ec2.Subnet(
        name, vpc_id=vpc.id, cidr_block=f"10.0.{third}.0/24", availability_zone=zone
    )
    return made.id


def vpc(name: str = "main", opts: pulumi.ResourceOptions | None = None) -> aws.ec2.Vpc:
    return aws.ec2.Vpc(name, cidr_block="10.0.0.0/16", opts=opts)


def balancer(home: aws.ec2.Vpc) -> aws.lb.LoadBalancer:
    subnets = [subnet("a", home), subnet("b", home, zone="us-east-1b", third=1)]
    return aws.lb.LoadBalancer("web", internal=True, subnets=subnets)


def listener(load_balancer: aws.lb.LoadBalancer, home: aws.ec2.Vpc, certificate: str) -> None:
    group = aws.lb.TargetGroup("app", port=80, protocol="HTTP", vpc_id=home.id)
    aws.lb.Listener(
        "it",
        load_balancer_arn=load_balancer.arn,
        port=443,
        protocol="HTTPS",
        certificate_arn=certificate,
        default_actions=[{"type": "forward", "target_group_arn": group.arn}],
    )


def alarm_beside_its_metrics_and_topic() -> None:
    topic = aws.sns.Topic("alerts")
    aws.cloudwatch.MetricAlarm(
        "it",
        namespace="AWS/Route53",
        metric_name="HealthCheckStatus",
        comparison_operator="LessThanThreshold",
        evaluation_periods=1,
        threshold=1,
        period=60,
        statistic="Minimum",
        alarm_actions=[topic.arn],
        opts=in_west(),
    )


def port_of_an_internal_load_balancer() -> None:
    home = vpc()
    web = balancer(home)
    listener(
        web,
        home,
        "arn:aws:acm:us-east-1:111122223333:certificate/"
        + "1234abcd-"
        + "1234-" * 3
        + "1234567890ab",
    )
    aws.route53.HealthCheck(
        "it", type="HTTP", fqdn=web.dns_name, failure_threshold=3, request_interval=30
    )


def placeholder_of_another_region() -> None:
    home = vpc()
    listener(balancer(home), home, "arn:aws:acm:eu-west-1:111122223333:certificate/placeholder")


def web_acl_for_cloudfront_and_a_load_balancer_elsewhere() -> None:
    acl = aws.wafv2.WebAcl(
        "site",
        scope="CLOUDFRONT",
        default_action={"allow": {}},
        visibility_config={
            "cloudwatch_metrics_enabled": True,
            "metric_name": "site",
            "sampled_requests_enabled": True,
        },
    )
    arn = (
        "arn:aws:elasticloadbalancing:us-west-2:111122223333:loadbalancer/app/web/1234567890abcdef"
    )
    aws.wafv2.WebAclAssociation("it", resource_arn=arn, web_acl_arn=acl.arn, opts=in_west())


def scaling_of_serverless_v1() -> None:
    cluster = aws.rds.Cluster(
        "it",
        engine="aurora-postgresql",
        engine_version="16.8",
        master_username="app",
        manage_master_user_password=True,
        scaling_configuration={"min_capacity": 2, "max_capacity": 4},
        skip_final_snapshot=True,
    )
    aws.rds.ClusterInstance(
        "writer",
        cluster_identifier=cluster.id,
        engine=aws.rds.EngineType.AURORA_POSTGRESQL,
        instance_class="db.serverless",
    )


def default_group_that_does_not_exist() -> None:
    aws.elasticache.ReplicationGroup(
        "it",
        description="sessions",
        engine="redis",
        node_type="cache.r7g.large",
        num_node_groups=2,
        replicas_per_node_group=1,
        automatic_failover_enabled=True,
        parameter_group_name="default.redis7.0",
    )


def rule_without_a_filter() -> None:
    buckets = [aws.s3.Bucket(name) for name in ("home", "copy")]
    versioned = [
        aws.s3.BucketVersioning(
            name, bucket=each.id, versioning_configuration={"status": "Enabled"}
        )
        for name, each in zip(("home", "copy"), buckets, strict=True)
    ]
    minutes = {"minutes": 15}
    rules: Any = [
        {
            "status": "Enabled",
            "delete_marker_replication": {"status": "Enabled"},
            "destination": {
                "bucket": buckets[1].arn,
                "replication_time": {"status": "Enabled", "time": minutes},
                "metrics": {"status": "Enabled", "event_threshold": minutes},
            },
        }
    ]
    aws.s3.BucketReplicationConfig(
        "it",
        bucket=buckets[0].id,
        role="arn:aws:iam::111122223333:role/replication",
        rules=rules,
        opts=pulumi.ResourceOptions(depends_on=versioned),
    )


def key_policy_without_cloudwatch_logs() -> None:
    key = aws.kms.Key("logs")
    account = {"AWS": "arn:aws:iam::111122223333:root"}
    statement = {"Effect": "Allow", "Principal": account, "Action": "kms:*", "Resource": "*"}
    aws.kms.KeyPolicy("logs", key_id=key.id, policy=json.dumps({"Statement": [statement]}))
    aws.cloudwatch.LogGroup("it", kms_key_id=key.arn)


def bucket_policy_without_cloudtrail() -> None:
    bucket = aws.s3.Bucket("audit")
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    aws.s3.BucketPolicy("audit", bucket=bucket.id, policy=json.dumps({"Statement": [statement]}))
    aws.cloudtrail.Trail("it", s3_bucket_name=bucket.id)


def subdomain_that_nobody_can_delegate() -> None:
    aws.route53.Zone("it", name="corp.local")
    aws.route53.Zone("it-too", name="app.corp.local")


def mount_targets_of_two_vpcs_in_one_zone() -> None:
    files = aws.efs.FileSystem("files")
    for name in ("a", "it"):
        where = subnet(name, vpc(name))
        aws.efs.MountTarget(name, file_system_id=files.id, subnet_id=where)


def file_system_in_a_zone_of_another_region() -> None:
    files = aws.efs.FileSystem("it", availability_zone_name="us-west-2a")
    aws.efs.MountTarget("mount", file_system_id=files.id, subnet_id=subnet("a", vpc()))


def bucket_named_by_an_output() -> None:
    aws.s3.Bucket("it", bucket=f"{NOT_AWAITED}-logs")


def endpoint_named_by_an_output() -> None:
    aws.route53.HealthCheck("it", type="HTTPS", fqdn=NOT_AWAITED)


def certificate_named_by_an_output() -> None:
    home = vpc()
    listener(balancer(home), home, NOT_AWAITED)


def zone_named_by_an_output() -> None:
    aws.route53.Zone("it", name=f"{NOT_AWAITED}.local")


@pytest.mark.parametrize(
    ("program", "told"),
    [
        (alarm_beside_its_metrics_and_topic, ["region-local-references"]),
        (port_of_an_internal_load_balancer, ["health-check-target"]),
        (placeholder_of_another_region, ["region-local-references"]),
        (web_acl_for_cloudfront_and_a_load_balancer_elsewhere, ["region-local-references"]),
        (scaling_of_serverless_v1, ["rds-creation"]),
        (default_group_that_does_not_exist, ["elasticache-declaration"]),
        (rule_without_a_filter, ["s3-replication"]),
        (key_policy_without_cloudwatch_logs, ["log-group-key-policy"]),
        (bucket_policy_without_cloudtrail, ["cloudtrail-bucket-policy"]),
        (subdomain_that_nobody_can_delegate, ["hosted-zone-undelegable-name"] * 2),
        (mount_targets_of_two_vpcs_in_one_zone, ["vpc-wiring"]),
        (file_system_in_a_zone_of_another_region, ["zone-in-region"]),
        (bucket_named_by_an_output, ["output-as-text"]),
        (endpoint_named_by_an_output, ["output-as-text"]),
        (certificate_named_by_an_output, ["output-as-text"]),
        (zone_named_by_an_output, ["output-as-text"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_defect_is_told_once(program: Callable[[], None], told: Sequence[str]) -> None:
    found = preview(Program(program)).findings
    assert sorted(each.policy for each in found if each.policy != DOUBTS) == list(told)
    assert all(each.resource.startswith("it") for each in found if each.policy != DOUBTS)
