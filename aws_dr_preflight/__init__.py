"""The command `aws-dr-preflight`: the pack without a clone, from a wheel that holds both.

In the wheel the pack is the folder `pack` beside this file; in the repository it is the repository
itself. Either way its modules are found from that folder, as they are when the engine starts it.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).resolve().parent

PACK: Final = _HERE / "pack" if (_HERE / "pack").is_dir() else _HERE.parent
"""The folder with the pack's PulumiPolicy.yaml."""


def main() -> None:
    """Run the command; the process ends with its exit code."""
    _end_in_good_order()
    if str(PACK) not in sys.path:
        sys.path.insert(0, str(PACK))
    try:
        # Their imports need the path above.
        from offline.stubs import stubs_alone  # noqa: PLC0415

        stubs_alone()  # The command itself asks for nothing else of the SDK.
        from .cli import command  # noqa: PLC0415
    except KeyboardInterrupt:  # Later it is the command's own affair.
        sys.exit(130)
    command(prog_name="aws-dr-preflight")


def _end_in_good_order() -> None:
    """Let what ends the command also end the engine, and remove the files of the run: they hold
    settings of the program."""
    for each in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(each) is signal.SIG_DFL:
            signal.signal(each, lambda number, _: sys.exit(128 + number))
