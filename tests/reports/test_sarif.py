"""The SARIF report: valid by the published schema, and what code scanning needs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies import RULES
from reports import sarif
from reports.events import read
from reports.places import Place, Places
from reports.record import with_records
from tests.reports.support import (
    ALB,
    LOGS,
    NOWHERE,
    PROD,
    ZONE,
    error,
    lines,
    log,
    record,
    sarif_of,
    stored,
    summary,
    valid_runs,
    violation,
)

TWO_STACKS = lines(
    violation(),
    summary("failed"),
    violation("subnet-cidr", PROD),
    error("no such subnet"),
    summary("failed"),
)

ADVISORY = {"enforcementLevel": "advisory"}


def only(run: dict[str, Any]) -> dict[str, Any]:
    (result,) = run["results"]
    return dict(result)


@pytest.mark.parametrize("name", sorted(path.name for path in LOGS.glob("*.jsonl")))
def test_every_stored_log_fits_the_schema_and_code_scanning(name: str) -> None:
    run = sarif_of(stored(name))
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        physical = result["locations"][0]["physicalLocation"]
        assert not physical["artifactLocation"]["uri"].startswith(("/", "file:"))
        assert physical["region"]["startLine"] >= 1
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert len(rule.get("properties", {}).get("tags", ())) <= 20
    fingerprints = [
        each["partialFingerprints"]["primaryLocationLineHash"] for each in run["results"]
    ]
    assert len(set(fingerprints)) == len(fingerprints)


def test_every_policy_is_described_whether_it_found_something_or_not() -> None:
    run = sarif_of(log(summary("succeeded", "aws-dr-preflight")))
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("aws-dr-preflight", "0.1.0")
    assert driver["informationUri"].startswith("https://")
    assert run["results"] == []
    assert [each["id"] for each in driver["rules"]] == [rule.name for rule in RULES]
    for described, rule in zip(driver["rules"], RULES, strict=True):
        assert described["helpUri"] == rule.url
        assert f"({rule.url})" in described["help"]["markdown"]
        assert rule.fix in described["help"]["markdown"]
        assert described["properties"] == {"tags": list(rule.tags)}


@pytest.mark.parametrize(
    ("event", "level"),
    [
        ({}, "error"),
        ({"severity": "low"}, "error"),
        (ADVISORY, "warning"),
        ({**ADVISORY, "severity": "low"}, "note"),
        ({**ADVISORY, "severity": ""}, "warning"),
    ],
)
def test_the_level_of_a_result(event: dict[str, str], level: str) -> None:
    assert only(sarif_of(log(violation(**event))))["level"] == level


def test_the_message_does_not_repeat_the_description() -> None:
    rule = RULES[0]
    event = violation(rule.name, message=f"{rule.description}\nprimary has <{{%bold%}}>it.\n")
    assert only(sarif_of(log(event)))["message"]["text"] == "primary has it."


def test_the_resource_is_the_logical_location() -> None:
    (location,) = only(sarif_of(log(violation())))["locations"]
    assert location["logicalLocations"] == [
        {
            "name": "alb",
            "kind": "resource",
            "fullyQualifiedName": ALB,
            "properties": {"type": "aws:lb/loadBalancer:LoadBalancer"},
        }
    ]


def test_a_result_is_shown_where_its_resource_is_declared() -> None:
    places = Places(Place("infra/Pulumi.yaml", 1), {ALB: Place("infra/__main__.py", 83)})
    results = sarif_of(log(violation(), violation(urn=ZONE)), places)["results"]
    shown = [each["locations"][0]["physicalLocation"] for each in results]
    assert {(each["artifactLocation"]["uri"], each["region"]["startLine"]) for each in shown} == {
        ("infra/__main__.py", 83),
        ("infra/Pulumi.yaml", 1),
    }


def test_a_finding_without_a_resource_has_no_logical_location() -> None:
    (location,) = only(sarif_of(log(violation(urn=""))))["locations"]
    assert "logicalLocations" not in location


def test_fingerprints_are_those_of_the_policy_and_resource() -> None:
    def fingerprints(*events: dict[str, Any]) -> list[str]:
        results = sarif_of(log(*events))["results"]
        return [each["partialFingerprints"]["policyAndResource/v1"] for each in results]

    (first,) = fingerprints(violation(message="At noon."))
    assert fingerprints(violation(message="At night.", severity="low")) == [first]
    assert fingerprints(violation(urn=ZONE)) != [first]
    assert fingerprints(violation("subnet-cidr")) != [first]
    assert fingerprints(violation(policyPackName="other")) != [first]


def test_two_findings_on_one_resource_are_two_results() -> None:
    results = sarif_of(log(violation(message="a"), violation(message="b")))["results"]
    hashes = [each["partialFingerprints"]["primaryLocationLineHash"] for each in results]
    assert [each.partition(":")[2] for each in hashes] == ["1", "2"]


def test_other_packs_keep_their_names() -> None:
    run = sarif_of(stored("preview-two-packs.jsonl"))
    other = {each["id"]: each for each in run["tool"]["driver"]["rules"][len(RULES) :]}
    assert set(other) == {"house-rules/dull", "house-rules/tags"}
    assert other["house-rules/tags"]["shortDescription"]["text"] == "Everything has tags."
    said = [each for each in run["results"] if each["ruleId"] == "house-rules/tags"]
    assert {each["message"]["text"] for each in said} == {"Everything has tags.\nhas no tags"}


def test_a_policy_of_another_version_of_this_pack() -> None:
    run = sarif_of(log(violation("renamed-since")))
    assert run["tool"]["driver"]["rules"][-1]["id"] == "renamed-since"


def test_the_version_is_the_one_that_ran() -> None:
    run = sarif_of(log(violation(policyPackVersion="0.0.9")))
    assert run["tool"]["driver"]["version"] == "0.0.9"


def test_a_remediation_is_a_note_without_values() -> None:
    result = only(sarif_of(stored("preview-remediated.jsonl")))
    assert (result["ruleId"], result["level"]) == ("aurora-global-backtrack", "note")
    assert "changes backtrackWindow of primary;" in result["message"]["text"]
    assert "3600" not in json.dumps(result)


def test_a_run_that_failed_for_another_reason_is_not_a_clean_one() -> None:
    (invocation,) = sarif_of(log(violation(), error("no such subnet")))["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"] == [
        {"level": "error", "message": {"text": "no such subnet"}}
    ]
    (invocation,) = sarif_of(log(violation()))["invocations"]
    assert invocation == {"executionSuccessful": True}


def test_what_advice_is_about_besides_is_a_related_location() -> None:
    together = {"policy": "subnet-cidr", "urn": ALB, "text": "What is wrong.", "also": [ZONE]}
    found = with_records([log(violation("subnet-cidr"))], [record(2, 90, together=[together])])
    (run,) = valid_runs(sarif.render(found, NOWHERE))
    (location,) = only(run)["relatedLocations"]
    assert location["logicalLocations"][0]["fullyQualifiedName"] == ZONE
    assert "relatedLocations" not in only(sarif_of(log(violation())))


def test_each_stack_is_a_run() -> None:
    dev, prod = valid_runs(sarif.render(read("both", TWO_STACKS), NOWHERE))
    ids = [run["automationDetails"]["id"] for run in (dev, prod)]
    assert ids == ["aws-dr-preflight/shop/dev/", "aws-dr-preflight/shop/prod/"]
    assert [each["ruleId"] for each in dev["results"]] == ["alb-public-subnets"]
    assert [each["ruleId"] for each in prod["results"]] == ["subnet-cidr"]
    assert [run["invocations"][0]["executionSuccessful"] for run in (dev, prod)] == [True, False]


def test_reports_on_two_stacks_do_not_replace_each_other() -> None:
    assert sarif_of(log(violation()))["automationDetails"] == {"id": "aws-dr-preflight/shop/dev/"}
    assert "automationDetails" not in sarif_of(log(summary("", "aws-dr-preflight")))


def test_the_report_names_its_schema() -> None:
    document = json.loads(sarif.render([log(violation())], NOWHERE))
    assert document["version"] == "2.1.0"
    assert document["$schema"].endswith("/sarif-schema-2.1.0.json")
