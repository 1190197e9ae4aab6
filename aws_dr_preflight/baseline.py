"""Exemptions for what a stack has today, so that a team sees only what is new."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from policies.rule import Level
from policies.serving.configuration import EXEMPTIONS
from reports.log import Finding


def merged(
    config: Mapping[str, Any], findings: Iterable[Finding], reason: str, expires: date | None
) -> dict[str, Any]:
    """The configuration with an exemption by URN for each mandatory finding that has none, sorted
    so that the same findings give the same file."""
    result = copy.deepcopy(dict(config))
    blocking = {(each.policy, each.urn) for each in findings if each.level is Level.MANDATORY}
    for policy, urn in sorted(blocking):
        said = result.get(policy, {})
        if isinstance(said, str):
            said = {"enforcementLevel": said}
        exemptions = [*said.get(EXEMPTIONS, [])]
        if not urn or any(each.get("resource") == urn for each in exemptions):
            continue
        entry = {"resource": urn, "reason": reason}
        if expires is not None:
            entry["expires"] = expires.isoformat()
        exemptions.append(entry)
        said[EXEMPTIONS] = sorted(exemptions, key=lambda each: str(each["resource"]))
        result[policy] = said
    return result


def added(before: Mapping[str, Any], after: Mapping[str, Any]) -> int:
    """How many exemptions a configuration has more than another."""
    return _exemptions(after) - _exemptions(before)


def _exemptions(config: Mapping[str, Any]) -> int:
    return sum(len(said.get(EXEMPTIONS, ())) for said in config.values() if isinstance(said, dict))
