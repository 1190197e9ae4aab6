"""What runs in a region must not be told to work with what is in another one only.

An endpoint, an ARN or a host name leads to one region. It works from every other one too, until
that region is lost: Aurora's writer endpoint of the primary cluster is the case in point.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..model import Model
from ..model.resource import Resource
from ..model.takeover.settings import TAKERS, Lead, Verdict
from ..model.values import Known
from ..model.vocabulary import CLUSTER, CLUSTER_INSTANCE
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


def leads_to_its_own_region(taker: Resource, model: Model, settings: Settings) -> Iterator[Outcome]:
    """What runs in a region that is left should not take its settings from one that is lost."""
    home = model.takeover.homes.of(taker)
    for loss in losses(model, settings):
        if not isinstance(home, Known) or home.value not in loss.left:
            continue
        leads = list(model.takeover.settings.leads(taker, home.value, loss.region))
        certain = [each for each in leads if each.verdict is Verdict.CERTAIN]
        if certain:
            yield _violation(taker, home.value, loss.region, certain, model)
            continue
        for each in leads:
            yield Unverified(taker, each.why, parties=_resources([each]), lost=loss.region)


def _violation(
    taker: Resource, home: str, lost: str, leads: Sequence[Lead], model: Model
) -> Violation:
    return Violation(
        taker,
        f"{taker.label} is in {home}, and is given what is lost with {lost}:",
        chains=tuple((taker.label, each.path, _shown(each, lost)) for each in leads),
        effect=f"answers from {lost} alone; when that region is lost, the setting still leads "
        "there.",
        fix=_fix(leads, home, model),
        parties=_resources(leads),
        lost=lost,
    )


def _shown(lead: Lead, lost: str) -> str:
    return lead.to if isinstance(lead.to, str) else f"{lead.to.label} ({lost})"


def _fix(leads: Sequence[Lead], home: str, model: Model) -> str:
    """What to take instead, where the region has it."""
    named = _resources(leads)
    found = {each.urn: model.takeover.settings.instead(each, home) for each in named}
    own = sorted({each.label for each in found.values() if each is not None})
    if own and len(own) == len(leads):
        is_global = any(
            each.kind in (CLUSTER, CLUSTER_INSTANCE) and each.sets("globalClusterIdentifier")
            for each in named
        )
        writer = ", or from the global cluster's writer endpoint" if is_global else ""
        return f"Take it from {listed(own)}{writer}."
    return f"Give it one in {home}, or a name that a replica there answers to."


def _resources(leads: Sequence[Lead]) -> tuple[Resource, ...]:
    return tuple(each.to for each in leads if isinstance(each.to, Resource))


STANDBY_RUNTIME_SETTINGS = StackRule(
    name="standby-runtime-settings",
    title="Settings that lead to the region that is left",
    description="What runs in one region should not take its settings from what is in another "
    "region only.",
    level=Level.ADVISORY,
    severity=Severity.HIGH,
    tags=("aws", "lambda", "ecs", "ec2", "rehearsal", "disaster-recovery"),
    evidence=(
        Evidence(
            "has an endpoint for each cluster of a global database, and one for whichever is the "
            "writer: with it, applications need no other setting after a failover.",
            "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
            "aurora-global-database-connecting.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
        Evidence(
            '"there should be no dependencies between the primary Region and the standby Region; '
            'each should be able to operate independently of the other"',
            "https://docs.aws.amazon.com/prescriptive-guidance/latest/"
            "aws-multi-region-fundamentals/fundamental-3.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
    ),
    fix="Take each setting from what is in the region itself.",
    in_doubt="name what has a replica in the region by its name, and each other thing by one of "
    "its own region",
    options=(REGIONS, PRIMARY),
    reads_native=False,
    unread="settings of aws-native have other names for much of what is read here",
    asked=Asked.ALWAYS,
    kinds=tuple(TAKERS),
    check=leads_to_its_own_region,
)
