"""The lines of a picture: which lane of a gutter each has, and its corners."""

from __future__ import annotations

from itertools import pairwise
from typing import Final, TypeAlias

from .contents import Relation

Way: TypeAlias = list[tuple[float, float]]
"""The corners of a line, from its start to its tip."""

_LANE: Final = 7.0


class Lanes:
    """The lanes of one gutter: lines of one kind to one end share theirs."""

    def __init__(self) -> None:
        self._taken: dict[tuple[int, Relation], int] = {}
        self._left = 0.0

    def take(self, end: int, relation: Relation) -> int:
        return self._taken.setdefault((end, relation), len(self._taken))

    @property
    def width(self) -> float:
        """The room that the lanes take."""
        return max(len(self._taken) - 1, 0) * _LANE

    def lay(self, left: float, right: float) -> None:
        """Put the lanes in the middle of a gutter."""
        self._left = (left + right - self.width) / 2

    def at(self, lane: int) -> float:
        return self._left + lane * _LANE


def path(way: Way, bend: float = 6.0) -> str:
    """The way as an SVG path, its corners rounded."""
    points = [way[0], *(b for a, b in pairwise(way) if a != b)]
    said = f"M{_n(points[0][0])} {_n(points[0][1])}"
    for before, at, after in zip(points, points[1:], points[2:], strict=False):
        said += f"L{_towards(at, before, bend)}Q{_n(at[0])} {_n(at[1])} {_towards(at, after, bend)}"
    return said + f"L{_n(points[-1][0])} {_n(points[-1][1])}"


def _towards(corner: tuple[float, float], other: tuple[float, float], bend: float) -> str:
    """The point so far from a corner, or half way to the other where that is nearer."""
    across, down = other[0] - corner[0], other[1] - corner[1]
    far = max(abs(across), abs(down)) or 1.0
    part = min(bend, far / 2) / far
    return f"{_n(corner[0] + across * part)} {_n(corner[1] + down * part)}"


def _n(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")
