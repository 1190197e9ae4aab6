"""What copies are documented to need from what they are made of: databases, buckets, tables, files
and secrets.

Each row tells of something that AWS takes, or was not seen to refuse, and after which the copy is
missing, fails, or goes away again. What AWS was seen to refuse is in the policies of each service.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..databases import documented_copies as databases
from ..model import Model
from ..model.arns import account_of
from ..model.inputs import Declared
from ..model.places import region_of_arn
from ..model.references import Reference, possible, target
from ..model.regions.keys import KEYS, is_certainly_outside
from ..model.resource import Resource
from ..model.storage.replication import Copying, copies, held_in, sharing_priority
from ..model.truth import Truth
from ..model.values import Known, Reading, known_or_none
from ..model.vocabulary import BUCKET, BUCKET_REPLICATION, FILE_SYSTEM, TABLE_REPLICA
from ..refusal import Topic
from ..relation import Broken, Chain, Relation, relations
from ..rule import Asked, Evidence, Kind, Level, Severity
from . import backup_places
from .bucket_replication import PRIORITY_TWICE
from .dynamodb_replicas import TABLE
from .elasticache import GLOBAL_DATASTORE, GROUP
from .replica_references import ECR_REPLICATION, OWN_REGISTRY, replicates_at_home
from .replica_regions import EFS_REPLICATION, SECRET

_READ: Final = "2026-11-26"
_KEY: Final = "destination.encryptionConfiguration.replicaKmsKeyId"
_REPLICAS: Final = "https://www.pulumi.com/registry/packages/aws/api-docs/dynamodb/tablereplica/"


def _replicates_to_itself(resource: Resource, model: Model) -> Broken | None:
    own = _source(resource, model)
    if own is None:
        return None
    for each in copies(model.stack, resource):
        if target(each.destination) is own:
            return Broken("replicates a bucket to itself", (("destination", own.label),))
    return None


def _source(resource: Resource, model: Model) -> Resource | None:
    return (
        resource if resource.kind == BUCKET else target(model.stack.reference(resource, "bucket"))
    )


def _encrypts_with_a_key_abroad(resource: Resource, model: Model) -> Broken | None:
    for copying in copies(model.stack, resource):
        regions = _regions(copying.destination)
        if regions:
            chain = next(_keys_outside(resource, copying, regions, model), None)
            if chain is not None:
                return Broken(
                    "has a KMS key for the replicas that is not in the region of the "
                    "destination bucket",
                    (chain,),
                )
    return None


def _shares_a_priority(resource: Resource, model: Model) -> Broken | None:
    """Where the destination is certainly one, replica-references rejects it."""
    shared = list(sharing_priority(model.stack, resource))
    if shared and True not in shared:
        return Broken("has two rules with the same priority (0 by default)")
    return None


def _regions(destination: Reference) -> frozenset[str]:
    """Where the destination may be; none where that is not known of each bucket that it may be."""
    readings = [bucket.region for bucket in possible(destination)]
    known = [each.value for each in readings if isinstance(each, Known)]
    return frozenset(known) if len(known) == len(readings) else frozenset()


def _keys_outside(
    resource: Resource, copying: Copying, regions: frozenset[str], model: Model
) -> Iterator[Chain]:
    said = copying.rule.text(_KEY)
    place = ("but the destination is in", " or ".join(sorted(regions)))
    if isinstance(said, Known):
        region = region_of_arn(said.value)
        if region is not None and region not in regions:
            yield (_KEY, f"a key in {region}", *place)
    elif copying.rule.sets(_KEY) is Truth.TRUE:
        keys = model.stack.sources(resource, held_in(resource), KEYS)
        if keys and all(is_certainly_outside(each, regions) for each in keys):
            yield (_KEY, keys[0].label, f"in {known_or_none(keys[0].region)}", *place)


def _name_is_taken(secret: Resource, model: Model) -> Broken | None:
    if Declared(secret).is_true("forceOverwriteReplicaSecret") is not Truth.FALSE:
        return None
    for other in model.names.elsewhere(secret):
        if _is_copied_to(secret, other.region) is Truth.TRUE:
            where = f"its replica in {known_or_none(other.region)}"
            return Broken(
                "has a replica in a region where another secret has the same name",
                ((where, other.label),),
                (other,),
            )
    return None


def _is_copied_to(secret: Resource, region: Reading[str]) -> Truth:
    return Declared(secret).some("replicas", lambda replica: replica.is_in("region", region))


def _is_protected(replication: Resource, model: Model) -> Broken | None:
    if Declared(replication).sets("destination.fileSystemId") is not Truth.TRUE:
        return None
    systems = model.stack.sources(replication, "destination", (FILE_SYSTEM,))
    if systems and all(_keeps_what_it_has(each) for each in systems):
        return Broken(
            "replicates to a file system whose replication overwrite protection is on",
            ((systems[0].label, "protection.replicationOverwrite is not DISABLED"),),
            systems,
        )
    return None


def _keeps_what_it_has(system: Resource) -> bool:
    """Whether the file system is new and protected from being overwritten, as by default."""
    inputs = Declared(system)
    protects = ~inputs.says("protection.replicationOverwrite", "DISABLED")
    return system.is_new and protects is Truth.TRUE


def _takes_replica_away(replica: Resource, model: Model) -> Broken | None:
    tables = possible(model.stack.reference(replica, "globalTableArn", TABLE))
    if tables and not any(each.ignores("replicas") for each in tables):
        return Broken(
            "adds a replica to a table that does not ignore changes to its replicas",
            ((tables[0].label, "ignoreChanges without replicas"),),
        )
    return None


def _has_an_old_primary(datastore: Resource, model: Model) -> Broken | None:
    groups = possible(model.stack.reference(datastore, "primaryReplicationGroupId", GROUP))
    if groups and all(_is_of_old_redis(each) is Truth.TRUE for each in groups):
        return Broken(
            "is made from a replication group of a version of Redis below 5.0.6",
            tuple((each.label, "engineVersion") for each in groups),
            groups,
        )
    return None


def _is_of_old_redis(group: Resource) -> Truth:
    return Declared(group).holds(
        "engineVersion", lambda said: re.fullmatch(r"[234]\..*|5\.0\.[0-5]", said) is not None
    )


def _may_be_its_own_registry(replication: Resource, _: Model) -> Broken | None:
    """Where the account is known, replica-references decides."""
    if account_of(replication) is None and replicates_at_home(replication, None) is Truth.TRUE:
        return Broken("replicates within its region, and which account it is in is not known")
    return None


DOCUMENTED_COPIES = relations(
    Topic(
        name="documented-copies",
        title="What AWS documents that copies need",
        description="A copy in another region and its source should meet the conditions that AWS "
        "documents.",
        tags=(
            *("aws", "rds", "s3", "dynamodb", "efs", "secretsmanager", "elasticache", "ecr"),
            *("backup", "disaster-recovery"),
        ),
        fix="Make the change that the finding names.",
        unread="both sides of a copy are seldom two resources there",
        severity=Severity.MEDIUM,
        level=Level.ADVISORY,
    ),
    *databases.ROWS,
    *backup_places.ROWS,
    Relation(
        id="bucket-to-itself",
        kinds=(BUCKET_REPLICATION, BUCKET),
        check=_replicates_to_itself,
        evidence=Evidence(
            "PutBucketReplication answers InvalidRequest: Destination bucket cannot be the same "
            "as the source bucket.",
            "public threads about PutBucketReplication",
            _READ,
            Kind.REPORTED,
        ),
        fix="Set the destination to a bucket in the other region.",
    ),
    Relation(
        id="bucket-key-abroad",
        kinds=(BUCKET_REPLICATION, BUCKET),
        check=_encrypts_with_a_key_abroad,
        evidence=Evidence(
            "accepts the key, and then fails to replicate each object: the key must be in the "
            "region of the destination bucket.",
            "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-"
            "objects.html",
            _READ,
            Kind.DOCUMENTED,
        ),
        fix="Set replicaKmsKeyId of each destination to a key in that bucket's region.",
        asked=Asked.ALWAYS,
    ),
    Relation(
        id="bucket-priority-shared",
        kinds=(BUCKET_REPLICATION, BUCKET),
        check=_shares_a_priority,
        evidence=Evidence(
            f"{PRIORITY_TWICE.replace('answers', 'may answer')}: it was not tried with several "
            "destinations.",
            "https://github.com/badmintoncryer/cdk-preflight",
            "2026-09-06",
            Kind.REPORTED,
        ),
        fix="Give each rule its own priority.",
    ),
    Relation(
        id="secret-name-taken",
        kinds=(SECRET,),
        check=_name_is_taken,
        evidence=Evidence(
            "creates the secret, but its replica ends in the status Failed: Replication failed: "
            "Secret name ... already exists in region .... The provider does not wait for the "
            "replica, so the deployment succeeds.",
            "public notes about deployments",
            _READ,
            Kind.REPORTED,
        ),
        fix="Remove the secret in the other region, since Secrets Manager creates the replica "
        "itself, or set forceOverwriteReplicaSecret to true.",
    ),
    Relation(
        id="datastore-engine-version",
        kinds=(GLOBAL_DATASTORE,),
        check=_has_an_old_primary,
        evidence=Evidence(
            "supports global datastores from Redis 5.0.6 on.",
            "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/"
            "Redis-Global-Datastores-Getting-Started.html",
            _READ,
            Kind.DOCUMENTED,
        ),
        fix="Set engineVersion of the replication group to 5.0.6 or later.",
    ),
    Relation(
        id="registry-at-home",
        kinds=(ECR_REPLICATION,),
        check=_may_be_its_own_registry,
        evidence=Evidence(
            f"{OWN_REGISTRY}, where registryId is the registry's own account. Another account in "
            "the same region is allowed.",
            "https://github.com/badmintoncryer/cdk-preflight",
            "2026-09-06",
        ),
        fix="Set region of the destination to another region, unless registryId is another "
        "account; allowedAccountIds of the provider tells which the own one is.",
    ),
    Relation(
        id="file-system-protected",
        kinds=(EFS_REPLICATION,),
        check=_is_protected,
        evidence=Evidence(
            "refuses to replicate to a file system unless its replication overwrite protection "
            "is disabled.",
            "https://docs.aws.amazon.com/efs/latest/ug/replication-use-cases.html",
            _READ,
            Kind.DOCUMENTED,
        ),
        fix="Set protection.replicationOverwrite of the destination to DISABLED, and add "
        "protection to its ignoreChanges option: AWS changes it to REPLICATING.",
    ),
    Relation(
        id="table-replica-drift",
        kinds=(TABLE_REPLICA,),
        check=_takes_replica_away,
        evidence=Evidence(
            "reports the replica to a refresh, and the next update of the table removes it, "
            "since the program does not list it there.",
            _REPLICAS,
            _READ,
            Kind.DOCUMENTED,
        ),
        fix="Add replicas to the ignoreChanges option of the table.",
        asked=Asked.ALWAYS,
    ),
)
