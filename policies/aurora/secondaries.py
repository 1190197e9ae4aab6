"""What a secondary cluster of an Aurora global database takes over from the primary.

CreateDBCluster answers `InvalidParameterCombination: Cannot specify user name for cross region
replication cluster` (or password, or database name). With encryption each secondary names a key of
its own region, since keys do not leave theirs: `For encrypted cross-region replica, kmsKeyId should
be explicitly specified`.

The program of an imported secondary may repeat the user name that it shares with its primary.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..model import Model
from ..model.answers import CannotTell, No, Yes
from ..model.aurora.global_databases import (
    Aurora,
    GlobalDatabase,
)
from ..model.resource import Resource
from ..model.vocabulary import CLUSTER, GLOBAL_CLUSTER
from ..model.words import listed
from ..rule import (
    Evidence,
    Level,
    Outcome,
    Settings,
    Severity,
    StackRule,
    Unverified,
    Violation,
)
from .members import _still_open

_TAGS = ("aws", "rds", "aurora", "disaster-recovery")
_GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"

_TAKEN_OVER = {
    "masterUsername": "user name",
    "masterPassword": "password",
    "masterPasswordWo": "password",
    "databaseName": "database name",
}
_NO_KEY = (
    "CreateDBCluster answers InvalidParameterCombination: For encrypted cross-region replica, "
    "kmsKeyId should be explicitly specified."
)
_NO_SNAPSHOT = (
    "Restore it without globalClusterIdentifier, and name it in sourceDbClusterIdentifier of the "
    "global cluster."
)


def as_secondary(subject: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A secondary takes credentials and contents over from the primary, and has its own key."""
    aurora = model.aurora
    if subject.kind == GLOBAL_CLUSTER:
        for database in aurora.databases:
            if database.global_cluster is subject:
                yield from _one_at_most(subject, database, aurora)
                yield from _one_without_key_at_most(subject, database, aurora)
        return
    if _asks_for(subject, "globalClusterIdentifier") and _asks_for(subject, "snapshotIdentifier"):
        yield _restored(subject)
    else:
        yield from _still_open(subject, _joining(subject, aurora))


def _asks_for(cluster: Resource, name: str) -> bool:
    """Whether the program sets it: of a cluster that became the source of a global database, AWS
    says later that it is in one."""
    return isinstance(cluster.declares(name), Yes) and not cluster.leaves_as_it_is(name)


def _restored(cluster: Resource) -> Violation:
    return Violation(
        cluster,
        f"{cluster.label} is restored from a snapshot and joins a global database in one step.",
        chains=((cluster.label, "snapshotIdentifier and globalClusterIdentifier"),),
        effect="RestoreDBClusterFromSnapshot takes no global cluster, and the aws provider refuses "
        "the two together.",
        fix=_NO_SNAPSHOT,
    )


def _joining(cluster: Resource, aurora: Aurora) -> Iterator[Outcome]:
    database = aurora.database_of(cluster)
    rivals = aurora.rivals(database) if isinstance(database, GlobalDatabase) else ()
    keyless = aurora.keyless(database) if isinstance(database, GlobalDatabase) else ()
    set_here = [name for name in _TAKEN_OVER if isinstance(cluster.declares(name), Yes)]
    match aurora.is_secondary(cluster):
        case Yes(chain):
            if set_here:
                yield _own_credentials(cluster, chain, set_here)
            yield from _own_key(cluster, chain, aurora)
        case CannotTell(why):
            if isinstance(database, GlobalDatabase) and database.global_cluster is None:
                if cluster in rivals[-1:]:
                    yield from _one_at_most(cluster, database, aurora)
                if cluster in keyless[-1:]:
                    yield from _one_without_key_at_most(cluster, database, aurora)
            if (set_here and cluster not in rivals) or (
                cluster not in keyless and any(_own_key(cluster, (), aurora))
            ):
                yield Unverified(cluster, why)


def _own_credentials(cluster: Resource, chain: Sequence[str], names: Sequence[str]) -> Violation:
    own_names = [cluster.own_name(name) for name in names]
    return Violation(
        cluster,
        f"{cluster.label} is a secondary and sets {listed(own_names)}, which only the primary may:",
        chains=((cluster.label, *chain, ", ".join(own_names)),),
        effect=_refusal(names[0]),
        fix=f"Remove {listed(own_names)} from {cluster.label}: a secondary takes users and "
        "databases over from its primary.",
    )


def _own_key(cluster: Resource, chain: Sequence[str], aurora: Aurora) -> Iterator[Outcome]:
    if not isinstance(cluster.declares("kmsKeyId"), No):
        return
    match aurora.is_encrypted(cluster):
        case Yes():
            yield Violation(
                cluster,
                f"{cluster.label} is an encrypted secondary and names no KMS key:",
                chains=((cluster.label, *chain, "no kmsKeyId"),),
                effect=_NO_KEY,
                fix=f"Set kmsKeyId of {cluster.label} to a KMS key of its own region.",
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
        f"{listed([rival.label for rival in rivals])} of {database.label} set credentials, which "
        "only the primary may, and nothing shows which of them is the primary:",
        chains=tuple(
            (database.label, rival.label, ", ".join(map(rival.own_name, names)))
            for rival, names in set_by.items()
        ),
        effect=f"{_refusal(set_by[rivals[0]][0])} It says so of each one but the first that it "
        "creates.",
        fix="Leave credentials and databaseName to one cluster, and let the others wait "
        "(dependsOn) for its instance.",
    )


def _refusal(name: str) -> str:
    return (
        "CreateDBCluster answers InvalidParameterCombination: Cannot specify "
        f"{_TAKEN_OVER[name]} for cross region replication cluster."
    )


def _one_without_key_at_most(
    subject: Resource, database: GlobalDatabase, aurora: Aurora
) -> Iterator[Violation]:
    """The finding on encrypted members without a key: all but one of them are secondaries."""
    keyless = aurora.keyless(database)
    if not keyless:
        return
    yield Violation(
        subject,
        f"{listed([each.label for each in keyless])} of {database.label} are encrypted and name no "
        "KMS key; only the primary may leave the key to AWS:",
        chains=tuple((database.label, each.label, "no kmsKeyId") for each in keyless),
        effect=_NO_KEY,
        fix="Set kmsKeyId of every secondary to a KMS key of its own region, and let it wait "
        "(dependsOn) for an instance of the primary.",
        parties=keyless,
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
    in_doubt="let each secondary depend on the instance of the primary, which shows who is the "
    "primary",
    kinds=(CLUSTER, GLOBAL_CLUSTER),
    check=as_secondary,
)
