"""Write down what a run of the property tests tried, in docs/proof.md."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Final

FILE: Final = Path(__file__).resolve().parents[2] / "docs" / "proof.md"
_BEGIN: Final = "<!-- tried: written by `make deep` -->\n"
_END: Final = "<!-- end of tried -->\n"
_SDKS: Final = ("pulumi-policy", "pulumi", "hypothesis")


def recorded(page: str, tried: Mapping[str, int], failed: int, day: date) -> str:
    """The page with a run in it: how often each thing was tried, how many tests failed, and when.

    Raises ValueError where the page has no place for it."""
    before, begin, rest = page.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"{FILE} lacks the lines {_BEGIN.strip()} and {_END.strip()}.")
    versions = ", ".join(f"{name} {version(name)}" for name in _SDKS)
    rows = [f"| {what} | {count:,} |" for what, count in sorted(tried.items())]
    lines = [
        f"Recorded on {day}, with Python {python_version()}, {versions}. "
        f"Tests that failed: {failed or 'none'}.",
        "",
        "| what was tried | number |",
        "| --- | ---: |",
        *rows,
    ]
    return before + begin + "\n".join(lines) + "\n" + end + after
