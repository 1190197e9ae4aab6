"""What a role may do, as far as the policies that it has are known.

A policy is a text, or (aws-native) an object; in a first preview the whole text is unknown if it
holds one value that is. The policies that AWS manages are known by name
(`data/managed_policy_statements.json`). Who else the role may become is not followed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import Final

from .. import data_files, values
from ..plain import NamedTuple
from ..references import OneOf, Outside, Reference, ReferenceList, Target
from ..resource import Resource
from ..stack import Stack
from ..truth import Truth, some
from ..values import UNKNOWN, Absent, Known, Reading, Tree, Unknown
from ..vocabulary import (
    IAM_POLICY,
    INSTANCE,
    INSTANCE_PROFILE,
    LAMBDA_FUNCTION,
    LAUNCH_TEMPLATE,
    ROLE,
    ROLE_ATTACHMENTS,
    ROLE_POLICY,
    ROLE_POLICY_ATTACHMENT,
    STATE_MACHINE,
    TASK_DEFINITION,
)

_POLICY_ATTACHMENT: Final = "aws:iam/policyAttachment:PolicyAttachment"
_MANAGED: Final = r"arn:[\w-]+:iam::aws:policy/(?:.*/)?([\w+=,.@-]+)"
"""The ARN of a policy that AWS manages, in whatever partition."""

_ROLE_OF: Final[Mapping[str, str]] = {
    LAMBDA_FUNCTION: "role",
    STATE_MACHINE: "roleArn",
    TASK_DEFINITION: "taskRoleArn",
}
"""By kind, the property that names the role which its code has."""


class Statement(NamedTuple):
    """One statement of a policy: a text that is not known is unknown in its place."""

    allows: bool
    actions: tuple[Reading[str], ...]
    is_but: bool
    """Whether it is about all actions but those (NotAction)."""
    resources: tuple[Reading[str], ...]
    is_elsewhere: bool
    """Whether it is about all resources but those (NotResource)."""
    has_condition: bool

    def covers(self, action: str) -> Truth:
        """Whether the statement is about the action, on whatever resource."""
        named = some(_matches(each, action) for each in self.actions)
        return ~named if self.is_but else named

    def pattern_of(self, action: str) -> str | None:
        """The text that names the action; None where it is meant among all but some."""
        for each in self.actions:
            if not self.is_but and isinstance(each, Known) and _matches(each, action) is Truth.TRUE:
                return each.value
        return None

    @property
    def is_of_everything(self) -> bool:
        """Whether it holds of every resource, always."""
        return not (self.has_condition or self.is_elsewhere) and Known("*") in self.resources


class Policy(NamedTuple):
    """A policy that a role has, for sure or for all that is known, and where its text stands: the
    property of a resource, or nowhere in the stack."""

    statements: Reading[tuple[Statement, ...]]
    is_certain: bool = True
    stated_by: Resource | None = None
    said_in: str = "policy"

    @property
    def is_read(self) -> bool:
        """Whether all of it is known, and that the role has it."""
        return self.is_certain and isinstance(self.statements, Known)


class Roles:
    """The roles of what runs, and what they may do."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._policies: dict[str, tuple[Policy, ...]] = {}
        self._may: dict[tuple[str, str], Truth] = {}

    def of(self, user: Resource) -> Reading[Resource]:
        """The role that the code of a function, a state machine, a task, an instance or what is
        launched by a template has. Unknown where it may be one that the stack does not make."""
        if user.kind in (INSTANCE, LAUNCH_TEMPLATE):
            return self._of_profile(user)
        name = _ROLE_OF.get(user.kind)
        return Absent() if name is None else _one(self._stack.reference(user, name, ROLE))

    def _of_profile(self, user: Resource) -> Reading[Resource]:
        name = "iamInstanceProfile"
        if user.kind == LAUNCH_TEMPLATE:
            block = user.items(name)
            if not isinstance(block, Known):
                return block if isinstance(block, Absent) else Unknown()
            said = [values.text(each) for each in values.inside(block.value, "arn")]
            said += [values.text(each) for each in values.inside(block.value, "name")]
            named = next((each for each in said if not isinstance(each, Absent)), Absent())
            reference = self._stack.resolve(user, name, named, INSTANCE_PROFILE)
        else:
            reference = self._stack.reference(user, name, INSTANCE_PROFILE)
        match _one(reference):
            case Known(profile):
                return _one(self._stack.reference(profile, "role", ROLE))
            case nothing:
                return nothing

    def policies(self, role: Resource) -> tuple[Policy, ...]:
        """The policies that the role has or may have, in the order of URNs."""
        if role.urn not in self._policies:
            self._policies[role.urn] = tuple(self._found(role))
        return self._policies[role.urn]

    def may(self, role: Resource, action: str) -> Truth:
        """Whether the role may take the action on something. A boundary, a condition or what is
        denied in part leave it open."""
        asked = (role.urn, action)
        if asked not in self._may:
            self._may[asked] = self._decided(role, action)
        return self._may[asked]

    def grants(self, role: Resource) -> Iterator[Statement]:
        """The statements that certainly allow the role something."""
        for policy in self.policies(role):
            if policy.is_certain and isinstance(policy.statements, Known):
                yield from (each for each in policy.statements.value if each.allows)

    def allows(self, role: Resource, action: str) -> Truth:
        """Whether a policy allows the role the action on something, whatever others deny."""
        return some(
            each.covers(action) & is_there & Truth.of(None if each.has_condition else True)
            for each, is_there in self._statements(role)
            if each.allows
        ) | Truth.of(None if self._is_open(role) else False)

    def _decided(self, role: Resource, action: str) -> Truth:
        denied = some(
            each.covers(action) & is_there & Truth.of(True if each.is_of_everything else None)
            for each, is_there in self._statements(role)
            if not each.allows
        ) | Truth.of(None if self._is_open(role) else False)
        is_bound = Truth.of(None if role.sets("permissionsBoundary") else True)
        return self.allows(role, action) & ~denied & is_bound

    def _is_open(self, role: Resource) -> bool:
        """Whether a policy of the role is not known at all: it may allow or deny anything."""
        return any(not isinstance(each.statements, Known) for each in self.policies(role))

    def _statements(self, role: Resource) -> Iterator[tuple[Statement, Truth]]:
        """What is known of the role's policies, and whether it has them."""
        for policy in self.policies(role):
            if isinstance(policy.statements, Known):
                for each in policy.statements.value:
                    yield each, Truth.of(True if policy.is_certain else None)

    def _found(self, role: Resource) -> Iterator[Policy]:
        yield from self._of_role(role)
        for policy, is_sure in self._stack.naming(role, "role", ROLE_POLICY):
            yield Policy(document(policy.tree("policy")), is_sure, policy)
        for each, is_sure in self._stack.naming(role, "role", ROLE_POLICY_ATTACHMENT):
            yield self._attached(each, self._stack.reference(each, "policyArn"), is_sure)
        for each, listed in self._attachments:
            if role in listed.possible or any(out.literal is None for out in listed.outside):
                named = self._stack.reference(each, "policyArn", IAM_POLICY)
                yield self._attached(each, named, role in listed.certain)
        for each, is_sure in self._stack.naming(role, "roleName", ROLE_ATTACHMENTS):
            yield from self._listed(each, "policyArns", is_sure)

    @cached_property
    def _attachments(self) -> tuple[tuple[Resource, ReferenceList], ...]:
        """The attachments of a policy to many, with the roles among them."""
        found = (
            (each, self._stack.references(each, "roles", ROLE))
            for each in self._stack.of(_POLICY_ATTACHMENT)
        )
        return tuple((each, roles) for each, roles in found if not isinstance(roles, Absent))

    def _of_role(self, role: Resource) -> Iterator[Policy]:
        match role.items("inlinePolicies"):
            case Known(blocks):
                for block in blocks:
                    said = values.field(block, "policy")
                    yield Policy(document(said), True, role, "inlinePolicies")
            case Unknown():
                yield Policy(Unknown(), True, role, "inlinePolicies")
        yield from self._listed(role, "managedPolicyArns", is_sure=True)

    def _listed(self, resource: Resource, name: str, is_sure: bool) -> Iterator[Policy]:
        """The policies that a list of ARNs attaches."""
        match resource.items(name):
            case Known(listed):
                for each in map(values.text, listed):
                    found = self._stack.resolve(resource, name, each, IAM_POLICY)
                    yield self._attached(resource, found, is_sure)
            case Unknown():
                yield Policy(Unknown(), is_sure)

    def _attached(self, by: Resource, named: Reference, is_sure: bool) -> Policy:
        match named:
            case Target(policy):
                return Policy(document(policy.tree("policy")), is_sure, policy)
            case Outside(str() as arn):
                return Policy(_managed(arn), is_sure)
            case OneOf() | Outside():
                return Policy(Unknown(), is_sure, by, "policyArn")
        return Policy(Known(()), is_sure)


def document(tree: Tree) -> Reading[tuple[Statement, ...]]:
    """The statements of a policy; what is no policy allows nothing."""
    if isinstance(tree, str) and tree:
        if values.is_output_text(tree):
            return Unknown()
        try:
            tree = json.loads(tree)
        except ValueError:
            return Unknown("not JSON")
    if tree is UNKNOWN:
        return Unknown()
    if not isinstance(tree, Mapping):
        return Known(())
    match values.items(_said(tree, "Statement")):
        case Known(listed):
            if any(each is UNKNOWN for each in listed):
                return Unknown()
            return Known(tuple(_statement(each) for each in listed if isinstance(each, Mapping)))
        case Unknown():
            return Unknown()
    return Known(())


def _statement(block: Mapping[str, Tree]) -> Statement:
    is_but = "NotAction" in block or "notActions" in block
    is_elsewhere = "NotResource" in block or "notResources" in block
    effect = values.text(_said(block, "Effect"))
    return Statement(
        allows=effect != Known("Deny"),
        actions=_texts(_said(block, "NotAction" if is_but else "Action")),
        is_but=is_but,
        resources=_texts(_said(block, "NotResource" if is_elsewhere else "Resource")),
        is_elsewhere=is_elsewhere,
        # An effect that is not known makes the statement one that may hold.
        has_condition=bool(_said(block, "Condition")) or isinstance(effect, Unknown),
    )


def _said(block: Mapping[str, Tree], name: str) -> Tree:
    return block.get(name, block.get(name.lower()))


def _texts(tree: Tree) -> tuple[Reading[str], ...]:
    listed = values.known_or_none(values.items(tree))
    return tuple(values.text(each) for each in (listed if listed is not None else (tree,)))


def _matches(pattern: Reading[str], text: str) -> Truth:
    match pattern:
        case Known(said):
            return Truth.of(matches(said.lower(), text.lower()))
        case Absent():
            return Truth.FALSE
    return Truth.UNKNOWN


def matches(pattern: str, text: str) -> bool:
    """Whether a text is of an IAM pattern, in which `*` stands for any text and `?` for a letter.
    IAM User Guide, "IAM JSON policy elements: Resource" and "Action"."""
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, text, re.DOTALL) is not None


def _one(reference: Reference) -> Reading[Resource]:
    match reference:
        case Target(resource):
            return Known(resource)
        case Absent():
            return Absent()
    return Unknown("one of several" if isinstance(reference, OneOf) else "not of this stack")


def _managed(arn: str) -> Reading[tuple[Statement, ...]]:
    """What a policy that the stack does not make allows, where it is AWS's and known by name."""
    found = re.fullmatch(_MANAGED, arn)
    return _known_by_name().get(found[1] if found else "", Unknown("not of this stack"))


@cache
def _known_by_name() -> Mapping[str, Known[tuple[Statement, ...]]]:
    listed = data_files.entries(data_files.read("managed_policy_statements.json"), "policies")
    return {
        data_files.text(entry, "name"): Known(
            tuple(
                Statement(True, _known(entry, name), is_but, (Known("*"),), False, False)
                for name, is_but in (("actions", False), ("all_but", True))
                if name in entry
            )
        )
        for entry in listed
    }


def _known(entry: Mapping[str, object], name: str) -> tuple[Reading[str], ...]:
    return tuple(Known(each) for each in data_files.texts(entry, name))
