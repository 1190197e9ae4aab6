"""Backtrack in a global database, on the source of one, and on engines that do not have it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel

from policies.serving import adapter
from policies.serving.servicer import PreflightServicer
from policies.testing import UNKNOWN, Made, Output, Run, Secret, Stack
from tests import aws
from tests.support import findings, run, verdict, verdicts, verdicts_on_inputs

MEMBER = "aurora-global-backtrack"
SOURCE = "aurora-global-source-backtrack"
ENGINE = "aurora-backtrack-engine"
MYSQL: dict[str, Any] = {
    "engine": "aurora-mysql",
    "engineVersion": "8.0.mysql_aurora.3.10.1",
    "masterUsername": "root_of_all",
    "masterPassword": Secret("hunter2-hunter2"),
}
POSTGRES: dict[str, Any] = {**MYSQL, "engine": "aurora-postgresql", "engineVersion": "16.8"}
HOURS_72 = 259200


def member(stack: Stack, home: Any = None, **said: Any) -> Made:
    """A cluster of a global database of aurora-mysql."""
    if home is None:
        version = MYSQL["engineVersion"]
        home = aws.global_cluster(stack, engine="aurora-mysql", engineVersion=version)
    return aws.cluster(stack, "orders", home, **{**MYSQL, **said})


def lone(stack: Stack, **said: Any) -> Made:
    return aws.cluster(stack, "orders", **{**MYSQL, **said})


def native(stack: Stack, **said: Any) -> Made:
    given = {"engine": "aurora-mysql", "dbClusterIdentifier": "orders", **said}
    return aws.native(stack, "rds:DbCluster", "orders", given, named_by="dbClusterArn")


def made_from(stack: Stack, source: Any) -> Made:
    return aws.global_cluster(stack, sourceDbClusterIdentifier=source, forceDestroy=True)


def told(stack: Stack, policy: str) -> str:
    return next(each.message for each in run(stack) if each.policy == policy)


def remediated(stack: Stack, made: Made, policy: str) -> Mapping[str, Any] | None:
    """The properties that the policy's remediation leaves; None where it has nothing to do."""
    case = Run(stack, config={policy: "remediate"})
    policies = adapter.build()
    server = PreflightServicer("test", "0.0.1", policies, EnforcementLevel.ADVISORY)
    server.Configure(case.configuration(policies), None)
    properties = case.resource_request(made).properties
    request = proto.AnalyzeRequest(type=made.type, urn=made.urn, name=made.name)
    request.properties.CopyFrom(properties)
    found = server.Remediate(request, None).remediations
    assert {each.policyName for each in found} <= {policy}
    return dict(found[0].properties) if found else None


# --- aurora-global-backtrack ---------------------------------------------------------------------


@pytest.mark.parametrize("window", [HOURS_72, 1, 3600.0, "3600"])
def test_a_member_with_a_window_is_rejected(window: Any) -> None:
    stack = Stack()
    member(stack, backtrackWindow=window)
    assert verdicts_on_inputs(stack, MEMBER) == {"rejects orders"}
    assert findings(stack) == {(MEMBER, "orders")}


@pytest.mark.parametrize("home", ["elsewhere", UNKNOWN])
def test_a_member_is_one_wherever_its_global_cluster_is(home: Any) -> None:
    stack = Stack()
    member(stack, home, backtrackWindow=HOURS_72)
    assert verdicts_on_inputs(stack, MEMBER) == {"rejects orders"}


def test_a_member_of_another_engine_is_one_finding_and_that_of_the_membership() -> None:
    stack = Stack()
    aws.cluster(stack, "orders", aws.global_cluster(stack), **POSTGRES, backtrackWindow=HOURS_72)
    assert findings(stack) == {(MEMBER, "orders")}


def test_a_native_member_with_a_window_is_rejected() -> None:
    stack = Stack()
    native(stack, globalClusterIdentifier="elsewhere", backtrackWindow=HOURS_72)
    assert verdicts_on_inputs(stack, MEMBER) == {"rejects orders"}


@pytest.mark.parametrize("window", [0, 0.0, "0", None, "", -1])
def test_a_member_without_a_window_passes(window: Any) -> None:
    stack = Stack()
    member(stack, backtrackWindow=window)
    assert verdicts_on_inputs(stack, MEMBER) == {"passes"}
    assert findings(stack) == set()


@pytest.mark.parametrize("home", [None, ""])
def test_a_window_outside_of_global_databases_passes(home: Any) -> None:
    stack = Stack()
    lone(stack, backtrackWindow=HOURS_72, globalClusterIdentifier=home)
    assert verdicts_on_inputs(stack, MEMBER) == {"passes"}
    assert findings(stack) == set()


def test_the_name_of_a_global_cluster_in_a_tag_is_no_membership() -> None:
    stack = Stack()
    lone(stack, backtrackWindow=HOURS_72, tags={"globalClusterIdentifier": "world"})
    assert findings(stack) == set()


@pytest.mark.parametrize("window", [UNKNOWN, "soon", {}, [], True])
def test_a_window_that_is_not_known_leaves_it_open(window: Any) -> None:
    stack = Stack()
    member(stack, backtrackWindow=window)
    assert verdict(stack, MEMBER) == "cannot tell orders"


def test_remediation_takes_the_window_off_a_member() -> None:
    stack = Stack()
    orders = member(stack, backtrackWindow=HOURS_72)
    left = remediated(stack, orders, MEMBER)
    assert left is not None
    assert set(left) == set(orders.inputs) - {"backtrackWindow"}


@pytest.mark.parametrize("window", [0, UNKNOWN, None])
def test_remediation_leaves_a_window_that_may_be_in_order(window: Any) -> None:
    stack = Stack()
    assert remediated(stack, member(stack, backtrackWindow=window), MEMBER) is None


def test_remediation_leaves_the_window_of_a_lone_cluster() -> None:
    stack = Stack()
    assert remediated(stack, lone(stack, backtrackWindow=HOURS_72), MEMBER) is None


def test_the_message_about_a_member_says_what_aws_answers() -> None:
    stack = Stack()
    member(stack, backtrackWindow=HOURS_72)
    message = told(stack, MEMBER)
    assert "orders joins a global database with a backtrack window of 259200 seconds." in message
    assert "Backtrack is not supported for global databases." in message
    assert "docs/policies/aurora-global-backtrack.md" in message


# --- aurora-global-source-backtrack --------------------------------------------------------------


@pytest.mark.parametrize("named_by", ["arn", "id", "clusterIdentifier"])
def test_a_source_with_a_window_is_rejected(named_by: str) -> None:
    stack = Stack()
    made_from(stack, lone(stack, backtrackWindow=HOURS_72).output(named_by))
    assert verdicts(stack, SOURCE) == {"rejects orders"}
    assert findings(stack) == {(SOURCE, "orders")}


def test_a_source_that_is_named_by_text_is_found() -> None:
    stack = Stack()
    lone(stack, backtrackWindow=HOURS_72)
    made_from(stack, "orders")
    assert verdicts(stack, SOURCE) == {"rejects orders"}


def test_a_native_source_with_a_window_is_rejected() -> None:
    stack = Stack()
    orders = native(stack, backtrackWindow=HOURS_72)
    given = {"sourceDbClusterIdentifier": orders.output("dbClusterArn")}
    aws.native(stack, "rds:GlobalCluster", "world", given, named_by="globalEndpoint")
    assert verdicts(stack, SOURCE) == {"rejects orders"}


@pytest.mark.parametrize("window", [0, None, "0"])
def test_a_source_without_a_window_passes(window: Any) -> None:
    stack = Stack()
    made_from(stack, lone(stack, backtrackWindow=window).output("arn"))
    assert verdicts(stack, SOURCE) == {"passes"}
    assert findings(stack) == set()


def test_a_cluster_beside_the_source_may_have_a_window() -> None:
    stack = Stack()
    source = aws.cluster(stack, "source", **MYSQL)
    made_from(stack, source.output("arn"))
    lone(stack, backtrackWindow=HOURS_72)
    assert verdicts(stack, SOURCE) == {"passes"}


def test_a_source_that_joins_by_itself_is_the_members_finding() -> None:
    stack = Stack()
    made_from(stack, member(stack, "world", backtrackWindow=HOURS_72).output("arn"))
    assert findings(stack) == {(MEMBER, "orders")}


def test_a_source_of_another_engine_is_the_engines_finding() -> None:
    stack = Stack()
    made_from(stack, lone(stack, **{**POSTGRES, "backtrackWindow": HOURS_72}).output("arn"))
    assert findings(stack) == {(ENGINE, "orders")}
    assert verdicts(stack, SOURCE) == {"passes"}


def test_a_source_that_a_refresh_shows_in_its_global_cluster_is_found_still() -> None:
    stack = Stack()
    orders = lone(stack, backtrackWindow=HOURS_72)
    orders.outputs["globalClusterIdentifier"] = "world"
    made_from(stack, orders.output("arn"))
    # The source exists, and the global cluster is to be made from it.
    assert verdict(stack, SOURCE, existing=[orders]) == "rejects orders"
    assert verdict(stack, SOURCE, deployed=True) == "passes"


def test_a_source_whose_window_is_not_known_leaves_it_open() -> None:
    stack = Stack()
    made_from(stack, lone(stack, backtrackWindow=UNKNOWN).output("arn"))
    assert verdict(stack, SOURCE) == "cannot tell orders"


def test_which_of_two_clusters_is_the_source_leaves_it_open() -> None:
    stack = Stack()
    both = (lone(stack, backtrackWindow=HOURS_72), aws.cluster(stack, "other", **MYSQL))
    made_from(stack, Output("orders", both))
    assert verdict(stack, SOURCE) == "cannot tell world"
    stack = Stack()
    both = (lone(stack, backtrackWindow=0), aws.cluster(stack, "other", **MYSQL))
    made_from(stack, Output("orders", both))
    assert verdict(stack, SOURCE) == "passes"


@pytest.mark.parametrize("source", ["arn:aws:rds:eu-west-1:111122223333:cluster:far", UNKNOWN])
def test_a_source_of_another_stack_leaves_it_open(source: Any) -> None:
    stack = Stack()
    made_from(stack, source)
    assert verdict(stack, SOURCE) == "cannot tell world"
    assert verdict(stack, SOURCE, deployed=True) == "passes"


def test_a_source_of_which_nothing_is_known_leaves_it_open() -> None:
    stack = Stack()
    orders = lone(stack, backtrackWindow=HOURS_72)
    made_from(stack, orders.output("arn"))
    orders.inputs, orders.outputs = {}, {}
    assert verdict(stack, SOURCE) == "cannot tell orders"


@pytest.mark.parametrize("source", [{}, [], 7, None, ""])
def test_a_malformed_source_is_never_rejected(source: Any) -> None:
    stack = Stack()
    aws.global_cluster(stack).inputs |= {"sourceDbClusterIdentifier": source}  # type: ignore[operator]
    lone(stack, backtrackWindow=HOURS_72)
    assert findings(stack) == set()


def test_the_message_about_a_source_leads_from_the_global_cluster_to_it() -> None:
    stack = Stack()
    made_from(stack, lone(stack, backtrackWindow=HOURS_72).output("arn"))
    message = told(stack, SOURCE)
    assert "global cluster world -> cluster orders -> backtrackWindow" in message
    assert "orders has a backtrack window of 259200 seconds" in message


# --- aurora-backtrack-engine ---------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["aurora-postgresql", "Aurora-PostgreSQL", "mysql", "postgres"])
@pytest.mark.parametrize("window", [HOURS_72, "1"])
def test_a_window_on_an_engine_without_backtrack_is_rejected(engine: str, window: Any) -> None:
    stack = Stack()
    version = None if engine == "postgres" else POSTGRES.get("engineVersion")
    said = {"engine": engine, "engineVersion": version, "backtrackWindow": window}
    lone(stack, **{**POSTGRES, **said})
    assert verdicts_on_inputs(stack, ENGINE) == {"rejects orders"}
    assert findings(stack) == {(ENGINE, "orders")}


def test_a_native_cluster_without_backtrack_is_rejected() -> None:
    stack = Stack()
    native(stack, engine="aurora-postgresql", backtrackWindow=HOURS_72)
    assert verdicts_on_inputs(stack, ENGINE) == {"rejects orders"}


@pytest.mark.parametrize(
    "said",
    [
        {"backtrackWindow": HOURS_72},
        {"engine": "Aurora-MySQL", "backtrackWindow": HOURS_72},
        {"engine": "aurora-postgresql", "engineVersion": "16.8"},
        {"engine": "aurora-postgresql", "engineVersion": "16.8", "backtrackWindow": 0},
        {"engine": "aurora-postgresql", "engineVersion": "16.8", "backtrackWindow": None},
        {"engineVersion": None, "backtrackWindow": UNKNOWN},
    ],
)
def test_a_cluster_with_the_backtrack_that_its_engine_has_passes(said: dict[str, Any]) -> None:
    stack = Stack()
    lone(stack, **said)
    assert verdicts_on_inputs(stack, ENGINE) == {"passes"}
    assert findings(stack) == set()


def test_the_engine_that_aws_has_withdrawn_is_another_policys_finding() -> None:
    stack = Stack()
    lone(stack, engine="aurora", engineVersion=None, backtrackWindow=HOURS_72)
    assert findings(stack) == {("engine-version-retired", "orders")}


@pytest.mark.parametrize(
    "said",
    [
        {"engine": UNKNOWN},
        {"engine": None},
        {"engine": {}},
        {"engine": "aurora-postgresql", "backtrackWindow": UNKNOWN},
        {"engine": "aurora-postgresql", "backtrackWindow": "soon"},
        {"engine": UNKNOWN, "backtrackWindow": UNKNOWN},
    ],
)
def test_an_engine_or_a_window_that_is_not_known_leaves_it_open(said: dict[str, Any]) -> None:
    stack = Stack()
    lone(stack, **{"engineVersion": None, "backtrackWindow": HOURS_72, **said})
    assert verdict(stack, ENGINE) == "cannot tell orders"


def test_remediation_takes_a_window_off_an_engine_without_backtrack() -> None:
    stack = Stack()
    orders = lone(stack, **{**POSTGRES, "backtrackWindow": HOURS_72})
    left = remediated(stack, orders, ENGINE)
    assert left is not None
    assert set(left) == set(orders.inputs) - {"backtrackWindow"}


@pytest.mark.parametrize(
    "said", [{"backtrackWindow": HOURS_72}, {"engine": UNKNOWN, "backtrackWindow": HOURS_72}]
)
def test_remediation_leaves_a_window_that_the_engine_may_have(said: dict[str, Any]) -> None:
    stack = Stack()
    assert remediated(stack, lone(stack, **said), ENGINE) is None


def test_remediation_of_the_engine_leaves_members_to_that_of_global_databases() -> None:
    stack = Stack()
    orders = member(stack, "elsewhere", **{**POSTGRES, "backtrackWindow": HOURS_72})
    assert remediated(stack, orders, ENGINE) is None


def test_the_message_about_an_engine_says_what_aws_answers() -> None:
    stack = Stack()
    lone(stack, **{**POSTGRES, "backtrackWindow": HOURS_72})
    message = told(stack, ENGINE)
    assert "cluster orders -> engine aurora-postgresql -> backtrackWindow" in message
    assert "Backtrack is not enabled for the aurora-postgresql engine." in message
    assert "point-in-time restore" in message
