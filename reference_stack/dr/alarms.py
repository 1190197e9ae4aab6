"""What wakes somebody up: a topic per region and the alarms that publish to it.

An alarm can watch only metrics of its own region and notify only topics of its own region.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

ROUTE53_METRICS_REGION = "us-east-1"
"""Route 53 publishes the metrics of every health check here, wherever the checked thing is."""

_MAX_REPLICATION_LAG_MS = 5_000


class AlarmTopic(pulumi.ComponentResource):
    """An SNS topic, with a mail subscription when there is an address."""

    arn: pulumi.Output[str]

    def __init__(
        self, name: str, email: str | None, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("dr:index:AlarmTopic", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        topic = aws.sns.Topic(f"{name}-alarms", tags={"Name": f"{name}-alarms"}, opts=child)
        if email is not None:
            aws.sns.TopicSubscription(
                f"{name}-alarms-email",
                topic=topic.arn,
                protocol="email",
                endpoint=email,
                opts=child,
            )
        self.arn = topic.arn
        self.register_outputs({"arn": self.arn})


@dataclass(frozen=True)
class RegionAlarmsArgs:
    """What the alarms of one region watch."""

    peer_region: str
    load_balancer: aws.lb.LoadBalancer
    target_group: aws.lb.TargetGroup
    cluster: aws.rds.Cluster
    email: str | None


class RegionAlarms(pulumi.ComponentResource):
    """Alarms on the application's health and on the database's distance behind the other region."""

    def __init__(
        self, name: str, args: RegionAlarmsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("dr:index:RegionAlarms", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        topic = AlarmTopic(name, args.email, opts=child)
        aws.cloudwatch.MetricAlarm(
            f"{name}-unhealthy-hosts",
            alarm_description="The load balancer finds application instances unhealthy",
            namespace="AWS/ApplicationELB",
            metric_name="UnHealthyHostCount",
            dimensions={
                "LoadBalancer": args.load_balancer.arn_suffix,
                "TargetGroup": args.target_group.arn_suffix,
            },
            statistic="Maximum",
            period=60,
            evaluation_periods=3,
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            treat_missing_data="notBreaching",
            alarm_actions=[topic.arn],
            ok_actions=[topic.arn],
            tags={"Name": f"{name}-unhealthy-hosts"},
            opts=child,
        )
        aws.cloudwatch.MetricAlarm(
            f"{name}-replication-lag",
            alarm_description="A failover to this region would lose more writes than it should",
            namespace="AWS/RDS",
            metric_name="AuroraGlobalDBReplicationLag",
            # Published by the secondary, under both dimensions and under neither of them alone.
            dimensions={
                "DBClusterIdentifier": args.cluster.cluster_identifier,
                "SourceRegion": args.peer_region,
            },
            statistic="Maximum",
            period=60,
            evaluation_periods=5,
            comparison_operator="GreaterThanThreshold",
            threshold=_MAX_REPLICATION_LAG_MS,
            # Silence is normal: the primary publishes nothing, and the roles swap in a failover.
            treat_missing_data="notBreaching",
            alarm_actions=[topic.arn],
            ok_actions=[topic.arn],
            tags={"Name": f"{name}-replication-lag"},
            opts=child,
        )
        self.register_outputs({"topicArn": topic.arn})


@dataclass(frozen=True)
class HealthCheckAlarmsArgs:
    """The health checks to watch, by the role of the region that each one checks."""

    health_check_ids: Mapping[str, pulumi.Input[str]]
    email: str | None


class HealthCheckAlarms(pulumi.ComponentResource):
    """One alarm a health check. Create it with a provider of `ROUTE53_METRICS_REGION`."""

    def __init__(
        self, name: str, args: HealthCheckAlarmsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("dr:index:HealthCheckAlarms", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        topic = AlarmTopic(name, args.email, opts=child)
        for role, health_check_id in args.health_check_ids.items():
            label = f"{role}-endpoint-unhealthy"
            aws.cloudwatch.MetricAlarm(
                label,
                alarm_description=f"Route 53 finds the {role} region's endpoint unhealthy",
                namespace="AWS/Route53",
                metric_name="HealthCheckStatus",
                dimensions={"HealthCheckId": health_check_id},
                statistic="Minimum",
                period=60,
                evaluation_periods=1,
                comparison_operator="LessThanThreshold",
                threshold=1,
                treat_missing_data="breaching",
                alarm_actions=[topic.arn],
                ok_actions=[topic.arn],
                tags={"Name": label},
                opts=child,
            )
        self.register_outputs({"topicArn": topic.arn})
