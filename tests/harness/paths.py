"""Property paths: what `ignoreChanges` names, and what is put back for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_STEP = re.compile(r"""\[(?:"((?:[^"\\]|\\.)*)"|(\d+)|(\*))\]|([^.\[\]]+)""")
_MISSING = object()


def parsed(path: str) -> list[str | int]:
    """The steps of a path like `tags.Name`, `rules[0].priority`, `tags["a.b"]` or `*`."""
    return list(_steps(path))


def _steps(path: str) -> Iterator[str | int]:
    for quoted, number, star, name in _STEP.findall(path):
        yield int(number) if number else (quoted.replace('\\"', '"') or star or name)


def put_back(news: Mapping[str, Any], olds: Mapping[str, Any], paths: list[str]) -> dict[str, Any]:
    """The new inputs with the old ones at the paths, absent where the old ones were."""
    found: Any = dict(news)
    for path in paths:
        found = _reset(found, olds, parsed(path))
    return dict(found)


def _reset(new: Any, old: Any, steps: list[str | int]) -> Any:
    if not steps:
        return old
    step, rest = steps[0], steps[1:]
    if isinstance(new, Mapping) and isinstance(old, Mapping):
        keys = sorted({*new, *old}) if step == "*" else [str(step)]
        made = dict(new)
        for key in keys:
            value = _reset(new.get(key, _MISSING), old.get(key, _MISSING), rest)
            if value is _MISSING:
                made.pop(key, None)
            else:
                made[key] = value
        return made
    if isinstance(new, list) and isinstance(old, list):
        places = range(min(len(new), len(old))) if step == "*" else [step]
        made_list = list(new)
        for place in places:
            if isinstance(place, int) and place < min(len(new), len(old)):
                made_list[place] = _reset(new[place], old[place], rest)
        return made_list
    return new
