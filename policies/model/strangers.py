"""What in a stack is not read, and may do things to a resource that is."""

from __future__ import annotations

from .makers import MAKERS
from .resource import Resource
from .stack import Stack


def is_in_the_hands_of_others(stack: Stack, resource: Resource, *also: str) -> bool:
    """Whether something that is not read depends on the resource: what another provider makes, a
    template, or a resource of one of the kinds in `also`."""
    return any(
        not each.kind.startswith("aws:") or each.kind.startswith((*MAKERS, *also))
        for each in stack.dependents(resource)
    )
