"""What is exempted leaves a trace: suppressed in SARIF, skipped in JUnit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reports import junit, sarif
from reports.__main__ import main
from reports.events import read
from reports.log import Log
from reports.record import with_records
from tests.reports.support import (
    ALB,
    NOWHERE,
    PROD,
    lines,
    summary,
    valid_junit,
    valid_runs,
    violation,
)

RECORD: dict[str, Any] = {
    "resources": 2,
    "policies": 90,
    "exempted": [
        {
            "policy": "subnet-cidr",
            "urn": ALB,
            "resource": "load balancer web",
            "reason": "moves in spring",
            "expires": "2027-03-31",
        },
        {
            "policy": "network-tiers",
            "urn": ALB,
            "resource": "VPC hub",
            "reason": "stands alone",
            "expires": None,
        },
    ],
}


def logs() -> tuple[Log, ...]:
    events = lines(
        violation(), summary("failed"), violation("subnet-cidr", PROD), summary("failed")
    )
    return with_records(read("test", events), [RECORD])


def test_each_stack_has_its_own() -> None:
    assert [len(each.exempted) for each in logs()] in ([2, 0], [0, 2])


def test_sarif_has_them_as_suppressed_results() -> None:
    runs = valid_runs(sarif.render(logs(), NOWHERE))
    suppressed = [each for run in runs for each in run["results"] if "suppressions" in each]
    assert [each["ruleId"] for each in suppressed] == ["network-tiers", "subnet-cidr"]
    (suppression,) = suppressed[1]["suppressions"]
    assert suppression == {
        "kind": "external",
        "status": "accepted",
        "justification": "moves in spring (until 2027-03-31)",
    }


def test_junit_has_them_as_skipped_cases() -> None:
    text = junit.render(logs(), strict=True)
    valid_junit(text)
    assert 'message="exempt: moves in spring (until 2027-03-31)"' in text
    assert 'message="exempt: stands alone"' in text
    assert text.count("<skipped") == 2


def test_two_exempted_findings_on_one_resource_are_told_apart() -> None:
    twice = {"exempted": [RECORD["exempted"][0], {**RECORD["exempted"][0], "reason": "again"}]}
    found = with_records(read("test", lines(violation(), summary("failed"))), [twice])
    (run,) = valid_runs(sarif.render(found, NOWHERE))
    hashes = [each["partialFingerprints"]["primaryLocationLineHash"] for each in run["results"]]
    assert len(set(hashes)) == len(hashes) == 3
    text = junit.render(found, strict=True)
    valid_junit(text)
    assert text.count("<skipped") == 1
    assert "exempt: again (until 2027-03-31); moves in spring (until 2027-03-31)" in text


def test_an_exempted_finding_of_a_policy_of_another_version() -> None:
    renamed = {"exempted": [{**RECORD["exempted"][0], "policy": "renamed-since"}]}
    found = with_records(read("test", lines(violation(), summary("failed"))), [renamed])
    (run,) = valid_runs(sarif.render(found, NOWHERE))
    (suppressed,) = [each for each in run["results"] if "suppressions" in each]
    rules = run["tool"]["driver"]["rules"]
    assert rules[suppressed["ruleIndex"]]["id"] == suppressed["ruleId"] == "renamed-since"


def test_the_command_takes_a_record(tmp_path: Path) -> None:
    events, record, out = (tmp_path / name for name in ("e.jsonl", "r.json", "o.xml"))
    events.write_bytes(lines(violation(), summary("failed")))
    record.write_text(json.dumps(RECORD), encoding="utf-8")
    assert main(["--junit", str(out), "--record", str(record), str(events)]) == 0
    assert "exempt: stands alone" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("record", [{}, {"exempted": None}, {"exempted": [7]}, {"exempted": {}}])
def test_a_record_that_says_nothing_changes_nothing(record: dict[str, Any]) -> None:
    before = read("test", lines(violation(), summary("failed")))
    assert with_records(before, [record]) == before
