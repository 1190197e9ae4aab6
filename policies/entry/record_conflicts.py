"""What Route 53 refuses among the records of one name.

Each conflict is told of one of its records; the others are its parties.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Final

from ..model import Model
from ..model.dns.record_sets import RecordSet
from ..model.dns.records import Routing, failover_role, full_name, is_alias, policy_value, routing
from ..model.resource import Resource
from ..model.values import Known, Unknown, known_or_none
from ..model.words import enumerated, listed
from ..rule import Asked, Violation

_GEOLOCATION = ("continent", "country", "subdivision")
_REFUSED_BESIDE = {
    Routing.FAILOVER: "because a non-failover RRSet with the same name and type already exists.",
    Routing.WEIGHTED: "as a non-weighted set exists with the same name and type.",
    Routing.LATENCY: "because a non-latency RRSet with the same name and type already exists.",
    Routing.GEOLOCATION: "because a non-GEO RRSet with the same name and type already exists.",
    Routing.MULTIVALUE: "because a non multivalue answer rrset exists with the same name and type.",
}
"""The end of AWS's answer, by the policy of the record that it refuses."""


def conflicts(record: Resource, model: Model) -> Iterator[Violation]:
    """The conflicts of the record with others of its name that are told of it."""
    of_name = model.records.of_name(record)
    if len(of_name) < 2:
        return
    yield from _with_a_cname(record, of_name, model)
    of_set = model.records.set_of(record)
    if of_set is not None and len(of_set.records) > 1:
        yield from _other_policies(record, of_set)
        yield from _made_twice(record, of_set, model)
        yield from _said_twice(record, of_set)
        yield from _other_ttls(record, of_set)


def has_conflict(record: Resource, model: Model) -> bool:
    """Whether the record has a part in a conflict among the records of its name."""
    return any(
        record is conflict.subject or record in conflict.parties
        for each in model.records.of_name(record)
        for conflict in conflicts(each, model)
    )


def _with_a_cname(
    record: Resource, of_name: Sequence[Resource], model: Model
) -> Iterator[Violation]:
    """A CNAME is the only record of its name. It is told of the first CNAME."""
    by_type: dict[str, list[Resource]] = {}
    for each in of_name:
        kind = each.text("type")
        if isinstance(kind, Known):
            by_type.setdefault(kind.value, []).append(each)
    cnames = by_type.pop("CNAME", [])
    if cnames[:1] != [record] or not by_type:
        return
    name = known_or_none(full_name(model.stack, record))
    yield Violation(
        record,
        f"{record.label} is a CNAME record of {name}, a name that also has records of other types:",
        chains=tuple((record.label, each.label, t) for t in by_type for each in by_type[t]),
        effect="ChangeResourceRecordSets answers InvalidChangeBatch: RRSet of type CNAME with DNS "
        f"name {name}. is not permitted as it conflicts with other records with the same DNS name",
        fix="Keep the CNAME as the only record of its name, or make it an alias record of the "
        "others' type.",
        parties=tuple(chain.from_iterable(by_type.values())),
    )


def _other_policies(record: Resource, of_set: RecordSet) -> Iterator[Violation]:
    """All records of a set have one routing policy. It is told of the odd ones: those without a
    policy, else those of the policy that the fewest have; never what another stack has already."""
    by_policy: dict[Routing, list[Resource]] = {}
    for each in of_set.records:
        policy = routing(each)
        if isinstance(policy, Known):
            by_policy.setdefault(policy.value, []).append(each)
    if len(by_policy) < 2:
        return
    there = {
        policy for policy, found in by_policy.items() if any(each.is_neighbour for each in found)
    }
    odd = min(
        by_policy,
        key=lambda p: (p in there, p is not Routing.SIMPLE, len(by_policy[p]), p.value),
    )
    if by_policy.pop(odd)[0] is not record:
        return
    others = tuple(chain.from_iterable(by_policy.values()))
    has = "has no routing policy" if odd is Routing.SIMPLE else f"is a {odd.value} record"
    yield Violation(
        record,
        f"{record.label} {has}, but there are {listed(sorted(each.value for each in by_policy))} "
        f"records of the same name and type ({of_set}):",
        chains=((record.label, enumerated([each.label for each in others])),),
        effect=_refused(
            of_set, *(_REFUSED_BESIDE[each] for each in by_policy if each in _REFUSED_BESIDE)
        ),
        fix="Remove it, or give all records of the name and type the same routing policy, each "
        "with its own setIdentifier. Records that exist must be deleted before their policy can "
        "change: Route 53 refuses to change them one at a time.",
        parties=others,
    )


def _made_twice(record: Resource, of_set: RecordSet, model: Model) -> Iterator[Violation]:
    """A name, type and setIdentifier can be created once."""
    mine = _identity(record)
    twin = next((each for each in of_set.before(record) if _identity(each) == mine), None)
    if mine is None or twin is None or may_overwrite(record, model) or may_overwrite(twin, model):
        return
    identifier = f", set identifier='{mine}'" if mine else ""
    yield Violation(
        record,
        f"{record.label} has the same name and type as {twin.label} ({of_set})"
        + (f", and the same setIdentifier, {mine}." if mine else "."),
        effect="ChangeResourceRecordSets answers InvalidChangeBatch: Tried to create resource "
        f"record set [name='{of_set.name}.', type='{of_set.type}'{identifier}] but it already "
        "exists",
        fix="Give each record of the name and type its own setIdentifier."
        if mine
        else "Remove one of the two, or give both a routing policy and their own setIdentifier.",
        asked=Asked.AT_CREATION,
        parties=(twin,),
    )


def _identity(record: Resource) -> str | None:
    """The setIdentifier, empty for a simple record; None where it is not known."""
    match routing(record), record.text("setIdentifier"):
        case Known(Routing.SIMPLE), _:
            return ""
        case Known(), Known(identifier):
            return identifier
    return None


def may_overwrite(record: Resource, model: Model) -> bool:
    """Whether the record may be sent with UPSERT, or something else manages all records of the
    zone."""
    if record.flag("allowOverwrite") != Known(False) and record.sets("allowOverwrite"):
        return True
    return model.records.are_managed_at_once(model.stack.reference(record, "zoneId"))


def _latency_region(record: Resource) -> str | None:
    return known_or_none(policy_value(record, "latencyRoutingPolicies", "region"))


def _location(record: Resource) -> str | None:
    """Continents and countries share codes: SA is South America and Saudi Arabia."""
    said = {name: policy_value(record, "geolocationRoutingPolicies", name) for name in _GEOLOCATION}
    if any(isinstance(each, Unknown) for each in said.values()):
        return None
    known = (f"{name} {each.value}" for name, each in said.items() if isinstance(each, Known))
    return ", ".join(known) or None


def _role(record: Resource) -> str | None:
    return known_or_none(failover_role(record))


_SAID: dict[str, tuple[Callable[[Resource], str | None], str | None]] = {
    "region": (
        _latency_region,
        "because a latency RRSet with the same name, type and region already exists.",
    ),
    "location": (
        _location,
        "because a GEO RRSet with the same name, type and routing to [...] already exists.",
    ),
    "failover type": (
        _role,
        None,
    ),
}


def _said_twice(record: Resource, of_set: RecordSet) -> Iterator[Violation]:
    """Two records of one set must not answer for the same region, location or role."""
    for what, (said, refusal) in _SAID.items():
        mine = said(record)
        twins = [each for each in of_set.before(record) if said(each) == mine]
        if mine is None or not twins or _identity(twins[0]) == _identity(record):
            continue  # Where the identifiers are one as well, that is told.
        yield Violation(
            record,
            f"{record.label} and {twins[0].label}, which have the same name and type ({of_set}), "
            f"have the same {what}: {mine}.",
            effect=_ONE_OF_EACH if refusal is None else _refused(of_set, refusal),
            fix=f"Give each record of the name and type its own {what}.",
            parties=(twins[0],),
        )


def _other_ttls(record: Resource, of_set: RecordSet) -> Iterator[Violation]:
    """Weighted records of one set have one ttl."""
    mine = _weighted_ttl(record)
    others = [each for each in of_set.before(record) if _weighted_ttl(each) not in (mine, None)]
    if mine is not None and others:
        yield Violation(
            record,
            f"{record.label} has a ttl of {mine:g} seconds, but {others[0].label}, which has the "
            f"same name and type ({of_set}), has one of {_weighted_ttl(others[0]):g}.",
            effect=_refused(of_set, "as weighted sets must contain the same TTL."),
            fix="Give all weighted records of the name and type the same ttl.",
            parties=(others[0],),
        )


def _weighted_ttl(record: Resource) -> float | None:
    is_weighted = routing(record) == Known(Routing.WEIGHTED) and is_alias(record) is False
    return known_or_none(record.number("ttl")) if is_weighted else None


def _refused(of_set: RecordSet, *because: str) -> str:
    """AWS's answer to the record that it is asked for last, as far as its words are known."""
    answers = "ChangeResourceRecordSets answers InvalidChangeBatch"
    if not because:
        return f"{answers}: a name and type have records of one routing policy."
    start = f"RRSet with DNS name {of_set.name}., type {of_set.type}, … cannot be created "
    return f"{answers}: {start}{' or '.join(sorted(because))}"


_ONE_OF_EACH: Final = (
    "ChangeResourceRecordSets answers InvalidChangeBatch: a name and type have one PRIMARY and one "
    "SECONDARY record."
)
