import pulumi_aws as aws

lag = aws.cloudwatch.MetricAlarm(
    "lag",
    namespace="AWS/RDS",
    metric_name="AuroraGlobalDBReplicationLag",
    extended_statistic="p99",
    comparison_operator="GreaterThanThreshold",
    threshold=5000,
    evaluation_periods=3,
    period=60,
)
aws.route53.HealthCheck(
    "primary",
    type="CLOUDWATCH_METRIC",
    cloudwatch_alarm_name=lag.name,
    cloudwatch_alarm_region="us-east-1",
    insufficient_data_health_status="Unhealthy",
)
