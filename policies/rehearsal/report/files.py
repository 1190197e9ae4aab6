"""Where a report is written, and what is wrong with a place.

The pack runs in its own folder, so a place must be an absolute path. What is wrong with one is said
in a sentence and stops nobody.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Final

from ...model.plain import NamedTuple
from .contents import Report

REQUIREMENTS: Final = Path(__file__).resolve().parents[3] / "requirements-rehearsal.txt"
_NAME: Final = "rehearsal"


class PlaceError(Exception):
    """Why nothing can be written there; the text says what to do."""


class Place(NamedTuple):
    """A file, or a folder for files of every kind."""

    path: Path
    is_folder: bool


def place(said: str) -> Place:
    """Where the text that a user gave leads to."""
    path = Path(said)
    if not path.is_absolute():
        raise PlaceError(
            f"{said} is a relative path, and the pack runs in a folder of its own. Fix: name an "
            "absolute path."
        )
    # Unlike `Path.is_dir`, this raises nothing, however long the path.
    if os.path.isdir(path):  # noqa: PTH112
        return Place(path, is_folder=True)
    if path.suffix.lower() not in _WRITERS:
        raise PlaceError(
            f"{said} is no folder that exists, and its name does not end in "
            f"{', '.join(_WRITERS)}. Fix: name a file with one of these endings, or make the "
            "folder."
        )
    if not os.path.isdir(path.parent):  # noqa: PTH112
        raise PlaceError(f"there is no folder {path.parent}. Fix: make it, or name another one.")
    return Place(path, is_folder=False)


def write(report: Report, to: Place) -> None:
    """Write the report; each file is whole or as it was."""
    rendering = _rendering()
    for path, text in _files(report, to, rendering):
        try:
            _replace(path, text)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise PlaceError(
                f"cannot write {path}: {reason}. Fix: name a place that can be written."
            ) from error


def _files(report: Report, to: Place, rendering: ModuleType) -> Iterator[tuple[Path, str]]:
    if not to.is_folder:
        yield to.path, _WRITERS[to.path.suffix.lower()](rendering, report)
        return
    yield to.path / f"{_NAME}.html", rendering.as_html(report)
    yield to.path / f"{_NAME}.md", rendering.as_markdown(report, pictures=True)
    for each in report.rehearsals:
        yield to.path / f"{_NAME}-{each.lost}.svg", rendering.as_svg(report, each.lost)


_WRITERS: Final[Mapping[str, Callable[[ModuleType, Report], str]]] = {
    ".html": lambda rendering, report: rendering.as_html(report),
    ".md": lambda rendering, report: rendering.as_markdown(report),
    ".svg": lambda rendering, report: rendering.as_svg(report),
}


def _rendering() -> ModuleType:
    try:
        from . import rendering  # noqa: PLC0415 - the template library is needed here alone
    except ModuleNotFoundError as missing:
        raise PlaceError(
            f"there is no Python module {missing.name}. Fix: run `{sys.executable} -m pip install "
            f"-r {REQUIREMENTS}`."
        ) from missing
    return rendering


def _replace(path: Path, text: str) -> None:
    """Put the text in the place of what is there, which stays whole if this fails half-way."""
    target = Path(os.path.realpath(path))
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
