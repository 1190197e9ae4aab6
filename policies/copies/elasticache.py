"""ElastiCache replication groups that AWS takes.

Redis encrypts nothing unless it is told to; Valkey does both by default, and a secondary of a
global datastore inherits its encryption from the primary, so it is checked for neither.
Encryption in transit can be turned on later by other means than the program, so this concerns new
groups only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..model import Model
from ..model.databases.passwords import OF_CACHES
from ..model.inputs import Declared
from ..model.references import possible
from ..model.resource import Resource
from ..model.truth import Truth
from ..refusal import Refusal, Topic, family_of_creation
from ..rule import Evidence, Kind, Level, Outcome, Settings, Severity, StackRule, Violation

GROUP: Final = "aws:elasticache/replicationGroup:ReplicationGroup"
GLOBAL_DATASTORE: Final = "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup"
_TESTED: Final = "https://github.com/badmintoncryer/cdk-preflight"


def _chooses_encryption(group: Declared) -> Truth:
    """Whether nothing but its own inputs decides how the group is encrypted."""
    return (group.lacks("engine") | group.says("engine", "redis")) & group.lacks(
        "globalReplicationGroupId"
    )


def _is_open_in_transit(group: Declared) -> Truth:
    return _chooses_encryption(group) & ~group.is_true("transitEncryptionEnabled")


def _is_default_without_cluster_mode(name: str) -> bool:
    """Whether a default group that exists has cluster mode off; one that does not is told of by
    `no-such-default-group`."""
    is_default = name.startswith("default.") and not _is_no_default_group(name)
    return is_default and ".cluster.on" not in name


def _is_no_default_group(name: str) -> bool:
    """A name such as default.redis7.0: from 7 on, the default groups are named by the major version
    alone (default.redis7, default.valkey8)."""
    return re.fullmatch(r"default\.(redis7|valkey7)\.\d+(\.cluster\.on)?", name) is not None


_TOKEN: Final = {"description": "sessions", "authToken": "not-a-real-token-1"}

ELASTICACHE_DECLARATION = family_of_creation(
    Topic(
        name="elasticache-declaration",
        title="Replication groups that ElastiCache accepts",
        description="The encryption, authentication and parameter group of a replication group "
        "must be valid in combination.",
        tags=("aws", "elasticache", "disaster-recovery"),
        unread="what CloudFormation sends for settings that are left out is not known",
        fix="Turn on the encryption that other settings need, and use a parameter group that "
        "exists.",
    ),
    Refusal(
        id="auth-token-in-the-clear",
        kinds=(GROUP,),
        says="has an authToken, but no encryption in transit",
        when=lambda group: group.sets("authToken") & _is_open_in_transit(group),
        evidence=Evidence(
            "CreateReplicationGroup answers InvalidParameterCombination: The AUTH token is only "
            "supported when encryption-in-transit is enabled",
            f"CreateReplicationGroup; {_TESTED}",
            "2026-09-06",
        ),
        fix="Set transitEncryptionEnabled to true.",
        refused=_TOKEN,
        accepted=(
            {**_TOKEN, "transitEncryptionEnabled": True},
            {**_TOKEN, "engine": "valkey"},
        ),
        whatever=("authToken", "description"),
    ),
    Refusal(
        id="user-group-in-the-clear",
        kinds=(GROUP,),
        says="has userGroupIds, but no encryption in transit",
        when=lambda group: group.sets("userGroupIds") & _is_open_in_transit(group),
        evidence=Evidence(
            "CreateReplicationGroup answers InvalidParameterCombination: User group based access "
            "control requires encryption-in-transit to be enabled on the replication group.",
            f"CreateReplicationGroup; {_TESTED}",
            "2026-09-06",
        ),
        fix="Set transitEncryptionEnabled to true.",
        refused={"engine": "redis", "userGroupIds": ["operators"]},
        accepted=(
            {"engine": "redis", "userGroupIds": ["operators"], "transitEncryptionEnabled": True},
            {"engine": "valkey", "userGroupIds": ["operators"]},
        ),
        whatever=("userGroupIds",),
    ),
    Refusal(
        id="key-without-encryption",
        kinds=(GROUP,),
        says="has a kmsKeyId, but no encryption at rest",
        when=lambda group: (
            group.sets("kmsKeyId")
            & _chooses_encryption(group)
            & ~group.is_true("atRestEncryptionEnabled")
        ),
        evidence=Evidence(
            "CreateReplicationGroup answers InvalidParameterCombination: Please enable "
            "encryption at rest to use Customer Managed CMK",
            f"CreateReplicationGroup, public deployment logs; {_TESTED}",
            "2026-09-06",
        ),
        fix="Set atRestEncryptionEnabled to true.",
        refused={"kmsKeyId": "1234abcd"},
        accepted=(
            {"kmsKeyId": "1234abcd", "atRestEncryptionEnabled": True},
            {"kmsKeyId": "1234abcd", "globalReplicationGroupId": "ldgnf-orders"},
        ),
        whatever=("kmsKeyId",),
    ),
    Refusal(
        id="node-groups-without-cluster-mode",
        kinds=(GROUP,),
        says="has several node groups and a default parameter group without cluster mode",
        when=lambda group: (
            (group.number("numNodeGroups") > 1)
            & group.holds("parameterGroupName", _is_default_without_cluster_mode)
        ),
        evidence=Evidence(
            "CreateReplicationGroup answers InvalidParameterCombination: Use a parameter group "
            "with cluster-enabled parameter to create more than one node group.",
            f"CreateReplicationGroup; {_TESTED}",
            "2026-09-06",
        ),
        fix="Set parameterGroupName to the default group that ends with .cluster.on, such as "
        "default.redis7.cluster.on.",
        refused={"numNodeGroups": 2, "parameterGroupName": "default.redis7"},
        accepted=(
            {"numNodeGroups": 2, "parameterGroupName": "default.redis7.cluster.on"},
            {"numNodeGroups": 1, "parameterGroupName": "default.redis7"},
            {"numNodeGroups": 2, "parameterGroupName": "sharded"},
        ),
    ),
    Refusal(
        id="no-such-default-group",
        kinds=(GROUP,),
        says="has a parameterGroupName that is not one of the default parameter groups",
        when=lambda group: group.holds("parameterGroupName", _is_no_default_group),
        evidence=Evidence(
            "CreateReplicationGroup answers CacheParameterGroupNotFound: CacheParameterGroup not "
            "found: ...",
            "CreateReplicationGroup, public deployment logs",
            "2026-11-26",
        ),
        fix="Use the major version alone, such as default.redis7 or default.valkey7, followed by "
        ".cluster.on for cluster mode.",
        refused={"parameterGroupName": "default.redis7.0"},
        accepted=({"parameterGroupName": "default.redis7"}, {"parameterGroupName": "redis7.0"}),
    ),
)


def _is_refused(token: str) -> bool:
    return not OF_CACHES.accepts(token)


ADVICE: Final = (
    Refusal(
        id="auth-token-form",
        kinds=(GROUP,),
        says="has an authToken that is too short or contains characters that are not allowed",
        when=lambda group: group.holds("authToken", _is_refused),
        evidence=Evidence(
            "CreateReplicationGroup answers InvalidParameterValue: Invalid AUTH token provided. "
            "Please check valid AUTH token format.",
            "CreateReplicationGroup, public deployment logs; "
            "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
        fix="Use 16 to 128 characters: letters, digits and ! & # $ ^ < > - only.",
        refused={"authToken": "short", "transitEncryptionEnabled": True},
        accepted=({"authToken": "not-a-real-token-1", "transitEncryptionEnabled": True},),
        whatever=("transitEncryptionEnabled",),
    ),
)


def has_large_nodes(datastore: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """The primary of a global datastore must have nodes of size large or above."""
    groups = possible(model.stack.reference(datastore, "primaryReplicationGroupId", GROUP))
    if groups and all(_has_small_nodes(group) is Truth.TRUE for group in groups):
        yield Violation(
            datastore,
            f"{datastore.label} is made from a replication group whose nodes are too small or "
            "burstable:",
            chains=tuple((datastore.label, group.label, "nodeType") for group in groups),
            parties=groups,
        )


def _has_small_nodes(group: Resource) -> Truth:
    return Declared(group).holds("nodeType", _is_too_small)


def _is_too_small(node_type: str) -> bool:
    """Whether a node is burstable or of a size below large."""
    return re.fullmatch(r"cache\.(t\d\w*\.\w+|\w+\.(micro|small|medium))", node_type) is not None


ELASTICACHE_GLOBAL_DATASTORE = StackRule(
    name="elasticache-global-datastore",
    title="Global datastores with large nodes",
    description="The primary replication group of a global datastore must have nodes of size "
    "large or above that are not burstable.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=("aws", "elasticache", "disaster-recovery"),
    evidence=(
        Evidence(
            effect="CreateGlobalReplicationGroup answers InvalidParameterValue: Global replication "
            "group is not supported for the node type.",
            source="https://github.com/hashicorp/terraform-provider-aws/issues/17768",
            date="2021-02-24",
        ),
        Evidence(
            effect="Global datastores need nodes of size large and above.",
            source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/"
            "Redis-Global-Datastores-Getting-Started.html",
            date="2026-11-26",
            kind=Kind.DOCUMENTED,
        ),
    ),
    fix="Set nodeType of the replication group to a class such as cache.m7g.large or "
    "cache.r7g.large.",
    kinds=(GLOBAL_DATASTORE,),
    check=has_large_nodes,
)
