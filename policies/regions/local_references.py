"""References that AWS follows within one region.

A resource id is of use in the region of its resource only: elsewhere AWS answers that it does not
exist (InvalidVpcID.NotFound, InvalidSubnetID.NotFound). It is the slip of a stack that was copied
for its second region, and of a provider that was forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..model import Model
from ..model.regions.foreign_answers import answer_to
from ..model.regions.regional_references import Abroad, local_properties
from ..model.resource import Resource
from ..model.words import listed
from ..rule import (
    Evidence,
    Kind,
    Level,
    Outcome,
    Settings,
    Severity,
    StackRule,
    Unverified,
    Violation,
)

_TAGS = ("aws", "failover", "disaster-recovery")


def within_its_region(resource: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """What a resource names must be in the region in which AWS looks for it: mostly its own."""
    found = model.regional_references.of(resource)
    if found.abroad:
        yield Violation(
            resource,
            problem(resource, found.abroad),
            chains=tuple(chain(resource, each) for each in found.abroad),
            effect=_effect(resource, found.abroad),
            fix=_fix(found.abroad),
            parties=parties(found.abroad),
        )
    elif found.doubt:
        yield Unverified(resource, found.doubt)


def problem(resource: Resource, abroad: Sequence[Abroad]) -> str:
    """The region in which AWS looks, and how it is known."""
    if any(each.is_fixed for each in abroad):
        regions = listed(sorted({each.looked_in for each in abroad}))
        return (
            f"{resource.label} refers to a resource that AWS looks up only in {regions}, but it "
            "is elsewhere:"
        )
    says = sorted({each.says for each in abroad if each.says})
    if says:
        regions = listed(sorted({each.looked_in for each in abroad}))
        where = f"a resource that AWS looks up in {regions} (its {listed(says)})"
        return f"{resource.label} refers to {where}, but it is in another region:"
    here = f"{abroad[0].looked_in} ({resource.region_evidence})"
    return f"{resource.label} is in {here}, but refers to a resource in another region:"


def chain(resource: Resource, abroad: Abroad) -> tuple[str, ...]:
    """What the property names, and where that is."""
    if isinstance(abroad.what, Resource):
        place = f"in {abroad.region} ({abroad.what.region_evidence})"
        return (resource.label, abroad.path, abroad.what.label, place)
    return (resource.label, abroad.path, abroad.what)


def parties(abroad: Sequence[Abroad]) -> tuple[Resource, ...]:
    """The resources of this stack that are named."""
    return tuple(each.what for each in abroad if isinstance(each.what, Resource))


def _fix(abroad: Sequence[Abroad]) -> str | None:
    """Where what is named must be made, if that is one region whatever else the stack does."""
    if not all(each.is_fixed for each in abroad):
        return None
    return f"Make what it names with a provider of {listed(sorted({a.looked_in for a in abroad}))}."


def _effect(resource: Resource, abroad: Sequence[Abroad]) -> str:
    """Where AWS looks, and its own words where they are known."""
    regions = listed(sorted({each.looked_in for each in abroad}))
    said = [each for ref in abroad if (each := answer_to(resource.kind, ref)) is not None]
    answers = dict.fromkeys(each.text for each in said if not each.is_outcome)
    outcomes = dict.fromkeys(each.text for each in said if each.is_outcome)
    looks = f"looks for {'it' if len(abroad) == 1 else 'them'} in {regions} only"
    if outcomes and not answers:
        return f"{looks}: {'; '.join(outcomes)}."
    said_so = "; ".join(answers) or f"that {'it does' if len(abroad) == 1 else 'they do'} not exist"
    return f"{looks} and answers {said_so.removesuffix('.')}."


REGION_LOCAL_REFERENCES = StackRule(
    name="region-local-references",
    title="References that stay within their region",
    description="A resource must not refer to resources in another region where AWS looks them up "
    "in the resource's own region.",
    level=Level.MANDATORY,
    severity=Severity.CRITICAL,
    tags=_TAGS,
    evidence=(
        Evidence(
            effect="looks for them in the resource's own region only and answers that they do not "
            "exist, for example InvalidVpcID.NotFound or InvalidSubnetID.NotFound.",
            source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resources.html",
            date="2026-11-24",
            kind=Kind.DOCUMENTED,
        ),
        Evidence(
            effect="CertificateNotFound: Certificate 'arn:aws:acm:...' not found, or Certificate "
            "ARN '...' is not valid.",
            source="CreateListener, public deployment logs",
            date="2026-11-26",
        ),
        Evidence(
            effect="Value {...} for parameter RedrivePolicy is invalid. Reason: Dead-letter target "
            "must be in same region as the source.",
            source="https://github.com/badmintoncryer/cdk-preflight (SetQueueAttributes)",
            date="2026-09-05",
        ),
        Evidence(
            effect="ValidationError: Invalid region ca-central-1 specified. Only us-west-2 is "
            "supported.",
            source="https://github.com/cds-snc/notification-terraform/pull/128",
            date="2026-11-24",
        ),
        Evidence(
            effect="The notification destination service region is not valid for the bucket "
            "location constraint",
            source="PutBucketNotificationConfiguration; "
            "https://github.com/badmintoncryer/cdk-preflight",
            date="2026-09-06",
        ),
    ),
    fix="Make the resource with the provider (or region) of what it names, or name what is in its "
    "own region. A resource without a provider option is made by the default provider.",
    in_doubt="state the region on each provider, and name each resource by its own output",
    kinds=local_properties,
    check=within_its_region,
)
