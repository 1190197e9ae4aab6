"""The phases of a stack's life: a first preview, a deployment, and what comes after."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from policies.testing import Diagnostic
from tests.harness.analysis import Pack
from tests.harness.engine import Monitor
from tests.harness.program import Program
from tests.harness.providers import GoneError, Provider
from tests.harness.state import Resource, State

Runnable: TypeAlias = Program | Callable[[], Any]


@dataclass(frozen=True)
class Preview:
    """What the pack said of a run, and what it was sent."""

    findings: tuple[Diagnostic, ...]
    resources: Mapping[str, Resource]
    steps: Mapping[str, str]
    """What the engine does with each resource, by URN: create, same, update or replace."""
    resource_requests: tuple[Any, ...]
    stack_request: Any

    @property
    def told(self) -> set[tuple[str, str]]:
        """Policy and resource name of every finding."""
        return {(each.policy, each.resource) for each in self.findings}

    @property
    def mandatory(self) -> set[tuple[str, str]]:
        """Policy and resource name of every finding that stops a deployment."""
        return {(each.policy, each.resource) for each in self.findings if each.level == "mandatory"}

    def of(self, policy: str) -> list[Diagnostic]:
        """The findings of one policy."""
        return [each for each in self.findings if each.policy == policy]


NOTHING = State()
"""The state of a stack before its first deployment."""


def preview(
    program: Runnable,
    state: State = NOTHING,
    *,
    config: Mapping[str, Any] | None = None,
    collapse_sets: bool = False,
    other_stacks: Mapping[str, Mapping[str, Any]] | None = None,
    **pack: Any,
) -> Preview:
    """Preview a program over what exists.

    config: the pack's configuration; collapse_sets: whether the provider plans sets that have an
    unknown element as one unknown; other_stacks: what a StackReference finds; servicer: what serves
    the pack's requests, its own by default.
    """
    ready = _program(program)
    monitor: Monitor
    sent = Pack(config or {}, lambda urn: monitor.resources[urn], **pack)
    monitor = _monitor(
        ready,
        state,
        sent.analyze,
        is_preview=True,
        collapse_sets=collapse_sets,
        other_stacks=other_stacks,
    )
    ready.execute(monitor, is_preview=True)
    sent.analyze_stack(list(monitor.resources.values()), monitor.goals)
    return Preview(
        findings=tuple(sent.findings),
        resources=monitor.resources,
        steps=monitor.steps,
        resource_requests=tuple(sent.resource_requests),
        stack_request=sent.stack_request,
    )


def deploy(
    program: Runnable,
    state: State = NOTHING,
    *,
    outputs: Mapping[str, Mapping[str, Any]] | None = None,
    **options: Any,
) -> State:
    """Deploy a program without the pack. outputs: what AWS gives resources, by their names."""
    ready = _program(program)
    monitor = _monitor(
        ready, state, lambda made, _: made.inputs, is_preview=False, overrides=outputs, **options
    )
    ready.execute(monitor, is_preview=False)
    monitor.delete_the_rest()
    _refuse_unknown(monitor.resources, outputs or {})
    return State(monitor.resources, monitor.world)


def refreshed(state: State) -> State:
    """The state after `pulumi refresh`: what AWS shows of each resource, as far as the stand-in's
    Read tells. What is gone is in the stack no more."""
    world = state.copied_world()
    providers = {
        urn: Provider.deployed(each, world)
        for urn, each in state.resources.items()
        if each.is_provider
    }
    found: dict[str, Resource] = {}
    for urn, each in state.resources.items():
        if not each.is_custom or each.is_provider:
            found[urn] = each
            continue
        with contextlib.suppress(GoneError):
            inputs, outputs = providers[each.provider].read(urn, each.id, each.outputs, each.inputs)
            found[urn] = replace(each, inputs=inputs, outputs=outputs)
    return State(found, world)


def existing(program: Runnable, outputs: Mapping[str, Mapping[str, Any]], **options: Any) -> State:
    """The state in which only some of a program's resources exist, as after an import of them.

    outputs: by resource name, the outputs that AWS shows (`{}` for those that the stand-in gives).
    """
    whole = deploy(program, outputs=outputs, **options)
    kept = {whole.named(name).urn for name in outputs}
    return State(
        {
            urn: each
            for urn, each in whole.resources.items()
            if urn in kept or each.is_provider or not each.is_custom
        },
        whole.world,
    )


def phases(program: Runnable, **options: Any) -> dict[str, Preview]:
    """The previews of a program that does not change: before and after its deployment, and after a
    refresh."""
    deployed = deploy(program)
    return {
        "first preview": preview(program, **options),
        "after deployment": preview(program, deployed, **options),
        "after a refresh": preview(program, refreshed(deployed), **options),
    }


def _program(program: Runnable) -> Program:
    return program if isinstance(program, Program) else Program(program)


def _monitor(program: Program, state: State, analyze: Any, **options: Any) -> Monitor:
    full = program.settings
    secret = {key if ":" in key else f"{program.project}:{key}" for key in program.secrets}
    return Monitor(
        state,
        analyze,
        project=program.project,
        stack=program.stack,
        settings=full,
        secret_settings=frozenset(secret),
        **options,
    )


def _refuse_unknown(resources: Mapping[str, Resource], outputs: Mapping[str, Any]) -> None:
    """Names that nothing has are slips of the test."""
    missing = {n for n in outputs if not any(each.is_called(n) for each in resources.values())}
    if missing:
        raise KeyError(f"no resource is called {', '.join(sorted(missing))}")
