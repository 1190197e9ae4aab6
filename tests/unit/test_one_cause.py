"""One cause is told once, by the policy that is closest to it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.testing import Stack
from tests import aws
from tests.support import findings, run

WEST = "us-west-2"
IMAGE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/app"
LOGS = {"logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-stream-prefix": "a"}}}
SECRETS = {"secrets": [{"name": "TOKEN", "valueFrom": "arn:aws:ssm:us-east-1:1:parameter/t"}]}


@pytest.mark.parametrize(
    ("container", "policy", "row"),
    [
        ({"image": IMAGE, **LOGS, **SECRETS}, "ecs-task-definition", "fargate-logs-role"),
        ({"image": IMAGE, **SECRETS}, "documented-refusals", "fargate-image-role"),
        ({"image": "nginx", **SECRETS}, "documented-refusals", "fargate-secrets-role"),
    ],
)
def test_a_missing_execution_role(container: dict[str, Any], policy: str, row: str) -> None:
    stack = Stack()
    given = {"requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc"}
    size = {"cpu": "256", "memory": "512"}
    containers = json.dumps([{"name": "app", **container}])
    kind = "aws:ecs/taskDefinition:TaskDefinition"
    stack.add(kind, "app", {**given, **size, "containerDefinitions": containers})
    (found,) = run(stack)
    assert found.policy == policy
    assert f"({row})" in found.message


def test_a_missing_monitoring_role_of_a_cluster_and_its_instances() -> None:
    stack = Stack()
    said = {"engine": "aurora-postgresql", "monitoringInterval": 60}
    cluster = stack.add("aws:rds/cluster:Cluster", "orders", {**said, "masterUsername": "app"})
    member = {"clusterIdentifier": cluster.id, "instanceClass": "db.r6g.large"}
    stack.add("aws:rds/clusterInstance:ClusterInstance", "orders-1", {**said, **member})
    found = {each for each in findings(stack) if "monitoring" in _texts(stack, *each)}
    assert found == {("rds-declaration", "orders")}


def _texts(stack: Stack, policy: str, resource: str) -> str:
    messages = [each for each in run(stack) if (each.policy, each.resource) == (policy, resource)]
    return " ".join(each.message for each in messages)


def test_a_source_without_backups() -> None:
    stack = Stack()
    given = {"engine": "postgres", "instanceClass": "db.r6g.large", "backupRetentionPeriod": 0}
    source = stack.add("aws:rds/instance:Instance", "orders", given)
    copy = {
        "sourceDbInstanceArn": source.output("arn"),
        "kmsKeyId": "arn:aws:kms:us-west-2:1:key/k",
    }
    kind = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
    stack.add(kind, "backups", copy, region=WEST)
    told = ("documented-copies", "backups")
    assert told in findings(stack)
    stack.add("aws:rds/instance:Instance", "replica", {"replicateSourceDb": source.id})
    assert ("rds-read-replica", "replica") in findings(stack)
    assert told not in findings(stack)


@pytest.mark.parametrize(
    ("key", "policy"),
    [("0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f", "references"), ("mrk-1", "regions")],
)
def test_a_replica_of_a_key_of_its_own_region(key: str, policy: str) -> None:
    stack = Stack()
    arn = f"arn:aws:kms:us-east-1:111122223333:key/{key}"
    stack.add("aws:kms/replicaKey:ReplicaKey", "replica", {"primaryKeyArn": arn})
    assert findings(stack) == {(f"replica-{policy}", "replica")}


@pytest.mark.parametrize(
    ("lifecycle", "row"),
    [
        ({"coldStorageAfter": 30, "deleteAfter": 90}, "continuous-cold-storage"),
        ({"coldStorageAfter": 30, "deleteAfter": 400}, "continuous-cold-storage"),
        ({"deleteAfter": 36}, "continuous-35-days"),
    ],
)
def test_continuous_backups_that_are_kept_too_long(lifecycle: dict[str, int], row: str) -> None:
    stack = Stack()
    rule = {"ruleName": "daily", "targetVaultName": "vault", "lifecycle": lifecycle}
    given = {"name": "plan", "rules": [{**rule, "enableContinuousBackup": True}]}
    stack.add("aws:backup/plan:Plan", "plan", given)
    (found,) = [each for each in run(stack) if each.policy == "backup-plan"]
    assert f"({row})" in found.message


def test_a_vpc_without_a_public_tier_that_something_needs() -> None:
    """In two regions; the balancer of one has subnets that lead nowhere."""
    stack = Stack()
    for region, cidr in (("us-east-1", "10.0.0.0/16"), (WEST, "10.1.0.0/16")):
        home = aws.vpc(stack, region, cidr, region=region)
        subnets = [
            stack.add(
                "aws:ec2/subnet:Subnet",
                f"{region}-{zone}",
                {
                    "vpcId": home.id,
                    "availabilityZone": f"{region}{zone}",
                    "cidrBlock": cidr.replace("0.0/16", f"{number}.0/24"),
                    "region": region,
                },
            )
            for number, zone in enumerate("ab")
        ]
        aws.balancer(stack, f"web-{region}", aws.ids(*subnets), region=region)
    told = {policy for policy, _ in findings(stack)}
    assert "alb-public-subnets" in told
    assert "network-tiers" not in told
