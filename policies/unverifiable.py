"""What the other rules could not decide, and why: one finding per resource."""

from __future__ import annotations

from typing import Final

from .rule import DoubtRule, Evidence, Kind, Level, Option, Severity

NEIGHBOURS: Final = "neighbours"
"""The option that names exports of other stacks."""

NEIGHBOURS_VARIABLE: Final = "AWS_DR_PREFLIGHT_NEIGHBOURS"
"""The environment variable that names them, with the separator of PATH between them."""

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
    "instead of computing it), create the resource in this stack, or name an export of the stack "
    "that has it.",
    options=(
        Option(
            name=NEIGHBOURS,
            schema={
                "type": "array",
                "items": {"type": "string"},
                "description": "Absolute paths of exports (`pulumi stack export --file FILE`) of "
                "the stacks that this one refers to; * stands for any text. The environment "
                f"variable {NEIGHBOURS_VARIABLE} names more.",
            },
            default=(),
        ),
    ),
)
