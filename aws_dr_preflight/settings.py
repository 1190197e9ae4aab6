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
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import yaml

from policies import RULES
from policies.serving import configuration

from . import config_file
from .config_file import line_of
from .errors import Fault

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

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
    said = config_file.load(file)
    said.pop(_SCHEMA, None)
    return said


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
    data, node = load(file), config_file.node(file)
    misshapen = _all_misshapen(data)
    sound = {
        name: {key: value for key, value in said.items() if (key,) not in {w[:1] for w, _ in bad}}
        for (name, bad), said in zip(misshapen.items(), data.values(), strict=True)
        if isinstance(said, Mapping)
    }
    found = [*_strangers(data, node), *_without_effect(sound, node, today)]
    return sorted({*found, *_placed(misshapen, node), *_twice(file)})


def refused(file: Path) -> list[Mistake]:
    """What must not go to the engine, by lines: what it refuses, as it then runs nothing, and names
    no line; and what it would read past. Raises `Fault` where the file cannot be read."""
    placed = _placed(_all_misshapen(load(file)), config_file.node(file))
    return sorted({*placed, *_twice(file)})


def _twice(file: Path) -> Iterator[Mistake]:
    for each in config_file.repeated(file):
        yield Mistake(
            each.line,
            f"{each.key} is set in line {each.first} already. Fix: make one of both.",
        )


_Misshapen = Mapping[str, Sequence[tuple[tuple[object, ...], str]]]
"""By policy, the way to what the schema does not allow, and what is wrong with it."""


def _all_misshapen(data: Mapping[str, Any]) -> _Misshapen:
    return {name: [*_misshapen(name, said)] for name, said in data.items()}


def _placed(misshapen: _Misshapen, node: yaml.Node | None) -> Iterator[Mistake]:
    for name, several in misshapen.items():
        for way, text in several:
            yield Mistake(line_of(node, (name, *way)), text)


def _strangers(data: Mapping[str, Any], node: yaml.Node | None) -> Iterator[Mistake]:
    known = {rule.name for rule in RULES} | configuration.ENGINE_KEYS
    for name in data:
        if name not in known:
            (text,) = configuration.unknown_policies([name], RULES)
            yield Mistake(line_of(node, (name,)), text)


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
            yield way, f"{_spelled((name, *way))}: {_in_words(error)}"


@cache
def _validators() -> Mapping[str, Draft202012Validator]:
    """What an object of settings must be like, by policy."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - it takes long to load

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
            yield Mistake(line_of(node, (name, *_named_in(problem, raw.get(name, {})))), problem)


def _named_in(problem: str, said: Mapping[str, Any]) -> Iterator[str]:
    """The key of a policy's settings that a problem is about, where it names one."""
    for key in sorted(said, key=len, reverse=True):
        if problem.startswith(f"{key}:") or f'"{key}"' in problem:
            yield key
            return
    if "exemption" in problem and configuration.EXEMPTIONS in said:
        yield configuration.EXEMPTIONS


def _spelled(way: Sequence[object]) -> str:
    """A way of keys and positions: subnet-cidr.exemptions, entry 2, expires"""
    name, *rest = (f"entry {each + 1}" if isinstance(each, int) else str(each) for each in way)
    keys = 0
    while keys < len(rest) and isinstance(way[keys + 1], str):
        keys += 1
    return ", ".join([".".join([name, *rest[:keys]]), *rest[keys:]])


def _in_words(error: ValidationError) -> str:
    """What is wrong with a value, and what it should be."""
    value = json.dumps(error.instance, ensure_ascii=False)
    wanted: Any = error.validator_value
    has: Any = error.instance
    match error.validator:
        case "type":
            return f"{value} should be {_KINDS.get(str(wanted), wanted)}."
        case "enum":
            return f"{value} should be one of {', '.join(map(str, wanted))}."
        case "pattern":
            return f"{value} is no date. Fix: write it as YYYY-MM-DD."
        case "minLength":
            return "it should not be empty."
        case "required":
            missing = [each for each in wanted if each not in has]
            return f"it has no {' and no '.join(missing)}."
        case "additionalProperties":
            known = [*cast(Any, error.schema)["properties"]]
            return " ".join(
                configuration.unknown_key(each, known) for each in has if each not in known
            )
    return f"{error.message}."


_KINDS: Final = {
    "array": "a list",
    "object": "an object",
    "string": "a text",
}
"""What the types of JSON Schema are called here."""
