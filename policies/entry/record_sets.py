"""Record sets that Route 53 takes.

Route 53 keeps records of one name and type together and asks of each change whether they can be
together: one routing policy for all of them, a CNAME alone at its name, no value twice. It asks
when it creates a record and when it updates one (both are ChangeResourceRecordSets), so most of
this is asked as long as a program says so. The provider creates with CREATE, which an existing
record of the same name, type and setIdentifier refuses; `allowOverwrite` makes it UPSERT.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..model import Model
from ..model.dns.records import (
    Routing,
    full_name,
    is_alias,
    is_in_zone,
    own_name,
    routing,
    zone_name,
)
from ..model.dns.targets import Elsewhere, own_zone_target, zone_of_target
from ..model.references import Target
from ..model.resource import Resource
from ..model.values import Known, Reading, Unknown, is_set, known_or_none
from ..model.vocabulary import RECORD
from ..rule import (
    Asked,
    Evidence,
    Level,
    Outcome,
    Settings,
    Severity,
    StackRule,
    Unverified,
    Violation,
)
from .record_conflicts import conflicts, may_overwrite

_TAGS = ("aws", "route53", "dns", "disaster-recovery")
_ANSWERS = "ChangeResourceRecordSets answers InvalidChangeBatch:"
_ALIAS_OF_NAME_SERVERS: Final = (
    f"{_ANSWERS} RRSet with DNS name ..., type NS contains an alias target, but aliases of that "
    "type are forbidden"
)


BORN: Final = (
    f"{_ANSWERS} Tried to create resource record set [name='...', type='NS'] but it already exists"
)


def is_taken(record: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A record must be possible, alone and beside the other records of its name."""
    yield from _checks_health(record)
    yield from _has_a_ttl(record)
    yield from _is_below_its_zone(record, model)
    yield from _is_no_apex_cname(record, model)
    yield from _is_born_with_the_zone(record, model)
    yield from _multivalue_is_no_alias(record)
    yield from _name_servers_are_no_alias(record)
    yield from _alias_is_in_its_zone(record, model)
    yield from _alias_target_is_made(record, model)
    yield from conflicts(record, model)
    yield from _open_questions(record, model)


def _checks_health(record: Resource) -> Iterator[Outcome]:
    if not is_set(record.text("healthCheckId")):
        return
    match routing(record):
        case Known(Routing.SIMPLE):
            yield Violation(
                record,
                f"{record.label} has a health check, but no routing policy.",
                effect=f"{_ANSWERS} DNS name must have alternate ResourceRecordSet responses "
                "configured via a routing policy (e.g., Weight, Region, etc.) if a health check "
                "is attached.",
                fix="Give the record a routing policy and a setIdentifier, or remove "
                "healthCheckId.",
            )
        case Unknown(why):
            yield Unverified(record, f"it has a health check, and its routing policy is {why}")


def _has_a_ttl(record: Resource) -> Iterator[Outcome]:
    if is_alias(record) is not False or not is_set(record.items("records")):
        return
    if record.items("records") == Known(()):
        missing = "neither records nor an alias"
    elif not is_set(record.number("ttl")):
        missing = "records, but no ttl"
    else:
        return
    yield Violation(
        record,
        f"{record.label} has {missing}.",
        effect="ChangeResourceRecordSets answers InvalidInput: Invalid request: Expected "
        "exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or "
        "TrafficPolicyInstanceId], but found none in Change with [...]",
        fix="Give the record a ttl (in seconds) and at least one value in records, or make it an "
        "alias.",
    )


def _is_below_its_zone(record: Resource, model: Model) -> Iterator[Outcome]:
    name, zone = full_name(model.stack, record), zone_name(model.stack, record)
    if not isinstance(name, Known) or not isinstance(zone, Known):
        return
    if not is_in_zone(name.value, zone.value):
        yield Violation(
            record,
            f"{record.label} has the name {name.value}, which is not in its zone {zone.value}.",
            effect=f"{_ANSWERS} RRSet with DNS name {name.value}. is not permitted in zone "
            f"{zone.value}.",
            fix=f"Name the record {zone.value} or something that ends with .{zone.value}, or set "
            "zoneId to the zone that the name belongs to.",
        )


def _is_no_apex_cname(record: Resource, model: Model) -> Iterator[Outcome]:
    if record.text("type") != Known("CNAME"):
        return
    if _is_at_the_apex(record, model):
        name = known_or_none(zone_name(model.stack, record)) or "the zone"
        yield Violation(
            record,
            f"{record.label} is a CNAME with the name of the zone itself.",
            effect=f"{_ANSWERS} RRSet of type CNAME with DNS name {name}. is not permitted at apex "
            f"in zone {name}.",
            fix="Make it an alias record of type A (and one of type AAAA), or move it to a "
            "subdomain.",
        )


def _is_at_the_apex(record: Resource, model: Model) -> bool:
    zone = zone_name(model.stack, record)
    if isinstance(zone, Known) and full_name(model.stack, record) == zone:
        return True
    return own_name(record) == Known("") and not record.is_native


def _is_born_with_the_zone(record: Resource, model: Model) -> Iterator[Outcome]:
    """Route 53 makes the NS and SOA records of a zone with the zone."""
    kind = known_or_none(record.text("type"))
    if kind not in _BORN_WITH_A_ZONE or not _is_at_the_apex(record, model):
        return
    if not may_overwrite(record, model):
        yield Violation(
            record,
            f"{record.label} is the {kind} record of the zone itself, which is created with the "
            "zone.",
            effect=BORN,
            fix="Set allowOverwrite of the record to true, or leave it out.",
            asked=Asked.AT_CREATION,
        )


def _multivalue_is_no_alias(record: Resource) -> Iterator[Outcome]:
    if routing(record) == Known(Routing.MULTIVALUE) and is_alias(record):
        yield Violation(
            record,
            f"{record.label} is an alias with a multivalue answer policy.",
            effect=f"{_ANSWERS} Multivalue answer rrset should not be an alias rrset. No "
            "changes made.",
            fix="Give the record values in records, or another routing policy.",
        )


def _name_servers_are_no_alias(record: Resource) -> Iterator[Outcome]:
    if _is_of_name_servers(record) and is_alias(record):
        yield Violation(
            record,
            f"{record.label} is an alias of the type NS.",
            effect=_ALIAS_OF_NAME_SERVERS,
            fix="List the name servers in records and set a ttl, or set type to A or AAAA.",
        )


def _is_of_name_servers(record: Resource) -> bool:
    return record.text("type") == Known("NS")


def _alias_is_in_its_zone(record: Resource, model: Model) -> Iterator[Outcome]:
    if _is_of_name_servers(record):
        return  # It can be no alias at all.
    match zone_of_target(model.stack, record):
        case Elsewhere(name, said, right, asked):
            yield Violation(
                record,
                f"{record.label} is an alias for {name} with the zoneId {said}, but {name} is in "
                f"{right}.",
                effect=f"{_ANSWERS} Tried to create an alias that targets {asked}., type "
                f"{known_or_none(record.text('type')) or 'A'} in zone {said}, but the alias target "
                "name does not lie within the target zone",
                fix="Take name and zoneId of the alias from the same resource.",
            )
        case Unknown(why):
            yield Unverified(
                record, why, "take name and zoneId of the alias from the same resource"
            )


def _alias_target_is_made(record: Resource, model: Model) -> Iterator[Outcome]:
    """Of a new zone the stack shows all records, unless it says that something else makes them."""
    pointed = own_zone_target(model.stack, record)
    kind = known_or_none(record.text("type"))
    if pointed is None or kind is None or kind in _BORN_WITH_A_ZONE:
        return
    zone, name = pointed
    if not zone.is_new or model.records.are_managed_at_once(Target(zone)):
        return
    if not model.records.may_have(zone, name, kind):
        yield Violation(
            record,
            f"{record.label} is an alias for {name} in its own zone, but no record in this stack "
            f"has that name and the type {kind}.",
            effect=f"{_ANSWERS} Tried to create an alias that targets {name}., type {kind} in zone "
            f"{zone.label}, but that target was not found",
            fix="Add the record that the alias points to, or point it to an existing one.",
            asked=Asked.AT_CREATION,
        )


_BORN_WITH_A_ZONE: Final = ("NS", "SOA")
"""The types of the records that Route 53 makes with a zone."""


def _open_questions(record: Resource, model: Model) -> Iterator[Unverified]:
    others = [each for each in model.records.of_name(record) if each is not record]
    if not others:
        return
    asked: dict[str, Reading[object]] = {
        "type": record.text("type"),
        "routing policy": routing(record),
    }
    for what, reading in asked.items():
        if isinstance(reading, Unknown):
            yield Unverified(
                record,
                f"whether it is valid beside {others[0].label}, which has the same name, is not "
                f"known: its {what} is {reading.why}",
            )


RECORD_SETS = StackRule(
    name="record-sets",
    title="DNS records that Route 53 accepts",
    description="A DNS record must be valid in its zone and beside the records of the same "
    "name: one routing policy for all, no CNAME beside others, no duplicates.",
    asked=Asked.ALWAYS,
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=_TAGS,
    evidence=(
        Evidence(
            effect="RRSet with DNS name www.example.com., type A, SetIdentifier s1 cannot be "
            "created as a non-weighted set exists with the same name and type.",
            source="https://github.com/badmintoncryer/cdk-preflight",
            date="2026-09-10",
        ),
        Evidence(
            effect="RRSet of type A with DNS name test_record.sl.internal. is not permitted "
            "because a conflicting RRSet of type CNAME with the same DNS name already exists in "
            "zone sl.internal.",
            source="https://github.com/hashicorp/terraform/issues/9732",
            date="2016-10-31",
        ),
        Evidence(
            effect=BORN,
            source="https://github.com/hashicorp/terraform-provider-aws/issues/8598",
            date="2026-11-27",
        ),
        Evidence(
            effect=_ALIAS_OF_NAME_SERVERS,
            source="https://github.com/badmintoncryer/cdk-preflight "
            "(pf-route53-alias-samezone-record-type)",
            date="2026-09-10",
        ),
        Evidence(
            effect="RRset for same type with Primary (or Sec) exists: the console, of a second "
            "record with the same failover type.",
            source="https://github.com/boto/boto3/issues/1347",
            date="2017-11-13",
        ),
    ),
    fix="Give all records of one name and type the same routing policy, each with a setIdentifier "
    "of its own.",
    in_doubt="give the records names, types and routing policies that are known before the "
    "deployment",
    kinds=(RECORD,),
    check=is_taken,
)
