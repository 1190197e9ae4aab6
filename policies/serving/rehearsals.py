"""The report of a rehearsal, if the user asks for one: AWS_DR_PREFLIGHT_REHEARSAL says where.

Whatever goes wrong here is one warning: a report never fails a preview. Nothing of it is imported
unless one is asked for, since the pack starts anew at every preview.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from functools import cache
from typing import Final

from ..model import Model
from ..rule import AnyRule
from .evaluation import Evaluation
from .records import warn

VARIABLE: Final = "AWS_DR_PREFLIGHT_REHEARSAL"


def place_asked_for() -> str | None:
    """Where the user wants a report; None where nobody asks for one."""
    return os.environ.get(VARIABLE) or None


def write(
    place: str,
    evaluation: Evaluation,
    model: Model,
    enabled: Sequence[AnyRule],
    *,
    pack: str,
    read_all: Callable[[], None],
    redacted: Callable[[str], str],
) -> None:
    """Write the report on a stack that the enabled policies have looked at. `redacted` takes
    secrets out of a text, once `read_all` has seen which there are."""
    from ..rehearsal.report import contents, files, reading  # noqa: PLC0415 - see above

    try:
        to = files.place(place)
        found = reading.report(evaluation, model, enabled, pack)
        read_all()
        # Most texts, such as the names of kinds, are there many times.
        shown = cache(lambda text: contents.printable(redacted(text)))
        files.write(contents.revised(found, shown), to)
    except files.PlaceError as error:
        warn(f"{VARIABLE}: {error}")
    except Exception as error:  # noqa: BLE001 - a bug in the report must not fail the preview
        # As with rules: the error's own text may hold a secret value.
        traceback.print_tb(error.__traceback__, file=sys.stderr)
        warn(
            f"the report of the rehearsal failed with {type(error).__name__}. This is a bug in the "
            f"policy pack. Fix: report it with the traceback, and unset {VARIABLE} meanwhile."
        )


def warn_of_other_path(place: str | None) -> None:
    """Say that no report is written where the SDK's own path runs the rules: it does not tell which
    values are secret."""
    if place is not None:
        warn(
            f"{VARIABLE}: no report is written, since the SDK's own path does not tell which "
            "values are secret. Fix: use a version of pulumi-policy that the pack knows, and no "
            "policies but its own."
        )
