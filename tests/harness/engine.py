"""What Pulumi's engine does between a program, its provider and a policy pack.

The sources are named in `pulumi/pulumi`: `pkg/resource/deploy/step_generator.go` (what happens to
inputs, and in which order), `source_eval.go` (what a program registers), `step_executor.go`
(outputs), `pkg/resource/plugin/analyzer_plugin.go` (what a pack is sent).
"""

from __future__ import annotations

import hashlib
import json
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from google.protobuf import empty_pb2
from pulumi.runtime.proto import resource_pb2

from offline.standin.values import (
    UNKNOWN,
    UNKNOWN_ON_WIRE,
    Secret,
    plain,
    read_struct,
    write_struct,
)
from tests.harness.paths import put_back
from tests.harness.providers import Provider, RefusedError
from tests.harness.state import Resource, State

__all__ = ["Goal", "Monitor", "RefusedError"]

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e"
_ASSETS = ("c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7")
"""What marks an asset and an archive."""

_FEATURES = (
    resource_pb2.RESOURCE_MONITOR_FEATURE_SECRETS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
    resource_pb2.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
    resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
    resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACEMENT_TRIGGER,
    resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_ERROR_HOOKS,
)


@dataclass(frozen=True)
class Goal:
    """What the program asks for one resource, beside its inputs: what a pack is told of it."""

    ignore_changes: tuple[str, ...] = ()
    additional_secret_outputs: tuple[str, ...] = ()
    protect: bool = False
    delete_before_replace: bool | None = None
    aliases: tuple[str, ...] = ()
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, request: Any) -> Goal:
        return cls(
            ignore_changes=tuple(request.ignoreChanges),
            additional_secret_outputs=tuple(request.additionalSecretOutputs),
            protect=request.protect,
            delete_before_replace=(
                request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None
            ),
            dependencies=tuple(request.dependencies),
            property_dependencies={
                name: tuple(found.urns)
                for name, found in request.propertyDependencies.items()
                if found.urns
            },
        )


Analyze = Callable[[Resource, Goal], Mapping[str, Any]]
"""Shows a resource's inputs to the pack; returns them, remedied if the pack does that."""


class Monitor:
    """The engine as a program sees it (`pulumirpc.ResourceMonitor`), for one run.

    state: what the last deployment left; overrides: outputs that AWS gives resources, by name
    (`Resource.is_called`);
    other_stacks: the outputs of stacks that the program refers to, by their full names.
    """

    def __init__(
        self,
        state: State,
        analyze: Analyze,
        *,
        project: str,
        stack: str,
        settings: Mapping[str, str],
        secret_settings: frozenset[str] = frozenset(),
        is_preview: bool,
        overrides: Mapping[str, Mapping[str, Any]] | None = None,
        other_stacks: Mapping[str, Mapping[str, Any]] | None = None,
        collapse_sets: bool = False,
    ) -> None:
        self.resources: dict[str, Resource] = {}
        self.goals: dict[str, Goal] = {}
        self.steps: dict[str, str] = {}
        self.world = state.copied_world()
        self._state = state
        self._analyze = analyze
        self._prefix = f"urn:pulumi:{stack}::{project}"
        self._settings = settings
        self._secret_settings = secret_settings
        self._is_preview = is_preview
        self._overrides = overrides or {}
        self._other_stacks = other_stacks or {}
        self._collapse_sets = collapse_sets
        self._providers: dict[str, Provider] = {}
        self._aliases: dict[str, tuple[str, ...]] = {}
        self._lock = threading.RLock()

    # What the SDK calls.

    def GetDeploymentInfo(self, request: Any) -> Any:
        return resource_pb2.DeploymentInfo(supportedFeatures=_FEATURES)

    def SupportsFeature(self, request: Any) -> Any:
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id in _OLD_FEATURES)

    def RegisterResource(self, request: Any) -> Any:
        if request.remote:
            raise RefusedError(f"{request.type} is built by its provider; the stand-in cannot.")
        with self._lock:
            made = self._registered(request)
            identity = made.id or (UNKNOWN_ON_WIRE if made.is_provider else "")
            return resource_pb2.RegisterResourceResponse(
                urn=made.urn, id=identity, object=write_struct(made.outputs)
            )

    def RegisterResourceOutputs(self, request: Any) -> Any:
        with self._lock:
            found = self.resources[request.urn]
            outputs = self._dereferenced(read_struct(request.outputs))
            self.resources[request.urn] = replace(found, outputs=outputs)
        return empty_pb2.Empty()

    def ReadResource(self, request: Any) -> Any:
        with self._lock:
            urn = self._urn(request.parent, request.type, request.name)
            identity = request.id
            if request.type == "pulumi:pulumi:StackReference":
                outputs = self._stack_reference(request.id)
            elif request.id in ("", UNKNOWN_ON_WIRE):
                identity, outputs = "", {}
            else:
                provider = self._providers[self._provider_of(request)]
                given = self._dereferenced(read_struct(request.properties))
                _, outputs = provider.read(urn, request.id, given, {})
            answer = resource_pb2.ReadResourceResponse(urn=urn, properties=write_struct(outputs))
            # Older SDKs go on with the id that they asked for.
            if "id" in answer.DESCRIPTOR.fields_by_name:
                answer.id = identity
            return answer

    def Invoke(self, request: Any) -> Any:
        with self._lock:
            response = resource_pb2.ResourceInvokeResponse()
            if request.tok == "pulumi:pulumi:getResource":
                found = self.resources[read_struct(request.args)["urn"]]
                values = {"urn": found.urn, "id": found.id or UNKNOWN, "state": found.outputs}
                getattr(response, "return").CopyFrom(write_struct(values))
                return response
            provider = self._providers[self._provider_of(request)]
            if not provider.is_configured:
                raise RefusedError(f"{request.tok}: the provider's configuration is not known")
            answer, failures = provider.invoke(request.tok, request.args)
            getattr(response, "return").CopyFrom(answer)
            response.failures.extend(failures)
            return response

    def RegisterResourceHook(self, request: Any) -> Any:
        return empty_pb2.Empty()

    def RegisterErrorHook(self, request: Any) -> Any:
        return empty_pb2.Empty()

    def SignalAndWaitForShutdown(self, request: Any) -> Any:
        return empty_pb2.Empty()

    def delete_the_rest(self) -> None:
        """Delete what the program asks for no more, and what another resource replaced."""
        former = self._state.resources
        providers = {
            urn: Provider.deployed(each, self.world)
            for urn, each in former.items()
            if each.is_provider
        }
        kept = {
            (each.type, each.id) for each in self.resources.values() if each.is_custom and each.id
        }
        for urn, each in former.items():
            deletes = each.is_custom and not each.is_provider and (each.type, each.id) not in kept
            if deletes:
                providers[each.provider].delete(urn, each.id)

    # What becomes of a resource.

    def _registered(self, request: Any) -> Resource:
        urn = self._urn(request.parent, request.type, request.name)
        if urn in self.resources:
            raise RefusedError(f"Duplicate resource URN '{urn}'; try giving it a unique name")
        former = self._former(request, urn)
        old = self._state.find(urn, former)
        goal = Goal.of(request)
        if old is not None and old.urn != urn:
            goal = replace(goal, aliases=(old.urn,))
        inputs = self._dereferenced(read_struct(request.object))
        made = Resource(
            urn=urn,
            type=request.type,
            name=request.name,
            is_custom=request.custom,
            inputs=inputs,
            outputs={},
            parent=request.parent,
        )
        if not request.custom:
            self._analyze(made, goal)
            return self._keep(made, goal, "same" if old else "create")
        if made.is_provider:
            return self._made_provider(made, goal, old, request.version)
        return self._made(replace(made, provider=self._provider_of(request)), goal, old, request)

    def _made(self, made: Resource, goal: Goal, old: Resource | None, request: Any) -> Resource:
        provider = self._providers[made.provider]
        is_import = bool(request.importId) and (old is None or old.id != request.importId)
        if is_import:
            inputs, outputs = provider.read(made.urn, request.importId, {}, {})
            old = replace(made, inputs=inputs, outputs=outputs, id=request.importId)
        news = made.inputs
        if old is not None:
            news = put_back(news, old.inputs, list(goal.ignore_changes))
        news = provider.check(made.urn, news, old.inputs if old else None)
        made = replace(made, inputs=news)
        made = replace(made, inputs=dict(self._analyze(made, goal)))
        step = self._step(made, old, provider, goal, list(request.replaceOnChanges))
        identity, outputs = self._applied(step, made, old, provider)
        for name in filter(made.is_called, self._overrides):
            own = self._overrides[name]
            outputs = {**outputs, **own}
            identity = str(own.get("id", identity))
            self.world.put(made.type, {**plain(outputs), "id": identity})
        for name in goal.additional_secret_outputs:
            if name in outputs and not isinstance(outputs[name], Secret):
                outputs[name] = Secret(outputs[name])
        if is_import and old is not None and step == "same":
            made = replace(made, inputs=old.inputs)
        return self._keep(replace(made, id=identity, outputs=outputs), goal, step)

    def _step(
        self,
        made: Resource,
        old: Resource | None,
        provider: Provider,
        goal: Goal,
        replace_on: list[str],
    ) -> str:
        """What the engine does: create, same, update or replace."""
        if old is None:
            return "create"
        if self._moves(made, old):
            return "replace"
        if not provider.is_configured:
            return "same" if plain(dict(made.inputs)) == plain(dict(old.inputs)) else "update"
        found = provider.diff(made.urn, old.id, old, made.inputs, list(goal.ignore_changes))
        if found.replaces or set(replace_on) & set(found.diffs):
            return "replace"
        return "update" if found.changes == found.DIFF_SOME else "same"

    def _moves(self, made: Resource, old: Resource) -> bool:
        """Whether the resource's provider became one whose resources are others."""
        former, now = self._state.resources.get(old.provider), self.resources[made.provider]
        if former is None or former.urn == now.urn:
            return False
        return self._providers[now.urn].changes_config(now.urn, former.inputs, now.inputs)

    def _applied(
        self, step: str, made: Resource, old: Resource | None, provider: Provider
    ) -> tuple[str, dict[str, Any]]:
        """The id, empty where a preview does not know it, and the outputs."""
        if old is None or step == "replace":
            return provider.create(made.urn, made.inputs, is_preview=self._is_preview)
        if step == "same":
            return old.id, dict(old.outputs)
        outputs = provider.update(made.urn, old, made.inputs, is_preview=self._is_preview)
        return old.id, dict(outputs)

    def _keep(self, made: Resource, goal: Goal, step: str) -> Resource:
        self.resources[made.urn] = made
        self.goals[made.urn] = goal
        self.steps[made.urn] = step
        return made

    # Providers.

    def _made_provider(
        self, made: Resource, goal: Goal, old: Resource | None, version: str
    ) -> Resource:
        package = made.type.rpartition(":")[2]
        provider = Provider(package, self.world, collapse_sets=self._collapse_sets)
        inputs = provider.check_config(
            made.urn, {**made.inputs, **({"version": version} if version else {})}
        )
        made = replace(made, inputs=inputs)
        self._analyze(made, goal)
        provider.configure({name: each for name, each in inputs.items() if name != "version"})
        self._providers[made.urn] = provider
        identity = old.id if old else "" if self._is_preview else str(uuid.uuid4())
        step = "create" if old is None else "same" if old.inputs == inputs else "update"
        return self._keep(replace(made, id=identity, outputs=inputs), goal, step)

    def _provider_of(self, request: Any) -> str:
        """The URN of the provider that a request names, else of the default one, made if new."""
        if request.provider:
            return str(request.provider).rpartition("::")[0]
        token = request.tok if hasattr(request, "tok") else request.type
        package = token.partition(":")[0]
        version = request.version
        tail = f"_{version.replace('.', '_').replace('+', '_')}" if version else ""
        kind, name = f"pulumi:providers:{package}", f"default{tail}"
        urn = f"{self._prefix}::{kind}::{name}"
        if urn not in self.resources:
            inputs: dict[str, Any] = {}
            for key, value in self._settings.items():
                namespace, _, own = key.partition(":")
                if namespace == package:
                    inputs[own] = Secret(value) if key in self._secret_settings else value
            made = Resource(urn, kind, name, is_custom=True, inputs=inputs, outputs={})
            self._made_provider(made, Goal(), self._state.resources.get(urn), version)
        return urn

    # Names.

    def _urn(self, parent: str, kind: str, name: str) -> str:
        chain = parent.split("::")[2] if parent else ""
        if chain and chain != "pulumi:pulumi:Stack":
            kind = f"{chain}${kind}"
        return f"{self._prefix}::{kind}::{name}"

    def _former(self, request: Any, urn: str) -> tuple[str, ...]:
        """The URNs that a resource may have had: its aliases, and those that follow from its
        parent's."""
        found = []
        for alias in request.aliases:
            if alias.WhichOneof("alias") == "urn":
                found.append(alias.urn)
                continue
            spec = alias.spec
            name, kind = spec.name or request.name, spec.type or request.type
            parent = "" if spec.noParent else spec.parentUrn or request.parent
            former = self._urn(parent, kind, name)
            head = f"urn:pulumi:{spec.stack}" if spec.stack else former.split("::")[0]
            project = spec.project or former.split("::")[1]
            found.append("::".join((head, project, *former.split("::")[2:])))
        parent_name = request.parent.rpartition("::")[2]
        for parent in self._aliases.get(request.parent, ()):
            name, former_name = request.name, parent.rpartition("::")[2]
            if name.startswith(parent_name):
                name = former_name + name.removeprefix(parent_name)
            found.append(self._urn(parent, request.type, name))
        self._aliases[urn] = tuple(found)
        return self._aliases[urn]

    # Values.

    def _stack_reference(self, name: str) -> dict[str, Any]:
        if name not in self._other_stacks:
            raise RefusedError(f"unknown stack {name}")
        outputs = dict(self._other_stacks[name])
        return {"name": name, "outputs": outputs, "secretOutputNames": []}

    def _dereferenced(self, value: Any) -> Any:
        """A value with references to resources as a pack and a provider get them: their ids."""
        if isinstance(value, Secret):
            return Secret(self._dereferenced(value.value))
        if isinstance(value, list):
            return [self._dereferenced(each) for each in value]
        if not isinstance(value, dict):
            return value
        if value.get(_SIGNATURE) == _REFERENCE:
            identity = value.get("id")
            return value["urn"] if identity is None else identity or UNKNOWN
        found = {name: self._dereferenced(each) for name, each in value.items()}
        return _with_hash(found) if found.get(_SIGNATURE) in _ASSETS else found


def _with_hash(asset: dict[str, Any]) -> dict[str, Any]:
    """An asset or archive as the engine passes it on. Its hash is made in another way than there:
    what matters is that it is there, and differs where the contents do."""
    path = asset.get("path")
    if path and Path(path).is_file():
        contents = Path(path).read_bytes()
    else:
        contents = json.dumps(asset, sort_keys=True).encode()
    return {**asset, "hash": hashlib.sha256(contents).hexdigest()}


_OLD_FEATURES = frozenset(
    {"secrets", "resourceReferences", "aliasSpecs", "deletedWith", "replaceWith"}
)
