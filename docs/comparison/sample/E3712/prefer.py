import pulumi_aws as aws

app = aws.autoscaling.Group(
    "app",
    min_size=2,
    max_size=6,
    vpc_zone_identifiers=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    launch_template={"id": "lt-0123456789abcdef0", "version": "1"},
)
aws.autoscaling.Policy(
    "cpu",
    autoscaling_group_name=app.name,
    policy_type="TargetTrackingScaling",
    target_tracking_configuration={
        "predefined_metric_specification": {
            "predefined_metric_type": "ASGAverageCPUUtilization",
        },
        "target_value": 50,
    },
)
