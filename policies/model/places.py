"""Regions and zones as their names tell them.

Naming: AWS, "Regions and Availability Zones" (us-east-1, us-east-1a), Local Zones
(us-west-2-lax-1a) and Wavelength Zones (us-east-1-wl1-bos-wlz-1); eusc-de-east-1 is the region of
the European Sovereign Cloud.
"""

from __future__ import annotations

import re
from typing import Final

_REGION: Final = r"[a-z]{2,4}(?:-[a-z]+)+-\d+"
_GIVEN_ID: Final = r"[a-z]+(?:-[a-z]+)*-(?:[0-9a-f]{17}|[0-9a-f]{8})"
_ID_PREFIXES: Final = (
    *("acl-", "ami-", "cgw-", "dopt-", "eigw-", "eipalloc-", "eni-", "fs-", "fsap-", "i-", "igw-"),
    *("lt-", "nat-", "pcx-", "pl-", "rtb-", "sg-", "snap-", "subnet-", "tgw-", "vgw-", "vol-"),
    *("vpc-", "vpce-", "vpn-"),
)
"""How the ids of EC2, VPC and EFS begin."""
_MADE_UP: Final = ("12345", "abcde", "54321")
"""What the ids of examples and mocks have in them."""
_AVAILABILITY_ZONE: Final = r"[a-z]{2,4}(?:-[a-z]+)+-\d+[a-z]|[a-z]{3,6}\d+-az\d+"


def region_of_zone(zone: str) -> str | None:
    """`us-west-2` for the zones us-west-2a and us-west-2-lax-1a; None for anything else."""
    found = re.match(_REGION, zone)
    return found.group() if found else None


def region_of_arn(arn: str) -> str | None:
    """The region in an ARN; None where there is none (global services) or it is no ARN."""
    parts = arn.split(":", 5)
    return parts[3] or None if len(parts) == 6 and parts[0] == "arn" else None


def is_region(text: str) -> bool:
    """Whether the text has the form of a region's name."""
    return re.fullmatch(_REGION, text) is not None


def is_given_id(text: str) -> bool:
    """Whether AWS gave the id out (vpc-0a1b2c3d4e5f67890): then it exists in one region only.

    A name that a program chose may exist in several; Pulumi's own end in seven digits."""
    return re.fullmatch(_GIVEN_ID, text) is not None


def is_id_of_one_region(text: str) -> bool:
    """Whether AWS gave the id out, judging by what it begins with, and it is nobody's example.

    Names may end in eight random digits too, and examples and mocks have one id for all regions."""
    if not text.startswith(_ID_PREFIXES) or not is_given_id(text):
        return False
    digits = text.rpartition("-")[2]
    return len(set(digits)) > 3 and not any(each in digits for each in _MADE_UP)


def is_availability_zone(zone: str) -> bool:
    """Whether the name or id is that of a zone proper, not of a Local or a Wavelength Zone."""
    return re.fullmatch(_AVAILABILITY_ZONE, zone) is not None


def is_in_main_partition(region: str) -> bool:
    """Whether the region is one of the partition `aws`: not of China, GovCloud, the European
    Sovereign Cloud or an isolated partition, whose global services are elsewhere."""
    return not region.startswith(("cn-", "us-gov-", "eusc-", "us-iso", "eu-isoe-"))
