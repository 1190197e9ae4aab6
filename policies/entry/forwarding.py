"""What listeners and their rules may forward to, by protocol, kind of load balancer and address.

Protocols: Elastic Load Balancing, CreateListener and CreateTargetGroup. The provider takes them in
any case, and makes a listener of an Application Load Balancer without a protocol one of HTTP
(terraform-provider-aws, `internal/service/elbv2/listener.go`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from ..model import Model
from ..model.answers import Answer, Yes
from ..model.inputs import Block, Declared
from ..model.network.listeners import balancer_of, listeners_of, target_groups
from ..model.network.load_balancers import (
    Balancer,
    called,
    is_application,
    is_gateway,
    is_network,
)
from ..model.references import Outside, possible
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.truth import Truth
from ..model.values import Absent, Known, known_or_none
from ..rule import Outcome, Violation
from .load_balancer_declarations import PLAIN_POLICY

_OF_APPLICATION: Final = ("HTTP", "HTTPS")
_FORWARDS_TO: Final[Mapping[str, tuple[str, ...]]] = {
    "HTTP": _OF_APPLICATION,
    "HTTPS": _OF_APPLICATION,
    "TCP": ("TCP", "TCP_UDP"),
    "TLS": ("TCP", "TLS", "TCP_UDP"),
    "UDP": ("UDP", "TCP_UDP"),
    "TCP_UDP": ("TCP_UDP",),
}
"""The protocols of the target groups that a listener of a protocol forwards to, or may: whether TLS
forwards to TCP_UDP has not been seen, and of QUIC and TCP_QUIC nothing has."""

WRONG_PROTOCOL: Final = (
    "CreateListener answers: Listener protocol '...' must be one of 'HTTP, HTTPS' (for an "
    "Application Load Balancer) or 'TCP, QUIC, TCP_QUIC, UDP, TCP_UDP, TLS' (for a Network Load "
    "Balancer)"
)
WRONG_ACTION: Final = (
    "CreateListener answers InvalidLoadBalancerAction: The action type '...' is not valid with "
    "network load balancer"
)
INCOMPATIBLE: Final = (
    "CreateListener and CreateRule answer IncompatibleProtocols: The listener and the following "
    "target groups have incompatible protocols: arn:..."
)
PLAIN: Final = (
    "CreateListener and AddListenerCertificates answer: A certificate cannot be specified for ... "
    "listeners"
)
IPV6: Final = (
    "CreateListener and CreateRule answer: You cannot associate an IPv6 target group with a load "
    "balancer that has an 'ipv4' IP address type"
)


def owners_of(stack: Stack, forwarder: Resource) -> tuple[Balancer, ...]:
    """The load balancers of which a listener or a rule may be a part."""
    match balancer_of(stack, forwarder):
        case Outside(str(literal)):
            return (literal,)
        case reference:
            return possible(reference)


def protocol_of(listener: Resource, balancers: tuple[Balancer, ...]) -> str | None:
    """The listener's protocol, in capitals; None where it is not known."""
    match listener.text("protocol"):
        case Known(protocol):
            return protocol.upper()
        case Absent() if surely(balancers, is_application):
            return "HTTP"
    return None


def surely(owners: Iterable[Balancer], is_so: Callable[[Balancer], Answer]) -> bool:
    """Whether it certainly holds of each that may be meant, and there is one."""
    answers = [is_so(each) for each in owners]
    return bool(answers) and all(isinstance(each, Yes) for each in answers)


def speaks_its_protocol(listener: Resource, model: Model) -> Iterator[Outcome]:
    """A listener must have a protocol of its load balancer's kind."""
    balancers = owners_of(model.stack, listener)
    protocol = protocol_of(listener, balancers)
    if _is_foreign(protocol, balancers):
        kind = "a Network" if protocol in _OF_APPLICATION else "an Application"
        yield Violation(
            listener,
            f"{listener.label} has the protocol {protocol}, which {kind} Load Balancer does not "
            "support:",
            chains=((listener.label, called(balancers[0])),),
            effect=WRONG_PROTOCOL,
            fix="Set protocol to HTTP or HTTPS for an Application Load Balancer, or to TCP, UDP, "
            "TCP_UDP or TLS for a Network Load Balancer.",
        )


def _is_foreign(protocol: str | None, balancers: tuple[Balancer, ...]) -> bool:
    """Whether it is a protocol of the other kind of load balancer."""
    if protocol is None:
        return False
    return surely(balancers, is_network if protocol in _OF_APPLICATION else is_application)


def serves_no_certificate_over_http(listener: Resource, model: Model) -> Iterator[Outcome]:
    """Without a protocol, a listener of an Application Load Balancer is for HTTP: the provider
    fills that in. Of a listener that states its protocol, load-balancer-declaration tells."""
    inputs = Declared(listener)
    balancers = owners_of(model.stack, listener)
    if not surely(balancers, is_application):
        return
    for name, effect in (("certificateArn", PLAIN), ("sslPolicy", PLAIN_POLICY)):
        if inputs.lacks("protocol") & inputs.sets(name) is Truth.TRUE:
            yield Violation(
                listener,
                f"{listener.label} has no protocol, which means HTTP, but has a {name}:",
                chains=((listener.label, called(balancers[0])),),
                effect=effect,
                fix=f"Set protocol to HTTPS, or remove {name}.",
                parties=tuple(each for each in balancers if isinstance(each, Resource)),
            )
            return


def only_forwards(listener: Resource, model: Model) -> Iterator[Outcome]:
    """A listener of a Network or Gateway Load Balancer can do nothing else."""
    balancers = owners_of(model.stack, listener)
    acts = Block(listener.tree).some(
        "defaultActions",
        lambda action: action.says(
            "type",
            *("fixed-response", "redirect", "authenticate-oidc", "authenticate-cognito"),
            "jwt-validation",
        ),
    )
    of_network = surely(balancers, is_network)
    if acts is Truth.TRUE and (of_network or surely(balancers, is_gateway)):
        yield Violation(
            listener,
            f"{listener.label} has a default action other than forward, and its load balancer is "
            f"a {'Network' if of_network else 'Gateway'} Load Balancer:",
            chains=((listener.label, called(balancers[0])),),
            effect=WRONG_ACTION,
            fix="Forward to a target group, or use an Application Load Balancer.",
        )


def forwards_to_its_protocols(forwarder: Resource, model: Model) -> Iterator[Outcome]:
    """What it forwards to must take the protocol of its listener."""
    stack = model.stack
    listeners = listeners_of(stack, forwarder)
    balancers = [owners_of(stack, each) for each in listeners]
    protocols = [protocol_of(*each) for each in zip(listeners, balancers, strict=True)]

    def is_incompatible(group: Resource) -> bool:
        return bool(protocols) and all(_cannot_reach(each, group) for each in protocols)

    wrong = target_groups(stack, forwarder).surely_hit(is_incompatible)
    if wrong and not any(map(_is_foreign, protocols, balancers)):
        yield Violation(
            forwarder,
            f"{forwarder.label} forwards to a target group that is incompatible with the "
            "listener's protocol:",
            chains=tuple(
                (f"{listeners[0].label} ({protocols[0]})", f"{each.label} ({_speaks(each)})")
                for each in wrong
            ),
            effect=INCOMPATIBLE,
            fix="Forward HTTP and HTTPS to HTTP or HTTPS, TCP to TCP, TLS to TLS or TCP, UDP to "
            "UDP, TCP_UDP to TCP_UDP; only Application Load Balancers can have Lambda functions "
            "as targets, and a load balancer as a target takes TCP only.",
        )


def _speaks(group: Resource) -> str:
    """What a target group takes: the protocol, or calls of a function, or what a load balancer that
    is a target does."""
    match group.text("targetType"):
        case Known("lambda" | "alb" as kind):
            return kind
    return (known_or_none(group.text("protocol")) or "").upper()


def _cannot_reach(protocol: str | None, group: Resource) -> bool:
    takes = _speaks(group)
    if protocol is None or protocol not in _FORWARDS_TO:
        return False
    if takes == "lambda":
        return protocol not in _OF_APPLICATION
    if takes == "alb":
        return protocol != "TCP"
    return takes in _FORWARDS_TO and takes not in _FORWARDS_TO[protocol]


def has_the_addresses(forwarder: Resource, model: Model) -> Iterator[Outcome]:
    """A load balancer must have IPv6 addresses for a target group of IPv6."""
    balancers = possible(balancer_of(model.stack, forwarder))
    groups = target_groups(model.stack, forwarder)
    wrong = groups.surely_hit(lambda group: group.text("ipAddressType") == Known("ipv6"))
    if wrong and balancers and all(map(_is_of_ipv4, balancers)):
        yield Violation(
            forwarder,
            f"{forwarder.label} forwards to an IPv6 target group, but its load balancer is IPv4 "
            "only:",
            chains=tuple((balancers[0].label, each.label) for each in wrong),
            effect=IPV6,
            fix="Set ipAddressType of the load balancer to dualstack.",
        )


def _is_of_ipv4(balancer: Resource) -> bool:
    return balancer.text("ipAddressType") in (Absent(), Known("ipv4"))
