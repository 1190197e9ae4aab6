"""Failover records of Route 53.

Route 53 refuses a primary whose failure it could never see: `A non-alias primary ResourceRecordSet
must have an associated health check.`, and for an alias `… cannot be a primary without
EvaluateTargetHealth set to true or an associated health check as a secondary would never be
returned`. It accepts a primary without a secondary, or a secondary alone, and then has nothing to
fail over to or from.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Model
from ..model.dns.record_sets import are_of_one_set
from ..model.dns.records import failover_role, follows_target_health, full_name
from ..model.dns.targets import share_a_target
from ..model.references import same
from ..model.resource import Resource
from ..model.truth import Truth
from ..model.values import Absent, Known, Reading, Unknown, is_set, known_or_none
from ..model.vocabulary import RECORD
from ..rule import (
    Asked,
    Evidence,
    Kind,
    Level,
    Outcome,
    ResourceRule,
    Settings,
    Severity,
    StackRule,
    Unverified,
    Violation,
)
from .record_conflicts import has_conflict

_TAGS = ("aws", "route53", "dns", "failover", "disaster-recovery")
_OPPOSITE = {"PRIMARY": "SECONDARY", "SECONDARY": "PRIMARY"}
_WITHOUT = {
    "PRIMARY": "accepts it, but has nothing to fail over to: it answers with the primary as long "
    "as it lasts.",
    "SECONDARY": "accepts it, but there is no primary that it could take over from.",
}


def sees_its_failure(record: Resource, _: Settings) -> Iterator[Outcome]:
    """A PRIMARY must have a health check, or follow the health of its alias target."""
    role = failover_role(record)
    if not _may_be(role, "PRIMARY") or is_set(record.text("healthCheckId")):
        return
    outcome = _sees_its_failure(record)
    if outcome is not None and isinstance(role, Unknown):
        yield Unverified(record, f"its failover type is {role.why}")
    elif outcome is not None:
        yield outcome


def _sees_its_failure(record: Resource) -> Outcome | None:
    match follows_target_health(record):
        case Known(False):
            return Violation(
                record,
                f"{record.label} is a PRIMARY alias with neither evaluateTargetHealth nor a "
                "health check.",
                effect="ChangeResourceRecordSets answers that the record cannot be a primary "
                "without EvaluateTargetHealth set to true or an associated health check as a "
                "secondary would never be returned.",
                fix="Set evaluateTargetHealth to true, or give the record a healthCheckId.",
            )
        case Unknown(why):
            return Unverified(record, f"whether its alias evaluates the target's health is {why}")
        case Absent() if record.sets("records"):
            return Violation(
                record,
                f"{record.label} is a PRIMARY without a health check.",
                effect="ChangeResourceRecordSets answers: A non-alias primary ResourceRecordSet "
                "must have an associated health check.",
            )
    return None


def has_its_counterpart(record: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A PRIMARY and a SECONDARY of one zone, name and type belong together, and fail apart."""
    role = failover_role(record)
    if isinstance(role, Unknown):
        yield Unverified(record, f"its failover type is {role.why}")
    wanted = _OPPOSITE.get(known_or_none(role) or "")
    if wanted is None or has_conflict(record, model):  # record-sets tells of that.
        return
    doubtful: Resource | None = None
    for other in model.records.beside(record):
        if not _may_be(failover_role(other), wanted):
            continue
        belongs = are_of_one_set(model.stack, record, other)
        if belongs is Truth.TRUE and isinstance(failover_role(other), Known):
            if wanted == "SECONDARY":  # Told once, about the PRIMARY.
                yield from _fail_together(record, other, model)
            return
        if belongs is not Truth.FALSE:
            doubtful = doubtful or other
    if doubtful is not None:
        yield Unverified(record, f"whether {doubtful.label} is its {wanted} is not known")
    else:
        yield _alone(record, model, _OPPOSITE[wanted], wanted)


def _fail_together(primary: Resource, secondary: Resource, model: Model) -> Iterator[Violation]:
    """What makes the PRIMARY fail must leave the SECONDARY standing."""
    checks = [model.stack.reference(each, "healthCheckId") for each in (primary, secondary)]
    if share_a_target(primary, secondary):
        yield Violation(
            primary,
            f"{primary.label} is a PRIMARY with the same target as its SECONDARY, "
            f"{secondary.label}.",
            effect="accepts it, but answers with the same target whether it is healthy or not.",
            fix="Give the SECONDARY the target that takes over: the load balancer or address of "
            "the other region.",
            parties=(secondary,),
        )
    elif same(*checks):
        yield Violation(
            primary,
            f"{primary.label} is a PRIMARY with the same health check as its SECONDARY, "
            f"{secondary.label}.",
            effect="accepts it, but the two become unhealthy together, and where no record is "
            "healthy Route 53 answers as if all were: with the primary. It never fails over.",
            fix="Give the SECONDARY a health check of its own endpoint, or none.",
            parties=(secondary,),
        )


def _may_be(role: Reading[str], wanted: str) -> bool:
    return isinstance(role, Unknown) or role == Known(wanted)


def _alone(record: Resource, model: Model, role: str, wanted: str) -> Violation:
    said = (full_name(model.stack, record), record.text("type"))
    name = " ".join(each.value for each in said if isinstance(each, Known))
    return Violation(
        record,
        f"{record.label} is a {role}, and this stack has no {wanted} of the same zone, name "
        "and type:",
        chains=((record.label, *((name,) if name else ()), f"no {wanted}"),),
        effect=_WITHOUT[role],
        fix=f"Add the {wanted} record, with the same zone, name and type and a setIdentifier of "
        "its own. If another stack makes it, exempt this record.",
    )


FAILOVER_RECORD_HEALTH = ResourceRule(
    name="failover-record-health",
    title="A primary failover record whose failure is seen",
    description="A PRIMARY failover record must have a health check, or be an alias that evaluates "
    "the health of its target.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=_TAGS,
    evidence=(
        Evidence(
            effect="A non-alias primary ResourceRecordSet must have an associated health check.",
            source="https://github.com/badmintoncryer/cdk-preflight",
            date="2026-09-10",
        ),
        Evidence(
            effect="... cannot be a primary without EvaluateTargetHealth set to true or an "
            "associated health check as a secondary would never be returned",
            source="https://github.com/badmintoncryer/cdk-preflight",
            date="2026-09-10",
        ),
    ),
    fix="Give the record the healthCheckId of a HealthCheck of its endpoint.",
    in_doubt="state the failover type and evaluateTargetHealth in the program",
    kinds=(RECORD,),
    check=sees_its_failure,
)

FAILOVER_RECORD_PAIR = StackRule(
    name="failover-record-pair",
    title="Failover records in pairs",
    description="A PRIMARY failover record should have a SECONDARY of the same zone, name and "
    "type, and vice versa, with another health check and target.",
    asked=Asked.ALWAYS,
    level=Level.ADVISORY,
    severity=Severity.MEDIUM,
    tags=_TAGS,
    evidence=(
        Evidence(
            effect="Failover takes two records of one name and type: one PRIMARY and one "
            "SECONDARY.",
            source="https://docs.aws.amazon.com/Route53/latest/APIReference/"
            "API_ResourceRecordSet.html",
            date="2026-04-08",
            kind=Kind.DOCUMENTED,
        ),
        Evidence(
            effect="When no record of a group is healthy, Route 53 considers all of them healthy "
            "and chooses by the routing policy.",
            source="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/"
            "health-checks-how-route-53-chooses-records.html",
            date="2026-11-26",
            kind=Kind.DOCUMENTED,
        ),
    ),
    fix="Declare both records of the pair in this stack.",
    in_doubt="give both records names, types and a zone that are known before the deployment",
    kinds=(RECORD,),
    check=has_its_counterpart,
)
