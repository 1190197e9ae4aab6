import pulumi_aws as aws

main = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16", enable_dns_hostnames=True)
for team in ("orders", "payments"):
    aws.route53.Zone(team, name="db.acme-corp.net", vpcs=[{"vpc_id": main.id}])
