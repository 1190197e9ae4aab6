"""SARIF 2.1.0, as the specification and GitHub's code scanning want it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from sarif_pydantic import (
    ArtifactLocation,
    Invocation,
    Level,
    Location,
    LogicalLocation,
    Message,
    PhysicalLocation,
    Region,
    ReportingConfiguration,
    ReportingDescriptor,
    Result,
    Run,
    Sarif,
    Tool,
    ToolDriver,
)
from sarif_pydantic.sarif import RunAutomationDetails

from policies import RULES
from policies import rule as rules
from policies.rule import AnyRule

from . import pack
from .log import Finding, Log, Remediation, Reported, Urn
from .places import Places

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

_OWN = {rule.name: rule for rule in RULES}


def render(logs: Iterable[Log], places: Places) -> str:
    """The logs as SARIF: a run a stack, where policies of other packs carry their pack's name."""
    runs = [_run(log, places) for log in logs]
    report = Sarif.model_validate({"$schema": _SCHEMA, "version": "2.1.0", "runs": runs})
    return report.model_dump_json(by_alias=True, exclude_none=True, indent=2) + "\n"


def _run(log: Log, places: Places) -> Run:
    descriptors = [_of_rule(rule) for rule in RULES] + list(_of_others(log))
    indexes = {descriptor.id: index for index, descriptor in enumerate(descriptors)}
    driver = ToolDriver(
        name=pack.NAME,
        version=log.packs.get(pack.NAME) or pack.version(),
        information_uri=pack.website(),
        rules=descriptors,
    )
    return Run(
        tool=Tool(driver=driver),
        invocations=[_invocation(log)],
        results=[*_results(log, places, indexes), *_suppressed(log, places, indexes)],
        automation_details=_automation(log),
    )


def _of_rule(rule: AnyRule) -> ReportingDescriptor:
    # No precision and no security-severity: the first is not measured, and failing over is not a
    # security property.
    return ReportingDescriptor(
        id=rule.name,
        name="".join(word.capitalize() for word in rule.name.split("-")),
        short_description=Message(text=rule.title),
        full_description=Message(text=rule.description),
        help_uri=rule.url,
        help=_help(rule),
        default_configuration=ReportingConfiguration(level=_level(rule.level, rule.severity.value)),
        properties={"tags": list(rule.tags)},
    )


def _help(rule: AnyRule) -> Message:
    said = [(each.effect, f"{each.source}, {each.date}") for each in rule.evidence]
    text = [
        rule.description,
        *(f"AWS: {effect} ({source})" for effect, source in said),
        f"Fix: {rule.fix}",
        f"More: {rule.url}",
    ]
    markdown = [
        rule.description,
        *(f"> {effect}\n\nSource: {source}" for effect, source in said),
        f"**Fix:** {rule.fix}",
        f"[More about {rule.name}]({rule.url})",
    ]
    return Message(text="\n".join(text), markdown="\n\n".join(markdown))


def _of_others(log: Log) -> Iterator[ReportingDescriptor]:
    """Policies that RULES does not have: another pack's, or another version's of this pack."""
    described: dict[str, tuple[str, str]] = {}
    for each in reversed(log.reported):
        first_line = each.message.partition("\n")[0] if isinstance(each, Finding) else each.policy
        described[_rule_id(each)] = (each.policy, first_line)
    for exempted in log.exempted:
        described.setdefault(exempted.policy, (exempted.policy, exempted.policy))
    for identity, (policy, description) in sorted(described.items()):
        if identity not in _OWN:
            yield ReportingDescriptor(
                id=identity,
                name=policy,
                short_description=Message(text=description),
                full_description=Message(text=description),
                help=Message(text=description),
            )


def _rule_id(each: Reported) -> str:
    return each.policy if each.pack == pack.NAME else f"{each.pack}/{each.policy}"


def _results(log: Log, places: Places, indexes: dict[str, int]) -> Iterator[Result]:
    seen: Counter[tuple[str, str]] = Counter()
    for each in log.reported:
        identity = _rule_id(each)
        seen[identity, each.urn] += 1
        also = each.also if isinstance(each, Finding) else ()
        yield Result(
            rule_id=identity,
            rule_index=indexes[identity],
            level=Level(_result_level(each)),
            message=Message(text=_text(each)),
            locations=[_location(each.urn, places)],
            related_locations=[_location(urn, places) for urn in also] or None,
            partial_fingerprints=_fingerprints(identity, each.urn, seen[identity, each.urn]),
        )


def _suppressed(log: Log, places: Places, indexes: dict[str, int]) -> Iterator[Result]:
    """What is exempted: a result that is suppressed, with the reason."""
    seen: Counter[tuple[str, str]] = Counter()
    for each in log.exempted:
        seen[each.policy, each.urn] += 1
        # sarif-pydantic calls the field by a name that SARIF does not know, but keeps others.
        suppression = {"kind": "external", "status": "accepted", "justification": each.said}
        fields: dict[str, Any] = {"suppressions": [suppression]}
        rule = _OWN.get(each.policy)
        yield Result(
            rule_id=each.policy,
            rule_index=indexes[each.policy],
            level=Level(_level(rule.level, rule.severity.value) if rule else "warning"),
            message=Message(text=f"{each.resource} is exempt: {each.said}"),
            locations=[_location(each.urn, places)],
            partial_fingerprints=_fingerprints(each.policy, each.urn, seen[each.policy, each.urn]),
            **fields,
        )


def _result_level(each: Reported) -> str:
    return _level(each.level, each.severity) if isinstance(each, Finding) else "note"


def _level(level: rules.Level, severity: str) -> str:
    if level is rules.Level.MANDATORY:
        return "error"
    return "note" if severity == rules.Severity.LOW.value else "warning"


def _text(each: Reported) -> str:
    if isinstance(each, Remediation):
        return (
            f"The policy's remediation changes {', '.join(each.properties)} of "
            f"{Urn.parse(each.urn).name}; let the program say so itself."
        )
    # The policy SDK puts the description first; readers of SARIF show it with the rule.
    rule = _OWN.get(_rule_id(each))
    message = each.message.removeprefix(rule.description).strip() if rule else each.message
    return message or each.message or each.policy


def _location(urn: str, places: Places) -> Location:
    # Code scanning rejects a result without a file and a line. The line that declares the resource
    # is best; the program's manifest is the one file that every Pulumi program has.
    place = places.of(urn)
    parsed = Urn.parse(urn)
    logical = LogicalLocation(
        name=parsed.name,
        fully_qualified_name=urn,
        kind="resource",
        properties={"type": parsed.own_type},
    )
    return Location(
        physical_location=PhysicalLocation(
            artifact_location=ArtifactLocation(uri=place.uri, uri_base_id="%SRCROOT%"),
            region=Region(start_line=place.line),
        ),
        logical_locations=[logical] if urn else None,
    )


def _fingerprints(identity: str, urn: str, occurrence: int) -> dict[str, str]:
    # Code scanning tells alerts apart by primaryLocationLineHash alone and, where it is missing,
    # makes it out of the line's text: findings on resources that one line declares in a loop, or on
    # the manifest, would become one alert. What a finding is about is its policy and its resource.
    hashed = hashlib.sha256(f"{identity}\n{urn}".encode()).hexdigest()[:16]
    value = f"{hashed}:{occurrence}"
    return {"policyAndResource/v1": value, "primaryLocationLineHash": value}


def _automation(log: Log) -> RunAutomationDetails | None:
    # Code scanning keeps one set of results for each id: results on two stacks of one commit would
    # replace each other without it.
    if log.stack is None:
        return None
    return RunAutomationDetails(id=f"{pack.NAME}/{log.stack}/")


def _invocation(log: Log) -> Invocation:
    # sarif-pydantic has no field for notifications, but keeps what it does not know.
    notifications = [{"level": "error", "message": {"text": error}} for error in log.errors]
    return Invocation.model_validate(
        {
            "executionSuccessful": not log.errors,
            **({"toolExecutionNotifications": notifications} if notifications else {}),
        }
    )
