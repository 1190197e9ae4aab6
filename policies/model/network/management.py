"""Which VPCs a stack runs itself, so that what it does not show of them is not there.

A new VPC has only what the program gives it. One that exists may have been imported, while its
gateway, its routes and further address ranges stay with somebody else. The stack runs it where
something that exists ties its network together: an attached internet gateway, an association of a
subnet with a table of the stack, or a say in which table is the main one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from ..references import Reference, target
from ..resource import Resource
from ..stack import Stack
from ..vocabulary import (
    MAIN_ROUTE_TABLE_ASSOCIATION,
    VPC_CIDR,
)
from .associations import Associations
from .gateways import Gateways
from .route_tables import RouteTables, Table


class Management:
    """Answers which VPCs the stack runs."""

    def __init__(
        self, stack: Stack, gateways: Gateways, tables: RouteTables, associations: Associations
    ) -> None:
        self._stack = stack
        self._gateways = gateways
        self._tables = tables
        self._associations = associations

    def runs(self, vpc: Resource) -> bool:
        """Whether the stack runs the VPC's gateway and routes itself."""
        return vpc.is_new or vpc.urn in self._run

    @cached_property
    def _run(self) -> frozenset[str]:
        found = (target(reference) for reference in self._ties)
        return frozenset(vpc.urn for vpc in found if vpc is not None)

    @property
    def _ties(self) -> Iterator[Reference]:
        """The VPC of everything that exists and ties a VPC's network together."""
        for attachment in self._gateways.attachments:
            if not attachment.owner.is_new:
                yield attachment.vpc
        for subnet, tables, association in self._associations.all:
            named = target(subnet)
            is_ours = all(isinstance(table, Table) for table in tables)
            if named is not None and is_ours and not association.is_new:
                yield self._associations.vpc_of(named)
        for adopter, adopted in self._tables.adopted:
            if not adopter.is_new:
                yield adopted
        for owner in self._stack.of(MAIN_ROUTE_TABLE_ASSOCIATION, VPC_CIDR):
            if not owner.is_new:
                yield self._stack.reference(owner, "vpcId")
