"""Stacks after their first deployment: refreshed, imported, rebuilt. More of their scenes run in
process (`tests/programs`)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from offline.engine import Engine, Run, Stack
from offline.standin.provider import EXISTING_VARIABLE
from offline.standin.world import Described
from tests.engine.conftest import PACK, STACKS, told
from tests.stacks.second_life import existing


@dataclass
class Life:
    """A stack of tests/stacks/second_life and what exists beside it."""

    stack: Stack
    existing: Path

    def exists(self, described: Described) -> None:
        """Say what AWS has beside, or instead of, what the stack made."""
        self.existing.write_text(json.dumps(described))

    def deploy(self) -> Run:
        """Deploy the program as it is at first."""
        self.stack.pack = None
        run = self.stack.up()
        assert run.succeeded, run.output
        return run

    def refresh(self) -> Run:
        run = self.stack.refresh()
        assert run.succeeded, run.output
        return run

    def later(self) -> Run:
        """Preview the edited program with the pack."""
        self.stack.env["LATER"] = "yes"
        self.stack.pack = PACK
        return self.stack.preview()


@pytest.fixture
def life(engine: Engine, tmp_path: Path) -> Callable[[str, Described], Life]:
    """Return the stack of a scene in which something exists already."""

    def begin(scene: str, described: Described) -> Life:
        file = tmp_path / "existing.json"
        env = {"SCENE": scene, EXISTING_VARIABLE: str(file)}
        config = {"aws:region": "us-east-1"}
        stack = engine.stack(
            STACKS / "second_life", workdir=tmp_path / "stack", config=config, env=env
        )
        begun = Life(stack, file)
        begun.exists(described)
        return begun

    tmp_path.joinpath("stack").mkdir()
    return begin


def test_a_copy_that_a_refresh_made_is_no_route(life: Callable[..., Life]) -> None:
    """The policies see the copy, as they do after a refresh of a real stack."""
    begun = life("removed route", {})
    begun.deploy()
    begun.refresh()
    run = begun.later()
    table = run.step("public", "RouteTable")
    assert table.op == "same"
    assert [row["cidrBlock"] for row in table.outputs["routes"]] == ["0.0.0.0/0"]
    assert ("alb-public-subnets", "web") in told(run, "mandatory"), run.output


def test_what_an_import_leaves_in_other_hands_is_not_missing(life: Callable[..., Life]) -> None:
    begun = life("imported main table", existing.NETWORK)
    begun.deploy()
    run = begun.later()
    assert run.step("vpc").outputs["mainRouteTableId"] == "rtb-1"
    assert told(run, "mandatory") == set(), run.output


def test_a_member_made_again_beside_another_is_a_secondary(life: Callable[..., Life]) -> None:
    begun = life("rebuild", {})
    begun.deploy()
    members = [existing.member("west", is_writer=True)]
    gone = {"orders-east": None, "orders-east-a": None}
    begun.exists({**gone, "orders": {"globalClusterMembers": members}})
    begun.refresh()
    run = begun.later()
    assert run.step("east", "Cluster").op == "create"
    assert run.step("west", "Cluster").op in ("same", "update")
    assert "east" in {name for _, name in told(run, "mandatory")}, run.output
