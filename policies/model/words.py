"""Lists of words in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_MOST_WORDS: Final = 12


def listed(words: Sequence[str]) -> str:
    """The words in a row: masterUsername, masterPassword and databaseName."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def enumerated(words: Sequence[str]) -> str:
    """subnet a, subnet b and 30 more: a line that can be read whatever its number of words."""
    shown = ", ".join(words[:_MOST_WORDS])
    more = len(words) - _MOST_WORDS
    return f"{shown} and {more} more" if more > 0 else shown
