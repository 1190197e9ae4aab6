"""Which records of Route 53 belong together: those of one zone and name, and failover pairs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from ..plain import NamedTuple
from ..references import Outside, Reference, ReferenceIndex, Target, same, target
from ..resource import Resource
from ..stack import Stack
from ..truth import Truth, every
from ..twins import before
from ..values import Absent, Known, Reading
from ..vocabulary import RECORD, RECORDS_EXCLUSIVE
from .records import expanded, failover_role, full_name, own_name, zone_name
from .zone_names import normalise


class RecordSet(NamedTuple):
    """The records of one zone, name and type, in the order of their URNs. The name is full, in one
    form and without a last dot."""

    name: str
    type: str
    records: tuple[Resource, ...]

    def __str__(self) -> str:
        return f"{self.name} {self.type}"

    def before(self, record: Resource) -> Sequence[Resource]:
        """The records that come first: of a pair one is before the other."""
        return before(record, self.records)


class Records:
    """The records of a stack, by their zones and names."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    @cached_property
    def _failover(self) -> Sequence[Resource]:
        """The records that have, or may have, a part in a failover."""
        return [
            each for each in self._stack.of(RECORD) if not isinstance(failover_role(each), Absent)
        ]

    @cached_property
    def _by_zone(self) -> ReferenceIndex[Resource]:
        homes = ((self._stack.reference(each, "zoneId"), each) for each in self._failover)
        # aws-native names the zone by its name, if it likes: that may be any.
        return ReferenceIndex(
            (Outside() if isinstance(home, Absent) else home, each) for home, each in homes
        )

    def beside(self, record: Resource) -> Iterator[Resource]:
        """The other failover records that may be in the record's zone."""
        zone = target(self._stack.reference(record, "zoneId"))
        found = self._failover if zone is None else [r for r, _ in self._by_zone.of(zone)]
        return (each for each in found if each is not record)

    @cached_property
    def _by_name(self) -> Mapping[tuple[str, str], Sequence[Resource]]:
        found: dict[tuple[str, str], list[Resource]] = {}
        for record in self._stack.of(RECORD):
            place = self._place(record)
            if place is not None:
                found.setdefault(place, []).append(record)
        return found

    def of_name(self, record: Resource) -> Sequence[Resource]:
        """The records that certainly have the record's zone and name, itself among them, in the
        order of their URNs; empty where zone or name is not known."""
        place = self._place(record)
        return self._by_name.get(place, ()) if place is not None else ()

    def set_of(self, record: Resource) -> RecordSet | None:
        """The records that certainly have the record's zone, name and type, itself among them;
        None where one of these is not known."""
        name, kind = full_name(self._stack, record), record.text("type")
        of_name = self.of_name(record)
        if not of_name or not isinstance(name, Known) or not isinstance(kind, Known):
            return None
        records = tuple(each for each in of_name if each.text("type") == kind)
        return RecordSet(name.value, kind.value, records)

    def may_have(self, zone: Resource, name: str, kind: str) -> bool:
        """Whether a record of the stack is, or may be, in the zone with this full name and of this
        type, or a CNAME; a wildcard stands for the names below its own."""
        return any(
            self._may_be(record, zone, name) and _may_be_of_type(record, kind, "CNAME")
            for record in self._stack.of(RECORD)
        )

    def are_managed_at_once(self, zone: Reference) -> bool:
        """Whether a RecordsExclusive says, or may say, all records of the zone."""
        return any(
            same(zone, self._stack.reference(each, "zoneId")) is not False
            for each in self._stack.of(RECORDS_EXCLUSIVE)
        )

    def _may_be(self, record: Resource, zone: Resource, name: str) -> bool:
        home = self._stack.reference(record, "zoneId")
        full = full_name(self._stack, record)
        if isinstance(home, Target) and home.resource is not zone:
            return False
        if not isinstance(home, Target) or not isinstance(full, Known):
            return True
        first, _, below = full.value.partition(".")
        is_wildcard = first in ("*", "\\052") and name.endswith(f".{below}")
        return full.value == name or is_wildcard

    def _place(self, record: Resource) -> tuple[str, str] | None:
        """The record's zone and name, so that equal ones are equal."""
        name, zone = full_name(self._stack, record), zone_of(self._stack, record)
        return (zone, name.value) if zone is not None and isinstance(name, Known) else None


def zone_of(stack: Stack, record: Resource) -> str | None:
    """What tells the record's zone from others: the URN of the zone, its id where another stack
    has made it, or its name where the program gives that; None where it is not known."""
    match stack.reference(record, "zoneId"):
        case Outside(str(literal)):
            return literal.removeprefix("/hostedzone/")
        case Absent():
            said = record.text("hostedZoneName")
            return f"{normalise(said.value)}." if isinstance(said, Known) else None
        case home:
            zone = target(home)
            return None if zone is None else zone.urn


def are_of_one_set(stack: Stack, one: Resource, other: Resource) -> Truth:
    """Whether two records have the same zone, name and type."""
    answers = _same_zone(stack, one, other), _same_name(stack, one, other), _same_type(one, other)
    return every(map(Truth.of, answers))


def _same_zone(stack: Stack, one: Resource, other: Resource) -> bool | None:
    homes = [stack.reference(each, "zoneId") for each in (one, other)]
    if all(isinstance(home, Absent) for home in homes):
        # aws-native names the zone by its name, if it likes.
        names = [each.text("hostedZoneName") for each in (one, other)]
        return _equal(*(Known(normalise(n.value)) if isinstance(n, Known) else n for n in names))
    return same(*homes)


def _same_type(one: Resource, other: Resource) -> bool | None:
    return _equal(one.text("type"), other.text("type"))


def _same_name(stack: Stack, one: Resource, other: Resource) -> bool | None:
    """Of two records in one zone."""
    said, also = own_name(one), own_name(other)
    if not isinstance(said, Known) or not isinstance(also, Known):
        return None
    if said == also:
        return True
    zone = zone_name(stack, one)
    if isinstance(zone, Known):
        full = expanded(one, said.value, zone.value), expanded(other, also.value, zone.value)
        return full[0] == full[1]
    shorter, longer = sorted((said.value, also.value), key=len)
    # The longer one may be the shorter one with the zone's name, whatever that is.
    return None if not shorter or longer.startswith(f"{shorter}.") else False


def _may_be_of_type(record: Resource, *kinds: str) -> bool:
    said = record.text("type")
    return said.value in kinds if isinstance(said, Known) else True


def _equal(one: Reading[str], other: Reading[str]) -> bool | None:
    if isinstance(one, Known) and isinstance(other, Known):
        return one == other
    return None
