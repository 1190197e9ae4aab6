"""The texts in a property, each with the way that leads to it.

Settings are maps (a function's environment), JSON in a text (containers of a task, policies) or a
text as a whole. JSON is read where it is known; a text that holds an unknown value is unknown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from .. import values
from ..plain import NamedTuple
from ..resource import Resource
from ..values import UNKNOWN, Known, Reading, Tree, Unknown


class Leaf(NamedTuple):
    """One value in a property: `("environment", "variables", "DB_HOST")` leads to it. Places in
    lists are left out of the way."""

    way: tuple[str, ...]
    value: Reading[str]

    @property
    def key(self) -> str:
        """What the value is called where it stands."""
        return self.way[-1]

    @property
    def path(self) -> str:
        """The way as messages say it: `environment.variables.DB_HOST`."""
        return ".".join(self.way)


def leaves(resource: Resource, name: str) -> tuple[Leaf, ...]:
    """The texts in a property of the resource, in the order in which they stand; numbers and flags
    name nothing and are left out. Of what is unknown as a whole, the way ends there."""
    return tuple(_leaves(resource.tree(name), (name,)))


def _leaves(tree: Tree, way: tuple[str, ...]) -> Iterator[Leaf]:
    if isinstance(tree, Mapping):
        for key, inner in _named(tree):
            yield from _leaves(inner, (*way, key))
    elif isinstance(tree, str):
        inner = _json(tree)
        if inner is None:
            yield Leaf(way, values.text(tree))
        else:
            yield from _leaves(inner, way)
    elif isinstance(tree, Sequence):
        for inner in tree:
            yield from _leaves(inner, way)
    elif tree is UNKNOWN:
        yield Leaf(way, Unknown())


def _named(block: Mapping[str, Tree]) -> Iterator[tuple[str, Tree]]:
    """What a block holds; a block of a name and a value (containers' `environment`, and `secrets`)
    stands for the value under that name."""
    parts = {key.lower(): inner for key, inner in block.items()}
    name = parts.get("name")
    if isinstance(name, str) and set(parts) in ({"name", "value"}, {"name", "valuefrom"}):
        yield name, parts.get("value", parts.get("valuefrom"))
    else:
        yield from block.items()


def _json(text: str) -> Tree:
    """What the text holds if it is a JSON object or list; else None."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        found: Tree = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, (Mapping, list)) else None


def known_texts(resource: Resource, name: str) -> tuple[str, ...]:
    """The texts in a property that are known."""
    return tuple(
        each.value.value for each in leaves(resource, name) if isinstance(each.value, Known)
    )
