import pulumi
import pulumi_aws as aws

east = aws.Provider("east", region="us-east-1")


def alarm(tier: str, balancer: str) -> aws.cloudwatch.MetricAlarm:
    return aws.cloudwatch.MetricAlarm(
        f"{tier}-unhealthy",
        name=f"{tier}-unhealthy-hosts",
        namespace="AWS/ApplicationELB",
        metric_name="UnHealthyHostCount",
        dimensions={"LoadBalancer": balancer},
        comparison_operator="GreaterThanThreshold",
        evaluation_periods=2,
        period=60,
        statistic="Maximum",
        threshold=0,
        opts=pulumi.ResourceOptions(provider=east),
    )


alarm("web", "app/web/50dc6c495c0c9188")
alarm("api", "app/api/6f0ecf831eec9f09")
