"""Could it be made again? Asked of a stack that exists, in the real engine."""

from __future__ import annotations

import json
from pathlib import Path

from offline.engine import Engine, Run
from offline.standin.provider import EXISTING_VARIABLE
from policies.serving.again import LEAD
from policies.serving.environment import MADE_AGAIN
from tests.engine.conftest import PACK, STACKS, name_of

SHARED = {"vpc-1": {"__type": "aws:ec2/vpc:Vpc", "cidrBlock": "10.0.0.0/16"}}


def told(run: Run) -> list[tuple[str, str, str, bool]]:
    """Policy, level and resource name of each finding, and whether it is about another life."""
    return [(each.policy, each.level, name_of(each), LEAD in each.message) for each in run.findings]


def test_what_could_not_be_made_again_is_advice_and_told_once(
    engine: Engine, tmp_path: Path
) -> None:
    existing = tmp_path / "existing.json"
    existing.write_text(json.dumps(SHARED))
    stack = engine.stack(
        STACKS / "made_again",
        workdir=tmp_path,
        config={"aws:region": "us-east-1"},
        env={EXISTING_VARIABLE: str(existing)},
    )
    run = stack.up()
    assert run.succeeded, run.output
    export = stack.export()
    asked = {MADE_AGAIN: "true"}

    as_it_is = engine.analyze(export, PACK)
    assert as_it_is.succeeded, as_it_is.output
    assert told(as_it_is) == []

    again = engine.analyze(export, PACK, env=asked)
    assert again.succeeded, again.output
    assert told(again) == [("duplicate-names", "advisory", "west", True)]

    # The preview of `pulumi up` has told it when the update begins.
    stack.pack = PACK
    stack.env |= asked
    preview = stack.preview()
    assert told(preview) == [("duplicate-names", "advisory", "west", True)], preview.output
    update = stack.up()
    assert update.succeeded, update.output
    assert told(update) == []
