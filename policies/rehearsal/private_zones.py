"""Private names must be answered where clients are left.

A private hosted zone answers the VPCs that it is associated with, and nobody else. Its records are
of no use in a region that has none of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Model
from ..model.answers import No
from ..model.dns.zone_names import normalise
from ..model.dns.zone_vpcs import is_private, is_shared_with_others, regions_of
from ..model.inputs import alike
from ..model.resource import Resource
from ..model.truth import Truth
from ..model.values import Known, Reading
from ..model.vocabulary import HOSTED_ZONE, VPC
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
from .private_names import need_of


def answers_where_clients_are_left(
    zone: Resource, model: Model, settings: Settings
) -> Iterator[Outcome]:
    """A private zone should be associated with a VPC in each region in which its names are needed
    when another one is lost."""
    if not is_private(zone) or is_shared_with_others(model.stack, zone):
        return
    answered = {
        region for each in _of_its_name(zone, model) for region in regions_of(model.stack, each)
    }
    known = {each.value for each in answered if isinstance(each, Known)}
    for lost, left in losses(model, settings):
        if known - {lost}:
            continue
        need = need_of(zone, model, frozenset(left) & model.once(_with_vpcs))
        if need is None:
            continue
        if len(known) < len(answered):
            yield Unverified(
                zone,
                f"whether it is associated with a VPC in {listed(need.regions)} is not known",
                lost=lost,
            )
        elif known:
            yield Violation(
                zone,
                f"{zone.label} is private, {need.says}, and only VPCs in {lost} are associated "
                "with it:",
                chains=need.chains,
                effect="answers a private zone's names in the VPCs that are associated with it; "
                f"all of them are lost with {lost}.",
                fix=f"Associate a VPC in {listed(need.regions)} with it (ZoneAssociation).",
                lost=lost,
                parties=need.parties,
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


def _with_vpcs(model: Model) -> frozenset[str]:
    """The regions in which the stack has a VPC."""
    regions = (each.region for each in model.stack.of(VPC))
    return frozenset(each.value for each in regions if isinstance(each, Known))


PRIVATE_ZONE_REGIONS = StackRule(
    name="private-zone-regions",
    title="Private names that are answered after the failover",
    description="A private zone should be associated with a VPC in each region in which its names "
    "are needed after another one is lost.",
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
