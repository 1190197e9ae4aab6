"""The route tables of a stack: those that it makes, and those that VPCs are born with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final, TypeAlias

from ..plain import Plain
from ..references import OneOf, Outside, Reference, ReferenceIndex, Target, target
from ..resource import Resource
from ..stack import Stack
from ..values import Absent, Known, Reading
from ..vocabulary import (
    DEFAULT_ROUTE_TABLE,
    MAIN_ROUTE_TABLE_ASSOCIATION,
    ROUTE_TABLE,
    VPC,
)


class Table(Plain):
    """A route table: one that the program makes, or the one that a VPC was born with.

    `resource` is the RouteTable, or the DefaultRouteTable that adopts; None where nothing manages
    it. `public_by_birth`: the main table of a default VPC comes with 0.0.0.0/0 to its gateway."""

    __match_args__ = ("key", "label", "resource", "vpc", "public_by_birth")
    __slots__ = __match_args__

    def __init__(
        self,
        key: str,
        label: str,
        resource: Resource | None,
        vpc: Reference,
        public_by_birth: bool = False,
    ) -> None:
        self.key: Final = key
        self.label: Final = label
        self.resource: Final = resource
        self.vpc: Final = vpc
        self.public_by_birth: Final = public_by_birth


Place: TypeAlias = Table | tuple[Table, ...] | Outside
"""The table that something is for: one, one of several, or one that is not in the stack."""


class RouteTables:
    """The route tables of a stack."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def _born_with(self, vpc: Resource) -> Table:
        """The table that AWS makes with a VPC, adopted by a DefaultRouteTable or not."""
        adopters = [adopter for adopter, is_certain in self._adopters.of(vpc) if is_certain]
        return Table(
            key=f"default of {vpc.urn}",
            label=f"main route table of {vpc.label}",
            resource=adopters[0] if adopters else None,
            vpc=Target(vpc),
            public_by_birth=vpc.is_default,
        )

    @cached_property
    def _adopters(self) -> ReferenceIndex[Resource]:
        return ReferenceIndex((vpc, adopter) for adopter, vpc in self.adopted)

    @cached_property
    def adopted(self) -> tuple[tuple[Resource, Reference], ...]:
        """Every DefaultRouteTable with the VPC whose default table it adopts."""
        every = self._stack.of(DEFAULT_ROUTE_TABLE)
        return tuple((adopter, self._adopted(adopter)) for adopter in every)

    def _adopted(self, adopter: Resource) -> Reference:
        """The VPC whose default table a DefaultRouteTable adopts."""
        named = self._vpc_by_table_id(adopter.text("defaultRouteTableId"))
        if named is not None:
            return Target(named)
        return self._stack.reference(adopter, "defaultRouteTableId")

    def _vpc_by_table_id(self, value: Reading[str]) -> Resource | None:
        """The VPC that says that this is the id of its main or default table."""
        return self._vpcs_by_table_id.get(value.value) if isinstance(value, Known) else None

    @cached_property
    def _vpcs_by_table_id(self) -> Mapping[str, Resource]:
        index: dict[str, Resource] = {}
        for vpc in self._stack.of(VPC):
            for said in (vpc.text("mainRouteTableId"), vpc.text("defaultRouteTableId")):
                if isinstance(said, Known):
                    index.setdefault(said.value, vpc)
        return index

    def made(self, resource: Resource) -> Table:
        if resource.kind == DEFAULT_ROUTE_TABLE:
            vpc = target(self._adopted(resource))
            if vpc is not None:
                return self._born_with(vpc)
            return Table(resource.urn, resource.label, resource, Outside())
        vpc_reference = self._stack.reference(resource, "vpcId")
        return Table(resource.urn, resource.label, resource, vpc_reference)

    def of(self, owner: Resource) -> Place:
        """The table of a route or an association; a table is its own."""
        is_table = owner.kind in (ROUTE_TABLE, DEFAULT_ROUTE_TABLE)
        return self.made(owner) if is_table else self.named_by(owner)

    def named_by(self, resource: Resource) -> Place:
        """The table that `routeTableId` of a route or an association names."""
        value = resource.text("routeTableId")
        reference = self._stack.resolve(
            resource, "routeTableId", value, ROUTE_TABLE, DEFAULT_ROUTE_TABLE
        )
        # A VPC shows the id of what is its main table now, which may be one that the program made.
        born_with = self._vpc_by_table_id(value)
        match reference:
            case Target(table):
                return self.made(table)
            case OneOf(tables):
                return tuple(self.made(table) for table in tables)
            case _ if born_with is not None:
                return self._born_with(born_with)
            case Absent():
                return Outside()
            case Outside(None):
                # `vpc.main_route_table_id` and `vpc.default_route_table_id` come from the VPC.
                sources = resource.depends_on("routeTableId") or ()
                vpcs = [self._stack.get(urn) for urn in sorted(sources)]
                born = tuple(
                    self._born_with(each) for each in vpcs if each is not None and each.kind == VPC
                )
                return born[0] if len(born) == 1 else born or Outside()
            case Outside() as outside:
                return outside

    def main_of(self, vpc: Resource) -> tuple[Table | Outside, ...]:
        """The main table of a VPC: every one that it may be."""
        certain: list[Table | Outside] = []
        maybe: list[Table | Outside] = []
        found = self._stack.naming(vpc, "vpcId", MAIN_ROUTE_TABLE_ASSOCIATION)
        for association, is_certain in found:
            named = self.named_by(association)
            tables = named if isinstance(named, tuple) else (named,)
            (certain if is_certain else maybe).extend(tables)
        return tuple(certain) or (*self._shown_main(vpc), *self._unclear_adopters(vpc), *maybe)

    def _shown_main(self, vpc: Resource) -> tuple[Table | Outside, ...]:
        """The table that the VPC shows as its main one, where it exists; else that of its birth.

        Another one than the default one was made the main table, by the stack or by somebody else:
        a stack that no longer says so makes the default one the main table again."""
        shown, default = vpc.text("mainRouteTableId"), vpc.text("defaultRouteTableId")
        born_with = self._born_with(vpc)
        if not isinstance(shown, Known):
            return (born_with,)
        named = self._stack.identified(shown.value, ROUTE_TABLE)
        if named:
            main = self.made(named[0])
            return (main,) if shown == default or default == Absent() else (main, born_with)
        is_swapped = isinstance(default, Known) and shown != default
        return (Outside(shown.value),) if is_swapped else (born_with,)

    def _unclear_adopters(self, vpc: Resource) -> Iterator[Table]:
        """Every DefaultRouteTable that may adopt the table that the VPC was born with."""
        for adopter, is_certain in self._adopters.of(vpc):
            if not is_certain and adopter.shares_region_with(vpc) is not False:
                yield self.made(adopter)
