"""Runs the reference stack's program against Pulumi's mocks and keeps what it registered."""

from __future__ import annotations

import json
import runpy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
import yaml
from pulumi.runtime.mocks import MockMonitor, MockResourceArgs, Mocks, set_mocks

DIRECTORY = Path(__file__).parents[2] / "reference_stack"
PASSWORD = "correct horse battery staple"

_MARK = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"
"""How the engine marks what is no plain value, and what it marks secrets with."""


@dataclass(frozen=True)
class Secret:
    """A value that the program marked as secret."""

    value: Any


@dataclass(frozen=True)
class Registered:
    """A resource as the program asked for it."""

    urn: str
    type: str
    name: str
    inputs: Mapping[str, Any]
    provider: str
    """Logical name of its explicit provider, or nothing."""
    parent: str
    dependencies: frozenset[str]
    ignored: frozenset[str]


class Program:
    """What one run of the program registered."""

    def __init__(self, resources: list[Registered]) -> None:
        self._by_urn = {resource.urn: resource for resource in resources}

    def __iter__(self) -> Iterator[Registered]:
        return iter(self._by_urn.values())

    def of_type(self, token: str) -> dict[str, Registered]:
        """Resources of a type, by logical name."""
        return {resource.name: resource for resource in self if resource.type == token}

    def get(self, token: str, name: str) -> Registered:
        """Return the one resource of this type and logical name."""
        return self.of_type(token)[name]

    def waits_for(self, resource: Registered) -> set[str]:
        """Return the names of all that must exist before the resource, as `type name`."""
        seen: set[str] = set()
        pending = list(resource.dependencies)
        while pending:
            urn = pending.pop()
            if urn not in seen:
                seen.add(urn)
                pending.extend(self._by_urn[urn].dependencies)
        return {f"{self._by_urn[urn].type} {self._by_urn[urn].name}" for urn in seen}

    def below(self, component: Registered) -> list[Registered]:
        """All resources inside a component, at any depth."""
        children = [resource for resource in self if resource.parent == component.urn]
        return children + [below for child in children for below in self.below(child)]


def project() -> dict[str, Any]:
    """Return what the stack's Pulumi.yaml says."""
    settings: dict[str, Any] = yaml.safe_load(
        (DIRECTORY / "Pulumi.yaml").read_text(encoding="utf-8")
    )
    return settings


def run(config: Mapping[str, object] | None = None) -> Program:
    """Run the program with the defaults of its Pulumi.yaml, a password, and what is given here."""
    name, declared = project()["name"], project()["config"]
    values = {key: setting.get("default") for key, setting in declared.items()}
    values |= {"databasePassword": PASSWORD} | dict(config or {})
    pulumi.runtime.set_all_config(
        {f"{name}:{key}": _as_config(value) for key, value in values.items()}
    )
    mocks = _Mocks()
    monitor = _Recorder(mocks)
    set_mocks(mocks, project=name, stack="test", preview=False, monitor=monitor)
    _run_main()
    return Program(monitor.registered)


def _as_config(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


@pulumi.runtime.test  # type: ignore[untyped-decorator]
def _run_main() -> None:
    runpy.run_path(str(DIRECTORY))


class _Mocks(Mocks):
    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        computed = {
            "arn": f"arn:{args.name}",
            "zoneId": f"zone:{args.name}",
            "nameServers": ["ns-1", "ns-2"],
            "domainValidationOptions": [{"resourceRecordName": f"_challenge.{args.name}"}],
        }
        return f"{args.typ} {args.name}", computed | args.inputs

    def call(self, args: object) -> tuple[dict[str, Any], None]:
        raise AssertionError(f"the program looks something up: {args}")


class _Recorder(MockMonitor):
    def __init__(self, mocks: Mocks) -> None:
        super().__init__(mocks)
        self.registered: list[Registered] = []

    def RegisterResource(self, request: Any) -> Any:
        response = super().RegisterResource(request)  # type: ignore[no-untyped-call]
        if request.type != "pulumi:pulumi:Stack":
            self.registered.append(
                Registered(
                    urn=response.urn,
                    type=request.type,
                    name=request.name,
                    inputs=_plain(request.object),
                    provider=request.provider.rpartition("::")[0].rpartition("::")[2],
                    parent=request.parent,
                    dependencies=frozenset(request.dependencies),
                    ignored=frozenset(request.ignoreChanges),
                )
            )
        return response


def _plain(value: Any) -> Any:
    """Turn a protobuf structure into plain values, and the engine's secret marks into Secret."""
    if hasattr(value, "keys"):
        if _MARK in value and value[_MARK] == _SECRET:
            return Secret(_plain(value["value"]))
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value
