"""The script that makes the table of references that stay within a region, on a few real types."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from offline.standin.schema import Sdk
from policies.model import vocabulary
from policies.model.data_files import DATA_DIRECTORY
from policies.model.regions.regional_references import local_properties
from policies.model.vocabulary import KMS_KEY, LISTENER, LOAD_BALANCER, SUBNET, TARGET_GROUP, VPC
from scripts import make_region_local_properties as script

CLUSTER = "aws:rds/cluster:Cluster"
TRAIL = "aws:cloudtrail/trail:Trail"
PEERING = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
READ = (
    "aws:alb/listener:Listener",
    CLUSTER,
    LISTENER,
    LOAD_BALANCER,
    PEERING,
    SUBNET,
    TRAIL,
    "aws:ec2/routeTable:RouteTable",
    "aws:ecs/service:Service",
    "aws:lb/listenerRule:ListenerRule",
    "aws:route53/zone:Zone",
)


class FewTypes(Sdk):
    """The installed SDK, as if it had these types only: to read all of them takes a minute."""

    def resource_tokens(self) -> list[str]:
        return sorted(READ)


@pytest.fixture(autouse=True)
def _few_types(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "Sdk", FewTypes)


def few_types() -> FewTypes:
    spec = importlib.util.find_spec("pulumi_aws")
    assert spec is not None
    assert spec.origin is not None
    return FewTypes(Path(spec.origin).parent)


def test_the_table_is_what_the_script_makes() -> None:
    made = script.rows(few_types())
    assert {LISTENER, CLUSTER, SUBNET, LOAD_BALANCER} <= set(made)
    for kind, properties in made.items():
        assert properties == {path: row.targets for path, row in local_properties()[kind].items()}


@pytest.mark.parametrize(
    ("token", "path", "targets"),
    [
        (SUBNET, "vpcId", (VPC,)),
        (PEERING, "vpcId", (VPC,)),
        (LISTENER, "defaultActions.targetGroupArn", (TARGET_GROUP,)),
        (LISTENER, "defaultActions.forward.targetGroups.arn", (TARGET_GROUP,)),
        ("aws:ecs/service:Service", "networkConfiguration.subnets", (SUBNET,)),
    ],
)
def test_a_property_of_the_same_region_has_its_targets(
    token: str, path: str, targets: tuple[str, ...]
) -> None:
    assert script.targets_of(token, path) == targets


def test_a_key_counts_where_data_rests() -> None:
    assert KMS_KEY in script.targets_of(CLUSTER, "kmsKeyId")
    assert KMS_KEY in script.targets_of("aws:ec2/instance:Instance", "rootBlockDevice.kmsKeyId")


@pytest.mark.parametrize(
    ("token", "path"),
    [
        (PEERING, "peerVpcId"),
        (CLUSTER, "globalClusterIdentifier"),
        (CLUSTER, "replicationSourceIdentifier"),
        (CLUSTER, "clusterIdentifier"),
        ("aws:rds/globalCluster:GlobalCluster", "sourceDbClusterIdentifier"),
        ("aws:rds/instance:Instance", "replicateSourceDb"),
        ("aws:rds/proxy:Proxy", "auths.secretArn"),
        ("aws:cloudfront/distribution:Distribution", "viewerCertificate.acmCertificateArn"),
        ("aws:apigateway/domainName:DomainName", "certificateArn"),
        ("aws:route53/zone:Zone", "vpcs.vpcId"),
        ("aws:route53/zoneAssociation:ZoneAssociation", "vpcId"),
        ("aws:dynamodb/table:Table", "replicas.kmsKeyArn"),
        ("aws:secretsmanager/secret:Secret", "replicas.kmsKeyId"),
        ("aws:kms/replicaKey:ReplicaKey", "primaryKeyArn"),
        ("aws:sns/topicSubscription:TopicSubscription", "endpoint"),
        ("aws:cloudwatch/eventTarget:EventTarget", "arn"),
        ("aws:ec2transitgateway/peeringAttachment:PeeringAttachment", "peerTransitGatewayId"),
        ("aws:networkmanager/vpcAttachment:VpcAttachment", "vpcArn"),
        ("aws:efs/replicationConfiguration:ReplicationConfiguration", "destination.kmsKeyId"),
        (TRAIL, "kmsKeyId"),
    ],
)
def test_a_property_that_crosses_regions_by_design_has_none(token: str, path: str) -> None:
    assert script.targets_of(token, path) == ()


def test_the_table_is_in_the_words_of_the_vocabulary() -> None:
    for kind, properties in local_properties().items():
        for token in (kind, *(each for targets in properties.values() for each in targets)):
            assert vocabulary.term_of(token).kind == token


def test_two_tokens_of_one_thing_share_a_row() -> None:
    assert "aws:alb/listener:Listener" not in script.rows(few_types())


def test_the_file_says_where_it_comes_from_and_of_which_day(tmp_path: Path) -> None:
    output = tmp_path / script.FILE
    assert script.main(["--output", str(output), "--as-of", "2026-11-24"]) == 0
    made = json.loads(output.read_text(encoding="utf-8"))
    assert made["source"]["date"] == "2026-11-24"
    assert made["source"]["name"].startswith("input properties of pulumi-aws 7.")
    assert list(made["types"]) == sorted(made["types"])
    shipped = json.loads((DATA_DIRECTORY / script.FILE).read_text(encoding="utf-8"))
    assert shipped["source"]["date"]
    assert shipped["about"] == made["about"]


def test_a_check_writes_nothing_and_says_what_is_different(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / script.FILE
    command = ["--output", str(output)]
    assert script.main([*command, "--check"]) == 1
    assert not output.exists()
    script.main([*command, "--as-of", "2026-01-01"])
    assert script.main([*command, "--check"]) == 0

    present = json.loads(output.read_text(encoding="utf-8"))
    del present["types"][SUBNET]
    present["types"][LISTENER]["certificateArn"] = [VPC]
    present["types"][CLUSTER]["gone"] = [VPC]
    output.write_text(json.dumps(present), encoding="utf-8")
    capsys.readouterr()
    assert script.main([*command, "--check"]) == 1
    said = capsys.readouterr().out
    assert f"{SUBNET}.vpcId: new" in said
    assert f"{LISTENER}.certificateArn: other targets" in said
    assert f"{CLUSTER}.gone: gone" in said
    assert "is stale" in said


def test_candidates_are_what_looks_like_a_reference_and_has_no_row(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert script.main(["--candidates"]) == 0
    listed = capsys.readouterr().out.split()
    assert f"{PEERING}.peerVpcId" in listed
    assert f"{PEERING}.vpcId" not in listed
    assert f"{CLUSTER}.engineMode" not in listed


def test_a_slip_in_the_hand_written_part_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script, "EVERYWHERE", {"vpcId": ("aws:ec2/vcp:Vcp",)})
    assert script.main(["--output", str(tmp_path / script.FILE)]) == 2
    assert "vpcId names what pulumi-aws does not have: aws:ec2/vcp:Vcp" in capsys.readouterr().err


def test_without_the_sdk_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert script.main(["--check"]) == 2
    assert "pip install pulumi-aws" in capsys.readouterr().err


def test_a_broken_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / script.FILE
    output.write_text("{", encoding="utf-8")
    assert script.main(["--output", str(output), "--check"]) == 2
    assert f"{script.FILE} cannot be read" in capsys.readouterr().err
