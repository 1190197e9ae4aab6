"""Reading a property: known, absent or unknown, and nothing else.

A preview sends three kinds of values: real ones, missing ones, and placeholders for what only the
deployment can tell. The policy SDK raises on the placeholders (`in`, `.get` and iteration
included), so no rule touches its proxies: everything is read here, from plain trees in which
`UNKNOWN` stands for a placeholder.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Generic, TypeAlias, TypeVar

from .plain import Plain

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class _Marker:
    """A value that is equal to itself alone and says its name in a debugger."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


UNKNOWN: Final = _Marker("UNKNOWN")
"""Stands in a tree where the engine sent a placeholder."""


class Contents(Plain):
    """What a file or an archive of the program holds. It is the same as another one's or not, which
    the digest tells that the engine sends; no rule reads inside."""

    __match_args__ = ("digest",)
    __slots__ = __match_args__

    def __init__(self, digest: str) -> None:
        self.digest: Final = digest


Tree: TypeAlias = (
    "bool | float | int | str | Sequence[Tree] | Mapping[str, Tree] | Contents | _Marker | None"
)
"""What a property holds: JSON, with `UNKNOWN` at any depth, and with what files hold. A missing
property is `None`."""

HIDDEN: Final = "[secret]"
"""What `pulumi policy analyze --file` shows of a secret that it cannot decrypt."""

Derive: TypeAlias = Callable[[Tree], Tree]
"""Computes a property of one dialect from that of another."""


class Known(Plain, Generic[T_co]):
    """The program or AWS has said the value."""

    __match_args__ = ("value",)
    __slots__ = __match_args__

    def __init__(self, value: T_co) -> None:
        self.value: Final = value


class Absent(Plain):
    """Nobody has set the property."""

    __slots__ = ()


class Unknown(Plain):
    """Somebody has set the property, but what to cannot be read. `why` completes "... is"."""

    __match_args__ = ("why",)
    __slots__ = __match_args__

    def __init__(self, why: str = "not known before the deployment") -> None:
        self.why: Final = why


Reading: TypeAlias = Known[T] | Absent | Unknown
"""One of three answers to "what does this property say?"."""


def is_set(reading: Reading[T]) -> bool:
    """Whether somebody has set the property, to a value that may be unknown."""
    return not isinstance(reading, Absent)


def known_or_none(reading: Reading[T]) -> T | None:
    """The value where it is known. Only for places where absent and unknown mean the same."""
    return reading.value if isinstance(reading, Known) else None


OUTPUT_TEXTS: Final = (
    "calling [tostring] on an [output",
    "calling [tojson] on an [output",
    "calling __str__ on an output",
    "<pulumi.output.output object at",
)
"""What the SDKs for Node.js, .NET and Python write where a program makes text of an Output instead
of waiting for its value, in lower case."""


def is_output_text(text: str) -> bool:
    """Whether a text holds that of an Output instead of its value."""
    if "utput" not in text:
        return False
    lower = text.lower()
    return any(each in lower for each in OUTPUT_TEXTS)


def text(tree: Tree) -> Reading[str]:
    """A property that holds text. The provider writes "" where nothing is set: that is absent. The
    text of an Output is not the value that the program means, which is told once, by
    `output-as-text`."""
    if tree is None or tree == "":
        return Absent()
    if tree == HIDDEN:
        return Unknown("a secret that is not shown")
    if isinstance(tree, str):
        return Unknown("the text of an Output") if is_output_text(tree) else Known(tree)
    return Unknown() if tree is UNKNOWN else Unknown("not text")


def number(tree: Tree) -> Reading[float]:
    """A property that holds a number; numbers that a program wrote as text count."""
    if tree is None or tree == "":
        return Absent()
    if isinstance(tree, bool):
        return Unknown("not a number")
    if isinstance(tree, (int, float)):
        return Known(float(tree))
    if isinstance(tree, str):
        try:
            return Known(float(tree))
        except ValueError:
            return Unknown("not a number")
    return Unknown() if tree is UNKNOWN else Unknown("not a number")


def flag(tree: Tree) -> Reading[bool]:
    """A property that holds true or false; the words count too (providers send config as text)."""
    if tree is None or tree == "":
        return Absent()
    if isinstance(tree, bool):
        return Known(tree)
    if isinstance(tree, str) and tree.lower() in ("true", "false"):
        return Known(tree.lower() == "true")
    return Unknown() if tree is UNKNOWN else Unknown("neither true nor false")


def items(tree: Tree) -> Reading[tuple[Tree, ...]]:
    """A property that holds a list. A lone block counts as a list of one: blocks of which only one
    is allowed are objects in some versions of the provider and lists in others. An empty list is
    known and empty; what an empty block means where a list belongs, nothing tells."""
    if tree is None:
        return Absent()
    if isinstance(tree, Mapping):
        return Known((tree,)) if tree else Unknown("an empty block")
    if isinstance(tree, Sequence) and not isinstance(tree, str):
        return Known(tuple(tree))
    return Unknown() if tree is UNKNOWN else Unknown("not a list")


def in_json(tree: Tree, key: str) -> Reading[str]:
    """What a JSON object, in a text or (aws-native) as it is, says under a key."""
    said = text(tree)
    if isinstance(said, Known):
        try:
            tree = json.loads(said.value)
        except ValueError:
            return Absent()
    if isinstance(tree, Mapping):
        return text(tree.get(key))
    return Unknown() if tree is UNKNOWN else Absent()


def field(tree: Tree, name: str) -> Tree:
    """One property of a block. Of a block that cannot be read, every property is unknown."""
    if isinstance(tree, Mapping):
        return tree.get(name)
    return UNKNOWN if is_unreadable(tree) else None


def is_unreadable(tree: Tree) -> bool:
    """Whether there is something where a block belongs that is unknown, or no block."""
    return not (isinstance(tree, Mapping) or tree is None or tree in ("", []))


def holds_unknown(tree: Tree) -> bool:
    """Whether anything in a tree is not known."""
    if isinstance(tree, Mapping):
        return any(map(holds_unknown, tree.values()))
    if isinstance(tree, Sequence) and not isinstance(tree, str):
        return any(map(holds_unknown, tree))
    return tree is UNKNOWN


def inside(blocks: Iterable[Tree], path: str) -> list[Tree]:
    """What blocks hold at a path such as "forward.targetGroups.arn". Lists are opened on the way,
    so what is found is one level, however the blocks are nested."""
    found = list(blocks)
    for name in path.split("."):
        found = [each for block in found for each in _opened(field(block, name))]
    return found


def _opened(tree: Tree) -> Sequence[Tree]:
    return tree if isinstance(tree, Sequence) and not isinstance(tree, str) else (tree,)
