"""Data and passwords of programs that span regions, as people write them."""

from __future__ import annotations

import json
from functools import partial

import pulumi
import pulumi_aws as aws
import pytest

from tests.harness import Preview, deploy, preview, refreshed

SOURCE = "standby-database-source"
CREDENTIALS = "standby-credentials"
EAST, WEST = "us-east-1", "us-west-2"


class Shop(pulumi.ComponentResource):
    """An Aurora cluster of a region, its instance, and a service that reads a secret."""

    def __init__(
        self,
        role: str,
        *,
        provider: aws.Provider,
        world: aws.rds.GlobalCluster | None,
        password: pulumi.Input[str] | None,
        secret: aws.secretsmanager.Secret,
        after: list[pulumi.Resource],
    ) -> None:
        opts = pulumi.ResourceOptions(provider=provider)
        super().__init__("shop:index:Shop", role, {"password": password}, opts)
        child = pulumi.ResourceOptions(parent=self, depends_on=after)
        self.cluster = aws.rds.Cluster(
            f"orders-{role}",
            cluster_identifier=f"orders-{role}",
            engine="aurora-postgresql",
            engine_version="16.11",
            global_cluster_identifier=world.id if world else None,
            master_username="orders" if password else None,
            master_password=password,
            skip_final_snapshot=True,
            opts=child,
        )
        self.writer = aws.rds.ClusterInstance(
            f"orders-{role}-1",
            cluster_identifier=self.cluster.id,
            engine=aws.rds.EngineType.AURORA_POSTGRESQL,
            instance_class="db.r6g.large",
            opts=child,
        )
        containers = secret.arn.apply(
            lambda arn: json.dumps(
                [
                    {
                        "name": "api",
                        "image": "public.ecr.aws/nginx/nginx:1",
                        "memory": 512,
                        "secrets": [{"name": "DATABASE_PASSWORD", "valueFrom": arn}],
                    }
                ]
            )
        )
        aws.ecs.TaskDefinition(
            f"api-{role}",
            family=f"api-{role}",
            container_definitions=containers,
            opts=pulumi.ResourceOptions(parent=self),
        )


def shop(*, is_member: bool = True, has_replica: bool = True) -> None:
    password = pulumi.Output.secret("not-a-real-password")
    east = aws.Provider("east", region=EAST)
    west = aws.Provider("west", region=WEST)
    world = aws.rds.GlobalCluster(
        "orders",
        global_cluster_identifier="orders",
        engine="aurora-postgresql",
        engine_version="16.11",
        opts=pulumi.ResourceOptions(provider=east),
    )
    secret = aws.secretsmanager.Secret(
        "orders",
        replicas=[{"region": WEST}] if has_replica else None,
        opts=pulumi.ResourceOptions(provider=east),
    )
    aws.secretsmanager.SecretVersion(
        "orders",
        secret_id=secret.id,
        secret_string=password,
        opts=pulumi.ResourceOptions(provider=east),
    )
    primary = Shop(
        "primary", provider=east, world=world, password=password, secret=secret, after=[]
    )
    Shop(
        "dr",
        provider=west,
        world=world if is_member else None,
        password=None if is_member else password,
        secret=secret,
        after=[primary.writer],
    )


def told(run: Preview) -> set[tuple[str, str]]:
    return {each for each in run.told if each[0] in (SOURCE, CREDENTIALS)}


DATA = {(SOURCE, "orders-dr")}
PASSWORD = {(CREDENTIALS, "orders")}


@pytest.mark.parametrize(
    ("edit", "first", "later"),
    [
        ({}, set(), set()),
        ({"is_member": False}, DATA, DATA),
        # At first nothing shows that the containers over there do not have the password.
        ({"has_replica": False}, set(), PASSWORD),
        # A cluster of its own does not take over with the password of the other one.
        ({"is_member": False, "has_replica": False}, DATA, DATA),
    ],
)
def test_a_standby_has_the_data_and_the_password(
    edit: dict[str, bool], first: set[tuple[str, str]], later: set[tuple[str, str]]
) -> None:
    program = partial(shop, **edit)
    state = deploy(program)
    assert told(preview(program)) == first
    assert told(preview(program, state)) == later
    assert told(preview(program, refreshed(state))) == later


def test_what_is_not_known_yet_is_said_to_be_so() -> None:
    [doubt] = [
        each
        for each in preview(partial(shop, has_replica=False)).of("unverifiable-reference")
        if each.resource == "orders"
    ]
    assert CREDENTIALS in doubt.message
    assert "whether task definition api-dr has the password too is not known" in doubt.message
    assert "not-a-real-password" not in doubt.message


def test_a_standby_that_leaves_its_global_database_in_an_update_is_told() -> None:
    state = deploy(shop)
    assert told(preview(partial(shop, is_member=False), state)) == DATA
