import pulumi_aws as aws

main = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16")
aws.route53.Zone("databases", name="db.acme-corp.net", vpcs=[{"vpc_id": main.id}])
