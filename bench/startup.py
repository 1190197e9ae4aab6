"""How long a pack takes from the start of its process to the port on its standard output."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_EMPTY: Final = """
from pulumi_policy import PolicyPack, ResourceValidationPolicy, StackValidationPolicy

PolicyPack(
    "empty",
    [
        ResourceValidationPolicy("resource", "Looks at nothing.", lambda *_: None),
        StackValidationPolicy("stack", "Looks at nothing.", lambda *_: None),
    ],
)
"""
_ENGINE: Final = "127.0.0.1:1"
"""Where the engine would listen; a pack does not call it before it serves."""


@dataclass(frozen=True)
class Start:
    """One start: CPU seconds of the process, and seconds on the clock."""

    cpu: float
    clock: float


def write_empty_pack(folder: Path) -> Path:
    """A pack with one policy of each kind that looks at nothing."""
    folder.mkdir(parents=True)
    (folder / "__main__.py").write_text(_EMPTY)
    (folder / "PulumiPolicy.yaml").write_text("runtime: python\n")
    return folder


def start(pack: Path, bytecode: Path) -> Start:
    """Start a pack as the engine's language host does, and end it once it serves.

    Compiled modules are kept in `bytecode`, as they are in a pack that runs more than once."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "pulumi.policy", _ENGINE, str(pack)],
        cwd=pack,
        env=_environment(bytecode),
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    with process.stdout:
        line = process.stdout.readline()
        clock = time.perf_counter() - began
        process.kill()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if not line.strip().isdigit():
        raise RuntimeError(f"{pack} printed no port but {line!r}")
    return Start(usage.ru_utime + usage.ru_stime, clock)


def _environment(bytecode: Path) -> Mapping[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not _matters(name)}
    return {**inherited, "PYTHONPYCACHEPREFIX": str(bytecode)}


def _matters(name: str) -> bool:
    return name == "PYTHONDONTWRITEBYTECODE" or name.startswith("PULUMI_")
