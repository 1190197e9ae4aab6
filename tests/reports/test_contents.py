"""What every report holds: each defect once, counts, and what is not known left out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from policies.serving.again import LEAD
from reports import contents, message, table, words
from reports.contents import Count
from reports.events import read
from reports.log import Log
from reports.places import Place, Places
from reports.record import with_records
from tests.reports.support import (
    NOWHERE,
    TODAY,
    alb,
    balancer,
    doubt,
    error,
    lines,
    passed,
    record,
    rules_by_name,
    summary,
    violation,
)


def logs(*events: dict[str, Any], result: str = "failed") -> tuple[Log, ...]:
    return read("test", lines(*events, passed(urn=None), summary(result, "aws-dr-preflight")))


def report(*events: dict[str, Any], places: Places = NOWHERE) -> contents.Report:
    return contents.of(logs(*events), places, TODAY)


def names(defect: contents.Defect) -> list[str]:
    return [each.name for each in defect.resources]


def test_one_defect_of_several_resources_is_told_once() -> None:
    places = Places(Place("Pulumi.yaml", 1), {alb("east"): Place("infra/main.ts", 7)})
    (defect,) = report(balancer("west"), balancer("east"), places=places).defects
    assert names(defect) == ["east", "west"]
    assert [each.place for each in defect.resources] == [Place("infra/main.ts", 7), None]
    assert defect.problem == (
        "Load balancer east is internet-facing, and none of its subnets leads out"
    )
    assert Count.of([defect]) == Count(1, 2)


def test_defects_that_differ_in_the_names_of_others_are_one() -> None:
    found = report(
        violation(urn=alb("a"), message="a is in zone-1."),
        violation(urn=alb("b"), message="b is in zone-2."),
        passed(urn=alb("zone-1")),
        passed(urn=alb("zone-2")),
    )
    assert [names(each) for each in found.defects] == [["a", "b"]]


def test_names_of_any_kind_are_names() -> None:
    one, two = "the first: one (a)", "web.1/b"
    found = report(
        violation(urn=alb(one), message=f"{one} is in a zone."),
        violation(urn=alb(two), message=f"{two} is in a zone."),
    )
    assert [names(each) for each in found.defects] == [[one, two]]


def test_different_defects_of_one_policy_are_told_apart() -> None:
    other = violation(urn=alb("west"), message="Load balancer west has one subnet only.")
    assert [names(each) for each in report(balancer("east"), other).defects] == [["east"], ["west"]]


def test_mandatory_defects_come_first_then_the_order_of_the_policies() -> None:
    found = report(
        violation("network-tiers", enforcementLevel="advisory"),
        violation("subnet-cidr"),
        violation("tags", policyPackName="another"),
        violation("alb-public-subnets"),
    )
    order = [name for name in rules_by_name() if name in ("subnet-cidr", "alb-public-subnets")]
    assert [str(each.policy) for each in found.defects] == [*order, "another/tags", "network-tiers"]


def test_doubts_are_apart_but_what_is_said_of_a_configuration() -> None:
    said = "Configuration: no such policy"
    configured = violation("unverifiable-reference", urn="", message=said)
    found = report(doubt("east"), configured)
    assert [names(each) for each in found.doubts] == [["east"]]
    assert [each.problem for each in found.defects] == [said]
    assert Count.of(found.defects) == Count(1, 0)


def test_advice_on_several_resources_names_all_of_them_where_a_record_tells() -> None:
    text = "VPC a lacks a tier:\n  chain -> end\nVPC b lacks a tier:\n  chain -> end\nAWS: x"
    advice = violation("network-tiers", alb("a"), message=text, enforcementLevel="advisory")
    together = {"policy": "network-tiers", "urn": alb("a"), "text": text, "also": [alb("b")]}
    of_record = with_records(logs(advice), [record(2, 90, together=[together])])
    (defect,) = contents.of(of_record, NOWHERE).defects
    assert names(defect) == ["a", "b"]
    other = {**together, "text": "Another text"}
    (defect,) = contents.of(
        with_records(logs(advice), [record(2, 90, together=[other])]), NOWHERE
    ).defects
    assert names(defect) == ["a"]


def test_advice_on_resources_of_two_stacks_is_in_both() -> None:
    text = "Balancer a of shop/dev is idle.\nBalancer a of shop/prod is idle."
    advice = violation("network-tiers", alb("a"), message=text, enforcementLevel="advisory")
    also = [alb("a", "prod"), alb("b", "prod")]
    together = {"policy": "network-tiers", "urn": alb("a"), "text": text, "also": also}
    both = record(2, 90, together=[together])
    both["stacks"].append({"project": "shop", "stack": "prod", "resources": 3})
    dev, prod = contents.of(with_records(logs(advice), [both]), NOWHERE).stacks
    assert [names(each) for each in dev.defects] == [["a"]]
    assert [names(each) for each in prod.defects] == [["a", "b"]]
    assert dev.defects[0].problem == "Balancer a of shop/dev is idle."
    assert prod.defects[0].problem == "Balancer a of shop/prod is idle."
    assert prod.is_complete


def test_what_would_be_wrong_if_it_had_to_be_made_again_says_so() -> None:
    advice = violation(
        message=f"{LEAD}\nIts engine version is gone:\n  chain", enforcementLevel="advisory"
    )
    (defect,) = report(advice).defects
    assert defect.problem == f"{LEAD} Its engine version is gone"


@pytest.mark.parametrize(
    ("events", "weight"),
    [
        ([], "clean"),
        ([doubt("east")], "advisory"),
        ([violation(enforcementLevel="advisory")], "advisory"),
        ([balancer("east")], "mandatory"),
        ([balancer("east"), error("no such file")], "failed"),
    ],
)
def test_what_a_run_amounts_to(events: list[dict[str, Any]], weight: str) -> None:
    found = report(passed(), *events)
    if not any("policyEvent" in each and "mandatory" in str(each) for each in events):
        found = contents.of(logs(passed(), *events, result="succeeded"), NOWHERE)
    assert words.verdict(found).weight.value == weight
    assert found.is_clean == (weight in ("clean", "advisory"))


def test_a_run_that_stopped_early_is_not_clean() -> None:
    found = contents.of(read("test", lines(passed("subnet-cidr"), summary())), NOWHERE)
    assert words.verdict(found).text == "The run stopped before every policy was asked."


def test_numbers_that_are_not_known_of_each_stack_are_not_known() -> None:
    both = read("test", lines(balancer("a"), balancer("a", "prod"), summary("failed")))
    assert contents.of(both, NOWHERE).resources is None
    assert contents.of(with_records(both, [record(3, 90)]), NOWHERE).resources is None
    whole = with_records(both, [record(3, 90), record(4, 91, stack="prod")])
    found = contents.of(whole, NOWHERE)
    assert (found.resources, found.policies) == (7, 91)
    assert words.looked_at(found) == "91 policies looked at 7 resources"
    assert words.looked_at(contents.of(both, NOWHERE)) == ""


@pytest.mark.parametrize(
    ("expires", "when"),
    [
        (date(2026, 11, 25), None),
        (date(2026, 11, 26), "on 2026-11-26, today"),
        (date(2026, 11, 27), "on 2026-11-27, tomorrow"),
        (date(2026, 12, 26), "on 2026-12-26, in 30 days"),
        (date(2026, 12, 27), None),
        (None, None),
    ],
)
def test_an_exemption_that_ends_soon_is_marked(expires: date | None, when: str | None) -> None:
    found = with_records(logs(), [record(1, 90, ("a", "a", expires))])
    (exempt,) = contents.of(found, NOWHERE, TODAY).exempted
    assert exempt.ending == when


def test_a_day_that_is_none_does_no_harm() -> None:
    said = record(1, 90, ("a", "a", None))
    said["exempted"][0]["expires"] = "soon"
    (exempt,) = contents.of(with_records(logs(), [said]), NOWHERE, TODAY).exempted
    assert exempt.ending is None


def test_the_table_has_a_cell_a_stack() -> None:
    events = (balancer("a"), balancer("b"), balancer("a", "prod"), doubt("a"), summary("failed"))
    found = with_records(
        read("test", lines(*events)), [record(1, 90, ("x", "x", None), ("y", "y", None))]
    )
    rows = table.rows(contents.of(found, NOWHERE))
    assert [(str(row.policy), [cell.words for cell in row.cells]) for row in rows] == [
        ("alb-public-subnets", ["1 mandatory (2 resources)", "1 mandatory (1 resource)"]),
        ("unverifiable-reference", ["1 undecided (1 resource)", ""]),
        ("subnet-cidr", ["2 exempt", ""]),
    ]
    assert dict(rows[0].total.numbers) == {
        "mandatory": 2,
        "advisory": 0,
        "undecided": 0,
        "exempt": 0,
        "resources": 3,
    }


def test_the_parts_of_a_message() -> None:
    text = "What:\n  a -> b -> c\n  and 3 more\nAWS: no.\nFix: do.\nMore: https://x"
    found = message.read(text, is_own=True)
    assert [each.text or each.chain for each in found.lines] == [
        "What:",
        ("a", "b", "c"),
        "and 3 more",
    ]
    assert found.labelled == (("AWS", "no."), ("Fix", "do."))
    foreign = message.read(text, is_own=False)
    assert [each.text for each in foreign.lines] == text.splitlines()


def test_what_messages_have_in_common_is_said_once_and_in_order() -> None:
    one = message.read("x\nAWS: a\nFix: f", is_own=True)
    two = message.read("y\nAWS: b\nFix: f", is_own=True)
    assert message.common([one, two]) == (("AWS", "a"), ("AWS", "b"), ("Fix", "f"))
