"""The regions that stand in for each other, as users name them: one setting for all policies that
compare regions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..model import Model
from ..model.places import is_region
from ..model.regions.zones import is_known_region
from ..model.takeover.regions import Loss
from ..rule import Option, Settings

_REGIONS: Final = "regions"
_PRIMARY: Final = "primary"


def _strange_regions(settings: Settings) -> Iterator[str]:
    for name in sorted(settings.names(_REGIONS)):
        yield from _strange(name)


def _strange_primary(settings: Settings) -> Iterator[str]:
    primary, regions = settings.text(_PRIMARY), settings.names(_REGIONS)
    if primary is not None:
        yield from _strange(primary)
    if primary is not None and is_region(primary) and regions and primary not in regions:
        yield f"{primary} is not among the regions that are set: {', '.join(sorted(regions))}."


def _strange(name: str) -> Iterator[str]:
    """What is wrong with the name of a region. AWS opens regions that the pack does not know yet:
    such a name counts all the same."""
    if not is_region(name):
        yield f'"{name}" is not the name of a region, such as eu-central-1.'
    elif not is_known_region(name):
        yield f"{name} is not a region that this version of the pack knows. It counts as written."


REGIONS: Final = Option(
    name=_REGIONS,
    schema={
        "type": "array",
        "items": {"type": "string"},
        "description": "The regions that take over from each other; others are not looked at. With "
        "it, a stack that has only one of them is looked at too. Without it: all regions of a "
        "stack that spans regions. Set it at one policy; it holds for all that have it.",
    },
    default=(),
    faults=_strange_regions,
    is_shared=True,
)

PRIMARY: Final = Option(
    name=_PRIMARY,
    schema={
        "type": "string",
        "description": "The region that serves until it is lost. With it, a stack that is in "
        "another region only is looked at too. Without it: the region that failover records, "
        "global databases and replicas take for the primary; where they do not tell, each region "
        "is lost in turn. Set it at one policy; it holds for all that have it.",
    },
    default="",
    faults=_strange_primary,
    is_shared=True,
)


def regions(settings: Settings) -> frozenset[str]:
    """The regions that the user names."""
    return settings.names(_REGIONS)


def losses(model: Model, settings: Settings) -> tuple[Loss, ...]:
    """The losses of a region to rehearse, as the user's settings and the stack tell."""
    return model.takeover.losses(regions(settings), settings.text(_PRIMARY))


def take_over(settings: Settings, lost: str, region: str) -> bool:
    """Whether the user says that the region takes over when the other is lost. That a stack is in
    both says nothing: each may serve its own people."""
    named = regions(settings)
    return settings.text(_PRIMARY) == lost or {lost, region} <= named
