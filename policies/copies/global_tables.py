"""What a DynamoDB table, its replicas, and the keys and tables beside them must be together.

A replica is encrypted with a key of its own region (region-local-references has the row): where the
table has a key of the customer, every replica must name one (terraform-provider-aws sends none of
its own accord). DynamoDB makes the replicas itself, so that a table of the same name in a replica's
region is in the way. Keys are asked for when a table is made; of one that exists the provider
repeats the request for no reason (terraform-provider-aws, pull request 29102), so nothing is said
of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..model import Model
from ..model.inputs import Declared
from ..model.places import region_of_arn
from ..model.references import possible
from ..model.resource import Resource
from ..model.truth import Truth
from ..model.values import Known, Reading, known_or_none
from ..model.vocabulary import TABLE_REPLICA
from ..rule import Evidence, Level, Outcome, Settings, Severity, StackRule, Violation
from .dynamodb_replicas import TABLE

_LEGACY_GLOBAL_TABLE: Final = "aws:dynamodb/globalTable:GlobalTable"
_NO_KEY: Final = (
    "UpdateTable answers ValidationException: One or more parameter values were invalid: "
    "KMSMasterKeyId must be specified for each replica."
)
_AT_HOME: Final = "the provider answers: replica cannot be in same region as main table"
_ABROAD: Final = "Create the replica with the provider (or region) of the other region."
_TWIN: Final = (
    "whichever is created second fails: CreateTable answers ResourceInUseException: Table "
    "already exists: ..., or UpdateTable answers ValidationException: Failed to create a the new "
    "replica of table with name: '...' because one or more replicas already existed as tables."
)


def fits_together(resource: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A table and its replicas must have the keys that they need, and their names to themselves."""
    if resource.kind == TABLE_REPLICA:
        yield from _replica(resource, model)
    else:
        yield from _every_replica_has_a_key(resource)
        yield from _has_no_twin(resource, model)


def _has_a_key(table: Resource) -> Truth:
    """Whether the table is encrypted with a key of the customer's."""
    inputs = Declared(table)
    return inputs.is_true("serverSideEncryption.enabled", default=True) & inputs.sets(
        "serverSideEncryption.kmsKeyArn"
    )


def _every_replica_has_a_key(table: Resource) -> Iterator[Outcome]:
    keyless = Declared(table).some("replicas", lambda replica: replica.lacks("kmsKeyArn"))
    if _has_a_key(table) & keyless is Truth.TRUE:
        yield Violation(
            table,
            f"{table.label} has a KMS key of its own, but a replica without a kmsKeyArn.",
            effect=_NO_KEY,
            fix="Set kmsKeyArn of each replica to a key in its own region.",
        )


def _has_no_twin(table: Resource, model: Model) -> Iterator[Outcome]:
    name = Declared(table).text("name")
    if not isinstance(name, Known) or _is_of_a_legacy_global_table(name, model):
        return
    for twin in model.names.elsewhere(table):
        if _has_a_replica_in(table, twin.region) is Truth.TRUE:
            yield Violation(
                table,
                f"{table.label} has a replica in a region where another table has the same name:",
                chains=((table.label, f"its replica in {known_or_none(twin.region)}", twin.label),),
                effect=_TWIN,
                fix=f"Remove {twin.label}, since DynamoDB creates the replica itself, or remove "
                "the replica.",
                parties=(twin,),
            )


def _has_a_replica_in(table: Resource, region: Reading[str]) -> Truth:
    return Declared(table).some("replicas", lambda replica: replica.is_in("regionName", region))


def _is_of_a_legacy_global_table(name: Known[str], model: Model) -> bool:
    """Whether a global table of 2017 may join tables of this name, which is made of such twins."""
    return any(
        each.text("name") == name or not isinstance(each.text("name"), Known)
        for each in model.stack.of(_LEGACY_GLOBAL_TABLE)
    )


def _replica(replica: Resource, model: Model) -> Iterator[Outcome]:
    tables = possible(model.stack.reference(replica, "globalTableArn", TABLE))
    if not tables:
        yield from _replica_of_a_table_elsewhere(replica)
    elif all(table.shares_region_with(replica) for table in tables):
        yield Violation(
            replica,
            f"{replica.label} is in the same region as its table:",
            chains=((replica.label, tables[0].label, f"in {known_or_none(replica.region)}"),),
            effect=_AT_HOME,
            fix=_ABROAD,
            parties=tables,
        )
    elif all(_has_a_key(table) is Truth.TRUE for table in tables) and (
        Declared(replica).lacks("kmsKeyArn") is Truth.TRUE
    ):
        yield Violation(
            replica,
            f"{replica.label} has no kmsKeyArn, but its table has a KMS key of its own:",
            chains=((replica.label, tables[0].label, "serverSideEncryption.kmsKeyArn"),),
            effect=_NO_KEY,
            fix="Set kmsKeyArn of the replica to a key in its own region.",
        )


def _replica_of_a_table_elsewhere(replica: Resource) -> Iterator[Outcome]:
    """Of a table that is not in the stack, the ARN tells the region."""
    arn = known_or_none(replica.text("globalTableArn"))
    region = region_of_arn(arn) if arn else None
    if region is not None and replica.region == Known(region):
        yield Violation(
            replica,
            f"{replica.label} is in the same region as its table, {region}.",
            effect=_AT_HOME,
            fix=_ABROAD,
        )


DYNAMODB_GLOBAL_TABLES = StackRule(
    name="dynamodb-global-tables",
    reads_native=False,
    unread="a Table of aws-native has no replicas, and its GlobalTable must list its own region, "
    "which a Table of aws must not",
    title="DynamoDB replicas with their own keys and names",
    description="A replica of a DynamoDB table with a KMS key must have a key too, and no other "
    "table may have its name there.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=("aws", "dynamodb", "kms", "disaster-recovery"),
    evidence=(
        Evidence(
            effect=_NO_KEY,
            source="https://github.com/hashicorp/terraform-provider-aws/issues/17422, and public "
            "deployment logs",
            date="2026-11-26",
        ),
        Evidence(
            effect="ResourceInUseException: Table already exists",
            source="CreateTable, public deployment logs, and a probe of UpdateTable",
            date="2026-10-09",
        ),
        Evidence(
            effect="replica cannot be in same region as main table",
            source="terraform-provider-aws, internal/service/dynamodb/table_replica.go",
            date="2026-11-26",
        ),
    ),
    fix="Give each replica a key in its own region, and let DynamoDB create its table.",
    kinds=(TABLE, TABLE_REPLICA),
    check=fits_together,
)
