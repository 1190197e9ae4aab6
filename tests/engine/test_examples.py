"""The programs on the policies' pages: "avoid" gives its finding and no other, "prefer" none, and
the diagrams under them show what they make."""

from __future__ import annotations

from pathlib import Path

import pytest

from offline.engine import Engine, Run
from policies import RULES
from scripts.draw_examples import DIAGRAMS, drawings
from tests.engine.conftest import PACK

EXAMPLES = PACK / "docs" / "examples"
_PROJECT = "name: example\nruntime: python\nconfig:\n  aws:region:\n    value: us-east-1\n"


def preview(engine: Engine, policy: str, example: str, workdir: Path) -> Run:
    """Preview one program as a project of its own."""
    program = workdir / "program"
    program.mkdir()
    (program / "Pulumi.yaml").write_text(_PROJECT, encoding="utf-8")
    text = (EXAMPLES / policy / f"{example}.py").read_text(encoding="utf-8")
    (program / "__main__.py").write_text(text, encoding="utf-8")
    stack = engine.stack(
        program, pack=PACK, workdir=workdir / "state", secrets={"masterPassword": "hunter2hunter2"}
    )
    return stack.preview()


@pytest.mark.parametrize("policy", [rule.name for rule in RULES])
def test_what_to_avoid_is_found_and_nothing_else(
    engine: Engine, policy: str, tmp_path: Path
) -> None:
    run = preview(engine, policy, "avoid", tmp_path)
    assert {each.policy for each in run.findings} == {policy}, run.output
    assert "hunter2" not in run.output


@pytest.mark.parametrize("policy", [rule.name for rule in RULES])
def test_what_to_prefer_gives_no_finding(engine: Engine, policy: str, tmp_path: Path) -> None:
    run = preview(engine, policy, "prefer", tmp_path)
    assert run.findings == (), run.output
    assert run.succeeded, run.output


def test_each_diagram_shows_what_its_example_makes(engine: Engine, tmp_path: Path) -> None:
    fresh = drawings(engine, tmp_path)
    stored = {path: path.read_text(encoding="utf-8") for path in DIAGRAMS.iterdir()}
    assert stored == fresh, "a diagram is stale: run `make diagrams`"
