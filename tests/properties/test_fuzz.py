"""Whatever a provider sends, no exception leaves the pack, and nonsense is no reason to block.

Arbitrary property trees go onto every token that the pack knows, among the resources of a valid
stack, through protobuf into the policy SDK's servicer and into the pack's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Final

import pytest
from google.protobuf.struct_pb2 import Struct, Value
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime import proto
from pulumi_policy.policy import _PolicyAnalyzerServicer

from policies import RULES
from policies.aurora.backtrack import GLOBAL_BACKTRACK
from policies.entry.load_balancers import PUBLIC_SUBNETS
from policies.rule import AnyRule, Outcome
from policies.serving.servicer import PreflightServicer
from policies.testing import Diagnostic
from tests.properties.alterations import UNKNOWN, Place, places, put, value_at
from tests.properties.conversation import (
    Conversation,
    bugs_raise,
    diagnostics,
    mandatory,
    new_server,
)
from tests.properties.test_topologies import times
from tests.properties.topologies import build, samples
from tests.properties.trees import SENTINELS, TOKENS, Json, properties_of, values

_SERVICERS: Final = (PreflightServicer, _PolicyAnalyzerServicer)
_COMPARED: Final = 12
"""How many policies the SDK's servicer is asked for: it decodes a stack anew for each."""
_BASES: Final = tuple(
    Conversation.about(build(plan).stack, is_first=is_first)
    for plan in samples()
    for is_first in (True, False)
)
_numbers = st.integers(min_value=0, max_value=2**32 - 1)


@dataclass(frozen=True)
class Nonsense:
    """A tree of properties on a token; `sources` are positions of what they are derived from."""

    token: str
    inputs: dict[str, Json]
    outputs: dict[str, Json]
    sources: dict[str, list[int]]
    provider: dict[str, Json] | None

    @classmethod
    def out_of(cls, ingredients: list[Json], tokens: tuple[str, ...], seed: int) -> Nonsense:
        """Put drawn values together; one number for a whole tree keeps the drawing cheap."""
        random = Random(seed)
        token = random.choice(tokens)
        names = (*properties_of(token), "", "odd")

        def some(most: int) -> dict[str, Json]:
            chosen = random.sample(names, min(len(names), random.randint(0, most)))
            return {name: random.choice(ingredients) for name in chosen}

        inputs = some(8)
        sources = {name: [random.getrandbits(16) for _ in range(2)] for name in some(3)}
        provider = {"region": random.choice(ingredients)} if random.random() < 0.3 else None
        return cls(token, inputs, {**inputs, **some(3)}, sources, provider)


@pytest.mark.parametrize("dialect", ["aws:", "aws-native:"])
@times(0.45)
@given(
    base=st.sampled_from(range(len(_BASES))),
    ingredients=st.lists(values, min_size=4, max_size=12),
    seeds=st.lists(_numbers, min_size=50, max_size=70),
)
def test_no_tree_makes_a_rule_fail(
    dialect: str,
    base: int,
    ingredients: list[Json],
    seeds: list[int],
    tried: Counter[str],
) -> None:
    conversation = _BASES[base].copy()
    tokens = tuple(token for token in TOKENS if token.startswith(dialect))
    for number, seed in enumerate(seeds):
        _add(conversation, Nonsense.out_of(ingredients, tokens, seed), number)
    tried["arbitrary property trees, into both servicers"] += len(seeds)
    _assert_no_failure(conversation, seeds[0])


@times(0.2)
@given(
    base=st.sampled_from(range(len(_BASES))),
    ingredients=st.lists(values, min_size=4, max_size=12),
    picks=st.lists(st.tuples(_numbers, _numbers), min_size=20, max_size=40),
)
def test_no_value_among_good_ones_makes_a_rule_fail(
    base: int,
    ingredients: list[Json],
    picks: list[tuple[int, int]],
    tried: Counter[str],
) -> None:
    conversation = _BASES[base].copy()
    number, kind = picks[0]
    # Only the SDK's servicer takes what AWS computes for the program's own, if it is known of
    # what is new; the two are compared where the program says something.
    is_compared = kind % 2 == 0
    everywhere = places(_BASES[base], of_inputs=is_compared)
    for where, what in picks:
        value = _value(ingredients[what % len(ingredients)])
        sides = ("outputs",) if what % 2 else ()
        put(conversation, everywhere[where % len(everywhere)], value, *sides)
    tried["arbitrary values in valid trees, into both servicers"] += len(picks)
    _assert_no_failure(conversation, number, is_compared=is_compared)


_WRONG: Final[dict[str, tuple[Json, ...]]] = {
    "string_value": ([], {}, [{}], True, 7, [None]),
    "number_value": ([], {}, "many", True),
    "bool_value": ([], {}, "perhaps", 7),
    "list_value": ("text", 7, True, {}),
    "struct_value": ("text", 7, True, [[]]),
}
"""Values that a property of the kind cannot hold."""


@times(1)
@given(
    base=st.sampled_from(range(len(_BASES))),
    picks=st.lists(st.tuples(_numbers, _numbers), min_size=1, max_size=4),
    shows_inputs=st.booleans(),
)
def test_a_malformed_value_counts_as_unknown_or_as_not_set(
    base: int,
    picks: list[tuple[int, int]],
    shows_inputs: bool,
    tried: Counter[str],
) -> None:
    """It may not block anyone whom neither an unknown value nor none at all would block."""

    def blocks(place: Place, value: Value | None) -> frozenset[tuple[str, str]]:
        altered = _BASES[base].copy()
        put(altered, place, value)
        return mandatory(altered.answers(shows_inputs=shows_inputs))

    everywhere = places(_BASES[base])
    for pick, choice in picks:
        place = everywhere[pick % len(everywhere)]
        right = value_at(_BASES[base], place)
        kind = right.WhichOneof("kind") or ""
        wrong = () if right.string_value in SENTINELS else _WRONG.get(kind, ())
        if wrong:
            malformed = wrong[choice % len(wrong)]
            tried["malformed values"] += 1
            found = blocks(place, _value(malformed))
            allowed = found and blocks(place, UNKNOWN) | blocks(place, None)
            assert found <= allowed, f"{place}: {malformed!r} gives {sorted(found)}"


@pytest.mark.parametrize("servicer", _SERVICERS)
def test_a_rule_that_failed_would_be_noticed(servicer: Any) -> None:
    def fail(*_: object) -> list[Outcome]:
        raise LookupError

    rules: list[AnyRule] = [
        GLOBAL_BACKTRACK._replace(check=fail),
        PUBLIC_SUBNETS._replace(check=fail),
    ]
    conversation = _BASES[0]
    for request in (*conversation.resources, conversation.stack):
        server = new_server(servicer, rules=rules)
        is_stack = request is conversation.stack
        if not is_stack and request.type not in GLOBAL_BACKTRACK.kinds:
            continue
        ask = server.AnalyzeStack if is_stack else server.Analyze
        with pytest.raises(AssertionError, match="bug in the policy pack"):
            mandatory(diagnostics(ask(request, None)))
        with bugs_raise(), pytest.raises(LookupError):
            ask(request, None)


# --- sending -------------------------------------------------------------------------------------


def _value(json: Json) -> Value:
    struct = Struct()
    struct.update({"it": json})
    return struct.fields["it"]


def _add(conversation: Conversation, tree: Nonsense, number: int) -> None:
    """A resource with this tree, and what the engine would say of where it came from."""
    urn = f"urn:pulumi:test::project::{tree.token}::nonsense-{number}"
    request = proto.AnalyzeRequest(type=tree.token, urn=urn, name=f"nonsense-{number}")
    request.properties.update(tree.inputs)
    sent = conversation.stack.resources.add(type=tree.token, urn=urn, name=f"nonsense-{number}")
    sent.properties.update(tree.outputs)
    for each in (request, sent):
        if tree.provider is not None:
            each.provider.urn = "urn:pulumi:test::project::pulumi:providers:aws::odd"
            each.provider.type = "pulumi:providers:aws"
            each.provider.properties.update(tree.provider)
    urns = [each.urn for each in conversation.stack.resources]
    for name, sources in tree.sources.items():
        found = [urns[position % len(urns)] for position in sources]
        sent.propertyDependencies[name].urns.extend(found)
        sent.dependencies.extend(found)
    conversation.resources.append(request)


def _assert_no_failure(
    conversation: Conversation, number: int, *, is_compared: bool = True
) -> None:
    """No policy fails, and some, chosen by the number, say the same in both servicers."""
    mandatory(_answers(conversation, PreflightServicer, RULES))
    some = Random(number).sample(RULES, _COMPARED)
    ours, theirs = (_answers(conversation, each, some) for each in _SERVICERS)
    mandatory(theirs)
    assert not is_compared or _without_secrets(ours, theirs) == []


def _answers(
    conversation: Conversation, servicer: Any, rules: Sequence[AnyRule]
) -> list[Diagnostic]:
    config = {rule.name: "remediate" for rule in rules}
    server = new_server(servicer, config, rules)
    found = []
    with bugs_raise():
        for request in conversation.resources:
            server.Remediate(request, None)
            found += diagnostics(server.Analyze(request, None), request.urn)
        found += diagnostics(server.AnalyzeStack(conversation.stack, None))
    return found


def _without_secrets(ours: list[Diagnostic], theirs: list[Diagnostic]) -> list[str]:
    """Where the servicers differ, but for values that only ours knows to be secret."""
    assert len(ours) == len(theirs), "one of the servicers has more to say"
    return [
        f"ours: {one}\nthe SDK's: {other}"
        for one, other in zip(ours, theirs, strict=True)
        if one != other
        and (
            "[secret]" not in one.message or replace(one, message="") != replace(other, message="")
        )
    ]
