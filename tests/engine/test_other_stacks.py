"""A program whose values come from another stack, through a StackReference."""

from __future__ import annotations

from pathlib import Path

import pytest

from offline.engine import Engine, Stack
from tests.engine.conftest import PACK, STACKS, name_of, told

PROGRAMS = STACKS / "other_stack"


@pytest.fixture
def app(engine: Engine, tmp_path: Path) -> Stack:
    """The stack that uses the other one, which is deployed."""
    network = engine.stack(PROGRAMS / "network", workdir=tmp_path / "network")
    assert network.up().succeeded
    backend = {"PULUMI_BACKEND_URL": f"file://{tmp_path / 'network' / 'state'}"}
    return engine.stack(PROGRAMS / "app", pack=PACK, workdir=tmp_path / "app", env=backend)


def test_what_may_be_of_another_stack_blocks_nobody(app: Stack) -> None:
    run = app.preview()
    assert told(run, "mandatory") == set(), run.output
    assert {name_of(each) for each in run.of("unverifiable-reference")} == {"web", "link"}
    assert "alb-public-subnets" in run.output
    assert app.up().succeeded
    later = app.preview()
    assert told(later, "mandatory") == set(), later.output
