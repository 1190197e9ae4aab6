"""standby-runtime-settings."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from policies import RULES
from policies.serving.servicer import PreflightServicer
from policies.testing import UNKNOWN, Made, Output, Secret, Stack
from tests.hiding import invented
from tests.support import findings, run, verdict, verdicts

POLICY = "standby-runtime-settings"
EAST, WEST = "us-east-1", "us-west-2"
ACCOUNT = "111122223333"
PRIMARY = {
    rule.name: {"primary": EAST}
    for rule in RULES
    if any(option.name == "primary" for option in rule.options)
}
"""Named at each, since the SDK's servicer knows no shared options."""
FUNCTION = "aws:lambda/function:Function"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
PARAMETER = "aws:ssm/parameter:Parameter"
TABLE = "aws:dynamodb/table:Table"
SECRET = "aws:secretsmanager/secret:Secret"
QUEUE = "aws:sqs/queue:Queue"
BUCKET = "aws:s3/bucket:Bucket"
KEY = "aws:kms/key:Key"
DATABASE = "aws:rds/instance:Instance"
HOST_EAST = f"db.abcdef.{EAST}.rds.amazonaws.com"


def stack_of_two() -> Stack:
    """East serves until it is lost, as the option of the tests says."""
    stack = Stack()
    stack.add(QUEUE, "orders", {"name": "orders"}, region=EAST)
    stack.add(QUEUE, "invoices", {"name": "invoices"}, region=WEST)
    return stack


def made(stack: Stack, kind: str, name: str, region: str, **computed: Any) -> Made:
    return stack.add(kind, name, {"name": name}, computed=computed, region=region)


def database(stack: Stack, name: str, region: str, **inputs: Any) -> Made:
    return stack.add(
        DATABASE,
        name,
        {"identifier": name, "dbName": "shop", **inputs},
        computed={
            "address": f"{name}.abcdef.{region}.rds.amazonaws.com",
            "endpoint": f"{name}.abcdef.{region}.rds.amazonaws.com:5432",
            "port": 5432,
        },
        region=region,
    )


def function(stack: Stack, name: str, region: str = WEST, **variables: Any) -> Made:
    environment = {"environment": {"variables": variables}}
    return stack.add(
        FUNCTION,
        name,
        {"role": f"arn:aws:iam::{ACCOUNT}:role/app", **environment},
        region=region,
    )


def says(stack: Stack, **options: Any) -> str:
    if not options:  # To know less gives no finding, whatever the stack.
        assert invented(stack, POLICY, config=PRIMARY) == []
    return verdict(stack, POLICY, config=PRIMARY, **options)


def everywhen(stack: Stack) -> set[str]:
    return {
        says(stack, deployed=deployed, shows_inputs=shown)
        for deployed in (False, True)
        for shown in (False, True)
    }


@pytest.mark.parametrize("output", ["address", "endpoint"])
def test_a_function_should_not_ask_the_database_of_the_lost_region(output: str) -> None:
    stack = stack_of_two()
    function(stack, "app", DB_HOST=database(stack, "db", EAST).output(output))
    assert says(stack) == "rejects app"
    assert says(stack, deployed=True) == "rejects app"


def test_it_may_ask_that_of_its_own_region() -> None:
    stack = stack_of_two()
    function(stack, "app", DB_HOST=database(stack, "db", WEST).output("address"))
    assert everywhen(stack) == {"passes"}


def test_what_is_lost_itself_may_ask_anything() -> None:
    stack = stack_of_two()
    function(stack, "app", EAST, DB_HOST=database(stack, "db", EAST).output("address"))
    assert everywhen(stack) == {"passes"}


def test_a_stack_of_one_region_is_not_looked_at() -> None:
    stack = Stack(region=WEST)
    function(stack, "app", DB_HOST=HOST_EAST)
    assert verdicts(stack, POLICY) == {"passes"}


def test_what_is_named_like_a_port_tells_nothing() -> None:
    for key in ("DB_PORT", "dbUser", "DB_ENGINE"):
        stack = stack_of_two()
        given: dict[str, Any] = {key: database(stack, "db", EAST).output("port")}
        function(stack, "app", **given)
        assert says(stack) == "passes", key


def test_what_is_known_of_the_database_may_explain_where_it_comes_from() -> None:
    """Perhaps the name in it is all that is taken; the address is the queue's."""
    stack = stack_of_two()
    db = database(stack, "db", EAST)
    address = made(stack, QUEUE, "here", WEST, url="https://q").output("url")
    given = {"environment": {"variables": {"DB_NAME": db.output("dbName"), "ADDRESS": address}}}
    stack.add(FUNCTION, "app", {"role": "arn:aws:iam::1:role/app", **given}, region=WEST)
    assert says(stack, existing=[db]) == "cannot tell app"
    assert says(stack, deployed=True) == "passes"


def test_settings_of_both_regions_are_linked_on_purpose() -> None:
    stack = stack_of_two()
    east, west = database(stack, "db-east", EAST), database(stack, "db-west", WEST)
    function(stack, "app", ONE=east.output("address"), OTHER=west.output("address"))
    assert everywhen(stack) == {"passes"}


def test_a_counterpart_that_leads_back_too() -> None:
    """Two functions that bring the one region's changes into the other."""
    stack = stack_of_two()
    east, west = database(stack, "db-east", EAST), database(stack, "db-west", WEST)
    function(stack, "sync-east", EAST, PEER=west.output("address"))
    function(stack, "sync-west", WEST, PEER=east.output("address"))
    assert everywhen(stack) == {"passes"}


def table(stack: Stack, *replicas: Any) -> Made:
    return stack.add(
        TABLE,
        "sessions",
        {"name": "sessions", "replicas": [{"regionName": each} for each in replicas]},
        computed={"arn": f"arn:aws:dynamodb:{EAST}:{ACCOUNT}:table/sessions"},
    )


@pytest.mark.parametrize(
    ("replicas", "output", "expected"),
    [
        ([WEST], "name", "passes"),
        ([WEST, "eu-west-1"], "name", "passes"),
        (["eu-west-1"], "name", "rejects app"),
        ([], "name", "rejects app"),
        ([UNKNOWN], "name", "cannot tell app"),
    ],
)
def test_a_table_answers_to_its_name_where_it_has_a_replica(
    replicas: list[Any], output: str, expected: str
) -> None:
    stack = stack_of_two()
    sessions = table(stack, *replicas)
    function(stack, "app", TABLE=sessions.output(output))
    assert says(stack, existing=[sessions]) == expected


def secret(stack: Stack, *replicas: str) -> Made:
    arn = f"arn:aws:secretsmanager:{EAST}:{ACCOUNT}:secret:password-a1B2c3"
    return stack.add(
        SECRET,
        "password",
        {"name": "password", "replicas": [{"region": each} for each in replicas]},
        computed={"id": arn, "arn": arn},
    )


@pytest.mark.parametrize(
    ("replicas", "output", "expected"),
    [
        ([WEST], "name", "passes"),
        ([WEST], "arn", "cannot tell app"),
        ([WEST], "id", "cannot tell app"),
        ([], "name", "rejects app"),
        ([], "arn", "rejects app"),
    ],
)
def test_a_secret_answers_to_its_name_and_not_to_its_arn(
    replicas: list[str], output: str, expected: str
) -> None:
    stack = stack_of_two()
    password = secret(stack, *replicas)
    function(stack, "app", PASSWORD=password.output(output))
    assert says(stack, existing=[password]) == expected


def test_a_key_of_several_regions_has_one_id() -> None:
    stack = stack_of_two()
    key = stack.add(KEY, "key", {"multiRegion": True}, computed={"keyId": "mrk-1", "arn": "arn:k"})
    replica = {"primaryKeyArn": key.output("arn")}
    stack.add("aws:kms/replicaKey:ReplicaKey", "key", replica, region=WEST)
    function(stack, "app", KEY=key.output("keyId"))
    assert says(stack) == "passes"
    function(stack, "other", KEY_ARN=key.output("arn"))
    assert says(stack) == "cannot tell other"


@pytest.mark.parametrize(("name", "expected"), [("host", "passes"), ("other", "rejects app")])
def test_a_thing_of_the_same_name_in_the_region_is_meant(name: str, expected: str) -> None:
    stack = stack_of_two()
    both = [
        stack.add(PARAMETER, f"in-{region}", {"name": called}, region=region)
        for called, region in (("host", EAST), (name, WEST))
    ]
    function(stack, "app", PARAMETER=both[0].output("name"))
    assert says(stack, existing=both) == expected


def test_what_a_company_has_once_may_be_meant() -> None:
    for kind, name in ((BUCKET, "bucket"), (QUEUE, "name"), ("aws:sns/topic:Topic", "name")):
        stack = stack_of_two()
        central = stack.add(kind, "logs", {name: "logs"}, region=EAST)
        function(stack, "app", LOGS=central.output(name))
        assert says(stack) == "cannot tell app", kind
        stack.add(kind, "logs-standby", {name: "logs-standby"}, region=WEST)
        assert says(stack) == "rejects app", kind


def test_a_setting_that_is_called_the_primarys_may_be_meant() -> None:
    stack = stack_of_two()
    host = database(stack, "db", EAST).output("address")
    function(stack, "app", PRIMARY_HOST=host)
    assert says(stack) == "cannot tell app"
    function(stack, "both", HOST=database(stack, "other", WEST).output("port"), PRIMARY_HOST=host)
    assert says(stack) == "cannot tell app"
    function(stack, "other", ENDPOINT=host, SOURCE_HOST=host)
    assert says(stack) == "cannot tell app, other"


@pytest.mark.parametrize("key", ["TARGET_HOST", "DESTINATION_HOST", "DEST"])
def test_what_brings_changes_to_another_region_is_given_a_place_there(key: str) -> None:
    stack = stack_of_two()
    given: dict[str, Any] = {key: database(stack, "db", EAST).output("address")}
    function(stack, "export", **given)
    assert says(stack) == "cannot tell export"


@pytest.mark.parametrize("name", ["health-monitor", "webCanary", "primary-prober"])
def test_what_watches_another_region_may_be_meant_to(name: str) -> None:
    stack = stack_of_two()
    function(stack, name, URL=database(stack, "db", EAST).output("address"))
    assert says(stack) == f"cannot tell {name}"
    stack.resources.pop()
    function(stack, name, URL=HOST_EAST)
    assert says(stack) == f"cannot tell {name}"


@pytest.mark.parametrize(
    ("name", "called", "expected"),
    [
        ("host", "/orders/primary-host", "cannot tell host"),
        ("primaryHost", "/orders/host", "cannot tell primaryHost"),
        ("host", "/orders/host", "rejects host"),
    ],
)
def test_a_parameter_is_called_as_its_value(name: str, called: str, expected: str) -> None:
    stack = stack_of_two()
    given = {"name": called, "type": "String", "value": HOST_EAST}
    stack.add(PARAMETER, name, given, region=WEST)
    assert says(stack) == expected


def test_a_global_cluster_leads_to_whichever_is_the_writer() -> None:
    stack = stack_of_two()
    group = stack.add(
        "aws:rds/globalCluster:GlobalCluster",
        "shop",
        {"globalClusterIdentifier": "shop", "engine": "aurora-mysql"},
        computed={"endpoint": "shop.global-abcdef.global.rds.amazonaws.com"},
    )
    function(stack, "app", DB_HOST=group.output("endpoint"))
    assert everywhen(stack) == {"passes"}


@pytest.mark.parametrize("action", ["rds:PromoteReadReplica", "rds:SwitchoverGlobalCluster"])
def test_what_fails_over_has_to_know_the_primary(action: str) -> None:
    stack = stack_of_two()
    host = database(stack, "db", EAST).output("address")
    function(stack, "failover", DB_HOST=host)
    policy = {"Effect": "Allow", "Action": action, "Resource": "*"}
    role = stack.add(
        "aws:iam/role:Role",
        "watcher",
        {
            "name": "watcher",
            "inlinePolicies": [{"name": "it", "policy": json.dumps({"Statement": [policy]})}],
        },
        computed={"arn": f"arn:aws:iam::{ACCOUNT}:role/watcher"},
    )
    variables = {"variables": {"DB_HOST": host}}
    inputs = {"role": role.output("arn"), "environment": variables}
    stack.add(FUNCTION, "watcher", inputs, region=WEST)
    assert says(stack) == "passes"


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        (HOST_EAST, "rejects app"),
        (f"postgres://{HOST_EAST}:5432/shop", "rejects app"),
        (f"arn:aws:dynamodb:{EAST}:{ACCOUNT}:table/shop", "rejects app"),
        (f"{ACCOUNT}.dkr.ecr.{EAST}.amazonaws.com/shop:1", "rejects app"),
        (f"https://a1b2c3.execute-api.{EAST}.amazonaws.com/live", "rejects app"),
        (f"https://a1b2c3.lambda-url.{EAST}.on.aws/", "rejects app"),
        (f"db.abcdef.{WEST}.rds.amazonaws.com,{HOST_EAST}", "passes"),
        (f"db.abcdef.{WEST}.rds.amazonaws.com", "passes"),
        (f"https://sqs.{EAST}.amazonaws.com/{ACCOUNT}/orders", "cannot tell app"),
        (f"https://cognito-idp.{EAST}.amazonaws.com/pool", "cannot tell app"),
        (f"arn:aws:acm:{EAST}:{ACCOUNT}:certificate/1", "passes"),
        (EAST, "passes"),
        ("arn:aws:s3:::shop", "passes"),
        ("db.example.org", "passes"),
        (7, "passes"),
        (None, "passes"),
        ("", "passes"),
    ],
)
def test_a_text_that_names_the_lost_region_is_enough(setting: Any, expected: str) -> None:
    """The stack of the standby alone says so, too, where `primary` is set."""
    for stack in (stack_of_two(), Stack(region=WEST)):
        function(stack, "app", SETTING=setting)
        assert says(stack) == expected


def test_an_image_is_pulled_from_the_registry_that_is_named() -> None:
    """Replication to the other registry helps those alone who pull from there."""
    for region, expected in ((EAST, "rejects app"), (WEST, "passes")):
        stack = stack_of_two()
        image = f"{ACCOUNT}.dkr.ecr.{region}.amazonaws.com/shop:1"
        containers = json.dumps([{"name": "app", "image": image}])
        stack.add(TASK, "app", {"family": "app", "containerDefinitions": containers}, region=WEST)
        kind = "aws:ecr/replicationConfiguration:ReplicationConfiguration"
        stack.add(kind, "to-west", {"replicationConfiguration": {"rules": []}})
        assert says(stack) == expected


def test_containers_are_told_by_their_variables_and_secrets() -> None:
    for container, path in (
        ({"environment": [{"name": "DB_HOST", "value": HOST_EAST}]}, "environment.DB_HOST"),
        (
            {"secrets": [{"name": "PW", "valueFrom": f"arn:aws:ssm:{EAST}:1:parameter/pw"}]},
            "secrets.PW",
        ),
    ):
        stack = stack_of_two()
        definitions = json.dumps([{"name": "app", "image": "nginx", **container}])
        stack.add(TASK, "app", {"containerDefinitions": definitions}, region=WEST)
        messages = [each.message for each in run(stack, config=PRIMARY) if each.policy == POLICY]
        assert len(messages) == 1
        assert f"containerDefinitions.{path}" in messages[0]


def test_a_text_that_is_not_known_as_a_whole_is_doubted() -> None:
    stack = stack_of_two()
    address = database(stack, "db", EAST).output("address")
    definitions = Output(json.dumps([{"name": "app"}]), address.sources)
    stack.add(TASK, "app", {"containerDefinitions": definitions}, region=WEST)
    assert says(stack) == "cannot tell app"


def test_user_data_is_read_as_it_is_or_in_base64() -> None:
    script = f"#!/bin/sh\necho DB={HOST_EAST} > /etc/app\n"
    encoded = base64.b64encode(script.encode()).decode()
    for kind, name, said in (
        ("aws:ec2/instance:Instance", "userData", script),
        ("aws:ec2/instance:Instance", "userDataBase64", encoded),
        ("aws:ec2/launchTemplate:LaunchTemplate", "userData", encoded),
    ):
        stack = stack_of_two()
        stack.add(kind, "app", {name: said}, region=WEST)
        assert says(stack) == "rejects app", (kind, name)


@pytest.mark.parametrize("value", [None, 7, [], {}, "", {"variables": None}, UNKNOWN])
def test_settings_of_another_form_are_no_finding(value: Any) -> None:
    stack = stack_of_two()
    stack.add(FUNCTION, "app", {"role": "arn:aws:iam::1:role/a", "environment": value}, region=WEST)
    assert says(stack) == "passes"


def test_a_longer_text_is_not_repeated() -> None:
    stack = stack_of_two()
    function(stack, "app", URL=Secret(f"postgres://admin:hunter2@{HOST_EAST}/shop"))
    found = [each.message for each in run(stack, config=PRIMARY) if each.policy == POLICY]
    assert len(found) == 1
    assert "hunter2" not in found[0]
    assert "rds of us-east-1" in found[0]


@pytest.mark.parametrize(
    ("kind", "name", "given"),
    [
        ("aws:secretsmanager/secretVersion:SecretVersion", "secretString", {"host": HOST_EAST}),
        (TASK, "containerDefinitions", [{"secrets": [{"name": "DB", "valueFrom": HOST_EAST}]}]),
    ],
)
def test_what_a_secret_text_names_is_not_told(kind: str, name: str, given: Any) -> None:
    stack = stack_of_two()
    stack.add(kind, "app", {name: Secret(json.dumps(given))}, region=WEST)
    told = run(stack, config=PRIMARY, servicer=PreflightServicer)
    [message] = [each.message for each in told if each.policy == POLICY]
    assert HOST_EAST not in message
    assert "-> [secret]" in message


@pytest.mark.parametrize(
    "kind", ["aws:ssm/parameter:Parameter", "aws:secretsmanager/secretVersion:SecretVersion"]
)
def test_nor_are_the_keys_in_it(kind: str) -> None:
    stack = stack_of_two()
    name = "value" if kind.endswith("Parameter") else "secretString"
    said = Secret(json.dumps({"alice": HOST_EAST}))
    stack.add(kind, "app", {"name": "app", name: said}, region=WEST)
    found = run(stack, config=PRIMARY, servicer=PreflightServicer)
    [told] = [each.message for each in found if each.policy == POLICY]
    assert f"-> {name} -> " in told
    assert "alice" not in told


def test_the_message_leads_to_what_is_lost_and_says_what_to_take_instead() -> None:
    stack = Stack()
    east = database(stack, "shop-primary", EAST)
    database(stack, "shop-standby", WEST, replicateSourceDb=Output("arn:aws:rds:1", (east,)))
    function(stack, "app", DB_HOST=east.output("address"))
    assert (POLICY, "app") in findings(stack)
    found = next(each for each in run(stack) if each.policy == POLICY)
    assert found.message.splitlines()[1:] == [
        "Function app is in us-west-2, and is given what is lost with us-east-1:",
        "  function app -> environment.variables.DB_HOST -> DB instance shop-primary (us-east-1)",
        "AWS: answers from us-east-1 alone; when that region is lost, the setting still leads "
        "there.",
        "Fix: Take it from DB instance shop-standby.",
        "More: https://github.com/aws-dr-preflight/aws-dr-preflight/blob/main/docs/policies/"
        "standby-runtime-settings.md",
    ]
