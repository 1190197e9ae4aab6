"""A name that leads to an API must be one that the API answers to.

API Gateway and function URLs show a certificate for the host that AWS gave out. A CNAME takes
clients there under another name, and they refuse it: in both regions, from the first day.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..model import Model, values
from ..model.dns.records import full_name, own_name
from ..model.dns.zone_names import normalise
from ..model.resource import Resource
from ..model.takeover.apis import FUNCTION_URL, api_behind
from ..model.takeover.leaves import known_texts
from ..model.truth import Truth, some
from ..model.values import Absent, Known
from ..model.vocabulary import DISTRIBUTION, HEALTH_CHECK, METRIC_ALARM, RECORD
from ..regions.standing_in import PRIMARY, REGIONS, losses
from ..rule import (
    Asked,
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

_DOMAINS: Final = (
    "aws:apigateway/domainName:DomainName",
    "aws:apigatewayv2/domainName:DomainName",
    "aws-native:apigateway:DomainName",
    "aws-native:apigateway:DomainNameV2",
    "aws-native:apigatewayv2:DomainName",
)
"""What makes an API answer to a name of one's own, its property `domainName`."""
_ASK_BY_NAME: Final = (RECORD, HEALTH_CHECK, METRIC_ALARM)
"""What takes a record's name and does with it what clients do."""
_REFUSED: Final = (
    "no alternative certificate subject name matches target hostname (the certificate is for "
    "*.execute-api.REGION.amazonaws.com)."
)


def answers_to_its_name(record: Resource, model: Model, settings: Settings) -> Iterator[Outcome]:
    """A record that leads to an API should have a domain name of that name."""
    if record.text("type") != Known("CNAME"):
        return
    rehearsed = losses(model, settings)
    api = api_behind(model.stack, record, "records") if rehearsed else None
    if api is None or _is_private(api) or _is_read_by_others(record, model):
        return
    homes = model.takeover.homes
    for loss in rehearsed:
        region = next((each for each in loss.left if homes.is_in(api, each)), None)
        if region is None:
            continue
        has_domain = _has_domain(record, model)
        if has_domain is Truth.FALSE:
            yield _violation(record, api, region, loss.region, model)
        elif has_domain is Truth.UNKNOWN:
            yield Unverified(
                record,
                f"whether {api.label} has a domain name of its name is not known",
                parties=(api,),
                lost=loss.region,
            )
        return


def _is_private(api: Resource) -> bool:
    """Whether the API answers, or may answer, inside a VPC alone: there its name is resolved, and
    the Host that it takes is set, in other ways."""
    types = values.field(api.tree("endpointConfiguration"), "types")
    said = [types] if isinstance(types, str) else values.known_or_none(values.items(types))
    if said is None:
        return not isinstance(values.items(types), Absent)
    return any(each == "PRIVATE" or values.text(each) != Known(each) for each in said)


def _is_read_by_others(record: Resource, model: Model) -> bool:
    """Whether something else in the stack takes the record's name: it may set a Host of its own, as
    the origin of a distribution does."""
    name = values.known_or_none(full_name(model.stack, record))
    return record.urn in model.once(_read) or any(
        name is not None and name in known_texts(each, "origins")
        for each in model.stack.of(DISTRIBUTION)
    )


def _read(model: Model) -> frozenset[str]:
    """The URNs of all whose values another resource takes, but for those that ask by name."""
    return frozenset(
        urn
        for each in model.stack.resources
        if each.kind not in _ASK_BY_NAME
        for urns in each.property_dependencies.values()
        for urn in urns
    )


def _has_domain(record: Resource, model: Model) -> Truth:
    """Whether the stack makes a domain name of API Gateway that answers to the record's name."""
    name = full_name(model.stack, record)
    return some(_answers(each.text("domainName"), name) for each in model.stack.of(*_DOMAINS))


def _answers(domain: values.Reading[str], name: values.Reading[str]) -> Truth:
    if not isinstance(domain, Known) or not isinstance(name, Known):
        return Truth.UNKNOWN
    said, asked = normalise(domain.value), normalise(name.value)
    if said.startswith("*."):
        return Truth.of(asked.endswith(said[1:]))
    return Truth.of(said == asked)


def _violation(record: Resource, api: Resource, region: str, lost: str, model: Model) -> Violation:
    name = values.known_or_none(full_name(model.stack, record))
    called = name or values.known_or_none(own_name(record)) or "its name"
    is_function = api.kind == FUNCTION_URL
    no_domain = "custom domains are not supported" if is_function else "no domain name"
    return Violation(
        record,
        f"{record.label} leads to {api.label} in {region}, which does not answer to {called}:",
        chains=((record.label, "CNAME", f"{api.label} ({region})", no_domain),),
        effect="function URLs have a certificate for *.lambda-url.REGION.on.aws only; clients of "
        "another name refuse it."
        if is_function
        else None,
        fix="Put a CloudFront distribution or an API in front of the function."
        if is_function
        else None,
        lost=lost,
        parties=(api,),
    )


FAILOVER_API_DOMAIN = StackRule(
    name="failover-api-domain",
    title="Names that lead to an API which answers to them",
    description="A record that leads to an API should have an API Gateway domain name of that "
    "name.",
    level=Level.ADVISORY,
    severity=Severity.HIGH,
    tags=("aws", "route53", "apigateway", "dns", "rehearsal", "disaster-recovery"),
    evidence=(
        Evidence(
            _REFUSED,
            "https://repost.aws/knowledge-center/api-gateway-domain-certificate",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
    ),
    fix="Create a DomainName of that name and a mapping to the API in each region, and let the "
    "record lead to its regionalDomainName.",
    in_doubt="give the record and the DomainName names that are known before the deployment",
    options=(REGIONS, PRIMARY),
    asked=Asked.ALWAYS,
    kinds=(RECORD,),
    check=answers_to_its_name,
)
