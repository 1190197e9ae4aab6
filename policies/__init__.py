"""What can go wrong with a disaster-recovery stack on AWS: the table of contents."""

from __future__ import annotations

from .aurora_backtrack import GLOBAL_BACKTRACK, GLOBAL_SOURCE_BACKTRACK
from .aurora_versions import ENGINE_VERSION_RETIRED, GLOBAL_ENGINE_VERSION
from .hosted_zones import HOSTED_ZONE_RESERVED_NAME, HOSTED_ZONE_UNDELEGABLE_NAME
from .load_balancers import AVAILABILITY_ZONES, NLB_GATEWAY, PUBLIC_SUBNETS
from .nat_gateways import NAT_PUBLIC_SUBNET
from .rule import AnyRule
from .unverifiable import UNVERIFIABLE_REFERENCE
from .vpc_peering import PEERING_ACCEPTED, PEERING_CIDR_OVERLAP, PEERING_ROUTES

RULES: tuple[AnyRule, ...] = (
    GLOBAL_BACKTRACK,
    GLOBAL_SOURCE_BACKTRACK,
    GLOBAL_ENGINE_VERSION,
    ENGINE_VERSION_RETIRED,
    PUBLIC_SUBNETS,
    NLB_GATEWAY,
    AVAILABILITY_ZONES,
    HOSTED_ZONE_RESERVED_NAME,
    HOSTED_ZONE_UNDELEGABLE_NAME,
    NAT_PUBLIC_SUBNET,
    PEERING_ACCEPTED,
    PEERING_CIDR_OVERLAP,
    PEERING_ROUTES,
    UNVERIFIABLE_REFERENCE,
)
