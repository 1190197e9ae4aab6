"""Logs of the engine, real ones and made ones, and the schemas that reports must fit."""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import xmlschema
from jsonschema import Draft4Validator, FormatChecker
from junitparser import JUnitXml, xunit2

from reports import junit, sarif
from reports.events import Log, read
from reports.places import Place, Places

LOGS = Path(__file__).with_name("logs")
REFUSED = LOGS / "refused"
_SCHEMAS = Path(__file__).with_name("schemas")

ALB = "urn:pulumi:dev::shop::my:net:Region$aws:lb/loadBalancer:LoadBalancer::alb"
ZONE = "urn:pulumi:dev::shop::aws:route53/zone:Zone::zone"
PROD = ALB.replace("urn:pulumi:dev", "urn:pulumi:prod")

NOWHERE = Places(Place("Pulumi.yaml", 1))


def stored(name: str) -> Log:
    """A log that the engine wrote, less what reports do not read."""
    return only(read(name, (LOGS / name).read_bytes()))


def only(logs: tuple[Log, ...]) -> Log:
    """The log of the only stack."""
    (found,) = logs
    return found


def violation(policy: str = "alb-public-subnets", urn: str = ALB, **other: Any) -> dict[str, Any]:
    """The event of one finding."""
    event = {
        "resourceUrn": urn,
        "message": "What is wanted.\nWhat is wrong.\n",
        "policyName": policy,
        "policyPackName": "aws-dr-preflight",
        "policyPackVersion": "0.1.0",
        "enforcementLevel": "mandatory",
        "severity": "high",
    }
    return {"policyEvent": {**event, **other}}


def passed(*policies: str, urn: str | None = ALB, pack: str = "aws-dr-preflight") -> dict[str, Any]:
    """The event of policies that a resource passes, or that the stack does."""
    event = {"policyPackName": pack, "policyPackVersion": "0.1.0", "passed": list(policies)}
    if urn is None:
        return {"policyAnalyzeStackSummaryEvent": event}
    return {"policyAnalyzeSummaryEvent": {**event, "resourceUrn": urn}}


def error(message: str) -> dict[str, Any]:
    """The event of an error."""
    return {"diagnosticEvent": {"message": message, "severity": "error"}}


def summary(result: str = "succeeded", *packs: str) -> dict[str, Any]:
    """The event that closes a run."""
    return {"summaryEvent": {"result": result, "PolicyPacks": dict.fromkeys(packs, "0.1.0")}}


def lines(*events: dict[str, Any]) -> bytes:
    """The events as the engine writes them."""
    return b"".join(json.dumps(event).encode() + b"\n" for event in events)


def log(*events: dict[str, Any]) -> Log:
    """A whole log of these events; its summary says what fits unless one is among them."""
    if not any("summaryEvent" in event for event in events):
        events = (*events, summary("failed" if any("policyEvent" in e for e in events) else ""))
    return only(read("the log", lines(*events)))


def sarif_of(log: Log, places: Places = NOWHERE) -> dict[str, Any]:
    """The only run of the log's SARIF."""
    return valid_sarif(sarif.render([log], places))


def valid_sarif(text: str) -> dict[str, Any]:
    """The only run of a SARIF report that fits the schema."""
    (run,) = valid_runs(text)
    return run


def valid_runs(text: str) -> list[dict[str, Any]]:
    """The runs of a SARIF report that fits the schema."""
    document = json.loads(text)
    assert [each.message for each in _sarif_schema().iter_errors(document)] == []
    return [dict(run) for run in document["runs"]]


def junit_of(log: Log, strict: bool = False) -> JUnitXml:
    """The log's JUnit XML."""
    return valid_junit(junit.render([log], strict))


def valid_junit(text: str) -> JUnitXml:
    """A JUnit report that fits the schema."""
    _junit_schema().validate(io.BytesIO(text.encode()))
    return xunit2.JUnitXml.fromstring(text.encode())


@cache
def _sarif_schema() -> Draft4Validator:
    schema = json.loads((_SCHEMAS / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    return Draft4Validator(schema, format_checker=FormatChecker())


@cache
def _junit_schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(_SCHEMAS / "junit-10.xsd"))
