"""record-sets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.model.dns.endpoint_zones import APPLICATION, NETWORK, zone_in
from policies.testing import UNKNOWN, Made, Stack
from tests import aws
from tests.support import findings, first_verdicts, run, verdict, verdicts

POLICY = "record-sets"
ZONE = "dr-preflight.net"
NAME = "www.dr-preflight.net"
Build = Callable[[Stack], None]

FAILOVER = {"failoverRoutingPolicies": [{"type": "SECONDARY"}]}
WEIGHTED = {"weightedRoutingPolicies": [{"weight": 10}]}
LATENCY = {"latencyRoutingPolicies": [{"region": "us-east-1"}]}
GEOLOCATION = {"geolocationRoutingPolicies": [{"country": "DE"}]}
GEOPROXIMITY = {"geoproximityRoutingPolicy": {"awsRegion": "us-east-1"}}
IP_BASED = {"cidrRoutingPolicy": {"collectionId": "c-1", "locationName": "office"}}
MULTIVALUE = {"multivalueAnswerRoutingPolicy": True}
SIMPLE: dict[str, Any] = {"setIdentifier": None}


def record(stack: Stack, called: str, home: Any, **said: Any) -> Made:
    """A record of www with one address, simple unless `said` gives it a policy."""
    given = {"failoverRoutingPolicies": None, **said}
    return aws.record(stack, called, home, given.pop("name", NAME), None, **given)


def alone(**said: Any) -> Build:
    def build(stack: Stack) -> None:
        record(stack, "one", aws.zone(stack, "zone", ZONE), **said)

    return build


def two(one: dict[str, Any], other: dict[str, Any], home: Any = None) -> Build:
    """Two records of one zone, name and type, unless said otherwise."""

    def build(stack: Stack) -> None:
        zone = home or aws.zone(stack, "zone", ZONE)
        record(stack, "one", zone, **one)
        record(stack, "two", zone, **other)

    return build


def alias(name: Any = "d1.cloudfront.net", zone: Any = "Z2FDTNDATAQYW2") -> dict[str, Any]:
    target = {"name": name, "zoneId": zone, "evaluateTargetHealth": False}
    return {"aliases": [target], "records": None, "ttl": None}


def with_exclusive_records(stack: Stack) -> None:
    two(SIMPLE, SIMPLE)(stack)
    zone = aws.zone(stack, "again", ZONE)
    record(stack, "three", zone, **SIMPLE)
    record(stack, "four", zone, **SIMPLE)
    kind = "aws:route53/recordsExclusive:RecordsExclusive"
    stack.add(kind, "all", {"zoneId": zone.output("zoneId"), "resourceRecordSets": []})


def with_exclusive_records_of_a_zone_elsewhere(stack: Stack) -> None:
    for name in ("three", "four"):
        given = {"zoneId": "Z0123456789ABCDEFGHIJ", "name": "www", "type": "A", **SIMPLE}
        stack.add("aws:route53/record:Record", name, given)
    kind = "aws:route53/recordsExclusive:RecordsExclusive"
    stack.add(kind, "all", {"zoneId": "Z0123456789ABCDEFGHIJ", "resourceRecordSets": []})


def load_balancer(stack: Stack, name: str, region: str, kind: str | None = None) -> Made:
    inputs = {"internal": True, "region": region}
    given = {**inputs, "loadBalancerType": kind} if kind else inputs
    canonical = zone_in(NETWORK if kind == "network" else APPLICATION, region)
    computed = {"dnsName": f"{name}.{region}.elb.amazonaws.com", "zoneId": canonical}
    return stack.add("aws:lb/loadBalancer:LoadBalancer", name, given, computed=computed)


def alias_of(name_of: tuple[str, ...], zone_of: tuple[str, ...]) -> Build:
    """An alias with the name of one load balancer and the zoneId of another."""

    def build(stack: Stack) -> None:
        made = {each: load_balancer(stack, *each) for each in dict.fromkeys((name_of, zone_of))}
        said = alias(made[name_of].output("dnsName"), made[zone_of].output("zoneId"))
        record(stack, "one", aws.zone(stack, "zone", ZONE), setIdentifier=None, **said)

    return build


def alias_in_the_stack_s_zone(stack: Stack) -> None:
    zone = aws.zone(stack, "zone", ZONE)
    said = alias("x.us-east-1.elb.amazonaws.com", zone.output("zoneId"))
    record(stack, "one", zone, setIdentifier=None, **said)


def alias_in_its_own_zone_by_id(stack: Stack) -> None:
    said = alias("x.us-east-1.elb.amazonaws.com", "Z0OWN")
    record(stack, "one", "/hostedzone/Z0OWN", **SIMPLE, **said)


def alias_of_one(zone_id: Any, region: str = "us-west-2", kind: str | None = None) -> Build:
    """An alias with the name of a load balancer and a zone id that the program has written down."""

    def build(stack: Stack) -> None:
        made = load_balancer(stack, "a", region, kind)
        said = alias(made.output("dnsName"), zone_id)
        record(stack, "one", aws.zone(stack, "zone", ZONE), setIdentifier=None, **said)

    return build


def alias_in_a_hosted_zone(
    *, literal: bool = False, other: bool = False, kind: str | None = None
) -> Build:
    """An alias with the name of a load balancer and the zoneId of a hosted zone: the record's own
    or another one, as a resource of the stack or as a text."""

    def build(stack: Stack) -> None:
        made = load_balancer(stack, "a", "us-west-2", kind)
        if literal:
            said = alias(made.output("dnsName"), "Z0OTHER" if other else "Z0OWN")
            record(stack, "one", "Z0OWN", **SIMPLE, **said)
            return
        zone = aws.zone(stack, "zone", ZONE)
        named = aws.zone(stack, "other", "other.net") if other else zone
        said = alias(made.output("dnsName"), named.output("zoneId"))
        record(stack, "one", zone, setIdentifier=None, **said)

    return build


def alias_of_a_name(*others: dict[str, Any]) -> Build:
    """An alias of app in its own zone, which has these records besides."""

    def build(stack: Stack) -> None:
        zone = aws.zone(stack, "zone", ZONE)
        for number, each in enumerate(others):
            record(stack, f"r{number}", zone, setIdentifier=None, **each)
        said = alias(f"app.{ZONE}", zone.output("zoneId"))
        record(stack, "one", zone, setIdentifier=None, **said)

    return build


def alias_of_a_name_of_exclusive_records(stack: Stack) -> None:
    alias_of_a_name()(stack)
    kind = "aws:route53/recordsExclusive:RecordsExclusive"
    zone = next(each for each in stack.resources if each.name == "zone")
    stack.add(kind, "all", {"zoneId": zone.output("zoneId"), "resourceRecordSets": []})


def alias_of_a_record(stack: Stack) -> None:
    zone = aws.zone(stack, "zone", ZONE)
    target = record(stack, "target", zone, name=f"app.{ZONE}", setIdentifier=None)
    said = alias(target.output("fqdn"), zone.output("zoneId"))
    record(stack, "one", zone, setIdentifier=None, **said)


def native(*said: dict[str, Any], zone: str = f"{ZONE}.") -> Build:
    """Records of aws-native, called r0, r1 and so on."""

    def build(stack: Stack) -> None:
        for number, each in enumerate(said):
            given = {
                "hostedZoneName": zone,
                "name": NAME,
                "type": "A",
                "ttl": "60",
                "resourceRecords": ["198.51.100.1"],
                **each,
            }
            given = {key: value for key, value in given.items() if value is not None}
            stack.add("aws-native:route53:RecordSet", f"r{number}", given)

    return build


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        # Alone.
        pytest.param(alone(**SIMPLE, healthCheckId="check"), "rejects one", id="unused check"),
        pytest.param(alone(**SIMPLE, healthCheckId=UNKNOWN), "rejects one", id="unknown check"),
        pytest.param(alone(**SIMPLE, ttl=None), "rejects one", id="no ttl"),
        pytest.param(alone(**SIMPLE, records=[]), "rejects one", id="no values"),
        pytest.param(alone(**SIMPLE, name=ZONE, type="CNAME"), "rejects one", id="apex CNAME"),
        pytest.param(alone(**SIMPLE, name="", type="CNAME"), "rejects one", id="nameless CNAME"),
        pytest.param(
            alone(**FAILOVER, name=f"{ZONE.upper()}.", type="CNAME"), "rejects one", id="failover"
        ),
        pytest.param(alone(**SIMPLE, name=f"my{ZONE}"), "rejects one", id="no dot before the zone"),
        pytest.param(alone(**MULTIVALUE, **alias()), "rejects one", id="multivalue alias"),
        pytest.param(
            alone(**SIMPLE, **alias(), type="NS"), "rejects one", id="alias of name servers"
        ),
        pytest.param(
            alone(**SIMPLE, **alias(zone="Z35SXDOTRQ7X7K"), type="NS"),
            "rejects one",
            id="alias of name servers in another zone",
        ),
        pytest.param(
            alone(**SIMPLE, **alias(zone="Z35SXDOTRQ7X7K")), "rejects one", id="CloudFront's zone"
        ),
        pytest.param(
            alone(**SIMPLE, **alias("a1.awsglobalaccelerator.com.")),
            "rejects one",
            id="Global Accelerator's zone",
        ),
        pytest.param(alias_in_the_stack_s_zone, "rejects one", id="the zone of the record"),
        pytest.param(alias_in_its_own_zone_by_id, "rejects one", id="that zone by its id"),
        pytest.param(
            alone(**SIMPLE, **alias("a.us-west-2.elb.amazonaws.com", "Z35SXDOTRQ7X7K")),
            "rejects one",
            id="the zone of another region",
        ),
        pytest.param(
            alone(**SIMPLE, **alias("a.elb.us-east-1.amazonaws.com", "Z35SXDOTRQ7X7K")),
            "rejects one",
            id="the zone of another type",
        ),
        pytest.param(
            alone(**SIMPLE, **alias("s3-website-eu-west-1.amazonaws.com", "Z3AQBSTGFYJSTF")),
            "rejects one",
            id="a website in another region's zone",
        ),
        pytest.param(alias_of_one("Z35SXDOTRQ7X7K"), "rejects one", id="a zone written down"),
        # Beside others.
        pytest.param(two(SIMPLE, FAILOVER), "rejects one", id="simple beside failover"),
        pytest.param(two(WEIGHTED, SIMPLE), "rejects two", id="weighted beside simple"),
        pytest.param(two(SIMPLE, MULTIVALUE), "rejects one", id="simple beside multivalue"),
        pytest.param(two(SIMPLE, GEOPROXIMITY), "rejects one", id="simple beside geoproximity"),
        pytest.param(two(IP_BASED, GEOLOCATION), "rejects one", id="IP-based beside geolocation"),
        pytest.param(two(LATENCY, FAILOVER), "rejects two", id="latency beside failover"),
        pytest.param(two(SIMPLE, FAILOVER, "Z0A"), "rejects one", id="zone of another stack"),
        pytest.param(
            two({**SIMPLE, "name": "WWW"}, {**FAILOVER, "name": f"{NAME}."}),
            "rejects one",
            id="relative and full",
        ),
        pytest.param(two({**SIMPLE, "type": "CNAME"}, SIMPLE), "rejects one", id="CNAME beside A"),
        pytest.param(
            two({**WEIGHTED, "type": "TXT"}, {**WEIGHTED, "type": "CNAME"}),
            "rejects two",
            id="TXT beside CNAME",
        ),
        pytest.param(
            two({**WEIGHTED, "ttl": 60}, {**WEIGHTED, "ttl": 300}), "rejects two", id="two ttls"
        ),
        pytest.param(two(LATENCY, LATENCY), "rejects two", id="a region twice"),
        pytest.param(two(GEOLOCATION, GEOLOCATION), "rejects two", id="a country twice"),
        pytest.param(two(FAILOVER, FAILOVER), "rejects two", id="two SECONDARY"),
        # aws-native.
        pytest.param(native({"healthCheckId": "c"}), "rejects r0", id="native unused check"),
        pytest.param(native({"ttl": None}), "rejects r0", id="native without ttl"),
        pytest.param(native({"name": "www"}), "rejects r0", id="native relative name"),
        pytest.param(native({"name": ZONE, "type": "CNAME"}), "rejects r0", id="native apex"),
        pytest.param(
            native({}, {"failover": "SECONDARY", "setIdentifier": "s"}),
            "rejects r0",
            id="native simple beside failover",
        ),
        pytest.param(
            native(
                {"weight": 0, "setIdentifier": "a"}, {"region": "us-east-1", "setIdentifier": "b"}
            ),
            "rejects r1",
            id="native weight beside region",
        ),
        pytest.param(
            native(
                {"geoLocation": {"countryCode": "DE"}, "setIdentifier": "a"},
                {"geoLocation": {"countryCode": "DE"}, "setIdentifier": "b"},
            ),
            "rejects r1",
            id="native country twice",
        ),
        pytest.param(
            native({"multiValueAnswer": True, "setIdentifier": "a"}, {}),
            "rejects r1",
            id="native multivalue beside simple",
        ),
        pytest.param(
            native(
                {
                    "aliasTarget": {"dnsName": "d.cloudfront.net", "hostedZoneId": "Z0A"},
                    "ttl": None,
                    "resourceRecords": None,
                }
            ),
            "rejects r0",
            id="native alias",
        ),
    ],
)
def test_what_route_53_refuses_is_rejected(build: Build, expected: str) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, POLICY) == {expected}


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(two(SIMPLE, SIMPLE), "rejects two", id="simple twice"),
        pytest.param(
            two({**WEIGHTED, "setIdentifier": "blue"}, {**WEIGHTED, "setIdentifier": "blue"}),
            "rejects two",
            id="one setIdentifier twice",
        ),
        pytest.param(
            two(
                {"failoverRoutingPolicies": [{"type": "PRIMARY"}], "setIdentifier": "www"},
                {**FAILOVER, "setIdentifier": "www"},
            ),
            "rejects two",
            id="one setIdentifier for a pair",
        ),
        pytest.param(native({}, {}), "rejects r1", id="native simple twice"),
    ],
)
def test_what_is_created_twice_is_rejected_while_one_of_them_is_new(
    build: Build, expected: str
) -> None:
    stack = Stack()
    build(stack)
    assert first_verdicts(stack, POLICY) == {expected}
    assert verdict(stack, POLICY, deployed=True) == "passes"
    assert verdict(stack, POLICY, existing=stack.resources[:-1]) == expected


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(alias_of_a_name(), "rejects one", id="a name that nothing has"),
        pytest.param(
            alias_of_a_name({"name": "app", "type": "TXT"}),
            "rejects one",
            id="a name with another type",
        ),
        pytest.param(
            alias_of_one("Z35SXDOTRQ7X7K", kind="network"), "rejects one", id="another region"
        ),
        pytest.param(
            alias_of_one("Z1H1FL5HABSF5", kind="network"), "rejects one", id="another type"
        ),
        pytest.param(alias_of_one("Z18D5FSROUN65G", kind="network"), "passes", id="its own zone"),
        pytest.param(alias_of_one("Z0OTHER"), "passes", id="a zone that nobody knows"),
        pytest.param(
            alias_in_a_hosted_zone(literal=True), "rejects one", id="the record's zone by its id"
        ),
        pytest.param(
            alias_in_a_hosted_zone(literal=True, kind="gateway"),
            "rejects one",
            id="the record's zone, of a type without a zone",
        ),
        pytest.param(
            alias_in_a_hosted_zone(literal=True, other=True), "passes", id="some zone by its id"
        ),
        pytest.param(
            alias_of_one("Z1H1FL5HABSF5", "xx-test-1"), "passes", id="a region that nobody knows"
        ),
        pytest.param(
            alias_of_one("Z1H1FL5HABSF5", kind="gateway"), "passes", id="a type without a zone"
        ),
    ],
)
def test_an_alias_of_what_is_new(build: Build, expected: str) -> None:
    stack = Stack()
    build(stack)
    assert first_verdicts(stack, POLICY) == {expected}


@pytest.mark.parametrize(
    "build",
    [
        # Alone.
        pytest.param(alone(**WEIGHTED, healthCheckId="check"), id="check with a policy"),
        pytest.param(alone(**MULTIVALUE, healthCheckId=UNKNOWN), id="check with multivalue"),
        pytest.param(alone(**SIMPLE, ttl=0), id="ttl of no seconds"),
        pytest.param(alone(**SIMPLE, ttl="60"), id="ttl as text"),
        pytest.param(alone(**SIMPLE, **alias()), id="alias"),
        pytest.param(alone(**SIMPLE, **alias(), type=UNKNOWN), id="alias of a type"),
        pytest.param(
            alone(**SIMPLE, **{**alias(), "aliases": UNKNOWN}, type="NS"),
            id="perhaps an alias of name servers",
        ),
        pytest.param(alone(**SIMPLE, type="NS"), id="name servers"),
        pytest.param(alone(**SIMPLE, **alias("D1.CloudFront.NET.")), id="alias in capitals"),
        pytest.param(
            alone(**SIMPLE, **{**alias(), "records": []}), id="alias with no other values"
        ),
        pytest.param(alone(**SIMPLE, name="app", type="CNAME"), id="CNAME below the zone"),
        pytest.param(alone(**SIMPLE, name=ZONE), id="A at the apex"),
        pytest.param(alone(**SIMPLE, name="www.other.org"), id="a name that gets the zone's"),
        pytest.param(alone(**SIMPLE, name=UNKNOWN, type="CNAME"), id="unknown name"),
        pytest.param(alone(**SIMPLE, **alias(UNKNOWN, UNKNOWN)), id="unknown alias"),
        pytest.param(
            alone(**SIMPLE, **alias("x.elb.amazonaws.com", "Z0")), id="alias outside the stack"
        ),
        pytest.param(alias_of_a_record, id="alias of a record of the zone"),
        pytest.param(alias_of_a_name({"name": "app"}), id="alias of a name"),
        pytest.param(alias_of_a_name({"name": f"*.{ZONE}"}), id="alias of a wildcard's name"),
        pytest.param(alias_of_a_name({"name": UNKNOWN}), id="alias of what may be a name"),
        pytest.param(alias_of_a_name_of_exclusive_records, id="alias of an exclusive record"),
        pytest.param(
            alone(**SIMPLE, **alias("dualstack.a.us-west-2.elb.amazonaws.com.", "Z1H1FL5HABSF5")),
            id="alias in its region's zone",
        ),
        pytest.param(
            alone(**SIMPLE, **alias("a.us-east-1.elb.amazonaws.com", "Z3DZXE0Q79N41H")),
            id="alias in the zone that its region had before",
        ),
        pytest.param(
            alone(**SIMPLE, **alias("s3-website.eu-west-1.amazonaws.com", "Z1BKCTXD74EZPE")),
            id="a website in its region's zone",
        ),
        pytest.param(alias_of(("a", "us-east-1"), ("a", "us-east-1")), id="alias of one"),
        pytest.param(alias_of(("a", "us-east-1"), ("b", "us-east-1")), id="two of one region"),
        # Beside others.
        pytest.param(two(WEIGHTED, WEIGHTED), id="weighted"),
        pytest.param(
            two({**WEIGHTED, "ttl": 60}, {**WEIGHTED, **alias()}), id="weighted with an alias"
        ),
        pytest.param(
            two({**LATENCY, "ttl": 60}, {"latencyRoutingPolicies": [{"region": "us-west-2"}]}),
            id="two regions",
        ),
        pytest.param(
            two(GEOLOCATION, {"geolocationRoutingPolicies": [{"country": "*"}]}), id="a default"
        ),
        pytest.param(
            two(
                {"geolocationRoutingPolicies": [{"country": "US"}]},
                {"geolocationRoutingPolicies": [{"country": "US", "subdivision": "CA"}]},
            ),
            id="a state of a country",
        ),
        pytest.param(
            two(
                {"geolocationRoutingPolicies": [{"continent": "SA"}]},
                {"geolocationRoutingPolicies": [{"country": "SA"}]},
            ),
            id="South America and Saudi Arabia",
        ),
        pytest.param(two(SIMPLE, {**SIMPLE, "type": "AAAA"}), id="two types"),
        pytest.param(two(SIMPLE, {**FAILOVER, "name": "api"}), id="two names"),
        pytest.param(two({**SIMPLE, "allowOverwrite": True}, SIMPLE), id="may overwrite"),
        pytest.param(two(SIMPLE, {**SIMPLE, "allowOverwrite": UNKNOWN}), id="perhaps overwrites"),
        pytest.param(
            two({**SIMPLE, "name": UNKNOWN}, {**SIMPLE, "name": UNKNOWN}), id="unknown names"
        ),
        pytest.param(two({**MULTIVALUE}, {**MULTIVALUE}), id="multivalue"),
        pytest.param(
            two({**SIMPLE, "multivalueAnswerRoutingPolicy": False}, {**SIMPLE, "name": "x"}),
            id="no multivalue",
        ),
        pytest.param(
            two(
                {**WEIGHTED, "setIdentifier": UNKNOWN},
                {**WEIGHTED, "setIdentifier": UNKNOWN},
            ),
            id="unknown identifiers",
        ),
        # aws-native.
        pytest.param(native({"name": f"{NAME}."}), id="native"),
        pytest.param(
            native(
                {"weight": 1, "setIdentifier": "a", "healthCheckId": "c"},
                {"weight": 0, "setIdentifier": "b"},
            ),
            id="native weights",
        ),
        pytest.param(native({}, {"type": "AAAA"}), id="native types"),
    ],
)
def test_what_route_53_takes_passes(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, POLICY) == {"passes"}


def test_the_records_of_two_zones_of_one_name_do_not_meet() -> None:
    stack = Stack()
    record(stack, "one", aws.zone(stack, "public", ZONE), **SIMPLE)
    private = aws.zone(stack, "private", ZONE, vpcs=[{"vpcId": "vpc-0a"}])
    record(stack, "two", private, **SIMPLE)
    assert verdicts(stack, POLICY) == {"passes"}


def test_records_that_are_managed_at_once_are_not_created_one_by_one() -> None:
    stack = Stack()
    with_exclusive_records(stack)
    assert first_verdicts(stack, POLICY) == {"rejects two"}


def test_exclusive_records_of_a_zone_outside_the_stack_replace_others_too() -> None:
    stack = Stack()
    with_exclusive_records_of_a_zone_elsewhere(stack)
    assert verdict(stack, POLICY) == "passes"


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(two(SIMPLE, {**SIMPLE, "type": UNKNOWN}), "cannot tell two", id="a type"),
        pytest.param(
            two(WEIGHTED, {"weightedRoutingPolicies": UNKNOWN}), "cannot tell two", id="a policy"
        ),
        pytest.param(
            alone(weightedRoutingPolicies=UNKNOWN, healthCheckId="check"),
            "cannot tell one",
            id="a check and perhaps no policy",
        ),
        pytest.param(
            alias_of(("a", "us-east-1"), ("b", "us-west-2")), "cannot tell one", id="two regions"
        ),
        pytest.param(
            alias_of(("a", "us-east-1"), ("b", "us-east-1", "network")),
            "cannot tell one",
            id="two types",
        ),
        pytest.param(alias_in_a_hosted_zone(), "cannot tell one", id="a hosted zone"),
        pytest.param(alias_in_a_hosted_zone(other=True), "cannot tell one", id="another zone"),
    ],
)
def test_what_is_not_known_yet_is_a_doubt(build: Build, expected: str) -> None:
    stack = Stack()
    build(stack)
    assert first_verdicts(stack, POLICY) == {expected}


@pytest.mark.parametrize("other", [False, True])
def test_a_hosted_zone_that_exists_is_not_that_of_a_new_load_balancer(other: bool) -> None:
    stack = Stack()
    alias_in_a_hosted_zone(other=other)(stack)
    zones = [each for each in stack.resources if each.type.endswith("Zone")]
    assert verdict(stack, POLICY, existing=zones) == "rejects one"
    assert verdict(stack, POLICY, deployed=True) == "rejects one"
    (found,) = [each.message for each in run(stack, existing=zones) if each.policy == POLICY]
    zone = "other" if other else "zone"
    assert f"an alias for load balancer a with the zoneId hosted zone {zone}" in found


@pytest.mark.parametrize("region", ["us-west-2", "eu-west-1"])
def test_the_zone_of_another_load_balancer_is_rejected_once_it_is_known(region: str) -> None:
    stack = Stack()
    alias_of(("a", "us-east-1"), ("b", region))(stack)
    assert verdict(stack, POLICY, deployed=True) == "rejects one"


@pytest.mark.parametrize(
    "said",
    [
        {"records": None, "ttl": None},
        {"records": "198.51.100.1"},
        {"ttl": "soon"},
        {"aliases": "x"},
        {"aliases": [None]},
        {"type": 7},
        {"name": 7},
        {"weightedRoutingPolicies": "x"},
        {"weightedRoutingPolicies": [None]},
    ],
)
def test_malformed_properties_neither_raise_nor_reject(said: dict[str, Any]) -> None:
    stack = Stack()
    zone = aws.zone(stack, "zone", ZONE)
    record(stack, "one", zone, **{**SIMPLE, **said})
    record(stack, "two", zone, **{**SIMPLE, "type": "TXT"})
    assert "rejects" not in verdict(stack, POLICY)


def message(build: Build) -> str:
    stack = Stack()
    build(stack)
    return next(each.message for each in run(stack) if each.policy == POLICY)


def test_the_message_quotes_what_route_53_answers() -> None:
    text = message(two(SIMPLE, FAILOVER))
    assert (
        "Record one has no routing policy, but there are failover records of the same name"
    ) in text
    assert "record one -> record two" in text
    assert (
        "RRSet with DNS name www.dr-preflight.net., type A, … cannot be created because a "
        "non-failover RRSet with the same name and type already exists." in text
    )
    text = message(two(SIMPLE, SIMPLE))
    assert "[name='www.dr-preflight.net.', type='A'] but it already exists" in text
    text = message(
        two({**WEIGHTED, "setIdentifier": "blue"}, {**WEIGHTED, "setIdentifier": "blue"})
    )
    assert "type='A', set identifier='blue'] but it already exists" in text


def test_a_good_set_gives_no_finding_at_all() -> None:
    stack = Stack()
    two(WEIGHTED, WEIGHTED)(stack)
    assert findings(stack) == set()


def test_of_an_alias_of_name_servers_nothing_else_is_told() -> None:
    stack = Stack()
    alone(**SIMPLE, **alias(zone="Z35SXDOTRQ7X7K"), type="NS")(stack)
    (message,) = [each.message for each in run(stack) if each.policy == POLICY]
    assert "type NS contains an alias target, but aliases of that type are forbidden" in message


# --- what a zone is born with ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"name": ZONE}, "rejects one"),
        ({"name": ""}, "rejects one"),
        ({"name": None}, "rejects one"),
        ({"name": f"{ZONE}.", "type": "SOA"}, "rejects one"),
        ({"name": ZONE, "allowOverwrite": False}, "rejects one"),
        ({"name": ZONE, "allowOverwrite": True}, "passes"),
        ({"name": ZONE, "allowOverwrite": UNKNOWN}, "passes"),
        ({"name": ZONE, "type": UNKNOWN}, "passes"),
        ({"name": ZONE, "type": "TXT"}, "passes"),
        ({"name": f"sub.{ZONE}"}, "passes"),
        ({"name": UNKNOWN}, "passes"),
    ],
)
def test_a_zone_is_born_with_its_name_servers(said: dict[str, Any], expected: str) -> None:
    stack = Stack()
    given = {**SIMPLE, "type": "NS", "setIdentifier": None, "records": ["ns.acme.net"], **said}
    record(stack, "one", aws.zone(stack, "zone", ZONE), **given)
    assert verdict(stack, POLICY) == expected
    assert verdict(stack, POLICY, deployed=True) == "passes"


def test_exclusive_records_may_have_the_name_servers_of_their_zone() -> None:
    stack = Stack()
    zone = aws.zone(stack, "zone", ZONE)
    given = {**SIMPLE, "type": "NS", "setIdentifier": None, "records": ["ns.acme.net"]}
    record(stack, "one", zone, **{**given, "name": ZONE})
    kind = "aws:route53/recordsExclusive:RecordsExclusive"
    stack.add(kind, "all", {"zoneId": zone.output("zoneId"), "resourceRecordSets": []})
    assert verdict(stack, POLICY) == "passes"


def test_so_they_may_in_a_zone_of_others() -> None:
    stack = Stack()
    given = {**SIMPLE, "type": "NS", "setIdentifier": None, "records": ["ns.acme.net"]}
    record(stack, "one", "Z0OWN", **{**given, "name": ""})
    kind = "aws:route53/recordsExclusive:RecordsExclusive"
    stack.add(kind, "all", {"zoneId": "Z0OWN", "resourceRecordSets": []})
    assert verdict(stack, POLICY) == "passes"


def test_in_a_zone_of_others_the_empty_name_tells() -> None:
    for name, expected in (("", "rejects one"), ("acme.net", "passes")):
        stack = Stack()
        given = {**SIMPLE, "type": "NS", "setIdentifier": None, "records": ["ns.acme.net"]}
        record(stack, "one", "Z0OWN", **{**given, "name": name})
        assert verdict(stack, POLICY) == expected


# --- domain names of API Gateway ------------------------------------------------------------------

REST_DOMAIN = "aws:apigateway/domainName:DomainName"
HTTP_DOMAIN = "aws:apigatewayv2/domainName:DomainName"


def pair_of_domains(
    kind: str = REST_DOMAIN, types: Any = "REGIONAL", zone_of: str = "east", name_of: str = "west"
) -> Stack:
    """The domain names of an API in two regions, and an alias with these parts of them."""
    stack = Stack()
    made = {}
    for name, region in (("east", "us-east-1"), ("west", "us-west-2")):
        host, identity = f"d-{name}.execute-api.{region}.amazonaws.com", f"Z{name.upper()}"
        said = {"domainName": "api.acme.net", "endpointConfiguration": {"types": types}}
        computed = {"regionalDomainName": host, "regionalZoneId": identity}
        if kind == HTTP_DOMAIN:
            computed = {"arn": f"arn:{name}"}
        made[name] = stack.add(kind, name, said, computed=computed, region=region)
    if kind == HTTP_DOMAIN:
        said = alias(made[name_of].output("arn"), made[zone_of].output("arn"))
    else:
        host_of, zone = made[name_of], made[zone_of]
        said = alias(host_of.output("regionalDomainName"), zone.output("regionalZoneId"))
    record(stack, "one", aws.zone(stack, "zone", ZONE), setIdentifier=None, **said)
    return stack


@pytest.mark.parametrize(
    ("stack", "first", "deployed"),
    [
        (pair_of_domains(), "cannot tell one", "rejects one"),
        (pair_of_domains(types=["REGIONAL"]), "cannot tell one", "rejects one"),
        (pair_of_domains(types=["EDGE"]), "passes", "rejects one"),
        (pair_of_domains(zone_of="west"), "passes", "passes"),
        (pair_of_domains(types=None), "passes", "rejects one"),
        (pair_of_domains(types=UNKNOWN), "passes", "rejects one"),
        (pair_of_domains(HTTP_DOMAIN), "cannot tell one", "passes"),
        (pair_of_domains(HTTP_DOMAIN, zone_of="west"), "passes", "passes"),
    ],
)
def test_the_zone_of_the_other_region_s_domain_name(
    stack: Stack, first: str, deployed: str
) -> None:
    assert verdict(stack, POLICY) == first
    assert verdict(stack, POLICY, deployed=True) == deployed
