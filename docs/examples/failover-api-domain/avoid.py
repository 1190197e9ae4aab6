import pulumi
import pulumi_aws as aws

west = pulumi.ResourceOptions(provider=aws.Provider("west", region="us-west-2"))
for place, role, opts in (("east", "PRIMARY", None), ("west", "SECONDARY", west)):
    api = aws.apigatewayv2.Api(place, protocol_type="HTTP", opts=opts)
    host = api.api_endpoint.apply(lambda url: url.removeprefix("https://"))
    check = aws.route53.HealthCheck(
        place,
        type="HTTPS",
        fqdn=host,
        port=443,
        resource_path="/health",
        request_interval=30,
        failure_threshold=3,
    )
    aws.route53.Record(
        place,
        zone_id="Z0123456789ABCDEFGHIJ",
        name="api.acme-corp.com",
        type="CNAME",
        ttl=60,
        records=[host],
        set_identifier=place,
        failover_routing_policies=[{"type": role}],
        health_check_id=check.id,
    )
