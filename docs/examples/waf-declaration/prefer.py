import pulumi
import pulumi_aws as aws

edge = aws.Provider("edge", region="us-east-1")
aws.wafv2.WebAcl(
    "site",
    scope="CLOUDFRONT",
    default_action={"allow": {}},
    visibility_config={
        "cloudwatch_metrics_enabled": True,
        "metric_name": "site",
        "sampled_requests_enabled": True,
    },
    opts=pulumi.ResourceOptions(provider=edge),
)
