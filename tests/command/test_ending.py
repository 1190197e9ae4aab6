"""What is left of a run that is ended from outside: nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.command import ROOT

CLI = f"""\
#!{sys.executable}
import os, time
from pathlib import Path

Path("engine.pid").write_text(str(os.getpid()))
time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_neither_files_nor_the_engine_are_left(tmp_path: Path, number: signal.Signals) -> None:
    scratch, folder = tmp_path / "scratch", tmp_path / "program"
    for each in (scratch, folder):
        each.mkdir()
    (folder / "pulumi").write_text(CLI, encoding="utf-8")
    (folder / "pulumi").chmod(0o755)
    env = {
        **os.environ,
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(scratch),
    }
    command = [sys.executable, "-m", "aws_dr_preflight", "preview"]
    # A parent may have it ignored, as nohup has; a command in a terminal has not.
    default = f"import os, signal, sys; signal.signal({int(number)}, signal.SIG_DFL); "
    start = [sys.executable, "-c", default + "os.execv(sys.argv[1], sys.argv[1:])", *command]
    if number is signal.SIGINT:
        start[2] = start[2].replace("SIG_DFL", "default_int_handler")
    with subprocess.Popen(start, cwd=folder, env=env, stderr=subprocess.DEVNULL) as process:
        said = folder / "engine.pid"
        while not (said.exists() and said.read_text()) and process.poll() is None:
            time.sleep(0.05)
        assert [*scratch.iterdir()]
        process.send_signal(number)
        assert process.wait(timeout=60) != 0
    assert [*scratch.iterdir()] == []
    with pytest.raises(ProcessLookupError):
        os.kill(int(said.read_text()), 0)
