"""What a person reads at the end: each defect once, with its place."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console

from aws_dr_preflight import baseline, summary, terminal
from policies.rule import Level
from reports.events import read
from reports.places import Place, Places

PACK = "aws-dr-preflight"
ALB = "alb-public-subnets"


def urn(name: str, stack: str = "dev") -> str:
    return f"urn:pulumi:{stack}::shop::aws:lb/loadBalancer:LoadBalancer::{name}"


def violation(
    policy: str, name: str, message: str, level: str = "mandatory", stack: str = "dev"
) -> dict[str, Any]:
    return {
        "policyEvent": {
            "resourceUrn": urn(name, stack),
            "message": message,
            "policyName": policy,
            "policyPackName": PACK,
            "policyPackVersion": "0.1.0",
            "enforcementLevel": level,
        }
    }


def balancer(name: str) -> dict[str, Any]:
    description = (
        "An internet-facing Application Load Balancer must be in subnets that lead to an internet "
        "gateway."
    )
    problem = f"Load balancer {name} is internet-facing, and none of its subnets leads out:"
    return violation(ALB, name, f"{description}\n{problem}\n  chain\nAWS: refuses it.")


def log(*events: dict[str, Any], result: str = "failed") -> Any:
    ends = (
        {"policyAnalyzeSummaryEvent": {"policyPackName": PACK, "passed": ["subnet-cidr"]}},
        {"policyAnalyzeStackSummaryEvent": {"policyPackName": PACK, "passed": []}},
        {"summaryEvent": {"result": result, "PolicyPacks": {PACK: "0.1.0"}}},
    )
    numbered = [{"sequence": at, **each} for at, each in enumerate((*events, *ends))]
    return read("test", "\n".join(map(json.dumps, numbered)).encode())


def places(**lines: int) -> Places:
    declared = {urn(name): Place("infra/main.ts", line) for name, line in lines.items()}
    return Places(Place("infra/Pulumi.yaml", 1), declared)


def test_one_defect_of_several_resources_is_one_line() -> None:
    found = summary.of(log(balancer("west"), balancer("east")), places(east=7, west=9), 12, 92)
    (line,) = found.of(Level.MANDATORY)
    assert line.resources == ("east", "west")
    assert line.place == "infra/main.ts:7"
    assert line.problem == (
        "Load balancer east is internet-facing, and none of its subnets leads out"
    )
    assert (found.policies, found.resources) == (92, 12)
    assert not found.is_clean


def test_different_defects_of_one_policy_are_told_apart() -> None:
    other = violation(ALB, "west", "Load balancer west has one subnet only.\nAWS: refuses it.")
    found = summary.of(log(balancer("east"), other), places(), 2)
    assert [line.resources for line in found.lines] == [("east",), ("west",)]
    assert [line.place for line in found.lines] == ["", ""]


def test_doubts_are_counted_apart() -> None:
    doubt = violation("unverifiable-reference", "east", "x\ny", level="advisory")
    found = summary.of(log(doubt, result="succeeded"), places(), 1)
    assert (found.lines, len(found.doubts)) == ((), 1)
    assert found.is_clean


def test_a_program_that_failed_gets_no_tick() -> None:
    failed = {"diagnosticEvent": {"severity": "error", "message": "Program failed: boom"}}
    found = summary.of(log(failed), places(), 1)
    assert found.errors == ("Program failed: boom",)
    assert not found.is_clean
    assert "\u2713" not in shown(found)
    assert "Program failed: boom" in shown(found)


def test_a_run_without_findings_gets_one_with_numbers() -> None:
    found = summary.of(log(result="succeeded"), places(), 30, 92)
    assert "\u2713 92 policies looked at 30 resources: 0 mandatory and 0 advisory" in shown(found)


def shown(found: summary.Summary) -> str:
    console = Console(width=200, record=True, file=None, quiet=False, force_terminal=False)
    with console.capture() as captured:
        terminal.show(found, console)
    return captured.get()


def test_the_terminal_shows_place_policy_resources_and_problem() -> None:
    text = shown(summary.of(log(balancer("west"), balancer("east")), places(east=7), 12, 92))
    assert "infra/main.ts:7  alb-public-subnets  east, west" in text
    assert "x 92 policies looked at 12 resources: 1 mandatory and 0 advisory findings" in text


# --- baseline ------------------------------------------------------------------------------------


def findings(*events: dict[str, Any]) -> Any:
    return [each for one in log(*events) for each in one.findings]


def test_a_baseline_exempts_what_blocks_today_by_urn() -> None:
    advice = violation("network-tiers", "vpc", "advice", level="advisory")
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
    assert baseline.merged(after, found, "again", None) == after


def test_a_level_that_is_set_stays_beside_the_exemptions() -> None:
    after = baseline.merged({ALB: "mandatory"}, findings(balancer("east")), "debt", None)
    entry = {"resource": urn("east"), "reason": "debt"}
    assert after == {ALB: {"enforcementLevel": "mandatory", "exemptions": [entry]}}
