"""What the stand-in's Read copies from other resources, and what exists outside the stack."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from offline.standin.model import Configuration
from offline.standin.provider import StandIn
from offline.standin.schema import Sdk
from offline.standin.values import Secret, read_struct, without_secrets, write_struct
from offline.standin.world import Described, World, load_description
from tests.offline.test_standin_provider import (
    ACCEPTER,
    CLUSTER,
    GATEWAY,
    GLOBAL,
    INSTANCE,
    PEERING,
    TABLE,
    VPC,
    ZONE,
    Provider,
    urn,
)
from tests.offline.test_standin_schema import package

ROUTE = "aws:ec2/route:Route"
ATTACHMENT = "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment"
MAIN = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation"
OPTIONS = "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
ACL = "aws:ec2/networkAcl:NetworkAcl"
ACL_RULE = "aws:ec2/networkAclRule:NetworkAclRule"
ASSOCIATED = "aws:route53/zoneAssociation:ZoneAssociation"
ANYWHERE = "0.0.0.0/0"


@dataclass
class Cloud:
    """A provider with the calls of a refresh."""

    provider: Provider

    def up(self, token: str, called: str = "name", **inputs: Any) -> dict[str, Any]:
        return self.provider.up(token, called, **inputs)

    def delete(self, token: str, outputs: dict[str, Any]) -> None:
        request = provider_pb2.DeleteRequest(id=outputs["id"], urn=urn(token))
        self.provider.servicer.Delete(request, self.provider.context)

    def refreshed(
        self, token: str, outputs: dict[str, Any], **inputs: Any
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return outputs and inputs after a refresh of a resource with those in its state."""
        response = self._read(token, outputs, inputs or {"__defaults": []})
        assert response.id == outputs["id"]
        return read_struct(response.properties), read_struct(response.inputs)

    def is_gone(self, token: str, outputs: dict[str, Any]) -> bool:
        return self._read(token, outputs, {}).id == ""

    def _read(
        self, token: str, outputs: dict[str, Any], inputs: dict[str, Any]
    ) -> provider_pb2.ReadResponse:
        request = provider_pb2.ReadRequest(
            id=outputs["id"],
            urn=urn(token),
            properties=write_struct(outputs),
            inputs=write_struct(inputs),
        )
        return self.provider.servicer.Read(request, self.provider.context)


@pytest.fixture(scope="module")
def sdk() -> Sdk:
    return Sdk(package("pulumi_aws"))


@pytest.fixture
def cloud_with(sdk: Sdk) -> Callable[[Described], Cloud]:
    """Return a cloud in which something exists already."""

    def make(described: Described) -> Cloud:
        servicer = StandIn(sdk, World(None, described), Configuration())
        return Cloud(Provider(servicer).configure(region="us-west-2"))

    return make


@pytest.fixture
def cloud(cloud_with: Callable[[Described], Cloud]) -> Cloud:
    return cloud_with({})


class TestCopies:
    def test_a_table_shows_the_routes_of_route_resources(self, cloud: Cloud) -> None:
        table = cloud.up(TABLE, vpcId="vpc-1")
        route = {
            "routeTableId": table["id"],
            "destinationCidrBlock": ANYWHERE,
            "gatewayId": "igw-1",
        }
        made = cloud.up(ROUTE, **route)
        assert table["routes"] == []
        outputs, inputs = cloud.refreshed(TABLE, table, vpcId="vpc-1")
        assert [(row["cidrBlock"], row["gatewayId"]) for row in outputs["routes"]] == [
            (ANYWHERE, "igw-1")
        ]
        # Blank fields are empty, as the provider writes them.
        assert outputs["routes"][0]["natGatewayId"] == ""
        assert inputs == {"vpcId": "vpc-1"}

        # The copy goes with the route, though the state still has it.
        cloud.delete(ROUTE, made)
        assert cloud.refreshed(TABLE, outputs)[0]["routes"] == []

    def test_routes_of_another_table_are_not_shown(self, cloud: Cloud) -> None:
        table = cloud.up(TABLE, vpcId="vpc-1")
        cloud.up(ROUTE, routeTableId="rtb-other", destinationCidrBlock=ANYWHERE, gatewayId="igw-1")
        assert cloud.refreshed(TABLE, table)[0]["routes"] == []

    def test_inline_routes_stay_and_drift_reaches_the_inputs(self, cloud: Cloud) -> None:
        inline = [{"cidrBlock": ANYWHERE, "gatewayId": "igw-1"}]
        table = cloud.up(TABLE, vpcId="vpc-1", routes=inline)
        assert cloud.refreshed(TABLE, table)[0]["routes"] == table["routes"]
        cloud.up(
            ROUTE,
            routeTableId=table["id"],
            destinationIpv6CidrBlock="::/0",
            egressOnlyGatewayId="eigw-1",
        )
        outputs, inputs = cloud.refreshed(TABLE, table, vpcId="vpc-1", routes=inline)
        assert [row["ipv6CidrBlock"] for row in outputs["routes"]] == ["", "::/0"]
        assert inputs["routes"] == outputs["routes"]

    def test_an_update_ends_with_a_read(self, cloud: Cloud) -> None:
        table = cloud.up(TABLE, vpcId="vpc-1")
        cloud.up(ROUTE, routeTableId=table["id"], destinationCidrBlock=ANYWHERE, gatewayId="igw-1")
        updated = cloud.provider.update(TABLE, table, vpcId="vpc-1", tags={"a": "b"})
        assert [row["gatewayId"] for row in updated["routes"]] == ["igw-1"]

    def test_a_gateway_shows_the_vpc_that_it_is_attached_to(self, cloud: Cloud) -> None:
        gateway = cloud.up(GATEWAY)
        assert cloud.refreshed(GATEWAY, gateway)[0]["vpcId"] == ""
        made = cloud.up(ATTACHMENT, internetGatewayId=gateway["id"], vpcId="vpc-1")
        outputs, _ = cloud.refreshed(GATEWAY, gateway)
        assert outputs["vpcId"] == "vpc-1"
        cloud.delete(ATTACHMENT, made)
        assert cloud.refreshed(GATEWAY, outputs)[0]["vpcId"] == ""

    def test_a_vpc_shows_the_main_table_that_was_chosen(self, cloud: Cloud) -> None:
        vpc = cloud.up(VPC, cidrBlock="10.0.0.0/16")
        cloud.up(MAIN, vpcId=vpc["id"], routeTableId="rtb-1")
        outputs, _ = cloud.refreshed(VPC, vpc)
        assert outputs["mainRouteTableId"] == "rtb-1"
        assert outputs["defaultRouteTableId"] == vpc["defaultRouteTableId"] != "rtb-1"

    def test_both_sides_of_a_peering_show_that_it_was_accepted(self, cloud: Cloud) -> None:
        peering = cloud.up(
            PEERING, "peering", vpcId="vpc-west", peerVpcId="vpc-east", peerRegion="us-east-1"
        )
        assert cloud.refreshed(PEERING, peering)[0]["acceptStatus"] == "pending-acceptance"
        accepter = cloud.up(
            ACCEPTER, "accepter", vpcPeeringConnectionId=peering["id"], autoAccept=True
        )
        cloud.up(
            OPTIONS,
            vpcPeeringConnectionId=peering["id"],
            requester={"allowRemoteVpcDnsResolution": True},
        )
        outputs, _ = cloud.refreshed(PEERING, peering)
        assert outputs["acceptStatus"] == "active"
        assert outputs["requester"]["allowRemoteVpcDnsResolution"] is True
        assert (outputs["vpcId"], outputs["peerVpcId"]) == ("vpc-west", "vpc-east")
        # Both have one id, and are still two resources, each with its own view.
        updated = cloud.provider.update(
            ACCEPTER, accepter, vpcPeeringConnectionId=peering["id"], autoAccept=True
        )
        assert (updated["vpcId"], updated["peerVpcId"]) == ("vpc-east", "vpc-west")

    def test_a_group_shows_its_rules_put_together(self, cloud: Cloud) -> None:
        group = cloud.up(GROUP, vpcId="vpc-1")
        ports = {"securityGroupId": group["id"], "fromPort": 443, "toPort": 443}
        cloud.up(RULE, "a", **ports, type="ingress", protocol="tcp", cidrBlocks=["10.0.0.0/8"])
        cloud.up(INGRESS, "b", **ports, ipProtocol="tcp", cidrIpv4="192.168.0.0/16")
        cloud.up(INGRESS, "c", **ports, ipProtocol="udp", referencedSecurityGroupId=group["id"])
        cloud.up(RULE, "d", **ports, type="egress", protocol="tcp", sourceSecurityGroupId="sg-2")
        outputs, _ = cloud.refreshed(GROUP, group)
        assert [(r["protocol"], r["cidrBlocks"], r["self"]) for r in outputs["ingress"]] == [
            ("tcp", ["10.0.0.0/8", "192.168.0.0/16"], False),
            ("udp", [], True),
        ]
        assert [r["securityGroups"] for r in outputs["egress"]] == [["sg-2"]]

    def test_a_network_acl_shows_its_entries(self, cloud: Cloud) -> None:
        acl = cloud.up(ACL, vpcId="vpc-1")
        entry = {"networkAclId": acl["id"], "protocol": "-1", "ruleAction": "allow"}
        cloud.up(ACL_RULE, "in", **entry, ruleNumber=100, cidrBlock=ANYWHERE)
        cloud.up(ACL_RULE, "out", **entry, ruleNumber=200, cidrBlock=ANYWHERE, egress=True)
        outputs, _ = cloud.refreshed(ACL, acl)
        assert [(row["ruleNo"], row["action"]) for row in outputs["ingress"]] == [(100, "allow")]
        assert [row["ruleNo"] for row in outputs["egress"]] == [200]

    def test_a_private_zone_shows_the_vpcs_that_were_associated(self, cloud: Cloud) -> None:
        zone = cloud.up(ZONE, name="app.internal", vpcs=[{"vpcId": "vpc-1"}])
        cloud.up(ASSOCIATED, zoneId=zone["id"], vpcId="vpc-2", vpcRegion="us-east-1")
        outputs, _ = cloud.refreshed(ZONE, zone)
        assert [row["vpcId"] for row in outputs["vpcs"]] == ["vpc-1", "vpc-2"]


class TestGlobalDatabases:
    @staticmethod
    def pair(cloud: Cloud) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        """Return a global cluster made from its first member, that member, and a secondary."""
        east = cloud.up(
            CLUSTER,
            "east",
            clusterIdentifier="app-east",
            engine="aurora-postgresql",
            masterUsername="root",
            masterPassword=Secret("hidden"),
        )
        group = cloud.up(
            GLOBAL, globalClusterIdentifier="app", sourceDbClusterIdentifier=east["arn"]
        )
        west = cloud.up(
            CLUSTER,
            "west",
            clusterIdentifier="app-west",
            engine="aurora-postgresql",
            globalClusterIdentifier="app",
        )
        return group, east, west

    def test_members_and_who_writes(self, cloud: Cloud) -> None:
        group, east, west = self.pair(cloud)
        members = cloud.refreshed(GLOBAL, group)[0]["globalClusterMembers"]
        assert [(m["dbClusterArn"], m["isWriter"]) for m in members] == [
            (east["arn"], True),
            (west["arn"], False),
        ]

    def test_a_member_shows_its_global_cluster_and_its_source(self, cloud: Cloud) -> None:
        _, east, west = self.pair(cloud)
        cloud.up(
            INSTANCE,
            clusterIdentifier="app-east",
            identifier="writer",
            instanceClass="db.r6g.large",
            engine="aurora-postgresql",
        )
        outputs, inputs = cloud.refreshed(CLUSTER, east, engine="aurora-postgresql")
        assert outputs["globalClusterIdentifier"] == "app"
        assert outputs["clusterMembers"] == ["writer"]
        assert not outputs["replicationSourceIdentifier"]
        assert "globalClusterIdentifier" not in inputs
        outputs, _ = cloud.refreshed(CLUSTER, west)
        assert outputs["replicationSourceIdentifier"] == east["arn"]

    def test_a_read_keeps_secrets(self, cloud: Cloud) -> None:
        _, east, _ = self.pair(cloud)
        outputs, _ = cloud.refreshed(CLUSTER, east)
        assert outputs["masterPassword"] == Secret("hidden")
        assert without_secrets(outputs)["masterPassword"] is None

    def test_a_deleted_member_is_no_member(self, cloud: Cloud) -> None:
        group, east, west = self.pair(cloud)
        cloud.delete(CLUSTER, east)
        members = cloud.refreshed(GLOBAL, group)[0]["globalClusterMembers"]
        assert [(m["dbClusterArn"], m["isWriter"]) for m in members] == [(west["arn"], True)]

    def test_after_a_switchover_the_description_tells_who_writes(
        self, cloud_with: Callable[[Described], Cloud]
    ) -> None:
        arns = {
            name: f"arn:aws:rds:us-west-2:111122223333:cluster:app-{name}"
            for name in ("east", "west")
        }
        told = [{"dbClusterArn": arn, "isWriter": name == "west"} for name, arn in arns.items()]
        cloud = cloud_with({"app": {"globalClusterMembers": told}})
        group, east, _ = self.pair(cloud)
        assert east["arn"] == arns["east"]
        assert cloud.refreshed(GLOBAL, group)[0]["globalClusterMembers"] == told
        outputs, _ = cloud.refreshed(CLUSTER, east)
        assert outputs["replicationSourceIdentifier"] == arns["west"]

    def test_what_was_deleted_outside_is_gone(
        self, cloud_with: Callable[[Described], Cloud]
    ) -> None:
        cloud = cloud_with({"app-east": None})
        group, east, west = self.pair(cloud)
        assert cloud.is_gone(CLUSTER, east)
        assert not cloud.is_gone(CLUSTER, west)
        members = cloud.refreshed(GLOBAL, group)[0]["globalClusterMembers"]
        assert [m["dbClusterArn"] for m in members] == [west["arn"]]


class TestExisting:
    def test_an_import_reads_what_is_described(
        self, cloud_with: Callable[[Described], Cloud]
    ) -> None:
        cloud = cloud_with(
            {
                "vpc-1": {"cidrBlock": "10.9.0.0/16", "mainRouteTableId": "rtb-1"},
                "rtb-1": {
                    "vpcId": "vpc-1",
                    "routes": [{"cidrBlock": ANYWHERE, "gatewayId": "igw-1"}],
                },
            }
        )
        vpc = cloud.provider.read(VPC, "vpc-1")
        assert (vpc["cidrBlock"], vpc["mainRouteTableId"]) == ("10.9.0.0/16", "rtb-1")
        # What the description leaves open is plausible.
        assert vpc["arn"] == "arn:aws:ec2:us-west-2:111122223333:vpc/vpc-1"
        request = provider_pb2.ReadRequest(id="rtb-1", urn=urn(TABLE))
        response = cloud.provider.servicer.Read(request, cloud.provider.context)
        assert read_struct(response.properties)["vpcId"] == "vpc-1"
        assert read_struct(response.inputs)["routes"][0]["gatewayId"] == "igw-1"

    def test_parts_in_other_hands_are_copied(
        self, cloud_with: Callable[[Described], Cloud]
    ) -> None:
        cloud = cloud_with(
            {
                "r-1": {
                    "__type": ROUTE,
                    "routeTableId": "rtb-1",
                    "destinationCidrBlock": ANYWHERE,
                    "gatewayId": "igw-1",
                },
                "igw-1:vpc-1": {
                    "__type": ATTACHMENT,
                    "internetGatewayId": "igw-1",
                    "vpcId": "vpc-1",
                },
            }
        )
        assert cloud.provider.read(TABLE, "rtb-1")["routes"][0]["gatewayId"] == "igw-1"
        assert cloud.provider.read(GATEWAY, "igw-1")["vpcId"] == "vpc-1"

    def test_a_refresh_finds_what_was_changed_outside(
        self, cloud_with: Callable[[Described], Cloud]
    ) -> None:
        vpc_id = cloud_with({}).up(VPC, cidrBlock="10.0.0.0/16")["id"]
        cloud = cloud_with({vpc_id: {"enableDnsSupport": False, "subnetId": "of something else"}})
        vpc = cloud.up(VPC, cidrBlock="10.0.0.0/16")
        outputs, inputs = cloud.refreshed(VPC, vpc, cidrBlock="10.0.0.0/16", enableDnsSupport=True)
        assert outputs["enableDnsSupport"] is inputs["enableDnsSupport"] is False
        assert "subnetId" not in outputs

    def test_the_description_is_a_json_file(self, tmp_path: Path) -> None:
        file = tmp_path / "existing.json"
        file.write_text(
            json.dumps({"vpc-1": {"__type": VPC, "cidrBlock": "10.0.0.0/8"}, "x": None})
        )
        world = World(None, load_description(file))
        assert world.get("vpc-1")["cidrBlock"] == "10.0.0.0/8"
        assert world.of_kind("ec2:Vpc")[0]["id"] == "vpc-1"
        assert (world.is_gone("x"), world.is_gone("vpc-1"), world.is_gone("y")) == (
            True,
            False,
            False,
        )

    def test_processes_see_each_other_s_deletions(self, tmp_path: Path) -> None:
        one, other = World(tmp_path / "world"), World(tmp_path / "world")
        one.put(VPC, {"id": "vpc-1", "arn": "arn:1"})
        assert other.by_arn("arn:1") != {}
        other.remove(VPC, "vpc-1")
        assert list(one.all()) == []
        assert one.was_deleted("arn:1")
        one.put(VPC, {"id": "vpc-1", "arn": "arn:1"})
        assert not other.was_deleted("arn:1")
