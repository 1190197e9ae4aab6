import pulumi_aws as aws

aws.route53.HealthCheck(
    "primary",
    type="HTTPS",
    fqdn="www.acme-corp.com",
    resource_path="/health",
    port=443,
    request_interval=30,
    failure_threshold=3,
)
