"""The configuration file of a repository: found by itself, checked with the place of each mistake.

It holds what `--policy-pack-config` takes, as JSON or YAML, and may name its schema under
`$schema`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import yaml

from policies import RULES
from policies.serving import configuration

from .errors import Fault

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

NAMES: Final = ("aws-dr-preflight.json", "aws-dr-preflight.yaml", "aws-dr-preflight.yml")
_SCHEMA: Final = "$schema"
_LEVELS: Final = ("advisory", "mandatory", "remediate", "disabled")


class Mistake(NamedTuple):
    """What is wrong in a configuration file; `line` counts from 1."""

    line: int
    text: str


def find(folder: Path) -> Path | None:
    """The configuration file of a program: in its folder, or in one above it up to the root of the
    repository. Raises `Fault` where one folder has two."""
    for each in (folder, *folder.parents):
        found = [each / name for name in NAMES if (each / name).is_file()]
        if len(found) > 1:
            names = " and ".join(file.name for file in found)
            raise Fault(f"{each} has {names}. Fix: keep one of them.")
        if found:
            return found[0]
        if (each / ".git").exists():
            return None
    return None


def load(file: Path) -> dict[str, Any]:
    """What the file sets, as the engine takes it. Raises `Fault` where it cannot be read; whether
    it makes sense is for `mistakes`, and for the pack itself."""
    if _node(file) is None:
        return {}
    read = json.loads if file.suffix == ".json" else yaml.safe_load
    data = read(_text(file))
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise Fault(
            f"{file} should hold an object. Fix: write {{}} with policies by name in it; "
            "`aws-dr-preflight list` has the names."
        )
    plain: dict[str, Any] = json.loads(json.dumps(data, default=str))  # A date is a text.
    plain.pop(_SCHEMA, None)
    return plain


def schema() -> dict[str, Any]:
    """The JSON Schema of the file."""
    level = {"enum": list(_LEVELS)}
    policies = {
        rule.name: {
            "description": rule.description,
            "anyOf": [
                level,
                {
                    "type": "object",
                    "properties": {
                        "enforcementLevel": {**level, "default": rule.level.value},
                        **configuration.schema(rule),
                    },
                    "additionalProperties": False,
                },
            ],
        }
        for rule in RULES
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration of aws-dr-preflight",
        "type": "object",
        "properties": {
            _SCHEMA: {"type": "string"},
            "all": {**level, "description": "The level of all policies that are not named."},
            **policies,
        },
        "additionalProperties": False,
    }


def mistakes(file: Path, today: date) -> list[Mistake]:
    """Everything that is wrong in the file, by lines. Raises `Fault` where it cannot be read."""
    data, node = load(file), _node(file)
    misshapen = _all_misshapen(data)
    sound = {
        name: {key: value for key, value in said.items() if (key,) not in {w[:1] for w, _ in bad}}
        for (name, bad), said in zip(misshapen.items(), data.values(), strict=True)
        if isinstance(said, Mapping)
    }
    found = [*_strangers(data, node), *_without_effect(sound, node, today)]
    return sorted({*found, *_placed(misshapen, node)})


def refused(file: Path) -> list[Mistake]:
    """What the engine itself refuses, by lines: it then runs nothing, and names no line. Raises
    `Fault` where the file cannot be read."""
    return sorted(set(_placed(_all_misshapen(load(file)), _node(file))))


_Misshapen = Mapping[str, Sequence[tuple[tuple[object, ...], str]]]
"""By policy, the way to what the schema does not allow, and what is wrong with it."""


def _all_misshapen(data: Mapping[str, Any]) -> _Misshapen:
    return {name: [*_misshapen(name, said)] for name, said in data.items()}


def _placed(misshapen: _Misshapen, node: yaml.Node | None) -> Iterator[Mistake]:
    for name, several in misshapen.items():
        for way, text in several:
            yield Mistake(_line(node, (name, *way)), text)


def _strangers(data: Mapping[str, Any], node: yaml.Node | None) -> Iterator[Mistake]:
    known = {rule.name for rule in RULES} | configuration.ENGINE_KEYS
    for name in data:
        if name not in known:
            (text,) = configuration.unknown_policies([name], RULES)
            yield Mistake(_line(node, (name,)), text)


def _misshapen(name: str, said: object) -> Iterator[tuple[tuple[object, ...], str]]:
    """What the schema does not allow, each with the way to it. Options that do not exist are told
    by the pack, which knows the nearest ones."""
    if isinstance(said, str) and said in _LEVELS:
        return
    if not isinstance(said, Mapping):
        yield (), f"{name} should be a level ({', '.join(_LEVELS)}) or an object."
        return
    validator = _validators().get(name)
    for error in validator.iter_errors(said) if validator else ():
        way = tuple(error.absolute_path)
        if error.validator != "additionalProperties" or way:
            yield way, f"{_spelled((name, *way))}: {error.message}"


@cache
def _validators() -> Mapping[str, Draft202012Validator]:
    """What an object of settings must be like, by policy."""
    # Where all that checks formats is installed beside it, which is not asked here, it takes two
    # seconds.
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - of use to such an object alone

    return {
        name: Draft202012Validator(said["anyOf"][1])
        for name, said in schema()["properties"].items()
        if "anyOf" in said
    }


def _without_effect(
    data: Mapping[str, Mapping[str, Any]], node: yaml.Node | None, today: date
) -> Iterator[Mistake]:
    """What the pack itself says of it in a preview."""
    raw = {
        name: {key: value for key, value in said.items() if key != "enforcementLevel"}
        for name, said in data.items()
    }
    for name, found in configuration.read_all(RULES, raw, today).items():
        for problem in found.problems:
            yield Mistake(_line(node, (name, *_named_in(problem, raw.get(name, {})))), problem)


def _named_in(problem: str, said: Mapping[str, Any]) -> Iterator[str]:
    """The key of a policy's settings that a problem is about, where it names one."""
    for key in sorted(said, key=len, reverse=True):
        if problem.startswith(f"{key}:") or f'"{key}"' in problem:
            yield key
            return
    if "exemption" in problem and configuration.EXEMPTIONS in said:
        yield configuration.EXEMPTIONS


def _spelled(way: Sequence[object]) -> str:
    return ".".join(str(each) if isinstance(each, str) else f"[{each}]" for each in way)


def _line(node: yaml.Node | None, way: Sequence[object]) -> int:
    """The line of what a way of keys and positions leads to, or of the last that is there."""
    line = 1
    for step in way:
        key, node = _step(node, step)
        if key is None:
            break
        line = key.start_mark.line + 1
    return line


def _step(node: yaml.Node | None, step: object) -> tuple[yaml.Node | None, yaml.Node | None]:
    """Where a key or a position stands, and what it holds."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None, None


def _node(file: Path) -> yaml.Node | None:
    """What the file holds, with the place of everything: JSON is YAML too, but for its tabs, which
    can only stand between its parts."""
    text = _text(file)
    if file.suffix == ".json":
        _refuse_what_is_not_json(file, text)
        text = text.replace("\t", " ")
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        what = "JSON" if file.suffix == ".json" else "YAML"
        problem = getattr(error, "problem", None) or "it cannot be read"
        raise Fault(f"{file}{where}: this is not {what}: {problem}.") from None


def _refuse_what_is_not_json(file: Path, text: str) -> None:
    """Raises `Fault` for what only YAML allows: comments, a comma at the end. The engine and
    editors refuse it under this name. An empty file sets nothing."""
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
