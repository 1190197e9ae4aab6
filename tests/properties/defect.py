"""What a defect is, and what stacks must be like so that one can happen.

A defect is a small edit of a generated stack that names the findings that it must give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from policies import RULES
from policies.rule import Level
from policies.testing import Made
from tests.properties.topologies import DatabasePlan, NamesPlan, Plan, RegionParts, Topology

Expected: TypeAlias = Iterator[tuple[str, Made | None]]
Break: TypeAlias = Callable[[Topology, RegionParts], Expected]


@dataclass(frozen=True)
class Mutation:
    """A defect. `prepare` draws the plan towards styles in which it can happen; `apply` makes it,
    in one region where the defect is of a region, and says which findings it must give."""

    name: str
    policies: tuple[str, ...]
    prepare: Callable[[Plan], Plan]
    apply: Break


MUTATIONS: Final[dict[str, Mutation]] = {}
"""Defects that a mandatory policy blocks, by name."""
ADVICE: Final[dict[str, Mutation]] = {}
"""Defects of which an advisory policy tells, by name."""
_LEVELS: Final = {rule.name: rule.level for rule in RULES}


def defect(
    *policies: str, prepare: Callable[[Plan], Plan] = lambda plan: plan
) -> Callable[[Break], Break]:
    """A decorator that registers a defect under its function's name, by the level of the first of
    the policies that find it."""

    def register(apply: Break) -> Break:
        registry = MUTATIONS if _LEVELS[policies[0]] is Level.MANDATORY else ADVICE
        registry[apply.__name__] = Mutation(apply.__name__, policies, prepare, apply)
        return apply

    return register


def alone(policy: str, kind: str, inputs: Mapping[str, Any]) -> None:
    """Register a resource that is wrong by the literal values in it, whatever is beside it."""

    def refused(topology: Topology, parts: RegionParts) -> Expected:
        yield policy, beside(topology, parts, kind, "refused", **inputs)

    refused.__name__ = f"refused_by_{policy}"
    defect(policy)(refused)


# --- what the plan must be like ------------------------------------------------------------------


def with_regions(plan: Plan, **styles: Any) -> Plan:
    return replace(plan, regions=tuple(replace(each, **styles) for each in plan.regions))


def with_separate_routes(plan: Plan) -> Plan:
    return with_regions(
        plan, routes="halves" if plan.regions[0].routes.startswith("inline") else "separate"
    )


def with_associations(plan: Plan) -> Plan:
    return with_regions(plan, public="each" if plan.regions[0].public == "each" else "shared")


def with_nats(plan: Plan) -> Plan:
    return with_regions(plan, egress="one" if plan.regions[0].egress == "one" else "each")


def with_peering(plan: Plan) -> Plan:
    """A peering that the `aws` provider makes."""
    first, *others = plan.regions
    return replace(plan, peering=True, regions=(replace(first, native=False), *others))


def with_spokes(plan: Plan) -> Plan:
    return with_regions(plan, spoke=True)


_SOME_DATABASE: Final = DatabasePlan(
    native=False,
    engine="aurora-postgresql",
    version="16.8",
    version_style="stated",
    origin="members",
    identifiers="id",
    encrypted=True,
    own_key_for_primary=True,
    credentials="password",
    secondary_first=True,
    instances=1,
    instance_class="db.r6g.large",
    group_by="name",
    backtrack_of_another=True,
)


def with_database(**styles: Any) -> Callable[[Plan], Plan]:
    def prepare(plan: Plan) -> Plan:
        return replace(plan, database=replace(plan.database or _SOME_DATABASE, **styles))

    return prepare


def with_names(**styles: Any) -> Callable[[Plan], Plan]:
    some = NamesPlan(
        native_zone=False,
        private=False,
        zone="dr.acme-corp.com",
        record="alias",
        literal_zone_id=False,
    )

    def prepare(plan: Plan) -> Plan:
        return replace(plan, names=replace(plan.names or some, **styles))

    return prepare


# --- what is added ---


def beside(topology: Topology, parts: RegionParts, kind: str, called: str, **said: Any) -> Made:
    return topology.stack.add(kind, called, said, provider={"region": parts.place})
