"""Plain values are told apart by their kind and their parts."""

from __future__ import annotations

import copy
import pickle
from typing import Any, ClassVar, get_type_hints

import pytest

from policies.model.answers import CannotTell, No, Yes
from policies.model.plain import NamedTuple, Record
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

    @classmethod
    def of(cls, region: str) -> _Place:
        return cls(region, f"{region}a")


def test_a_named_tuple_is_what_that_of_typing_is() -> None:
    place = _Place("eu-west-1", depth=2)
    assert (place.region, place.zone, place.depth) == tuple(place) == ("eu-west-1", None, 2)
    assert place._replace(zone="eu-west-1a").title == "eu-west-1a"
    assert repr(place) == "_Place(region='eu-west-1', zone=None, depth=2)"
    assert (_Place.__doc__, _Place.__module__) == ("Where something is.", __name__)
    with pytest.raises(TypeError, match=r"_Place.__new__\(\) missing .* 'region'"):
        _Place()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="town"):
        _Place("eu-west-1", town="Dublin")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="town"):
        place._replace(town="Dublin")  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        place.depth = 3  # type: ignore[misc]
    match place:
        case _Place(region, zone):
            assert (region, zone) == ("eu-west-1", None)
        case _:
            pytest.fail("it does not match its own fields")


def test_a_named_tuple_is_copied_and_pickled_as_one() -> None:
    place = _Place("eu-west-1")
    assert pickle.loads(pickle.dumps(place)) == copy.deepcopy(place) == place
    assert get_type_hints(_Place)["zone"] == str | None


def test_a_named_tuple_has_the_methods_of_its_own_class() -> None:
    assert _Place("eu-west-1")._asdict() == {"region": "eu-west-1", "zone": None, "depth": 0}
    assert _Place.of("eu-west-1") == _Place("eu-west-1", "eu-west-1a")
    assert _Place("eu-west-1").title == "eu-west-1"


class _Part(Record):
    """A part of a stack."""

    made: ClassVar[int] = 0
    name: str
    parents: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"{self.name} of {', '.join(self.parents)}"


class _Database(_Part):
    """A part that has an engine."""

    engine: str


def test_a_record_has_what_it_is_given_and_what_its_class_says() -> None:
    part = _Database(name="orders", engine="aurora-mysql")
    assert (part.name, part.parents, part.engine, part.made) == ("orders", (), "aurora-mysql", 0)
    assert repr(part) == "_Database(name='orders', parents=(), engine='aurora-mysql')"


def test_a_record_is_another_than_its_like() -> None:
    part = _Part(name="orders")
    assert part != _Part(name="orders")
    assert len({part, part, _Part(name="orders")}) == 2


def test_a_record_is_replaced_and_not_changed() -> None:
    part = _Database(name="orders", engine="aurora-mysql")
    assert part._replace(parents=("site",)).title == "orders of site"
    assert part.parents == ()
    unsafe: Any = part
    with pytest.raises(AttributeError, match="name of a _Database cannot be changed"):
        unsafe.name = "payments"
    with pytest.raises(AttributeError, match="name of a _Database cannot be removed"):
        del unsafe.name
    with pytest.raises(TypeError, match="_Database has no made"):
        part._replace(made=1)


def test_a_record_wants_what_its_class_leaves_open_and_nothing_else() -> None:
    kind: Any = _Database
    with pytest.raises(TypeError, match="_Database is made without engine, name"):
        kind(parents=())
    with pytest.raises(TypeError, match="_Database has no region"):
        kind(name="orders", engine="aurora-mysql", region="eu-west-1")
