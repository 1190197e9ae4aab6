"""Plain values are told apart by their kind and their parts."""

from __future__ import annotations

import copy
import pickle
from typing import get_type_hints

import pytest

from policies.model.answers import CannotTell, No, Yes
from policies.model.plain import NamedTuple
from policies.model.references import OneOf, Outside
from policies.model.values import Absent, Known, Unknown


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Known(1), Known(1)),
        (Known([1]), copy.deepcopy(Known([1]))),
        (Absent(), Absent()),
        (Unknown(), Unknown("not known before the deployment")),
        (Yes(), Yes(())),
        (Outside("a", "the configuration"), Outside("a", "another stack")),
    ],
)
def test_what_has_the_same_parts_is_the_same(one: object, other: object) -> None:
    assert one == other
    assert repr(one).partition("(")[0] == repr(other).partition("(")[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Known(1), Known(2)),
        (Known(1), 1),
        (Yes(), No()),
        (Absent(), Yes()),
        (CannotTell("why"), Unknown("why")),
        (OneOf(()), Outside()),
    ],
)
def test_what_has_other_parts_or_is_of_another_kind_is_not(one: object, other: object) -> None:
    assert one != other


def test_they_are_found_again_in_a_set() -> None:
    assert len({Known("a"), Known("a"), Known("b"), Yes(("a",)), No(("a",))}) == 4


def test_they_say_what_they_are() -> None:
    assert repr(Known("a")) == "Known(value='a')"
    assert repr(Absent()) == "Absent()"


class _Place(NamedTuple):
    """Where something is."""

    region: str
    zone: str | None = None
    depth: int = 0

    @property
    def title(self) -> str:
        return f"{self.zone or self.region}"


def test_a_named_tuple_is_what_that_of_typing_is() -> None:
    place = _Place("eu-west-1", depth=2)
    assert (place.region, place.zone, place.depth) == tuple(place) == ("eu-west-1", None, 2)
    assert place._replace(zone="eu-west-1a").title == "eu-west-1a"
    assert repr(place) == "_Place(region='eu-west-1', zone=None, depth=2)"
    assert (_Place.__doc__, _Place.__module__) == ("Where something is.", __name__)
    with pytest.raises(TypeError):
        _Place()  # type: ignore[call-arg]
    match place:
        case _Place(region, zone):
            assert (region, zone) == ("eu-west-1", None)
        case _:
            pytest.fail("it does not match its own fields")


def test_a_named_tuple_is_copied_and_pickled_as_one() -> None:
    place = _Place("eu-west-1")
    assert pickle.loads(pickle.dumps(place)) == copy.deepcopy(place) == place
    assert get_type_hints(_Place)["zone"] == str | None
