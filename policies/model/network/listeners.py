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
    Target,
    merged,
    possible,
)
from ..resource import Resource
from ..stack import Stack
from ..twins import Twins
from ..values import Absent, Known
from ..vocabulary import LISTENER, LISTENER_RULE, LOAD_BALANCER, TARGET_GROUP
from .load_balancers import balancer_in

_FORWARDS: Final = (
    "targetGroupArn",
    "forward.targetGroups.arn",
    "forwardConfig.targetGroups.targetGroupArn",
)


class Forwarders:
    """The listeners and rules of a stack, by their target groups."""

    def __init__(self, stack: Stack) -> None:
        forwarders = stack.of(LISTENER, LISTENER_RULE)
        self._index = ReferenceIndex(
            (reference, forwarder)
            for forwarder in forwarders
            for reference in target_groups(stack, forwarder).elements
        )
        self._by_arn = Twins(
            [each for each in forwarders if not _is_moved_by_others(each)],
            lambda each: (group.literal for group in target_groups(stack, each).outside),
        )

    def of(self, group: Resource) -> Iterator[tuple[Resource, bool]]:
        """What forwards to the target group, for sure (True) or for all that is known (False)."""
        for forwarder, is_sure in self._index.of(group):
            yield forwarder, is_sure and not _is_moved_by_others(forwarder)

    def with_a_group_of(self, forwarder: Resource) -> tuple[Resource, ...]:
        """What comes before the forwarder and forwards to a target group outside of the stack that
        it forwards to as well."""
        return self._by_arn.before(forwarder)


def _is_moved_by_others(forwarder: Resource) -> bool:
    """Whether the program leaves the actions of what exists to CodeDeploy or another controller.
    Its target groups are those of the last refresh then."""
    return forwarder.leaves_as_it_is(actions_of(forwarder))


def listeners_of(stack: Stack, forwarder: Resource) -> tuple[Resource, ...]:
    """The listeners of which it may be a part; none where it is one outside the stack."""
    if forwarder.kind == LISTENER:
        return (forwarder,)
    return possible(stack.reference(forwarder, "listenerArn"))


def balancer_of(stack: Stack, forwarder: Resource) -> Reference:
    """The load balancer of which it is a part. The ARN of a listener says it, too."""
    if forwarder.kind == LISTENER:
        return stack.reference(forwarder, "loadBalancerArn")
    match stack.reference(forwarder, "listenerArn"):
        case Target(listener):
            return stack.reference(listener, "loadBalancerArn")
        case Outside(str(literal)) if (found := balancer_in(literal)) is not None:
            return stack.resolve(forwarder, "listenerArn", Known(found), LOAD_BALANCER)
    return Outside()


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
    return merged(lists)
