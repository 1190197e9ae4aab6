"""Properties of the verdicts on whole stacks, in whatever style they are written.

A valid stack has no mandatory finding. One named defect gives exactly its finding. To know less
never adds a mandatory finding, and neither order nor names matter.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pulumi_policy.policy import _PolicyAnalyzerServicer

from policies import RULES
from policies.model.vocabulary import CLUSTER, label, term_of
from policies.rule import ResourceRule
from policies.testing import Diagnostic, Made, Stack
from tests.properties.alterations import (
    UNKNOWN,
    entry_losses,
    losses,
    places,
    put,
    shuffle,
)
from tests.properties.conversation import Conversation, Found, mandatory
from tests.properties.defects import MUTATIONS, Mutation
from tests.properties.topologies import NAMINGS, Plan, Topology, build, plans
from tests.support import in_doubt

NAMES = frozenset(rule.name for rule in RULES)
INPUT_RULES = frozenset(rule.name for rule in RULES if isinstance(rule, ResourceRule))
_numbers = st.integers(min_value=0, max_value=2**32 - 1)


def times(factor: float) -> settings:
    """So many examples, for every one that the profile asks for."""
    profile = settings.default
    assert profile is not None
    return settings(max_examples=max(1, round(profile.max_examples * factor)))


# --- a valid stack -------------------------------------------------------------------------------


@times(1)
@given(plan=plans())
def test_a_valid_stack_has_no_mandatory_finding(plan: Plan, tried: Counter[str]) -> None:
    tried["valid stacks, in four phases"] += 1
    stack = build(plan).stack
    for is_first in (True, False):
        conversation = Conversation.about(stack, is_first=is_first)
        for shows_inputs in (True, False):
            found = conversation.answers(shows_inputs=shows_inputs)
            assert not mandatory(found), _texts(found)
            # The stacks wait for what AWS needs first, so that a race in one is a planted one.
            races = [each for each in found if each.policy == "creation-order"]
            assert not races, _texts(races)


@times(0.4)
@given(plan=plans(), number=_numbers)
def test_nor_has_one_of_which_a_part_exists(plan: Plan, number: int, tried: Counter[str]) -> None:
    """A later preview: some resources are there, others are new."""
    tried["valid stacks, deployed in part"] += 1
    stack = build(plan).stack
    chosen = {made.urn for made in stack.resources if Random(f"{number}{made.urn}").random() < 0.8}
    there = _made_in_order(chosen, stack)
    existing = [made for made in stack.resources if made.urn in there]
    found = Conversation.about(stack, existing=existing).answers()
    assert not mandatory(found), _texts(found)


def _made_in_order(chosen: set[str], stack: Stack) -> set[str]:
    """Those of the chosen resources whose dependencies are among them: nothing else exists after a
    deployment that was cut short."""
    waits_for = {
        each.urn: {urn for entry in each.propertyDependencies.values() for urn in entry.urns}
        | set(each.dependencies)
        for each in Conversation.about(stack).stack.resources
    }
    there = set(chosen)
    while late := {urn for urn in there if not waits_for.get(urn, set()) & set(waits_for) <= there}:
        there -= late
    return there


@times(0.2)
@given(plan=plans(), is_first=st.booleans())
def test_both_servicers_say_the_same(plan: Plan, is_first: bool, tried: Counter[str]) -> None:
    tried["stacks, through both servicers"] += 1
    conversation = Conversation.about(build(plan).stack, is_first=is_first)
    assert conversation.answers() == conversation.answers(_PolicyAnalyzerServicer)


# --- one defect ----------------------------------------------------------------------------------


def _applicable(mutation: Mutation) -> bool:
    return NAMES.issuperset(mutation.policies[:1])


APPLICABLE = sorted(name for name, each in MUTATIONS.items() if _applicable(each))


@pytest.mark.parametrize("name", APPLICABLE)
@times(0.04)
@given(plan=plans(), number=_numbers)
def test_one_defect_gives_exactly_its_finding(
    name: str, plan: Plan, number: int, tried: Counter[str]
) -> None:
    tried["stacks with one defect, in four phases"] += 1
    mutation = MUTATIONS[name]
    topology, expected = _broken(mutation, plan, number)
    for is_first in (True, False):
        conversation = Conversation.about(topology.stack, is_first=is_first)
        for shows_inputs in (True, False):
            answers = conversation.answers(shows_inputs=shows_inputs)
            found = mandatory(answers)
            assert found <= expected, _texts(answers)
            if not is_first:  # AWS has answered: only what the inputs alone decide is certain.
                certain = {each for each in expected if each[0] in INPUT_RULES}
                assert not shows_inputs or certain <= found, _texts(answers)
                continue
            if shows_inputs and topology.plan.shows_all(is_first):
                assert found == expected, _texts(answers)
            for policy, urn in expected - found:
                # Without the inputs, rules that need nothing else are not even asked, and of what
                # has no id, as some of aws-native, nothing tells whether it exists.
                asked = shows_inputs or not (policy in INPUT_RULES or "aws-native:" in urn)
                assert not asked or in_doubt(answers, policy), f"{policy} keeps silent"


def _broken(mutation: Mutation, plan: Plan, number: int) -> tuple[Topology, Found]:
    topology = build(mutation.prepare(plan))
    parts = topology.regions[number % len(topology.regions)]
    expected = list(mutation.apply(topology, parts))
    return topology, frozenset(
        (policy, made.urn) for policy, made in expected if made is not None and policy in NAMES
    )


# --- knowing less --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Base:
    """A stack to know less of, valid or with one defect, in one phase."""

    plan: Plan
    defect: str | None
    number: int
    phase: str
    shows_inputs: bool

    def topology(self) -> Topology:
        return self._broken()[0]

    def defects(self) -> Found:
        """What is really wrong with the stack, whether or not the phase shows it. Who knows less
        may take what names a misplaced resource for the misplaced one, or see only that two
        clusters of a global database share a region."""
        defects = self._broken()[1]
        resources = self.conversation().stack.resources
        mistaken = {
            (policy, each.urn)
            for policy, urn in defects
            for each in resources
            if urn in each.dependencies
        }
        if self.defect == "forgotten_provider_of_a_cluster":
            clusters = (each.urn for each in resources if term_of(each.type).kind == CLUSTER)
            mistaken |= {("aurora-global-members", urn) for urn in clusters}
        return defects | mistaken

    def _broken(self) -> tuple[Topology, Found]:
        if self.defect is None:
            return build(self.plan), frozenset()
        return _broken(MUTATIONS[self.defect], self.plan, self.number)

    def conversation(self) -> Conversation:
        stack = self.topology().stack
        if self.phase != "later":
            return Conversation.about(stack, is_first=self.phase == "first")
        existing: list[Made] = [
            made for made in stack.resources if Random(f"{self.number}{made.urn}").random() < 0.6
        ]
        return Conversation.about(stack, existing=existing)


_bases = st.builds(
    Base,
    plan=plans(),
    defect=st.one_of(st.none(), st.sampled_from(APPLICABLE)),
    number=_numbers,
    phase=st.sampled_from(("first", "deployed", "later")),
    shows_inputs=st.booleans(),
)


@times(0.8)
@given(base=_bases, picks=st.lists(_numbers, min_size=4, max_size=8), side=st.integers(0, 3))
def test_an_unknown_value_adds_no_mandatory_finding(
    base: Base, picks: list[int], side: int, tried: Counter[str]
) -> None:
    before, conversation = _asked(base)
    # What has no id is new, and AWS is asked about it: that is not to know less.
    everywhere = [each for each in places(conversation) if not each.tells_what_exists]
    # Without the inputs, only an unknown that came from somewhere counts as set.
    sides = (("inputs",), ("outputs",))[side] if side < 2 and base.shows_inputs else ()
    together = conversation.copy()
    for pick in picks:
        place = everywhere[pick % len(everywhere)]
        put(together, place, UNKNOWN, *sides)
        tried["values made unknown"] += 1
        altered = conversation.copy()
        put(altered, place, UNKNOWN, *sides)
        _assert_no_more(base, before, altered, f"{place} {sides}")
    _assert_no_more(base, before, together, "all of them")


@times(0.4)
@given(base=_bases, picks=st.lists(_numbers, min_size=4, max_size=8))
def test_a_lost_dependency_adds_no_mandatory_finding(
    base: Base, picks: list[int], tried: Counter[str]
) -> None:
    before, conversation = _asked(base)
    ways = losses(conversation)
    if base.shows_inputs:
        ways += entry_losses(conversation)
    for pick in picks:
        what, lose = ways[pick % len(ways)]
        tried["dependencies dropped"] += 1
        altered = conversation.copy()
        lose(altered)
        _assert_no_more(base, before, altered, what)


def _asked(base: Base) -> tuple[Found, Conversation]:
    conversation = base.conversation()
    return mandatory(conversation.answers(shows_inputs=base.shows_inputs)), conversation


def _assert_no_more(base: Base, before: Found, altered: Conversation, what: str) -> None:
    answers = altered.answers(shows_inputs=base.shows_inputs)
    blocked = {urn for _, urn in before}
    # Where a policy leaves a defect to another and that one no longer sees it, it may speak up.
    # Without the inputs, an unknown value that came from somewhere shows that it was declared.
    new = {each for each in mandatory(answers) - before - base.defects() if each[1] not in blocked}
    assert not new, f"{what}\n{_texts(answers)}"


# --- order and names -----------------------------------------------------------------------------


@times(0.2)
@given(base=_bases, number=_numbers)
def test_order_changes_no_word(base: Base, number: int, tried: Counter[str]) -> None:
    tried["stacks shuffled"] += 1
    conversation = base.conversation()
    before = conversation.answers(shows_inputs=base.shows_inputs)
    shuffle(conversation, Random(number))
    after = conversation.answers(shows_inputs=base.shows_inputs)
    assert _by_request(after) == _by_request(before)


def _by_request(found: list[Diagnostic]) -> list[tuple[str, str, str, str]]:
    return sorted((each.urn, each.policy, each.level, each.message) for each in found)


@times(0.2)
@given(base=_bases, naming=st.sampled_from(sorted(NAMINGS)))
def test_names_do_not_matter(base: Base, naming: str, tried: Counter[str]) -> None:
    tried["stacks renamed"] += 1
    if base.defect == "subnet_over_its_sibling":  # Reported on the later one by name.
        return
    renamed = replace(base, plan=replace(base.plan, naming=NAMINGS[naming]), phase="first")
    base = replace(base, phase="first")
    urns = {
        one.urn: other.urn
        for one, other in zip(
            base.topology().stack.resources, renamed.topology().stack.resources, strict=True
        )
    }
    before = base.conversation().answers(shows_inputs=base.shows_inputs)
    after = renamed.conversation().answers(shows_inputs=base.shows_inputs)
    assert mandatory(after) == {(policy, urns[urn]) for policy, urn in mandatory(before)}
    # Advice that several resources share is told of the first of them by name.
    assert _said(after, renamed.topology().stack) == _said(before, base.topology().stack)


# --- reading answers -----------------------------------------------------------------------------


def _said(found: list[Diagnostic], stack: Stack) -> Counter[tuple[str, str, tuple[str, ...]]]:
    """What findings say, whatever the names in it, and the order that depends on them."""
    labels = {f"{label(term_of(made.type).kind)} {made.name}" for made in stack.resources}
    either = "|".join(map(re.escape, sorted(labels, key=len, reverse=True)))
    names = re.compile(rf"({either})(?![\w-])", re.IGNORECASE)  # A sentence may begin with one.
    return Counter(
        (
            each.policy,
            each.level,
            tuple(sorted(names.sub(_without_its_name, each.message).split())),
        )
        for each in found
    )


def _without_its_name(labelled: re.Match[str]) -> str:
    return f"{labelled[0].rpartition(' ')[0]} ..."


def _texts(found: list[Diagnostic]) -> str:
    return "\n".join(
        f"{each.level} {each.policy} {each.resource}\n{each.message}" for each in found
    )
