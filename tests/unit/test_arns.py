"""What an ARN names: the resource of its kind, region and name, also while that is new."""

from __future__ import annotations

from typing import Any

import pytest

from policies.model.arns import FORMS, Arn, parse_arn
from policies.model.vocabulary import term_of
from policies.testing import Made, Output, Stack
from tests import aws
from tests.support import run, verdict

MEMBERS = "aurora-global-members"
SOURCE_BACKTRACK = "aurora-global-source-backtrack"
REGION = "region-local-references"


@pytest.mark.parametrize(
    ("text", "arn"),
    [
        ("arn:aws:rds:us-east-1:1:cluster:app", Arn("rds", "us-east-1", "1", "cluster:app")),
        ("arn:aws-cn:s3:::logs", Arn("s3", "", "", "logs")),
        ("arn:aws-us-gov:kms:us-gov-west-1:1:key/k", Arn("kms", "us-gov-west-1", "1", "key/k")),
        ("arn:aws:rds:us-east-1:1", None),
        ("arn:other:rds:us-east-1:1:cluster:app", None),
        ("app", None),
        ("", None),
    ],
)
def test_the_parts_of_an_arn(text: str, arn: Arn | None) -> None:
    assert parse_arn(text) == arn


@pytest.mark.parametrize(
    ("kind", "resource", "names"),
    [
        ("aws:rds/cluster:Cluster", "cluster:app", ["app"]),
        ("aws:rds/cluster:Cluster", "db:app", []),
        ("aws:iam/role:Role", "role/team/app", ["app"]),
        ("aws:kms/alias:Alias", "alias/app", ["alias/app"]),
        ("aws:lambda/function:Function", "function:app:live", ["app:live", "app"]),
        ("aws:secretsmanager/secret:Secret", "secret:a/b-AbC123", ["a/b-AbC123", "a/b"]),
        ("aws:cloudwatch/logGroup:LogGroup", "log-group:/a:*", ["/a:*", "/a"]),
        ("aws:dynamodb/table:Table", "table/app/stream/2026", ["app/stream/2026", "app"]),
        ("aws:ecs/taskDefinition:TaskDefinition", "task-definition/app:7", ["app:7"]),
        ("aws:s3/bucket:Bucket", "logs", ["logs"]),
    ],
)
def test_the_names_that_an_arn_may_mean(kind: str, resource: str, names: list[str]) -> None:
    assert list(FORMS[kind].names(resource)) == names


def test_forms_are_given_for_kinds_as_the_vocabulary_calls_them() -> None:
    assert [kind for kind in FORMS if term_of(kind).kind != kind] == []


def source(stack: Stack, arn: Any, **said: Any) -> Made:
    """A global cluster that names its source by an ARN, and a cluster east with backtrack."""
    mysql: dict[str, Any] = {"engine": "aurora-mysql", "engineVersion": "8.0.mysql_aurora.3.08.0"}
    east = aws.cluster(stack, "east", **{**mysql, "backtrackWindow": 3600, **said})
    aws.global_cluster(stack, sourceDbClusterIdentifier=arn)
    return east


def arn_of(name: str = "east", region: str = "us-east-1", account: str = "111122223333") -> str:
    return f"arn:aws:rds:{region}:{account}:cluster:{name}"


@pytest.mark.parametrize("shows_inputs", [True, False])
def test_a_new_cluster_is_found_by_its_arn(shows_inputs: bool) -> None:
    stack = Stack()
    source(stack, arn_of())
    assert verdict(stack, SOURCE_BACKTRACK, shows_inputs=shows_inputs) == "rejects east"


def test_an_arn_that_is_composed_from_known_parts_is_found() -> None:
    stack = Stack()
    mysql: dict[str, Any] = {"engine": "aurora-mysql", "engineVersion": "8.0.mysql_aurora.3.08.0"}
    east = aws.cluster(stack, "made", clusterIdentifier="east", backtrackWindow=3600, **mysql)
    home = aws.global_cluster(stack)
    home.inputs = {"globalClusterIdentifier": "world", "sourceDbClusterIdentifier": arn_of()}
    assert verdict(stack, SOURCE_BACKTRACK) == "rejects made"
    assert east in stack.resources


@pytest.mark.parametrize(
    "arn", [arn_of("west"), arn_of(region="us-west-2"), "arn:aws:rds:us-east-1:1:db:east"]
)
def test_an_arn_of_another_name_region_or_kind_is_another_resource(arn: str) -> None:
    stack = Stack()
    source(stack, arn)
    assert verdict(stack, SOURCE_BACKTRACK).startswith("cannot tell")


def test_an_arn_of_another_account_is_another_resource() -> None:
    for accounts in (["999900001111"], '["999900001111"]'):
        stack = Stack()
        source(stack, arn_of())
        for made in stack.resources:
            made.provider = {"region": "us-east-1", "allowedAccountIds": accounts}
        assert verdict(stack, SOURCE_BACKTRACK) == "cannot tell world"
        for made in stack.resources:
            allowed = f"{accounts}".replace("999900001111", "111122223333")
            made.provider = {"region": "us-east-1", "allowedAccountIds": allowed}
        assert verdict(stack, SOURCE_BACKTRACK) == "rejects east"


def test_the_account_of_what_exists_is_that_of_its_own_arn() -> None:
    stack = Stack()
    east = source(stack, arn_of(account="999900001111"))
    assert verdict(stack, SOURCE_BACKTRACK, existing=[east]) == "cannot tell world"
    assert verdict(stack, SOURCE_BACKTRACK) == "rejects east"


def test_a_region_that_nothing_tells_leaves_it_open() -> None:
    stack = Stack(region=None)
    source(stack, arn_of())
    assert verdict(stack, SOURCE_BACKTRACK) == "cannot tell world"


def test_a_native_cluster_is_found_by_its_arn() -> None:
    stack = Stack()
    given = {"dbClusterIdentifier": "east", "engine": "aurora-mysql", "backtrackWindow": 3600}
    aws.native(stack, "rds:DbCluster", "made", given, named_by="dbClusterArn")
    aws.global_cluster(stack, sourceDbClusterIdentifier=arn_of())
    assert verdict(stack, SOURCE_BACKTRACK) == "rejects made"


def test_members_of_a_global_cluster_that_is_named_by_its_arn_are_its_members() -> None:
    stack = Stack()
    aws.global_cluster(stack)
    arn = "arn:aws:rds::111122223333:global-cluster:world"
    aws.cluster(stack, "east", arn, engineVersion="16.9")
    assert verdict(stack, MEMBERS) == "rejects east"


def test_a_subnet_that_exists_is_found_by_the_id_in_an_arn() -> None:
    stack = Stack()
    there = aws.subnet(stack, "there", aws.vpc(stack))
    arn = f"arn:aws:ec2:us-east-1:111122223333:subnet/{there.outputs['id']}"
    group = stack.add(
        "aws:rds/subnetGroup:SubnetGroup", "group", {"subnetIds": [arn]}, region="us-west-2"
    )
    made = [each for each in stack.resources if each is not group]
    [told] = [each for each in run(stack, existing=made) if each.policy == REGION]
    assert "subnet there" in told.message
    assert "arn:aws" not in told.message


def test_what_a_composed_arn_names_abroad_is_told_once() -> None:
    stack = Stack()
    key = "aws:kms/alias:Alias"
    there = stack.add(key, "there", {"name": "alias/app"}, region="eu-west-1")
    arn = Output("arn:aws:kms:eu-west-1:111122223333:alias/app", (there,))
    for said in (arn, arn.value):
        stack.resources = [there]
        aws.cluster(stack, "db", kmsKeyId=said, storageEncrypted=True)
        for options in ({"existing": [there]}, {"existing": [there], "shows_inputs": False}):
            told = [each for each in run(stack, **options) if each.policy == REGION]
            assert [each.resource for each in told] == ["db"]
            assert "alias there" in told[0].message.replace("KMS ", "")
            assert "arn:aws" not in told[0].message
