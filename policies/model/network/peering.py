"""A VPC peering connection: where AWS looks for the peer, who accepts it, what routes to it.

AWS, CreateVpcPeeringConnection and AcceptVpcPeeringConnection: the peer VPC is looked for in the
requester's own region unless another is named, and the request is accepted in the peer's region.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .. import values
from ..answers import Answer, CannotTell, No, Yes
from ..references import OneOf, Outside, Reference, Target, possible, target
from ..resource import Resource
from ..stack import Stack
from ..values import Absent, Known, Reading, Unknown
from ..vocabulary import PEERING, PEERING_ACCEPTER, ROUTE
from .addresses import Range, ipv4_range, vpc_ranges
from .routes import Route
from .routing import Network

_SCRIPTS = ("command:", "pulumi-python:dynamic:", "pulumi-nodejs:dynamic:")
_INVOCATION = "aws:lambda/invocation:Invocation"


def requester(stack: Stack, peering: Resource) -> Reference:
    """The VPC that asks."""
    return stack.reference(peering, "vpcId")


def peer(stack: Stack, peering: Resource) -> Reference:
    """The VPC that is asked."""
    return stack.reference(peering, "peerVpcId")


def peer_region(peering: Resource) -> Reading[str]:
    """The region in which AWS looks for the peer VPC."""
    stated = peering.text("peerRegion")
    return peering.region if isinstance(stated, Absent) else stated


def states_peer_region(peering: Resource) -> Answer:
    """Whether the program says where the peer is; afterwards AWS says so of every connection."""
    match values.text(peering.declared_tree("peerRegion")):
        case Known():
            return Yes()
        case Absent():
            return No()
        case Unknown(why):
            match peering.text("peerRegion"), peering.region:
                case Known(stated), Known(own):
                    return No() if stated == own else Yes()
                case Known(), Unknown(why_not_own):
                    return CannotTell(f"its own region is {why_not_own}")
            return CannotTell(f"its peerRegion is {why}")


def may_be_of_another_account(stack: Stack, peering: Resource, peer_vpc: Resource) -> bool:
    """Whether the peer may belong to somebody else; of the same provider it does not."""
    if isinstance(values.text(peering.declared_tree("peerOwnerId")), Absent):
        return False
    own = target(requester(stack, peering))
    named = peering.text("peerOwnerId")
    if own is not None and isinstance(named, Known) and own.text("ownerId") == named:
        return False
    one, other = peering.provider, peer_vpc.provider
    return one is None or other is None or (one.urn, one.region) != (other.urn, other.region)


def is_active(peering: Resource) -> bool:
    """Whether AWS says that the connection works already, whoever accepted it."""
    return peering.text("acceptStatus") == Known("active")


def is_accepted(stack: Stack, peering: Resource) -> Answer:
    """Whether anything in the stack accepts the connection in the peer's region."""
    if peering.is_native:
        return Yes()  # CloudFormation accepts requests within an account itself.
    answers = list(_acceptances(stack, peering))
    for wanted in (Yes, CannotTell):
        for answer in answers:
            if isinstance(answer, wanted):
                return answer
    wrong = next((answer for answer in answers if isinstance(answer, No)), None)
    return wrong or No((peering.label, "neither autoAccept nor an accepter for it"))


def _acceptances(stack: Stack, peering: Resource) -> Iterator[Answer]:
    """What each way to accept the connection comes to."""
    match peering.flag("autoAccept"):
        case Known(True):
            yield Yes()
        case Unknown(why):
            yield CannotTell(f"its autoAccept is {why}")
    found = stack.naming(peering, "vpcPeeringConnectionId", PEERING_ACCEPTER)
    for accepter, is_certain in found:
        answer = _accepts(accepter, peering)
        if is_certain:
            yield answer
        elif not isinstance(answer, No):
            yield CannotTell(f"the connection that {accepter.label} accepts is not known")
    for script in stack.dependents(peering):
        if may_accept(script):
            yield CannotTell(f"{script.label} may accept it")


def may_accept(script: Resource) -> bool:
    """Whether it runs commands of somebody's own, which may accept what it waits for."""
    return script.type.startswith(_SCRIPTS) or script.kind == _INVOCATION


def _accepts(accepter: Resource, peering: Resource) -> Answer:
    """Whether this accepter accepts in the right place."""
    match accepter.flag("autoAccept"):
        case Absent() | Known(False):
            return No((peering.label, accepter.label, "autoAccept is not set"))
        case Unknown(why):
            return CannotTell(f"the autoAccept of {accepter.label} is {why}")
    match accepter.region, peer_region(peering):
        case Known(here), Known(there):
            if here == there:
                return Yes()
            return No((peering.label, accepter.label, f"is in {here}, but the peer is in {there}"))
        case _ if isinstance(peering.text("peerRegion"), Absent):
            if accepter.shares_region_with(peering):
                return Yes()
    return CannotTell(f"whether {accepter.label} is in the peer's region is not known")


def has_route(stack: Stack, network: Network, vpc: Resource, peering: Resource) -> Answer:
    """Whether a route table of the VPC sends anything through the connection."""
    doubt: CannotTell | None = None
    useless: tuple[str, ...] | None = None
    own = _ranges_apart(stack, vpc, peering)
    for route, certain in network.routes.routes_of_vpc(vpc):
        through = _goes_through(stack, route, peering)
        if through is not False and _stays_inside(route, own):
            useless = (route.owner.label, "its destination is the VPC's own range")
            continue
        if through and certain:
            return Yes()
        if through is not False:
            doubt = doubt or CannotTell(
                f"the route table of {route.owner.label} is not known"
                if through
                else f"where {route.owner.label} routes to is not known"
            )
    missing = useless or ("no route table with a route to the peering",)
    return doubt or No((peering.label, vpc.label, *missing))


def _ranges_apart(stack: Stack, vpc: Resource, peering: Resource) -> tuple[Range, ...]:
    """The ranges of one side that are not the other side's too."""
    sides = (*possible(requester(stack, peering)), *possible(peer(stack, peering)))
    theirs = [
        each.network for side in sides if side is not vpc for each in vpc_ranges(stack, side).known
    ]
    return tuple(
        mine
        for mine in vpc_ranges(stack, vpc).known
        if not any(mine.network.overlaps(network) for network in theirs)
    )


def _stays_inside(route: Route, own: Iterable[Range]) -> bool:
    """Whether the route is for addresses of its own VPC, which never leave it."""
    destination = ipv4_range(route.destination)
    return isinstance(destination, Known) and any(
        destination.value.subnet_of(each.network) for each in own
    )


def _goes_through(stack: Stack, route: Route, peering: Resource) -> bool | None:
    """Whether the route's target is the connection; None where that cannot be told."""
    said = route.target("vpcPeeringConnectionId")
    if route.owner.kind == ROUTE:
        match stack.resolve(route.owner, "vpcPeeringConnectionId", said):
            case Target(named):
                return named is peering
            case OneOf(several):
                return None if peering in several else False
            case named:
                return None if named == Outside() else False
    if isinstance(said, Absent):
        return False
    blocks = stack.references(route.owner, "routes", PEERING, inner="vpcPeeringConnectionId")
    if isinstance(blocks, Absent):
        return False
    if peering in blocks.certain or (peering in blocks.pool and blocks.places is None):
        return True  # The routes of a table are derived from a connection only to name it.
    return None if peering in blocks.pool or Outside() in blocks.outside else False
