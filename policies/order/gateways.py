"""What needs an internet gateway, and gets there before the gateway is attached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..model import Model
from ..model.resource import Resource
from ..model.vocabulary import LOAD_BALANCER, NAT_GATEWAY
from ..model.words import enumerated
from ..rule import Violation
from .race import waits

_NOT_ATTACHED: Final = {
    LOAD_BALANCER: "CreateLoadBalancer answers InvalidSubnet: VPC vpc-... has no internet gateway.",
    NAT_GATEWAY: "The NAT gateway ends in the state failed with Gateway.NotAttached.",
}


def behind_a_gateway(vpc: Resource, model: Model) -> Iterator[Violation]:
    """Everything new in a VPC that does not wait for its new internet gateway."""
    network = model.network()
    attachments = network.gateways.attachments_of(vpc)
    if not attachments or not all(each.is_new for each in attachments):
        return  # What is attached already need not be waited for.
    hasty = [
        user.resource
        for user in network.users_of_gateways.get(vpc.urn, ())
        if user.resource.is_new
        and not user.comes_late
        and not waits(user.resource, attachments, model)
    ]
    if hasty:
        kinds = sorted({each.kind for each in hasty})
        yield Violation(
            vpc,
            f"{vpc.label} gets an internet gateway, and what needs the gateway does not wait for "
            "it:",
            chains=tuple((each.label, "does not wait for", attachments[0].label) for each in hasty),
            effect=" ".join(_NOT_ATTACHED[kind] for kind in kinds),
            fix=f"Name {attachments[0].label} in the dependsOn option of "
            f"{enumerated([each.label for each in hasty])}.",
            parties=tuple(hasty),
        )
