#!/usr/bin/env python3
"""Make policies/data/zones.json: which properties take a zone, and which regions there are.

    python scripts/make_zone_properties.py [--as-of DATE]
    ... --check    change nothing; exit 1 where the file is not what would be written

The properties are read off the installed pulumi-aws: every input whose name says that it holds one
zone or a list of zones, in every type and block. What takes a zone of another region by design, or
nothing that AWS checks, is left out below with the reason. Regions come from botocore's list of
endpoints; the prefixes of zone ids (use1-az1) are those of AWS's documentation.

Exit codes: 0 done, 1 stale (``--check``), 2 could not be done.
"""

from __future__ import annotations

import argparse
import datetime
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parent.parent
# Neither the pack nor the scripts are an installed package.
sys.path.insert(0, str(ROOT))

import botocore.session  # type: ignore[import-untyped]  # noqa: E402

from policies.model import data_files, vocabulary  # noqa: E402
from policies.model.regions.zones import FILE  # noqa: E402
from scripts.make_region_local_properties import TableError, installed  # noqa: E402
from scripts.sdk_inputs import Input, SdkInputs  # noqa: E402

ABOUT: Final = (
    "Properties that take a zone of the resource's own region, by type; a dot leads into a block. "
    "Regions, and the prefixes of zone ids.",
    "Written by scripts/make_zone_properties.py, which also says what is left out and why; not to "
    "be edited.",
)

_ZONE: Final = re.compile(
    r"(.*\.)?(availabilityZones?|availabilityZoneIds?|azs?|[a-z]+AvailabilityZones?"
    r"|preferredCacheClusterAzs|availabilityZoneName|allowedAvailabilityZones)"
)

LEFT_OUT: Final[Mapping[str, str]] = {
    "aws:efs/replicationConfiguration:": "the destination's zone, in the destination's region",
    "aws:dlm/lifecyclePolicy:": "a later snapshot uses it; whether AWS checks it is not known",
    "aws:autoscaling/group:Group.availabilityZoneDistribution": "a strategy, no zone",
    "aws:ec2/fleet:": "a launch decides, and other zones of the request may serve",
    "aws:ec2/spotFleetRequest:": "a launch decides, and other zones of the request may serve",
    "aws:globalaccelerator/": "no zone of a region",
    "aws:imagebuilder/infrastructureConfiguration:": "a template, of which nothing is checked",
    "aws:resiliencehub/": "a target for the loss of a zone, no zone",
}
"""Types and properties whose zones are another matter, with the reason."""

PREFIXES: Final[Mapping[str, str]] = {
    "afs1": "af-south-1",
    "ape1": "ap-east-1",
    "apne1": "ap-northeast-1",
    "apne2": "ap-northeast-2",
    "apne3": "ap-northeast-3",
    "aps1": "ap-south-1",
    "aps2": "ap-south-2",
    "apse1": "ap-southeast-1",
    "apse2": "ap-southeast-2",
    "apse3": "ap-southeast-3",
    "apse4": "ap-southeast-4",
    "cac1": "ca-central-1",
    "caw1": "ca-west-1",
    "euc1": "eu-central-1",
    "euc2": "eu-central-2",
    "eun1": "eu-north-1",
    "eus1": "eu-south-1",
    "eus2": "eu-south-2",
    "euw1": "eu-west-1",
    "euw2": "eu-west-2",
    "euw3": "eu-west-3",
    "ilc1": "il-central-1",
    "mec1": "me-central-1",
    "mes1": "me-south-1",
    "sae1": "sa-east-1",
    "use1": "us-east-1",
    "use2": "us-east-2",
    "usw1": "us-west-1",
    "usw2": "us-west-2",
}
"""AWS, "AWS Availability Zones" (docs.aws.amazon.com/global-infrastructure), 2026-11-26. What is
not here cannot be told."""


def properties(sdk: SdkInputs) -> dict[str, list[str]]:
    """The paths of the properties that take a zone, by type."""
    found: dict[str, set[str]] = {}
    for given in sdk.all():
        if _takes_a_zone(given):
            found.setdefault(vocabulary.term_of(given.token).kind, set()).add(given.path)
    return {kind: sorted(found[kind]) for kind in sorted(found)}


def _takes_a_zone(given: Input) -> bool:
    is_zone = _ZONE.fullmatch(given.path) is not None
    return is_zone and not any(map(given.whole.startswith, LEFT_OUT))


def regions() -> list[str]:
    """Every region that botocore knows of EC2, of all partitions."""
    session = botocore.session.get_session()
    return sorted(
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("ec2", partition)
    )


def content(sdk: SdkInputs, date: str) -> dict[str, object]:
    """What the file holds."""
    name = f"input properties of pulumi-aws {sdk.version}, regions of botocore {_botocore()}"
    return {
        "about": list(ABOUT),
        "source": {"name": name, "date": date},
        "regions": regions(),
        "zone_id_prefixes": dict(PREFIXES),
        "types": properties(sdk),
    }


def _botocore() -> str:
    return str(botocore.__version__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(
        prog="make_zone_properties", description=f"Make policies/data/{FILE}."
    )
    today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    parser.add_argument("--as-of", default=today, help="the day to write into the file")
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 if stale")
    options = parser.parse_args(arguments)
    target = data_files.DATA_DIRECTORY / FILE
    try:
        made = content(SdkInputs(installed()), options.as_of)
    except (TableError, OSError) as error:
        print(f"make_zone_properties: {error}", file=sys.stderr)
        return 2
    if options.check:
        present = data_files.read(FILE)
        stale = any(present.get(key) != made[key] for key in ("regions", "types"))
        print(f"{FILE} is {'stale' if stale else 'up to date'}")
        return 1 if stale else 0
    target.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
    print(f"{FILE} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
