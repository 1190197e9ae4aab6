"""CloudFront distributions that AWS takes.

CreateDistribution and UpdateDistribution check a distribution as a whole: its behaviours, and the
origins and origin groups that they name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ..model.inputs import Block, Declared, alike
from ..model.truth import Truth, some
from ..model.vocabulary import DISTRIBUTION
from ..refusal import Refusal, Topic, family
from ..rule import Evidence

_TESTED: Final = "CreateDistribution; https://github.com/badmintoncryer/cdk-preflight"
_LOGS: Final = "CreateDistribution, public deployment logs"
_WRITING: Final = ("POST", "PUT", "PATCH", "DELETE")
_READ: Final = ("GET", "HEAD")
_METHODS: Final = (
    frozenset(_READ),
    frozenset({*_READ, "OPTIONS"}),
    frozenset({*_READ, "OPTIONS", *_WRITING}),
)
_STATUS_CODES: Final = (400, 403, 404, 416, 429, 500, 502, 503, 504)
"""What an origin group may fail over on: "OriginGroupFailoverCriteria" in the CloudFront API
reference (2026-11-26), and AWS's own answers."""


def _some_behaviour(distribution: Block, condition: Callable[[Block], Truth]) -> Truth:
    return condition(distribution.inner("defaultCacheBehavior")) | distribution.some(
        "orderedCacheBehaviors", condition
    )


def _is_named(blocks: Block, path: str, one: Block, name: str) -> Truth:
    """Whether a block of a list has the originId that another block names."""
    return blocks.some(path, lambda each: alike(each.text("originId"), one.text(name)))


def _writes_to_a_group(distribution: Declared) -> Truth:
    return _some_behaviour(
        distribution,
        lambda behaviour: (
            _is_named(distribution, "originGroups", behaviour, "targetOriginId")
            & behaviour.lists("allowedMethods", *_WRITING)
        ),
    )


def _names_no_origin(distribution: Declared) -> Truth:
    return _some_behaviour(
        distribution,
        lambda behaviour: (
            behaviour.has("targetOriginId")
            & ~_is_named(distribution, "origins", behaviour, "targetOriginId")
            & ~_is_named(distribution, "originGroups", behaviour, "targetOriginId")
        ),
    )


def _groups_what_is_no_origin(distribution: Declared) -> Truth:
    def is_none(member: Block) -> Truth:
        return member.has("originId") & ~_is_named(distribution, "origins", member, "originId")

    return distribution.some("originGroups", lambda group: group.some("members", is_none))


def _has_other_methods(distribution: Declared) -> Truth:
    return _some_behaviour(
        distribution,
        lambda behaviour: (
            behaviour.has("allowedMethods") & ~behaviour.lists_exactly("allowedMethods", *_METHODS)
        ),
    )


def _caches_what_it_does_not_allow(distribution: Declared) -> Truth:
    """Of methods that CloudFront would allow; others are told of by `allowed-methods`."""
    return _some_behaviour(
        distribution,
        lambda behaviour: some(
            behaviour.lists("cachedMethods", method)
            & behaviour.lists_exactly("allowedMethods", *_METHODS)
            & ~behaviour.lists("allowedMethods", method)
            for method in sorted(_METHODS[2])
        ),
    )


def _is_website(domain: str) -> bool:
    return ".s3-website-" in domain or ".s3-website." in domain


def _is_of_no_bucket(domain: str) -> bool:
    """Whether it is a domain name, and none that S3 gives to buckets and access points."""
    return "." in domain and ":" not in domain and "s3" not in domain.lower()


def is_for_a_bucket(origin: Block) -> Truth:
    """Whether an origin is taken for an S3 bucket: the provider sends an empty s3OriginConfig where
    nothing else is there (terraform-provider-aws, `internal/service/cloudfront/distribution.go`).
    """
    return origin.lacks("customOriginConfig") & origin.lacks("vpcOriginConfig")


def _some_origin(condition: Callable[[Block], Truth]) -> Callable[[Declared], Truth]:
    return lambda distribution: distribution.some("origins", condition)


_ORIGINS: Final = {
    "origins": [{"originId": "east"}, {"originId": "west"}],
    "originGroups": [
        {"originId": "both", "members": [{"originId": "east"}, {"originId": "west"}]},
    ],
}


def _failing_over(**behaviour: object) -> dict[str, object]:
    return {**_ORIGINS, "defaultCacheBehavior": {"targetOriginId": "both", **behaviour}}


def _on(code: int) -> dict[str, object]:
    return {"originGroups": [{"failoverCriteria": {"statusCodes": [code]}}]}


def _from(domain: str, **config: object) -> dict[str, object]:
    return {"origins": [{"domainName": domain, **config}]}


_FOR_S3: Final = {"s3OriginConfig": {"originAccessIdentity": ""}}
_FOR_HTTP: Final = {"customOriginConfig": {"originProtocolPolicy": "https-only"}}
NO_BUCKET: Final = (
    "CreateDistribution answers InvalidArgument: The parameter Origin DomainName does not refer to "
    "a valid S3 bucket."
)


CLOUDFRONT_DECLARATION = family(
    Topic(
        name="cloudfront-declaration",
        title="Distributions that CloudFront accepts",
        description="The cache behaviors, origins and origin groups of a "
        "distribution must be valid in combination.",
        tags=("aws", "cloudfront", "disaster-recovery"),
        unread="all settings of a distribution are in one block, distributionConfig, there",
        fix="Change what CloudFront refuses in the distribution.",
    ),
    Refusal(
        id="origin-group-methods",
        kinds=(DISTRIBUTION,),
        says="has a cache behavior that sends POST, PUT, PATCH or DELETE to an origin group",
        when=_writes_to_a_group,
        evidence=Evidence(
            "CreateDistribution answers InvalidArgument: The parameter AllowedMethods cannot "
            "include POST, PUT, PATCH, or DELETE for a cached behavior associated with an origin "
            "group.",
            _LOGS,
            "2026-11-26",
        ),
        fix="Allow only GET, HEAD and OPTIONS there, since origin failover is for reading; send "
        "writes to a single origin in a cache behavior of their own.",
        refused=_failing_over(allowedMethods=sorted(_METHODS[2])),
        accepted=(
            _failing_over(allowedMethods=["GET", "HEAD", "OPTIONS"]),
            _failing_over(targetOriginId="east", allowedMethods=sorted(_METHODS[2])),
        ),
        whatever=(
            "origins",
            "originGroups.0.members",
            *(f"defaultCacheBehavior.allowedMethods.{place}" for place in range(7)),
        ),
    ),
    Refusal(
        id="origin",
        kinds=(DISTRIBUTION,),
        says="has a cache behavior whose targetOriginId is neither one of its origins nor one of "
        "its origin groups",
        when=_names_no_origin,
        evidence=Evidence(
            "CreateDistribution answers NoSuchOrigin: One or more of your cache behavior target "
            "origins or origin groups do not exist.",
            _TESTED,
            "2026-09-02",
        ),
        fix="Set targetOriginId to the originId of an origin or origin group.",
        refused={
            "origins": [{"originId": "east"}],
            "defaultCacheBehavior": {"targetOriginId": "west"},
        },
        accepted=(
            _failing_over(),
            {
                "origins": [{"originId": "east"}],
                "defaultCacheBehavior": {"targetOriginId": "east"},
            },
        ),
    ),
    Refusal(
        id="origin-group-member",
        kinds=(DISTRIBUTION,),
        says="has an origin group with a member that is not one of its origins",
        when=_groups_what_is_no_origin,
        evidence=Evidence(
            "CreateDistribution answers: The parameter Members has one or more origins [...] for "
            "origin group ... that aren't valid.",
            _TESTED,
            "2026-09-02",
        ),
        fix="Set the originId of each member to that of an origin.",
        refused={
            "origins": [{"originId": "east"}],
            "originGroups": [{"members": [{"originId": "west"}]}],
        },
        accepted=(_ORIGINS,),
    ),
    Refusal(
        id="origin-group-id",
        kinds=(DISTRIBUTION,),
        says="has an origin group with the originId of an origin",
        when=lambda distribution: distribution.some(
            "originGroups", lambda group: _is_named(distribution, "origins", group, "originId")
        ),
        evidence=Evidence(
            "CreateDistribution answers: The parameter OriginGroups includes origin group IDs that "
            "are also origin IDs: [...]. Origin group IDs and origin IDs must be unique for a "
            "distribution.",
            f"{_TESTED} (pf-cloudfront-origin-group-id-collides-with-origin)",
            "2026-09-09",
        ),
        fix="Give the origin group an originId of its own.",
        refused={
            "origins": [{"originId": "east"}],
            "originGroups": [{"originId": "east", "members": [{"originId": "east"}]}],
        },
        accepted=(_ORIGINS,),
        whatever=("originGroups.0.members",),
    ),
    Refusal(
        id="failover-status-code",
        kinds=(DISTRIBUTION,),
        says="has an origin group with a failover status code that CloudFront does not support",
        when=lambda distribution: distribution.some(
            "originGroups",
            lambda group: group.some_number(
                "failoverCriteria.statusCodes", lambda code: code not in _STATUS_CODES
            ),
        ),
        evidence=Evidence(
            "CreateDistribution answers: The parameter StatusCodes cannot include [...] status "
            "codes for an origin group. Valid status codes are the following: [400, 403, 404, 416, "
            "429, 500, 502, 503, 504].",
            f"{_TESTED} (pf-cloudfront-origin-group-failover-status-codes)",
            "2026-09-09",
        ),
        fix="Use only 400, 403, 404, 416, 429, 500, 502, 503 and 504 in statusCodes.",
        refused=_on(418),
        accepted=(_on(503), _on(429)),
    ),
    Refusal(
        id="allowed-methods",
        kinds=(DISTRIBUTION,),
        says="has a cache behavior whose allowedMethods are not one of the three sets that "
        "CloudFront supports",
        when=_has_other_methods,
        evidence=Evidence(
            "CreateDistribution answers: The parameter AllowedMethods is invalid (must be: "
            "[HEAD, GET] or ...)",
            _TESTED,
            "2026-09-02",
        ),
        fix="Allow GET and HEAD; GET, HEAD and OPTIONS; or all seven methods.",
        refused={"defaultCacheBehavior": {"allowedMethods": ["GET", "HEAD", "POST"]}},
        accepted=tuple(
            {"defaultCacheBehavior": {"allowedMethods": sorted(each)}} for each in _METHODS
        ),
    ),
    Refusal(
        id="website-origin",
        kinds=(DISTRIBUTION,),
        says="has an origin that is an S3 website endpoint, but is declared as an S3 bucket "
        "(without customOriginConfig)",
        when=_some_origin(
            lambda origin: origin.holds("domainName", _is_website) & is_for_a_bucket(origin)
        ),
        evidence=Evidence(NO_BUCKET, _TESTED, "2026-09-02"),
        fix="Use a customOriginConfig (http-only) for the website endpoint, or set domainName to "
        "the bucketRegionalDomainName of the bucket.",
        refused=_from("documents.s3-website-us-east-1.amazonaws.com", **_FOR_S3),
        accepted=(
            _from("documents.s3.us-east-1.amazonaws.com", **_FOR_S3),
            _from("documents.s3-website-us-east-1.amazonaws.com", **_FOR_HTTP),
        ),
        whatever=("origins.0.s3OriginConfig",),
    ),
    Refusal(
        id="origin-without-config",
        kinds=(DISTRIBUTION,),
        says="has an origin that is no S3 bucket, but is declared as one (without "
        "customOriginConfig and vpcOriginConfig)",
        when=_some_origin(
            lambda origin: origin.holds("domainName", _is_of_no_bucket) & is_for_a_bucket(origin)
        ),
        evidence=Evidence(NO_BUCKET, "https://github.com/anomalyco/sst/issues/4510", "2024-06-19"),
        fix="Add a customOriginConfig with the ports and the originProtocolPolicy, or a "
        "vpcOriginConfig.",
        refused=_from("api.acme-corp.net"),
        accepted=(
            _from("api.acme-corp.net", **_FOR_HTTP),
            _from("api.acme-corp.net", vpcOriginConfig={"vpcOriginId": "vo_1a2b3c"}),
            _from("documents.s3.us-east-1.amazonaws.com"),
        ),
    ),
    Refusal(
        id="origin-url",
        kinds=(DISTRIBUTION,),
        says="has an origin with a domainName that contains a colon, such as a URL",
        when=_some_origin(lambda origin: origin.holds("domainName", lambda name: ":" in name)),
        evidence=Evidence(
            "CreateDistribution answers: The parameter origin name cannot contain a colon.",
            "https://github.com/aws/aws-cdk/issues/25118",
            "2023-04-13",
        ),
        fix="Set domainName to the host name alone, without https:// and a port; a path belongs "
        "into originPath.",
        refused=_from("https://api.acme-corp.net"),
        accepted=(_from("api.acme-corp.net", **_FOR_HTTP),),
    ),
    Refusal(
        id="origin-config-twice",
        kinds=(DISTRIBUTION,),
        says="has an origin with both a customOriginConfig and an s3OriginConfig",
        when=_some_origin(
            lambda origin: origin.has("customOriginConfig") & origin.has("s3OriginConfig")
        ),
        evidence=Evidence(
            "CreateDistribution answers InvalidOrigin: You must specify either a CustomOrigin or "
            "an S3Origin. You cannot specify both.",
            "https://github.com/ansible-collections/community.aws/issues/1819",
            "2023-05-23",
        ),
        fix="Keep s3OriginConfig for an S3 bucket, or customOriginConfig for anything else.",
        refused={"origins": [{**_FOR_HTTP, **_FOR_S3}]},
        accepted=(
            _from("api.acme-corp.net", **_FOR_HTTP),
            _from("documents.s3.us-east-1.amazonaws.com", **_FOR_S3),
        ),
        whatever=(
            "origins.0.customOriginConfig.originProtocolPolicy",
            "origins.0.s3OriginConfig.originAccessIdentity",
        ),
    ),
    Refusal(
        id="cached-methods",
        kinds=(DISTRIBUTION,),
        says="has a cache behavior with cachedMethods that its allowedMethods lack",
        when=_caches_what_it_does_not_allow,
        evidence=Evidence(
            "CreateDistribution answers: The parameter CachedMethods ... does not exists in "
            "AllowedMethods.",
            f"{_TESTED} (pf-cloudfront-cached-methods-subset)",
            "2026-09-02",
        ),
        fix="Leave out of cachedMethods what allowedMethods lacks.",
        refused={
            "defaultCacheBehavior": {
                "allowedMethods": ["GET", "HEAD"],
                "cachedMethods": ["GET", "HEAD", "OPTIONS"],
            }
        },
        whatever=tuple(f"defaultCacheBehavior.cachedMethods.{place}" for place in (0, 1)),
        accepted=(
            {
                "defaultCacheBehavior": {
                    "allowedMethods": ["GET", "HEAD", "OPTIONS"],
                    "cachedMethods": ["GET", "HEAD"],
                }
            },
            {"defaultCacheBehavior": {"cachedMethods": ["GET", "HEAD"]}},
        ),
    ),
)
