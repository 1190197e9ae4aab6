"""documented-copies."""

from __future__ import annotations

from typing import Any

import pytest

from policies.copies.documented_copies import DOCUMENTED_COPIES
from policies.testing import UNKNOWN, Made, Stack
from tests.support import findings, first_verdicts, run, verdict, verdicts
from tests.unit.test_databases import BACKUPS, replica, source

POLICY = "documented-copies"
EAST, WEST = "us-east-1", "us-west-2"
BUCKET = "aws:s3/bucket:Bucket"
REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
KEY = "aws:kms/key:Key"
SECRET = "aws:secretsmanager/secret:Secret"
FILES = "aws:efs/fileSystem:FileSystem"
FILES_COPY = "aws:efs/replicationConfiguration:ReplicationConfiguration"
TABLE = "aws:dynamodb/table:Table"
TABLE_REPLICA = "aws:dynamodb/tableReplica:TableReplica"
GROUP = {"dbSubnetGroupName": "west"}
KEY_WEST = {"kmsKeyId": "arn:aws:kms:us-west-2:111122223333:key/1"}


def message_of(stack: Stack) -> str:
    (message,) = (each.message for each in run(stack) if each.policy == POLICY)
    return message


# --- databases -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("named", "region", "expected"),
    [
        ("app", WEST, "rejects copy"),
        ("app", EAST, "passes"),
        ("arn:aws:rds:us-east-1:111122223333:db:app", WEST, "passes"),
        ("elsewhere", WEST, "passes"),
        ("db-ABCDEFGHIJKLMNOPQRSTUVWXYZ", EAST, "rejects copy"),
        (UNKNOWN, WEST, "passes"),
    ],
)
def test_a_source_in_another_region_is_named_by_its_arn(
    named: Any, region: str, expected: str
) -> None:
    stack = Stack()
    source(stack, identifier="app")
    abroad = {**GROUP, **KEY_WEST} if region == WEST else {}
    replica(stack, named, region, **abroad)
    assert verdict(stack, POLICY) == expected
    if expected != "passes":
        assert "replica-source-name" in message_of(stack)
        assert verdict(stack, POLICY, deployed=True) == "passes"


@pytest.mark.parametrize(
    ("region", "inputs", "row"),
    [
        (EAST, {}, None),
        (EAST, {"kmsKeyId": "arn:aws:kms:us-east-1:111122223333:key/1"}, "replica-key-at-home"),
        (EAST, {"kmsKeyId": UNKNOWN}, "replica-key-at-home"),
        (WEST, {**KEY_WEST, **GROUP}, None),
        (WEST, {**KEY_WEST, "dbSubnetGroupName": UNKNOWN}, None),
        (WEST, KEY_WEST, "replica-in-default-vpc"),
        (WEST, {**KEY_WEST, "vpcSecurityGroupIds": ["sg-1"]}, "replica-in-default-vpc"),
    ],
)
def test_a_replica_takes_key_and_subnets_over_in_its_own_region_only(
    region: str, inputs: dict[str, Any], row: str | None
) -> None:
    stack = Stack()
    replica(stack, source(stack), region, **inputs)
    assert verdicts(stack, POLICY) == {"rejects copy" if row else "passes"}
    if row:
        assert f"({row})" in message_of(stack)


def test_where_a_replica_has_security_groups_of_the_stack_their_vpc_is_told_of() -> None:
    stack = Stack()
    vpc = stack.add("aws:ec2/vpc:Vpc", "west", {"cidrBlock": "10.0.0.0/16"}, region=WEST)
    group = stack.add("aws:ec2/securityGroup:SecurityGroup", "db", {"vpcId": vpc.id}, region=WEST)
    replica(stack, source(stack), WEST, **KEY_WEST, vpcSecurityGroupIds=[group.id])
    assert findings(stack) == {("vpc-local-references", "copy")}


def backups(stack: Stack, of: Any, region: str = WEST) -> Made:
    inputs = {"sourceDbInstanceArn": of, **KEY_WEST}
    return stack.add(BACKUPS, "backups", inputs, region=region)


@pytest.mark.parametrize(
    ("region", "retention", "row"),
    [
        (WEST, 7, None),
        (EAST, 7, "backups-at-home"),
        (WEST, 0, "backups-off"),
        (WEST, None, "backups-off"),
        (WEST, UNKNOWN, None),
    ],
)
def test_backups_are_copied_to_another_region_and_there_must_be_some(
    region: str, retention: Any, row: str | None
) -> None:
    stack = Stack()
    backups(stack, source(stack, backupRetentionPeriod=retention).output("arn"), region)
    assert verdicts(stack, POLICY) == {"rejects backups" if row else "passes"}
    if row:
        assert f"({row})" in message_of(stack)


def test_a_known_arn_of_another_stack_tells_the_region_of_the_backups() -> None:
    for region, expected in ((EAST, "rejects backups"), (WEST, "passes")):
        stack = Stack()
        backups(stack, "arn:aws:rds:us-east-1:111122223333:db:app", region)
        assert verdict(stack, POLICY) == expected


def global_members(service: str, regions: tuple[str, str], classes: str = "db.r6g.large") -> Stack:
    """Two clusters of one global cluster, each with an instance."""
    stack = Stack()
    home = stack.add(
        f"aws:{service}/globalCluster:GlobalCluster", "all", {"globalClusterIdentifier": "all"}
    )
    for name, region in zip(("one", "two"), regions, strict=True):
        cluster = stack.add(
            f"aws:{service}/cluster:Cluster",
            name,
            {"globalClusterIdentifier": home.id, "clusterIdentifier": f"{name}-{region}"},
            region=region,
        )
        inputs = {"clusterIdentifier": cluster.id, "instanceClass": classes}
        kind = f"aws:{service}/clusterInstance:ClusterInstance"
        stack.add(kind, f"{name}-writer", inputs, region=region)
    return stack


@pytest.mark.parametrize("service", ["docdb", "neptune"])
def test_members_of_a_global_cluster(service: str) -> None:
    fine = global_members(service, (EAST, WEST))
    assert verdicts(fine, POLICY) == {"passes"}
    assert verdicts(global_members(service, (EAST, EAST)), POLICY) == {"rejects two"}
    burstable = global_members(service, (EAST, WEST), "db.t4g.medium")
    assert verdicts(burstable, POLICY) == {"rejects one-writer"}
    (message,) = [each.message for each in run(burstable) if each.policy == POLICY]
    assert "two-writer" in message
    unknown = global_members(service, (EAST, WEST), UNKNOWN)  # type: ignore[arg-type]
    assert verdict(unknown, POLICY) == "passes"


@pytest.mark.parametrize("service", ["docdb", "neptune"])
def test_a_cluster_of_its_own_may_be_burstable(service: str) -> None:
    stack = Stack()
    cluster = stack.add(f"aws:{service}/cluster:Cluster", "one", {"clusterIdentifier": "one"})
    inputs = {"clusterIdentifier": cluster.id, "instanceClass": "db.t4g.medium"}
    stack.add(f"aws:{service}/clusterInstance:ClusterInstance", "writer", inputs)
    assert verdicts(stack, POLICY) == {"passes"}


def test_the_member_that_is_new_is_told_of() -> None:
    stack = global_members("docdb", (EAST, EAST))
    existing = [each for each in stack.resources if each.name in ("all", "two", "two-writer")]
    assert verdict(stack, POLICY, existing=existing) == "rejects one"


@pytest.mark.parametrize("family", ["rds", "docdb", "neptune"])
@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"engineVersion": "16.8"}, "rejects all"),
        ({"storageEncrypted": True}, "rejects all"),
        ({"engineVersion": UNKNOWN}, "rejects all"),
        ({}, "passes"),
        ({"engineVersion": "16.8", "sourceDbClusterIdentifier": None}, "passes"),
    ],
)
def test_a_global_cluster_inherits_from_its_source(
    family: str, said: dict[str, Any], expected: str
) -> None:
    stack = Stack()
    first = stack.add(f"aws:{family}/cluster:Cluster", "one", {"engine": family})
    given = {"globalClusterIdentifier": "all", "sourceDbClusterIdentifier": first.output("arn")}
    stack.add(f"aws:{family}/globalCluster:GlobalCluster", "all", {**given, **said})
    assert first_verdicts(stack, POLICY) == {expected}
    assert verdict(stack, POLICY, deployed=True) == "passes"
    if expected != "passes":
        assert f"is made from an existing cluster, but sets {', '.join(said)}" in message_of(stack)


# --- buckets -------------------------------------------------------------------------------------


def bucket(stack: Stack, name: str, region: str) -> Made:
    return stack.add(
        BUCKET,
        name,
        {"bucket": f"{name}-1a2b3c4", "objectLockEnabled": True},
        computed={"arn": f"arn:aws:s3:::{name}-1a2b3c4"},
        region=region,
    )


def replicated(*rules: dict[str, Any], stack: Stack, of: Made) -> None:
    given = [{"status": "Enabled", **rule} for rule in rules]
    role = "arn:aws:iam::111122223333:role/replication"
    stack.add(REPLICATION, "it", {"bucket": of.id, "role": role, "rules": given})


def encrypted(to: Any, key: Any) -> dict[str, Any]:
    """A rule that encrypts the replicas with this key."""
    return {
        "destination": {"bucket": to, "encryptionConfiguration": {"replicaKmsKeyId": key}},
        "sourceSelectionCriteria": {"sseKmsEncryptedObjects": {"status": "Enabled"}},
    }


def test_a_bucket_is_not_replicated_to_itself() -> None:
    stack = Stack()
    documents = bucket(stack, "documents", EAST)
    replicated({"destination": {"bucket": documents.output("arn")}}, stack=stack, of=documents)
    assert verdicts(stack, POLICY) == {"rejects it"}
    assert "bucket-to-itself" in message_of(stack)
    literal = Stack()
    documents = bucket(literal, "documents", EAST)
    to = "arn:aws:s3:::documents-1a2b3c4"
    replicated({"destination": {"bucket": to}}, stack=literal, of=documents)
    assert verdicts(literal, POLICY) == {"rejects it"}


@pytest.mark.parametrize(
    ("key_region", "more", "expected"),
    [
        (WEST, {}, "passes"),
        (EAST, {}, "rejects it"),
        (EAST, {"multiRegion": True}, "passes"),
        (EAST, {"multiRegion": UNKNOWN}, "passes"),
        (None, {}, "passes"),
    ],
)
def test_the_key_of_replicas_is_where_they_are(
    key_region: str | None, more: dict[str, Any], expected: str
) -> None:
    stack = Stack(None) if key_region is None else Stack()
    key = stack.add(KEY, "key", more, region=key_region)
    copy = bucket(stack, "copy", WEST)
    documents = bucket(stack, "documents", EAST)
    rule = encrypted(copy.output("arn"), key.output("arn"))
    replicated(rule, stack=stack, of=documents)
    assert verdict(stack, POLICY) == expected


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ((WEST, "eu-west-1"), "passes"),
        (("eu-west-1", WEST), "rejects it"),
        ((WEST, WEST), "rejects it"),
        ((UNKNOWN, WEST), "rejects it"),
        ((WEST, UNKNOWN), "passes"),
    ],
)
def test_each_known_key_is_that_of_its_rule(keys: tuple[Any, Any], expected: str) -> None:
    stack = Stack()
    documents = bucket(stack, "documents", EAST)
    rules = [
        encrypted(
            f"arn:aws:s3:::{bucket(stack, name, region).name}-1a2b3c4",
            key if key is UNKNOWN else f"arn:aws:kms:{key}:111122223333:key/1",
        )
        for (name, region), key in zip((("a", WEST), ("b", "eu-west-1")), keys, strict=True)
    ]
    rules = [{**rule, "priority": at} for at, rule in enumerate(rules)]
    replicated(*rules, stack=stack, of=documents)
    assert verdict(stack, POLICY) == expected


def prioritized(*rules: dict[str, Any], given: Any = "ab", inline: bool = False) -> Stack:
    """Two rules with filters, to these of two buckets, or to what is given."""
    stack = Stack()
    documents = bucket(stack, "documents", EAST)
    made = {name: bucket(stack, name, WEST) for name in "ab"}
    said = [
        {
            "filter": {"prefix": f"{at}/"},
            "status": "Enabled",
            "destination": {"bucket": made[to].output("arn") if to in made else to},
            **rule,
        }
        for at, (to, rule) in enumerate(zip(given, rules, strict=True))
    ]
    if inline:
        given = {"versioning": {"enabled": True}, "replicationConfiguration": {"rules": said}}
        stack.add(BUCKET, "it", given)
    else:
        replicated(*said, stack=stack, of=documents)
    return stack


@pytest.mark.parametrize("inline", [False, True])
@pytest.mark.parametrize(
    ("rules", "given", "rejected_by"),
    [
        (({}, {}), "aa", "replica-references"),
        (({}, {"priority": 0}), "aa", "replica-references"),
        (({"priority": 1}, {"priority": 1}), "bb", "replica-references"),
        (({}, {}), "ab", POLICY),
        (({}, {}), ("a", UNKNOWN), "replica-references"),
        (({}, {}), (UNKNOWN, UNKNOWN), POLICY),
        (({}, {}), ("a", "arn:aws:s3:::other"), POLICY),
        (({}, {"priority": 1}), "aa", None),
        (({}, {"priority": UNKNOWN}), "aa", None),
        (({}, {"filter": None}), "aa", None),
        (({}, {"filter": UNKNOWN}), "aa", None),
    ],
)
def test_rules_for_one_destination_have_priorities_of_their_own(
    rules: Any, given: Any, rejected_by: str | None, inline: bool
) -> None:
    stack = prioritized(*rules, given=given, inline=inline)
    for policy in ("replica-references", POLICY):
        expected = "rejects it" if policy == rejected_by else "passes"
        assert first_verdicts(stack, policy) == {expected}
        assert verdict(stack, policy, deployed=True) == "passes"


def test_a_destination_may_come_from_what_is_not_a_bucket() -> None:
    """A parameter, say, that names a bucket of another stack."""
    stack = Stack()
    named = stack.add("aws:ssm/parameter:Parameter", "named", {"type": "String", "value": "x"})
    copy = bucket(stack, "copy", WEST)
    rules = [
        {"filter": {"prefix": prefix}, "destination": {"bucket": to}}
        for prefix, to in (("a/", copy.output("arn")), ("b/", named.output("value")))
    ]
    replicated(*rules, stack=stack, of=bucket(stack, "documents", EAST))
    assert verdict(stack, "replica-references") == "passes"
    assert verdict(stack, POLICY) == "rejects it"


# --- secrets, files and tables -------------------------------------------------------------------


def two_secrets(name: Any = "app", region: str = WEST, **inputs: Any) -> Stack:
    stack = Stack()
    given = {"name": name, "replicas": [{"region": WEST}], **inputs}
    stack.add(SECRET, "it", given)
    stack.add(SECRET, "other", {"name": "app"}, region=region)
    return stack


def test_the_name_of_a_secret_must_be_free_where_it_is_copied_to() -> None:
    assert verdicts(two_secrets(), POLICY) == {"rejects it"}
    assert verdicts(two_secrets("others"), POLICY) == {"passes"}
    assert verdicts(two_secrets(region="eu-west-1"), POLICY) == {"passes"}
    at_home = two_secrets(region=EAST, replicas=[{"region": EAST}])
    assert verdict(at_home, POLICY) == "passes"  # Two other policies tell of it.
    assert verdicts(two_secrets(forceOverwriteReplicaSecret=True), POLICY) == {"passes"}
    assert verdict(two_secrets(forceOverwriteReplicaSecret=UNKNOWN), POLICY) == "passes"
    assert verdict(two_secrets(UNKNOWN), POLICY) == "passes"


@pytest.mark.parametrize(
    ("protection", "expected"),
    [
        ({}, "rejects it"),
        ({"protection": {"replicationOverwrite": "ENABLED"}}, "rejects it"),
        ({"protection": {"replicationOverwrite": "DISABLED"}}, "passes"),
        ({"protection": {"replicationOverwrite": UNKNOWN}}, "passes"),
        ({"protection": UNKNOWN}, "passes"),
    ],
)
def test_a_file_system_is_not_protected_from_being_a_copy(
    protection: dict[str, Any], expected: str
) -> None:
    stack = Stack()
    files = stack.add(FILES, "files", {"encrypted": True})
    copy = stack.add(FILES, "copy", {"encrypted": True, **protection}, region=WEST)
    destination = {"region": WEST, "fileSystemId": copy.id}
    stack.add(FILES_COPY, "it", {"sourceFileSystemId": files.id, "destination": destination})
    assert verdict(stack, POLICY) == expected
    assert verdict(stack, POLICY, existing=[copy]) == "passes"


def test_a_file_system_that_aws_makes_is_not_asked_about() -> None:
    stack = Stack()
    files = stack.add(FILES, "files", {"encrypted": True})
    inputs = {"sourceFileSystemId": files.id, "destination": {"region": WEST}}
    stack.add(FILES_COPY, "it", inputs)
    assert verdicts(stack, POLICY) == {"passes"}


@pytest.mark.parametrize("deployed", [False, True])
@pytest.mark.parametrize(
    ("ignored", "expected"),
    [([], "rejects it"), (["replicas"], "passes"), (["*"], "passes"), (["tags"], "rejects it")],
)
def test_a_table_leaves_alone_the_replicas_that_stand_beside_it(
    ignored: list[str], expected: str, deployed: bool
) -> None:
    stack = Stack()
    arn = "arn:aws:dynamodb:us-east-1:111122223333:table/orders"
    table = stack.add(
        TABLE, "orders", {"hashKey": "id"}, computed={"arn": arn}, ignore_changes=ignored
    )
    stack.add(TABLE_REPLICA, "it", {"globalTableArn": table.output("arn")}, region=WEST)
    assert verdict(stack, POLICY, deployed=deployed) == expected


# --- rows ----------------------------------------------------------------------------------------


def test_single_rows_can_be_taken_out() -> None:
    stack = Stack()
    replica(stack, source(stack), WEST, **KEY_WEST)
    config = {POLICY: {"ignore": ["replica-in-default-vpc"]}}
    assert verdict(stack, POLICY, config=config) == "passes"
    assert verdict(stack, POLICY, config={POLICY: {"ignore": ["backups-off"]}}) == "rejects copy"


def test_the_message_leads_to_the_source() -> None:
    stack = Stack()
    replica(stack, source(stack), WEST, **KEY_WEST)
    message = message_of(stack)
    assert (
        "DB instance copy is a replica of an instance in another region, but has no "
        "dbSubnetGroupName"
    ) in message
    assert "DB instance copy -> replicateSourceDb -> DB instance app" in message
    assert "InvalidSubnet: No default subnet detected in VPC." in message
    assert "Fix: Set dbSubnetGroupName to a DB subnet group in the replica's own region." in message


ASKED_ABOUT = (
    *("replicateSourceDb", "kmsKeyId", "sourceDbInstanceArn", "clusterIdentifier"),
    *("globalClusterIdentifier", "instanceClass", "rules", "bucket", "replicationConfiguration"),
    *("replicas", "forceOverwriteReplicaSecret", "destination", "globalTableArn"),
)


@pytest.mark.parametrize("value", [None, 7, "", [], {}, "text"])
def test_malformed_properties_are_neither_rejected_nor_a_bug(value: Any) -> None:
    stack = Stack()
    inputs = dict.fromkeys(ASKED_ABOUT, value)
    for kind in DOCUMENTED_COPIES.subjects:
        stack.add(kind, kind.rpartition(":")[2], inputs)
    assert verdict(stack, POLICY) == "passes"


# --- caches and registries ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("5.0.5", "rejects it"),
        ("3.2.10", "rejects it"),
        ("5.0.6", "passes"),
        ("6.x", "passes"),
        ("7.1", "passes"),
        (None, "passes"),
        (UNKNOWN, "passes"),
    ],
)
def test_a_global_datastore_has_a_version_that_knows_it(version: Any, expected: str) -> None:
    stack = Stack()
    given = {"nodeType": "cache.r7g.large", "engineVersion": version}
    group = stack.add("aws:elasticache/replicationGroup:ReplicationGroup", "sessions", given)
    kind = "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup"
    stack.add(kind, "it", {"primaryReplicationGroupId": group.id})
    assert first_verdicts(stack, POLICY) == {expected}


@pytest.mark.parametrize(
    ("account", "region", "registry", "expected"),
    [
        (None, EAST, "123456789012", "rejects it"),
        (None, WEST, "123456789012", "passes"),
        (None, UNKNOWN, "123456789012", "passes"),
        ("123456789012", EAST, "210987654321", "passes"),
    ],
)
def test_a_registry_in_an_unknown_account_does_not_replicate_at_home(
    account: str | None, region: Any, registry: str, expected: str
) -> None:
    stack = Stack()
    rules = [{"destinations": [{"region": region, "registryId": registry}]}]
    provider = {"region": EAST, **({"allowedAccountIds": [account]} if account else {})}
    kind = "aws:ecr/replicationConfiguration:ReplicationConfiguration"
    stack.add(kind, "it", {"replicationConfiguration": {"rules": rules}}, provider=provider)
    assert first_verdicts(stack, POLICY) == {expected}


# --- backups --------------------------------------------------------------------------------------

PLAN = "aws:backup/plan:Plan"
VAULT = "aws:backup/vault:Vault"


def plan(stack: Stack, target: Any = "daily") -> None:
    stack.add(PLAN, "it", {"rules": [{"ruleName": "daily", "targetVaultName": target}]})


@pytest.mark.parametrize(
    ("places", "target", "expected"),
    [
        ((WEST,), "daily", "rejects it"),
        ((EAST, WEST), "daily", "passes"),
        ((EAST,), "daily", "passes"),
        ((WEST,), "another", "passes"),
        ((WEST,), UNKNOWN, "passes"),
        ((), "daily", "passes"),
    ],
)
def test_a_vault_is_named_where_the_plan_is(
    places: tuple[str, ...], target: Any, expected: str
) -> None:
    stack = Stack()
    for place in places:
        stack.add(VAULT, f"daily-{place}", {"name": "daily"}, region=place)
    plan(stack, target)
    assert first_verdicts(stack, POLICY) == {expected}


def test_a_vault_of_another_region_is_advice_also_where_the_plan_takes_its_name() -> None:
    stack = Stack()
    there = stack.add(VAULT, "daily", {"name": "daily"}, region=WEST)
    plan(stack, there.output("name"))
    assert findings(stack) == {(POLICY, "it")}


def test_a_vault_whose_name_is_not_known_may_be_the_one() -> None:
    stack = Stack()
    stack.add(VAULT, "daily", {"name": "daily"}, region=WEST)
    stack.add(VAULT, "other", {"name": UNKNOWN}, region=EAST)
    plan(stack)
    assert first_verdicts(stack, POLICY) == {"passes"}
