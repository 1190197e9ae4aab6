"""Arbitrary property trees: what no provider should ever send, and some day one does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from hypothesis import strategies as st
from pulumi_policy import deserialize, proxy

from policies import RULES
from policies.model.regions.regional_references import local_properties
from policies.model.vocabulary import REFERENCES, TERMS, term_of
from policies.rule import ResourceRule, StackRule
from tests.properties.topologies import build, samples

Json: TypeAlias = Any

SENTINELS: Final = tuple(
    value for name, value in sorted(vars(proxy).items()) if name.startswith("UNKNOWN_")
)
TOKENS: Final = tuple(
    sorted(
        set(TERMS)
        | {kind for kind, _ in REFERENCES}
        | {kind for kinds in REFERENCES.values() for kind in kinds}
        | {kind for rule in RULES if isinstance(rule, ResourceRule) for kind in rule.kinds}
        | {kind for rule in RULES if isinstance(rule, StackRule) for kind in rule.subjects}
    )
)
"""Every type token that the pack knows by name."""


def _local_paths() -> Iterator[str]:
    for paths in local_properties().values():
        yield from paths


_KEY: Final = deserialize.SPECIAL_SIG_KEY
_TEXTS: Final = (
    *("", " ", "0", "-1", "1e400", "nan", "true", "False", "null", "*", "::", "a" * 300, "\u2603"),
    *("10.0.0.0/16", "10.0.0.0/33", "10.0.0.5/8", "0.0.0.0/0", "::/0", "fe80::%1/64", "1.2.3"),
    *("us-east-1", "us-east-1a", "use1-az1", "us-west-2-lax-1a", "eu-central-1", "nowhere"),
    *("example.com", "x.example.com.", "com", ".", "..", "local", "a..b", "xn--", "\\052.test"),
    *("aurora-mysql", "aurora-postgresql", "aurora", "postgres", "15.4", "15.", ".", "16.8-x"),
    *("8.0.mysql_aurora.3.08.0", "5.7.mysql_aurora", "18", "16.8.9.9", "serverless", "provisioned"),
    *("PRIMARY", "secondary", "application", "network", "internal", "internet-facing", "dualstack"),
    *("arn:", "arn:aws:kms:us-east-1:1:key/k", "arn:aws:rds:::", "arn::::::", "db.t4g.medium"),
    *("igw-1", "vpc-1", "subnet-1", "rtb-1", "local", "vgw-1", "dr-global", "dr-us-east-1"),
    *("regional", "private", "public", "ipv4", "active", "forward", "eipalloc-1", "db.", "t"),
)
_NUMBERS: Final = (0, 1, -1, 0.5, 3600, 259200, 2**31, 2**63, -(2**63), 1e308, -1e308, 5e-324)
_INNER: Final = tuple(
    sorted(
        {
            part
            for paths in local_properties().values()
            for path in paths
            for part in path.split(".")
        }
        | {"subnetId", "cidrBlock", "ipv6CidrBlock", "gatewayId", "natGatewayId", "vpcEndpointId"}
        | {"type", "name", "zoneId", "evaluateTargetHealth", "vpcId", "vpcRegion", "forward"}
        | {"targetGroups", "targetGroupArn", "allocationId", "region", "vpcPeeringConnectionId"}
        | {"id", "arn", "networkInterfaceId", "destinationPrefixListId", "__defaults", "", "value"}
    )
)
ASSETS: Final[tuple[dict[str, Json], ...]] = (
    {_KEY: deserialize.SPECIAL_ASSET_SIG, "text": "hello"},
    {_KEY: deserialize.SPECIAL_ASSET_SIG, "path": "/nowhere"},
    {_KEY: deserialize.SPECIAL_ARCHIVE_SIG, "uri": "file:///nowhere"},
    {_KEY: deserialize.SPECIAL_ARCHIVE_SIG, "assets": {}},
)


def _secret(value: Json) -> Json:
    if isinstance(value, dict) and value.get(_KEY) == deserialize.SPECIAL_SECRET_SIG:
        return value  # The engine does not wrap a secret again.
    return {_KEY: deserialize.SPECIAL_SECRET_SIG, "value": value}


_leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(SENTINELS),
    st.sampled_from(_TEXTS),
    st.sampled_from(_NUMBERS),
    st.text(max_size=5),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(ASSETS),
    st.just({}),
    st.just([]),
)
_keys = st.one_of(st.sampled_from(_INNER), st.text(max_size=4))
values: st.SearchStrategy[Json] = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(_keys, inner, max_size=3),
        inner.map(_secret),
    ),
    max_leaves=6,
)
"""JSON with placeholders, secrets, assets, huge numbers, empty objects and nulls at any depth."""


def properties_of(token: str) -> tuple[str, ...]:
    """The names that the pack may read of a token, in its own words, and some that it ignores."""
    term = term_of(token)
    names = {name for kind, name in REFERENCES if kind == term.kind}
    names |= {path.partition(".")[0] for path in local_properties().get(term.kind, ())}
    names |= _SEEN.get(token, frozenset()) | _SEEN.get(term.kind, frozenset())
    own = {term.names.get(name, name) for name in names}
    own |= {said for said, _ in term.derived.values()} | set(term.identifiers)
    return tuple(sorted(own | {"region", "availabilityZone", "tags", "__defaults"}))


def _seen() -> dict[str, frozenset[str]]:
    """The properties that stacks of the usual styles set or get computed, by token."""
    found: dict[str, set[str]] = {}
    for plan in samples():
        for made in build(plan).stack.resources:
            found.setdefault(made.type, set()).update(made.inputs, made.outputs)
    return {token: frozenset(names) for token, names in found.items()}


_SEEN: Final = _seen()
