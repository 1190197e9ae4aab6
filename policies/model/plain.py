"""Values that are what their parts are, and quick to define: the pack defines all of them at every
start, where what `typing` and `dataclasses` have for it would be a third of all that it does."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar

__all__ = ["NamedTuple", "Plain"]

if TYPE_CHECKING:
    from typing import NamedTuple  # noqa: TID251
else:

    class _Defining(type):
        def __new__(cls, name: str, _: object, body: dict[str, Any]) -> type:
            """Return the class of named tuples that `body` describes.

            `typing` would compile each annotation, which nobody reads while the pack runs."""
            fields = body.get("__annotations__", {})
            defaults = [body.pop(field) for field in fields if field in body]
            made = namedtuple(name, fields, defaults=defaults, module=body["__module__"])
            for key, value in body.items():
                setattr(made, key, value)
            return made

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
        parts = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
        return f"{type(self).__qualname__}({parts})"
