"""The report as JSON, for people's own scripts: docs/report-schema.json says what it holds.

What is there stays: a new key may come with any version of the pack, and `version` grows where one
goes away or changes its meaning.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final, TypeAlias

from policies.rule import Level

from . import pack
from .contents import Count, Defect, Exempt, Report, Resource, Said, StackReport
from .log import Remediation
from .words import verdict

VERSION: Final = 1
SCHEMA: Final = (
    "https://raw.githubusercontent.com/aws-dr-preflight/aws-dr-preflight/main/docs/"
    "report-schema.json"
)

_Object: TypeAlias = dict[str, object]


def render(report: Report) -> str:
    """The report as JSON text."""
    document = {
        "$schema": SCHEMA,
        "version": VERSION,
        "tool": {"name": pack.NAME, "version": pack.version(), "website": pack.website()},
        **_of(report),
        "stacks": [_stack(each) for each in report.stacks],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _of(found: Report | StackReport) -> _Object:
    """What is said of one stack and of all of them."""
    said: _Object = {
        "result": verdict(found).weight.value,
        "counts": {
            **{level.value: _count(Count.of(found.of(level))) for level in Level},
            "untold": _count(Count.of(found.doubts)),
            "exempted": len(found.exempted),
        },
    }
    # A number that is not known is left out: 0 would say that nothing was looked at.
    if found.policies is not None:
        said["policies"] = found.policies
    if found.resources is not None:
        said["resources"] = found.resources
    return said


def _count(count: Count) -> _Object:
    return {"findings": count.findings, "resources": count.resources}


def _stack(stack: StackReport) -> _Object:
    home = stack.stack
    return {
        "project": home.project if home else None,
        "stack": home.stack if home else None,
        **_of(stack),
        "packs": [{"name": name, "version": version} for name, version in stack.packs.items()],
        "errors": list(stack.errors),
        "findings": [_defect(each) for each in stack.defects],
        "untold": [_defect(each) for each in stack.doubts],
        "exempted": [_exempt(each) for each in stack.exempted],
        "remediations": [_remediation(each) for each in stack.remediations],
    }


def _defect(defect: Defect) -> _Object:
    return {
        "policy": defect.policy.name,
        "pack": defect.policy.pack,
        "url": defect.policy.url,
        "level": defect.level.value,
        "severity": defect.severity or None,
        "problem": defect.problem,
        "resources": _resources(defect.resources),
        "messages": [_said(each) for each in defect.said],
    }


def _said(said: Said) -> _Object:
    return {"urns": [each.urn for each in said.resources if each.urn], "text": said.text}


def _resources(resources: Iterable[Resource]) -> list[_Object]:
    return [
        {
            "urn": each.urn,
            "type": each.type,
            "name": each.name,
            "file": each.place.path if each.place else None,
            "line": each.place.line if each.place else None,
        }
        for each in resources
        if each.urn
    ]


def _exempt(exempt: Exempt) -> _Object:
    found = exempt.found
    return {
        "policy": exempt.policy.name,
        "url": exempt.policy.url,
        "urn": found.urn,
        "resource": found.resource,
        "exemption": found.exemption or None,
        "reason": found.reason,
        "expires": found.expires,
        "endsSoon": exempt.ending is not None,
    }


def _remediation(each: Remediation) -> _Object:
    return {
        "policy": each.policy,
        "pack": each.pack,
        "urn": each.urn,
        "properties": list(each.properties),
    }
