"""Replicas of a DynamoDB table that AWS takes.

The provider makes the table and then adds each entry of `replicas` with UpdateTable, so what is
refused leaves a table without replicas behind. The table's own region must not be among them;
CloudFormation's GlobalTable demands the opposite. Multi-Region strong consistency (MRSC) has rules
of its own: three regions of one set, one of which may be a mere witness
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Final

from ..model import data_files, values
from ..model.inputs import Block, Declared
from ..model.truth import Truth
from ..model.values import Known, known_or_none
from ..refusal import Refusal, Topic, family
from ..rule import Evidence, Kind

TABLE: Final = "aws:dynamodb/table:Table"
FILE: Final = "dynamodb_strong_consistency.json"
_TESTED: Final = "https://github.com/badmintoncryer/cdk-preflight"
_GUIDE: Final = (
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
    "V2globaltables_HowItWorks.html"
)


@cache
def _sets() -> Mapping[str, Collection[str]]:
    """The sets of regions of multi-Region strong consistency, by their names."""
    sets = data_files.mapping(data_files.read(FILE).get("sets"), "sets")
    return {name: data_files.texts(sets, name) for name in sets}


def _set_of(region: str | None) -> str | None:
    return next((name for name, regions in _sets().items() if region in regions), None)


def _has_replicas(table: Declared) -> Truth:
    return table.some("replicas", lambda replica: replica.sets("regionName"))


def _is_strong(replica: Block) -> Truth:
    return replica.says("consistencyMode", "STRONG")


def _is_strongly_consistent(table: Declared) -> Truth:
    return table.some("replicas", _is_strong)


def _has_a_wrong_number_of_replicas(table: Declared) -> Truth:
    replicas = table.count("replicas")
    three_regions = (~replicas.is_not(2) & table.lacks("globalTableWitness")) | (
        ~replicas.is_not(1) & table.has("globalTableWitness")
    )
    return _is_strongly_consistent(table) & ~(table.every("replicas", _is_strong) & three_regions)


def _names_a_region(table: Declared, holds: Callable[[str], bool]) -> Truth:
    """Whether the condition holds of the region of a replica or of the witness."""
    return table.some("replicas", lambda replica: replica.holds("regionName", holds)) | table.holds(
        "globalTableWitness.regionName", holds
    )


def _reaches_into_another_set(table: Declared) -> Truth:
    own = _set_of(known_or_none(table.region))
    if own is None:
        return Truth.FALSE
    return _is_strongly_consistent(table) & _names_a_region(
        table, lambda region: _set_of(region) not in (own, None)
    )


def _leaves_all_sets(table: Declared) -> Truth:
    own = known_or_none(table.region)
    if own is None:
        return Truth.FALSE
    return _is_strongly_consistent(table) & (
        Truth.of(_set_of(own) is None)
        | _names_a_region(table, lambda region: _set_of(region) is None)
    )


def _is_its_own_witness(table: Declared) -> Truth:
    witness = table.text("globalTableWitness.regionName")
    return table.is_in("globalTableWitness.regionName", table.region) | table.some(
        "replicas", lambda replica: replica.is_in("regionName", witness)
    )


def _repeats_a_region(table: Declared) -> Truth:
    match values.items(table.at("replicas")):
        case Known(replicas):
            said = [Block.within(each).text("regionName") for each in replicas]
            known = [each.value for each in said if isinstance(each, Known)]
            return Truth.of(len(set(known)) < len(known))
    return Truth.FALSE


def _replicas(*replicas: Mapping[str, object], **rest: object) -> dict[str, object]:
    return {"replicas": list(replicas), **rest}


_STRONG: Final = {"consistencyMode": "STRONG"}
_OREGON: Final = {**_STRONG, "regionName": "us-west-2"}
_OHIO: Final = {**_STRONG, "regionName": "us-east-2"}
_IRELAND: Final = {**_STRONG, "regionName": "eu-west-1"}
_MONTREAL: Final = {**_STRONG, "regionName": "ca-central-1"}
_WITNESS: Final = {"globalTableWitness": {"regionName": "us-east-2"}}
_PLAIN: Final = {"regionName": "us-west-2"}

DYNAMODB_REPLICAS = family(
    Topic(
        name="dynamodb-replicas",
        title="Replicas that DynamoDB creates",
        description="The replicas of a DynamoDB table must be in other regions than the table, "
        "and must meet the conditions of strong consistency where it is used.",
        tags=("aws", "dynamodb", "disaster-recovery"),
        unread="a Table of aws-native has no replicas, and its GlobalTable must list its own "
        "region, which the provider of aws must not",
        fix="List only other regions in replicas, and meet the conditions of strong consistency.",
    ),
    Refusal(
        id="strong-replica-count",
        kinds=(TABLE,),
        says="has strong consistency without exactly two replicas, or one replica and a witness",
        when=_has_a_wrong_number_of_replicas,
        evidence=Evidence(
            "UpdateTable answers ValidationException: Unsupported replica count for global tables "
            "with MultiRegionConsistency set to STRONG. \u2013 the provider may answer "
            "first: Using MultiRegionStrongConsistency requires exactly 2 replicas, or 1 replica "
            "and 1 witness region.",
            f"UpdateTable; {_TESTED}",
            "2026-09-08",
        ),
        fix="Add two replicas with the consistencyMode STRONG, or one and a globalTableWitness.",
        refused=_replicas(_STRONG),
        accepted=(
            _replicas({}, streamEnabled=True),
            _replicas(_OREGON, _OHIO),
            _replicas(_OREGON, **_WITNESS),
        ),
    ),
    Refusal(
        id="replica-in-own-region",
        kinds=(TABLE,),
        says="has a replica in its own region",
        when=lambda table: table.some(
            "replicas", lambda replica: replica.is_in("regionName", table.region)
        ),
        evidence=Evidence(
            "UpdateTable answers ValidationException: Cannot add, delete, or update the local "
            "region through ReplicaUpdates. Use CreateTable, DeleteTable, or UpdateTable as "
            "required.",
            "UpdateTable, public deployment logs",
            "2026-10-09",
        ),
        fix="List only other regions in replicas.",
        refused=_replicas({"regionName": "us-east-1"}, streamEnabled=True),
        accepted=(_replicas(_PLAIN, streamEnabled=True),),
        whatever=("streamEnabled",),
    ),
    Refusal(
        id="strong-region-set",
        kinds=(TABLE,),
        says="has strong consistency across regions that cannot be combined for it",
        when=_reaches_into_another_set,
        evidence=Evidence(
            "UpdateTable answers ValidationException: Unsupported Region(s) specified for global "
            "tables with MultiRegionConsistency set to STRONG: [...].",
            f"UpdateTable; {_TESTED}",
            "2026-09-08",
        ),
        fix="Choose replicas and witness from the same set of regions as the table: us-east-1, "
        "us-east-2 and us-west-2; or eu-west-1, -2, -3 and eu-central-1; or ap-northeast-1, -2 "
        "and -3.",
        refused=_replicas(_IRELAND, **_WITNESS),
        accepted=(
            _replicas(_OREGON, **_WITNESS),
            _replicas(_PLAIN, {"regionName": "eu-west-1"}, streamEnabled=True),
        ),
        whatever=("globalTableWitness",),
    ),
    Refusal(
        id="strong-time-to-live",
        kinds=(TABLE,),
        says="has strong consistency and time to live",
        when=lambda table: _is_strongly_consistent(table) & table.is_true("ttl.enabled"),
        evidence=Evidence(
            "UpdateTable answers ValidationException: Time To Live is not supported for global "
            "tables with MultiRegionConsistency set to STRONG",
            f"UpdateTable; {_TESTED}",
            "2026-09-08",
        ),
        fix="Remove ttl, or set consistencyMode of the replicas to EVENTUAL.",
        refused=_replicas(_OREGON, **_WITNESS, ttl={"enabled": True}),
        accepted=(
            _replicas(_OREGON, **_WITNESS, ttl={"enabled": False}),
            _replicas(_PLAIN, ttl={"enabled": True}, streamEnabled=True),
        ),
        whatever=("replicas.regionName", "globalTableWitness"),
    ),
    Refusal(
        id="strong-local-index",
        kinds=(TABLE,),
        says="has strong consistency and a local secondary index",
        when=lambda table: (
            _is_strongly_consistent(table)
            & table.some("localSecondaryIndexes", lambda index: index.sets("name"))
        ),
        evidence=Evidence(
            "UpdateTable answers ValidationException: Local secondary indexes are not supported "
            "for global tables with MultiRegionConsistency set to STRONG",
            f"UpdateTable; {_TESTED}",
            "2026-09-08",
        ),
        fix="Use a global secondary index instead, or set consistencyMode of the replicas to "
        "EVENTUAL.",
        refused=_replicas(_OREGON, **_WITNESS, localSecondaryIndexes=[{"name": "by-date"}]),
        accepted=(
            _replicas(_OREGON, _OHIO),
            _replicas(_PLAIN, localSecondaryIndexes=[{"name": "by-date"}], streamEnabled=True),
        ),
        whatever=("replicas.regionName", "localSecondaryIndexes.name", "globalTableWitness"),
    ),
    Refusal(
        id="witness-region",
        kinds=(TABLE,),
        says="has a globalTableWitness in the region of the table or of a replica",
        when=_is_its_own_witness,
        evidence=Evidence(
            "UpdateTable answers ValidationException: Cannot target multiple regions with the "
            "same action",
            f"UpdateTable; {_TESTED}",
            "2026-09-08",
        ),
        fix="Set regionName of globalTableWitness to a third region.",
        refused=_replicas(_OREGON, globalTableWitness={"regionName": "us-west-2"}),
        accepted=(_replicas(_OREGON, **_WITNESS),),
        whatever=("replicas.consistencyMode",),
    ),
)

ADVICE: Final = (
    Refusal(
        id="replica-twice",
        kinds=(TABLE,),
        says="has two replicas in one region",
        when=_repeats_a_region,
        evidence=Evidence(
            "UpdateTable is asked for one replica at a time, and refuses the second in a region.",
            "terraform-provider-aws, internal/service/dynamodb/table.go",
            "2026-11-26",
            Kind.REPORTED,
        ),
        fix="List each region once.",
        refused=_replicas(_PLAIN, _PLAIN, streamEnabled=True),
        accepted=(_replicas(_PLAIN, {"regionName": "us-east-2"}, streamEnabled=True),),
        whatever=("streamEnabled",),
    ),
    Refusal(
        id="replica-without-stream",
        kinds=(TABLE,),
        says="has replicas, but no stream",
        when=lambda table: (
            _has_replicas(table) & ~_is_strongly_consistent(table) & ~table.is_true("streamEnabled")
        ),
        evidence=Evidence(
            "turns the stream on by itself, and the next update fails: UpdateTable answers "
            "ValidationException: One or more parameter values were invalid: Disabling Stream is "
            "not allowed for a Global Table replica.",
            "https://github.com/hashicorp/terraform-provider-aws/issues/43625 (an update)",
            "2025-07-31",
            Kind.REPORTED,
        ),
        fix="Set streamEnabled to true and streamViewType to NEW_AND_OLD_IMAGES.",
        refused=_replicas(_PLAIN),
        accepted=(
            _replicas(_PLAIN, streamEnabled=True, streamViewType="NEW_AND_OLD_IMAGES"),
            _replicas(_OREGON, _OHIO),
            {"streamEnabled": False},
        ),
        whatever=("replicas.regionName",),
    ),
    Refusal(
        id="replica-stream-view",
        kinds=(TABLE,),
        says="has replicas, but its streamViewType is not NEW_AND_OLD_IMAGES",
        when=lambda table: (
            _has_replicas(table)
            & table.has("streamViewType")
            & ~table.says("streamViewType", "NEW_AND_OLD_IMAGES")
        ),
        evidence=Evidence(
            "requires a stream with the new and the old image of each item for a global table.",
            _GUIDE,
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
        fix="Set streamViewType to NEW_AND_OLD_IMAGES.",
        refused=_replicas(_PLAIN, streamEnabled=True, streamViewType="KEYS_ONLY"),
        accepted=(_replicas(_PLAIN, streamEnabled=True, streamViewType="NEW_AND_OLD_IMAGES"),),
        whatever=("replicas.regionName", "streamEnabled"),
    ),
    Refusal(
        id="strong-region-unlisted",
        kinds=(TABLE,),
        says="has strong consistency in a region that AWS does not list for it",
        when=_leaves_all_sets,
        evidence=Evidence(
            "offers multi-Region strong consistency in three sets of regions only.",
            _GUIDE,
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
        fix="Choose the regions of the table, its replicas and its witness from one set: "
        "us-east-1, us-east-2 and us-west-2; or eu-west-1, -2, -3 and eu-central-1; or "
        "ap-northeast-1, -2 and -3.",
        refused=_replicas(_MONTREAL, **_WITNESS),
        accepted=(
            _replicas(_OREGON, **_WITNESS),
            _replicas({"regionName": "ca-central-1"}, streamEnabled=True),
        ),
        whatever=("globalTableWitness",),
    ),
)
