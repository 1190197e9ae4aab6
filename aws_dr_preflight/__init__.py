"""The command `aws-dr-preflight`: the pack without a clone, from a wheel that holds both.

In the wheel the pack is the folder `pack` beside this file; in the repository it is the repository
itself. Either way its modules are found from that folder, as they are when the engine starts it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).resolve().parent

PACK: Final = _HERE / "pack" if (_HERE / "pack").is_dir() else _HERE.parent
"""The folder with the pack's PulumiPolicy.yaml."""


def main() -> None:
    """Run the command; the process ends with its exit code."""
    if str(PACK) not in sys.path:
        sys.path.insert(0, str(PACK))
    # Their imports need the path above.
    from offline.stubs import stubs_alone  # noqa: PLC0415

    stubs_alone()  # The command itself asks for nothing else of the SDK.
    from .cli import command  # noqa: PLC0415

    command(prog_name="aws-dr-preflight")
