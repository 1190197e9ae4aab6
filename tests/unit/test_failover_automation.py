"""failover-automation-region, and what a role may do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Stack
from tests.hiding import invented
from tests.support import doubts, findings, run, verdict, verdicts

POLICY = "failover-automation-region"
EAST, WEST = "us-east-1", "us-west-2"
FUNCTION = "aws:lambda/function:Function"
STATE_MACHINE = "aws:sfn/stateMachine:StateMachine"
DOCUMENT = "aws:ssm/document:Document"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
ATTACHMENTS = "aws:iam/policyAttachment:PolicyAttachment"
EXCLUSIVE = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive"
IAM_POLICY = "aws:iam/policy:Policy"
ZONE = "aws:route53/zone:Zone"
MANAGED = "arn:aws:iam::aws:policy"
BASIC = f"{MANAGED}/service-role/AWSLambdaBasicExecutionRole"
FAIL_OVER = "rds:FailoverGlobalCluster"
RECORDS = "route53:ChangeResourceRecordSets"


def text(*actions: str, effect: str = "Allow", resource: Any = "*", **more: Any) -> str:
    statement = {"Effect": effect, "Action": list(actions), "Resource": resource, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def two_regions() -> Stack:
    stack = Stack()
    stack.add("aws:sqs/queue:Queue", "orders", {"name": "orders"}, region=EAST)
    stack.add("aws:sqs/queue:Queue", "orders-standby", {"name": "orders"}, region=WEST)
    return stack


def role(stack: Stack, name: str, *policies: Any, **inputs: Any) -> Made:
    made = stack.add(
        ROLE,
        name,
        {"managedPolicyArns": [BASIC], **inputs},
        computed={"name": name, "arn": f"arn:aws:iam::111122223333:role/{name}"},
    )
    for number, policy in enumerate(policies):
        stack.add(ROLE_POLICY, f"{name}-{number}", {"role": made.id, "policy": policy})
    return made


def function(stack: Stack, name: str, of: Any, region: str = EAST, kind: str = FUNCTION) -> Made:
    arn = of.output("arn") if isinstance(of, Made) else of
    return stack.add(
        kind,
        name,
        {"roleArn" if kind == STATE_MACHINE else "role": arn},
        computed={"name": name, "arn": f"arn:aws:lambda:{region}:111122223333:function:{name}"},
        region=region,
    )


def test_what_fails_over_from_a_region_should_not_be_in_it() -> None:
    for action in (FAIL_OVER, "rds:PromoteReadReplica*", "rds:Failover*", FAIL_OVER.upper()):
        for kind in (FUNCTION, STATE_MACHINE):
            stack = two_regions()
            function(stack, "mover", role(stack, "mover", text(action)), kind=kind)
            assert verdicts(stack, POLICY) == {"rejects mover"}, (action, kind)


def test_it_may_be_in_the_region_that_takes_over() -> None:
    stack = two_regions()
    function(stack, "mover", role(stack, "mover", text(FAIL_OVER)), WEST)
    assert verdicts(stack, POLICY) == {"passes"}


@pytest.mark.parametrize(
    "rights",
    ["rds:*", "*", RECORDS, "globalaccelerator:UpdateEndpointGroup", "rds:DescribeDBClusters"],
)
def test_a_right_that_others_have_too_is_no_sign(rights: str) -> None:
    """Issuers of certificates change records; applications have far too many rights."""
    stack = two_regions()
    function(stack, "certificates", role(stack, "certificates", text(rights)))
    assert verdicts(stack, POLICY) == {"passes"}


@pytest.mark.parametrize("rights", [RECORDS, "globalaccelerator:UpdateEndpointGroup"])
@pytest.mark.parametrize("name", ["failover", "promote-west", "regionFailover"])
def test_with_a_name_that_says_so_it_is_one(rights: str, name: str) -> None:
    stack = two_regions()
    stack.add(ZONE, "public", {"name": "shop.net", "enableAcceleratedRecovery": True})
    function(stack, name, role(stack, "it", text(rights)))
    assert verdicts(stack, POLICY) == {f"rejects {name}"}


def alarmed(stack: Stack, what: Made) -> None:
    arn = "arn:aws:sns:us-east-1:111122223333:alarms"
    topic = stack.add("aws:sns/topic:Topic", "alarms", {"name": "alarms"}, computed={"arn": arn})
    stack.add(
        "aws:sns/topicSubscription:TopicSubscription",
        "alarms",
        {"topic": topic.output("arn"), "protocol": "lambda", "endpoint": what.output("arn")},
    )
    stack.add(
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "errors",
        {"name": "errors", "alarmActions": [topic.output("arn")]},
    )


def ruled(stack: Stack, what: Made, pattern: str) -> None:
    rule = stack.add(
        "aws:cloudwatch/eventRule:EventRule", "rule", {"name": "rule", "eventPattern": pattern}
    )
    inputs = {"rule": rule.output("name"), "arn": what.output("arn")}
    stack.add("aws:cloudwatch/eventTarget:EventTarget", "rule", inputs)


def test_so_it_is_with_an_alarm_or_an_event_that_starts_it() -> None:
    for start in ("alarm", '{"source": ["aws.health"]}', '{"source": ["shop.orders"]}'):
        stack = two_regions()
        stack.add(ZONE, "public", {"name": "shop.net", "enableAcceleratedRecovery": True})
        what = function(stack, "mover", role(stack, "mover", text(RECORDS)))
        if start == "alarm":
            alarmed(stack, what)
        else:
            ruled(stack, what, start)
        expected = "passes" if "orders" in start else "rejects mover"
        assert verdicts(stack, POLICY) == {expected}, start


@pytest.mark.parametrize(("where", "expected"), [(WEST, "passes"), (EAST, "rejects mover")])
def test_something_elsewhere_may_do_the_same(where: str, expected: str) -> None:
    stack = two_regions()
    its = role(stack, "mover", text(FAIL_OVER))
    function(stack, "mover", its)
    function(stack, "other-mover", its, where)
    assert verdicts(stack, POLICY) == {expected}


@pytest.mark.parametrize("rights", ["rds:SwitchoverGlobalCluster", "rds:SwitchoverReadReplica"])
def test_a_switchover_needs_the_region_that_is_lost(rights: str) -> None:
    stack = two_regions()
    function(stack, "mover", role(stack, "mover", text(rights)))
    assert verdicts(stack, POLICY) == {"passes"}
    stack = two_regions()
    function(stack, "mover", role(stack, "mover", text(FAIL_OVER)))
    function(stack, "rotation", role(stack, "rotation", text(rights)), WEST)
    assert verdicts(stack, POLICY) == {"rejects mover"}


@pytest.mark.parametrize("rights", ["rds:*", "*", "rds:F*"])
def test_whatever_it_is_made_for(rights: str) -> None:
    stack = two_regions()
    function(stack, "mover", role(stack, "mover", text(FAIL_OVER)))
    function(stack, "operations", role(stack, "operations", text(rights)), WEST)
    assert verdicts(stack, POLICY) == {"passes"}


def test_a_task_or_an_instance_elsewhere_may_be_it() -> None:
    for kind, name in (
        ("aws:ecs/taskDefinition:TaskDefinition", "taskRoleArn"),
        ("aws:codebuild/project:Project", "serviceRole"),
    ):
        stack = two_regions()
        its = role(stack, "mover", text(FAIL_OVER))
        function(stack, "mover", its)
        inputs = {name: its.output("arn")}
        made = stack.add(kind, "operations", inputs, region=WEST, depends_on=[its])
        assert made.name == "operations"
        assert verdict(stack, POLICY) == "cannot tell mover", kind


@pytest.mark.parametrize(
    ("policy", "name", "expected"),
    [
        ("table", "orders", "rejects mover"),
        ("table", "region-failover", "cannot tell mover"),
        ("table", "mover-standby", "cannot tell mover"),
        ("database", "orders", "cannot tell mover"),
        ("outside", "orders", "cannot tell mover"),
        ("bound", "orders", "rejects mover"),
    ],
)
def test_a_policy_that_is_not_known_yet_tells_what_it_is_about(
    policy: str, name: str, expected: str
) -> None:
    stack = two_regions()
    function(stack, "mover", role(stack, "mover", text(FAIL_OVER)))
    table = stack.add("aws:dynamodb/table:Table", "orders", {"name": "orders"}, region=WEST)
    database = stack.add("aws:rds/globalCluster:GlobalCluster", "orders", region=WEST)
    said: Any = {
        "table": Output(text("dynamodb:GetItem"), (table,)),
        "database": Output(text("dynamodb:GetItem"), (database,)),
        "outside": UNKNOWN,
        "bound": text("dynamodb:GetItem"),
    }[policy]
    function(stack, name, role(stack, "app", said), WEST)
    assert verdict(stack, POLICY) == expected


@pytest.mark.parametrize("of", ["arn:aws:iam::111122223333:role/shared", UNKNOWN])
def test_a_role_of_another_stack_may_let_it(of: Any) -> None:
    stack = two_regions()
    function(stack, "mover", role(stack, "mover", text(FAIL_OVER)))
    function(stack, "orders", of, WEST)
    assert verdict(stack, POLICY) == "cannot tell mover"


def test_what_is_called_a_failover_is_doubted_where_its_rights_are_not_known() -> None:
    stack = two_regions()
    function(stack, "failover", role(stack, "failover", UNKNOWN))
    function(stack, "switchover", "arn:aws:iam::111122223333:role/shared")
    function(stack, "orders", role(stack, "orders", UNKNOWN))
    stack.add(DOCUMENT, "takeover", {"content": UNKNOWN})
    assert doubts(stack, POLICY) == {"failover", "switchover", "takeover"}
    assert verdict(stack, POLICY).startswith("cannot tell")


RUNBOOK = """
mainSteps:
  - name: move
    action: aws:executeAwsApi
    inputs: {Service: rds, Api: FailoverGlobalCluster}
"""


@pytest.mark.parametrize(
    ("content", "region", "expected"),
    [
        (RUNBOOK, EAST, "rejects move"),
        (RUNBOOK, WEST, "passes"),
        ("rds.failover_global_cluster()", EAST, "rejects move"),
        ("mainSteps: []", EAST, "passes"),
        (None, EAST, "passes"),
        (7, EAST, "passes"),
    ],
)
def test_a_runbook_tells_by_its_text(content: Any, region: str, expected: str) -> None:
    stack = two_regions()
    stack.add(DOCUMENT, "move", {"content": content}, region=region)
    assert verdict(stack, POLICY) == expected


def test_records_are_changed_in_one_region() -> None:
    """Wherever the function runs: Route 53 takes changes in us-east-1."""
    for accelerated, expected in (
        (None, "rejects failover"),
        (False, "rejects failover"),
        (True, "passes"),
        (UNKNOWN, "cannot tell failover"),
        ("outside", "cannot tell failover"),
    ):
        stack = two_regions()
        if accelerated != "outside":
            given = {} if accelerated is None else {"enableAcceleratedRecovery": accelerated}
            stack.add(ZONE, "public", {"name": "shop.net", **given})
        function(stack, "failover", role(stack, "failover", text(RECORDS, FAIL_OVER)), WEST)
        assert verdict(stack, POLICY) == expected, accelerated


def test_elsewhere_nothing_depends_on_that_region() -> None:
    stack = Stack(region="eu-west-1")
    stack.add("aws:sqs/queue:Queue", "orders", region="eu-west-1")
    stack.add("aws:sqs/queue:Queue", "orders-standby", region="eu-central-1")
    stack.add(ZONE, "public", {"name": "shop.net"})
    its = role(stack, "failover", text(RECORDS))
    function(stack, "failover", its, "eu-central-1")
    assert verdicts(stack, POLICY) == {"passes"}


def test_a_plan_of_region_switch_is_run_where_it_is_needed() -> None:
    stack = two_regions()
    function(stack, "mover", role(stack, "mover", text(FAIL_OVER)))
    stack.add("aws:arcregionswitch/plan:Plan", "plan", {"name": "plan"})
    assert verdicts(stack, POLICY) == {"passes"}


def test_a_stack_of_one_region_has_nothing_to_fail_over_to() -> None:
    stack = Stack()
    function(stack, "failover", role(stack, "failover", text(FAIL_OVER, RECORDS)))
    assert verdicts(stack, POLICY) == {"passes"}


@pytest.mark.parametrize(("primary", "expected"), [(EAST, "rejects mover"), (WEST, "passes")])
def test_the_primary_may_be_said(primary: str, expected: str) -> None:
    stack = Stack()
    stack.add("aws:sqs/queue:Queue", "orders", region=EAST)
    stack.add("aws:sqs/queue:Queue", "invoices", region=WEST)
    function(stack, "mover", role(stack, "mover", text(FAIL_OVER)))
    assert verdict(stack, POLICY) == "cannot tell mover"
    assert verdict(stack, POLICY, config={POLICY: {"primary": primary}}) == expected


def test_two_regions_that_serve_alike_are_doubted() -> None:
    stack = Stack()
    for region in (EAST, WEST):
        stack.add("aws:sqs/queue:Queue", f"orders-{region}", region=region)
    function(stack, "mover", role(stack, "mover", text(FAIL_OVER)), WEST)
    assert verdict(stack, POLICY) == "cannot tell mover"


def granted(stack: Stack, way: str, policy: Any) -> Made:
    """A role that has the policy in one of the ways in which IAM gives it."""
    if way == "inline":
        return role(stack, "it", inlinePolicies=[{"name": "it", "policy": policy}])
    if way == "managed":
        named = stack.add(IAM_POLICY, "it", {"policy": policy}, computed={"arn": "arn:p"})
        return role(stack, "it", managedPolicyArns=[named.id])
    made = role(stack, "it")
    named = stack.add(IAM_POLICY, "it", {"policy": policy}, computed={"arn": "arn:p"})
    if way == "attachment":
        stack.add(ATTACHMENT, "it", {"role": made.id, "policyArn": named.id})
    elif way == "attachments":
        stack.add(ATTACHMENTS, "it", {"roles": [made.id], "policyArn": named.id})
    else:
        stack.add(EXCLUSIVE, "it", {"roleName": made.id, "policyArns": [named.id]})
    return made


@pytest.mark.parametrize("way", ["inline", "managed", "attachment", "attachments", "exclusive"])
def test_a_role_has_its_policies_in_several_ways(way: str) -> None:
    for policy, expected in (
        (text(FAIL_OVER), "rejects failover"),
        (text("logs:*"), "passes"),
        (UNKNOWN, "cannot tell failover"),
    ):
        stack = two_regions()
        function(stack, "failover", granted(stack, way, policy))
        assert verdict(stack, POLICY) == expected, policy


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (text(FAIL_OVER, effect="Deny"), "passes"),
        (text(FAIL_OVER, Condition={"Bool": {"aws:SecureTransport": "true"}}), "cannot tell"),
        (json.dumps({"Statement": {"Effect": "Allow", "Action": FAIL_OVER}}), "rejects"),
        (json.dumps({"Statement": {"Effect": "Allow", "NotAction": "iam:*"}}), "passes"),
        ("not json", "cannot tell"),
        ("[]", "passes"),
        ("{}", "passes"),
        (None, "passes"),
        (7, "passes"),
        ({"Statement": [{"Effect": "Allow", "Action": UNKNOWN}]}, "cannot tell"),
        ({"Statement": [UNKNOWN]}, "cannot tell"),
        ({"Statement": [{"Effect": UNKNOWN, "Action": FAIL_OVER}]}, "cannot tell"),
    ],
)
def test_statements_are_read_as_iam_does(policy: Any, expected: str) -> None:
    stack = two_regions()
    function(stack, "failover", role(stack, "failover", policy))
    assert verdict(stack, POLICY).startswith(expected)


def test_what_is_denied_is_not_allowed() -> None:
    for resource, expected in (("*", "passes"), ("arn:aws:rds::1:global-cluster:a", "cannot tell")):
        stack = two_regions()
        denied = text(FAIL_OVER, effect="Deny", resource=resource)
        function(stack, "failover", role(stack, "failover", text(FAIL_OVER), denied))
        assert verdict(stack, POLICY).startswith(expected), resource


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        (f"{MANAGED}/AdministratorAccess", "passes"),
        (f"{MANAGED}/PowerUserAccess", "passes"),
        (f"{MANAGED}/AmazonRDSFullAccess", "passes"),
        (f"{MANAGED}/AmazonDynamoDBFullAccess", "rejects mover"),
        (f"{MANAGED}/service-role/AWSLambdaVPCAccessExecutionRole", "rejects mover"),
        (f"{MANAGED}/SomethingElse", "cannot tell mover"),
        ("arn:aws:iam::111122223333:policy/AWSLambdaBasicExecutionRole", "cannot tell mover"),
        (UNKNOWN, "cannot tell mover"),
    ],
)
def test_policies_of_aws_are_known_by_name(arn: Any, expected: str) -> None:
    stack = two_regions()
    function(stack, "mover", role(stack, "mover", text(FAIL_OVER)))
    function(stack, "orders", role(stack, "orders", managedPolicyArns=[arn]), WEST)
    assert verdict(stack, POLICY) == expected


def test_a_boundary_leaves_it_open() -> None:
    stack = two_regions()
    its = role(stack, "failover", text(FAIL_OVER), permissionsBoundary="arn:aws:iam::1:policy/b")
    function(stack, "failover", its)
    assert verdict(stack, POLICY) == "cannot tell failover"


def test_what_another_region_has_is_not_forgotten_when_it_is_not_known() -> None:
    stack = two_regions()
    function(stack, "failover", role(stack, "failover", text(FAIL_OVER)))
    other = role(stack, "operations", text("rds:*"), text("logs:*"))
    function(stack, "operations", other, WEST)
    stack.add(DOCUMENT, "move", {"content": RUNBOOK}, region=WEST)
    assert verdicts(stack, POLICY) == {"passes"}
    assert invented(stack, POLICY) == []


@pytest.mark.parametrize("way", ["inline", "managed", "attachment", "attachments", "exclusive"])
def test_whichever_way_a_role_has_its_policies(way: str) -> None:
    stack = two_regions()
    function(stack, "mover", role(stack, "mover", text(FAIL_OVER)))
    function(stack, "west", granted(stack, way, text("rds:*")), WEST)
    assert invented(stack, POLICY) == []


def test_the_message_leads_from_what_starts_it_to_what_it_may() -> None:
    stack = two_regions()
    stack.add(ZONE, "public", {"name": "shop.net"})
    what = function(stack, "mover", role(stack, "mover", text(FAIL_OVER)))
    alarmed(stack, what)
    assert findings(stack) == {(POLICY, "mover")}
    found = next(each for each in run(stack) if each.policy == POLICY)
    assert found.message.splitlines()[1:] == [
        "Function mover runs in us-east-1, and nothing elsewhere may fail over:",
        "  function mover (us-east-1) -> role mover -> rds:FailoverGlobalCluster",
        "  metric alarm errors (us-east-1) -> topic alarms (us-east-1) -> function mover",
        "  queue orders-standby (us-west-2) -> stands in for us-east-1 by its name",
        "AWS: runs it as long as us-east-1 works; it is lost with what it is to save.",
        "Fix: Make it, and what starts it, in us-west-2.",
        "More: https://github.com/aws-dr-preflight/aws-dr-preflight/blob/main/docs/policies/"
        "failover-automation-region.md",
    ]
