"""The stand-in for AWS, called without a process: one for each provider resource of a stack."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

import pulumi_aws
from pulumi.runtime.proto import provider_pb2

from offline.paths import cache_root
from offline.standin.model import Configuration
from offline.standin.provider import StandIn
from offline.standin.schema import Sdk
from offline.standin.values import has_unknown, read_struct, write_struct
from offline.standin.world import World
from tests.harness.state import Resource


class RefusedError(Exception):
    """The provider does not take what the program gave; the text says why."""


class GoneError(RefusedError):
    """What is read does not exist."""


class _Context:
    """The context of a gRPC call, for errors."""

    def abort(self, code: object, details: str) -> NoReturn:
        raise RefusedError(details)


_CONTEXT: Any = _Context()


@lru_cache
def sdk_of(package: str) -> Sdk:
    """The SDK of a provider, for example `aws` or `aws-native`."""
    place = Path(pulumi_aws.__file__).parent.with_name(f"pulumi_{package.replace('-', '_')}")
    return Sdk(place, cache_root() / "schema")


class Provider:
    """A provider resource's process. `is_configured` is false where a preview does not know its
    configuration: the engine then asks it nothing."""

    def __init__(self, package: str, world: World, *, collapse_sets: bool) -> None:
        sdk = sdk_of(package)
        config = Configuration(bridged=sdk.name != "aws-native", collapse_sets=collapse_sets)
        self._standin = StandIn(sdk, world, config)
        self.is_configured = False

    @classmethod
    def deployed(cls, resource: Resource, world: World) -> Provider:
        """The process of a provider resource of a deployed stack."""
        made = cls(resource.type.rpartition(":")[2], world, collapse_sets=False)
        made.configure({name: each for name, each in resource.inputs.items() if name != "version"})
        return made

    def check_config(self, urn: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
        request = provider_pb2.CheckRequest(urn=urn, news=write_struct(inputs))
        return read_struct(self._standin.CheckConfig(request, _CONTEXT).inputs)

    def changes_config(self, urn: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
        """Whether another configuration makes another provider, whose resources are others."""
        request = provider_pb2.DiffRequest(
            urn=urn, olds=write_struct(olds), news=write_struct(news)
        )
        return bool(self._standin.DiffConfig(request, _CONTEXT).replaces)

    def configure(self, inputs: Mapping[str, Any]) -> None:
        if has_unknown(dict(inputs)):
            return
        request = provider_pb2.ConfigureRequest(args=write_struct(inputs))
        self._standin.Configure(request, _CONTEXT)
        self.is_configured = True

    def check(
        self, urn: str, news: Mapping[str, Any], olds: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        if not self.is_configured:
            return dict(news)
        request = provider_pb2.CheckRequest(
            urn=urn, news=write_struct(news), olds=write_struct(olds or {})
        )
        answer = self._standin.Check(request, _CONTEXT)
        if answer.failures:
            raise RefusedError("; ".join(f"{urn}: {each.reason}" for each in answer.failures))
        return read_struct(answer.inputs)

    def diff(
        self, urn: str, identity: str, olds: Resource, news: Mapping[str, Any], ignored: list[str]
    ) -> provider_pb2.DiffResponse:
        """olds: the resource of the last deployment."""
        request = provider_pb2.DiffRequest(
            id=identity,
            urn=urn,
            old_inputs=write_struct(olds.inputs),
            olds=write_struct(olds.outputs),
            news=write_struct(news),
            ignoreChanges=ignored,
        )
        return self._standin.Diff(request, _CONTEXT)

    def create(
        self, urn: str, inputs: Mapping[str, Any], *, is_preview: bool
    ) -> tuple[str, dict[str, Any]]:
        """The id, empty in a preview, and the outputs."""
        if not self.is_configured:
            return "", {}
        request = provider_pb2.CreateRequest(
            urn=urn, properties=write_struct(inputs), preview=is_preview
        )
        answer = self._standin.Create(request, _CONTEXT)
        return answer.id, read_struct(answer.properties)

    def update(self, urn: str, old: Resource, news: Mapping[str, Any], *, is_preview: bool) -> Any:
        """The outputs. old: the resource of the last deployment."""
        if not self.is_configured:
            return {}
        request = provider_pb2.UpdateRequest(
            id=old.id,
            urn=urn,
            olds=write_struct(old.outputs),
            old_inputs=write_struct(old.inputs),
            news=write_struct(news),
            preview=is_preview,
        )
        return read_struct(self._standin.Update(request, _CONTEXT).properties)

    def read(
        self, urn: str, identity: str, state: Mapping[str, Any], inputs: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """The inputs and the outputs of what exists. Raises GoneError when it does not."""
        request = provider_pb2.ReadRequest(
            id=identity, urn=urn, properties=write_struct(state), inputs=write_struct(inputs)
        )
        answer = self._standin.Read(request, _CONTEXT)
        if not answer.id:
            raise GoneError(f"{urn}: resource '{identity}' does not exist")
        return read_struct(answer.inputs), read_struct(answer.properties)

    def delete(self, urn: str, identity: str) -> None:
        self._standin.Delete(provider_pb2.DeleteRequest(id=identity, urn=urn), _CONTEXT)

    def invoke(self, token: str, arguments: Any) -> Any:
        """The answer to a lookup, and why it failed."""
        request = provider_pb2.InvokeRequest(tok=token, args=arguments)
        answer = self._standin.Invoke(request, _CONTEXT)
        return getattr(answer, "return"), answer.failures
