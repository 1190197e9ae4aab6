"""To know less of a program in two regions never adds a certain finding of a rehearsal, and neither
order nor names of what nobody compares matter."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies import RULES
from policies.testing import Diagnostic
from tests.harness import Program, deploy, preview
from tests.properties.alterations import UNKNOWN, Place, places, put, shuffle
from tests.properties.conversation import Conversation

ROOT = Path(__file__).resolve().parents[2]
REHEARSED = frozenset(rule.name for rule in RULES if "rehearsal" in rule.tags)
PRIMARY = "us-east-1"
CONFIG = {name: {"primary": PRIMARY} for name in sorted(REHEARSED)}
"""Which region is lost is said, so that what votes for it may be hidden too."""


@pytest.fixture(scope="module", params=["first preview", "deployed"])
def told(request: pytest.FixtureRequest) -> Conversation:
    """What the engine sends of a program with faults that only show when a region is lost."""
    program = Program.of_directory(ROOT / "tests" / "stacks" / "lost_region")
    state = deploy(program) if request.param == "deployed" else None
    run = preview(program) if state is None else preview(program, state)
    return Conversation(list(run.resource_requests), run.stack_request)


@pytest.fixture(scope="module")
def all_places(told: Conversation) -> list[Place]:
    return places(told)


def certain(found: list[Diagnostic]) -> set[tuple[str, str]]:
    return {(each.policy, each.urn) for each in found if each.policy in REHEARSED}


def subjects(conversation: Conversation) -> set[tuple[str, str]]:
    """What is certainly said, each resource by itself although some are told together."""
    answers: Any = conversation.answers(config=CONFIG)
    return certain(answers)


def test_it_has_something_to_hide(told: Conversation) -> None:
    assert len({policy for policy, _ in subjects(told)}) >= 3


@settings(max_examples=30)
@given(number=st.integers(0, 2**32 - 1), share=st.sampled_from([1, 3, 10, 30]))
def test_hidden_values_add_nothing_certain(
    number: int, share: int, told: Conversation, all_places: list[Place], tried: Counter[str]
) -> None:
    tried["programs in two regions of which values are hidden"] += 1
    random = Random(number)
    altered = told.copy()
    hidden = random.sample(all_places, max(1, len(all_places) * share // 100))
    for place in hidden:
        # What tells that a resource exists does not make the program less known.
        if not place.tells_what_exists:
            put(altered, place, UNKNOWN)
    assert subjects(altered) <= subjects(told), [str(each) for each in hidden]


@settings(max_examples=10)
@given(
    before=st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=8).map(lambda t: f"q{t}q"),
)
def test_names_that_all_have_in_common_do_not_matter(
    before: str, told: Conversation, tried: Counter[str]
) -> None:
    tried["programs in two regions renamed"] += 1
    renamed = told.copy()
    _rename(renamed, before)
    found = {(policy, urn.replace(f"::{before}-", "::")) for policy, urn in subjects(renamed)}
    assert found == subjects(told)
    assert found != subjects(renamed)


def _rename(conversation: Conversation, before: str) -> None:
    """Put a word before the name of every resource of AWS, in all places where its URN stands."""
    urns: dict[str, str] = {
        each.urn: each.urn.replace(f"::{each.name}", f"::{before}-{each.name}")
        for each in conversation.stack.resources
        if each.type.startswith("aws:")
    }

    def moved(urn: str) -> str:
        return urns.get(urn, urn)

    for each in (*conversation.stack.resources, *conversation.resources):
        each.urn = moved(each.urn)
        each.name = each.urn.rpartition("::")[2]
    for each in conversation.stack.resources:
        each.dependencies[:] = [moved(urn) for urn in each.dependencies]
        for found in each.propertyDependencies.values():
            found.urns[:] = [moved(urn) for urn in found.urns]


@settings(max_examples=10)
@given(number=st.integers(0, 2**32 - 1))
def test_the_order_does_not_matter(number: int, told: Conversation, tried: Counter[str]) -> None:
    tried["programs in two regions in another order"] += 1
    shuffled = told.copy()
    shuffle(shuffled, Random(number))
    assert sorted(map(str, shuffled.answers(config=CONFIG))) == sorted(
        map(str, told.answers(config=CONFIG))
    )
