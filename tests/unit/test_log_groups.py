"""log-group-key-policy: whether CloudWatch Logs may use the key of a log group."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Stack
from tests import aws
from tests.support import findings, first_verdicts, run, verdict, verdicts

POLICY = "log-group-key-policy"
ACCOUNT = {"AWS": "arn:aws:iam::111122223333:root"}


def document(*principals: Any, effect: str = "Allow", **said: Any) -> str:
    statements = [
        {"Effect": effect, "Principal": each, "Action": "kms:*", "Resource": "*", **said}
        for each in principals
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def key(stack: Stack, name: str = "logs", policy: Any = None) -> Made:
    inputs = {} if policy is None else {"policy": policy}
    default = {"policy": document(ACCOUNT)} if policy is None else {}
    arn = f"arn:aws:kms:us-east-1:111122223333:key/{name}"
    computed = {"arn": arn, "keyId": name, **default}
    return stack.add("aws:kms/key:Key", name, inputs, computed=computed)


def key_policy(stack: Stack, of: Any, policy: Any) -> Made:
    inputs = {"keyId": of, "policy": policy}
    return stack.add("aws:kms/keyPolicy:KeyPolicy", "access", inputs)


def group(stack: Stack, by: Any, *waits: Made) -> Made:
    inputs = {"name": "/app", "kmsKeyId": by}
    return stack.add("aws:cloudwatch/logGroup:LogGroup", "app", inputs, depends_on=waits)


def with_policy(policy: Any, beside: Any = None) -> Stack:
    stack = Stack()
    made = key(stack, policy=policy)
    waits = [] if beside is None else [key_policy(stack, made.output("keyId"), beside)]
    group(stack, made.output("arn"), *waits)
    return stack


def logs(region: str = "us-east-1") -> dict[str, str]:
    return {"Service": f"logs.{region}.amazonaws.com"}


@pytest.mark.parametrize(
    "stack",
    [
        pytest.param(with_policy(None), id="default"),
        pytest.param(with_policy(document(ACCOUNT)), id="account"),
        pytest.param(with_policy(document({"Service": "rds.amazonaws.com"})), id="service"),
        pytest.param(with_policy(document(logs(), effect="Deny")), id="denied"),
        pytest.param(with_policy(None, beside=document(ACCOUNT)), id="beside"),
        pytest.param(with_policy(document()), id="nothing allowed"),
    ],
)
def test_a_key_that_shuts_cloudwatch_logs_out_is_rejected(stack: Stack) -> None:
    assert verdicts(stack, POLICY) == {"rejects app"}
    assert findings(stack) == {(POLICY, "app")}


@pytest.mark.parametrize(
    "policy",
    [
        document(ACCOUNT, logs()),
        document({"Service": ["rds.amazonaws.com", "logs.us-east-1.amazonaws.com"]}),
        document({"Service": "logs.amazonaws.com"}),
        document({"Service": "*"}),
        document("*"),
        document({"AWS": "*"}),
        document({"AWS": ["*"]}),
        json.dumps({"Statement": {"Effect": "Allow", "NotPrincipal": ACCOUNT}}),
    ],
)
def test_a_key_that_may_let_cloudwatch_logs_in_passes(policy: str) -> None:
    assert verdicts(with_policy(policy), POLICY) == {"passes"}
    beside = with_policy(None, beside=policy)
    assert verdict(beside, POLICY) == "passes"


@pytest.mark.parametrize(
    "stack",
    [
        pytest.param(with_policy(UNKNOWN), id="unknown"),
        pytest.param(with_policy("Calling [toString] on an [Output<T>]"), id="not JSON"),
        pytest.param(with_policy(None, beside=UNKNOWN), id="unknown beside"),
        pytest.param(with_policy(document(logs("eu-west-1"))), id="of another region"),
        pytest.param(with_policy(json.dumps({"Statement": 7})), id="no statements"),
        pytest.param(with_policy("7"), id="no policy"),
    ],
)
def test_what_is_not_known_is_told_as_such(stack: Stack) -> None:
    assert first_verdicts(stack, POLICY) == {"cannot tell app"}


def test_a_key_policy_of_some_key_may_be_this_one() -> None:
    stack = with_policy(None)
    key_policy(stack, UNKNOWN, document(logs()))
    assert first_verdicts(stack, POLICY) == {"cannot tell app"}


def test_one_of_two_keys_must_shut_it_out_whichever_it_is() -> None:
    for policy, expected in ((None, "rejects app"), (document(logs()), "cannot tell app")):
        stack = Stack()
        made = key(stack), key(stack, "other", policy)
        group(stack, Output.all(*(each.output("arn") for each in made)).element(0))
        assert first_verdicts(stack, POLICY) == {expected}


def test_the_policy_of_a_key_that_exists_may_be_given_by_hand() -> None:
    stack = with_policy(None)
    assert verdict(stack, POLICY, existing=stack.resources[:1]) == "cannot tell app"
    stated = with_policy(document(ACCOUNT))
    assert verdict(stated, POLICY, existing=stated.resources[:1]) == "rejects app"


def test_a_policy_whose_changes_are_ignored_is_not_the_one_that_is_there() -> None:
    stack = Stack()
    inputs = {"policy": document(ACCOUNT)}
    computed = {"arn": "arn:aws:kms:us-east-1:111122223333:key/logs", "keyId": "logs"}
    made = stack.add(
        "aws:kms/key:Key", "logs", inputs, computed=computed, ignore_changes=["policy"]
    )
    group(stack, made.output("arn"))
    assert verdict(stack, POLICY, existing=[made]) == "cannot tell app"
    assert verdict(stack, POLICY) == "rejects app"


def test_log_groups_without_a_key_of_this_stack_pass() -> None:
    for by in (None, "", UNKNOWN, "arn:aws:kms:us-east-1:111122223333:key/other"):
        stack = Stack()
        key(stack)
        group(stack, by)
        assert verdicts(stack, POLICY) == {"passes"}


def test_both_dialects_are_read() -> None:
    for principal, expected in ((ACCOUNT, "rejects app"), (logs(), "passes")):
        stack = Stack()
        said = json.loads(document(principal))
        made = aws.native(stack, "kms:Key", "logs", {"keyPolicy": said}, named_by="arn")
        stack.add("aws-native:logs:LogGroup", "app", {"kmsKeyId": made.output("arn")})
        assert first_verdicts(stack, POLICY) == {expected}


def test_an_unknown_part_of_a_policy_object_is_told() -> None:
    stack = Stack()
    for unknown in ({"AWS": UNKNOWN}, UNKNOWN):
        said = {"Statement": [{"Effect": "Allow", "Principal": unknown}]}
        stack = with_policy(said)
        assert first_verdicts(stack, POLICY) == {"cannot tell app"}


def test_the_message_leads_to_the_key_and_repeats_no_policy() -> None:
    (message,) = [
        each.message for each in run(with_policy(document(ACCOUNT))) if each.policy == POLICY
    ]
    assert "KMS key logs -> no statement of the policy allows CloudWatch Logs" in message
    assert "111122223333" not in message
