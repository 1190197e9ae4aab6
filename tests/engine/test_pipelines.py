"""What pipelines are given, run step by step as GitHub's and GitLab's runners would: with the real
engine where it decides, else with a command that notes what it is given."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.engine.conftest import PACK, STACKS
from tests.engine.test_incident import MANDATORY
from tests.pipelines import noting, of_the_checkout, run_action, run_gitlab_job, without_index

SECRET = "hunter2-of-the-pipeline"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A repository with a program, where a runner checks it out."""
    workspace = tmp_path / "work space"
    (workspace / ".git").mkdir(parents=True)
    ignored = shutil.ignore_patterns("venv", "__pycache__")
    shutil.copytree(STACKS / "incident", workspace / "incident", ignore=ignored)
    return workspace


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """A runner's own folder."""
    return tmp_path / "runner"


def mandatory(sarif: Path) -> set[str]:
    (run,) = json.loads(sarif.read_text(encoding="utf-8"))["runs"]
    return {each["ruleId"] for each in run["results"] if each["level"] == "error"}


@pytest.mark.usefixtures("engine")
def test_the_action_stops_the_incident_and_says_where(
    workspace: Path, runner: Path, tmp_path: Path
) -> None:
    env = without_index(tmp_path / "bin")
    given = {"work_dir": "incident", "offline": "true", "junit": "policies.xml"}
    ran = run_action(workspace, runner, env, **given)
    assert ran.code == 1, ran.log
    assert ran.outputs["exit-code"] == "1"
    assert mandatory(Path(ran.outputs["sarif"])) == {policy for policy, _ in MANDATORY}
    places = {
        place["physicalLocation"]["artifactLocation"]["uri"]
        for each in json.loads(Path(ran.outputs["sarif"]).read_text("utf-8"))["runs"][0]["results"]
        for place in each["locations"]
    }
    assert places == {"incident/__main__.py"}, "as the workspace has it, so that GitHub finds it"
    assert ran.summary == Path(ran.outputs["markdown"]).read_text(encoding="utf-8")
    assert "alb-public-subnets" in ran.summary
    suites = ElementTree.parse(workspace / "policies.xml").getroot()
    assert suites.findall(".//failure")


def test_the_action_passes_what_is_sound_and_prints_no_setting(
    workspace: Path, runner: Path, tmp_path: Path
) -> None:
    command = noting(tmp_path / "bin", reports={"--sarif": "{}", "--markdown": "nothing found"})
    ran = run_action(
        workspace,
        runner,
        command.env,
        work_dir="incident",
        offline="true",
        config=f"databasePassword={SECRET}\ndomain=shop.acme-corp.net\n",
        sarif="policies.sarif",
        comment_on_summary="false",
    )
    assert ran.code == 0, ran.log
    assert command.installed[-1] == str(PACK)
    markdown = ran.outputs["markdown"]
    expected = ["preview", "--cwd", "incident", "--sarif", "policies.sarif"]
    expected += ["--markdown", markdown, "--offline"]
    expected += ["--config", f"databasePassword={SECRET}", "--config", "domain=shop.acme-corp.net"]
    assert command.given == expected
    assert (ran.outputs["exit-code"], ran.outputs["sarif"]) == ("0", "policies.sarif")
    assert (ran.summary, bool(markdown)) == ("", True)
    assert SECRET not in ran.log


def test_the_action_previews_a_stack_with_what_it_is_given(
    workspace: Path, runner: Path, tmp_path: Path
) -> None:
    command = noting(tmp_path / "bin", code=1, reports={"--markdown": "found"})
    ran = run_action(
        workspace,
        runner,
        command.env,
        stack_name="dev",
        config="comment=two words\n",
        config_file="policies.json",
        rehearsal="lost.html",
        arguments="--diff\n--message\na reason\n",
    )
    own = runner / "aws-dr-preflight"
    expected = ["preview", "--cwd", ".", "--sarif", str(own / "policies.sarif")]
    expected += ["--markdown", str(own / "summary.md"), "--stack", "dev"]
    expected += ["--config-file", "policies.json", "--rehearsal", "lost.html"]
    expected += ["--config", "comment=two words", "--diff", "--message", "a reason"]
    assert command.given == expected
    assert (ran.code, ran.outputs["exit-code"], ran.summary) == (1, "1", "found"), ran.log
    assert ran.outputs["sarif"] == "", "the command wrote none"


def test_an_input_is_never_run_and_a_failure_may_pass(
    workspace: Path, runner: Path, tmp_path: Path
) -> None:
    mark = workspace / "run"
    text = f'$(touch "{mark}")`touch "{mark}"`"; touch "{mark}"; "'
    command = noting(tmp_path / "bin", code=2)
    ran = run_action(
        workspace,
        runner,
        command.env,
        continue_on_error="true",
        work_dir=text,
        stack_name=text,
        config=text,
        config_file=text,
        arguments=f"{text}\n--diff",
    )
    assert (ran.code, ran.outputs["exit-code"], ran.outputs["sarif"]) == (0, "2", ""), ran.log
    assert command.given.count(text) == 5
    assert not mark.exists()


def test_a_python_that_is_too_old_is_told(workspace: Path, runner: Path) -> None:
    old = workspace / "bin" / "python3"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    path = {"PATH": f"{old.parent}:/usr/bin:/bin"}
    ran = run_action(workspace, runner, path)
    assert ran.code == 2
    assert ran.log.startswith("::error::aws-dr-preflight needs Python 3.10 or newer")


@pytest.mark.usefixtures("engine")
def test_the_gitlab_job_stops_the_incident_and_leaves_its_reports(
    workspace: Path, tmp_path: Path
) -> None:
    command = of_the_checkout(tmp_path / "bin")
    given = {"package": str(PACK), "work_dir": "incident", "offline": "true"}
    ran = run_gitlab_job(workspace, command.env, **given)
    assert ran.code == 1, ran.log
    assert command.installed[-1] == str(PACK)
    reports = workspace / "preflight-reports"
    assert mandatory(reports / "policies.sarif") == {policy for policy, _ in MANDATORY}
    assert ElementTree.parse(reports / "policies.xml").getroot().findall(".//failure")
    assert (reports / "summary.md").read_text(encoding="utf-8")


def test_an_input_of_the_gitlab_job_is_never_run(workspace: Path, tmp_path: Path) -> None:
    mark = workspace / "run"
    text = f'$(touch "{mark}")`touch "{mark}"`"; touch "{mark}"; "'
    command = noting(tmp_path / "bin", code=2)
    ran = run_gitlab_job(
        workspace,
        command.env,
        package=text,
        work_dir=text,
        offline="true",
        config=text,
        config_file=text,
        arguments=f"{text}\n--diff",
    )
    assert ran.code == 2, ran.log
    assert command.installed[-1] == text
    assert command.given.count(text) == 4
    assert not mark.exists()
