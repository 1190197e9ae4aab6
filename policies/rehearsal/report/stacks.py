"""Where resources come from: their components, and their stacks where there are several."""

from __future__ import annotations

from collections.abc import Iterable

from ...model.resource import Resource
from ...model.urns import STACK, name_in, type_in


class Stacks:
    """The stacks of the resources, as their URNs tell."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        found = {each.stack for each in resources if type_in(each.urn)}
        self._names = sorted(map(str, found))

    @property
    def name(self) -> str:
        """orders/prod; of several, all."""
        return ", ".join(self._names)

    def of(self, resource: Resource) -> str | None:
        """The resource's stack; None where there is one stack only."""
        several = len(self._names) > 1 and type_in(resource.urn)
        return str(resource.stack) if several else None

    def component_of(self, resource: Resource) -> str | None:
        """The name of the component that the resource belongs to."""
        parent = resource.parent or ""
        return None if type_in(parent) in ("", STACK) else name_in(parent)
