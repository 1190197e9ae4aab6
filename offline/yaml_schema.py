"""A package's schema for the YAML language host, made of what a provider's Python SDK says.

The host resolves types and checks a program with the schema that a provider gives out. The stand-in
knows the same of each type from the SDK, so the schema is made of that, for the types that the
program uses: the whole one has thousands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from offline.standin.schema import Function, Property, Resource, Sdk, Type, UnknownTokenError

_ANY = {"$ref": "pulumi.json#/Any"}

Objects = Mapping[str, Mapping[str, Property]]


def schema(sdk: Sdk, resources: Iterable[str], functions: Iterable[str]) -> dict[str, Any]:
    """The schema of an SDK's package with these types, named as programs in YAML name them
    (`aws:ec2:Vpc` or whole). What the SDK does not have is left out, and the host says so."""
    types: dict[str, Any] = {}
    known = sdk.resource_tokens()
    made: dict[str, Any] = {"resources": {}, "functions": {}}
    for token in (each for name in resources for each in known if is_called(each, name)):
        made["resources"][token] = _resource(sdk.resource(token), types)
    for token in (each for name in functions for each in _function_tokens(name)):
        try:
            made["functions"][token] = _function(sdk.function(token), types)
        except UnknownTokenError:
            continue
    provider = _resource(sdk.provider(), types)
    return {"name": sdk.name, "version": sdk.version, "provider": provider, "types": types, **made}


def is_called(token: str, name: str) -> bool:
    """Whether a program's name for a type means this token: `aws:ec2:Vpc` is
    `aws:ec2/vpc:Vpc`, and `random:Password` is `random:index/password:Password`."""
    package, *module, last = name.split(":")
    within = module[0] if module else "index"
    return token == name or bool(
        re.fullmatch(rf"{re.escape(f'{package}:{within}')}(/\w+)?:{re.escape(last)}", token)
    )


def _function_tokens(name: str) -> Iterator[str]:
    """The tokens that a program's name for a function may mean."""
    package, *module, last = name.split(":")
    within = module[0] if module else "index"
    yield from dict.fromkeys(
        (name, f"{package}:{within}/{last}:{last}", f"{package}:{within}:{last}")
    )


def _resource(found: Resource, types: dict[str, Any]) -> dict[str, Any]:
    inputs = _Types(found.token, found.input_objects, types)
    outputs = _Types(found.token, found.output_objects, types)
    return {
        "inputProperties": inputs.of(found.inputs),
        "requiredInputs": _required(found.inputs),
        "properties": outputs.of(found.outputs),
        "required": _required(found.outputs),
    }


def _function(found: Function, types: dict[str, Any]) -> dict[str, Any]:
    inputs = _Types(found.token, found.input_objects, types)
    outputs = _Types(found.token, found.output_objects, types)
    return {
        "inputs": {"properties": inputs.of(found.inputs), "required": _required(found.inputs)},
        "outputs": {"properties": outputs.of(found.outputs), "required": _required(found.outputs)},
    }


def _required(properties: Mapping[str, Property]) -> list[str]:
    return [name for name, each in properties.items() if each.required]


class _Types:
    """Writes types of one resource or function, and the objects that they mention into `types`."""

    def __init__(self, token: str, objects: Objects, types: dict[str, Any]) -> None:
        package, module, _ = token.split(":")
        self._within = f"{package}:{module.partition('/')[0]}"
        self._objects = objects
        self._types = types

    def of(self, properties: Mapping[str, Property]) -> dict[str, Any]:
        return {name: self._spec(each.type) for name, each in properties.items()}

    def _spec(self, kind: Type) -> dict[str, Any]:
        if kind.kind == "list":
            return {"type": "array", "items": self._spec(kind.of) if kind.of else _ANY}
        if kind.kind == "map":
            inner = self._spec(kind.of) if kind.of else _ANY
            return {"type": "object", "additionalProperties": inner}
        if kind.kind == "object":
            return self._object(kind.ref)
        return _ANY if kind.kind == "any" else {"type": kind.kind}

    def _object(self, name: str) -> dict[str, Any]:
        if name not in self._objects:
            return {"type": "string"}  # An enum is one.
        token = f"{self._within}/{name}:{name}"
        if token not in self._types:
            self._types[token] = {"type": "object"}  # It may mention itself.
            properties = self._objects[name]
            self._types[token] |= {
                "properties": self.of(properties),
                "required": _required(properties),
            }
        return {"$ref": f"#/types/{token}"}
