"""Previews in which the engine shows policies little or nothing of a resource."""

from __future__ import annotations

from pathlib import Path

from offline.engine import Engine
from policies import RULES
from tests.engine.conftest import PACK, STACKS, name_of, told

EVERYTHING_MANDATORY = {rule.name: "mandatory" for rule in RULES}
DOUBT = "unverifiable-reference"


def test_a_provider_whose_region_is_unknown_gives_doubts_alone(
    engine: Engine, tmp_path: Path
) -> None:
    stack = engine.stack(
        STACKS / "unknown_region",
        pack=PACK,
        workdir=tmp_path,
        config={"aws:region": "us-east-1"},
    )
    run = stack.preview()
    assert {each.policy for each in run.findings} <= {DOUBT}, run.output
    assert run.succeeded, run.output


def test_new_resources_that_are_no_target_give_no_mandatory_finding(
    engine: Engine, tmp_path: Path
) -> None:
    stack = engine.stack(STACKS / "incident_fixed", pack=PACK, workdir=tmp_path)
    run = stack.preview("--target", "**::primary-vpc**")
    assert run.step("primary-vpc-dev").op == "create", run.output
    assert run.step("primary-alb-dev").op != "create", run.output
    assert told(run, "mandatory") == set(), run.output


def test_the_incident_is_not_hidden_by_an_unrelated_target(engine: Engine, tmp_path: Path) -> None:
    stack = engine.stack(STACKS / "incident", pack=PACK, workdir=tmp_path)
    run = stack.preview("--target", "**::failover-zone-dev")
    assert [name_of(each) for each in run.of("hosted-zone-reserved-name")] == ["failover-zone-dev"]
