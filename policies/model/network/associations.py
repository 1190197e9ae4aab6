"""Which route table a subnet uses: that of its association, else the main table of its own VPC."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Final, TypeAlias

from ..answers import CannotTell
from ..references import OneOf, Outside, Reference, ReferenceIndex, Target, target
from ..resource import Resource
from ..stack import Stack
from ..values import Absent
from ..vocabulary import (
    ROUTE_TABLE_ASSOCIATION,
)
from .route_tables import RouteTables, Table

Association: TypeAlias = tuple[Reference, tuple[Table | Outside, ...], Resource]
"""What an association says: its subnet, the tables that it may name, and the association."""


class Associations:
    """The associations of subnets with route tables."""

    def __init__(self, stack: Stack, tables: RouteTables) -> None:
        self._stack = stack
        self._tables = tables

    @cached_property
    def all(self) -> tuple[Association, ...]:
        """Every association of a subnet."""
        found = []
        for association in self._stack.of(ROUTE_TABLE_ASSOCIATION):
            reference = self._stack.reference(association, "subnetId")
            if isinstance(reference, Absent):
                continue  # An edge association: of a gateway, not of a subnet.
            named = self._tables.named_by(association)
            found.append((reference, named if isinstance(named, tuple) else (named,), association))
        return tuple(found)

    @cached_property
    def _associations_by_subnet(self) -> ReferenceIndex[Association]:
        return ReferenceIndex((each[0], each) for each in self.all)

    @cached_property
    def _pools(self) -> Mapping[tuple[Resource, ...], int]:
        """How many associations are for one of the same several subnets."""
        references = (reference for reference, _, _ in self.all)
        return Counter(each.resources for each in references if isinstance(each, OneOf))

    @cached_property
    def _explicit(self) -> Mapping[str, tuple[Table | Outside, ...]]:
        """Tables of the associations that are certainly the subnet's, by the subnet's URN."""
        index: dict[str, list[Table | Outside]] = {}
        for reference, tables, _ in self.all:
            subnet = target(reference)
            if subnet is not None:
                index.setdefault(subnet.urn, []).extend(tables)
        return {urn: tuple(tables) for urn, tables in index.items()}

    def tables_of(
        self, subnet: Resource, runs: Callable[[Resource], bool]
    ) -> tuple[Table | Outside, ...] | CannotTell:
        """Every route table that the subnet may use; one in all but unclear stacks. `runs` tells of
        a VPC whether this stack runs its network: elsewhere an association that it does not show
        may be there."""
        explicit = self._explicit.get(subnet.urn)
        if explicit:
            return explicit
        shared: list[Table | Outside] = []
        filled = False
        for (reference, tables, association), _ in self._associations_by_subnet.of(subnet):
            if isinstance(reference, OneOf):
                shared.extend(tables)
                # A subnet has one association: three over three subnets leave none without.
                filled = filled or self._pools[reference.resources] >= len(
                    [each for each in reference.resources if each.urn not in self._explicit]
                )
            elif reference == Outside() and self._may_associate(tables, subnet):
                return CannotTell(f"the subnet of {association.label} is not known")
        if filled:
            return tuple(shared)
        vpc = self.vpc_of(subnet)
        if isinstance(vpc, Target) and not subnet.is_new and not runs(vpc.resource):
            return CannotTell(
                f"{subnet.label} exists, and this stack shows no association of it with a table"
            )
        match vpc:
            case Target(resource):
                return (*shared, *self._tables.main_of(resource))
            case OneOf(resources):
                mains = (table for each in resources for table in self._tables.main_of(each))
                return (*shared, *mains)
            case _:
                if subnet.is_default:
                    return (*shared, _DEFAULT_TABLE)
                source = vpc.source if isinstance(vpc, Outside) else None
                where = f"comes from {source}" if source else "is not in this stack"
                return CannotTell(
                    f"{subnet.label} has no association of its own and its VPC {where}"
                )

    def _may_associate(self, tables: Iterable[Table | Outside], subnet: Resource) -> bool:
        """Whether an association of one of these tables may be with the subnet: same VPC."""
        vpc = self.vpc_of(subnet)
        return any(
            isinstance(table, Outside) or not isinstance(table.vpc, Target) or table.vpc == vpc
            for table in tables
        )

    def vpc_of(self, subnet: Resource) -> Reference:
        """The VPC of a subnet."""
        return self._stack.reference(subnet, "vpcId")


_DEFAULT_TABLE: Final = Table(
    key="default of the default VPC",
    label="main route table of the default VPC",
    resource=None,
    vpc=Outside(),
    public_by_birth=True,
)
