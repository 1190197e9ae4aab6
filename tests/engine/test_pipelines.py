"""What pipelines are given, run step by step as GitHub's and GitLab's runners would."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from offline.engine import Engine
from tests.engine.conftest import PACK, STACKS
from tests.engine.test_incident import MANDATORY
from tests.pipelines import Ran, run_action, run_gitlab_job, without_index

PROGRAM = """\
import pulumi
import pulumi_aws as aws

config = pulumi.Config()
aws.route53.Zone("entry", name=config.require("zone"), comment=config.require("comment"))
"""

SECRET = "hunter2-of-the-pipeline"


@pytest.fixture
def workspace(engine: Engine, tmp_path: Path) -> Path:
    """A repository with two programs, where a runner checks it out."""
    workspace = tmp_path / "work space"
    (workspace / ".git").mkdir(parents=True)
    ignored = shutil.ignore_patterns("venv", "__pycache__")
    shutil.copytree(STACKS / "incident", workspace / "incident", ignore=ignored)
    shutil.copytree(PACK / "reference_stack", workspace / "reference", ignore=ignored)
    (workspace / "reference" / "venv").symlink_to(PACK / ".venv")
    return workspace


def act(workspace: Path, **inputs: str) -> Ran:
    env = without_index(workspace.parent / "bin")
    return run_action(workspace, workspace.parent / "runner", env, **inputs)


def job(workspace: Path, **inputs: str) -> Ran:
    env = without_index(workspace.parent / "bin")
    return run_gitlab_job(workspace, env, package=str(PACK), **inputs)


def mandatory(sarif: Path) -> set[str]:
    (run,) = json.loads(sarif.read_text(encoding="utf-8"))["runs"]
    return {each["ruleId"] for each in run["results"] if each["level"] == "error"}


def test_the_action_stops_the_incident_and_says_where(workspace: Path) -> None:
    ran = act(workspace, work_dir="incident", offline="true", junit="policies.xml")
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


def test_the_action_passes_what_is_sound_and_prints_no_setting(workspace: Path) -> None:
    ran = act(
        workspace,
        work_dir="reference",
        offline="true",
        config=f"databasePassword={SECRET}\ndomain=shop.acme-corp.net\n",
        sarif="policies.sarif",
        comment_on_summary="false",
    )
    assert ran.code == 0, ran.log
    assert (ran.outputs["exit-code"], ran.outputs["sarif"]) == ("0", "policies.sarif")
    assert mandatory(workspace / "policies.sarif") == set()
    assert (ran.summary, bool(ran.outputs["markdown"])) == ("", True)
    report = (workspace / "policies.sarif").read_text(encoding="utf-8")
    assert SECRET not in ran.log + report


def test_the_action_previews_a_stack_with_its_settings(engine: Engine, workspace: Path) -> None:
    program = workspace / "shop"
    program.mkdir()
    (program / "Pulumi.yaml").write_text("name: shop\nruntime: python\n", encoding="utf-8")
    (program / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    own = without_index(workspace.parent / "bin")
    env = engine.environment({"PULUMI_BACKEND_URL": f"file://{workspace.parent}"})
    env = {**env, **own, "PATH": f"{own['PATH']}{os.pathsep}{env['PATH']}"}
    command = ["pulumi", "stack", "init", "dev", "--cwd", str(program)]
    subprocess.run(command, env=env, check=True, capture_output=True)
    ran = run_action(
        workspace,
        workspace.parent / "runner",
        env,
        work_dir="shop",
        stack_name="dev",
        config="zone=dr.example.com\ncomment=two words\n",
        arguments="--diff\n--message\na reason\n",
    )
    assert ran.code == 1, ran.log
    assert mandatory(Path(ran.outputs["sarif"])) == {"hosted-zone-reserved-name"}
    assert "two words" in ran.log


def test_an_input_is_never_run_and_a_failure_may_pass(workspace: Path) -> None:
    mark = workspace / "run"
    text = f'$(touch "{mark}")`touch "{mark}"`"; touch "{mark}"; "'
    ran = act(
        workspace,
        continue_on_error="true",
        work_dir=text,
        stack_name=text,
        config=text,
        config_file=text,
        arguments=f"{text}\n--diff",
    )
    assert (ran.code, ran.outputs["exit-code"], ran.outputs["sarif"]) == (0, "2", ""), ran.log
    assert not mark.exists()


def test_a_python_that_is_too_old_is_told(workspace: Path) -> None:
    old = workspace / "bin" / "python3"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    path = {"PATH": f"{old.parent}:/usr/bin:/bin"}
    ran = run_action(workspace, workspace.parent / "runner", path)
    assert ran.code == 2
    assert ran.log.startswith("::error::aws-dr-preflight needs Python 3.10 or newer")


def test_the_gitlab_job_stops_the_incident_and_leaves_its_reports(workspace: Path) -> None:
    ran = job(workspace, work_dir="incident", offline="true")
    assert ran.code == 1, ran.log
    reports = workspace / "preflight-reports"
    assert mandatory(reports / "policies.sarif") == {policy for policy, _ in MANDATORY}
    assert ElementTree.parse(reports / "policies.xml").getroot().findall(".//failure")
    assert (reports / "summary.md").read_text(encoding="utf-8")


def test_an_input_of_the_gitlab_job_is_never_run(workspace: Path) -> None:
    mark = workspace / "run"
    text = f'$(touch "{mark}")`touch "{mark}"`"; touch "{mark}"; "'
    ran = job(
        workspace,
        work_dir=text,
        offline="true",
        config=text,
        config_file=text,
        arguments=f"{text}\n--diff",
    )
    assert ran.code == 2, ran.log
    assert not mark.exists()
