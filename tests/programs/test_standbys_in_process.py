"""What runs in two regions, as people write it: what a rehearsal says of its settings and roles."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pulumi
import pulumi_aws as aws
import pytest

from tests.harness import Program, deploy, preview

SETTINGS, PERMISSIONS = "standby-runtime-settings", "standby-permissions"
DOUBTS = "unverifiable-reference"
EAST, WEST = "us-east-1", "us-west-2"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": ["ecs-tasks.amazonaws.com", "lambda.amazonaws.com"]},
            }
        ],
    }
)


def in_both() -> dict[str, pulumi.ResourceOptions]:
    return {
        region: pulumi.ResourceOptions(provider=aws.Provider(region, region=region))
        for region in (EAST, WEST)
    }


def two_queues(regions: dict[str, pulumi.ResourceOptions]) -> None:
    """What tells which region stands in for the other."""
    aws.sqs.Queue("jobs", opts=regions[EAST])
    aws.sqs.Queue("jobs-standby", opts=regions[WEST])


def task(name: str, image: pulumi.Input[str], opts: pulumi.ResourceOptions) -> None:
    containers = pulumi.Output.json_dumps([{"name": "app", "image": image, "memory": 512}])
    aws.ecs.TaskDefinition(name, family=name, container_definitions=containers, opts=opts)


def images_of_one_registry() -> None:
    regions = in_both()
    two_queues(regions)
    repository = aws.ecr.Repository("shop", opts=regions[EAST])
    for region, opts in regions.items():
        task(f"shop-{region}", repository.repository_url, opts)


def images_of_each_registry() -> None:
    regions = in_both()
    two_queues(regions)
    for region, opts in regions.items():
        repository = aws.ecr.Repository(f"shop-{region}", opts=opts)
        task(f"shop-{region}", repository.repository_url, opts)


def images_that_are_replicated() -> None:
    """The copies are in the other registry, and nobody pulls them."""
    images_of_one_registry()
    aws.ecr.ReplicationConfiguration(
        "to-west",
        replication_configuration={
            "rules": [{"destinations": [{"region": WEST, "registry_id": "111122223333"}]}]
        },
    )


def booted(host: str) -> None:
    regions = in_both()
    two_queues(regions)
    script = f"#!/bin/sh\necho {host} > /etc/shop/database\n"
    aws.ec2.LaunchTemplate(
        "shop-west", user_data=base64.b64encode(script.encode()).decode(), opts=regions[WEST]
    )


def boots_with_the_other_database() -> None:
    booted(f"shop.abcdef.{EAST}.rds.amazonaws.com")


def boots_with_its_own_database() -> None:
    booted(f"shop.abcdef.{WEST}.rds.amazonaws.com")


def function(
    name: str,
    opts: pulumi.ResourceOptions,
    variables: dict[str, pulumi.Input[str]],
    role: pulumi.Input[str] = "arn:aws:iam::111122223333:role/shop",
) -> aws.lambda_.Function:
    return aws.lambda_.Function(
        name,
        runtime="python3.13",
        handler="index.handler",
        role=role,
        code=pulumi.AssetArchive({"index.py": pulumi.StringAsset("def handler(*_): ...")}),
        environment={"variables": variables},
        opts=opts,
    )


def behind_an_api(of: str) -> None:
    regions = in_both()
    two_queues(regions)
    functions = {region: function(f"shop-{region}", regions[region], {}) for region in regions}
    api = aws.apigatewayv2.Api("shop-west", protocol_type="HTTP", opts=regions[WEST])
    aws.apigatewayv2.Integration(
        "shop-west",
        api_id=api.id,
        integration_type="AWS_PROXY",
        integration_uri=functions[of].invoke_arn,
        opts=regions[WEST],
    )


def an_api_of_the_other_function() -> None:
    behind_an_api(EAST)


def an_api_of_its_own_function() -> None:
    behind_an_api(WEST)


def users_of_a_table(named: Callable[[str, aws.dynamodb.Table], pulumi.Input[str]]) -> None:
    """A function in each region, with a role of its own, that uses a global table."""
    regions = in_both()
    table = aws.dynamodb.Table(
        "carts",
        name="carts",
        attributes=[{"name": "id", "type": "S"}],
        hash_key="id",
        billing_mode="PAY_PER_REQUEST",
        stream_enabled=True,
        stream_view_type="NEW_AND_OLD_IMAGES",
        replicas=[{"region_name": WEST}],
        opts=regions[EAST],
    )
    for region, opts in regions.items():
        role = aws.iam.Role(f"shop-{region}", assume_role_policy=TRUST, opts=opts)
        statement = {
            "Effect": "Allow",
            "Action": ["dynamodb:GetItem", "dynamodb:PutItem"],
            "Resource": named(region, table),
        }
        aws.iam.RolePolicy(
            f"shop-{region}",
            role=role.id,
            policy=pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [statement]}),
            opts=opts,
        )
        function(f"shop-{region}", opts, {"TABLE": table.name}, role.arn)


def by_the_arn_of_the_original() -> None:
    users_of_a_table(lambda _, table: table.arn)


def by_the_arn_of_each_replica() -> None:
    users_of_a_table(lambda region, table: table.name.apply(_arn(region)))


def _arn(region: str) -> Callable[[str], str]:
    return lambda name: f"arn:aws:dynamodb:{region}:*:table/{name}"


PROGRAMS = [
    (images_of_one_registry, {(DOUBTS, f"shop-{WEST}")}, {(SETTINGS, f"shop-{WEST}")}),
    (images_of_each_registry, set(), set()),
    (images_that_are_replicated, {(DOUBTS, f"shop-{WEST}")}, {(SETTINGS, f"shop-{WEST}")}),
    (boots_with_the_other_database, {(SETTINGS, "shop-west")}, {(SETTINGS, "shop-west")}),
    (boots_with_its_own_database, set(), set()),
    (an_api_of_the_other_function, {(SETTINGS, "shop-west")}, {(SETTINGS, "shop-west")}),
    (an_api_of_its_own_function, set(), set()),
    (by_the_arn_of_the_original, {(DOUBTS, f"shop-{WEST}")}, {(PERMISSIONS, f"shop-{WEST}")}),
    (by_the_arn_of_each_replica, set(), set()),
]


@pytest.mark.parametrize(
    ("program", "at_first", "later"), PROGRAMS, ids=[each[0].__name__ for each in PROGRAMS]
)
def test_a_standby_is_judged_by_what_it_is_given(
    program: Callable[[], None], at_first: set[tuple[str, str]], later: set[tuple[str, str]]
) -> None:
    """In a first preview, and in one of what is deployed, in which all values are known."""
    for state, expected in ((None, at_first), (deploy(Program(program)), later)):
        run = preview(Program(program)) if state is None else preview(Program(program), state)
        found = {
            (each.policy, each.urn.rpartition("::")[2])
            for each in run.findings
            if each.policy in (SETTINGS, PERMISSIONS)
            or (each.policy == DOUBTS and (SETTINGS in each.message or PERMISSIONS in each.message))
        }
        assert found == expected
