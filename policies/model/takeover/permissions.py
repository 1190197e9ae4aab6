"""Whether a role that is used beside a replica may use the replica.

A replica has its own ARN, which differs in the region: a policy that names the original's allows
nothing in the replica's region.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..answers import Yes
from ..arns import parse_arn
from ..plain import NamedTuple
from ..resource import Resource
from ..stack import Stack
from ..values import Known, Reading, Unknown
from ..vocabulary import TABLE_REPLICA, TASK_DEFINITION
from .copies import Copies
from .homes import Homes
from .parts import SECRET, TABLE
from .roles import Policy, Roles, Statement, matches
from .settings import TAKERS
from .sources import sources


class _Form(NamedTuple):
    """How policies name the things of a kind."""

    service: str
    resource: str
    """The end of an ARN, with the name; `?` for what AWS adds to it."""
    policy: str
    """The kind of policies that such a thing may have of its own."""
    parts: tuple[str, ...]
    """The kinds that stand for it in another region."""


_FORMS: Final = {
    TABLE: _Form(
        "dynamodb", "table/{}", "aws:dynamodb/resourcePolicy:ResourcePolicy", (TABLE, TABLE_REPLICA)
    ),
    SECRET: _Form(
        "secretsmanager",
        "secret:{}-??????",
        "aws:secretsmanager/secretPolicy:SecretPolicy",
        (SECRET,),
    ),
}


class Missing(NamedTuple):
    """A right that a role has on the original and not on its replica; of what is not known yet,
    only the policy that may lack it."""

    original: Resource
    role: Resource
    policy: Policy
    action: str | None = None
    names: str = ""
    """The ARN, or the pattern, by which the policy names the original."""


class Permissions:
    """What the roles of those lack that use a replica."""

    def __init__(self, stack: Stack, homes: Homes, copies: Copies, roles: Roles) -> None:
        self._stack = stack
        self._homes = homes
        self._copies = copies
        self._roles = roles

    def missing(self, user: Resource, home: str, lost: str) -> Iterator[Missing]:
        """The rights that what runs in `home` lacks on the replicas there of what is in the region
        that is lost."""
        role = self._roles.of(user)
        if not isinstance(role, Known):
            return
        used = {each.urn: each for name in TAKERS[user.kind] for each in self._used(user, name)}
        for each in used.values():
            if not self._homes.is_in(each, lost) or self._stack.of(_FORMS[each.kind].policy):
                continue
            if user.kind == TASK_DEFINITION and each.kind == SECRET:
                continue  # ECS itself reads it, with the role that starts the task.
            if isinstance(self._copies.has_named_copy(each, home), Yes):
                found = self._lacks(role.value, each, home, lost)
                if found is not None:
                    yield found

    def _used(self, user: Resource, name: str) -> Iterator[Resource]:
        yield from sources(self._stack, user, name, *_FORMS)

    def _lacks(self, role: Resource, original: Resource, home: str, lost: str) -> Missing | None:
        policies = self._roles.policies(role)
        unread = [each for each in policies if not self._is_known(each, original)]
        if not all(self._is_from(each, original, home) for each in unread):
            return None
        named = [
            (policy, statement, pattern)
            for policy in policies
            if policy not in unread and isinstance(policy.statements, Known)
            for statement in policy.statements.value
            if statement.allows and _is_about(statement, original)
            for pattern in _patterns(statement)
        ]
        there = [
            statement
            for _, statement, pattern in named
            if _may_name(pattern, original, home) or statement.is_elsewhere
        ]
        if unread:
            return None if there else Missing(original, role, unread[0])
        for policy, statement, pattern in named:
            if not _may_name(pattern, original, lost) or statement in there:
                continue
            for action in _of_service(statement, original):
                if not any(_allows(each, action) for each in there):
                    return Missing(original, role, policy, action, pattern)
        return None

    def _is_known(self, policy: Policy, original: Resource) -> bool:
        """Whether all is known of the policy that may be about the original."""
        if not policy.is_read or not isinstance(policy.statements, Known):
            return False
        return all(
            isinstance(each, Known)
            for statement in policy.statements.value
            if _is_about(statement, original)
            for each in (*statement.resources, *statement.actions)
        )

    def _is_from(self, policy: Policy, original: Resource, home: str) -> bool:
        """Whether what is not known of a policy is made of the original, and of nothing that stands
        for it in the replica's region."""
        if policy.stated_by is None or not policy.is_certain:
            return False
        urns = policy.stated_by.depends_on(policy.said_in)
        found = [self._stack.get(urn) for urn in urns or ()]
        known = [each for each in found if each is not None]
        if original not in known or len(known) < len(found):
            return False
        parts = _FORMS[original.kind].parts
        return all(
            each is original or each.kind not in parts or self._homes.is_elsewhere(each, home)
            for each in known
        )


def _patterns(statement: Statement) -> Iterator[str]:
    for each in statement.resources:
        if isinstance(each, Known):
            yield each.value


def _is_about(statement: Statement, original: Resource) -> bool:
    """Whether the statement may be about the service of the original."""
    service = _FORMS[original.kind].service
    return statement.is_but or any(
        isinstance(each, Unknown) or (isinstance(each, Known) and _is_of(each.value, service))
        for each in statement.actions
    )


def _is_of(action: str, service: str) -> bool:
    return matches(action.partition(":")[0].lower(), service)


def _of_service(statement: Statement, original: Resource) -> Iterator[str]:
    """The actions of the original's service that the statement names."""
    service = _FORMS[original.kind].service
    for each in () if statement.is_but else statement.actions:
        if isinstance(each, Known) and _is_of(each.value, service):
            yield each.value


def _allows(statement: Statement, action: str) -> bool:
    return statement.is_but or any(
        isinstance(each, Known) and matches(each.value.lower(), action.lower())
        for each in statement.actions
    )


def _may_name(pattern: str, original: Resource, region: str) -> bool:
    """Whether a pattern may name what has the original's name in a region."""
    if pattern == "*":
        return True
    parts = pattern.split(":", 5)
    if len(parts) < 6:
        return "*" in pattern  # `arn:aws:dynamodb:*`: colons are no borders to a star.
    form = _FORMS[original.kind]
    ends = _ends(original)
    return (
        matches(parts[2], form.service)
        and matches(parts[3], region)
        and any(matches(parts[5], end) for end in ends)
    )


def _ends(original: Resource) -> tuple[str, ...]:
    """The ends of the ARNs of the original, as far as they are known."""
    form = _FORMS[original.kind]
    found: list[Reading[str]] = [original.text("arn"), original.text("name")]
    arn = parse_arn(found[0].value) if isinstance(found[0], Known) else None
    named = found[1]
    ends = [arn.resource] if arn is not None else []
    if isinstance(named, Known):
        ends.append(form.resource.format(named.value))
    return tuple(ends)
