"""What listeners and their rules belong to, and the target groups that they forward to.

A *forwarder* is a listener, by its default actions, or a rule of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..references import (
    Outside,
    Reference,
    ReferenceIndex,
    ReferenceList,
    possible,
    target,
)
from ..resource import Resource
from ..stack import Stack
from ..values import Absent
from ..vocabulary import LISTENER, LISTENER_RULE, TARGET_GROUP

_FORWARDS: Final = (
    "targetGroupArn",
    "forward.targetGroups.arn",
    "forwardConfig.targetGroups.targetGroupArn",
)


class Forwarders:
    """The listeners and rules of a stack, by their target groups."""

    def __init__(self, stack: Stack) -> None:
        self._index = ReferenceIndex(
            (reference, forwarder)
            for forwarder in stack.of(LISTENER, LISTENER_RULE)
            for reference in target_groups(stack, forwarder).elements
        )

    def of(self, group: Resource) -> Iterator[tuple[Resource, bool]]:
        """What forwards to the target group, for sure (True) or for all that is known (False)."""
        return self._index.of(group)


def listeners_of(stack: Stack, forwarder: Resource) -> tuple[Resource, ...]:
    """The listeners of which it may be a part; none where it is one outside the stack."""
    if forwarder.kind == LISTENER:
        return (forwarder,)
    return possible(stack.reference(forwarder, "listenerArn"))


def balancer_of(stack: Stack, forwarder: Resource) -> Reference:
    """The load balancer of which it is a part."""
    if forwarder.kind == LISTENER:
        return stack.reference(forwarder, "loadBalancerArn")
    listener = target(stack.reference(forwarder, "listenerArn"))
    return Outside() if listener is None else stack.reference(listener, "loadBalancerArn")


def actions_of(forwarder: Resource) -> str:
    """The property that holds its actions."""
    return "defaultActions" if forwarder.kind == LISTENER else "actions"


def target_groups(stack: Stack, forwarder: Resource) -> ReferenceList:
    """The target groups that it forwards to, in whichever form its actions name them."""
    lists = [
        found
        for path in _FORWARDS
        if not isinstance(
            found := stack.references(forwarder, actions_of(forwarder), TARGET_GROUP, inner=path),
            Absent,
        )
    ]
    certain = {each.urn: each for found in lists for each in found.certain}
    pool = {each.urn: each for found in lists for each in found.pool if each.urn not in certain}
    unread = any(found.places is None for found in lists)
    return ReferenceList(
        tuple(certain.values()),
        tuple(pool.values()),
        None if unread else sum(found.places or 0 for found in lists),
        outside=tuple(dict.fromkeys(each for found in lists for each in found.outside)),
        strangers=sum(found.strangers for found in lists),
    )
