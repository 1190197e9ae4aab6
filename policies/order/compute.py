"""Functions that may not be called yet, services that are scaled before they are made, and services
whose target groups no load balancer uses yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..entry.load_balancer_wiring import BALANCING, MAY_NOT_CALL
from ..model import Model
from ..model.functions import permissions
from ..model.network.listeners import balancer_of
from ..model.references import ReferenceList, target
from ..model.resource import Resource
from ..model.values import Known
from ..model.vocabulary import ECS_SERVICE, LAMBDA_FUNCTION, TARGET_GROUP
from .race import Needed

SCALES_NOTHING: Final = (
    "RegisterScalableTarget answers ValidationException: ECS service doesn't exist: service/..."
)


NO_BALANCER: Final = (
    "CreateService answers InvalidParameterException: The target group with targetGroupArn arn:... "
    "does not have an associated load balancer."
)


def permission_to_call(attachment: Resource, model: Model) -> Iterator[Needed]:
    """A load balancer must be allowed to call a function before that becomes its target."""
    function = target(model.stack.reference(attachment, "targetId", LAMBDA_FUNCTION))
    if function is None:
        return
    allowed = list(permissions(model.stack, function, BALANCING))
    if allowed and all(is_sure for _, is_sure in allowed):
        first = [each for each, _ in allowed]
        yield Needed(f"for the permission to call {function.label}", MAY_NOT_CALL, first)


def service_that_is_scaled(scaled: Resource, model: Model) -> Iterator[Needed]:
    """A service whose name stands in a text must be there before its scaling."""
    match scaled.text("resourceId"):
        case Known(text) if text.startswith("service/"):
            services = [
                each
                for each in model.stack.of(ECS_SERVICE)
                if each.text("name") == Known(text.rpartition("/")[2])
                and each.shares_region_with(scaled)
            ]
            if services:
                yield Needed("for the service that it scales", SCALES_NOTHING, services)


def listener_of_a_service(service: Resource, model: Model) -> Iterator[Needed]:
    """A load balancer must use the target group of a service by then. The provider repeats the call
    for two minutes (terraform-provider-aws, `internal/service/ecs/service.go`), in which a listener
    can be made, but not a load balancer: to wait for that is enough."""
    groups = model.stack.references(service, "loadBalancers", TARGET_GROUP, inner="targetGroupArn")
    for group in groups.certain if isinstance(groups, ReferenceList) else ():
        forwarders = list(model.forwarders.of(group))
        first = [each for each, is_sure in forwarders if is_sure]
        balancers = [target(balancer_of(model.stack, each)) for each in first]
        known = [each for each in balancers if each is not None]
        if first and len(known) == len(forwarders):
            yield Needed(f"for a listener of {group.label}", NO_BALANCER, first, instead=known)
