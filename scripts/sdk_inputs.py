"""What a program can say to each type of an installed Pulumi SDK, with its documentation.

The generated classes are read as text, in one pass: to import them takes a minute and a gigabyte.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

_CLASS: Final = re.compile(r"^class (\w+)\b(?!.*TypedDict)", re.MULTILINE)
_PROPERTY: Final = re.compile(
    r'@pulumi\.getter(?:\(name="(\w+)"\))?\n(?:    @_utilities\.deprecated\(""".*?"""\)\n)?'
    r"    def (\w+)\(self\) -> ([^\n]*):\n"
    r'(?:        """(.*?)""")?',
    re.DOTALL,
)
_BLOCK: Final = re.compile(r"'(?:\w+\.)*(\w+)'")


@dataclass(frozen=True, slots=True)
class Input:
    """One text, or list of texts, that a type takes: its path through blocks, and what the
    documentation says of it."""

    token: str
    path: str
    text: str

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition(".")[2]

    @property
    def whole(self) -> str:
        """`aws:lb/listener:Listener.defaultActions.targetGroupArn`"""
        return f"{self.token}.{self.path}"


@dataclass(frozen=True, slots=True)
class _Property:
    block: str | None
    is_text: bool
    text: str


class SdkInputs:
    """The inputs of every resource type of an SDK package, such as site-packages/pulumi_aws."""

    def __init__(self, package: Path) -> None:
        self._package = package
        about = json.loads((package / "pulumi-plugin.json").read_text(encoding="utf-8"))
        self.version: str = about["version"]

    @cached_property
    def _modules(self) -> Mapping[str, tuple[Path, str]]:
        """By token, the folder and the class."""
        text = (self._package / "__init__.py").read_text(encoding="utf-8")
        listed = re.search(r'resource_modules="""(.*?)"""', text, re.DOTALL)
        found: dict[str, tuple[Path, str]] = {}
        for module in json.loads(listed.group(1)) if listed else ():
            inside = module["fqn"].split(".")[1:]
            for token, name in module["classes"].items():
                found[token] = (self._package.joinpath(*inside), name)
        return found

    def tokens(self) -> list[str]:
        """Every resource type, sorted."""
        return sorted(self._modules)

    def all(self) -> Iterator[Input]:
        """Every text that any type takes, by token."""
        read: dict[Path, _Folder] = {}
        for token in self.tokens():
            folder, name = self._modules[token]
            if folder not in read:
                read[folder] = _Folder(folder)
            known = read[folder]
            yield from _inside(token, known.blocks, known.of(name))


class _Folder:
    """The classes of one folder. A type and a block of another may have one name (the replicas of
    a table), so they are kept apart."""

    def __init__(self, folder: Path) -> None:
        self.blocks: dict[str, Mapping[str, _Property]] = {}
        self.arguments: dict[str, Mapping[str, _Property]] = {}
        for path in sorted(folder.glob("*.py")):
            if path.name != "outputs.py":
                found = self.blocks if path.name == "_inputs.py" else self.arguments
                found.update(_classes(path.read_text(encoding="utf-8")))

    def of(self, name: str) -> Mapping[str, _Property]:
        """The arguments of a type; the generator has two names for the class."""
        return self.arguments.get(f"{name}InitArgs") or self.arguments.get(f"{name}Args", {})


def _classes(text: str) -> Iterator[tuple[str, Mapping[str, _Property]]]:
    """The properties of every class of arguments, by class."""
    starts = [(each.start(), each.group(1)) for each in _CLASS.finditer(text)]
    ends = [start for start, _ in starts[1:]] + [len(text)]
    for (start, name), end in zip(starts, ends, strict=False):
        if name.endswith("Args"):
            yield name, dict(_properties(text[start:end]))


def _properties(text: str) -> Iterator[tuple[str, _Property]]:
    for given, own, annotation, documentation in _PROPERTY.findall(text):
        is_text = "builtins.str" in annotation or "Any" in annotation
        # A text that may also be written as an object, or one of an enumeration, is a text.
        block = None if "Union[" in annotation else _BLOCK.search(annotation)
        yield (
            given or own,
            _Property(block.group(1) if block else None, is_text, " ".join(documentation.split())),
        )


def _inside(
    token: str,
    blocks: Mapping[str, Mapping[str, _Property]],
    properties: Mapping[str, _Property],
    prefix: str = "",
    above: frozenset[str] = frozenset(),
) -> Iterator[Input]:
    """What a class takes, and the blocks in it; a block in itself is not opened again."""
    for name, said in properties.items():
        path, block = f"{prefix}{name}", said.block
        if block is not None and block in blocks:
            if block not in above:
                yield from _inside(token, blocks, blocks[block], f"{path}.", above | {block})
        elif said.is_text or block is not None:
            yield Input(token, path, said.text)
