import json

import pulumi_aws as aws

task = aws.ecs.TaskDefinition(
    "app",
    family="app",
    requires_compatibilities=["FARGATE"],
    network_mode="awsvpc",
    cpu="256",
    memory="512",
    container_definitions=json.dumps([{"name": "app", "image": "public.ecr.aws/nginx/nginx"}]),
)
aws.ecs.Service(
    "app",
    cluster="apps",
    launch_type="FARGATE",
    desired_count=2,
    task_definition=task.arn,
    network_configuration={"subnets": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]},
)
