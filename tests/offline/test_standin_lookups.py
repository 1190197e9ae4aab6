"""What the stand-in's functions find by filters."""

from __future__ import annotations

import re
from typing import Any

import pytest

from offline.standin.identity import default_subnet, default_vpc
from offline.standin.model import Configuration
from offline.standin.provider import StandIn
from offline.standin.schema import Sdk
from offline.standin.world import Described, World
from policies.model.databases.passwords import OF_CACHES
from policies.model.dns.certificates import is_of_a_certificate, is_of_an_example
from tests.offline.test_standin_provider import SUBNET, TABLE, VPC, Provider
from tests.offline.test_standin_schema import package

SUBNETS = "aws:ec2/getSubnets:getSubnets"
ZONES = "aws:index/getAvailabilityZones:getAvailabilityZones"


def subnet(vpc: str, zone: str, **more: Any) -> dict[str, Any]:
    return {"__type": SUBNET, "vpcId": vpc, "availabilityZone": zone, **more}


EXISTING: Described = {
    "vpc-1": {"__type": VPC, "cidrBlock": "10.1.0.0/16", "tags": {"Name": "main"}},
    "vpc-2": {"__type": VPC, "cidrBlock": "10.2.0.0/16", "tags": {"Name": "other"}},
    "rtb-1": {"__type": TABLE, "vpcId": "vpc-1", "tags": {"Tier": "public"}},
    "rtb-2": {"__type": TABLE, "vpcId": "vpc-1"},
    "subnet-a": subnet("vpc-1", "us-west-2a", mapPublicIpOnLaunch=True, tags={"Tier": "public"}),
    "subnet-b": subnet("vpc-1", "us-west-2b", tags={"Tier": "public"}),
    "subnet-c": subnet("vpc-1", "us-west-2c", tags={"Tier": "private", "Name": "c"}),
    "subnet-d": subnet("vpc-2", "us-west-2a", tags={"Tier": "private", "Name": "d"}),
    "subnet-e": subnet("vpc-1", "us-east-1a", region="us-east-1"),
}


@pytest.fixture(scope="module")
def sdk() -> Sdk:
    return Sdk(package("pulumi_aws"))


@pytest.fixture
def aws(sdk: Sdk) -> Provider:
    servicer = StandIn(sdk, World(None, EXISTING), Configuration())
    return Provider(servicer).configure(region="us-west-2")


def filters(**values: Any) -> list[dict[str, Any]]:
    """Filters with `_` for `-` and `__` for `:`."""
    return [
        {"name": name.replace("__", ":").replace("_", "-"), "values": value}
        for name, value in values.items()
    ]


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        ({"vpc_id": ["vpc-1"]}, ["subnet-a", "subnet-b", "subnet-c"]),
        ({"vpc_id": ["vpc-1"], "availability_zone": ["us-west-2b"]}, ["subnet-b"]),
        (
            {"vpc_id": ["vpc-1"], "availability_zone": ["us-west-2a", "us-west-2c"]},
            ["subnet-a", "subnet-c"],
        ),
        ({"vpc_id": ["vpc-1"], "map_public_ip_on_launch": ["true"]}, ["subnet-a"]),
        ({"vpc_id": ["vpc-1"], "map_public_ip_on_launch": [False]}, ["subnet-b", "subnet-c"]),
        ({"vpc_id": ["vpc-1"], "tag__Tier": ["pub*"]}, ["subnet-a", "subnet-b"]),
        ({"vpc_id": ["vpc-1"], "tag_key": ["Name"]}, ["subnet-c"]),
        ({"vpc_id": ["vpc-1"], "state": ["available"]}, ["subnet-a", "subnet-b", "subnet-c"]),
        ({"tag__Name": ["d"]}, ["subnet-d"]),
        # AWS answers with nothing, and the program sees it.
        ({"vpc_id": ["vpc-1"], "tag__Tier": ["database"]}, []),
    ],
)
def test_subnets_by_filter(aws: Provider, arguments: dict[str, Any], ids: list[str]) -> None:
    assert aws.invoke(SUBNETS, filters=filters(**arguments))["ids"] == ids


def test_subnets_by_tag(aws: Provider) -> None:
    found = aws.invoke(SUBNETS, filters=filters(vpc_id=["vpc-1"]), tags={"Tier": "private"})
    assert found["ids"] == ["subnet-c"]


def test_subnets_of_a_vpc_that_nobody_described_are_made_up(aws: Provider) -> None:
    assert len(aws.invoke(SUBNETS, filters=filters(vpc_id=["vpc-3"]))["ids"]) == 3


def test_subnets_that_a_stack_made_are_found_by_zone(aws: Provider) -> None:
    made = [
        aws.up(SUBNET, zone, vpcId="vpc-4", cidrBlock=f"10.4.{i}.0/24", availabilityZone=zone)["id"]
        for i, zone in enumerate(("us-west-2a", "us-west-2b"))
    ]
    asked = filters(vpc_id=["vpc-4"], availability_zone=["us-west-2b"])
    assert aws.invoke(SUBNETS, filters=asked)["ids"] == made[1:]


def test_default_subnets_by_zone(aws: Provider) -> None:
    asked = filters(vpc_id=[default_vpc("us-west-2")], availability_zone=["us-west-2c"])
    assert aws.invoke(SUBNETS, filters=asked)["ids"] == [default_subnet("us-west-2c")]


def test_vpcs_and_one_vpc_by_tag(aws: Provider) -> None:
    assert aws.invoke("aws:ec2/getVpcs:getVpcs", tags={"Name": "main"})["ids"] == ["vpc-1"]
    assert aws.invoke("aws:ec2/getVpcs:getVpcs")["ids"] == ["vpc-1", "vpc-2"]
    found = aws.invoke("aws:ec2/getVpc:getVpc", filters=filters(tag__Name=["other"]))
    assert (found["id"], found["cidrBlock"]) == ("vpc-2", "10.2.0.0/16")


def test_one_subnet_by_zone_and_vpc(aws: Provider) -> None:
    found = aws.invoke("aws:ec2/getSubnet:getSubnet", vpcId="vpc-1", availabilityZone="us-west-2b")
    assert found["id"] == "subnet-b"


def test_route_tables_of_a_vpc(aws: Provider) -> None:
    token = "aws:ec2/getRouteTables:getRouteTables"
    assert aws.invoke(token, vpcId="vpc-1")["ids"] == ["rtb-1", "rtb-2"]
    assert aws.invoke(token, vpcId="vpc-1", tags={"Tier": "public"})["ids"] == ["rtb-1"]


def test_zones_by_name(aws: Provider) -> None:
    asked = filters(zone_name=["us-west-2a", "us-west-2c"])
    assert aws.invoke(ZONES, filters=asked)["zoneIds"] == ["usw2-az1", "usw2-az3"]
    # Local zones are left out of the stand-in's regions anyway.
    asked = filters(opt_in_status=["opt-in-not-required"])
    assert len(aws.invoke(ZONES, filters=asked)["names"]) == 3


@pytest.mark.parametrize(
    ("token", "arguments", "name"),
    [
        ("aws:ssm/getParameter:getParameter", {"name": "/orders", "withDecryption": True}, "value"),
        (
            "aws:secretsmanager/getRandomPassword:getRandomPassword",
            {"passwordLength": 32},
            "randomPassword",
        ),
    ],
)
def test_what_programs_use_as_passwords_could_be_some(
    aws: Provider, token: str, arguments: dict[str, Any], name: str
) -> None:
    """A policy judges them, as it does those that AWS gives out."""
    assert OF_CACHES.accepts(aws.invoke(token, **arguments)[name])


def test_a_certificate_that_is_looked_up_could_be_one(aws: Provider) -> None:
    """A program that looks up without an Output leaves no trace of where the ARN comes from."""
    arn = aws.invoke("aws:acm/getCertificate:getCertificate", domain="orders.acme-corp.net")["arn"]
    assert is_of_a_certificate(arn)
    assert not is_of_an_example(arn)


@pytest.mark.parametrize(
    ("token", "arguments", "path", "form"),
    [
        ("ssoadmin/getInstances", {}, ("arns",), "arn:.+"),
        ("organizations/getOrganizationalUnits", {"parentId": "r-1"}, ("children", "id"), ".+"),
        ("eks/getCluster", {"name": "shop"}, ("certificateAuthorities", "data"), ".+"),
        ("ec2/getPrefixList", {"name": "s3"}, ("cidrBlocks",), r"198\.18\.\d+\.0/24"),
    ],
)
def test_a_list_that_is_looked_up_has_what_programs_take_from_it(
    aws: Provider, token: str, arguments: dict[str, Any], path: tuple[str, ...], form: str
) -> None:
    name, *parts = path
    (found,) = aws.invoke(f"aws:{token}:{token.split('/')[1]}", **arguments)[name]
    for part in parts:
        found = found[part]
    assert re.fullmatch(form, found)


def test_subnets_that_are_looked_up_by_what_is_in_them_cover_the_zones(aws: Provider) -> None:
    """A load balancer or a database needs two."""
    group = aws.invoke("aws:rds/getSubnetGroup:getSubnetGroup", name="shop")
    assert len(set(group["subnetIds"])) == 3
    cluster = aws.invoke("aws:rds/getCluster:getCluster", clusterIdentifier="shop")
    assert cluster["availabilityZones"] == ["us-west-2a", "us-west-2b", "us-west-2c"]


def test_regions_are_those_of_an_account_that_chose_none(aws: Provider) -> None:
    token = "aws:index/getRegions:getRegions"
    names = aws.invoke(token)["names"]
    assert {"us-east-1", "us-west-2", "eu-central-1"} < set(names)
    assert "ap-east-1" not in names
    asked = filters(region_name=["us-*"])
    assert aws.invoke(token, filters=asked)["names"] == [each for each in names if each[:2] == "us"]
    assert aws.invoke(token, filters=filters(opt_in_status=["opted-in"]))["names"] == []
