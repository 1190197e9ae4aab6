"""What the clusters of a global database must be like: four policies, and who the primary is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.serving import adapter
from policies.testing import UNKNOWN, Made, Output, Run, Secret, Stack
from tests import aws
from tests.support import findings, run, verdict, verdicts, verdicts_on_inputs

MEMBERS = "aurora-global-members"
SECONDARY = "aurora-global-secondary"
PASSWORD = "aurora-global-managed-password"
CLASS = "aurora-global-instance-class"
USER = "root_of_all"
CREDENTIALS: dict[str, Any] = {"masterUsername": USER, "masterPassword": Secret("hunter2-hunter2")}
KEY = "arn:aws:kms:us-west-2:111122223333:key/west"
Build = Callable[[Stack], None]


def message(stack: Stack, policy: str) -> str:
    return next(each.message for each in run(stack) if each.policy == policy)


def is_refused(stack: Stack, policy: str, expected: str) -> None:
    """AWS refuses to make it; of what exists it does not ask."""
    for shows_inputs in (True, False):
        assert verdict(stack, policy, shows_inputs=shows_inputs) == expected
    for shows_inputs in (True, False):
        assert verdict(stack, policy, deployed=True, shows_inputs=shows_inputs) == "passes"


def primary(stack: Stack, home: Any, **inputs: Any) -> Made:
    return aws.cluster(stack, "east", home, **{**CREDENTIALS, "databaseName": "app", **inputs})


def secondary(stack: Stack, home: Any, name: str = "west", **said: Any) -> Made:
    with aws.region(stack, said.pop("place", "us-west-2")):
        return aws.cluster(stack, name, home, **said)


def two_regions(
    stack: Stack,
    *,
    of_global: dict[str, Any] | None = None,
    of_primary: dict[str, Any] | None = None,
    **of_secondary: Any,
) -> tuple[Made, Made, Made]:
    """A global cluster, its primary east and its secondary west, which waits for east's writer."""
    home = aws.global_cluster(stack, **(of_global or {}))
    east = primary(stack, home, **(of_primary or {}))
    writer = aws.instance(stack, "east-writer", east)
    west = secondary(stack, home, depends_on=[writer], **of_secondary)
    with aws.region(stack, "us-west-2"):
        aws.instance(stack, "west-reader", west)
    return home, east, west


def from_a_source(stack: Stack, of_source: dict[str, Any] | None = None, **said: Any) -> Made:
    """A global cluster that is made from east, and west beside it."""
    east = primary(stack, None, **(of_source or {}))
    writer = aws.instance(stack, "east-writer", east)
    home = aws.global_cluster(
        stack, sourceDbClusterIdentifier=east.output("arn"), forceDestroy=True
    )
    secondary(stack, home, depends_on=[writer], **said)
    return home


def native_members(stack: Stack, **said: Any) -> Made:
    """East, the global cluster that is made from it, and west, all by aws-native."""
    east = native_cluster(
        stack, "east", masterUsername=USER, masterUserPassword=Secret("long-enough")
    )
    home = aws.native(
        stack,
        "rds:GlobalCluster",
        "world",
        {
            "globalClusterIdentifier": "world",
            "sourceDbClusterIdentifier": east.output("dbClusterArn"),
        },
        named_by="globalEndpoint",
    )
    given = {
        "dbClusterIdentifier": east.output("dbClusterIdentifier"),
        "dbInstanceClass": "db.r6g.large",
    }
    writer = aws.native(stack, "rds:DbInstance", "east-writer", given, named_by="dbInstanceArn")
    with aws.region(stack, "us-west-2"):
        west = native_cluster(
            stack, "west", globalClusterIdentifier=home.output("globalClusterIdentifier"), **said
        )
    west.depends_on = (writer,)
    return west


def native_cluster(stack: Stack, name: str, **said: Any) -> Made:
    given = {"engine": "aurora-postgresql", "engineVersion": "16.8", "dbClusterIdentifier": name}
    given = {key: value for key, value in {**given, **said}.items() if value is not None}
    return aws.native(stack, "rds:DbCluster", name, given, named_by="dbClusterArn")


# --- good neighbours -----------------------------------------------------------------------------


def as_documented(stack: Stack) -> None:
    two_regions(stack)


def made_from_a_source(stack: Stack) -> None:
    from_a_source(stack)


def by_aws_native(stack: Stack) -> None:
    native_members(stack)


def encrypted_with_a_key_each(stack: Stack) -> None:
    key = stack.add("aws:kms/key:Key", "key", {"enableKeyRotation": True}, region="us-west-2")
    two_regions(
        stack,
        of_global={"storageEncrypted": True},
        of_primary={"storageEncrypted": True},
        storageEncrypted=True,
        kmsKeyId=key.output("arn"),
    )


def membership_named_by_text(stack: Stack) -> None:
    home = aws.global_cluster(stack)
    writer = aws.instance(stack, "east-writer", primary(stack, "world"))
    secondary(stack, "world", depends_on=[writer, home])


def version_read_off_the_global_cluster(stack: Stack) -> None:
    home = aws.global_cluster(stack)
    names = ("engine", "engineVersion")
    said: dict[str, Any] = {name: home.output(name) for name in names}
    writer = aws.instance(stack, "east-writer", primary(stack, home, **said))
    secondary(stack, home, depends_on=[writer], **said)


def membership_read_off_the_primary(stack: Stack) -> None:
    east = primary(stack, aws.global_cluster(stack))
    writer = aws.instance(stack, "east-writer", east)
    secondary(stack, east.output("globalClusterIdentifier"), depends_on=[writer])


def unset_properties_that_are_null(stack: Stack) -> None:
    home = aws.global_cluster(stack)
    writer = aws.instance(stack, "east-writer", primary(stack, home))
    west = secondary(stack, home, depends_on=[writer])
    west.inputs = {**west.inputs, "masterUsername": None, "masterPassword": "", "kmsKeyId": None}


def credentials_written_only(stack: Stack) -> None:
    home = aws.global_cluster(stack)
    said = {"masterPassword": None, "masterPasswordWo": Secret("long-enough"), "databaseName": None}
    writer = aws.instance(stack, "east-writer", primary(stack, home, **said))
    secondary(stack, home, depends_on=[writer])


@pytest.mark.parametrize(
    "build",
    [
        as_documented,
        made_from_a_source,
        by_aws_native,
        encrypted_with_a_key_each,
        membership_named_by_text,
        membership_read_off_the_primary,
        version_read_off_the_global_cluster,
        unset_properties_that_are_null,
        credentials_written_only,
    ],
)
@pytest.mark.parametrize("deployed", [False, True])
@pytest.mark.parametrize("shows_inputs", [False, True])
def test_a_good_global_database_has_no_finding_of_any_policy(
    build: Build, deployed: bool, shows_inputs: bool
) -> None:
    stack = Stack()
    build(stack)
    found = findings(stack, deployed=deployed, shows_inputs=shows_inputs)
    assert found == set()
    for policy in (MEMBERS, SECONDARY, PASSWORD, CLASS):
        assert verdict(stack, policy, deployed=deployed, shows_inputs=shows_inputs) == "passes"


# --- aurora-global-members: engine, version, encryption ------------------------------------------


@pytest.mark.parametrize(
    ("of_global", "of_primary", "of_secondary"),
    [
        ({}, {}, {"engineVersion": "16.9"}),
        ({}, {}, {"engineVersion": "17.7"}),
        ({"engineVersion": "17"}, {"engineVersion": "17.7"}, {"engineVersion": "16.8"}),
        ({"engineVersion": None}, {}, {"engineVersion": "16.10"}),
    ],
)
def test_a_new_member_of_another_version_is_rejected(
    of_global: dict[str, Any], of_primary: dict[str, Any], of_secondary: dict[str, Any]
) -> None:
    stack = Stack()
    two_regions(stack, of_global=of_global, of_primary=of_primary, **of_secondary)
    is_refused(stack, MEMBERS, "rejects west")


def test_a_member_that_exists_may_say_another_version() -> None:
    # The usual program for an upgrade ignores changes of the members' version, so that their inputs
    # stay what they were when the global cluster upgrades them.
    stack = Stack()
    two_regions(
        stack,
        of_global={"engineVersion": "16.9"},
        of_primary={"ignore_changes": ["engineVersion"]},
        ignore_changes=["engineVersion"],
    )
    assert verdict(stack, MEMBERS, deployed=True) == "passes"
    assert verdict(stack, MEMBERS) == "rejects east, west"


def test_a_new_member_is_compared_with_what_exists() -> None:
    stack = Stack()
    home, east, _ = two_regions(
        stack,
        of_global={"engineVersion": None},
        of_primary={"engineVersion": None},
        engineVersion="16.9",
    )
    assert verdict(stack, MEMBERS) == "cannot tell west"
    assert verdict(stack, MEMBERS, existing=[home, east]) == "rejects west"


def test_a_primary_of_another_version_than_its_global_cluster_is_rejected() -> None:
    stack = Stack()
    two_regions(stack, of_primary={"engineVersion": "16.9"})
    assert verdict(stack, MEMBERS) == "rejects east"


def test_a_member_of_another_version_than_the_source_is_rejected() -> None:
    stack = Stack()
    from_a_source(stack, engineVersion="16.9")
    assert verdict(stack, MEMBERS) == "rejects west"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"engineVersion": "15.4"}, {"rejects east"}),
        ({"engine": "aurora-mysql", "engineVersion": "8.0.mysql_aurora.3.00.0"}, {"rejects east"}),
        ({"engine": "postgres", "engineVersion": "16.8"}, {"rejects east"}),
        ({"engineVersion": "16.4-limitless"}, {"rejects east"}),
        ({"engineVersion": "16"}, {"cannot tell east"}),
    ],
)
def test_a_source_that_fits_no_global_database_is_rejected(
    said: dict[str, Any], expected: set[str]
) -> None:
    stack = Stack()
    from_a_source(stack, said, **said)
    stack.resources.remove(aws.named(stack, "west"))
    assert verdicts(stack, MEMBERS) == expected
    assert "aurora-global-engine-version" not in {policy for policy, _ in findings(stack)}


def test_a_source_of_serverless_v1_is_left_to_the_policy_about_that() -> None:
    stack = Stack()
    from_a_source(stack, {"engineMode": "serverless"})
    assert findings(stack) == {("aurora-serverless-v1", "east")}


def test_a_source_with_a_membership_of_its_own_is_rejected_once() -> None:
    stack = Stack()
    east = primary(stack, "world", engineVersion="15.4")
    aws.global_cluster(stack, sourceDbClusterIdentifier=east.output("arn"))
    assert findings(stack) == {("aurora-global-engine-version", "east")}


def test_a_native_member_of_another_version_than_the_source_is_rejected() -> None:
    stack = Stack()
    native_members(stack, engineVersion="16.9")
    assert verdict(stack, MEMBERS) == "rejects west"


def test_members_that_only_name_their_global_cluster_are_compared_with_the_primary() -> None:
    stack = Stack()
    primary(stack, "elsewhere")
    secondary(stack, "elsewhere", engineVersion="16.9")
    assert verdict(stack, MEMBERS) == "rejects west"


@pytest.mark.parametrize(
    ("one", "other"),
    [("16.8", " 16.8 "), ("16.8", "16.8.1"), ("16.8.1", "16.8")],
)
def test_versions_that_are_written_differently_are_the_same(one: str, other: str) -> None:
    stack = Stack()
    two_regions(stack, of_global={"engineVersion": one}, of_primary={"engineVersion": one})
    stack.resources[-2].inputs = {**stack.resources[-2].inputs, "engineVersion": other}
    assert verdict(stack, MEMBERS) == "passes"


@pytest.mark.parametrize(
    "said",
    [
        {"engineVersion": None},
        {"engineVersion": UNKNOWN},
        {"engineVersion": "16"},
        {"engineVersion": 16.8},
        {"engineVersion": "latest"},
        {"storageEncrypted": UNKNOWN},
        {"storageEncrypted": "perhaps"},
    ],
)
def test_what_is_not_known_of_a_member_is_not_called_different(said: dict[str, Any]) -> None:
    stack = Stack()
    two_regions(stack, of_global={"storageEncrypted": False}, **said)
    for shows_inputs in (True, False):
        assert verdict(stack, MEMBERS, shows_inputs=shows_inputs) == "cannot tell west"


def test_an_engine_that_is_written_differently_is_the_same() -> None:
    stack = Stack()
    two_regions(stack, engine="Aurora-PostgreSQL")
    assert verdict(stack, MEMBERS) == "passes"


def test_a_version_that_is_absent_and_in_order_is_no_matter_after_the_deployment() -> None:
    stack = Stack()
    two_regions(stack, engineVersion=None)
    assert verdict(stack, MEMBERS, deployed=True) == "passes"


def test_a_global_cluster_that_lets_aws_choose_its_version_leaves_it_open() -> None:
    stack = Stack()
    two_regions(stack, of_global={"engineVersion": None})
    assert verdict(stack, MEMBERS) == "cannot tell east, west"
    assert verdict(stack, MEMBERS, deployed=True) == "passes"


def test_a_version_that_the_global_cluster_takes_from_elsewhere_leaves_it_open() -> None:
    stack = Stack()
    two_regions(stack, of_global={"engineVersion": UNKNOWN})
    assert verdict(stack, MEMBERS) == "cannot tell east, west"


def test_of_a_global_cluster_in_another_stack_nothing_is_known() -> None:
    stack = Stack()
    secondary(stack, "elsewhere")
    assert verdict(stack, MEMBERS) == "cannot tell west"
    assert verdict(stack, MEMBERS, deployed=True) == "passes"


def test_a_membership_that_is_not_known_leaves_it_open() -> None:
    stack = Stack()
    secondary(stack, UNKNOWN)
    assert verdict(stack, MEMBERS) == "cannot tell west"


def test_a_membership_in_one_of_two_global_databases_leaves_it_open() -> None:
    stack = Stack()
    both = (aws.global_cluster(stack, "one"), aws.global_cluster(stack, "two"))
    secondary(stack, Output("one", both), engineVersion="16.9")
    assert verdict(stack, MEMBERS) == "cannot tell west"


@pytest.mark.parametrize(
    ("of_global", "of_primary", "of_secondary"),
    [
        ({"storageEncrypted": False}, {}, {"storageEncrypted": True, "kmsKeyId": KEY}),
        ({"storageEncrypted": True}, {}, {"storageEncrypted": False}),
        ({"storageEncrypted": "true"}, {}, {"storageEncrypted": "false"}),
    ],
)
def test_a_member_of_another_encryption_is_rejected(
    of_global: dict[str, Any], of_primary: dict[str, Any], of_secondary: dict[str, Any]
) -> None:
    stack = Stack()
    two_regions(stack, of_global=of_global, of_primary=of_primary, **of_secondary)
    is_refused(stack, MEMBERS, "rejects west")
    assert findings(stack) == {(MEMBERS, "west")}


@pytest.mark.parametrize(
    ("of_global", "of_primary", "of_secondary"),
    [
        ({"storageEncrypted": True}, {"storageEncrypted": True}, {"kmsKeyId": KEY}),
        ({"storageEncrypted": False}, {}, {}),
        ({"storageEncrypted": None}, {"storageEncrypted": None}, {}),
    ],
)
def test_encryption_that_one_side_does_not_mention_is_no_difference(
    of_global: dict[str, Any], of_primary: dict[str, Any], of_secondary: dict[str, Any]
) -> None:
    stack = Stack()
    two_regions(stack, of_global=of_global, of_primary=of_primary, **of_secondary)
    assert verdict(stack, MEMBERS) == "passes"


def test_another_engine_is_one_finding_whatever_its_version() -> None:
    stack = Stack()
    two_regions(stack, engine="aurora-mysql", engineVersion="8.0.mysql_aurora.3.10.1")
    is_refused(stack, MEMBERS, "rejects west")
    assert [each.policy for each in run(stack)] == [MEMBERS]
    assert "with a different engine:" in message(stack, MEMBERS)


def test_a_version_that_no_global_database_takes_is_the_other_policys_finding() -> None:
    stack = Stack()
    two_regions(stack, engineVersion="15.4")
    assert findings(stack) == {("aurora-global-engine-version", "west")}
    stack = Stack()
    two_regions(stack, of_global={"engineVersion": "15.4"})
    assert findings(stack) == {("aurora-global-engine-version", "world")}


def test_another_encryption_is_a_defect_of_its_own_beside_such_a_version() -> None:
    stack = Stack()
    version = {"engineVersion": "15.4"}
    encrypted: dict[str, Any] = {"storageEncrypted": True}
    two_regions(
        stack,
        of_global={**version, **encrypted},
        of_primary={**version, **encrypted},
        **version,
        storageEncrypted=False,
    )
    assert verdict(stack, MEMBERS) == "rejects west"


def test_the_message_leads_from_the_member_to_what_its_global_cluster_says() -> None:
    stack = Stack()
    two_regions(stack, engineVersion="16.9")
    told = message(stack, MEMBERS)
    assert "Cluster west joins global cluster world with a different engineVersion:" in told
    assert (
        "cluster west -> engineVersion 16.9 -> global cluster world -> engineVersion 16.8" in told
    )
    assert "Value for engineVersion should match setting for global cluster" in told


# --- aurora-global-members: regions and numbers --------------------------------------------------


def test_a_secondary_in_the_region_of_the_primary_is_rejected() -> None:
    stack = Stack()
    two_regions(stack, place="us-east-1")
    assert verdicts(stack, MEMBERS) == {"rejects west"}
    assert "global cluster world -> cluster east -> us-east-1" in message(stack, MEMBERS)
    assert "global cluster world -> cluster west -> us-east-1" in message(stack, MEMBERS)


def test_the_source_stays_in_its_region_whatever_its_name() -> None:
    stack = Stack()
    east = aws.cluster(stack, "zz-primary", **CREDENTIALS)
    home = aws.global_cluster(stack, sourceDbClusterIdentifier=east.output("arn"))
    aws.cluster(stack, "aa-secondary", home)
    assert verdicts(stack, MEMBERS) == {"rejects aa-secondary"}


def test_a_region_of_its_own_in_the_resource_counts() -> None:
    stack = Stack()
    two_regions(stack, region="us-east-1")
    assert verdicts(stack, MEMBERS) == {"rejects west"}
    stack = Stack()
    two_regions(stack, place="us-east-1", region="us-west-2")
    assert verdicts(stack, MEMBERS) == {"passes"}


def test_two_secondaries_in_one_region_are_one_finding_on_the_later() -> None:
    stack = Stack()
    home, _, _ = two_regions(stack)
    secondary(stack, home, "west-again")
    assert verdict(stack, MEMBERS) == "rejects west-again"


def test_where_the_primary_is_not_known_the_first_by_name_stays() -> None:
    stack = Stack()
    home = aws.global_cluster(stack)
    for name in ("b", "a", "c"):
        aws.cluster(stack, name, home)
    assert verdicts(stack, MEMBERS) == {"rejects b, c"}


def test_where_a_secondary_exists_the_new_one_is_rejected_whatever_its_name() -> None:
    stack = Stack()
    home, east, west = two_regions(stack)
    secondary(stack, home, "another")
    made = [home, east, west]
    assert verdict(stack, MEMBERS, existing=made) == "rejects another"


def test_members_of_one_provider_share_a_region_that_nobody_states() -> None:
    stack = Stack(region=None)
    two_regions(stack, place=None)
    assert verdict(stack, MEMBERS) == "rejects west"
    assert "the region of their provider" in message(stack, MEMBERS)


def test_a_region_that_is_not_known_leaves_it_open() -> None:
    stack = Stack()
    two_regions(stack, region=UNKNOWN)
    assert verdict(stack, MEMBERS) == "cannot tell west"


def test_a_member_whose_provider_was_forgotten_is_one_finding_of_the_other_policy() -> None:
    stack = Stack()
    home, _, _ = two_regions(stack)
    with aws.region(stack, "eu-west-1"):
        key = stack.add("aws:kms/key:Key", "key", {}, computed={"keyId": "k", "arn": "k"})
    aws.cluster(stack, "lost", home, kmsKeyId=key.output("arn"))
    assert ("region-local-references", "lost") in findings(stack)
    assert (MEMBERS, "lost") not in findings(stack)


def test_members_of_different_global_databases_may_share_a_region() -> None:
    stack = Stack()
    for name in ("one", "two"):
        aws.cluster(stack, f"{name}-primary", aws.global_cluster(stack, name), **CREDENTIALS)
    assert verdicts(stack, MEMBERS) == {"passes"}


@pytest.mark.parametrize(("secondaries", "expected"), [(10, "passes"), (11, "rejects world")])
def test_ten_secondaries_are_the_most(secondaries: int, expected: str) -> None:
    stack = Stack()
    home = aws.global_cluster(stack)
    writer = aws.instance(stack, "east-writer", primary(stack, home))
    for number in range(secondaries):
        place = f"eu-north-{number}"
        secondary(stack, home, f"m{number}", place=place, depends_on=[writer])
    assert verdicts(stack, MEMBERS) == {expected}


# --- aurora-global-secondary: who is the primary -------------------------------------------------

OWN: dict[str, Any] = {"masterUsername": USER}


def instance_waits(stack: Stack) -> None:
    """Both clusters are alike; the first instance of west waits for that of east."""
    home = aws.global_cluster(stack)
    east = aws.cluster(stack, "east", home, **OWN)
    west = secondary(stack, home, **OWN)
    writer = aws.instance(stack, "east-writer", east)
    aws.instance(stack, "west-reader", west).depends_on = (writer,)


def waits_for_the_cluster(stack: Stack) -> None:
    home = aws.global_cluster(stack)
    east = aws.cluster(stack, "east", home, **OWN)
    secondary(stack, home, depends_on=[east], **OWN)


def names_the_primary_as_its_origin(stack: Stack) -> None:
    home = aws.global_cluster(stack)
    aws.cluster(stack, "east", home, **OWN)
    secondary(stack, home, replicationSourceIdentifier="east", **OWN)


def is_the_source(stack: Stack) -> None:
    from_a_source(stack, **OWN)


def joins_what_is_made_from_another_stacks_cluster(stack: Stack) -> None:
    source = "arn:aws:rds:eu-west-1:111122223333:cluster:elsewhere"
    secondary(stack, aws.global_cluster(stack, sourceDbClusterIdentifier=source), **OWN)


def only_one_sets_a_password(stack: Stack) -> None:
    home = aws.global_cluster(stack)
    primary(stack, home, databaseName=None)
    secondary(stack, home, databaseName="app")


def only_one_is_restored(stack: Stack) -> None:
    home = aws.global_cluster(stack)
    aws.cluster(stack, "east", home, restoreToPointInTime={"sourceClusterIdentifier": "old"})
    secondary(stack, home, databaseName="app")


def a_chain_of_three(stack: Stack) -> None:
    home = aws.global_cluster(stack)
    east = aws.cluster(stack, "east", home, **OWN)
    middle = secondary(stack, home, "middle", place="eu-west-1", depends_on=[east])
    secondary(stack, home, depends_on=[middle], **OWN)


def membership_agreed_by_text(stack: Stack) -> None:
    primary(stack, "elsewhere")
    secondary(stack, "elsewhere", databaseName="app")


def password_from_another_resource(stack: Stack) -> None:
    drawn = stack.add("random:index/randomPassword:RandomPassword", "drawn", {"length": 20})
    home = aws.global_cluster(stack)
    said = {"masterPassword": drawn.output("result"), "databaseName": None}
    primary(stack, home, **said)
    secondary(stack, home, databaseName="app")


@pytest.mark.parametrize(
    "build",
    [
        instance_waits,
        waits_for_the_cluster,
        names_the_primary_as_its_origin,
        is_the_source,
        joins_what_is_made_from_another_stacks_cluster,
        only_one_sets_a_password,
        only_one_is_restored,
        a_chain_of_three,
        membership_agreed_by_text,
        password_from_another_resource,
    ],
)
def test_the_secondary_is_found_by(build: Build) -> None:
    stack = Stack()
    build(stack)
    is_refused(stack, SECONDARY, "rejects west")


def test_beside_a_primary_that_exists_a_new_secondary_is_found_as_well() -> None:
    # Then the outputs of the primary hold a user, whoever set it.
    stack = Stack()
    home, east, _ = two_regions(stack, databaseName="app")
    assert verdict(stack, SECONDARY, existing=[home, east]) == "rejects west"
    stack = Stack()
    home = aws.global_cluster(stack)
    east = primary(stack, home)
    secondary(stack, home, databaseName="app")
    assert verdict(stack, SECONDARY, existing=[home, east]) == "rejects west"


def test_a_user_that_aws_shows_of_a_secondary_is_not_declared() -> None:
    stack = Stack()
    home = aws.global_cluster(stack)
    east = primary(stack, home)
    west = secondary(stack, home)
    secondary(stack, home, "south", place="eu-south-1", databaseName="app")
    existing = [home, east, west]
    # Whose the users of east and west are does not matter: what joins them is a secondary.
    for shows_inputs in (True, False):
        told = verdict(stack, SECONDARY, existing=existing, shows_inputs=shows_inputs)
        assert told == "rejects south"


# --- aurora-global-secondary: in a global database that exists -----------------------------------


def shows(home: Made, *members: Made | str, writer: Made | str | None = None) -> None:
    """What a refresh writes into the outputs of a global cluster."""
    home.outputs["globalClusterMembers"] = [
        {
            "dbClusterArn": each if isinstance(each, str) else each.outputs["arn"],
            "isWriter": each is writer,
            "readers": [],
        }
        for each in members
    ]


ELSEWHERE = "arn:aws:rds:eu-west-1:111122223333:cluster:elsewhere"


@pytest.mark.parametrize("refreshed", [True, False])
@pytest.mark.parametrize("shows_inputs", [True, False])
def test_the_old_primary_that_is_built_again_is_a_secondary(
    refreshed: bool, shows_inputs: bool
) -> None:
    stack = Stack()
    home, east, west = two_regions(stack)
    if refreshed:
        shows(home, west, writer=west)
    made = [home, west, aws.named(stack, "west-reader")]
    assert verdict(stack, SECONDARY, existing=made, shows_inputs=shows_inputs) == "rejects east"
    told = [each for each in run(stack, existing=made) if each.policy == SECONDARY]
    assert "primary cluster west -> masterUsername, masterPassword, databaseName" in told[0].message
    assert east in stack.resources


def test_the_old_primary_that_is_built_again_without_credentials_passes() -> None:
    stack = Stack()
    home = aws.global_cluster(stack)
    aws.cluster(stack, "east", home)
    west = secondary(stack, home)
    shows(home, west, writer=west)
    assert verdict(stack, SECONDARY, existing=[home, west]) == "passes"


@pytest.mark.parametrize("refreshed", [True, False])
@pytest.mark.parametrize("shows_inputs", [True, False])
def test_after_a_switchover_the_password_moves_to_the_new_writer(
    refreshed: bool, shows_inputs: bool
) -> None:
    stack = Stack()
    home = aws.global_cluster(stack)
    east = aws.cluster(stack, "east", home)
    writer = aws.instance(stack, "east-writer", east)
    west = secondary(stack, home, depends_on=[writer], **CREDENTIALS)
    with aws.region(stack, "us-west-2"):
        aws.instance(stack, "west-reader", west)
    shows(home, east, west, writer=west if refreshed else east)
    assert findings(stack, deployed=True, shows_inputs=shows_inputs) == set()
    assert run(stack, deployed=True, shows_inputs=shows_inputs) == []


def test_after_a_switchover_the_one_that_writes_is_the_primary() -> None:
    stack = Stack()
    home, east, west = two_regions(stack)
    secondary(stack, home, "south", place="eu-south-1", databaseName="app")
    for writer in (east, west):
        shows(home, east, west, writer=writer)
        found = run(stack, existing=[home, east, west])
        [told] = [each.message for each in found if each.policy == SECONDARY]
        assert f"-> primary cluster {writer.name} -> databaseName" in told


def test_beside_members_that_another_stack_has_a_new_one_is_a_secondary() -> None:
    for writes in (True, False):
        stack = Stack()
        home = aws.global_cluster(stack)
        secondary(stack, home, **OWN)
        shows(home, ELSEWHERE, writer=ELSEWHERE if writes else None)
        assert verdict(stack, SECONDARY, existing=[home]) == "rejects west"
        assert verdict(stack, SECONDARY) == "passes"
        told = [each for each in run(stack, existing=[home]) if each.policy == SECONDARY]
        assert "beside members that exist" in told[0].message


def test_a_first_deployment_that_failed_half_way_is_judged_like_a_first_preview() -> None:
    shapes: tuple[Any, ...] = (None, [], UNKNOWN)
    for shown in shapes:
        stack = Stack()
        home, _, _ = two_regions(stack)
        if shown is not None:
            home.outputs["globalClusterMembers"] = shown
        assert findings(stack, existing=[home]) == set()
        stack = Stack()
        home, _, _ = two_regions(stack, databaseName="app")
        assert verdict(stack, SECONDARY, existing=[home]) == "rejects west"


def test_what_the_outputs_show_of_members_that_were_deleted_is_no_evidence() -> None:
    """All clusters were deleted after a refresh had seen them, and are made again."""
    stack = Stack()
    home, east, west = two_regions(stack)
    shows(home, east, west, writer=east)
    assert verdict(stack, SECONDARY, existing=[home]) == "passes"


def test_a_source_that_is_made_again_beside_its_global_cluster_joins_nothing() -> None:
    """It names no global cluster, so AWS makes it by itself."""
    stack = Stack()
    primary(stack, None)
    source = "arn:aws:rds:us-east-1:111122223333:cluster:east"
    home = aws.global_cluster(stack, sourceDbClusterIdentifier=source)
    west = secondary(stack, home)
    assert verdict(stack, SECONDARY, existing=[home, west]) == "passes"


def test_the_secondary_that_was_left_is_the_primary_of_what_joins_it() -> None:
    stack = Stack()
    primary(stack, None)
    source = "arn:aws:rds:us-east-1:111122223333:cluster:east"
    home = aws.global_cluster(stack, sourceDbClusterIdentifier=source)
    west = secondary(stack, home)
    secondary(stack, home, "south", place="eu-south-1", databaseName="app")
    found = run(stack, existing=[home, west])
    [told] = [each.message for each in found if each.policy == SECONDARY]
    assert "-> primary cluster west -> databaseName" in told


def test_members_of_a_global_cluster_that_is_made_anew_do_not_count() -> None:
    stack = Stack()
    _, east, west = two_regions(stack)
    made = [west, aws.named(stack, "west-reader")]
    assert verdict(stack, SECONDARY, existing=made) == "passes"
    assert east in stack.resources


def test_members_that_are_shown_in_another_form_tell_nothing() -> None:
    shapes: tuple[Any, ...] = ("west", [7], [{}], [{"dbClusterArn": 7}], {"a": 1})
    for shown in shapes:
        stack = Stack()
        home, _, _ = two_regions(stack)
        home.outputs["globalClusterMembers"] = shown
        assert findings(stack, existing=[home]) == set()


def test_an_encrypted_secondary_that_exists_need_not_repeat_its_key() -> None:
    stack = Stack()
    said: dict[str, Any] = {"storageEncrypted": True}
    home, east, west = two_regions(stack, of_global=said, of_primary=said, **said)
    west.outputs["kmsKeyId"] = KEY
    for shows_inputs in (True, False):
        assert verdict(stack, SECONDARY, deployed=True, shows_inputs=shows_inputs) == "passes"
        told = verdict(stack, SECONDARY, existing=[home, east], shows_inputs=shows_inputs)
        assert told == "rejects west"


# --- aurora-global-members: changes that the program ignores -------------------------------------


@pytest.mark.parametrize(
    "entry", ["engineVersion", "*", '["engineVersion"]', "engineVersion[0]", "engineVersion.x"]
)
def test_a_global_cluster_that_ignores_its_version_may_have_another_by_now(entry: str) -> None:
    stack = Stack()
    home, east, _ = two_regions(stack, of_primary={"engineVersion": "16.9"}, engineVersion="16.9")
    home.ignore_changes = (entry,)
    east.ignore_changes = ("*",)
    assert verdict(stack, MEMBERS, deployed=True) == "passes"
    assert verdict(stack, MEMBERS, existing=[home, east]) == "cannot tell west"
    # Of a resource that is made, everything is asked for.
    assert verdict(stack, MEMBERS) == "rejects east, west"
    home.ignore_changes = ("tags", "engineVersions", "x.engineVersion")
    assert verdict(stack, MEMBERS, existing=[home, east]) == "rejects west"


# --- aurora-global-members: encryption that the global cluster does not mention ------------------


def test_new_encrypted_members_of_a_global_cluster_that_does_not_say_so_are_rejected() -> None:
    encrypted: dict[str, Any] = {"storageEncrypted": True}
    stack = Stack()
    two_regions(stack, of_primary=encrypted, **encrypted, kmsKeyId=KEY)
    is_refused(stack, MEMBERS, "rejects east, west")
    assert findings(stack) == {(MEMBERS, "east"), (MEMBERS, "west")}
    told = message(stack, MEMBERS)
    assert "storageEncrypted true -> global cluster world -> no storageEncrypted" in told
    assert "a global cluster that does not set it is not encrypted" in told


def test_a_new_member_is_encrypted_as_the_global_cluster_that_exists() -> None:
    # Of what exists, silence says nothing.
    for really, expected in ((True, "passes"), (False, "rejects west"), (None, "passes")):
        stack = Stack()
        encrypted: dict[str, Any] = {"storageEncrypted": True}
        home, east, _ = two_regions(stack, of_primary=encrypted, **encrypted, kmsKeyId=KEY)
        home.outputs["storageEncrypted"] = really
        assert verdict(stack, MEMBERS, existing=[home, east]) == expected


def test_a_member_that_does_not_mention_encryption_leaves_it_open() -> None:
    stack = Stack()
    encrypted: dict[str, Any] = {"storageEncrypted": True}
    two_regions(stack, of_global=encrypted, **encrypted, kmsKeyId=KEY)
    assert verdict(stack, MEMBERS) == "cannot tell east"
    assert verdict(stack, MEMBERS, deployed=True) == "passes"


@pytest.mark.parametrize("of_global", [{}, {"storageEncrypted": True}])
def test_a_member_that_is_restored_has_the_encryption_of_what_it_was(
    of_global: dict[str, Any],
) -> None:
    stack = Stack()
    home = aws.global_cluster(stack, **of_global)
    restored: dict[str, Any] = {"restoreToPointInTime": {"sourceClusterIdentifier": "old"}}
    aws.cluster(stack, "east", home, storageEncrypted=not of_global, **restored)
    assert verdict(stack, MEMBERS) == "passes"


# --- aurora-global-secondary: what it says -------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "refused"),
    [
        ("masterUsername", USER, "user name"),
        ("masterUsername", UNKNOWN, "user name"),
        ("masterPassword", Secret("hunter2-hunter2"), "password"),
        ("masterPasswordWo", Secret("hunter2-hunter2"), "password"),
        ("databaseName", "app", "database name"),
    ],
)
def test_what_only_the_primary_may_set_is_rejected_on_a_secondary(
    name: str, value: Any, refused: str
) -> None:
    stack = Stack()
    two_regions(stack, **{name: value})
    assert verdict(stack, SECONDARY) == "rejects west"
    assert findings(stack) == {(SECONDARY, "west")}
    told = message(stack, SECONDARY)
    assert f"Cannot specify {refused} for cross region replication cluster" in told
    assert (
        f"cluster west -> secondary of global cluster world -> primary cluster east -> {name}"
        in (told)
    )
    assert USER not in told
    assert "hunter2" not in told


def test_all_that_a_secondary_sets_is_one_finding() -> None:
    stack = Stack()
    two_regions(stack, **CREDENTIALS, databaseName="app")
    assert len([each for each in run(stack) if each.policy == SECONDARY]) == 1
    assert "sets masterUsername, masterPassword and databaseName" in message(stack, SECONDARY)


def test_a_native_secondary_is_told_in_its_own_words() -> None:
    stack = Stack()
    native_members(stack, masterUserPassword=Secret("hunter2-hunter2"))
    assert verdict(stack, SECONDARY) == "rejects west"
    assert "sets masterUserPassword, which" in message(stack, SECONDARY)


def test_a_managed_password_is_the_other_policys_finding() -> None:
    stack = Stack()
    two_regions(stack, manageMasterUserPassword=True)
    assert findings(stack) == {(PASSWORD, "west")}


@pytest.mark.parametrize(
    ("of_global", "of_primary", "of_secondary"),
    [
        ({}, {}, {"storageEncrypted": True}),
        ({"storageEncrypted": True}, {"storageEncrypted": True}, {"storageEncrypted": True}),
        ({"storageEncrypted": True}, {"storageEncrypted": True}, {}),
        ({}, {"storageEncrypted": True}, {}),
        ({"storageEncrypted": True}, {}, {"kmsKeyId": ""}),
    ],
)
def test_an_encrypted_secondary_without_a_key_is_rejected(
    of_global: dict[str, Any], of_primary: dict[str, Any], of_secondary: dict[str, Any]
) -> None:
    stack = Stack()
    two_regions(stack, of_global=of_global, of_primary=of_primary, **of_secondary)
    is_refused(stack, SECONDARY, "rejects west")
    if "storageEncrypted" in of_global:
        assert findings(stack) >= {(SECONDARY, "west")}
        assert (MEMBERS, "west") not in findings(stack)
        assert verdict(stack, MEMBERS) != "cannot tell west"


def test_the_encryption_of_the_source_is_that_of_the_secondary() -> None:
    stack = Stack()
    from_a_source(stack, {"storageEncrypted": True})
    assert verdict(stack, SECONDARY) == "rejects west"
    assert "kmsKeyId should be explicitly specified" in message(stack, SECONDARY)


@pytest.mark.parametrize(
    ("of_global", "of_secondary"),
    [
        ({"storageEncrypted": UNKNOWN}, {}),
        ({}, {"storageEncrypted": UNKNOWN}),
    ],
)
def test_encryption_that_is_not_known_leaves_the_key_open(
    of_global: dict[str, Any], of_secondary: dict[str, Any]
) -> None:
    stack = Stack()
    two_regions(stack, of_global=of_global, **of_secondary)
    assert verdict(stack, SECONDARY) == "cannot tell west"


@pytest.mark.parametrize(
    ("of_global", "of_secondary"),
    [
        ({"storageEncrypted": True}, {"kmsKeyId": UNKNOWN}),
        ({"storageEncrypted": UNKNOWN}, {"kmsKeyId": KEY}),
        ({"storageEncrypted": False}, {}),
        ({}, {}),
        ({}, {"manageMasterUserPassword": False}),
    ],
)
def test_a_secondary_with_a_key_or_without_encryption_passes(
    of_global: dict[str, Any], of_secondary: dict[str, Any]
) -> None:
    stack = Stack()
    two_regions(stack, of_global=of_global, **of_secondary)
    assert verdict(stack, SECONDARY) == "passes"


def test_an_encrypted_primary_may_leave_its_key_to_aws() -> None:
    stack = Stack()
    said = {"storageEncrypted": True}
    two_regions(stack, of_global=said, of_primary=said, **said, kmsKeyId=KEY)
    assert verdicts(stack, SECONDARY) == {"passes"}


@pytest.mark.parametrize("of", ["of_primary", "of_secondary"])
def test_a_member_that_is_restored_from_a_snapshot_is_rejected(of: str) -> None:
    stack = Stack()
    said: dict[str, Any] = {"snapshotIdentifier": "rds:yesterday"}
    if of == "of_primary":
        no_user = {"masterUsername": None, "masterPassword": None, "databaseName": None}
        two_regions(stack, of_primary={**no_user, **said})
        is_refused(stack, SECONDARY, "rejects east")
    else:
        two_regions(stack, **said)
        is_refused(stack, SECONDARY, "rejects west")
    assert "RestoreDBClusterFromSnapshot takes no global cluster" in message(stack, SECONDARY)


def test_a_source_that_is_restored_from_a_snapshot_passes() -> None:
    stack = Stack()
    from_a_source(stack, {"masterUsername": None, "snapshotIdentifier": "rds:yesterday"})
    assert verdicts(stack, SECONDARY) == {"passes"}


@pytest.mark.parametrize("declares", ["globalClusterIdentifier", "snapshotIdentifier"])
def test_what_aws_shows_of_a_restored_source_afterwards_is_not_declared(declares: str) -> None:
    """After a refresh the inputs of an earlier run and the outputs hold both: the program of the
    cluster that became a source ignores one."""
    stack = Stack()
    home = aws.global_cluster(stack)
    other = {"globalClusterIdentifier", "snapshotIdentifier"} - {declares}
    aws.cluster(
        stack, "east", home, snapshotIdentifier="rds:yesterday", ignore_changes=sorted(other)
    )
    assert verdict(stack, SECONDARY, deployed=True) == "passes"
    assert verdict(stack, SECONDARY) == "rejects east"  # When it is made, all of it is asked for.


def test_a_snapshot_restored_outside_of_global_databases_passes() -> None:
    stack = Stack()
    aws.cluster(stack, "lone", snapshotIdentifier="rds:yesterday", storageEncrypted=True)
    assert verdicts(stack, SECONDARY) == {"passes"}


# --- aurora-global-secondary: two that both set credentials --------------------------------------


def rivals(stack: Stack, home: Any) -> None:
    primary(stack, home)
    secondary(stack, home, **CREDENTIALS)


def test_two_that_set_credentials_are_one_finding_on_the_global_cluster() -> None:
    stack = Stack()
    rivals(stack, aws.global_cluster(stack))
    is_refused(stack, SECONDARY, "rejects world")
    assert len(run(stack)) == 1
    told = message(stack, SECONDARY)
    assert "cluster east and cluster west of global cluster world set credentials" in told
    assert "cluster west -> masterUsername, masterPassword" in told
    assert USER not in told
    assert "hunter2" not in told


def test_without_the_global_cluster_the_finding_is_on_the_later() -> None:
    stack = Stack()
    rivals(stack, "elsewhere")
    assert verdict(stack, SECONDARY) == "rejects west"


def test_of_two_that_set_credentials_the_new_one_is_a_secondary() -> None:
    stack = Stack()
    home = aws.global_cluster(stack)
    rivals(stack, home)
    existing = [home, stack.resources[1]]
    assert verdict(stack, SECONDARY, existing=existing) == "rejects west"


# --- aurora-global-secondary: two that are encrypted and name no key -----------------------------

ENCRYPTED: dict[str, Any] = {"storageEncrypted": True}


def keyless(stack: Stack, home: Any, **said: Any) -> tuple[Made, Made]:
    return aws.cluster(stack, "east", home, **ENCRYPTED), secondary(stack, home, **said)


def test_two_encrypted_members_without_a_key_are_one_finding_on_the_global_cluster() -> None:
    stack = Stack()
    keyless(stack, aws.global_cluster(stack, **ENCRYPTED), **ENCRYPTED)
    is_refused(stack, SECONDARY, "rejects world")
    assert len(run(stack)) == 1
    assert "global cluster world -> cluster west -> no kmsKeyId" in message(stack, SECONDARY)
    assert "kmsKeyId should be explicitly specified" in message(stack, SECONDARY)


def test_without_the_global_cluster_the_finding_about_keys_is_on_the_later() -> None:
    stack = Stack()
    keyless(stack, "elsewhere", **ENCRYPTED)
    assert verdict(stack, SECONDARY) == "rejects west"


@pytest.mark.parametrize(
    "said", [{"kmsKeyId": KEY}, {"kmsKeyId": UNKNOWN}, {"storageEncrypted": UNKNOWN}]
)
def test_one_encrypted_member_without_a_key_may_be_the_primary(said: dict[str, Any]) -> None:
    stack = Stack()
    keyless(stack, aws.global_cluster(stack, **ENCRYPTED), **{**ENCRYPTED, **said})
    assert verdict(stack, SECONDARY).startswith("cannot tell east")


def test_of_two_encrypted_members_without_a_key_the_one_that_exists_is_no_matter() -> None:
    stack = Stack()
    home = aws.global_cluster(stack, **ENCRYPTED)
    east, west = keyless(stack, home, **ENCRYPTED)
    home.outputs["storageEncrypted"] = True
    assert verdict(stack, SECONDARY, existing=[home, east]) == "rejects west"
    assert verdict(stack, SECONDARY, existing=[home, east, west]) == "passes"


@pytest.mark.parametrize(
    "said", [{"databaseName": "app"}, {"storageEncrypted": True}, {"storageEncrypted": UNKNOWN}]
)
def test_where_nothing_tells_who_the_primary_is_it_is_left_open(said: dict[str, Any]) -> None:
    stack = Stack()
    home = aws.global_cluster(stack)
    aws.cluster(stack, "east", home)
    secondary(stack, home, **said)
    assert verdict(stack, SECONDARY) == "cannot tell west"


def test_a_lone_member_of_another_stacks_global_cluster_may_be_either() -> None:
    stack = Stack()
    primary(stack, "elsewhere")
    assert verdict(stack, SECONDARY) == "cannot tell east"
    stack = Stack()
    primary(stack, UNKNOWN)
    assert verdict(stack, SECONDARY) == "cannot tell east"
    stack = Stack()
    primary(stack, aws.global_cluster(stack))
    assert verdict(stack, SECONDARY) == "passes"


def test_of_two_secondaries_here_neither_is_the_primary_of_another_stack() -> None:
    """The second waits for the first, as AWS wants it, and their primary is elsewhere."""
    stack = Stack()
    west = secondary(stack, "elsewhere", storageEncrypted=True, kmsKeyId=KEY)
    writer = aws.instance(stack, "west-reader", west)
    secondary(
        stack,
        "elsewhere",
        "south",
        place="eu-south-1",
        storageEncrypted=True,
        depends_on=[writer],
    )
    assert verdict(stack, SECONDARY) == "cannot tell south"


def test_which_of_two_clusters_is_the_source_leaves_it_open() -> None:
    stack = Stack()
    both = tuple(aws.cluster(stack, name, **OWN) for name in ("one", "two"))
    home = aws.global_cluster(stack, sourceDbClusterIdentifier=Output("one", both))
    aws.cluster(stack, "three", home)
    assert verdict(stack, SECONDARY) == "passes"
    # Whichever it is, a cluster that waits for the global cluster is a secondary.
    aws.cluster(stack, "four", home, **OWN)
    assert verdict(stack, SECONDARY) == "rejects four"


def test_the_source_of_another_stack_is_not_taken_for_a_member_by_name() -> None:
    stack = Stack()
    aws.global_cluster(stack, sourceDbClusterIdentifier=UNKNOWN)
    secondary(stack, "world", **OWN)
    assert verdict(stack, SECONDARY) == "cannot tell west"


# --- aurora-global-managed-password --------------------------------------------------------------


def test_a_member_whose_password_rds_manages_is_told() -> None:
    for flag in (True, "true"):
        stack = Stack()
        said = {"manageMasterUserPassword": flag, "masterPassword": None}
        two_regions(stack, of_primary=said)
        assert verdicts_on_inputs(stack, PASSWORD) == {"rejects east"}
    [found] = [each for each in run(stack) if each.policy == PASSWORD]
    assert found.level == "advisory"
    assert "east joins a global database and leaves its master password to Secrets" in found.message


def test_a_native_member_whose_password_rds_manages_is_told() -> None:
    stack = Stack()
    native_members(stack, manageMasterUserPassword=True)
    assert verdicts_on_inputs(stack, PASSWORD) == {"rejects west"}


def test_a_managed_password_that_is_not_known_leaves_it_open() -> None:
    stack = Stack()
    two_regions(stack, of_primary={"manageMasterUserPassword": UNKNOWN})
    assert verdict(stack, PASSWORD) == "cannot tell east"


@pytest.mark.parametrize("flag", [False, None, "", "false"])
def test_a_member_with_a_password_of_its_own_passes(flag: Any) -> None:
    stack = Stack()
    two_regions(stack, of_primary={"manageMasterUserPassword": flag})
    assert verdicts_on_inputs(stack, PASSWORD) == {"passes"}


def test_a_managed_password_outside_of_global_databases_passes() -> None:
    stack = Stack()
    aws.cluster(stack, "lone", masterUsername=USER, manageMasterUserPassword=True)
    assert findings(stack) == set()


# --- aurora-global-instance-class ----------------------------------------------------------------

SMALL = "db.t4g.medium"


@pytest.mark.parametrize("size", ["db.t4g.medium", "db.t3.large", "db.t2.small", "DB.T3.MEDIUM"])
def test_a_burstable_instance_of_a_member_is_rejected(size: str) -> None:
    stack = Stack()
    _, _, west = two_regions(stack)
    with aws.region(stack, "us-west-2"):
        aws.instance(stack, "small", west, size)
    assert verdicts(stack, CLASS) == {"rejects small"}
    assert findings(stack) == {(CLASS, "small")}


def test_a_burstable_instance_of_the_source_is_rejected() -> None:
    stack = Stack()
    from_a_source(stack)
    aws.instance(stack, "small", stack.resources[0], SMALL)
    assert verdicts(stack, CLASS) == {"rejects small"}
    assert "cluster instance small -> cluster east -> source of global cluster world" in (
        message(stack, CLASS)
    )


def test_a_burstable_native_instance_of_a_member_is_rejected() -> None:
    stack = Stack()
    west = native_members(stack)
    given = {"dbClusterIdentifier": west.output("dbClusterIdentifier"), "dbInstanceClass": SMALL}
    aws.native(stack, "rds:DbInstance", "small", given, named_by="dbInstanceArn")
    assert verdicts(stack, CLASS) == {"rejects small"}


@pytest.mark.parametrize("home", ["elsewhere", UNKNOWN])
def test_a_member_is_a_member_wherever_its_global_cluster_is(home: Any) -> None:
    stack = Stack()
    aws.instance(stack, "small", primary(stack, home), SMALL)
    assert verdicts(stack, CLASS) == {"rejects small"}


def test_a_burstable_instance_of_one_of_several_members_is_rejected() -> None:
    stack = Stack()
    _, east, west = two_regions(stack)
    aws.instance(stack, "small", Output("east", (east, west)), SMALL)
    assert verdict(stack, CLASS) == "rejects small"
    lone = aws.cluster(stack, "lone", **CREDENTIALS)
    aws.instance(stack, "tiny", Output("lone", (east, lone)), SMALL)
    assert verdict(stack, CLASS) == "rejects small"
    stack.resources.remove(aws.named(stack, "small"))
    assert verdict(stack, CLASS) == "cannot tell tiny"


@pytest.mark.parametrize(
    "size", ["db.r6g.large", "db.serverless", "db.x2g.large", "", None, "db.t"]
)
def test_another_instance_of_a_member_passes(size: Any) -> None:
    stack = Stack()
    _, east, _ = two_regions(stack)
    aws.instance(stack, "other", east, size)
    assert verdicts(stack, CLASS) == {"passes"}


def test_a_burstable_instance_outside_of_global_databases_passes() -> None:
    stack = Stack()
    aws.global_cluster(stack)
    aws.instance(stack, "small", aws.cluster(stack, "lone", **CREDENTIALS), SMALL)
    aws.native(
        stack, "rds:DbInstance", "plain", {"dbInstanceClass": SMALL}, named_by="dbInstanceArn"
    )
    assert findings(stack) == set()
    assert verdicts(stack, CLASS) == {"passes"}


def test_a_class_or_a_cluster_that_is_not_known_leaves_it_open() -> None:
    stack = Stack()
    _, east, _ = two_regions(stack)
    aws.instance(stack, "classless", east, UNKNOWN)
    aws.instance(stack, "homeless", UNKNOWN, SMALL)
    aws.instance(stack, "foreign", "elsewhere", SMALL)
    assert verdict(stack, CLASS) == "cannot tell classless, foreign, homeless"


def test_which_of_two_clusters_is_the_source_leaves_their_instances_open() -> None:
    stack = Stack()
    both = tuple(aws.cluster(stack, name, **CREDENTIALS) for name in ("one", "two"))
    aws.global_cluster(stack, sourceDbClusterIdentifier=Output("one", both))
    aws.instance(stack, "small", both[0], SMALL)
    assert verdict(stack, CLASS) == "cannot tell small"


def test_the_message_names_the_class_and_what_aws_says() -> None:
    stack = Stack()
    _, east, _ = two_regions(stack)
    aws.instance(stack, "small", east, SMALL)
    told = message(stack, CLASS)
    assert "cluster instance small -> cluster east -> globalClusterIdentifier" in told
    assert "instance class is not supported by global databases: db.t4g.medium" in told


# --- what nobody knows ---------------------------------------------------------------------------

MALFORMED: tuple[dict[str, Any], ...] = (
    {"globalClusterIdentifier": {}},
    {"globalClusterIdentifier": []},
    {"globalClusterIdentifier": 7},
    {"engine": 5, "engineVersion": None},
    {"engine": {}, "engineVersion": []},
    {"masterUsername": None, "databaseName": {}},
    {"kmsKeyId": [], "storageEncrypted": "yes"},
    {"snapshotIdentifier": None, "manageMasterUserPassword": 1},
    {"replicationSourceIdentifier": {"a": 1}},
)


@pytest.mark.parametrize("said", MALFORMED)
def test_malformed_properties_are_never_rejected_and_never_raise(said: dict[str, Any]) -> None:
    stack = Stack()
    home = aws.global_cluster(stack)
    writer = aws.instance(stack, "east-writer", primary(stack, home))
    west = secondary(stack, home, depends_on=[writer])
    west.inputs = {**west.inputs, **said}
    aws.instance(stack, "odd", {"a": 1}, ["db.t3.medium"])  # type: ignore[arg-type]
    for deployed in (False, True):
        for shows_inputs in (True, False):
            assert findings(stack, deployed=deployed, shows_inputs=shows_inputs) == set()


def test_a_cluster_of_which_nothing_is_known_settles_nothing() -> None:
    stack = Stack()
    home, east, _ = two_regions(stack)
    dark = aws.cluster(stack, "dark", home)
    aws.instance(stack, "small", dark, SMALL)
    dark.inputs, dark.outputs = {}, {}
    assert findings(stack) == set()
    for policy in (MEMBERS, SECONDARY):
        assert verdict(stack, policy) == "cannot tell dark"
    assert verdict(stack, CLASS) == "cannot tell small"
    assert east in stack.resources


def test_the_order_of_resources_does_not_matter() -> None:
    stack = Stack()
    home, _, _ = two_regions(stack, databaseName="app", engineVersion="16.9")
    secondary(stack, home, "west-again")
    forwards = Run(stack).findings(adapter.build())
    backwards = Run(stack, order=lambda made: made[::-1]).findings(adapter.build())
    assert forwards
    assert {(each.policy, each.urn, each.message) for each in forwards} == {
        (each.policy, each.urn, each.message) for each in backwards
    }
