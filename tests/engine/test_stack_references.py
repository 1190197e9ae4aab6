"""A program whose values come from another stack, through a StackReference."""

from __future__ import annotations

from pathlib import Path

from offline.engine import Engine
from tests.engine.conftest import PACK, STACKS, name_of, told

PROGRAMS = STACKS / "other_stack"


def test_what_may_be_of_another_stack_blocks_nobody(engine: Engine, tmp_path: Path) -> None:
    network = engine.stack(PROGRAMS / "network", workdir=tmp_path / "network")
    assert network.up().succeeded
    backend = {"PULUMI_BACKEND_URL": f"file://{network.workdir / 'state'}"}
    app = engine.stack(PROGRAMS / "app", pack=PACK, workdir=tmp_path / "app", env=backend)
    run = app.preview()
    assert told(run, "mandatory") == set(), run.output
    assert {name_of(each) for each in run.of("unverifiable-reference")} == {"web", "link"}
    assert "alb-public-subnets" in run.output
    assert app.up().succeeded
    later = app.preview()
    assert told(later, "mandatory") == set(), later.output
