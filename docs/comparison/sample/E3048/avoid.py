import json

import pulumi_aws as aws

aws.ecs.TaskDefinition(
    "app",
    family="app",
    requires_compatibilities=["FARGATE"],
    network_mode="awsvpc",
    memory="512",
    container_definitions=json.dumps([{"name": "app", "image": "public.ecr.aws/nginx/nginx"}]),
)
