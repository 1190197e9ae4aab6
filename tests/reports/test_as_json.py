"""The JSON report: what it holds is what its published schema says, and nothing else."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from reports import as_json, contents
from reports.events import read
from reports.log import Log
from reports.places import Place, Places
from reports.record import with_records
from tests.reports.support import (
    LOGS,
    NOWHERE,
    TODAY,
    alb,
    balancer,
    doubt,
    error,
    lines,
    passed,
    record,
    stored,
    summary,
)

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "report-schema.json"


@cache
def schema() -> Any:
    return json.loads(SCHEMA.read_text(encoding="utf-8"))


def closed(node: Any) -> Any:
    """A schema that takes no key that it does not name."""
    if isinstance(node, list):
        return [closed(each) for each in node]
    if not isinstance(node, dict):
        return node
    found = {key: closed(each) for key, each in node.items()}
    return {**found, "additionalProperties": False} if "properties" in found else found


def valid(logs: tuple[Log, ...], places: Places = NOWHERE) -> Any:
    document = json.loads(as_json.render(contents.of(logs, places, TODAY)))
    for each in (schema(), closed(schema())):
        validator = Draft202012Validator(each, format_checker=FormatChecker())
        assert [error.message for error in validator.iter_errors(document)] == []
    return document


def test_the_schema_is_one_and_knows_its_version() -> None:
    Draft202012Validator.check_schema(schema())
    assert schema()["$id"] == as_json.SCHEMA
    assert schema()["properties"]["version"] == {
        "const": as_json.VERSION,
        "description": "The version of this schema.",
    }


def test_the_schema_takes_what_a_later_version_adds_and_misses_what_goes_away() -> None:
    document = valid((stored("preview-two-packs.jsonl"),))
    validator = Draft202012Validator(schema())
    assert validator.is_valid({**document, "later": 1})
    for key in document:
        assert not validator.is_valid({k: v for k, v in document.items() if k != key}), key


@pytest.mark.parametrize("name", sorted(path.name for path in LOGS.glob("*.jsonl")))
def test_every_stored_log_fits_the_schema(name: str) -> None:
    document = valid((stored(name),))
    assert "resources" not in document, "nobody knows the number"


def test_several_stacks_with_everything() -> None:
    events = (
        *(balancer("east"), balancer("west"), doubt("east"), passed(urn=None), summary("failed")),
        *(balancer("east", "prod"), error("no such file"), summary("failed")),
    )
    said = record(12, 90, ("a", "a-*", date(2026, 12, 8)), ("b", "b", None))
    places = Places(Place("Pulumi.yaml", 1), {alb("west"): Place("infra/main.ts", 7)})
    document = valid(with_records(read("test", lines(*events)), [said]), places)
    assert document["result"] == "failed"
    assert document["counts"] == {
        "mandatory": {"findings": 2, "resources": 3},
        "advisory": {"findings": 0, "resources": 0},
        "untold": {"findings": 1, "resources": 1},
        "exempted": 2,
    }
    assert "resources" not in document
    dev, prod = document["stacks"]
    assert (dev["project"], dev["stack"], dev["result"]) == ("shop", "dev", "mandatory")
    assert (dev["resources"], dev["policies"]) == (12, 90)
    (finding,) = dev["findings"]
    assert [(each["name"], each["file"], each["line"]) for each in finding["resources"]] == [
        ("east", None, None),
        ("west", "infra/main.ts", 7),
    ]
    assert [each["urns"] for each in finding["messages"]] == [[alb("east")], [alb("west")]]
    assert "AWS: InvalidSubnet\nFix: Attach a gateway." in finding["messages"][0]["text"]
    assert [each["endsSoon"] for each in dev["exempted"]] == [True, False]
    assert (prod["errors"], prod["result"]) == (["no such file"], "failed")
    assert "resources" not in prod


def test_a_remediation_has_no_value() -> None:
    document = valid((stored("preview-remediated.jsonl"),))
    (remediation,) = document["stacks"][0]["remediations"]
    assert remediation["properties"] == ["backtrackWindow"]
    assert "3600" not in json.dumps(document)
