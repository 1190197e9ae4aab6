"""What a report of a rehearsal says. Plain records: nothing here knows of policies or of files."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from enum import Enum
from functools import partial
from typing import Any, Final, TypeVar

from ...model.plain import NamedTuple


class Status(Enum):
    """What becomes of a part of the stack; the words are the report's."""

    LOST = "lost"
    IDLE = "does not serve"
    UNTOLD = "undecided"
    SURVIVES = "survives"


class Relation(Enum):
    """What a line of the picture says of its two ends."""

    NEEDS = "needs"
    MAY_NEED = "may need"
    COPIES = "is copied to"


class Column(NamedTuple):
    """A region, or what is in none."""

    name: str
    is_lost: bool = False
    note: str = ""
    """What is said of it beside its name."""


class Part(NamedTuple):
    """A resource in the table and in the picture. `key` is its own in one rehearsal; `numbers` are
    those of the findings about it, `component` is the component that it belongs to."""

    key: int
    kind: str
    name: str
    status: Status
    numbers: tuple[int, ...] = ()
    component: str | None = None
    stack: str | None = None
    """The stack that made it, where the report is about several."""


class Cell(NamedTuple):
    """The parts of one tier in one column."""

    column: Column
    parts: tuple[Part, ...]


class Row(NamedTuple):
    """A tier: a cell for each column, in their order."""

    tier: str
    cells: tuple[Cell, ...]


class Arrow(NamedTuple):
    """A line between two parts, by their keys: from what needs to what is needed, or from what is
    copied to its copy."""

    start: int
    end: int
    relation: Relation


class Said(NamedTuple):
    """What one policy says of one resource: a sentence, and the chains that prove it. `number` is
    by which the picture calls it."""

    number: int
    sentence: str
    chains: tuple[tuple[str, ...], ...] = ()
    stack: str | None = None


class Finding(NamedTuple):
    """What stops a takeover: what is said of one resource, or of several alike."""

    policy: str
    title: str
    url: str
    severity: str
    said: tuple[Said, ...]
    effect: str
    fix: str


class Exempted(NamedTuple):
    """A finding that does not count, because somebody said why."""

    policy: str
    url: str
    sentence: str
    reason: str
    expires: str | None


class Doubt(NamedTuple):
    """What is undecided about resources, and what would make it known."""

    number: int
    policy: str
    url: str
    subjects: tuple[str, ...]
    why: str
    cure: str


class Rehearsal(NamedTuple):
    """The loss of one region."""

    lost: str
    left: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    findings: tuple[Finding, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    exempted: tuple[Exempted, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(cell.column for cell in self.rows[0].cells) if self.rows else ()

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(part for row in self.rows for cell in row.cells for part in cell.parts)

    @property
    def stops(self) -> int:
        """How many problems stop the takeover."""
        return sum(len(finding.said) for finding in self.findings)

    @property
    def untold(self) -> int:
        """How many things are undecided."""
        return sum(len(doubt.subjects) for doubt in self.doubts)

    @property
    def verdict(self) -> str:
        """us-west-2 is left. 4 problems stop it from taking over, 0 undecided."""
        *most, last = self.left
        are_left = f"{', '.join(most)} and {last} are" if most else f"{last} is"
        them = "them" if most else "it"
        match self.stops:
            case 0:
                stop = f"Nothing that the program shows stops {them} from taking over"
            case 1:
                stop = f"1 problem stops {them} from taking over"
            case many:
                stop = f"{many} problems stop {them} from taking over"
        return f"{are_left} left. {stop}, {self.untold} undecided."


class Report(NamedTuple):
    """The report on one stack, or on several that are read as one."""

    stack: str
    pack: str
    rehearsals: tuple[Rehearsal, ...]
    asked: int
    """How many policies were asked."""
    switched_off: tuple[str, ...] = ()
    """The policies that would have been asked, and were not."""


T = TypeVar("T")

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of characters that XML does not take, or that turn the text around them about."""

_JOINERS: Final = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
"""What Persian and emoji are written with."""

_NONE: Final = "\ufffe\uffff"
"""What is no character, in XML neither."""


def revised(record: T, revise: Callable[[str], str]) -> T:
    """The record with each of its texts revised, at any depth."""
    return _revised(record, revise)  # type: ignore[no-any-return]


def _revised(value: Any, revise: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return revise(value)
    if isinstance(value, tuple):
        parts = map(partial(_revised, revise=revise), value)
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return value


def printable(text: str) -> str:
    """The text on one line, with a mark for every character that no page can show."""
    return "".join(_shown(text))


def _shown(text: str) -> Iterator[str]:
    for each in text:
        if each in "\t\r\n":
            yield " "
        elif each in _NONE or (unicodedata.category(each) in _UNSEEN and each not in _JOINERS):
            yield "\N{REPLACEMENT CHARACTER}"
        else:
            yield each
