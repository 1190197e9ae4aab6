"""Policies of AWS that roles, users and groups are given, and that AWS does not have.

AttachRolePolicy and its like look for the policy by its ARN, path and all. It is asked of what is
new: AWS withdraws policies, and what had one attached keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from .model import Model
from .model.inputs import Declared
from .model.managed_policies import (
    instead,
    is_missing,
    is_of_a_service,
    is_unlisted,
    own_path,
)
from .model.resource import Resource
from .model.truth import Truth, some
from .model.values import Known, items, known_or_none, text
from .refusal import Inputs, Refusal, Topic, family_of_creation
from .relation import Broken, Relation
from .rule import Evidence, Kind

_ROLE: Final = "aws:iam/role:Role"
_TO_ANY: Final = "aws:iam/policyAttachment:PolicyAttachment"
_ATTACHMENTS: Final = (
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
    _TO_ANY,
)
_EXCLUSIVE: Final = (
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
    "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive",
    "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive",
)
"""What says all policies of a role, a user or a group, in `policyArns`."""
_LOGS: Final = "AttachRolePolicy, public deployment logs"
_DATE: Final = "2026-11-26"
_LISTS: Final = ("managedPolicyArns", "policyArns")


def _arns(resource: Declared) -> Sequence[str]:
    """The ARNs of policies that it attaches, as far as they are known."""
    listed = [each for name in _LISTS for each in known_or_none(items(resource.at(name))) or ()]
    readings = (resource.text("policyArn"), *map(text, listed))
    return [each.value for each in readings if isinstance(each, Known)]


def _attaches(condition: Callable[[str], bool]) -> Callable[[Declared], Truth]:
    """Whether the condition holds of an ARN that it attaches."""
    return lambda resource: (
        resource.holds("policyArn", condition)
        | some(resource.some_text(name, condition) for name in _LISTS)
    )


def _right_ones(resource: Declared) -> Sequence[str]:
    return [f"use {found}" for arn in _arns(resource) if (found := own_path(arn))]


def _replacements(resource: Declared) -> Sequence[str]:
    return [f"AWS has {found} instead" for arn in _arns(resource) if (found := instead(arn))]


def _is_for_services_alone(arn: str) -> bool:
    return is_of_a_service(arn) and own_path(arn) is None and not is_missing(arn)


def _attached(path: str) -> Inputs:
    return {"policyArn": f"arn:aws:iam::aws:policy/{path}"}


def _managed(*paths: str) -> Inputs:
    return {"managedPolicyArns": [f"arn:aws:iam::aws:policy/{path}" for path in paths]}


_WRONG_PATH: Final = Refusal(
    id="managed-policy-path",
    kinds=(*_ATTACHMENTS, *_EXCLUSIVE),
    says="attaches an AWS managed policy by a wrong path",
    when=_attaches(lambda arn: own_path(arn) is not None),
    names=_right_ones,
    evidence=Evidence(
        "AttachRolePolicy answers NoSuchEntity: Policy arn:aws:iam::aws:policy/... does not "
        "exist or is not attachable.",
        _LOGS,
        _DATE,
    ),
    fix="Use the full ARN that the IAM console shows, including the path.",
    refused=_attached("AmazonECSTaskExecutionRolePolicy"),
    accepted=(
        _attached("service-role/AmazonECSTaskExecutionRolePolicy"),
        _attached("ReadOnlyAccess"),
        _attached("service-role/NewerThanTheListRole"),
        {"policyArn": "arn:aws:iam::111122223333:policy/AmazonECSTaskExecutionRolePolicy"},
        {"policyArn": "arn:aws-cn:iam::aws:policy/AmazonECSTaskExecutionRolePolicy"},
    ),
)
_MISSING: Final = Refusal(
    id="managed-policy-missing",
    kinds=(*_ATTACHMENTS, *_EXCLUSIVE),
    says="attaches an AWS managed policy that does not exist",
    when=_attaches(is_missing),
    names=_replacements,
    evidence=Evidence(
        "AttachRolePolicy answers NoSuchEntity: Policy arn:aws:iam::aws:policy/... does not "
        "exist or is not attachable.",
        _LOGS,
        _DATE,
    ),
    fix="Attach the AWS managed policy that exists instead, or write your own policy.",
    refused=_attached("service-role/ConfigRole"),
    accepted=(_attached("service-role/AWS_ConfigRole"), {"policyArn": "ConfigRole"}),
)
_OF_A_SERVICE: Final = Refusal(
    id="service-linked-policy",
    kinds=(_ATTACHMENTS[0], _EXCLUSIVE[0]),
    says="attaches an AWS managed policy that only service-linked roles can have",
    when=_attaches(_is_for_services_alone),
    evidence=Evidence(
        "AttachRolePolicy answers PolicyNotAttachable: Cannot attach a Service Role Policy to a "
        "Customer Role.",
        _LOGS,
        _DATE,
    ),
    fix="Use a service-linked role (ServiceLinkedRole), or write your own policy.",
    refused=_attached("aws-service-role/AWSConfigServiceRolePolicy"),
    accepted=(_attached("service-role/AWS_ConfigRole"), {"policyArn": "aws-service-role/x"}),
)
_OF_A_SERVICE_TO_ROLES: Final = _OF_A_SERVICE._replace(
    id="service-linked-policy-of-roles",
    kinds=(_TO_ANY,),
    says="attaches to roles an AWS managed policy that only service-linked roles can have",
    when=lambda attachment: attachment.has("roles") & _attaches(_is_for_services_alone)(attachment),
    refused={"roles": ["app"], **_attached("aws-service-role/AWSConfigServiceRolePolicy")},
    accepted=({"roles": ["app"], **_attached("service-role/AWS_ConfigRole")},),
    whatever=("roles.0",),
)


def _of_role(refusal: Refusal, refused: Inputs, *accepted: Inputs) -> Refusal:
    """The same of a role that lists its policies itself."""
    return refusal._replace(
        id=f"role-{refusal.id}", kinds=(_ROLE,), refused=refused, accepted=accepted
    )


IAM_NAMES = family_of_creation(
    Topic(
        name="iam-names",
        title="AWS managed policies that exist",
        description="An AWS managed policy must be attached by the path and name under which it "
        "exists.",
        tags=("aws", "iam", "disaster-recovery"),
        reads_native=True,
        fix="Use the full ARN that the IAM console shows, including the path.",
    ),
    _WRONG_PATH,
    _of_role(
        _WRONG_PATH,
        _managed("service-role/AmazonSSMManagedInstanceCore"),
        _managed("AmazonSSMManagedInstanceCore", "service-role/AWSLambdaBasicExecutionRole"),
    ),
    _MISSING,
    _of_role(
        _MISSING,
        _managed("service-role/ConfigRole"),
        _managed("service-role/AWS_ConfigRole"),
    ),
    _OF_A_SERVICE,
    _OF_A_SERVICE_TO_ROLES,
    _of_role(
        _OF_A_SERVICE,
        _managed("aws-service-role/AWSConfigServiceRolePolicy"),
        _managed("service-role/AWS_ConfigRole"),
    ),
)


def _is_not_listed(resource: Resource, _: Model) -> Broken | None:
    arns = [
        arn for arn in _arns(Declared(resource)) if is_unlisted(arn) and not is_of_a_service(arn)
    ]
    return Broken("attaches an AWS managed policy that AWS does not list") if arns else None


def _is_of_services_alone(resource: Resource, _: Model) -> Broken | None:
    """Of a user or a group; of roles, iam-names tells."""
    inputs = Declared(resource)
    is_told = resource.kind == _TO_ANY and inputs.has("roles") is not Truth.FALSE
    if is_told or not any(map(_is_for_services_alone, _arns(inputs))):
        return None
    return Broken("attaches an AWS managed policy that only service-linked roles can have")


ROWS: Final = (
    Relation(
        id="service-linked-policy-of-users",
        kinds=(*_ATTACHMENTS[1:], *_EXCLUSIVE[1:]),
        check=_is_of_services_alone,
        evidence=Evidence(
            "documents: You cannot attach this policy to your users, groups, or roles.",
            "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/"
            "AWSResourceAccessManagerServiceRolePolicy.html",
            "2026-11-28",
            Kind.DOCUMENTED,
        ),
        fix="Write your own policy, or attach another AWS managed policy.",
    ),
    Relation(
        id="managed-policy-unlisted",
        kinds=(*_ATTACHMENTS, *_EXCLUSIVE, _ROLE),
        check=_is_not_listed,
        evidence=Evidence(
            "answers NoSuchEntity: Policy arn:aws:iam::aws:policy/... does not exist or is not "
            "attachable, unless the policy is newer than this pack's list.",
            "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html",
            "2026-11-27",
            Kind.DOCUMENTED,
        ),
        fix="Use the full ARN that the IAM console shows, including the path.",
    ),
)
"""What AWS had no policy of that name for when the list was made."""
