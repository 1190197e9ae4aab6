"""Where things are kept: the user's cache, locks in it, and directories that appear whole."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from offline.progress import Report

REPOSITORY = Path(__file__).resolve().parent.parent


def cache_root(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the directory for what takes long to make and can be made again.

    AWS_DR_PREFLIGHT_CACHE, else `aws-dr-preflight` under XDG_CACHE_HOME, else under ~/.cache.
    """
    own = environ.get("AWS_DR_PREFLIGHT_CACHE")
    if own:
        return Path(own).absolute()
    base = environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base, "aws-dr-preflight").absolute()


def own_home() -> Path:
    """Return the Pulumi home of offline runs: in the repository, and for an installed pack, whose
    folder is not for writing, in the cache."""
    is_repository = (REPOSITORY / "Makefile").exists()
    return REPOSITORY / ".pulumi-home" if is_repository else cache_root() / "pulumi-home"


def lock_of(target: Path) -> Path:
    """Return the lock file for making `target`."""
    return target.with_name(f"{target.name}.lock")


@contextlib.contextmanager
def locked(path: Path, report: Report) -> Iterator[None]:
    """Hold the lock file `path`, waiting for another process that holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report(f"Another process is making {path.stem}; waiting for it ...")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def appearing_whole(target: Path) -> Iterator[Path]:
    """Give a directory to fill; it becomes `target` when the block ends without an exception.

    Nobody ever sees a half-filled `target`, and an interrupted block leaves nothing. To be used
    under a lock: it also clears what a killed predecessor left.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in target.parent.glob(f"{target.name}.partial-*"):
        remove_tree(left)
    partial = Path(tempfile.mkdtemp(prefix=f"{target.name}.partial-", dir=target.parent))
    try:
        yield partial
        partial.chmod(0o755)
        remove_tree(target)
        partial.rename(target)
    finally:
        remove_tree(partial)


def remove_tree(path: Path) -> None:
    """Remove a directory if it exists, read-only parts (Go's module cache) included."""
    if not path.exists():
        return
    for directory, _, _ in os.walk(path):
        with contextlib.suppress(OSError):
            Path(directory).chmod(0o700)
    shutil.rmtree(path, ignore_errors=True)


def write_whole(path: Path, text: str, mode: int = 0o644) -> bool:
    """Make `path` hold `text`; readers see the old or the new file, never a part.

    Returns whether anything had to change.
    """
    with contextlib.suppress(OSError):
        if path.read_text() == text and path.stat().st_mode & 0o777 == mode:
            return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w") as out:
            out.write(text)
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    return True
