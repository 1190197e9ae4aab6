"""A language host as a process of this one, whose output the engine is told."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from offline.progress import end_group

_SECONDS_TO_START: Final = 60.0
_SECONDS_TO_DRAIN: Final = 2.0


class HostError(Exception):
    """A language host did not start; the text says which."""


class HostProcess:
    """A language host that runs, at `address`. What it and its program print goes to the engine,
    which would have read it itself had it started the host.

    executable: the host. env: its environment. engine: the engine's address. Raises HostError.
    """

    def __init__(self, executable: Path, env: Mapping[str, str], engine: str) -> None:
        self._process = subprocess.Popen(
            [str(executable), engine],
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        is_there, _, _ = select.select([self._process.stdout], [], [], _SECONDS_TO_START)
        port = self._process.stdout.readline().strip() if is_there else b""
        if not port.isdigit():
            end_group(self._process)
            said = self._process.stderr.read().decode(errors="replace").strip()
            raise HostError(f"{executable} did not start: {said or 'it told no port'}")
        self.address = f"127.0.0.1:{int(port)}"
        self._channel = grpc.insecure_channel(engine)
        self._engine = engine_pb2_grpc.EngineStub(self._channel)
        self._pumps = (
            _Pump(self._process.stdout.fileno(), lambda text: self._tell(text, 1)),
            _Pump(self._process.stderr.fileno(), lambda text: self._tell(text, 2)),
        )

    def _tell(self, text: str, stream: int) -> None:
        said = engine_pb2.LogRequest(severity=engine_pb2.INFO, message=text, streamId=stream)
        with contextlib.suppress(grpc.RpcError, ValueError):  # The engine has gone.
            self._engine.Log(said)

    def drain(self) -> None:
        """Wait until the engine has been told all that was printed so far."""
        until = time.monotonic() + _SECONDS_TO_DRAIN
        while not all(each.is_idle() for each in self._pumps) and time.monotonic() < until:
            time.sleep(0.005)

    def stop(self) -> None:
        """End it and what it started."""
        end_group(self._process)
        self._channel.close()


class _Pump:
    """Hands on what can be read from a pipe, line by line, until it is closed."""

    def __init__(self, pipe: int, sink: Callable[[str], None]) -> None:
        self._pipe = pipe
        self._sink = sink
        self._is_busy = threading.Lock()
        self._has_ended = False
        threading.Thread(target=self._follow, daemon=True).start()

    def is_idle(self) -> bool:
        """Whether there is nothing to hand on just now."""
        if self._has_ended:
            return True
        if self._is_busy.locked() or select.select([self._pipe], [], [], 0)[0]:
            return False
        return not self._is_busy.locked()

    def _follow(self) -> None:
        rest = b""
        with contextlib.suppress(OSError):
            while select.select([self._pipe], [], []):
                with self._is_busy:
                    found = os.read(self._pipe, 1 << 16)
                    *lines, rest = (rest + found).split(b"\n")
                    if not found and rest:
                        lines.append(rest)
                    for line in lines:
                        if line.strip():
                            self._sink(line.decode(errors="replace") + "\n")
                if not found:
                    break
        self._has_ended = True
