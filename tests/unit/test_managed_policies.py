"""iam-names: the list of AWS's managed policies, and what a message says of one."""

from __future__ import annotations

from policies.model.managed_policies import instead, is_missing, is_of_a_service, own_path
from policies.testing import Stack
from tests.support import run, verdict

POLICY = "iam-names"
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


def test_an_attachment_that_exists_is_not_judged() -> None:
    stack = Stack()
    given = {"role": "app", "policyArn": f"{OF_AWS}/service-role/AWSConfigRole"}
    kind = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    made = stack.add(kind, "config", given)
    assert verdict(stack, POLICY) == "rejects config"
    assert verdict(stack, POLICY, existing=[made]) == "passes"
