"""Questions about the inputs of one resource, or about a block of them, in three-valued logic.

A path leads into blocks: `destination.replicationTime`. Blocks of which only one is allowed are
objects in some versions of the provider and lists of one in others; both read the same. A block
that is `{}` is there; null, `""` and `[]` are nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import TypeAlias

from . import values
from .plain import NamedTuple
from .resource import Resource
from .truth import Truth, every, some
from .values import UNKNOWN, Absent, Known, Reading, T, Tree, Unknown

Condition: TypeAlias = "Callable[[Block], Truth]"
"""What holds of a block, or not."""


class Quantity(NamedTuple):
    """A number that may be absent or unknown. A comparison with what is absent is false."""

    reading: Reading[float]

    def __add__(self, more: float | Quantity) -> Quantity:  # type: ignore[override]
        match self.reading, more.reading if isinstance(more, Quantity) else Known(more):
            case Known(mine), Known(its):
                return Quantity(Known(mine + its))
            case (Unknown(), _) | (_, Unknown()):
                return Quantity(Unknown())
        return Quantity(Absent())

    def __lt__(self, other: object) -> Truth:  # type: ignore[override]
        return _compared(self, other, lambda mine, its: mine < its)

    def __gt__(self, other: object) -> Truth:  # type: ignore[override]
        return _compared(self, other, lambda mine, its: mine > its)

    def equals(self, other: Quantity) -> Truth:
        """Whether both are the same number."""
        return _compared(self, other, lambda mine, its: mine == its)

    def is_not(self, other: float) -> Truth:
        """Whether it is a number, and another one."""
        return self.holds(lambda mine: mine != other)

    def holds(self, condition: Callable[[float], bool]) -> Truth:
        """Whether it is a number of which the condition holds."""
        return _of(self.reading, lambda mine: Truth.of(condition(mine)))


def _compared(one: Quantity, other: object, holds: Callable[[float, float], bool]) -> Truth:
    its = other.reading if isinstance(other, Quantity) else values.number(other)  # type: ignore[arg-type]
    match one.reading, its:
        case Known(mine), Known(theirs):
            return Truth.of(holds(mine, theirs))
        case (Absent(), _) | (_, Absent()):
            return Truth.FALSE
    return Truth.UNKNOWN


class Block:
    """A block of inputs, or a resource's inputs as a whole."""

    __slots__ = ("_get", "_is_unknown")

    def __init__(self, get: Callable[[str], Tree], is_unknown: bool = False) -> None:
        """`get` returns the property of a name, in the words of the `aws` dialect; of a block that
        is unknown, nothing tells what it sets."""
        self._get = get
        self._is_unknown = is_unknown

    @classmethod
    def within(cls, tree: Tree) -> Block:
        """A block as it stands in a property."""
        return cls(lambda name: values.field(tree, name), values.is_unreadable(tree))

    def at(self, path: str) -> Tree:
        """What stands at the path; of what is in an unknown block, unknown."""
        name, _, rest = path.partition(".")
        found = _lone(self._get(name))
        return Block.within(found).at(rest) if rest else found

    def inner(self, path: str) -> Block:
        """The block at the path; of a block that is not there, nothing is set."""
        return Block.within(self.at(path))

    def sets(self, path: str) -> Truth:
        """Whether the program sets it; a value that is unknown counts as set."""
        block, name = self._parent(path)
        if block._is_unknown:
            return Truth.UNKNOWN
        return Truth.of(not _is_nothing(block.at(name)))

    def has(self, path: str) -> Truth:
        """Whether something stands there; of an unknown value that is not known."""
        return Truth.UNKNOWN if self.at(path) is UNKNOWN else self.sets(path)

    def lacks(self, path: str) -> Truth:
        """Whether nothing stands there; of an unknown value that is not known."""
        return ~self.has(path)

    def number(self, path: str, default: float | None = None) -> Quantity:
        """A number; `default` is the provider's own where nothing is set."""
        reading = values.number(self.at(path))
        is_default = isinstance(reading, Absent) and default is not None
        return Quantity(Known(default) if is_default else reading)  # type: ignore[arg-type]

    def count(self, path: str) -> Quantity:
        """How many blocks or values a list holds; none where it is not there."""
        match values.items(self.at(path)):
            case Known(blocks):
                return Quantity(Known(float(len(blocks))))
            case Absent():
                return Quantity(Known(0.0))
        return Quantity(Unknown())

    def total(self, path: str, quantity: Callable[[Block], Quantity]) -> Quantity:
        """The sum of what the blocks of a list count; of none, 0."""
        match self._blocks(path):
            case Known(blocks):
                return sum(map(quantity, blocks), Quantity(Known(0.0)))
            case Absent():
                return Quantity(Known(0.0))
        return Quantity(Unknown())

    def text(self, path: str) -> Reading[str]:
        """A text, to compare others with."""
        return values.text(self.at(path))

    def is_true(self, path: str, default: bool = False) -> Truth:
        """Whether a property that is true or false is true."""
        match values.flag(self.at(path)):
            case Known(said):
                return Truth.of(said)
            case Absent():
                return Truth.of(default)
        return Truth.UNKNOWN

    def says(self, path: str, *texts: str) -> Truth:
        """Whether a text is one of these, in any case."""
        lower = {text.lower() for text in texts}
        return self.holds(path, lambda said: said.lower() in lower)

    def holds(self, path: str, condition: Callable[[str], bool]) -> Truth:
        """Whether a text is there and the condition holds of it."""
        return _of(self.text(path), lambda said: Truth.of(condition(said)))

    def together(self, one: str, other: str, condition: Callable[[str, str], bool]) -> Truth:
        """Whether two texts are there and the condition holds of them."""
        match self.text(one), self.text(other):
            case Known(said), Known(also):
                return Truth.of(condition(said, also))
            case (Absent(), _) | (_, Absent()):
                return Truth.FALSE
        return Truth.UNKNOWN

    def lists(self, path: str, *texts: str) -> Truth:
        """Whether one of these is in a list of texts."""
        return self.some_text(path, lambda said: said in texts)

    def is_in(self, path: str, region: Reading[str]) -> Truth:
        """Whether a text is the name of the region."""
        match region:
            case Known(name):
                return self.says(path, name)
        return self.has(path) & Truth.UNKNOWN

    def some(self, path: str, condition: Condition) -> Truth:
        """Whether the condition holds of a block of the list."""
        return _of(self._blocks(path), lambda blocks: some(map(condition, blocks)))

    def every(self, path: str, condition: Condition) -> Truth:
        """Whether the condition holds of all blocks of the list, and there is one."""
        holds = _of(self._blocks(path), lambda blocks: every(map(condition, blocks)))
        return holds & self.has(path)

    def some_two(self, path: str, condition: Callable[[Block, Block], Truth]) -> Truth:
        """Whether the condition holds of two blocks of the list."""
        return _of(
            self._blocks(path),
            lambda blocks: some(condition(one, other) for one, other in combinations(blocks, 2)),
        )

    def some_text(self, path: str, condition: Callable[[str], bool]) -> Truth:
        """Whether the condition holds of a text of the list."""
        return _of(
            values.items(self.at(path)),
            lambda listed: some(
                _of(values.text(each), lambda said: Truth.of(condition(said))) for each in listed
            ),
        )

    def some_number(self, path: str, condition: Callable[[float], bool]) -> Truth:
        """Whether the condition holds of a number of the list."""
        return _of(
            values.items(self.at(path)),
            lambda listed: some(
                _of(values.number(each), lambda said: Truth.of(condition(said))) for each in listed
            ),
        )

    def lists_exactly(self, path: str, *sets: frozenset[str]) -> Truth:
        """Whether a list of texts holds those of one of these sets, in any order."""

        def is_one(listed: Sequence[Tree]) -> Truth:
            said = [values.text(each) for each in listed]
            known = {each.value for each in said if isinstance(each, Known)}
            if not all(isinstance(each, Known) for each in said):
                return Truth.of(None if any(known <= each for each in sets) else False)
            return Truth.of(known in sets)

        return _of(values.items(self.at(path)), is_one)

    def _blocks(self, path: str) -> Reading[list[Block]]:
        match values.items(self.at(path)):
            case Known(listed):
                return Known([Block.within(each) for each in listed])
            case nothing:
                return nothing

    def _parent(self, path: str) -> tuple[Block, str]:
        """The block that the last name of the path stands in."""
        way, _, name = path.rpartition(".")
        return (self.inner(way) if way else self), name


class Declared(Block):
    """What the program declares of a resource."""

    __slots__ = ("resource",)

    def __init__(self, resource: Resource) -> None:
        super().__init__(resource.declared_tree)
        self.resource = resource

    @property
    def region(self) -> Reading[str]:
        """The region that the resource is made in."""
        return self.resource.region


def alike(one: Reading[str], other: Reading[str]) -> Truth:
    """Whether two texts are there and are equal."""
    match one, other:
        case (Absent(), _) | (_, Absent()):
            return Truth.FALSE
        case Known(said), Known(also):
            return Truth.of(said == also)
    return Truth.UNKNOWN


def _lone(tree: Tree) -> Tree:
    """A list of one block as the block."""
    if isinstance(tree, Sequence) and not isinstance(tree, str) and len(tree) == 1:
        return tree[0] if isinstance(tree[0], Mapping) else tree
    return tree


def _of(reading: Reading[T], condition: Callable[[T], Truth]) -> Truth:
    """What holds of a value that is known; of one that is absent, nothing does."""
    match reading:
        case Known(value):
            return condition(value)
        case Absent():
            return Truth.FALSE
    return Truth.UNKNOWN


def _is_nothing(tree: Tree) -> bool:
    return tree is None or tree in ("", [])
