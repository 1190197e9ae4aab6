"""A program whose parts are stacks of their own gives the findings that it gives in one.

The program is previewed with one part new and the rest deployed. Then the same requests are sent as
the engine sends them of the part alone: what comes from the rest comes through a StackReference,
and the rest is there as exports.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
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

Split = Callable[[str, str], str]
"""The stack in which a program of several would make a resource of a kind, in a region."""


def by_layer(kind: str, _: str) -> str:
    """A network, a data and an application stack."""
    if kind.startswith(("aws:ec2/", "aws:vpc/")):
        return "network"
    return "data" if kind.startswith((*_DATA, "aws:backup/")) else "application"


def by_layer_and_region(kind: str, region: str) -> str:
    """A network and a data stack, and an application stack a region."""
    layer = by_layer(kind, region)
    return f"{layer}-{region}" if layer == "application" else layer


class Parts:
    """A program in one stack, and as several."""

    def __init__(self, program: Program, split: Split) -> None:
        self._program = program
        self._state = deploy(program)
        self._whole = preview(program, self._state)
        self._new: dict[str, Preview] = {}
        self._part_of = {
            each.urn: split(each.type, each.provider.properties["region"])
            for each in self._whole.stack_request.resources
            if each.type.startswith("aws:")
        }

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted(set(self._part_of.values())))

    def _without(self, part: str) -> Iterator[tuple[str, Resource]]:
        """The state before a part of it was deployed."""
        for urn, each in self._state.resources.items():
            if self._part_of.get(urn) != part:
                yield urn, each

    def _with_new(self, part: str) -> Preview:
        if part not in self._new:
            state = State(dict(self._without(part)), self._state.world)
            self._new[part] = preview(self._program, state)
        return self._new[part]

    def _run(self, part: str, *, is_new: bool) -> Preview:
        return self._with_new(part) if is_new else self._whole

    def in_one(self, part: str, *, is_new: bool = True) -> Found:
        """What the pack says of a part that is new, or exists as the rest does, in the stack of the
        whole program."""
        return {
            (each.policy, each.resource, each.urn.split("::")[2].rpartition("$")[2])
            for each in self._run(part, is_new=is_new).findings
            if self._is_of(each.urn, part)
        }

    def apart(self, part: str, place: Path | None, *, is_new: bool = True) -> Found:
        """What it says of the part as a stack of its own, beside exports of the others that are
        written to `place`, or without them."""
        run = self._run(part, is_new=is_new)
        request = proto.AnalyzeStackRequest()
        request.CopyFrom(run.stack_request)
        del request.resources[:]
        for each in run.stack_request.resources:
            if self._is_of(each.urn, part):
                self._cut(request.resources.add(), each, part)
        used = frozenset(
            text for each in request.resources for text in texts_in(MessageToDict(each.properties))
        )
        files = [
            written(place / f"{other}.json", self._export(other, used))
            for other in self.names
            if other != part and place is not None
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
        return self._part_of.get(urn) == part

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
        return StackName(f"{own.project}-{self._part_of[urn]}", own.stack)

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


BLOCKING: Final = frozenset(rule.name for rule in RULES if rule.level is Level.MANDATORY)
WEST: Final = "us-west-2"
STANDBY: Final = {
    (policy, "shop-standby", "aws:lambda/function:Function")
    for policy in ("standby-permissions", "standby-runtime-settings")
}
_WHOLE: Final = ("duplicate-names", "generated-password")
"""A name that another stack has is not taken for certain: the stack may be of another account. A
password is generated by another provider than AWS's, and the parts here make nothing by others."""
DEFECTS: Final = [edit for edit in edits.ADDED if edit.finds and edit.policy not in _WHOLE]
SPLITS: Final = (by_layer, by_layer_and_region)


def test_the_reference_stack_in_parts_gives_no_finding_beside_them(tmp_path: Path) -> None:
    parts = Parts(program(), by_layer_and_region)
    for part in parts.names:
        assert parts.in_one(part) == parts.apart(part, tmp_path) == set()


@pytest.mark.parametrize("split", SPLITS)
def test_a_part_with_defects_gives_its_findings_beside_the_others(
    split: Split, tmp_path: Path
) -> None:
    """Without them, what it has of them is in doubt."""
    parts = Parts(program(edits.together(DEFECTS)), split)
    beside = {part: parts.apart(part, tmp_path) for part in parts.names}
    assert beside == {part: parts.in_one(part) for part in parts.names}
    assert sum(map(len, beside.values())) > 30
    application = next(each for each in parts.names if each.startswith("application"))
    alone = parts.apart(application, None)
    found = beside[application]
    doubted = {name for policy, name, _ in alone - found if policy == "unverifiable-reference"}
    assert "primary-lb" in doubted
    assert {each for each in alone if each[0] in BLOCKING} <= found


def test_what_a_lost_region_would_take_along_is_told_beside_the_other_stacks(
    tmp_path: Path,
) -> None:
    """Of the ticket shop, each part says what the whole says."""
    shop = Program.of_directory(REPOSITORY / "tests" / "stacks" / "lost_region")
    parts = Parts(shop, by_layer_and_region)
    found = {part: parts.in_one(part, is_new=False) for part in parts.names}
    assert found == {part: parts.apart(part, tmp_path, is_new=False) for part in parts.names}
    assert found[f"application-{WEST}"] >= STANDBY
    for part in parts.names:
        # What is new has no ARN yet by which the other stacks may be known to use it.
        assert _names(parts.in_one(part)) == _names(parts.apart(part, tmp_path))


def _names(found: Found) -> set[str]:
    return {name for _, name, _ in found}
