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
from ..model.dns.records import are_of_one_set, failover_role, follows_target_health, full_name
from ..model.references import same
from ..model.resource import Resource
from ..model.values import Absent, Known, Reading, Unknown, is_set, known_or_none
from ..model.vocabulary import RECORD
from ..rule import (
    Asked,
    Evidence,
    Level,
    Outcome,
    ResourceRule,
    Settings,
    Severity,
    StackRule,
    Unverified,
    Violation,
)

_TAGS = ("aws", "route53", "dns", "disaster-recovery")
_OPPOSITE = {"PRIMARY": "SECONDARY", "SECONDARY": "PRIMARY"}
_WITHOUT = {
    "PRIMARY": "accepts it, but has nothing to fail over to: it answers with the primary as long "
    "as it lasts.",
    "SECONDARY": "accepts it, but there is no primary that it could stand in for.",
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
                f"{record.name} is a PRIMARY alias record with neither evaluateTargetHealth nor a "
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
                f"{record.name} is a PRIMARY record without a health check.",
                effect="ChangeResourceRecordSets answers: A non-alias primary ResourceRecordSet "
                "must have an associated health check.",
            )
    return None


def has_its_counterpart(record: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A PRIMARY and a SECONDARY of one zone, name and type belong together."""
    role = failover_role(record)
    if isinstance(role, Unknown):
        yield Unverified(record, f"its failover type is {role.why}")
    wanted = _OPPOSITE.get(known_or_none(role) or "")
    if wanted is None:
        return
    doubtful: Resource | None = None
    for other in model.records.beside(record):
        if not _may_be(failover_role(other), wanted):
            continue
        belongs = are_of_one_set(model.stack, record, other)
        if belongs and isinstance(failover_role(other), Known):
            if wanted == "SECONDARY":  # Told once, about the PRIMARY.
                yield from _share_a_health_check(record, other, model)
            return
        if belongs is not False:
            doubtful = doubtful or other
    if doubtful is not None:
        yield Unverified(record, f"whether {doubtful.label} is its {wanted} is not known")
    else:
        yield _alone(record, model, _OPPOSITE[wanted], wanted)


def _share_a_health_check(
    primary: Resource, secondary: Resource, model: Model
) -> Iterator[Violation]:
    checks = [model.stack.reference(each, "healthCheckId") for each in (primary, secondary)]
    if same(*checks):
        yield Violation(
            primary,
            f"{primary.name} is a PRIMARY record with the same health check as its SECONDARY, "
            f"record {secondary.name}.",
            effect="accepts it, but the two become unhealthy together, and Route 53 then answers "
            "with the primary: it never fails over.",
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
        f"{record.name} is a {role} record, and this stack has no {wanted} of the same zone, name "
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
    "type, and the other way round, and the two should not share one health check.",
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
        ),
    ),
    fix="Declare both records of the pair in this stack.",
    in_doubt="give both records names, types and a zone that are known before the deployment",
    kinds=(RECORD,),
    check=has_its_counterpart,
)
