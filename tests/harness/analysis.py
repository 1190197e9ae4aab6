"""What a policy pack is sent about a run, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel

from offline.standin.values import Secret, read_struct, write_struct
from policies.serving import adapter
from policies.serving.servicer import PreflightServicer
from policies.testing import Diagnostic, Run, Stack
from tests.harness.engine import Goal
from tests.harness.state import Resource


class Pack:
    """The pack as it is started for one run. config: its `--policy-pack-config`.

    The requests are kept: `resource_requests` and `stack_request`.
    """

    def __init__(
        self,
        config: Mapping[str, Any],
        provider_of: Callable[[str], Resource],
        servicer: Callable[..., Any] = PreflightServicer,
    ) -> None:
        policies = adapter.build()
        self._server = servicer(
            "aws-dr-preflight", "0.0.1", list(policies), EnforcementLevel.ADVISORY
        )
        self._server.Configure(Run(Stack(), config=config).configuration(policies), None)
        self._remedies = any("remediate" in str(each) for each in config.values())
        self._provider_of = provider_of
        self.resource_requests: list[Any] = []
        self.stack_request: Any = None
        self.findings: list[Diagnostic] = []

    def analyze(self, resource: Resource, goal: Goal) -> Mapping[str, Any]:
        """Show a resource's inputs; return them, remedied where the configuration asks for it."""
        request = proto.AnalyzeRequest()
        self._describe(request, resource, goal, resource.inputs)
        inputs = resource.inputs
        if self._remedies:
            for remedy in self._server.Remediate(request, None).remediations:
                inputs = read_struct(remedy.properties)
                request.properties.CopyFrom(write_struct(_shown(inputs)))
        self.resource_requests.append(request)
        self._take(self._server.Analyze(request, None), resource.urn)
        return inputs

    def analyze_stack(self, resources: Sequence[Resource], goals: Mapping[str, Goal]) -> None:
        """Show the outputs of everything that the stack has now."""
        request = proto.AnalyzeStackRequest()
        for each in resources:
            goal = goals[each.urn]
            sent = request.resources.add()
            self._describe(sent, each, goal, each.outputs)
            sent.parent = each.parent
            sent.dependencies.extend(goal.dependencies)
            for name, urns in goal.property_dependencies.items():
                sent.propertyDependencies[name].urns.extend(urns)
        self.stack_request = request
        self._take(self._server.AnalyzeStack(request, None), "")

    def _describe(
        self, request: Any, resource: Resource, goal: Goal, properties: Mapping[str, Any]
    ) -> None:
        request.type, request.urn, request.name = resource.type, resource.urn, resource.name
        request.properties.CopyFrom(write_struct(_shown(properties)))
        options = request.options
        options.protect = goal.protect
        options.ignoreChanges.extend(goal.ignore_changes)
        options.additionalSecretOutputs.extend(goal.additional_secret_outputs)
        options.aliases.extend(goal.aliases)
        options.customTimeouts.SetInParent()
        options.parent = resource.parent
        if goal.delete_before_replace is not None:
            options.deleteBeforeReplaceDefined = True
            options.deleteBeforeReplace = goal.delete_before_replace
        if resource.provider:
            provider = self._provider_of(resource.provider)
            found = request.provider
            found.type, found.urn, found.name = provider.type, provider.urn, provider.name
            found.properties.CopyFrom(write_struct(_shown(provider.inputs)))

    def _take(self, answer: Any, urn: str) -> None:
        for found in answer.diagnostics:
            level = proto.EnforcementLevel.Name(found.enforcementLevel).lower()
            self.findings.append(
                Diagnostic(found.policyName, level, found.urn or urn, found.message)
            )


def _shown(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Properties without the marks of the engine and the provider, which packs are not sent."""
    return {name: _unmarked(each) for name, each in properties.items() if not name.startswith("__")}


def _unmarked(value: Any) -> Any:
    if isinstance(value, Secret):
        return Secret(_unmarked(value.value))
    if isinstance(value, dict):
        return _shown(value)
    if isinstance(value, list):
        return [_unmarked(each) for each in value]
    return value
