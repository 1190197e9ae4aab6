"""The replication rules of a bucket, whichever of two resources states them.

A `BucketReplicationConfig` stands beside its bucket; the older form is a block of the bucket
itself, with other names. Here both read in the words of the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Final

from .. import values
from ..inputs import Block, Declared, alike
from ..plain import NamedTuple
from ..references import Reference, same
from ..regions.keys import KEYS
from ..resource import Resource
from ..stack import Stack
from ..truth import Truth, every
from ..values import Known, Tree
from ..vocabulary import BUCKET

_INLINE: Final = "replicationConfiguration"
_THRESHOLD: Final = 15
"""What the provider sends where a block of the bucket states no minutes."""


def replication(declared: Declared) -> Block:
    """A configuration, whose `rules` are in the words of `BucketReplicationConfig`."""
    if declared.resource.kind != BUCKET:
        return declared
    return Block.within(_configuration(declared.at(_INLINE)))


class Copying(NamedTuple):
    """A rule of a configuration, and the bucket that it replicates to."""

    rule: Block
    destination: Reference


def copies(stack: Stack, resource: Resource) -> Iterator[Copying]:
    """The rules of a configuration, as far as they are known."""
    match values.items(replication(Declared(resource)).at("rules")):
        case Known(rules):
            for each in rules:
                rule = Block.within(each)
                said = values.text(rule.at("destination.bucket"))
                yield Copying(rule, stack.resolve(resource, held_in(resource), said, BUCKET))


def held_in(resource: Resource) -> str:
    """The property that holds the rules."""
    return _INLINE if resource.kind == BUCKET else "rules"


def destinations(stack: Stack, resource: Resource) -> Iterator[Reference]:
    """The buckets that a configuration replicates to, one for each rule that states one."""
    for each in copies(stack, resource):
        yield each.destination


def sharing_priority(stack: Stack, resource: Resource) -> Iterator[bool | None]:
    """For each two rules with filters that have one priority, whether they replicate to one bucket;
    None where that cannot be told. The provider sends 0 where a rule states none. Where both name
    one bucket in so many words, their inputs tell, and nothing is said here."""
    rules = list(copies(stack, resource))
    if every(each.rule.has("filter") for each in rules) is not Truth.TRUE:
        return  # S3 then reads no priority.
    for one, other in combinations(rules, 2):
        here, there = (each.rule.number("priority", default=0) for each in (one, other))
        if here.equals(there) is Truth.TRUE and not _say_the_same(one.rule, other.rule):
            is_same = same(one.destination, other.destination)
            yield is_same if not is_same or _is_all_it_names(stack, resource) else None


def _say_the_same(one: Block, other: Block) -> bool:
    return alike(one.text("destination.bucket"), other.text("destination.bucket")) is Truth.TRUE


def _is_all_it_names(stack: Stack, resource: Resource) -> bool:
    """Whether no destination may be another bucket than one of the stack's, of which nothing shows
    but what it comes from."""
    urns = resource.depends_on(held_in(resource)) or ()
    found = [stack.get(urn) for urn in urns]
    return all(each is not None and each.kind in (BUCKET, *KEYS) for each in found)


def _configuration(inline: Tree) -> Tree:
    if not isinstance(inline, Mapping):
        return inline
    match values.items(inline.get("rules")):
        case Known(rules):
            return {"rules": [_rule(each) for each in rules]}
    return {"rules": inline.get("rules")}


def _rule(inline: Tree) -> Tree:
    if not isinstance(inline, Mapping):
        return inline
    destination = _either(inline, "destination", "destinations")
    criteria = _either(inline, "sourceSelectionCriteria", "sourceSelectionCriterias")
    return {
        "filter": _filter(_either(inline, "filter", "filters")),
        "priority": inline.get("priority"),
        "status": inline.get("status"),
        "deleteMarkerReplication": _wrapped("status", inline.get("deleteMarkerReplicationStatus")),
        "sourceSelectionCriteria": _criteria(criteria),
        "destination": _destination(destination),
    }


def _filter(inline: Tree) -> Tree:
    if not isinstance(inline, Mapping):
        return inline
    return {"prefix": inline.get("prefix"), "and": {"tags": inline.get("tags")}}


def _criteria(inline: Tree) -> Tree:
    if not isinstance(inline, Mapping):
        return inline
    objects = Block.within(inline).at("sseKmsEncryptedObjects")
    if not isinstance(objects, Mapping):
        return {"sseKmsEncryptedObjects": objects}
    match values.flag(objects.get("enabled")):
        case Known(enabled):
            status: Tree = "Enabled" if enabled else "Disabled"
        case _:
            status = objects.get("enabled")
    return {"sseKmsEncryptedObjects": {"status": status}}


def _destination(inline: Tree) -> Tree:
    if not isinstance(inline, Mapping):
        return inline
    metrics = Block.within(inline).at("metrics")
    if isinstance(metrics, Mapping):
        minutes = metrics.get("minutes")
        threshold = {"minutes": _THRESHOLD if minutes is None else minutes}
        metrics = {"status": metrics.get("status"), "eventThreshold": threshold}
    time = _either(inline, "replicationTime", "replicationTimes")
    if isinstance(time, Mapping):
        time = {"status": time.get("status"), "time": {"minutes": time.get("minutes")}}
    return {
        "bucket": inline.get("bucket"),
        "encryptionConfiguration": _wrapped("replicaKmsKeyId", inline.get("replicaKmsKeyId")),
        "metrics": metrics,
        "replicationTime": time,
    }


def _either(block: Mapping[str, Tree], *names: str) -> Tree:
    """The block's property, whose name depends on the version of the provider."""
    found = (Block.within(block).at(name) for name in names)
    return next((each for each in found if each is not None), None)


def _wrapped(name: str, said: Tree) -> Tree:
    """What the bucket says in a property, and the configuration in a block of one: an unknown
    value is there."""
    return None if said is None or said == "" else {name: said}
