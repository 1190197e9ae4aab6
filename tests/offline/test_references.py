"""A program that refers to other stacks, in the real engine, and what is asked of its monitor."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import language_pb2_grpc, resource_pb2

from offline import relay, yaml_runs
from offline.forwarding import Forwarder
from offline.host_process import HostError, HostProcess
from offline.standin.values import UNKNOWN, Secret, read_struct, write_struct

ROOT = Path(__file__).resolve().parents[2]
HOST = yaml_runs.host_place()

PROGRAM = """\
import pulumi
import pulumi_aws as aws

config = pulumi.Config()
network = pulumi.StackReference(config.require("network"))
accounts = pulumi.StackReference("acme/accounts/prod")
aws.ec2.Subnet("a", vpc_id=network.require_output("vpcId"), cidr_block="10.0.1.0/24")
print("printed by the program")
pulumi.export("vpc", network.get_output("vpcId"))
pulumi.export("password", network.get_output("password"))
pulumi.export("account", accounts.get_output("id"))
pulumi.export("where", f"{pulumi.get_organization()}/{pulumi.get_stack()}")
pulumi.export("inner", config.require_secret_object("data").apply(lambda d: len(d["keys"]["a.b"])))
"""

COMMAND = "aws_dr_preflight preview --offline"

SETTINGS = """\
config:
  shop:network: acme/network/prod
  shop:data: {user: admin, keys: {a.b: {secure: v1:AAAA}}}
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n", encoding="utf-8")
    (folder / "Pulumi.prod.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "Pulumi.dev.yaml").write_text("config: {}\n", encoding="utf-8")
    (folder / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    return folder


def run(
    folder: Path, *words: str, command: str = "offline preview"
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command.split(), *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "160"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_outputs_that_are_given_are_found_and_others_let_the_program_go_on(
    program: Path, tmp_path: Path
) -> None:
    file = tmp_path / "outputs.json"
    file.write_text(json.dumps({"vpcId": "vpc-0123", "password": "[secret]"}), encoding="utf-8")
    done = run(program, "--stack-name", "acme/prod", "--stack-outputs", f"acme/network/prod={file}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert 'vpc     : "vpc-0123"' in done.stdout
    assert "password: [secret]" in done.stdout, "what is a secret there is one here"
    assert "account : [unknown]" in done.stdout
    assert 'where   : "acme/prod"' in done.stdout
    assert "printed by the program" in done.stdout
    # A secret inside of a setting is one that is made up.
    assert "inner   : [secret]" in done.stdout
    assert "give them with --stack-outputs acme/accounts/prod=FILE" in done.stderr
    assert "acme/network/prod" not in done.stderr


YAML = """\
name: shop
runtime: yaml
resources:
  other: {type: "pulumi:pulumi:StackReference", properties: {name: acme/network/prod}}
  strange: {type: "pulumi:pulumi:StackReference", properties: {name: acme/strange/prod}}
  vpc: {type: "aws:ec2:Vpc", properties: {cidrBlock: 10.0.0.0/16}}
  far:
    type: aws:ec2:Subnet
    properties: {vpcId: '${other.outputs["vpcId"]}', cidrBlock: 10.0.1.0/24}
  farther:
    type: aws:ec2:Subnet
    properties: {vpcId: '${strange.outputs["vpcId"]}', cidrBlock: 10.0.2.0/24}
variables:
  here: {"fn::invoke": {function: "aws:getRegion", arguments: {}}}
outputs:
  id: ${vpc.id}
  far: ${far.vpcId}
  farther: ${farther.vpcId}
"""


@pytest.mark.skipif(not HOST.exists(), reason="the language host for YAML takes minutes to build")
def test_a_program_in_yaml(program: Path, tmp_path: Path) -> None:
    (program / "Pulumi.yaml").write_text(YAML, encoding="utf-8")
    (tmp_path / "outputs.json").write_text('{"vpcId": "vpc-0123"}', encoding="utf-8")
    given = f"acme/network/prod={tmp_path / 'outputs.json'}"
    done = run(program, "--stack-name", "prod", "--stack-outputs", given)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "id     : [unknown]" in done.stdout
    assert 'far    : "vpc-0123"' in done.stdout
    assert "farther: [unknown]" in done.stdout


def test_a_setting_that_is_missing_is_answered_with_how_to_give_it(program: Path) -> None:
    done = run(program, "-s", "dev", command=COMMAND)
    assert done.returncode != 0
    fix = "Fix: give --config shop:network=VALUE, or write it into Pulumi.dev.yaml."
    assert fix in done.stderr


def test_without_a_stack_those_with_settings_are_named(program: Path) -> None:
    done = run(program, command=COMMAND)
    assert done.returncode == 2
    assert "settings for several stacks: Pulumi.dev.yaml, Pulumi.prod.yaml. Fix: " in done.stderr


def answered(
    properties: dict[str, Any], kind: str = relay.STACK_REFERENCE
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the engine is asked for, and what the program is answered."""
    asked: list[bytes] = []

    async def call(message: bytes) -> bytes:
        asked.append(message)
        return resource_pb2.ReadResourceResponse(urn="urn:x").SerializeToString()

    outputs = {"acme/network/prod": {"vpc": "vpc-1", "inner": [{"b": Secret("x")}]}}
    request = resource_pb2.ReadResourceRequest(type=kind, properties=write_struct(properties))
    reading = relay._read_resource(
        lambda name: outputs.get(name, UNKNOWN), "prod", request.SerializeToString(), call, ANY
    )
    response = resource_pb2.ReadResourceResponse.FromString(asyncio.run(reading))
    (sent,) = map(resource_pb2.ReadResourceRequest.FromString, asked)
    assert response.urn == "urn:x", "the engine keeps it as a resource"
    return read_struct(sent.properties), read_struct(response.properties)


def test_the_engine_is_asked_for_its_own_stack() -> None:
    sent, said = answered({"name": "acme/network/prod"})
    assert sent == {"name": "prod"}
    assert said["name"] == "acme/network/prod"
    assert said["outputs"]["vpc"] == "vpc-1"
    assert said["secretOutputNames"] == ["inner"]
    _, said = answered({"name": "acme/other/prod"})
    assert said["outputs"] is UNKNOWN


def test_other_reads_go_through(program: Path) -> None:
    properties = {"name": "acme/network/prod"}
    assert answered(properties, "aws:ec2/vpc:Vpc") == (properties, {})
    assert answered({"name": UNKNOWN}) == ({"name": UNKNOWN}, {})


def test_a_host_that_does_not_start_is_named(tmp_path: Path) -> None:
    host = tmp_path / "host"
    host.write_text("#!/bin/sh\necho no module >&2; exit 1\n", encoding="utf-8")
    host.chmod(0o755)
    with pytest.raises(HostError, match="host did not start: no module"):
        HostProcess(host, os.environ, "127.0.0.1:1")


def test_a_cli_that_does_not_greet_its_host_is_told_to_be_updated() -> None:
    with relay.relay("go", Path("/nowhere"), {}, lambda _: None) as env:
        port = env[relay.ATTACH_VARIABLE].removeprefix("go:")
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = language_pb2_grpc.LanguageRuntimeStub(channel)
            with pytest.raises(grpc.RpcError, match="Fix: update it"):
                stub.GetPluginInfo(empty_pb2.Empty())


def test_what_is_handed_on_arrives_with_its_errors() -> None:
    """A stream, an error's details, and metadata."""

    async def stream(messages: Any, context: Any) -> Any:
        yield dict(context.invocation_metadata())["said"].encode()
        async for each in messages:
            yield each
        await context.abort(grpc.StatusCode.NOT_FOUND, "gone", (("why-bin", b"\x01"),))

    class Server(grpc.GenericRpcHandler):
        def service(self, details: Any) -> Any:
            return grpc.stream_stream_rpc_method_handler(stream)

    async def serve(handler: grpc.GenericRpcHandler) -> tuple[grpc.aio.Server, str]:
        server = grpc.aio.server()
        server.add_generic_rpc_handlers((handler,))
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        return server, f"127.0.0.1:{port}"

    async def talk() -> tuple[list[bytes], grpc.aio.AioRpcError | None]:
        real, address = await serve(Server())
        channel = grpc.aio.insecure_channel(address)
        front, address = await serve(Forwarder(lambda _: channel, {}))
        got: list[bytes] = []
        error = None
        async with grpc.aio.insecure_channel(address) as client:
            method: grpc.aio.StreamStreamMultiCallable[bytes, bytes] = client.stream_stream("/a/b")
            call = method(iter([b"1", b"2"]), metadata=(("said", "hello"),))
            try:
                async for each in call:
                    got.append(each)
            except grpc.aio.AioRpcError as caught:
                error = caught
        await channel.close()
        await front.stop(None)
        await real.stop(None)
        return got, error

    got, error = asyncio.run(talk())
    assert got == [b"hello", b"1", b"2"]
    assert error is not None
    assert (error.code(), error.details()) == (grpc.StatusCode.NOT_FOUND, "gone")
    assert dict(error.trailing_metadata() or ())["why-bin"] == b"\x01"
