"""Whom a Lambda function lets call it."""

from __future__ import annotations

from collections.abc import Iterator

from .resource import Resource
from .stack import Stack
from .values import Known
from .vocabulary import LAMBDA_PERMISSION


def permissions(stack: Stack, function: Resource, service: str) -> Iterator[tuple[Resource, bool]]:
    """The permissions by which a service may call the function, for sure (True) or for all that is
    known (False)."""
    for permission, is_sure in stack.naming(function, "function", LAMBDA_PERMISSION):
        match permission.text("principal"):
            case Known(principal) if principal in (service, "*"):
                yield permission, is_sure
            case Known():
                continue
            case _:
                yield permission, False
