"""What a person reads at the end: each defect once, with its place, and the counts last."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from rich.console import Console

from aws_dr_preflight import terminal
from policies import RULES
from reports import contents
from reports.events import read
from reports.log import Log
from reports.places import Place, Places, nowhere
from reports.record import with_records
from tests.reports.support import (
    TODAY,
    alb,
    balancer,
    doubt,
    error,
    lines,
    passed,
    record,
    summary,
    violation,
)

SOON = date(2026, 12, 8)


def logs(*events: dict[str, Any], result: str = "failed") -> tuple[Log, ...]:
    whole = (passed("subnet-cidr"), *events, passed(urn=None), summary(result, "aws-dr-preflight"))
    return read("test", lines(*whole))


def shown(found: tuple[Log, ...], places: Places | None = None) -> str:
    console = Console(width=200, force_terminal=False)
    with console.capture() as captured:
        terminal.show(contents.of(found, places or nowhere(), TODAY), console)
    return captured.get()


def test_place_policy_resources_and_problem() -> None:
    places = Places(Place("Pulumi.yaml", 1), {alb("east"): Place("infra/main.ts", 7)})
    found = with_records(logs(balancer("west"), balancer("east")), [record(12, 92)])
    text = shown(found, places)
    assert "infra/main.ts:7  alb-public-subnets  east, west\n" in text
    assert "    Load balancer east is internet-facing, and none of its subnets leads out\n" in text
    assert text.endswith(
        "x 92 policies looked at 12 resources: 1 mandatory finding on 2 resources, "
        "0 advisory findings, 0 undecided.\n"
    )


def test_more_than_three_resources_are_counted() -> None:
    text = shown(logs(*(balancer(name) for name in ("a", "b", "c", "d", "e"))))
    assert "alb-public-subnets  a, b, c and 2 more\n" in text


def test_what_is_not_known_is_left_out() -> None:
    text = shown(logs(balancer("east")))
    assert "looked at" not in text
    assert "x 1 mandatory finding on 1 resource, 0 advisory findings" in text


@pytest.mark.parametrize("result", ["succeeded", "failed"])
def test_a_program_that_failed_gets_no_tick_and_its_traceback_is_not_told_again(
    result: str,
) -> None:
    text = shown(logs(error("Program failed:\nTraceback\n  File x\nboom"), result=result))
    assert "\N{CHECK MARK}" not in text
    assert "The run failed: Program failed\n" in text
    assert "Traceback" not in text
    assert text.endswith("The run failed, so not every policy was asked.\n")


def test_a_run_that_stopped_early_gets_no_tick() -> None:
    found = read("test", lines(passed("subnet-cidr"), summary()))
    text = shown(found)
    assert text.endswith(
        "! 0 mandatory findings, 0 advisory findings, 0 undecided. "
        "The run stopped before every policy was asked.\n"
    )


def test_a_run_without_findings_gets_a_tick_with_numbers() -> None:
    text = shown(with_records(logs(result="succeeded"), [record(30, 92)]))
    assert text.strip() == (
        "\N{CHECK MARK} 92 policies looked at 30 resources: 0 mandatory findings, "
        "0 advisory findings, 0 undecided."
    )


def test_what_another_pack_stops_gets_no_tick() -> None:
    text = shown(logs(violation("tags", policyPackName="house-rules")))
    assert "house-rules/tags  alb" in text
    assert "x 1 mandatory finding" in text


def test_counts_by_level_and_policy() -> None:
    advice = violation("network-tiers", enforcementLevel="advisory")
    text = shown(logs(balancer("west"), balancer("east"), advice, doubt("east")))
    table = [line.split() for line in text.splitlines()[-7:-2] if line]
    assert table == [
        ["by", "policy", "mandatory", "advisory", "undecided", "resources"],
        ["alb-public-subnets", "1", "-", "-", "2"],
        ["network-tiers", "-", "1", "-", "1"],
        ["unverifiable-reference", "-", "-", "1", "1"],
    ]
    assert "1 undecided on 1 resource." in text


def test_exempted_findings_and_one_notice_an_exemption_that_ends_soon() -> None:
    found = with_records(
        logs(result="succeeded"), [record(2, 92, ("a", "web-*", SOON), ("b", "web-*", SOON))]
    )
    text = shown(found)
    assert "  subnet-cidr  subnet a: moves in spring (until 2026-12-08)\n" in text
    assert "  subnet-cidr  subnet b: moves in spring (until 2026-12-08)\n" in text
    assert text.count("ends on") == 1
    assert (
        "  subnet-cidr: the exemption of web-* (moves in spring) ends on 2026-12-08, in 12 days. "
        "Fix: make the change by then, or set a later day.\n"
    ) in text
    assert "0 undecided, 2 exempt." in text


def test_no_name_of_a_policy_is_cut_short_where_there_is_little_room() -> None:
    found = logs(
        balancer("east"),
        violation("documented-refusals", alb("a"), enforcementLevel="advisory"),
    )
    for width, is_terminal in ((40, True), (60, False)):
        console = Console(width=width, force_terminal=is_terminal, color_system=None)
        with console.capture() as captured:
            terminal.show(contents.of(found, nowhere(), TODAY), console)
        text = captured.get()
        assert "by policy            mandatory  advisory  resources\n" in text
        assert "documented-refusals          -         1          1\n" in text


def test_a_list_is_whole_on_a_narrow_terminal() -> None:
    console = Console(width=40, force_terminal=True, color_system=None)
    with console.capture() as captured:
        terminal.policies(console)
    rule = RULES[0]
    assert f"{rule.name} " in captured.get()
    assert f"  {rule.level.value}  {rule.description}\n" in captured.get()


def test_there_is_no_tick_where_every_policy_is_disabled() -> None:
    found = with_records(logs(result="succeeded"), [record(12, 0)])
    text = shown(found)
    assert "\N{CHECK MARK}" not in text
    assert text.endswith("No policy was asked, because every one is disabled.\n")


def test_a_path_is_told_as_the_file_is_called() -> None:
    places = Places(Place("Pulumi.yaml", 1), {alb("east"): Place("my%20infra/%C3%BC.ts", 7)})
    assert "  my infra/ü.ts:7  alb-public-subnets" in shown(logs(balancer("east")), places)


def test_a_name_of_two_lines_is_told_in_one() -> None:
    text = shown(logs(balancer("east\nold"), balancer("west")))
    assert "  alb-public-subnets  east old, west\n" in text
    assert "    Load balancer east old is internet-facing, and none of its subnets" in text


def test_several_stacks_are_named() -> None:
    other = balancer("east", stack="prod")
    found = read("test", lines(balancer("east"), other, summary("failed")))
    text = shown(found)
    assert "alb-public-subnets  east  (shop/dev)\n" in text
    assert "alb-public-subnets  east  (shop/prod)\n" in text


def test_an_analysis_tells_every_message_in_full_and_why_it_failed() -> None:
    console = Console(width=20, force_terminal=False)
    long = "Load balancer east is internet-facing, and none of its subnets leads out:"
    with console.capture() as captured:
        terminal.in_full(logs(balancer("east"), error("no such\nfile")), console)
    text = captured.get()
    assert f"    {long}\n      load balancer east -> " in text
    assert "error: no such\nfile\n" in text
