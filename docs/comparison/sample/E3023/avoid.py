import pulumi_aws as aws

aws.route53.Record(
    "address",
    zone_id="Z0123456789ABCDEFGHIJ",
    name="www.orders.dr-preflight.net",
    type="A",
    ttl=60,
    records=["198.51.100"],
)
