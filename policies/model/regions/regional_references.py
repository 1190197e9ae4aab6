"""What a resource names in another region although AWS looks for it in the resource's own.

Which properties these are is data: policies/data/region_local_properties.json.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from typing import Final, NamedTuple

from .. import data_files, values
from ..places import is_given_id, region_of_arn
from ..references import ReferenceList, as_list
from ..resource import Resource
from ..stack import Stack
from ..values import Absent, Known, known_or_none
from ..vocabulary import KMS_ALIAS, KMS_KEY, KMS_REPLICA_KEY

FILE: Final = "region_local_properties.json"


@cache
def local_properties() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """By type, the paths of the properties that name resources of the same region, with the types
    that they name."""
    types = data_files.mapping(data_files.read(FILE).get("types"), "types")
    found: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for kind, said in types.items():
        properties = data_files.mapping(said, kind)
        found[kind] = {path: data_files.texts(properties, path) for path in properties}
    return found


class Abroad(NamedTuple):
    """A property that names something in another region: a resource of the stack, or an ARN."""

    path: str
    region: str
    what: Resource | str


class Found(NamedTuple):
    """What a resource names abroad for sure, and, as a clause, why there may be more."""

    abroad: tuple[Abroad, ...] = ()
    doubt: str | None = None


class RegionalReferences:
    """Answers about the references of a stack that should stay within a region."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._read: dict[str, Found] = {}

    def of(self, resource: Resource) -> Found:
        """What the resource names abroad.

        What was itself made in the wrong place, since what it names is here, is left out: the fault
        is its own, not that of everything which names it."""
        found = self._all_of(resource)
        return Found(
            tuple(each for each in found.abroad if not self._belongs(each.what, resource)),
            found.doubt,
        )

    def _belongs(self, what: Resource | str, here: Resource) -> bool:
        """Whether something abroad names things of the region that it is named from."""
        return isinstance(what, Resource) and any(
            Known(each.region) == here.region for each in self._all_of(what).abroad
        )

    def _all_of(self, resource: Resource) -> Found:
        if resource.urn not in self._read:
            properties = local_properties().get(resource.kind, {})
            read = [_Property(self._stack, resource, *each).read() for each in properties.items()]
            self._read[resource.urn] = Found(
                tuple(abroad for found in read for abroad in found.abroad),
                next((found.doubt for found in read if found.doubt), None),
            )
        return self._read[resource.urn]


class _Property:
    """One property of one resource, and what it names of these kinds."""

    def __init__(self, stack: Stack, resource: Resource, path: str, kinds: tuple[str, ...]) -> None:
        self._stack = stack
        self._resource = resource
        self._path = path
        self._kinds = kinds
        self._name, _, self._inner = path.partition(".")

    def read(self) -> Found:
        named = self._named()
        hits = named.surely_hit(self._is_abroad)
        abroad = [
            Abroad(self._path, hit.region.value, hit)
            for hit in hits
            if isinstance(hit.region, Known)
        ]
        for text in sorted(self._texts):
            if any(self._stack.is_named_by(hit, text) for hit in hits):
                continue
            region = region_of_arn(text)
            here = known_or_none(self._resource.region)
            if region and here and region != here:
                abroad.append(Abroad(self._path, region, _without_account(text)))
        doubts = (self._doubt(each) for each in named.possible if each not in hits)
        return Found(tuple(abroad), next((doubt for doubt in doubts if doubt), None))

    def _named(self) -> ReferenceList:
        stack, resource, name, kinds = self._stack, self._resource, self._name, self._kinds
        if not self._inner and isinstance(resource.text(name), Known):
            return as_list(stack.reference(resource, name, *kinds))
        listed = stack.references(resource, name, *kinds, inner=self._inner or None)
        return ReferenceList() if isinstance(listed, Absent) else listed

    @cached_property
    def _texts(self) -> frozenset[str]:
        """What the property says, as far as it is known."""
        whole = {self._name: self._resource.tree(self._name)}
        readings = (values.text(each) for each in values.inside([whole], self._path))
        return frozenset(reading.value for reading in readings if isinstance(reading, Known))

    def _is_abroad(self, other: Resource) -> bool:
        return (
            other.shares_region_with(self._resource) is False
            and self._is_meant(other)
            and not _may_be_a_replica(other)
        )

    def _is_meant(self, other: Resource) -> bool:
        """Whether it is this resource that the property names, and not one that has its name.

        Names are unique within a region only, so an equal one proves nothing: the value must come
        from the resource, or be an id or ARN that AWS gave out."""
        comes_from_it = other.urn in (self._resource.depends_on(self._name) or ()) or (
            not self._inner
            and other in self._stack.sources(self._resource, self._name, self._kinds)
        )
        unique = any(
            (is_given_id(text) or region_of_arn(text)) and self._stack.is_named_by(other, text)
            for text in self._texts
        )
        return unique or (comes_from_it and not self._has_namesake(other))

    def _has_namesake(self, other: Resource) -> bool:
        names = self._names_of(other)
        return any(
            each is not other
            and names & self._names_of(each)
            and each.shares_region_with(self._resource) is not False
            for each in self._stack.of(*self._kinds)
        )

    def _names_of(self, other: Resource) -> frozenset[str]:
        """What a value of this property may be if it names that resource."""
        goes_by_name = self._path.lower().endswith("name") or other.kind == KMS_ALIAS
        name = other.text("name") if goes_by_name else Absent()
        return other.identifiers | ({name.value} if isinstance(name, Known) else set())

    def _doubt(self, other: Resource) -> str | None:
        """Why the property may name this resource, and wrongly; None where it does not."""
        shares = other.shares_region_with(self._resource)
        if shares or not self._is_meant(other):
            return None
        if shares is None:
            return f"whether {other.label} is in its region is not known"
        if _may_be_a_replica(other):
            return f"its {self._path} may name a replica of {other.label}, a multi-Region key"
        return f"which of several resources its {self._path} names is not known"


def _may_be_a_replica(other: Resource) -> bool:
    """Whether a value that comes from it may name the same key elsewhere: a multi-Region key has
    one id in all its regions, and programs change the region in its ARN."""
    if other.kind == KMS_REPLICA_KEY:
        return True
    return other.kind == KMS_KEY and other.flag("multiRegion") not in (Absent(), Known(False))


def _without_account(arn: str) -> str:
    """`arn:aws:acm:us-east-1:...`: enough to find it by, and nobody's account in a log."""
    return ":".join((*arn.split(":")[:4], "..."))
