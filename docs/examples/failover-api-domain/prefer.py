import pulumi
import pulumi_aws as aws

west = pulumi.ResourceOptions(provider=aws.Provider("west", region="us-west-2"))
certificates = {
    "east": "arn:aws:acm:us-east-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef",
    "west": "arn:aws:acm:us-west-2:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef",
}
for place, role, opts in (("east", "PRIMARY", None), ("west", "SECONDARY", west)):
    api = aws.apigatewayv2.Api(place, protocol_type="HTTP", opts=opts)
    host = api.api_endpoint.apply(lambda url: url.removeprefix("https://"))
    domain = aws.apigateway.DomainName(
        place,
        domain_name="api.acme-corp.com",
        regional_certificate_arn=certificates[place],
        endpoint_configuration={"types": "REGIONAL"},
        security_policy="TLS_1_2",
        opts=opts,
    )
    aws.apigatewayv2.ApiMapping(
        place, api_id=api.id, domain_name=domain.domain_name, stage="$default", opts=opts
    )
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
        records=[domain.regional_domain_name],
        set_identifier=place,
        failover_routing_policies=[{"type": role}],
        health_check_id=check.id,
    )
