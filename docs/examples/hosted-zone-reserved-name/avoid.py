import pulumi_aws as aws

aws.route53.Zone("failover", name="dr-failover.example.com")
