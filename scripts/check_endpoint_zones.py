#!/usr/bin/env python3
"""Compare policies/data/endpoint_zones.json with what terraform-provider-aws knows.

    python scripts/check_endpoint_zones.py DIRECTORY    a checkout of terraform-provider-aws

The provider keeps the same ids in tables of its own, which its `aws_lb_hosted_zone_id` and its
buckets answer from. A region that only one of the two has is told, and is no difference: AWS lists
a region before or after the provider does.

Exit codes: 0 they agree, 1 an id differs, 2 could not be done.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parent.parent
# Neither the pack nor the scripts are an installed package.
sys.path.insert(0, str(ROOT))

from policies.model.dns.endpoint_zones import (  # noqa: E402
    APPLICATION,
    NETWORK,
    WEBSITE,
    zones,
)

_LB: Final = "internal/service/elbv2/hosted_zone_id_data_source.go"
SOURCES: Final[Mapping[str, tuple[str, str]]] = {
    APPLICATION: (_LB, "hostedZoneIDPerRegionALBMap"),
    NETWORK: (_LB, "hostedZoneIDPerRegionNLBMap"),
    WEBSITE: ("internal/service/s3/hosted_zones.go", "hostedZoneIDsMap"),
}
"""The file of each table, and the name of its map."""


class SourceError(Exception):
    """A table could not be read; the text says which."""


def table(source: str, name: str) -> Mapping[str, str]:
    """The ids of one map of a Go file, by regions as our data write them."""
    found = re.search(rf"{name} = map\[string\]string\{{(.*?)\n\}}", source, re.DOTALL)
    rows = re.findall(r"(\w+)RegionID:\s*\"(Z[A-Z0-9]+)\"", found.group(1)) if found else []
    if not rows:
        raise SourceError(f"there is no table {name}")
    return {_region(constant): zone for constant, zone in rows}


def _region(constant: str) -> str:
    """`us-gov-east-1` for the constants UsGovEast1 and USGovEast1."""
    words = re.findall(r"[A-Z]{2}(?=[A-Z][a-z])|[A-Z][a-z]+|\d+", constant)
    return "-".join(words).lower()


def differences(ours: Mapping[str, str], theirs: Mapping[str, str]) -> list[str]:
    """The regions of which the two tables say something else."""
    both = sorted(ours.keys() & theirs.keys())
    return [
        f"{region}: {ours[region]} here, {theirs[region]} there"
        for region in both
        if ours[region] != theirs[region]
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("directory", type=Path)
    checkout: Path = parser.parse_args(arguments).directory
    differs = False
    for kind, (file, name) in SOURCES.items():
        try:
            theirs = table((checkout / file).read_text("utf-8"), name)
        except (OSError, SourceError) as error:
            print(f"{file}: {error}", file=sys.stderr)
            return 2
        ours = zones()[kind]
        for line in differences(ours, theirs):
            differs = True
            print(f"{kind} {line}")
        for region in sorted(ours.keys() ^ theirs.keys()):
            print(f"{kind} {region}: {'here' if region in ours else 'there'} only")
    return int(differs)


if __name__ == "__main__":
    sys.exit(main())
