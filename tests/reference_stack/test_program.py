"""The structure that the reference stack promises, read from what its program registers."""

from __future__ import annotations

import base64
import importlib
import inspect
import json
import keyword
from collections.abc import Mapping
from typing import Any

import pytest

from tests.reference_stack.program import PASSWORD, Program, Registered, Secret, project, run

CLUSTER = "aws:rds/cluster:Cluster"
INSTANCE = "aws:rds/clusterInstance:ClusterInstance"
LISTENER = "aws:lb/listener:Listener"
LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer"
NAT_GATEWAY = "aws:ec2/natGateway:NatGateway"
RECORD = "aws:route53/record:Record"
ROUTE = "aws:ec2/route:Route"
SUBNET = "aws:ec2/subnet:Subnet"

ROLES = ("primary", "secondary")
CREDENTIALS = {"databaseName", "masterUsername", "masterPassword"}


@pytest.fixture(scope="module")
def program() -> Program:
    return run()


@pytest.fixture(scope="module")
def https_program() -> Program:
    return run({"https": True, "hostedZoneId": "Z0123456789"})


def test_the_regions_differ_in_inputs_alone(program: Program) -> None:
    primary = _seen_from_within(program, "primary")
    secondary = _seen_from_within(program, "secondary")

    assert primary.keys() == secondary.keys()
    cluster = f"{CLUSTER} here-db"
    assert primary[cluster].keys() - secondary[cluster].keys() == CREDENTIALS
    for credential in CREDENTIALS:
        del primary[cluster][credential]
    assert primary == secondary


@pytest.mark.parametrize("role", ROLES)
def test_everything_in_a_region_uses_its_provider(program: Program, role: str) -> None:
    region = program.get("dr:index:Region", role)
    strays = [
        resource.urn
        for resource in program.below(region)
        if resource.type.startswith("aws:") and resource.provider != role
    ]
    assert strays == []


def test_everything_that_can_carry_a_name_tag_carries_one(program: Program) -> None:
    unnamed = [
        resource.urn
        for resource in program
        if resource.type.startswith("aws:")
        and _takes_tags(resource.type)
        and not _has_name_tag(resource)
    ]
    assert unnamed == []


def test_the_password_has_no_default_and_must_be_encrypted() -> None:
    declared = project()["config"]["databasePassword"]
    assert declared["secret"] is True
    assert declared.keys().isdisjoint({"default", "value"})


def test_the_password_is_a_secret_wherever_it_is(program: Program) -> None:
    assert program.get(CLUSTER, "primary-db").inputs["masterPassword"] == Secret(PASSWORD)
    said = program.get("aws:secretsmanager/secretVersion:SecretVersion", "credentials").inputs
    assert isinstance(said["secretString"], Secret)
    holders = [resource.name for resource in program if PASSWORD in repr(resource.inputs)]
    assert set(holders) == {"primary-db", "credentials"}


def test_the_documents_of_each_region_are_copied_to_the_other(program: Program) -> None:
    kind = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
    for role, other in (("primary", "secondary"), ("secondary", "primary")):
        replication = program.get(kind, f"{role}-documents-replication")
        (rule,) = replication.inputs["rules"]
        assert rule["destination"] == {"bucket": f"arn:{other}-documents"}
        assert replication.provider == role
        versioning = "aws:s3/bucketVersioning:BucketVersioning"
        assert program.waits_for(replication) >= {
            f"{versioning} primary-documents",
            f"{versioning} secondary-documents",
        }


def test_what_the_regions_share_has_a_copy_in_the_secondary(program: Program) -> None:
    table = program.get("aws:dynamodb/table:Table", "sessions").inputs
    assert [each["regionName"] for each in table["replicas"]] == ["us-west-2"]
    secret = program.get("aws:secretsmanager/secret:Secret", "credentials").inputs
    assert secret["replicas"] == [{"region": "us-west-2"}]
    (rule,) = program.get("aws:backup/plan:Plan", "backups").inputs["rules"]
    (copy,) = rule["copyActions"]
    assert copy["destinationVaultArn"] == "arn:secondary-backups"
    assert program.get("aws:backup/vault:Vault", "secondary-backups").provider == "secondary"


@pytest.mark.parametrize("role", ROLES)
def test_a_function_in_each_region_writes_to_the_table_there(program: Program, role: str) -> None:
    function = program.get("aws:lambda/function:Function", f"{role}-heartbeat")
    assert function.provider == role
    region = {"primary": "us-east-1", "secondary": "us-west-2"}[role]
    allowed = program.get("aws:iam/rolePolicy:RolePolicy", f"{role}-heartbeat").inputs["policy"]
    assert f"arn:aws:dynamodb:{region}:*:table/" in allowed


@pytest.mark.parametrize("role", ROLES)
def test_what_faces_the_internet_waits_for_the_gateway(program: Program, role: str) -> None:
    gateway = f"aws:ec2/internetGateway:InternetGateway {role}-internet-gateway"
    facing = [program.get(LOAD_BALANCER, f"{role}-lb")]
    facing += [program.get(NAT_GATEWAY, f"{role}-nat-{letter}") for letter in "abc"]
    for resource in facing:
        assert gateway in program.waits_for(resource), resource.name


def test_the_secondary_cluster_waits_for_the_primary_writer(program: Program) -> None:
    secondary = program.get(CLUSTER, "secondary-db")
    assert f"{INSTANCE} primary-db-writer" in program.waits_for(secondary)


@pytest.mark.parametrize("role", ROLES)
def test_a_failover_that_swaps_the_roles_is_not_undone(program: Program, role: str) -> None:
    assert "replicationSourceIdentifier" in program.get(CLUSTER, f"{role}-db").ignored


@pytest.mark.parametrize("role", ROLES)
def test_the_database_tier_reaches_the_peer_application_alone(program: Program, role: str) -> None:
    table = f"aws:ec2/routeTable:RouteTable {role}-db-routes"
    destinations = [
        route.inputs["destinationCidrBlock"]
        for route in program.of_type(ROUTE).values()
        if route.inputs["routeTableId"] == table
    ]
    assert destinations == [{"primary": "10.20.64.0/18", "secondary": "10.10.64.0/18"}[role]]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("letter", "abc")
def test_each_zone_leaves_by_a_nat_gateway_of_its_own(
    program: Program, role: str, letter: str
) -> None:
    route = program.get(ROUTE, f"{role}-app-{letter}-to-internet").inputs
    nat_gateway = program.get(NAT_GATEWAY, f"{role}-nat-{letter}").inputs
    application = program.get(SUBNET, f"{role}-app-{letter}").inputs
    public = program.get(SUBNET, f"{role}-public-{letter}").inputs

    assert route["routeTableId"].endswith(f" {role}-app-{letter}-routes")
    assert route["natGatewayId"] == f"{NAT_GATEWAY} {role}-nat-{letter}"
    assert nat_gateway["subnetId"] == f"{SUBNET} {role}-public-{letter}"
    assert public["availabilityZone"] == application["availabilityZone"]


def test_the_failover_records_are_a_pair(program: Program) -> None:
    primary, secondary = (program.get(RECORD, f"{role}-endpoint").inputs for role in ROLES)

    for key in ("zoneId", "name", "type"):
        assert primary[key] == secondary[key]
    assert primary["setIdentifier"] != secondary["setIdentifier"]
    for record, failover in ((primary, "PRIMARY"), (secondary, "SECONDARY")):
        assert record["failoverRoutingPolicies"] == [{"type": failover}]
        assert record["aliases"][0]["evaluateTargetHealth"] is True
        assert record["healthCheckId"].endswith(f" {failover.lower()}-endpoint")


@pytest.mark.parametrize("role", ROLES)
def test_https_redirects_http_and_is_what_gets_checked(https_program: Program, role: str) -> None:
    https = https_program.get(LISTENER, f"{role}-https").inputs
    http = https_program.get(LISTENER, f"{role}-http").inputs
    check = https_program.get("aws:route53/healthCheck:HealthCheck", f"{role}-endpoint").inputs

    assert https["certificateArn"] == f"arn:{role}-certificate"
    assert https["defaultActions"][0]["type"] == "forward"
    assert http["defaultActions"][0]["type"] == "redirect"
    assert (check["type"], check["port"]) == ("HTTPS", 443)


def test_a_given_hosted_zone_is_used_and_no_other_is_made(https_program: Program) -> None:
    assert https_program.of_type("aws:route53/zone:Zone") == {}
    records = https_program.of_type(RECORD).values()
    assert {record.inputs["zoneId"] for record in records} == {"Z0123456789"}


@pytest.mark.parametrize(
    "zones",
    [["us-west-2a", "us-west-2b"], ["us-east-1a"], ["us-east-1a", "us-east-1b", "us-east-1b"]],
    ids=["of another region", "too few", "the same twice"],
)
def test_zones_that_cannot_hold_the_stack_are_refused(zones: list[str]) -> None:
    with pytest.raises(ValueError, match="us-east-1"):
        run({"primaryZones": zones})


def _seen_from_within(program: Program, role: str) -> dict[str, dict[str, Any]]:
    """Return a region's inputs by type and name, its own place called here and the peer's there."""
    words = {
        "primary": {"primary": "here", "us-east-1": "here-region", "10.10.": "here-net."},
        "secondary": {"secondary": "here", "us-west-2": "here-region", "10.20.": "here-net."},
    }
    theirs = {
        word: name.replace("here", "there")
        for other in ROLES
        if other != role
        for word, name in words[other].items()
    }
    region = program.get("dr:index:Region", role)
    return {
        _translate(f"{resource.type} {resource.name}", words[role] | theirs): _translate(
            _decoded(resource.inputs), words[role] | theirs
        )
        for resource in program.below(region)
    }


def _translate(value: Any, words: Mapping[str, str]) -> Any:
    text = json.dumps(value, sort_keys=True, default=repr)
    for word, name in words.items():
        text = text.replace(word, name)
    return json.loads(text)


def _decoded(inputs: Mapping[str, Any]) -> dict[str, Any]:
    if "userData" not in inputs:
        return dict(inputs)
    return {**inputs, "userData": base64.b64decode(inputs["userData"]).decode()}


def _takes_tags(token: str) -> bool:
    _, module, name = token.split(":")
    module = module.split("/")[0]
    module += "_" * keyword.iskeyword(module)
    resource = getattr(importlib.import_module(f"pulumi_aws.{module}"), name)
    return "tags" in inspect.signature(resource._internal_init).parameters


def _has_name_tag(resource: Registered) -> bool:
    tags = resource.inputs.get("tags", {})
    if isinstance(tags, list):  # an auto-scaling group's, which say where they propagate to
        return any(tag["key"] == "Name" and tag["propagateAtLaunch"] for tag in tags)
    return "Name" in tags
