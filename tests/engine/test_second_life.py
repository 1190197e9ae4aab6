"""Stacks after their first deployment: refreshed, imported, switched over, rebuilt."""

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
        existing = tmp_path / "existing.json"
        env = {"SCENE": scene, EXISTING_VARIABLE: str(existing)}
        config = {"aws:region": "us-east-1"}
        stack = engine.stack(
            STACKS / "second_life", workdir=tmp_path / "stack", config=config, env=env
        )
        begun = Life(stack, existing)
        begun.exists(described)
        return begun

    tmp_path.joinpath("stack").mkdir()
    return begin


NETWORK: Described = {
    "vpc-1": {
        "__type": "aws:ec2/vpc:Vpc",
        "cidrBlock": "10.0.0.0/16",
        "mainRouteTableId": "rtb-1",
        "defaultRouteTableId": "rtb-0",
    },
    "igw-1": {"__type": "aws:ec2/internetGateway:InternetGateway", "vpcId": "vpc-1"},
    "rtb-1": {
        "__type": "aws:ec2/routeTable:RouteTable",
        "vpcId": "vpc-1",
        "routes": [{"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"}],
    },
    **{
        f"subnet-{zone}": {
            "__type": "aws:ec2/subnet:Subnet",
            "vpcId": "vpc-1",
            "cidrBlock": f"10.0.{number}.0/24",
            "availabilityZone": f"us-east-1{zone}",
        }
        for number, zone in enumerate("ab")
    },
}


def member(name: str, is_writer: bool) -> dict[str, object]:
    region = {"east": "us-east-1", "west": "us-west-2"}[name]
    arn = f"arn:aws:rds:{region}:123456789012:cluster:orders-{name}"
    return {"dbClusterArn": arn, "isWriter": is_writer}


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


@pytest.mark.parametrize("scene", ["imported VPC", "imported main table"])
def test_what_an_import_leaves_in_other_hands_is_not_missing(
    life: Callable[..., Life], scene: str
) -> None:
    begun = life(scene, NETWORK)
    begun.deploy()
    run = begun.later()
    assert run.step("vpc").outputs["mainRouteTableId"] == "rtb-1"
    assert told(run, "mandatory") == set(), run.output


def test_credentials_move_with_the_writer(life: Callable[..., Life]) -> None:
    begun = life("switchover", {})
    begun.deploy()
    members = [member("east", False), member("west", True)]
    begun.exists({"orders": {"globalClusterMembers": members}})
    begun.refresh()
    run = begun.later()
    assert run.step("orders").outputs["globalClusterMembers"] == members
    assert told(run, "mandatory") == set(), run.output


def test_a_member_made_again_beside_another_is_a_secondary(life: Callable[..., Life]) -> None:
    begun = life("rebuild", {})
    begun.deploy()
    members = [member("west", True)]
    gone = {"orders-east": None, "orders-east-a": None}
    begun.exists({**gone, "orders": {"globalClusterMembers": members}})
    begun.refresh()
    run = begun.later()
    assert run.step("east", "Cluster").op == "create"
    assert run.step("west", "Cluster").op in ("same", "update")
    assert "east" in {name for _, name in told(run, "mandatory")}, run.output
