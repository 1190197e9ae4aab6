"""Where resources come from: their components, and their stacks where there are several."""

from __future__ import annotations

from collections.abc import Iterable

from ...model.resource import Resource

_ROOT = "pulumi:pulumi:Stack"


class Stacks:
    """The stacks of the resources, as their URNs tell:
    urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._names = sorted({_stack_in(each.urn) for each in resources if _is_urn(each.urn)})

    @property
    def name(self) -> str:
        """orders/prod; of several, all."""
        return ", ".join(self._names)

    def of(self, resource: Resource) -> str | None:
        """The resource's stack; None where there is one stack only."""
        several = len(self._names) > 1 and _is_urn(resource.urn)
        return _stack_in(resource.urn) if several else None

    def component_of(self, resource: Resource) -> str | None:
        """The name of the component that the resource belongs to."""
        parent = resource.parent
        if parent is None or not _is_urn(parent) or f"::{_ROOT}::" in parent:
            return None
        return parent.split("::", 3)[3]


def _is_urn(text: str) -> bool:
    return text.startswith("urn:pulumi:") and text.count("::") > 2


def _stack_in(urn: str) -> str:
    stack, project, _ = urn.removeprefix("urn:pulumi:").split("::", 2)
    return f"{project}/{stack}"
