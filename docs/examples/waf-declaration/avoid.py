import pulumi
import pulumi_aws as aws

west = aws.Provider("west", region="us-west-2")
aws.wafv2.WebAcl(
    "site",
    scope="CLOUDFRONT",
    default_action={"allow": {}},
    visibility_config={
        "cloudwatch_metrics_enabled": True,
        "metric_name": "site",
        "sampled_requests_enabled": True,
    },
    opts=pulumi.ResourceOptions(provider=west),
)
