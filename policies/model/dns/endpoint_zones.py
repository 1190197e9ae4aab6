"""The zones in which AWS keeps the names of its endpoints: policies/data/endpoint_zones.json.

In: an endpoint's domain name, or its kind and region. Out: the id of its zone, or None where the
data do not tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from .. import data_files

FILE: Final = "endpoint_zones.json"
APPLICATION: Final = "application"
"""Application Load Balancers and classic ones: they share a zone in each region."""
NETWORK: Final = "network"
WEBSITE: Final = "website"
TABLES: Final = (APPLICATION, NETWORK, WEBSITE)

_EVERYWHERE: Final[Mapping[str, str]] = {
    "cloudfront.net": "Z2FDTNDATAQYW2",
    "awsglobalaccelerator.com": "Z2BJ6XQ5FK7U4H",
}
"""Zones that are the same everywhere: AWS, "AliasTarget" in the Route 53 API reference
(2026-04-08)."""


@cache
def zones() -> Mapping[str, Mapping[str, str]]:
    """The ids of the regions' zones, by kind of endpoint and region."""
    content = data_files.read(FILE)
    tables = {kind: data_files.mapping(content.get(kind), kind) for kind in TABLES}
    return {
        kind: {region: data_files.text(table, region) for region in table}
        for kind, table in tables.items()
    }


def zone_in(kind: str, region: str) -> str | None:
    """The zone of endpoints of a kind in a region."""
    return zones().get(kind, {}).get(region)


@cache
def _all() -> frozenset[str]:
    regional = {zone for table in zones().values() for zone in table.values()}
    return frozenset(regional.union(_EVERYWHERE.values()))


def is_endpoint_zone(zone: str) -> bool:
    """Whether an id is that of one of these zones."""
    return zone in _all()


def may_be_in_an_older_one(zone: str) -> bool:
    """Whether names of load balancers in this zone may also be in one that the data lack: classic
    and Application Load Balancers of the first regions had other zones before."""
    return zone in zones()[APPLICATION].values()


def zone_of_name(name: str) -> str | None:
    """The zone that a domain name is in, lower-case and without a last dot."""
    for suffix, zone in _EVERYWHERE.items():
        if name.endswith(f".{suffix}"):
            return zone
    match name.removesuffix(".cn").split("."):
        case [*_, region, "elb", "amazonaws", "com"]:
            return zone_in(APPLICATION, region)
        case [*_, "elb", region, "amazonaws", "com"]:
            return zone_in(NETWORK, region)
        case [*_, "s3-website", region, "amazonaws", "com"]:
            return zone_in(WEBSITE, region)
        case [*_, website, "amazonaws", "com"] if website.startswith("s3-website-"):
            return zone_in(WEBSITE, website.removeprefix("s3-website-"))
    return None
