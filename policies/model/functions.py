"""Whom a Lambda function lets call it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .resource import Resource
from .stack import Stack
from .values import Known
from .vocabulary import LAMBDA_PERMISSION

_NAMED: Final = r"(?:(?:(?:arn:[\w-]+:lambda:[\w-]+:)?\d{12}:)?function:)?([\w-]+)(?::[\w$.-]+)?"
"""How AddPermission takes a function: its name, or its ARN in full or in part, each with a version
or an alias. AWS, "AddPermission" in the Lambda API reference (2026-11-26)."""


def permissions(stack: Stack, function: Resource, service: str) -> Iterator[tuple[Resource, bool]]:
    """The permissions by which a service may call the function, for sure (True) or for all that is
    known (False)."""
    named = {
        each.urn: is_sure for each, is_sure in stack.naming(function, "function", LAMBDA_PERMISSION)
    }
    for permission in stack.of(LAMBDA_PERMISSION):
        is_sure = named.get(permission.urn, _is_called(function, permission))
        if is_sure is None:
            continue
        match permission.text("principal"):
            case Known(principal) if principal in (service, "*"):
                yield permission, is_sure
            case Known():
                continue
            case _:
                yield permission, False


def _is_called(function: Resource, permission: Resource) -> bool | None:
    """Whether the text by which a permission names a function has the function's name: for sure, or
    for all that is known; None where it has another one."""
    said, name = permission.text("function"), function.text("name")
    found = re.fullmatch(_NAMED, said.value) if isinstance(said, Known) else None
    if found is None:
        return None
    if not isinstance(name, Known):
        return False
    return True if found[1] == name.value else None
