import pulumi_aws as aws

# A lookup: no policy sees where these subnets lead.
found = aws.ec2.get_subnets(tags={"tier": "public"})
aws.lb.LoadBalancer("web", subnets=found.ids)
