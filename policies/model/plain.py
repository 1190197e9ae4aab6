"""Values that are what their parts are."""

from __future__ import annotations

from typing import Any


class Plain:
    """Compared, hashed and shown by the attributes that `__match_args__` lists, which never change.

    That is what a frozen dataclass is, too; but to define one takes as long as to import three
    modules, and the pack defines all of them at every start."""

    __match_args__: tuple[str, ...] = ()
    __slots__ = ()

    def _parts(self) -> tuple[Any, ...]:
        return tuple([getattr(self, name) for name in self.__match_args__])

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash((type(self), self._parts()))

    def __repr__(self) -> str:
        parts = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
        return f"{type(self).__qualname__}({parts})"
