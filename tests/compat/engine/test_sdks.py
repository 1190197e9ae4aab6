"""The pack on its oldest SDKs, started by the real engine."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from offline.engine import Engine, Run
from offline.progress import to_stderr
from tests.compat.environments import SDKS, Environment
from tests.engine.conftest import PACK, STACKS

PROGRAM = STACKS / "incident"
FILES = ("__main__.py", "PulumiPolicy.yaml", "README.md", "requirements.txt")


def findings(engine: Engine, pack: Path, workdir: Path) -> Sequence[tuple[str, str, str, str]]:
    run = engine.stack(PROGRAM, pack=pack, workdir=workdir).preview()
    assert "slower path" not in run.output
    return _sorted(run)


def _sorted(run: Run) -> Sequence[tuple[str, str, str, str]]:
    return sorted((each.policy, each.level, each.urn, each.message) for each in run.findings)


@pytest.mark.parametrize("environment", SDKS, ids=lambda each: str(each.name))
def test_the_findings_are_the_same(
    engine: Engine, environment: Environment, tmp_path: Path
) -> None:
    environment.ready(to_stderr)
    pack = tmp_path / "pack"
    shutil.copytree(PACK / "policies", pack / "policies")
    for name in FILES:
        shutil.copy(PACK / name, pack)
    (pack / "venv").symlink_to(environment.directory)
    expected = findings(engine, PACK, tmp_path / "expected")
    assert expected
    assert findings(engine, pack, tmp_path / "found") == expected
