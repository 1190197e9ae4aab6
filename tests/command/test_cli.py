"""What the command says of a call before it runs anything: no preview begins in these tests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aws_dr_preflight import pages
from aws_dr_preflight.asked import Asked
from aws_dr_preflight.cli import command
from policies import RULES
from policies.rule import DOCUMENTATION


def call(*words: str) -> Result:
    return CliRunner().invoke(command, words)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))  # No CLI, so that nothing can run.
    return tmp_path


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["preview", "--offline", "-s", "prod", "--diff"], "--offline does not take --diff:"),
        (["preview", "--offline"], "has no Pulumi.yaml. Fix: name the folder that has one"),
        (["preview", "--stack-outputs", "prod=x"], "--stack-outputs is for --offline"),
        (["preview", "--offline", "--sarfi", "x"], "--offline does not take --sarfi x"),
        (["preview", "--offline", "--cwd", ".", "--diff"], "--offline does not take --diff:"),
        (["preview", "--sarif", "no/such.sarif"], "there is no folder no. Fix: make it."),
        (["analyze", "--file", "x", "--junit", "."], "File '.' is a directory."),
        (["preview", "--event-log", "x"], "reads the file of --event-log itself. Fix: leave"),
        (["preview", "--event-log=x"], "reads the file of --event-log itself. Fix: leave"),
        (["preview", "--html", ""], ". is a folder. Fix: name the file to write."),
        (["preview", "--html", "a", "--json", "./a"], "--html and --json both write a. Fix:"),
        (["analyze", "--file", "x", "--sarif", "a", "--junit", "a"], "--sarif and --junit both"),
        (["preview", "--html", "no/such.html"], "there is no folder no. Fix: make it."),
        (["preview", "--json", "--diff"], "--diff is no file. Fix: name the file to write"),
        (["preview", "--markdown", "-"], "- is no file. Fix: name the file to write"),
        (["preview", "--rehearsal", "lost.txt"], "does not end in .html, .md, .svg. Fix: name"),
        (["analyze", "--file", "none.json"], "there is no file none.json. Fix: correct --file."),
        (["baseline", "--reason", " "], "an exemption needs a reason. Fix: give one"),
        (["baseline", "--reason", "x", "--expires", "2020-01-01"], "2020-01-01 is over already"),
        (["baseline", "--reason", "x", "--expires", "soon"], "soon is no day. Fix: give it as"),
    ],
)
def test_what_is_wrong_is_said_first(words: list[str], said: str) -> None:
    done = call(*words)
    assert done.exit_code == 2
    assert said in done.output


def test_a_report_that_cannot_be_written_is_said_before_a_preview(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    done = call("preview", "--html", "a.html")
    assert done.exit_code == 2
    assert "a.html is not for you to write. Fix: name another file." in done.output


def test_a_stack_that_is_named_twice_is_called_as_it_was_given(folder: Path) -> None:
    urn = "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod"
    state = {"resources": [{"urn": urn, "type": "pulumi:pulumi:Stack"}]}
    export = json.dumps({"version": 3, "deployment": state})
    # What writes an export, where there is a shell without PATH.
    (folder / "pulumi").write_text(f"#!/bin/sh\nprintf %s '{export}' > \"$6\"\n", encoding="utf-8")
    (folder / "pulumi").chmod(0o755)
    done = call("analyze", "--stack", "prod", "--stack", "acme/prod")
    assert done.exit_code == 2
    assert "error: acme/prod and prod are both exports of shop/prod" in done.output


def test_a_program_in_another_folder_is_no_argument_for_the_engine_alone(folder: Path) -> None:
    (folder / "infra").mkdir()
    for words in (("--cwd", "infra"), ("-C", "infra"), ("--cwd=infra",)):
        asked = Asked(arguments=words)
        assert (asked.folder, asked.engines_own) == (folder / "infra", ())


def test_the_folder_is_the_nearest_with_a_program_as_for_pulumi(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "infra" / "deep").mkdir(parents=True)
    monkeypatch.chdir(folder / "infra" / "deep")
    assert Asked().folder == folder / "infra" / "deep"
    (folder / "infra" / "Pulumi.yaml").touch()
    assert Asked().folder == folder / "infra"


@pytest.mark.parametrize(
    "words", [("--stack", "acme/prod"), ("--stack=acme/prod",), ("-s", "dev", "-s", "acme/prod")]
)
def test_the_stack_is_no_argument_for_the_engine_alone(words: tuple[str, ...]) -> None:
    asked = Asked(arguments=("--cwd", "x", *words))
    assert (asked.stack, asked.engines_own) == ("acme/prod", ())


def test_without_a_cli_each_command_names_what_helps_it(folder: Path) -> None:
    (folder / "export.json").write_text("{}", encoding="utf-8")
    assert "preview --offline`." in call("preview").output
    said = call("analyze", "--file", "export.json").output
    assert "Fix: install it (https://www.pulumi.com/docs/install/).\n" in said
    assert "--offline" not in said


def test_the_help_cuts_no_sentence() -> None:
    _, _, commands = call("--help").output.partition("Commands:")
    assert "preview" in commands
    assert "..." not in commands


def test_the_list_has_a_line_a_policy_where_it_is_no_terminal() -> None:
    lines = call("list").output.splitlines()
    assert len(lines) == len(RULES)
    for line, rule in zip(lines, RULES, strict=True):
        assert line.split(maxsplit=2) == [rule.name, rule.level.value, rule.description]


def test_a_page_in_the_terminal_has_no_source_of_diagrams_and_whole_links() -> None:
    (rule,) = (each for each in RULES if each.name == "alb-public-subnets")
    original = (pages.PAGES / f"{rule.name}.md").read_text(encoding="utf-8")
    assert "```mermaid" in original
    shown = pages.page(rule)
    assert "mermaid" not in shown
    assert "as this pack reads it:" not in shown
    assert f"]({DOCUMENTATION}/../guides/preview-and-up.md)" in shown
    assert shown.count("```python") == original.count("```python") > 0


def test_mistakes_are_told_with_the_path_from_here(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "infra").mkdir()
    (folder / "aws-dr-preflight.json").write_text('{"s3-acl": "off"}', encoding="utf-8")
    monkeypatch.chdir(folder / "infra")
    done = call("check-config")
    assert done.exit_code == 1
    assert done.output.startswith("../aws-dr-preflight.json:1: s3-acl should be a level")


def test_every_configuration_that_is_named_is_checked(folder: Path) -> None:
    (folder / "good.json").write_text('{"s3-acl": "disabled"}', encoding="utf-8")
    for name in ("bad.json", "worse.json"):
        (folder / name).write_text('{"s3-acl": "off"}', encoding="utf-8")
    done = call("check-config", "bad.json", "good.json", "worse.json")
    assert done.exit_code == 1
    assert [line.partition(": s3-acl")[0] for line in done.output.splitlines()] == [
        "bad.json:1",
        "good.json is fine.",
        "worse.json:1",
    ]


def test_one_that_cannot_be_read_keeps_no_other_from_being_checked(folder: Path) -> None:
    (folder / "bad.json").write_text('{"s3-acl": "off"}', encoding="utf-8")
    done = call("check-config", "missing.json", "bad.json")
    assert done.exit_code == 2
    assert "error: missing.json cannot be read" in done.output
    assert "bad.json:1: s3-acl should be" in done.output


def test_a_configuration_that_the_engine_refuses_is_told_before_it_runs(folder: Path) -> None:
    file = folder / "aws-dr-preflight.json"
    file.write_text('{\n "s3-acl": "off",\n "network-tiers": {"regions": 1}\n}', encoding="utf-8")
    for words in (["preview"], ["preview", "--offline"], ["baseline", "--reason", "x"]):
        done = call(*words)
        assert done.exit_code == 2
        assert f"{file}:2: s3-acl should be a level" in done.output
        assert f"{file}:3: network-tiers.regions: 1 should be a list." in done.output
