"""Why the pack is cheap, in counts that are the same on every machine. `make bench` has seconds."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest
from google.protobuf.struct_pb2 import Struct, Value
from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel

from bench.stacks import BALLAST, requests, synthetic
from policies import RULES
from policies.model import Model
from policies.rule import AnyRule, DoubtRule, ResourceRule, StackRule
from policies.serving import adapter, servicer
from policies.serving.servicer import PreflightServicer

PHASES = pytest.mark.parametrize("is_first", [True, False], ids=["preview", "deployed"])


class Read:
    """The properties of one struct, which count how often each is decoded."""

    def __init__(self, struct: Struct) -> None:
        self.struct = struct
        self.counts: Counter[str] = Counter()

    def __getitem__(self, name: str) -> Value:
        self.counts[name] += 1
        return self.struct.fields[name]

    def __contains__(self, name: str) -> bool:
        return name in self.struct.fields

    def __iter__(self) -> Iterator[str]:
        return iter(self.struct.fields)

    def __len__(self) -> int:
        return len(self.struct.fields)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Read]:
    """Every struct that the servicer is ready to look into."""
    found: list[Read] = []

    class Counting(servicer._StructTree):
        def __init__(self, struct: Struct, secrets: set[str]) -> None:
            super().__init__(struct, secrets)
            found.append(Read(struct))
            self._fields: Any = found[-1]

    monkeypatch.setattr(servicer, "_StructTree", Counting)
    return found


def serve(size: int, is_first: bool) -> tuple[PreflightServicer, Any]:
    """A server that has seen every resource, and the request about the stack."""
    server = PreflightServicer("pack", "0.0.1", adapter.build(), EnforcementLevel.ADVISORY)
    server.Configure(proto.ConfigureAnalyzerRequest(), None)
    *resources, stack = requests(synthetic(size), is_first=is_first)
    for message in resources:
        request = proto.AnalyzeRequest.FromString(message)
        assert not server.Remediate(request, None).remediations
        server.Analyze(request, None)
    return server, proto.AnalyzeStackRequest.FromString(stack)


@PHASES
def test_each_property_is_decoded_once_at_most(is_first: bool, reads: list[Read]) -> None:
    server, request = serve(200, is_first)
    server.AnalyzeStack(request, None)
    assert {count for read in reads for count in read.counts.values()} == {1}


@PHASES
def test_types_that_no_rule_knows_are_never_decoded(is_first: bool, reads: list[Read]) -> None:
    server, request = serve(200, is_first)
    server.AnalyzeStack(request, None)
    types = {_name(each.properties): each.type for each in request.resources}
    decoded = {types[_name(read.struct)] for read in reads if read.counts and "tags" in read}
    assert {"aws:ec2/vpc:Vpc", "aws:rds/cluster:Cluster"} < decoded
    unread = set(BALLAST).difference(*(kinds_of(rule) for rule in RULES))
    assert unread
    assert not decoded & unread


def _name(struct: Struct) -> str:
    return struct.fields["tags"].struct_value.fields["Name"].string_value


@PHASES
def test_most_properties_are_never_decoded(is_first: bool, reads: list[Read]) -> None:
    server, request = serve(200, is_first)
    server.AnalyzeStack(request, None)
    sent = sum(len(each.properties.fields) for each in request.resources)
    assert sum(len(read.counts) for read in reads) < sent / 4


def test_all_policies_share_one_model(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[Model] = []

    class Counted(Model):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            built.append(self)

    monkeypatch.setattr(servicer, "Model", Counted)
    server, request = serve(100, True)
    assert not built
    server.AnalyzeStack(request, None)
    assert len(built) == 1


def kinds_of(rule: AnyRule) -> tuple[str, ...]:
    """The types that a rule is asked about."""
    match rule:
        case ResourceRule():
            return rule.kinds
        case StackRule():
            return rule.subjects
    return ()


def test_every_policy_asks_about_the_stack_that_is_measured() -> None:
    made = {each.type for each in synthetic(200).resources}
    for rule in RULES:
        asks_about_all = isinstance(rule, DoubtRule) or (
            isinstance(rule, ResourceRule) and bool(rule.texts)
        )
        assert asks_about_all or made.intersection(kinds_of(rule)), rule.name


@PHASES
def test_the_stack_that_is_measured_gives_no_finding(is_first: bool) -> None:
    """`make bench` refuses to measure one that does."""
    for size in (100, 200):
        server, request = serve(size, is_first)
        assert not server.AnalyzeStack(request, None).diagnostics


@PHASES
def test_a_resource_more_costs_the_same_in_a_stack_of_any_size(is_first: bool) -> None:
    """What is imported and read once is no part of it. A rule that compares each health check with
    each load balancer has 1.06."""
    calls(200, is_first)
    few, some, many = (calls(size, is_first) for size in (400, 800, 1_600))
    assert (many - some) / 800 < 1.03 * (some - few) / 400


def calls(size: int, is_first: bool) -> int:
    """How many Python functions are called to answer about a whole stack."""
    server, request = serve(size, is_first)
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    try:
        server.AnalyzeStack(request, None)
    finally:
        sys.setprofile(None)
    return count
