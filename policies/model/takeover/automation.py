"""What carries out a failover: functions, state machines and runbooks that may.

A right to fail a database over is a sign by itself where a policy names it. A right to change
records, health checks or endpoint groups is not: issuers of certificates, controllers of clusters
and service discovery have it too. It counts where the name or an alarm that starts it says what it
is for. `rds:*` is a sign of nothing, but may be all that somebody needs to fail over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

from ..plain import NamedTuple
from ..references import target
from ..resource import Resource
from ..stack import Stack
from ..truth import Truth, some
from ..values import Absent, Known, Unknown
from ..vocabulary import (
    CLUSTER,
    CLUSTER_INSTANCE,
    DB_INSTANCE,
    DOCDB_CLUSTER,
    DOCDB_GLOBAL_CLUSTER,
    ENDPOINT_GROUP,
    EVENT_TARGET,
    GLOBAL_CLUSTER,
    HEALTH_CHECK,
    HOSTED_ZONE,
    INSTANCE,
    INSTANCE_PROFILE,
    LAMBDA_FUNCTION,
    LAUNCH_TEMPLATE,
    METRIC_ALARM,
    NEPTUNE_CLUSTER,
    NEPTUNE_GLOBAL_CLUSTER,
    RECORD,
    ROLE,
    STATE_MACHINE,
    TASK_DEFINITION,
    TOPIC,
    TOPIC_SUBSCRIPTION,
)
from .counterparts import stem, words
from .roles import Roles

DOCUMENT: Final = "aws:ssm/document:Document"
HOLDERS: Final = (LAMBDA_FUNCTION, STATE_MACHINE, DOCUMENT)
"""What a program writes a failover in."""

_OF_DATABASES: Final = (
    "rds:FailoverGlobalCluster",
    "rds:RemoveFromGlobalCluster",
    "rds:PromoteReadReplica",
    "rds:PromoteReadReplicaDBCluster",
    "elasticache:FailoverGlobalReplicationGroup",
    "elasticache:DisassociateGlobalReplicationGroup",
    "route53-recovery-cluster:UpdateRoutingControlState",
    "route53-recovery-cluster:UpdateRoutingControlStates",
)
"""The actions that make another region's database, or cell, the one that serves. Those of
DocumentDB and Neptune are RDS's."""
_OF_ROTATIONS: Final = ("rds:SwitchoverGlobalCluster", "rds:SwitchoverReadReplica")
"""The actions that change roles while both regions work. "This operation is intended for controlled
environments": it begins by bringing the secondaries up to date with the primary, so it is of no use
once that is lost (RDS API reference, SwitchoverGlobalCluster)."""
OF_RECORDS: Final = ("route53:ChangeResourceRecordSets", "route53:UpdateHealthCheck")
"""The actions by which Route 53's control plane leads clients elsewhere."""
_OF_ENTRIES: Final = (*OF_RECORDS, "globalaccelerator:UpdateEndpointGroup")

_RUN_CODE: Final = (
    *(INSTANCE, LAUNCH_TEMPLATE, TASK_DEFINITION, "aws:ecs/taskSet:TaskSet"),
    *("aws:apprunner/service:Service", "aws:batch/jobDefinition:JobDefinition"),
    *("aws:codebuild/project:Project", "aws:codepipeline/pipeline:Pipeline"),
    *("aws:eks/podIdentityAssociation:PodIdentityAssociation", "aws:glue/job:Job"),
    *("aws:scheduler/schedule:Schedule", "aws:synthetics/canary:Canary"),
)
"""What else may have a failover in its code, with a role of its own."""
_MOVED: Final = (
    *(CLUSTER, CLUSTER_INSTANCE, DB_INSTANCE, GLOBAL_CLUSTER, DOCDB_CLUSTER, DOCDB_GLOBAL_CLUSTER),
    *(NEPTUNE_CLUSTER, NEPTUNE_GLOBAL_CLUSTER, "aws:elasticache/replicationGroup:ReplicationGroup"),
    *("aws:elasticache/globalReplicationGroup:GlobalReplicationGroup", HOSTED_ZONE, RECORD),
    *(HEALTH_CHECK, ENDPOINT_GROUP),
)
"""What a policy of a failover is about."""
_WORDS: Final = frozenset(
    {"failover", "switchover", "takeover", "promote", "promoter", "promotion"}
)
_SHORTEST: Final = 6
"""The letters after the service by which a pattern names an action: `rds:Failover*` does, `rds:*`
does not."""
_TELLING: Final = r"aws\.(?:cloudwatch|health|rds|route53)\b"
"""The sources of events that tell of something that broke."""


class Actor(NamedTuple):
    """What certainly carries out failovers, by which right, and what starts it."""

    resource: Resource
    right: str
    role: Resource | None = None
    moves_records: bool = False
    """Whether it needs Route 53's control plane."""
    started_by: tuple[tuple[Resource, ...], ...] = ()
    """Chains that end before it: an alarm and its topic, a rule."""


class Automation:
    """What fails over, and what may."""

    def __init__(self, stack: Stack, roles: Roles) -> None:
        self._stack = stack
        self._roles = roles

    def actor(self, holder: Resource) -> Actor | Unknown | None:
        """What the holder carries out; unknown where its name says that it does, and nothing else
        tells; None where it is no automation of failovers."""
        is_called_so = not _WORDS.isdisjoint(words(holder.name))
        if holder.kind == DOCUMENT:
            return _written(holder, is_called_so)
        match self._roles.of(holder):
            case Known(role):
                return self._with(holder, role, is_called_so)
            case Unknown():
                return Unknown("its role is not known") if is_called_so else None
        return None

    def may_fail_over(self, holder: Resource, actor: Resource) -> Truth:
        """Whether the holder could carry out a failover in the actor's place. Where a policy is not
        known yet, what it is derived from tells whether it is about something else, unless the
        holder's name, or what starts it, says that it fails over too."""
        if holder.kind == DOCUMENT:
            found = _written(holder, is_called_so=True)
            return Truth.of(None if isinstance(found, Unknown) else found is not None)
        match self._roles.of(holder):
            case Absent():
                return Truth.FALSE
            case Known(role):
                is_a_sign = (
                    not _WORDS.isdisjoint(words(holder.name))
                    or stem(holder.name) == stem(actor.name)
                    or any(self._starts(holder))
                )
                return self._strictly(role) if is_a_sign else self._may(role)
        return Truth.UNKNOWN

    def takes_part(self, holder: Resource) -> Truth:
        """Whether what runs there fails over, or moves the database on other days: then it has to
        know both regions. A role of another stack is taken for one that may not."""
        if holder.kind in HOLDERS and isinstance(self.actor(holder), (Actor, Unknown)):
            return Truth.TRUE
        role = self._roles.of(holder)
        return self._may(role.value, *_OF_ROTATIONS) if isinstance(role, Known) else Truth.FALSE

    @cached_property
    def others(self) -> tuple[Resource, ...]:
        """What else has a role that may carry out a failover: tasks, instances, builds. Whether
        their code does is not known."""
        able = (role for role in self._stack.of(ROLE) if self._may(role) is not Truth.FALSE)
        found = {each.urn: each for role in able for each in self._users(role)}
        return tuple(found[urn] for urn in sorted(found))

    def _users(self, role: Resource) -> Iterator[Resource]:
        for each in self._stack.dependents(role):
            if each.kind == INSTANCE_PROFILE:
                yield from self._stack.dependents(each)
            elif each.kind in _RUN_CODE:
                yield each

    def _may(self, role: Resource, *others: str) -> Truth:
        answer = self._strictly(role, *others)
        if answer is Truth.UNKNOWN and self._is_about_other_things(role):
            return Truth.FALSE
        return answer

    def _strictly(self, role: Resource, *others: str) -> Truth:
        """Whether the role may fail over, or take one of the other actions, without regard to what
        its policies are made of."""
        actions = (*_OF_DATABASES, *_OF_ENTRIES, *others)
        return some(self._roles.allows(role, each) for each in actions)

    def _is_about_other_things(self, role: Resource) -> bool:
        """Whether all that is not known of the role's policies comes from resources of this stack,
        none of which is moved in a failover."""
        for policy in self._roles.policies(role):
            if policy.is_read:
                continue
            if policy.stated_by is None or not policy.is_certain:
                return False
            urns = policy.stated_by.depends_on(policy.said_in)
            found = [self._stack.get(urn) for urn in urns or ()]
            if not found or any(each is None or each.kind in _MOVED for each in found):
                return False
        return True

    def _with(self, holder: Resource, role: Resource, is_called_so: bool) -> Actor | Unknown | None:
        right = self._named(role, _OF_DATABASES)
        records = self._named(role, OF_RECORDS)
        entry = records or self._named(role, _OF_ENTRIES)
        starts = tuple(self._starts(holder))
        if right is None and entry is not None and (is_called_so or starts):
            right = entry
        if right is not None:
            return Actor(holder, right, role, records is not None, starts)
        rights = (*_OF_DATABASES, *_OF_ENTRIES)
        is_open = any(self._roles.may(role, each) is Truth.UNKNOWN for each in rights)
        if is_called_so and is_open:
            return Unknown(f"what {role.label} may do is not known before the deployment")
        return None

    def _named(self, role: Resource, actions: tuple[str, ...]) -> str | None:
        """The first of the actions that the role certainly may take because a policy names it."""
        for action in actions:
            if self._roles.may(role, action) is Truth.TRUE and any(
                _names(statement.pattern_of(action)) for statement in self._roles.grants(role)
            ):
                return action
        return None

    def _starts(self, holder: Resource) -> Iterator[tuple[Resource, ...]]:
        """What starts it when something breaks: an alarm, by its topic or directly, or a rule."""
        for each, is_sure in self._stack.naming(holder, "arn", EVENT_TARGET):
            rule = target(self._stack.reference(each, "rule")) if is_sure else None
            if rule is not None and _tells(rule):
                yield (rule,)
        topics = [
            topic
            for each, is_sure in self._stack.naming(holder, "endpoint", TOPIC_SUBSCRIPTION)
            if is_sure and (topic := target(self._stack.reference(each, "topic"))) is not None
        ]
        for alarm in self._alarms.get(holder.urn, ()):
            yield (alarm,)
        for topic in topics:
            yield from ((alarm, topic) for alarm in self._alarms.get(topic.urn, ())[:1])

    @cached_property
    def _alarms(self) -> Mapping[str, Sequence[Resource]]:
        """The alarms by the topics and functions that they certainly tell."""
        found: dict[str, list[Resource]] = {}
        for alarm in self._stack.of(METRIC_ALARM):
            told = self._stack.references(alarm, "alarmActions", TOPIC, *HOLDERS)
            for each in () if isinstance(told, Absent) else told.certain:
                found.setdefault(each.urn, []).append(alarm)
        return found


def _names(pattern: str | None) -> bool:
    """Whether a pattern is of some actions, and not of a whole service."""
    action = (pattern or "").partition(":")[2]
    return len(re.split(r"[*?]", action, maxsplit=1)[0]) >= min(_SHORTEST, len(action) or 1)


def _tells(rule: Resource) -> bool:
    match rule.text("eventPattern"):
        case Known(pattern):
            return re.search(_TELLING, pattern) is not None
    return False


def _written(document: Resource, is_called_so: bool) -> Actor | Unknown | None:
    """What a runbook's own text says that it does."""
    match document.text("content"):
        case Known(text):
            spelled = text.replace("_", "").lower()
            for action in _OF_DATABASES:
                if action.partition(":")[2].lower() in spelled:
                    return Actor(document, action)
        case Unknown():
            return Unknown("its content is not known") if is_called_so else None
    return None
