"""Listeners of one load balancer, and rules of one listener: what each must have for itself.

The whole may be outside the stack: two parts that name one ARN are parts of one thing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ..model import Model
from ..model.network.load_balancers import is_application, is_gateway
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.vocabulary import LISTENER
from ..relation import Broken, Relation
from ..rule import Evidence, Kind, Outcome, Violation
from .forwarding import owners_of, protocol_of, surely

PORT_TWICE: Final = (
    "CreateListener answers DuplicateListener: A listener already exists on this port for this "
    "load balancer 'arn:...'"
)
PRIORITY_TWICE: Final = "CreateRule answers: Priority '...' is currently in use"
_TRANSPORTS: Final[Mapping[str, frozenset[str]]] = {
    "TCP": frozenset(("TCP",)),
    "TLS": frozenset(("TCP",)),
    "UDP": frozenset(("UDP",)),
    "TCP_UDP": frozenset(("TCP", "UDP")),
}
"""What the protocols of a Network Load Balancer run on, but for QUIC, of which nothing was seen."""


def has_its_port_alone(listener: Resource, model: Model) -> Iterator[Outcome]:
    """A load balancer has one listener for a port; of TCP and UDP, documented-parts advises."""
    twins = [each for each in _of_its_port(listener, model) if _clash(listener, each, model.stack)]
    yield from _twice(listener, twins, "port", "load balancer", PORT_TWICE)


def has_its_priority_alone(rule: Resource, model: Model) -> Iterator[Outcome]:
    """A listener has one rule for a priority."""
    twins = model.wiring.listener_rules.before(rule)
    yield from _twice(rule, twins, "priority", "listener", PRIORITY_TWICE)


def _of_its_port(listener: Resource, model: Model) -> Sequence[Resource]:
    """The listeners of its load balancer that come before it and have its port."""
    is_of_gateway = surely(owners_of(model.stack, listener), is_gateway)
    return () if is_of_gateway else model.wiring.listeners.before(listener)


def _clash(one: Resource, other: Resource, stack: Stack) -> bool:
    """Whether two listeners of one port certainly cannot be of one load balancer."""
    balancers = owners_of(stack, one)
    if surely(balancers, is_application):
        return True
    mine, its = (protocol_of(each, balancers) for each in (one, other))
    if mine is not None and mine == its:
        return True
    return not _transports(mine).isdisjoint(_transports(its))


def _transports(protocol: str | None) -> frozenset[str]:
    return _TRANSPORTS.get(protocol or "", frozenset())


def _twice(
    part: Resource, twins: Sequence[Resource], what: str, whole: str, effect: str
) -> Iterator[Outcome]:
    if twins:
        yield Violation(
            part,
            f"{part.label} has the same {what} as {twins[0].label}, and both belong to one "
            f"{whole}.",
            effect=effect,
            fix=f"Give each a {what} of its own.",
            parties=(twins[0],),
        )


def _shares_its_port_with_udp(listener: Resource, model: Model) -> Broken | None:
    balancers = owners_of(model.stack, listener)
    wanted = {"TCP": "UDP", "TLS": "UDP", "UDP": "TCP"}.get(protocol_of(listener, balancers) or "")
    for each in _of_its_port(listener, model):
        if wanted in _transports(protocol_of(each, balancers)) and not _clash(
            listener, each, model.stack
        ):
            return Broken(
                "has the port of another listener of its load balancer, one with TCP and one with "
                "UDP",
                ((each.label,),),
                (each,),
            )
    return None


ROWS: Final = (
    Relation(
        id="tcp-beside-udp",
        kinds=(LISTENER,),
        check=_shares_its_port_with_udp,
        evidence=Evidence(
            "takes TCP and UDP on one port of a Network Load Balancer by a listener with the "
            "protocol TCP_UDP.",
            "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/"
            "load-balancer-listeners.html",
            "2026-11-27",
            Kind.DOCUMENTED,
        ),
        fix="Make one listener with the protocol TCP_UDP, and a target group of that protocol.",
    ),
)
