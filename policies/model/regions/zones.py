"""Which region a zone is in, and where resources name zones.

A zone belongs to one region: us-west-2a, a Local Zone such as us-west-2-lax-1a and a Wavelength
Zone such as us-west-2-wl1-las-wlz-1 to us-west-2, whose zone ids begin with usw2. The properties
that take zones, the regions and the prefixes are data: policies/data/zones.json.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from .. import data_files, values
from ..plain import NamedTuple
from ..resource import Resource
from ..values import Known

FILE: Final = "zones.json"


class NamedZone(NamedTuple):
    """A zone that a resource names, with the property that does and the region it belongs to."""

    path: str
    zone: str
    region: str


@cache
def zone_properties() -> Mapping[str, tuple[str, ...]]:
    """By type, the paths of the properties that take a zone."""
    types = data_files.mapping(data_files.read(FILE).get("types"), "types")
    return {kind: data_files.texts(types, kind) for kind in types}


@cache
def _regions() -> tuple[str, ...]:
    """Every region that the data knows, the longest name first."""
    return tuple(sorted(data_files.texts(data_files.read(FILE), "regions"), key=len, reverse=True))


@cache
def _prefixes() -> Mapping[str, str]:
    """Regions by the prefix of their zone ids."""
    named = data_files.mapping(data_files.read(FILE).get("zone_id_prefixes"), "zone_id_prefixes")
    return {prefix: data_files.text(named, prefix) for prefix in named}


def region_forms() -> frozenset[str]:
    """How names say a region: `us-east-1`, `useast1`, and `use1` as ids of zones begin."""
    named = {form for name in _regions() for form in (name, name.replace("-", ""))}
    return frozenset(named | set(_prefixes()))


def is_known_region(name: str) -> bool:
    """Whether the data has the region."""
    return name in _regions()


def region_of(zone: str) -> str | None:
    """The region that a zone's name or id belongs to; None where the data cannot tell."""
    prefix, dash, rest = zone.partition("-")
    if dash and rest.startswith("az") and rest[2:].isdigit():
        return _prefixes().get(prefix)
    for region in _regions():
        if zone.startswith(region) and _is_a_zones_end(zone[len(region) :]):
            return region
    return None


def _is_a_zones_end(end: str) -> bool:
    """`a` of a zone, `-lax-1a` of a Local Zone, `-wl1-bos-wlz-1` of a Wavelength Zone."""
    return re.fullmatch(r"[a-z]|-[a-z]+-\d+[a-z]|-wl\d+-[a-z]+-wlz-\d+", end) is not None


def zones_of(resource: Resource) -> Iterator[NamedZone]:
    """The zones that the program names in a resource, whose region the data knows."""
    for path in zone_properties().get(resource.kind, ()):
        name = path.partition(".")[0]
        whole = {name: resource.declared_tree(name)}
        for tree in values.inside([whole], path):
            said = values.text(tree)
            region = region_of(said.value) if isinstance(said, Known) else None
            if isinstance(said, Known) and region is not None:
                yield NamedZone(path, said.value, region)
