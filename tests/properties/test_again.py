"""Properties of the question whether a stack that exists could be made again.

Asking adds advice and changes nothing else. What is wrong with a new stack is told of the same one
that exists, and a valid stack could be made again.
"""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies import RULES
from policies.rule import Level
from policies.serving.again import LEAD
from policies.serving.environment import MADE_AGAIN
from policies.testing import Diagnostic, Made, Stack
from tests.properties.conversation import Conversation, bugs_raise, mandatory
from tests.properties.defects import MUTATIONS
from tests.properties.test_fuzz import Nonsense, _add
from tests.properties.test_topologies import APPLICABLE, _broken, _numbers, times
from tests.properties.topologies import Plan, build, plans, samples
from tests.properties.trees import TOKENS, Json, values

ENDING = "engine-version-ending"
SAID_BY_ENDING = ("engine-version-retired", "aurora-global-engine-version")
DEPLOYED = tuple(Conversation.about(build(plan).stack, is_first=False) for plan in samples())
LEVELS = {rule.name: rule.level for rule in RULES}


def asked(stack: Stack, *existing: Made) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """What is said of a stack that exists (or of which these resources do) anyway, and beside."""
    conversation = (
        Conversation.about(stack, existing=existing)
        if existing
        else Conversation.about(stack, is_first=False)
    )
    with pytest.MonkeyPatch.context() as environ:
        environ.delenv(MADE_AGAIN, raising=False)
        anyway = conversation.answers()
        environ.setenv(MADE_AGAIN, "true")
        answers = conversation.answers()
    assert [each for each in answers if LEAD not in each.message] == anyway
    beside = [each for each in answers if LEAD in each.message]
    assert not mandatory(beside)
    return anyway, beside


def blocking(found: list[Diagnostic]) -> set[str]:
    """The policies that would stop a first preview with what is told beside."""
    return {each.policy for each in found if LEVELS[each.policy] is Level.MANDATORY}


@times(0.6)
@given(plan=plans(), number=_numbers)
def test_a_valid_stack_could_be_made_again(plan: Plan, number: int, tried: Counter[str]) -> None:
    tried["valid stacks, made again as a whole and in part"] += 1
    stack = build(plan).stack
    _, beside = asked(stack)
    assert not blocking(beside), beside
    _, beside = asked(stack, *[made for made in stack.resources if _exists(made, number)])
    assert not blocking(beside), beside


@pytest.mark.parametrize("name", APPLICABLE)
@times(0.02)
@given(plan=plans(), number=_numbers)
def test_what_would_stop_a_new_stack_is_told_of_the_one_that_exists(
    name: str, plan: Plan, number: int, tried: Counter[str]
) -> None:
    tried["stacks with one defect, made again"] += 1
    topology, expected = _broken(MUTATIONS[name], plan, number)
    first = Conversation.about(topology.stack).answers()
    anyway, beside = asked(topology.stack)
    said = [*anyway, *beside]
    for each in first:
        if each.level == "mandatory":
            assert any(_says(each, other) for other in said), each
    assert blocking(beside) <= {policy for policy, _ in expected}, beside


def _exists(made: Made, number: int) -> bool:
    return Random(f"{number}{made.urn}").random() < 0.6


def _says(one: Diagnostic, other: Diagnostic) -> bool:
    """Whether the other finding says the same: advice is given once, of several resources."""
    if other.policy == ENDING:
        return one.policy in SAID_BY_ENDING
    return one.policy == other.policy and (one.urn == other.urn or one.resource in other.message)


@times(0.2)
@given(
    base=st.sampled_from(range(len(DEPLOYED))),
    ingredients=st.lists(values, min_size=4, max_size=12),
    seeds=st.lists(_numbers, min_size=50, max_size=70),
)
def test_whatever_exists_can_be_remade(
    base: int, ingredients: list[Json], seeds: list[int], tried: Counter[str]
) -> None:
    """No tree, derived from whatever, makes a rule or the remaking fail."""
    conversation = DEPLOYED[base].copy()
    for number, seed in enumerate(seeds):
        _add(conversation, Nonsense.out_of(ingredients, TOKENS, seed), number)
    tried["arbitrary property trees, made again"] += len(seeds)
    with pytest.MonkeyPatch.context() as environ, bugs_raise():
        environ.setenv(MADE_AGAIN, "true")
        mandatory(conversation.answers())
