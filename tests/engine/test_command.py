"""The command `aws-dr-preflight` with the real CLI: a stranger's way from a finding to none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from offline.engine import Engine
from policies import RULES
from policies.testing import Stack
from tests import aws
from tests.command import ROOT
from tests.exports import export_of, written
from tests.reports.support import valid_junit, valid_runs

UNDELEGABLE = "hosted-zone-undelegable-name"
PROGRAM = """\
import pulumi_aws as aws

zone = aws.route53.Zone(
    "entry",
    name="dr.example.com",
)
aws.route53.Zone("sound", name="acme-corp.net")
"""


CONFIGURED = """\
import pulumi
import pulumi_aws as aws

config = pulumi.Config()
aws.route53.Zone("entry", name=config.require("zone"), comment=config.require("comment"))
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "infra"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n", encoding="utf-8")
    (folder / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    return folder


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "aws_dr_preflight", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "160"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_finding_a_baseline_and_none(program: Path, tmp_path: Path) -> None:
    report = tmp_path / "policies.sarif"
    files = ("--html", str(tmp_path / "a.html"), "--json", str(tmp_path / "a.json"))
    first = run(program, "preview", "--offline", "--sarif", str(report), *files)
    assert first.returncode == 1, first.stdout + first.stderr
    assert "infra/__main__.py:3  hosted-zone-reserved-name  entry" in first.stdout
    asked = f"{len(RULES)} policies looked at 2 resources"
    assert f"{asked}: 1 mandatory finding on 1 resource, 0 advisory findings" in first.stdout
    assert asked in (tmp_path / "a.html").read_text(encoding="utf-8")
    told = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert (told["result"], told["resources"]) == ("mandatory", 2)
    assert told["stacks"][0]["findings"][0]["resources"][0]["line"] == 3
    assert "hosted-zone-reserved-name  (aws:route53:Zone: entry)" in first.stdout, "pulumi's own"
    (result,) = json.loads(report.read_text(encoding="utf-8"))["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "infra/__main__.py"

    last = str(date.today() + timedelta(days=20))
    until = ("--reason", "moves in spring", "--expires", last)
    written = run(program, "baseline", "--offline", *until)
    assert written.returncode == 0
    assert written.stderr.endswith("aws-dr-preflight.json: 1 new exemption.\n")
    config = program / "aws-dr-preflight.json"
    (exemption,) = json.loads(config.read_text("utf-8"))["hosted-zone-reserved-name"]["exemptions"]
    assert exemption["resource"].endswith("::aws:route53/zone:Zone::entry")
    assert (exemption["reason"], exemption["expires"]) == ("moves in spring", last)

    second = run(program, "preview", "--offline", "--markdown", str(tmp_path / "a.md"))
    assert second.returncode == 0, second.stdout + second.stderr
    assert "0 mandatory findings, 0 advisory findings" in second.stdout
    notice = f"(moves in spring) ends on {last}, in 20 days. Fix:"
    diagnostics, _, end = second.stdout.partition("\nexempt\n")
    assert notice in diagnostics.partition("Diagnostics:")[2], "pulumi shows what the pack says"
    assert end.count(notice) == 1
    markdown = (tmp_path / "a.md").read_text(encoding="utf-8")
    assert "| hosted zone entry |" in markdown
    assert f"**ends on {last}, in 20 days**" in markdown


def test_a_program_that_fails_gets_no_tick(program: Path) -> None:
    (program / "__main__.py").write_text("raise RuntimeError('boom')\n", encoding="utf-8")
    done = run(program, "preview", "--offline")
    assert done.returncode != 0
    assert done.stdout.count("Traceback") == 1, "pulumi tells it, and the summary does not"
    assert done.stdout.endswith("The run failed, so not every policy was asked.\n")
    assert "looked at" not in done.stdout


def test_a_stack_of_its_own_is_previewed_with_what_the_cli_is_given(
    engine: Engine, program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --offline: the user's CLI, state and selected stack."""
    (program / "__main__.py").write_text(CONFIGURED, encoding="utf-8")
    for key, value in engine.environment({"PULUMI_BACKEND_URL": f"file://{tmp_path}"}).items():
        monkeypatch.setenv(key, value)
    subprocess.run(["pulumi", "stack", "init", "dev"], cwd=program, check=True, capture_output=True)
    given = ("--config", "zone=dr.example.com", "--config", "comment=two words")
    done = run(program, "preview", "--stack", "dev", *given, "--diff", "--message", "a reason")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "hosted-zone-reserved-name  entry" in done.stdout
    assert "two words" in done.stdout, "what --diff shows"


def test_several_stacks_are_told_apart(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exports = []
    for project in ("clean", "exempted", "found"):
        stack = Stack(project=project, name="prod")
        if project != "clean":
            aws.zone(stack, f"{project}-zone", "hub.local")
        aws.vpc(stack)
        exports += ["--file", str(written(tmp_path / f"{project}.json", export_of(stack)))]
    exemption = {"resource": "exempted-*", "reason": "moves in spring"}
    config = {"all": "mandatory", UNDELEGABLE: {"exemptions": [exemption]}}
    config |= {"network-tiers": "disabled"}
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    for key, value in engine.environment().items():
        monkeypatch.setenv(key, value)
    files = ["--config-file", "config.json", "--json", "a.json"]
    files += ["--sarif", "a.sarif", "--junit", "a.xml", "--html", "a.html"]
    done = run(tmp_path, "analyze", *exports, *files)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "joined.json" not in done.stdout + done.stderr

    told = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["stacks"]
    assert [
        (each["project"], each["result"], each["resources"], len(each["exempted"])) for each in told
    ] == [
        ("clean", "clean", 1, 0),
        ("exempted", "clean", 2, 1),
        ("found", "mandatory", 2, 0),
    ]
    runs = valid_runs((tmp_path / "a.sarif").read_text(encoding="utf-8"))
    assert [
        (each["automationDetails"]["id"], ["suppressions" in one for one in each["results"]])
        for each in runs
    ] == [
        ("aws-dr-preflight/clean/prod/", []),
        ("aws-dr-preflight/exempted/prod/", [True]),
        ("aws-dr-preflight/found/prod/", [False]),
    ]
    assert all(each["invocations"][0]["executionSuccessful"] for each in runs)
    suites = valid_junit((tmp_path / "a.xml").read_text(encoding="utf-8"))
    assert [(each.name, each.failures, each.skipped) for each in suites] == [
        ("clean/prod: aws-dr-preflight", 0, 0),
        ("exempted/prod: aws-dr-preflight", 0, 1),
        ("found/prod: aws-dr-preflight", 1, 0),
    ]
    assert '<a href="#stack-3">found/prod</a>' in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_without_a_cli_it_says_how_to_go_on(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(program))
    done = run(program, "preview")
    assert done.returncode == 2
    assert done.stderr.startswith("error: there is no `pulumi` on PATH. Fix: install it")
