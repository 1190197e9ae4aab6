"""What the pack's own record adds to the events: each stack its own."""

from __future__ import annotations

from typing import Any

import pytest

from policies.rule import Level
from reports.events import read
from reports.log import Home
from reports.record import with_records
from tests.reports.support import (
    PROD,
    balancer,
    error,
    lines,
    passed,
    record,
    summary,
    violation,
)

DEV, PRODUCTION = Home("shop", "dev"), Home("shop", "prod")


def test_numbers_are_those_of_the_stack() -> None:
    logs = read("test", lines(balancer("a"), balancer("a", "prod"), summary("failed")))
    dev, prod = with_records(logs, [record(3, 90)])
    assert (dev.resources, dev.policies) == (3, 90)
    assert (prod.resources, prod.policies) == (None, None)


def test_a_stack_without_an_event_has_a_log_too() -> None:
    logs = read("test", lines(balancer("a", "prod"), summary("failed")))
    said = record(3, 90)
    said["stacks"].append({"project": "shop", "stack": "prod", "resources": 4})
    dev, prod = with_records(logs, [said])
    assert (dev.stack, prod.stack) == (DEV, PRODUCTION)
    assert (dev.findings, dev.errors, dev.unfinished, dev.resources) == ((), (), (), 3)
    assert prod.packs == dev.packs


def test_events_that_name_no_resource_are_those_of_the_stack_of_the_record() -> None:
    logs = read("test", lines(summary("succeeded", "aws-dr-preflight")))
    assert [each.stack for each in logs] == [None]
    (log,) = with_records(logs, [record(3, 90)])
    assert (log.stack, log.resources) == (DEV, 3)


def test_what_is_exempted_in_a_stack_that_nothing_else_tells_of_is_not_lost() -> None:
    logs = read("test", lines(balancer("a"), summary("failed")))
    said = {**record(1, 90, ("x", "x", None), stack="prod"), "stacks": []}
    assert [len(each.exempted) for each in with_records(logs, [said])] == [0, 1]


def test_several_records_are_those_of_several_runs() -> None:
    logs = read("a", lines(balancer("a"), summary("failed"))) + read(
        "b", lines(balancer("a", "prod"), summary("failed"))
    )
    said = [record(3, 90, ("x", "x", None)), record(4, 90, ("y", "y", None), stack="prod")]
    found = with_records(logs, said)
    assert [(each.resources, [one.resource for one in each.exempted]) for each in found] == [
        (3, ["subnet x"]),
        (4, ["subnet y"]),
    ]


@pytest.mark.parametrize(
    "said", [{"stacks": 7, "together": [1], "exempted": [{}], "policies": "x"}]
)
def test_a_record_that_makes_no_sense_changes_nothing(said: dict[str, Any]) -> None:
    logs = read("test", lines(balancer("a"), summary("failed")))
    assert with_records(logs, [said]) == logs


# --- an analysis of several stacks is one run ----------------------------------------------------


def numbered(*events: dict[str, Any]) -> bytes:
    return lines(*({"sequence": at, **each} for at, each in enumerate(events)))


def test_how_a_run_ended_is_known_of_each_of_its_stacks() -> None:
    advice = violation("subnet-cidr", PROD, enforcementLevel="advisory")
    dev, prod = read("test", numbered(violation(), advice, passed(urn=None), summary("failed")))
    assert (dev.errors, prod.errors) == ((), ())
    assert prod.count(Level.MANDATORY) == 0
    assert (dev.unfinished, prod.unfinished) == ((), ())


def test_why_a_run_failed_is_told_of_each_of_its_stacks() -> None:
    events = (violation(), violation(urn=PROD), error("no such subnet"), summary("failed"))
    assert [each.errors for each in read("test", numbered(*events))] == [("no such subnet",)] * 2


def test_a_finding_on_no_resource_is_told_once() -> None:
    events = (violation(), violation(urn=PROD), violation("subnet-cidr", urn=""), summary("failed"))
    found = read("test", numbered(*events))
    assert sum(each.policy == "subnet-cidr" for log in found for each in log.findings) == 1
