"""What is in a picture, at its place: what the templates of pictures print."""

from __future__ import annotations

from ...model.plain import NamedTuple
from .contents import Relation, Status


class Text(NamedTuple):
    """A line of text at its place; `role` says what it is."""

    x: float
    y: float
    text: str
    role: str


class Badge(NamedTuple):
    """The number of a finding or, `is_open`, of a doubt, at the middle of its circle."""

    x: float
    y: float
    text: str
    is_open: bool


class Drawn(NamedTuple):
    """A box at its place. `told` is what it stands for, in full."""

    x: float
    y: float
    width: float
    height: float
    status: Status
    is_group: bool
    mark: str
    kind: str
    name: str
    told: str
    badges: tuple[Badge, ...]

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    @property
    def right(self) -> float:
        return self.x + self.width


class Frame(NamedTuple):
    """What is around a region."""

    x: float
    y: float
    width: float
    height: float
    is_lost: bool


class Line(NamedTuple):
    """A line with an arrowhead at its end, as the path of an SVG."""

    path: str
    relation: Relation
    told: str


class Rule(NamedTuple):
    """A thin line between two tiers."""

    x: float
    y: float
    right: float


class Picture(NamedTuple):
    """Everything that is drawn."""

    width: float
    height: float
    title: str
    told: str
    frames: tuple[Frame, ...]
    rules: tuple[Rule, ...]
    texts: tuple[Text, ...]
    boxes: tuple[Drawn, ...]
    lines: tuple[Line, ...]
