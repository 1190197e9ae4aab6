"""Programs in YAML: what they use, and the schema that their host is given of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pulumi_aws
import pytest
from pulumi.runtime.proto import provider_pb2

from offline.project import Project, load_program
from offline.sdks import ProviderSdk, provider_sdks
from offline.standin.install import Installed
from offline.standin.provider import SCHEMAS_VARIABLE, StandIn
from offline.standin.schema import Sdk
from offline.standin.world import World
from offline.yaml_programs import uses
from offline.yaml_runs import schema_of, yaml_environment
from offline.yaml_schema import is_called

SDK = Path(pulumi_aws.__file__).parent
VERSION = Sdk(SDK).version

PROGRAM = """\
name: shop
runtime: yaml
packages:
  random: 4.18.0
resources:
  east: {type: "pulumi:providers:aws", properties: {region: us-east-1}}
  other: {type: "pulumi:pulumi:StackReference"}
  subnet:
    type: aws:ec2:Subnet
    properties:
      vpcId: {"fn::invoke": {function: "aws:ec2:getVpc", return: id}}
      cidrBlock: {"fn::select": [0, ["fn::aws:getRegion": {}]]}
  database: {type: "aws:rds/cluster:Cluster", options: {version: VERSION}}
  password: {type: "random:RandomPassword"}
"""


@pytest.fixture
def program(tmp_path: Path) -> Project:
    text = PROGRAM.replace("VERSION", VERSION)
    (tmp_path / "Pulumi.yaml").write_text(text, encoding="utf-8")
    return load_program(tmp_path)


def test_types_and_versions_that_a_program_uses(program: Project) -> None:
    used = uses(program)
    assert {"aws:ec2:Subnet", "aws:rds/cluster:Cluster"} <= {*used.resources}
    assert {*used.functions} == {"aws:ec2:getVpc", "aws:getRegion"}
    expected = (ProviderSdk("aws", VERSION), ProviderSdk("random", "4.18.0"))
    assert provider_sdks(program) == expected


def test_a_program_apart_from_its_project(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: yaml\nmain: src\n", "utf-8")
    (tmp_path / "src").mkdir()
    text = "resources:\n  a: {type: 'aws:s3:Bucket'}\n"
    (tmp_path / "src" / "Main.yaml").write_text(text, encoding="utf-8")
    program = load_program(tmp_path)
    assert uses(program).resources == ("aws:s3:Bucket",)
    assert provider_sdks(program) == (ProviderSdk("aws", ""),)


@pytest.mark.parametrize(
    ("token", "name", "expected"),
    [
        ("aws:ec2/vpc:Vpc", "aws:ec2:Vpc", True),
        ("aws:ec2/vpc:Vpc", "aws:ec2/vpc:Vpc", True),
        ("random:index/password:Password", "random:Password", True),
        ("aws:ec2/vpcIpam:VpcIpam", "aws:ec2:Vpc", False),
        ("aws:ec2transitgateway/vpc:Vpc", "aws:ec2:Vpc", False),
    ],
)
def test_the_names_of_types(token: str, name: str, expected: bool) -> None:
    assert is_called(token, name) is expected


def test_the_schema_has_what_the_program_uses_and_all_that_this_mentions(program: Project) -> None:
    found = json.loads(schema_of(uses(program), SDK))
    assert found["name"] == "aws"
    assert {*found["resources"]} == {"aws:ec2/subnet:Subnet", "aws:rds/cluster:Cluster"}
    assert {*found["functions"]} == {"aws:ec2/getVpc:getVpc", "aws:index/getRegion:getRegion"}
    subnet = found["resources"]["aws:ec2/subnet:Subnet"]
    assert subnet["inputProperties"]["vpcId"] == {"type": "string"}
    assert subnet["requiredInputs"] == ["vpcId"]
    assert "arn" in subnet["required"]
    tags = {"type": "object", "additionalProperties": {"type": "string"}}
    assert subnet["inputProperties"]["tags"] == tags
    function = found["functions"]["aws:ec2/getVpc:getVpc"]
    assert function["inputs"]["properties"]["cidrBlock"] == {"type": "string"}
    assert "cidrBlockAssociations" in function["outputs"]["properties"]
    assert found["provider"]["inputProperties"]["region"] == {"type": "string"}
    mentioned = {each for each in _references(found) if each.startswith("#")}
    assert len(mentioned) > 5
    assert mentioned == {f"#/types/{each}" for each in found["types"]}


def _references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [found for each in node for found in _references(each)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
    return [*own, *(found for each in node.values() for found in _references(each))]


def test_the_stand_in_gives_out_the_schema(
    program: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_hand = Installed("random", "4.18.0", SDK), Installed("aws", VERSION, SDK)
    env = yaml_environment(program, at_hand, tmp_path / "work", lambda _: None)
    plugin = Path(env["PULUMI_HOME"], "plugins", f"resource-aws-v{VERSION}", "pulumi-resource-aws")
    assert plugin.exists()
    monkeypatch.setenv(SCHEMAS_VARIABLE, env[SCHEMAS_VARIABLE])
    stand_in = StandIn(Sdk(SDK), World(None), ANY)
    given = stand_in.GetSchema(provider_pb2.GetSchemaRequest(), ANY)
    assert given.schema.encode() == schema_of(uses(program), SDK)
