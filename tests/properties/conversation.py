"""What the engine and the pack say to each other about one stack, as protobuf that can be altered
before it is sent."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias
from unittest.mock import patch

from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel

from policies import RULES
from policies.rule import AnyRule
from policies.serving import adapter
from policies.serving import evaluation as evaluate
from policies.serving.servicer import PreflightServicer
from policies.testing import Diagnostic, Made, Run, Stack
from tests.support import FAILED

Found: TypeAlias = frozenset[tuple[str, str]]
"""Policies and URNs."""


@dataclass(repr=False)
class Conversation:
    """One Analyze request for each resource, and one about the stack."""

    resources: list[Any]
    stack: Any

    @classmethod
    def about(
        cls, stack: Stack, *, is_first: bool = True, existing: Collection[Made] = ()
    ) -> Conversation:
        """What the engine would send in a preview, or after a deployment."""
        run = Run(stack, is_first=is_first, existing=frozenset(existing))
        made = stack.resources
        return cls([run.resource_request(each) for each in made], run.stack_request(made))

    def copy(self) -> Conversation:
        """The same requests, to be altered."""
        return Conversation([_copied(each) for each in self.resources], _copied(self.stack))

    def answers(
        self,
        servicer: Any = PreflightServicer,
        *,
        shows_inputs: bool = True,
        config: Mapping[str, Any] | None = None,
    ) -> list[Diagnostic]:
        """What the pack says, resource by resource and then of the stack."""
        server = new_server(servicer, config)
        found: list[Diagnostic] = []
        for request in self.resources if shows_inputs else ():
            found += diagnostics(server.Analyze(request, None), request.urn)
        return found + diagnostics(server.AnalyzeStack(self.stack, None))


def new_server(
    servicer: Any = PreflightServicer,
    config: Mapping[str, Any] | None = None,
    rules: Sequence[AnyRule] = RULES,
) -> Any:
    """The pack, served as in a real run."""
    policies = adapter.build(rules)
    server = servicer("test", "0.0.1", policies, EnforcementLevel.ADVISORY)
    server.Configure(Run(Stack(), config=config or {}).configuration(policies), None)
    return server


@contextmanager
def bugs_raise() -> Iterator[None]:
    """Meanwhile an exception in a rule or in a remediation leaves the pack, instead of becoming a
    finding or a line of a log."""
    with patch.object(evaluate, "_log", _raise_again):
        yield


def _raise_again(error: Exception) -> None:
    raise error


def diagnostics(response: Any, urn: str = "") -> list[Diagnostic]:
    """The findings in an answer."""
    name = proto.EnforcementLevel.Name
    return [
        Diagnostic(
            each.policyName, name(each.enforcementLevel).lower(), each.urn or urn, each.message
        )
        for each in response.diagnostics
    ]


def mandatory(found: Sequence[Diagnostic]) -> Found:
    """What blocks, after a look for rules that failed: they must never."""
    for each in found:
        assert FAILED not in each.message, each.message
    return frozenset((each.policy, each.urn) for each in found if each.level == "mandatory")


def _copied(message: Any) -> Any:
    copy = type(message)()
    copy.CopyFrom(message)
    return copy
