import pulumi_aws as aws

entry = aws.globalaccelerator.Accelerator("orders")
aws.globalaccelerator.Listener(
    "orders",
    accelerator_arn=entry.arn,
    protocol="TCP",
    port_ranges=[{"from_port": 443, "to_port": 443}],
)
