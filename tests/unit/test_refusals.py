"""Every row of every family, on both sides of its boundary."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pytest

from policies import RULES
from policies.refusal import IGNORE, Refusal
from policies.rule import AnyRule, Asked, Kind, Level, ResourceRule, StackRule
from policies.testing import UNKNOWN, Stack
from tests.support import run, verdict

FAMILIES = [rule for rule in RULES if rule.refusals]


class Row(NamedTuple):
    policy: AnyRule
    refusal: Refusal
    kind: str

    def says(self, inputs: Mapping[str, Any], **options: Any) -> str:
        """What the policy says of one resource with these inputs."""
        stack = Stack()
        stack.add(self.kind, "one", dict(inputs))
        return verdict(stack, self.policy.name, **options)

    def rejects(self, *inputs: Mapping[str, Any]) -> list[bool]:
        """Whether the policy rejects each of several resources, all in one stack."""
        stack = Stack()
        for number, each in enumerate(inputs):
            stack.add(self.kind, f"r{number}", dict(each))
        found = {each.resource for each in run(stack) if each.policy == self.policy.name}
        return [f"r{number}" in found for number in range(len(inputs))]


ROWS = [
    pytest.param(Row(rule, refusal, kind), id=f"{refusal.id} {kind.rpartition(':')[2]}")
    for rule in FAMILIES
    for refusal in rule.refusals
    for kind in refusal.kinds
]
rows = pytest.mark.parametrize("row", ROWS)


def variants(tree: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[str, Any, Any]]:
    """Every place in a tree: its path, its value, and a function that puts another one there."""

    def put(where: tuple[Any, ...], value: Any, inside: Any) -> Any:
        if not where:
            return value
        copied = dict(inside) if isinstance(inside, Mapping) else list(inside)
        copied[where[0]] = put(where[1:], value, inside[where[0]])
        return copied

    def places(inside: Any, where: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        if isinstance(inside, Mapping):
            keys: Sequence[Any] = list(inside)
        elif isinstance(inside, list):
            keys = range(len(inside))
        else:
            return
        for key in keys:
            yield (*where, key)
            yield from places(inside[key], (*where, key))

    for where in places(tree, ()):
        path = ".".join(part for part in where if isinstance(part, str))
        yield path, where, lambda value, where=where: put(where, value, tree)


@rows
def test_what_is_refused_is_rejected(row: Row) -> None:
    assert row.says(row.refusal.refused) == "rejects one"
    assert row.says(row.refusal.refused, shows_inputs=False) in ("rejects one", "passes")
    exists = row.says(row.refusal.refused, deployed=True)
    asked = row.policy.asked if isinstance(row.policy, (StackRule, ResourceRule)) else None
    assert exists == ("passes" if asked is Asked.AT_CREATION else "rejects one")


@rows
def test_it_is_this_row_that_rejects(row: Row) -> None:
    stack = Stack()
    stack.add(row.kind, "one", dict(row.refusal.refused))
    (message,) = [each.message for each in run(stack) if each.policy == row.policy.name]
    assert f"({row.refusal.id})." in message
    assert row.refusal.evidence.effect.removeprefix("the provider ") in message


@rows
def test_its_neighbours_pass(row: Row) -> None:
    assert row.refusal.accepted
    assert not any(row.rejects(*row.refusal.accepted))


@rows
def test_no_unknown_value_is_taken_for_a_refused_one(row: Row) -> None:
    places = list(variants(row.refusal.refused))
    found = row.rejects(*(put(UNKNOWN) for _, _, put in places))
    for (path, where, _), is_rejected in zip(places, found, strict=True):
        paths = (path, ".".join(str(part) for part in where))
        is_free = any(
            f"{each}.".startswith(f"{free}.") for each in paths for free in row.refusal.whatever
        )
        assert is_rejected is is_free, path


@rows
def test_no_missing_or_malformed_value_makes_it_fail(row: Row) -> None:
    """`run` fails where a rule does."""
    values: tuple[Any, ...] = (None, {}, [], "", 7, "x", True, [None], {"x": None})
    row.rejects(*(put(value) for _, _, put in variants(row.refusal.refused) for value in values))


@rows
def test_it_can_be_ignored(row: Row) -> None:
    config = {row.policy.name: {IGNORE: [row.refusal.id]}}
    assert row.says(row.refusal.refused, config=config) == "passes"


def test_the_rows_are_a_table() -> None:
    names = [row.id for rule in FAMILIES for row in rule.refusals]
    assert len(names) == len(set(names))
    for rule in FAMILIES:
        for row in rule.refusals:
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row.id)
            assert not row.says.endswith(".")
            assert row.fix.endswith(".")
            if rule.level is Level.MANDATORY:
                assert row.evidence.kind is Kind.DEPLOYED, row.id
