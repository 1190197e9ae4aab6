"""What RDS, DocumentDB and Neptune are documented to ask of databases that are copied.

What was seen to be refused is in `replicas.py`.
"""

from __future__ import annotations

import re
from typing import Final

from ..model import Model
from ..model.answers import No, whichever
from ..model.arns import parse_arn
from ..model.databases.replicas import (
    SOURCE,
    is_from_another_region,
    is_named_by_its_identifier,
    keeps_backups,
    source_of,
)
from ..model.inputs import Declared
from ..model.references import possible, same
from ..model.resource import Resource
from ..model.truth import Truth
from ..model.values import UNKNOWN, Absent, Known, text
from ..model.vocabulary import (
    CLUSTER,
    DB_BACKUP_REPLICATION,
    DB_INSTANCE,
    DOCDB_CLUSTER,
    DOCDB_CLUSTER_INSTANCE,
    DOCDB_GLOBAL_CLUSTER,
    GLOBAL_CLUSTER,
    NEPTUNE_CLUSTER,
    NEPTUNE_CLUSTER_INSTANCE,
    NEPTUNE_GLOBAL_CLUSTER,
)
from ..model.words import listed
from ..relation import Broken, Relation
from ..rule import Evidence, Kind

_READ: Final = "2026-11-26"
_REPLICAS: Final = (
    "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html"
)
_BACKUPS: Final = (
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html"
)
_DOCDB: Final = "https://docs.aws.amazon.com/documentdb/latest/developerguide/global-clusters.html"
_NEPTUNE: Final = "https://docs.aws.amazon.com/neptune/latest/userguide/neptune-gdb-setup.html"
_INHERITED: Final = ("engineVersion", "storageEncrypted")
_RESOURCE_ID: Final = r"db-[A-Z0-9]{26}"
"""By this id, which is the `id` of an instance since version 6 of the provider, nothing but logs
and policies knows it."""


def _named_by_no_arn(replica: Resource, model: Model) -> Broken | None:
    """What comes from the source itself is told by rds-read-replica."""
    said = Declared(replica).text(SOURCE)
    if not isinstance(said, Known) or parse_arn(said.value) is not None:
        return None
    if is_named_by_its_identifier(model.stack, replica):
        return None
    source = source_of(model.stack, replica)
    if re.fullmatch(_RESOURCE_ID, said.value):
        what = "the source of a replica by its resource id instead of its identifier or ARN"
    elif is_from_another_region(replica, source):
        what = "the source of a replica in another region by something other than its ARN"
    else:
        return None
    return Broken(
        f"names {what}",
        tuple((SOURCE, each.label) for each in possible(source)),
        possible(source),
    )


def _has_key_of_its_own(replica: Resource, model: Model) -> Broken | None:
    source = source_of(model.stack, replica)
    is_here = is_from_another_region(replica, source) is False
    if is_here and Declared(replica).sets("kmsKeyId") is Truth.TRUE:
        return Broken(
            "is a replica with a kmsKeyId, although its source is in the same region",
            tuple((SOURCE, each.label) for each in possible(source)),
        )
    return None


def _is_in_default_vpc(replica: Resource, model: Model) -> Broken | None:
    """Where it has security groups of this stack, vpc-local-references compares their VPC."""
    source = source_of(model.stack, replica)
    groups = model.stack.references(replica, "vpcSecurityGroupIds")
    if (
        is_from_another_region(replica, source)
        and Declared(replica).lacks("dbSubnetGroupName") is Truth.TRUE
        and (isinstance(groups, Absent) or not groups.possible)
    ):
        return Broken(
            "is a replica of an instance in another region, but has no dbSubnetGroupName",
            tuple((SOURCE, each.label) for each in possible(source)),
        )
    return None


def _stays_at_home(copy: Resource, model: Model) -> Broken | None:
    source = model.stack.reference(copy, "sourceDbInstanceArn")
    if is_from_another_region(copy, source) is False:
        return Broken(
            "copies automated backups within their own region",
            tuple(("sourceDbInstanceArn", each.label) for each in possible(source)),
        )
    return None


def _has_nothing_to_copy(copy: Resource, model: Model) -> Broken | None:
    """A replica of such an instance is rejected, so that it is told there."""
    sources = possible(model.stack.reference(copy, "sourceDbInstanceArn"))
    if not sources or any(each.kind != DB_INSTANCE for each in sources):
        return None
    if any(_has_a_replica(each, model) for each in sources):
        return None
    match whichever(keeps_backups(model.stack, each) for each in sources):
        case No(chain):
            return Broken(
                "copies the automated backups of an instance that has none", (chain,), sources
            )
    return None


def _has_a_replica(source: Resource, model: Model) -> bool:
    replicas = model.stack.naming(source, "replicateSourceDb", DB_INSTANCE)
    return any(is_certain and each.is_new for each, is_certain in replicas)


def _is_burstable_member(instance: Resource, model: Model) -> Broken | None:
    clusters = possible(model.stack.reference(instance, "clusterIdentifier"))
    members = [
        each for each in clusters if Declared(each).sets("globalClusterIdentifier") is Truth.TRUE
    ]
    burstable = Declared(instance).holds("instanceClass", lambda name: name.startswith("db.t"))
    if members and len(members) == len(clusters) and burstable is Truth.TRUE:
        return Broken(
            "has a burstable class, but its cluster belongs to a global cluster",
            tuple((each.label, "globalClusterIdentifier") for each in members),
            tuple(members),
        )
    return None


def _shares_its_region(cluster: Resource, model: Model) -> Broken | None:
    home = model.stack.reference(cluster, "globalClusterIdentifier")
    for other in model.stack.of(cluster.kind):
        if (
            other.precedence < cluster.precedence
            and other.shares_region_with(cluster)
            and same(home, model.stack.reference(other, "globalClusterIdentifier"))
        ):
            return Broken(
                "is in the same region as another member of its global cluster",
                (("globalClusterIdentifier", other.label),),
                (other,),
            )
    return None


def _repeats_what_it_inherits(cluster: Resource, model: Model) -> Broken | None:
    declared = Declared(cluster)
    said = [name for name in _INHERITED if declared.sets(name) is Truth.TRUE]
    name = declared.at("sourceDbClusterIdentifier")
    if said and (name is UNKNOWN or isinstance(text(name), Known)):
        source = model.stack.reference(
            cluster, "sourceDbClusterIdentifier", CLUSTER, DOCDB_CLUSTER, NEPTUNE_CLUSTER
        )
        return Broken(
            f"is made from an existing cluster, but sets {listed(said)}",
            tuple(("sourceDbClusterIdentifier", each.label) for each in possible(source)),
        )
    return None


ROWS: Final = (
    Relation(
        id="replica-source-name",
        kinds=(DB_INSTANCE,),
        check=_named_by_no_arn,
        evidence=Evidence(
            "looks up an identifier in the replica's own region, and CreateDBInstanceReadReplica "
            "answers DBInstanceNotFound.",
            f"{_REPLICAS}; https://github.com/hashicorp/terraform-provider-aws/issues/12518",
            _READ,
            Kind.DOCUMENTED,
        ),
        fix="Set replicateSourceDb to the arn of the source, or, in the same region, to its "
        "identifier.",
    ),
    Relation(
        id="replica-key-at-home",
        kinds=(DB_INSTANCE,),
        check=_has_key_of_its_own,
        evidence=Evidence(
            "CreateDBInstanceReadReplica may answer InvalidParameterCombination: Your request "
            "does not require the KMS key parameter. Please remove the KMS key parameter and try "
            "your request again.",
            "https://github.com/cloudposse/terraform-aws-rds-replica/issues/5 (of 2019)",
            _READ,
            Kind.REPORTED,
        ),
        fix="Remove kmsKeyId: in the same region a replica uses the key of its source.",
    ),
    Relation(
        id="replica-in-default-vpc",
        kinds=(DB_INSTANCE,),
        check=_is_in_default_vpc,
        evidence=Evidence(
            "puts the replica into the default VPC of the region; where there is none, "
            "CreateDBInstanceReadReplica answers InvalidSubnet: No default subnet detected in "
            "VPC.",
            "CreateDBInstanceReadReplica, public deployment logs",
            _READ,
        ),
        fix="Set dbSubnetGroupName to a DB subnet group in the replica's own region.",
    ),
    Relation(
        id="backups-at-home",
        kinds=(DB_BACKUP_REPLICATION,),
        check=_stays_at_home,
        evidence=Evidence(
            "replicates automated backups to another region, and the replication must be created "
            "in that region.",
            _BACKUPS,
            _READ,
            Kind.DOCUMENTED,
        ),
        fix="Create the replication with the provider (or region) of the other region.",
    ),
    Relation(
        id="backups-off",
        kinds=(DB_BACKUP_REPLICATION,),
        check=_has_nothing_to_copy,
        evidence=Evidence(
            "replicates backups only of instances that have automated backups turned on.",
            _BACKUPS,
            _READ,
            Kind.DOCUMENTED,
        ),
        fix="Set backupRetentionPeriod of the source to at least 1.",
    ),
    Relation(
        id="global-source-settings",
        kinds=(GLOBAL_CLUSTER, DOCDB_GLOBAL_CLUSTER, NEPTUNE_GLOBAL_CLUSTER),
        check=_repeats_what_it_inherits,
        evidence=Evidence(
            "lets a global cluster inherit engine, version and encryption from its source: they "
            "cannot be specified beside it.",
            "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateGlobalCluster.html",
            _READ,
            Kind.DOCUMENTED,
        ),
        fix="Remove engineVersion and storageEncrypted when the global cluster is created. Set "
        "engineVersion later, to upgrade it.",
    ),
    Relation(
        id="burstable-member",
        kinds=(DOCDB_CLUSTER_INSTANCE, NEPTUNE_CLUSTER_INSTANCE),
        check=_is_burstable_member,
        evidence=Evidence(
            "does not support burstable classes in global clusters of DocumentDB and Neptune.",
            f"{_DOCDB}; {_NEPTUNE}",
            _READ,
            Kind.DOCUMENTED,
        ),
        fix="Set instanceClass to a memory-optimized class, such as db.r6g.large.",
    ),
    Relation(
        id="members-in-one-region",
        kinds=(DOCDB_CLUSTER, NEPTUNE_CLUSTER),
        check=_shares_its_region,
        evidence=Evidence(
            "does not allow two clusters of a global cluster in one region.",
            f"{_NEPTUNE}; {_DOCDB}",
            _READ,
            Kind.DOCUMENTED,
        ),
        fix="Create the secondary cluster with the provider (or region) of another region.",
    ),
)
