"""What the scripts that draw a picture do alike."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from offline.engine import Engine


def draw(path: Path, picture: Callable[[Engine, Path], str]) -> int:
    """Draw a picture anew, with the real engine and a folder to work in."""
    with tempfile.TemporaryDirectory(prefix="aws-dr-preflight-") as scratch:
        drawing = picture(Engine.prepare(), Path(scratch))
    path.write_text(drawing, encoding="utf-8")
    print(f"wrote {path.name}")
    return 0
