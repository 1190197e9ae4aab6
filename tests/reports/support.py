"""Logs of the engine, real ones and made ones, and the schemas that reports must fit."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import xmlschema
from jsonschema import Draft4Validator, FormatChecker
from junitparser import JUnitXml, xunit2

from policies import RULES
from policies.rule import AnyRule
from reports import junit, sarif
from reports.events import read
from reports.log import Log
from reports.places import Place, Places

LOGS = Path(__file__).with_name("logs")
REFUSED = LOGS / "refused"
_SCHEMAS = Path(__file__).with_name("schemas")

ALB = "urn:pulumi:dev::shop::my:net:Region$aws:lb/loadBalancer:LoadBalancer::alb"
ZONE = "urn:pulumi:dev::shop::aws:route53/zone:Zone::zone"
PROD = ALB.replace("urn:pulumi:dev", "urn:pulumi:prod")

NOWHERE = Places(Place("Pulumi.yaml", 1))
TODAY = date(2026, 11, 26)


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


def alb(name: str, stack: str = "dev") -> str:
    """The URN of a load balancer."""
    return f"urn:pulumi:{stack}::shop::aws:lb/loadBalancer:LoadBalancer::{name}"


def balancer(name: str, stack: str = "dev") -> dict[str, Any]:
    """A mandatory finding as this pack words it: description, problem, chain, AWS, fix and page."""
    rule = rules_by_name()["alb-public-subnets"]
    text = (
        f"{rule.description}\n"
        f"Load balancer {name} is internet-facing, and none of its subnets leads out:\n"
        f"  load balancer {name} -> subnet {name}-a -> no route\n"
        f"AWS: InvalidSubnet\nFix: Attach a gateway.\nMore: {rule.url}\n"
    )
    return violation(rule.name, alb(name, stack), message=text)


def doubt(name: str) -> dict[str, Any]:
    """What is undecided about a load balancer."""
    rule = rules_by_name()["unverifiable-reference"]
    text = (
        f"{rule.description}\nalb-public-subnets: its subnets are not known\n"
        f"To have it checked: deploy the subnets first.\nMore: {rule.url}"
    )
    return violation(rule.name, alb(name), message=text, enforcementLevel="advisory")


def rules_by_name() -> dict[str, AnyRule]:
    return {rule.name: rule for rule in RULES}


def record(
    resources: int,
    policies: int,
    *exempted: tuple[str, str, date | None],
    stack: str = "dev",
    together: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """A record of the pack on one stack; of what is exempted: name, exemption and last day."""
    return {
        "resources": resources,
        "policies": policies,
        "stacks": [{"project": "shop", "stack": stack, "resources": resources}],
        "together": list(together),
        "exempted": [
            {
                "policy": "subnet-cidr",
                "urn": f"urn:pulumi:{stack}::shop::aws:ec2/subnet:Subnet::{name}",
                "resource": f"subnet {name}",
                "exemption": exemption,
                "reason": "moves in spring",
                "expires": expires.isoformat() if expires else None,
            }
            for name, exemption, expires in exempted
        ],
    }


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
