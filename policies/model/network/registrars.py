"""What gives target groups their targets.

Whatever takes a group's ARN may register targets with it, but for what is known not to: what
forwards to it, measures it or scales by it. Some register targets that no preview shows:
controllers of a Kubernetes cluster, CodeDeploy, Elastic Disaster Recovery, a template.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final

from ..resource import Resource
from ..stack import Stack
from ..takeover.leaves import leaves
from ..takeover.sources import sources
from ..values import Known, Unknown
from ..vocabulary import (
    AUTO_SCALING_ATTACHMENT,
    AUTO_SCALING_GROUP,
    AUTO_SCALING_TRAFFIC_SOURCE,
    ECS_SERVICE,
    LAMBDA_PERMISSION,
    LISTENER,
    LISTENER_RULE,
    METRIC_ALARM,
    TARGET_GROUP,
    TARGET_GROUP_ATTACHMENT,
)

_REGISTER_NOTHING: Final = frozenset(
    {
        LISTENER,
        LISTENER_RULE,
        TARGET_GROUP,
        LAMBDA_PERMISSION,
        METRIC_ALARM,
        "aws:cloudwatch/compositeAlarm:CompositeAlarm",
        "aws:cloudwatch/dashboard:Dashboard",
        "aws:autoscaling/policy:Policy",
        "aws:appautoscaling/policy:Policy",
    }
)
"""What takes a group's ARN, or a part of it, and gives it no targets."""

_REGISTRARS: Final[Mapping[str, tuple[str, ...]]] = {
    TARGET_GROUP_ATTACHMENT: ("targetGroupArn",),
    AUTO_SCALING_GROUP: ("targetGroupArns", "trafficSources"),
    AUTO_SCALING_ATTACHMENT: ("lbTargetGroupArn", "albTargetGroupArn"),
    AUTO_SCALING_TRAFFIC_SOURCE: ("trafficSource",),
    ECS_SERVICE: ("loadBalancers",),
    "aws:ecs/taskSet:TaskSet": ("loadBalancers",),
    "aws:ec2/spotFleetRequest:SpotFleetRequest": ("targetGroupArns",),
}
"""The properties that take a group in order to register targets with it (pulumi-aws 7.51.1)."""

_NAMES_A_GROUP: Final = frozenset(
    {"targetGroupArn", "targetGroupArns", "alternateTargetGroupArn", "trafficSources"}
    | {"lbTargetGroupArn", "albTargetGroupArn", "trafficSource", "identifier", "loadBalancers"}
)
"""What a group stands under; a whole property that is unknown may hold one."""

_UNSEEN: Final = (
    *("kubernetes:", "eks:", "aws:eks/", "aws-native:eks:", "pulumi:providers:kubernetes"),
    *("aws:drs/", "aws:codedeploy/deploymentGroup:", "aws-native:codedeploy:DeploymentGroup"),
    *("aws:elasticbeanstalk/", "aws-native:elasticbeanstalk:"),
    *("aws:cloudformation/stack", "aws-native:cloudformation:Stack"),
)
"""Prefixes of the types that may register targets without taking a group's ARN."""

_MAY_REGISTER: Final = ("elasticloadbalancing:register", "elasticloadbalancing:*")
"""Actions of a policy that let what has it register targets: in lower case."""
_POLICIES: Final = {
    "aws:iam/policy:Policy": "policy",
    "aws:iam/rolePolicy:RolePolicy": "policy",
    "aws:iam/role:Role": "inlinePolicies",
}


class Registrars:
    """What registers targets, by the target groups of a stack."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def of(self, group: Resource) -> tuple[Resource, ...]:
        """What may register targets with the group because it takes the group's ARN, in the order
        of URNs; the group itself where it states its targets, as those of `aws-native` do."""
        own = (group,) if group.sets("targets") else ()
        return (*own, *self._users.get(group.urn, ()))

    @cached_property
    def may_be_unseen(self) -> bool:
        """Whether something in the stack may register targets without taking a group's ARN."""
        return any(each.type.startswith(_UNSEEN) for each in self._stack.resources) or any(
            action in text.lower()
            for kind, name in _POLICIES.items()
            for each in self._stack.of(kind)
            for text in _texts(each, name)
            for action in _MAY_REGISTER
        )

    def undecided(self, group: Resource) -> Resource | None:
        """What registers targets with a group that is not known, and may be this one."""
        return next(
            (each for each in self._undecided if each.shares_region_with(group) is not False), None
        )

    @cached_property
    def _undecided(self) -> tuple[Resource, ...]:
        return tuple(
            each
            for kind, names in _REGISTRARS.items()
            for each in self._stack.of(kind)
            if any(_is_undecided(self._stack, each, name) for name in names)
        )

    @cached_property
    def _users(self) -> Mapping[str, tuple[Resource, ...]]:
        groups = {each.urn for each in self._stack.of(TARGET_GROUP)}
        found: dict[str, dict[str, Resource]] = {}
        for each in self._stack.resources if groups else ():
            if each.kind not in _REGISTER_NOTHING:
                for urn in groups.intersection(self._taken(each)):
                    found.setdefault(urn, {})[each.urn] = each
        return {urn: tuple(users.values()) for urn, users in found.items()}

    def _taken(self, user: Resource) -> Iterator[str]:
        """URNs of what a resource takes values of. One of another provider (a command, a dynamic
        one) may name it in a text of its own, and wait for it."""
        for urns in user.property_dependencies.values():
            yield from urns
        if not user.type.startswith(("aws:", "aws-native:")):
            yield from user.dependencies
        for name in _REGISTRARS.get(user.kind, ()):
            yield from (each.urn for each in sources(self._stack, user, name, TARGET_GROUP))


def _is_undecided(stack: Stack, registrar: Resource, name: str) -> bool:
    """Whether the property holds more unknown groups than it is derived from."""
    unknown = sum(
        isinstance(each.value, Unknown) and each.key in _NAMES_A_GROUP
        for each in leaves(registrar, name)
    )
    return unknown > len(sources(stack, registrar, name, TARGET_GROUP))


def _texts(resource: Resource, name: str) -> Iterator[str]:
    for each in leaves(resource, name):
        if isinstance(each.value, Known):
            yield each.value.value
