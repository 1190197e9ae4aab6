"""What the other rules could not decide, and why: one finding a resource."""

from __future__ import annotations

from .rule import DoubtRule, Evidence, Kind, Level, Severity

UNVERIFIABLE_REFERENCE = DoubtRule(
    name="unverifiable-reference",
    title="What this preview does not show",
    description="A rule needs a value that this preview does not show, so nothing was decided.",
    level=Level.ADVISORY,
    severity=Severity.LOW,
    tags=("aws", "disaster-recovery"),
    evidence=(
        Evidence(
            effect="AWS may accept or refuse it.",
            source="https://www.pulumi.com/docs/insights/policy/policy-packs/authoring/",
            date="2026-11-24",
            kind=Kind.DOCUMENTED,
        ),
    ),
    fix="Nothing has to change. To have it checked, make the value known at preview (state it "
    "instead of computing it), or create the resource in this stack.",
)
