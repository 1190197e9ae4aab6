"""JSON documents as the CLI writes them: one a line, or one over many lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

HOW_TO_MAKE: Final = (
    "run `PULUMI_DEBUG_COMMANDS=true pulumi preview --policy-pack DIR --event-log FILE` and give "
    "FILE."
)

_SPACE = re.compile(r"\s*")


class InputError(Exception):
    """Nothing can be reported; the text names what is wrong and what to do."""


def documents(source: str, data: bytes) -> Iterator[Mapping[str, object]]:
    """Every JSON object in `data`, whether it takes one line or many. Raises InputError."""
    try:
        # Windows PowerShell writes UTF-16 when it redirects output.
        text = data.decode(json.detect_encoding(data))
    except UnicodeDecodeError as error:
        raise InputError(
            f"{source} is not text ({error}). Fix: give the engine's events as the CLI wrote them."
        ) from error
    decoder = json.JSONDecoder()
    position = _skip(text, 0)
    if position == len(text):
        raise InputError(f"{source} is empty. Fix: {HOW_TO_MAKE}")
    while position < len(text):
        try:
            document, end = decoder.raw_decode(text, position)
        except json.JSONDecodeError as error:
            raise InputError(_not_json(source, text, position)) from error
        if not isinstance(document, Mapping):
            raise InputError(_not_json(source, text, position))
        yield document
        position = _skip(text, end)


def _skip(text: str, position: int) -> int:
    """The position of the next character that is no space."""
    found = _SPACE.match(text, position)
    return found.end() if found else position


def _not_json(source: str, text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    rest = text[position:].rstrip()
    if rest.startswith("{") and "\n" not in rest:
        return (
            f"{source} is cut short in line {line}: the engine or the copy of the file was stopped "
            "while it was written. Fix: run the command again and let it end."
        )
    return (
        f"{source} is not JSON lines: line {line} is {rest.splitlines()[0][:60]!r}. Fix: give what "
        "the CLI wrote to --event-log, or its --json output alone (without 2>&1)."
    )
