"""A configuration file as it is written: what it holds, and on which line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from .errors import Fault

_BYTE_ORDER_MARK: Final = "\ufeff"


class Repeated(NamedTuple):
    """A key that stands in one object more than once; the lines count from 1."""

    key: str
    line: int
    first: int


def load(file: Path) -> dict[str, Any]:
    """What the file holds, a date as its text. Raises `Fault` where it cannot be read, or holds no
    object."""
    if node(file) is None:
        return {}
    read = json.loads if file.suffix == ".json" else yaml.safe_load
    try:
        data = read(_text(file))
        plain = json.loads(json.dumps(data, default=str))
    except yaml.YAMLError as error:
        raise _not_yaml(file, error) from None
    except (TypeError, ValueError, RecursionError):
        raise Fault(
            f"{file} holds what JSON cannot: a key that is no text, or a part of itself. Fix: "
            "write texts, lists and objects alone."
        ) from None
    if plain is None:
        return {}
    if not isinstance(plain, dict):
        raise Fault(
            f"{file} should hold an object. Fix: write {{}} with policies by name in it; "
            "`aws-dr-preflight list` has the names."
        )
    return plain


def node(file: Path) -> yaml.Node | None:
    """What the file holds, with the place of everything: JSON is YAML too, but for its tabs, which
    can only stand between its parts. Raises `Fault` where it cannot be read."""
    text = _text(file)
    try:
        if file.suffix == ".json":
            _refuse_what_is_not_json(file, text)
            text = text.replace("\t", " ")
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise _not_yaml(file, error) from None
    except RecursionError:
        raise Fault(f"{file} is nested too deeply. Fix: correct its brackets.") from None


def repeated(file: Path) -> list[Repeated]:
    """Every key that an object of the file has more than once: of its values the last one would
    hold, and the others do nothing. Raises `Fault` where the file cannot be read."""
    return [*_repeated(node(file), set())]


def line_of(found: yaml.Node | None, way: Sequence[object]) -> int:
    """The line of what a way of keys and positions leads to, or of the last that is there."""
    line = 1
    for step in way:
        key, found = _step(found, step)
        if key is None:
            break
        line = key.start_mark.line + 1
    return line


def _repeated(found: yaml.Node | None, seen: set[int]) -> Iterator[Repeated]:
    if found is None or id(found) in seen:  # An alias leads to a node a second time.
        return
    seen.add(id(found))
    if isinstance(found, yaml.MappingNode):
        first: dict[str, int] = {}
        for key, value in found.value:
            line = key.start_mark.line + 1
            if isinstance(key, yaml.ScalarNode):
                if key.value in first:
                    yield Repeated(key.value, line, first[key.value])
                first.setdefault(key.value, line)
            yield from _repeated(value, seen)
    elif isinstance(found, yaml.SequenceNode):
        for each in found.value:
            yield from _repeated(each, seen)


def _step(found: yaml.Node | None, step: object) -> tuple[yaml.Node | None, yaml.Node | None]:
    """Where a key or a position stands, and what it holds."""
    if isinstance(found, yaml.MappingNode):
        # Of several with one name the last one counts.
        for key, value in reversed(found.value):
            if key.value == step:
                return key, value
    if isinstance(found, yaml.SequenceNode) and isinstance(step, int) and step < len(found.value):
        return found.value[step], found.value[step]
    return None, None


def _not_yaml(file: Path, error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None)
    where = f", line {mark.line + 1}" if mark else ""
    what = "JSON" if file.suffix == ".json" else "YAML"
    problem = getattr(error, "problem", None) or "it cannot be read"
    return Fault(f"{file}{where}: this is not plain {what}: {problem}. Fix: correct it.")


def _refuse_what_is_not_json(file: Path, text: str) -> None:
    """Raises `Fault` for what only YAML allows: comments, a comma at the end. The engine and
    editors refuse it under this name. An empty file sets nothing."""
    if text.startswith(_BYTE_ORDER_MARK):
        raise Fault(
            f"{file} begins with a byte order mark, which JSON does not allow. Fix: save it as "
            "UTF-8 without one."
        )
    if not text.strip():
        return
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        raise Fault(
            f"{file}, line {error.lineno}: this is not JSON: {error.msg}. Fix: correct it, or name "
            "the file .yaml for comments."
        ) from None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text in UTF-8"
        raise Fault(f"{file} cannot be read: {reason}. Fix: name a JSON or YAML file.") from None
