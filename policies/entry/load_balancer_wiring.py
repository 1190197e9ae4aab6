"""Load balancers, listeners, rules, target groups and targets that Elastic Load Balancing takes
together.

It asks when it creates them and when it changes them, so this is asked as long as a program says
so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from ipaddress import ip_address
from typing import Final

from ..model import Model
from ..model.answers import No
from ..model.functions import permissions
from ..model.inputs import Declared
from ..model.network.addresses import has_room_for, ipv4_range, is_private
from ..model.network.listeners import balancer_of
from ..model.network.load_balancers import called
from ..model.references import (
    Outside,
    Reference,
    ReferenceList,
    Target,
    as_list,
    identity,
    possible,
    same,
    target,
)
from ..model.resource import Resource
from ..model.strangers import is_in_the_hands_of_others
from ..model.truth import Truth
from ..model.values import Absent, Known
from ..model.vocabulary import (
    AUTO_SCALING_ATTACHMENT,
    AUTO_SCALING_GROUP,
    AUTO_SCALING_TRAFFIC_SOURCE,
    LAMBDA_FUNCTION,
    LISTENER,
    LISTENER_CERTIFICATE,
    LISTENER_RULE,
    LOAD_BALANCER,
    TARGET_GROUP,
    TARGET_GROUP_ATTACHMENT,
)
from ..rule import Asked, Evidence, Level, Outcome, Settings, Severity, StackRule, Violation
from .certificate_arns import placeholders
from .forwarding import (
    INCOMPATIBLE,
    IPV6,
    PLAIN,
    WRONG_ACTION,
    WRONG_PROTOCOL,
    forwards_to_its_protocols,
    has_the_addresses,
    only_forwards,
    owners_of,
    protocol_of,
    serves_no_certificate_over_http,
    speaks_its_protocol,
)
from .siblings import PORT_TWICE, PRIORITY_TWICE, has_its_port_alone, has_its_priority_alone

_TWO_BALANCERS: Final = (
    "CreateListener and CreateRule answer TargetGroupAssociationLimit: The following target groups "
    "cannot be associated with more than one load balancer: arn:..."
)
_ONE_FOR_EACH: Final = (
    "Make one target group per load balancer; the same targets may be registered in both."
)
_NOT_OF_INSTANCES: Final = (
    "Auto Scaling answers ValidationError: Provided Target Group 'arn:...' has invalid target "
    "type. Please ensure all provided Target Groups have target type of instance."
)
_TWO_BEHIND: Final = (
    "RegisterTargets answers: Up to '1' Application Load Balancer target(s) can be registered, but "
    "'2' were specified"
)
MAY_NOT_CALL: Final = (
    "RegisterTargets answers AccessDenied: elasticloadbalancing principal does not have permission "
    "to invoke arn:aws:lambda:... from target group arn:..."
)
_PUBLIC_TARGET: Final = (
    "RegisterTargets answers: The IP address '...' is not allowed, as it must be an address from a "
    "VPC subnet, RFC1918, or RFC6598"
)
_NO_INSTANCE: Final = "RegisterTargets answers ValidationError: Instance ID '...' is not valid"
BALANCING: Final = "elasticloadbalancing.amazonaws.com"
_NO_CERTIFICATE: Final = (
    "CreateListener answers CertificateNotFound: Certificate 'arn:...' not found, or "
    "ValidationError: Certificate ARN 'arn:...' is not valid."
)


def fits_together(resource: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """What a load balancer consists of must be possible together."""
    for check in _CHECKS[resource.kind]:
        yield from check(resource, model)


def _is_of_one_balancer(group: Resource, model: Model) -> Iterator[Outcome]:
    users = [
        (forwarder, balancer)
        for forwarder, is_sure in model.forwarders.of(group)
        if is_sure and identity(balancer := balancer_of(model.stack, forwarder)) is not None
    ]
    others = [each for each in users if each[1] != users[0][1]]
    if others:
        both = (users[0], others[0])
        yield Violation(
            group,
            f"{group.label} is behind two load balancers:",
            chains=tuple(
                (_called(balancer), forwarder.label, group.label) for forwarder, balancer in both
            ),
            effect=_TWO_BALANCERS,
            fix=_ONE_FOR_EACH,
            parties=tuple(each for user, balancer in both for each in (user, *possible(balancer))),
        )


def _shares_no_group_with_another_balancer(forwarder: Resource, model: Model) -> Iterator[Outcome]:
    """A target group outside of the stack is of one load balancer, too."""
    own = balancer_of(model.stack, forwarder)
    for other in model.forwarders.with_a_group_of(forwarder):
        its = balancer_of(model.stack, other)
        if same(own, its) is False:
            yield Violation(
                forwarder,
                f"{forwarder.label} forwards to the same target group as {other.label}, and they "
                "belong to two load balancers:",
                chains=((forwarder.label, _called(own)), (other.label, _called(its))),
                effect=_TWO_BALANCERS,
                fix=_ONE_FOR_EACH,
                parties=(other, *possible(own), *possible(its)),
            )
            return


def _called(balancer: Reference) -> str:
    match balancer:
        case Target(found):
            return called(found)
        case Outside(literal):
            return called(literal)
    return called(None)


def _has_one_balancer_behind(group: Resource, model: Model) -> Iterator[Outcome]:
    if group.text("targetType") != Known("alb"):
        return
    attached = [
        each
        for each in model.stack.of(TARGET_GROUP_ATTACHMENT)
        if target(model.stack.reference(each, "targetGroupArn", TARGET_GROUP)) is group
    ]
    targets = [_target_of(each, model) for each in attached]
    if any(same(one, other) is False for one in targets[:1] for other in targets[1:]):
        yield Violation(
            group,
            f"{group.label} has the targetType alb, which takes one load balancer as its target, "
            "but several are attached:",
            chains=tuple((group.label, each.label) for each in attached),
            effect=_TWO_BEHIND,
            fix="Make one target group per Application Load Balancer.",
            parties=tuple(attached),
        )


def _is_in_its_vpc(attachment: Resource, model: Model) -> Iterator[Outcome]:
    """An address that is a target must be private, or one of the VPC's own."""
    address = ipv4_range(attachment.text("targetId"))
    group = target(model.stack.reference(attachment, "targetGroupArn", TARGET_GROUP))
    if not isinstance(address, Known) or group is None:
        return
    if group.text("targetType") != Known("ip") or group.text("ipAddressType") == Known("ipv6"):
        return
    vpc = target(model.stack.reference(group, "vpcId"))
    if vpc is None or is_private(address.value) or not model.network().runs(vpc):
        return
    if isinstance(has_room_for(model.stack, vpc, address.value), No):
        yield Violation(
            attachment,
            f"{attachment.label} registers a public IP address that is outside the ranges of its "
            "VPC:",
            chains=((attachment.label, group.label, vpc.label),),
            effect=_PUBLIC_TARGET,
            fix="Register a private IP address, or one from the ranges of the VPC.",
        )


def _is_an_instance(attachment: Resource, model: Model) -> Iterator[Outcome]:
    """What is registered in a target group for instances, the default, is an instance."""
    said = attachment.text("targetId")
    group = target(model.stack.reference(attachment, "targetGroupArn", TARGET_GROUP))
    if not isinstance(said, Known) or group is None or not _is_address(said.value):
        return
    if group.text("targetType") in (Absent(), Known("instance")):
        yield Violation(
            attachment,
            f"{attachment.label} registers an IP address in a target group for instances:",
            chains=((attachment.label, group.label, "targetType instance (the default)"),),
            effect=_NO_INSTANCE,
            fix="Register the id of the instance, or set targetType of the target group to ip.",
            parties=(group,),
        )


def _is_address(text: str) -> bool:
    try:
        return bool(ip_address(text))
    except ValueError:
        return False


def _may_call_its_function(attachment: Resource, model: Model) -> Iterator[Outcome]:
    """A new function that is a target must let the load balancer call it."""
    function = target(model.stack.reference(attachment, "targetId", LAMBDA_FUNCTION))
    if function is None or not function.is_new:
        return
    may_have_one = any(permissions(model.stack, function, BALANCING))
    if not may_have_one and not is_in_the_hands_of_others(model.stack, function):
        yield Violation(
            attachment,
            f"{attachment.label} registers a Lambda function that load balancers may not invoke:",
            chains=(
                (attachment.label, function.label, f"no aws.lambda.Permission for {BALANCING}"),
            ),
            effect=MAY_NOT_CALL,
            fix=f"Add an aws.lambda.Permission with the principal {BALANCING}, and name it in the "
            "dependsOn option of the attachment.",
            parties=(function,),
        )


def _target_of(attachment: Resource, model: Model) -> Reference:
    return model.stack.reference(attachment, "targetId", LOAD_BALANCER)


def _of_instances(subject: Resource, groups: ReferenceList | Absent) -> Iterator[Outcome]:
    if isinstance(groups, Absent):
        return
    wrong = groups.surely_hit(
        lambda group: group.text("targetType") in (Known("ip"), Known("lambda"), Known("alb"))
    )
    if wrong:
        yield Violation(
            subject,
            f"{subject.label} registers instances in a target group whose targetType is not "
            "instance:",
            chains=tuple((subject.label, each.label) for each in wrong),
            effect=_NOT_OF_INSTANCES,
            fix="Set targetType of the target group to instance, which is the default.",
        )


def _scales_instances(group: Resource, model: Model) -> Iterator[Outcome]:
    yield from _of_instances(group, model.stack.references(group, "targetGroupArns", TARGET_GROUP))
    yield from _of_instances(
        group, model.stack.references(group, "trafficSources", TARGET_GROUP, inner="identifier")
    )


def _attaches_instances(attachment: Resource, model: Model) -> Iterator[Outcome]:
    named = model.stack.reference(attachment, "lbTargetGroupArn", TARGET_GROUP)
    yield from _of_instances(attachment, as_list(named))


def _sends_to_instances(attachment: Resource, model: Model) -> Iterator[Outcome]:
    yield from _of_instances(
        attachment,
        model.stack.references(attachment, "trafficSource", TARGET_GROUP, inner="identifier"),
    )


def _has_a_certificate(part: Resource, model: Model) -> Iterator[Outcome]:
    """An ARN that stands in the program must have the form of a certificate's. Of a listener that
    can have none, load-balancer-declaration tells."""
    if Declared(part).says("protocol", "HTTP", "TCP", "UDP") is not Truth.TRUE:
        yield from placeholders(part, model, _NO_CERTIFICATE)


def _is_of_a_secure_listener(certificate: Resource, model: Model) -> Iterator[Outcome]:
    listeners = possible(model.stack.reference(certificate, "listenerArn", LISTENER))

    def is_plain(listener: Resource) -> bool:
        balancers = owners_of(model.stack, listener)
        return protocol_of(listener, balancers) in ("HTTP", "TCP", "UDP")

    if listeners and all(map(is_plain, listeners)):
        yield Violation(
            certificate,
            f"{certificate.label} adds a certificate to a listener whose protocol is not HTTPS "
            "or TLS:",
            chains=((certificate.label, listeners[0].label),),
            effect=PLAIN,
            fix="Set protocol of the listener to HTTPS or TLS, or remove the ListenerCertificate.",
        )


_Check = Callable[[Resource, Model], Iterator[Outcome]]

_CHECKS: Final[Mapping[str, tuple[_Check, ...]]] = {
    LISTENER: (
        speaks_its_protocol,
        only_forwards,
        forwards_to_its_protocols,
        has_the_addresses,
        has_its_port_alone,
        serves_no_certificate_over_http,
        _has_a_certificate,
        _shares_no_group_with_another_balancer,
    ),
    LISTENER_RULE: (
        forwards_to_its_protocols,
        has_the_addresses,
        has_its_priority_alone,
        _shares_no_group_with_another_balancer,
    ),
    LISTENER_CERTIFICATE: (_has_a_certificate, _is_of_a_secure_listener),
    TARGET_GROUP: (_is_of_one_balancer, _has_one_balancer_behind),
    TARGET_GROUP_ATTACHMENT: (_is_an_instance, _is_in_its_vpc, _may_call_its_function),
    AUTO_SCALING_GROUP: (_scales_instances,),
    AUTO_SCALING_ATTACHMENT: (_attaches_instances,),
    AUTO_SCALING_TRAFFIC_SOURCE: (_sends_to_instances,),
}

LOAD_BALANCER_WIRING = StackRule(
    name="load-balancer-wiring",
    reads_native=False,
    unread="the actions and attributes of its listeners and target groups have other shapes there",
    title="Listeners, target groups and load balancers that match",
    description="A listener must match its load balancer and target groups, and a target group "
    "must match its targets and serve one load balancer only.",
    asked=Asked.ALWAYS,
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=("aws", "elasticloadbalancing", "autoscaling", "disaster-recovery"),
    evidence=(
        *(
            Evidence(effect, "https://github.com/badmintoncryer/cdk-preflight", "2026-09-09")
            for effect in (
                WRONG_PROTOCOL,
                WRONG_ACTION,
                INCOMPATIBLE,
                _TWO_BALANCERS,
                PRIORITY_TWICE,
                _TWO_BEHIND,
                _PUBLIC_TARGET,
                IPV6,
                PLAIN,
            )
        ),
        *(
            Evidence(effect, "public deployment logs", "2026-11-26")
            for effect in (PORT_TWICE, _NO_CERTIFICATE, MAY_NOT_CALL)
        ),
        Evidence(
            _NO_INSTANCE,
            "https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/3668",
            "2024-04-29",
        ),
        Evidence(
            _NOT_OF_INSTANCES,
            "https://github.com/hashicorp/terraform-provider-aws/issues/13815",
            "2026-11-26",
        ),
    ),
    fix="Make the listener, the target group and the load balancer match.",
    kinds=tuple(_CHECKS),
    check=fits_together,
)
