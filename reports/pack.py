"""This pack, as its manifest describes it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

NAME = "aws-dr-preflight"

_MANIFEST = Path(__file__).resolve().parents[1] / "PulumiPolicy.yaml"


def version() -> str:
    return _manifest()["version"]


def website() -> str:
    return _manifest()["website"]


@cache
def _manifest() -> dict[str, str]:
    content = yaml.safe_load(_MANIFEST.read_text(encoding="utf-8"))
    return {key: str(content[key]) for key in ("version", "website")}
