"""The instance profile of an instance, which is not the role in it.

The console makes a profile of the same name with each role for EC2; a program that makes the role
makes no profile.
"""

from __future__ import annotations

from typing import Final

from ..model import Model
from ..model.accounts import share_account
from ..model.inputs import Declared
from ..model.resource import Resource
from ..model.values import Known, Reading
from ..model.vocabulary import INSTANCE, INSTANCE_PROFILE, LAUNCH_TEMPLATE, ROLE
from ..relation import Broken, Relation
from ..rule import Evidence

_NATIVE_PROFILE: Final = "aws-native:iam:InstanceProfile"


def _profile(user: Resource) -> Reading[str]:
    """The name of the profile that an instance, or a launch template's instances, get."""
    path = "iamInstanceProfile"
    return Declared(user).text(path if user.kind == INSTANCE else f"{path}.name")


def _names_a_role(user: Resource, model: Model) -> Broken | None:
    said = _profile(user)
    if not isinstance(said, Known):
        return None
    stack, name = model.stack, said.value
    roles = [each for each in stack.called(name, ROLE) if each.is_new]
    if not all(share_account(each, user) for each in roles) or not roles:
        return None
    if stack.called(name, INSTANCE_PROFILE) or stack.unnamed(INSTANCE_PROFILE):
        return None
    if any(each.type == _NATIVE_PROFILE for each in stack.resources):
        return None  # Its name is another property.
    return Broken(
        "has the name of a role as its instance profile, and no InstanceProfile has that name",
        (("iamInstanceProfile", roles[0].label),),
        tuple(roles),
    )


ROWS: Final = (
    Relation(
        id="profile-is-role",
        kinds=(INSTANCE, LAUNCH_TEMPLATE),
        check=_names_a_role,
        evidence=Evidence(
            "RunInstances answers InvalidParameterValue: Value (...) for parameter "
            "iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
            "RunInstances, public deployment logs",
            "2026-11-26",
        ),
        fix="Add an InstanceProfile with the role, and name that.",
    ),
)
