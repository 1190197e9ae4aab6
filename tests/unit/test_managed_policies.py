"""iam-names: the list of AWS's managed policies, and what a message says of one."""

from __future__ import annotations

from typing import Any

import pytest

from policies.model.managed_policies import instead, is_missing, is_of_a_service, own_path
from policies.testing import UNKNOWN, Stack
from tests.support import findings, run, verdict

POLICY = "iam-names"
PARTS = "documented-parts"
OF_AWS = "arn:aws:iam::aws:policy"
ROLE = "aws:iam/role:Role"


def test_what_was_seen_to_be_wrong_is_wrong() -> None:
    for name, path in {
        "AWS_ConfigRole": "service-role/AWS_ConfigRole",
        "AWSCodeDeployRole": "service-role/AWSCodeDeployRole",
        "AWSGlueServiceRole": "service-role/AWSGlueServiceRole",
        "service-role/CloudWatchAgentServerPolicy": "CloudWatchAgentServerPolicy",
        "service-role/AWSCodeDeployRoleForECS": "AWSCodeDeployRoleForECS",
        "SystemAdministrator": "job-function/SystemAdministrator",
    }.items():
        assert own_path(f"{OF_AWS}/{name}") == path
        assert own_path(f"{OF_AWS}/{path}") is None


def test_a_name_that_is_not_in_the_list_may_be_newer() -> None:
    for arn in (f"{OF_AWS}/BrandNewPolicy", "arn:aws:iam::111122223333:policy/Mine", "", "text"):
        assert own_path(arn) is None
        assert not is_missing(arn)
        assert not is_of_a_service(arn)
        assert instead(arn) is None


def said(*paths: str) -> str:
    """What the policy says of a role with these policies of AWS."""
    stack = Stack()
    stack.add(ROLE, "app", {"managedPolicyArns": [f"{OF_AWS}/{path}" for path in paths]})
    return " ".join(each.message for each in run(stack) if each.policy == POLICY)


def test_the_message_says_what_is_right() -> None:
    assert "use service-role/AWSCodeDeployRole (role-managed" in said("AWSCodeDeployRole")
    assert "AWS has AWSCodePipeline_FullAccess instead" in said("AWSCodePipelineFullAccess")
    assert "does not exist (role-managed-policy-missing)." in said("AWSCodePipelineServiceRole")
    assert said("ReadOnlyAccess") == ""


def test_what_has_a_policy_of_a_service_or_none_is_told_once() -> None:
    message = said("aws-service-role/AWSGlueServiceRole")
    assert "role-managed-policy-path" in message
    assert "role-service-linked-policy" not in message


LINKED = f"{OF_AWS}/aws-service-role/AWSConfigServiceRolePolicy"
EXCLUSIVE = "aws:iam/{0}PolicyAttachmentsExclusive:{1}PolicyAttachmentsExclusive"


@pytest.mark.parametrize(
    ("kind", "said", "expected"),
    [
        ("aws:iam/policyAttachment:PolicyAttachment", {"roles": ["app"]}, POLICY),
        ("aws:iam/policyAttachment:PolicyAttachment", {"roles": UNKNOWN}, None),
        ("aws:iam/policyAttachment:PolicyAttachment", {"users": ["me"]}, PARTS),
        ("aws:iam/userPolicyAttachment:UserPolicyAttachment", {"user": "me"}, PARTS),
        ("aws:iam/groupPolicyAttachment:GroupPolicyAttachment", {"group": "us"}, PARTS),
        (EXCLUSIVE.format("role", "Role"), {"roleName": "app"}, POLICY),
        (EXCLUSIVE.format("user", "User"), {"userName": "me"}, PARTS),
    ],
)
def test_policies_of_services_are_for_them_alone(
    kind: str, said: dict[str, Any], expected: str | None
) -> None:
    for arn, found in ((LINKED, {(expected, "it")} if expected else set()), (f"{OF_AWS}/Ok", None)):
        stack = Stack()
        named = {"policyArns": [arn]} if "Exclusive" in kind else {"policyArn": arn}
        stack.add(kind, "it", {**said, **named})
        told = {each for each in findings(stack) if "list" not in each[0]}
        if found is not None:
            assert told == found


@pytest.mark.parametrize("of", ["Role", "User", "Group"])
def test_the_policies_that_are_said_at_once_are_read(of: str) -> None:
    kind = EXCLUSIVE.format(of.lower(), of)
    for name, expected in (
        ("AWSCodeDeployRole", "rejects it"),
        ("service-role/ConfigRole", "rejects it"),
        ("ReadOnlyAccess", "passes"),
    ):
        stack = Stack()
        stack.add(kind, "it", {"policyArns": [f"{OF_AWS}/ReadOnlyAccess", f"{OF_AWS}/{name}"]})
        assert verdict(stack, POLICY) == expected


def test_an_attachment_that_exists_is_not_judged() -> None:
    stack = Stack()
    given = {"role": "app", "policyArn": f"{OF_AWS}/service-role/AWSConfigRole"}
    kind = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    made = stack.add(kind, "config", given)
    assert verdict(stack, POLICY) == "rejects config"
    assert verdict(stack, POLICY, existing=[made]) == "passes"
