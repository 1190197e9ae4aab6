"""One route: where it leads, and for which addresses."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Final

from .. import values
from ..plain import NamedTuple
from ..references import Reference
from ..resource import Resource
from ..values import UNKNOWN, Known, Reading, Tree, Unknown, is_set


class Family(Enum):
    """An address family; AWS routes each on its own."""

    IPV4 = "IPv4"
    IPV6 = "IPv6"


BOTH: Final = frozenset(Family)


class Route(NamedTuple):
    """One route, from a Route resource or from a block inside a table.

    `destination` is its CIDR, of the first of its families; `gateway` is what gatewayId names."""

    owner: Resource
    block: Tree
    families: frozenset[Family]
    destination: Reading[str]
    gateway: Reference

    def target(self, name: str) -> Reading[str]:
        return values.text(values.field(self.block, name))

    @property
    def is_wide(self) -> bool:
        """Whether it may carry the default traffic: 0.0.0.0/0, ::/0, a half of them, or unread."""
        if not isinstance(self.destination, Known):
            return True
        try:
            return ipaddress.ip_network(self.destination.value, strict=False).prefixlen <= 1
        except ValueError:
            return True


def read_route(owner: Resource, block: Tree, ipv4: str, ipv6: str, gateway: Reference) -> Route:
    if block is UNKNOWN:
        return Route(owner, block, BOTH, Unknown(), gateway)
    destinations = {
        Family.IPV4: values.text(values.field(block, ipv4)),
        Family.IPV6: values.text(values.field(block, ipv6)),
    }
    stated = [family for family, said in destinations.items() if is_set(said)]
    if stated:  # AWS takes one destination a route.
        return Route(owner, block, frozenset(stated), destinations[stated[0]], gateway)
    # A prefix list holds addresses of either family.
    return Route(owner, block, BOTH, Unknown("a prefix list"), gateway)


class ResourceBlock(Mapping[str, Tree]):
    """A Route resource read like a block inside a table."""

    def __init__(self, resource: Resource) -> None:
        self._resource = resource

    def __getitem__(self, name: str) -> Tree:
        return self._resource.tree(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._resource.actual)

    def __len__(self) -> int:
        return len(self._resource.actual)
