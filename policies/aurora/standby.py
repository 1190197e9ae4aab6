"""Whether an Aurora global database has what takes over when a region is lost.

A global database of one cluster deploys, replicates nowhere and has nothing to fail over to.
AWS, "Configuration requirements of an Amazon Aurora global database": at least one secondary AWS
Region is required.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Model
from ..model.aurora.global_databases import GlobalDatabase
from ..model.resource import Resource
from ..model.vocabulary import GLOBAL_CLUSTER
from ..rule import Asked, Evidence, Kind, Level, Outcome, Settings, Severity, StackRule, Violation


def has_a_standby(global_cluster: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A global database has a secondary cluster that can take over."""
    for database in model.aurora.databases:
        if database.global_cluster is global_cluster and _is_alone(database, model):
            [member] = database.members
            yield Violation(
                global_cluster,
                f"{global_cluster.label} has only one cluster:",
                chains=((global_cluster.label, member.label, "no secondary"),),
                effect="creates it, but when the region of its only cluster is lost, there is "
                "nothing to fail over to.",
                # Of one that exists it is said as long as the outputs prove it.
                asked=None if global_cluster.is_new else Asked.ALWAYS,
            )


def _is_alone(database: GlobalDatabase, model: Model) -> bool:
    """Whether it has one cluster for all that is known.

    Where each region is a stack of its own, its others are in other stacks. So a new one is judged
    where its stack has something in another region, one that exists where a refresh has shown all
    members."""
    home = database.global_cluster
    if len(database.members) != 1 or model.aurora.may_have_more_members(database):
        return False
    [member] = database.members
    if model.takeover.databases.is_told_of(member):
        return False  # Its standby is there and not a member: standby-database-source says so.
    if home is None or home.is_new:
        return any(
            member.shares_region_with(each) is False and model.stack.are_of_one_system(member, each)
            for each in model.stack.resources
        )
    return [each.cluster for each in model.aurora.shown_members(database)] == [member]


GLOBAL_STANDBY = StackRule(
    name="aurora-global-standby",
    title="An Aurora global database has a secondary cluster",
    description="An Aurora global database should have a secondary cluster that can take over.",
    level=Level.ADVISORY,
    severity=Severity.HIGH,
    tags=("aws", "rds", "aurora", "failover", "disaster-recovery"),
    evidence=(
        Evidence(
            effect="An Aurora global database spans at least two AWS Regions. At least one "
            "secondary AWS Region is required.",
            source="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
            "aurora-global-database-configuration-requirements.html",
            date="2026-11-26",
            kind=Kind.DOCUMENTED,
        ),
    ),
    fix="Add a cluster in another region with this globalClusterIdentifier. If another stack has "
    "it, exempt the global cluster from this policy.",
    kinds=(GLOBAL_CLUSTER,),
    check=has_a_standby,
)
