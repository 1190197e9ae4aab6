"""Scenes of a stack's second life that need no engine: the credentials of a global database move
with its writer, and a VPC is imported without its gateway and its table."""

from __future__ import annotations

from pathlib import Path

from tests.harness import Program, State, deploy, preview, refreshed
from tests.stacks.second_life.existing import NETWORK, member

PROGRAM = Path(__file__).resolve().parents[1] / "stacks" / "second_life"


def scene(name: str, **env: str) -> Program:
    return Program.of_directory(
        PROGRAM, config={"aws:region": "us-east-1"}, env={"SCENE": name, **env}
    )


def test_credentials_move_with_the_writer() -> None:
    members = [member("east", is_writer=False), member("west", is_writer=True)]
    switched = deploy(scene("switchover")).beside({"orders": {"globalClusterMembers": members}})
    state = refreshed(switched)
    assert state.named("orders").outputs["globalClusterMembers"] == members
    program = scene("switchover", LATER="yes")
    assert preview(program, state).told == set()
    assert preview(program).told == {("aurora-global-secondary", "west")}, "where nothing exists"


def test_what_an_import_leaves_in_other_hands_is_not_missing() -> None:
    state = deploy(scene("imported VPC"), State().beside(NETWORK))
    run = preview(scene("imported VPC", LATER="yes"), state)
    assert state.named("vpc").outputs["mainRouteTableId"] == "rtb-1"
    assert run.mandatory == set()
    alone = preview(scene("imported VPC", LATER="yes"))
    assert ("vpc-local-references", "web") in alone.told, "where nothing is known of it"
