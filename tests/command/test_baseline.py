"""Exemptions for what a stack has today."""

from __future__ import annotations

from typing import Any

from aws_dr_preflight import baseline
from reports.events import read
from tests.reports.support import lines, summary, violation

ALB = "alb-public-subnets"


def urn(name: str) -> str:
    return f"urn:pulumi:dev::shop::aws:lb/loadBalancer:LoadBalancer::{name}"


def balancer(name: str) -> dict[str, Any]:
    return violation(ALB, urn(name), message=f"Load balancer {name} is internet-facing.")


def findings(*events: dict[str, Any]) -> Any:
    logs = read("test", lines(*events, summary("failed")))
    return [each for one in logs for each in one.findings]


def test_a_baseline_exempts_what_blocks_today_by_urn() -> None:
    advice = violation("network-tiers", urn("vpc"), enforcementLevel="advisory")
    after = baseline.merged({}, findings(balancer("west"), balancer("east"), advice), "debt", None)
    assert after == {
        ALB: {
            "exemptions": [
                {"resource": urn("east"), "reason": "debt"},
                {"resource": urn("west"), "reason": "debt"},
            ]
        }
    }


def test_a_baseline_keeps_what_is_there_and_changes_nothing_twice() -> None:
    before: dict[str, Any] = {
        ALB: {
            "knownPublicIds": ["subnet-1"],
            "exemptions": [{"resource": urn("east"), "reason": "older"}],
        },
        "subnet-cidr": "advisory",
    }
    found = findings(balancer("west"), balancer("east"))
    after = baseline.merged(before, found, "debt", None)
    assert after[ALB] == {
        "knownPublicIds": ["subnet-1"],
        "exemptions": [
            {"resource": urn("east"), "reason": "older"},
            {"resource": urn("west"), "reason": "debt"},
        ],
    }
    assert before[ALB]["exemptions"] == [{"resource": urn("east"), "reason": "older"}]
    assert baseline.added(before, after) == 1
    assert baseline.merged(after, found, "again", None) == after
    assert baseline.added(after, after) == 0


def test_a_level_that_is_set_stays_beside_the_exemptions() -> None:
    after = baseline.merged({ALB: "mandatory"}, findings(balancer("east")), "debt", None)
    entry = {"resource": urn("east"), "reason": "debt"}
    assert after == {ALB: {"enforcementLevel": "mandatory", "exemptions": [entry]}}
