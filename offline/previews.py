"""A program made ready for a preview without AWS: its stack, its settings, its secrets, and the
stacks that it refers to."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from offline import project as projects
from offline import stack_settings
from offline.engine import Engine, Stack
from offline.go_programs import go_environment
from offline.launcher import go_binary
from offline.other_stacks import OtherStacks, beside
from offline.progress import ticking, to_stderr
from offline.project import Project
from offline.relay import relay
from offline.sdks import LANGUAGES, provider_sdks
from offline.stack_settings import Encrypted
from offline.stacks import Chosen, choose
from offline.standin.provider import SETS_VARIABLE
from offline.yaml_runs import ensure_host

CONFIG_VARIABLE = "AWS_DR_PREFLIGHT_CONFIG"
"""Settings of the program, KEY=VALUE, one a line, or with spaces between them; the Makefile's
CONFIG."""

MAKE_VARIABLES = ("CONFIG", "MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS")
"""Where make leaves what it was given for everybody that it starts."""

_SECRETS_AT_ONCE: Final = 5
"""How many secrets of a stack are made without a word."""

_NEXT_SETTING = re.compile(r"\s+(?=[A-Za-z_][\w.-]*(?::[\w.-]+)?=)")
"""What parts settings on one line: spaces before the next KEY=."""

_MISSING = re.compile(r"[Mm]issing required configuration variable '([^'\\]+)'")
"""What the SDKs say, in all languages, of a setting that a program requires."""


class UsageError(Exception):
    """The command line asks for something impossible; the text says what and the remedy."""


@dataclass(frozen=True)
class Prepared:
    """A program with all that it is to be given: its stack, settings by full key, and what other
    stacks give out."""

    program: Project
    chosen: Chosen
    given: Mapping[str, str]
    others: OtherStacks

    def stack(
        self,
        engine: Engine,
        workdir: Path,
        *,
        pack: Path | None = None,
        policy_config: Path | None = None,
    ) -> Stack:
        """A new stack of the program, with the settings that were given over those of its file.
        Raises UsageError where one is missing that Pulumi.yaml demands."""
        program, file = self.program, self.chosen.file
        config = {**stack_settings.base_config(program, file), **self.given}
        wanted = [
            *map(Encrypted, program.secret_settings()),
            *stack_settings.encrypted_settings(program, file),
        ]
        secrets: dict[str | Encrypted, str] = {
            each: projects.random_secret()
            for each in wanted
            if each.key not in self.given and (each.path or each.key not in config)
        }
        known = {*config, *(each.key for each in wanted)}
        missing = [key for key in program.required_settings() if key not in known]
        if missing:
            raise UsageError(how_to_give(missing, self.chosen))
        # The engine prints [secret] in the place of a secret's value, in its events too.
        for key, value in list(config.items()):
            if isinstance(value, (str, int)) and program.is_secret(key, str(value)):
                secrets[key] = str(config.pop(key))
        # A program may rely on the region of its environment, as it does with real AWS.
        passed_on = ("AWS_REGION", "AWS_DEFAULT_REGION", SETS_VARIABLE)
        env = {key: os.environ[key] for key in passed_on if key in os.environ}
        env |= go_environment(program, to_stderr)
        return engine.stack(
            program.directory,
            config=config,
            secrets=secrets,
            pack=pack,
            policy_config=policy_config,
            env=env,
            workdir=workdir,
            name=self.chosen.name,
        )

    @contextmanager
    def running(self, stack: Stack) -> Iterator[tuple[list[str], dict[str, str]]]:
        """A preview's command and environment, which are of use while the block lasts: the program
        finds the stacks that it refers to."""
        program = self.program
        host = stack.engine.language_host(program.runtime)
        if program.runtime == "yaml":
            host = ensure_host(host, to_stderr)
        count = len(stack.secrets)
        # Each is encrypted by the CLI, which takes a third of a second.
        is_long = count > _SECRETS_AT_ONCE
        with ticking(f"Making {count} secrets", to_stderr) if is_long else nullcontext():
            command, env = stack.command("preview")
        if host is None:
            yield command, env
            return
        organization = self.chosen.organization
        with relay(program.runtime, host, env, self.others.lookup, organization) as added:
            yield command, {**env, **added}

    def remarks(self) -> list[str]:
        """What a user should know of the choice of the stack, before the preview."""
        said = [self.chosen.remark] if self.chosen.remark else []
        imported = stack_settings.environments(self.chosen.file)
        if imported:
            said.append(
                f"settings from the environments {', '.join(imported)} (Pulumi ESC) cannot be had "
                "here. Fix: give what the program needs of them with --config KEY=VALUE."
            )
        return said

    def afterwards(self, events: str) -> list[str]:
        """The same after it, given its events as text: what was missing, and how to give it."""
        missing = sorted(set(_MISSING.findall(events)))
        if missing:
            return [how_to_give(missing, self.chosen)]
        return self.others.remarks()


def prepared(
    program: Project,
    *,
    stack: str = "",
    stack_config: Path | None = None,
    given: Sequence[str] = (),
    stack_outputs: Sequence[str] = (),
    policy_config: Path | None = None,
) -> Prepared:
    """A program with what was given for it: the stack's name, the file with its settings, single
    settings, outputs of other stacks (`STACK=FILE`) and the pack's configuration, which may name
    exports of stacks. Raises UsageError, ProjectError or OutputsError."""
    chosen = choose(program, stack, stack_config)
    others = OtherStacks(program, stack_outputs, beside(policy_config))
    return Prepared(program, chosen, settings_of(program, given), others)


def how_to_give(keys: Sequence[str], chosen: Chosen) -> str:
    """How to give settings that a program requires."""
    some = " ".join(f"--config {key}=VALUE" for key in keys)
    file = chosen.file.name if chosen.file else f"Pulumi.{chosen.name}.yaml"
    return (
        f"the program requires {' and '.join(keys)}. Fix: give {some}, or write "
        f"{'it' if len(keys) == 1 else 'them'} into {file}."
    )


def refuse_what_cannot_run(program: Project) -> None:
    """Raises UsageError or ProjectError for a program that cannot be run without AWS, before
    anything is installed for it."""
    runtime = program.runtime
    if not runtime:
        raise UsageError(
            f"{program.file} names no runtime. Fix: write one, for example `runtime: nodejs`."
        )
    if runtime not in LANGUAGES:
        raise UsageError(
            f"{program.name} is a {runtime} program. The offline engine runs programs in Python, "
            "TypeScript, JavaScript, Go and YAML. Fix: preview this one with your own Pulumi and "
            'AWS: `aws-dr-preflight preview`, or `pulumi preview --policy-pack "$(aws-dr-preflight '
            'path)"`. The policies are the same.'
        )
    if not program.program_directory.is_dir():
        raise UsageError(
            f"There is no {program.data.get('main')}, which main names in {program.file}. Fix: "
            "correct it."
        )
    if runtime == "python":
        projects.refuse_without_environment(program)
    provider_sdks(program)
    needed = _NEEDED.get(runtime)
    if needed and not program.options.get("binary") and shutil.which(needed.command) is None:
        raise UsageError(
            f"{program.name} needs `{needed.command}`, which is not on PATH. Fix: install "
            f"{needed.name}."
        )
    _refuse_without_binary(program)


class _Needed(NamedTuple):
    """What runs the programs of a runtime."""

    command: str
    name: str


_NEEDED: Final = {"nodejs": _Needed("node", "Node.js"), "go": _Needed("go", "Go")}


def _refuse_without_binary(program: Project) -> None:
    binary = program.options.get("binary")
    if program.runtime == "go" and binary:
        place = str(program.program_directory)
        if not Path(go_binary(str(binary), place)).exists():
            raise UsageError(
                f"There is no {binary} in {place}, which Pulumi.yaml names as the program's "
                "binary. Fix: build it, or leave the option out."
            )


def settings_of(program: Project, given: Sequence[str]) -> dict[str, str]:
    """The settings that were given, as KEY=VALUE and in the environment, by full key. Raises
    UsageError, which repeats none of them.

    The environment is left without them, as everything that runs here inherits it.
    """
    items = [*given]
    remedy = "Give each as `--config 'KEY=VALUE'`."
    if CONFIG_VARIABLE in os.environ:
        items += _parted(os.environ.pop(CONFIG_VARIABLE))
        remedy = f"Give them in {CONFIG_VARIABLE} (CONFIG of make) as KEY=VALUE, one a line."
        for name in MAKE_VARIABLES:
            os.environ.pop(name, None)
    found = {}
    for position, item in enumerate(items, start=1):
        key, separator, value = item.partition("=")
        if not separator or not key:
            raise UsageError(
                f"Settings are KEY=VALUE, and number {position} of {len(items)} is not. {remedy}"
            )
        found[program.full_key(key)] = value
    return found


def _parted(text: str) -> list[str]:
    """The settings in a text: one a line; on a single line the next one begins where spaces and
    KEY= follow, so that a value may have spaces in it."""
    lines = [each for each in text.splitlines() if each.strip()]
    return _NEXT_SETTING.split(text.strip()) if len(lines) == 1 else lines


def without_settings(log: str, names: Container[str]) -> str:
    """The engine's events without the values of these settings, which its prelude repeats."""
    lines = []
    for line in log.splitlines(keepends=True):
        found = line
        if '"preludeEvent"' in line:
            event = json.loads(line)
            config = event["preludeEvent"].get("config") or {}
            for name in config:
                if name in names:
                    config[name] = "[secret]"
            found = json.dumps(event) + "\n"
        lines.append(found)
    return "".join(lines)
