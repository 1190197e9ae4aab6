"""The public hosted zones of a stack that have a name which is of no use."""

from __future__ import annotations

from ..stack import Stack
from ..values import Known
from ..vocabulary import HOSTED_ZONE
from .records import is_in_zone
from .zone_names import normalise, reserved, undelegable


def is_in_a_useless_zone(stack: Stack, name: str) -> bool:
    """Whether a domain name is in a public zone that Route 53 refuses or nobody can delegate to:
    that is told of the zone."""
    return any(
        isinstance(own := zone.text("name"), Known)
        and not zone.sets("vpcs")
        and is_in_zone(normalise(name), normalise(own.value))
        and (reserved(own.value) or undelegable(own.value)) is not None
        for zone in stack.of(HOSTED_ZONE)
    )
