"""`make new-policy` leaves a tree that is green, in a copy of this one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.new_policy import ROOT, main
from scripts.published_files import published_files

NAME = "ecs-service-subnets"
ROOM = "entry"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository in which a policy was begun."""
    place = tmp_path_factory.mktemp("copy")
    for file in published_files(ROOT):
        target = place / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    python(place, "scripts.new_policy", NAME, ROOM)
    return place


def python(place: Path, *words: str) -> str:
    """Run a module in a copy; it must succeed."""
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=place, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_is_formatted_and_lints(copy: Path) -> None:
    written = ("policies", "tests/unit/test_ecs_service_subnets.py", f"docs/examples/{NAME}")
    python(copy, "ruff", "check", *written)
    python(copy, "ruff", "format", "--check", *written)


def test_it_is_typed(copy: Path) -> None:
    python(copy, "mypy", "policies", "tests/unit/test_ecs_service_subnets.py")


def test_its_own_test_passes_and_so_do_those_of_its_page(copy: Path) -> None:
    python(copy, "pytest", "tests/unit/test_ecs_service_subnets.py", "tests/docs/test_metadata.py")
    python(copy, "pytest", "tests/docs/test_pages.py", "-k", "ecs or every_policy or every_note")


def test_it_stands_before_the_policy_that_tells_what_others_cannot(copy: Path) -> None:
    text = (copy / "policies" / "__init__.py").read_text(encoding="utf-8")
    assert "    ECS_SERVICE_SUBNETS,\n    UNVERIFIABLE_REFERENCE,\n)\n" in text


@pytest.mark.parametrize("name", ["", "Ecs", "ecs", "ecs_service", "ecs-", "all", "ecs service"])
def test_a_name_that_is_none_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, ROOM], tmp_path) == 2
    assert "is no name for a policy" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_the_name_of_a_policy_that_exists_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["alb-public-subnets", ROOM], tmp_path) == 2
    assert "there is a policy alb-public-subnets already" in capsys.readouterr().err
