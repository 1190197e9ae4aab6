"""Advice on whole stacks: a named defect gives exactly the advice that it should, where a first
preview shows all, and is no reason to block in any phase."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.testing import Diagnostic
from tests.properties.conversation import Conversation, Found, mandatory
from tests.properties.defects import ADVICE
from tests.properties.test_topologies import times
from tests.properties.topologies import Plan, Topology, build, plans


@pytest.mark.parametrize("name", sorted(ADVICE))
@times(0.06)
@given(plan=plans(), number=st.integers(min_value=0, max_value=2))
def test_a_defect_gives_its_advice_and_blocks_nobody(
    name: str, plan: Plan, number: int, tried: Counter[str]
) -> None:
    tried["stacks with a defect of which advice tells, in four phases"] += 1
    defect = ADVICE[name]
    plan = _with_known_regions(defect.prepare(plan))
    valid, broken = build(plan), build(plan)
    parts = broken.regions[number % len(broken.regions)]
    expected = {(policy, made.urn) for policy, made in defect.apply(broken, parts) if made}
    assert expected
    policies = {policy for policy, _ in expected}
    for is_first in (True, False):
        before = _of(_answers(valid, is_first=is_first), policies)
        assert before.isdisjoint(expected), "the valid stack has the finding already"
        for shows_inputs in (True, False):
            found = _answers(broken, is_first=is_first, shows_inputs=shows_inputs)
            assert not mandatory(found), found
            own = _of(found, policies) - before
            assert own == expected if is_first and shows_inputs else own <= expected, found


def _with_known_regions(plan: Plan) -> Plan:
    return replace(plan, providers="each") if plan.providers == "environment" else plan


def _answers(
    topology: Topology, *, is_first: bool = True, shows_inputs: bool = True
) -> list[Diagnostic]:
    conversation = Conversation.about(topology.stack, is_first=is_first)
    return conversation.answers(shows_inputs=shows_inputs)


def _of(found: list[Diagnostic], policies: set[str]) -> Found:
    return frozenset((each.policy, each.urn) for each in found if each.policy in policies)
