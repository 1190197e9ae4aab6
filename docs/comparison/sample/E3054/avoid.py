import json

import pulumi_aws as aws

task = aws.ecs.TaskDefinition(
    "app",
    family="app",
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
)
