"""What uses a replica must be allowed to.

The ARN of a table or a secret holds its region. A role that names the original's may use that
alone: what stands by with its name answers AccessDenied, and nobody notices before the failover.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Model
from ..model.resource import Resource
from ..model.takeover.permissions import Missing
from ..model.values import Known
from ..model.vocabulary import (
    INSTANCE,
    LAMBDA_FUNCTION,
    LAUNCH_TEMPLATE,
    STATE_MACHINE,
    TASK_DEFINITION,
)
from ..regions.standing_in import PRIMARY, REGIONS, losses
from ..rule import (
    Asked,
    Evidence,
    Kind,
    Level,
    Outcome,
    Settings,
    Severity,
    StackRule,
    Unverified,
    Violation,
)


def may_use_the_replica(user: Resource, model: Model, settings: Settings) -> Iterator[Outcome]:
    """What uses a replica by its name should have a role that may use it."""
    home = model.takeover.homes.of(user)
    for lost, left in losses(model, settings):
        if not isinstance(home, Known) or home.value not in left:
            continue
        for each in model.takeover.permissions.missing(user, home.value, lost):
            yield _outcome(user, each, home.value, lost)


def _outcome(user: Resource, missing: Missing, home: str, lost: str) -> Outcome:
    original, policy = missing.original, missing.policy
    where = policy.stated_by.label if policy.stated_by is not None else missing.role.label
    parties = (original, missing.role)
    if missing.action is None:
        return Unverified(
            user,
            f"whether {where}, which is made of {original.label} of {lost}, allows the replica in "
            f"{home} too is not known before the deployment",
            cure=f"check that it names {home}, or any region (`*`)",
            parties=parties,
            lost=lost,
        )
    return Violation(
        user,
        f"{user.label} uses the replica of {original.label} in {home}, but its role may use that "
        f"of {lost} only:",
        chains=((user.label, missing.role.label, where, missing.action, missing.names),),
        effect=f"answers AccessDenied to {missing.action} in {home}: the replica has an ARN of its "
        "own.",
        fix=f"Let the policy name the replica of {home} too, or any region's "
        f"({_anywhere(missing.names)}).",
        parties=parties,
        lost=lost,
    )


def _anywhere(arn: str) -> str:
    """The ARN, of any region."""
    partition, service, _, rest = arn.split(":", 4)[1:]
    return f"arn:{partition}:{service}:*:{rest}"


STANDBY_PERMISSIONS = StackRule(
    name="standby-permissions",
    title="Roles that may use the replica of their region",
    description="What uses a replica should be allowed to: the role must name the replica's "
    "region.",
    level=Level.ADVISORY,
    severity=Severity.HIGH,
    tags=("aws", "iam", "dynamodb", "secretsmanager", "rehearsal", "disaster-recovery"),
    evidence=(
        Evidence(
            "AccessDeniedException: a policy allows what its ARNs name, and the replica of another "
            "region has an ARN of its own.",
            "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
            "globaltables-security.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
        Evidence(
            "Fixes Lambda IAM role to allow secondary region access to the global table",
            "https://github.com/aws-samples/aws-health-aware/pull/25",
            "2026-11-26",
            Kind.REPORTED,
        ),
    ),
    fix="Name the replica's ARN in the role's policy too, or put * for the region.",
    in_doubt="check that the policy names the replica's region",
    options=(REGIONS, PRIMARY),
    reads_native=False,
    unread="roles of aws-native are not read",
    asked=Asked.ALWAYS,
    kinds=(LAMBDA_FUNCTION, TASK_DEFINITION, STATE_MACHINE, INSTANCE, LAUNCH_TEMPLATE),
    check=may_use_the_replica,
)
