"""Read replicas, and copies of backups, that RDS makes.

A key does not leave its region, so that a copy of an encrypted instance in another one names its
own; and what has no automated backups has no replicas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..model import Model
from ..model.answers import Answer, CannotTell, No, Yes, whichever
from ..model.databases.replicas import (
    SOURCE,
    is_encrypted,
    is_from_another_region,
    is_named_by_its_identifier,
    keeps_backups,
    source_of,
)
from ..model.references import Reference, possible
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.vocabulary import DB_BACKUP_REPLICATION, DB_INSTANCE
from ..rule import Evidence, Level, Outcome, Settings, Severity, StackRule, Unverified, Violation

_NO_KEY = (
    "InvalidParameterCombination: Cannot create a cross region unencrypted read replica from "
    "encrypted source."
)
_NO_KEY_FOR_BACKUPS = "InvalidParameterValue: Encrypted instances require a valid KMS key ID."
_NO_BACKUPS = (
    "InvalidDBInstanceState: Automated backups are not enabled for this database instance. To "
    "enable automated backups, use ModifyDBInstance to set the backup retention period to a "
    "non-zero value."
)
_NOT_FOUND = (
    "DBInstance ... not found. (Service: Rds, Status Code: 404) \u2013 it looks up an "
    "identifier in the replica's own region."
)


def can_be_made(copy: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A replica needs a source that keeps backups, and each copy of what is encrypted a key."""
    if copy.kind == DB_BACKUP_REPLICATION:
        yield from _copy_of_backups(copy, model.stack.reference(copy, "sourceDbInstanceArn"))
        return
    source = source_of(model.stack, copy)
    yield from _replica_of_what_keeps_backups(copy, source, model.stack)
    if is_named_by_its_identifier(model.stack, copy):
        yield from _name_abroad(copy, source)
    elif is_from_another_region(copy, source):
        yield from _replica_abroad(copy, source)


def _name_abroad(replica: Resource, source: Reference) -> Iterator[Outcome]:
    yield Violation(
        replica,
        f"{replica.label} names its source in another region by something other than its ARN:",
        chains=tuple((replica.label, SOURCE, each.label) for each in possible(source)),
        effect=f"CreateDBInstanceReadReplica answers {_NOT_FOUND}",
        fix="Set replicateSourceDb to the arn of the source.",
        parties=possible(source),
    )


def _replica_abroad(replica: Resource, source: Reference) -> Iterator[Outcome]:
    if isinstance(replica.declares("kmsKeyId"), No):
        yield from _judge(
            replica,
            _of_each(source, is_encrypted),
            Yes,
            f"{replica.label} is a replica of an encrypted instance in another region, but has "
            "no kmsKeyId:",
            effect=f"CreateDBInstanceReadReplica answers {_NO_KEY}",
            fix="Set kmsKeyId of the replica to the ARN of a key in its own region "
            "(storageEncrypted alone has no effect on a replica).",
        )


def _copy_of_backups(copy: Resource, source: Reference) -> Iterator[Outcome]:
    if isinstance(copy.declares("kmsKeyId"), No):
        yield from _judge(
            copy,
            _of_each(source, is_encrypted),
            Yes,
            f"{copy.label} copies the backups of an encrypted instance, but has no kmsKeyId:",
            effect=f"StartDBInstanceAutomatedBackupsReplication answers {_NO_KEY_FOR_BACKUPS}",
            fix="Set kmsKeyId to the ARN of a key in the region to which the backups are copied.",
        )


def _replica_of_what_keeps_backups(
    replica: Resource, source: Reference, stack: Stack
) -> Iterator[Outcome]:
    yield from _judge(
        replica,
        _of_each(source, lambda each: keeps_backups(stack, each)),
        No,
        f"{replica.label} is a replica of an instance without automated backups:",
        effect=f"CreateDBInstanceReadReplica answers {_NO_BACKUPS}",
        fix="Set backupRetentionPeriod of the source to at least 1.",
        parties=possible(source),
    )


def _of_each(source: Reference, asked: Callable[[Resource], Answer]) -> Answer | None:
    """The answer of every instance that may be the source; None where none is of this stack."""
    instances = [each for each in possible(source) if each.kind == DB_INSTANCE]
    if len(instances) != len(possible(source)) or not instances:
        return None
    return whichever(asked(each) for each in instances)


def _judge(
    copy: Resource,
    answer: Answer | None,
    wrong: type[Yes] | type[No],
    problem: str,
    *,
    effect: str,
    fix: str,
    parties: tuple[Resource, ...] = (),
) -> Iterator[Outcome]:
    match answer:
        case CannotTell(why):
            yield Unverified(copy, why)
        case Yes(chain) | No(chain) if isinstance(answer, wrong):
            yield Violation(
                copy,
                problem,
                chains=((copy.label, *chain),),
                effect=effect,
                fix=fix,
                parties=parties,
            )


RDS_READ_REPLICA = StackRule(
    name="rds-read-replica",
    reads_native=False,
    unread="a DbInstance is read as an instance of a cluster there",
    title="Read replicas and backup copies that RDS creates",
    description="The source of a read replica must have automated backups, and a copy in another "
    "region must name its source by the ARN and, if the source is encrypted, have a KMS key.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=("aws", "rds", "disaster-recovery"),
    evidence=(
        Evidence(
            effect=_NO_KEY,
            source="CreateDBInstanceReadReplica, public deployment logs; "
            "https://github.com/terraform-aws-modules/terraform-aws-rds/issues/428",
            date="2026-11-26",
        ),
        Evidence(
            effect=_NO_BACKUPS,
            source="CreateDBInstanceReadReplica, public deployment logs",
            date="2026-11-26",
        ),
        Evidence(
            effect=_NOT_FOUND,
            source="https://github.com/aws/aws-cdk/issues/28998",
            date="2024-02-06",
        ),
        Evidence(
            effect=_NO_KEY_FOR_BACKUPS,
            source="StartDBInstanceAutomatedBackupsReplication; https://github.com/"
            "aws-cloudformation/cloudformation-coverage-roadmap/issues/2019",
            date="2026-11-26",
        ),
    ),
    fix="Set backupRetentionPeriod of the source, and kmsKeyId of each copy in another region.",
    in_doubt="make the source in this stack, and state its storageEncrypted and "
    "backupRetentionPeriod",
    kinds=(DB_INSTANCE, DB_BACKUP_REPLICATION),
    check=can_be_made,
)
