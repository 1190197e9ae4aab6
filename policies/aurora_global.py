"""What the clusters of an Aurora global database must be like.

They have one engine, one version and one encryption setting, and each a region of its own. A
secondary takes credentials and databases over from the primary: CreateDBCluster answers
`InvalidParameterCombination: Cannot specify user name for cross region replication cluster` (or
password, or database name). With encryption each names a key of its own region, since keys do not
leave theirs: `For encrypted cross-region replica, kmsKeyId should be explicitly specified`.

AWS asks for most of this when it makes a cluster, never of one that exists. The program of an
imported secondary may repeat the user name that it shares with its primary, and one that ignores
the version of its members keeps the old one when the global cluster is upgraded, and they with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from .aurora_versions import SERVERLESS, fits_as_member, fits_global_database
from .message import listed
from .model import Model
from .model.answers import CannotTell, No, Yes, whichever
from .model.aurora import (
    ENGINE,
    ENGINE_VERSION,
    MOST_SECONDARIES,
    STORAGE_ENCRYPTED,
    Aurora,
    GlobalDatabase,
    joins,
)
from .model.resource import Resource
from .model.stack import Outside, possible, target
from .model.values import Absent, Known, Unknown, known_or_none
from .model.vocabulary import CLUSTER, CLUSTER_INSTANCE, GLOBAL_CLUSTER
from .rule import (
    Evidence,
    Level,
    Outcome,
    ResourceRule,
    Settings,
    Severity,
    StackRule,
    Unverified,
    Violation,
)

_TAGS = ("aws", "rds", "aurora", "disaster-recovery")
_GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"

# --- what members have in common -----------------------------------------------------------------

_MISMATCH = "CreateDBCluster answers InvalidParameterValue: Value for {} should match setting for "
_EFFECT_OF_MISMATCH = {
    ENGINE: "All clusters of a global database have one engine; AWS lets no other cluster join.",
    ENGINE_VERSION: _MISMATCH.format(ENGINE_VERSION) + "global cluster.",
    STORAGE_ENCRYPTED: _MISMATCH.format(STORAGE_ENCRYPTED) + "global cluster.",
}


def members_go_together(subject: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """Members have their global database's engine, version and encryption, and a region each."""
    if subject.kind == GLOBAL_CLUSTER:
        yield from _not_too_many(subject, model.aurora)
        return
    match model.aurora.database_of(subject):
        case GlobalDatabase() as database:
            yield from _still_open(subject, _fit_as_source(subject, database))
            yield from _still_open(subject, _alike(subject, database, model.aurora))
            yield from _in_a_region_of_its_own(subject, database, model)
        case CannotTell(why) if subject.is_new:
            yield Unverified(subject, why)


def _still_open(cluster: Resource, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """The outcomes without doubts about a cluster that exists: AWS has answered those."""
    return (each for each in outcomes if cluster.is_new or isinstance(each, Violation))


def _fit_as_source(cluster: Resource, database: GlobalDatabase) -> Iterator[Outcome]:
    """What aurora-global-engine-version asks of every other member. That this one is a member, the
    global cluster alone tells."""
    if joins(cluster) or target(database.source) is not cluster:
        return
    if cluster.text("engineMode") == SERVERLESS:
        return  # One defect, one finding: that of aurora-serverless-v1.
    yield from fits_as_member(cluster, Settings())


def _alike(cluster: Resource, database: GlobalDatabase, aurora: Aurora) -> Iterator[Outcome]:
    for name in (ENGINE, ENGINE_VERSION, STORAGE_ENCRYPTED):
        match aurora.agrees(cluster, name):
            case CannotTell(why):
                yield Unverified(cluster, why)
            case No(chain):
                if name != STORAGE_ENCRYPTED and _is_unfit(cluster, database, aurora):
                    return  # One defect, one finding: that of aurora-global-engine-version.
                yield Violation(
                    cluster,
                    f"{cluster.name} joins {database.label} with another {name}:",
                    chains=((cluster.label, *chain),),
                    effect=_EFFECT_OF_MISMATCH[name],
                    fix=f"Give every cluster of the global database the same {name}.",
                )
                if name == ENGINE:
                    return


def _is_unfit(cluster: Resource, database: GlobalDatabase, aurora: Aurora) -> bool:
    """Whether the engine or version of one of those that differ fits no global database at all."""
    concerned = (cluster, database.global_cluster, aurora.primary(database))
    return any(
        isinstance(outcome, Violation)
        for resource in concerned
        if isinstance(resource, Resource)
        for outcome in (fits_as_member if resource.kind == CLUSTER else fits_global_database)(
            resource, Settings()
        )
    )


def _in_a_region_of_its_own(
    cluster: Resource, database: GlobalDatabase, model: Model
) -> Iterator[Outcome]:
    others = [each for each in database.members if each is not cluster]
    sharing = [
        each for each in database.members if each is cluster or cluster.shares_region_with(each)
    ]
    # One of those in a region may stay: the primary or, where it is not known, the first by name.
    primary = model.aurora.primary(database)
    stays = next((each for each in sharing if each is primary), sharing[0])
    if stays is not cluster:
        if any(model.regional_references.of(each).abroad for each in (stays, cluster)):
            return  # One defect, one finding: that of region-local-references.
        region = known_or_none(cluster.region) or "the region of their provider"
        yield Violation(
            cluster,
            f"{cluster.name} and {stays.name}, both of {database.label}, are in one region:",
            chains=tuple((database.label, each.label, region) for each in (stays, cluster)),
            effect="Each cluster of a global database must be in a region of its own.",
            fix=f"Make {cluster.name} in another region. Often its provider (or region) was "
            "forgotten, so that it went to the default one.",
        )
    elif isinstance(cluster.region, Unknown) and any(
        cluster.shares_region_with(each) is None for each in others
    ):
        yield Unverified(cluster, f"its region is {cluster.region.why}")


def _not_too_many(global_cluster: Resource, aurora: Aurora) -> Iterator[Outcome]:
    for database in aurora.databases:
        secondaries = len(database.members) - 1  # One of them at most is the primary.
        if database.global_cluster is global_cluster and secondaries > MOST_SECONDARIES:
            yield Violation(
                global_cluster,
                f"{global_cluster.name} has {secondaries} secondary clusters.",
                effect=f"A global database has at most {MOST_SECONDARIES} secondary clusters.",
                fix=f"Leave at most {MOST_SECONDARIES} secondary clusters in it.",
            )


# --- what only the primary may say ---------------------------------------------------------------

_TAKEN_OVER = {
    "masterUsername": "user name",
    "masterPassword": "password",
    "masterPasswordWo": "password",
    "databaseName": "database name",
}
_NO_SNAPSHOT = (
    "Restore it without globalClusterIdentifier, and make the global cluster from it with "
    "sourceDbClusterIdentifier."
)


def as_secondary(subject: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A secondary takes credentials and contents over from the primary, and has its own key."""
    aurora = model.aurora
    if subject.kind == GLOBAL_CLUSTER:
        for database in aurora.databases:
            if database.global_cluster is subject:
                yield from _one_at_most(subject, database, aurora)
        return
    if _asks_for(subject, "globalClusterIdentifier") and _asks_for(subject, "snapshotIdentifier"):
        yield _restored(subject)
    else:
        yield from _still_open(subject, _joining(subject, aurora))


def _asks_for(cluster: Resource, name: str) -> bool:
    """Whether the program sets it: of a cluster that became the source of a global database, AWS
    says later that it is in one."""
    return isinstance(cluster.declares(name), Yes) and (
        cluster.is_new or cluster.own_name(name) not in cluster.ignored
    )


def _restored(cluster: Resource) -> Violation:
    return Violation(
        cluster,
        f"{cluster.name} is restored from a snapshot and joins a global database at once.",
        chains=((cluster.label, "snapshotIdentifier and globalClusterIdentifier"),),
        effect="RestoreDBClusterFromSnapshot takes no global cluster, and the aws provider refuses "
        "the two together.",
        fix=_NO_SNAPSHOT,
    )


def _joining(cluster: Resource, aurora: Aurora) -> Iterator[Outcome]:
    database = aurora.database_of(cluster)
    rivals = aurora.rivals(database) if isinstance(database, GlobalDatabase) else ()
    set_here = [name for name in _TAKEN_OVER if isinstance(cluster.declares(name), Yes)]
    match aurora.is_secondary(cluster):
        case Yes(chain):
            if set_here:
                yield _own_credentials(cluster, chain, set_here)
            yield from _own_key(cluster, chain, aurora)
        case CannotTell(why):
            if (
                isinstance(database, GlobalDatabase)
                and database.global_cluster is None
                and cluster in rivals[-1:]
            ):
                yield from _one_at_most(cluster, database, aurora)
            if (set_here and cluster not in rivals) or any(_own_key(cluster, (), aurora)):
                yield Unverified(cluster, why)


def _own_credentials(cluster: Resource, chain: Sequence[str], names: Sequence[str]) -> Violation:
    own_names = [cluster.own_name(name) for name in names]
    return Violation(
        cluster,
        f"{cluster.name} is a secondary and sets {listed(own_names)}, which only the primary may:",
        chains=((cluster.label, *chain, ", ".join(own_names)),),
        effect=_refusal(names[0]),
        fix=f"Remove {listed(own_names)} from {cluster.name}: a secondary takes users and "
        "databases over from its primary.",
    )


def _own_key(cluster: Resource, chain: Sequence[str], aurora: Aurora) -> Iterator[Outcome]:
    if not isinstance(cluster.declares("kmsKeyId"), No):
        return
    match aurora.is_encrypted(cluster):
        case Yes():
            yield Violation(
                cluster,
                f"{cluster.name} is an encrypted secondary and names no KMS key:",
                chains=((cluster.label, *chain, "no kmsKeyId"),),
                effect="CreateDBCluster answers InvalidParameterCombination: For encrypted "
                "cross-region replica, kmsKeyId should be explicitly specified.",
                fix=f"Set kmsKeyId of {cluster.name} to a KMS key of its own region.",
            )
        case CannotTell(why):
            yield Unverified(cluster, why)


def _one_at_most(
    subject: Resource, database: GlobalDatabase, aurora: Aurora
) -> Iterator[Violation]:
    """The finding on two members that both set credentials: one of them is a secondary."""
    rivals = aurora.rivals(database)
    if not rivals:
        return
    set_by = {
        rival: [name for name in _TAKEN_OVER if isinstance(rival.declares(name), Yes)]
        for rival in rivals
    }
    yield Violation(
        subject,
        f"{listed([rival.name for rival in rivals])} of {database.label} set credentials, which "
        "only the primary may, and nothing tells which of them that is:",
        chains=tuple(
            (database.label, rival.label, ", ".join(map(rival.own_name, names)))
            for rival, names in set_by.items()
        ),
        effect=f"{_refusal(set_by[rivals[0]][0])} It says so of every one but the first that it "
        "makes.",
        fix="Leave credentials and databaseName to one cluster, and let the others depend on its "
        "instance.",
    )


def _refusal(name: str) -> str:
    return (
        "CreateDBCluster answers InvalidParameterCombination: Cannot specify "
        f"{_TAKEN_OVER[name]} for cross region replication cluster."
    )


# --- what a member may not have ------------------------------------------------------------------


def manages_own_password(cluster: Resource, _: Settings) -> Iterator[Outcome]:
    """A member should not leave its master password to Secrets Manager."""
    if not joins(cluster):
        return
    match cluster.flag("manageMasterUserPassword"):
        case Known(True):
            yield Violation(
                cluster,
                f"{cluster.name} joins a global database and leaves its master password to Secrets "
                "Manager.",
                chains=((cluster.label, "globalClusterIdentifier and manageMasterUserPassword"),),
            )
        case Unknown(why):
            yield Unverified(cluster, f"its manageMasterUserPassword is {why}")


_BURSTABLE = re.compile(r"db\.t\d")


def is_of_a_class_that_fits(instance: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """An instance of a member must not be of a burstable class."""
    instance_class = instance.text("instanceClass")
    if isinstance(instance_class, Absent) or (
        isinstance(instance_class, Known) and not _BURSTABLE.match(instance_class.value.lower())
    ):
        return
    cluster = model.stack.reference(instance, "clusterIdentifier")
    if isinstance(cluster, Absent):
        return  # aws-native makes instances without a cluster with the same type.
    if isinstance(cluster, Outside):
        yield Unverified(instance, f"its cluster {cluster.why}")
        return
    match whichever(model.aurora.is_member(each) for each in possible(cluster)):
        case CannotTell(why):
            yield Unverified(instance, why)
        case Yes(chain) if isinstance(instance_class, Known):
            yield Violation(
                instance,
                f"{instance.name} is a {instance_class.value} instance in a global database:",
                chains=((instance.label, *chain),),
                effect="CreateDBInstance answers InvalidParameterCombination: The requested "
                f"instance class is not supported by global databases: {instance_class.value}",
            )
        case Yes() if isinstance(instance_class, Unknown):
            yield Unverified(instance, f"its instanceClass is {instance_class.why}")


GLOBAL_MEMBERS = StackRule(
    name="aurora-global-members",
    title="Members of an Aurora global database go together",
    description="The clusters of an Aurora global database must have its engine, version and "
    "encryption, and a region each.",
    level=Level.MANDATORY,
    severity=Severity.CRITICAL,
    tags=_TAGS,
    evidence=(
        Evidence(
            effect="InvalidParameterValue: Value for engineVersion should match setting for global "
            "cluster",
            source="https://github.com/aws/aws-cli/issues/8139",
            date="2026-04-13",
        ),
        Evidence(
            effect="InvalidParameterValue: Value for storageEncrypted should match setting for "
            "global cluster",
            source="CreateDBCluster, public deployment log",
            date="2023-05-17",
        ),
        Evidence(
            effect="One primary cluster and up to ten secondary ones, each in a region of its own.",
            source=_GUIDE + "aurora-global-database-configuration-requirements.html",
            date="2026-04-13",
        ),
    ),
    fix="Give all clusters of a global database one engine, one version and one encryption "
    "setting, and each a region of its own.",
    kinds=(CLUSTER, GLOBAL_CLUSTER),
    check=members_go_together,
)

GLOBAL_SECONDARY = StackRule(
    name="aurora-global-secondary",
    title="A secondary of an Aurora global database takes over what the primary sets",
    description="A secondary cluster of an Aurora global database must not set credentials, a "
    "database name or a snapshot, and must name its KMS key.",
    level=Level.MANDATORY,
    severity=Severity.CRITICAL,
    tags=_TAGS,
    evidence=(
        Evidence(
            effect="InvalidParameterCombination: Cannot specify user name for cross region "
            "replication cluster",
            source="https://github.com/cloudposse/terraform-aws-rds-cluster/issues/89",
            date="2026-04-13",
        ),
        Evidence(
            effect="InvalidParameterCombination: Cannot specify password for cross region "
            "replication cluster",
            source="https://github.com/crossplane-contrib/provider-aws/issues/2072",
            date="2024-07-02",
        ),
        Evidence(
            effect="InvalidParameterCombination: Cannot specify database name for cross region "
            "replication cluster",
            source="https://github.com/pulumi/pulumi-aws/issues/3751",
            date="2024-03-28",
        ),
        Evidence(
            effect="InvalidParameterCombination: For encrypted cross-region replica, kmsKeyId "
            "should be explicitly specified",
            source="CreateDBCluster, public deployment logs",
            date="2026-04-13",
        ),
    ),
    fix="Set credentials and databaseName on the primary only, and kmsKeyId on every encrypted "
    "secondary.",
    kinds=(CLUSTER, GLOBAL_CLUSTER),
    check=as_secondary,
)

GLOBAL_MANAGED_PASSWORD = ResourceRule(
    name="aurora-global-managed-password",
    title="No master password managed by RDS in an Aurora global database",
    description="A cluster of an Aurora global database should not leave its master password to "
    "Secrets Manager.",
    level=Level.ADVISORY,
    severity=Severity.MEDIUM,
    tags=_TAGS,
    evidence=(
        Evidence(
            effect="Aurora global databases do not support master passwords that RDS manages in "
            "Secrets Manager; it has to be turned off before a region is added.",
            source=_GUIDE + "aurora-global-database.html",
            date="2026-04-08",
        ),
    ),
    fix="Set masterPassword on the primary, from a secret of your own, and drop "
    "manageMasterUserPassword.",
    kinds=(CLUSTER,),
    check=manages_own_password,
)

GLOBAL_INSTANCE_CLASS = StackRule(
    name="aurora-global-instance-class",
    title="No burstable instances in an Aurora global database",
    description="An instance of an Aurora global database must not be of a burstable class "
    "(db.t...).",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=_TAGS,
    evidence=(
        Evidence(
            effect="InvalidParameterCombination: The requested instance class is not supported by "
            "global databases: db.t4g.medium",
            source="https://github.com/hashicorp/terraform-provider-aws/issues/27736",
            date="2026-04-13",
        ),
    ),
    fix="Use a memory-optimized class (db.r5 or later) or db.serverless.",
    kinds=(CLUSTER_INSTANCE,),
    check=is_of_a_class_that_fits,
)
