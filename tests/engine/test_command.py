"""The command `aws-dr-preflight` with the real CLI: a stranger's way from a finding to none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import ROOT

PROGRAM = """\
import pulumi_aws as aws

zone = aws.route53.Zone(
    "entry",
    name="dr.example.com",
)
aws.route53.Zone("sound", name="acme-corp.net")
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
    first = run(program, "preview", "--offline", "--sarif", str(report))
    assert first.returncode == 1, first.stdout + first.stderr
    assert "infra/__main__.py:3  hosted-zone-reserved-name  entry" in first.stdout
    assert "looked at 2 resources: 1 mandatory and 0 advisory findings" in first.stdout
    assert "hosted-zone-reserved-name  (aws:route53:Zone: entry)" in first.stdout, "pulumi's own"
    (result,) = json.loads(report.read_text(encoding="utf-8"))["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "infra/__main__.py"

    until = ("--reason", "moves in spring", "--expires", "2999-12-31")
    assert run(program, "baseline", "--offline", *until).returncode == 0
    config = program / "aws-dr-preflight.json"
    (exemption,) = json.loads(config.read_text("utf-8"))["hosted-zone-reserved-name"]["exemptions"]
    assert exemption["resource"].endswith("::aws:route53/zone:Zone::entry")
    assert (exemption["reason"], exemption["expires"]) == ("moves in spring", "2999-12-31")

    second = run(program, "preview", "--offline")
    assert second.returncode == 0, second.stdout + second.stderr
    assert "0 mandatory and 0 advisory findings" in second.stdout


def test_a_program_that_fails_gets_no_tick(program: Path) -> None:
    (program / "__main__.py").write_text("raise RuntimeError('boom')\n", encoding="utf-8")
    done = run(program, "preview", "--offline")
    assert done.returncode != 0
    assert "boom" in done.stdout
    assert "Not every policy was asked" in done.stdout


def test_without_a_cli_it_says_how_to_go_on(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(program))
    done = run(program, "preview")
    assert done.returncode == 2
    assert done.stderr.startswith("error: there is no `pulumi` on PATH. Fix: install it")
