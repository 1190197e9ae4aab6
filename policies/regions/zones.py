"""Zones of another region.

A zone exists in its own region only. CreateSubnet answers `InvalidParameterValue: Value
(us-west-1b) for parameter availabilityZone is invalid. Subnets can currently only be created in the
following availability zones: …`. It is the slip of zones that are written down for the region that
a program was meant for, or looked up without the provider of the region that they are used in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..model import Model
from ..model.regions.zones import is_known_region, zone_properties, zones_of
from ..model.resource import Resource
from ..model.values import Known
from ..model.vocabulary import INSTANCE, SUBNET
from ..model.words import enumerated
from ..rule import (
    Evidence,
    Kind,
    Level,
    Outcome,
    Settings,
    Severity,
    StackRule,
    Unverified,
    Violation,
)

_SUBNET = (
    "CreateSubnet answers InvalidParameterValue: Value ({zone}) for parameter availabilityZone is "
    "invalid. Subnets can currently only be created in the following availability zones: ..."
)
_ANSWERS: Final = {
    SUBNET: _SUBNET,
    INSTANCE: "RunInstances answers InvalidParameterValue: Invalid availability zone: [{zone}]",
    "aws:autoscaling/group:Group": "CreateAutoScalingGroup answers ValidationError: Invalid "
    "availability zone: [{zone}]",
    "aws:docdb/cluster:Cluster": "CreateDBCluster answers: The availability zone requested is not "
    "supported by the DB Cluster",
    "aws:efs/fileSystem:FileSystem": "CreateFileSystem answers: Invalid Availability Zone Name "
    "provided.",
}
_ELSEWHERE = "the zone {zone} does not exist in {region}, so the request is refused."


def in_its_region(resource: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """The zones that a resource names must be zones of its region."""
    named = list(zones_of(resource))
    if not named:
        return
    region = resource.region
    if not isinstance(region, Known):
        yield Unverified(
            resource,
            "whether its zone belongs to its region is not known, since nothing states the region",
        )
        return
    wrong = [each for each in named if each.region != region.value]
    if not wrong or not is_known_region(region.value):
        return
    if model.regional_references.of(resource).abroad:
        return  # One defect, one finding: that of region-local-references.
    zones = enumerated(sorted({each.zone for each in wrong}))
    answer = _ANSWERS.get(resource.kind, _ELSEWHERE)
    yield Violation(
        resource,
        f"{resource.label} is in {region.value} ({resource.region_evidence}), but names a zone of "
        "another region:",
        chains=tuple(
            (resource.label, each.path, each.zone, f"a zone of {each.region}") for each in wrong
        ),
        effect=answer.format(zone=wrong[0].zone, region=region.value),
        fix=f"Create it with a provider of {wrong[0].region}, or name zones of {region.value} "
        f"instead of {zones}. Zones that are looked up belong to the region of the provider that "
        "looks them up.",
    )


ZONE_IN_REGION = StackRule(
    name="zone-in-region",
    title="Zones of the resource's own region",
    description="A resource must name zones of its own region.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=("aws", "disaster-recovery"),
    evidence=(
        Evidence(
            effect="InvalidParameterValue: Value (us-west-1b) for parameter availabilityZone is "
            "invalid. Subnets can currently only be created in the following availability zones: "
            "us-east-1a, us-east-1b, ...",
            source="CreateSubnet, public deployment logs",
            date="2026-11-26",
        ),
        Evidence(
            effect="Invalid availability zone: [us-east-1a]",
            source="https://github.com/badmintoncryer/cdk-preflight (Auto Scaling groups)",
            date="2026-09-30",
        ),
        Evidence(
            effect="A zone is named by its region and a letter; it is in that region only.",
            source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
            "using-regions-availability-zones.html",
            date="2026-04-08",
            kind=Kind.DOCUMENTED,
        ),
    ),
    fix="Name zones of the region that the resource's provider is for, or give it the provider of "
    "the region that its zones are in.",
    in_doubt="state the region on the provider",
    kinds=zone_properties,
    check=in_its_region,
)
