"""standby-database-source: what stands in for a database must be filled from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.rule import DOCUMENTATION
from policies.testing import UNKNOWN, Made, Output, Stack
from tests import aws
from tests.hiding import invented
from tests.support import findings, first_verdicts, run, verdict, verdicts

POLICY = "standby-database-source"
WEST = "us-west-2"
ABROAD = "arn:aws:rds:us-east-1:111122223333:cluster:orders-primary"


def cluster(stack: Stack, name: str, region: str, home: Made | None = None, **inputs: Any) -> Made:
    given: dict[str, Any] = {} if home is None else {"globalClusterIdentifier": home.id}
    given |= {"engine": "aurora-postgresql", "clusterIdentifier": name, **inputs}
    arn = f"arn:aws:rds:{region}:111122223333:cluster:{name}"
    computed = {"id": name, "arn": arn}
    return stack.add("aws:rds/cluster:Cluster", name, given, computed=computed, region=region)


def database(stack: Stack, name: str, region: str, **inputs: Any) -> Made:
    given = {"engine": "postgres", "identifier": name, **inputs}
    arn = f"arn:aws:rds:{region}:111122223333:db:{name}"
    computed = {"id": f"db-{name}", "arn": arn}
    return stack.add("aws:rds/instance:Instance", name, given, computed=computed, region=region)


def two_clusters(stack: Stack, **standby: Any) -> tuple[Made, Made]:
    primary = cluster(stack, "orders-primary", "us-east-1", masterUsername="orders")
    return primary, cluster(stack, "orders-dr", WEST, **standby)


def a_member_taken_out(stack: Stack) -> None:
    world = aws.global_cluster(stack)
    cluster(stack, "orders-primary", "us-east-1", world, masterUsername="orders")
    cluster(stack, "orders-dr", WEST)


def two_instances(stack: Stack) -> None:
    database(stack, "ordersPrimary", "us-east-1")
    database(stack, "ordersStandby", WEST)


def two_of(token: str, engine: str) -> Callable[[Stack], None]:
    def add(stack: Stack) -> None:
        for name, region in (("orders", "us-east-1"), ("orders-replica", WEST)):
            stack.add(token, name, {"engine": engine} if engine else {"tags": {}}, region=region)

    return add


@pytest.mark.parametrize(
    ("build", "rejected"),
    [
        (two_clusters, "orders-dr"),
        (a_member_taken_out, "orders-dr"),
        (two_instances, "ordersStandby"),
        (two_of("aws:docdb/cluster:Cluster", "docdb"), "orders-replica"),
        (two_of("aws:neptune/cluster:Cluster", "neptune"), "orders-replica"),
        (two_of("aws:dsql/cluster:Cluster", ""), "orders-replica"),
    ],
)
def test_a_standby_that_nothing_fills_is_told(build: Callable[[Stack], Any], rejected: str) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, POLICY) == {f"rejects {rejected}"}
    assert invented(stack, POLICY) == []


def test_a_cluster_of_aws_native_is_told() -> None:
    stack = Stack()
    for name, region in (("orders", "us-east-1"), ("orders-dr", WEST)):
        given = {"engine": "aurora-mysql", "dbClusterIdentifier": name}
        stack.add("aws-native:rds:DbCluster", name, given, region=region)
    assert first_verdicts(stack, POLICY) == {"rejects orders-dr"}
    stack.resources[-1].inputs = {**given, "globalClusterIdentifier": "world"}
    assert first_verdicts(stack, POLICY) == {"passes"}


def test_one_defect_is_told_once() -> None:
    stack = Stack()
    a_member_taken_out(stack)
    assert findings(stack) == {(POLICY, "orders-dr")}
    stack.resources.pop()
    stack.add("aws:kms/key:Key", "key", {}, region=WEST)
    assert findings(stack) == {("aurora-global-standby", "world")}


FILLED = {
    "a global database": {"globalClusterIdentifier": "world"},
    "one of another stack": {"globalClusterIdentifier": UNKNOWN},
    "a replica": {"replicationSourceIdentifier": ABROAD},
    "a snapshot": {"snapshotIdentifier": "orders-2026"},
    "a point in time": {"restoreToPointInTime": {"sourceClusterIdentifier": ABROAD}},
    "a backup in a bucket": {"s3Import": {"bucketName": "orders"}},
}


@pytest.mark.parametrize("filled", FILLED.values(), ids=FILLED)
def test_a_standby_that_says_what_it_is_filled_from_passes(filled: dict[str, Any]) -> None:
    stack = Stack()
    two_clusters(stack, **filled)
    assert first_verdicts(stack, POLICY) == {"passes"}
    assert invented(stack, POLICY) == []


def test_a_member_and_a_read_replica_pass() -> None:
    stack = Stack()
    world = aws.global_cluster(stack)
    cluster(stack, "orders-primary", "us-east-1", world, masterUsername="orders")
    cluster(stack, "orders-dr", WEST, world)
    main = database(stack, "users", "us-east-1")
    database(stack, "users-replica", WEST, replicateSourceDb=main.output("arn"))
    assert verdicts(stack, POLICY) == {"passes"}
    assert invented(stack, POLICY) == []


def test_where_the_original_has_its_copy_elsewhere_the_standby_is_something_else() -> None:
    stack = Stack()
    main = database(stack, "users", "us-east-1")
    database(stack, "users-copy", WEST, replicateSourceDb=main.output("arn"))
    database(stack, "users-dr", WEST)
    assert verdicts(stack, POLICY) == {"passes"}
    assert invented(stack, POLICY) == []


def test_a_standby_with_copies_of_its_own_is_an_original() -> None:
    config = {POLICY: {"primary": "us-east-1"}}
    stack = Stack()
    database(stack, "users", "us-east-1")
    main = database(stack, "users-dr", WEST)
    assert verdict(stack, POLICY, config=config) == "rejects users-dr"
    database(stack, "audit", "eu-west-1", replicateSourceDb=main.output("arn"))
    assert verdict(stack, POLICY, config=config) == "passes"


FILLERS = [
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
    "aws:rds/snapshotCopy:SnapshotCopy",
    "aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy",
    "aws:rds/integration:Integration",
    "aws:dms/replicationConfig:ReplicationConfig",
    "aws:dms/replicationTask:ReplicationTask",
]


@pytest.mark.parametrize("token", FILLERS)
def test_what_a_service_may_fill_passes(token: str) -> None:
    stack = Stack()
    two_clusters(stack)
    stack.add(token, "filler", {"any": "thing"}, region=WEST)
    assert first_verdicts(stack, POLICY) == {"passes"}


@pytest.mark.parametrize(
    ("region", "is_listed", "expected"),
    [
        (WEST, True, "passes"),
        (WEST, False, "cannot tell orders-dr"),
        ("eu-west-1", True, "rejects orders-dr"),
    ],
)
def test_backups_that_reach_its_region_may_fill_it(
    region: str, is_listed: bool, expected: str
) -> None:
    stack = Stack()
    primary, _ = two_clusters(stack)
    vault = f"arn:aws:backup:{region}:111122223333:backup-vault:west"
    rules = [{"ruleName": "daily", "copyActions": [{"destinationVaultArn": vault}]}]
    plan = stack.add("aws:backup/plan:Plan", "plan", {"name": "plan", "rules": rules})
    tags = [{"type": "STRINGEQUALS", "key": "backup", "value": "yes"}]
    selected = {"resources": [primary.output("arn")]} if is_listed else {"selectionTags": tags}
    given = {"planId": plan.id, "name": "all", **selected}
    stack.add("aws:backup/selection:Selection", "all", given)
    assert first_verdicts(stack, POLICY) == {expected}
    assert invented(stack, POLICY) == []


@pytest.mark.parametrize(
    "names",
    [
        ("app-us-east-1", "app-us-west-2"),
        ("appUsEast1", "appUsWest2"),
        ("orders", "users-dr"),
        ("orders-dr", "orders-standby"),
        ("orders-source", "orders-target"),
        ("orders-blue", "orders-green"),
    ],
)
def test_names_that_tell_no_standby_pass(names: tuple[str, str]) -> None:
    """Regions may each keep the data of their own people."""
    stack = Stack()
    for name, region in zip(names, ("us-east-1", WEST), strict=True):
        cluster(stack, name, region)
    assert verdicts(stack, POLICY) == {"passes"}


def test_regions_that_the_user_sets_stand_in_for_each_other() -> None:
    stack = Stack()
    cluster(stack, "app-us-east-1", "us-east-1")
    cluster(stack, "app-us-west-2", WEST)
    for said in ({"primary": "us-east-1"}, {"primary": WEST}, {"regions": ["us-east-1", WEST]}):
        rejected = {name for policy, name in findings(stack, config={POLICY: said})}
        lost = said.get("primary")
        expected = {"us-east-1": {"app-us-west-2"}, WEST: {"app-us-east-1"}}
        assert rejected == expected.get(str(lost), {"app-us-east-1", "app-us-west-2"})
    assert findings(stack, config={POLICY: {"regions": ["eu-west-1", WEST]}}) == set()


def failover_pair(stack: Stack, secondary: Any = WEST, name: str = "www") -> None:
    zone = aws.zone(stack, "zone", "shop.acme.com")
    for role, region in (("PRIMARY", "us-east-1"), ("SECONDARY", secondary)):
        balancer = stack.add(
            "aws:lb/loadBalancer:LoadBalancer",
            f"web-{role}",
            {"internal": False},
            computed={"dnsName": f"web.{region}.elb.amazonaws.com", "zoneId": "Z1"},
            region=region,
        )
        alias = {"name": balancer.output("dnsName"), "zoneId": balancer.output("zoneId")}
        given = {
            "zoneId": zone.id,
            "name": "www" if role == "PRIMARY" else name,
            "type": "A",
            "setIdentifier": role,
            "failoverRoutingPolicies": [{"type": role}],
            "aliases": [{**alias, "evaluateTargetHealth": True}],
        }
        stack.add("aws:route53/record:Record", f"www-{role}", given)


def test_failover_records_tell_which_region_takes_over() -> None:
    stack = Stack()
    cluster(stack, "app-us-east-1", "us-east-1")
    cluster(stack, "app-us-west-2", WEST)
    assert verdicts(stack, POLICY) == {"passes"}
    failover_pair(stack)
    assert verdicts(stack, POLICY) == {"rejects app-us-west-2"}
    assert invented(stack, POLICY) == []
    [found] = [each for each in run(stack) if each.policy == POLICY]
    assert "by its name and the failover records that lead there" in found.message


def test_other_failover_records_tell_nothing() -> None:
    for given in ({"secondary": "eu-west-1"}, {"secondary": "us-east-1"}, {"name": "api"}):
        stack = Stack()
        cluster(stack, "app-us-east-1", "us-east-1")
        cluster(stack, "app-us-west-2", WEST)
        failover_pair(stack, **given)
        assert verdicts(stack, POLICY) == {"passes"}
        assert invented(stack, POLICY) == []


def test_in_one_region_nothing_stands_in() -> None:
    stack = Stack()
    cluster(stack, "orders-primary", "us-east-1")
    cluster(stack, "orders-dr", "us-east-1")
    assert verdicts(stack, POLICY) == {"passes"}


def test_of_several_that_are_called_alike_nothing_tells_which_is_meant() -> None:
    stack = Stack()
    two_clusters(stack)
    cluster(stack, "orders-main", "us-east-1")
    assert verdicts(stack, POLICY) == {"passes"}
    assert invented(stack, POLICY) == []


def test_another_engine_is_no_copy() -> None:
    stack = Stack()
    two_clusters(stack, engine="aurora-mysql")
    assert verdicts(stack, POLICY) == {"passes"}
    assert invented(stack, POLICY) == []


@pytest.mark.parametrize(
    "parameters", [[{"name": "rds.logical_replication", "value": "1"}], UNKNOWN]
)
def test_databases_that_may_replicate_by_themselves_cannot_be_told(parameters: Any) -> None:
    stack = Stack()
    group = stack.add(
        "aws:rds/clusterParameterGroup:ClusterParameterGroup",
        "logical",
        {"name": "logical", "family": "aurora-postgresql16", "parameters": parameters},
    )
    cluster(stack, "orders", "us-east-1", dbClusterParameterGroupName=group.output("name"))
    cluster(stack, "orders-dr", WEST)
    assert first_verdicts(stack, POLICY) == {"cannot tell orders-dr"}
    assert invented(stack, POLICY) == []
    stack.resources[1].inputs = {
        **stack.resources[1].inputs,
        "dbClusterParameterGroupName": "logical",
    }
    assert first_verdicts(stack, POLICY) == {"cannot tell orders-dr"}
    assert invented(stack, POLICY) == []


def test_a_global_database_that_is_made_from_an_unknown_cluster_cannot_be_told() -> None:
    stack = Stack()
    two_clusters(stack)
    aws.global_cluster(stack, sourceDbClusterIdentifier=UNKNOWN)
    cluster(stack, "reports", WEST, globalClusterIdentifier=Output("world"))
    assert first_verdicts(stack, POLICY) == {"cannot tell orders-dr"}


def test_a_standby_of_which_nothing_is_known_cannot_be_told() -> None:
    stack = Stack()
    cluster(stack, "orders", "us-east-1")
    stack.add("aws:rds/cluster:Cluster", "orders-dr", {}, computed={"id": "x"}, region=WEST)
    assert verdict(stack, POLICY) == "rejects orders-dr"
    stack.resources[-1].outputs = {}
    assert verdict(stack, POLICY) == "cannot tell orders-dr"


def test_a_standby_that_loses_its_source_in_this_update_cannot_be_told() -> None:
    """It may be promoted on purpose, after a failover; of what exists, doubts are not said."""
    stack = Stack()
    database(stack, "orders", "us-east-1")
    standby = database(stack, "orders-dr", WEST)
    for shown, expected in (("orders", "passes"), ("", "rejects orders-dr")):
        standby.outputs["replicateSourceDb"] = shown
        assert verdict(stack, POLICY, deployed=True) == expected


@pytest.mark.parametrize("value", [None, [], 7, {"a": 1}, "", True])
def test_malformed_properties_neither_raise_nor_invent(value: Any) -> None:
    for name in ("globalClusterIdentifier", "engine", "dbClusterParameterGroupName", "s3Import"):
        stack = Stack()
        two_clusters(stack, **{name: value})
        assert verdict(stack, POLICY) in {"rejects orders-dr", "cannot tell orders-dr", "passes"}


def test_the_message_in_full() -> None:
    stack = Stack()
    a_member_taken_out(stack)
    [found] = [each for each in run(stack) if each.policy == POLICY]
    assert found.level == "advisory"
    assert found.message == (
        "A database that stands in for one in another region should be filled from it.\n"
        "Cluster orders-dr in us-west-2 stands in for cluster orders-primary in us-east-1 by its "
        "name, and nothing fills it:\n"
        "  cluster orders-primary (us-east-1) -> globalClusterIdentifier -> global cluster world\n"
        "  cluster orders-dr (us-west-2) -> none of globalClusterIdentifier, "
        "replicationSourceIdentifier, snapshotIdentifier, restoreToPointInTime, s3Import\n"
        "AWS: copies nothing between the two: what is written in us-east-1 never reaches "
        "us-west-2, and is lost with us-east-1.\n"
        "Fix: Set globalClusterIdentifier of cluster orders-dr to the global database of cluster "
        "orders-primary. If the application copies the data itself, exempt the database.\n"
        f"More: {DOCUMENTATION}/standby-database-source.md"
    )
