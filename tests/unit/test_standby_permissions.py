"""standby-permissions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies import RULES
from policies.testing import UNKNOWN, Made, Output, Stack
from tests.hiding import invented
from tests.support import findings, run, verdict

POLICY = "standby-permissions"
EAST, WEST = "us-east-1", "us-west-2"
ACCOUNT = "111122223333"
FUNCTION = "aws:lambda/function:Function"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
TABLE = "aws:dynamodb/table:Table"
SECRET = "aws:secretsmanager/secret:Secret"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
PRIMARY = {
    rule.name: {"primary": EAST}
    for rule in RULES
    if any(option.name == "primary" for option in rule.options)
}


def arn(region: str, name: str = "sessions") -> str:
    return f"arn:aws:dynamodb:{region}:{ACCOUNT}:table/{name}"


def statement(resource: Any, *actions: str, effect: str = "Allow") -> dict[str, Any]:
    return {
        "Effect": effect,
        "Action": list(actions or ("dynamodb:GetItem",)),
        "Resource": resource,
    }


def text(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def table(stack: Stack, **inputs: Any) -> Made:
    return stack.add(
        TABLE,
        "sessions",
        {"name": "sessions", "replicas": [{"regionName": WEST}], **inputs},
        computed={"id": "sessions", "arn": arn(EAST)},
    )


def secret(stack: Stack) -> Made:
    named = f"arn:aws:secretsmanager:{EAST}:{ACCOUNT}:secret:password-a1B2c3"
    return stack.add(
        SECRET,
        "password",
        {"name": "password", "replicas": [{"region": WEST}]},
        computed={"id": named, "arn": named},
    )


def user(
    stack: Stack, used: Made, *policies: Any, kind: str = FUNCTION, region: str = WEST, **role: Any
) -> Made:
    """A function in the standby's region that uses a replica by its name."""
    its = stack.add(
        ROLE,
        "app",
        {"assumeRolePolicy": "{}", **role},
        computed={"name": "app", "arn": f"arn:aws:iam::{ACCOUNT}:role/app"},
    )
    for number, policy in enumerate(policies):
        stack.add(ROLE_POLICY, f"app-{number}", {"role": its.id, "policy": policy})
    given: dict[str, Any] = {
        "role": its.output("arn"),
        "environment": {"variables": {"NAME": used.output("name")}},
    }
    if kind == TASK:
        variable = {"name": "NAME", "value": used.inputs["name"]}
        containers = json.dumps([{"name": "app", "environment": [variable]}])
        given = {
            "taskRoleArn": its.output("arn"),
            "containerDefinitions": Output(containers, (used,)),
        }
    return stack.add(kind, "app", given, region=region)


def says(stack: Stack, **options: Any) -> str:
    if not options:  # To know less gives no finding, whatever the stack.
        assert invented(stack, POLICY, config=PRIMARY) == []
    return verdict(stack, POLICY, config=PRIMARY, **options)


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (arn(EAST), "rejects app"),
        ([arn(EAST), f"{arn(EAST)}/index/*"], "rejects app"),
        (arn(EAST, "*"), "rejects app"),
        (arn(EAST, "sess*"), "rejects app"),
        (f"arn:aws:dynamodb:us-east-?:{ACCOUNT}:table/sessions", "rejects app"),
        ([arn(EAST), arn(WEST)], "passes"),
        (arn(WEST), "passes"),
        (arn("*"), "passes"),
        (arn("us-*"), "passes"),
        (arn("*", "*"), "passes"),
        ("*", "passes"),
        ("arn:aws:dynamodb:*", "passes"),
        (arn(EAST, "orders"), "passes"),
        ("not an arn", "passes"),
        (None, "passes"),
        (7, "passes"),
    ],
)
def test_the_role_must_name_the_replica(resource: Any, expected: str) -> None:
    for kind in (FUNCTION, TASK):
        stack = Stack()
        stack.add("aws:sqs/queue:Queue", "orders", {"name": "orders"}, region=WEST)
        user(stack, table(stack), text(statement(resource)), kind=kind)
        assert says(stack) == expected, kind
        assert says(stack, deployed=True) == expected, kind


def test_each_action_is_asked_for() -> None:
    for there, expected in (
        (["dynamodb:GetItem"], "rejects app"),
        (["dynamodb:GetItem", "dynamodb:PutItem"], "passes"),
        (["dynamodb:*"], "passes"),
        (["*"], "passes"),
        (["s3:*"], "rejects app"),
    ):
        stack = Stack()
        both = ["dynamodb:GetItem", "dynamodb:PutItem"]
        here = text(statement(arn(EAST), *both))
        user(stack, table(stack), here, text(statement(arn(WEST), *there)))
        assert says(stack) == expected, there


def test_a_right_on_nothing_is_another_defect() -> None:
    for policies in ((), (text(statement("*", "logs:PutLogEvents")),)):
        stack = Stack()
        user(stack, table(stack), *policies)
        assert says(stack) == "passes"


def test_what_runs_beside_the_original_may_use_it() -> None:
    stack = Stack()
    user(stack, table(stack), text(statement(arn(EAST))), region=EAST)
    assert says(stack) == "passes"


def test_without_a_replica_there_is_nothing_to_be_allowed() -> None:
    stack = Stack()
    user(stack, table(stack, replicas=[]), text(statement(arn(EAST))))
    assert says(stack) == "passes"


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (f"arn:aws:secretsmanager:{EAST}:{ACCOUNT}:secret:password-a1B2c3", "rejects app"),
        (f"arn:aws:secretsmanager:{EAST}:{ACCOUNT}:secret:password-??????", "rejects app"),
        (f"arn:aws:secretsmanager:{EAST}:{ACCOUNT}:secret:password-*", "rejects app"),
        (f"arn:aws:secretsmanager:*:{ACCOUNT}:secret:password-*", "passes"),
        (f"arn:aws:secretsmanager:{WEST}:{ACCOUNT}:secret:password-a1B2c3", "passes"),
    ],
)
def test_it_is_so_with_a_secret(resource: str, expected: str) -> None:
    stack = Stack()
    made = secret(stack)
    user(stack, made, text(statement(resource, "secretsmanager:GetSecretValue")))
    assert says(stack, existing=[made]) == expected


def test_a_policy_that_is_not_known_yet_is_doubted() -> None:
    stack = Stack()
    used = table(stack)
    user(stack, used, Output(text(statement(arn(EAST))), (used,)))
    assert says(stack) == "cannot tell app"
    assert says(stack, deployed=True) == "rejects app"


def test_what_aws_allows_of_other_services_is_no_answer() -> None:
    stack = Stack()
    used = table(stack)
    basic = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    user(stack, used, Output(text(statement(arn(EAST))), (used,)), managedPolicyArns=[basic])
    assert says(stack) == "cannot tell app"


def test_ecs_reads_secrets_with_another_role() -> None:
    stack = Stack()
    stack.add("aws:sqs/queue:Queue", "orders", {"name": "orders"}, region=WEST)
    made = secret(stack)
    named = f"arn:aws:secretsmanager:{EAST}:{ACCOUNT}:secret:password-*"
    user(stack, made, text(statement(named, "secretsmanager:GetSecretValue")), kind=TASK)
    assert says(stack, existing=[made]) == "passes"


def test_unless_it_is_of_something_else_or_of_the_replica_too() -> None:
    for other in ("aws:dynamodb/tableReplica:TableReplica", TABLE):
        stack = Stack()
        used = table(stack)
        replica = stack.add(other, "west", {"name": "west"}, region=WEST)
        user(stack, used, Output(text(statement(arn(WEST))), (used, replica)))
        assert says(stack) == "passes", other
    stack = Stack()
    queue = stack.add("aws:sqs/queue:Queue", "orders", {"name": "orders"})
    user(stack, table(stack), Output(text(statement("*", "sqs:SendMessage")), (queue,)))
    assert says(stack) == "passes"


@pytest.mark.parametrize(
    "managed",
    [
        "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess",
        "arn:aws:iam::aws:policy/AdministratorAccess",
        "arn:aws:iam::aws:policy/PowerUserAccess",
        "arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess",
        f"arn:aws:iam::{ACCOUNT}:policy/tables",
        UNKNOWN,
    ],
)
def test_a_policy_that_is_not_read_may_allow_it(managed: Any) -> None:
    stack = Stack()
    user(stack, table(stack), text(statement(arn(EAST))), managedPolicyArns=[managed])
    assert says(stack) == "passes"


def test_policies_of_aws_about_other_things_do_not() -> None:
    stack = Stack()
    basic = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    user(stack, table(stack), text(statement(arn(EAST))), managedPolicyArns=[basic])
    assert says(stack) == "rejects app"


def test_the_replica_may_have_a_policy_of_its_own() -> None:
    stack = Stack()
    user(stack, table(stack), text(statement(arn(EAST))))
    inputs = {"resourceArn": arn(WEST), "policy": "{}"}
    stack.add("aws:dynamodb/resourcePolicy:ResourcePolicy", "west", inputs, region=WEST)
    assert says(stack) == "passes"


def test_a_role_of_another_stack_is_not_known() -> None:
    for role in (f"arn:aws:iam::{ACCOUNT}:role/shared", UNKNOWN):
        stack = Stack()
        variables = {"variables": {"NAME": table(stack).output("name")}}
        stack.add(FUNCTION, "app", {"role": role, "environment": variables}, region=WEST)
        assert says(stack) == "passes"


@pytest.mark.parametrize(
    "hidden",
    [
        {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": UNKNOWN},
        {"Effect": "Allow", "Action": UNKNOWN, "Resource": arn(WEST)},
        {"Effect": UNKNOWN, "Action": "dynamodb:GetItem", "Resource": arn(WEST)},
        UNKNOWN,
    ],
)
def test_hiding_what_allows_it_makes_no_finding(hidden: Any) -> None:
    stack = Stack()
    policy = {"Version": "2012-10-17", "Statement": [hidden, statement(arn(EAST))]}
    user(stack, table(stack), policy)
    assert says(stack) == "passes"


def test_the_message_says_what_is_allowed_and_what_is_not() -> None:
    stack = Stack()
    stack.add("aws:sqs/queue:Queue", "orders", {"name": "orders"}, region=EAST)
    user(stack, table(stack), text(statement(arn(EAST))))
    assert (POLICY, "app") in findings(stack, config=PRIMARY)
    found = next(each for each in run(stack, config=PRIMARY) if each.policy == POLICY)
    assert found.message.splitlines()[1:] == [
        "Function app uses the replica of table sessions in us-west-2, but its role may use that "
        "of us-east-1 only:",
        f"  function app -> role app -> role policy app-0 -> dynamodb:GetItem -> {arn(EAST)}",
        "AWS: answers AccessDenied to dynamodb:GetItem in us-west-2: the replica has an ARN of its "
        "own.",
        f"Fix: Let the policy name the replica of us-west-2 too, or any region's ({arn('*')}).",
        "More: https://github.com/aws-dr-preflight/aws-dr-preflight/blob/main/docs/policies/"
        "standby-permissions.md",
    ]
