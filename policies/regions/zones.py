"""Zones of another region.

A zone exists in its own region only. CreateSubnet answers `InvalidParameterValue: Value
(us-west-1b) for parameter availabilityZone is invalid. Subnets can currently only be created in the
following availability zones: …`. It is the slip of zones that are written down for the region that
a program was meant for, or looked up without the provider of the region that they are used in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from ..model import Model
from ..model.plain import NamedTuple
from ..model.regions.zones import is_known_region, zone_properties, zones_of
from ..model.resource import Resource
from ..model.values import Known
from ..model.vocabulary import (
    CLASSIC_LOAD_BALANCER,
    CLUSTER,
    DOCDB_CLUSTER,
    DOCDB_CLUSTER_INSTANCE,
    INSTANCE,
    NEPTUNE_CLUSTER_INSTANCE,
    SUBNET,
)
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

_TESTED: Final = "https://github.com/badmintoncryer/cdk-preflight"


class _Seen(NamedTuple):
    """What AWS answers to a zone of another region, and where that was seen."""

    answer: str
    source: str
    date: str


_SEEN: Final[Mapping[str, _Seen]] = {
    SUBNET: _Seen(
        "CreateSubnet answers InvalidParameterValue: Value ({zone}) for parameter availabilityZone "
        "is invalid. Subnets can currently only be created in the following availability zones: "
        "...",
        "CreateSubnet, public deployment logs",
        "2026-11-26",
    ),
    INSTANCE: _Seen(
        "RunInstances answers InvalidParameterValue: Invalid availability zone: [{zone}]",
        "https://github.com/cloudfoundry-community-attic/bosh-cloudfoundry/issues/110",
        "2013-02-16",
    ),
    "aws:autoscaling/group:Group": _Seen(
        "CreateAutoScalingGroup answers ValidationError: Invalid availability zone: [{zone}]",
        f"{_TESTED} (CreateAutoScalingGroup)",
        "2026-09-30",
    ),
    CLASSIC_LOAD_BALANCER: _Seen(
        "CreateLoadBalancer refuses zones of another region.",
        "CreateLoadBalancer of classic load balancers, public deployment logs (words not kept)",
        "2026-11-26",
    ),
    "aws:ebs/volume:Volume": _Seen(
        "CreateVolume answers InvalidZone.NotFound: The zone '{zone}' does not exist.",
        "https://github.com/hashicorp/terraform/issues/6110",
        "2016-04-10",
    ),
    "aws:efs/fileSystem:FileSystem": _Seen(
        "CreateFileSystem answers: Invalid Availability Zone Name provided.",
        f"{_TESTED} (CreateFileSystem)",
        "2026-09-06",
    ),
    CLUSTER: _Seen(
        "CreateDBCluster answers InvalidVPCNetworkStateFault: Availability zones '[...]' are "
        "unavailable in this region, please choose another zone set.",
        "https://github.com/inspec/inspec-aws/pull/188",
        "2020-03-09",
    ),
    DOCDB_CLUSTER: _Seen(
        "CreateDBCluster answers: The availability zone requested is not supported by the DB "
        "Cluster",
        "CreateDBCluster of DocumentDB, public deployment logs",
        "2026-11-26",
    ),
    **dict.fromkeys(
        (DOCDB_CLUSTER_INSTANCE, NEPTUNE_CLUSTER_INSTANCE),
        _Seen(
            "CreateDBInstance answers: The availability zone requested is not supported by the DB "
            "Cluster. Available options: [...]",
            f"{_TESTED} (CreateDBInstance of DocumentDB and of Neptune)",
            "2026-09-22",
        ),
    ),
    "aws:redshift/cluster:Cluster": _Seen(
        "CreateCluster answers InvalidVPCNetworkStateFault: Cluster subnet group ... doesn't cover "
        "the AZ specified.",
        f"{_TESTED} (CreateCluster)",
        "2026-09-22",
    ),
}
"""Whose answer was seen. Others say something like it; documented-regions tells of them."""


def in_its_region(resource: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """The zones that a resource names must be zones of its region."""
    if not isinstance(resource.region, Known) and any(zones_of(resource)):
        yield Unverified(
            resource,
            "whether its zone belongs to its region is not known, since nothing states the region",
        )
    yield from zones_elsewhere(resource, model, _SEEN[resource.kind].answer)


def zones_elsewhere(resource: Resource, model: Model, answer: str) -> Iterator[Violation]:
    """The finding about a resource that names zones of another region than its own. `answer` is
    what AWS says of a `{zone}`."""
    match resource.region:
        case Known(region) if is_known_region(region):
            wrong = [each for each in zones_of(resource) if each.region != region]
        case _:
            return
    if not wrong or model.regional_references.of(resource).abroad:
        return  # One defect, one finding: that of region-local-references.
    zones = enumerated(sorted({each.zone for each in wrong}))
    yield Violation(
        resource,
        f"{resource.label} is in {region} ({resource.region_evidence}), but names a zone of "
        "another region:",
        chains=tuple(
            (resource.label, each.path, each.zone, f"a zone of {each.region}") for each in wrong
        ),
        effect=answer.format(zone=wrong[0].zone),
        fix=f"Create it with a provider of {wrong[0].region}, or name zones of {region} instead of "
        f"{zones}. Zones that are looked up belong to the region of the provider that looks them "
        "up.",
    )


@cache
def without_an_answer() -> frozenset[str]:
    """The other types that take a zone of their own region."""
    return frozenset(zone_properties()) - frozenset(_SEEN)


ZONE_IN_REGION = StackRule(
    name="zone-in-region",
    title="Zones of the resource's own region",
    description="A resource must name zones of its own region.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=("aws", "disaster-recovery"),
    evidence=(
        *(
            Evidence(seen.answer.format(zone="us-west-1b"), seen.source, seen.date)
            for seen in dict.fromkeys(_SEEN.values())
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
    kinds=tuple(_SEEN),
    check=in_its_region,
)
