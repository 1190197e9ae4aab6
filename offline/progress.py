"""Long steps that show that they are alive: one line every few seconds, on a terminal or not."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

Report = Callable[[str], None]
"""Takes one line of progress, without a line end."""

INTERVAL_SECONDS = 5.0
"""How long there is silence at most; after a minute, six times as long."""


def to_stderr(line: str) -> None:
    """Print a progress line where it does not mix with a command's result."""
    print(line, file=sys.stderr, flush=True)


def note(remarks: Sequence[str], report: Report = to_stderr) -> None:
    """Tell what a user should know beside a command's result."""
    for each in remarks:
        report(f"note: {each}")


@contextlib.contextmanager
def ticking(what: str, report: Report, note: str = "") -> Iterator[None]:
    """Report `what` and a note at once, its elapsed seconds every few seconds, and its end."""
    started = time.monotonic()
    done = threading.Event()

    def tick() -> None:
        while not done.wait(_interval(time.monotonic() - started)):
            report(f"{what} ... {time.monotonic() - started:.0f} s")

    report(f"{what}{note and f' ({note})'} ...")
    ticker = threading.Thread(target=tick, daemon=True)
    ticker.start()
    try:
        yield
    finally:
        done.set()
        ticker.join()
    report(f"{what}: done in {time.monotonic() - started:.0f} s")


def _interval(seconds: float) -> float:
    """How long to wait for the next line of what goes on for so many seconds already."""
    return INTERVAL_SECONDS if seconds < 60 else 6 * INTERVAL_SECONDS


class CommandError(Exception):
    """A command ended with an error; the text has the command and the end of what it printed."""


@contextlib.contextmanager
def running(command: Sequence[str], **how: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Start a command in a session of its own; an exception in the block ends all of it."""
    process: subprocess.Popen[bytes] | None = None
    try:
        # A signal while the process is being started would leave it running, known to nobody.
        with _signals_held():
            how = {"stdin": subprocess.DEVNULL, **how}
            process = subprocess.Popen(command, start_new_session=True, **how)
        yield process
    except BaseException:
        if process is not None:
            end_group(process)
        raise


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """Let SIGINT and SIGTERM take effect at the end of the block."""
    if threading.current_thread() is not threading.main_thread():
        # Python runs signal handlers in the main thread only.
        yield
        return
    pending: list[int] = []
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda n, _: pending.append(n)) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
    for caught in pending:
        signal.raise_signal(caught)


def run_logged(
    command: Sequence[str],
    *,
    log: Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> None:
    """Run a command to its end, its output going to the file `log`.

    Whatever interrupts the wait (Ctrl-C, SIGTERM turned into SystemExit) also ends the command and
    everything that it started. Raises CommandError when it exits with an error, OSError when it
    cannot be started.
    """
    with (
        log.open("ab") as sink,
        running(command, cwd=cwd, env=env, stdout=sink, stderr=subprocess.STDOUT) as process,
    ):
        code = process.wait()
    if code:
        tail = log.read_text(errors="replace").splitlines()[-15:]
        raise CommandError(
            "\n".join([f"`{' '.join(command)}` failed with exit code {code}:", *tail])
        )


def end_group(process: subprocess.Popen[bytes], grace: float = 5.0) -> None:
    """End a process that leads a session, and what it started: SIGTERM, then SIGKILL."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(grace)
            return
