"""What a VPC link of API Gateway leads to, and which certificates its domains can have.

A link of a REST API leads to a Network Load Balancer; an HTTP API reaches a listener of a load
balancer, or a service of Cloud Map, through a link that knows no target. The certificate of a
domain is one of AWS Certificate Manager.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from ..model import Model
from ..model.answers import Yes
from ..model.arns import parse_arn
from ..model.dns.certificates import API_DOMAIN, HTTP_API_DOMAIN
from ..model.inputs import Declared
from ..model.network.load_balancers import is_application
from ..model.references import as_list, target
from ..model.resource import Resource
from ..model.truth import Truth
from ..model.values import known_or_none
from ..model.vocabulary import LOAD_BALANCER
from ..rule import Evidence, Level, Outcome, Settings, Severity, StackRule, Violation
from .certificate_arns import placeholders

_LINK: Final = "aws:apigateway/vpcLink:VpcLink"
_INTEGRATION: Final = "aws:apigatewayv2/integration:Integration"
_API: Final = "aws:apigatewayv2/api:Api"
_BALANCING: Final = "elasticloadbalancing"
_MALFORMED: Final = "the link ends in the state FAILED: NLB ARN is malformed"
_NO_LISTENER: Final = (
    "CreateIntegration answers BadRequestException: For VpcLink VPC_LINK, integration uri should "
    "be a valid ELB listener ARN or a valid Cloud Map service ARN."
)

_NO_CERTIFICATE: Final = (
    "CreateDomainName answers BadRequestException: The provided certificate does not exist."
)


def leads_somewhere(subject: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A VPC link must lead to what API Gateway can reach, and a domain have a certificate."""
    yield from _CHECKS[subject.kind](subject, model)


def _link(link: Resource, model: Model) -> Iterator[Outcome]:
    named = as_list(model.stack.reference(link, "targetArn", LOAD_BALANCER))
    wrong = named.surely_hit(lambda each: isinstance(is_application(each), Yes))
    is_literal = any(isinstance(is_application(each.literal or ""), Yes) for each in named.outside)
    if wrong or is_literal:
        what = wrong[0].label if wrong else "a load balancer"
        yield Violation(
            link,
            f"{link.label} targets {what}, which is an Application Load Balancer.",
            effect=_MALFORMED,
            fix="Set targetArn to the ARN of a Network Load Balancer.",
            parties=wrong,
        )


def _integration(integration: Resource, model: Model) -> Iterator[Outcome]:
    api = target(model.stack.reference(integration, "apiId", _API))
    is_http = Declared(api).says("protocolType", "HTTP") if api is not None else Truth.UNKNOWN
    if (is_http & Declared(integration).says("connectionType", "VPC_LINK")) is not Truth.TRUE:
        return
    said = integration.text("integrationUri")
    found = target(model.stack.reference(integration, "integrationUri", LOAD_BALANCER))
    if found is not None and integration.depends_on("integrationUri") != (found.urn,):
        found = None
    what = found.label if found is not None else _called(known_or_none(said) or "")
    if what is not None:
        yield Violation(
            integration,
            f"{integration.label} uses a VPC link, but its integrationUri is {what} instead of a "
            "listener.",
            effect=_NO_LISTENER,
            fix="Set integrationUri to the ARN of a listener of the load balancer.",
            parties=() if found is None else (found,),
        )


def _called(uri: str) -> str | None:
    """What a URI that is known leads to, where that is no listener."""
    if uri.startswith(("http://", "https://")):
        return "a URL"
    arn = parse_arn(uri)
    what = arn.resource.partition("/")[0] if arn and arn.service == _BALANCING else ""
    return {"loadbalancer": "a load balancer", "targetgroup": "a target group"}.get(what)


def _domain(domain: Resource, model: Model) -> Iterator[Outcome]:
    yield from placeholders(domain, model, _NO_CERTIFICATE)


_CHECKS: Final[Mapping[str, Callable[[Resource, Model], Iterator[Outcome]]]] = {
    _LINK: _link,
    _INTEGRATION: _integration,
    API_DOMAIN: _domain,
    HTTP_API_DOMAIN: _domain,
}

API_VPC_LINK = StackRule(
    name="api-vpc-link",
    title="VPC links and certificates that API Gateway supports",
    description="A VPC link of a REST API must target a Network Load Balancer, an HTTP API must "
    "integrate with a listener through its VPC link, and certificateArn of an API domain name "
    "must be the ARN of a certificate.",
    level=Level.MANDATORY,
    severity=Severity.MEDIUM,
    tags=("aws", "apigateway", "elasticloadbalancing"),
    evidence=(
        Evidence(_MALFORMED, "CreateVpcLink, public deployment logs", "2026-11-26"),
        Evidence(_NO_LISTENER, "https://github.com/badmintoncryer/cdk-preflight", "2026-09-08"),
        Evidence(_NO_CERTIFICATE, "https://github.com/aws/aws-cdk/issues/3612", "2020-10-14"),
    ),
    fix="Target a Network Load Balancer with the VPC link, or a listener with the integration.",
    kinds=tuple(_CHECKS),
    check=leads_somewhere,
)
