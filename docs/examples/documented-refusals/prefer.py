import pulumi_aws as aws

aws.rds.ParameterGroup(
    "orders",
    family="mysql8.4",
    parameters=[{"name": "performance_schema", "value": "1", "apply_method": "pending-reboot"}],
)
