"""Where stores have copies: what states them, and what is only possible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.model.answers import Answer, CannotTell, No, Yes
from policies.model.takeover.copies import Copies
from policies.model.takeover.stated_copies import Copy, How
from policies.testing import UNKNOWN, Made, Output, Stack
from tests.hiding import hidings
from tests.models import model_of, named

EAST, WEST, THIRD = "us-east-1", "us-west-2", "eu-west-1"
TABLE = "aws:dynamodb/table:Table"
SECRET = "aws:secretsmanager/secret:Secret"
BUCKET = "aws:s3/bucket:Bucket"
INSTANCE = "aws:rds/instance:Instance"
CLUSTER = "aws:rds/cluster:Cluster"

Build = Callable[[Stack], None]


def add(stack: Stack, token: str, called: str, region: str = EAST, /, **inputs: Any) -> Made:
    arn = {"arn": f"arn:aws:any:{region}:111122223333:{called}"}
    return stack.add(token, called, {"tags": {}, **inputs}, computed=arn, region=region)


def said(answer: Answer) -> str:
    return {Yes: "yes", No: "no", CannotTell: "cannot tell"}[type(answer)]


def of(stack: Stack, deployed: bool = False) -> tuple[Copies, Any]:
    model = model_of(stack, deployed=deployed)
    return model.takeover.copies, lambda name: named(model, name)


def table(stack: Stack, replicas: Any = ({"regionName": WEST},)) -> None:
    add(stack, TABLE, "store", name="store", replicas=list(replicas))


def table_replica(stack: Stack) -> None:
    home = add(stack, TABLE, "store", name="store")
    token = "aws:dynamodb/tableReplica:TableReplica"
    add(stack, token, "replica", WEST, globalTableArn=home.output("arn"))


def global_table(stack: Stack) -> None:
    add(stack, TABLE, "store", name="orders")
    add(stack, TABLE, "other", name="users")
    replicas = [{"regionName": EAST}, {"regionName": WEST}]
    add(stack, "aws:dynamodb/globalTable:GlobalTable", "joint", name="orders", replicas=replicas)


def native_global_table(stack: Stack) -> None:
    replicas = [{"region": EAST}, {"region": WEST}]
    add(stack, "aws-native:dynamodb:GlobalTable", "store", replicas=replicas)


def secret(stack: Stack) -> None:
    add(stack, SECRET, "store", name="store", replicas=[{"region": WEST}])


def native_secret(stack: Stack) -> None:
    given: dict[str, Any] = {"replicaRegions": [{"region": WEST}]}
    add(stack, "aws-native:secretsmanager:Secret", "store", **given)


def images(stack: Stack) -> None:
    add(stack, "aws:ecr/repository:Repository", "store", name="shop/api")
    add(stack, "aws:ecr/repository:Repository", "other", name="tools/ci")
    filters = [{"filter": "shop/", "filterType": "PREFIX_MATCH"}]
    rules = [{"destinations": [{"region": WEST}], "repositoryFilters": filters}]
    token = "aws:ecr/replicationConfiguration:ReplicationConfiguration"
    add(stack, token, "registry", replicationConfiguration={"rules": rules})


def multi_region_key(stack: Stack) -> None:
    home = add(stack, "aws:kms/key:Key", "store", multiRegion=True)
    add(stack, "aws:kms/replicaKey:ReplicaKey", "replica", WEST, primaryKeyArn=home.output("arn"))


def named_by_a_literal(stack: Stack) -> None:
    add(stack, INSTANCE, "store", identifier="store")
    arn = "arn:aws:rds:us-east-1:111122223333:db:store"
    add(stack, INSTANCE, "copy", WEST, replicateSourceDb=arn)


def members_named_by_literals(stack: Stack) -> None:
    token = "aws:rds/globalCluster:GlobalCluster"
    arn = "arn:aws:rds:us-east-1:111122223333:cluster:store"
    given = {"globalClusterIdentifier": "world", "sourceDbClusterIdentifier": arn}
    add(stack, token, "world", **given)
    add(stack, CLUSTER, "store", clusterIdentifier="store")
    add(stack, CLUSTER, "copy", WEST, globalClusterIdentifier="world")


KEEP_THEIR_NAMES: list[Build] = [
    table,
    table_replica,
    global_table,
    native_global_table,
    secret,
    native_secret,
    images,
    multi_region_key,
]


def bucket(stack: Stack, **rule: Any) -> None:
    home = add(stack, BUCKET, "store")
    copy = add(stack, BUCKET, "copy", WEST)
    rules = [{"status": "Enabled", "destination": {"bucket": copy.output("arn")}, **rule}]
    token = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
    add(stack, token, "replication", bucket=home.id, rules=rules)


def bucket_with_a_block(stack: Stack) -> None:
    copy = add(stack, BUCKET, "copy", WEST)
    rules = [{"status": "Enabled", "destination": {"bucket": copy.output("arn")}}]
    add(stack, BUCKET, "store", replicationConfiguration={"rules": rules})


def read_replica(stack: Stack) -> None:
    home = add(stack, INSTANCE, "store")
    add(stack, INSTANCE, "copy", WEST, replicateSourceDb=home.output("arn"))


def replica_of_a_cluster(stack: Stack) -> None:
    home = add(stack, CLUSTER, "store")
    add(stack, CLUSTER, "copy", WEST, replicationSourceIdentifier=home.output("arn"))


def members(service: str, name: str = "globalClusterIdentifier") -> Build:
    def build(stack: Stack) -> None:
        world = add(stack, f"aws:{service}/globalCluster:GlobalCluster", "world")
        for each, region in (("store", EAST), ("copy", WEST)):
            add(stack, f"aws:{service}/cluster:Cluster", each, region, **{name: world.id})

    build.__name__ = f"members_of_{service}"
    return build


def member_and_source(stack: Stack) -> None:
    home = add(stack, CLUSTER, "store")
    token = "aws:rds/globalCluster:GlobalCluster"
    world = add(stack, token, "world", sourceDbClusterIdentifier=home.output("arn"))
    add(stack, CLUSTER, "copy", WEST, globalClusterIdentifier=world.id)


def global_datastore(stack: Stack) -> None:
    group = "aws:elasticache/replicationGroup:ReplicationGroup"
    home = add(stack, group, "store")
    token = "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup"
    world = add(stack, token, "world", primaryReplicationGroupId=home.id)
    add(stack, group, "copy", WEST, globalReplicationGroupId=world.id)


def dsql_cluster(stack: Stack, called: str, region: str, **inputs: Any) -> Made:
    made = add(stack, "aws:dsql/cluster:Cluster", called, region, **inputs)
    made.outputs["identifier"] = f"{called}4foabcd"
    return made


def peered_clusters(stack: Stack) -> None:
    home, copy = dsql_cluster(stack, "store", EAST), dsql_cluster(stack, "copy", WEST)
    given: dict[str, Any] = {
        "identifier": home.output("identifier"),
        "clusters": [copy.output("arn")],
    }
    add(stack, "aws:dsql/clusterPeering:ClusterPeering", "peering", **given)


def clusters_that_say_their_peers(stack: Stack) -> None:
    copy = dsql_cluster(stack, "copy", WEST)
    properties = {"witnessRegion": "us-east-2", "clusters": [copy.output("arn")]}
    dsql_cluster(stack, "store", EAST, multiRegionProperties=properties)


def multi_region_cluster(stack: Stack) -> None:
    world = add(stack, "aws:memorydb/multiRegionCluster:MultiRegionCluster", "world")
    world.outputs["multiRegionClusterName"] = "abcd-world"
    given = {"multiRegionClusterName": world.output("multiRegionClusterName")}
    add(stack, "aws:memorydb/cluster:Cluster", "store", EAST, **given)
    add(stack, "aws:memorydb/cluster:Cluster", "copy", WEST, **given)


def file_system(stack: Stack, **destination: Any) -> None:
    home = add(stack, "aws:efs/fileSystem:FileSystem", "store")
    token = "aws:efs/replicationConfiguration:ReplicationConfiguration"
    given: Any = destination or {"region": WEST}
    add(stack, token, "replication", sourceFileSystemId=home.id, destination=given)


def file_system_in_a_zone(stack: Stack) -> None:
    file_system(stack, availabilityZoneName=f"{WEST}a")


def file_system_that_is_there(stack: Stack) -> None:
    copy = add(stack, "aws:efs/fileSystem:FileSystem", "copy", WEST)
    file_system(stack, fileSystemId=copy.id)


HAVE_NAMES_OF_THEIR_OWN: list[Build] = [
    bucket,
    bucket_with_a_block,
    read_replica,
    replica_of_a_cluster,
    named_by_a_literal,
    members_named_by_literals,
    members("rds"),
    members("docdb"),
    members("neptune"),
    member_and_source,
    global_datastore,
    peered_clusters,
    clusters_that_say_their_peers,
    multi_region_cluster,
    file_system,
    file_system_in_a_zone,
    file_system_that_is_there,
]


WITHOUT_A_PRIMARY = [
    *HAVE_NAMES_OF_THEIR_OWN[6:9],
    peered_clusters,
    clusters_that_say_their_peers,
    multi_region_cluster,
]


@pytest.mark.parametrize("deployed", [False, True])
@pytest.mark.parametrize("build", [*KEEP_THEIR_NAMES, *HAVE_NAMES_OF_THEIR_OWN])
def test_a_copy_is_where_it_is_stated_and_nowhere_else(build: Build, deployed: bool) -> None:
    stack = Stack(region=EAST)
    build(stack)
    copies, of_name = of(stack, deployed)
    store = of_name("store")
    assert said(copies.has_copy(store, WEST)) == "yes"
    assert said(copies.has_copy(store, THIRD)) == "no"
    assert said(copies.survives(store, EAST)) == "yes"
    assert said(copies.has_backup(store, WEST)) == "no"
    keeps = "yes" if build in KEEP_THEIR_NAMES else "no"
    assert said(copies.has_named_copy(store, WEST)) == keeps
    others = [each for each in ("other",) if build in (global_table, images)]
    assert all(said(copies.survives(of_name(each), EAST)) == "no" for each in others)


@pytest.mark.parametrize("build", [*KEEP_THEIR_NAMES, *HAVE_NAMES_OF_THEIR_OWN])
def test_a_copy_is_one_arrow_from_the_original(build: Build) -> None:
    stack = Stack(region=EAST)
    build(stack)
    copies, of_name = of(stack)
    [edge] = [each for each in copies.edges() if each.region != each.original.region]
    ends = {edge.original.name, _name(edge)}
    assert ends <= {"store", "copy", "replica", None}
    assert "store" in ends
    if build not in WITHOUT_A_PRIMARY:
        assert edge.original is of_name("store")
    assert edge.how is How.LIVE


def test_the_arrows_of_a_global_database_come_from_its_primary() -> None:
    stack = Stack(region=EAST)
    world = add(stack, "aws:rds/globalCluster:GlobalCluster", "world")
    given: dict[str, Any] = {"globalClusterIdentifier": world.id}
    add(stack, CLUSTER, "a", WEST, **given)
    add(stack, CLUSTER, "b", EAST, masterUsername="orders", **given)
    add(stack, CLUSTER, "c", THIRD, **given)
    copies, _ = of(stack)
    assert [(each.original.name, _name(each)) for each in copies.edges()] == [
        ("b", "a"),
        ("b", "c"),
    ]


def _name(copy: Copy) -> str | None:
    return copy.resource.name if copy.resource is not None else None


@pytest.mark.parametrize(
    "build",
    [
        lambda stack: table(stack, [{"regionName": UNKNOWN}]),
        lambda stack: add(stack, TABLE, "store", replicas=UNKNOWN),
        lambda stack: (
            add(stack, TABLE, "store"),
            add(stack, "aws:dynamodb/tableReplica:TableReplica", "x", WEST, globalTableArn=UNKNOWN),
        ),
        lambda stack: bucket(stack, status=UNKNOWN),
        lambda stack: bucket(stack, destination={"bucket": "arn:aws:s3:::elsewhere"}),
        lambda stack: (
            add(stack, INSTANCE, "store"),
            add(stack, INSTANCE, "x", WEST, replicateSourceDb=UNKNOWN),
        ),
        lambda stack: (
            add(stack, CLUSTER, "store", globalClusterIdentifier="world"),
            add(stack, CLUSTER, "x", WEST, globalClusterIdentifier=UNKNOWN),
        ),
        lambda stack: add(stack, "aws:opensearch/domain:Domain", "store"),
    ],
)
def test_what_is_not_known_is_possible(build: Any) -> None:
    stack = Stack(region=EAST)
    build(stack)
    copies, of_name = of(stack)
    assert said(copies.survives(of_name("store"), EAST)) == "cannot tell"
    assert not [each for each in copies.edges() if each.original.name == "store"]


def test_a_rule_that_is_off_copies_nothing() -> None:
    stack = Stack(region=EAST)
    bucket(stack, status="Disabled")
    copies, of_name = of(stack)
    assert said(copies.survives(of_name("store"), EAST)) == "no"


@pytest.mark.parametrize("token", ["aws:ssm/parameter:Parameter", "aws:sqs/queue:Queue"])
def test_of_what_aws_never_copies_there_is_none(token: str) -> None:
    stack = Stack(region=EAST)
    add(stack, token, "store")
    copies, of_name = of(stack)
    assert said(copies.survives(of_name("store"), EAST)) == "no"


def test_a_replica_that_this_update_ends_is_none() -> None:
    stack = Stack(region=EAST)
    add(stack, INSTANCE, "store", identifier="store")
    add(stack, INSTANCE, "copy", WEST).outputs["replicateSourceDb"] = "store"
    copies, of_name = of(stack, deployed=True)
    assert said(copies.survives(of_name("store"), EAST)) == "no"


# --- backups -------------------------------------------------------------------------------------


def plan(stack: Stack, vault: Any, **selection: Any) -> None:
    actions = [{"destinationVaultArn": vault}]
    rules = [{"ruleName": "daily", "copyActions": actions}]
    home = add(stack, "aws:backup/plan:Plan", "plan", rules=rules)
    add(stack, "aws:backup/selection:Selection", "selection", planId=home.id, **selection)


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ("by its ARN", "yes"),
        ("by a pattern", "cannot tell"),
        ("by tags", "cannot tell"),
        ("something else", "no"),
    ],
)
def test_a_backup_that_leaves_the_region_is_no_copy(selection: str, expected: str) -> None:
    stack = Stack(region=EAST)
    store, other = add(stack, TABLE, "store"), add(stack, TABLE, "other")
    vault = add(stack, "aws:backup/vault:Vault", "vault", WEST)
    selections: dict[str, dict[str, Any]] = {
        "by its ARN": {"resources": [store.output("arn")]},
        "by a pattern": {"resources": ["arn:aws:dynamodb:*:*:table/*"]},
        "by tags": {"selectionTags": [{"type": "STRINGEQUALS", "key": "a", "value": "b"}]},
        "something else": {"resources": [other.output("arn")]},
    }
    plan(stack, vault.output("arn"), **selections[selection])
    copies, of_name = of(stack)
    assert said(copies.has_backup(of_name("store"), WEST)) == expected
    assert said(copies.has_copy(of_name("store"), WEST)) == "no"


def test_copies_of_the_backups_of_databases() -> None:
    stack = Stack(region=EAST)
    home = add(stack, INSTANCE, "store")
    token = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
    add(stack, token, "backups", WEST, sourceDbInstanceArn=home.output("arn"))
    snapshot = add(stack, "aws:rds/snapshot:Snapshot", "snapshot", dbInstanceIdentifier=home.id)
    given: dict[str, Any] = {"sourceDbSnapshotIdentifier": snapshot.id, "destinationRegion": THIRD}
    add(stack, "aws:rds/snapshotCopy:SnapshotCopy", "copied", **given)
    copies, of_name = of(stack)
    for region, expected in ((WEST, "yes"), (THIRD, "yes"), ("sa-east-1", "no")):
        assert said(copies.has_backup(of_name("store"), region)) == expected
    assert {each.label for each in copies.edges()} == {f"backup in {WEST}", f"backup in {THIRD}"}


# --- knowing less --------------------------------------------------------------------------------


@pytest.mark.parametrize("build", [*KEEP_THEIR_NAMES, *HAVE_NAMES_OF_THEIR_OWN])
def test_to_know_less_turns_no_answer_round(build: Build) -> None:
    stack = Stack(region=EAST)
    build(stack)
    seen, of_name = of(stack)
    before = {
        (name, region): said(seen.has_copy(of_name(name), region))
        for name in [each.name for each in stack.resources]
        for region in (EAST, WEST, THIRD)
    }
    for hidden in hidings(stack):
        copies, of_name = of(stack)
        for (name, region), answer in before.items():
            now = said(copies.has_copy(of_name(name), region))
            assert now in (answer, "cannot tell"), f"{hidden}: {name} in {region}"


@pytest.mark.parametrize("value", [None, [], 7, {"a": 1}, "", True, [None], [7], [[]]])
def test_malformed_properties_do_not_raise(value: Any) -> None:
    for token, name in (
        (TABLE, "replicas"),
        (SECRET, "replicas"),
        (BUCKET, "replicationConfiguration"),
        (INSTANCE, "replicateSourceDb"),
        (CLUSTER, "globalClusterIdentifier"),
        ("aws:dynamodb/globalTable:GlobalTable", "replicas"),
        ("aws:ecr/replicationConfiguration:ReplicationConfiguration", "replicationConfiguration"),
        ("aws:efs/replicationConfiguration:ReplicationConfiguration", "destination"),
        ("aws:dsql/clusterPeering:ClusterPeering", "clusters"),
        ("aws:dsql/cluster:Cluster", "multiRegionProperties"),
        ("aws:backup/plan:Plan", "rules"),
        ("aws:backup/selection:Selection", "resources"),
    ):
        stack = Stack(region=EAST)
        add(stack, TABLE, "table", name="t")
        add(stack, "aws:ecr/repository:Repository", "repository", name="r")
        add(stack, token, "store", **{name: value})
        copies, of_name = of(stack)
        copies.edges()
        assert said(copies.survives(of_name("store"), EAST)) in ("no", "cannot tell")


def test_of_one_of_two_nothing_tells_which_is_copied() -> None:
    stack = Stack(region=EAST)
    stores = tuple(add(stack, TABLE, name) for name in ("store", "other"))
    token = "aws:dynamodb/tableReplica:TableReplica"
    add(stack, token, "replica", WEST, globalTableArn=Output("arn", stores))
    copies, of_name = of(stack)
    for name in ("store", "other"):
        assert said(copies.has_copy(of_name(name), WEST)) == "cannot tell"
    assert copies.edges() == ()
