"""Virtual environments without the seconds that it takes to install pip into each."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path
from typing import Final

_PYTHON: Final = """\
#!/bin/sh
if [ "$1 $2" != "-m venv" ]; then exec "{python}" "$@"; fi
"{python}" -m venv --without-pip "$3"
site=$("$3/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
echo "{site}" > "$site/tests.pth"
"""


def quick_python(folder: Path) -> Path:
    """Write a `python3` into the folder whose virtual environments find what the tests have, pip
    among it, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    python = folder / "python3"
    site = sysconfig.get_path("purelib")
    python.write_text(_PYTHON.format(python=sys.executable, site=site), encoding="utf-8")
    python.chmod(0o755)
    return python
