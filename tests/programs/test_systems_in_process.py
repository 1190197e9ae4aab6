"""Systems of two regions in other ways of writing them, sound and broken: components, loops,
transformations, policy documents, the `region` argument of pulumi-aws 7."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from policies import RULES
from tests.harness import Preview, Program, deploy, preview, refreshed

EAST, WEST = "us-east-1", "us-west-2"
SETTINGS, PERMISSIONS = "standby-runtime-settings", "standby-permissions"
TARGETS, DOMAIN = "standby-load-balancer-targets", "failover-api-domain"
AUTOMATION, SOURCE = "failover-automation-region", "standby-database-source"
REHEARSED = frozenset(rule.name for rule in RULES if "rehearsal" in rule.tags)
SUBNETS = {
    EAST: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"],
    WEST: ["subnet-0a1b2c3d4e5f60003", "subnet-0a1b2c3d4e5f60004"],
}
VPCS = {EAST: "vpc-0a1b2c3d4e5f60001", WEST: "vpc-0a1b2c3d4e5f60002"}
ROLES = {EAST: "primary", WEST: "dr"}
CODE = pulumi.AssetArchive({"index.py": pulumi.StringAsset("def handler(*_): ...")})


def trusting(service: str) -> pulumi.Output[str]:
    """The policy by which a service may take a role, as a document that AWS would compose."""
    return aws.iam.get_policy_document_output(
        statements=[
            {
                "actions": ["sts:AssumeRole"],
                "principals": [{"type": "Service", "identifiers": [service]}],
            }
        ]
    ).json


def databases(*, is_replicated: bool = True) -> dict[str, aws.rds.Instance]:
    """A database, and its read replica in the other region, both of the default provider."""
    common: dict[str, Any] = {"instance_class": "db.r6g.large", "skip_final_snapshot": True}
    own: dict[str, Any] = {"engine": "postgres", "allocated_storage": 20, "username": "orders"}
    first = aws.rds.Instance(
        "orders-primary",
        backup_retention_period=7,
        manage_master_user_password=True,
        region=EAST,
        **own,
        **common,
    )
    said: dict[str, Any] = {"replicate_source_db": first.arn} if is_replicated else own
    return {EAST: first, WEST: aws.rds.Instance("orders-dr", region=WEST, **said, **common)}


def balanced(name: str, region: str, opts: pulumi.ResourceOptions) -> aws.lb.TargetGroup:
    """A load balancer and the group that it forwards to."""
    balancer = aws.lb.LoadBalancer(name, subnets=SUBNETS[region], opts=opts)
    group = aws.lb.TargetGroup(name, port=80, protocol="HTTP", vpc_id=VPCS[region], opts=opts)
    aws.lb.Listener(
        name,
        load_balancer_arn=balancer.arn,
        port=80,
        default_actions=[{"type": "forward", "target_group_arn": group.arn}],
        opts=opts,
    )
    return group


# --- ECS, in a component like those of awsx ------------------------------------------------------


class FargateService(pulumi.ComponentResource):
    """A service, its task, and a load balancer with a group of targets, in one region."""

    def __init__(
        self,
        name: str,
        *,
        region: str,
        host: pulumi.Input[str],
        registers: bool,
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("web:ecs:FargateService", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.balancer = aws.lb.LoadBalancer(name, subnets=SUBNETS[region], opts=child)
        group = aws.lb.TargetGroup(
            name,
            port=80,
            protocol="HTTP",
            target_type="ip",
            vpc_id=VPCS[region],
            opts=pulumi.ResourceOptions(parent=self.balancer),
        )
        listener = aws.lb.Listener(
            name,
            load_balancer_arn=self.balancer.arn,
            port=80,
            default_actions=[{"type": "forward", "target_group_arn": group.arn}],
            opts=child,
        )
        image = "public.ecr.aws/nginx/nginx:1"
        settings = [{"name": "ORDERS_HOST", "value": host}]
        task = aws.ecs.TaskDefinition(
            name,
            family=name,
            container_definitions=pulumi.Output.json_dumps(
                [{"name": "web", "image": image, "memory": 512, "environment": settings}]
            ),
            opts=child,
        )
        cluster = aws.ecs.Cluster(name, opts=child)
        leads = aws.ecs.ServiceLoadBalancerArgs(
            target_group_arn=group.arn, container_name="web", container_port=80
        )
        aws.ecs.Service(
            name,
            cluster=cluster.arn,
            task_definition=task.arn,
            load_balancers=[leads] if registers else None,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[listener]),
        )


def services(*, host: str = "own", registers: bool = True) -> None:
    """A provider a region, which the parts of a component inherit."""
    stores = databases()
    for region, role in ROLES.items():
        FargateService(
            f"shop-{role}",
            region=region,
            host=stores[region if host == "own" else EAST].address,
            registers=registers or region == EAST,
            opts=pulumi.ResourceOptions(providers=[aws.Provider(role, region=region)]),
        )


# --- EKS -----------------------------------------------------------------------------------------


def clusters(*, host: str = "own") -> None:
    """Clusters whose controller registers targets; their nodes start with a script in which the
    database stands. Names of the regions come from a transformation."""
    stores = databases()
    role = aws.iam.Role("nodes", assume_role_policy=trusting("ec2.amazonaws.com"))

    def moved(
        args: pulumi.ResourceTransformationArgs,
    ) -> pulumi.ResourceTransformationResult | None:
        if not args.type_.startswith(("aws:eks/", "aws:lb/", "aws:ec2/")):
            return None
        region = WEST if args.name.endswith("-dr") else EAST
        return pulumi.ResourceTransformationResult({**args.props, "region": region}, args.opts)

    opts = pulumi.ResourceOptions(transformations=[moved])
    for region, part in ROLES.items():
        cluster = aws.eks.Cluster(
            f"shop-{part}",
            role_arn=role.arn,
            vpc_config={"subnet_ids": SUBNETS[region]},
            opts=opts,
        )
        script = stores[region if host == "own" else EAST].address.apply(_script)
        template = aws.ec2.LaunchTemplate(f"nodes-{part}", user_data=script, opts=opts)
        aws.eks.NodeGroup(
            f"nodes-{part}",
            cluster_name=cluster.name,
            node_role_arn=role.arn,
            subnet_ids=SUBNETS[region],
            scaling_config={"desired_size": 2, "min_size": 2, "max_size": 4},
            launch_template={"id": template.id, "version": template.latest_version.apply(str)},
            opts=opts,
        )
        balanced(f"shop-{part}", region, opts)


def _script(host: str) -> str:
    return base64.b64encode(f"#!/bin/sh\necho {host} > /etc/orders\n".encode()).decode()


# --- Lambda behind an API ------------------------------------------------------------------------


def apis(*, has_domain: bool = True, resource: str = "any region") -> None:
    """A function behind an API in each region, with a table that is replicated, a role for both and
    failover records. All in one loop, by the `region` argument."""
    table = aws.dynamodb.Table(
        "carts",
        hash_key="id",
        attributes=[{"name": "id", "type": "S"}],
        billing_mode="PAY_PER_REQUEST",
        stream_enabled=True,
        stream_view_type="NEW_AND_OLD_IMAGES",
        replicas=[{"region_name": WEST}],
        region=EAST,
    )
    role = aws.iam.Role("shop", assume_role_policy=trusting("lambda.amazonaws.com"))
    arn = table.arn if resource == "original" else table.arn.apply(_of_any_region)
    statements: list[Any] = [{"actions": ["dynamodb:GetItem"], "resources": [arn]}]
    document = aws.iam.get_policy_document_output(statements=statements)
    aws.iam.RolePolicy("shop", role=role.name, policy=document.json)
    zone = aws.route53.Zone("shop", name="shop.larkspur-music.net")
    for region, part in ROLES.items():
        function = aws.lambda_.Function(
            f"shop-{part}",
            runtime="python3.13",
            handler="index.handler",
            code=CODE,
            role=role.arn,
            environment={"variables": {"CARTS": table.name}},
            region=region,
        )
        api = aws.apigatewayv2.Api(f"shop-{part}", protocol_type="HTTP", region=region)
        aws.apigatewayv2.Integration(
            f"shop-{part}",
            api_id=api.id,
            integration_type="AWS_PROXY",
            integration_uri=function.invoke_arn,
            region=region,
        )
        name = pulumi.Output.concat(api.id, f".execute-api.{region}.amazonaws.com")
        if has_domain:
            certificate = f"arn:aws:acm:{region}:111122223333:certificate/0a1b2c3d"
            domain = aws.apigatewayv2.DomainName(
                f"shop-{part}",
                domain_name="api.shop.larkspur-music.net",
                domain_name_configuration={
                    "certificate_arn": certificate,
                    "endpoint_type": "REGIONAL",
                    "security_policy": "TLS_1_2",
                },
                region=region,
            )
            name = domain.domain_name_configuration.apply(lambda one: one.target_domain_name or "")
        aws.route53.Record(
            f"shop-{part}",
            zone_id=zone.zone_id,
            name="api.shop.larkspur-music.net",
            type="CNAME",
            ttl=60,
            records=[name],
            set_identifier=part,
            failover_routing_policies=[{"type": "PRIMARY" if region == EAST else "SECONDARY"}],
            health_check_id="0a1b2c3d-0a1b-4c3d-8e5f-0a1b2c3d4e5f",
        )


def _of_any_region(arn: str) -> str:
    return arn.replace(f":{EAST}:", ":*:")


# --- CodeDeploy ----------------------------------------------------------------------------------


def deployments(*, host: str = "own") -> None:
    """Blue and green groups of targets, the second of which CodeDeploy fills."""
    stores = databases()
    role = aws.iam.Role("deploy", assume_role_policy=trusting("codedeploy.amazonaws.com"))
    for region, part in ROLES.items():
        balancer = aws.lb.LoadBalancer(f"shop-{part}", subnets=SUBNETS[region], region=region)
        blue, green = (
            aws.lb.TargetGroup(
                f"shop-{part}-{colour}",
                port=80,
                protocol="HTTP",
                target_type="ip",
                vpc_id=VPCS[region],
                region=region,
            )
            for colour in ("blue", "green")
        )
        listeners = [
            aws.lb.Listener(
                f"shop-{part}-{port}",
                load_balancer_arn=balancer.arn,
                port=port,
                default_actions=[{"type": "forward", "target_group_arn": group.arn}],
                region=region,
            )
            for port, group in ((80, blue), (8080, green))
        ]
        given = {"ORDERS_HOST": stores[region if host == "own" else EAST].endpoint}
        environment = [{"name": name, "value": value} for name, value in given.items()]
        task = aws.ecs.TaskDefinition(
            f"shop-{part}",
            family="shop",
            container_definitions=pulumi.Output.json_dumps(
                [{"name": "web", "image": "shop:1", "memory": 512, "environment": environment}]
            ),
            region=region,
        )
        cluster = aws.ecs.Cluster(f"shop-{part}", region=region)
        service = aws.ecs.Service(
            f"shop-{part}",
            cluster=cluster.arn,
            task_definition=task.arn,
            deployment_controller={"type": "CODE_DEPLOY"},
            load_balancers=[
                {"target_group_arn": blue.arn, "container_name": "web", "container_port": 80}
            ],
            region=region,
            opts=pulumi.ResourceOptions(depends_on=listeners),
        )
        app = aws.codedeploy.Application(f"shop-{part}", compute_platform="ECS", region=region)
        aws.codedeploy.DeploymentGroup(
            f"shop-{part}",
            app_name=app.name,
            deployment_group_name="shop",
            deployment_config_name="CodeDeployDefault.ECSAllAtOnce",
            service_role_arn=role.arn,
            deployment_style={
                "deployment_option": "WITH_TRAFFIC_CONTROL",
                "deployment_type": "BLUE_GREEN",
            },
            ecs_service={"cluster_name": cluster.name, "service_name": service.name},
            region=region,
        )


# --- launch templates ----------------------------------------------------------------------------


def groups(*, host: str = "own", attached: bool = True, is_replicated: bool = True) -> None:
    """Groups of instances that are attached to their balancer by a resource of its own, and start
    with a script that reads the database from a file of settings."""
    stores = databases(is_replicated=is_replicated)
    for region, part in ROLES.items():
        opts = pulumi.ResourceOptions(provider=aws.Provider(part, region=region))
        said = pulumi.Output.format(
            "#cloud-config\nwrite_files:\n- path: /etc/shop\n  content: orders={0}\n",
            stores[region if host == "own" else EAST].address,
        )
        template = aws.ec2.LaunchTemplate(
            f"shop-{part}",
            image_id="ami-0a1b2c3d4e5f60001",
            instance_type="t3.small",
            user_data=said.apply(lambda text: base64.b64encode(text.encode()).decode()),
            opts=opts,
        )
        group = aws.autoscaling.Group(
            f"shop-{part}",
            min_size=1,
            max_size=2,
            vpc_zone_identifiers=SUBNETS[region],
            launch_template={"id": template.id},
            opts=opts,
        )
        targets = balanced(f"shop-{part}", region, opts)
        if attached or region == EAST:
            aws.autoscaling.Attachment(
                f"shop-{part}",
                autoscaling_group_name=group.name,
                lb_target_group_arn=targets.arn,
                opts=opts,
            )


# --- what carries out a failover -----------------------------------------------------------------


def conductors(*, region: str = WEST) -> None:
    """A state machine that promotes the replica, with a policy that is attached."""
    databases()
    role = aws.iam.Role("conductor", assume_role_policy=trusting("states.amazonaws.com"))
    document = aws.iam.get_policy_document(
        statements=[{"actions": ["rds:PromoteReadReplica"], "resources": ["*"]}]
    )
    policy = aws.iam.Policy("conductor", policy=document.json)
    aws.iam.RolePolicyAttachment("conductor", role=role.name, policy_arn=policy.arn)
    state = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:rds:promoteReadReplica",
        "Parameters": {"DbInstanceIdentifier": "orders-dr"},
        "End": True,
    }
    definition = json.dumps({"StartAt": "Promote", "States": {"Promote": state}})
    aws.sfn.StateMachine("conductor", role_arn=role.arn, definition=definition, region=region)


def found(run: Preview) -> set[tuple[str, str]]:
    return {each for each in run.told if each[0] in REHEARSED}


def doubted(run: Preview) -> set[tuple[str, str]]:
    return {
        (policy, each.resource)
        for each in run.of("unverifiable-reference")
        for policy in REHEARSED
        if policy in each.message
    }


@pytest.mark.parametrize("program", [services, clusters, apis, deployments, groups, conductors])
def test_a_sound_system_is_told_of_nothing(program: Callable[[], None]) -> None:
    state = deploy(Program(program))
    for run in (preview(program), preview(program, state), preview(program, refreshed(state))):
        assert found(run) == doubted(run) == set()


BROKEN: list[tuple[Callable[..., None], dict[str, Any], tuple[str, str], str]] = [
    (services, {"host": "primary"}, (SETTINGS, "shop-dr"), "doubted"),
    (services, {"registers": False}, (TARGETS, "shop-dr"), "told"),
    (clusters, {"host": "primary"}, (SETTINGS, "nodes-dr"), "doubted"),
    (apis, {"has_domain": False}, (DOMAIN, "shop-dr"), "told"),
    # Of a document that is composed of what is not known, the SDK loses what that is.
    (apis, {"resource": "original"}, (PERMISSIONS, "shop-dr"), "not seen"),
    (deployments, {"host": "primary"}, (SETTINGS, "shop-dr"), "doubted"),
    (groups, {"host": "primary"}, (SETTINGS, "shop-dr"), "doubted"),
    (groups, {"attached": False}, (TARGETS, "shop-dr"), "told"),
    (groups, {"is_replicated": False}, (SOURCE, "orders-dr"), "told"),
    (conductors, {"region": EAST}, (AUTOMATION, "conductor"), "told"),
]


@pytest.mark.parametrize(("program", "edit", "defect", "at_first"), BROKEN)
def test_a_broken_one_is_told_of_its_defect(
    program: Callable[..., None], edit: dict[str, Any], defect: tuple[str, str], at_first: str
) -> None:
    """At first it may be in doubt, or not to be seen; of what is deployed, it is certain."""
    altered = partial(program, **edit)
    state = deploy(Program(altered))
    begun = preview(altered)
    assert found(begun) == ({defect} if at_first == "told" else set())
    assert doubted(begun) == ({defect} if at_first == "doubted" else set())
    for run in (preview(altered, state), preview(altered, refreshed(state))):
        assert found(run) == {defect}
        assert doubted(run) == set()
