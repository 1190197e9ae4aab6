"""Names of public hosted zones.

Route 53 refuses a public zone example.com or below it, and one of a single label, with
`InvalidDomainName: … is reserved by AWS!`. It accepts names that no registry can ever delegate
(.local, .test, .internal …), and the records in such a zone resolve for nobody. Private zones may
have any name.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model.dns.zone_names import CONFIGURED, NameFault, reserved, undelegable
from ..model.resource import Resource
from ..model.values import Known, Unknown
from ..model.vocabulary import HOSTED_ZONE
from ..rule import (
    Evidence,
    Kind,
    Level,
    Option,
    Outcome,
    ResourceRule,
    Settings,
    Severity,
    Unverified,
    Violation,
)

_TAGS = ("aws", "route53", "dns", "disaster-recovery")
_OWN_RULE_FIX = (
    "Use another name, make the zone private (vpcs), or remove the name from extraReservedNames."
)
EXTRA_RESERVED_NAMES = Option(
    name="extraReservedNames",
    schema={
        "type": "array",
        "items": {"type": "string"},
        "description": "Further domain names that must not become public zones; each covers "
        "itself and everything below it.",
    },
    default=(),
)


def not_reserved(zone: Resource, settings: Settings) -> Iterator[Outcome]:
    """A public zone must not have a name that Route 53 reserves."""
    if zone.sets("vpcs"):
        return
    match zone.text("name"):
        case Known(name):
            fault = reserved(name, sorted(settings.names(EXTRA_RESERVED_NAMES.name)))
            if fault is not None:
                yield Violation(
                    zone,
                    f"{zone.label} is public, and its name is {name}: {fault.reason}.",
                    effect=_effect(name, fault),
                    fix=_OWN_RULE_FIX if fault.evidence == CONFIGURED else None,
                )
        case Unknown(why):
            yield Unverified(zone, f"its name is {why}")


def _effect(name: str, fault: NameFault) -> str:
    """What AWS answers, or whose rule it is where AWS has nothing against the name."""
    if fault.evidence == CONFIGURED:
        return "is not known to reserve it; the option extraReservedNames of this policy does."
    return f"CreateHostedZone answers InvalidDomainName: {name} is reserved by AWS!"


def delegable(zone: Resource, settings: Settings) -> Iterator[Outcome]:
    """A public zone should have a name that a registry can delegate."""
    name = zone.text("name")
    if zone.sets("vpcs") or not isinstance(name, Known):
        return
    fault = undelegable(name.value)
    if fault is not None:
        yield Violation(
            zone,
            f"{zone.label} is public, and its name is {name.value}: {fault.reason}.",
        )


HOSTED_ZONE_RESERVED_NAME = ResourceRule(
    name="hosted-zone-reserved-name",
    title="No reserved name for a public hosted zone",
    description="A public hosted zone must not have a name that Route 53 reserves.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=_TAGS,
    evidence=(
        Evidence(
            effect="InvalidDomainName: payment-x.example.com is reserved by AWS!",
            source="https://github.com/aws-samples/sample-agentic-value-accelerator/pull/126",
            date="2026-11-24",
        ),
    ),
    fix="Use a domain that you own and can delegate, or make the zone private (vpcs).",
    options=(EXTRA_RESERVED_NAMES,),
    in_doubt="give the zone a name that is known before the deployment",
    kinds=(HOSTED_ZONE,),
    check=not_reserved,
)

HOSTED_ZONE_UNDELEGABLE_NAME = ResourceRule(
    name="hosted-zone-undelegable-name",
    title="A public hosted zone that the internet can find",
    description="A public hosted zone should have a name that a registry can delegate.",
    level=Level.ADVISORY,
    severity=Severity.MEDIUM,
    tags=_TAGS,
    evidence=(
        Evidence(
            effect="CreateHostedZone accepts the name, but it has no parent zone to be delegated "
            "from, so its records resolve for nobody and failover never happens.",
            source="https://www.iana.org/assignments/special-use-domain-names",
            date="2026-11-24",
            kind=Kind.DOCUMENTED,
        ),
    ),
    fix="Use a domain that you own for a public zone; names such as .internal or .test are fine "
    "for a private one (vpcs).",
    kinds=(HOSTED_ZONE,),
    check=delegable,
)
