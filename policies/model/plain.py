"""Classes of plain values that are quick to define: the pack defines all of them at every start,
where what `typing`, `collections` and `dataclasses` have for it would be a third of all that it
does."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable
from functools import cache
from operator import attrgetter
from types import FunctionType
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

__all__ = ["NamedTuple", "Plain", "Record"]

_Own = TypeVar("_Own", bound="Record")


def _shown(value: object, fields: Iterable[str]) -> str:
    parts = ", ".join(f"{field}={getattr(value, field)!r}" for field in fields)
    return f"{type(value).__qualname__}({parts})"


if TYPE_CHECKING:
    from typing import NamedTuple  # noqa: TID251

    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_: object) -> Callable[[type], type]:
        """Tell type checkers alone."""
        return lambda described: described

    class _Named(tuple):
        """What named tuples do by the names of their fields."""

        __slots__ = ()

        def _replace(self, **changed: object) -> _Named:
            parts = [
                changed.pop(field, part) for field, part in zip(self._fields, self, strict=True)
            ]
            if changed:
                raise ValueError(f"Got unexpected field names: {list(changed)!r}")
            return tuple.__new__(type(self), parts)

        def _asdict(self) -> dict[str, object]:
            return dict(zip(self._fields, self, strict=True))

        def __getnewargs__(self) -> tuple[object, ...]:
            return tuple(self)

        def __repr__(self) -> str:
            return _shown(self, self._fields)

    @cache
    def _shape(length: int) -> type:
        """A named tuple of so many fields, whatever they are called."""
        return namedtuple("_Shape", [f"part_{place}" for place in range(length)])

    class _Defining(type):
        def __new__(cls, name: str, _: object, body: dict[str, Any]) -> type:
            """Return the class of named tuples that `body` describes.

            `typing` would compile each annotation, which nobody reads while the pack runs, and
            `collections` a constructor: here that of another class with as many fields is taken,
            and the fields' names put in."""
            fields = tuple(body.get("__annotations__", ()))
            shape = _shape(len(fields))
            made = shape.__new__
            names = made.__code__.replace(co_varnames=("_cls", *fields))
            defaults = tuple(body[field] for field in fields if field in body)
            body["__new__"] = FunctionType(names, made.__globals__, "__new__", defaults)
            body["__new__"].__qualname__ = f"{name}.__new__"
            body["__slots__"] = ()
            body["__match_args__"] = body["_fields"] = fields
            body.update(zip(fields, (vars(shape)[part] for part in shape._fields), strict=True))
            return type(name, (_Named,), body)

    NamedTuple = type.__new__(_Defining, "NamedTuple", (), {})


class Plain:
    """Compared, hashed and shown by the attributes that `__match_args__` lists, which never change.

    That is what a frozen dataclass is, too; but to define one takes as long as to import three
    modules, and the pack defines all of them at every start."""

    __match_args__: tuple[str, ...] = ()
    __slots__ = ()

    _parts: ClassVar[Callable[[Any], object]] = staticmethod(lambda _: ())
    """What is compared: these values are compared more often than anything else is done to them."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.__match_args__ and "_parts" not in vars(cls):
            cls._parts = attrgetter(*cls.__match_args__)

    def __eq__(self, other: object) -> bool:
        kind = type(self)
        return type(other) is kind and bool(kind._parts(self) == kind._parts(other))

    def __hash__(self) -> int:
        return hash((type(self), type(self)._parts(self)))

    def __repr__(self) -> str:
        return _shown(self, self.__match_args__)


@dataclass_transform(eq_default=False, kw_only_default=True, frozen_default=True)
class Record:
    """Made of attributes that are given by name and never change; equal to itself alone.

    A subclass annotates its attributes, and gives those a value that need not be given. A
    `TypeError` names what was not given or is none of its attributes."""

    _fields: ClassVar[tuple[str, ...]] = ()
    _known: ClassVar[frozenset[str]] = frozenset()
    _needed: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        annotated = vars(cls).get("__annotations__", {})
        own = (name for name, said in annotated.items() if not said.startswith("ClassVar["))
        cls._fields = (*cls._fields, *own)
        cls._known = frozenset(cls._fields)
        cls._needed = frozenset(name for name in cls._fields if not hasattr(cls, name))

    def __init__(self, **given: object) -> None:
        if not given.keys() >= self._needed:
            missing = ", ".join(sorted(self._needed - given.keys()))
            raise TypeError(f"{type(self).__qualname__} is made without {missing}")
        if not given.keys() <= self._known:
            unknown = ", ".join(sorted(given.keys() - self._known))
            raise TypeError(f"{type(self).__qualname__} has no {unknown}")
        self.__dict__.update(given)

    def __setattr__(self, name: str, _: object) -> None:
        raise AttributeError(f"{name} of a {type(self).__qualname__} cannot be changed")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{name} of a {type(self).__qualname__} cannot be removed")

    def __repr__(self) -> str:
        return _shown(self, self._fields)

    def _replace(self: _Own, **changed: object) -> _Own:
        """The same, but for what is given here."""
        return type(self)(**{name: getattr(self, name) for name in self._fields} | changed)
