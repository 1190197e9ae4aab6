import pulumi_aws as aws

entry = aws.globalaccelerator.Accelerator("entry")
web = aws.globalaccelerator.Listener(
    "web",
    accelerator_arn=entry.arn,
    protocol="TCP",
    port_ranges=[{"from_port": 443, "to_port": 443}],
)
for region in ("us-east-1", "us-west-2"):
    aws.globalaccelerator.EndpointGroup(f"web-{region}", listener_arn=web.arn)
