"""standby-credentials: where a database takes over, its password must be."""

from __future__ import annotations

from typing import Any

import pytest

from policies.rule import DOCUMENTATION
from policies.testing import UNKNOWN, Made, Output, Secret, Stack
from tests import aws
from tests.hiding import certain, hidings, invented
from tests.support import first_verdicts, run, verdict, verdicts

POLICY = "standby-credentials"
EAST, WEST = "us-east-1", "us-west-2"
PASSWORD = "correct-horse-battery"
SECRET = "aws:secretsmanager/secret:Secret"
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
FUNCTION = "aws:lambda/function:Function"
DB_INSTANCE = "aws:rds/instance:Instance"


def random_password(stack: Stack) -> Made:
    return stack.add(
        "random:index/randomPassword:RandomPassword",
        "password",
        {"length": 24},
        computed={"result": PASSWORD},
        provider={},
    )


def secret(stack: Stack, **inputs: Any) -> Made:
    arn = f"arn:aws:secretsmanager:{EAST}:111122223333:secret:orders-a1b2c3"
    given = {"name": "orders", **inputs}
    return stack.add(SECRET, "orders", given, computed={"id": arn, "arn": arn}, region=EAST)


def version(stack: Stack, of: Made, said: Any) -> Made:
    given = {"secretId": of.id, "secretString": said}
    return stack.add(VERSION, "orders", given, computed={"id": "version"}, region=EAST)


def instances(stack: Stack, password: Any, **inputs: Any) -> tuple[Made, Made]:
    arn = f"arn:aws:rds:{EAST}:111122223333:db:orders"
    primary = stack.add(
        "aws:rds/instance:Instance",
        "orders-db",
        {"identifier": "orders", "username": "orders", "password": password, **inputs},
        computed={"id": "db-orders", "arn": arn},
        region=EAST,
    )
    copy = {"identifier": "orders-dr", "replicateSourceDb": primary.output("arn")}
    replica = stack.add("aws:rds/instance:Instance", "orders-dr", copy, region=WEST)
    return primary, replica


def from_one_source(stack: Stack, **replicated: Any) -> Made:
    made = random_password(stack)
    version(stack, secret(stack, **replicated), Secret(made.output("result")))
    instances(stack, Secret(made.output("result")))
    return made


def from_the_version(stack: Stack, **replicated: Any) -> None:
    held = version(stack, secret(stack, **replicated), Secret(f'{{"password": "{PASSWORD}"}}'))
    instances(stack, Secret(Output(PASSWORD, (held,))))


def from_the_secret(stack: Stack, **replicated: Any) -> None:
    home = secret(stack, **replicated)
    version(stack, home, Secret(PASSWORD))
    instances(stack, Secret(Output(PASSWORD, (home,))))


def by_value(stack: Stack, **replicated: Any) -> None:
    said = f'{{"username": "orders", "password": "{PASSWORD}"}}'
    version(stack, secret(stack, **replicated), Secret(said))
    instances(stack, Secret(PASSWORD))


def in_a_global_database(stack: Stack, **replicated: Any) -> None:
    made = random_password(stack)
    version(stack, secret(stack, **replicated), Secret(made.output("result")))
    world = aws.global_cluster(stack)
    for name, region, given in (
        ("orders-main", EAST, {"masterPassword": Secret(made.output("result"))}),
        ("orders-dr", WEST, {}),
    ):
        said = {"globalClusterIdentifier": world.id, "engine": "aurora-postgresql", **given}
        stack.add("aws:rds/cluster:Cluster", name, said, region=region)


WAYS = [from_one_source, from_the_version, from_the_secret, by_value, in_a_global_database]


@pytest.mark.parametrize("build", WAYS)
def test_a_password_that_is_kept_in_the_lost_region_only_is_told(build: Any) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, POLICY) == {"rejects orders"}
    for deployed in (False, True):
        assert invented(stack, POLICY, deployed=deployed) == []


@pytest.mark.parametrize("build", WAYS)
@pytest.mark.parametrize("region", [WEST, "eu-west-1"])
def test_a_secret_with_a_replica_that_is_left_passes(build: Any, region: str) -> None:
    stack = Stack()
    build(stack, replicas=[{"region": region}])
    assert verdicts(stack, POLICY) == {"passes"}
    assert invented(stack, POLICY) == []


@pytest.mark.parametrize("replicas", [UNKNOWN, [UNKNOWN], [{"region": UNKNOWN}]])
def test_a_secret_whose_replicas_are_unknown_cannot_be_told(replicas: Any) -> None:
    stack = Stack()
    from_one_source(stack, replicas=replicas)
    assert first_verdicts(stack, POLICY) == {"cannot tell orders"}


def kept_in_a_parameter(stack: Stack, made: Made) -> None:
    given = {"name": "/orders", "type": "SecureString", "value": Secret(made.output("result"))}
    stack.add("aws:ssm/parameter:Parameter", "orders-dr", given, region=WEST)


def kept_in_an_environment(stack: Stack, made: Made) -> None:
    url = Output(f"postgres://orders:{PASSWORD}@orders-dr", (made,))
    given = {"environment": {"variables": {"DATABASE_URL": url}}}
    stack.add(FUNCTION, "api-dr", given, region=WEST)


def kept_by_another_provider(stack: Stack, made: Made) -> None:
    given = {"stringData": {"password": Secret(made.output("result"))}}
    stack.add("kubernetes:core/v1:Secret", "orders", given, provider={"context": "west"})


def kept_in_a_second_secret(stack: Stack, made: Made) -> None:
    home = stack.add(SECRET, "orders-dr", {"name": "orders"}, region=WEST)
    given = {"secretId": home.id, "secretString": Secret(made.output("result"))}
    stack.add(VERSION, "orders-dr", given, region=WEST)


@pytest.mark.parametrize(
    "keep",
    [
        kept_in_a_parameter,
        kept_in_an_environment,
        kept_by_another_provider,
        kept_in_a_second_secret,
    ],
)
def test_a_password_that_is_kept_elsewhere_too_passes(keep: Any) -> None:
    stack = Stack()
    keep(stack, from_one_source(stack))
    assert verdicts(stack, POLICY) == {"passes"}
    assert invented(stack, POLICY) == []


@pytest.mark.parametrize("build", [from_the_version, by_value])
def test_a_known_password_that_is_kept_elsewhere_too_passes(build: Any) -> None:
    for text in (PASSWORD, f"postgres://orders:{PASSWORD}@orders-dr"):
        stack = Stack()
        build(stack)
        given = {"environment": {"variables": {"SOMETHING": text}}}
        stack.add(FUNCTION, "api-dr", given, region=WEST)
        assert verdicts(stack, POLICY) == {"passes"}
        assert invented(stack, POLICY) == []


def test_a_password_in_user_data_passes() -> None:
    stack = Stack()
    by_value(stack)
    encoded = "ZXhwb3J0IFBBU1NXT1JEPWNvcnJlY3QtaG9yc2UtYmF0dGVyeQ=="
    stack.add("aws:ec2/launchTemplate:LaunchTemplate", "dr", {"userData": encoded}, region=WEST)
    assert verdicts(stack, POLICY) == {"passes"}


@pytest.mark.parametrize("build", [from_one_source, from_the_secret])
def test_what_knows_the_secret_by_its_arn_does_not_have_the_password(build: Any) -> None:
    stack = Stack()
    build(stack)
    home = next(each for each in stack.resources if each.type == SECRET)
    given = {"environment": {"variables": {"SECRET_ARN": home.output("arn")}}}
    stack.add(FUNCTION, "api-dr", given, region=WEST)
    containers = Output(
        '[{"name": "api", "secrets": [{"name": "PASSWORD", "valueFrom": "arn:aws:..."}]}]', (home,)
    )
    token = "aws:ecs/taskDefinition:TaskDefinition"
    stack.add(token, "api-dr", {"containerDefinitions": containers}, region=WEST)
    assert verdicts(stack, POLICY) == {"rejects orders"}


def test_what_a_role_may_read_is_no_password() -> None:
    stack = Stack()
    from_one_source(stack)
    held = next(each for each in stack.resources if each.type == VERSION)
    given = {"policy": held.output("arn")}
    stack.add("aws:iam/rolePolicy:RolePolicy", "read", given, region=WEST)
    assert verdicts(stack, POLICY) == {"rejects orders"}


def test_a_setting_that_is_not_known_may_hold_a_password_that_the_program_says() -> None:
    """Of a password that is made by a resource, the engine tells who has it."""
    for build, expected in ((from_one_source, "rejects orders"), (by_value, "cannot tell orders")):
        stack = Stack()
        build(stack)
        table = stack.add("aws:dynamodb/table:Table", "sessions", {"hashKey": "id"}, region=WEST)
        given = {"environment": {"variables": {"SETTINGS": table.output("arn")}}}
        stack.add(FUNCTION, "api-dr", given, region=WEST)
        assert first_verdicts(stack, POLICY) == {expected}


def test_a_component_has_nothing_that_its_parts_have_not() -> None:
    stack = Stack()
    made = from_one_source(stack)
    given = {"password": Secret(made.output("result"))}
    component = stack.add("shop:index:Database", "database", given)
    component.provider = None
    assert verdicts(stack, POLICY) == {"rejects orders"}


def test_a_function_whose_settings_come_from_elsewhere_cannot_be_told() -> None:
    for build in (from_one_source, by_value):
        stack = Stack()
        build(stack)
        given = {"environment": {"variables": {"DATABASE_URL": UNKNOWN}}}
        stack.add(FUNCTION, "api-dr", given, region=WEST)
        assert first_verdicts(stack, POLICY) == {"cannot tell orders"}


def test_another_secret_in_the_other_region_cannot_be_told() -> None:
    """The application may have a user of its own."""
    stack = Stack()
    from_one_source(stack)
    stack.add(SECRET, "application", {"name": "application"}, region=WEST)
    assert first_verdicts(stack, POLICY) == {"cannot tell orders"}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["orders-reporting"], "cannot tell orders"),
        (["ordersAnalytics", "orders-bi"], "cannot tell orders"),
        (["orders-reporting", "orders-dr"], "rejects orders"),
        (["orders-reported"], "rejects orders"),
    ],
)
def test_a_replica_for_reports_may_not_be_there_to_take_over(
    names: list[str], expected: str
) -> None:
    stack = Stack()
    version(stack, secret(stack), Secret(PASSWORD))
    arn = f"arn:aws:rds:{EAST}:111122223333:db:orders"
    given = {"password": Secret(PASSWORD)}
    source = stack.add(DB_INSTANCE, "orders", given, computed={"arn": arn}, region=EAST)
    for name in names:
        stack.add(DB_INSTANCE, name, {"replicateSourceDb": source.output("arn")}, region=WEST)
    assert verdicts(stack, POLICY) == {expected}
    assert invented(stack, POLICY) == []


@pytest.mark.parametrize("iam", [True, UNKNOWN])
def test_clients_that_may_log_in_with_iam_cannot_be_told(iam: Any) -> None:
    stack = Stack()
    version(stack, secret(stack), Secret(PASSWORD))
    instances(stack, Secret(PASSWORD), iamDatabaseAuthenticationEnabled=iam)
    assert first_verdicts(stack, POLICY) == {"cannot tell orders"}
    assert invented(stack, POLICY) == []


@pytest.mark.parametrize("mixed", [True, False])
def test_contents_that_are_not_known_cannot_be_told(mixed: bool) -> None:
    stack = Stack()
    home = secret(stack)
    primary, _ = instances(stack, Secret(PASSWORD))
    said = Output(f'{{"host": "x", "password": "{PASSWORD}"}}', (primary,)) if mixed else UNKNOWN
    version(stack, home, said)
    assert first_verdicts(stack, POLICY) == {"cannot tell orders"}
    assert verdict(stack, POLICY, deployed=True) == ("rejects orders" if mixed else "passes")


def test_outputs_of_another_stack_need_not_be_one_value() -> None:
    stack = Stack()
    other = stack.add(aws.STACK_REFERENCE, "platform", {"name": "platform"}, provider={})
    version(stack, secret(stack), Secret(Output("api-key-of-it", (other,))))
    instances(stack, Secret(Output(PASSWORD, (other,))))
    assert first_verdicts(stack, POLICY) == {"cannot tell orders"}
    assert verdict(stack, POLICY, deployed=True) == "passes"


def test_a_password_that_comes_from_what_is_elsewhere_passes() -> None:
    stack = Stack()
    given = {"name": "/orders", "type": "SecureString", "value": UNKNOWN}
    kept = stack.add("aws:ssm/parameter:Parameter", "orders", given, region=WEST)
    version(stack, secret(stack), Secret(Output(PASSWORD, (kept,))))
    instances(stack, Secret(Output(PASSWORD, (kept,))))
    assert verdicts(stack, POLICY) == {"passes"}


def test_a_secret_of_something_else_passes() -> None:
    for contents in ("another-value", '{"password": "another-value"}', "short"):
        stack = Stack()
        version(stack, secret(stack), Secret(contents))
        instances(stack, Secret(PASSWORD))
        assert verdicts(stack, POLICY) == {"passes"}


@pytest.mark.parametrize("masked", ["[secret]", "postgres"[:7]])
def test_values_that_are_masked_or_too_short_are_not_compared(masked: str) -> None:
    stack = Stack()
    version(stack, secret(stack), masked)
    instances(stack, masked)
    assert verdicts(stack, POLICY) == {"passes"}


def test_a_database_without_a_copy_passes() -> None:
    stack = Stack()
    from_one_source(stack)
    stack.resources.pop()
    stack.add(FUNCTION, "api-dr", {"handler": "x"}, region=WEST)
    assert verdicts(stack, POLICY) == {"passes"}
    assert invented(stack, POLICY) == []


def test_a_secret_in_a_region_that_is_not_lost_passes() -> None:
    stack = Stack()
    made = random_password(stack)
    home = stack.add(SECRET, "orders", {"name": "orders"}, region=WEST)
    given = {"secretId": home.id, "secretString": Secret(made.output("result"))}
    stack.add(VERSION, "orders", given, region=WEST)
    instances(stack, Secret(made.output("result")))
    assert verdicts(stack, POLICY) == {"passes"}


def test_a_secret_of_aws_native_is_told() -> None:
    stack = Stack()
    made = random_password(stack)
    given = {"name": "orders", "secretString": Secret(made.output("result"))}
    home = stack.add("aws-native:secretsmanager:Secret", "orders", given, region=EAST)
    instances(stack, Secret(made.output("result")))
    assert first_verdicts(stack, POLICY) == {"rejects orders"}
    home.inputs = {**given, "replicaRegions": [{"region": WEST}]}
    assert first_verdicts(stack, POLICY) == {"passes"}


@pytest.mark.parametrize("value", [None, [], 7, {"a": 1}, "", True])
def test_malformed_properties_neither_raise_nor_invent(value: Any) -> None:
    for name in ("replicas", "name"):
        stack = Stack()
        from_one_source(stack, **{name: value})
        assert verdict(stack, POLICY) in {"rejects orders", "cannot tell orders"}
    stack = Stack()
    version(stack, secret(stack), value)
    instances(stack, value)
    assert verdict(stack, POLICY) == "passes"


def test_no_message_says_a_value() -> None:
    for build in WAYS:
        stack = Stack()
        build(stack)
        for _ in hidings(stack):
            assert not any(PASSWORD in each.message for each in run(stack, deployed=True))
    assert certain(stack, POLICY)


def test_the_message_in_full() -> None:
    stack = Stack()
    in_a_global_database(stack)
    [found] = [each for each in run(stack) if each.policy == POLICY]
    assert found.level == "advisory"
    assert found.message == (
        "The password of a database that takes over should be kept in its region too.\n"
        "Secret orders is kept in us-east-1 only, and cluster orders-dr (us-west-2) takes over "
        "with the password in it:\n"
        "  secret orders (us-east-1) -> masterPassword of cluster orders-main -> cluster orders-dr "
        "(us-west-2)\n"
        "AWS: keeps a secret in its region unless it has replicas: with us-east-1, the password is "
        "out of reach.\n"
        "Fix: Add { region: us-west-2 } to replicas of secret orders, and read it by its name, "
        "since its ARN names the lost region.\n"
        f"More: {DOCUMENTATION}/standby-credentials.md"
    )
