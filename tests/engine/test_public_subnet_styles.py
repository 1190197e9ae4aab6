"""Every style of public subnet in a first preview of the real engine, with sets that collapse. In
process (`tests/programs`) they are judged in every phase, and with sets that do not: the harness
sends the pack what the engine sends."""

from __future__ import annotations

from pathlib import Path

from offline.engine import Engine, Run
from tests import harness
from tests.engine.conftest import PACK, STACKS, name_of
from tests.engine.recording import VARIABLE, assert_same, in_process, recorded, recorder_beside
from tests.harness import Program
from tests.stacks.public_subnets import styles

PROGRAM = STACKS / "public_subnets"
POLICY = "alb-public-subnets"
CONFIG = {"aws:region": "us-east-1"}


def verdicts(run: Run) -> dict[str, str]:
    """The verdict on each load balancer."""
    found = {each.name: "passes" for each in styles.ALL}
    for each in run.of("unverifiable-reference"):
        if POLICY in each.message:
            found[name_of(each)] = "cannot tell"
    for each in run.of(POLICY):
        found[name_of(each)] = "rejected"
    return found


def test_every_style_gets_its_verdict_and_is_sent_as_the_harness_sends_it(
    engine: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "recording"
    stack = engine.stack(
        PROGRAM,
        pack=PACK,
        workdir=tmp_path,
        config=CONFIG,
        env={VARIABLE: str(file)},
        collapse_sets=True,
    )
    run = stack.preview(*recorder_beside(False, tmp_path))
    assert verdicts(run) == {each.name: each.verdict for each in styles.ALL}
    program = Program.of_directory(PROGRAM, stack="offline", config=CONFIG)
    assert_same(recorded(file), in_process(harness.preview(program, collapse_sets=True)))
