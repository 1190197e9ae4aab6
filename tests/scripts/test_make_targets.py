"""`make` is the one way in: CI, hooks before a commit and the documentation name its targets."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from offline.previews import CONFIG_VARIABLE
from tests.compat import __main__ as compat

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def prerequisites(target: str) -> list[str]:
    """The targets that a target consists of."""
    (found,) = re.findall(rf"^{target}:(.*)$", MAKEFILE, re.MULTILINE)
    return str(found).split()


def test_every_target_that_is_no_file_is_declared_so() -> None:
    declared = " ".join(re.findall(r"^\.PHONY:(.*)$", MAKEFILE, re.MULTILINE)).split()
    assert set(declared) == TARGETS
    assert len(declared) == len(set(declared))


def test_settings_reach_the_program_as_they_are_and_are_not_echoed(tmp_path: Path) -> None:
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text('#!/bin/sh\nprintf "%s\\n" "$*" > "$SEEN"\nenv >> "$SEEN"\n')
    python.chmod(0o755)
    seen = tmp_path / "seen"
    given = "password=$x'\"`hunter2` size=3"
    words = ("preview", f"CONFIG={given}")
    done = subprocess.run(
        # The environment is left as it is, new enough or not: no Python is there to make one.
        [
            "make",
            "-C",
            str(ROOT),
            "-o",
            ".venv/ready-to-preview",
            "PYTHON=false",
            f"BIN={tmp_path}/bin",
            *words,
        ],
        env={**os.environ, "SEEN": str(seen)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "hunter2" not in done.stdout + done.stderr
    command, *environment = seen.read_text(encoding="utf-8").splitlines()
    assert command.startswith("-m offline preview --stack reference_stack")
    assert "hunter2" not in command
    assert f"{CONFIG_VARIABLE}={given}" in environment


def test_each_job_of_the_pipeline_is_one_target_of_what_ci_runs() -> None:
    jobs = yaml.safe_load(text(".github/workflows/checks.yml"))["jobs"]
    assert list(jobs) == ["make"]
    assert jobs["make"]["strategy"]["matrix"]["target"] == ["preview", *prerequisites("test")]


def test_every_workflow_only_reads_and_ends_by_itself() -> None:
    for workflow in (ROOT / ".github" / "workflows").glob("*.yml"):
        content = yaml.safe_load(workflow.read_text(encoding="utf-8"))
        assert content["permissions"] == {"contents": "read"}, workflow.name
        for job in content["jobs"].values():
            assert job["timeout-minutes"] <= 20, workflow.name


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (0, "Its answers are the same. Fix: read what changed in its policy.py, and add it to "),
        (1, "Its answers differ from those of policies/serving/servicer.py"),
    ],
    ids=["same answers", "other answers"],
)
def test_the_weekly_run_tells_how_to_allow_a_newer_sdk(
    code: int,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    compare, tell = weekly_steps()
    assert compare["run"].startswith("make newest ")
    monkeypatch.setattr(compat, "newest_release", lambda _: "1.99.0")
    monkeypatch.setattr(compat, "_pytest", lambda *_: code)
    assert compat._newest() == 1
    log = f"{capsys.readouterr().err}make: *** [Makefile:90: newest] Error 1\n"
    assert tell["if"] == "failure()"
    annotation = run_step(tell, log, tmp_path)
    assert annotation.startswith("::error title=The newest pulumi-policy::pulumi-policy 1.99.0 is ")
    assert told in annotation


def test_the_weekly_run_tells_when_nothing_could_be_compared(tmp_path: Path) -> None:
    _, tell = weekly_steps()
    log = "error: pip names no version of pulumi-policy: no network\nmake: *** Error 2\n"
    assert run_step(tell, log, tmp_path).endswith(
        "::error: pip names no version of pulumi-policy: no network\n"
    )


def weekly_steps() -> list[dict[str, str]]:
    """The steps of the weekly run that have a name."""
    job = yaml.safe_load(text(".github/workflows/newest.yml"))["jobs"]["newest"]
    return [step for step in job["steps"] if "name" in step]


def run_step(step: dict[str, str], log: str, folder: Path) -> str:
    """What a step prints after a run with this log."""
    (folder / "newest.log").write_text(log, encoding="utf-8")
    done = subprocess.run(
        ["bash", "-e", "-c", step["run"]],
        env={**os.environ, "RUNNER_TEMP": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_ci_runs_the_two_commands_of_the_readme() -> None:
    commands = re.findall(r"^make .*$", text(".ci/run"), re.MULTILINE)
    assert commands == ["make preview", "make test"]
    for command in commands:
        assert re.search(rf"^{command}\s+#", text("README.md"), re.MULTILINE)


def test_the_hooks_before_a_commit_are_targets() -> None:
    (repository,) = yaml.safe_load(text(".pre-commit-config.yaml"))["repos"]
    entries = [hook["entry"].split() for hook in repository["hooks"]]
    assert {target for _, target in entries} <= set(prerequisites("test"))
    assert {make for make, _ in entries} == {"make"}


def test_the_documentation_names_targets_that_exist() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        named = set(re.findall(r"`make ([a-z][a-z-]*)", text(name)))
        assert named <= TARGETS, name


def test_everything_that_a_contributor_needs_is_in_the_table_of_targets() -> None:
    table = set(re.findall(r"`make ([a-z][a-z-]*)", text("CONTRIBUTING.md")))
    assert set(prerequisites("test")) - {"compat-oldest"} <= table
