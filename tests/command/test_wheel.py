"""The wheel: everything that the command and the pack need, outside of the repository."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from email import message_from_string
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from policies import RULES
from tests.command import ROOT


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as site-packages, that holds nothing but the wheel."""
    target = tmp_path_factory.mktemp("site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def run(installed: Path, cwd: Path, *words: str, env: Mapping[str, str] | None = None) -> str:
    command = [sys.executable, "-m", "aws_dr_preflight", *words]
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **(env or {}), "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stdout + done.stderr
    return done.stdout


def test_it_has_the_version_of_the_pack(wheel: Path) -> None:
    manifest = yaml.safe_load((ROOT / "PulumiPolicy.yaml").read_text(encoding="utf-8"))
    assert wheel.name == f"aws_dr_preflight-{manifest['version']}-py3-none-any.whl"


def test_it_holds_every_file_of_the_pack_and_no_test(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    tracked = subprocess.run(
        ["git", "ls-files", "policies", "reports", "offline"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert {f"aws_dr_preflight/pack/{each}" for each in tracked} <= names
    assert not [each for each in names if "tests" in each or each.endswith(".pyc")]


def test_it_asks_for_what_the_requirements_say(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [each for each in archive.namelist() if each.endswith(".dist-info/METADATA")]
        metadata = message_from_string(archive.read(name).decode())
    asked = {str(Requirement(each)).lower() for each in metadata.get_all("Requires-Dist", [])}
    files = (
        "requirements.txt",
        "requirements-rehearsal.txt",
        "reports/requirements.txt",
        "aws_dr_preflight/requirements.txt",
    )
    lines = [line for each in files for line in (ROOT / each).read_text("utf-8").splitlines()]
    assert asked == {str(Requirement(line)).lower() for line in lines if re.match(r"\w", line)}


def test_the_command_works_outside_of_the_repository(installed: Path, tmp_path: Path) -> None:
    cache = {"AWS_DR_PREFLIGHT_CACHE": str(tmp_path / "cache")}
    listed = run(installed, tmp_path, "list", env={"COLUMNS": "200"})
    assert all(rule.name in listed for rule in RULES)
    assert "backtrack" in run(installed, tmp_path, "explain", "aurora-global-backtrack")
    folder = Path(run(installed, tmp_path, "path", env=cache).strip())
    manifest = yaml.safe_load((folder / "PulumiPolicy.yaml").read_text(encoding="utf-8"))
    assert manifest["runtime"]["options"]["virtualenv"] == sys.prefix
    assert str(installed) in (folder / "__main__.py").read_text(encoding="utf-8")


def test_reports_are_made_outside_of_the_repository(installed: Path, tmp_path: Path) -> None:
    events = ROOT / "tests" / "reports" / "logs" / "preview-two-packs.jsonl"
    files = [tmp_path / name for name in ("findings.html", "findings.md")]
    words = ["--html", str(files[0]), "--markdown", str(files[1]), str(events)]
    subprocess.run(
        [sys.executable, "-m", "reports", *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed / "aws_dr_preflight" / "pack")},
        check=True,
        capture_output=True,
    )
    assert all("aurora-global-backtrack" in each.read_text(encoding="utf-8") for each in files)


def test_a_configuration_is_checked_outside_of_the_repository(
    installed: Path, tmp_path: Path
) -> None:
    (tmp_path / "aws-dr-preflight.json").write_text(json.dumps({"network-tiers": "disabled"}))
    assert "is fine" in run(installed, tmp_path, "check-config")
