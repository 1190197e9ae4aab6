"""Which resource of another region has the same part there, as far as names tell.

`orders-db-primary` and `orders-db-dr` are one database in two regions. A name is a hint, no proof:
it may word a fix and keep a rule silent; where a finding rests on it, the finding says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from .. import data_files
from ..plain import NamedTuple
from ..regions.zones import region_forms
from ..resource import Resource
from ..stack import Stack
from ..values import Unknown
from .homes import Homes

_WORD: Final = r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+"

_OTHERS: Final = ("primary", "places", "migrations", "colours")


class _Words(NamedTuple):
    standby: frozenset[str]
    reports: frozenset[str]
    any: frozenset[str]
    regions: re.Pattern[str]


@cache
def _words() -> _Words:
    read = data_files.read("role_words.json")
    standby = frozenset(data_files.texts(read, "standby"))
    others = (data_files.texts(read, each) for each in _OTHERS)
    forms = sorted({_spelled(each) for each in region_forms()}, key=len, reverse=True)
    regions = re.compile(rf"\b(?:{'|'.join(forms)}|region-(?:\d+|[ab]))\b")
    reports = frozenset(data_files.texts(read, "reports"))
    return _Words(standby, reports, standby.union(*others), regions)


def _spelled(name: str) -> str:
    """A name in one spelling, whichever the program uses: words in lower case, joined by `-`."""
    return "-".join(each.lower() for each in re.findall(_WORD, name))


@cache
def _parts(name: str) -> tuple[str, ...]:
    """The words of a name, without those of a region: `ordersDb-us-east-1` is orders and db."""
    bare = _words().regions.sub("", _spelled(name))
    return tuple(each for each in bare.split("-") if each)


def words(name: str) -> tuple[str, ...]:
    """The words of a name in lower case, without those of a region."""
    return _parts(name)


def stem(name: str) -> tuple[str, ...]:
    """A name without what tells one region's from another's: roles, regions, colours."""
    return tuple(each for each in _parts(name) if each not in _words().any)


def names_a_role(name: str) -> bool:
    """Whether a name has a word in it that tells one region's from another's: a region, a role."""
    return stem(name) != tuple(each for each in _spelled(name).split("-") if each)


def is_called_a_standby(resource: Resource) -> bool:
    """Whether the name says that it stands in: `-dr`, `Secondary`. That of a region says nothing:
    two regions may each serve their own people."""
    return not _words().standby.isdisjoint(_parts(resource.name))


def is_called_a_place_for_reports(resource: Resource) -> bool:
    """Whether the name says that it is there to be read: `-reporting`, `Analytics`. Whether it
    takes over as well, its name does not say."""
    return not _words().reports.isdisjoint(_parts(resource.name))


class Counterparts:
    """What has the same part in another region, by names."""

    def __init__(self, stack: Stack, homes: Homes) -> None:
        self._stack = stack
        self._homes = homes
        self._alike: dict[str, Mapping[tuple[str, ...], list[Resource]]] = {}

    def of(self, resource: Resource, region: str) -> Resource | None:
        """The resource of the region that is called like this one but for its role and region;
        None where there is none, or more than one."""
        found = list(self.candidates(resource, region))
        return found[0] if len(found) == 1 else None

    def candidates(self, resource: Resource, region: str) -> Iterator[Resource]:
        """All resources of the region that are called like this one, in the order of URNs."""
        for each in self._by_stem(resource.kind).get(stem(resource.name), ()):
            if self._may_be_one(each, resource) and self._homes.is_in(each, region):
                yield each

    def _may_be_one(self, one: Resource, other: Resource) -> bool:
        """Whether names say anything about the two: they are of one system."""
        return one is not other and self._stack.are_of_one_system(one, other)

    def certain(self, resource: Resource, region: str) -> Resource | None:
        """The same as `of`, however the regions that are not known turn out: None too where one
        more resource is called like this one and may be there."""
        alike = self._by_stem(resource.kind).get(stem(resource.name), ())
        found = [
            each
            for each in alike
            if self._may_be_one(each, resource)
            and (self._homes.is_in(each, region) or isinstance(self._homes.of(each), Unknown))
        ]
        return found[0] if len(found) == 1 and self._homes.is_in(found[0], region) else None

    def _by_stem(self, kind: str) -> Mapping[tuple[str, ...], list[Resource]]:
        if kind not in self._alike:
            index: dict[tuple[str, ...], list[Resource]] = {}
            for each in self._stack.of(kind):
                index.setdefault(stem(each.name), []).append(each)
            self._alike[kind] = index
        return self._alike[kind]
