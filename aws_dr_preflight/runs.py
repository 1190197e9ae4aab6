"""Runs `pulumi` with the pack, and keeps what it says: events, and where resources are declared.

A preview in JSON tells the lines of the program, the terminal's does not; so the preview runs in
JSON, with a line of progress, and the engine's events are then shown as the terminal would have
shown them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from offline.progress import end_group, running
from policies.exports.export import SECRET, SIGNATURE
from policies.serving.records import VARIABLE as RECORD

from .errors import Fault

_DEBUG: Final = {"PULUMI_DEBUG_COMMANDS": "true"}
"""Lets the CLI write its events to a file, and show them again."""

_DISPLAY: Final = (
    "--diff",
    "--show-config",
    "--show-reads",
    "--show-replacement-steps",
    "--show-sames",
    "--suppress-outputs",
)
"""Arguments of a preview that say how it is shown."""

_HIDDEN: Final = "[secret]"
"""What the CLI writes into its events in the place of a secret."""

_EVERY: Final = 60.0
"""After how many seconds a log is told again that a preview goes on."""


@dataclass(frozen=True)
class Outcome:
    """What a run of the engine left: its exit code and the files that it wrote. `documents` holds
    what tells where resources are declared, `record` what the pack says beside its findings."""

    code: int
    events: Path
    documents: Path
    record: Path


def pulumi(or_else: str = "") -> str:
    """The CLI on PATH. Raises `Fault` where there is none; `or_else`: what there is to do without
    it."""
    found = shutil.which("pulumi")
    if found is None:
        raise Fault(
            "there is no `pulumi` on PATH. Fix: install it (https://www.pulumi.com/docs/install/)"
            f"{or_else}."
        )
    return found


def preview(
    command: Sequence[str],
    workdir: Path,
    *,
    env: Mapping[str, str] = os.environ,
    cwd: Path | None = None,
) -> Outcome:
    """Run a `pulumi preview`, and show on the terminal what it said when it has ended."""
    events, documents = workdir / "events.jsonl", workdir / "preview.json"
    record = workdir / "record.json"
    own = {**env, **_DEBUG, RECORD: str(record)}
    with documents.open("wb") as out:
        code = _watched(
            [*command, "--json", "--non-interactive", "--event-log", str(events)],
            events,
            env=own,
            cwd=cwd,
            stdout=out,
        )
    if events.exists() and events.stat().st_size:
        _show(shutil.which(command[0], path=own.get("PATH")) or command[0], events, own, command)
    else:
        sys.stderr.write(_reason(documents))
    return Outcome(code, events, documents, record)


def analyze(
    command: Sequence[str],
    export: Path,
    workdir: Path,
    *,
    called: str,
    env: Mapping[str, str] = os.environ,
) -> Outcome:
    """Run a `pulumi policy analyze` of an export; its events say all that it has to tell. `called`
    is what people call the export, which is a file of ours."""
    events, record = workdir / "events.jsonl", workdir / "record.json"
    words = [*command, "--file", str(export), "--json"]
    own = {**env, RECORD: str(record)}
    with (
        events.open("wb") as out,
        subprocess.Popen(
            words, stdout=out, stderr=subprocess.PIPE, env=own, text=True, errors="replace"
        ) as process,
    ):
        for line in process.stderr or ():
            _say(line.replace(str(export), called))
    return Outcome(process.returncode, events, export, record)


def export(executable: str, stack: str, target: Path) -> None:
    """Write the state of a stack, as `pulumi stack export` does. Raises `Fault` with its reason."""
    command = [executable, "stack", "export", "--stack", stack, "--file", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Fault(f"`pulumi stack export --stack {stack}` failed: {done.stderr.strip()}")


def _watched(command: Sequence[str], events: Path, **how: Any) -> int:
    """Run a command, saying how far it is while it runs; Ctrl-C ends it in its own good order."""
    ended = threading.Event()
    teller = threading.Thread(target=_tell, args=(events, ended), daemon=True)
    with running(command, **how) as process:
        teller.start()
        try:
            return process.wait()
        except KeyboardInterrupt:
            end_group(process, grace=30.0)
            return process.wait()
        finally:
            ended.set()
            teller.join()


def _tell(events: Path, ended: threading.Event) -> None:
    """How far a preview is: on a terminal a line that counts the resources and the seconds, and
    elsewhere, as in a pipeline's log, a line a minute."""
    begun = time.monotonic()
    is_terminal = sys.stderr.isatty()
    if not is_terminal:
        _say("Previewing ...\n")
    while not ended.wait(0.5 if is_terminal else _EVERY):
        seconds = time.monotonic() - begun
        said = f"Previewing ... {_count(events)} resources, {seconds:.0f} s"
        _say(f"\r{said} " if is_terminal else f"{said}\n")
    if is_terminal:
        _say("\r\x1b[K")


def _say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def _count(events: Path) -> int:
    try:
        return events.read_bytes().count(b'"resourcePreEvent"')
    except OSError:
        return 0


def _show(executable: str, events: Path, env: Mapping[str, str], previewed: Sequence[str]) -> None:
    """Show a preview's events as the command would have done it that made them."""
    shown = events.with_name("shown.jsonl")
    with events.open(encoding="utf-8") as lines, shown.open("w", encoding="utf-8") as out:
        out.writelines(map(_with_secrets, lines))
    coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    command = [executable, "replay-events", "update", str(shown), "--preview"]
    command += ["--non-interactive", "--color", "always" if coloured else "never"]
    command += [each for each in previewed if each.partition("=")[0] in _DISPLAY]
    sys.stdout.flush()
    subprocess.run(command, env=env, check=False)


def _with_secrets(line: str) -> str:
    """An event whose secrets the CLI can show. It writes `[secret]` in the place of what it
    encrypts, cannot read that again, and leaves out everything beside it: a stack with one secret
    output is shown without outputs."""
    if _HIDDEN not in line:
        return line
    return json.dumps(json.loads(line, object_hook=_readable), ensure_ascii=False) + "\n"


def _readable(value: dict[str, Any]) -> dict[str, Any]:
    if value.get(SIGNATURE) == SECRET and value.get("ciphertext") == _HIDDEN:
        return {SIGNATURE: SECRET, "plaintext": json.dumps(_HIDDEN)}
    return value


def _reason(documents: Path) -> str:
    """Why a preview never began, as the CLI said it in JSON."""
    text = documents.read_text(encoding="utf-8", errors="replace")
    try:
        said = json.loads(text)
    except ValueError:
        return text
    diagnostics = said.get("diagnostics", []) if isinstance(said, Mapping) else []
    return "".join(f"{each.get('message', '')}\n" for each in diagnostics)
