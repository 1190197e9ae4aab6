"""One preview that somebody asks for, on AWS or without it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from offline.cli import CliError
from offline.engine import Engine, EngineError, pack_arguments
from offline.other_stacks import OutputsError
from offline.previews import UsageError, prepared, refuse_what_cannot_run
from offline.progress import note
from offline.project import ProjectError, is_program, load_program
from offline.standin.install import SdkError
from policies.exports import export
from policies.exports.export import ExportError
from policies.exports.joining import join

from . import runs, settings
from .errors import Fault
from .pack_folder import pack_folder

_FOLDER: Final = ("--cwd", "-C")
_STACK: Final = ("--stack", "-s")
"""Those of pulumi's arguments that mean something without AWS, too."""

_EVENTS: Final = "--event-log"


class Asked(NamedTuple):
    """What is asked for: pulumi's own arguments, settings of the program (KEY=VALUE) and the file
    with those of its stack, what other stacks give out (STACK=FILE), the file of the pack's
    configuration, and whether AWS is left out."""

    arguments: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    config_file: Path | None = None
    offline: bool = False
    stack_config: Path | None = None
    stack_outputs: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """The program's folder: `--cwd DIR` or `-C DIR` among pulumi's arguments, else this one,
        or the nearest above it that has a Pulumi.yaml, as pulumi does it."""
        named = self._value(_FOLDER)
        start = Path.cwd() if named is None else Path(named).resolve()
        return next((each for each in (start, *start.parents) if is_program(each)), start)

    @property
    def stack(self) -> str:
        """The stack that pulumi's arguments name; empty where they name none."""
        return self._value(_STACK) or ""

    @property
    def engines_own(self) -> tuple[str, ...]:
        """The arguments that are for the engine alone: all but those that name the folder or the
        stack."""
        return tuple(
            word
            for name, words in self._parted()
            if name not in (*_FOLDER, *_STACK)
            for word in words
        )

    def _value(self, names: Sequence[str]) -> str | None:
        """What the last of the arguments with one of these names says."""
        found = None
        for name, words in self._parted():
            if name in names:
                found = words[1] if len(words) > 1 else words[0].partition("=")[2]
        return found

    def _parted(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The arguments by name, those of the folder and the stack with their values."""
        words = iter(self.arguments)
        for each in words:
            name, separator, _ = each.partition("=")
            takes = name in (*_FOLDER, *_STACK) and not separator
            yield name, (each, *([next(words, "")] if takes else []))


@contextmanager
def ran(asked: Asked) -> Iterator[runs.Outcome]:
    """The preview, run and shown; its files are there until the block ends. Raises `Fault` where
    it could not begin."""
    with tempfile.TemporaryDirectory(prefix="aws-dr-preflight-") as scratch:
        workdir = Path(scratch)
        config = _policy_config(asked, workdir)
        with (_offline if asked.offline else _online)(asked, config, workdir) as outcome:
            yield outcome


@contextmanager
def analyzed(
    stacks: Sequence[str], files: Sequence[Path], config_file: Path | None
) -> Iterator[runs.Outcome]:
    """An analysis of what stacks have deployed, all of them judged together; its files are there
    until the block ends. Raises `Fault` where a stack or a file cannot be had."""
    with tempfile.TemporaryDirectory(prefix="aws-dr-preflight-") as scratch:
        workdir = Path(scratch)
        for each in files:
            if not each.is_file():
                raise Fault(f"there is no file {each}. Fix: correct --file.")
        executable = runs.pulumi()
        exports = [(each, str(each)) for each in files]
        for number, stack in enumerate(stacks):
            exports.append((workdir / f"{number}.json", stack))
            runs.export(executable, stack, exports[-1][0])
        joined = workdir / "joined.json"
        try:
            read = [export.read(each.read_bytes(), name) for each, name in exports]
            joined.write_text(json.dumps(join(read)), encoding="utf-8")
        except (ExportError, OSError) as error:
            raise Fault(str(error)) from None
        config = _policy_config(Asked(config_file=config_file), workdir)
        words = [executable, "policy", "analyze", *pack_arguments(pack_folder(), config, workdir)]
        called = ", ".join(name for _, name in exports)
        yield runs.analyze(words, joined, workdir, called=called)


@contextmanager
def _online(asked: Asked, config: Path | None, workdir: Path) -> Iterator[runs.Outcome]:
    if asked.stack_outputs:
        raise Fault(
            "--stack-outputs is for --offline: with AWS the program finds the stacks themselves. "
            "Fix: leave it out, or preview with --offline."
        )
    if any(each.partition("=")[0] == _EVENTS for each in asked.arguments):
        raise Fault(
            f"this command reads the file of {_EVENTS} itself. Fix: leave {_EVENTS} out, and write "
            "what you need with --json, --sarif or another report."
        )
    given = [word for each in asked.given for word in ("--config", each)]
    if asked.stack_config is not None:
        given += ["--config-file", str(asked.stack_config.absolute())]
    pack = pack_arguments(pack_folder(), config, workdir)
    or_else = ", or preview without it and without AWS: `aws-dr-preflight preview --offline`"
    words = [runs.pulumi(or_else), "preview", *pack, *given, *asked.arguments]
    yield runs.preview(words, workdir)


@contextmanager
def _offline(asked: Asked, config: Path | None, workdir: Path) -> Iterator[runs.Outcome]:
    if asked.engines_own:
        raise Fault(
            f"--offline does not take {' '.join(asked.engines_own)}: it previews a new stack of "
            "the program's folder. Fix: leave it out, or preview without --offline."
        )
    try:
        program = load_program(asked.folder)
        refuse_what_cannot_run(program)
        ready = prepared(
            program,
            stack=asked.stack,
            stack_config=asked.stack_config,
            given=asked.given,
            stack_outputs=asked.stack_outputs,
            policy_config=config,
        )
        note(ready.remarks())
        stack = ready.stack(Engine.prepare(), workdir, pack=pack_folder(), policy_config=config)
        pack = pack_arguments(pack_folder(), config, workdir)
        with ready.running(stack) as (words, env):
            outcome = runs.preview([*words, *pack], workdir, env=env, cwd=program.directory)
    except (CliError, EngineError, OutputsError, ProjectError, SdkError, UsageError) as error:
        raise Fault(str(error)) from None
    try:
        yield outcome
    finally:
        if outcome.events.exists():
            note(ready.afterwards(outcome.events.read_text(encoding="utf-8")))


def _policy_config(asked: Asked, workdir: Path) -> Path | None:
    """The pack's configuration as the engine takes it, without what is for editors alone."""
    if asked.config_file is not None and not asked.config_file.exists():
        raise Fault(f"there is no file {asked.config_file}. Fix: correct --config-file.")
    file = asked.config_file or settings.find(asked.folder)
    if file is None:
        return None
    mistakes = settings.refused(file)
    if mistakes:
        told = "\n".join(f"  {file}:{each.line}: {each.text}" for each in mistakes)
        raise Fault(f"the configuration has mistakes. Fix: correct\n{told}")
    config = workdir / "policy-config.json"
    config.write_text(json.dumps(settings.load(file)), encoding="utf-8")
    return config
