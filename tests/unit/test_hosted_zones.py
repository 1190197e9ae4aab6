"""hosted-zone-reserved-name and hosted-zone-undelegable-name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.serving.servicer import PreflightServicer
from policies.testing import UNKNOWN, Output, Secret, Stack
from tests import aws
from tests.support import findings, run, verdict, verdicts, verdicts_on_inputs

RESERVED = "hosted-zone-reserved-name"
UNDELEGABLE = "hosted-zone-undelegable-name"
Build = Callable[[Stack], None]


def zone(domain: Any, **inputs: Any) -> Build:
    return lambda stack: void(aws.zone(stack, "zone", domain, **inputs))


def void(_: object) -> None:
    """Builders return nothing."""


def private(domain: Any, **inputs: Any) -> Build:
    def build(stack: Stack) -> None:
        aws.zone(stack, "zone", domain, vpcs=[{"vpcId": aws.vpc(stack).id}], **inputs)

    return build


def native(domain: Any, **inputs: Any) -> Build:
    def build(stack: Stack) -> None:
        given = {} if domain is None else {"name": domain}
        aws.native(stack, "route53:HostedZone", "zone", {**given, **inputs}, named_by="awsId")

    return build


def named_elsewhere(stack: Stack) -> None:
    """A reserved name in a record, a tag and a comment, but not as the zone's name."""
    made = aws.zone(
        stack,
        "example.com",
        "dr-preflight.net",
        comment="replaces example.com",
        tags={"Name": "example.com"},
    )
    aws.record(stack, "www", made, "example.com.dr-preflight.net", None)
    given = {"domainName": "www.example.com", "validationMethod": "DNS"}
    stack.add("aws:acm/certificate:Certificate", "www", given)


LIVE = [
    pytest.param(zone("dr-preflight.net"), id="a domain of one's own"),
    pytest.param(zone("Orders.DR-Preflight.NET."), id="upper case, trailing dot"),
    pytest.param(zone("example-dev.com"), id="alike: example-dev.com"),
    pytest.param(zone("tap-example.com"), id="alike: tap-example.com"),
    pytest.param(zone("myexample.com"), id="alike: myexample.com"),
    pytest.param(zone("example.com.dr-preflight.net"), id="reserved name as a prefix"),
    pytest.param(zone("example.co"), id="another top level"),
    pytest.param(zone("dr-preflight.net", vpcs=[]), id="public by an empty list"),
    pytest.param(native("dr-preflight.net"), id="aws-native"),
    named_elsewhere,
]


@pytest.mark.parametrize("policy", [RESERVED, UNDELEGABLE])
@pytest.mark.parametrize("build", LIVE)
def test_a_public_zone_of_a_name_that_can_be_delegated_passes(policy: str, build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, policy) == {"passes"}


def with_a_vpc_from_elsewhere(stack: Stack) -> None:
    aws.zone(stack, "zone", "example.com", vpcs=UNKNOWN)


def with_a_vpc_as_an_object(stack: Stack) -> None:
    aws.zone(stack, "zone", "example.com", vpcs={"vpcId": "vpc-0a"})


@pytest.mark.parametrize("policy", [RESERVED, UNDELEGABLE])
@pytest.mark.parametrize(
    "build",
    [
        pytest.param(private("example.com"), id="example.com"),
        pytest.param(private("dr.example.org."), id="below example.org"),
        pytest.param(private("staging"), id="a single label"),
        pytest.param(private("dr.internal"), id=".internal"),
        pytest.param(private("orders.test.local"), id=".local"),
        pytest.param(private(UNKNOWN), id="a name from elsewhere"),
        pytest.param(native("example.com", vpcs=[{"vpcId": "vpc-0a"}]), id="aws-native"),
        with_a_vpc_from_elsewhere,
        with_a_vpc_as_an_object,
    ],
)
def test_a_private_zone_may_have_any_name(policy: str, build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, policy) == {"passes"}


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(zone("example.com"), id="example.com"),
        pytest.param(zone("example.net"), id="example.net"),
        pytest.param(zone("example.org"), id="example.org"),
        pytest.param(zone("dr-failover-prod.example.com"), id="below example.com"),
        pytest.param(zone("a.b.c.example.com"), id="far below"),
        pytest.param(zone("example.com."), id="trailing dot"),
        pytest.param(zone("DR.Example.COM"), id="upper case"),
        pytest.param(zone("example.com", vpcs=[]), id="public by an empty list"),
        pytest.param(zone("staging"), id="a single label"),
        pytest.param(zone("local"), id="a single label that is special"),
        pytest.param(zone("zone-1a2b3c4"), id="the name that Pulumi gives"),
        pytest.param(native("dr.example.com"), id="aws-native"),
        pytest.param(native("example.com", hostedZoneConfig={"comment": ""}), id="native, config"),
    ],
)
def test_a_public_zone_of_a_reserved_name_is_rejected(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts_on_inputs(stack, RESERVED) == {"rejects zone"}
    assert findings(stack) == {(RESERVED, "zone")}


def test_a_secret_name_is_judged_and_not_printed() -> None:
    """Which values are secret is known to the pack's own servicer alone."""
    stack = Stack()
    zone(Secret("hidden-orders.example.com"))(stack)
    (found,) = run(stack, servicer=PreflightServicer)
    assert found.policy == RESERVED
    assert "hidden-orders" not in found.message


@pytest.mark.parametrize(
    "domain",
    [
        "dr-failover-prod.test.local",
        "orders.internal",
        "orders.test",
        "orders.example",
        "orders.invalid",
        "orders.localhost",
        "router.home.arpa",
        "service.onion",
        "ORDERS.Internal.",
    ],
)
def test_a_public_zone_that_nobody_can_delegate_is_accepted_with_advice(domain: str) -> None:
    stack = Stack()
    zone(domain)(stack)
    assert verdicts_on_inputs(stack, RESERVED) == {"passes"}
    assert verdicts_on_inputs(stack, UNDELEGABLE) == {"rejects zone"}
    assert {each.level for each in run(stack)} == {"advisory"}


def test_a_native_zone_that_nobody_can_delegate_is_accepted_with_advice() -> None:
    stack = Stack()
    native("orders.internal")(stack)
    assert findings(stack) == {(UNDELEGABLE, "zone")}


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(zone(UNKNOWN), id="from elsewhere"),
        pytest.param(zone(Output("dr.example.com")), id="computed"),
        pytest.param(native(UNKNOWN), id="aws-native"),
    ],
)
def test_a_name_that_is_known_later_only_is_one_doubt_at_first(build: Build) -> None:
    stack = Stack()
    build(stack)
    for shows_inputs in (True, False):
        assert verdict(stack, RESERVED, shows_inputs=shows_inputs) == "cannot tell zone"
        assert verdict(stack, UNDELEGABLE, shows_inputs=shows_inputs) == "passes"


def test_a_name_from_the_configuration_decides() -> None:
    verdicts_by_name = {}
    for domain in ("dr.example.com", "dr-preflight.net"):
        stack = Stack()
        zone(domain)(stack)
        verdicts_by_name[domain] = verdict(stack, RESERVED)
    assert verdicts_by_name == {"dr.example.com": "rejects zone", "dr-preflight.net": "passes"}


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("corp-reserved.net", "rejects zone"),
        ("orders.Corp-Reserved.net.", "rejects zone"),
        ("my-corp-reserved.net", "passes"),
        ("corp-reserved.net.dr-preflight.net", "passes"),
    ],
)
def test_names_that_the_platform_team_reserves_count(domain: str, expected: str) -> None:
    stack = Stack()
    zone(domain)(stack)
    config = {RESERVED: {"extraReservedNames": ["CORP-reserved.net."]}}
    assert verdict(stack, RESERVED) == "passes"
    assert verdict(stack, RESERVED, config=config) == expected


def test_aws_is_not_quoted_about_a_name_that_only_the_configuration_reserves() -> None:
    stack = Stack()
    zone("orders.corp.net")(stack)
    config = {RESERVED: {"extraReservedNames": ["corp.net"]}}
    (said,) = (each.message for each in run(stack, config=config) if each.policy == RESERVED)
    assert "reserved by AWS!" not in said
    assert "the option extraReservedNames of this policy does" in said


@pytest.mark.parametrize("policy", [RESERVED, UNDELEGABLE])
@pytest.mark.parametrize("domain", [None, "", [], {}, 3, [None], ".", "*.dr-preflight.net"])
def test_malformed_names_are_left_to_the_provider(policy: str, domain: Any) -> None:
    stack = Stack()
    zone(domain)(stack)
    for said in verdicts(stack, policy):
        assert not said.startswith("rejects")


def message(build: Build, policy: str) -> str:
    stack = Stack()
    build(stack)
    return next(each.message for each in run(stack) if each.policy == policy)


def test_the_message_names_the_zone_the_rule_and_what_aws_answers() -> None:
    text = message(zone("dr.example.com"), RESERVED)
    assert "Hosted zone zone is public, and its name is dr.example.com: AWS reserves" in text
    assert "CreateHostedZone answers InvalidDomainName: dr.example.com is reserved by AWS!" in text
    assert "docs/policies/hosted-zone-reserved-name.md" in text
    text = message(zone("orders.test.local"), UNDELEGABLE)
    assert "Hosted zone zone is public, and its name is orders.test.local: .local " in text
    assert "resolve for nobody" in text
