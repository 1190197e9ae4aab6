"""Functions that may not be called yet, and services that are scaled before they are made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..entry.load_balancer_wiring import BALANCING, MAY_NOT_CALL
from ..model import Model
from ..model.functions import permissions
from ..model.references import target
from ..model.resource import Resource
from ..model.values import Known
from ..model.vocabulary import ECS_SERVICE, LAMBDA_FUNCTION
from .race import Needed

SCALES_NOTHING: Final = (
    "RegisterScalableTarget answers ValidationException: ECS service doesn't exist: service/..."
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
