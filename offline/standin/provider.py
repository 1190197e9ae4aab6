"""The stand-in as the engine sees it: a Pulumi resource provider over gRPC.

Its environment: AWS_STANDIN_WORLD names the file in which processes of one stack tell each other
what they made, AWS_STANDIN_EXISTING one that describes what exists beside it (see world.py for
both), AWS_STANDIN_SCHEMAS the schemas that it gives out, and AWS_STANDIN_SETS=collapse plans a set
with an unknown element as one unknown.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Mapping
from concurrent import futures
from dataclasses import replace
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from offline.standin import lookups, model, reading
from offline.standin.identity import FALLBACK_REGION, Newcomer, kind_of, new_id
from offline.standin.model import Configuration, Naming
from offline.standin.schema import Resource, Sdk, UnknownTokenError
from offline.standin.values import (
    has_unknown,
    plain,
    read_struct,
    without_secrets,
    write_struct,
)
from offline.standin.world import World, load_description

MAX_MESSAGE_BYTES = 400 * 1024 * 1024

# Environment variables of the stand-in, for tests.
SETS_VARIABLE = "AWS_STANDIN_SETS"
WORLD_VARIABLE = "AWS_STANDIN_WORLD"
# A file that describes what exists outside the stack; see world.py.
EXISTING_VARIABLE = "AWS_STANDIN_EXISTING"
# A directory with the schemas of packages, which programs in YAML are checked with; see
# yaml_schema.py.
SCHEMAS_VARIABLE = "AWS_STANDIN_SCHEMAS"


class StandIn(provider_pb2_grpc.ResourceProviderServicer):
    """One provider resource. sdk: where its types come from; world: what exists already."""

    def __init__(self, sdk: Sdk, world: World, config: Configuration) -> None:
        self._sdk = sdk
        self._world = world
        self._config = config
        # Ids of resources that exist outside the stack as far as the stand-in is concerned.
        self._outside: set[str] = set()

    def Handshake(
        self, request: provider_pb2.ProviderHandshakeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ProviderHandshakeResponse:
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=True, supports_autonaming_configuration=True
        )

    def GetPluginInfo(
        self, request: empty_pb2.Empty, context: grpc.ServicerContext
    ) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=self._sdk.version)

    def GetSchema(
        self, request: provider_pb2.GetSchemaRequest, context: grpc.ServicerContext
    ) -> provider_pb2.GetSchemaResponse:
        file = Path(os.environ.get(SCHEMAS_VARIABLE, ""), f"{self._sdk.name}.json")
        if not file.is_file():
            context.abort(grpc.StatusCode.UNIMPLEMENTED, "The stand-in has no schema of its own.")
        return provider_pb2.GetSchemaResponse(schema=file.read_text(encoding="utf-8"))

    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        news = read_struct(request.news)
        if self._config.bridged:
            # The real provider takes the region from its environment at this point.
            region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
            if region and not news.get("region"):
                news["region"] = region
        return provider_pb2.CheckResponse(inputs=write_struct(news))

    def DiffConfig(
        self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        olds, news = read_struct(request.olds), read_struct(request.news)
        changed = sorted(k for k in {*olds, *news} if plain(olds.get(k)) != plain(news.get(k)))
        changes = provider_pb2.DiffResponse.DIFF_SOME if changed else None
        return provider_pb2.DiffResponse(
            changes=changes or provider_pb2.DiffResponse.DIFF_NONE,
            diffs=changed,
            # Resources in another region are other resources.
            replaces=[key for key in changed if key == "region"],
        )

    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConfigureResponse:
        arguments = plain(read_struct(request.args))
        for name, value in request.variables.items():
            arguments.setdefault(name.rsplit(":", 1)[-1], value)
        tags = _object(arguments.get("defaultTags")).get("tags") or {}
        ignored = _object(arguments.get("ignoreTags"))
        region = arguments.get("region")
        self._config = replace(
            self._config,
            region=region if isinstance(region, str) and region else None,
            default_tags=tags,
            ignored_tags=frozenset(ignored.get("keys") or ()),
            ignored_tag_prefixes=tuple(ignored.get("keyPrefixes") or ()),
        )
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, supports_autonaming_configuration=True
        )

    def Check(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        resource = self._resource(request.urn, context)
        naming = Naming(
            _name(request.urn),
            request.randomSeed or request.urn.encode(),
            _proposed_name(request),
        )
        result = model.check(
            resource,
            read_struct(request.news),
            read_struct(request.olds),
            naming,
            self._config,
        )
        failures = [
            provider_pb2.CheckFailure(property=name, reason=reason)
            for name, reason in result.failures
        ]
        return provider_pb2.CheckResponse(inputs=write_struct(result.inputs), failures=failures)

    def Diff(
        self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        if request.id in self._outside:
            # An imported resource is what the program says it is; nobody else knows.
            return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)
        resource = self._resource(request.urn, context)
        found = model.difference(
            resource,
            read_struct(request.old_inputs),
            read_struct(request.news),
            frozenset(request.ignoreChanges),
            read_struct(request.olds) if self._config.bridged else None,
        )
        some, none = provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(
            changes=some if found.changed else none,
            diffs=found.changed,
            replaces=found.replacing,
        )

    def Create(
        self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CreateResponse:
        resource = self._resource(request.urn, context)
        inputs = read_struct(request.properties)
        if request.preview:
            outputs = model.planned(resource, inputs, None, self._config)
            return provider_pb2.CreateResponse(id="", properties=write_struct(outputs))
        opened = plain(inputs)
        region = str(opened.get("region") or self._config.region or FALLBACK_REGION)
        # The inputs are part of the seed, so that a replacement is another resource.
        seed = request.urn + json.dumps(opened, sort_keys=True, default=str)
        identity = new_id(Newcomer(resource.token, _name(request.urn), opened, region, seed))
        outputs = self._deploy(request.urn, identity, inputs, None, context)
        return provider_pb2.CreateResponse(id=identity, properties=write_struct(outputs))

    def Update(
        self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.UpdateResponse:
        resource = self._resource(request.urn, context)
        inputs, olds = read_struct(request.news), read_struct(request.olds)
        if request.preview:
            outputs = model.planned(resource, inputs, olds, self._config)
        else:
            outputs = self._deploy(request.urn, request.id, inputs, olds, context)
        return provider_pb2.UpdateResponse(properties=write_struct(outputs))

    def Delete(
        self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext
    ) -> empty_pb2.Empty:
        self._world.remove(_type(request.urn), request.id)
        return empty_pb2.Empty()

    def Read(
        self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ReadResponse:
        resource = self._resource(request.urn, context)
        if self._world.is_gone(request.id):
            # An empty id is the answer for what does not exist (any more).
            return provider_pb2.ReadResponse()
        inputs_of, recorded = read_struct(request.inputs), read_struct(request.properties)
        known = self._known(resource, request.id)
        described = {
            name: value
            for name, value in self._world.described(request.id).items()
            if name in resource.outputs or name in resource.inputs
        }
        state = {**(recorded or known), **described}
        if resource.outputs.keys() - state.keys():
            # A lookup by id of something that this stack did not create: answer as for a resource
            # that exists, required settings included.
            self._outside.add(request.id)
            inputs = {**lookups.existing_inputs(resource, request.id, self._region()), **state}
            identity, name = request.id, _name(request.urn)
            outputs = model.deployed(
                resource,
                inputs,
                state,
                identity=identity,
                name=name,
                config=self._config,
                world=self._world,
            )
            state = {**outputs, **state, "id": identity}
        # Copies of the last Read are no part of what a resource has of its own.
        own = {**state, **known, **described}
        found = {**reading.copies(resource, request.id, own, self._world), **described}
        # The bridge reads back the inputs that the program has, and no others; those that are what
        # they were keep their form.
        drifted = [name for name, value in found.items() if value != recorded.get(name)]
        state = {**state, **found}
        if inputs_of:
            inputs_of.update({name: found[name] for name in drifted if name in inputs_of})
        else:
            inputs_of = {
                name: state[name]
                for name in resource.inputs
                if state.get(name) not in (None, "", [])
            }
        return provider_pb2.ReadResponse(
            id=request.id, properties=write_struct(state), inputs=write_struct(inputs_of)
        )

    def Invoke(
        self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.InvokeResponse:
        arguments = plain(read_struct(request.args))
        try:
            function = self._sdk.function(request.tok)
        except UnknownTokenError as error:
            context.abort(grpc.StatusCode.NOT_FOUND, str(error))
        result = lookups.answer(function, arguments, self._region(arguments), self._world)
        # "return" is the wire name, and a Python keyword.
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(write_struct(result))
        return response

    def Construct(
        self, request: provider_pb2.ConstructRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConstructResponse:
        context.abort(
            grpc.StatusCode.UNIMPLEMENTED,
            f"{request.type} is a component that the real {self._sdk.name} provider builds out of "
            "other resources; the stand-in cannot. Preview this program against AWS.",
        )

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def Attach(
        self, request: plugin_pb2.PluginAttach, context: grpc.ServicerContext
    ) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    # Helpers.

    def _region(self, arguments: Mapping[str, Any] | None = None) -> str:
        return str((arguments or {}).get("region") or self._config.region or FALLBACK_REGION)

    def _resource(self, urn: str, context: grpc.ServicerContext) -> Resource:
        try:
            return self._sdk.resource(_type(urn))
        except UnknownTokenError as error:
            context.abort(grpc.StatusCode.NOT_FOUND, str(error))

    def _deploy(
        self,
        urn: str,
        identity: str,
        inputs: dict[str, Any],
        olds: dict[str, Any] | None,
        context: grpc.ServicerContext,
    ) -> dict[str, Any]:
        resource = self._resource(urn, context)
        outputs = model.deployed(
            resource,
            inputs,
            olds,
            identity=identity,
            name=_name(urn),
            config=self._config,
            world=self._world,
        )
        if has_unknown(outputs):
            names = sorted(name for name, value in outputs.items() if has_unknown(value))
            context.abort(
                grpc.StatusCode.INTERNAL,
                f"The stand-in left {', '.join(names)} of {urn} unknown after a deployment.",
            )
        self._world.put(resource.token, without_secrets(outputs))
        if olds is None:
            # What is new has no parts yet.
            return outputs
        # The provider ends an update by reading the resource.
        return {**outputs, **reading.copies(resource, identity, outputs, self._world)}

    def _known(self, resource: Resource, identity: str) -> dict[str, Any]:
        """Return what a resource had of its own when it was last deployed, or nothing."""
        known = self._world.get(identity, kind_of(resource.token))
        return {key: value for key, value in known.items() if not key.startswith("__")}


def _proposed_name(request: provider_pb2.CheckRequest) -> str | None:
    """Return the name that the stack's `pulumi:autonaming` setting asks for, "" for none at all."""
    if not request.HasField("autonaming"):
        return None
    options = request.autonaming
    if options.mode == provider_pb2.CheckRequest.AutonamingOptions.DISABLE:
        return ""
    return options.proposed_name


def _type(urn: str) -> str:
    # A child's URN has its parents' types before its own, separated by `$`.
    return urn.split("::")[2].rsplit("$", 1)[-1]


def _name(urn: str) -> str:
    return urn.split("::", 3)[3]


def _object(value: Any) -> dict[str, Any]:
    """Return a nested provider argument, which travels as an object or as its JSON text."""
    if isinstance(value, str) and value.startswith("{"):
        value = json.loads(value)
    return value if isinstance(value, dict) else {}


def serve(package: Path, cache: Path) -> None:
    """Serve one engine until it goes away. Prints the port on stdout, as the engine expects.

    package: the SDK to stand in for; cache: where what was read from it is kept.
    """
    sdk = Sdk(package, cache)
    shared = os.environ.get(WORLD_VARIABLE)
    existing = os.environ.get(EXISTING_VARIABLE)
    world = World(
        Path(shared) if shared else None,
        load_description(Path(existing)) if existing else None,
    )
    config = Configuration(
        bridged=sdk.name != "aws-native",
        collapse_sets=os.environ.get(SETS_VARIABLE) == "collapse",
    )
    # No gRPC call here waits for another, so a few threads are enough.
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=4),
        options=[
            ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
            ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
        ],
    )
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(StandIn(sdk, world, config), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    # An engine that was killed sends no signal, but it stops being the parent. Asked before the
    # engine hears of the port: one that is gone by then has closed the pipe, and printing fails.
    engine = os.getppid()
    print(port, flush=True)
    while not stopped.wait(1.0) and os.getppid() == engine:
        pass
    server.stop(grace=None)


if __name__ == "__main__":
    serve(Path(sys.argv[1]), Path(sys.argv[2]))
