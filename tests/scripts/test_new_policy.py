"""`make new-policy` leaves a tree that is green but for one test, in a copy of this one."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from offline.paths import cache_root
from scripts.new_policy import ROOT, begin, main
from scripts.published_files import published_files

ROOM = "entry"
MODULES = {
    "resource": "ecs_service_subnets",
    "stack": "waf_of_what_stands_in_for_another_region_when_that_is_lost",
    "table": "kinesis_streams",
}
"""A policy of each kind; one has a long name, which no line of it must overflow for."""


def name_of(kind: str) -> str:
    return MODULES[kind].replace("_", "-")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository in which a policy of each kind was begun."""
    place = tmp_path_factory.mktemp("copy")
    for file in published_files(ROOT):
        target = place / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    *others, last = MODULES
    for kind in others:
        begin(name_of(kind), ROOM, kind, place)
    python(place, "scripts.new_policy", name_of(last), ROOM, last)
    return place


def ran(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a module in a copy."""
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=place, capture_output=True, text=True, check=False
    )


def python(place: Path, *words: str) -> str:
    """Run a module in a copy; it must succeed."""
    done = ran(place, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_they_lint_and_are_formatted(copy: Path) -> None:
    python(copy, "ruff", "check", "policies", "tests", "docs/examples")
    python(copy, "ruff", "format", "--check", "policies", "tests", "docs/examples")


def test_they_are_typed(copy: Path) -> None:
    tests = [f"tests/unit/test_{module}.py" for module in MODULES.values()]
    # What `make types` remembers holds for the copy, but for what is new there.
    remembered = cache_root() / "mypy"
    if remembered.exists():
        shutil.copytree(remembered, copy / ".mypy_cache")
    python(
        copy, "mypy", "--cache-dir", ".mypy_cache", "policies", *tests, "tests/properties/advice.py"
    )


def test_their_own_tests_pass_and_so_do_those_of_their_pages(copy: Path) -> None:
    tests = [f"tests/unit/test_{module}.py" for module in MODULES.values()]
    python(copy, "pytest", *tests, "tests/docs/test_metadata.py")
    python(copy, "pytest", "tests/docs/test_pages.py", "-k", "ecs or every_policy or every_note")


def test_the_generated_pages_are_written(copy: Path) -> None:
    """A link out of the copy may be dead; nothing is stale."""
    assert "is stale" not in ran(copy, "scripts.make_docs", "--check").stderr
    table = "tests/programs/test_mutations_in_process.py"
    python(copy, "pytest", table, "-k", "table_in_the_docs or what_is_added")


def test_the_rows_give_their_findings_in_random_stacks_and_the_examples_are_what_they_say(
    copy: Path,
) -> None:
    tests = ("tests/properties/test_advice.py", "tests/programs/test_examples_in_process.py")
    named = [*MODULES.values(), *map(name_of, MODULES)]
    told = python(copy, "pytest", "-vv", *tests, "-k", " or ".join(named))
    for kind, module in MODULES.items():
        row = rf"blocks_nobody\[\w+({module}|{name_of(kind)})(_finds)?\] PASSED"
        assert re.search(row, told), told
        assert f"in_any_phase[{name_of(kind)}] PASSED" in told


def test_one_contract_alone_fails_and_names_what_is_to_be_written(copy: Path) -> None:
    done = ran(copy, "pytest", "-q", "tests/docs/test_what_a_policy_needs.py")
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
    assert len(failed) == 1
    assert "test_no_policy_is_only_begun" in failed[0]
    for kind, module in MODULES.items():
        assert f"policies/{ROOM}/{module}.py:" in done.stdout
        assert f"tests/unit/test_{module}.py:" in done.stdout
        assert f"docs/notes/{name_of(kind)}.md:" in done.stdout
        assert f"docs/examples/{name_of(kind)}/avoid.py:" in done.stdout
    assert "tests/stacks/mutated_reference/edits.py:" in done.stdout
    assert "tests/properties/advice.py:" in done.stdout


def test_they_stand_before_the_policy_that_tells_what_others_cannot(copy: Path) -> None:
    text = (copy / "policies" / "__init__.py").read_text(encoding="utf-8")
    listed = "".join(f"    {module.upper()},\n" for module in MODULES.values())
    assert f"{listed}    UNVERIFIABLE_REFERENCE,\n)\n" in text


def test_a_kind_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ecs-service-subnets", ROOM, "family"], tmp_path) == 2
    assert "is no kind of a policy. Fix: KIND=resource" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


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
