"""A Pulumi program said again in Terraform: the same resources, arguments and references.

pulumi-aws is made from Terraform's provider, so the arguments are the same but for their spelling.
The program is deployed to the stand-in for AWS; where an argument then holds what another resource
came to be (an id, an ARN), and the SDK says that it depends on that resource, it is a reference.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from offline.standin.values import Secret
from tests.harness import Program, deploy, preview
from tests.harness.state import Resource

_TYPES: Final = {
    "apigateway/stage": "aws_api_gateway_stage",
    "cloudtrail/trail": "aws_cloudtrail",
    "codepipeline/pipeline": "aws_codepipeline",
    "lb/loadBalancer": "aws_lb",
    "rds/instance": "aws_db_instance",
    "rds/subnetGroup": "aws_db_subnet_group",
    "s3/bucketReplicationConfig": "aws_s3_bucket_replication_configuration",
}
"""Types that are not called `aws_`, the module and the resource."""

_ARGUMENTS: Final = {
    "actions": "action",
    "artifact_stores": "artifact_store",
    "attributes": "attribute",
    "code": "filename",
    "data_resources": "data_resource",
    "default_actions": "default_action",
    "deployment": "deployment_id",
    "ebs_block_devices": "ebs_block_device",
    "event_selectors": "event_selector",
    "failover_routing_policies": "failover_routing_policy",
    "load_balancers": "load_balancer",
    "log_group": "log_group_name",
    "members": "member",
    "origin_groups": "origin_group",
    "origins": "origin",
    "parameters": "parameter",
    "port_ranges": "port_range",
    "replicas": "replica",
    "rest_api": "rest_api_id",
    "routes": "route",
    "rules": "rule",
    "stages": "stage",
    "tierings": "tiering",
    "vpc_zone_identifiers": "vpc_zone_identifier",
    "vpcs": "vpc",
}
"""Arguments that Pulumi calls otherwise: a block that is repeated is a list to it."""

_UNMARKED_BLOCKS: Final = frozenset({"versioningConfiguration"})
"""A block has its defaults listed, a map has not; but for these."""

_PLURAL_BLOCKS: Final = frozenset({"global_table_witness", "metrics", "restrictions"})
"""Blocks whose names end in "s" in Terraform too."""

_DEFAULTS: Final = "__defaults"
_ASSET: Final = "4dabf18193072939515e22adb298388d"
"""What marks an archive: code, which Terraform takes from a file."""

PASSWORD: Final = "hunter2hunter2"
_HEAD: Final = """variable "password" {
  type      = string
  sensitive = true
}
"""


class UnknownBlockError(Exception):
    """A block may be called otherwise in Terraform, where tools would look past it."""


def terraform(program: Program) -> str:
    """The program, whose secrets are PASSWORD, in Terraform's language."""
    run = preview(program, deploy(program))
    known = {urn: each for urn, each in run.resources.items() if each.is_custom}
    texts = [_HEAD]
    for sent in run.stack_request.resources:
        if sent.urn not in known:
            continue
        each = known[sent.urn]
        if each.is_provider:
            texts.append(_provider(each))
            continue
        needs = {
            name: [known[urn] for urn in found.urns if urn in known]
            for name, found in sent.propertyDependencies.items()
        }
        named = {other.urn for others in needs.values() for other in others}
        waits = [known[urn] for urn in sent.dependencies if urn in known and urn not in named]
        texts.append(_resource(each, known[each.provider], needs, waits))
    return "\n".join(texts)


def _provider(each: Resource) -> str:
    alias = [] if _is_default(each) else [f'  alias  = "{_label(each)}"']
    lines = ['provider "aws" {', *alias, f'  region = "{each.inputs["region"]}"', "}"]
    return "\n".join(lines) + "\n"


def _resource(
    each: Resource,
    provider: Resource,
    needs: Mapping[str, Sequence[Resource]],
    waits: Sequence[Resource],
) -> str:
    lines = [f'resource "{_type(each)}" "{_label(each)}" {{']
    if not _is_default(provider):
        lines.append(f"  provider = aws.{_label(provider)}")
    for name, value in _written(each.inputs).items():
        # pulumi-aws fills these in.
        if name != "tagsAll" and (name, value) != ("region", provider.inputs["region"]):
            lines += _argument(name, value, needs.get(name, ()), "  ")
    if waits:
        lines.append(f"  depends_on = [{', '.join(_address(other) for other in waits)}]")
    return "\n".join([*lines, "}"]) + "\n"


def _written(properties: Mapping[str, Any]) -> dict[str, Any]:
    """What the program wrote, without what the provider made of it, sorted."""
    added = {_DEFAULTS, *properties.get(_DEFAULTS, ())}
    names = sorted(set(properties) - added)
    return {name: properties[name] for name in names if properties[name] is not None}


def _argument(name: str, value: Any, needs: Sequence[Resource], indent: str) -> Iterator[str]:
    called = _ARGUMENTS.get(_snake(name), _snake(name))
    blocks = value if isinstance(value, list) else [value]
    if blocks and all(_is_block(name, each) for each in blocks):
        if called.endswith("s") and called not in _PLURAL_BLOCKS:
            raise UnknownBlockError(f"What does Terraform call a block of `{called}`?")
        for block in blocks:
            yield f"{indent}{called} {{"
            for inner, each in _written(block).items():
                yield from _argument(inner, each, needs, f"{indent}  ")
            yield f"{indent}}}"
    else:
        yield f"{indent}{called} = {_expression(value, needs)}"


def _is_block(name: str, value: Any) -> bool:
    return isinstance(value, Mapping) and (_DEFAULTS in value or name in _UNMARKED_BLOCKS)


def _expression(value: Any, needs: Sequence[Resource]) -> str:
    if isinstance(value, Secret):
        value = value.value
    if value == PASSWORD:
        return "var.password"
    if isinstance(value, str):
        return _text(value, needs)
    if isinstance(value, list):
        return f"[{', '.join(_expression(each, needs) for each in value)}]"
    if isinstance(value, Mapping):
        if _ASSET in value:
            return '"app.zip"'
        items = (f"{json.dumps(key)} = {_expression(each, needs)}" for key, each in value.items())
        return f"{{ {', '.join(items)} }}"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value)


def _text(text: str, needs: Sequence[Resource]) -> str:
    """A text, with references for what other resources came to be."""
    known = [(value, path) for other in needs for value, path in _became(other)]
    for value, path in known:
        if value == text:
            return path
    text = text.replace("${", "$${").replace("%{", "%%{")
    for value, path in sorted(known, key=lambda each: -len(each[0])):
        text = text.replace(value, f"${{{path}}}")
    return json.dumps(text)


def _became(other: Resource) -> Iterator[tuple[str, str]]:
    """The id of a resource, and the texts that AWS or the provider chose for it."""
    yield other.id, f"{_address(other)}.id"
    for name, value in other.outputs.items():
        if isinstance(value, str) and value and name not in _written(other.inputs):
            yield value, f"{_address(other)}.{_snake(name)}"


def _address(each: Resource) -> str:
    return f"{_type(each)}.{_label(each)}"


def _type(each: Resource) -> str:
    token = each.type.split(":")[1]
    module, _, name = token.partition("/")
    parts = ["aws", *([] if module == "ec2" else [module]), _snake(name)]
    return _TYPES.get(token, "_".join(parts))


def _label(each: Resource) -> str:
    return re.sub(r"\W", "_", each.name)


def _is_default(provider: Resource) -> bool:
    return provider.name.startswith("default_")


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: f"_{found[1].lower()}", name)
