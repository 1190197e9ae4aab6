"""The model of a stack, as the pack's servicer makes it: for questions that no single rule asks."""

from __future__ import annotations

from pulumi_policy import EnforcementLevel

from policies.model import Model
from policies.model.resource import Resource
from policies.serving import adapter, servicer
from policies.testing import Run, Stack
from policies.unverifiable import UNVERIFIABLE_REFERENCE


def model_of(stack: Stack, *, deployed: bool = False, shows_inputs: bool = True) -> Model:
    """The model of a first preview, or of what is deployed."""
    run = Run(stack, is_first=not deployed)
    policies = adapter.build([UNVERIFIABLE_REFERENCE])
    server = servicer.PreflightServicer("test", "0.0.1", policies, EnforcementLevel.ADVISORY)
    server.Configure(run.configuration(policies), None)
    if shows_inputs:
        for made in stack.resources:
            server.Analyze(run.resource_request(made), None)
    sent = run.stack_request(stack.resources).resources
    return Model(server._stack_resource(each) for each in sent)


def named(model: Model, name: str) -> Resource:
    """The only resource of that name."""
    [found] = [each for each in model.stack.resources if each.name == name]
    return found
