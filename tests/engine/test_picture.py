"""The picture in the README shows what the engine prints today."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from offline.engine import Engine
from scripts.terminal_picture import PICTURE, picture


def words(drawing: str) -> list[str]:
    """The text of a drawing, whatever the version of the library that drew it."""
    found = re.findall(r"<text [^>]*>(.*?)</text>", drawing, re.DOTALL)
    return " ".join(unescape(text).replace("\xa0", " ") for text in found).split()


def test_the_picture_is_fresh(engine: Engine, tmp_path: Path) -> None:
    stored = PICTURE.read_text(encoding="utf-8")
    assert words(stored) == words(picture(engine, tmp_path)), "stale: run `make picture`"


def test_the_picture_fetches_nothing() -> None:
    assert "url(http" not in PICTURE.read_text(encoding="utf-8")
