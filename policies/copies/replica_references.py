"""What copies in another region are made from and with, where that takes several resources.

What one resource's inputs decide, ARNs that are known among it, is in `replica_regions.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from ..model import Model
from ..model.arns import account_of, parse_arn
from ..model.inputs import Declared
from ..model.plain import NamedTuple
from ..model.references import possible
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.storage.replication import sharing_priority
from ..model.truth import Truth
from ..model.values import Absent, Known, known_or_none
from ..model.vocabulary import BUCKET, BUCKET_REPLICATION, KMS_KEY, KMS_REPLICA_KEY
from ..rule import Evidence, Level, Outcome, Settings, Severity, StackRule, Violation
from .bucket_replication import PRIORITY_TWICE
from .replica_regions import (
    CONTAINS_PRIMARY,
    EVENT_ENDPOINT,
    NO_PRIMARY,
    REPLICA_KEY,
)

_EVENT_BUS: Final = "aws:cloudwatch/eventBus:EventBus"
ECR_REPLICATION: Final = "aws:ecr/replicationConfiguration:ReplicationConfiguration"
_TESTED: Final = "https://github.com/badmintoncryer/cdk-preflight"
_SINGLE_REGION: Final = (
    "ReplicateKey answers UnsupportedOperationException: arn:aws:kms:... is not a multi-region key."
)
_BUS_NAMES: Final = (
    "CreateEndpoint answers ValidationException: Parameter EventBuses is not valid. Reason: Event "
    "bus names must match in the primary and secondary regions."
)
_BUS_REGIONS: Final = (
    "CreateEndpoint answers ValidationException: Parameter EventBuses is not valid. Reason: An "
    "event bus must be provided in both the primary and secondary regions."
)
OWN_REGISTRY: Final = (
    "PutReplicationConfiguration answers InvalidParameterException: Invalid parameter at "
    "'replicationConfiguration' failed to satisfy constraint: 'Replication destination cannot be "
    "the same as the source registry'"
)


def copies_from_elsewhere(resource: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """What a copy is made from must allow it, and be where the copy is not."""
    yield from _CHECKS[resource.kind](resource, model.stack)


def _replica_key(replica: Resource, stack: Stack) -> Iterator[Outcome]:
    said = replica.text("primaryKeyArn")
    primaries = possible(stack.reference(replica, "primaryKeyArn", KMS_KEY, KMS_REPLICA_KEY))
    is_here = bool(primaries) and all(each.shares_region_with(replica) for each in primaries)
    if is_here and isinstance(said, Known):
        return  # The ARN tells the region, and replica-regions reads it.
    if is_here:
        problem, effect = "is in the same region as its primary key:", CONTAINS_PRIMARY
        fix = "Create the replica key with the provider (or region) of the other region."
    elif (primaries and all(_is_no_primary(each) for each in primaries)) or (
        not primaries and isinstance(said, Known) and re.fullmatch(NO_PRIMARY, said.value)
    ):
        problem, effect = "replicates a key that is not a multi-Region primary key:", _SINGLE_REGION
        fix = (
            "Replicate a key that has multiRegion set to true (it cannot be changed later), and "
            "not one of its replicas."
        )
    else:
        return
    names = [each.label for each in primaries] or ["a key whose id does not begin with mrk-"]
    yield Violation(
        replica,
        f"{replica.label} {problem}",
        chains=tuple((replica.label, "primaryKeyArn", name) for name in names),
        effect=effect,
        fix=fix,
        parties=primaries,
    )


def _is_no_primary(key: Resource) -> bool:
    return key.kind == KMS_REPLICA_KEY or key.flag("multiRegion") in (Absent(), Known(False))


def _place(resource: Resource) -> str | None:
    return known_or_none(resource.region)


class _Bus(NamedTuple):
    """An event bus, as far as its ARN or its resource tells."""

    name: str | None
    region: str | None


def _buses(endpoint: Resource, stack: Stack) -> list[_Bus]:
    found = stack.references(endpoint, "eventBuses", _EVENT_BUS, inner="eventBusArn")
    if isinstance(found, Absent) or found.pool:
        return []
    named = [_Bus(known_or_none(bus.text("name")), _place(bus)) for bus in found.certain]
    for outside in found.outside:
        arn = parse_arn(outside.literal or "")
        name = arn.resource.removeprefix("event-bus/") if arn else None
        named.append(_Bus(name, arn.region if arn else None))
    return named


def _endpoint(endpoint: Resource, stack: Stack) -> Iterator[Outcome]:
    buses = _buses(endpoint, stack)
    if len(buses) != 2:
        return
    names = {bus.name for bus in buses}
    if None not in names and len(names) > 1:
        yield Violation(
            endpoint,
            f"{endpoint.label} has two event buses with different names.",
            effect=_BUS_NAMES,
            fix="Give both event buses the same name.",
        )
        return
    secondary = Declared(endpoint).text("routingConfig.failoverConfig.secondary.route")
    wanted = {_place(endpoint), known_or_none(secondary)}
    regions = {bus.region for bus in buses}
    if None not in wanted | regions and wanted != regions:
        where = " and ".join(sorted(each for each in wanted if each))
        yield Violation(
            endpoint,
            f"{endpoint.label} fails over between {where}, but its event buses are in "
            f"{' and '.join(sorted(each for each in regions if each))}.",
            effect=_BUS_REGIONS,
            fix=f"Name one event bus in each of {where}.",
        )


def replicates_at_home(replication: Resource, registry: str | None) -> Truth:
    """Whether a registry replicates within its region: to this one, or, where none is given, to one
    that may be any."""
    return Declared(replication).some(
        "replicationConfiguration.rules",
        lambda rule: rule.some(
            "destinations",
            lambda to: (
                to.is_in("region", replication.region)
                & (to.sets("registryId") if registry is None else to.says("registryId", registry))
            ),
        ),
    )


def _registry(replication: Resource, _: Stack) -> Iterator[Outcome]:
    own = account_of(replication)
    if own is not None and replicates_at_home(replication, own) is Truth.TRUE:
        yield Violation(
            replication,
            f"{replication.label} replicates the registry to itself: the destination is its own "
            "region and account.",
            effect=OWN_REGISTRY,
            fix="Set region of the destination to another region, or registryId to another "
            "account.",
        )


def _priorities(resource: Resource, stack: Stack) -> Iterator[Outcome]:
    """Rules of one priority must not copy to one bucket of the stack; where a known name tells that
    they do, s3-replication reads it."""
    if any(sharing_priority(stack, resource)):
        yield Violation(
            resource,
            f"{resource.label} has two rules with the same priority (0 by default) for the same "
            "destination.",
            effect=PRIORITY_TWICE,
            fix="Give each rule its own priority.",
        )


_CHECKS: Final[Mapping[str, Callable[[Resource, Stack], Iterator[Outcome]]]] = {
    REPLICA_KEY: _replica_key,
    EVENT_ENDPOINT: _endpoint,
    ECR_REPLICATION: _registry,
    BUCKET_REPLICATION: _priorities,
    BUCKET: _priorities,
}

REPLICA_REFERENCES = StackRule(
    name="replica-references",
    title="Copies with a valid source",
    description="A copy must have a source in another region that can be copied, its event buses "
    "must be in the right regions, and rules for one destination need priorities of their own.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=("aws", "kms", "events", "ecr", "s3", "disaster-recovery"),
    evidence=(
        Evidence(CONTAINS_PRIMARY, f"ReplicateKey; {_TESTED}", "2026-09-05"),
        Evidence(_SINGLE_REGION, f"ReplicateKey; {_TESTED}", "2026-09-05"),
        Evidence(_BUS_NAMES, _TESTED, "2026-09-07"),
        Evidence(_BUS_REGIONS, _TESTED, "2026-09-07"),
        Evidence(OWN_REGISTRY, _TESTED, "2026-09-06"),
        Evidence(PRIORITY_TWICE, f"PutBucketReplication; {_TESTED}", "2026-09-06"),
    ),
    fix="Copy to another region, from a source that can be copied.",
    kinds=tuple(_CHECKS),
    check=copies_from_elsewhere,
)
