"""Options that are set once, at whichever policy, for all policies that have them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from policies import RULES
from policies.serving.configuration import read_all
from policies.serving.servicer import PreflightServicer
from policies.testing import Stack
from tests.support import run

ONE, OTHER = "network-tiers", "private-zone-regions"
PAIR = ["us-east-1", "us-west-2"]
TODAY = date(2026, 11, 26)


def regions(config: dict[str, dict[str, Any]]) -> dict[str, frozenset[str]]:
    found = read_all(RULES, config, TODAY)
    return {name: found[name].settings.names("regions") for name in (ONE, OTHER)}


@pytest.mark.parametrize("at", [ONE, OTHER])
def test_it_is_set_at_one_policy_for_all(at: str) -> None:
    assert regions({at: {"regions": PAIR}}) == {ONE: frozenset(PAIR), OTHER: frozenset(PAIR)}


def test_what_the_engine_fills_in_is_not_set() -> None:
    config: dict[str, dict[str, Any]] = {ONE: {"regions": []}, OTHER: {"regions": PAIR}}
    assert regions(config) == {ONE: frozenset(PAIR), OTHER: frozenset(PAIR)}


def test_nothing_is_set() -> None:
    assert regions({}) == {ONE: frozenset(), OTHER: frozenset()}


def problems(config: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    found = run(Stack(), config=config, servicer=PreflightServicer)
    return [(each.policy, each.message.partition("Configuration: ")[2]) for each in found]


def test_two_policies_that_set_it_differently_are_told_of_it() -> None:
    both = {ONE: {"regions": PAIR}, OTHER: {"regions": ["us-east-1", "eu-west-1"]}}
    assert regions(both)[OTHER] == frozenset(("us-east-1", "eu-west-1"))
    assert problems(both) == [
        (
            OTHER,
            f"regions: {ONE} sets it to something else, and it is one setting for both. "
            "Fix: set it at one of them.",
        )
    ]
    assert problems({ONE: {"regions": PAIR}, OTHER: {"regions": PAIR}}) == []


def test_what_is_wrong_with_it_is_told_where_it_is_set() -> None:
    assert problems({ONE: {"regions": ["us-east-1", "eu-west1"]}}) == [
        (ONE, 'regions: "eu-west1" is not the name of a region, such as eu-central-1.')
    ]
    assert problems({OTHER: {"primary": "us-east"}}) == [
        (OTHER, 'primary: "us-east" is not the name of a region, such as eu-central-1.')
    ]
    unknown = "us-eats-1 is not a region that this version of the pack knows. It counts as written."
    assert problems({OTHER: {"primary": "us-eats-1"}}) == [(OTHER, f"primary: {unknown}")]
    assert problems({ONE: {"regions": ["us-east-1", "us-eats-1"]}}) == [
        (ONE, f"regions: {unknown}")
    ]


def test_a_primary_must_be_one_of_the_regions_that_are_named() -> None:
    assert problems({ONE: {"regions": PAIR}, OTHER: {"primary": "us-west-2"}}) == []
    assert problems({ONE: {"regions": PAIR}, OTHER: {"primary": "eu-west-1"}}) == [
        (
            OTHER,
            "primary: eu-west-1 is not among the regions that are set: us-east-1, us-west-2.",
        )
    ]
