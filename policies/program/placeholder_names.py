"""Names in which a part is the text of a value that was not there.

A program that puts a setting into a name, `f"{environment}-web"`, makes `None-web` of one that is
missing; Node.js writes `undefined`, and NaN where a number was not one. The preview shows the name,
and AWS takes it as it takes others.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

from ..model.resource import Resource
from ..model.words import enumerated
from ..rule import Evidence, Kind, Level, Outcome, ResourceRule, Settings, Severity, Violation

_NODE: Final = "undefined"
_NOTHING: Final = ("None", "NaN", _NODE)
"""What Python and Node.js write, in their own spelling."""
_BETWEEN: Final = "-_/."
_MARKS: Final = tuple(
    mark
    for nothing in _NOTHING
    for each in _BETWEEN
    for mark in (f"{nothing.lower()}{each}", f"{each}{nothing.lower()}")
)
_NAMES: Final = r"bucket|family|identifier|name|\w+(?:Name|Identifier|Prefix|GroupId)"
"""Properties that hold a name which the program chooses, or the beginning of one."""
_OF_BUCKETS: Final = ("bucket", "bucketName", "bucketPrefix")
"""Names without capitals: s3-bucket-name rejects those that have some."""


def has_what_it_is_named_by(resource: Resource, _: Settings) -> Iterator[Outcome]:
    """No part of a name may say that there was nothing to name it by."""
    inputs = resource.declared or {}
    paths = [
        name
        for name, value in inputs.items()
        if isinstance(value, str)
        and re.fullmatch(_NAMES, name)
        and _names_nothing(value, (_NODE,) if name in _OF_BUCKETS else _NOTHING)
    ]
    if paths:
        yield Violation(
            resource,
            f"{resource.label} has None, NaN or undefined as a part of "
            f"{enumerated(sorted(paths))}.",
        )


def _names_nothing(name: str, nothing: Collection[str]) -> bool:
    parts = re.split(f"[{_BETWEEN}]", name)
    return len(parts) > 1 and not set(parts).isdisjoint(nothing)


PLACEHOLDER_NAME = ResourceRule(
    name="placeholder-name",
    title="Names without missing parts",
    description="A name should not contain None, NaN or undefined in place of a value that was "
    "missing.",
    level=Level.ADVISORY,
    severity=Severity.MEDIUM,
    tags=("pulumi", "aws", "disaster-recovery"),
    evidence=(
        Evidence(
            effect="accepts the name as it is, so that every environment and region in which the "
            "value is missing asks for the same name.",
            source="names in public programs",
            date="2026-11-26",
            kind=Kind.REPORTED,
        ),
    ),
    fix="Set the missing value, or require it (Config.require), so that the program stops "
    "without it.",
    kinds=(),
    texts=_MARKS,
    check=has_what_it_is_named_by,
)
