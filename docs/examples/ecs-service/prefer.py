import json

import pulumi
import pulumi_aws as aws

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
subnets = [
    aws.ec2.Subnet(
        f"app-{zone}",
        vpc_id=vpc.id,
        cidr_block=f"10.0.{number}.0/24",
        availability_zone=f"us-east-1{zone}",
    )
    for number, zone in enumerate("ab")
]
targets = aws.lb.TargetGroup("app", port=8080, protocol="HTTP", target_type="ip", vpc_id=vpc.id)
balancer = aws.lb.LoadBalancer("app", internal=True, subnets=[each.id for each in subnets])
listener = aws.lb.Listener(
    "app",
    load_balancer_arn=balancer.arn,
    port=80,
    default_actions=[{"type": "forward", "target_group_arn": targets.arn}],
)
task = aws.ecs.TaskDefinition(
    "app",
    family="app",
    requires_compatibilities=["FARGATE"],
    network_mode="awsvpc",
    cpu="256",
    memory="512",
    container_definitions=json.dumps(
        [
            {
                "name": "app",
                "image": "public.ecr.aws/nginx/nginx",
                "portMappings": [{"containerPort": 8080}],
            }
        ]
    ),
)
cluster = aws.ecs.Cluster("app")
aws.ecs.Service(
    "app",
    cluster=cluster.arn,
    launch_type="FARGATE",
    desired_count=2,
    task_definition=task.arn,
    network_configuration={"subnets": [each.id for each in subnets]},
    load_balancers=[
        {"target_group_arn": targets.arn, "container_name": "app", "container_port": 8080}
    ],
    opts=pulumi.ResourceOptions(depends_on=[listener]),
)
