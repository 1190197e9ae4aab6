"""Engine versions as policies, through the SDK: global databases, retired versions, Serverless v1.

What the data says about a version is tested in test_engine_versions.py."""

from __future__ import annotations

from typing import Any

import pytest

from policies.serving.servicer import PreflightServicer
from policies.testing import UNKNOWN, Diagnostic, Made, Secret, Stack
from tests import aws
from tests.support import doubts, findings, first_verdicts, run, verdict, verdicts

GLOBAL = "aurora-global-engine-version"
RETIRED = "engine-version-retired"
ENDING = "engine-version-ending"
V1 = "aurora-serverless-v1"
CREDENTIALS: dict[str, Any] = {
    "masterUsername": "root_of_all",
    "masterPassword": Secret("long-enough"),
}
MYSQL = "aurora-mysql"


def lone(stack: Stack, version: Any, **said: Any) -> Made:
    """A cluster outside of global databases."""
    return aws.cluster(stack, "orders", **{**CREDENTIALS, "engineVersion": version, **said})


def member(stack: Stack, version: Any, **said: Any) -> Made:
    """A cluster of a global database that another stack has."""
    return aws.cluster(
        stack, "orders", "elsewhere", **{**CREDENTIALS, "engineVersion": version, **said}
    )


def global_database(stack: Stack, version: Any, **said: Any) -> None:
    home = aws.global_cluster(stack, engineVersion=version, **said)
    aws.cluster(stack, "orders", home, **{**CREDENTIALS, "engineVersion": version, **said})


def only(stack: Stack, policy: str) -> Diagnostic:
    [found] = [each for each in run(stack) if each.policy == policy]
    return found


# --- versions in a global database ---------------------------------------------------------------


def test_a_global_database_of_15_4_is_rejected_and_nothing_else_is_said() -> None:
    stack = Stack()
    global_database(stack, "15.4")
    assert verdicts(stack, GLOBAL) == {"rejects orders, world"}
    assert findings(stack) == {(GLOBAL, "orders"), (GLOBAL, "world")}


def test_a_member_that_asks_for_what_its_global_cluster_does_is_told_in_short() -> None:
    stack = Stack()
    global_database(stack, "15.4")
    first, member_s = (each.message for each in sorted_by_length(stack, GLOBAL))
    assert "Use 15.10" in first
    assert "orders asks for aurora-postgresql 15.4, as global cluster world does." in member_s
    assert "Use 15.10" not in member_s


def sorted_by_length(stack: Stack, policy: str) -> list[Diagnostic]:
    found = [each for each in run(stack) if each.policy == policy]
    return sorted(found, key=lambda each: -len(each.message))


def test_15_4_outside_of_global_databases_is_only_retired() -> None:
    stack = Stack()
    lone(stack, "15.4")
    assert findings(stack) == {(RETIRED, "orders")}
    assert only(stack, RETIRED).level == "mandatory"


def test_15_7_fits_global_databases_and_is_told_once() -> None:
    stack = Stack()
    global_database(stack, "15.7")
    assert verdicts(stack, GLOBAL) == {"passes"}
    assert findings(stack) == {(ENDING, "world")}
    assert {each.level for each in run(stack)} == {"advisory"}


@pytest.mark.parametrize(
    ("engine", "version"),
    [
        ("aurora-postgresql", "15.10"),
        ("aurora-postgresql", "16.8"),
        ("aurora-postgresql", "17.7"),
        ("Aurora-PostgreSQL", " 16.8 "),
        (MYSQL, "8.0.mysql_aurora.3.10.1"),
    ],
)
def test_a_version_that_aws_offers_for_global_databases_passes(engine: str, version: str) -> None:
    stack = Stack()
    global_database(stack, version, engine=engine)
    assert findings(stack) == set()
    assert verdicts(stack, GLOBAL) == {"passes"}
    assert verdicts(stack, RETIRED) == {"passes"}


@pytest.mark.parametrize(
    ("engine", "version"),
    [
        ("aurora-postgresql", "15.6"),
        ("aurora-postgresql", "14.2"),
        ("aurora-postgresql", "10.21"),
        ("aurora-postgresql", "16.8-limitless"),
        (MYSQL, "5.7.mysql_aurora.2.06.0"),
        (MYSQL, "5.6"),
        ("aurora", None),
        ("aurora", "5.6.10a"),
        ("mysql", "8.0.39"),
        ("postgres", None),
    ],
)
def test_what_no_global_database_takes_is_rejected(engine: str, version: str | None) -> None:
    stack = Stack()
    member(stack, version, engine=engine)
    assert verdicts(stack, GLOBAL) == {"rejects orders"}
    assert findings(stack) == {(GLOBAL, "orders")}


@pytest.mark.parametrize(
    "version", ["15", "8.0", None, "", UNKNOWN, "99.1", "latest", 15.4, {}, []]
)
def test_a_version_that_names_none_leaves_it_open(version: Any) -> None:
    stack = Stack()
    member(stack, version, engine=MYSQL if version == "8.0" else "aurora-postgresql")
    assert verdict(stack, GLOBAL) == "cannot tell orders"
    assert verdict(stack, RETIRED) == "passes"


@pytest.mark.parametrize("engine", [UNKNOWN, None, {}, 5])
def test_an_engine_that_is_not_known_leaves_it_open(engine: Any) -> None:
    stack = Stack()
    member(stack, "15.4", engine=engine)
    assert verdict(stack, GLOBAL) == "cannot tell orders"
    assert findings(stack) == set()


@pytest.mark.parametrize("ignored", ["engineVersion", "*"])
def test_a_new_cluster_that_ignores_changes_of_its_version_is_rejected(ignored: str) -> None:
    """The documented style; to ignore changes matters for what exists."""
    stack = Stack()
    member(stack, "15.4", ignore_changes=[ignored])
    assert verdicts(stack, GLOBAL) == {"rejects orders"}


@pytest.mark.parametrize(
    ("declared", "actual", "ignored", "expected"),
    [
        ("15.4", "15.4", (), "passes"),
        ("15.4", "14.6", (), "rejects orders"),
        ("15.4", "14.6", ("engineVersion",), "passes"),
        ("15.4", "14.6", ("*",), "passes"),
        ("15.4", "15.4.1", (), "passes"),
        ("15.10", "15.4", (), "passes"),
        ("15.4", None, (), "passes"),
        (None, "15.4", (), "passes"),
    ],
)
def test_of_what_exists_an_upgrade_alone_is_asked(
    declared: str | None, actual: str | None, ignored: tuple[str, ...], expected: str
) -> None:
    stack = Stack()
    made = member(stack, declared, ignore_changes=ignored)
    if actual is not None:
        made.outputs["engineVersionActual"] = actual
    assert verdict(stack, GLOBAL, deployed=True) == expected


def test_an_imported_global_cluster_has_its_engine_in_its_outputs() -> None:
    stack = Stack()
    home = aws.global_cluster(stack, engine=None, engineVersion=None)
    home.outputs.update(engine="aurora-postgresql", engineVersion="16.8")
    assert verdict(stack, GLOBAL, deployed=True) == "passes"
    assert verdict(stack, GLOBAL, existing=[home]) == "passes"
    assert doubts(stack, GLOBAL, deployed=True) == set()


def test_a_version_read_off_the_global_cluster_is_judged_there() -> None:
    stack = Stack()
    home = aws.global_cluster(stack, engineVersion="15.4")
    said = {"engineVersion": home.output("engineVersion"), "engine": home.output("engine")}
    aws.cluster(stack, "orders", home, depends_on=(), **{**CREDENTIALS, **said})
    assert verdicts(stack, GLOBAL) == {"rejects orders, world"}
    assert doubts(stack, GLOBAL) == set()
    (of_member,) = [each.message for each in run(stack) if each.resource == "orders"]
    assert "as global cluster world does" in of_member


def test_a_version_that_the_global_cluster_does_not_show_yet_is_judged_there() -> None:
    stack = Stack()
    home = aws.global_cluster(stack, engineVersion=UNKNOWN)
    said = {"engineVersion": home.output("engineVersion"), "engine": home.output("engine")}
    aws.cluster(stack, "orders", home, depends_on=(), **{**CREDENTIALS, **said})
    assert first_verdicts(stack, GLOBAL) == {"cannot tell world"}


def test_a_version_read_off_a_global_cluster_made_from_a_cluster_is_no_doubt() -> None:
    stack = Stack()
    east = lone(stack, "16.8")
    home = aws.global_cluster(
        stack, engine=None, engineVersion=None, sourceDbClusterIdentifier=east.output("arn")
    )
    home.outputs.update(engine="aurora-postgresql", engineVersion="16.8")
    said: dict[str, Any] = {name: home.output(name) for name in ("engine", "engineVersion")}
    aws.cluster(stack, "west", home, **said)
    assert doubts(stack, GLOBAL) == set()


@pytest.mark.parametrize(
    ("region", "expected"),
    [("us-east-1", "passes"), ("eu-central-2", "rejects orders"), (None, "passes")],
)
def test_floors_of_aurora_mysql_differ_by_region(region: str | None, expected: str) -> None:
    stack = Stack(region=region)
    member(stack, "8.0.mysql_aurora.3.01.1", engine=MYSQL)
    assert verdicts(stack, GLOBAL) == {expected}


def test_the_region_of_the_resource_comes_before_that_of_its_provider() -> None:
    stack = Stack(region="eu-central-2")
    member(stack, "8.0.mysql_aurora.3.01.1", engine=MYSQL, region="us-east-1")
    assert verdicts(stack, GLOBAL) == {"passes"}


def test_a_global_cluster_without_an_engine_is_rejected() -> None:
    stack = Stack()
    aws.global_cluster(stack, engine=None, engineVersion=None)
    assert verdicts(stack, GLOBAL) == {"rejects world"}
    assert "value for engineName should be specified" in only(stack, GLOBAL).message


@pytest.mark.parametrize("source", ["arn:aws:rds:us-east-1:1:cluster:orders", UNKNOWN])
def test_a_global_cluster_that_is_made_from_a_cluster_inherits_its_version(source: Any) -> None:
    stack = Stack()
    retired = {"engine": "aurora-postgresql", "engineVersion": "15.4"}
    aws.global_cluster(stack, sourceDbClusterIdentifier=source, **retired)
    assert verdicts(stack, GLOBAL) == {"passes"}
    assert verdicts(stack, RETIRED) == {"passes"}


def test_the_global_cluster_of_a_retired_source_is_not_blamed() -> None:
    stack = Stack()
    source = lone(stack, "13.11")
    aws.global_cluster(stack, sourceDbClusterIdentifier=source.output("arn"))
    assert findings(stack) == {(RETIRED, "orders")}


@pytest.mark.parametrize(("version", "expected"), [("15.4", "rejects"), ("15.7", "passes")])
def test_native_clusters_and_global_clusters_are_judged_alike(version: str, expected: str) -> None:
    stack = Stack()
    said = {"engine": "aurora-postgresql", "engineVersion": version}
    home = aws.native(
        stack,
        "rds:GlobalCluster",
        "world",
        {"globalClusterIdentifier": "world", **said},
        named_by="globalEndpoint",
    )
    aws.native(
        stack,
        "rds:DbCluster",
        "orders",
        {"globalClusterIdentifier": home.output("globalClusterIdentifier"), **said},
        named_by="dbClusterArn",
    )
    both = {"rejects": "rejects orders, world"}
    assert verdicts(stack, GLOBAL) == {both.get(expected, expected)}


def test_a_native_member_without_an_engine_leaves_it_open() -> None:
    stack = Stack()
    given = {"globalClusterIdentifier": "elsewhere"}
    aws.native(stack, "rds:DbCluster", "orders", given, named_by="dbClusterArn")
    assert verdict(stack, GLOBAL) == "cannot tell orders"


def test_the_message_says_what_aws_answers_and_what_to_use() -> None:
    stack = Stack()
    member(stack, "15.4")
    message = only(stack, GLOBAL).message
    assert "orders asks for aurora-postgresql 15.4" in message
    assert "The requested engine version was not found or does not support global" in message
    assert "15.10 (long-term support until 2028-02-29)" in message
    assert "docs/policies/aurora-global-engine-version.md" in message


@pytest.mark.parametrize("version", ["15.7", "17.7"], ids=["retired in RDS", "not retired"])
def test_of_an_engine_that_is_not_aurora_the_version_is_not_what_is_wrong(version: str) -> None:
    stack = Stack()
    member(stack, version, engine="postgres")
    message = only(stack, GLOBAL).message
    assert "supports Aurora clusters only in a global database, and postgres is not" in message
    assert "deprecated" not in message


# --- the organization's own minimum --------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "expected"),
    [("16.8", "rejects orders"), ("16.9", "passes"), ("16.10", "passes"), ("17.7", "passes")],
)
def test_an_organization_may_ask_for_more(version: str, expected: str) -> None:
    stack = Stack()
    member(stack, version)
    config = {GLOBAL: {"minimumVersions": {"aurora-postgresql 16": "16.9"}}}
    assert verdict(stack, GLOBAL, config=config) == expected


def test_the_message_about_a_minimum_of_ones_own_does_not_blame_aws() -> None:
    stack = Stack()
    member(stack, "16.8")
    config = {GLOBAL: {"minimumVersions": {"aurora-postgresql 16": "16.9"}}}
    [message] = [each.message for each in run(stack, config=config) if each.policy == GLOBAL]
    assert "below your own minimum of 16.9" in message
    assert "AWS: may accept it; the option minimumVersions" in message


@pytest.mark.parametrize(
    ("key", "minimum", "expected"),
    [
        ("aurora-postgresql 16", "16.9", None),
        ("aurora-mysql 8.0", "8.0.mysql_aurora.3.08.0", None),
        ("aurora-postgresql 16", "newest", '"newest", the minimum of "aurora-postgresql 16", is '),
        ("aurora-postgresql 16", "16", "is not one version of aurora-postgresql"),
        (
            "aurora-postgresql 17",
            "16.9",
            '"16.9" belongs to "aurora-postgresql 16", and is given for "',
        ),
        ("aurora-postgresql", "16.9", 'and is given for "aurora-postgresql".'),
        ("postgres 16", "16.9", "does not start with aurora-postgresql or aurora-mysql"),
    ],
)
def test_a_minimum_without_effect_is_told(key: str, minimum: str, expected: str | None) -> None:
    stack = Stack()
    member(stack, "16.8" if expected else "16.10")
    config = {GLOBAL: {"minimumVersions": {key: minimum}}}
    told = [
        each
        for each in run(stack, config=config, servicer=PreflightServicer)
        if each.policy == GLOBAL
    ]
    assert len(told) == (1 if expected else 0)
    for each in told:
        assert each.level == "advisory"
        assert "Configuration: minimumVersions: " in each.message
        assert (expected or "") in each.message


# --- engine-version-retired ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("engine", "version"),
    [
        ("aurora-postgresql", "15.4"),
        ("aurora-postgresql", "15.4.1"),
        ("aurora-postgresql", "13.11"),
        (MYSQL, "8.0.mysql_aurora.3.02.0"),
        ("aurora", None),
        ("aurora", "5.6.mysql_aurora.1.22.2"),
    ],
)
def test_a_version_that_aws_creates_no_more_is_told(engine: str, version: str | None) -> None:
    stack = Stack()
    lone(stack, version, engine=engine)
    assert verdicts(stack, RETIRED) == {"rejects orders"}
    assert findings(stack) == {(RETIRED, "orders")}


@pytest.mark.parametrize(
    ("engine", "version"),
    [
        ("aurora-postgresql", "14"),
        ("aurora-postgresql", None),
        ("aurora-postgresql", UNKNOWN),
        ("aurora-postgresql", "99.1"),
        ("postgres", "15.13"),
        ("postgres", "15"),
        ("mysql", "5.7.44-rds.20260902"),
        ("mariadb", "10.3.1"),
        (UNKNOWN, "15.4"),
        (None, "15.4"),
    ],
)
def test_what_may_still_be_created_is_not_told(engine: Any, version: Any) -> None:
    stack = Stack()
    lone(stack, version, engine=engine)
    assert verdicts(stack, RETIRED) == {"passes"}
    assert findings(stack) == set()


def test_the_message_about_a_retired_version_dates_the_data() -> None:
    stack = Stack()
    lone(stack, "15.4")
    message = only(stack, RETIRED).message
    assert "Cannot find version 15.4 for aurora-postgresql" in message
    assert "AWS's listing of 20" in message
    stack = Stack()
    lone(stack, None, engine="aurora")
    message = only(stack, RETIRED).message
    assert "orders asks for aurora, which AWS no longer creates" in message
    assert "AWS withdrew the engine aurora" in message
    assert "None" not in message


# --- aurora-serverless-v1 ------------------------------------------------------------------------


@pytest.mark.parametrize("engine", [MYSQL, "aurora-postgresql", "aurora"])
def test_serverless_v1_is_rejected(engine: str) -> None:
    stack = Stack()
    lone(stack, None, engine=engine, engineMode="serverless")
    assert verdicts(stack, V1) == {"rejects orders"}
    assert findings(stack) == {(V1, "orders")}


def test_the_version_of_serverless_v1_is_no_finding_of_its_own() -> None:
    stack = Stack()
    lone(stack, "13.9", engineMode="serverless")
    stack.resources[-1].inputs |= {"engineVersion": "13.11"}  # type: ignore[operator]
    assert findings(stack) == {(V1, "orders")}


def test_serverless_v1_in_a_global_database_is_the_other_policys_finding() -> None:
    stack = Stack()
    member(stack, "16.8", engineMode="serverless")
    assert findings(stack) == {(GLOBAL, "orders")}
    assert "Aurora Serverless v1" in only(stack, GLOBAL).message


def test_native_serverless_v1_is_rejected() -> None:
    stack = Stack()
    given = {"engine": MYSQL, "engineMode": "serverless"}
    aws.native(stack, "rds:DbCluster", "orders", given, named_by="dbClusterArn")
    assert verdicts(stack, V1) == {"rejects orders"}


@pytest.mark.parametrize(
    "mode", ["provisioned", "parallelquery", "global", "", None, "Serverless?"]
)
def test_other_modes_pass(mode: Any) -> None:
    stack = Stack()
    lone(stack, "16.8", engineMode=mode)
    assert verdicts(stack, V1) == {"passes"}
    assert findings(stack) == set()


def test_serverless_v2_passes() -> None:
    stack = Stack()
    scaling = {"minCapacity": 8, "maxCapacity": 64}
    home = aws.global_cluster(stack)
    orders = aws.cluster(
        stack, "orders", home, **{**CREDENTIALS, "serverlessv2ScalingConfiguration": scaling}
    )
    aws.instance(stack, "writer", orders, "db.serverless")
    assert findings(stack) == set()
    for policy in (V1, GLOBAL):
        assert verdicts(stack, policy) == {"passes"}


@pytest.mark.parametrize("mode", [UNKNOWN, {}, 1])
def test_a_mode_that_is_not_known_leaves_it_open(mode: Any) -> None:
    stack = Stack()
    lone(stack, "16.8", engineMode=mode)
    assert verdict(stack, V1) == "cannot tell orders"
    stack = Stack()
    member(stack, "16.8", engineMode=mode)
    assert verdict(stack, GLOBAL) == "cannot tell orders"


def test_the_message_about_serverless_v1_leads_to_v2() -> None:
    stack = Stack()
    lone(stack, None, engineMode="serverless")
    message = only(stack, V1).message
    assert "The engine mode serverless you requested is currently unavailable." in message
    assert "serverlessv2ScalingConfiguration" in message
