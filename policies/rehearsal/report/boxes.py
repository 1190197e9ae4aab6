"""Many parts of one cell as few boxes: what needs a look stays by itself, the rest is told by
component, else by kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ...model.plain import NamedTuple
from .contents import Part, Status
from .words import plural

MARKS: Final = {
    Status.SURVIVES: "\N{CHECK MARK}",
    Status.IDLE: "\N{BALLOT X}",
    Status.UNTOLD: "?",
    Status.LOST: "\N{MULTIPLICATION SIGN}",
}
"""How a status is shown where no colour tells it."""


class Box(NamedTuple):
    """A part, or several of one status that are shown as one."""

    kind: str
    name: str
    status: Status
    members: tuple[Part, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The findings about it."""
        return tuple(sorted({number for part in self.members for number in part.numbers}))

    @property
    def is_group(self) -> bool:
        return len(self.members) > 1

    @property
    def stack(self) -> str | None:
        """The stack that made it, where the report is about several."""
        stacks = {part.stack for part in self.members}
        return stacks.pop() if len(stacks) == 1 else None


def boxes(parts: Sequence[Part], most: int) -> tuple[Box, ...]:
    """The parts as at most so many boxes, unless more than that need a look or differ."""
    if len(parts) <= most:
        return tuple(_alone(part) for part in parts)
    by_component = _grouped(parts, most, by_kind=False)
    return by_component if len(by_component) <= most else _grouped(parts, most, by_kind=True)


def _grouped(parts: Sequence[Part], most: int, by_kind: bool) -> tuple[Box, ...]:
    groups: dict[tuple[object, ...], list[Part]] = {}
    for part in parts:
        needs_a_look = bool(part.numbers) or part.status in (Status.IDLE, Status.UNTOLD)
        same: tuple[object, ...]
        if needs_a_look:
            same = (part.key,)
        elif part.component is not None and not by_kind:
            same = (part.component, part.stack, part.status)
        else:
            same = (None, part.kind, part.stack, part.status)
        groups.setdefault(same, []).append(part)
    found = [_together(group, by_kind) for group in groups.values()]
    if len(found) <= most or by_kind:
        return _at_most(found, most)
    return tuple(found)


def _at_most(found: Sequence[Box], most: int) -> tuple[Box, ...]:
    """The boxes, with those that need no look and are too many in one at the end."""
    calm = [box for box in found if not (box.numbers or box.status in (Status.IDLE, Status.UNTOLD))]
    others = [box for box in found if box not in calm]
    room = max(most - len(others), 1)
    if len(calm) <= room:
        return tuple(found)
    shown, rest = calm[: room - 1], calm[room - 1 :]
    by_status: dict[Status, list[Part]] = {}
    for box in rest:
        by_status.setdefault(box.status, []).extend(box.members)
    more = (Box("", f"{len(each)} more", status, tuple(each)) for status, each in by_status.items())
    return (*others, *shown, *more)


def _alone(part: Part) -> Box:
    return Box(part.kind, part.name, part.status, (part,))


def _together(parts: Sequence[Part], by_kind: bool) -> Box:
    first = parts[0]
    if len(parts) == 1:
        return _alone(first)
    kinds = {part.kind for part in parts}
    if first.component is not None and not by_kind:
        what = f"{len(parts)} {plural(first.kind)}" if len(kinds) == 1 else f"{len(parts)} parts"
        return Box(f"{what} of", first.component, first.status, tuple(parts))
    return Box("", f"{len(parts)} {plural(first.kind)}", first.status, tuple(parts))
