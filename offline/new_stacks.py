"""What `pulumi stack init` leaves, kept for the next stack of the same name: the CLI takes a third
of a second for it, most of that to derive a key from the passphrase."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import yaml

from offline.paths import appearing_whole, lock_of, locked
from offline.progress import Report

_SALT: Final = "encryptionsalt"
"""What the settings of a stack then hold: with the passphrase it gives the key of its secrets."""


def make_stack(
    kept: Path, state: Path, settings: Path, make: Callable[[], object], progress: Report
) -> None:
    """Let `state`, an empty folder, hold a stack without resources, and its file of settings what
    the CLI keeps there.

    kept: where the like of it was put the first time, or is now. make: has the CLI make it.
    """
    if not kept.is_dir():
        make()
        salt = _read(settings).get(_SALT)
        if salt and any(state.iterdir()):
            with locked(lock_of(kept), progress):
                if not kept.is_dir():
                    with appearing_whole(kept) as place:
                        shutil.copytree(state, place / "state")
                        (place / "salt").write_text(str(salt), encoding="utf-8")
        return
    shutil.copytree(kept / "state", state, dirs_exist_ok=True)
    salt = (kept / "salt").read_text(encoding="utf-8")
    settings.write_text(yaml.safe_dump({_SALT: salt, **_read(settings)}), encoding="utf-8")


def name_for(cli: Path, project: str, stack: str) -> str:
    """What to call what is kept of a stack that a CLI made."""
    about = cli.resolve().stat()
    text = "\n".join((str(about.st_size), str(about.st_mtime_ns), project, stack))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _read(settings: Path) -> dict[str, object]:
    found = yaml.safe_load(settings.read_text(encoding="utf-8"))
    return dict(found) if isinstance(found, dict) else {}
