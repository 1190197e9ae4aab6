"""What a list of references certainly holds, where its dependencies are a superset."""

from __future__ import annotations

import sys
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.model.references import Outside, ReferenceList
from policies.model.resource import Resource

_TYPE = "aws:ec2/subnet:Subnet"


def _subnet(name: str) -> Resource:
    """A subnet whose zone is the first letter of its name."""
    return Resource(urn=f"urn:pulumi:dev::test::{_TYPE}::{name}", type=_TYPE, name=name, actual={})


def _subnets(names: str) -> tuple[Resource, ...]:
    return tuple(map(_subnet, names.split()))


def _one_zone(one: Resource, other: Resource) -> bool:
    return one.name[0] == other.name[0]


def _two_zones(one: Resource, other: Resource) -> bool:
    return one.name[0] != other.name[0]


def _names(resources: tuple[Resource, ...]) -> str:
    return " ".join(each.name for each in resources)


@pytest.mark.parametrize(
    ("certain", "pool", "places", "strangers", "clashing"),
    [
        pytest.param("a1 b1", "", 0, 0, "", id="all known, and none clashes"),
        pytest.param("a1 a2 b1", "", 0, 0, "a1 a2", id="all known"),
        pytest.param("a1 a2", "b1 c1", 1, 0, "a1 a2", id="known, whatever else is chosen"),
        pytest.param("", "a1 a2 b1 b2", 2, 0, "", id="one of each zone may be chosen"),
        pytest.param("", "a1 a2 b1 b2", 3, 0, "a1 a2 b1 b2", id="three of two zones"),
        pytest.param("", "a1 a2 b1 c1", 3, 0, "", id="the pair may be left out"),
        pytest.param("a1", "a2 b1", 1, 0, "", id="the other zone may be chosen"),
        pytest.param("a1", "a2 a3", 1, 0, "a1 a2 a3", id="each of the pool clashes"),
        pytest.param("a1", "a2 a3", 1, 1, "", id="a stranger may be chosen"),
        pytest.param("", "a1 a2 b1 b2", 4, 1, "a1 a2 b1 b2", id="a stranger is not enough"),
        pytest.param("", "a1 a2", 2, sys.maxsize, "", id="another stack's outputs"),
        pytest.param("", "a1 a2", None, 0, "", id="of unknown length: it may be one"),
        pytest.param("", "", 0, 0, "", id="empty"),
    ],
)
def test_two_of_a_list_clash(
    certain: str, pool: str, places: int | None, strangers: int, clashing: str
) -> None:
    named = ReferenceList(_subnets(certain), _subnets(pool), places, strangers=strangers)
    assert _names(named.surely_clashing(_one_zone)) == clashing


def test_members_of_two_kinds_are_certain_where_no_choice_is_of_one() -> None:
    pool = _subnets("a1 a2 b1")
    assert not ReferenceList(pool=pool, places=2).surely_clashing(_two_zones)
    assert ReferenceList(pool=pool[1:], places=2).surely_clashing(_two_zones) == pool[1:]


def test_what_is_outside_takes_no_place_of_a_candidate() -> None:
    named = ReferenceList(_subnets("a1 a2"), outside=(Outside("subnet-1"),))
    assert _names(named.surely_clashing(_one_zone)) == "a1 a2"


_NAMES = st.sets(st.sampled_from([f"{zone}{n}" for zone in "abc" for n in "123"]), max_size=7)


@given(_NAMES, st.integers(0, 3), st.integers(1, 4), st.integers(0, 2), st.booleans())
def test_a_clash_is_certain_if_and_only_if_each_choice_has_one(
    names: set[str], fixed: int, places: int, strangers: int, by_zone: bool
) -> None:
    clash = _one_zone if by_zone else _two_zones
    members = [_subnet(each) for each in sorted(names)]
    certain, pool = members[:fixed], members[fixed:]
    candidates = [*pool, *[None] * strangers]
    places = min(places, len(candidates))
    choices = [[*certain, *filter(None, each)] for each in combinations(candidates, places)]
    expected = all(any(clash(*pair) for pair in combinations(each, 2)) for each in choices)
    named = ReferenceList(tuple(certain), tuple(pool), places, strangers=strangers)
    assert bool(named.surely_clashing(clash)) is expected
