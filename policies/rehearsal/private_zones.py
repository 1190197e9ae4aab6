"""Private names that fail over must be answered where clients are left.

A private hosted zone answers the VPCs that it is associated with, and nobody else. Its failover
records are of no use in a region that has none of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Model
from ..model.answers import No, Yes
from ..model.dns.records import failover_role
from ..model.dns.zone_names import normalise
from ..model.dns.zone_vpcs import is_shared_with_others, regions_of
from ..model.inputs import alike
from ..model.plain import NamedTuple
from ..model.resource import Resource
from ..model.takeover.parts import SERVING
from ..model.takeover.sources import sources
from ..model.truth import Truth
from ..model.values import Known, Reading
from ..model.vocabulary import HOSTED_ZONE, RECORD, VPC
from ..model.words import listed
from ..regions.standing_in import PRIMARY, REGIONS, losses
from ..rule import (
    Asked,
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


def answers_where_clients_are_left(
    zone: Resource, model: Model, settings: Settings
) -> Iterator[Outcome]:
    """A private zone with failover records should be associated with a VPC in each region that
    they lead to."""
    if not isinstance(zone.declares("vpcs"), Yes) or is_shared_with_others(model.stack, zone):
        return
    for lost, left in losses(model, settings):
        ways = [each for each in _secondaries(zone, model) if each.region in left]
        led_to = sorted({each.region for each in ways} & model.once(_with_vpcs))
        if not led_to:
            continue
        answered = {
            region for each in _of_its_name(zone, model) for region in regions_of(model.stack, each)
        }
        known = {each.value for each in answered if isinstance(each, Known)}
        if known - {lost}:
            continue
        if len(known) < len(answered):
            yield Unverified(
                zone,
                f"whether it is associated with a VPC in {listed(led_to)} is not known",
                lost=lost,
            )
        elif known:
            yield Violation(
                zone,
                f"{zone.label} is private, its failover records lead to {listed(led_to)}, and only "
                f"VPCs in {lost} are associated with it:",
                chains=tuple(
                    (each.record.label, "SECONDARY", f"{each.end.label} ({each.region})")
                    for each in ways
                    if each.region in led_to
                ),
                effect="answers a private zone's names in the VPCs that are associated with it; "
                f"all of them are lost with {lost}.",
                fix=f"Associate a VPC in {listed(led_to)} with it (ZoneAssociation).",
                lost=lost,
                parties=tuple({each.end.urn: each.end for each in ways}.values()),
            )


def _of_its_name(zone: Resource, model: Model) -> Iterator[Resource]:
    """The zone, and other private ones that have or may have its name: each region may have its
    own."""
    name = zone.text("name")
    for each in model.stack.of(HOSTED_ZONE):
        is_alike = alike(_normal(name), _normal(each.text("name"))) is not Truth.FALSE
        if each is zone or (is_alike and not isinstance(each.declares("vpcs"), No)):
            yield each


def _normal(name: Reading[str]) -> Reading[str]:
    return Known(normalise(name.value)) if isinstance(name, Known) else name


class _Way(NamedTuple):
    """A SECONDARY record, and what it certainly leads to."""

    record: Resource
    end: Resource
    region: str


def _secondaries(zone: Resource, model: Model) -> Iterator[_Way]:
    """The SECONDARY records of the zone that certainly lead to one region."""
    for record, is_certain in model.stack.naming(zone, "zoneId", RECORD):
        if not is_certain or failover_role(record) != Known("SECONDARY"):
            continue
        for name in ("aliases", "records"):
            ends = sources(model.stack, record, name, *SERVING)
            homes = {model.takeover.homes.of(each) for each in ends}
            home = homes.pop() if len(homes) == 1 else None
            if isinstance(home, Known):
                yield _Way(record, ends[0], home.value)


def _with_vpcs(model: Model) -> frozenset[str]:
    """The regions in which the stack has a VPC."""
    regions = (each.region for each in model.stack.of(VPC))
    return frozenset(each.value for each in regions if isinstance(each, Known))


PRIVATE_ZONE_REGIONS = StackRule(
    name="private-zone-regions",
    title="Private failover records that are answered after the failover",
    description="A private zone with failover records should be associated with a VPC in each "
    "region that they lead to.",
    level=Level.ADVISORY,
    severity=Severity.MEDIUM,
    tags=("aws", "route53", "dns", "rehearsal", "disaster-recovery"),
    evidence=(
        Evidence(
            "answers queries for a private zone only in the VPCs that are associated with it.",
            "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-private.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
    ),
    fix="Associate a VPC of each region with the zone.",
    in_doubt="state the vpcRegion of each VPC that the zone is associated with",
    options=(REGIONS, PRIMARY),
    asked=Asked.ALWAYS,
    kinds=(HOSTED_ZONE,),
    check=answers_where_clients_are_left,
)
