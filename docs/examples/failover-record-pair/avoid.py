import pulumi_aws as aws

zone = aws.route53.Zone("zone", name="orders.dr-preflight.net")
check = aws.route53.HealthCheck(
    "primary", type="HTTPS", fqdn="primary.orders.dr-preflight.net", port=443, resource_path="/up"
)
aws.route53.Record(
    "www-primary",
    zone_id=zone.zone_id,
    name="www.orders.dr-preflight.net",
    type="A",
    ttl=60,
    records=["198.51.100.1"],
    set_identifier="primary",
    failover_routing_policies=[{"type": "PRIMARY"}],
    health_check_id=check.id,
)
