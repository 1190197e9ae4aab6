"""Secondary clusters of an Aurora global database, which need an instance of the primary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..model import Model
from ..model.answers import CannotTell
from ..model.aurora.global_databases import joins
from ..model.resource import Resource
from ..rule import Violation
from .race import waits

_SOURCE_NOT_READY: Final = (
    "CreateDBCluster answers InvalidDBClusterStateFault: Source cluster is in a state which is not "
    "valid for physical replication, or InvalidParameterValue: The parameter MasterUsername must "
    "be provided and must not be blank."
)
_NO_USER_NAME: Final = (
    "Do not set masterUsername: a secondary inherits it from the primary, and AWS refuses one."
)


def secondary(cluster: Resource, model: Model) -> Iterator[Violation]:
    """A new secondary must wait for an instance of its primary, unless that exists."""
    primary = _primary_of(cluster, model)
    if primary is None:
        return
    writers = model.aurora.instances(primary)
    if writers and all(each.is_new for each in writers) and not waits(cluster, writers, model):
        yield Violation(
            cluster,
            f"{cluster.label} joins the global database of {primary.label} without waiting for an "
            "instance of that cluster:",
            chains=((cluster.label, "does not wait for", writers[0].label),),
            effect=_SOURCE_NOT_READY,
            fix=f"Name {writers[0].label} in the dependsOn option of {cluster.label}. "
            f"{_NO_USER_NAME}",
        )


def without_instance(cluster: Resource, model: Model) -> Iterator[Violation]:
    """Of a primary that exists, or that another program may give an instance, nobody can tell."""
    primary = _primary_of(cluster, model)
    if (
        primary is not None
        and primary.is_new
        and not model.aurora.instances(primary)
        and not model.aurora.may_have_instances(primary)
    ):
        yield Violation(
            cluster,
            f"{cluster.label} joins the global database of {primary.label}, which has no instance:",
            chains=((cluster.label, primary.label, "no instance in this stack"),),
            effect=_SOURCE_NOT_READY,
            fix=f"Add an instance to {primary.label}, and name it in the dependsOn option of "
            f"{cluster.label}. {_NO_USER_NAME}",
        )


def _primary_of(cluster: Resource, model: Model) -> Resource | None:
    """The primary of the global database that a cluster joins as a secondary."""
    database = model.aurora.database_of(cluster)
    if database is None or isinstance(database, CannotTell) or not joins(cluster):
        return None
    primary = model.aurora.primary(database)
    return None if isinstance(primary, CannotTell) or primary is cluster else primary
