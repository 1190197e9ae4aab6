"""What every policy says of itself: the grammar of names, sentences, evidence and options."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest
from jsonschema import validate

from policies import RULES
from policies.rule import AnyRule, Asked, DoubtRule, Level, StackRule
from policies.serving import configuration

policies = pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])


def test_names_titles_and_descriptions_are_of_one_policy_each() -> None:
    for told in ("name", "title", "description"):
        counted = Counter(getattr(rule, told) for rule in RULES)
        assert [text for text, count in counted.items() if count > 1] == []


@policies
def test_a_name_is_words_with_hyphens_the_service_first(rule: AnyRule) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", rule.name)


@policies
def test_a_description_is_a_sentence_that_says_must_or_may_where_it_blocks(rule: AnyRule) -> None:
    assert re.fullmatch(r"[A-Z].*[^.]\.", rule.description)
    if rule.level is Level.MANDATORY:
        assert re.search(r" (?:must|may) ", rule.description)
    elif not isinstance(rule, DoubtRule):
        assert " must not " not in rule.description


@policies
def test_a_title_is_a_phrase_and_what_to_do_is_said_in_sentences(rule: AnyRule) -> None:
    assert not rule.title.endswith(".")
    assert rule.fix.endswith(".")


@policies
def test_evidence_has_words_a_source_and_a_day_that_has_been(rule: AnyRule) -> None:
    assert rule.evidence
    for each in rule.evidence:
        assert each.effect.strip()
        assert each.source.strip()
        assert not each.source.startswith("http:")
        assert date.fromisoformat(each.date) <= date.today()


def test_only_these_stack_policies_say_of_what_exists_what_they_say_of_what_is_new() -> None:
    """The others ask what AWS asks when it makes something: of what exists it has answered."""
    stack_rules = [rule for rule in RULES if isinstance(rule, StackRule)]
    assert {rule.name for rule in stack_rules if rule.asked is Asked.ALWAYS} == {
        "alb-availability-zones",
        "alb-public-subnets",
        "engine-version-ending",
        "event-targets",
        "failover-automation-region",
        "failover-api-domain",
        "failover-health-check",
        "failover-record-pair",
        "load-balancer-wiring",
        "nat-gateway-public-subnet",
        "network-tiers",
        "nlb-internet-gateway",
        "overwritten-names",
        "private-zone-regions",
        "queue-kinds",
        "record-sets",
        "standby-credentials",
        "standby-database-source",
        "standby-permissions",
        "standby-runtime-settings",
        "standby-load-balancer-targets",
        "vpc-peering-accepted",
        "vpc-peering-routes",
    }


@policies
def test_an_option_says_what_it_sets_and_its_default_fits_its_schema(rule: AnyRule) -> None:
    assert "aws" in rule.tags
    for name, schema in configuration.schema(rule).items():
        assert re.fullmatch(r"[a-z][A-Za-z]*", name)
        assert str(schema["description"]).endswith(".")
        validate(schema["default"], schema)
