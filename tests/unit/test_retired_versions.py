"""engine-version-retired and engine-version-ending, through the SDK."""

from __future__ import annotations

from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Secret, Stack
from tests import aws
from tests.support import findings, run, verdict, verdicts

RETIRED = "engine-version-retired"
ENDING = "engine-version-ending"
CREDENTIALS: dict[str, Any] = {
    "masterUsername": "root_of_all",
    "masterPassword": Secret("long-enough"),
}


def instance(stack: Stack, engine: Any, version: Any, **said: Any) -> Made:
    inputs = {"instanceClass": "db.m6g.large", "engine": engine, "engineVersion": version, **said}
    given = {name: value for name, value in inputs.items() if value is not None}
    return stack.add("aws:rds/instance:Instance", "orders", given)


def cluster(stack: Stack, engine: Any, version: Any, **said: Any) -> Made:
    inputs = {**CREDENTIALS, "engine": engine, "engineVersion": version, **said}
    return aws.cluster(stack, "orders", **inputs)


# --- engine-version-retired ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("engine", "version", "expected"),
    [
        ("postgres", "15.4", "rejects orders"),
        ("postgres", "15.12", "rejects orders"),
        ("Postgres", " 15.12 ", "rejects orders"),
        ("mysql", "8.0.39", "rejects orders"),
        ("mysql", "5.7.44", "rejects orders"),
        ("mysql", "5.7.44-rds.20260902", "passes"),
        ("postgres", "15.13", "passes"),
        ("postgres", "15", "passes"),
        ("mysql", "8.0", "passes"),
        ("postgres", "15.99", "passes"),
        ("postgres", "15.4-beta", "passes"),
        ("postgres", UNKNOWN, "passes"),
        (UNKNOWN, "15.4", "passes"),
        ("mariadb", "10.3.1", "passes"),
        ("oracle-ee", "12.1", "passes"),
        (None, None, "passes"),
        ("postgres", [], "passes"),
        ("postgres", 15.4, "passes"),
    ],
)
def test_new_instances_and_multi_az_clusters_by_the_list_of_rds(
    engine: Any, version: Any, expected: str
) -> None:
    for make in (instance, cluster):
        stack = Stack()
        make(stack, engine, version)
        assert verdicts(stack, RETIRED) == {expected}


@pytest.mark.parametrize(
    "origin",
    [
        {"replicateSourceDb": "orders-primary"},
        {"snapshotIdentifier": "nightly"},
        {"snapshotIdentifier": UNKNOWN},
        {"restoreToPointInTime": {"sourceDbInstanceIdentifier": "orders-primary"}},
        {"s3Import": {"bucketName": "dumps"}},
    ],
)
def test_what_is_restored_or_replicated_brings_its_version(origin: dict[str, Any]) -> None:
    stack = Stack()
    instance(stack, "postgres", "15.4", **origin)
    assert findings(stack) == set()
    if "replicateSourceDb" not in origin:
        stack = Stack()
        cluster(stack, "aurora-postgresql", "15.4", **origin)
        assert findings(stack) == set()


@pytest.mark.parametrize("version", ["15.7", "15.8"])
def test_what_the_failure_list_protects_is_advice(version: str) -> None:
    stack = Stack()
    cluster(stack, "aurora-postgresql", version)
    assert findings(stack) == {(ENDING, "orders")}


def test_it_protects_aurora_alone() -> None:
    stack = Stack()
    instance(stack, "postgres", "15.7")
    assert findings(stack) == {(RETIRED, "orders")}


def test_a_native_instance_without_a_cluster_is_a_database_of_its_own() -> None:
    said = {"engine": "postgres", "engineVersion": "15.4"}
    for more, expected in (({}, "rejects orders"), ({"dbClusterIdentifier": "a"}, "passes")):
        stack = Stack()
        given = {**said, **more}
        aws.native(stack, "rds:DbInstance", "orders", given, named_by="dbInstanceArn")
        assert verdict(stack, RETIRED) == expected


def test_a_new_global_database_is_rejected_as_a_whole_and_told_in_full_once() -> None:
    stack = Stack()
    home = aws.global_cluster(stack, engineVersion="16.4")
    cluster_of(stack, home, "16.4")
    assert findings(stack) == {(RETIRED, "orders"), (RETIRED, "world")}
    messages = [each.message for each in run(stack) if each.policy == RETIRED]
    assert sum("Use 16.8" in each for each in messages) == 1


def cluster_of(stack: Stack, home: Made | str, version: str) -> Made:
    return aws.cluster(stack, "orders", home, **{**CREDENTIALS, "engineVersion": version})


def test_a_member_of_a_global_database_that_exists_must_have_its_version() -> None:
    stack = Stack()
    home = aws.global_cluster(stack, engineVersion="16.4")
    cluster_of(stack, home, "16.4")
    assert findings(stack, existing=[home]) == {(ENDING, "world")}
    stack = Stack()
    cluster_of(stack, "elsewhere", "16.4")
    assert findings(stack) == {(ENDING, "orders")}


def test_the_message_says_what_aws_answers_and_what_to_use() -> None:
    stack = Stack()
    instance(stack, "postgres", "15.4")
    [found] = run(stack)
    assert found.level == "mandatory"
    assert "orders asks for postgres 15.4, which AWS no longer creates." in found.message
    assert "CreateDBInstance answers InvalidParameterCombination: Cannot find" in found.message
    assert "Use 15.19." in found.message


# --- engine-version-ending -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "actual", "expected"),
    [
        ("15.4", None, "rejects orders"),
        ("15.4", "15.4", "rejects orders"),
        ("15.4", "15.13", "passes"),
        ("15.13", "15.4", "rejects orders"),
        (None, "15.4", "rejects orders"),
        (None, None, "passes"),
        ("15", None, "passes"),
    ],
)
def test_an_existing_database_is_judged_by_the_version_that_it_has(
    declared: str | None, actual: str | None, expected: str
) -> None:
    stack = Stack()
    made = instance(stack, "postgres", declared)
    if actual is not None:
        made.outputs["engineVersionActual"] = actual
    assert verdict(stack, ENDING, deployed=True) == expected
    assert verdict(stack, RETIRED, deployed=True) == "passes"


@pytest.mark.parametrize("deployed", [False, True])
@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("14.18", "rejects orders"),
        ("14.6", "rejects orders"),
        ("15.10", "passes"),
        ("16.8", "passes"),
        ("17.7", "passes"),
        ("99.1", "passes"),
        (UNKNOWN, "passes"),
        ({}, "passes"),
    ],
)
def test_support_that_ends_within_a_year_of_the_data(
    version: Any, expected: str, deployed: bool
) -> None:
    stack = Stack()
    cluster(stack, "aurora-postgresql", version)
    assert verdict(stack, ENDING, deployed=deployed) == expected


@pytest.mark.parametrize("deployed", [False, True])
def test_a_global_database_is_told_once(deployed: bool) -> None:
    stack = Stack()
    home = aws.global_cluster(stack, engineVersion="14.18")
    cluster_of(stack, home, "14.18")
    assert verdict(stack, ENDING, deployed=deployed) == "rejects world"


@pytest.mark.parametrize(
    ("engine", "version", "fix"),
    [
        ("aurora-postgresql", "16.11", "Upgrade to 16.15."),
        ("aurora-postgresql", "16.4", "Upgrade to 16.8 (long-term support until 2029-02-28) or "),
        ("aurora-postgresql", "15.13", "Upgrade to 15.19."),
        ("aurora-mysql", "8.0.mysql_aurora.3.11.0", "Upgrade to 8.0.mysql_aurora.3.13.0."),
        # The long-term support version of the next major is older than this one.
        ("aurora-postgresql", "13.15", "Upgrade to 13.23 (paid Extended Support) or 14.24."),
    ],
)
def test_what_exists_is_not_told_to_go_back(engine: str, version: str, fix: str) -> None:
    stack = Stack()
    cluster(stack, engine, version)
    [message] = [each.message for each in run(stack, deployed=True) if each.policy == ENDING]
    assert f"Fix: {fix}" in message


@pytest.mark.parametrize(
    ("given", "fix"),
    [
        ({"globalClusterIdentifier": "world"}, "Upgrade to 16.15."),
        ({}, "Upgrade to 16.8 (long-term support until 2029-02-28) or 16.15."),
    ],
)
def test_a_new_member_of_what_exists_is_not_told_to_go_back(
    given: dict[str, Any], fix: str
) -> None:
    stack = Stack()
    cluster(stack, "aurora-postgresql", "16.11", **given)
    [message] = [each.message for each in run(stack) if each.policy == ENDING]
    assert f"Fix: {fix}" in message


def test_the_message_about_what_exists_speaks_of_the_rebuild() -> None:
    stack = Stack()
    cluster(stack, "aurora-postgresql", "15.4")
    [message] = [each.message for each in run(stack, deployed=True)]
    assert "AWS: keeps it running, but a lost region cannot be rebuilt with this version" in message
    assert "Upgrade to 15.10" in message
