"""Read the JSON files of ``policies/data`` without guessing.

In: a file name, or a decoded JSON value and a key. Out: the value in the type that was asked
for. A value of another type raises ``DataFileError``, which names the file's fault in words:
these files are written by hand and by scripts, and a slip in one of them must not turn into a
silent "fine".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

# The pack runs from its own directory and is never installed as a package, so the data is
# found beside the code.
DATA_DIRECTORY = Path(__file__).resolve().parent.parent / "data"


class DataFileError(ValueError):
    """A file of ``policies/data`` does not have the form that the code expects."""


def read(name: str, directory: Path = DATA_DIRECTORY) -> Mapping[str, object]:
    """Return the JSON object that the file ``name`` holds."""
    path = directory / name
    try:
        return mapping(json.loads(path.read_text(encoding="utf-8")), name)
    except (OSError, json.JSONDecodeError) as error:
        raise DataFileError(f"{name} cannot be read: {error}") from error


def mapping(value: object, where: str) -> Mapping[str, object]:
    """Return ``value`` if it is a JSON object."""
    if not isinstance(value, dict):
        raise DataFileError(f"{where} should be an object, it is {value!r}")
    return value


def entries(parent: Mapping[str, object], key: str) -> tuple[Mapping[str, object], ...]:
    """Return the list of objects under ``key``."""
    value = parent.get(key)
    if not isinstance(value, list):
        raise DataFileError(f"{key} should be a list, it is {value!r}")
    return tuple(mapping(item, f"{key}[{index}]") for index, item in enumerate(value))


def text(entry: Mapping[str, object], key: str) -> str:
    """Return the string under ``key``; it may not be empty."""
    value = entry.get(key)
    if not isinstance(value, str) or not value:
        raise DataFileError(f"{key} should be a text in {dict(entry)!r}")
    return value


def optional_text(entry: Mapping[str, object], key: str) -> str | None:
    """Return the string under ``key``, or None where the key is missing or null."""
    return None if entry.get(key) is None else text(entry, key)


def texts(entry: Mapping[str, object], key: str) -> tuple[str, ...]:
    """Return the list of strings under ``key``; empty where the key is missing."""
    value = entry.get(key, [])
    if not isinstance(value, list):
        raise DataFileError(f"{key} should be a list in {dict(entry)!r}")
    found: list[str] = []
    for item in value:
        if not isinstance(item, str):
            raise DataFileError(f"{key} should hold texts only in {dict(entry)!r}")
        found.append(item)
    return tuple(found)


def optional_flag(entry: Mapping[str, object], key: str) -> bool | None:
    """Return the boolean under ``key``, or None where the key is missing or null."""
    value = entry.get(key)
    if value is not None and not isinstance(value, bool):
        raise DataFileError(f"{key} should be true or false in {dict(entry)!r}")
    return value
