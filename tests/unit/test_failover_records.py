"""failover-record-health and failover-record-pair."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Secret, Stack
from tests import aws
from tests.support import findings, run, verdict, verdicts, verdicts_on_inputs

HEALTH = "failover-record-health"
PAIR = "failover-record-pair"
NAME = "www.dr-preflight.net"
Build = Callable[[Stack], None]


def health_check(stack: Stack) -> Made:
    given = {"type": "HTTPS", "fqdn": "primary.dr-preflight.net", "port": 443}
    return stack.add("aws:route53/healthCheck:HealthCheck", "check", given)


def alias(**said: Any) -> dict[str, Any]:
    """Inputs of an alias record in place of those of one with addresses."""
    target = {"name": "alb.us-east-1.elb.amazonaws.com", "zoneId": "Z35SXDOTRQ7X7K", **said}
    return {"aliases": [target], "records": None, "ttl": None}


def lone(role: Any = "PRIMARY", **inputs: Any) -> Build:
    """One record; its zone is another stack's."""

    def build(stack: Stack) -> None:
        aws.record(stack, "www", "Z0A", NAME, role, **inputs)

    return build


def with_a_health_check(stack: Stack) -> None:
    lone(healthCheckId=health_check(stack).id)(stack)


def alias_with_a_health_check(stack: Stack) -> None:
    target = alias(evaluateTargetHealth=False)
    lone(healthCheckId=health_check(stack).id, **target)(stack)


def simple_record(stack: Stack) -> None:
    lone(failoverRoutingPolicies=None)(stack)


def native_record(role: Any, **inputs: Any) -> Build:
    def build(stack: Stack) -> None:
        zone = aws.native(
            stack, "route53:HostedZone", "zone", {"name": "dr-preflight.net"}, named_by="awsId"
        )
        given = {
            "hostedZoneId": zone.output("awsId"),
            "name": NAME,
            "type": "A",
            "failover": role,
            "setIdentifier": "www",
            **inputs,
        }
        stack.add("aws-native:route53:RecordSet", "www", given)

    return build


NATIVE_ALIAS = {"dnsName": "alb.us-east-1.elb.amazonaws.com", "hostedZoneId": "Z35SXDOTRQ7X7K"}


@pytest.mark.parametrize(
    "build",
    [
        with_a_health_check,
        alias_with_a_health_check,
        simple_record,
        pytest.param(lone(healthCheckId="check-0a"), id="a check by its literal id"),
        pytest.param(lone(healthCheckId=UNKNOWN), id="a check from elsewhere"),
        pytest.param(lone("SECONDARY"), id="a secondary needs none"),
        pytest.param(lone("SECONDARY", **alias(evaluateTargetHealth=False)), id="alias secondary"),
        pytest.param(lone(**alias(evaluateTargetHealth=True)), id="alias follows its target"),
        pytest.param(lone(**alias(evaluateTargetHealth="true")), id="true as text"),
        pytest.param(lone("", **alias(evaluateTargetHealth=False)), id="no role"),
        pytest.param(
            lone(failoverRoutingPolicies=[], weightedRoutingPolicies=[{"weight": 1}]),
            id="weighted record",
        ),
        pytest.param(
            native_record("PRIMARY", aliasTarget={**NATIVE_ALIAS, "evaluateTargetHealth": True}),
            id="aws-native alias",
        ),
        pytest.param(
            native_record("PRIMARY", resourceRecords=["198.51.100.1"], healthCheckId="check-0a"),
            id="aws-native with a check",
        ),
        pytest.param(
            native_record("SECONDARY", resourceRecords=["1.1.1.1"]), id="native secondary"
        ),
        pytest.param(native_record(None, resourceRecords=["1.1.1.1"]), id="aws-native simple"),
    ],
)
def test_a_record_whose_failure_is_seen_passes(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, HEALTH) == {"passes"}


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(lone(), id="no health check"),
        pytest.param(lone(healthCheckId=""), id="empty text is none"),
        pytest.param(lone(failoverRoutingPolicies={"type": "PRIMARY"}), id="policy as an object"),
        pytest.param(lone(records=UNKNOWN), id="addresses from elsewhere"),
        pytest.param(lone(type="CNAME", records=[Secret("a.dr-preflight.net")]), id="CNAME"),
        pytest.param(lone(**alias(evaluateTargetHealth=False)), id="alias that does not look"),
        pytest.param(lone(**alias()), id="alias that does not say"),
        pytest.param(
            lone(**{**alias(), "aliases": {"name": "x", "evaluateTargetHealth": False}}),
            id="alias as an object",
        ),
        pytest.param(lone(**alias(name=UNKNOWN, evaluateTargetHealth=False)), id="unknown target"),
    ],
)
def test_a_primary_whose_failure_nobody_sees_is_rejected(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts_on_inputs(stack, HEALTH) == {"rejects www"}


def test_a_native_primary_with_addresses_alone_is_rejected() -> None:
    stack = Stack()
    native_record("PRIMARY", resourceRecords=["198.51.100.1"])(stack)
    assert verdicts_on_inputs(stack, HEALTH) == {"rejects www"}


@pytest.mark.parametrize("target", [NATIVE_ALIAS, {**NATIVE_ALIAS, "evaluateTargetHealth": False}])
def test_a_native_alias_that_does_not_look_is_rejected(target: dict[str, Any]) -> None:
    stack = Stack()
    native_record("PRIMARY", aliasTarget=target)(stack)
    assert verdicts_on_inputs(stack, HEALTH) == {"rejects www"}


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(lone(UNKNOWN), id="role"),
        pytest.param(lone(failoverRoutingPolicies=UNKNOWN), id="policy"),
        pytest.param(lone(failoverRoutingPolicies=[UNKNOWN]), id="policy in a list"),
        pytest.param(lone(**alias(evaluateTargetHealth=UNKNOWN)), id="whether the alias looks"),
        pytest.param(lone(**{**alias(), "aliases": UNKNOWN}), id="alias"),
        pytest.param(lone(**{**alias(), "aliases": [UNKNOWN]}), id="alias in a list"),
        pytest.param(native_record(UNKNOWN, resourceRecords=["1.1.1.1"]), id="aws-native role"),
        pytest.param(
            native_record("PRIMARY", aliasTarget={**NATIVE_ALIAS, "evaluateTargetHealth": UNKNOWN}),
            id="whether a native alias looks",
        ),
    ],
)
def test_what_is_known_later_only_is_not_decided_at_first(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdict(stack, HEALTH) == "cannot tell www"
    assert verdict(stack, HEALTH, shows_inputs=False) == "cannot tell www"


def test_an_unknown_role_does_not_matter_to_a_record_with_a_health_check() -> None:
    stack = Stack()
    lone(UNKNOWN, healthCheckId="check-0a")(stack)
    assert verdict(stack, HEALTH) == "passes"


@pytest.mark.parametrize("policy", [HEALTH, PAIR])
@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {"failoverRoutingPolicies": None},
        {"failoverRoutingPolicies": [None]},
        {"failoverRoutingPolicies": {}},
        {"failoverRoutingPolicies": [{}]},
        {"failoverRoutingPolicies": "PRIMARY"},
        {"failoverRoutingPolicies": [{"type": 1}]},
        {"failoverRoutingPolicies": [{"type": "BOTH"}]},
    ],
)
def test_malformed_policies_are_left_to_the_provider(policy: str, inputs: dict[str, Any]) -> None:
    stack = Stack()
    stack.add("aws:route53/record:Record", "www", {"records": ["198.51.100.1"], **inputs})
    for said in verdicts(stack, policy):
        assert not said.startswith("rejects")


@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {"aliases": None, "records": None},
        {"aliases": [], "records": []},
        {"aliases": [None]},
        {"aliases": [{}]},
        {"aliases": {}},
        {"aliases": "alb"},
        {"aliases": [{"name": "alb", "evaluateTargetHealth": 1}]},
    ],
)
def test_malformed_targets_are_left_to_the_provider(inputs: dict[str, Any]) -> None:
    stack = Stack()
    given = {"failoverRoutingPolicies": [{"type": "PRIMARY"}], **inputs}
    stack.add("aws:route53/record:Record", "www", given)
    for said in verdicts(stack, HEALTH):
        assert not said.startswith("rejects")


def message(stack: Stack, policy: str) -> str:
    return next(each.message for each in run(stack) if each.policy == policy)


def test_the_message_says_what_is_missing_and_what_aws_answers() -> None:
    stack = Stack()
    lone()(stack)
    text = message(stack, HEALTH)
    assert "Record www is a PRIMARY without a health check." in text
    assert "A non-alias primary ResourceRecordSet must have an associated health check." in text
    assert "docs/policies/failover-record-health.md" in text
    stack = Stack()
    lone(**alias(evaluateTargetHealth=False))(stack)
    text = message(stack, HEALTH)
    assert "neither evaluateTargetHealth nor a health check" in text
    assert "a secondary would never be returned" in text
    assert "Set evaluateTargetHealth to true" in text


# --- failover-record-pair -------------------------------------------------------------------------


def pair(stack: Stack, first: dict[str, Any], second: dict[str, Any], zone: Any = None) -> None:
    """A PRIMARY and a SECONDARY that differ in what is said of them."""
    home = zone if zone is not None else aws.zone(stack, "zone", "dr-preflight.net")
    for role, said in (("PRIMARY", first), ("SECONDARY", second)):
        given = {
            "home": home,
            "domain": NAME,
            "role": role,
            "healthCheckId": f"check-{role}",
            **said,
        }
        aws.record(stack, role.lower(), **given)


def named(first: Any, second: Any, zone: Any = None) -> Build:
    return lambda stack: pair(stack, {"domain": first}, {"domain": second}, zone)


def differing(**of_the_second: Any) -> Build:
    return lambda stack: pair(stack, {}, of_the_second)


def second_zone_id_from_elsewhere_in_the_stack(stack: Stack) -> None:
    """A component hands the zone's id on."""
    zone = aws.zone(stack, "zone", "dr-preflight.net")
    handed_on = Output("ZZONE", (zone,))
    pair(stack, {"home": zone}, {"home": handed_on})


def two_pairs(stack: Stack) -> None:
    zone = aws.zone(stack, "zone", "dr-preflight.net")
    for name in ("www", "api"):
        for role in ("PRIMARY", "SECONDARY"):
            given = {"healthCheckId": f"check-{role}"}
            aws.record(stack, f"{name}-{role}", zone, name, role, **given)


def native_pair(stack: Stack, *, by_name: bool = False) -> None:
    zone = aws.native(
        stack, "route53:HostedZone", "zone", {"name": "dr-preflight.net"}, named_by="awsId"
    )
    homes: list[dict[str, Any]] = (
        [{"hostedZoneName": "dr-preflight.net."}, {"hostedZoneName": "DR-preflight.net"}]
        if by_name
        else [{"hostedZoneId": zone.output("awsId")}] * 2
    )
    for role, home in zip(("PRIMARY", "SECONDARY"), homes, strict=True):
        given = {"name": NAME, "type": "A", "failover": role, "setIdentifier": role, **home}
        stack.add("aws-native:route53:RecordSet", role.lower(), given)


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(differing(), id="a pair"),
        pytest.param(named(NAME, "WWW.DR-preflight.net."), id="case and trailing dot"),
        pytest.param(named("www", NAME), id="relative and full"),
        pytest.param(named("www.", "WWW"), id="both relative"),
        pytest.param(named("", "dr-preflight.net"), id="the zone itself"),
        pytest.param(named("*", r"\052.dr-preflight.net"), id="wildcard, escaped"),
        pytest.param(named(NAME, NAME, "Z0A"), id="zone of another stack"),
        pytest.param(named("", "", "Z0A"), id="apex of a zone of another stack"),
        pytest.param(differing(failoverRoutingPolicies={"type": "SECONDARY"}), id="object"),
        pytest.param(differing(**alias(evaluateTargetHealth=True)), id="address and alias"),
        pytest.param(lone(failoverRoutingPolicies=None), id="no failover record"),
        second_zone_id_from_elsewhere_in_the_stack,
        two_pairs,
        native_pair,
        pytest.param(lambda stack: native_pair(stack, by_name=True), id="native zones by name"),
    ],
)
def test_a_pair_of_one_zone_name_and_type_passes(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, PAIR) == {"passes"}


def two_zones(stack: Stack) -> None:
    """A public and a private zone of one name are two zones."""
    public = aws.zone(stack, "public", "dr-preflight.net")
    private = aws.zone(stack, "private", "dr-preflight.net", vpcs=[{"vpcId": "vpc-0a"}])
    pair(stack, {"home": public}, {"home": private})


def own_zone_and_a_foreign_one(stack: Stack) -> None:
    pair(stack, {}, {"home": "Z0A"})


def native_zones_of_two_names(stack: Stack) -> None:
    for role, home in (("PRIMARY", "dr-preflight.net."), ("SECONDARY", "dr-preflight.org.")):
        given = {"hostedZoneName": home, "name": NAME, "type": "A", "failover": role}
        stack.add("aws-native:route53:RecordSet", role.lower(), given)


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(named(NAME, "api.dr-preflight.net"), id="two names"),
        pytest.param(named("www", "api"), id="two relative names"),
        pytest.param(named("www", "api", "Z0A"), id="two names in a foreign zone"),
        pytest.param(named("", "www"), id="the zone and a name in it"),
        pytest.param(named("ww", "www.dr-preflight.net", "Z0A"), id="no label of it"),
        pytest.param(named(NAME, NAME + ".dr-preflight.net"), id="zone name twice"),
        pytest.param(differing(type="AAAA"), id="two types"),
        pytest.param(
            lambda stack: pair(stack, {"home": "Z0A"}, {"home": "Z0B"}), id="two foreign zones"
        ),
        pytest.param(
            lambda stack: pair(stack, {"domain": UNKNOWN}, {"type": "AAAA"}),
            id="two types of an unknown name",
        ),
        two_zones,
        own_zone_and_a_foreign_one,
        native_zones_of_two_names,
    ],
)
def test_records_that_do_not_belong_together_are_rejected_both(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, PAIR) == {"rejects primary, secondary"}


@pytest.mark.parametrize("role", ["PRIMARY", "SECONDARY"])
def test_a_lone_record_is_rejected(role: str) -> None:
    stack = Stack()
    lone(role, healthCheckId="check-0a")(stack)
    assert verdicts(stack, PAIR) == {"rejects www"}
    assert findings(stack) == {(PAIR, "www")}


@pytest.mark.parametrize(
    "second",
    [
        pytest.param({"role": "PRIMARY"}, id="two records of one role"),
        pytest.param({"failoverRoutingPolicies": None}, id="a simple record"),
        pytest.param({"setIdentifier": "primary"}, id="one setIdentifier"),
    ],
)
def test_it_says_nothing_of_what_route_53_refuses_anyway(second: dict[str, Any]) -> None:
    stack = Stack()
    pair(stack, {}, second)
    assert verdict(stack, "record-sets") != "passes"
    assert verdicts(stack, PAIR) == {"passes"}


BOTH = "cannot tell primary, secondary"


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(named(NAME, UNKNOWN), BOTH, id="a name"),
        pytest.param(named(UNKNOWN, UNKNOWN), BOTH, id="both names"),
        pytest.param(named(NAME, "www", "Z0A"), BOTH, id="relative to a foreign zone"),
        pytest.param(named("", NAME, "Z0A"), BOTH, id="perhaps the apex of a foreign zone"),
        pytest.param(differing(type=UNKNOWN), BOTH, id="a type"),
        pytest.param(differing(home=UNKNOWN), BOTH, id="a zone"),
        pytest.param(differing(role=UNKNOWN), BOTH, id="a role"),
    ],
)
def test_what_is_known_later_only_may_be_the_counterpart(build: Build, expected: str) -> None:
    stack = Stack()
    build(stack)
    assert verdict(stack, PAIR) == expected
    assert verdict(stack, PAIR, shows_inputs=False) == expected


def test_a_certain_counterpart_settles_it_whatever_the_others_are() -> None:
    stack = Stack()
    differing()(stack)
    aws.record(stack, "other", "Z0A", UNKNOWN, "SECONDARY")
    assert verdict(stack, PAIR) == "rejects other"


def test_the_message_names_the_record_and_what_it_lacks() -> None:
    stack = Stack()
    zone = aws.zone(stack, "zone", "dr-preflight.net")
    aws.record(stack, "www", zone, "WWW", "PRIMARY", healthCheckId="check-0a")
    text = message(stack, PAIR)
    assert "Record www is a PRIMARY, and this stack has no SECONDARY of the same zone" in text
    assert "record www -> www.dr-preflight.net A -> no SECONDARY" in text
    assert "nothing to fail over to" in text
    assert "If another stack makes it, exempt this record." in text


def test_a_good_pair_gives_no_finding_at_all() -> None:
    stack = Stack()
    two_pairs(stack)
    assert run(stack) == []


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("one", "one", {"rejects primary"}),
        ("one", "two", {"passes"}),
        ("one", None, {"passes"}),
        (None, None, {"passes"}),
        ("one", UNKNOWN, {"passes"}),
        # A deployment shows that what this preview cannot tell apart is one check.
        (UNKNOWN, UNKNOWN, {"passes", "rejects primary"}),
    ],
)
def test_a_pair_should_not_share_a_health_check(first: Any, second: Any, expected: Any) -> None:
    stack = Stack()
    for role, check in (("PRIMARY", first), ("SECONDARY", second)):
        aws.record(stack, role.lower(), "Z0A", NAME, role, healthCheckId=check)
    assert verdicts(stack, PAIR) == expected


def test_a_pair_with_one_health_check_of_this_stack_is_told_once() -> None:
    stack = Stack()
    check = health_check(stack).id
    for role in ("PRIMARY", "SECONDARY"):
        aws.record(stack, role.lower(), "Z0A", NAME, role, healthCheckId=check)
    assert verdicts(stack, PAIR) == {"rejects primary"}


def alb(stack: Stack, name: str = "web", region: str = "us-east-1") -> Made:
    computed = {"dnsName": f"{name}.{region}.elb.amazonaws.com", "zoneId": f"Z{name.upper()}"}
    return stack.add(
        "aws:lb/loadBalancer:LoadBalancer", name, {"internal": True}, computed=computed
    )


def to(target: Made) -> dict[str, Any]:
    names = {"name": target.output("dnsName"), "zoneId": target.output("zoneId")}
    return alias(evaluateTargetHealth=True, **names)


def addresses(*said: Any) -> dict[str, Any]:
    return {"records": list(said)}


ONE, TWO = "198.51.100.1", "198.51.100.2"


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param(addresses(ONE), addresses(ONE), "rejects primary", id="one address"),
        pytest.param(addresses(ONE, TWO), addresses(TWO, ONE), "rejects primary", id="a set"),
        pytest.param(addresses(ONE), addresses(TWO), "passes", id="two addresses"),
        pytest.param(addresses(ONE), addresses(ONE, TWO), "passes", id="one more"),
        pytest.param(addresses(UNKNOWN), addresses(UNKNOWN), "passes", id="unknown"),
        pytest.param(
            alias(evaluateTargetHealth=True),
            alias(evaluateTargetHealth=True, name="DUALSTACK.alb.us-east-1.elb.amazonaws.com."),
            "rejects primary",
            id="one name in two forms",
        ),
        pytest.param(alias(evaluateTargetHealth=True), addresses(ONE), "passes", id="alias, not"),
        pytest.param({"records": None}, {"records": None}, "passes", id="nothing said"),
    ],
)
def test_a_pair_should_not_share_its_target(first: Any, second: Any, expected: str) -> None:
    stack = Stack()
    pair(stack, first, second)
    assert verdict(stack, PAIR) == expected


@pytest.mark.parametrize(
    ("regions", "expected"),
    [(("us-east-1",), {"rejects primary"}), (("us-east-1", "us-west-2"), {"passes"})],
)
def test_aliases_of_one_load_balancer_share_their_target(
    regions: tuple[str, ...], expected: set[str]
) -> None:
    stack = Stack()
    targets = [to(alb(stack, f"web-{region}", region)) for region in regions]
    pair(stack, targets[0], targets[-1])
    assert verdicts(stack, PAIR) == expected


def test_the_message_says_that_the_target_is_one() -> None:
    stack = Stack()
    pair(stack, addresses(ONE), addresses(ONE))
    text = message(stack, PAIR)
    assert "Record primary is a PRIMARY with the same target as its SECONDARY, record sec" in text
    assert "whether it is healthy or not" in text
