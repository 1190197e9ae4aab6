import pulumi_aws as aws

entry = aws.globalaccelerator.Accelerator("orders")
listener = aws.globalaccelerator.Listener(
    "orders",
    accelerator_arn=entry.arn,
    protocol="TCP",
    port_ranges=[{"from_port": 443, "to_port": 443}],
)
for region in ("us-east-1", "us-west-2"):
    aws.globalaccelerator.EndpointGroup(
        f"orders-{region}",
        listener_arn=listener.arn,
        endpoint_group_region=region,
    )
