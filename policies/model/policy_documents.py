"""Whom the policy of a resource lets in, as far as its text tells."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import reduce

from . import values
from .plain import NamedTuple
from .values import UNKNOWN, Absent, Known, Reading, Tree, Unknown


class Allowed(NamedTuple):
    """The principals of a policy's Allow statements."""

    services: frozenset[str] = frozenset()
    of_accounts: frozenset[str] = frozenset()
    """Accounts, users and roles among them."""
    has_anybody: bool = False
    """Whether one is `*`, or all but some."""

    def __or__(self, other: object) -> Allowed:
        if not isinstance(other, Allowed):
            return NotImplemented
        return Allowed(
            self.services | other.services,
            self.of_accounts | other.of_accounts,
            self.has_anybody or other.has_anybody,
        )

    def has_accounts_but(self, own: str | None) -> bool:
        """Whether accounts, users or roles are among them that are not certainly of this one."""
        return any(re.findall(r"\d{12}", each)[:1] != [own] for each in self.of_accounts)


def allowed(document: Tree, action: str | None = None) -> Reading[Allowed]:
    """Whom a policy lets in: JSON as a text, as it mostly is, or as an object. With an action, such
    as `s3:PutObject`, those whom it may allow that."""
    if isinstance(document, str) and document:
        try:
            document = json.loads(document)
        except ValueError:
            return Unknown("not JSON")
    if document is None or document == "":
        return Absent()
    if not isinstance(document, Mapping):
        return Unknown() if document is UNKNOWN else Unknown("not a policy")
    statements = values.items(document.get("Statement"))
    if not isinstance(statements, Known):
        return Unknown("not a policy")
    found = [_principals(each) for each in statements.value if _may_be_about(each, action)]
    known = [each for each in found if each is not None]
    if len(known) < len(found):
        return Unknown()
    return Known(reduce(Allowed.__or__, known, Allowed()))


def _may_be_about(statement: Tree, action: str | None) -> bool:
    """Whether a statement may name the action, as far as it is known."""
    if action is None or not isinstance(statement, Mapping) or "Action" not in statement:
        return True
    named = list(_texts(statement["Action"]))
    return any(
        not isinstance(each, str) or fnmatchcase(action.lower(), each.lower()) for each in named
    )


def _principals(statement: Tree) -> Allowed | None:
    """Whom one statement lets in; None where that is not known."""
    if not isinstance(statement, Mapping) or statement.get("Effect") is UNKNOWN:
        return None
    if statement.get("Effect") != "Allow":
        return Allowed()
    if "NotPrincipal" in statement:
        return Allowed(has_anybody=True)
    principal = statement.get("Principal")
    if principal == "*":
        return Allowed(has_anybody=True)
    if not isinstance(principal, Mapping):
        return None if principal is UNKNOWN else Allowed()
    named = {kind: list(_texts(said)) for kind, said in principal.items()}
    if any(each is UNKNOWN for each in _flat(named.values())):
        return None
    return Allowed(
        frozenset(str(each) for each in named.get("Service", ())),
        frozenset(str(each) for each in named.get("AWS", ())),
        has_anybody=any(each == "*" for each in _flat(named.values())),
    )


def _texts(said: Tree) -> Iterator[Tree]:
    match values.items(said):
        case Known(listed):
            yield from listed
        case _:
            yield said


def _flat(lists: Iterable[Iterable[Tree]]) -> Iterator[Tree]:
    for each in lists:
        yield from each
