"""The setting by which a team vouches for what this stack does not show."""

from __future__ import annotations

from ..rule import Option

KNOWN_PUBLIC = Option(
    name="knownPublicIds",
    schema={
        "type": "array",
        "items": {"type": "string"},
        "description": "Ids of subnets and route tables outside the stack that lead to an "
        "internet gateway.",
    },
    default=(),
)
