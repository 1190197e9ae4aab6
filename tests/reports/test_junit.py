"""The JUnit report: valid by Jenkins's schema; a suite a stack and pack, a case a policy
and resource."""

from __future__ import annotations

from typing import Any

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from reports import junit
from reports.events import read
from reports.log import Log
from tests.reports.support import (
    ALB,
    LOGS,
    PROD,
    ZONE,
    error,
    junit_of,
    lines,
    log,
    passed,
    stored,
    summary,
    valid_junit,
    violation,
)

ADVISORY = {"enforcementLevel": "advisory"}


def cases(found: Log, strict: bool = False) -> dict[str, TestCase]:
    return {case.name: case for suite in junit_of(found, strict) for case in suite}


def suites(report: JUnitXml) -> dict[str, TestSuite]:
    return {suite.name: suite for suite in report}


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("name", sorted(path.name for path in LOGS.glob("*.jsonl")))
def test_every_stored_log_fits_the_schema(name: str, strict: bool) -> None:
    report = junit_of(stored(name), strict)
    names = [(case.classname, case.name) for suite in report for case in suite]
    assert len(set(names)) == len(names)
    assert report.tests == len(names)


def test_a_mandatory_finding_is_a_failure() -> None:
    (suite,) = junit_of(log(violation()))
    (case,) = suite
    assert suite.name == "shop/dev: aws-dr-preflight"
    assert (suite.tests, suite.failures, suite.errors) == (1, 1, 0)
    assert case.classname == "shop/dev.aws-dr-preflight.alb-public-subnets"
    assert case.name == ("alb-public-subnets: alb (my:net:Region$aws:lb/loadBalancer:LoadBalancer)")
    (failure,) = case.result
    assert isinstance(failure, Failure)
    assert (failure.type, failure.message) == ("mandatory", "What is wanted.")
    assert failure.text == f"What is wanted.\nWhat is wrong.\n\n{ALB}"


def test_an_advisory_finding_passes_and_is_told() -> None:
    (case,) = cases(log(violation(**ADVISORY), summary())).values()
    assert case.is_passed
    assert "advisory: What is wanted.\nWhat is wrong." in case.system_out


def test_a_strict_report_fails_on_advisory_findings() -> None:
    (case,) = cases(log(violation(**ADVISORY), summary()), strict=True).values()
    assert [each.type for each in case.result] == ["advisory"]
    assert case.system_out is None


def test_findings_of_one_policy_on_one_resource_are_one_case() -> None:
    (case,) = cases(log(violation(message="First."), violation(message="Second."))).values()
    (failure,) = case.result
    assert "First." in failure.text
    assert "Second." in failure.text


def test_resources_of_one_name_are_cases_of_their_own() -> None:
    inside = ALB.replace("my:net:Region$", "")
    assert len(cases(log(violation(), violation(urn=inside)))) == 2


def test_policies_that_passed_are_cases_once_each() -> None:
    found = cases(
        log(
            passed("subnet-cidr", urn=ALB),
            passed("subnet-cidr", urn=ZONE),
            passed("creation-order", urn=None),
            violation(),
        )
    )
    assert [name for name, case in found.items() if case.is_passed] == [
        "creation-order",
        "subnet-cidr",
    ]


def test_policies_of_a_run_that_stopped_early_are_skipped() -> None:
    found = cases(log(passed("subnet-cidr"), violation()))
    assert [type(each) for each in found["subnet-cidr"].result] == [Skipped]


def test_a_pack_that_found_nothing_has_a_case() -> None:
    (case,) = cases(log(summary("succeeded", "aws-dr-preflight"))).values()
    assert (case.name, case.is_passed) == ("no violation", True)


def test_packs_have_a_suite_each() -> None:
    found = suites(junit_of(stored("preview-two-packs.jsonl")))
    assert list(found) == ["small/offline: aws-dr-preflight", "small/offline: house-rules"]
    assert [suite.failures for suite in found.values()] == [1, 0]


def test_stacks_have_suites_of_their_own() -> None:
    events = lines(
        *(violation(), passed("subnet-cidr"), summary("failed")),
        *(violation(urn=PROD, enforcementLevel="advisory"), summary()),
    )
    found = suites(valid_junit(junit.render(read("both", events), strict=False)))
    assert {name: (suite.tests, suite.failures) for name, suite in found.items()} == {
        "shop/dev: aws-dr-preflight": (2, 1),
        "shop/prod: aws-dr-preflight": (1, 0),
    }
    names = [(case.classname, case.name) for suite in found.values() for case in suite]
    assert len(set(names)) == len(names)


def test_a_stack_that_no_pack_looked_at_does_not_pass() -> None:
    unseen = {"resourcePreEvent": {"metadata": {"urn": PROD}}}
    events = lines(violation(), summary("failed"), unseen, summary())
    report = valid_junit(junit.render(read("both", events), strict=False))
    (case,) = suites(report)["shop/prod: pulumi"]
    assert "No policy pack ran." in case.result[0].text


def test_a_remediation_is_told() -> None:
    told = [case.system_out for case in cases(stored("preview-remediated.jsonl")).values()]
    assert any(each and "remediated: backtrackWindow" in each for each in told)
    assert all("3600" not in (each or "") for each in told)


def test_a_run_that_failed_for_another_reason_is_an_error() -> None:
    report = junit_of(log(summary("failed", "aws-dr-preflight"), error("no such subnet")))
    assert report.errors == 1
    (case,) = suites(report)["pulumi"]
    (failed,) = case.result
    assert isinstance(failed, Error)
    assert "no such subnet" in failed.text
    assert list(suites(report)["aws-dr-preflight"]) == []


@pytest.mark.parametrize("text", ['<b> & ]]> "quotes"', "bell \x07 and \x1b[1mcolour", "Größe ✓"])
def test_any_text_makes_valid_xml(text: str) -> None:
    event: dict[str, Any] = violation(message=f"{text}\n{text}", policy=text, urn=f"{ALB}{text}")
    assert len(cases(log(event))) == 1
