"""What a CloudFront distribution names, and must be of a kind that CloudFront uses.

CloudFront asks when a distribution is created and when it is changed. That a certificate or a
function must be in us-east-1 is told by `region-local-references`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from ..entry.certificate_arns import placeholders
from ..model import Model, values
from ..model.answers import No
from ..model.arns import parse_arn
from ..model.inputs import Block, Declared
from ..model.plain import NamedTuple
from ..model.references import ReferenceList, target
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.truth import Truth
from ..model.twins import before
from ..model.values import Absent, Known, Reading, Tree, Unknown, known_or_none
from ..model.vocabulary import (
    BUCKET_ACL,
    CLASSIC_LOAD_BALANCER,
    DISTRIBUTION,
    LAMBDA_FUNCTION,
    LOAD_BALANCER,
    WEB_ACL,
)
from ..model.words import enumerated
from ..relation import Broken, Relation
from ..rule import Evidence, Kind, Level, Outcome, Settings, Severity, StackRule, Violation
from .distributions import NO_BUCKET, is_for_a_bucket
from .web_acls import is_global

_TESTED: Final = "https://github.com/badmintoncryer/cdk-preflight (CreateDistribution)"
_LOGS: Final = "CreateDistribution, public deployment logs"
_REGIONAL: Final = (
    "CreateDistribution answers InvalidArgument: Only global scoped ARNs are supported "
    "arn:aws:wafv2:...:regional/webacl/..."
)
_NO_VERSION: Final = (
    "CreateDistribution answers InvalidLambdaFunctionAssociation: The function ARN must reference "
    "a specific function version. (The ARN must end with the version number.)"
)
_VARIABLES: Final = (
    "CreateDistribution answers InvalidLambdaFunctionAssociation: The function cannot have "
    "environment variables."
)
NO_ACLS: Final = (
    "CreateDistribution answers InvalidArgument: The S3 bucket that you specified for CloudFront "
    "logs does not enable ACL access: ..."
)
_NO_CERTIFICATE: Final = (
    "CreateDistribution answers InvalidViewerCertificate: To add an alternate domain name (CNAME) "
    "to a CloudFront distribution, you must attach a trusted certificate that validates your "
    "authorization to use the domain name."
)
_NOT_FOUND: Final = (
    "CreateDistribution answers InvalidViewerCertificate: The specified SSL certificate doesn't "
    "exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain."
)
_TAKEN: Final = (
    "CreateDistribution answers CNAMEAlreadyExists: One or more of the CNAMEs you provided are "
    "already associated with a different resource."
)
_NO_BUCKETS: Final = (
    LOAD_BALANCER,
    CLASSIC_LOAD_BALANCER,
    "aws:apigateway/restApi:RestApi",
    "aws:apigateway/stage:Stage",
    "aws:apigatewayv2/api:Api",
    "aws:lambda/functionUrl:FunctionUrl",
)
"""What has a domain name, or a URL with one, that is never a bucket's."""
_IDENTITIES: Final = (
    "aws:cloudfront/originAccessControl:OriginAccessControl",
    "aws:cloudfront/originAccessIdentity:OriginAccessIdentity",
    "aws:cloudfront/vpcOrigin:VpcOrigin",
)
_NAMES: Final = ("domainName", "originId", "originAccessControlId", "s3OriginConfig")
_BEHAVIOURS: Final = ("defaultCacheBehavior", "orderedCacheBehaviors")
_ALIAS: Final = "aws:lambda/alias:Alias"
_FUNCTIONS: Final = "lambdaFunctionAssociations.lambdaArn"


def names_what_cloudfront_uses(subject: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A distribution must name a web ACL, functions, a log bucket and a certificate that CloudFront
    can use."""
    yield from _web_acl(subject, model)
    yield from _functions(subject, model)
    yield from _log_bucket(subject, model)
    yield from _certificate(subject)
    yield from _origins(subject, model)
    yield from placeholders(subject, model, _NOT_FOUND)
    yield from _aliases(subject, model)


def _aliases(distribution: Resource, model: Model) -> Iterator[Outcome]:
    """An alias is of one distribution, whoever has that. A wildcard is an alias of its own."""
    mine = _known_aliases(distribution)
    for other in before(distribution, model.stack.of(DISTRIBUTION) if mine else ()):
        shared = mine & _known_aliases(other)
        if shared:
            yield Violation(
                distribution,
                f"{distribution.label} and {other.label} have an alias in common: "
                f"{', '.join(sorted(shared))}.",
                effect=_TAKEN,
                fix="Give each distribution aliases of its own; one distribution can fail over "
                "between origins in two regions (originGroups).",
                parties=(other,),
            )
            return


def _known_aliases(distribution: Resource) -> frozenset[str]:
    listed = known_or_none(distribution.items("aliases")) or ()
    readings = map(values.text, listed)
    return frozenset(each.value.lower() for each in readings if isinstance(each, Known))


def _origins(distribution: Resource, model: Model) -> Iterator[Outcome]:
    """What is no bucket must not be an origin that is taken for one. A domain name that is known is
    told of by cloudfront-declaration."""
    blocks = known_or_none(distribution.items("origins")) or ()
    if not all(isinstance(each, Mapping) for each in blocks):
        return
    unnamed = [each for each in blocks if isinstance(_domain(each), Unknown)]
    sources = [model.stack.get(urn) for urn in distribution.depends_on("origins") or ()]
    found = [each for each in sources if each is not None and _is_new_and_no_bucket(each)]
    others = sum(each is None or _may_name_a_bucket(each) for each in sources)
    if (
        found
        and len(unnamed) > others
        and not (others and any(map(_hides_more, blocks)))
        and all(is_for_a_bucket(Block.within(each)) is Truth.TRUE for each in unnamed)
    ):
        yield Violation(
            distribution,
            f"{distribution.label} has {found[0].label} as an origin, which is no S3 bucket, but "
            "declares it as one (without customOriginConfig and vpcOriginConfig).",
            effect=NO_BUCKET,
            fix="Add a customOriginConfig with the ports and the originProtocolPolicy.",
            parties=tuple(found),
        )


def _domain(origin: Tree) -> Reading[str]:
    return values.text(values.field(origin, "domainName"))


def _is_new_and_no_bucket(source: Resource) -> bool:
    return source.kind in _NO_BUCKETS and source.is_new


def _may_name_a_bucket(source: Resource) -> bool:
    """Whether the domain name of a bucket may come from it: from what is known, no name that is not
    known comes."""
    return source.kind not in (*_NO_BUCKETS, *_IDENTITIES)


def _hides_more(origin: Tree) -> bool:
    """Whether more of an origin is not known than its names and the identity by which it reads."""
    return isinstance(origin, Mapping) and any(
        values.holds_unknown(each) for name, each in origin.items() if name not in _NAMES
    )


def _web_acl(distribution: Resource, model: Model) -> Iterator[Outcome]:
    if is_global(model, distribution, "webAclId") is not Truth.FALSE:
        return
    acl = target(model.stack.reference(distribution, "webAclId", WEB_ACL))
    yield Violation(
        distribution,
        f"{distribution.label} has a web ACL whose scope is REGIONAL.",
        effect=_REGIONAL,
        fix="Create a web ACL in us-east-1 with the scope CLOUDFRONT.",
        parties=() if acl is None else (acl,),
    )


class _Associated(NamedTuple):
    """The functions that the behaviours of a property run, and the ARNs that are known."""

    name: str
    functions: ReferenceList
    known: Sequence[str]


def _associated(distribution: Resource, stack: Stack) -> Iterator[_Associated]:
    for name in _BEHAVIOURS:
        named = stack.references(distribution, name, LAMBDA_FUNCTION, inner=_FUNCTIONS)
        if isinstance(named, ReferenceList):
            said = values.inside([{name: distribution.tree(name)}], f"{name}.{_FUNCTIONS}")
            known = [each.value for each in map(values.text, said) if isinstance(each, Known)]
            yield _Associated(name, named, known)


def _functions(distribution: Resource, model: Model) -> Iterator[Outcome]:
    for name in _BEHAVIOURS:
        named = model.stack.references(distribution, name, _ALIAS, inner=_FUNCTIONS)
        if isinstance(named, ReferenceList) and named.certain:
            yield Violation(
                distribution,
                f"{distribution.label} associates {named.certain[0].label}, which is no version of "
                f"a function ({name}).",
                effect=_NO_VERSION,
                fix="Use the qualifiedArn of a function with publish set to true as the lambdaArn.",
                parties=named.certain,
            )
            return
    for name, named, known in _associated(distribution, model.stack):
        unpublished = named.surely_hit(partial(_has_no_versions, model.stack, known))
        if unpublished or any(map(_has_no_version, known)):
            what = unpublished[0].label if unpublished else "a function"
            yield Violation(
                distribution,
                f"{distribution.label} associates {what} without a version number ({name}).",
                effect=_NO_VERSION,
                fix="Set publish of the function to true, and use its qualifiedArn as the "
                "lambdaArn.",
                parties=unpublished,
            )
        with_variables = named.surely_hit(partial(_has_variables, model.stack, known))
        if with_variables:
            yield Violation(
                distribution,
                f"{distribution.label} associates {with_variables[0].label}, which has "
                f"environment variables ({name}).",
                effect=_VARIABLES,
                fix="Remove environment from the function: Lambda@Edge does not support it.",
                parties=with_variables,
            )


def _has_no_versions(stack: Stack, known: Sequence[str], function: Resource) -> bool:
    """Whether the function publishes none. An ARN that is known tells by itself which version it
    means, whoever published that."""
    is_silent = Declared(function).is_true("publish") is Truth.FALSE
    return is_silent and not any(stack.is_named_by(function, each) for each in known)


def _has_variables(stack: Stack, known: Sequence[str], function: Resource) -> bool:
    """Whether the version that is named has variables, which an older one may lack."""
    variables = Declared(function).at("environment.variables")
    return (
        isinstance(variables, Mapping) and bool(variables) and not _is_older(stack, known, function)
    )


def _is_older(stack: Stack, known: Sequence[str], function: Resource) -> bool:
    """Whether another version than the latest is named, of which the function tells nothing."""
    latest = known_or_none(function.text("qualifiedArn"))
    return any(stack.is_named_by(function, each) and each != latest for each in known)


def _has_no_version(literal: str) -> bool:
    """Whether the ARN of a function ends without a number: with its name, an alias or $LATEST."""
    arn = parse_arn(literal)
    if arn is None or arn.service != "lambda":
        return False
    return re.fullmatch(r"function:[^:]+:\d+", arn.resource) is None


def _log_bucket(distribution: Resource, model: Model) -> Iterator[Outcome]:
    bucket = model.buckets.of_logs(distribution)
    answer = model.buckets.takes_acls(bucket) if bucket is not None else None
    if bucket is None or not isinstance(answer, No):
        return
    if Declared(bucket).has("acl") is not Truth.FALSE or _has_acl(bucket, model):
        return  # That is told of the ACL.
    yield Violation(
        distribution,
        f"{distribution.label} writes its logs to {bucket.label}, which does not allow ACLs:",
        chains=((distribution.label, *answer.chain),),
        effect=NO_ACLS,
        fix="Add BucketOwnershipControls with BucketOwnerPreferred for the bucket, and name them "
        "in the dependsOn option of the distribution.",
        parties=(bucket,),
    )


def _has_acl(bucket: Resource, model: Model) -> bool:
    return any(model.stack.naming(bucket, "bucket", BUCKET_ACL))


def _certificate(distribution: Resource) -> Iterator[Outcome]:
    """CloudFront asks for it since 2019, so that older distributions have aliases without it. Where
    none is named, the provider asks for the default one or for none (terraform-provider-aws,
    `internal/service/cloudfront/distribution.go`)."""
    inputs = Declared(distribution)
    if (
        inputs.has("aliases")
        & inputs.has("viewerCertificate")
        & inputs.lacks("viewerCertificate.acmCertificateArn")
        & inputs.lacks("viewerCertificate.iamCertificateId")
    ) is Truth.TRUE:
        yield Violation(
            distribution,
            f"{distribution.label} has aliases, but no certificate of its own: the default "
            "CloudFront certificate does not cover them.",
            effect=_NO_CERTIFICATE,
            fix="Set viewerCertificate.acmCertificateArn to a certificate in us-east-1 that covers "
            "the aliases.",
        )


CLOUDFRONT_PARTS = StackRule(
    name="cloudfront-parts",
    reads_native=False,
    unread="all settings of a distribution are in one block, distributionConfig, there",
    title="Web ACLs, functions, log buckets and certificates that CloudFront supports",
    description="A distribution must have a web ACL of the scope CLOUDFRONT, published functions "
    "without variables, a log bucket that allows ACLs, origins declared as what they are, and "
    "aliases of its own with a certificate.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=("aws", "cloudfront", "wafv2", "lambda", "s3", "disaster-recovery"),
    evidence=(
        Evidence(_REGIONAL, _TESTED, "2026-09-02"),
        Evidence(_NO_VERSION, _TESTED, "2026-09-02"),
        Evidence(_VARIABLES, _LOGS, "2026-11-26"),
        Evidence(NO_ACLS, _LOGS, "2026-11-26"),
        Evidence(_NO_CERTIFICATE, "https://github.com/winglang/wing/issues/2440", "2026-11-26"),
        Evidence(_NOT_FOUND, _LOGS, "2026-11-26"),
        Evidence(
            NO_BUCKET,
            "https://github.com/hashicorp/terraform-provider-aws/issues/412",
            "2017-06-13",
        ),
        Evidence(
            _TAKEN,
            "https://github.com/serverless-nextjs/serverless-next.js/issues/324",
            "2020-03-18",
        ),
    ),
    fix="Use a web ACL, functions and a log bucket that CloudFront supports.",
    kinds=(DISTRIBUTION,),
    check=names_what_cloudfront_uses,
)


def _runs_what_the_edge_cannot(distribution: Resource, model: Model) -> Broken | None:
    def wrong(known: Sequence[str], function: Resource) -> bool:
        return bool(_unfit(function)) and not _is_older(model.stack, known, function)

    for name, named, known in _associated(distribution, model.stack):
        for function in named.surely_hit(partial(wrong, known))[:1]:
            return Broken(
                "runs a function with settings that Lambda@Edge does not support",
                ((name, function.label, enumerated(_unfit(function))),),
                (function,),
            )
    return None


def _unfit(function: Resource) -> Sequence[str]:
    """The settings of a function with which it cannot run at the edge."""
    inputs = Declared(function)
    asked = {
        "vpcConfig": inputs.has("vpcConfig.subnetIds"),
        "deadLetterConfig": inputs.sets("deadLetterConfig.targetArn"),
        "layers": inputs.has("layers"),
        "architectures": inputs.lists("architectures", "arm64"),
        "packageType": inputs.says("packageType", "Image"),
    }
    return [name for name, answer in asked.items() if answer is Truth.TRUE]


def _is_too_large_for_viewers(distribution: Resource, model: Model) -> Broken | None:
    """Functions of viewer events have less room than those of origin events."""

    def wrong(known: Sequence[str], function: Resource) -> bool:
        return bool(_too_large(function)) and not _is_older(model.stack, known, function)

    for name, named, known in _associated(distribution, model.stack):
        if not _are_of_viewers(distribution, name):
            continue  # Which of the functions runs at which event is not known.
        for function in named.surely_hit(partial(wrong, known))[:1]:
            return Broken(
                "runs a function at a viewer event with settings above the limits for those",
                ((name, function.label, enumerated(_too_large(function))),),
                (function,),
            )
    return None


def _are_of_viewers(distribution: Resource, name: str) -> bool:
    """Whether all functions of these behaviors run at viewer events."""
    path = f"{name}.lambdaFunctionAssociations.eventType"
    said = values.inside([{name: distribution.tree(name)}], path)
    events = {known_or_none(each) for each in map(values.text, said) if each != Absent()}
    return events <= {"viewer-request", "viewer-response"}


def _too_large(function: Resource) -> Sequence[str]:
    inputs = Declared(function)
    return [
        f"{name} above {limit}"
        for name, limit in _LIMITS_OF_VIEWERS.items()
        if (inputs.number(name) > limit) is Truth.TRUE
    ]


_LIMITS_OF_VIEWERS: Final = {"memorySize": 128, "timeout": 5}
"""In MB and seconds: "Quotas on Lambda@Edge" in the CloudFront developer guide (2026-11-28)."""

ROWS: Final = (
    Relation(
        id="edge-function-size",
        kinds=(DISTRIBUTION,),
        check=_is_too_large_for_viewers,
        evidence=Evidence(
            "CreateDistribution answers InvalidLambdaFunctionAssociation: The function memory size "
            "is larger than the maximum allowed size for functions that are triggered by a "
            "CloudFront event: 1024 Max allowed: 128",
            "https://github.com/serverless-operations/"
            "serverless-lambda-edge-pre-existing-cloudfront/issues/11",
            "2020-09-24",
            Kind.REPORTED,
        ),
        fix="Set memorySize to 128 (MB) and timeout to 5 (seconds) or less, or run the function at "
        "an origin event.",
    ),
    Relation(
        id="edge-function",
        kinds=(DISTRIBUTION,),
        check=_runs_what_the_edge_cannot,
        evidence=Evidence(
            "does not support, in Lambda@Edge, functions in a VPC, with a dead-letter queue, with "
            "layers, for arm64 or from a container image.",
            "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
            "lambda-at-edge-function-restrictions.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
        fix="Remove these settings, or run the function elsewhere.",
    ),
)
"""What Lambda@Edge is documented not to support."""
