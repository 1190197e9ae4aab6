import pulumi
import pulumi_aws as aws

west = aws.Provider("west", region="us-west-2")
primary = aws.route53.HealthCheck(
    "primary",
    type="HTTPS",
    fqdn="www.acme-corp.com",
    resource_path="/health",
    request_interval=30,
    failure_threshold=3,
)
aws.cloudwatch.MetricAlarm(
    "primary-is-down",
    namespace="AWS/Route53",
    metric_name="HealthCheckStatus",
    dimensions={"HealthCheckId": primary.id},
    statistic="Minimum",
    comparison_operator="LessThanThreshold",
    threshold=1,
    evaluation_periods=1,
    period=60,
    opts=pulumi.ResourceOptions(provider=west),
)
