"""The stand-in provider through its gRPC methods, as the engine calls them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import pytest
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import provider_pb2

from offline.standin.model import Configuration
from offline.standin.provider import StandIn
from offline.standin.schema import Sdk
from offline.standin.values import UNKNOWN, Secret, read_struct, write_struct
from offline.standin.world import World
from tests.offline.test_standin_schema import package


class RefusedError(Exception):
    """What a gRPC client would get as an error."""


class Context:
    """As much of a gRPC context as the provider uses."""

    def abort(self, code: object, details: str) -> NoReturn:
        raise RefusedError(details)


@dataclass
class Provider:
    """Calls a stand-in with Python values; resources have the name `name` in their stack unless
    `called` says otherwise."""

    servicer: StandIn
    context: Any = field(default_factory=Context)

    def configure(self, **arguments: Any) -> Provider:
        request = provider_pb2.ConfigureRequest(args=write_struct(arguments))
        self.servicer.Configure(request, self.context)
        return self

    def check(
        self, token: str, olds: dict[str, Any] | None = None, called: str = "name", **news: Any
    ) -> dict[str, Any]:
        response = self.raw_check(token, olds, called, **news)
        assert list(response.failures) == []
        return read_struct(response.inputs)

    def raw_check(
        self, token: str, olds: dict[str, Any] | None = None, called: str = "name", **news: Any
    ) -> provider_pb2.CheckResponse:
        request = provider_pb2.CheckRequest(
            urn=urn(token, called),
            news=write_struct(news),
            olds=write_struct(olds or {}),
            randomSeed=b"0123456789abcdef0123456789abcdef",
        )
        return self.servicer.Check(request, self.context)

    def preview(self, token: str, called: str = "name", **news: Any) -> dict[str, Any]:
        response = self.create(token, True, called, **news)
        assert response.id == ""
        return read_struct(response.properties)

    def up(self, token: str, called: str = "name", **news: Any) -> dict[str, Any]:
        response = self.create(token, False, called, **news)
        outputs = read_struct(response.properties)
        assert response.id == outputs["id"] != ""
        return outputs

    def create(
        self, token: str, preview: bool, called: str, **news: Any
    ) -> provider_pb2.CreateResponse:
        inputs = self.check(token, called=called, **news)
        request = provider_pb2.CreateRequest(
            urn=urn(token, called), properties=write_struct(inputs), preview=preview
        )
        return self.servicer.Create(request, self.context)

    def update(
        self, token: str, olds: dict[str, Any], preview: bool = False, **news: Any
    ) -> dict[str, Any]:
        request = provider_pb2.UpdateRequest(
            id=olds["id"],
            urn=urn(token),
            olds=write_struct(olds),
            news=write_struct(self.check(token, **news)),
            preview=preview,
        )
        return read_struct(self.servicer.Update(request, self.context).properties)

    def diff(
        self,
        token: str,
        olds: dict[str, Any],
        news: dict[str, Any],
        outputs: dict[str, Any] | None = None,
    ) -> Any:
        request = provider_pb2.DiffRequest(
            urn=urn(token),
            old_inputs=write_struct(olds),
            news=write_struct(news),
            olds=write_struct(outputs or {}),
        )
        return self.servicer.Diff(request, self.context)

    def read(self, token: str, identity: str) -> dict[str, Any]:
        request = provider_pb2.ReadRequest(id=identity, urn=urn(token))
        return read_struct(self.servicer.Read(request, self.context).properties)

    def invoke(self, token: str, **arguments: Any) -> dict[str, Any]:
        request = provider_pb2.InvokeRequest(tok=token, args=write_struct(arguments))
        response = self.servicer.Invoke(request, self.context)
        returned: struct_pb2.Struct = getattr(response, "return")
        return read_struct(returned)


def urn(token: str, name: str = "name") -> str:
    return f"urn:pulumi:stack::project::{token}::{name}"


@pytest.fixture(scope="module")
def sdk() -> Sdk:
    return Sdk(package("pulumi_aws"))


@pytest.fixture
def aws(sdk: Sdk) -> Provider:
    return Provider(StandIn(sdk, World(), Configuration())).configure(region="us-west-2")


@pytest.fixture(scope="module")
def native_sdk() -> Sdk:
    return Sdk(package("pulumi_aws_native"))


@pytest.fixture
def native(native_sdk: Sdk) -> Provider:
    config = Configuration(bridged=False)
    return Provider(StandIn(native_sdk, World(), config)).configure(region="us-west-2")


VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
TABLE = "aws:ec2/routeTable:RouteTable"
GATEWAY = "aws:ec2/internetGateway:InternetGateway"
NAT = "aws:ec2/natGateway:NatGateway"
PEERING = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
ACCEPTER = "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"
ALB = "aws:lb/loadBalancer:LoadBalancer"
CLUSTER = "aws:rds/cluster:Cluster"
INSTANCE = "aws:rds/clusterInstance:ClusterInstance"
GLOBAL = "aws:rds/globalCluster:GlobalCluster"
ZONE = "aws:route53/zone:Zone"
RECORD = "aws:route53/record:Record"


class TestCheck:
    def test_missing_required_inputs_are_refused_by_name(self, aws: Provider) -> None:
        response = aws.raw_check(CLUSTER, engineVersion="16.8")
        assert [failure.property for failure in response.failures] == ["engine"]
        assert "'name.engine'" in response.failures[0].reason

    def test_provider_defaults_are_added_and_marked(self, aws: Provider) -> None:
        inputs = aws.check(ALB, subnets=["subnet-1"])
        assert inputs["loadBalancerType"] == "application"
        assert "loadBalancerType" in inputs["__defaults"]
        assert aws.check(CLUSTER, engine="aurora-mysql")["engineMode"] == "provisioned"
        assert aws.check(NAT, subnetId="subnet-1")["connectivityType"] == "public"

    def test_what_aws_computes_gets_no_default(self, aws: Provider) -> None:
        """`internal` and `availabilityMode` are documented with a default that is AWS's."""
        assert "internal" not in aws.check(ALB, subnets=["subnet-1"])
        assert "availabilityMode" not in aws.check(NAT, subnetId="subnet-1")

    def test_falsy_defaults_are_not_sent(self, aws: Provider) -> None:
        inputs = aws.check(CLUSTER, engine="aurora-mysql")
        assert not {"deletionProtection", "backtrackWindow", "skipFinalSnapshot"} & inputs.keys()

    def test_a_program_s_own_value_stays(self, aws: Provider) -> None:
        inputs = aws.check(ALB, subnets=["subnet-1"], loadBalancerType="network", name="mine")
        assert (inputs["loadBalancerType"], inputs["name"]) == ("network", "mine")
        assert not {"loadBalancerType", "name"} & set(inputs["__defaults"])

    def test_names(self, aws: Provider) -> None:
        name = aws.check(ALB, subnets=["subnet-1"])["name"]
        stem, _, tail = name.rpartition("-")
        assert (stem, len(tail)) == ("name", 7)
        assert aws.check(ALB, subnets=["subnet-1"])["name"] == name
        assert aws.check("aws:s3/bucket:Bucket", called="Logs")["bucket"].startswith("logs-")
        long = aws.check(ALB, called="a" * 50, subnets=["subnet-1"])["name"]
        assert len(long) == 32
        assert aws.check("aws:kms/alias:Alias", targetKeyId="k")["name"].startswith("alias/name-")

    def test_no_name_where_the_provider_gives_none(self, aws: Provider) -> None:
        assert "clusterIdentifier" not in aws.check(CLUSTER, engine="aurora-mysql")
        assert "name" not in aws.check(ALB, subnets=["subnet-1"], namePrefix="p")
        assert "name" not in aws.check(VPC)

    def test_a_name_is_kept_in_later_deployments(self, aws: Provider) -> None:
        olds = {"name": "alb-0000000", "__defaults": ["name"]}
        assert aws.check(ALB, olds=olds, subnets=["subnet-1"])["name"] == "alb-0000000"
        # A name that the program gave and takes back is not the provider's to keep.
        olds = {"name": "alb-0000000", "__defaults": []}
        assert aws.check(ALB, olds=olds, subnets=["subnet-1"])["name"] != "alb-0000000"

    def test_the_autonaming_setting_of_the_stack(self, aws: Provider) -> None:
        request = provider_pb2.CheckRequest(
            urn=urn(ALB), news=write_struct({"subnets": ["subnet-1"]})
        )
        request.autonaming.proposed_name = "proposed"
        inputs = read_struct(aws.servicer.Check(request, aws.context).inputs)
        assert inputs["name"] == "proposed"
        request.autonaming.mode = provider_pb2.CheckRequest.AutonamingOptions.DISABLE
        assert "name" not in read_struct(aws.servicer.Check(request, aws.context).inputs)

    def test_region_comes_from_the_provider_unless_set(self, aws: Provider) -> None:
        assert aws.check(VPC)["region"] == "us-west-2"
        assert aws.check(VPC, region="eu-west-1")["region"] == "eu-west-1"
        assert "region" not in aws.check(ZONE)

    def test_an_unknown_region_is_not_made_up(self, sdk: Sdk) -> None:
        assert "region" not in Provider(StandIn(sdk, World(), Configuration())).check(VPC)

    def test_nested_objects_are_marked(self, aws: Provider) -> None:
        inputs = aws.check(
            TABLE, vpcId="vpc-1", routes=[{"cidrBlock": "0.0.0.0/0", "gatewayId": UNKNOWN}]
        )
        assert inputs["routes"] == [
            {"cidrBlock": "0.0.0.0/0", "gatewayId": UNKNOWN, "__defaults": []}
        ]
        # Maps are not objects.
        assert aws.check(VPC, tags={"a": "b"})["tags"] == {"a": "b"}

    def test_tags(self, aws: Provider) -> None:
        assert aws.check(VPC)["tagsAll"] == {}
        aws.configure(region="us-west-2", defaultTags={"tags": {"a": "default", "b": "default"}})
        assert aws.check(VPC, tags={"a": "own"})["tagsAll"] == {"a": "own", "b": "default"}
        assert aws.check(VPC, tags={"a": UNKNOWN})["tagsAll"] is UNKNOWN
        ignored = {"keys": ["a"], "keyPrefixes": ["aws:"]}
        aws.configure(region="us-west-2", ignoreTags=ignored)
        tags = {"a": "1", "aws:x": "2", "c": "3"}
        assert aws.check(VPC, tags=tags)["tagsAll"] == {"c": "3"}

    def test_provider_arguments_may_be_json_text(self, aws: Provider) -> None:
        aws.configure(region="us-west-2", defaultTags=json.dumps({"tags": {"a": "b"}}))
        assert aws.check(VPC)["tagsAll"] == {"a": "b"}

    def test_secrets_stay_secret(self, aws: Provider) -> None:
        inputs = aws.check(CLUSTER, engine="aurora-mysql", masterPassword=Secret("hunter2"))
        assert inputs["masterPassword"] == Secret("hunter2")
        assert aws.check(VPC, tags=Secret({"a": "b"}))["tagsAll"] == Secret({"a": "b"})


class TestPreview:
    def test_set_values_are_carried_and_computed_ones_unknown(self, aws: Provider) -> None:
        outputs = aws.preview(ALB, subnets=[UNKNOWN, UNKNOWN])
        assert outputs["subnets"] == [UNKNOWN, UNKNOWN]
        assert outputs["loadBalancerType"] == "application"
        for name in ("id", "arn", "internal", "subnetMappings", "securityGroups", "vpcId"):
            assert outputs[name] is UNKNOWN, name

    def test_unset_optional_outputs_are_null(self, aws: Provider) -> None:
        outputs = aws.preview(CLUSTER, engine="aurora-mysql")
        assert outputs["globalClusterIdentifier"] is None
        assert outputs["masterPassword"] is None
        assert outputs["deletionProtection"] is False
        assert outputs["engineVersion"] is UNKNOWN

    def test_every_output_of_the_class_is_there(self, aws: Provider, sdk: Sdk) -> None:
        assert aws.preview(CLUSTER, engine="aurora-mysql").keys() == (
            sdk.resource(CLUSTER).outputs.keys() | {"id"}
        )

    def test_marks_stay_in_the_inputs(self, aws: Provider) -> None:
        routes = [{"cidrBlock": "0.0.0.0/0", "gatewayId": UNKNOWN}]
        outputs = aws.preview(TABLE, vpcId=UNKNOWN, routes=routes)
        assert "__defaults" not in outputs
        (route,) = outputs["routes"]
        assert "__defaults" not in route
        assert route["gatewayId"] is UNKNOWN
        # The provider shows every other target of an inline route as an empty string.
        assert route["natGatewayId"] == ""

    def test_unset_routes_are_unknown(self, aws: Provider) -> None:
        assert aws.preview(TABLE, vpcId=UNKNOWN)["routes"] is UNKNOWN

    def test_collapsed_sets(self, sdk: Sdk) -> None:
        config = Configuration(collapse_sets=True)
        aws = Provider(StandIn(sdk, World(), config)).configure(region="us-west-2")
        assert aws.preview(ALB, subnets=["subnet-1", UNKNOWN])["subnets"] is UNKNOWN
        assert aws.preview(ALB, subnets=["subnet-1"])["subnets"] == ["subnet-1"]
        assert aws.up(ALB, subnets=["subnet-1"])["subnets"] == ["subnet-1"]

    def test_secrets_stay_secret(self, aws: Provider) -> None:
        outputs = aws.preview(CLUSTER, engine="aurora-mysql", masterPassword=Secret(UNKNOWN))
        assert outputs["masterPassword"] == Secret(UNKNOWN)


class TestUp:
    def test_ids_look_like_aws_s(self, aws: Provider) -> None:
        two = {"subnets": ["subnet-1", "subnet-2"]}
        for token, prefix, news in (
            (VPC, "vpc-", {"cidrBlock": "10.0.0.0/16"}),
            (SUBNET, "subnet-", {"vpcId": "vpc-1"}),
            (TABLE, "rtb-", {"vpcId": "vpc-1"}),
            (GATEWAY, "igw-", {}),
            (NAT, "nat-", {"subnetId": "subnet-1"}),
            (PEERING, "pcx-", {"vpcId": "vpc-1", "peerVpcId": "vpc-2"}),
            (ZONE, "Z", {"name": "a.net"}),
            (ALB, "arn:aws:elasticloadbalancing:us-west-2:111122223333:loadbalancer/app/", two),
        ):
            assert aws.up(token, **news)["id"].startswith(prefix)

    def test_ids_follow_from_the_resource(self, aws: Provider) -> None:
        first = aws.up(VPC, cidrBlock="10.0.0.0/16")["id"]
        assert aws.up(VPC, cidrBlock="10.0.0.0/16")["id"] == first
        assert aws.up(VPC, called="other", cidrBlock="10.0.0.0/16")["id"] != first
        assert aws.up(VPC, cidrBlock="10.1.0.0/16")["id"] != first

    def test_arns_carry_the_resource_s_region(self, aws: Provider) -> None:
        assert ":us-west-2:" in aws.up(VPC)["arn"]
        assert ":eu-west-1:" in aws.up(VPC, region="eu-west-1")["arn"]
        cluster = aws.up(CLUSTER, engine="aurora-mysql", clusterIdentifier="c")
        assert cluster["arn"] == "arn:aws:rds:us-west-2:111122223333:cluster:c"
        assert aws.up(ZONE, name="a.net")["arn"].startswith("arn:aws:route53:::hostedzone/Z")

    def test_ids_that_are_another_property(self, aws: Provider) -> None:
        assert aws.up(GLOBAL, globalClusterIdentifier="g", engine="aurora-mysql")["id"] == "g"
        assert aws.up(CLUSTER, engine="aurora-mysql", clusterIdentifier="c")["id"] == "c"
        unnamed = aws.up(CLUSTER, engine="aurora-mysql")
        assert unnamed["id"] == unnamed["clusterIdentifier"]
        zone = aws.up(ZONE, name="a.net")
        assert zone["id"] == zone["zoneId"]
        record = aws.up(RECORD, zoneId="Z1", name="www", type="A", records=["198.18.0.1"])
        assert record["id"] == "Z1_www_A"

    def test_a_vpc_comes_with_its_default_parts(self, aws: Provider) -> None:
        vpc = aws.up(VPC, cidrBlock="10.0.0.0/16")
        assert vpc["mainRouteTableId"] == vpc["defaultRouteTableId"] != ""
        assert vpc["defaultNetworkAclId"].startswith("acl-")
        assert vpc["defaultSecurityGroupId"].startswith("sg-")
        table = aws.up(
            "aws:ec2/defaultRouteTable:DefaultRouteTable",
            defaultRouteTableId=vpc["defaultRouteTableId"],
        )
        assert (table["id"], table["vpcId"]) == (vpc["defaultRouteTableId"], vpc["id"])

    def test_the_default_vpc_is_one(self, aws: Provider) -> None:
        vpc = aws.up("aws:ec2/defaultVpc:DefaultVpc")
        subnet = aws.up("aws:ec2/defaultSubnet:DefaultSubnet", availabilityZone="us-west-2a")
        assert subnet["vpcId"] == vpc["id"]
        assert aws.invoke("aws:ec2/getVpc:getVpc", default=True)["id"] == vpc["id"]
        group = aws.up("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", vpcId=vpc["id"])
        assert group["id"] == vpc["defaultSecurityGroupId"]
        assert aws.up(ALB, subnets=[subnet["id"]])["securityGroups"] == [group["id"]]
        filters = [{"name": "vpc-id", "values": [vpc["id"]]}]
        subnets = aws.invoke("aws:ec2/getSubnets:getSubnets", filters=filters)["ids"]
        assert len(subnets) == 3
        assert subnet["id"] in subnets

    def test_nothing_is_on_an_outpost_unasked(self, aws: Provider) -> None:
        token = "aws:ec2/defaultSubnet:DefaultSubnet"
        subnet = aws.up(token, availabilityZone="us-west-2a")
        assert (subnet["outpostArn"], subnet["ipv6CidrBlockAssociationId"]) == ("", "")

    def test_a_load_balancer_knows_its_subnets_vpc(self, aws: Provider) -> None:
        subnet = aws.up(SUBNET, vpcId="vpc-of-the-subnet", cidrBlock="10.0.0.0/24")
        alb = aws.up(ALB, subnets=[subnet["id"]])
        assert alb["vpcId"] == "vpc-of-the-subnet"
        assert [item["subnetId"] for item in alb["subnetMappings"]] == [subnet["id"]]
        assert alb["internal"] is False
        nat = aws.up(NAT, subnetId=subnet["id"])
        assert (nat["vpcId"], nat["availabilityMode"]) == ("vpc-of-the-subnet", "zonal")

    def test_a_secondary_shows_a_user_name_that_nobody_declared(self, aws: Provider) -> None:
        common = {"engine": "aurora-postgresql", "globalClusterIdentifier": "g"}
        aws.up(CLUSTER, called="primary", masterUsername="root", **common)
        assert aws.up(CLUSTER, called="secondary", **common)["masterUsername"] == "root"
        assert aws.up(CLUSTER, called="alone", engine="aurora-mysql")["masterUsername"] == ""

    def test_versions_are_inherited(self, aws: Provider) -> None:
        source = aws.up(CLUSTER, engine="aurora-postgresql", engineVersion="16.8")
        group = aws.up(GLOBAL, globalClusterIdentifier="g", sourceDbClusterIdentifier=source["arn"])
        assert (group["engine"], group["engineVersion"]) == ("aurora-postgresql", "16.8")
        instance = aws.up(
            INSTANCE,
            clusterIdentifier=source["id"],
            engine="aurora-postgresql",
            instanceClass="db.r6g.large",
        )
        assert instance["engineVersion"] == "16.8"

    def test_the_two_ends_of_a_peering(self, aws: Provider) -> None:
        peering = aws.up(PEERING, vpcId="vpc-1", peerVpcId="vpc-2", peerRegion="us-east-1")
        accepter = aws.up(ACCEPTER, vpcPeeringConnectionId=peering["id"], autoAccept=True)
        assert accepter["id"] == peering["id"]
        assert (accepter["vpcId"], accepter["peerVpcId"]) == ("vpc-2", "vpc-1")
        assert peering["acceptStatus"] == "pending-acceptance"
        assert accepter["acceptStatus"] == "active"

    def test_a_managed_password_has_a_secret(self, aws: Provider) -> None:
        plain = aws.up(CLUSTER, engine="aurora-mysql")
        managed = aws.up(CLUSTER, engine="aurora-mysql", manageMasterUserPassword=True)
        assert plain["masterUserSecrets"] == []
        (secret,) = managed["masterUserSecrets"]
        assert secret["secretArn"].startswith("arn:aws:secretsmanager:us-west-2:111122223333:")

    def test_nested_attributes_that_programs_use_are_there(self, aws: Provider) -> None:
        config = {"subnetIds": ["subnet-1"]}
        cluster = aws.up(
            "aws:eks/cluster:Cluster", roleArn="arn:aws:iam::1:role/r", vpcConfig=config
        )
        assert cluster["identities"][0]["oidcs"][0]["issuer"] != ""
        nat = aws.up(NAT, subnetId="subnet-1")
        assert nat["regionalNatGatewayAddresses"] == []

    def test_unset_settings_are_empty(self, aws: Provider) -> None:
        table = aws.up(TABLE, vpcId="vpc-1")
        assert (table["routes"], table["propagatingVgws"]) == ([], [])
        assert aws.up(GATEWAY)["vpcId"] == ""

    def test_secrets_do_not_reach_the_shared_file(self, sdk: Sdk, tmp_path: Path) -> None:
        world = tmp_path / "world.jsonl"
        aws = Provider(StandIn(sdk, World(world), Configuration())).configure(region="us-west-2")
        outputs = aws.up(CLUSTER, engine="aurora-mysql", masterPassword=Secret("hunter2"))
        assert outputs["masterPassword"] == Secret("hunter2")
        assert outputs["id"] in world.read_text()
        assert "hunter2" not in world.read_text()


class TestDiffAndUpdate:
    def test_no_difference(self, aws: Provider) -> None:
        inputs = aws.check(ALB, subnets=["subnet-1"])
        response = aws.diff(ALB, inputs, inputs)
        assert response.changes == provider_pb2.DiffResponse.DIFF_NONE

    def test_changes_and_replacements(self, aws: Provider) -> None:
        olds = aws.check(SUBNET, vpcId="vpc-1", cidrBlock="10.0.0.0/24")
        news = aws.check(SUBNET, vpcId="vpc-1", cidrBlock="10.0.1.0/24", tags={"a": "b"})
        response = aws.diff(SUBNET, olds, news)
        assert list(response.diffs) == ["cidrBlock", "tags", "tagsAll"]
        assert list(response.replaces) == ["cidrBlock"]

    def test_another_region_is_another_resource(self, aws: Provider) -> None:
        olds, news = aws.check(VPC), aws.check(VPC, region="eu-west-1")
        assert list(aws.diff(VPC, olds, news).replaces) == ["region"]

    def test_unknown_new_values_count_as_changes(self, aws: Provider) -> None:
        olds = aws.check(SUBNET, vpcId="vpc-1", cidrBlock="10.0.0.0/24")
        response = aws.diff(SUBNET, olds, {**olds, "vpcId": UNKNOWN})
        assert list(response.diffs) == ["vpcId"]

    def test_ignored_changes(self, aws: Provider) -> None:
        request = provider_pb2.DiffRequest(
            urn=urn(VPC),
            old_inputs=write_struct({"tags": {"a": "b"}}),
            news=write_struct({"tags": {"a": "c"}}),
            ignoreChanges=["tags"],
        )
        response = aws.servicer.Diff(request, aws.context)
        assert response.changes == provider_pb2.DiffResponse.DIFF_NONE

    @pytest.mark.parametrize("preview", [True, False])
    def test_an_update_keeps_what_was_computed(self, aws: Provider, preview: bool) -> None:
        olds = aws.up(CLUSTER, engine="aurora-mysql", engineVersion="8.0.mysql_aurora.3.10.0")
        news = aws.update(CLUSTER, olds, preview, engine="aurora-mysql", backtrackWindow=60)
        assert news["backtrackWindow"] == 60
        for name in ("id", "arn", "endpoint", "clusterIdentifier"):
            assert news[name] == olds[name], name

    def test_an_update_follows_its_inputs(self, aws: Provider) -> None:
        olds = aws.up(ALB, subnets=["subnet-1"])
        news = aws.update(ALB, olds, subnets=["subnet-2"])
        assert [item["subnetId"] for item in news["subnetMappings"]] == ["subnet-2"]
        assert news["arn"] == olds["arn"]

    @pytest.mark.parametrize(
        ("olds", "news", "changed"),
        [
            # The provider computes it, so it stays what it is.
            ({"masterUsername": "root"}, {}, []),
            ({}, {"masterUsername": "root"}, []),
            ({}, {"masterUsername": "admin"}, ["masterUsername"]),
            ({"masterUsername": "root"}, {"masterUsername": "admin"}, ["masterUsername"]),
            ({}, {"masterUsername": UNKNOWN}, ["masterUsername"]),
            # It does not compute this one: what is not set is taken away.
            ({"masterPassword": Secret("x")}, {}, ["masterPassword"]),
            ({}, {"masterPassword": Secret("x")}, []),
            ({}, {"masterPassword": Secret("y")}, ["masterPassword"]),
        ],
    )
    def test_a_plan_starts_from_the_state(
        self, aws: Provider, olds: dict[str, Any], news: dict[str, Any], changed: list[str]
    ) -> None:
        state = {"masterUsername": "root", "masterPassword": Secret("x")}
        assert list(aws.diff(CLUSTER, olds, news, state).diffs) == changed
        # Without a state there is nothing to plan from.
        assert list(aws.diff(CLUSTER, olds, news).diffs) == sorted({*olds, *news})


class TestReadAndInvoke:
    def test_what_the_stack_created_reads_as_it_is(self, aws: Provider) -> None:
        vpc = aws.up(VPC, cidrBlock="10.7.0.0/16")
        assert aws.read(VPC, vpc["id"])["cidrBlock"] == "10.7.0.0/16"
        assert aws.invoke("aws:ec2/getVpc:getVpc", id=vpc["id"])["cidrBlock"] == "10.7.0.0/16"

    def test_what_exists_elsewhere_is_known_throughout(self, aws: Provider) -> None:
        vpc = aws.read(VPC, "vpc-0123")
        assert vpc["id"] == "vpc-0123"
        assert vpc["cidrBlock"].endswith("/16")
        assert vpc["arn"] == "arn:aws:ec2:us-west-2:111122223333:vpc/vpc-0123"
        cluster = aws.read(CLUSTER, "c-1")
        assert cluster["clusterIdentifier"] == "c-1"
        assert cluster["engine"] != ""

    def test_an_imported_resource_is_what_the_program_says(self, aws: Provider) -> None:
        aws.read(VPC, "vpc-0123")
        request = provider_pb2.DiffRequest(
            id="vpc-0123", urn=urn(VPC), news=write_struct({"cidrBlock": "10.0.0.0/16"})
        )
        response = aws.servicer.Diff(request, aws.context)
        assert response.changes == provider_pb2.DiffResponse.DIFF_NONE

    def test_zones_are_the_region_s(self, aws: Provider) -> None:
        token = "aws:index/getAvailabilityZones:getAvailabilityZones"
        zones = aws.invoke(token, state="available")
        assert zones["names"] == ["us-west-2a", "us-west-2b", "us-west-2c"]
        assert zones["zoneIds"] == ["usw2-az1", "usw2-az2", "usw2-az3"]
        assert aws.invoke(token, region="ap-southeast-1")["zoneIds"][0] == "apse1-az1"
        assert aws.invoke(token, excludeNames=["us-west-2b"])["zoneIds"] == ["usw2-az1", "usw2-az3"]

    def test_who_and_where(self, aws: Provider) -> None:
        caller = aws.invoke("aws:index/getCallerIdentity:getCallerIdentity")
        assert caller["accountId"] == "111122223333"
        assert aws.invoke("aws:index/getRegion:getRegion")["region"] == "us-west-2"
        assert aws.invoke("aws:index/getPartition:getPartition")["dnsSuffix"] == "amazonaws.com"

    def test_a_policy_document_is_rendered(self, aws: Provider) -> None:
        result = aws.invoke(
            "aws:iam/getPolicyDocument:getPolicyDocument",
            statements=[
                {
                    "actions": ["sts:AssumeRole"],
                    "principals": [{"type": "Service", "identifiers": ["ec2.amazonaws.com"]}],
                    "conditions": [{"test": "Bool", "variable": "aws:x", "values": ["true"]}],
                }
            ],
        )
        assert json.loads(result["json"]) == {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": "sts:AssumeRole",
                    "Principal": {"Service": "ec2.amazonaws.com"},
                    "Condition": {"Bool": {"aws:x": "true"}},
                }
            ],
        }

    def test_subnets_of_a_vpc_of_the_stack(self, aws: Provider) -> None:
        made = sorted(
            aws.up(SUBNET, called=f"s{i}", vpcId="vpc-1", cidrBlock=f"10.0.{i}.0/24")["id"]
            for i in range(2)
        )
        filters = [{"name": "vpc-id", "values": ["vpc-1"]}]
        assert aws.invoke("aws:ec2/getSubnets:getSubnets", filters=filters)["ids"] == made

    def test_other_functions_answer_by_type(self, aws: Provider) -> None:
        result = aws.invoke("aws:efs/getFileSystem:getFileSystem", fileSystemId="fs-1")
        assert result["fileSystemId"] == "fs-1"
        assert isinstance(result["encrypted"], bool)
        assert result["arn"].startswith("arn:aws:elasticfilesystem:us-west-2:")

    def test_what_the_sdk_lacks_is_an_error_that_names_it(self, aws: Provider) -> None:
        with pytest.raises(RefusedError, match="aws:ec2/getNothing:getNothing is not a function"):
            aws.invoke("aws:ec2/getNothing:getNothing")
        with pytest.raises(RefusedError, match="aws:ec2/nothing:Nothing is not a resource"):
            aws.check("aws:ec2/nothing:Nothing")
        request = provider_pb2.ConstructRequest(type="awsx:ec2:Vpc")
        with pytest.raises(RefusedError, match="awsx:ec2:Vpc is a component"):
            aws.servicer.Construct(request, aws.context)


class TestNative:
    def test_inputs_are_left_alone(self, native: Provider) -> None:
        assert native.check("aws-native:ec2:Vpc", cidrBlock="10.0.0.0/16") == {
            "cidrBlock": "10.0.0.0/16"
        }

    def test_only_read_only_attributes_are_unknown(self, native: Provider) -> None:
        outputs = native.preview("aws-native:rds:DbCluster", engine="aurora-mysql")
        assert outputs["dbClusterArn"] is UNKNOWN
        assert "engineVersion" not in outputs
        assert "masterUsername" not in outputs

    def test_nested_objects_show_only_what_was_set(self, native: Provider) -> None:
        scaling = {"minCapacity": 1}
        outputs = native.preview(
            "aws-native:rds:DbCluster", serverlessV2ScalingConfiguration=scaling
        )
        assert outputs["serverlessV2ScalingConfiguration"] == scaling

    def test_ids_are_the_same_as_aws_s(self, native: Provider) -> None:
        vpc = native.up("aws-native:ec2:Vpc", cidrBlock="10.0.0.0/16")
        assert vpc["id"] == vpc["vpcId"]
        assert vpc["id"].startswith("vpc-")
        attachment = native.up(
            "aws-native:ec2:VpcGatewayAttachment", vpcId=vpc["id"], internetGatewayId="igw-1"
        )
        assert attachment["id"] == f"IGW|{vpc['id']}"

    def test_what_aws_filled_in_is_read_back(self, native: Provider) -> None:
        cluster = native.up("aws-native:rds:DbCluster", engine="aurora-mysql")
        assert cluster["dbClusterIdentifier"] == cluster["id"]
        balancer = native.up("aws-native:elasticloadbalancingv2:LoadBalancer", subnets=["subnet-1"])
        assert (balancer["scheme"], balancer["type"]) == ("internet-facing", "application")

    def test_functions(self, native: Provider) -> None:
        assert native.invoke("aws-native:index:getAzs")["azs"][0] == "us-west-2a"
        assert native.invoke("aws-native:index:cidr", ipBlock="10.0.0.0/16", count=2, cidrBits=8)[
            "subnets"
        ] == ["10.0.0.0/24", "10.0.1.0/24"]


class TestConfiguration:
    def test_region_comes_from_the_environment_as_with_the_real_provider(
        self, aws: Provider, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AWS_REGION", "eu-north-1")
        request = provider_pb2.CheckRequest(news=write_struct({}))
        inputs = read_struct(aws.servicer.CheckConfig(request, aws.context).inputs)
        assert inputs == {"region": "eu-north-1"}
        request = provider_pb2.CheckRequest(news=write_struct({"region": "us-east-1"}))
        inputs = read_struct(aws.servicer.CheckConfig(request, aws.context).inputs)
        assert inputs == {"region": "us-east-1"}

    def test_another_region_replaces_the_provider(self, aws: Provider) -> None:
        request = provider_pb2.DiffRequest(
            olds=write_struct({"region": "us-east-1"}), news=write_struct({"region": "us-west-2"})
        )
        assert list(aws.servicer.DiffConfig(request, aws.context).replaces) == ["region"]

    def test_the_version_is_the_sdk_s(self, aws: Provider, sdk: Sdk) -> None:
        assert aws.servicer.GetPluginInfo(empty_pb2.Empty(), aws.context).version == sdk.version


class TestWorld:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        return tmp_path / "world.jsonl"

    def test_processes_see_each_other(self, path: Path) -> None:
        one, other = World(path), World(path)
        assert other.get("vpc-1") == {}
        one.put(VPC, {"id": "vpc-1", "arn": "arn:1"})
        assert other.get("vpc-1")["arn"] == "arn:1"
        assert other.by_arn("arn:1")["id"] == "vpc-1"

    def test_a_half_written_line_waits(self, path: Path) -> None:
        path.write_text('{"id": "a"}\n{"id": "b"')
        world = World(path)
        assert world.get("b") == {}
        with path.open("a") as file:
            file.write("}\n")
        assert (world.get("a"), world.get("b")) == ({"id": "a"}, {"id": "b"})
