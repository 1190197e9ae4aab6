"""Which secret holds the password of a database, and who else has it.

A secret holds a password that comes from it, that is made from the same thing (a random password),
or that is equal to a value in it. Values are compared and never told: messages name resources only,
and whatever Pulumi marks as secret is masked before a message leaves the pack.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final

from ..answers import Answer, CannotTell, No, Yes
from ..databases.passwords import OF_DATABASES, PASSWORDS
from ..plain import NamedTuple
from ..references import target
from ..resource import Resource
from ..stack import Stack
from ..values import Absent, Known, Unknown, known_or_none
from ..vocabulary import (
    INSTANCE,
    LAMBDA_FUNCTION,
    LAUNCH_TEMPLATE,
    TASK_DEFINITION,
)
from .global_groups import FORMS
from .homes import Homes
from .leaves import leaves
from .parts import PARAMETER, SECRET

SECRET_VERSION: Final = "aws:secretsmanager/secretVersion:SecretVersion"
_CONTENTS: Final = ("secretString", "secretStringWo")
_MASKED: Final = "[secret]"
"""What `pulumi policy analyze` shows of a secret that it cannot decrypt: equal for all of them."""
_RANDOM: Final = "random:"
_OF_ONE_VALUE: Final = (SECRET, SECRET_VERSION, PARAMETER)
_HOLDERS: Final[Mapping[str, tuple[str, ...]]] = {
    PARAMETER: ("value", "insecureValue", "valueWo"),
    SECRET_VERSION: _CONTENTS,
    LAMBDA_FUNCTION: ("environment",),
    TASK_DEFINITION: ("containerDefinitions",),
    INSTANCE: ("userData", "userDataBase64"),
    LAUNCH_TEMPLATE: ("userData",),
    "aws:apprunner/service:Service": ("sourceConfiguration",),
    "aws:batch/jobDefinition:JobDefinition": ("containerProperties",),
    "aws:elasticbeanstalk/environment:Environment": ("settings",),
    "kubernetes:core/v1:Secret": ("stringData", "data"),
}
"""Where else programs keep a password."""


class Holding(NamedTuple):
    """That a secret holds the password of a database."""

    secret: Resource
    database: Resource
    name: str
    """The property that holds the password."""
    sources: frozenset[str]
    """URNs of what the password comes from; empty where its value alone tells."""
    values: frozenset[str]
    """What the password is, or may be, as far as that is known: to be compared, and for nothing
    else."""
    may_be_anything: bool
    """Whether the password comes from outside of the stack and is not known: then any text may hold
    it."""


class Credentials:
    """The passwords of a stack's databases."""

    def __init__(self, stack: Stack, homes: Homes) -> None:
        self._stack = stack
        self._homes = homes

    def holding(self, secret: Resource, database: Resource) -> Holding | CannotTell | None:
        """Whether the secret holds the password of the database; None where it does not."""
        doubt: CannotTell | None = None
        for name in PASSWORDS[database.kind]:
            match self._held(secret, database, name):
                case Holding() as found:
                    return found
                case CannotTell() as doubt:
                    pass
        return doubt

    def is_elsewhere(self, held: Holding, lost: str) -> Answer:
        """Whether something that is not lost with the region has the password too."""
        answer: Answer = No()
        sources = (self._stack.get(urn) for urn in sorted(held.sources))
        for source in sources:
            if source is not None and self._homes.is_elsewhere(source, lost):
                return Yes((source.label,))
        for each in self._derived(held):
            if not self._is_lost(each, lost):
                return Yes((each.label,))
        for kind, names in _HOLDERS.items():
            for each in self._stack.of(kind):
                if self._is_lost(each, lost) or each in self._versions_of(held.secret):
                    continue
                for name in names:
                    match _says(each, name, held):
                        case Yes():
                            return Yes((each.label,))
                        case CannotTell() as answer:
                            pass
        others = (each for each in self._stack.of(SECRET) if not self._is_lost(each, lost))
        other = next(others, None)
        if other is not None and isinstance(answer, No):
            return CannotTell(f"whether {other.label} opens the database too is not known")
        return answer

    def _held(self, secret: Resource, database: Resource, name: str) -> Holding | CannotTell | None:
        said = database.text(name)
        if isinstance(said, Absent):
            return None
        versions = self._versions_of(secret)
        own = {secret.urn, *(each.urn for each in versions)}
        origin = frozenset(database.depends_on(name) or ())
        value = _comparable(known_or_none(said))
        what = f"the {database.own_name(name)} of {database.label}"
        unknown = CannotTell(f"whether {secret.label} holds {what} is not known")
        values = frozenset({value} if value else _passwords_in(versions))
        is_open = value is None and any(map(_is_from_outside, versions))
        if origin & own:
            found = Holding(secret, database, name, origin, values, is_open)
            return found if origin <= own else unknown
        about = {database.urn, *self._group_of(database)}
        doubt: CannotTell | None = None
        for version in versions:
            for contents in _CONTENTS:
                made_from = frozenset(version.depends_on(contents) or ())
                if origin and origin <= made_from and self._are_of_one_value(origin):
                    return Holding(secret, database, name, origin, values, is_open)
                if origin & made_from:
                    doubt = unknown
                for leaf in leaves(version, contents):
                    if value is not None and leaf.value == Known(value):
                        return Holding(secret, database, name, frozenset(), values, is_open)
                    if isinstance(leaf.value, Unknown) and value is not None:
                        is_about_it = not made_from or not made_from.isdisjoint(about)
                        doubt = unknown if is_about_it else doubt
        return doubt

    def _group_of(self, database: Resource) -> Iterator[str]:
        """The URN of the global database that the database belongs to: its endpoint follows who
        writes."""
        form = FORMS.get(database.kind)
        group = form and target(self._stack.reference(database, form.belongs, form.group))
        if group:
            yield group.urn

    def _derived(self, held: Holding) -> Iterator[Resource]:
        """What has a property that comes from what the password comes from: neither the databases
        nor the secret itself, and no component, which is what its parts are. A name or an ARN of
        the secret is no password."""
        versions = self._versions_of(held.secret)
        carriers = {each.urn for each in versions} | (held.sources - {held.secret.urn})
        for each in versions:
            for name in _CONTENTS:
                carriers |= {
                    urn for urn in each.depends_on(name) or () if self._is_of_no_region(urn)
                }
        for urn in sorted(carriers):
            carrier = self._stack.get(urn)
            for each in self._stack.dependents(carrier) if carrier is not None else ():
                is_part = each.kind in PASSWORDS or each in versions or each.provider is None
                named = each.property_dependencies.values()
                if not is_part and any(urn in urns for urns in named):
                    yield each

    def _are_of_one_value(self, urns: Iterable[str]) -> bool:
        """Whether what comes from each of them is one value, as of a random password. Of another
        stack's outputs, say, two need not be the same."""
        found = [self._stack.get(urn) for urn in urns]
        return all(
            each is not None and (each.kind in _OF_ONE_VALUE or each.type.startswith(_RANDOM))
            for each in found
        )

    def _is_of_no_region(self, urn: str) -> bool:
        """Whether it is of another provider: what makes passwords is."""
        found = self._stack.get(urn)
        return found is not None and not found.type.startswith(("aws:", "aws-native:"))

    def _is_lost(self, resource: Resource, lost: str) -> bool:
        """Whether it goes with the region, or is in none, as roles are, which hold no password."""
        home = self._homes.of(resource)
        return home == Known(lost) or isinstance(home, Absent)

    def _versions_of(self, secret: Resource) -> tuple[Resource, ...]:
        return self._versions.get(secret.urn, ())

    @cached_property
    def _versions(self) -> Mapping[str, tuple[Resource, ...]]:
        found: dict[str, tuple[Resource, ...]] = {}
        for version in self._stack.of(SECRET_VERSION):
            secret = target(self._stack.reference(version, "secretId", SECRET))
            if secret is not None:
                found[secret.urn] = (*found.get(secret.urn, ()), version)
        for secret in self._stack.of(SECRET):
            if secret.is_native:  # It says its contents itself.
                found[secret.urn] = (*found.get(secret.urn, ()), secret)
        return found


def _passwords_in(versions: Iterable[Resource]) -> Iterator[str]:
    """The known values of a secret that by their names are passwords, or all there is."""
    for version in versions:
        for contents in _CONTENTS:
            for leaf in leaves(version, contents):
                value = _comparable(known_or_none(leaf.value))
                if value is not None and (len(leaf.way) == 1 or "pass" in leaf.key.lower()):
                    yield value


def _is_from_outside(version: Resource) -> bool:
    """Whether what it holds is not known and comes from nothing in the stack."""
    return any(
        isinstance(leaf.value, Unknown) and not version.depends_on(contents)
        for contents in _CONTENTS
        for leaf in leaves(version, contents)
    )


def _says(resource: Resource, name: str, held: Holding) -> Answer:
    """Whether the property has the password in it. Of what the password comes from, the engine
    tells who has it: then only values from outside of the stack may be it."""
    answer: Answer = No()
    unknown = CannotTell(f"whether {resource.label} has the password too is not known")
    for leaf in leaves(resource, name):
        match leaf.value:
            case Known(text):
                if any(value in each for each in _read(text) for value in held.values):
                    return Yes()
                if held.may_be_anything and _comparable(text):
                    answer = unknown
            case Unknown():
                if not (held.sources and resource.depends_on(name)):
                    answer = unknown
    return answer


def _read(text: str) -> Iterator[str]:
    """A text as it is, and as user data and Kubernetes have it."""
    yield text
    try:
        yield base64.b64decode(text, validate=True).decode()
    except ValueError:
        return


def _comparable(value: str | None) -> str | None:
    """Whether the value may be a password; a shorter one is a placeholder."""
    is_one = value is not None and value != _MASKED and len(value) >= OF_DATABASES.shortest
    return value if is_one else None
