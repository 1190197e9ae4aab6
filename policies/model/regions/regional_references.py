"""What a resource names in another region although AWS looks for it in the resource's own.

Which properties these are is data: policies/data/region_local_properties.json.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import Final

from .. import data_files, values
from ..arns import parse_arn
from ..places import (
    is_given_id,
    is_id_of_one_region,
    is_in_main_partition,
    is_region,
    region_of_arn,
)
from ..plain import NamedTuple
from ..references import ReferenceList, as_list, target
from ..resource import Resource
from ..stack import Stack
from ..values import UNKNOWN, Absent, Known, Reading, Tree, Unknown, known_or_none
from ..vocabulary import BUCKET, KMS_ALIAS, KMS_KEY, KMS_REPLICA_KEY
from .zones import is_known_region

FILE: Final = "region_local_properties.json"


class Row(NamedTuple):
    """A property by which AWS looks something up in one region, and the kinds that it names.

    The region is the resource's own, the one that `region` states, that of the resource which
    `region_of` names, or `only_region`, of the partition `aws`; `or_own_region` says that the
    resource's own passes too. `where` and `unless` tell when AWS reads the property at all, or so:
    `otherwise` is how it reads it else. Of the ARNs that it may hold, those of `arns_of` count (the
    services; empty means all), since others may be of any region. `json_key` is where the name is
    if the property holds JSON in a text.
    """

    path: str
    targets: tuple[str, ...]
    region: str | None = None
    region_of: str | None = None
    only_region: str | None = None
    or_own_region: bool = False
    where: tuple[tuple[str, str], ...] = ()
    unless: tuple[tuple[str, str], ...] = ()
    arns_of: tuple[str, ...] = ()
    json_key: str | None = None
    otherwise: Row | None = None

    @property
    def is_of_own_region(self) -> bool:
        return self.region is None and self.region_of is None and self.only_region is None


@cache
def local_properties() -> Mapping[str, Mapping[str, Row]]:
    """By type, the rows of its properties by their paths."""
    types = data_files.mapping(data_files.read(FILE).get("types"), "types")
    found: dict[str, Mapping[str, Row]] = {}
    for kind, said in types.items():
        properties = data_files.mapping(said, kind)
        found[kind] = {path: _row(path, properties) for path in properties}
    return found


def _row(path: str, properties: Mapping[str, object]) -> Row:
    """A list of targets, or an object that says more."""
    if isinstance(properties[path], list):
        return Row(path, data_files.texts(properties, path))
    return _said_row(path, data_files.mapping(properties[path], path))


def _said_row(path: str, said: Mapping[str, object]) -> Row:
    otherwise = data_files.mapping(said.get("otherwise", {}), path)
    return Row(
        path,
        data_files.texts(said, "targets"),
        region=data_files.optional_text(said, "region"),
        region_of=data_files.optional_text(said, "region_of"),
        only_region=data_files.optional_text(said, "only_region"),
        or_own_region=bool(data_files.optional_flag(said, "or_own_region")),
        where=_conditions(said, "where"),
        unless=_conditions(said, "unless"),
        arns_of=data_files.texts(said, "arns_of"),
        json_key=data_files.optional_text(said, "json_key"),
        otherwise=_said_row(path, {"targets": said["targets"], **otherwise}) if otherwise else None,
    )


def _conditions(said: Mapping[str, object], name: str) -> tuple[tuple[str, str], ...]:
    conditions = data_files.mapping(said.get(name, {}), name)
    return tuple((path, data_files.text(conditions, path)) for path in conditions)


class Abroad(NamedTuple):
    """A property that names something in another region: a resource of the stack, or an ARN.

    `looked_in` is the region in which AWS looks for it, `says` the property that tells this region
    where it is not simply the resource's own; `is_fixed` says that AWS looks in no other one,
    wherever the resource is."""

    path: str
    region: str
    what: Resource | str
    looked_in: str
    says: str | None = None
    is_fixed: bool = False

    @property
    def is_of_own_region(self) -> bool:
        """Whether AWS looks where the resource itself is."""
        return self.says is None and not self.is_fixed


class GivenId(NamedTuple):
    """An id that AWS gave out, the property that holds it, and the region in which AWS looks."""

    path: str
    id: str
    looked_in: str


class Found(NamedTuple):
    """What a resource names abroad for sure, and, as a clause, why there may be more; and the ids
    by which it names what is outside of the stack, wherever that is."""

    abroad: tuple[Abroad, ...] = ()
    doubt: str | None = None
    ids: tuple[GivenId, ...] = ()


class Twice(NamedTuple):
    """A property that names by its id, in the region `looked_in`, what `other` names in the region
    `elsewhere`: one of the two regions does not have it."""

    path: str
    id: str
    looked_in: str
    other: Resource
    elsewhere: str


class RegionalReferences:
    """Answers about the references of a stack that should stay within a region."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._read: dict[str, Found] = {}

    def of(self, resource: Resource) -> Found:
        """What the resource names abroad.

        What was itself made in the wrong place, since what it names is here, is left out: the fault
        is its own, not that of everything which names it."""
        return self._without_misplaced(self._all_of(resource))

    def by(self, resource: Resource, row: Row) -> Found:
        """What the resource names abroad by a property that the data do not list."""
        return self._without_misplaced(_Property(self._stack, resource, row).read())

    def twice(self, resource: Resource) -> Sequence[Twice]:
        """The ids that the resource names and another one names in another region. Of what names an
        id in one region, only the first is told of, and what names it first of all is not: nothing
        tells which of the regions is wrong."""
        return self._named_twice.get(resource.urn, ())

    @cached_property
    def _named_twice(self) -> Mapping[str, Sequence[Twice]]:
        places: dict[str, dict[str, tuple[Resource, str]]] = {}
        subjects = sorted(self._stack.of(*local_properties()), key=lambda each: each.precedence)
        for resource in subjects:
            for each in self._all_of(resource).ids:
                named_in = places.setdefault(each.id, {})
                named_in.setdefault(each.looked_in, (resource, each.path))
        found: dict[str, list[Twice]] = {}
        for text, named_in in places.items():
            (elsewhere, (first, _)), *others = named_in.items()
            for looked_in, (resource, path) in others:
                twice = Twice(path, text, looked_in, first, elsewhere)
                found.setdefault(resource.urn, []).append(twice)
        return found

    def _without_misplaced(self, found: Found) -> Found:
        abroad = tuple(each for each in found.abroad if not self._belongs_here(each))
        return Found(abroad, found.doubt)

    def _belongs_here(self, abroad: Abroad) -> bool:
        """Whether it is misplaced, and its place is where AWS looks for it."""
        return (
            isinstance(abroad.what, Resource)
            and abroad.what.urn in self._misplaced
            and any(each.region == abroad.looked_in for each in self._all_of(abroad.what).abroad)
        )

    @cached_property
    def _misplaced(self) -> frozenset[str]:
        """What was made in the wrong region: it names what is rightly in another one, and nothing
        that it names in its own is rightly there.

        Resources that name each other would define each other's places, so only what follows
        whichever way such a circle is read counts. Each round assumes less to be in doubt than the
        one before, until nothing changes; the order of the resources plays no part."""
        sure: frozenset[str] = frozenset()
        while True:
            possible = self._displaced_by(sure)
            more = self._displaced_by(possible)
            if more == sure:
                return sure
            sure = more

    def _displaced_by(self, misplaced: frozenset[str]) -> frozenset[str]:
        """What is misplaced if, of what is named abroad, these are."""
        found: set[str] = set()
        while True:
            more = {
                urn
                for urn, (abroad, at_home) in self._leaving.items()
                if urn not in found
                and any(_urn(there.what) not in misplaced for there in abroad)
                and all(_urn(here) in found for here in at_home)
            }
            if not more:
                return frozenset(found)
            found |= more

    @cached_property
    def _leaving(self) -> Mapping[str, tuple[Sequence[Abroad], Sequence[Resource | str]]]:
        """By URN, what the resources name abroad, and at home, that name anything abroad. Only the
        region in which a resource is itself tells of its place."""
        found: dict[str, tuple[Sequence[Abroad], Sequence[Resource | str]]] = {}
        for resource in self._stack.of(*local_properties()):
            abroad = self._all_of(resource).abroad
            if any(each.is_of_own_region for each in abroad):
                at_home = [here for each in self._properties(resource) for here in each.at_home()]
                found[resource.urn] = (abroad, at_home)
        return found

    def _properties(self, resource: Resource) -> Iterator[_Property]:
        for row in local_properties().get(resource.kind, {}).values():
            yield _Property(self._stack, resource, row)

    def _all_of(self, resource: Resource) -> Found:
        if resource.urn not in self._read:
            read = [each.read() for each in self._properties(resource)]
            self._read[resource.urn] = Found(
                tuple(abroad for found in read for abroad in found.abroad),
                next((found.doubt for found in read if found.doubt), None),
                tuple(each for found in read for each in found.ids),
            )
        return self._read[resource.urn]


def _urn(what: Resource | str) -> str:
    return what.urn if isinstance(what, Resource) else what


class _Property:
    """One property of one resource, and what it names of the row's kinds."""

    def __init__(self, stack: Stack, resource: Resource, row: Row) -> None:
        self._stack = stack
        self._resource = resource
        self._row = row
        self._path = row.path
        self._kinds = row.targets
        self._name, _, self._inner = row.path.partition(".")

    def read(self) -> Found:
        """What the property names abroad."""
        if self._resource.tree(self._name) is None:
            return Found()  # Most are: nothing else of the resource is decoded then.
        applies = self._applies()
        if applies is False:
            row = self._row.otherwise
            return Found() if row is None else _Property(self._stack, self._resource, row).read()
        named = self._named()
        hits = named.surely_hit(self._is_abroad)
        abroad = [found for hit in hits for found in self._hit(hit)]
        told = {hit.urn for hit in hits}
        unheard: str | None = None
        for text, looked_in in self._places:
            for found in self._of_text(text, looked_in, told):
                if isinstance(found, Abroad):
                    abroad.append(found)
                elif found != looked_in:
                    what = f"{found}, which its {self._path} names,"
                    unheard = f"whether {what} is a region is not known to this pack"
        doubts = [self._doubt(each) for each in named.possible if each.urn not in told]
        doubt = next((each for each in (*doubts, unheard) if each), None)
        if applies is None:
            conditions = " and ".join(f"{name} is {value}" for name, value in self._row.where)
            return Found((), doubt or (f"whether {conditions} is not known" if abroad else None))
        return Found(tuple(abroad), doubt, tuple(self._given_ids()))

    def at_home(self) -> Iterator[Resource | str]:
        """What the property surely names in the resource's own region."""
        if self._row.is_of_own_region and self._resource.tree(self._name) is not None:
            for each in self._named().certain:
                if self._shares_region(each) and self._is_meant(each):
                    yield each
            for text, looked_in in self._places:
                if looked_in is not None and region_of_arn(text) == looked_in:
                    yield text

    def _given_ids(self) -> Iterator[GivenId]:
        """The ids by which the property names what is outside of the stack."""
        if self._row.or_own_region:
            return
        for text, looked_in in self._places:
            if not looked_in or not is_id_of_one_region(text):
                continue
            if not self._stack.identified(text, *self._kinds):
                yield GivenId(self._path, text, looked_in)

    def _hit(self, hit: Resource) -> Iterator[Abroad]:
        looked_in = self._looked_in
        if isinstance(hit.region, Known) and looked_in:
            yield self._abroad(hit.region.value, hit, looked_in[0])

    def _of_text(self, text: str, looked_in: str | None, told: set[str]) -> Iterator[Abroad | str]:
        """What a known value names in another region than AWS looks in; the region alone where it
        is that one, or no region that the data know."""
        if looked_in is None or any(
            self._stack.is_named_by(each, text)
            for urn in told
            if (each := self._stack.get(urn)) is not None
        ):
            return
        if not self._row.is_of_own_region:
            named = self._stack.resolve(self._resource, self._name, Known(text), *self._kinds)
            other = target(named)
            if other is not None and isinstance(other.region, Known):
                there = other.region.value
                if (
                    there != looked_in
                    and self._shares_region(other) is not None
                    and not (self._row.or_own_region and other.region == self._resource.region)
                    and self._is_meant(other)
                    and not _replicas_of(other)
                ):
                    yield self._abroad(there, other, looked_in)
                return
        arn = parse_arn(text)
        region = region_of_arn(text)
        if self._row.only_region is not None and region and not is_in_main_partition(region):
            return
        if not region or not is_region(region):
            return  # A placeholder (arn:aws:acm:region:...) says no region.
        if self._row.arns_of and (arn is None or arn.service not in self._row.arns_of):
            return
        if region == looked_in or not is_known_region(region):
            yield region
        else:
            yield self._abroad(region, _without_account(text), looked_in)

    def _abroad(self, region: str, what: Resource | str, looked_in: str) -> Abroad:
        is_fixed = self._row.only_region is not None
        return Abroad(self._path, region, what, looked_in, self._says, is_fixed)

    # Where AWS looks.

    @property
    def _says(self) -> str | None:
        """The property that tells where AWS looks, unless that is the resource's own region."""
        return self._row.region or self._row.region_of

    @cached_property
    def _looked_in(self) -> tuple[str, ...] | None:
        """The regions in which AWS looks for what the property names; None where one of them is
        not known."""
        row, here = self._row, self._resource.region
        if row.only_region is not None:
            return (row.only_region,)
        if row.region_of is not None:
            owner = target(self._stack.reference(self._resource, row.region_of, BUCKET))
            said: Sequence[Reading[str]] = [owner.region if owner is not None else Unknown()]
        elif row.region is not None:
            stated = [values.text(each) for each in self._inside(row.region)]
            said = [here if isinstance(each, Absent) else each for each in stated]
        else:
            said = [here]
        known = [each.value for each in said if isinstance(each, Known)]
        return tuple(sorted(set(known))) if known and len(known) == len(said) else None

    @cached_property
    def _places(self) -> tuple[tuple[str, str | None], ...]:
        """What the property says, as far as it is known, each once and in order, with the region
        that AWS looks in."""
        region, block = self._row.region, self._path.rpartition(".")[0]
        if region is None or not block or region.rpartition(".")[0] != block:
            everywhere = self._looked_in
            place = everywhere[0] if everywhere and len(everywhere) == 1 else None
            return tuple((text, place) for text in sorted(self._texts))
        found: set[tuple[str, str | None]] = set()
        for each in self._inside(block):
            stated = values.text(values.field(each, region.rpartition(".")[2]))
            place = known_or_none(self._resource.region if isinstance(stated, Absent) else stated)
            for tree in values.inside([each], self._path.rpartition(".")[2]):
                said = values.text(tree)
                if isinstance(said, Known):
                    found.add((said.value, place))
        return tuple(sorted(found, key=str))

    def _inside(self, path: str) -> list[Tree]:
        """What the program says at a path. What AWS computes is no statement of the program's."""
        name = path.partition(".")[0]
        resource = self._resource
        asks = resource.tree if resource.declared is None else resource.declared_tree
        return values.inside([{name: asks(name)}], path)

    def _applies(self) -> bool | None:
        """Whether AWS reads the property at all; None where that is not known."""
        asked = [_is(wanted, self._inside(path)) for path, wanted in self._row.where]
        against = [_is(wanted, self._inside(path)) for path, wanted in self._row.unless]
        if False in asked or True in against:
            return False
        return None if None in (*asked, *against) else True

    # What it names.

    def _named(self) -> ReferenceList:
        stack, resource, name, kinds = self._stack, self._resource, self._name, self._kinds
        said = resource.text(name)
        if self._row.json_key is not None:
            inner = values.in_json(resource.tree(name), self._row.json_key)
            if isinstance(inner, Unknown):  # It comes from what it is made of.
                return as_list(stack.reference(resource, name, *kinds))
            return as_list(stack.resolve(resource, name, inner, *kinds))
        if not self._inner and isinstance(said, Known):
            return as_list(stack.reference(resource, name, *kinds))
        listed = stack.references(resource, name, *kinds, inner=self._inner or None)
        return ReferenceList() if isinstance(listed, Absent) else listed

    @cached_property
    def _texts(self) -> frozenset[str]:
        """What the property says, as far as it is known."""
        tree = self._resource.tree(self._name)
        if self._row.json_key is not None:
            readings = [values.in_json(tree, self._row.json_key)]
        else:
            readings = [
                values.text(each) for each in values.inside([{self._name: tree}], self._path)
            ]
        return frozenset(reading.value for reading in readings if isinstance(reading, Known))

    def _shares_region(self, other: Resource) -> bool | None:
        """Whether the other one is where AWS looks for it; None where that cannot be told."""
        if self._row.is_of_own_region:
            return other.shares_region_with(self._resource)
        if self._row.or_own_region and other.shares_region_with(self._resource):
            return True
        if self._looked_in is None or not isinstance(other.region, Known):
            return None
        if self._row.only_region is not None and not is_in_main_partition(other.region.value):
            return True  # Which region it must be in there is not known, and nothing is said of it.
        return other.region.value in self._looked_in

    def _is_abroad(self, other: Resource) -> bool:
        return (
            self._shares_region(other) is False
            and self._is_meant(other)
            and not _replicas_of(other)
        )

    def _is_meant(self, other: Resource) -> bool:
        """Whether it is this resource that the property names, and not one that has its name.

        Names are unique within a region only, so an equal one proves nothing: the value must come
        from the resource, or be an id or ARN that AWS gave out. The name of a bucket is unique."""
        comes_from_it = other.urn in (self._resource.depends_on(self._name) or ()) or (
            not self._inner
            and other in self._stack.sources(self._resource, self._name, self._kinds)
        )
        unique = any(
            (other.kind == BUCKET or is_given_id(text) or region_of_arn(text))
            and self._stack.is_named_by(other, text)
            for text in self._texts
        )
        return unique or (comes_from_it and not self._has_namesake(other))

    def _has_namesake(self, other: Resource) -> bool:
        """Whether the region that AWS looks in has, or may have, something of the same name."""
        find = self._stack.called if self._goes_by_name(other) else self._stack.identified
        alike = [each for name in self._names_of(other) for each in find(name, *self._kinds)]
        if self._takes_a_name:
            alike += self._stack.unnamed(*self._kinds)
        return any(each is not other and self._shares_region(each) is not False for each in alike)

    @cached_property
    def _takes_a_name(self) -> bool:
        return re.fullmatch(_NAMES, self._path.rpartition(".")[2]) is not None

    def _goes_by_name(self, other: Resource) -> bool:
        return self._takes_a_name or other.kind == KMS_ALIAS

    def _names_of(self, other: Resource) -> frozenset[str]:
        """What a value of this property may be if it names that resource."""
        name = other.text("name") if self._goes_by_name(other) else Absent()
        return other.identifiers | ({name.value} if isinstance(name, Known) else set())

    def _doubt(self, other: Resource) -> str | None:
        """Why the property may name this resource, and wrongly; None where it does not."""
        shares = self._shares_region(other)
        if shares or not self._is_meant(other):
            return None
        if shares is None:
            if self._row.is_of_own_region:
                return f"whether {other.label} is in its region is not known"
            if self._row.only_region is not None:
                return f"whether {other.label} is in {self._row.only_region} is not known"
            return f"whether {other.label} is in the region of its {self._says} is not known"
        replicas = _replicas_of(other)
        if replicas:
            return f"its {self._path} may name a replica of {other.label}, {replicas}"
        return f"which of several resources its {self._path} names is not known"


_NAMES: Final = r"\w*[nN]ames?|function|rule"
"""Properties that take the name of a thing, which may be that of another thing elsewhere."""

_TABLE: Final = "aws:dynamodb/table:Table"
_SECRET: Final = "aws:secretsmanager/secret:Secret"


def _replicas_of(other: Resource) -> str | None:
    """What it is, where a value that comes from it may name its copy in another region: a
    multi-Region key has one id in all its regions, and programs change the region in its ARN; a
    table has an ARN and a stream in each region of its replicas."""
    if other.kind == KMS_REPLICA_KEY or (
        other.kind == KMS_KEY and other.flag("multiRegion") not in (Absent(), Known(False))
    ):
        return "a multi-Region key"
    if other.kind == _TABLE and other.sets("replicas"):
        return "a global table"
    if other.kind == _SECRET and other.sets("replicas"):
        return "a secret with replicas"
    return None


def _is(wanted: str, said: Sequence[Tree]) -> bool | None:
    """Whether one of the values is the wanted one; None where that is not known."""
    if any(str(each).lower() == wanted.lower() for each in said):
        return True
    return None if UNKNOWN in said else False


def _without_account(arn: str) -> str:
    """`arn:aws:acm:us-east-1:...`: enough to find it by, and nobody's account in a log."""
    return ":".join((*arn.split(":")[:4], "..."))
