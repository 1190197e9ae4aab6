"""Programs in Go, built before the engine asks for them, so that minutes of building show."""

from __future__ import annotations

import hashlib
import shutil
from typing import Final

from offline.launcher import GO_PROGRAM
from offline.paths import cache_root, lock_of, locked
from offline.progress import CommandError, Report, run_logged, ticking
from offline.project import Project, ProjectError

INSTALL: Final = "Install Go and put it on PATH."


def go_environment(program: Project, report: Report) -> dict[str, str]:
    """Build a program in Go, and return the environment in which its host finds what was built;
    Go itself sees what it need not build again. Raises ProjectError where it does not compile.

    A program that says where its executable is needs nothing.
    """
    if program.runtime != "go" or program.options.get("binary"):
        return {}
    go = shutil.which("go")
    if go is None:
        raise ProjectError(f"{program.name} is in Go, and there is no `go` on PATH. Fix: {INSTALL}")
    place = program.program_directory
    key = hashlib.sha256(str(place).encode()).hexdigest()[:16]
    target = cache_root() / "go-programs" / key
    log = target.with_suffix(".log")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        note = "" if target.exists() else "the first time takes minutes"
        what = f"Building {program.name} in Go"
        with locked(lock_of(target), report), ticking(what, report, note):
            run_logged([go, "build", "-o", str(target), "."], log=log, cwd=place)
    except (CommandError, OSError) as error:
        raise ProjectError(
            f"{program.name} does not compile.\n{error}\nFix: make `go build` succeed in {place}."
        ) from error
    finally:
        log.unlink(missing_ok=True)
    return {GO_PROGRAM: str(target)}
