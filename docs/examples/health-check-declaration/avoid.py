import pulumi_aws as aws

aws.route53.HealthCheck(
    "primary",
    type="HTTPS",
    fqdn="https://www.acme-corp.com/health",
    port=443,
    request_interval=30,
    failure_threshold=3,
)
