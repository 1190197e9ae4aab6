"""What the page of the first hour shows is what the policies say of its program."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import pytest

from offline.paths import REPOSITORY
from tests.harness import Preview, Program, preview

PAGE: Final = (REPOSITORY / "docs" / "first-hour.md").read_text(encoding="utf-8")
_ENTRY: Final = re.compile(r"^  __main__\.py:(\d+)  ([\w-]+)  (\S+)\n    (.+)$", re.MULTILINE)


class Shown(NamedTuple):
    """An entry of the summary."""

    line: int
    policy: str
    resource: str
    problem: str


def blocks(language: str) -> list[str]:
    every = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return [text for name, text in every if name == language]


PROGRAM: Final = "".join(blocks("python"))
SUMMARY: Final = blocks("")[0]
SHOWN: Final = [Shown(int(line), *rest) for line, *rest in _ENTRY.findall(SUMMARY)]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    file = tmp_path_factory.mktemp("orders-dr") / "__main__.py"
    file.write_text(PROGRAM, encoding="utf-8")
    secrets = {"password": "made-up-password"}
    return Program.of_file(file, project="orders-dr", secrets=secrets, region=None)


def told(program: Program, config: Mapping[str, Any] | None = None) -> Preview:
    return preview(program, config=dict(config or {}))


def test_the_summary_shows_what_is_found(program: Program) -> None:
    found = told(program)
    assert found.told == {(each.policy, each.resource) for each in SHOWN}
    mandatory, _, advisory = SUMMARY.partition("\nadvisory\n")
    assert found.mandatory == {(policy, name) for _, policy, name, _ in _ENTRY.findall(mandatory)}
    assert advisory
    for each in SHOWN:
        (message,) = [one.message for one in found.of(each.policy)]
        assert each.problem in message


def test_the_lines_are_those_that_declare_the_resources(program: Program) -> None:
    lines = PROGRAM.splitlines()
    classes = {
        (each.policy, each.resource): each.urn.split("::")[-2].rpartition(":")[2]
        for each in told(program).findings
    }
    for each in SHOWN:
        declared = lines[each.line - 1]
        assert declared.partition("(")[0].endswith(f".{classes[each.policy, each.resource]}")


def test_the_message_in_full_is_that_of_the_finding(program: Program) -> None:
    (message,) = [one.message for one in told(program).of("alb-public-subnets")]
    _, *lines = blocks("")[1].splitlines()
    assert message == "\n".join(line[2:] for line in lines)


def test_with_the_configuration_nothing_stops_it(program: Program) -> None:
    (config,) = map(json.loads, blocks("json"))
    found = told(program, config)
    assert found.mandatory == set()
    assert found.told == {("engine-version-ending", "orders")}
