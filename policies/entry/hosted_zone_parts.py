"""Hosted zones of Route 53, and what is joined to them.

A zone is private from its creation, by the `vpcs` that it is created with. A VPC asks one private
zone of a name; query logs and DNSSEC are for public ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from ..model import Model
from ..model.answers import No
from ..model.dns.records import full_name, is_in_zone
from ..model.dns.zone_names import normalise, reserved, undelegable
from ..model.dns.zone_vpcs import is_private
from ..model.inputs import Declared
from ..model.references import Outside, ReferenceList, Target, identity, possible, target
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.truth import Truth
from ..model.twins import before
from ..model.values import Absent, Known
from ..model.vocabulary import (
    HOSTED_ZONE,
    KEY_SIGNING_KEY,
    KMS_KEY,
    QUERY_LOG,
    RECORD,
    VPC,
    ZONE_ASSOCIATION,
)
from ..relation import Broken, Relation
from ..rule import Evidence, Kind, Level, Outcome, Settings, Severity, StackRule, Violation

_NAMESPACE: Final = "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace"
_TESTED: Final = "https://github.com/badmintoncryer/cdk-preflight"
_TWICE: Final = (
    "CreateHostedZone answers ConflictingDomainExists: The VPC vpc-... in region ... has already "
    "been associated with the hosted zone Z... with the same domain name."
)
_PRIVATE_LOG: Final = (
    "CreateQueryLoggingConfig answers InvalidInput: You can't create a query logging config for a "
    "private hosted zone."
)
_PUBLIC: Final = (
    "AssociateVPCWithHostedZone answers PublicZoneVPCAssociation: Attempting to associate public "
    "zone: Z... with vpc: vpc-..."
)
_KEY: Final = "CreateKeySigningKey answers: ... could not be used by Route 53 DNSSEC ..."


def is_joined_as_it_can_be(subject: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A zone, and what is joined to it, must be of the kinds that go together."""
    yield from _CHECKS[subject.kind](subject, model)


def _zone(zone: Resource, model: Model) -> Iterator[Outcome]:
    """A VPC has one private zone of a name."""
    name, vpcs = zone.text("name"), _vpcs(model.stack, zone)
    if not isinstance(name, Known) or not vpcs:
        return
    for other in before(zone, model.once(_zones_by_name)[normalise(name.value)]):
        if vpcs & _vpcs(model.stack, other):
            yield Violation(
                zone,
                f"{zone.label} and {other.label} are private zones with the same name and the "
                "same VPC.",
                effect=_TWICE,
                fix="Keep one of the two zones, or give them different VPCs.",
                parties=(other,),
            )
            return


def _zones_by_name(model: Model) -> Mapping[str, Sequence[Resource]]:
    found: dict[str, list[Resource]] = {}
    for zone in model.stack.of(HOSTED_ZONE):
        name = zone.text("name")
        if isinstance(name, Known):
            found.setdefault(normalise(name.value), []).append(zone)
    return found


def _vpcs(stack: Stack, zone: Resource) -> frozenset[str]:
    """What tells the VPCs that a zone certainly answers: URNs, and ids outside the stack."""
    if not is_private(zone):
        return frozenset()
    named = stack.references(zone, "vpcs", VPC, inner="vpcId")
    found: set[str] = set()
    if isinstance(named, ReferenceList):
        found |= {each.urn for each in named.certain}
        found |= {each.literal for each in named.outside if each.literal}
    for association, is_certain in stack.naming(zone, "zoneId", ZONE_ASSOCIATION):
        vpc = identity(stack.reference(association, "vpcId"))
        if is_certain and vpc is not None:
            found.add(vpc)
    return frozenset(found)


def _query_log(log: Resource, model: Model) -> Iterator[Outcome]:
    zone = target(model.stack.reference(log, "zoneId"))
    if zone is not None and is_private(zone):
        yield Violation(
            log,
            f"{log.label} logs the queries of {zone.label}, which is a private zone.",
            effect=_PRIVATE_LOG,
            fix="Log the queries of the VPC instead, with a ResolverQueryLogConfig.",
            parties=(zone,),
        )


def _association(association: Resource, model: Model) -> Iterator[Outcome]:
    zone = target(model.stack.reference(association, "zoneId"))
    if zone is not None and isinstance(zone.declares("vpcs"), No):
        yield Violation(
            association,
            f"{association.label} associates a VPC with {zone.label}, which is a public zone (it "
            "has no vpcs).",
            effect=_PUBLIC,
            fix="Create the zone with one VPC in vpcs, which makes it private, and add vpcs to its "
            "ignoreChanges option.",
            parties=(zone,),
        )


def _signing_key(key: Resource, model: Model) -> Iterator[Outcome]:
    used = target(model.stack.reference(key, "keyManagementServiceArn", KMS_KEY))
    if used is None:
        return
    said = Declared(used)
    is_right = said.says("customerMasterKeySpec", "ECC_NIST_P256") & said.says(
        "keyUsage", "SIGN_VERIFY"
    )
    if is_right is Truth.FALSE and not used.is_native:
        yield Violation(
            key,
            f"{key.label} uses {used.label}, which is not an asymmetric key that DNSSEC can sign "
            "with.",
            effect=_KEY,
            fix="Create a key with the customerMasterKeySpec ECC_NIST_P256 and the keyUsage "
            "SIGN_VERIFY.",
            parties=(used,),
        )


_CHECKS: Final[Mapping[str, Callable[[Resource, Model], Iterator[Outcome]]]] = {
    HOSTED_ZONE: _zone,
    QUERY_LOG: _query_log,
    ZONE_ASSOCIATION: _association,
    KEY_SIGNING_KEY: _signing_key,
}

HOSTED_ZONE_PARTS = StackRule(
    name="hosted-zone-parts",
    reads_native=False,
    unread="of the parts of a zone, only the zone itself is known to this pack there",
    title="VPCs, query logs and keys that suit their hosted zone",
    description="A VPC must not have two private zones of one name; only private zones may have "
    "VPC associations, and only public ones query logs and DNSSEC.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=("aws", "route53", "dns", "vpc", "disaster-recovery"),
    evidence=(
        Evidence(_TWICE, f"{_TESTED} (CreateHostedZone)", "2026-09-10"),
        Evidence(_PRIVATE_LOG, f"{_TESTED} (CreateQueryLoggingConfig)", "2026-09-10"),
        Evidence(_PUBLIC, "https://github.com/hashicorp/terraform/issues/1827", "2015-05-06"),
        Evidence(_KEY, f"{_TESTED} (CreateKeySigningKey)", "2026-09-10"),
    ),
    fix="Use a zone of the other kind, or remove what this kind does not support.",
    kinds=tuple(_CHECKS),
    check=is_joined_as_it_can_be,
)


def _is_joined_twice(association: Resource, model: Model) -> Broken | None:
    """Whether the zone has the VPC of an association already: by its own list, or by another."""
    stack = model.stack
    zone = target(stack.reference(association, "zoneId"))
    vpc = identity(stack.reference(association, "vpcId"))
    if zone is None or vpc is None:
        return None
    listed = stack.references(zone, "vpcs", VPC, inner="vpcId")
    in_its_list = not isinstance(listed, Absent) and vpc in map(identity, listed.elements)
    if in_its_list and not zone.leaves_as_it_is("vpcs"):
        return Broken("associates a VPC that the zone lists in vpcs", ((zone.label,),), (zone,))
    for other in before(association, stack.of(ZONE_ASSOCIATION)):
        ends = [identity(stack.reference(other, name)) for name in ("zoneId", "vpcId")]
        if ends == [zone.urn, vpc]:
            return Broken("associates the same zone and VPC as another one", ((other.label,),))
    return None


def _has_the_name_of_another(namespace: Resource, model: Model) -> Broken | None:
    """Whether the VPC of a namespace of Cloud Map, which makes a private zone, has one of that
    name already."""
    stack, name = model.stack, namespace.text("name")
    vpc = identity(stack.reference(namespace, "vpc", VPC))
    if not isinstance(name, Known) or vpc is None:
        return None
    zones = model.once(_zones_by_name).get(normalise(name.value), ())
    others = [each for each in zones if vpc in _vpcs(stack, each)]
    for other in before(namespace, stack.of(_NAMESPACE)):
        its, also = other.text("name"), identity(stack.reference(other, "vpc", VPC))
        if isinstance(its, Known) and normalise(its.value) == normalise(name.value) and also == vpc:
            others.append(other)
    if not others:
        return None
    return Broken(
        "makes a private hosted zone of a name that its VPC has one of already",
        ((others[0].label,),),
        (others[0],),
    )


ROWS: Final = (
    Relation(
        id="zone-associated-twice",
        kinds=(ZONE_ASSOCIATION,),
        check=_is_joined_twice,
        evidence=Evidence(
            "AssociateVPCWithHostedZone answers ConflictingDomainExists: The VPC that you chose, "
            "vpc-... in region ..., is already associated with another private hosted zone that "
            "has an overlapping name space, ...",
            "https://github.com/infrablocks/terraform-aws-base-networking/issues/4",
            "2018-03-15",
            Kind.REPORTED,
        ),
        fix="Remove the association, or the VPC from vpcs of the zone.",
    ),
    Relation(
        id="namespace-beside-zone",
        kinds=(_NAMESPACE,),
        check=_has_the_name_of_another,
        evidence=Evidence(
            "CreatePrivateDnsNamespace makes a private hosted zone, which ends with "
            "ConflictingDomainExists.",
            "https://github.com/awslabs/aws-saas-boost/issues/396",
            "2022-10-31",
            Kind.REPORTED,
        ),
        fix="Give the namespace a name of its own, for example a subdomain.",
    ),
)
"""What is reported of private zones, beside the refusals that were seen."""


def answers(zone: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A zone should be asked: by its VPC, or by those who follow the parent zone."""
    if is_private(zone):
        yield from _is_asked_by_its_vpc(zone, model)
    elif isinstance(zone.declares("vpcs"), No):
        yield from _is_delegated(zone, model)


def _is_asked_by_its_vpc(zone: Resource, model: Model) -> Iterator[Outcome]:
    deaf = [
        vpc
        for urn in sorted(_vpcs(model.stack, zone))
        if (vpc := model.stack.get(urn)) is not None and _is_deaf(vpc) is Truth.TRUE
    ]
    if deaf:
        yield Violation(
            zone,
            f"{zone.label} is a private zone that its VPC does not use to resolve names:",
            chains=tuple(
                (
                    zone.label,
                    each.label,
                    "enableDnsHostnames and enableDnsSupport are not both true",
                )
                for each in deaf
            ),
            effect="accepts the zone, but nothing in the VPC can resolve its names.",
            fix="Set enableDnsHostnames of the VPC to true (it is false by default), and leave "
            "enableDnsSupport true.",
            parties=tuple(deaf),
        )


def _is_deaf(vpc: Resource) -> Truth:
    if vpc.is_default:
        return Truth.FALSE  # It has both from its birth.
    said = Declared(vpc)
    return ~(said.is_true("enableDnsHostnames") & said.is_true("enableDnsSupport", default=True))


def _is_delegated(zone: Resource, model: Model) -> Iterator[Outcome]:
    name = zone.text("name")
    if not isinstance(name, Known) or reserved(name.value) or undelegable(name.value):
        return  # What is told of its name, a delegation would not cure.
    own = normalise(name.value)
    parents = [each for each in model.once(_public_zones) if _is_below(own, each[0])]
    if not parents:
        return
    _, parent = max(parents, key=lambda each: len(each[0]))
    if model.records.are_managed_at_once(Target(parent)):
        return  # That may hold any record.
    if not any(_may_delegate(each, parent, name.value, model) for each in model.stack.of(RECORD)):
        yield Violation(
            zone,
            f"{zone.label} is a subdomain of {parent.label}, but no NS record in this stack "
            "delegates to it from there.",
            effect="accepts the zone, but resolvers never reach it: its records do not resolve, "
            "and its failover records have no effect.",
            fix=f"Add an NS record to {parent.label} that has the name of {zone.label} and its "
            "nameServers.",
            parties=(parent,),
        )


def _public_zones(model: Model) -> Sequence[tuple[str, Resource]]:
    """The public hosted zones, each after its name."""
    return [
        (normalise(name.value), zone)
        for zone in model.stack.of(HOSTED_ZONE)
        if isinstance(zone.declares("vpcs"), No) and isinstance(name := zone.text("name"), Known)
    ]


def _is_below(name: str, other: str) -> bool:
    return name != other and is_in_zone(name, other)


def _may_delegate(record: Resource, parent: Resource, name: str, model: Model) -> bool:
    """Whether a record is, or may be, an NS record in the parent zone of a name, or of one that it
    is below: whoever asks is sent to a third zone then, which may know."""
    home, kind = model.stack.reference(record, "zoneId"), record.text("type")
    if parent not in possible(home) and home != Outside() and not isinstance(home, Absent):
        return False
    if isinstance(kind, Known) and kind.value != "NS":
        return False
    full, apex = full_name(model.stack, record), parent.text("name")
    if not isinstance(full, Known):
        return True
    is_apex = isinstance(apex, Known) and full.value == normalise(apex.value)
    return not is_apex and is_in_zone(normalise(name), full.value)


HOSTED_ZONE_ANSWERS = StackRule(
    name="hosted-zone-answers",
    reads_native=False,
    unread="how its zones and their VPCs answer has not been verified there",
    title="Hosted zones that resolve",
    description="The VPC of a private zone should have DNS support and DNS hostnames on, and "
    "the parent zone of a public one should delegate to it.",
    level=Level.ADVISORY,
    severity=Severity.MEDIUM,
    tags=("aws", "route53", "dns", "vpc", "disaster-recovery"),
    evidence=(
        Evidence(
            "To use private hosted zones, you must set enableDnsHostnames and enableDnsSupport to "
            "true.",
            "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/"
            "hosted-zone-private-considerations.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
        Evidence(
            "You create an NS record in the parent zone that delegates responsibility for the "
            "subdomain.",
            "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/"
            "dns-routing-traffic-for-subdomains.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
    ),
    fix="Turn on the DNS of the VPC, or delegate the zone from its parent.",
    kinds=(HOSTED_ZONE,),
    check=answers,
)
