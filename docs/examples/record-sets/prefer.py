import pulumi_aws as aws

zone = aws.route53.Zone("zone", name="orders.dr-preflight.net")
check = aws.route53.HealthCheck(
    "primary", type="HTTPS", fqdn="primary.orders.dr-preflight.net", port=443, resource_path="/up"
)
for role, address in (("PRIMARY", "198.51.100.1"), ("SECONDARY", "198.51.100.2")):
    aws.route53.Record(
        f"www-{role.lower()}",
        zone_id=zone.zone_id,
        name="www.orders.dr-preflight.net",
        type="A",
        ttl=60,
        records=[address],
        set_identifier=role.lower(),
        failover_routing_policies=[{"type": role}],
        health_check_id=check.id if role == "PRIMARY" else None,
    )
