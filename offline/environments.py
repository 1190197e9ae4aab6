"""Environments of installed packages, kept in the user's cache and made once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from offline.paths import cache_root, lock_of, locked, remove_tree
from offline.progress import Report, ticking


def directory_of(room: str, parts: Sequence[str]) -> Path:
    """Where the environment that these texts tell from others lies, in a room of the cache."""
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    return cache_root() / room / key


def ready(target: Path, doing: str, install: Callable[[Path, Path], None], report: Report) -> Path:
    """The environment, made first where it is missing or was only begun.

    install: fills the directory, given it and a file for what it prints; that is left where it
    fails. doing: what progress is reported of, without the place.
    """
    with locked(lock_of(target), report):
        if not (target / "ready").exists():
            remove_tree(target)
            target.mkdir(parents=True)
            log = target.with_suffix(".log")
            with ticking(f"{doing} at {target}", report):
                install(target, log)
            log.unlink(missing_ok=True)
            (target / "ready").touch()
    return target
