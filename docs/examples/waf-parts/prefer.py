import pulumi_aws as aws

acl = aws.wafv2.WebAcl(
    "site",
    scope="REGIONAL",
    default_action={"allow": {}},
    visibility_config={
        "cloudwatch_metrics_enabled": True,
        "metric_name": "site",
        "sampled_requests_enabled": True,
    },
)
logs = aws.cloudwatch.LogGroup("aws-waf-logs-site", retention_in_days=30)
aws.wafv2.WebAclLoggingConfiguration(
    "site", resource_arn=acl.arn, log_destination_configs=[logs.arn]
)
