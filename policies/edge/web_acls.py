"""Web ACLs of AWS WAF: where they are made, what they protect and where they log.

What protects CloudFront is made in us-east-1 with the scope CLOUDFRONT, and the distribution names
it; everything else has a web ACL of its own region with the scope REGIONAL, and an association.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from ..model import Model
from ..model.answers import Yes
from ..model.arns import parse_arn
from ..model.inputs import Declared
from ..model.network.load_balancers import Balancer, is_gateway, is_network
from ..model.places import is_in_main_partition
from ..model.references import Outside, ReferenceList, target
from ..model.resource import Resource
from ..model.truth import Truth
from ..model.values import Known, known_or_none
from ..model.vocabulary import BUCKET, DISTRIBUTION, LOAD_BALANCER, LOG_GROUP, WEB_ACL
from ..refusal import Refusal, Topic, family
from ..relation import Broken, Relation
from ..rule import Evidence, Kind, Level, Outcome, Settings, Severity, StackRule, Violation

_ASSOCIATION: Final = "aws:wafv2/webAclAssociation:WebAclAssociation"
_LOGGING: Final = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
_STREAM: Final = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
_SCOPED: Final = (
    WEB_ACL,
    "aws:wafv2/ipSet:IpSet",
    "aws:wafv2/regexPatternSet:RegexPatternSet",
    "aws:wafv2/ruleGroup:RuleGroup",
)
_TESTED: Final = "https://github.com/badmintoncryer/cdk-preflight"
_HOME: Final = "us-east-1"
_PREFIX: Final = "aws-waf-logs-"
_TAGS: Final = ("aws", "wafv2", "cloudfront")


def _is_global_outside_its_region(resource: Declared) -> Truth:
    region = resource.region
    if not isinstance(region, Known):
        return Truth.UNKNOWN & resource.says("scope", "CLOUDFRONT")
    is_elsewhere = region.value != _HOME and is_in_main_partition(region.value)
    return resource.says("scope", "CLOUDFRONT") & Truth.of(is_elsewhere)


WAF_DECLARATION = family(
    Topic(
        name="waf-declaration",
        title="Web ACLs that AWS WAF accepts",
        description="A web ACL for CloudFront must be created in us-east-1, and the rules of a "
        "web ACL must have different priorities.",
        tags=_TAGS,
        reads_native=True,
        fix="Create what is for CloudFront in us-east-1, and give each rule its own priority.",
    ),
    Refusal(
        id="waf-scope-region",
        kinds=_SCOPED,
        says="has the scope CLOUDFRONT, but is not created in us-east-1",
        when=_is_global_outside_its_region,
        evidence=Evidence(
            "CreateWebACL answers WAFInvalidParameterException: Error reason: The scope is not "
            "valid., field: SCOPE_VALUE, parameter: CLOUDFRONT",
            f"CreateWebACL, public deployment logs; {_TESTED}",
            "2026-09-05",
        ),
        fix="Create it with a provider for us-east-1, or set scope to REGIONAL if it is not for "
        "CloudFront.",
        refused={"scope": "CLOUDFRONT", "region": "eu-west-1"},
        accepted=(
            {"scope": "CLOUDFRONT", "region": "us-east-1"},
            {"scope": "REGIONAL", "region": "eu-west-1"},
        ),
    ),
    Refusal(
        id="waf-priority",
        kinds=(WEB_ACL, "aws:wafv2/ruleGroup:RuleGroup"),
        says="has two rules with the same priority",
        when=lambda acl: acl.some_two(
            "rules", lambda one, other: one.number("priority").equals(other.number("priority"))
        ),
        evidence=Evidence(
            "CreateWebACL answers: You have a duplicate priority. Priorities must be unique., "
            "field: RULE",
            f"CreateWebACL; {_TESTED}",
            "2026-09-05",
        ),
        fix="Give each rule its own priority.",
        refused={"rules": [{"priority": 1}, {"priority": 1}]},
        accepted=({"rules": [{"priority": 1}, {"priority": 2}]}, {"rules": [{"priority": 1}]}),
    ),
)

_NOT_VALID: Final = (
    "AssociateWebACL answers WAFInvalidParameterException: Error reason: The ARN isn't valid. A "
    "valid ARN begins with arn: ..."
)
_DESTINATION: Final = (
    "PutLoggingConfiguration answers WAFInvalidParameterException: Error reason: The ARN isn't "
    "valid. A valid ARN begins with arn: ..., field: LOG_DESTINATION"
)


def is_used_as_it_can_be(subject: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A web ACL must protect what its scope is for, and log to where AWS WAF writes."""
    yield from _CHECKS[subject.kind](subject, model)


def _association(association: Resource, model: Model) -> Iterator[Outcome]:
    protected = association.text("resourceArn")
    distribution = target(model.stack.reference(association, "resourceArn", DISTRIBUTION))
    arn = parse_arn(protected.value) if isinstance(protected, Known) else None
    if distribution is not None or (arn is not None and arn.service == "cloudfront"):
        what = distribution.label if distribution is not None else "a distribution"
        yield Violation(
            association,
            f"{association.label} associates a web ACL with {what}, which CloudFront does not "
            "support.",
            effect=f"{_NOT_VALID}, field: RESOURCE_ARN",
            fix="Set webAclId of the distribution to the ARN of the web ACL, and remove the "
            "association.",
            parties=() if distribution is None else (distribution,),
        )
        return
    if model.regional_references.of(association).abroad:
        return  # region-local-references tells that the web ACL is in another region.
    acl = target(model.stack.reference(association, "webAclArn", WEB_ACL))
    if is_global(model, association, "webAclArn") is Truth.TRUE:
        yield Violation(
            association,
            f"{association.label} associates a web ACL whose scope is CLOUDFRONT.",
            effect=_NOT_VALID,
            fix="Associate a web ACL of the scope REGIONAL in the region of the protected "
            "resource.",
            parties=() if acl is None else (acl,),
        )


def is_global(model: Model, resource: Resource, name: str) -> Truth:
    """Whether the web ACL that a property names is for CloudFront: by its ARN, or by its scope."""
    said = resource.text(name)
    arn = parse_arn(said.value) if isinstance(said, Known) else None
    if arn is not None and arn.service == "wafv2":
        return Truth.of(arn.resource.startswith("global/"))
    acl = target(model.stack.reference(resource, name, WEB_ACL))
    return Declared(acl).says("scope", "CLOUDFRONT") if acl is not None else Truth.UNKNOWN


def _logging(logging: Resource, model: Model) -> Iterator[Outcome]:
    named = model.stack.references(logging, "logDestinationConfigs", LOG_GROUP, BUCKET, _STREAM)
    if not isinstance(named, ReferenceList):
        return
    wrong = named.surely_hit(_has_another_name)
    literals = [each for each in named.outside if _is_another_name_in(each)]
    if wrong or literals:
        what = wrong[0].label if wrong else "a destination"
        yield Violation(
            logging,
            f"{logging.label} sends logs to {what}, whose name does not begin with {_PREFIX}.",
            effect=_DESTINATION,
            fix=f"Give the log group, bucket or delivery stream a name that begins with {_PREFIX}.",
            parties=wrong,
        )


def _has_another_name(destination: Resource) -> bool:
    """Whether the name certainly begins otherwise. Pulumi's own names are among the inputs."""
    own = "bucket" if destination.kind == BUCKET else "name"
    name = known_or_none(destination.text(own))
    if name is not None:
        return not name.startswith(_PREFIX)
    prefix = known_or_none(destination.text("bucketPrefix" if own == "bucket" else "namePrefix"))
    return prefix is not None and not (prefix.startswith(_PREFIX) or _PREFIX.startswith(prefix))


_FORMS: Final = {"logs": "log-group:", "firehose": "deliverystream/", "s3": ""}
"""What stands before the name in the ARNs that a web ACL logs to, by service."""


def _is_another_name_in(outside: Outside) -> bool:
    arn = parse_arn(outside.literal or "")
    form = _FORMS.get(arn.service) if arn is not None else None
    if arn is None or form is None or not arn.resource.startswith(form):
        return False
    return not arn.resource.removeprefix(form).startswith(_PREFIX)


_CHECKS: Final[Mapping[str, Callable[[Resource, Model], Iterator[Outcome]]]] = {
    _ASSOCIATION: _association,
    _LOGGING: _logging,
}

WAF_PARTS = StackRule(
    name="waf-parts",
    title="Associations and logs that AWS WAF accepts",
    description="A distribution gets its web ACL by webAclId, not by a web ACL association, and "
    "the name of a log destination must begin with aws-waf-logs-.",
    level=Level.MANDATORY,
    severity=Severity.MEDIUM,
    tags=_TAGS,
    evidence=(
        Evidence(_NOT_VALID, f"{_TESTED} (AssociateWebACL)", "2026-09-05"),
        Evidence(_DESTINATION, f"{_TESTED} (PutLoggingConfiguration)", "2026-09-13"),
    ),
    fix="Set the webAclId of a distribution to its web ACL, and begin the names of log "
    f"destinations with {_PREFIX}.",
    kinds=tuple(_CHECKS),
    check=is_used_as_it_can_be,
)


_HTTP_API: Final = ("aws:apigatewayv2/stage:Stage", "aws:apigatewayv2/api:Api")


def _protects_what_it_cannot(association: Resource, model: Model) -> Broken | None:
    if model.regional_references.of(association).abroad:
        return None  # region-local-references tells that the two are in different regions.
    if is_global(model, association, "webAclArn") is Truth.TRUE:
        return None  # waf-parts tells of that.
    protected = target(model.stack.reference(association, "resourceArn", LOAD_BALANCER, *_HTTP_API))
    said = association.text("resourceArn")
    if protected is not None and _is_not_protected(protected):
        return Broken(
            f"associates a web ACL with {protected.label}, which AWS WAF does not protect",
            parties=(protected,),
        )
    if isinstance(said, Known) and _is_arn_of_the_unprotected(said.value):
        return Broken("associates a web ACL with a resource that AWS WAF does not protect")
    return None


def _is_not_protected(resource: Resource) -> bool:
    return resource.kind != LOAD_BALANCER or _is_network_or_gateway(resource)


def _is_network_or_gateway(balancer: Balancer) -> bool:
    return any(isinstance(each, Yes) for each in (is_network(balancer), is_gateway(balancer)))


def _is_arn_of_the_unprotected(said: str) -> bool:
    arn = parse_arn(said)
    is_api = arn is not None and arn.service == "apigateway" and arn.resource.startswith("/apis/")
    return is_api or _is_network_or_gateway(said)


ROWS: Final = (
    Relation(
        id="web-acl-target",
        kinds=(_ASSOCIATION,),
        check=_protects_what_it_cannot,
        evidence=Evidence(
            f"{_NOT_VALID} \u2013 its documentation lists what can be associated: no Network "
            "Load Balancers, HTTP APIs or WebSocket APIs.",
            "https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociateWebACL.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
        fix="Associate the web ACL with an Application Load Balancer or the stage of a REST API, "
        "or put a distribution with a web ACL in front.",
    ),
)
"""What AWS WAF is documented not to protect."""
