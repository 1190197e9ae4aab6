"""The report of a rehearsal, written by the pack in the real engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from offline.engine import Engine, Stack
from policies.serving.rehearsals import VARIABLE
from scripts.rehearsal_picture import PICTURE
from tests.engine.conftest import PACK, STACKS
from tests.rehearsal.support import all_of, drawing, page, words

PROGRAM = STACKS / "lost_region"


def boxes(svg: str) -> set[str]:
    """The boxes of a picture, without their marks and numbers: those change with the policies."""
    labels = (words(each).split() for each in all_of(drawing(svg), "g", "box"))
    return {" ".join(word for word in label[1:] if not word.isdigit()) for label in labels}


@pytest.fixture(scope="module")
def stack(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    return engine.stack(PROGRAM, pack=PACK, workdir=tmp_path_factory.mktemp("shop"))


def test_a_preview_writes_every_form(stack: Stack, tmp_path: Path) -> None:
    stack.env[VARIABLE] = str(tmp_path)
    run = stack.preview()
    assert run.succeeded, run.output
    assert VARIABLE not in run.output
    assert {each.name for each in tmp_path.iterdir()} == {
        "rehearsal.html",
        "rehearsal.md",
        "rehearsal-us-east-1.svg",
    }
    found = page((tmp_path / "rehearsal.html").read_text(encoding="utf-8"))
    assert "function shop-standby" in found.every("table")[0].text
    drawn = (tmp_path / "rehearsal-us-east-1.svg").read_text(encoding="utf-8")
    assert boxes(drawn) == boxes(PICTURE.read_text(encoding="utf-8")), "stale: run `make picture`"


def test_a_place_that_cannot_be_is_a_warning_that_the_cli_shows(stack: Stack) -> None:
    stack.env[VARIABLE] = "rehearsal.html"
    run = stack.preview()
    assert run.succeeded
    assert "rehearsal.html is a relative path" in run.output
    assert not (PACK / "rehearsal.html").exists()


def test_an_update_and_an_analysis_write_it_too(
    engine: Engine, stack: Stack, tmp_path: Path
) -> None:
    updated, analyzed = tmp_path / "up.md", tmp_path / "analyzed.md"
    stack.env[VARIABLE] = str(updated)
    assert stack.up().succeeded
    engine.analyze(stack.export(), PACK, env={VARIABLE: str(analyzed)})
    for written in (updated, analyzed):
        text = written.read_text(encoding="utf-8")
        assert "## us-east-1 is lost" in text
        assert "Function failover-conductor runs in us-east-1" in text
