"""Copies that must be in another region: secrets, KMS replica keys, file systems, event endpoints.

What one resource's inputs decide. What takes several resources is in `replica_references.py`.
"""

from __future__ import annotations

import re
from typing import Final

from ..model.inputs import Block, Declared
from ..model.places import is_availability_zone, region_of_arn, region_of_zone
from ..model.truth import Truth
from ..model.values import known_or_none
from ..refusal import Refusal, Topic, family
from ..rule import Evidence

SECRET: Final = "aws:secretsmanager/secret:Secret"
REPLICA_KEY: Final = "aws:kms/replicaKey:ReplicaKey"
EFS_REPLICATION: Final = "aws:efs/replicationConfiguration:ReplicationConfiguration"
EVENT_ENDPOINT: Final = "aws:cloudwatch/eventEndpoint:EventEndpoint"
CONTAINS_PRIMARY: Final = (
    "ReplicateKey answers: ... cannot have a replica because it contains the primary."
)
NO_PRIMARY: Final = (
    r"arn:aws[a-z-]*:kms:[^:]*:\d*:(key/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|alias/.+)"
)
"""The id of a multi-Region key begins with mrk-, that of any other is a UUID; an alias is no key.
https://docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html, KeyId"""
_TESTED: Final = "https://github.com/badmintoncryer/cdk-preflight"


def _primary_is_here(replica: Declared) -> Truth:
    own = known_or_none(replica.region)
    if own is None:
        return Truth.FALSE
    # Of a key that can have no replicas at all, replica-references tells.
    return replica.holds(
        "primaryKeyArn",
        lambda arn: region_of_arn(arn) == own and re.fullmatch(NO_PRIMARY, arn) is None,
    )


def _zone_is_elsewhere(destination: Block) -> Truth:
    region = known_or_none(destination.text("region"))
    if region is None:
        return Truth.FALSE
    return destination.holds(
        "availabilityZoneName",
        lambda zone: is_availability_zone(zone) and region_of_zone(zone) not in (region, None),
    )


_FILES: Final = {"sourceFileSystemId": "orders"}

REPLICA_REGIONS = family(
    Topic(
        name="replica-regions",
        title="Copies in a valid region",
        description="A replica must be in another region than its source, and its zone and role "
        "must be valid.",
        tags=("aws", "secretsmanager", "kms", "efs", "events", "disaster-recovery"),
        fix="Choose another region for the copy.",
        reads_native=True,
    ),
    Refusal(
        id="file-system-zone",
        kinds=(EFS_REPLICATION,),
        says="replicates to an Availability Zone that is not in the region of its destination",
        when=lambda replication: _zone_is_elsewhere(replication.inner("destination")),
        evidence=Evidence(
            "CreateReplicationConfiguration answers: Region and Availability Zone must match.",
            f"CreateReplicationConfiguration; {_TESTED}",
            "2026-09-06",
        ),
        fix="Set destination.availabilityZoneName to a zone in destination.region, or remove it.",
        refused={
            **_FILES,
            "destination": {"region": "us-west-2", "availabilityZoneName": "us-east-1a"},
        },
        accepted=(
            {
                **_FILES,
                "destination": {"region": "us-west-2", "availabilityZoneName": "us-west-2a"},
            },
            {**_FILES, "destination": {"region": "us-west-2"}},
        ),
        whatever=("sourceFileSystemId",),
    ),
    Refusal(
        id="endpoint-without-role",
        kinds=(EVENT_ENDPOINT,),
        says="replicates events (the default), but has no roleArn",
        when=lambda endpoint: (
            endpoint.lacks("roleArn") & ~endpoint.says("replicationConfig.state", "DISABLED")
        ),
        evidence=Evidence(
            "CreateEndpoint answers: When replication is enabled, role cannot be empty.",
            f"CreateEndpoint; {_TESTED}",
            "2026-09-07",
        ),
        fix="Set roleArn, or set replicationConfig.state to DISABLED.",
        refused={"description": "orders"},
        accepted=(
            {"description": "orders", "roleArn": "arn:aws:iam::123456789012:role/events"},
            {"description": "orders", "replicationConfig": {"state": "DISABLED"}},
        ),
        whatever=("description",),
    ),
    Refusal(
        id="secret-in-own-region",
        kinds=(SECRET,),
        says="has a replica in its own region",
        when=lambda secret: secret.some(
            "replicas", lambda replica: replica.is_in("region", secret.region)
        ),
        evidence=Evidence(
            "CreateSecret answers InvalidParameterException: Invalid replica region.",
            f"CreateSecret; {_TESTED}",
            "2026-09-05",
        ),
        fix="List only other regions in replicas.",
        refused={"replicas": [{"region": "us-east-1"}]},
        accepted=({"replicas": [{"region": "us-west-2"}]},),
    ),
    Refusal(
        id="primary-key-in-own-region",
        kinds=(REPLICA_KEY,),
        says="is in the same region as its primary key",
        when=_primary_is_here,
        evidence=Evidence(CONTAINS_PRIMARY, f"ReplicateKey; {_TESTED}", "2026-09-05"),
        fix="Create the replica key with the provider (or region) of the other region.",
        refused={"primaryKeyArn": "arn:aws:kms:us-east-1:123456789012:key/mrk-1234abcd"},
        accepted=({"primaryKeyArn": "arn:aws:kms:us-west-2:123456789012:key/mrk-1234abcd"},),
    ),
)
