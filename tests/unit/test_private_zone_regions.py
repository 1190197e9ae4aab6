"""private-zone-regions: private names that nobody can look up after the failover."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Stack
from tests import aws
from tests.hiding import invented
from tests.support import first_verdicts, run, verdict, verdicts

POLICY = "private-zone-regions"
EAST, WEST, SOUTH = "us-east-1", "us-west-2", "sa-east-1"


class Two:
    """A private zone of the VPC in the east, with a name that fails over to the west, where a VPC
    is too."""

    def __init__(self, *vpcs: Any, **inputs: Any) -> None:
        self.stack = Stack(region=EAST)
        self.home = aws.vpc(self.stack, "east", enableDnsHostnames=True)
        with aws.region(self.stack, WEST):
            self.other = aws.vpc(self.stack, "west", enableDnsHostnames=True)
        given = {"vpcs": list(vpcs) or [{"vpcId": self.home.id, "vpcRegion": EAST}], **inputs}
        self.zone = aws.zone(self.stack, "inside", "inside.acme-corp.net", **given)
        self.records = [
            self.record("PRIMARY", self.database("orders-primary", EAST)),
            self.record("SECONDARY", self.database("orders-copy", WEST)),
        ]

    def database(self, name: str, region: str) -> Made:
        kind, host = "aws:rds/instance:Instance", f"{name}.abcdefghijkl.{region}.rds.amazonaws.com"
        arn = f"arn:aws:rds:{region}:111122223333:db:{name}"
        computed = {"address": host, "arn": arn}
        return self.stack.add(kind, name, {"engine": "postgres"}, computed=computed, region=region)

    def record(self, role: str, database: Made) -> Made:
        return aws.record(
            self.stack,
            role.lower(),
            self.zone,
            "orders",
            role,
            type="CNAME",
            records=[database.output("address")],
            healthCheckId="0123abcd",
        )

    def add(self, kind: str, **inputs: Any) -> Made:
        return self.stack.add(f"aws:route53/{kind}", "it", inputs)


def test_a_zone_of_the_lost_region_alone_is_rejected() -> None:
    assert verdicts(Two().stack, POLICY) == {"rejects inside"}


def test_the_whole_message() -> None:
    [found] = [each for each in run(Two().stack) if each.policy == POLICY]
    assert found.level == "advisory"
    assert found.message.splitlines()[1:5] == [
        "Hosted zone inside is private, its failover records lead to us-west-2, and only VPCs in "
        "us-east-1 are associated with it:",
        "  record secondary -> SECONDARY -> DB instance orders-copy (us-west-2)",
        "AWS: answers a private zone's names in the VPCs that are associated with it; all of them "
        "are lost with us-east-1.",
        "Fix: Associate a VPC in us-west-2 with it (ZoneAssociation).",
    ]


def by_an_alias(two: Two) -> None:
    arn = f"arn:aws:elasticloadbalancing:{WEST}:111122223333:loadbalancer/net/web/1"
    computed = {"dnsName": f"web.elb.{WEST}.amazonaws.com", "zoneId": "Z1", "arn": arn}
    kind = "aws:lb/loadBalancer:LoadBalancer"
    web = two.stack.add(kind, "web", {"internal": True}, computed=computed, region=WEST)
    alias = {"name": web.output("dnsName"), "zoneId": web.output("zoneId")}
    secondary = two.records[1]
    given = {"type": "A", "aliases": [{**alias, "evaluateTargetHealth": True}]}
    kept = {key: said for key, said in secondary.inputs.items() if key not in ("records", "ttl")}
    secondary.inputs = {**kept, **given}


def by_a_literal(two: Two) -> None:
    host = two.records[1].inputs["records"][0].value
    two.records[1].inputs = {**two.records[1].inputs, "records": [host]}


def with_a_second_vpc_there(two: Two) -> None:
    two.add("zoneAssociation:ZoneAssociation", zoneId=two.zone.id, vpcId=aws.vpc(two.stack, "b").id)


def with_another_zone_of_the_other_region(two: Two) -> None:
    vpcs = [{"vpcId": two.other.id, "vpcRegion": WEST}]
    aws.zone(two.stack, "cache", "cache.acme-corp.net", vpcs=vpcs)


@pytest.mark.parametrize(
    "alter", [by_an_alias, with_a_second_vpc_there, with_another_zone_of_the_other_region]
)
def test_so_is_one(alter: Callable[[Two], None]) -> None:
    two = Two()
    alter(two)
    assert verdicts(two.stack, POLICY) == {"rejects inside"}


def test_a_host_that_was_copied_names_the_database_after_the_deployment() -> None:
    two = Two()
    by_a_literal(two)
    assert verdict(two.stack, POLICY) == "passes"
    assert verdict(two.stack, POLICY, deployed=True) == "rejects inside"


def joined(region: str | None) -> Callable[[Two], None]:
    def alter(two: Two) -> None:
        given = {"vpcRegion": region} if region else {}
        association = "zoneAssociation:ZoneAssociation"
        two.add(association, zoneId=two.zone.id, vpcId=two.other.id, **given)

    return alter


def its_own_zone_there(two: Two) -> None:
    vpcs = [{"vpcId": two.other.id, "vpcRegion": WEST}]
    aws.zone(two.stack, "inside-west", "inside.acme-corp.net.", vpcs=vpcs)


def a_profile(two: Two) -> None:
    arn = two.zone.output("arn")
    two.add("profilesResourceAssociation:ProfilesResourceAssociation", resourceArn=arn)


def some_profile(two: Two) -> None:
    two.add("profilesResourceAssociation:ProfilesResourceAssociation", resourceArn=UNKNOWN)


def another_account(two: Two) -> None:
    kind = "vpcAssociationAuthorization:VpcAssociationAuthorization"
    two.add(kind, zoneId=two.zone.id, vpcId="vpc-0123456789abcdef0")


def to_addresses(two: Two) -> None:
    given = {**two.records[1].inputs, "type": "A", "records": ["10.1.0.9"]}
    two.records[1].inputs = given


def to_two_regions(two: Two) -> None:
    databases = [two.database(f"both-{each}", each) for each in (EAST, WEST)]
    hosts = [each.output("address") for each in databases]
    two.records[1].inputs = {**two.records[1].inputs, "records": hosts}


def without_a_vpc_there(two: Two) -> None:
    two.stack.resources.remove(two.other)


def public(two: Two) -> None:
    two.zone.inputs = {"name": "inside.acme-corp.net"}


@pytest.mark.parametrize(
    "alter",
    [
        joined(WEST),
        joined(SOUTH),
        joined(None),
        its_own_zone_there,
        a_profile,
        another_account,
        to_addresses,
        to_two_regions,
        without_a_vpc_there,
        public,
    ],
)
def test_what_is_answered_or_needs_no_answer_passes(alter: Callable[[Two], None]) -> None:
    two = Two()
    alter(two)
    assert verdicts(two.stack, POLICY) == {"passes"}


def test_a_profile_of_what_is_not_known_may_hold_the_zone() -> None:
    two = Two()
    some_profile(two)
    assert first_verdicts(two.stack, POLICY) == {"passes"}


def test_a_vpc_in_a_third_region_in_the_zone_itself_is_enough() -> None:
    vpcs = [{"vpcId": "vpc-0a", "vpcRegion": region} for region in (EAST, SOUTH)]
    assert verdicts(Two(*vpcs).stack, POLICY) == {"passes"}


@pytest.mark.parametrize(
    "vpcs",
    [
        [{"vpcId": UNKNOWN, "vpcRegion": UNKNOWN}],
        [{"vpcId": "vpc-0a", "vpcRegion": EAST}, {"vpcId": "vpc-0b", "vpcRegion": UNKNOWN}],
        UNKNOWN,
    ],
)
def test_a_vpc_in_a_region_that_is_not_known_is_a_doubt(vpcs: Any) -> None:
    two = Two()
    two.zone.inputs = {**two.zone.inputs, "vpcs": vpcs}
    assert verdict(two.stack, POLICY) == "cannot tell inside"
    assert verdict(two.stack, POLICY, shows_inputs=False) == "cannot tell inside"


def test_an_association_of_some_zone_is_a_doubt() -> None:
    two = Two()
    given: dict[str, Output | str] = {"zoneId": UNKNOWN, "vpcId": two.other.id}
    two.add("zoneAssociation:ZoneAssociation", **given)
    assert verdict(two.stack, POLICY) == "cannot tell inside"


def test_a_loss_that_the_user_does_not_rehearse_is_not_told() -> None:
    for option in ({"primary": WEST}, {"regions": [EAST, SOUTH]}):
        assert verdict(Two().stack, POLICY, config={POLICY: option}) == "passes"


@pytest.mark.parametrize("value", [None, {}, [], "", 7, "x", True, [None], [{}], {"x": None}])
def test_malformed_properties_neither_raise_nor_reject(value: Any) -> None:
    two = Two()
    two.add("zoneAssociation:ZoneAssociation", zoneId=value, vpcId=value, vpcRegion=value)
    two.add("profilesResourceAssociation:ProfilesResourceAssociation", resourceArn=value)
    run(two.stack)
    for name in ("records", "failoverRoutingPolicies", "zoneId"):
        two = Two()
        two.records[1].inputs = {**two.records[1].inputs, name: value}
        assert verdict(two.stack, POLICY) == "passes"
    two = Two()
    two.zone.inputs = {**two.zone.inputs, "vpcs": value}
    run(two.stack)


@pytest.mark.parametrize("alter", [lambda _: None, joined(WEST), its_own_zone_there, a_profile])
def test_to_hide_a_value_never_adds_a_finding(alter: Callable[[Two], None]) -> None:
    two = Two()
    alter(two)
    assert invented(two.stack, POLICY) == []


# --- without failover records ---------------------------------------------------------------------

FUNCTION = "aws:lambda/function:Function"
TASK = "aws:ecs/taskDefinition:TaskDefinition"


class Simple(Two):
    """The private zone of the VPC in the east has a plain record, and a server runs in the west."""

    def __init__(self, domain: str = "inside.acme-corp.net", **inputs: Any) -> None:
        super().__init__(**inputs)
        self.zone.inputs = {**self.zone.inputs, "name": domain}
        for each in self.records:
            self.stack.resources.remove(each)
        orders = self.database("orders", EAST)
        said = {"zoneId": self.zone.id, "name": "orders", "type": "CNAME", "ttl": 60}
        full = f"orders.{domain}"
        self.plain = self.stack.add(
            "aws:route53/record:Record",
            "orders-name",
            {**said, "records": [orders.output("address")]},
            computed={"fqdn": full},
        )

    def function(self, value: Any, region: str = WEST, **said: Any) -> Made:
        given = {"environment": {"variables": {"DB_HOST": value}}, **said}
        return self.stack.add(FUNCTION, "app", given, region=region)

    def server(self, kind: str = "aws:ec2/instance:Instance", **said: Any) -> Made:
        """Its own `region` counts before that of its provider."""
        return self.stack.add(kind, "app", said, region=WEST)


NAME = "orders.inside.acme-corp.net"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (NAME, "rejects inside"),
        (f"postgres://app@{NAME.upper()}:5432/orders", "rejects inside"),
        (f"{NAME}.", "rejects inside"),
        ("orders.acme-corp.net", "passes"),
        (f"more.{NAME}", "passes"),
        ("orders", "passes"),
        (UNKNOWN, "passes"),
    ],
)
def test_a_name_that_is_used_where_nothing_answers_is_told(value: Any, expected: str) -> None:
    simple = Simple()
    simple.function(value)
    assert verdict(simple.stack, POLICY) == expected


def from_a_function(simple: Simple) -> None:
    simple.function(simple.plain.output("fqdn"))


def from_a_task(simple: Simple) -> None:
    given = {"containerDefinitions": simple.plain.output("fqdn")}
    simple.stack.add(TASK, "task", given, region=WEST)


@pytest.mark.parametrize("used", [from_a_function, from_a_task])
def test_so_is_one_that_is_taken_from_its_record(used: Callable[[Simple], None]) -> None:
    simple = Simple()
    used(simple)
    assert verdicts(simple.stack, POLICY) == {"rejects inside"}


def test_the_message_says_what_uses_the_name() -> None:
    simple = Simple()
    simple.function(NAME)
    [found] = [each for each in run(simple.stack) if each.policy == POLICY]
    assert found.message.splitlines()[1:3] == [
        "Hosted zone inside is private, its names are used in us-west-2, and only VPCs in "
        "us-east-1 are associated with it:",
        "  function app -> environment -> record orders-name",
    ]


@pytest.mark.parametrize("alter", [joined(WEST), its_own_zone_there, a_profile])
def test_a_name_that_is_answered_where_it_is_used_passes(alter: Callable[[Two], None]) -> None:
    simple = Simple()
    simple.function(NAME)
    alter(simple)
    assert verdicts(simple.stack, POLICY) == {"passes"}


def test_a_name_that_is_used_beside_its_zone_passes() -> None:
    simple = Simple()
    simple.function(NAME, EAST)
    assert verdicts(simple.stack, POLICY) == {"passes"}


def test_a_name_that_is_used_while_the_vpcs_are_not_known_is_a_doubt() -> None:
    simple = Simple()
    simple.zone.inputs = {**simple.zone.inputs, "vpcs": UNKNOWN}
    simple.function(NAME)
    assert verdict(simple.stack, POLICY) == "cannot tell inside"


IN_A_VPC = {"subnetIds": ["subnet-1"], "securityGroupIds": ["sg-1"]}


@pytest.mark.parametrize(
    ("kind", "said", "expected"),
    [
        ("aws:ec2/instance:Instance", {}, "rejects inside"),
        ("aws:autoscaling/group:Group", {}, "rejects inside"),
        ("aws:ecs/service:Service", {}, "rejects inside"),
        ("aws:eks/cluster:Cluster", {}, "rejects inside"),
        (FUNCTION, {"vpcConfig": IN_A_VPC}, "rejects inside"),
        (FUNCTION, {}, "passes"),
        ("aws:sqs/queue:Queue", {}, "passes"),
        ("aws:ec2/instance:Instance", {"region": EAST}, "passes"),
        ("aws:ec2/instance:Instance", {"region": UNKNOWN}, "passes"),
        ("aws:ec2/instance:Instance", {"region": SOUTH}, "passes"),
    ],
)
def test_servers_without_any_private_zone_are_told(
    kind: str, said: dict[str, Any], expected: str
) -> None:
    simple = Simple()
    simple.server(kind, **said)
    assert verdict(simple.stack, POLICY) == expected


def test_the_message_says_who_has_no_private_zone() -> None:
    simple = Simple()
    simple.server()
    [found] = [each for each in run(simple.stack) if each.policy == POLICY]
    assert found.message.splitlines()[1:3] == [
        "Hosted zone inside is private, no private zone answers what runs in us-west-2, and only "
        "VPCs in us-east-1 are associated with it:",
        "  instance app -> us-west-2 -> no private zone",
    ]


def without_records(simple: Two) -> None:
    simple.stack.resources = [each for each in simple.stack.resources if each.name != "orders-name"]


def with_another_zone_of_some_region(simple: Two) -> None:
    aws.zone(simple.stack, "cache", "cache.acme-corp.net", vpcs=UNKNOWN)


def with_a_namespace_there(simple: Two) -> None:
    kind = "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace"
    simple.stack.add(kind, "mesh", {"name": "mesh.local", "vpc": simple.other.id}, region=WEST)


def with_addresses_alone(simple: Two) -> None:
    plain = next(each for each in simple.stack.resources if each.name == "orders-name")
    plain.inputs = {**plain.inputs, "type": "A", "records": ["10.0.1.9"]}


def taken_by_a_command(simple: Two) -> None:
    simple.stack.add("command:local:Command", "associate", {"create": simple.zone.id})


@pytest.mark.parametrize(
    "alter",
    [
        joined(WEST),
        its_own_zone_there,
        with_another_zone_of_the_other_region,
        with_another_zone_of_some_region,
        a_profile,
        with_a_namespace_there,
        with_addresses_alone,
        without_records,
        without_a_vpc_there,
        taken_by_a_command,
    ],
)
def test_servers_that_have_one_or_may_need_none_pass(alter: Callable[[Two], None]) -> None:
    simple = Simple()
    simple.server()
    alter(simple)
    assert verdicts(simple.stack, POLICY) == {"passes"}


@pytest.mark.parametrize(
    "domain", ["us-east-1.acme.internal", "use1.acme.internal", "primary.acme.internal", UNKNOWN]
)
def test_a_zone_that_is_called_for_one_region_passes(domain: Any) -> None:
    simple = Simple()
    simple.zone.inputs = {**simple.zone.inputs, "name": domain}
    simple.server()
    assert verdict(simple.stack, POLICY) == "passes"


def test_servers_beside_a_zone_whose_vpcs_are_not_known_are_no_doubt() -> None:
    simple = Simple()
    simple.zone.inputs = {**simple.zone.inputs, "vpcs": UNKNOWN}
    simple.server()
    assert verdict(simple.stack, POLICY) == "passes"


def test_to_hide_a_value_adds_nothing_where_there_are_no_failover_records() -> None:
    for told in (True, False):
        simple = Simple()
        simple.function(NAME) if told else simple.server()
        assert invented(simple.stack, POLICY) == []


@pytest.mark.parametrize("value", [None, {}, [], "", 7, "x", True, [None], [{}], {"x": None}])
def test_malformed_settings_do_not_raise(value: Any) -> None:
    simple = Simple()
    simple.function(value, vpcConfig=value)
    simple.plain.inputs = {**simple.plain.inputs, "name": value}
    run(simple.stack)
