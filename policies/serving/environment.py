"""What a run may be told by environment variables: what concerns all policies, not one of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

MADE_AGAIN: Final = "AWS_DR_PREFLIGHT_MADE_AGAIN"
"""Asks whether the stack could be made again, besides (`again.py`)."""

_YES: Final = frozenset({"1", "true", "yes"})
_NO: Final = frozenset({"", "0", "false", "no"})
_DRY_RUN: Final = "PULUMI_DRY_RUN"
"""Set to "true" by the engine in a preview and to "false" in an update, in `policy analyze` not at
all."""


class Environment(NamedTuple):
    """What is asked for, and what is wrong with how it is."""

    asks_again: bool = False
    problems: tuple[str, ...] = ()


def read(environ: Mapping[str, str]) -> Environment:
    """What the variables say. An update makes what the preview has judged already: there the
    question is not asked a second time."""
    said = environ.get(MADE_AGAIN, "").strip().lower()
    if said not in _YES | _NO:
        return Environment(
            problems=(f"{MADE_AGAIN} is neither true nor false, so it does nothing.",)
        )
    return Environment(asks_again=said in _YES and environ.get(_DRY_RUN) != "false")
