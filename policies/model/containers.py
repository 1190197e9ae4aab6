"""The containers of an ECS task, as far as the text that defines them is known."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

from .inputs import Block
from .values import UNKNOWN, Absent, Known, Tree

CONTAINERS: Final = "containers"


def containers_of(task: Block) -> Block:
    """A block that holds the definitions of a task's containers as the list `containers`. The
    provider reads their names in upper and lower case, so that here all begin in lower case."""
    match task.text("containerDefinitions"):
        case Known(text):
            return Block.within({CONTAINERS: _read(text)})
        case Absent():
            return Block.within({})
    return Block.within({CONTAINERS: UNKNOWN})


def _read(text: str) -> Tree:
    try:
        found = json.loads(text)
    except ValueError:
        return UNKNOWN
    is_list = isinstance(found, list) and all(isinstance(each, Mapping) for each in found)
    return _renamed(found) if is_list else UNKNOWN


def _renamed(tree: Tree) -> Tree:
    if isinstance(tree, Mapping):
        return {f"{name[:1].lower()}{name[1:]}": _renamed(each) for name, each in tree.items()}
    if isinstance(tree, Sequence) and not isinstance(tree, str):
        return [_renamed(each) for each in tree]
    return tree
