"""What a page quotes as AWS's words, and what it says as a sentence."""

from __future__ import annotations

import pytest

from policies.rule import Evidence, Kind
from scripts.effects import shown

_SEEN, _DOCUMENTED, _REPORTED = Kind.DEPLOYED, Kind.DOCUMENTED, Kind.REPORTED


@pytest.mark.parametrize(
    ("kind", "effect", "lines"),
    [
        (_SEEN, "InvalidSubnet: VPC vpc-... has none", ["> InvalidSubnet: VPC vpc-... has none"]),
        (_SEEN, "Gateway.NotAttached: no", ["> Gateway.NotAttached: no"]),
        (_SEEN, "versioning must be enabled", ["> versioning must be enabled"]),
        (
            _SEEN,
            "CreateListener answers ValidationError: A certificate must be specified",
            ["CreateListener answers:", "", "> ValidationError: A certificate must be specified"],
        ),
        (
            _SEEN,
            "CreateWebACL and PutRule answer: You have a duplicate priority.",
            ["CreateWebACL and PutRule answer:", "", "> You have a duplicate priority."],
        ),
        (
            _REPORTED,
            "PutBucketReplication may answer InvalidRequest: no \N{EN DASH} it was not tried",
            [
                "PutBucketReplication may answer:",
                "",
                "> InvalidRequest: no",
                "",
                "It was not tried.",
            ],
        ),
        (
            _SEEN,
            "the link ends in the state FAILED: NLB ARN is malformed",
            ["The link ends in the state FAILED:", "", "> NLB ARN is malformed"],
        ),
        (_DOCUMENTED, "accepts it, but nobody answers.", ["AWS accepts it, but nobody answers."]),
        (_DOCUMENTED, "has one: it answers likewise", ["AWS has one: it answers likewise."]),
        (_DOCUMENTED, "CreateDistribution answers InvalidArgument.", None),
        (_SEEN, "CreateLoadBalancer refuses zones of another region.", None),
        (_DOCUMENTED, "Global datastores need nodes of size large and above.", None),
        (
            _DOCUMENTED,
            "Release calendars with the end of support",
            ["The source has release calendars with the end of support."],
        ),
    ],
)
def test_only_the_words_of_aws_are_a_quotation(
    kind: Kind, effect: str, lines: list[str] | None
) -> None:
    evidence = Evidence(effect, "https://example.com/", "2026-11-24", kind)
    assert list(shown(evidence)) == (lines or [effect])
