import pulumi
import pulumi_aws as aws

zone = aws.route53.get_zone_output(name="acme-corp.net")
west = aws.Provider("west", region="us-west-2")
for name, provider in (("primary", None), ("standby", west)):
    certificate = aws.acm.Certificate(
        name,
        domain_name="www.acme-corp.net",
        validation_method="DNS",
        opts=pulumi.ResourceOptions(provider=provider),
    )
    option = certificate.domain_validation_options[0]
    aws.route53.Record(
        name,
        zone_id=zone.zone_id,
        name=option.resource_record_name,
        type=option.resource_record_type,
        records=[option.resource_record_value],
        ttl=60,
        allow_overwrite=True,
    )
