"""hosted-zone-parts and hosted-zone-answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Stack
from tests import aws
from tests.support import first_verdicts, run, verdict

PARTS = "hosted-zone-parts"
ANSWERS = "hosted-zone-answers"
ASSOCIATION = "aws:route53/zoneAssociation:ZoneAssociation"
DOMAIN = "db.acme-corp.net"
NAMED: dict[str, Any] = {"enableDnsHostnames": True}
Build = Callable[[Stack], None]


def private(stack: Stack, name: str, vpc: Any, domain: Any = DOMAIN) -> Made:
    given = vpc.id if isinstance(vpc, Made) else vpc
    return aws.zone(stack, name, domain, vpcs=[{"vpcId": given}])


def associated(stack: Stack, name: str, zone: Made, vpc: Made) -> Made:
    return stack.add(ASSOCIATION, name, {"zoneId": zone.output("zoneId"), "vpcId": vpc.id})


def two_of_one_vpc(second: Any = "DB.acme-corp.net.", first: Any = DOMAIN) -> Build:
    def build(stack: Stack) -> None:
        home = aws.vpc(stack, **NAMED)
        private(stack, "one", home, first)
        private(stack, "two", home, second)

    return build


def two_of_one_literal(stack: Stack) -> None:
    private(stack, "one", "vpc-0a")
    private(stack, "two", "vpc-0a")


def two_of_two_vpcs(stack: Stack) -> None:
    for name in ("one", "two"):
        private(stack, name, aws.vpc(stack, f"vpc-{name}", **NAMED))


def two_that_meet_in_a_third(stack: Stack) -> None:
    third = aws.vpc(stack, "third", **NAMED)
    for name in ("one", "two"):
        zone = private(stack, name, aws.vpc(stack, f"vpc-{name}", **NAMED))
        associated(stack, f"third-{name}", zone, third)


def private_and_public(stack: Stack) -> None:
    private(stack, "one", aws.vpc(stack, **NAMED))
    aws.zone(stack, "two", DOMAIN)


def logged(vpcs: Any) -> Build:
    def build(stack: Stack) -> None:
        zone = aws.zone(stack, "zone", DOMAIN, **({"vpcs": vpcs} if vpcs else {}))
        kind = "aws:route53/queryLog:QueryLog"
        stack.add(kind, "log", {"zoneId": zone.output("zoneId"), "cloudwatchLogGroupArn": "x"})

    return build


def joined(is_private: bool) -> Build:
    def build(stack: Stack) -> None:
        home, other = (aws.vpc(stack, name, **NAMED) for name in ("home", "other"))
        zone = private(stack, "zone", home) if is_private else aws.zone(stack, "zone", DOMAIN)
        associated(stack, "also", zone, other)

    return build


NAMESPACE = "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace"


def joined_again(by: str = "list", ignored: bool = False) -> Stack:
    """A zone and an association of a VPC that it has by its list, or by another association."""
    stack = Stack()
    home, other = (aws.vpc(stack, name, **NAMED) for name in ("home", "other"))
    zone = private(stack, "zone", home)
    zone.ignore_changes = ("vpcs",) if ignored else ()
    if by == "association":
        associated(stack, "also", zone, other)
    associated(stack, "it", zone, home if by == "list" else other)
    return stack


def test_a_vpc_is_associated_once() -> None:
    policy = "documented-parts"
    assert first_verdicts(joined_again(), policy) == {"rejects it"}
    assert first_verdicts(joined_again("association"), policy) == {"rejects it"}
    assert first_verdicts(joined_again("other"), policy) == {"passes"}
    stack = joined_again(ignored=True)
    assert verdict(stack, policy) == "rejects it"
    assert verdict(stack, policy, existing=stack.resources[:3]) == "passes"


def named_twice(kind: str = "zone", name: Any = DOMAIN, of_another: bool = False) -> Stack:
    """A namespace in a VPC that has a zone or a namespace of a name."""
    stack = Stack()
    home, other = (aws.vpc(stack, each, **NAMED) for each in ("home", "other"))
    if kind == "zone":
        private(stack, "a", home)
    else:
        stack.add(NAMESPACE, "a", {"name": DOMAIN, "vpc": home.id})
    stack.add(NAMESPACE, "it", {"name": name, "vpc": (other if of_another else home).id})
    return stack


@pytest.mark.parametrize("kind", ["zone", "namespace"])
def test_a_namespace_makes_a_zone_of_its_name(kind: str) -> None:
    policy = "documented-parts"
    assert first_verdicts(named_twice(kind), policy) == {"rejects it"}
    assert first_verdicts(named_twice(kind, "DB.acme-corp.net."), policy) == {"rejects it"}
    assert first_verdicts(named_twice(kind, f"eu.{DOMAIN}"), policy) == {"passes"}
    assert first_verdicts(named_twice(kind, UNKNOWN), policy) == {"passes"}
    assert first_verdicts(named_twice(kind, of_another=True), policy) == {"passes"}


def signed(**said: Any) -> Build:
    def build(stack: Stack) -> None:
        zone = aws.zone(stack, "zone", DOMAIN)
        arn = {"arn": "arn:aws:kms:us-east-1:111122223333:key/1"}
        key = stack.add("aws:kms/key:Key", "key", said, computed=arn)
        given = {
            "hostedZoneId": zone.output("zoneId"),
            "keyManagementServiceArn": key.output("arn"),
        }
        stack.add("aws:route53/keySigningKey:KeySigningKey", "ksk", given)

    return build


SIGNS = {"customerMasterKeySpec": "ECC_NIST_P256", "keyUsage": "SIGN_VERIFY"}


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(two_of_one_vpc(), "rejects two", id="one name in one VPC"),
        pytest.param(two_of_one_literal, "rejects two", id="one literal VPC"),
        pytest.param(two_that_meet_in_a_third, "rejects two", id="associated with one VPC"),
        pytest.param(two_of_one_vpc(f"eu.{DOMAIN}"), "passes", id="a name below the other"),
        pytest.param(two_of_one_vpc(UNKNOWN), "passes", id="an unknown name"),
        pytest.param(two_of_two_vpcs, "passes", id="one name in two VPCs"),
        pytest.param(private_and_public, "passes", id="a public zone of the name"),
        pytest.param(logged([{"vpcId": "vpc-0a"}]), "rejects log", id="logs of a private zone"),
        pytest.param(logged(None), "passes", id="logs of a public zone"),
        pytest.param(joined(is_private=False), "rejects also", id="a VPC for a public zone"),
        pytest.param(joined(is_private=True), "passes", id="a VPC for a private zone"),
        pytest.param(signed(), "rejects ksk", id="a symmetric key"),
        pytest.param(signed(keyUsage="SIGN_VERIFY"), "rejects ksk", id="of no kind"),
        pytest.param(
            signed(**{**SIGNS, "customerMasterKeySpec": "ECC_NIST_P384"}), "rejects ksk", id="P384"
        ),
        pytest.param(signed(**SIGNS), "passes", id="a key for signatures"),
        pytest.param(signed(**{**SIGNS, "keyUsage": UNKNOWN}), "passes", id="an unknown use"),
    ],
)
def test_what_is_joined_to_a_zone(build: Build, expected: str) -> None:
    stack = Stack()
    build(stack)
    assert verdict(stack, PARTS) == expected
    assert verdict(stack, PARTS, deployed=True) == "passes"


def of_a_vpc(**said: Any) -> Build:
    def build(stack: Stack) -> None:
        private(stack, "zone", aws.vpc(stack, **said))

    return build


def below(
    *records: dict[str, Any], parent: str = "acme-corp.net", name: str = "dr", **said: Any
) -> Build:
    """A public zone, and a zone that its name is below, with these records."""

    def build(stack: Stack) -> None:
        home = aws.zone(stack, "parent", parent, **said)
        aws.zone(stack, "zone", f"{name}.{parent}")
        for number, each in enumerate(records):
            given = {"failoverRoutingPolicies": None, "setIdentifier": None, **each}
            aws.record(stack, f"r{number}", home, given.pop("name"), None, **given)

    return build


def all_records_at_once(stack: Stack) -> None:
    home = aws.zone(stack, "parent", "acme-corp.net")
    aws.zone(stack, "zone", "dr.acme-corp.net")
    kind = "aws:route53/recordsExclusive:RecordsExclusive"
    stack.add(kind, "all", {"zoneId": home.output("zoneId"), "resourceRecordSets": UNKNOWN})


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(of_a_vpc(), "rejects zone", id="no host names"),
        pytest.param(
            of_a_vpc(enableDnsHostnames=True, enableDnsSupport=False), "rejects zone", id="no DNS"
        ),
        pytest.param(of_a_vpc(enableDnsHostnames=True), "passes", id="host names"),
        pytest.param(of_a_vpc(enableDnsHostnames=UNKNOWN), "passes", id="perhaps host names"),
        pytest.param(below(), "rejects zone", id="no delegation"),
        pytest.param(below({"name": "dr", "type": "A"}), "rejects zone", id="an A record"),
        pytest.param(below({"name": "eu", "type": "NS"}), "rejects zone", id="another's NS"),
        pytest.param(below({"name": "", "type": "NS"}), "rejects zone", id="the parent's own NS"),
        pytest.param(below({"name": "dr", "type": "NS"}), "passes", id="an NS record"),
        pytest.param(
            below({"name": "dr", "type": "NS"}, name="eu.dr"), "passes", id="of a zone between"
        ),
        pytest.param(
            below({"name": "dr", "type": "NS"}, name="eudr"), "rejects zone", id="of a like name"
        ),
        pytest.param(all_records_at_once, "passes", id="in a RecordsExclusive"),
        pytest.param(below({"name": UNKNOWN, "type": "NS"}), "passes", id="an NS record of a name"),
        pytest.param(below({"name": "dr", "type": UNKNOWN}), "passes", id="a record of a type"),
        pytest.param(below(vpcs=[{"vpcId": "vpc-0a"}]), "passes", id="below a private zone"),
    ],
)
def test_who_asks_a_zone(build: Build, expected: str) -> None:
    stack = Stack()
    build(stack)
    assert first_verdicts(stack, ANSWERS) == {expected}


@pytest.mark.parametrize("policy", [PARTS, ANSWERS])
@pytest.mark.parametrize("value", [None, {}, [], "", 7, "x", True, [None], {"x": None}])
def test_malformed_properties_reject_nothing(policy: str, value: Any) -> None:
    stack = Stack()
    aws.zone(stack, "one", value, vpcs=value)
    zone = aws.zone(stack, "two", value, vpcs=[{"vpcId": value}])
    key = stack.add("aws:kms/key:Key", "key", SIGNS)
    for name in ("zoneId", "hostedZoneId", "vpcId", "keyManagementServiceArn"):
        stack.add(ASSOCIATION, f"association-{name}", {"zoneId": zone.id, name: value})
        kind = "aws:route53/keySigningKey:KeySigningKey"
        stack.add(kind, f"key-{name}", {"keyManagementServiceArn": key.id, name: value})
    assert not {each.resource for each in run(stack) if each.policy == policy} & {"one", "two"}


def test_the_message_names_both_zones() -> None:
    stack = Stack()
    two_of_one_vpc()(stack)
    (found,) = [each.message for each in run(stack) if each.policy == PARTS]
    assert (
        "Hosted zone two and hosted zone one are private zones with the same name and the same VPC."
    ) in found


def test_of_a_zone_that_exists_and_a_new_one_the_new_one_is_told_whatever_its_name() -> None:
    for last, expected in (("a", "rejects a"), ("z", "rejects z")):
        stack = Stack()
        private(stack, "m", "vpc-0a")
        private(stack, last, "vpc-0a")
        assert verdict(stack, PARTS, existing=stack.resources[:-1]) == expected
