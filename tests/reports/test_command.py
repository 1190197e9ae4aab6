"""The command: what it writes, says and returns."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml

from reports import pack
from reports.__main__ import main
from tests.reports.support import (
    LOGS,
    PROD,
    REFUSED,
    alb,
    error,
    lines,
    passed,
    record,
    summary,
    violation,
)

ROOT = Path(pack.__file__).resolve().parents[1]
MANDATORY = str(LOGS / "preview-two-packs.jsonl")
FOUND = "1 mandatory finding on 1 resource, 2 advisory findings on 3 resources, 0 undecided"
CLEAN = str(LOGS / "preview-remediated.jsonl")


@pytest.fixture(autouse=True)
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The command runs beside a program."""
    (tmp_path / "Pulumi.yaml").write_text("name: small\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_all_reports_at_once(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = ("--html", "a.html", "--markdown", "a.md", "--json", "a.json")
    assert main(["--sarif", "a.sarif", "--junit", "a.xml", *files, MANDATORY]) == 0
    assert (program / "a.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert (program / "a.md").read_text(encoding="utf-8").startswith("## Policy findings")
    assert json.loads((program / "a.json").read_text(encoding="utf-8"))["version"] == 1
    assert json.loads((program / "a.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert (program / "a.xml").read_text(encoding="utf-8").startswith("<?xml")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"{FOUND}\n"


def test_standard_input_and_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    events = io.TextIOWrapper(io.BytesIO(Path(MANDATORY).read_bytes()))
    monkeypatch.setattr(sys, "stdin", events)
    assert main(["--sarif", "-"]) == 0
    assert len(json.loads(capsys.readouterr().out)["runs"][0]["results"]) == 4


def test_several_inputs_are_told_apart(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = Path(MANDATORY).read_text(encoding="utf-8").replace("::small::", "::large::")
    (program / "other.jsonl").write_text(other, encoding="utf-8")
    assert main(["--sarif", "a.sarif", "--junit", "a.xml", MANDATORY, "other.jsonl"]) == 0
    runs = json.loads((program / "a.sarif").read_text(encoding="utf-8"))["runs"]
    ids = [run["automationDetails"]["id"] for run in runs]
    assert ids == ["aws-dr-preflight/large/offline/", "aws-dr-preflight/small/offline/"]
    assert capsys.readouterr().err.splitlines() == [
        f"large/offline: {FOUND}",
        f"small/offline: {FOUND}",
    ]


def test_what_needs_no_program_does_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert main(["--html", "a.html", "--json", "a.json", MANDATORY]) == 0
    assert main(["--sarif", "a.sarif", MANDATORY]) == 2
    assert "there is no Pulumi.yaml in" in capsys.readouterr().err


def test_a_record_for_each_run(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--json", "a.json"]
    for stack in ("dev", "prod"):
        ended = (violation(urn=alb("a", stack)), passed(urn=None), summary("failed"))
        (program / f"{stack}.jsonl").write_bytes(lines(*ended))
        said = record(3, 90, ("x", "x-*", date.today()), stack=stack)
        (program / f"{stack}.json").write_text(json.dumps(said), encoding="utf-8")
        arguments += ["--record", f"{stack}.json", f"{stack}.jsonl"]
    assert main(arguments) == 0
    found = json.loads((program / "a.json").read_text(encoding="utf-8"))
    assert (found["resources"], found["policies"]) == (6, 90)
    assert [len(each["exempted"]) for each in found["stacks"]] == [1, 1]
    told = capsys.readouterr().err
    notice = "shop/{}: subnet-cidr: the exemption of x-* (moves in spring) ends on "
    assert all(told.count(notice.format(stack)) == 1 for stack in ("dev", "prod"))


def test_one_stack_of_several_decides_the_exit_code(program: Path) -> None:
    (program / "events.jsonl").write_bytes(
        lines(violation(urn=PROD), summary("failed"), passed("subnet-cidr"), summary())
    )
    assert main(["--junit", "a.xml", "--fail-on", "mandatory", "events.jsonl"]) == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([MANDATORY], 0),
        (["--fail-on", "never", MANDATORY], 0),
        (["--fail-on", "mandatory", MANDATORY], 1),
        (["--fail-on", "advisory", MANDATORY], 1),
        (["--fail-on", "advisory", CLEAN], 0),
        (["--fail-on", "mandatory", str(LOGS / "preview-program-fails.jsonl")], 1),
    ],
)
def test_exit_codes(arguments: list[str], code: int) -> None:
    assert main(["--junit", "out.xml", *arguments]) == code
    assert Path("out.xml").exists()


def test_a_run_that_failed_for_another_reason_is_not_let_pass(program: Path) -> None:
    events = lines(error("no such subnet"), summary("failed", pack.NAME))
    (program / "events.jsonl").write_bytes(events)
    for level, code in (("never", 0), ("mandatory", 1), ("advisory", 1)):
        assert main(["--junit", "a.xml", "--fail-on", level, "events.jsonl"]) == code


def test_lines_of_the_program(program: Path) -> None:
    positions = ["--positions", str(REFUSED / "preview.json")]
    assert main(["--sarif", "a.sarif", *positions, MANDATORY]) == 0
    (run,) = json.loads((program / "a.sarif").read_text(encoding="utf-8"))["runs"]
    shown = {
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in run["results"]
    }
    assert shown == {"__main__.py", "Pulumi.yaml"}


def test_a_file_without_positions_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--sarif", "a.sarif", "--positions", MANDATORY, MANDATORY]) == 0
    said = capsys.readouterr().err
    assert "names no line of the program, so findings are shown at Pulumi.yaml" in said


def test_a_run_that_failed_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--junit", "a.xml", str(LOGS / "preview-program-fails.jsonl")]) == 0
    said = capsys.readouterr().err
    assert "warning: the engine's run failed, so not every policy was asked" in said
    assert "warning: the run stopped before the stack policies of aws-dr-preflight" in said


def test_a_log_of_other_packs_alone_is_told(
    program: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    renamed = Path(MANDATORY).read_text(encoding="utf-8").replace("aws-dr-preflight", "other")
    (program / "events.jsonl").write_text(renamed, encoding="utf-8")
    assert main(["--junit", "a.xml", "events.jsonl"]) == 0
    assert "warning: aws-dr-preflight did not run, only house-rules, other" in (
        capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([MANDATORY], "error: nothing to write. Fix: name a file with --html, --markdown,"),
        (["--junit", "a.xml", "absent.jsonl"], "error: cannot read absent.jsonl: No such file"),
        (["--junit", "absent/a.xml", MANDATORY], "error: cannot write absent/a.xml: No such file"),
        (["--sarif", "a", "--program", "absent", MANDATORY], "error: there is no absent. Fix:"),
        (["--sarif", "a", "--positions", "absent", MANDATORY], "error: cannot read absent: No"),
        (["--junit", "a.xml", str(REFUSED / "preview-no-pack.jsonl")], "no policy pack ran. Fix:"),
    ],
)
def test_one_clear_message_and_exit_code_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.err.count("\n") == 1


def test_missing_libraries_are_named_with_the_fix(program: Path) -> None:
    # -S leaves site-packages out, so nothing that was installed is found.
    ran = subprocess.run(
        [sys.executable, "-S", "-m", "reports", "--junit", "a.xml"],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert "error: there is no Python module" in ran.stderr
    assert "pip install -r" in ran.stderr


def test_the_pack_is_called_what_it_calls_itself() -> None:
    assert f'name="{pack.NAME}"' in (ROOT / "__main__.py").read_text(encoding="utf-8")
    manifest = yaml.safe_load((ROOT / "PulumiPolicy.yaml").read_text(encoding="utf-8"))
    assert (pack.version(), pack.website()) == (manifest["version"], manifest["website"])
