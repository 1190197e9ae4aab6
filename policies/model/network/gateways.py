"""Which internet gateways are attached to which VPC."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from ..answers import Answer, CannotTell, No, Yes
from ..plain import NamedTuple
from ..references import Reference, ReferenceIndex, Target, possible, same
from ..resource import Resource
from ..stack import Stack
from ..values import Absent
from ..vocabulary import (
    INTERNET_GATEWAY,
    INTERNET_GATEWAY_ATTACHMENT,
)


class Attachment(NamedTuple):
    """An internet gateway and the VPC that it is attached to; `owner` is the resource that says so:
    the gateway or the attachment."""

    gateway: Reference
    vpc: Reference
    owner: Resource


class Gateways:
    """The internet gateways of a stack and their attachments."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    @cached_property
    def attachments(self) -> tuple[Attachment, ...]:
        """Every gateway with the VPC that it or an attachment says."""
        stack = self._stack
        own = (
            Attachment(Target(gateway), self._own_vpc(gateway), gateway)
            for gateway in stack.of(INTERNET_GATEWAY)
        )
        separate = (
            Attachment(
                stack.reference(attachment, "internetGatewayId"),
                stack.reference(attachment, "vpcId"),
                attachment,
            )
            for attachment in stack.of(INTERNET_GATEWAY_ATTACHMENT)
        )
        return tuple(
            each
            for each in (*own, *separate)
            if not isinstance(each.gateway, Absent) and not isinstance(each.vpc, Absent)
        )

    def _own_vpc(self, gateway: Resource) -> Reference:
        """The VPC that the gateway names. After a refresh AWS says it of every gateway: of a VPC of
        this stack that is the copy of an attachment which the stack makes, or made."""
        named = self._stack.reference(gateway, "vpcId")
        is_copy = isinstance(gateway.declares("vpcId"), No)
        return Absent() if is_copy and possible(named) else named

    @cached_property
    def _attachments_by_vpc(self) -> ReferenceIndex[Attachment]:
        return ReferenceIndex((each.vpc, each) for each in self.attachments)

    @cached_property
    def _attachments_by_gateway(self) -> ReferenceIndex[Attachment]:
        return ReferenceIndex((each.gateway, each) for each in self.attachments)

    def naming(self, vpc: Resource) -> Iterator[tuple[Attachment, bool]]:
        """The attachments to the VPC, for sure (True) or for all that is known (False)."""
        return self._attachments_by_vpc.of(vpc)

    def attachments_of(self, vpc: Resource) -> tuple[Resource, ...]:
        """The resources that certainly attach an internet gateway to the VPC: attachments, else
        gateways that name it themselves. (Afterwards AWS says the VPC of every gateway.)"""
        found = self.naming(vpc)
        owners = [attachment.owner for attachment, is_certain in found if is_certain]
        separate = [owner for owner in owners if owner.kind == INTERNET_GATEWAY_ATTACHMENT]
        return tuple(separate or owners)

    def is_attached(self, gateway: Resource, vpc: Reference) -> Answer:
        """Whether the gateway is attached to the VPC of a table that routes to it."""
        doubt = False
        elsewhere = "no VPC"
        for attachment, certain in self._attachments_by_gateway.of(gateway):
            is_same = same(attachment.vpc, vpc)
            if is_same and certain:
                return Yes((gateway.label,))
            if is_same is None or is_same:
                doubt = True
            elif certain and isinstance(attachment.vpc, Target):
                elsewhere = attachment.vpc.resource.label
        if doubt:
            return CannotTell(f"the VPC of {gateway.label} is not known")
        return No((gateway.label, f"attached to {elsewhere}"))
