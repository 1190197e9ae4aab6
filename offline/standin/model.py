"""What a provider does with one resource: check its inputs, plan and fill in its outputs, diff it.

Pure functions over the values of `values.py` and a `schema.Resource`. The rules are those of the
Pulumi bridge for Terraform providers (`aws`), and of the `aws-native` provider where they differ.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from offline.standin import aws
from offline.standin.combinations import refusals
from offline.standin.identity import FALLBACK_REGION, kind_of
from offline.standin.schema import Property, Resource, Type
from offline.standin.values import UNKNOWN, Secret, has_unknown, plain, without_defaults
from offline.standin.world import World

MARK = "__defaults"


@dataclass(frozen=True)
class Configuration:
    """What a provider resource was configured with.

    region: None when the program leaves it to the environment. bridged: whether the provider adds
    names, defaults, region and tags to inputs, as the Terraform bridge does and `aws-native`
    does not. collapse_sets: whether a set with an unknown element is planned as one unknown.
    """

    region: str | None = None
    default_tags: Mapping[str, Any] = field(default_factory=dict)
    ignored_tags: frozenset[str] = frozenset()
    ignored_tag_prefixes: tuple[str, ...] = ()
    bridged: bool = True
    collapse_sets: bool = False


@dataclass(frozen=True)
class Autoname:
    """How a property is named after its resource when the program gives no name."""

    longest: int = 255
    separator: str = "-"
    lower: bool = False
    digits: int = 7


# From the provider's own overrides. The classes show a `name` that may be left out, but neither
# these other properties nor the lengths.
_AUTONAMED: dict[str, tuple[str, Autoname]] = {
    "lb:LoadBalancer": ("name", Autoname(32)),
    "lb:TargetGroup": ("name", Autoname(32)),
    "elb:LoadBalancer": ("name", Autoname(32)),
    "iam:Role": ("name", Autoname(64)),
    "lambda:Function": ("name", Autoname(64)),
    "cloudwatch:EventRule": ("name", Autoname(64)),
    "cloudwatch:EventTarget": ("targetId", Autoname()),
    "lambda:Permission": ("statementId", Autoname(100)),
    "ec2:KeyPair": ("keyName", Autoname()),
    "efs:FileSystem": ("creationToken", Autoname()),
    "eks:NodeGroup": ("nodeGroupName", Autoname()),
    "eks:FargateProfile": ("fargateProfileName", Autoname()),
    "elasticache:Cluster": ("clusterId", Autoname(50, lower=True)),
    "elasticache:ReplicationGroup": ("replicationGroupId", Autoname(40, lower=True)),
    "elasticsearch:Domain": ("domainName", Autoname(28, lower=True)),
    "opensearch:Domain": ("domainName", Autoname()),
    "mq:Broker": ("brokerName", Autoname(55)),
    "rds:Instance": ("identifier", Autoname(separator="")),
    "s3:Bucket": ("bucket", Autoname(63, lower=True)),
    "s3:BucketV2": ("bucket", Autoname(63, lower=True)),
    "s3:BucketObject": ("key", Autoname(0, separator="", digits=0)),
    "s3:BucketObjectv2": ("key", Autoname(0, separator="", digits=0)),
    "sns:Topic": ("name", Autoname(80)),
    "sqs:Queue": ("name", Autoname(80)),
}

# A Zone's optional name is autonamed too: it has no entry, because `name` is the general rule.

# Documented defaults that the bridge adds although the provider computes the property: they are
# Pulumi's own, not the upstream provider's.
_PULUMI_DEFAULT = "Managed by Pulumi"

# Lists in which the provider keeps the order. Nearly every other list of a Terraform resource is a
# set, and the classes do not tell the two apart.
_ORDERED = frozenset({"defaultActions", "actions", "conditions", "containerDefinitions", "steps"})

# Blocks that the provider treats as attributes: every field that is not set is an empty string.
_ATTRIBUTE_BLOCKS = frozenset({"routes", "ingress", "egress"})


@dataclass(frozen=True)
class Naming:
    """What a resource may be named after: its name in the program, the engine's random seed for
    it, and the name that the engine's own `pulumi:autonaming` setting asks for ("" disables)."""

    name: str
    seed: bytes
    proposed: str | None = None


@dataclass(frozen=True)
class Checked:
    """Result of check: the inputs to go on with, and (property, reason) for each refusal."""

    inputs: dict[str, Any]
    failures: tuple[tuple[str, str], ...] = ()


def check(
    resource: Resource,
    news: Mapping[str, Any],
    olds: Mapping[str, Any],
    naming: Naming,
    config: Configuration,
) -> Checked:
    """Return a program's inputs as the provider completes them.

    news: the program's inputs; olds: the checked inputs of the last deployment, empty for a new
    resource.
    """
    inputs = {key: value for key, value in news.items() if value is not None and key != MARK}
    failures = tuple(
        (
            name,
            f'Missing required argument. The argument "{name}" is required, but no definition '
            f"was found. Examine values at '{naming.name}.{name}'.",
        )
        for name, item in resource.inputs.items()
        if item.required and name not in inputs
    )
    if not config.bridged:
        return Checked(inputs, failures)
    # Before names and defaults are added: the schema asks what the program set.
    failures += tuple(refusals(resource.combinations, inputs, naming.name))
    added: set[str] = set()
    for name, value in _autonames(resource, inputs, olds, naming).items():
        inputs[name] = value
        added.add(name)
    for name, item in resource.inputs.items():
        default = _default(resource, name, item)
        # A default that is false, zero or empty is not sent for new resources.
        if default and name not in inputs:
            inputs[name] = default
            added.add(name)
    for name, value in inputs.items():
        item_or_none = resource.inputs.get(name)
        if item_or_none is not None:
            inputs[name] = _marked(value, item_or_none.type, resource)
    if regional(resource) and "region" not in inputs and config.region:
        inputs["region"] = config.region
    if "tagsAll" in resource.outputs:
        inputs["tagsAll"] = all_tags(inputs.get("tags"), config)
    inputs[MARK] = sorted(added)
    return Checked(inputs, failures)


def regional(resource: Resource) -> bool:
    """Whether a resource takes a region of its own (pulumi-aws 7, all but global services)."""
    return resource.token.startswith("aws:") and "region" in resource.inputs


def _default(resource: Resource, name: str, item: Property) -> Any:
    """Return the default that the provider's schema gives an input, or None."""
    if item.required or item.default is None:
        return None
    # What the provider computes has no schema default: the documentation gives AWS's.
    if resource.computed(name) and item.default != _PULUMI_DEFAULT:
        return None
    return item.default


def _autonames(
    resource: Resource, inputs: Mapping[str, Any], olds: Mapping[str, Any], naming: Naming
) -> dict[str, Any]:
    """Return the names that the provider makes up, those of the last deployment kept."""
    kind = kind_of(resource.token)
    name, style = _AUTONAMED.get(kind, ("name", Autoname()))
    item = resource.inputs.get(name)
    if item is None or item.required or item.type.kind != "string":
        return {}
    if name in inputs or f"{name}Prefix" in inputs:
        return {}
    if name in (olds.get(MARK) or []) and olds.get(name) is not None:
        return {name: olds[name]}
    if naming.proposed is not None:
        return {name: naming.proposed} if naming.proposed else {}
    stem = naming.name.lower() if style.lower else naming.name
    if not style.digits:
        return {name: stem}
    tail = hashlib.sha256(naming.seed + name.encode()).hexdigest()[: style.digits]
    stem = stem[: style.longest - len(style.separator) - len(tail)]
    value = f"{stem}{style.separator}{tail}"
    if kind in ("sqs:Queue", "sns:Topic") and (inputs.get("fifoQueue") or inputs.get("fifoTopic")):
        value += ".fifo"
    return {name: f"alias/{value}" if kind == "kms:Alias" else value}


def _marked(value: Any, kind: Type, resource: Resource) -> Any:
    """Return an input with its nested objects completed and marked with their defaults."""
    if isinstance(value, Secret):
        return Secret(_marked(value.value, kind, resource))
    if kind.kind == "list" and isinstance(value, list) and kind.of is not None:
        return [_marked(item, kind.of, resource) for item in value]
    if kind.kind != "object" or not isinstance(value, dict):
        return value
    properties = resource.input_objects.get(kind.ref)
    if properties is None:
        return value
    made = {key: item for key, item in value.items() if item is not None}
    added = []
    for name, item in properties.items():
        if name in made:
            made[name] = _marked(made[name], item.type, resource)
        elif item.default and not item.required and not _nested_computed(resource, kind, name):
            made[name] = item.default
            added.append(name)
    return {**made, MARK: sorted(added)}


def _nested_computed(resource: Resource, kind: Type, name: str) -> bool:
    """Whether the provider fills a nested property in: its output is never absent."""
    output = resource.output_objects.get(kind.ref.removesuffix("Args"), {}).get(name)
    return output is None or output.required


def all_tags(tags: Any, config: Configuration) -> Any:
    """Return `tagsAll`: the provider's default tags under the resource's own.

    One unknown tag makes the whole of it unknown, because the provider merges the two maps at once.
    """
    opened = tags.value if isinstance(tags, Secret) else tags
    if has_unknown(opened) or has_unknown(dict(config.default_tags)):
        return UNKNOWN
    merged = {**config.default_tags, **(opened or {})}
    kept = {
        key: value
        for key, value in merged.items()
        if key not in config.ignored_tags and not key.startswith(config.ignored_tag_prefixes)
    }
    return Secret(kept) if isinstance(tags, Secret) else kept


# Outputs.


@dataclass(frozen=True)
class Filler:
    """Where values that the program did not set come from.

    top: for an output of that name; nested: for a field of an object that the program did set,
    called with (object type, field name, field). blanks: whether such an object shows the fields
    that nobody set.
    """

    top: Callable[[str, Property], Any]
    nested: Callable[[str, str, Property], Any]
    blanks: bool = True


def planned(
    resource: Resource,
    inputs: Mapping[str, Any],
    olds: Mapping[str, Any] | None,
    config: Configuration,
) -> dict[str, Any]:
    """Return the outputs that a preview shows: set values known, computed ones unknown.

    olds: the outputs of the last deployment for an update, which keeps what was computed then;
    None for a new resource.
    """
    old = olds or {}

    filler = Filler(
        lambda name, _: old.get(name, UNKNOWN), lambda *_: UNKNOWN, blanks=config.bridged
    )
    outputs = _outputs(resource, inputs, filler, config)
    outputs["id"] = old.get("id", UNKNOWN)
    if config.collapse_sets:
        for name, value in outputs.items():
            if isinstance(value, list) and name not in _ORDERED and has_unknown(value):
                outputs[name] = UNKNOWN
    return outputs


def deployed(
    resource: Resource,
    inputs: Mapping[str, Any],
    olds: Mapping[str, Any] | None,
    *,
    identity: str,
    name: str,
    config: Configuration,
    world: World,
) -> dict[str, Any]:
    """Return the outputs after a deployment, all of them known.

    identity: the resource's id; name: its name in the program; olds: its last outputs for an
    update, None for a new resource.
    """
    kind = kind_of(resource.token)
    region = str(plain(inputs).get("region") or config.region or FALLBACK_REGION)
    instance = aws.Instance(kind, identity, name, plain(inputs), region, world)

    def fill(name: str, item: Property) -> Any:
        # What follows from the inputs follows them in an update too; the rest stays as it was.
        old = (olds or {}).get(name)
        if old is not None and name not in aws.VALUES.get(kind, {}):
            return old
        return aws.value_of(instance, name, item, resource)

    def fill_nested(ref: str, name: str, item: Property) -> Any:
        if name in resource.input_objects.get(f"{ref}Args", {}):
            return aws.empty(item.type)
        return aws.invented(instance, name, item.type, resource.output_objects)

    filler = Filler(fill, fill_nested, blanks=config.bridged)
    outputs = _outputs(resource, inputs, filler, config)
    for output, compute in aws.VALUES.get(kind, {}).items():
        # aws-native plans none of these, but reads all of them back.
        if output in resource.outputs and output not in outputs:
            outputs[output] = compute(instance)
    outputs["id"] = identity
    return outputs


def _outputs(
    resource: Resource, inputs: Mapping[str, Any], filler: Filler, config: Configuration
) -> dict[str, Any]:
    outputs: dict[str, Any] = {}
    given = {key: value for key, value in inputs.items() if key != MARK}
    for name, item in resource.outputs.items():
        value = given.get(name)
        if value is not None:
            outputs[name] = _carried(value, item.type, resource, name, filler)
        elif resource.computed(name) and not _left_out(resource, name, config):
            outputs[name] = filler.top(name, item)
        elif config.bridged:
            known = resource.inputs.get(name)
            # Falsy defaults appear in the outputs, although Check does not send them.
            outputs[name] = _default(resource, name, known) if known else None
    for name, value in given.items():
        # Write-only and misspelt inputs have no output of their own, but the state keeps them.
        outputs.setdefault(name, without_defaults(value))
    return outputs


def _left_out(resource: Resource, name: str, config: Configuration) -> bool:
    """Whether a provider without plan logic says nothing about an unset property in a preview."""
    return not config.bridged and name in resource.inputs


def _carried(value: Any, kind: Type, resource: Resource, top: str, filler: Filler) -> Any:
    """Return an input as it reappears in the outputs, nested computed fields filled in."""
    if isinstance(value, Secret):
        return Secret(_carried(value.value, kind, resource, top, filler))
    if kind.kind == "list" and isinstance(value, list) and kind.of is not None:
        return [_carried(item, kind.of, resource, top, filler) for item in value]
    properties = resource.output_objects.get(kind.ref) if kind.kind == "object" else None
    if properties is None or not isinstance(value, dict):
        return without_defaults(value)
    made: dict[str, Any] = {}
    for name, item in properties.items():
        if value.get(name) is not None:
            made[name] = _carried(value[name], item.type, resource, top, filler)
        elif not filler.blanks and not item.required:
            continue
        elif top in _ATTRIBUTE_BLOCKS:
            made[name] = aws.empty(item.type)
        elif not item.required:
            made[name] = None
        else:
            made[name] = filler.nested(kind.ref, name, item)
    for name, item in value.items():
        if name != MARK:
            made.setdefault(name, without_defaults(item))
    return made


# Differences.


@dataclass(frozen=True)
class Difference:
    """changed: inputs that differ; replacing: those of them that AWS cannot change in place."""

    changed: tuple[str, ...]
    replacing: tuple[str, ...]


# Properties that no resource can change once it exists, whatever its documentation says.
_NEVER_IN_PLACE = {
    "ec2:Vpc": {"cidrBlock"},
    "ec2:Subnet": {"vpcId", "cidrBlock", "availabilityZone"},
    "ec2:RouteTable": {"vpcId"},
    "ec2:NatGateway": {"subnetId", "allocationId", "connectivityType", "availabilityMode"},
    "ec2:SecurityGroup": {"vpcId", "name", "description"},
    "ec2:VpcPeeringConnection": {"vpcId", "peerVpcId", "peerRegion", "peerOwnerId"},
    "lb:LoadBalancer": {"internal", "loadBalancerType", "name"},
    "lb:TargetGroup": {"vpcId", "port", "protocol", "targetType", "name"},
    "rds:Cluster": {"clusterIdentifier", "engineMode", "masterUsername", "storageEncrypted"},
    "rds:ClusterInstance": {"clusterIdentifier", "identifier", "engine"},
    "rds:GlobalCluster": {"globalClusterIdentifier", "storageEncrypted", "engine"},
    "route53:Zone": {"name"},
}


def difference(
    resource: Resource,
    olds: Mapping[str, Any],
    news: Mapping[str, Any],
    ignored: frozenset[str],
    outputs: Mapping[str, Any] | None = None,
) -> Difference:
    """Return how two sets of checked inputs differ. Unknown new values count as changes.

    outputs: those of the last deployment or refresh, for a provider that plans from its state: an
    argument that it computes keeps its value when a program sets it no more, and one that is newly
    set to what it is already changes nothing.
    """
    fixed = _NEVER_IN_PLACE.get(kind_of(resource.token), set())
    changed = []
    for name in sorted({*olds, *news} - {MARK} - ignored):
        old, new = plain(without_defaults(olds.get(name))), plain(without_defaults(news.get(name)))
        # UNKNOWN differs from every known value.
        if old != new and not _planned_alike(resource, name, old, new, outputs or {}):
            changed.append(name)
    replacing = [
        name
        for name in changed
        if name in fixed
        or (name == "region" and regional(resource))
        or (name in resource.inputs and resource.inputs[name].replaces)
    ]
    return Difference(tuple(changed), tuple(replacing))


def _planned_alike(
    resource: Resource, name: str, old: Any, new: Any, outputs: Mapping[str, Any]
) -> bool:
    """Whether an argument that is set only before, or only now, is planned as it is."""
    if outputs.get(name) is None:
        return False
    if new is None:
        return resource.computed(name)
    return old is None and bool(plain(outputs[name]) == new)
