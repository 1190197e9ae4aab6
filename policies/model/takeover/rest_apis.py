"""What a REST API answers: its stages, and the methods of its paths."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..resource import Resource
from ..stack import Stack
from ..values import Absent, Known
from .apis import DEPLOYMENT, STAGE

_METHOD: Final = "aws:apigateway/method:Method"


def stages(stack: Stack, api: Resource) -> Sequence[str] | None:
    """The names of all stages of the API, in order; None where one is not known, or where the
    stack has none, so that something else makes them."""
    return _all(stack, api, {STAGE: "stageName", DEPLOYMENT: "stageName"})


def methods(stack: Stack, api: Resource) -> Sequence[str] | None:
    """The HTTP methods that the API has on any path, in order; None as of stages, and where the
    API is made from a definition (`body`) that may have more."""
    if api.sets("body"):
        return None
    return _all(stack, api, {_METHOD: "httpMethod"})


def _all(stack: Stack, api: Resource, names: dict[str, str]) -> Sequence[str] | None:
    """What all parts of the API say, and those that may be parts of it."""
    found: set[str] = set()
    has_one = False
    for kind, name in names.items():
        for each, is_certain in stack.naming(api, "restApi", kind):
            said = each.text(name)
            if isinstance(said, Absent) and kind == DEPLOYMENT:
                continue  # A deployment without a stage of its own.
            if not isinstance(said, Known):
                return None
            found.add(said.value)
            has_one = has_one or is_certain
    return sorted(found) if has_one else None
