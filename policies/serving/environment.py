"""What a run may be told by environment variables: what concerns all policies, not one of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..model.plain import NamedTuple

MADE_AGAIN: Final = "AWS_DR_PREFLIGHT_MADE_AGAIN"
"""Asks whether the stack could be made again, besides (`again.py`)."""

_YES: Final = frozenset({"1", "true", "yes"})
_NO: Final = frozenset({"", "0", "false", "no"})
_DRY_RUN: Final = "PULUMI_DRY_RUN"
"""Set to "true" in a preview and to "false" in an update where the language host starts the pack
for a stack; where it does not, the engine tells the pack by `ConfigureStack`. In `policy analyze`
nobody tells."""


class Environment(NamedTuple):
    """What is asked for, and what is wrong with how it is."""

    asks_again: bool = False
    is_update: bool = False
    problems: tuple[str, ...] = ()


def read(environ: Mapping[str, str]) -> Environment:
    """What the variables say."""
    said = environ.get(MADE_AGAIN, "").strip().lower()
    problems = () if said in _YES | _NO else (f"{MADE_AGAIN} is neither true nor false.",)
    return Environment(said in _YES, environ.get(_DRY_RUN) == "false", problems)
