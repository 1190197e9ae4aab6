"""Replication configurations that S3 takes.

S3 knows two versions of the configuration and tells them apart by the rules' filters: where every
rule has a `filter` (an empty one is one), priority and delete markers must be stated and
replication time control may be; where one has none, they must not. The provider sends a priority
with every filter, 0 where the program states none (terraform-provider-aws,
`internal/service/s3/bucket_replication_configuration.go`), and with the block of a bucket it sends
delete markers too, so that what is asked of these concerns `BucketReplicationConfig` alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ..model.inputs import Block, Condition, Declared, alike
from ..model.storage.replication import replication
from ..model.truth import Truth
from ..model.vocabulary import BUCKET, BUCKET_REPLICATION
from ..refusal import Inputs, Refusal, Topic, family
from ..rule import Evidence, Kind

_TESTED: Final = "https://github.com/badmintoncryer/cdk-preflight"
_LOGS: Final = "PutBucketReplication, public deployment logs"
PRIORITY_TWICE: Final = "PutBucketReplication answers InvalidRequest: Found duplicate priority ..."
_MINUTES: Final = 15
_DESTINATION: Final = "arn:aws:s3:::copy"
_KEY: Final = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-4e5f-6a7b-8c9d-0e1f2a3b4c5d"
_ON: Final = {"status": "Enabled"}
_TIME: Final = {"status": "Enabled", "time": {"minutes": _MINUTES}}
_METRICS: Final = {"status": "Enabled", "eventThreshold": {"minutes": _MINUTES}}


def _some_rule(condition: Condition) -> Callable[[Declared], Truth]:
    return lambda declared: replication(declared).some("rules", condition)


def _every_rule_has_a_filter(declared: Declared) -> Truth:
    return replication(declared).every("rules", lambda rule: rule.has("filter"))


def _has_no_filter_and(path: str) -> Condition:
    return lambda rule: rule.lacks("filter") & rule.has(path)


def _has_no_filter_but(path: str) -> Condition:
    """The same, where `delete-markers-without-filter` does not tell of the rule."""
    return lambda rule: _has_no_filter_and(path)(rule) & rule.lacks("deleteMarkerReplication")


def _has_one_priority_twice(declared: Declared) -> Truth:
    """For one destination, of rules with filters: S3 reads no priority of others."""
    return _every_rule_has_a_filter(declared) & replication(declared).some_two(
        "rules", lambda one, other: _share_priority(one, other) & _share_destination(one, other)
    )


def _share_priority(one: Block, other: Block) -> Truth:
    return one.number("priority", default=0).equals(other.number("priority", default=0))


def _share_destination(one: Block, other: Block) -> Truth:
    return alike(one.text("destination.bucket"), other.text("destination.bucket"))


def _has_tags(rule: Block) -> Truth:
    return rule.has("filter.tag.key") | (
        Truth.of(rule.at("filter.and.tags") != {}) & rule.has("filter.and.tags")
    )


def _has_other_minutes(rule: Block) -> Truth:
    destination = rule.inner("destination")
    return destination.number("replicationTime.time.minutes").is_not(_MINUTES) | destination.number(
        "metrics.eventThreshold.minutes"
    ).is_not(_MINUTES)


def _rule(**said: object) -> Inputs:
    return {"rules": [said]}


def _inline(**said: object) -> Inputs:
    return {"replicationConfiguration": {"rules": [said]}}


def _of_a_bucket(
    row: Refusal, refused: Inputs, *accepted: Inputs, whatever: tuple[str, ...] = ()
) -> Refusal:
    """The same refusal of the block of a bucket, with inputs in its own words."""
    return row._replace(
        id=f"bucket-{row.id}",
        kinds=(BUCKET,),
        refused=refused,
        accepted=accepted,
        whatever=whatever,
    )


_ADD_FILTERS: Final = (
    "Add to every rule a filter (an empty one selects all objects) and, in a "
    "BucketReplicationConfig, deleteMarkerReplication."
)
_TIME_WITHOUT_FILTER: Final = Refusal(
    id="replication-time-without-filter",
    kinds=(BUCKET_REPLICATION,),
    says="has a rule with replicationTime, but without a filter",
    when=_some_rule(_has_no_filter_but("destination.replicationTime")),
    evidence=Evidence(
        "PutBucketReplication answers InvalidRequest: ReplicationTime cannot be used for this "
        "version of the replication configuration schema",
        _LOGS,
        "2026-11-26",
    ),
    fix=_ADD_FILTERS,
    refused=_rule(destination={"replicationTime": _TIME, "metrics": _METRICS}),
    accepted=(
        _rule(
            filter={},
            deleteMarkerReplication=_ON,
            destination={"replicationTime": _TIME, "metrics": _METRICS},
        ),
        _rule(destination={"bucket": _DESTINATION}),
    ),
    whatever=(
        "rules.destination.replicationTime.status",
        "rules.destination.replicationTime.time",
        "rules.destination.metrics",
    ),
)
_OTHER_MINUTES: Final = Refusal(
    id="replication-time-15-minutes",
    kinds=(BUCKET_REPLICATION,),
    says="has a replicationTime or metrics.eventThreshold that is not 15 minutes",
    when=_some_rule(_has_other_minutes),
    evidence=Evidence(
        "PutBucketReplication answers InvalidRequest: Invalid time minute value",
        f"PutBucketReplication; {_TESTED}",
        "2026-09-06",
    ),
    fix="Set the minutes of replicationTime.time and metrics.eventThreshold to 15.",
    refused=_rule(
        filter={},
        deleteMarkerReplication=_ON,
        destination={"replicationTime": {"time": {"minutes": 10}}, "metrics": _METRICS},
    ),
    accepted=(
        _rule(
            filter={},
            deleteMarkerReplication=_ON,
            destination={"replicationTime": _TIME, "metrics": _METRICS},
        ),
    ),
    whatever=("rules.filter", "rules.deleteMarkerReplication", "rules.destination.metrics"),
)
_TIME_WITHOUT_METRICS: Final = Refusal(
    id="replication-time-without-metrics",
    kinds=(BUCKET_REPLICATION,),
    says="has a destination with replicationTime, but without metrics",
    when=_some_rule(
        lambda rule: rule.has("destination.replicationTime") & rule.lacks("destination.metrics")
    ),
    evidence=Evidence(
        "PutBucketReplication answers InvalidRequest: Replication destination must contain both "
        "ReplicationTime and Metrics or neither.",
        f"PutBucketReplication; {_TESTED}",
        "2026-09-06",
    ),
    fix="Add metrics with an eventThreshold of 15 minutes to the destination, or remove "
    "replicationTime.",
    refused=_rule(filter={}, deleteMarkerReplication=_ON, destination={"replicationTime": _TIME}),
    accepted=(
        _rule(
            filter={},
            deleteMarkerReplication=_ON,
            destination={"replicationTime": _TIME, "metrics": _METRICS},
        ),
    ),
    whatever=(
        "rules.filter",
        "rules.deleteMarkerReplication",
        "rules.destination.replicationTime.status",
        "rules.destination.replicationTime.time",
    ),
)
_KEY_WITHOUT_CRITERIA: Final = Refusal(
    id="replica-key-without-criteria",
    kinds=(BUCKET_REPLICATION,),
    says="has a rule with a KMS key for the replicas, but without "
    "sourceSelectionCriteria.sseKmsEncryptedObjects",
    when=_some_rule(
        lambda rule: (
            rule.has("destination.encryptionConfiguration")
            & rule.lacks("sourceSelectionCriteria.sseKmsEncryptedObjects")
        )
    ),
    evidence=Evidence(
        "PutBucketReplication answers InvalidRequest: SseKmsEncryptedObjects must be specified "
        "if EncryptionConfiguration is present.",
        _LOGS,
        "2026-11-26",
    ),
    fix="Add sourceSelectionCriteria.sseKmsEncryptedObjects to the rule, or remove the key for "
    "the replicas.",
    refused=_rule(destination={"encryptionConfiguration": {"replicaKmsKeyId": _KEY}}),
    accepted=(
        _rule(
            destination={"encryptionConfiguration": {"replicaKmsKeyId": _KEY}},
            sourceSelectionCriteria={"sseKmsEncryptedObjects": _ON},
        ),
    ),
    whatever=("rules.destination.encryptionConfiguration.replicaKmsKeyId",),
)
_CRITERIA_WITHOUT_KEY: Final = Refusal(
    id="criteria-without-replica-key",
    kinds=(BUCKET_REPLICATION,),
    says="has a rule with sourceSelectionCriteria.sseKmsEncryptedObjects, but without a KMS key "
    "for the replicas",
    when=_some_rule(
        lambda rule: (
            rule.says("sourceSelectionCriteria.sseKmsEncryptedObjects.status", "Enabled")
            & rule.lacks("destination.encryptionConfiguration")
        )
    ),
    evidence=Evidence(
        "PutBucketReplication answers InvalidRequest: ReplicaKmsKeyID must be specified if "
        "SseKmsEncryptedObjects tag is present.",
        f"PutBucketReplication; {_TESTED}",
        "2026-09-07",
    ),
    fix="Add a KMS key in the destination's region to the destination, or remove "
    "sseKmsEncryptedObjects.",
    refused=_rule(sourceSelectionCriteria={"sseKmsEncryptedObjects": _ON}),
    accepted=(
        _rule(
            sourceSelectionCriteria={"sseKmsEncryptedObjects": _ON},
            destination={"encryptionConfiguration": {"replicaKmsKeyId": _KEY}},
        ),
        _rule(sourceSelectionCriteria={"replicaModifications": _ON}),
    ),
)
_PRIORITY_TWICE: Final = Refusal(
    id="replication-priority-twice",
    kinds=(BUCKET_REPLICATION,),
    says="has two rules with the same priority (0 by default) for the same destination",
    when=_has_one_priority_twice,
    evidence=Evidence(
        PRIORITY_TWICE,
        f"PutBucketReplication; {_TESTED}",
        "2026-09-06",
    ),
    fix="Give each rule its own priority.",
    refused={
        "rules": [
            {
                "filter": {"prefix": prefix},
                "deleteMarkerReplication": _ON,
                "destination": {"bucket": _DESTINATION},
            }
            for prefix in ("a/", "b/")
        ]
    },
    accepted=(
        {
            "rules": [
                {
                    "filter": {"prefix": f"{priority}/"},
                    "deleteMarkerReplication": _ON,
                    "priority": priority,
                    "destination": {"bucket": _DESTINATION},
                }
                for priority in (0, 1)
            ]
        },
        _rule(filter={}, deleteMarkerReplication=_ON),
    ),
    whatever=("rules.filter.prefix", "rules.deleteMarkerReplication"),
)
_TAGS_WITH_MARKERS: Final = Refusal(
    id="delete-markers-by-tags",
    kinds=(BUCKET_REPLICATION,),
    says="has a rule that replicates delete markers and selects objects by tags",
    when=_some_rule(
        lambda rule: rule.says("deleteMarkerReplication.status", "Enabled") & _has_tags(rule)
    ),
    evidence=Evidence(
        "PutBucketReplication answers InvalidRequest: Delete marker replication is not supported "
        "if any Tag filter is specified. Please refer to S3 Developer Guide for more information.",
        f"PutBucketReplication; {_TESTED}",
        "2026-09-06",
    ),
    fix="Disable the replication of delete markers, or select objects by prefix only.",
    refused=_rule(filter={"tag": {"key": "tier", "value": "gold"}}, deleteMarkerReplication=_ON),
    accepted=(
        _rule(
            filter={"tag": {"key": "tier", "value": "gold"}},
            deleteMarkerReplication={"status": "Disabled"},
        ),
        _rule(filter={"prefix": "gold/"}, deleteMarkerReplication=_ON),
    ),
    whatever=("rules.filter.tag.value",),
)

S3_REPLICATION = family(
    Topic(
        name="s3-replication",
        title="Replication configurations that S3 accepts",
        description="The filters, delete markers, replication time, keys and priorities of a "
        "replication configuration must be valid in combination.",
        tags=("aws", "s3", "disaster-recovery"),
        unread="the provider of aws fills in priorities and filters, which decide, and "
        "CloudFormation does not",
        fix="Change the rule that S3 refuses.",
    ),
    Refusal(
        id="filter-without-delete-markers",
        kinds=(BUCKET_REPLICATION,),
        says="has a rule with a filter, but without deleteMarkerReplication",
        when=lambda declared: (
            _every_rule_has_a_filter(declared)
            & declared.some("rules", lambda rule: rule.lacks("deleteMarkerReplication"))
        ),
        evidence=Evidence(
            "PutBucketReplication answers InvalidRequest: DeleteMarkerReplication must be "
            "specified for this version of Cross Region Replication configuration schema. Please "
            "refer to S3 Developer Guide for more information.",
            _LOGS,
            "2026-11-26",
        ),
        fix="Add deleteMarkerReplication to every rule, with the status Enabled or Disabled.",
        refused=_rule(filter={"prefix": "a/"}),
        accepted=(
            _rule(filter={"prefix": "a/"}, deleteMarkerReplication=_ON),
            _rule(prefix="a/"),
            {"rules": [{"filter": {"prefix": "a/"}}, {"prefix": "b/"}]},
        ),
        whatever=("rules.filter.prefix",),
    ),
    Refusal(
        id="delete-markers-without-filter",
        kinds=(BUCKET_REPLICATION,),
        says="has a rule with deleteMarkerReplication, but without a filter",
        when=_some_rule(_has_no_filter_and("deleteMarkerReplication")),
        evidence=Evidence(
            "PutBucketReplication answers InvalidRequest: DeleteMarkerReplication cannot be used "
            "for this version of Cross Region Replication configuration schema. Please refer to "
            "S3 Developer Guide for more information.",
            _LOGS,
            "2026-11-26",
        ),
        fix="Add a filter to every rule; an empty one selects all objects.",
        refused=_rule(deleteMarkerReplication=_ON),
        accepted=(_rule(filter={}, deleteMarkerReplication=_ON), _rule(prefix="a/")),
        whatever=("rules.deleteMarkerReplication.status",),
    ),
    _TIME_WITHOUT_FILTER,
    _of_a_bucket(
        _TIME_WITHOUT_FILTER,
        _inline(destination={"replicationTime": _ON, "metrics": _ON}),
        _inline(filter={}, destination={"replicationTime": _ON, "metrics": _ON}),
        whatever=(
            "replicationConfiguration.rules.destination.replicationTime.status",
            "replicationConfiguration.rules.destination.metrics",
        ),
    ),
    _TIME_WITHOUT_METRICS,
    _of_a_bucket(
        _TIME_WITHOUT_METRICS,
        _inline(filter={}, destination={"replicationTime": _ON}),
        _inline(filter={}, destination={"replicationTime": _ON, "metrics": _ON}),
        whatever=(
            "replicationConfiguration.rules.filter",
            "replicationConfiguration.rules.destination.replicationTime.status",
        ),
    ),
    _OTHER_MINUTES,
    _of_a_bucket(
        _OTHER_MINUTES,
        _inline(filter={}, destination={"replicationTime": {"minutes": 10}, "metrics": _ON}),
        _inline(filter={}, destination={"replicationTime": {"minutes": 15}, "metrics": _ON}),
        _inline(filter={}, destination={"replicationTime": _ON, "metrics": _ON}),
        whatever=(
            "replicationConfiguration.rules.filter",
            "replicationConfiguration.rules.destination.metrics",
        ),
    ),
    Refusal(
        id="replication-time-without-threshold",
        kinds=(BUCKET_REPLICATION,),
        says="has a destination with replicationTime, but its metrics have no eventThreshold",
        when=_some_rule(
            lambda rule: (
                rule.says("destination.replicationTime.status", "Enabled")
                & rule.has("destination.metrics")
                & rule.lacks("destination.metrics.eventThreshold")
            )
        ),
        evidence=Evidence(
            "PutBucketReplication answers InvalidRequest: ReplicationMetrics must contain an "
            "event threshold",
            _LOGS,
            "2026-11-26",
        ),
        fix="Add an eventThreshold of 15 minutes to metrics.",
        refused=_rule(
            filter={},
            deleteMarkerReplication=_ON,
            destination={"replicationTime": _TIME, "metrics": _ON},
        ),
        accepted=(
            _rule(
                filter={},
                deleteMarkerReplication=_ON,
                destination={"replicationTime": _TIME, "metrics": _METRICS},
            ),
            _rule(filter={}, deleteMarkerReplication=_ON, destination={"metrics": _ON}),
        ),
        whatever=(
            "rules.filter",
            "rules.deleteMarkerReplication",
            "rules.destination.replicationTime.time",
            "rules.destination.metrics.status",
        ),
    ),
    _KEY_WITHOUT_CRITERIA,
    _of_a_bucket(
        _KEY_WITHOUT_CRITERIA,
        _inline(destination={"replicaKmsKeyId": _KEY}),
        _inline(
            destination={"replicaKmsKeyId": _KEY},
            sourceSelectionCriteria={"sseKmsEncryptedObjects": {"enabled": True}},
        ),
        whatever=("replicationConfiguration.rules.destination.replicaKmsKeyId",),
    ),
    _CRITERIA_WITHOUT_KEY,
    _of_a_bucket(
        _CRITERIA_WITHOUT_KEY,
        _inline(sourceSelectionCriteria={"sseKmsEncryptedObjects": {"enabled": True}}),
        _inline(
            destination={"replicaKmsKeyId": _KEY},
            sourceSelectionCriteria={"sseKmsEncryptedObjects": {"enabled": True}},
        ),
    ),
    _PRIORITY_TWICE,
    _of_a_bucket(
        _PRIORITY_TWICE,
        {
            "replicationConfiguration": {
                "rules": [
                    {"filter": {"prefix": prefix}, "destination": {"bucket": _DESTINATION}}
                    for prefix in ("a/", "b/")
                ]
            }
        },
        _inline(filter={"prefix": "a/"}, destination={"bucket": _DESTINATION}),
        {
            "replicationConfiguration": {
                "rules": [
                    {"filter": {"prefix": "a/"}, "destination": {"bucket": bucket}}
                    for bucket in (_DESTINATION, f"{_DESTINATION}-too")
                ]
            }
        },
        whatever=("replicationConfiguration.rules.filter.prefix",),
    ),
    _TAGS_WITH_MARKERS,
    _of_a_bucket(
        _TAGS_WITH_MARKERS,
        _inline(filter={"tags": {"tier": "gold"}}, deleteMarkerReplicationStatus="Enabled"),
        _inline(filter={"tags": {"tier": "gold"}}),
        _inline(filter={"prefix": "gold/"}, deleteMarkerReplicationStatus="Enabled"),
        _inline(filter={"tags": {}}, deleteMarkerReplicationStatus="Enabled"),
        whatever=("replicationConfiguration.rules.filter.tags.tier",),
    ),
    Refusal(
        id="existing-objects",
        kinds=(BUCKET_REPLICATION,),
        says="has a rule with existingObjectReplication",
        when=_some_rule(lambda rule: rule.has("existingObjectReplication.status")),
        evidence=Evidence(
            "PutBucketReplication answers MalformedXML: The XML you provided was not well-formed "
            "or did not validate against our published schema",
            "PutBucketReplication; "
            "https://github.com/hashicorp/terraform-provider-aws/issues/43746",
            "2025-08-06",
        ),
        fix="Remove existingObjectReplication; S3 Batch Replication copies existing objects.",
        refused=_rule(existingObjectReplication=_ON),
        accepted=(_rule(destination={"bucket": _DESTINATION}),),
    ),
)

_CRITERIA_OFF_WITHOUT_KEY: Final = Refusal(
    id="criteria-off-without-replica-key",
    kinds=(BUCKET_REPLICATION,),
    says="has a rule with sseKmsEncryptedObjects (Disabled), but without a KMS key for the "
    "replicas",
    when=_some_rule(
        lambda rule: (
            rule.says("sourceSelectionCriteria.sseKmsEncryptedObjects.status", "Disabled")
            & rule.lacks("destination.encryptionConfiguration")
        )
    ),
    evidence=Evidence(
        "PutBucketReplication may answer InvalidRequest: ReplicaKmsKeyID must be specified if "
        "SseKmsEncryptedObjects tag is present.",
        f"{_TESTED}, of Enabled",
        "2026-09-07",
        Kind.REPORTED,
    ),
    fix="Remove sseKmsEncryptedObjects: without it, the rule does not replicate objects that "
    "KMS encrypts either.",
    refused=_rule(sourceSelectionCriteria={"sseKmsEncryptedObjects": {"status": "Disabled"}}),
    accepted=(_rule(sourceSelectionCriteria={"replicaModifications": _ON}),),
)
_THRESHOLD_WITHOUT_TIME: Final = Refusal(
    id="metrics-threshold-without-time",
    kinds=(BUCKET_REPLICATION,),
    says="has a destination whose metrics have an eventThreshold, but without replicationTime",
    when=_some_rule(
        lambda rule: (
            rule.has("destination.metrics.eventThreshold")
            & ~rule.says("destination.replicationTime.status", "Enabled")
        )
    ),
    evidence=Evidence(
        "PutBucketReplication answers: Metrics cannot contain an event threshold when "
        "ReplicationTime is not specified or Disabled",
        "a conformance test of another implementation of S3's API",
        "2026-11-26",
        Kind.REPORTED,
    ),
    fix="Remove metrics.eventThreshold, or enable replicationTime.",
    refused=_rule(filter={}, deleteMarkerReplication=_ON, destination={"metrics": _METRICS}),
    accepted=(
        _rule(filter={}, deleteMarkerReplication=_ON, destination={"metrics": _ON}),
        _rule(
            filter={},
            deleteMarkerReplication=_ON,
            destination={"metrics": _METRICS, "replicationTime": _TIME},
        ),
    ),
    whatever=(
        "rules.filter",
        "rules.deleteMarkerReplication",
        "rules.destination.metrics.status",
        "rules.destination.metrics.eventThreshold.minutes",
    ),
)
ADVICE: Final = (
    _THRESHOLD_WITHOUT_TIME,
    _of_a_bucket(
        _THRESHOLD_WITHOUT_TIME,
        _inline(filter={}, destination={"metrics": _ON}),
        _inline(filter={}, destination={"metrics": _ON, "replicationTime": _ON}),
        whatever=(
            "replicationConfiguration.rules.filter",
            "replicationConfiguration.rules.destination.metrics.status",
        ),
    ),
    Refusal(
        id="metrics-without-filter",
        kinds=(BUCKET_REPLICATION,),
        says="has a rule with metrics, but without a filter",
        when=_some_rule(
            lambda rule: (
                _has_no_filter_but("destination.metrics")(rule)
                & rule.lacks("destination.replicationTime")
            )
        ),
        evidence=Evidence(
            "PutBucketReplication may refuse metrics there, as it refuses ReplicationTime.",
            "a public thread about deployments, without AWS's answer",
            "2026-11-26",
            Kind.REPORTED,
        ),
        fix=_ADD_FILTERS,
        refused=_rule(destination={"metrics": _ON}),
        accepted=(_rule(filter={}, destination={"metrics": _ON}, deleteMarkerReplication=_ON),),
        whatever=("rules.destination.metrics.status",),
    ),
    _CRITERIA_OFF_WITHOUT_KEY,
    _of_a_bucket(
        _CRITERIA_OFF_WITHOUT_KEY,
        _inline(sourceSelectionCriteria={"sseKmsEncryptedObjects": {"enabled": False}}),
        _inline(
            destination={"replicaKmsKeyId": _KEY},
            sourceSelectionCriteria={"sseKmsEncryptedObjects": {"enabled": False}},
        ),
    ),
)
