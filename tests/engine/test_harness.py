"""The harness of `tests/harness` sends the pack what the real engine sends, in a second life too.
What they send of first previews is compared where those are made: of the reference stack, of the
incident, and of every style of public subnet, whose sets collapse."""

from __future__ import annotations

from pathlib import Path

import pytest

from offline.engine import Engine
from tests import harness
from tests.engine.conftest import STACKS
from tests.engine.recording import RECORDER, VARIABLE, Sent, assert_same, in_process, recorded
from tests.harness import Program


@pytest.mark.long
def test_a_second_life_with_an_edit_and_a_refresh(engine: Engine, tmp_path: Path) -> None:
    place = STACKS / "ways_of_the_engine"
    before = Program.of_directory(place, stack="offline")
    edited = Program.of_directory(place, stack="offline", env={"EDITED": "yes"})
    file = tmp_path / "recording"
    stack = engine.stack(place, workdir=tmp_path / "stack", env={VARIABLE: str(file)})

    def preview() -> Sent:
        file.unlink(missing_ok=True)
        stack.pack = RECORDER
        run = stack.preview()
        stack.pack = None
        assert run.succeeded, run.output
        return recorded(file)

    assert_same(preview(), in_process(harness.preview(before)))
    deployed = stack.up()
    assert deployed.succeeded, deployed.output
    state = harness.deploy(before)
    stack.env["EDITED"] = "yes"
    assert_same(preview(), in_process(harness.preview(edited, state)))
    refreshed = stack.refresh()
    assert refreshed.succeeded, refreshed.output
    assert_same(preview(), in_process(harness.preview(edited, harness.refreshed(state))))
