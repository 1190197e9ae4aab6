"""What the guides tell people to run: every command and every option is one of the real CLI's, and
the example configuration is one that the real engine accepts."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from offline.engine import Engine
from scripts.make_docs import markdown
from tests.engine.conftest import PACK, STACKS, told
from tests.engine.test_incident import MANDATORY

_BLOCK = re.compile(r"^```(?:sh|yaml)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"\bpulumi (?:[a-z-]+)[^\n|;)&]*")


def commands() -> Iterator[str]:
    """Every `pulumi …` in a block of shell or of a pipeline, in the hand-written documentation."""
    for path in markdown(PACK):
        for block in _BLOCK.findall(path.read_text(encoding="utf-8")):
            lines = re.sub(r"\\\n\s*|\n\s+(?=--)", " ", block)
            for found in _COMMAND.findall(lines):
                yield found.partition(" #")[0].strip()


@cache
def help_of(engine: Engine, *words: str) -> str:
    """A command's help; that of the longest command that the words name."""
    _, text = engine.run(["pulumi", *words, "--help"], PACK, engine.environment(), 30.0)
    return text


def is_command(engine: Engine, *words: str) -> bool:
    """Whether the words name a command of the CLI, the last one perhaps by an alias."""
    text = help_of(engine, *words)
    usage = f"Usage:\n  pulumi {' '.join(words[:-1])}".rstrip()
    aliases = re.search(r"^Aliases:\n\s+(.*)$", text, re.MULTILINE)
    names = {words[-1], *(aliases[1].split(", ") if aliases else ())}
    return words[-1] in names and any(f"{usage} {name}" in text for name in names)


@pytest.mark.parametrize("command", sorted(set(commands())))
def test_a_command_in_the_guides_is_one_of_the_cli(engine: Engine, command: str) -> None:
    _, *words = shlex.split(command)
    named: list[str] = []
    for word in words:
        if word.startswith(("-", "$")) or not is_command(engine, *named, word):
            break
        named.append(word)
    assert named, f"pulumi has no command {words[0]}"
    text = help_of(engine, *named)
    if "Available Commands:" in text:
        assert named == words, f"pulumi {' '.join(named)} has no such subcommand"
    for word in words:
        if word.startswith("-"):
            option = re.escape(word.partition("=")[0])
            assert re.search(rf"(?:^|[\s,]){option}[\s,]", text, re.MULTILINE), word


def test_the_example_configuration_is_accepted_and_changes_no_finding_of_the_incident(
    engine: Engine, tmp_path: Path
) -> None:
    example = PACK / "docs" / "policy-config.json"
    stack = engine.stack(
        STACKS / "incident", pack=PACK, policy_config=example, workdir=tmp_path / "example"
    )
    run = stack.preview()
    assert told(run, "mandatory") == MANDATORY, run.output
    assert not [each for each in run.findings if "Configuration: " in each.message], run.output
