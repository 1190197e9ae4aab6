"""Where one region of the stack lives: AWS region, zones and the division of its addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

_MIN_ZONES = 2  # what a load balancer and a DB subnet group need
_MAX_ZONES = 4  # what a quarter of the VPC's range divides into


@dataclass(frozen=True)
class Location:
    """One region. The VPC's range is quartered: public, application, database, and one to spare.

    A tier keeps one contiguous range, so that a route or a rule can name the tier and nothing else.
    """

    region: str
    zones: Sequence[str]
    cidr: str

    def __post_init__(self) -> None:
        strangers = [zone for zone in self.zones if not zone.startswith(self.region)]
        if strangers:
            raise ValueError(f"not in region {self.region}: {', '.join(strangers)}")
        if not _MIN_ZONES <= len(set(self.zones)) == len(self.zones) <= _MAX_ZONES:
            raise ValueError(
                f"{self.region} needs {_MIN_ZONES} to {_MAX_ZONES} different zones,"
                f" not {list(self.zones)}"
            )

    @property
    def public_cidr(self) -> IPv4Network:
        """Range of the subnets that hold load balancers and NAT gateways."""
        return self._tier_cidr(0)

    @property
    def application_cidr(self) -> IPv4Network:
        """Range of the subnets that hold application instances."""
        return self._tier_cidr(1)

    @property
    def database_cidr(self) -> IPv4Network:
        """Range of the subnets that hold database instances."""
        return self._tier_cidr(2)

    def by_zone(self, tier: IPv4Network) -> dict[str, str]:
        """Divide a tier among the zones: range of each zone's subnet."""
        return dict(zip(self.zones, map(str, tier.subnets(prefixlen_diff=2)), strict=False))

    def _tier_cidr(self, quarter: int) -> IPv4Network:
        return list(IPv4Network(self.cidr).subnets(prefixlen_diff=2))[quarter]
