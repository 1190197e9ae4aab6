"""A program whose parts are stacks of their own gives the findings that it gives in one.

The program is previewed with one part new and the rest deployed. Then the same requests are sent as
the engine sends them of the part alone: what comes from the rest comes through a StackReference,
and the rest is there as exports.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from google.protobuf.json_format import MessageToDict
from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel

from offline.paths import REPOSITORY
from policies import RULES
from policies.model.systems import texts_in
from policies.model.urns import StackName, stack_of
from policies.rule import Level
from policies.serving import adapter
from policies.serving.servicer import PreflightServicer
from policies.testing import Run, Stack
from policies.unverifiable import NEIGHBOURS_VARIABLE
from tests.exports import TIME, written
from tests.harness import Preview, Program, State, deploy, preview
from tests.harness.state import Resource
from tests.stacks.mutated_reference import edits

Found = set[tuple[str, str, str]]
"""Policies, with the name and the type of each resource that they tell of."""

_DATA: Final = ("aws:rds/", "aws:kms/", "aws:secretsmanager/", "aws:dynamodb/", "aws:s3/")
_PARTS: Final = ("network", "data", "application")


def part_of(kind: str) -> str:
    """The stack in which a program of several would make such a resource."""
    if kind.startswith(("aws:ec2/", "aws:vpc/")):
        return "network"
    return "data" if kind.startswith((*_DATA, "aws:backup/")) else "application"


def _without(state: State, part: str) -> Iterator[tuple[str, Resource]]:
    """The state before a part of it was deployed."""
    for urn, each in state.resources.items():
        if not each.type.startswith("aws:") or part_of(each.type) != part:
            yield urn, each


class Parts:
    """A program in one stack, and as three."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._state = deploy(program)
        self._whole = preview(program, self._state)
        self._new: dict[str, Preview] = {}

    def _with_new(self, part: str) -> Preview:
        if part not in self._new:
            state = State(dict(_without(self._state, part)), self._state.world)
            self._new[part] = preview(self._program, state)
        return self._new[part]

    def in_one(self, part: str) -> Found:
        """What the pack says of a part that is new in the stack of the whole program."""
        return {
            (each.policy, each.resource, each.urn.split("::")[2].rpartition("$")[2])
            for each in self._with_new(part).findings
            if self._is_of(each.urn, part)
        }

    def apart(self, part: str, place: Path | None) -> Found:
        """What it says of the part as a stack of its own, beside exports of the others that are
        written to `place`, or without them."""
        run = self._with_new(part)
        request = proto.AnalyzeStackRequest()
        request.CopyFrom(run.stack_request)
        del request.resources[:]
        for each in run.stack_request.resources:
            if self._is_of(each.urn, part):
                self._cut(request.resources.add(), each, part)
        used = frozenset(
            text for each in request.resources for text in texts_in(MessageToDict(each.properties))
        )
        if place is not None:
            files = [
                written(place / f"{other}.json", self._export(other, used))
                for other in _PARTS
                if other != part
            ]
            os.environ[NEIGHBOURS_VARIABLE] = os.pathsep.join(map(str, files))
        policies = adapter.build()
        server = PreflightServicer("pack", "0.0.1", policies, EnforcementLevel.ADVISORY)
        server.Configure(Run(Stack()).configuration(policies), None)
        answers = [
            (each.urn, server.Analyze(each, None))
            for each in run.resource_requests
            if self._is_of(each.urn, part)
        ]
        answers.append(("", server.AnalyzeStack(request, None)))
        found = [(each, each.urn or urn) for urn, answer in answers for each in answer.diagnostics]
        return {
            (each.policyName, urn.rpartition("::")[2], urn.split("::")[2].rpartition("$")[2])
            for each, urn in found
        }

    def _is_of(self, urn: str, part: str) -> bool:
        kind = urn.split("::")[2].rpartition("$")[2]
        return kind.startswith("aws:") and part_of(kind) == part

    def _cut(self, cut: Any, sent: Any, part: str) -> None:
        """A resource of the part as it is sent without the rest."""
        cut.CopyFrom(sent)
        del cut.dependencies[:]
        cut.dependencies.extend(self._seen(sent.dependencies, part))
        for name, found in sent.propertyDependencies.items():
            del cut.propertyDependencies[name].urns[:]
            cut.propertyDependencies[name].urns.extend(self._seen(found.urns, part))

    def _seen(self, urns: Any, part: str) -> list[str]:
        """What the part sees of dependencies: its own, and references to the other stacks."""
        return sorted({urn if self._is_of(urn, part) else self._reference(urn) for urn in urns})

    def _reference(self, urn: str) -> str:
        own = stack_of(urn)
        other = self._moved(urn)
        name = f"acme/{other.project}/{other.stack}"
        return f"urn:pulumi:{own.stack}::{own.project}::pulumi:pulumi:StackReference::{name}"

    def _moved(self, urn: str) -> StackName:
        """The stack that a resource of another part is in."""
        own = stack_of(urn)
        return StackName(
            f"{own.project}-{part_of(urn.split('::')[2].rpartition('$')[2])}", own.stack
        )

    def _export(self, part: str, used: frozenset[str]) -> Mapping[str, Any]:
        """The export of a part, which gives out what is used of it."""
        inputs = {each.urn: each for each in self._whole.resource_requests}
        resources = list(self._states(part, inputs))
        given = sorted(used & {text for each in resources for text in texts_in(each["outputs"])})
        own = stack_of(resources[-1]["urn"])
        root = {
            "urn": f"urn:pulumi:{own.stack}::{own.project}::pulumi:pulumi:Stack::whole",
            "type": "pulumi:pulumi:Stack",
            "outputs": {"given": given},
        }
        manifest = {"time": TIME, "magic": "", "version": ""}
        return {
            "version": 3,
            "deployment": {"manifest": manifest, "resources": [root, *resources]},
        }

    def _states(self, part: str, inputs: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        providers: set[str] = set()
        for each in self._whole.stack_request.resources:
            if not self._is_of(each.urn, part):
                continue
            provider = each.provider
            if provider.urn not in providers:
                providers.add(provider.urn)
                yield {
                    "urn": self._urn(provider.urn, part),
                    "type": provider.type,
                    "inputs": MessageToDict(provider.properties),
                    "outputs": {},
                }
            yield {
                "urn": self._urn(each.urn, part),
                "type": each.type,
                "inputs": MessageToDict(inputs[each.urn].properties),
                "outputs": MessageToDict(each.properties),
                "provider": f"{self._urn(provider.urn, part)}::1",
                "dependencies": [self._across(urn, part) for urn in each.dependencies],
                "propertyDependencies": {
                    name: [self._across(urn, part) for urn in found.urns]
                    for name, found in each.propertyDependencies.items()
                },
                "ignoreChanges": list(each.options.ignoreChanges),
            }

    def _urn(self, urn: str, part: str) -> str:
        """The URN of a resource in the stack of its part."""
        own = stack_of(urn)
        return urn.replace(f"::{own.project}::", f"::{own.project}-{part}::", 1)

    def _across(self, urn: str, part: str) -> str:
        return self._urn(urn if self._is_of(urn, part) else self._reference(urn), part)


def program(edit: edits.Edit | None = None) -> Program:
    """The reference stack, with an edit or as it is."""
    secrets = {"databasePassword": "correct-horse-battery"}
    if edit is None:
        return Program.of_directory(REPOSITORY / "reference_stack", secrets=secrets)
    main = REPOSITORY / "tests" / "stacks" / "mutated_reference" / "__main__.py"
    return Program.of_directory(
        REPOSITORY / "reference_stack",
        main=main,
        config=edit.config,
        secrets=secrets,
        env={"EDIT": edit.name},
    )


@pytest.fixture(autouse=True)
def no_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NEIGHBOURS_VARIABLE, "")


def test_the_reference_stack_in_three_gives_no_finding_beside_its_parts(tmp_path: Path) -> None:
    parts = Parts(program())
    for part in _PARTS:
        assert parts.in_one(part) == parts.apart(part, tmp_path) == set()


def test_a_part_with_defects_gives_its_findings_beside_the_others(tmp_path: Path) -> None:
    """Without them, what it has of them is in doubt."""
    parts = Parts(program(edits.TOGETHER["found"]))
    alone = parts.apart("application", None)
    beside = parts.apart("application", tmp_path)
    assert beside == parts.in_one("application")
    assert len(beside) > 20
    doubted = {name for policy, name, _ in alone - beside if policy == "unverifiable-reference"}
    assert "primary-lb" in doubted
    blocking = {rule.name for rule in RULES if rule.level is Level.MANDATORY}
    assert {each for each in alone if each[0] in blocking} <= beside
