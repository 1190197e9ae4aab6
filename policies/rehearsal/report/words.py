"""Words and their widths, as far as a picture has to know them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

_NARROW: Final = frozenset("fijlrtI1.,:;'|!()[]{} -`/\\")
_BROAD: Final = frozenset("mwMW@%")
_ELLIPSIS: Final = "\N{HORIZONTAL ELLIPSIS}"


def plural(noun: str) -> str:
    """buckets, policies, addresses"""
    if re.search(r"[^aeiou]y$", noun):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if re.search(r"(?:s|x|ch|sh)$", noun) else f"{noun}s"


def width_of(text: str, size: float) -> float:
    """About how wide the text is in a proportional font of that size, rather too much."""
    return size * sum(map(_em, text))


def _em(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.05
    if character in _NARROW:
        return 0.36
    if character in _BROAD:
        return 0.9
    return 0.71 if character.isupper() else 0.61


def fitted(text: str, size: float, room: float) -> str:
    """The text, or as much of its beginning and its end as there is room for: the ends of names
    tell the region."""
    if width_of(text, size) <= room:
        return text
    best = _ELLIPSIS
    for kept in _shortened(text):
        if width_of(kept, size) > room:
            break
        best = kept
    return best


def _shortened(text: str) -> Iterator[str]:
    """The text with less and less of its middle left out."""
    for tail in range(1, len(text) // 2 + 1):
        head = min(tail + tail // 2, len(text) - tail)
        yield f"{text[:head]}{_ELLIPSIS}{text[-tail:]}"
