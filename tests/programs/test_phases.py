"""Programs in the second life of a stack: after a deployment, a refresh, an import, an edit."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable
from functools import partial

import pulumi
import pulumi_aws as aws
import pytest
from pulumi.runtime.settings import get_monitor, get_root_resource

from tests.harness import (
    Program,
    RefusedError,
    State,
    deploy,
    existing,
    phases,
    preview,
    refreshed,
)

PUBLIC = "alb-public-subnets"
ZONES = ("us-east-1a", "us-east-1b")


def network(
    *,
    gateway: bool = True,
    route: bool = True,
    balancer: bool = True,
    own_table: bool = True,
) -> None:
    """A load balancer in two subnets, public if there are a gateway and a route to it."""
    vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16")
    subnets = [
        aws.ec2.Subnet(
            f"app-{zone[-1]}",
            vpc_id=vpc.id,
            cidr_block=f"10.0.{number}.0/24",
            availability_zone=zone,
        )
        for number, zone in enumerate(ZONES)
    ]
    waits: list[pulumi.Resource] = []
    if gateway:
        waits.append(aws.ec2.InternetGateway("igw", vpc_id=vpc.id))
    if own_table:
        table = aws.ec2.RouteTable("table", vpc_id=vpc.id)
        for subnet in subnets:
            aws.ec2.RouteTableAssociation(
                subnet._name, subnet_id=subnet.id, route_table_id=table.id
            )
        if route and gateway:
            aws.ec2.Route(
                "out",
                route_table_id=table.id,
                destination_cidr_block="0.0.0.0/0",
                gateway_id=waits[0].id,  # type: ignore[attr-defined]
            )
    if balancer:
        aws.lb.LoadBalancer(
            "web",
            subnets=[each.id for each in subnets],
            opts=pulumi.ResourceOptions(depends_on=waits),
        )


def test_a_stack_that_works_gives_no_finding_in_any_phase() -> None:
    assert {phase: run.told for phase, run in phases(network).items()} == {
        "first preview": set(),
        "after deployment": set(),
        "after a refresh": set(),
    }


def test_nothing_changes_in_a_program_that_does_not() -> None:
    state = deploy(network)
    for later in (state, refreshed(state)):
        assert set(preview(network, later).steps.values()) == {"same"}


def test_an_edit_shows_what_exists_and_what_is_new() -> None:
    state = deploy(partial(network, balancer=False, gateway=False, own_table=False))
    run = preview(network, state)
    by_name = {
        name: each
        for each in run.resources.values()
        for name in (each.name, f"{each.type.rpartition(':')[2]} {each.name}")
    }
    assert by_name["main"].id.startswith("vpc-")
    assert by_name["web"].id == ""
    assert {run.steps[by_name[name].urn] for name in ("main", "Subnet app-a")} == {"same"}
    assert {run.steps[by_name[name].urn] for name in ("web", "igw", "out")} == {"create"}
    assert run.told == set()


def test_what_is_removed_from_the_program_is_not_shown() -> None:
    run = preview(partial(network, route=False), deploy(network))
    assert "out" not in {each.name for each in run.resources.values()}


def test_a_route_that_is_removed_is_missed_by_what_is_new() -> None:
    state = deploy(partial(network, balancer=False))
    assert preview(partial(network, route=False), state).mandatory == {(PUBLIC, "web")}


def test_an_imported_network_may_have_its_gateway_in_other_hands() -> None:
    program = partial(network, gateway=False, own_table=False)
    assert preview(program).mandatory == {(PUBLIC, "web")}
    state = existing(program, {"main": {}, "app-a": {}, "app-b": {}})
    assert preview(program, state).mandatory == set()


def test_what_is_imported_has_the_outputs_that_it_is_given() -> None:
    state = existing(
        network, {"main": {"id": "vpc-1", "mainRouteTableId": "rtb-9"}, "Subnet app-a": {}}
    )
    main, subnet = state.named("main"), state.named("Subnet app-a")
    assert (main.id, main.outputs["mainRouteTableId"]) == ("vpc-1", "rtb-9")
    assert subnet.outputs["vpcId"] == "vpc-1"
    run = preview(network, state)
    assert run.steps[main.urn] == run.steps[subnet.urn] == "same"
    with pytest.raises(KeyError, match="no resource is called typo"):
        existing(network, {"typo": {}})


def test_a_refresh_shows_what_aws_has() -> None:
    state = deploy(network)
    main, table = state.named("main"), state.named("table")
    assert not table.outputs["routes"]
    assert refreshed(state).named("table").outputs["routes"]
    later = refreshed(state.beside({main.id: {"mainRouteTableId": "rtb-9"}, table.id: None}))
    assert later.named("main").outputs["mainRouteTableId"] == "rtb-9"
    assert table.urn not in later.resources
    assert preview(network, later).steps[table.urn] == "create"


def test_a_route_of_a_refreshed_table_is_missed_when_it_is_removed() -> None:
    state = refreshed(deploy(partial(network, balancer=False)))
    assert preview(partial(network, route=False), state).mandatory == {(PUBLIC, "web")}


def test_what_is_removed_from_the_program_is_deleted() -> None:
    with_route = deploy(partial(network, balancer=False))
    state = deploy(partial(network, balancer=False, route=False), with_route)
    assert not refreshed(state).named("table").outputs["routes"]


def test_what_is_imported_is_what_aws_has() -> None:
    def program() -> None:
        options = pulumi.ResourceOptions(import_="vpc-1")
        aws.ec2.Vpc("main", cidr_block="10.7.0.0/16", opts=options)

    described = {
        "vpc-1": {
            "__type": "aws:ec2/vpc:Vpc",
            "cidrBlock": "10.7.0.0/16",
            "mainRouteTableId": "rtb-9",
        }
    }
    run = preview(program, State().beside(described))
    (vpc,) = (each for each in run.resources.values() if each.name == "main")
    assert (vpc.id, vpc.outputs["mainRouteTableId"]) == ("vpc-1", "rtb-9")
    assert run.steps[vpc.urn] == "same"


def test_a_change_that_aws_does_not_make_in_place_makes_another_resource() -> None:
    def program(cidr: str) -> None:
        aws.ec2.Vpc("main", cidr_block=cidr, tags={"cidr": cidr})

    state = deploy(partial(program, "10.0.0.0/16"))
    run = preview(partial(program, "10.1.0.0/16"), state)
    (urn,) = (urn for urn, step in run.steps.items() if step == "replace")
    assert run.resources[urn].id == ""


def test_ignored_changes_keep_what_was_deployed() -> None:
    def program(value: str) -> None:
        aws.ec2.Vpc(
            "main",
            cidr_block="10.0.0.0/16",
            tags={"Name": value, "Other": value},
            opts=pulumi.ResourceOptions(ignore_changes=["tags.Name"]),
        )

    run = preview(partial(program, "new"), deploy(partial(program, "old")))
    (vpc,) = (each for each in run.resources.values() if each.name == "main")
    assert vpc.inputs["tags"] == {"Name": "old", "Other": "new"}


def test_an_alias_finds_what_had_another_name() -> None:
    def program(name: str, former: list[pulumi.Alias]) -> None:
        aws.ec2.Vpc(name, cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(aliases=former))

    state = deploy(partial(program, "old", []))
    run = preview(partial(program, "new", [pulumi.Alias(name="old")]), state)
    (vpc,) = (each for each in run.resources.values() if each.name == "new")
    assert vpc.id == state.named("old").id


def test_the_programs_own_mistakes_are_raised() -> None:
    def raises() -> None:
        raise LookupError("its own")

    with pytest.raises(LookupError, match="its own"):
        preview(raises)
    with pytest.raises(RefusedError, match="Duplicate resource URN"):
        preview(lambda: [aws.ec2.Vpc("same", cidr_block="10.0.0.0/16") for _ in "ab"])


def settings_of_a_program() -> tuple[str | None, str | None, str]:
    config = pulumi.Config()
    return config.get("size"), aws.config.region, os.environ.get("SIDE", "")


@pytest.mark.parametrize("failing", [False, True], ids=["a run", "a run that fails"])
def test_nothing_of_a_run_is_left_behind(failing: bool) -> None:
    seen: list[tuple[str | None, str | None, str]] = []

    def program() -> None:
        seen.append(settings_of_a_program())
        aws.ec2.Vpc("main", cidr_block="10.0.0.0/16")
        if failing:
            raise LookupError

    before = dict(os.environ), list(sys.path), get_monitor(), get_root_resource()
    run: Callable[[], object] = partial(
        preview,
        Program(program, region="us-west-2", config={"size": 3}, env={"SIDE": "west"}),
    )
    if failing:
        with pytest.raises(LookupError):
            run()
    else:
        run()
    assert seen == [("3", "us-west-2", "west")]
    assert (dict(os.environ), list(sys.path), get_monitor(), get_root_resource()) == before
    assert settings_of_a_program() == (None, None, "")
    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()


def test_a_stack_reference_finds_what_it_is_given() -> None:
    def program() -> None:
        other = pulumi.StackReference("acme/network/prod")
        aws.ec2.Subnet("a", vpc_id=other.get_output("vpcId"), cidr_block="10.0.0.0/24")

    run = preview(program, other_stacks={"acme/network/prod": {"vpcId": "vpc-7"}})
    (subnet,) = (each for each in run.resources.values() if each.name == "a")
    assert subnet.inputs["vpcId"] == "vpc-7"


def test_a_program_of_thirty_resources_takes_a_moment() -> None:
    def program() -> None:
        vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16")
        for number in range(29):
            aws.ec2.Subnet(f"s{number}", vpc_id=vpc.id, cidr_block=f"10.0.{number}.0/24")

    preview(program)
    start = time.process_time()
    preview(program)
    assert time.process_time() - start < 1.0  # 0.15 s where the machine is not busy.
