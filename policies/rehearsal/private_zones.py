"""Private names that fail over must be answered where clients are left.

A private hosted zone answers the VPCs that it is associated with, and nobody else. Its failover
records are of no use in a region that has none of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Model
from ..model.answers import Yes
from ..model.dns.records import failover_role
from ..model.dns.zone_vpcs import is_shared_with_others, regions_of
from ..model.resource import Resource
from ..model.takeover.sources import sources
from ..model.values import Known
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
        led_to = sorted(_led_to(zone, model) & set(left) & _with_vpcs(model))
        if not led_to:
            continue
        answered = list(regions_of(model.stack, zone))
        known = {each.value for each in answered if isinstance(each, Known)}
        if known - {lost}:
            continue
        if len(known) < len(set(answered)):
            yield Unverified(
                zone,
                f"whether it is associated with a VPC in {listed(led_to)} is not known",
                lost=lost,
            )
            continue
        yield Violation(
            zone,
            f"{zone.label} is private, and its failover records lead to {listed(led_to)}, but only "
            f"VPCs in {lost} are associated with it.",
            effect="answers only the VPCs that are associated with a private zone; with "
            f"{lost}, all of them are lost.",
            fix=f"Associate a VPC in {listed(led_to)} with it (ZoneAssociation).",
            lost=lost,
        )


def _led_to(zone: Resource, model: Model) -> set[str]:
    """The regions that SECONDARY records of the zone certainly lead to."""
    found: set[str] = set()
    for record, is_certain in model.stack.naming(zone, "zoneId", RECORD):
        if not is_certain or failover_role(record) != Known("SECONDARY"):
            continue
        for name in ("aliases", "records"):
            homes = {model.takeover.homes.of(each) for each in sources(model.stack, record, name)}
            if len(homes) == 1:
                found |= {home.value for home in homes if isinstance(home, Known)}
    return found


def _with_vpcs(model: Model) -> set[str]:
    return {each.region.value for each in model.stack.of(VPC) if isinstance(each.region, Known)}


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
