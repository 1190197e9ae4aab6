"""A program made ready for a preview without AWS: its settings, its secrets, its stack."""

from __future__ import annotations

import json
import os
from collections.abc import Container, Mapping, Sequence
from pathlib import Path

from offline import project as projects
from offline.engine import Engine, Stack
from offline.project import Project
from offline.sdks import LANGUAGES, provider_sdks
from offline.standin.provider import SETS_VARIABLE

CONFIG_FILE = "Pulumi.offline.yaml"

CONFIG_VARIABLE = "AWS_DR_PREFLIGHT_CONFIG"
"""Settings of the program, KEY=VALUE with spaces between them; the Makefile's CONFIG."""

MAKE_VARIABLES = ("CONFIG", "MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS")
"""Where make leaves what it was given for everybody that it starts."""


class UsageError(Exception):
    """The command line asks for something impossible; the text says what and the remedy."""


def refuse_what_cannot_run(program: Project) -> None:
    """Raises UsageError or ProjectError for a program that cannot be run without AWS, before
    anything is installed for it."""
    if program.runtime not in LANGUAGES:
        raise UsageError(
            f"{program.name} is a {program.runtime} program. The offline engine runs programs in "
            "Python, TypeScript, JavaScript and Go; preview this one against AWS, with your own "
            "Pulumi installation."
        )
    provider_sdks(program)


def settings_of(program: Project, given: Sequence[str]) -> dict[str, str]:
    """The settings that were given, as KEY=VALUE and in the environment, by full key. Raises
    UsageError, which repeats none of them.

    The environment is left without them, as everything that runs here inherits it.
    """
    items = [*given]
    remedy = "Give each as `--config 'KEY=VALUE'`."
    if CONFIG_VARIABLE in os.environ:
        items += os.environ.pop(CONFIG_VARIABLE).split()
        remedy = (
            "In CONFIG, spaces part settings: give a value with a space by "
            "`.venv/bin/python -m offline preview --config 'KEY=VALUE'`."
        )
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


def stack_of(
    engine: Engine,
    program: Project,
    given: Mapping[str, str],
    workdir: Path,
    *,
    pack: Path | None = None,
    policy_config: Path | None = None,
) -> Stack:
    """A new stack of the program, with the settings that were given over those of its file."""
    file = program.directory / CONFIG_FILE
    config = {**projects.base_config(program, file), **given}
    wanted = [*program.secret_settings(), *projects.encrypted_settings(program, file)]
    secrets = {key: projects.random_secret() for key in wanted if key not in config}
    # The engine prints [secret] in the place of a secret's value, in its events too.
    for key, value in list(config.items()):
        if isinstance(value, (str, int)) and program.is_secret(key, str(value)):
            secrets[key] = str(config.pop(key))
    # A program may rely on the region of its environment, as it does with real AWS.
    passed_on = ("AWS_REGION", "AWS_DEFAULT_REGION", SETS_VARIABLE)
    env = {key: os.environ[key] for key in passed_on if key in os.environ}
    return engine.stack(
        program.directory,
        config=config,
        secrets=secrets,
        pack=pack,
        policy_config=policy_config,
        env=env,
        workdir=workdir,
    )


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
