"""One preview that somebody asks for, on AWS or without it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from offline.cli import CliError
from offline.engine import Engine, EngineError, pack_arguments
from offline.previews import UsageError, refuse_what_cannot_run, settings_of, stack_of
from offline.project import ProjectError, load_program
from offline.standin.install import SdkError
from policies.exports import export
from policies.exports.export import ExportError
from policies.exports.joining import join

from . import runs, settings
from .errors import Fault
from .pack_folder import pack_folder


class Asked(NamedTuple):
    """What is asked for: pulumi's own arguments, settings of the program (KEY=VALUE), the file of
    the pack's configuration, and whether AWS is left out."""

    arguments: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    config_file: Path | None = None
    offline: bool = False

    @property
    def folder(self) -> Path:
        """The program's folder: `--cwd DIR` or `-C DIR` among pulumi's arguments, else this one."""
        for position, each in enumerate(self.arguments):
            name, separator, value = each.partition("=")
            if name in ("--cwd", "-C"):
                following = "".join(self.arguments[position + 1 : position + 2])
                return Path(value if separator else following).resolve()
        return Path.cwd()

    @property
    def engines_own(self) -> tuple[str, ...]:
        """The arguments that are for the engine alone: all but those that name the folder."""
        left = []
        words = iter(self.arguments)
        for each in words:
            name, separator, _ = each.partition("=")
            if name not in ("--cwd", "-C"):
                left.append(each)
            elif not separator:
                next(words, None)
        return tuple(left)


@contextmanager
def ran(asked: Asked) -> Iterator[runs.Outcome]:
    """The preview, run and shown; its files are there until the block ends. Raises `Fault` where
    it could not begin."""
    with tempfile.TemporaryDirectory(prefix="aws-dr-preflight-") as scratch:
        workdir = Path(scratch)
        config = _policy_config(asked, workdir)
        yield (_offline if asked.offline else _online)(asked, config, workdir)


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
        exports = [*files]
        for number, stack in enumerate(stacks):
            exports.append(workdir / f"{number}.json")
            runs.export(executable, stack, exports[-1])
        joined = workdir / "joined.json"
        try:
            read = [export.read(each.read_bytes(), str(each)) for each in exports]
            joined.write_text(json.dumps(join(read)), encoding="utf-8")
        except (ExportError, OSError) as error:
            raise Fault(str(error)) from None
        config = _policy_config(Asked(config_file=config_file), workdir)
        words = [executable, "policy", "analyze", *pack_arguments(pack_folder(), config, workdir)]
        called = ", ".join([*map(str, files), *stacks])
        yield runs.analyze(words, joined, workdir, called=called)


def _online(asked: Asked, config: Path | None, workdir: Path) -> runs.Outcome:
    given = [word for each in asked.given for word in ("--config", each)]
    pack = pack_arguments(pack_folder(), config, workdir)
    words = [runs.pulumi(), "preview", *pack, *given, *asked.arguments]
    return runs.preview(words, workdir)


def _offline(asked: Asked, config: Path | None, workdir: Path) -> runs.Outcome:
    if asked.engines_own:
        raise Fault(
            f"--offline does not take {' '.join(asked.engines_own)}: it previews a new stack of "
            "the program's folder. Fix: leave it out, or preview without --offline."
        )
    try:
        program = load_program(asked.folder)
        refuse_what_cannot_run(program)
        given = settings_of(program, asked.given)
        stack = stack_of(
            Engine.prepare(), program, given, workdir, pack=pack_folder(), policy_config=config
        )
        words, env = stack.command("preview")
    except (CliError, EngineError, ProjectError, SdkError, UsageError) as error:
        raise Fault(str(error)) from None
    words += pack_arguments(pack_folder(), config, workdir)
    return runs.preview(words, workdir, env=env, cwd=program.directory)


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
        raise Fault(f"pulumi does not take this configuration. Fix: correct\n{told}")
    config = workdir / "policy-config.json"
    config.write_text(json.dumps(settings.load(file)), encoding="utf-8")
    return config
