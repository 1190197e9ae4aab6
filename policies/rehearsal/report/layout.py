"""Where things are in the picture of a rehearsal: a column a region, a row a tier, lines in the
space between.

Lines run in the gutters between columns and in the gaps between boxes, so they cross no box. Lines
to one end share their lane. There are two layouts: regions side by side, for pages, and one below
the other, for narrow screens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Final

from ...model.plain import NamedTuple
from .boxes import MARKS, Box, boxes
from .contents import Column, Rehearsal, Relation
from .drawn import Badge, Drawn, Frame, Line, Picture, Rule, Text
from .lines import Lanes, Way, path
from .words import fitted, width_of

_BOX_HEIGHT: Final = 42.0
_GAP: Final = 14.0
"""Between boxes, above each other and beside each other: room for lines."""
_PAD: Final = 14.0
_HEADER: Final = 46.0
_TIER: Final = 26.0
_BOLD: Final = 1.15
"""How much wider that makes a text."""
_NAME_SIZE: Final = 12.5 * _BOLD
_KIND_SIZE: Final = 10.5
_REGION_SIZE: Final = 15.0 * _BOLD
_NOTE_SIZE: Final = 12.0
_BADGE: Final = 20.0
_MOST_BADGES: Final = 3
_MOST_BELOW: Final = 4
"""How many boxes of a cell are below each other before two are beside each other."""
_TEXT: Final = 34.0
"""What a box takes beside its text."""
_ASIDE: Final = {Relation.NEEDS: 5.0, Relation.MAY_NEED: 5.0, Relation.COPIES: -6.0}
"""How far from the middle of a box its lines are, so that copies keep beside the others."""
WIDE: Final = 12
NARROW: Final = 6
"""How many boxes a cell has at most, in the two layouts."""


def wide(rehearsal: Rehearsal) -> Picture:
    """The regions side by side."""
    return _Wide(rehearsal).picture()


def narrow(rehearsal: Rehearsal) -> Picture:
    """The regions one below the other."""
    return _Narrow(rehearsal).picture()


class _Drawing:
    """What both layouts do alike."""

    def __init__(self, rehearsal: Rehearsal, most: int) -> None:
        self._rehearsal = rehearsal
        numbers = count()
        self._rows = [
            (
                row.tier,
                [[(next(numbers), box) for box in boxes(cell.parts, most)] for cell in row.cells],
            )
            for row in rehearsal.rows
            if any(cell.parts for cell in row.cells)
        ]
        """By tier, the boxes of each column, each with the number by which lines find it."""
        self._of_part = {
            part.key: number
            for _, cells in self._rows
            for cell in cells
            for number, box in cell
            for part in box.members
        }
        self._drawn: dict[int, Drawn] = {}
        self._frames: list[Frame] = []
        self._rules: list[Rule] = []
        self._texts: list[Text] = []

    def _head(self, column: Column, x: float, y: float, width: float) -> None:
        """Write a region's name, and what becomes of it at the other end of the line."""
        self._texts.append(Text(x, y, column.name, "region"))
        if column.note:
            role = "loss" if column.is_lost else "note"
            self._texts.append(Text(x + width, y, column.note, role))

    def _finished(self, width: float, height: float, lines: Iterable[Line]) -> Picture:
        rehearsal = self._rehearsal
        return Picture(
            width,
            height,
            f"What is left when {rehearsal.lost} is lost",
            rehearsal.verdict,
            tuple(self._frames),
            tuple(self._rules),
            tuple(self._texts),
            tuple(self._drawn.values()),
            tuple(lines),
        )

    def _draw(self, number: int, box: Box, x: float, y: float, across: float) -> None:
        shown = [str(each) for each in box.numbers]
        if len(shown) > _MOST_BADGES:
            shown[_MOST_BADGES - 1 :] = ["\N{HORIZONTAL ELLIPSIS}"]
        badges = tuple(
            Badge(
                x + across - 14 - place * _BADGE,
                y + _BOX_HEIGHT / 2,
                text,
                is_open=text.isdigit() and int(text) > self._rehearsal.stops,
            )
            for place, text in enumerate(reversed(shown))
        )
        room = across - _TEXT - _badges_width(box)
        kind = " \N{MIDDLE DOT} ".join(filter(None, (box.kind, box.stack)))
        told = f"{box.kind} {box.name}".strip()
        if box.is_group:
            told += f": {', '.join(f'{part.kind} {part.name}' for part in box.members)}"
        self._drawn[number] = Drawn(
            x,
            y,
            across,
            _BOX_HEIGHT,
            box.status,
            box.is_group,
            MARKS[box.status],
            fitted(kind, _KIND_SIZE, room),
            fitted(box.name, _NAME_SIZE, room),
            f"{told} ({box.status.value})",
            badges,
        )

    def _ends(self) -> Iterator[tuple[int, int, Relation]]:
        """The lines to draw, from box to box, each once; the reds are drawn last, on top."""
        arrows: dict[tuple[int, int, Relation], None] = {}
        for arrow in self._rehearsal.arrows:
            start, end = self._of_part.get(arrow.start), self._of_part.get(arrow.end)
            if start is not None and end is not None and start != end:
                arrows.setdefault((start, end, arrow.relation))
        order = (Relation.COPIES, Relation.MAY_NEED, Relation.NEEDS)
        return iter(sorted(arrows, key=lambda each: order.index(each[2])))

    def _told(self, start: int, end: int, relation: Relation) -> str:
        names = [self._drawn[each].told.rpartition(" (")[0] for each in (start, end)]
        return f"{names[0]} {relation.value} {names[1]}"


def _head_width(column: Column) -> float:
    """How wide a region's name is, with what becomes of it."""
    note = _GAP + width_of(column.note, _NOTE_SIZE) if column.note else 0.0
    return width_of(column.name, _REGION_SIZE) + note


def _badges_width(box: Box) -> float:
    return min(len(box.numbers), _MOST_BADGES) * _BADGE


class _Place(NamedTuple):
    """Which column a box is in, and whether others of its cell are left or right of it."""

    column: int
    has_left: bool
    has_right: bool


class _Wide(_Drawing):
    _LABELS: Final = 104.0
    _GUTTER: Final = 2 * _PAD + 20.0
    _PAGE: Final = 1180.0
    """How wide a picture is on a page without being made smaller."""
    _SLIM: Final = 180.0
    _BROAD: Final = 300.0
    """Boxes are as wide as their names need, between these, and as the page has room for; and as
    the names of regions need, which tell too little where they are shortened."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        super().__init__(rehearsal, WIDE)
        columns = range(len(rehearsal.columns))
        counts = [max((len(cells[at]) for _, cells in self._rows), default=0) for at in columns]
        self._across = [2 if count > _MOST_BELOW else 1 for count in counts]
        self._places = {
            number: _Place(column, place % across > 0, place % across < across - 1)
            for _, cells in self._rows
            for column, (cell, across) in enumerate(zip(cells, self._across, strict=True))
            for place, (number, _) in enumerate(cell)
        }
        self._lefts: list[float] = []
        self._lanes = [Lanes() for _ in range(len(columns) + 1)]
        self._box = self._SLIM

    def picture(self) -> Picture:
        wanted = [
            (start, end, relation, self._gutter_of(start, end))
            for start, end, relation in self._ends()
        ]
        lanes = [self._lanes[gutter].take(end, relation) for _, end, relation, gutter in wanted]
        self._box = self._box_width()
        width = self._spread()
        height = self._fill(width)
        lines = [
            Line(
                path(self._way(start, end, relation, self._lanes[gutter].at(lane))),
                relation,
                self._told(start, end, relation),
            )
            for (start, end, relation, gutter), lane in zip(wanted, lanes, strict=True)
        ]
        return self._finished(width, height, lines)

    def _box_width(self) -> float:
        """One width for all boxes."""
        needed = [
            width_of(box.name, _NAME_SIZE) + _TEXT + _badges_width(box)
            for _, cells in self._rows
            for cell in cells
            for _, box in cell
        ]
        gaps = sum(across - 1 for across in self._across) * _GAP
        gutters = sum(map(self._gutter, self._lanes[:-1]))
        room = self._PAGE - self._LABELS - gaps - gutters - _PAD
        columns = zip(self._rehearsal.columns, self._across, strict=True)
        heads = [(_head_width(each) - (across - 1) * _GAP) / across for each, across in columns]
        least = max([self._SLIM, *heads])
        fair = max(least, min(self._BROAD, room / max(sum(self._across), 1)))
        return min(max([least, *needed]), fair)

    def _gutter_of(self, start: int, end: int) -> int:
        """The gutter beside the end's column, on the side of the start: it has the lane."""
        at, to = self._places[start].column, self._places[end].column
        return to + 1 if to < at else to

    def _spread(self) -> float:
        """Put the columns beside each other, as far apart as their lines need; the width."""
        x = self._LABELS
        for across, lanes in zip([*self._across, 0], self._lanes, strict=True):
            before, x = x, x + self._gutter(lanes)
            lanes.lay(before, x)
            self._lefts.append(x)
            x += self._inner(across)
        last = self._lefts.pop()
        return last if self._lanes[-1].width else last - _PAD

    def _gutter(self, lanes: Lanes) -> float:
        """How wide a gutter is with these lanes in it."""
        return max(self._GUTTER, 2 * _PAD + 10 + lanes.width)

    def _inner(self, across: int) -> float:
        return across * self._box + max(across - 1, 0) * _GAP

    def _fill(self, width: float) -> float:
        """Draw the rows and what is around the columns; the height."""
        y = _HEADER + _PAD
        for at, (tier, cells) in enumerate(self._rows):
            if at:
                self._rules.append(Rule(12, y - _GAP / 2 - 2, width - 12))
                y += 6
            self._texts.append(Text(16, y + _BOX_HEIGHT / 2 + 4, tier, "tier"))
            high = 1
            for cell, across, left in zip(cells, self._across, self._lefts, strict=True):
                high = max(high, -(-len(cell) // across))
                for place, (number, box) in enumerate(cell):
                    down, beside = divmod(place, across)
                    x = left + beside * (self._box + _GAP)
                    self._draw(number, box, x, y + down * (_BOX_HEIGHT + _GAP), self._box)
            y += high * (_BOX_HEIGHT + _GAP)
        height = y + _PAD
        columns = zip(self._rehearsal.columns, self._lefts, self._across, strict=True)
        for region, left, across in columns:
            inner = self._inner(across)
            frame = Frame(left - _PAD, 6, inner + 2 * _PAD, height - 12, region.is_lost)
            self._frames.append(frame)
            self._head(region, left, 34, inner)
        return height

    def _way(self, start: int, end: int, relation: Relation, lane: float) -> Way:
        """From box to box by the lane."""
        at, to = self._places[start], self._places[end]
        goes_left = to.column <= at.column
        enters_right = to.column < at.column
        return [
            *self._out(self._drawn[start], at, goes_left, relation, lane),
            *self._into(self._drawn[end], to, enters_right, relation, lane),
        ]

    def _out(
        self, box: Drawn, place: _Place, to_left: bool, relation: Relation, lane: float
    ) -> Way:
        x = box.x if to_left else box.right
        y = box.middle + _ASIDE[relation]
        is_beside = place.has_left if to_left else place.has_right
        gutter = self._lanes[place.column if to_left else place.column + 1]
        crosses = abs(lane - x) > self._gutter(gutter)
        if not is_beside and not crosses:
            return [(x, y), (lane, y)]
        between = x + (-_GAP / 2 if to_left else _GAP / 2) + _ASIDE[relation] / 4
        above = box.y - _GAP / 2 + _ASIDE[relation] / 2
        return [(x, y), (between, y), (between, above), (lane, above)]

    def _into(
        self, box: Drawn, place: _Place, from_right: bool, relation: Relation, lane: float
    ) -> Way:
        x = box.right if from_right else box.x
        y = box.middle + _ASIDE[relation]
        is_beside = place.has_right if from_right else place.has_left
        tip = x + 2 if from_right else x - 2
        if not is_beside:
            return [(lane, y), (tip, y)]
        between = x + (_GAP / 2 if from_right else -_GAP / 2) + _ASIDE[relation] / 4
        above = box.y - _GAP / 2 + _ASIDE[relation] / 2
        return [(lane, above), (between, above), (between, y), (tip, y)]


class _Narrow(_Drawing):
    _BOX: Final = 274.0
    _LEFT: Final = 20.0

    def __init__(self, rehearsal: Rehearsal) -> None:
        super().__init__(rehearsal, NARROW)

    def picture(self) -> Picture:
        y = 6.0
        for at, column in enumerate(self._rehearsal.columns):
            y = self._region(at, column, y) + _PAD
        lanes = Lanes()
        wanted = [(*each, lanes.take(each[1], each[2])) for each in self._ends()]
        frame = self._LEFT + self._BOX + _PAD
        width = max(360.0, frame + lanes.width + 24)
        lanes.lay(frame, width)
        lines = [
            Line(
                path(self._way(start, end, relation, lanes.at(lane))),
                relation,
                self._told(start, end, relation),
            )
            for start, end, relation, lane in wanted
        ]
        return self._finished(width, y - 8, lines)

    def _region(self, at: int, column: Column, top: float) -> float:
        """Draw a region; where it ends."""
        x, y = self._LEFT, top + _HEADER - 8
        self._head(column, x, top + 26, self._BOX)
        for tier, cells in self._rows:
            if cells[at]:
                self._texts.append(Text(x, y + 12, tier, "tier"))
                y += _TIER - 6
                for number, box in cells[at]:
                    self._draw(number, box, x, y, self._BOX)
                    y += _BOX_HEIGHT + 8
                y += 8
        frame = Frame(x - _PAD, top, self._BOX + 2 * _PAD, y - top, column.is_lost)
        self._frames.append(frame)
        return y

    def _way(self, start: int, end: int, relation: Relation, lane: float) -> Way:
        one, other = self._drawn[start], self._drawn[end]
        y, to_y = one.middle + _ASIDE[relation], other.middle + _ASIDE[relation]
        return [(one.right, y), (lane, y), (lane, to_y), (other.right + 2, to_y)]
