"""rds-read-replica, rds-matching-parts, and what the families of databases make of whole stacks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Stack
from tests import aws
from tests.support import findings, first_verdicts, run, verdict, verdicts

REPLICA = "rds-read-replica"
PARTS = "rds-matching-parts"
CREATION = "rds-creation"
VPC = "vpc-local-references"
ZONES = "db-subnet-group-zones"
Build = Callable[[Stack], object]

INSTANCE = "aws:rds/instance:Instance"
BACKUPS = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"


def db(stack: Stack, name: str, region: str = "us-east-1", **inputs: Any) -> Made:
    """An instance of RDS for PostgreSQL, as far as the inputs do not say otherwise."""
    given = {"engine": "postgres", "instanceClass": "db.m7g.large", **inputs}
    if "replicateSourceDb" in inputs:
        given = {key: value for key, value in given.items() if key != "engine"} | inputs
    given = {key: value for key, value in given.items() if value is not None}
    computed = {
        "id": f"db-{name.upper()}",
        "identifier": name,
        "arn": f"arn:aws:rds:{region}:111122223333:db:{name}",
        "engine": "postgres",
        "engineVersion": "17.5",
        "storageEncrypted": False,
        "backupRetentionPeriod": 0,
        "dbSubnetGroupName": "default",
        "vpcSecurityGroupIds": [],
        "parameterGroupName": "default.postgres17",
    }
    return stack.add(
        INSTANCE,
        name,
        given,
        computed={key: value for key, value in computed.items() if key not in given},
        region=region,
    )


def source(stack: Stack, **inputs: Any) -> Made:
    return db(stack, "app", **{"storageEncrypted": True, "backupRetentionPeriod": 7, **inputs})


def replica(stack: Stack, of: Any, region: str = "us-west-2", **inputs: Any) -> Made:
    origin = of.output("arn") if isinstance(of, Made) else of
    return db(stack, "copy", region, replicateSourceDb=origin, **inputs)


# --- rds-read-replica -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "region", "expected"),
    [
        ("app", "us-west-2", "rejects copy"),
        ("app", "us-east-1", "passes"),
        ("arn:aws:rds:us-east-1:111122223333:db:app", "us-west-2", "passes"),
        (UNKNOWN, "us-west-2", "passes"),
    ],
)
def test_a_replica_names_its_source_in_another_region_by_the_arn(
    said: Any, region: str, expected: str
) -> None:
    stack = Stack()
    main = source(stack, identifier="app")
    of = Output(said, (main,))
    abroad = {"kmsKeyId": "arn:aws:kms:us-west-2:111122223333:key/1", "dbSubnetGroupName": "west"}
    replica(stack, of, region, **(abroad if region == "us-west-2" else {}))
    assert verdict(stack, REPLICA) == "passes"  # It may be the ARN.
    assert verdict(stack, REPLICA, existing=[main]) == expected
    assert verdict(stack, REPLICA, deployed=True) == "passes"
    assert verdict(stack, "documented-copies", existing=[main]) == "passes"


def test_an_instance_of_that_name_may_be_in_the_replicas_own_region() -> None:
    stack = Stack()
    main = source(stack, identifier="app")
    beside = db(stack, "beside", "us-west-2", identifier="app")
    key = "arn:aws:kms:us-west-2:111122223333:key/1"
    replica(stack, Output("app", (main,)), kmsKeyId=key, dbSubnetGroupName="west")
    assert verdict(stack, REPLICA, existing=[main, beside]) == "passes"


def test_a_name_that_does_not_come_from_the_source_may_be_anothers() -> None:
    stack = Stack()
    source(stack, identifier="app")
    replica(stack, "app", kmsKeyId="arn:aws:kms:us-west-2:111122223333:key/1")
    assert verdict(stack, REPLICA) == "passes"
    assert verdict(stack, "documented-copies") == "rejects copy"


def encrypted_abroad(stack: Stack) -> None:
    replica(stack, source(stack), storageEncrypted=True)


def one_of_two_encrypted(stack: Stack) -> None:
    other = db(stack, "other", storageEncrypted=True, backupRetentionPeriod=7)
    both = Output.all(source(stack).output("arn"), other.output("arn")).sources
    replica(stack, Output("arn:aws:rds:us-east-1:111122223333:db:app", both))


def of_what_keeps_no_backups(stack: Stack) -> None:
    replica(stack, source(stack, backupRetentionPeriod=None), kmsKeyId="arn:aws:kms:key")


def of_what_keeps_backups_for_no_day(stack: Stack) -> None:
    replica(stack, source(stack, backupRetentionPeriod=0), "us-east-1")


def of_a_replica_without_backups(stack: Stack) -> None:
    middle = db(
        stack,
        "middle",
        replicateSourceDb=source(stack).output("identifier"),
        engine="postgres",
    )
    replica(stack, middle, kmsKeyId="arn:aws:kms:key")


def of_a_replica_that_has_the_engine_of_its_source(stack: Stack) -> None:
    middle = db(stack, "middle", replicateSourceDb=source(stack).output("identifier"))
    replica(stack, middle, kmsKeyId="arn:aws:kms:key")


def of_what_has_a_key(stack: Stack) -> None:
    replica(stack, source(stack, storageEncrypted=None, kmsKeyId="arn:aws:kms:key"))


def of_a_replica_that_has_a_key(stack: Stack) -> None:
    middle = db(
        stack,
        "middle",
        "us-west-2",
        replicateSourceDb=source(stack).output("arn"),
        kmsKeyId="arn:aws:kms:us-west-2:111122223333:key/1",
        backupRetentionPeriod=7,
    )
    replica(stack, middle, "eu-west-1")


def backups_of_what_is_encrypted(stack: Stack) -> None:
    given = {"sourceDbInstanceArn": source(stack).output("arn")}
    stack.add(BACKUPS, "copy", given, region="us-west-2")


@pytest.mark.parametrize(
    "build",
    [
        encrypted_abroad,
        one_of_two_encrypted,
        of_what_keeps_no_backups,
        of_what_keeps_backups_for_no_day,
        of_a_replica_without_backups,
        of_a_replica_that_has_the_engine_of_its_source,
        of_what_has_a_key,
        of_a_replica_that_has_a_key,
        backups_of_what_is_encrypted,
    ],
)
def test_a_copy_that_rds_does_not_make_is_rejected(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert first_verdicts(stack, REPLICA) == {"rejects copy"}
    assert verdict(stack, REPLICA, deployed=True) == "passes"


def with_a_key(stack: Stack) -> None:
    replica(stack, source(stack), kmsKeyId="arn:aws:kms:us-west-2:111122223333:key/1")


def with_a_key_that_is_unknown(stack: Stack) -> None:
    key = stack.add("aws:kms/key:Key", "west", {}, region="us-west-2")
    replica(stack, source(stack), kmsKeyId=key.output("arn"))


def in_the_same_region(stack: Stack) -> None:
    replica(stack, source(stack), "us-east-1")


def of_what_is_not_encrypted(stack: Stack) -> None:
    replica(stack, source(stack, storageEncrypted=False))


def of_another_account(stack: Stack) -> None:
    replica(stack, "arn:aws:rds:us-east-1:999922223333:db:theirs")


def of_sql_server_without_backups(stack: Stack) -> None:
    replica(stack, source(stack, engine="sqlserver-ee", backupRetentionPeriod=0), kmsKeyId="k")


def of_a_replica_of_sql_server(stack: Stack) -> None:
    origin = source(stack, engine="sqlserver-ee", backupRetentionPeriod=0)
    middle = db(stack, "middle", replicateSourceDb=origin.output("identifier"))
    replica(stack, middle, "us-east-1")


def of_a_cluster(stack: Stack) -> None:
    replica(stack, aws.cluster(stack, "aurora", storageEncrypted=True))


def of_itself_nothing(stack: Stack) -> None:
    source(stack, backupRetentionPeriod=0)


def backups_with_a_key(stack: Stack) -> None:
    given = {"sourceDbInstanceArn": source(stack).output("arn"), "kmsKeyId": "arn:aws:kms:key"}
    stack.add(BACKUPS, "copy", given, region="us-west-2")


def of_a_list(stack: Stack) -> None:
    source(stack)
    replica(stack, ["app"], storageEncrypted="yes", backupRetentionPeriod="none")


@pytest.mark.parametrize(
    "build",
    [
        with_a_key,
        with_a_key_that_is_unknown,
        in_the_same_region,
        of_what_is_not_encrypted,
        of_another_account,
        of_sql_server_without_backups,
        of_a_replica_of_sql_server,
        of_a_cluster,
        of_itself_nothing,
        backups_with_a_key,
        of_a_list,
    ],
)
def test_a_copy_that_rds_makes_passes(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, REPLICA) == {"passes"}


def of_a_snapshot(stack: Stack) -> None:
    given = {"snapshotIdentifier": "app-final", "kmsKeyId": None, "backupRetentionPeriod": None}
    replica(stack, source(stack, **given))


def of_what_may_be_encrypted(stack: Stack) -> None:
    replica(stack, source(stack, storageEncrypted=UNKNOWN))


def of_what_may_keep_backups(stack: Stack) -> None:
    replica(stack, source(stack, backupRetentionPeriod=UNKNOWN), "us-east-1")


def of_a_replica_of_an_engine_that_is_not_known(stack: Stack) -> None:
    origin = source(stack, engine=UNKNOWN)
    middle = db(stack, "middle", replicateSourceDb=origin.output("identifier"))
    replica(stack, middle, "us-east-1")


def one_of_two_with_backups(stack: Stack) -> None:
    other = db(stack, "other", backupRetentionPeriod=0)
    both = Output.all(source(stack).output("arn"), other.output("arn")).sources
    replica(stack, Output("arn:aws:rds:us-east-1:111122223333:db:app", both), "us-east-1")


@pytest.mark.parametrize(
    "build",
    [
        of_a_snapshot,
        of_what_may_be_encrypted,
        of_what_may_keep_backups,
        of_a_replica_of_an_engine_that_is_not_known,
        one_of_two_with_backups,
    ],
)
def test_what_a_source_may_be_like_is_not_decided(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert first_verdicts(stack, REPLICA) == {"cannot tell copy"}


def test_a_region_that_is_not_known_is_not_another_one() -> None:
    stack = Stack(region=None)
    said: dict[str, Any] = {"engine": "postgres", "storageEncrypted": True}
    app = stack.add(INSTANCE, "app", said)
    given = {"replicateSourceDb": app.output("arn")}
    stack.add(INSTANCE, "copy", given, provider={}, provider_name="west")
    assert verdict(stack, REPLICA) == "rejects copy"  # Its source keeps no backups.
    app.inputs = {**said, "backupRetentionPeriod": 7}
    assert verdict(stack, REPLICA) == "passes"


def test_a_new_replica_of_an_instance_that_exists() -> None:
    stack = Stack()
    app = source(stack, backupRetentionPeriod=None)
    replica(stack, app, "us-east-1")
    assert verdict(stack, REPLICA, existing=[app]) == "rejects copy"
    app.outputs["backupRetentionPeriod"] = 1
    assert verdict(stack, REPLICA, existing=[app]) == "passes"


def test_the_message_names_the_source_and_quotes_aws() -> None:
    stack = Stack()
    encrypted_abroad(stack)
    (message,) = [each.message for each in run(stack) if each.policy == REPLICA]
    assert "DB instance copy -> DB instance app -> storageEncrypted" in message
    assert "Cannot create a cross region unencrypted read replica" in message


# --- rds-matching-parts ---------------------------------------------------------------------------


def parameters(stack: Stack, family: Any, of: str = "", name: str = "own") -> Output:
    token = f"aws:rds/{of}{'P' if of else 'p'}arameterGroup:{of.title()}ParameterGroup"
    given = {"family": family, "name": name}
    made = stack.add(token, name, given, computed={"id": name, "arn": f"arn:aws:rds:pg:{name}"})
    return made.output("name")


def with_parameters(stack: Stack, family: Any, **inputs: Any) -> None:
    db(stack, "app", parameterGroupName=parameters(stack, family), **inputs)


def cluster_with_parameters(stack: Stack, family: Any, **inputs: Any) -> None:
    group = parameters(stack, family, "cluster")
    aws.cluster(stack, "app", dbClusterParameterGroupName=group, **inputs)


def serverless(stack: Stack, scaling: Any = None, **inputs: Any) -> None:
    said = {} if scaling is None else {"serverlessv2ScalingConfiguration": scaling}
    aws.instance(stack, "app", aws.cluster(stack, "home", **said, **inputs), "db.serverless")


def monitored(stack: Stack, role: str | None = None, of: Made | None = None, **said: Any) -> None:
    own = {} if role is None else {"monitoringRoleArn": role}
    home = of or aws.cluster(stack, "home", **said)
    aws.instance(stack, "app", home, monitoringInterval=60, **own)


@pytest.mark.parametrize(
    "build",
    [
        lambda stack: with_parameters(stack, "postgres16", engineVersion="17.5"),
        lambda stack: with_parameters(stack, "postgres16", engineVersion="17"),
        lambda stack: with_parameters(stack, "mysql8.0"),
        lambda stack: with_parameters(stack, "oracle-ee-19"),
        lambda stack: with_parameters(stack, "postgres17", engine="sqlserver-se"),
        lambda stack: with_parameters(stack, "sqlserver-ee-15.0", engine="sqlserver-se"),
        lambda stack: with_parameters(stack, "oracle-se2-19", engine="oracle-se2-cdb"),
        lambda stack: with_parameters(stack, "db2-se-11.5", engine="db2-ae"),
        lambda stack: with_parameters(stack, "aurora-postgresql17", engineVersion="17.5"),
        lambda stack: with_parameters(stack, "mysql8.0", engine="mysql", engineVersion="8.4.5"),
        lambda stack: cluster_with_parameters(stack, "aurora-postgresql15"),
        lambda stack: cluster_with_parameters(stack, "postgres16"),
        lambda stack: cluster_with_parameters(
            stack, "mysql8.0", engine="aurora-mysql", engineVersion="8.0.mysql_aurora.3.10.1"
        ),
        lambda stack: cluster_with_parameters(
            stack, "aurora-mysql5.7", engine="aurora-mysql", engineVersion="8.0"
        ),
        serverless,
        monitored,
    ],
)
def test_parts_that_do_not_go_together_are_rejected(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert first_verdicts(stack, PARTS) == {"rejects app"}
    assert verdict(stack, PARTS, deployed=True) == "passes"


@pytest.mark.parametrize(
    "build",
    [
        lambda stack: with_parameters(stack, "postgres17", engineVersion="17.5"),
        lambda stack: with_parameters(stack, "postgres16"),  # AWS chooses the version.
        lambda stack: with_parameters(stack, "postgres16", engineVersion=UNKNOWN),
        lambda stack: with_parameters(stack, UNKNOWN, engineVersion="17.5"),
        lambda stack: with_parameters(stack, "oracle-ee-19", engine="oracle-ee"),
        lambda stack: with_parameters(stack, "oracle-se2-cdb-19", engine="oracle-se2-cdb"),
        lambda stack: with_parameters(
            stack, "sqlserver-se-15.0", engine="sqlserver-se", engineVersion="15.00.4345.5.v1"
        ),
        lambda stack: with_parameters(stack, "oracle-ee-19", engine="custom-oracle-ee"),
        lambda stack: with_parameters(stack, "oracle-ee19"),
        lambda stack: with_parameters(stack, "custom-postgres", engineVersion="17.5"),
        lambda stack: with_parameters(stack, 17, engine=["postgres"], engineVersion={}),
        lambda stack: with_parameters(
            stack, "postgres16", engineVersion="17.5", snapshotIdentifier="app-final"
        ),
        lambda stack: db(stack, "app", parameterGroupName="elsewhere", engineVersion="17.5"),
        lambda stack: cluster_with_parameters(stack, "aurora-postgresql16"),
        lambda stack: cluster_with_parameters(
            stack, "aurora-mysql8.0", engine="aurora-mysql", engineVersion="8.0.mysql_aurora.3.10.1"
        ),
        lambda stack: serverless(stack, {"minCapacity": 1, "maxCapacity": 4}),
        lambda stack: serverless(stack, {}),
        lambda stack: serverless(stack, UNKNOWN),
        lambda stack: serverless(stack, engineMode="serverless"),  # aurora-serverless-v1
        lambda stack: aws.instance(stack, "app", "elsewhere", "db.serverless"),
        lambda stack: aws.instance(stack, "app", aws.cluster(stack, "home")),
        lambda stack: monitored(stack, role="arn:aws:iam::111122223333:role/rds"),
        lambda stack: monitored(stack, monitoringRoleArn="arn:aws:iam::111122223333:role/rds"),
        lambda stack: monitored(stack, monitoringRoleArn=UNKNOWN),
        lambda stack: aws.instance(stack, "app", "elsewhere", monitoringInterval=60),
    ],
)
def test_parts_that_may_go_together_pass(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, PARTS) == {"passes"}


def test_one_of_two_groups_must_fit_at_least() -> None:
    stack = Stack()
    fits, other = parameters(stack, "postgres17", name="a"), parameters(stack, "mysql8.0", name="b")
    db(stack, "app", parameterGroupName=Output("b", (*fits.sources, *other.sources)))
    assert verdict(stack, PARTS) == "passes"


def test_the_message_names_the_group() -> None:
    stack = Stack()
    with_parameters(stack, "postgres16", engineVersion="17.5")
    (message,) = [each.message for each in run(stack) if each.policy == PARTS]
    assert "DB instance app -> parameterGroupName -> DB parameter group own" in message
    assert "DBParameterGroupFamily postgres16 can't be used" in message


# --- the families on whole stacks -----------------------------------------------------------------


def test_a_reserved_user_of_a_primary_is_rejected_and_that_of_a_secondary_left_to_others() -> None:
    stack = Stack()
    home = aws.global_cluster(stack)
    first = aws.cluster(stack, "first", home, masterUsername="admin", masterPassword="longenough")
    writer = aws.instance(stack, "writer", first)
    west = stack.add(
        "aws:rds/cluster:Cluster",
        "second",
        {
            "globalClusterIdentifier": home.id,
            "engine": "aurora-postgresql",
            "engineVersion": "16.8",
            "masterUsername": "admin",
        },
        region="us-west-2",
        depends_on=[writer],
    )
    assert findings(stack) >= {(CREATION, "first"), ("aurora-global-secondary", west.name)}
    assert (CREATION, west.name) not in findings(stack)


def native_cluster(stack: Stack, **inputs: Any) -> None:
    given = {"engine": "aurora-postgresql", **inputs}
    aws.native(stack, "rds:DbCluster", "app", given, named_by="dbClusterArn")


@pytest.mark.parametrize(
    ("policy", "inputs"),
    [
        (CREATION, {"masterUsername": "admin"}),
        (CREATION, {"allocatedStorage": 100}),
        (CREATION, {"storageType": "gp3"}),
        (CREATION, {"dbClusterInstanceClass": "db.r6g.large"}),
        (CREATION, {"enableGlobalWriteForwarding": True}),
        (CREATION, {"scalingConfiguration": {"maxCapacity": 4}}),
        ("rds-declaration", {"enableCloudwatchLogsExports": ["audit"]}),
        ("rds-declaration", {"monitoringInterval": 60}),
    ],
)
def test_native_clusters_are_read(policy: str, inputs: dict[str, Any]) -> None:
    stack = Stack()
    native_cluster(stack, **inputs)
    assert verdict(stack, policy) == "rejects app"


def test_a_native_cluster_that_is_restored_keeps_its_user() -> None:
    stack = Stack()
    native_cluster(stack, masterUsername="admin", sourceDbClusterIdentifier="other")
    assert verdict(stack, CREATION) == "passes"


def test_the_static_parameters_are_named() -> None:
    stack = Stack()
    given = [{"name": "work_mem"}, {"name": "max_connections"}, {"name": "shared_buffers"}]
    stack.add(
        "aws:rds/parameterGroup:ParameterGroup",
        "own",
        {"family": "postgres17", "parameters": given},
    )
    (message,) = [each.message for each in run(stack) if each.policy == "rds-declaration"]
    assert "pending-reboot: max_connections, shared_buffers (static-parameter)." in message


# --- where databases are --------------------------------------------------------------------------


def in_a_vpc(stack: Stack, **inputs: Any) -> Made:
    """An instance with a security group of a VPC of the stack."""
    home = aws.vpc(stack, "own")
    group = stack.add("aws:ec2/securityGroup:SecurityGroup", "own", {"vpcId": home.id})
    return db(stack, "app", vpcSecurityGroupIds=[group.id], **inputs)


def subnet_group(stack: Stack, *vpcs: str, token: str = "rds", zones: str = "abc") -> Made:
    made = [
        aws.subnet(stack, f"{token}-{place}", aws.vpc(stack, name), zone)
        for place, (name, zone) in enumerate(zip(vpcs, zones, strict=False))
    ]
    given = {"subnetIds": aws.ids(*made), "name": token}
    return stack.add(f"aws:{token}/subnetGroup:SubnetGroup", token, given)


def abroad(stack: Stack) -> None:
    arn = "arn:aws:rds:eu-west-1:111122223333:db:theirs"
    in_a_vpc(stack, replicateSourceDb=arn, kmsKeyId="k")


@pytest.mark.parametrize(
    "build",
    [
        in_a_vpc,
        abroad,
        lambda stack: in_a_vpc(
            stack, dbSubnetGroupName=subnet_group(stack, "x", "x").output("name")
        ),
    ],
)
def test_an_instance_apart_from_its_security_group_is_rejected(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert first_verdicts(stack, VPC) == {"rejects app"}


@pytest.mark.parametrize(
    "given",
    [
        {"snapshotIdentifier": "app-final"},
        {"restoreToPointInTime": {"useLatestRestorableTime": True}},
        {"replicateSourceDb": "app-elsewhere"},
        {"replicateSourceDb": "arn:aws:rds:us-east-1:111122223333:db:theirs"},
        {"dbSubnetGroupName": "elsewhere"},
        {"vpcSecurityGroupIds": ["sg-0123456789abcdef0"]},
    ],
)
def test_an_instance_that_may_be_in_its_vpc_is_not(given: dict[str, Any]) -> None:
    stack = Stack()
    in_a_vpc(stack, **given) if "vpcSecurityGroupIds" not in given else db(stack, "app", **given)
    assert "rejects" not in verdict(stack, VPC)


@pytest.mark.parametrize("token", ["rds", "docdb", "neptune"])
def test_subnet_groups_of_every_service_need_two_zones_of_one_vpc(token: str) -> None:
    stack = Stack()
    subnet_group(stack, "own", "own", token=token, zones="aa")
    assert verdicts(stack, ZONES) == {f"rejects {token}"}
    stack = Stack()
    subnet_group(stack, "own", "own", token=token)
    assert verdicts(stack, ZONES) == {"passes"}
    assert verdicts(stack, VPC) == {"passes"}
    stack = Stack()
    subnet_group(stack, "own", "other", token=token)
    assert first_verdicts(stack, VPC) == {f"rejects {token}"}


@pytest.mark.parametrize("service", ["docdb", "neptune"])
def test_native_subnet_groups_are_read(service: str) -> None:
    stack = Stack()
    home = aws.native_vpc(stack)
    made = [
        aws.native_subnet(stack, f"db-{place}", home, availabilityZone="us-east-1a")
        for place in "ab"
    ]
    given = {"subnetIds": [each.output("subnetId") for each in made]}
    aws.native(stack, f"{service}:DbSubnetGroup", "db", given, named_by="dbSubnetGroupName")
    assert first_verdicts(stack, ZONES) == {"rejects db"}


def test_a_cluster_of_its_own_may_have_a_version_without_global_clusters() -> None:
    for kind, version in (("docdb", "3.6.0"), ("neptune", "1.1.1.0")):
        stack = Stack()
        stack.add(f"aws:{kind}/cluster:Cluster", "it", {"engineVersion": version})
        assert verdict(stack, "documented-refusals") == "passes"


NEPTUNE = "aws:neptune/cluster:Cluster"
NEPTUNE_GLOBAL = "aws:neptune/globalCluster:GlobalCluster"


@pytest.mark.parametrize(
    ("members", "said", "expected"),
    [
        (1, {}, "rejects one"),
        (2, {}, "passes"),
        (1, {"sourceDbClusterIdentifier": "arn:elsewhere"}, "passes"),
    ],
)
def test_the_primary_of_a_global_cluster_of_neptune_is_like_any_cluster(
    members: int, said: Any, expected: str
) -> None:
    stack = Stack()
    home = stack.add(NEPTUNE_GLOBAL, "home", {"globalClusterIdentifier": "orders", **said})
    for name in ("one", "two")[:members]:
        inputs = {"globalClusterIdentifier": home.id, "kmsKeyArn": UNKNOWN}
        stack.add(NEPTUNE, name, inputs)
    assert verdict(stack, "rds-creation") == expected


def test_a_member_of_a_global_cluster_of_neptune_elsewhere_may_be_a_secondary() -> None:
    stack = Stack()
    stack.add(NEPTUNE, "one", {"globalClusterIdentifier": "orders", "kmsKeyArn": UNKNOWN})
    assert verdict(stack, "rds-creation") == "passes"


def test_the_primary_of_a_global_cluster_of_documentdb_names_its_user() -> None:
    kinds = ("aws:docdb/globalCluster:GlobalCluster", "aws:docdb/cluster:Cluster")
    for members, expected in ((1, "rejects one"), (2, "passes")):
        stack = Stack()
        home = stack.add(kinds[0], "home", {"globalClusterIdentifier": "orders"})
        for name in ("one", "two")[:members]:
            inputs = {"globalClusterIdentifier": home.id, "masterUsername": "admin"}
            stack.add(kinds[1], name, inputs)
        assert verdict(stack, "rds-creation") == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"snapshotIdentifier": "rds:app"}, "rejects it"),
        ({"restoreToPointInTime": {"sourceDbInstanceIdentifier": "app"}}, "rejects it"),
        ({"replicateSourceDb": "app"}, "passes"),
    ],
)
def test_a_restored_database_is_given_its_password(said: Any, expected: str) -> None:
    stack = Stack()
    stack.add("aws:rds/instance:Instance", "it", {"password": "short", **said})
    assert verdict(stack, "rds-creation") == expected


def test_a_cluster_that_is_restored_by_its_resource_id_is_not_made_afresh() -> None:
    stack = Stack()
    inputs = {
        "engine": "aurora-postgresql",
        "sourceDbClusterResourceId": "cluster-ABC",
        "masterUsername": "admin",
        "allocatedStorage": 1,
    }
    stack.add("aws-native:rds:DbCluster", "it", inputs)
    assert verdict(stack, "rds-creation") == "passes"
