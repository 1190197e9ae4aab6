"""What a VPC peering connection needs before traffic flows.

AWS: the request is looked up and accepted in the peer's region, and expires after seven days if
nobody accepts it; the ranges of the two VPCs must not overlap (the connection becomes `failed`);
each side sends traffic only where a route table names the connection. The provider refuses
`peer_region` together with `auto_accept`.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Model
from ..model.answers import CannotTell, No, Yes
from ..model.network.addresses import Range, Ranges, vpc_ranges
from ..model.network.peering import (
    has_route,
    is_accepted,
    is_active,
    may_be_of_another_account,
    peer,
    peer_region,
    requester,
    states_peer_region,
)
from ..model.references import Outside, Reference, possible
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.values import Absent, Known, Unknown
from ..model.vocabulary import PEERING
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

_TAGS = ("aws", "vpc", "disaster-recovery")
_ACCEPTER = (
    "leave autoAccept off, and add a VPC peering accepter with autoAccept set to true whose "
    "provider (or region) is the peer's."
)


def can_become_active(peering: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """AWS must find the peer, and somebody must accept in its region."""
    stack = model.stack
    asked = peer(stack, peering)
    if isinstance(asked, Absent) or _asks_elsewhere(stack, peering):
        return
    outcome = _refused_by_provider(peering) or _not_found(peering, asked)
    if outcome is not None:
        yield outcome
    elif not is_active(peering):
        yield from _not_accepted(stack, peering, asked)


def _asks_elsewhere(stack: Stack, peering: Resource) -> bool:
    """Whether the connection is not in its own VPC's region: then that is what is wrong with it."""
    vpcs = possible(requester(stack, peering))
    return bool(vpcs) and all(vpc.shares_region_with(peering) is False for vpc in vpcs)


def _refused_by_provider(peering: Resource) -> Outcome | None:
    accepts = peering.flag("autoAccept")
    if peering.is_native or accepts in (Absent(), Known(False)):
        return None
    match states_peer_region(peering), accepts:
        case Yes(), Known(True):
            same = peering.text("peerRegion") == peering.region
            return Violation(
                peering,
                f"{peering.label} sets both peerRegion and autoAccept.",
                chains=((peering.label, "peerRegion and autoAccept"),),
                effect="the provider answers, before it sends the request: `peer_region` cannot be "
                "set whilst `auto_accept` is `true` when creating an EC2 VPC Peering Connection",
                fix="Leave peerRegion out, since the peer is in the same region."
                if same
                else f"Keep peerRegion, {_ACCEPTER}",
            )
        case Yes(), Unknown(why):
            return Unverified(peering, f"its autoAccept is {why}")
        case CannotTell(why), _:
            return Unverified(peering, why)
    return None


def _not_found(peering: Resource, asked: Reference) -> Outcome | None:
    """The connection whose peer is not in the region where AWS looks for it."""
    looked = peer_region(peering)
    places = [(vpc, vpc.region) for vpc in possible(asked)]
    if not isinstance(looked, Known):
        return None
    wrong = [
        (vpc, place.value) for vpc, place in places if isinstance(place, Known) and place != looked
    ]
    if not wrong:
        return None
    if len(wrong) < len(places):
        return Unverified(peering, "which of several VPCs is its peer is not known")
    vpc, place = wrong[0]
    stated = isinstance(peering.text("peerRegion"), Known)
    named = (
        "looks for its peer in" if stated else "sets no peerRegion, so AWS looks for its peer in"
    )
    return Violation(
        peering,
        f"{peering.label} {named} {looked.value}, but {vpc.label} is in {place}:",
        chains=((peering.label, vpc.label, f"in {place}, looked for in {looked.value}"),),
        effect=f"looks for the peer VPC in {looked.value} only, does not find it, and the "
        "connection fails.",
        fix=f"Set peerRegion to {place}, {_ACCEPTER}",
    )


def _not_accepted(stack: Stack, peering: Resource, asked: Reference) -> Iterator[Outcome]:
    accepted = is_accepted(stack, peering)
    strangers = _strangers(stack, peering, asked)
    if isinstance(accepted, CannotTell):
        yield Unverified(peering, accepted.why)
    elif isinstance(accepted, No) and not strangers:
        yield Violation(peering, f"{peering.label} is never accepted:", chains=(accepted.chain,))
    elif strangers and (isinstance(accepted, No) or peering.flag("autoAccept") == Known(True)):
        # autoAccept works within one account and region, and those of a stranger are not known.
        yield Unverified(peering, strangers)


def _strangers(stack: Stack, peering: Resource, asked: Reference) -> str | None:
    """Why somebody outside this stack may have to accept, as a clause."""
    if isinstance(asked, Outside):
        return f"its peer VPC {asked.why}"
    if any(may_be_of_another_account(stack, peering, vpc) for vpc in possible(asked)):
        return "its peerOwnerId may name another account, which accepts for itself"
    return None


def apart_in_addresses(peering: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """The ranges of the two VPCs must not overlap."""
    stack = model.stack
    sides = (requester(stack, peering), peer(stack, peering))
    doubt = next((why for why in map(_unread, ("VPC", "peer VPC"), sides) if why), None)
    pairs = [
        (vpc_ranges(stack, one), vpc_ranges(stack, other))
        for one in possible(sides[0])
        for other in possible(sides[1])
        if one is not other  # Nobody peers a VPC with itself: one of the two is another one.
    ]
    if not pairs:
        doubt = doubt or "which VPCs it connects is not known"
    overlaps = [overlap for one, other in pairs if (overlap := _overlap(one, other))]
    if pairs and len(overlaps) == len(pairs):
        one, other = overlaps[0]
        yield Violation(
            peering,
            f"{peering.label} connects VPCs whose ranges overlap:",
            chains=tuple(
                (peering.label, each.owner.label, str(each.network)) for each in (one, other)
            ),
            parties=(one.owner, other.owner),
        )
        return
    if overlaps:
        doubt = doubt or "which of several VPCs it connects is not known"
    for ranges in (each for pair in pairs for each in pair):
        doubt = doubt or ranges.doubt
    if doubt:
        yield Unverified(peering, doubt)


def _overlap(one: Ranges, other: Ranges) -> tuple[Range, Range] | None:
    for mine in one.known:
        for theirs in other.known:
            if mine.network.overlaps(theirs.network):
                return mine, theirs
    return None


def _unread(side: str, vpc: Reference) -> str | None:
    return f"its {side} {vpc.why}" if isinstance(vpc, Outside) else None


def routed_on_both_sides(peering: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A route table on each side must name the connection."""
    stack = model.stack
    missing: list[tuple[str, ...]] = []
    doubt: str | None = None
    for name, side in (("VPC", requester(stack, peering)), ("peer VPC", peer(stack, peering))):
        answers = [has_route(stack, model.network(), vpc, peering) for vpc in possible(side)]
        without = [answer for answer in answers if isinstance(answer, No)]
        if answers and len(without) == len(answers):
            missing.append(without[0].chain)
        elif without:
            doubt = doubt or f"which of several VPCs is its {name} is not known"
        for answer in answers:
            if isinstance(answer, CannotTell):
                doubt = doubt or answer.why
        doubt = doubt or _unread(name, side)
    if missing:
        sides = "neither side has" if len(missing) == 2 else "one side does not have"
        yield Violation(
            peering,
            f"{peering.label} carries nothing, because {sides} a route to it:",
            chains=tuple(missing),
        )
    elif doubt:
        yield Unverified(peering, doubt)


PEERING_ACCEPTED = StackRule(
    name="vpc-peering-accepted",
    title="VPC peering that can become active",
    description="A VPC peering connection must name the peer's region and be accepted there.",
    asked=Asked.ALWAYS,
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=_TAGS,
    evidence=(
        Evidence(
            effect="leaves the connection in pending-acceptance: it carries no traffic, and the "
            "request expires after 7 days.",
            source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/"
            "API_AcceptVpcPeeringConnection.html",
            date="2026-04-08",
            kind=Kind.DOCUMENTED,
        ),
        Evidence(
            effect="`peer_region` cannot be set whilst `auto_accept` is `true`",
            source="https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/"
            "service/ec2/vpc_peering_connection.go",
            date="2026-11-24",
        ),
        Evidence(
            effect="Without peer_region AWS looks for the peer VPC in the requester's region.",
            source="https://github.com/hashicorp/terraform-provider-aws/issues/6706",
            date="2026-11-24",
        ),
    ),
    fix=f"Within one region set autoAccept to true. Across regions set peerRegion, {_ACCEPTER}",
    in_doubt="state peerRegion, and the region on each provider",
    kinds=(PEERING,),
    check=can_become_active,
)

PEERING_CIDR_OVERLAP = StackRule(
    name="vpc-peering-cidr-overlap",
    title="Peered VPCs with ranges of their own",
    description="VPCs that are peered must not have overlapping IPv4 ranges.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=_TAGS,
    evidence=(
        Evidence(
            effect="puts the connection into the state failed, because the VPCs have overlapping "
            "CIDR blocks.",
            source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/"
            "API_CreateVpcPeeringConnection.html",
            date="2026-04-08",
            kind=Kind.DOCUMENTED,
        ),
        Evidence(
            effect="A secondary range that overlaps the peer's makes a pending request fail.",
            source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
            date="2023-06-01",
            kind=Kind.DOCUMENTED,
        ),
    ),
    fix="Give each VPC a range of its own, for example 10.0.0.0/16 and 10.1.0.0/16.",
    in_doubt="state the cidrBlock of both VPCs",
    kinds=(PEERING,),
    check=apart_in_addresses,
)

PEERING_ROUTES = StackRule(
    name="vpc-peering-routes",
    title="VPC peering with routes on both sides",
    description="A VPC peering connection needs a route to it on both sides.",
    asked=Asked.ALWAYS,
    level=Level.ADVISORY,
    severity=Severity.MEDIUM,
    tags=_TAGS,
    evidence=(
        Evidence(
            effect="creates the connection, but sends traffic through it only where a route table "
            "has a route to it, on both sides.",
            source="https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html",
            date="2023-06-01",
            kind=Kind.DOCUMENTED,
        ),
    ),
    fix="In the route tables of both VPCs, route the other VPC's range to vpcPeeringConnectionId. "
    "A route that the program creates inside an apply is not in a first preview: exempt the "
    "connection then.",
    in_doubt="create the routes of both sides in this stack, outside of any apply",
    kinds=(PEERING,),
    check=routed_on_both_sides,
)
