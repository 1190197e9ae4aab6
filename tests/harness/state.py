"""What a deployment leaves: the resources of a stack, and what exists in AWS because of them."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from offline.standin.world import Described, World


@dataclass(frozen=True)
class Resource:
    """One resource of a stack, as the engine keeps it.

    id: empty for components and for what a preview has not created; provider: the URN of its
    provider; outputs: of a component, what it registered.
    """

    urn: str
    type: str
    name: str
    is_custom: bool
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    id: str = ""
    parent: str = ""
    provider: str = ""

    def is_called(self, name: str) -> bool:
        """Whether a test means this resource by `name`: "main", or "Vpc main" to be exact."""
        return name in (self.name, f"{self.type.rpartition(':')[2]} {self.name}")

    @property
    def is_provider(self) -> bool:
        return self.type.startswith("pulumi:providers:")


@dataclass(frozen=True)
class State:
    """The resources of a deployed stack by URN."""

    resources: Mapping[str, Resource] = field(default_factory=dict)
    world: World = field(default_factory=World)

    def copied_world(self) -> World:
        """The world for another run to change."""
        return copy.deepcopy(self.world)

    def beside(self, described: Described) -> State:
        """The same stack where AWS has more than its resources, or shows them otherwise: see
        `offline/standin/world.py` for what a description says."""
        world = self.copied_world()
        world.describe(described)
        return State(self.resources, world)

    def find(self, urn: str, aliases: tuple[str, ...]) -> Resource | None:
        """The resource of a URN, or of the first of its former URNs."""
        for each in (urn, *aliases):
            if each in self.resources:
                return self.resources[each]
        return None

    def named(self, name: str) -> Resource:
        """The only resource of a name ("main" or "Vpc main"), components and providers aside."""
        found = [
            each
            for each in self.resources.values()
            if each.is_called(name) and each.is_custom and not each.is_provider
        ]
        if len(found) != 1:
            raise KeyError(f"{len(found)} resources are called {name}")
        return found[0]
