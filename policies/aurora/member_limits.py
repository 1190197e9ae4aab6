"""What a member of an Aurora global database may not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..model import Model
from ..model.answers import CannotTell, Yes, whichever
from ..model.aurora.global_databases import (
    joins,
)
from ..model.references import Outside, possible
from ..model.resource import Resource
from ..model.values import Absent, Known, Unknown
from ..model.vocabulary import CLUSTER, CLUSTER_INSTANCE
from ..rule import (
    Evidence,
    Kind,
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


def manages_own_password(cluster: Resource, _: Settings) -> Iterator[Outcome]:
    """A member should not leave its master password to Secrets Manager."""
    if not joins(cluster):
        return
    match cluster.flag("manageMasterUserPassword"):
        case Known(True):
            yield Violation(
                cluster,
                f"{cluster.label} joins a global database and leaves its master password to "
                "Secrets Manager.",
                chains=((cluster.label, "globalClusterIdentifier and manageMasterUserPassword"),),
            )
        case Unknown(why):
            yield Unverified(cluster, f"its manageMasterUserPassword is {why}")


_BURSTABLE: Final = r"db\.t\d"


def is_of_a_class_that_fits(instance: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """An instance of a member must not be of a burstable class."""
    instance_class = instance.text("instanceClass")
    if isinstance(instance_class, Absent) or (
        isinstance(instance_class, Known) and not re.match(_BURSTABLE, instance_class.value.lower())
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
                f"{instance.label} is of class {instance_class.value}, in a global database:",
                chains=((instance.label, *chain),),
                effect="CreateDBInstance answers InvalidParameterCombination: The requested "
                f"instance class is not supported by global databases: {instance_class.value}",
            )
        case Yes() if isinstance(instance_class, Unknown):
            yield Unverified(instance, f"its instanceClass is {instance_class.why}")


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
            kind=Kind.DOCUMENTED,
        ),
    ),
    fix="Set masterPassword on the primary, from a secret of your own, and remove "
    "manageMasterUserPassword.",
    in_doubt="give manageMasterUserPassword a value that is known before the deployment",
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
    in_doubt="state the instanceClass, and take clusterIdentifier from the cluster of this stack",
    kinds=(CLUSTER_INSTANCE,),
    check=is_of_a_class_that_fits,
)
