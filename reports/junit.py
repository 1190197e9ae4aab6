"""JUnit XML in the dialect of Jenkins and pytest: a suite a stack and pack, a case a policy
and resource."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.dom.minidom import parseString

from junitparser import Error, Failure, Skipped
from junitparser.xunit2 import JUnitXml, TestCase, TestSuite

from policies.rule import Level

from .log import Finding, Log, Urn
from .pack import NAME


def render(logs: Iterable[Log], strict: bool) -> str:
    """The logs as JUnit XML. Mandatory findings are failures; `strict` makes advisory ones too."""
    report = JUnitXml()
    for log in logs:
        for pack, version in log.packs.items():
            suite = TestSuite(_suite(log, pack))
            suite.version = version
            cases = [*_of_findings(log, pack, strict), *_of_passed(log, pack)]
            suite.add_testcases([*cases, *(_of_exempted(log) if pack == NAME else ())])
            report.add_testsuite(suite)
        if log.errors:
            suite = TestSuite(_suite(log, "pulumi"))
            suite.add_testcase(_of_errors(log))
            report.add_testsuite(suite)
    report.update_statistics()
    indented = parseString(report.tostring()).toprettyxml(indent="  ", encoding="utf-8")
    return indented.decode().rstrip() + "\n"


def _suite(log: Log, pack: str) -> str:
    return f"{log.stack}: {pack}" if log.stack else pack


def _class(log: Log, *names: str) -> str:
    """What a case belongs to. Servers compare cases by class and name across suites and files, so
    the same resource of two stacks must differ here."""
    return ".".join([str(log.stack), *names] if log.stack else names)


def _of_findings(log: Log, pack: str, strict: bool) -> Iterator[TestCase]:
    cases: dict[tuple[str, str], tuple[list[Finding], list[str]]] = {}
    for finding in log.findings:
        if finding.pack == pack:
            failures, told = cases.setdefault((finding.policy, finding.urn), ([], []))
            if strict or finding.level is Level.MANDATORY:
                failures.append(finding)
            else:
                told.append(f"advisory: {finding.message}")
    for each in log.remediations:
        if each.pack == pack:
            _, told = cases.setdefault((each.policy, each.urn), ([], []))
            told.append(f"remediated: {', '.join(each.properties)}")
    for (policy, urn), (failures, told) in sorted(cases.items()):
        case = _case(_class(log, pack, policy), policy, urn)
        if failures:
            case.result = [_failure(failures, urn)]
        if told:
            case.system_out = "\n\n".join([*told, urn])
        yield case


def _of_passed(log: Log, pack: str) -> Iterator[TestCase]:
    # One case a policy: that a subnet passes a policy on clusters tells nobody anything, and a
    # thousand resources would make tens of thousands of cases.
    passed = log.passed.get(pack, ())
    for policy in passed:
        case = TestCase(policy, classname=_class(log, pack, policy))
        if pack in log.unfinished:
            case.result = [Skipped("The run stopped before this policy was asked everywhere.")]
        yield case
    if not passed and not log.errors and not any(each.pack == pack for each in log.reported):
        yield TestCase("no violation", classname=_class(log, pack))


def _of_exempted(log: Log) -> Iterator[TestCase]:
    reasons: dict[tuple[str, str], dict[str, None]] = {}
    for each in log.exempted:
        reasons.setdefault((each.policy, each.urn), {})[each.said] = None
    for (policy, urn), said in reasons.items():
        case = _case(_class(log, NAME, policy), policy, urn)
        case.result = [Skipped(f"exempt: {'; '.join(said)}")]
        yield case


def _of_errors(log: Log) -> TestCase:
    case = TestCase("the engine's run", classname=_class(log, "pulumi"))
    error = Error(log.errors[0].partition("\n")[0], "engine")
    error.text = "\n\n".join([*log.errors, "Not every policy was asked about every resource."])
    case.result = [error]
    return case


def _failure(findings: list[Finding], urn: str) -> Failure:
    level = findings[0].level.value
    failure = Failure(findings[0].message.partition("\n")[0], level)
    failure.text = "\n\n".join([*(each.message for each in findings), urn])
    return failure


def _case(class_name: str, policy: str, urn: str) -> TestCase:
    # GitLab keeps only the first of several cases with one name, so the name holds all that tells
    # resources of a stack apart: type, parents' types included, and name.
    parsed = Urn.parse(urn)
    subject = f"{parsed.name} ({parsed.type})" if parsed.type else parsed.name or "the stack"
    return TestCase(f"{policy}: {subject}", classname=class_name)
