"""The file with the settings of a stack, `Pulumi.STACK.yaml`, read without its key."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from offline.project import Project, ProjectError, read_yaml


class Encrypted(NamedTuple):
    """A value in a stack's settings that cannot be read here: its setting's whole key, and where
    it stands in that, as `pulumi config set --path` takes it; empty where it is all of it."""

    key: str
    path: str = ""


def base_config(project: Project, file: Path | None) -> dict[str, Any]:
    """Return the plain values of a stack configuration file.

    Encrypted values cannot be read without the passphrase that they were made with: a setting that
    is one is left out, and one inside of a setting is an empty text.
    """
    return {
        project.full_key(str(key)): _without_encrypted(value)
        for key, value in _configuration(file).items()
        if not _is_encrypted(value)
    }


def encrypted_settings(project: Project, file: Path | None) -> list[Encrypted]:
    """Return which values of a stack configuration file are encrypted."""
    return [
        Encrypted(project.full_key(str(key)), path)
        for key, value in _configuration(file).items()
        for path in _encrypted(value)
    ]


def environments(file: Path | None) -> list[str]:
    """Return the names of the environments (Pulumi ESC) that a stack configuration file takes
    settings from, as far as it names them."""
    named = _document(file).get("environment")
    if isinstance(named, Mapping):
        named = named.get("imports")
    return [str(each) for each in named] if isinstance(named, list) else []


def _is_encrypted(value: object) -> bool:
    return isinstance(value, Mapping) and set(value) == {"secure"}


def _without_encrypted(value: Any) -> Any:
    if _is_encrypted(value):
        return ""
    if isinstance(value, Mapping):
        return {key: _without_encrypted(each) for key, each in value.items()}
    return [_without_encrypted(each) for each in value] if isinstance(value, list) else value


def _encrypted(value: object) -> Iterator[str]:
    """Where encrypted values stand in a value."""
    if _is_encrypted(value):
        yield ""
    elif isinstance(value, Mapping):
        for key, each in value.items():
            for path in _encrypted(each):
                yield f"[{json.dumps(str(key))}]{path}"
    elif isinstance(value, list):
        for position, each in enumerate(value):
            for path in _encrypted(each):
                yield f"[{position}]{path}"


def _configuration(file: Path | None) -> Mapping[Any, Any]:
    """What a stack configuration file sets. Raises ProjectError."""
    config = _document(file).get("config") or {}
    if not isinstance(config, Mapping):
        raise ProjectError(
            f"{file} should hold a mapping under config. Fix: write `KEY: VALUE` there."
        )
    return config


def _document(file: Path | None) -> Mapping[Any, Any]:
    """What a stack configuration file holds; an empty one sets nothing. Raises ProjectError."""
    data = None if file is None or not file.exists() else read_yaml(file)
    if data is not None and not isinstance(data, Mapping):
        raise ProjectError(
            f"{file} should hold a mapping. Fix: write the settings under `config:`."
        )
    return data or {}
