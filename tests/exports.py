"""Exports of stacks (`pulumi stack export`) out of stacks that a test makes up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from google.protobuf.json_format import MessageToDict

from policies.testing import Made, Output, Run, Stack
from tests import aws

TIME = "2026-11-20T10:30:05.123456789Z"
SHOWN = "on 2026-11-20 at 10:30 UTC"
"""The time as messages have it."""


def export_of(
    stack: Stack, outputs: Mapping[str, Any] | None = None, *, time: str = TIME
) -> dict[str, Any]:
    """What `pulumi stack export` writes of the deployed stack. `outputs` are what it exports."""
    run = Run(stack, is_first=False)
    request = run.stack_request(stack.resources)
    root = stack_urn(stack)
    resources: dict[str, Any] = {
        root: {"urn": root, "type": "pulumi:pulumi:Stack", "outputs": _plain(outputs or {})}
    }
    for made, sent in zip(stack.resources, request.resources, strict=True):
        provider = sent.provider
        if provider.urn:
            resources[provider.urn] = {
                "urn": provider.urn,
                "custom": True,
                "type": provider.type,
                "id": "11112222",
                "inputs": {**MessageToDict(provider.properties), "__internal": {}},
            }
        resources[made.urn] = {
            "urn": made.urn,
            "custom": True,
            "id": str(made.outputs.get("id", made.name)),
            "type": made.type,
            "inputs": {**MessageToDict(run.resource_request(made).properties), "__defaults": []},
            "outputs": MessageToDict(sent.properties),
            "parent": root,
            "provider": f"{provider.urn}::11112222" if provider.urn else "",
            "dependencies": list(sent.dependencies),
            "propertyDependencies": {
                name: list(found.urns) for name, found in sent.propertyDependencies.items()
            },
        }
    manifest = {"time": time, "magic": "0" * 64, "version": "v3.274.1"}
    deployment = {"manifest": manifest, "resources": list(resources.values())}
    return {"version": 3, "deployment": deployment}


def stack_urn(stack: Stack) -> str:
    """The URN of the stack as a resource."""
    full = f"{stack.project}-{stack.name}"
    return f"urn:pulumi:{stack.name}::{stack.project}::pulumi:pulumi:Stack::{full}"


def reference(own: Stack, other: Stack) -> Made:
    """A StackReference of one stack to another one, as dependencies name it."""
    program = Stack(project=own.project, name=own.name)
    return program.add(aws.STACK_REFERENCE, f"acme/{other.project}/{other.name}")


def written(file: Path, export: Mapping[str, Any]) -> Path:
    """The file, with the export in it."""
    file.write_text(json.dumps(export), encoding="utf-8")
    return file


def _plain(value: Any) -> Any:
    if isinstance(value, Output):
        return value.value
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
