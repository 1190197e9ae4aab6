"""What has been judged of the properties of pulumi-aws, and the script that makes the table."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from policies.model import data_files, vocabulary
from policies.model.data_files import DATA_DIRECTORY
from policies.model.regions.regional_references import local_properties
from policies.model.vocabulary import KMS_KEY, LISTENER, LOAD_BALANCER, SUBNET, TARGET_GROUP, VPC
from scripts import make_region_local_properties as script
from scripts.region_judgements import (
    JudgementError,
    Judgements,
    Lookup,
    Reason,
    names_something,
)
from scripts.sdk_inputs import Input, SdkInputs

CLUSTER = "aws:rds/cluster:Cluster"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
FUNCTION = "aws:lambda/function:Function"
PEERING = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
SERVICE = "aws:ecs/service:Service"
TABLE = "aws:dynamodb/table:Table"
TRAIL = "aws:cloudtrail/trail:Trail"


@cache
def installed() -> SdkInputs:
    return SdkInputs(script.installed())


@cache
def all_inputs() -> list[Input]:
    return list(installed().all())


class ReadOnce(SdkInputs):
    """The installed SDK, which takes seconds to read."""

    def all(self) -> Iterator[Input]:
        return iter(all_inputs())


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "SdkInputs", ReadOnce)


@pytest.fixture
def inputs() -> list[Input]:
    return all_inputs()


@pytest.fixture(scope="module")
def judgements() -> Judgements:
    return Judgements()


# --- what has been judged ------------------------------------------------------------------------


def test_every_property_that_names_something_is_judged(
    inputs: list[Input], judgements: Judgements
) -> None:
    """Where this fails, pulumi-aws has properties that nobody has looked at. Add each of them to
    scripts/region_judgements.json, as a row where AWS surely looks in one region, else with the
    reason, and run scripts/make_region_local_properties.py."""
    assert [each.whole for each in script.unjudged(inputs, judgements)] == []


def test_the_table_is_what_the_script_makes(inputs: list[Input], judgements: Judgements) -> None:
    made = script.rows(inputs, judgements)
    shipped = local_properties()
    for kind, properties in made.items():
        for path, said in properties.items():
            assert said.targets == shipped[kind][path].targets, f"{kind}.{path}: run the script"
    script.refuse_unknown(made, installed().tokens())


def test_the_judgements_are_about_the_version_that_they_were_made_from(
    inputs: list[Input], judgements: Judgements
) -> None:
    """With another version some may be about what came or went."""
    shipped = data_files.read(script.FILE)
    source = data_files.text(data_files.mapping(shipped["source"], "source"), "name")
    if source.endswith(f" {installed().version}"):
        assert list(judgements.without_use(inputs)) == []
        assert shipped["judged"] == script.without_a_row(inputs, judgements)
        rows = {kind: set(paths) for kind, paths in script.rows(inputs, judgements).items()}
        assert rows == {kind: set(paths) for kind, paths in local_properties().items()}


def test_every_reason_is_told_in_a_sentence() -> None:
    for reason in Reason:
        assert reason.sentence.endswith(".")
        assert reason.sentence[0].isupper()


def test_the_readme_and_the_page_say_how_many_there_are() -> None:
    counted = data_files.mapping(data_files.read(script.FILE)["judged"], "judged")
    root = DATA_DIRECTORY.parents[1]
    readme, notes = (
        " ".join((root / name).read_text(encoding="utf-8").split())
        for name in ("README.md", "docs/notes/region-local-references.md")
    )
    rows = sum(map(len, local_properties().values()))
    native = [
        token
        for token, term in vocabulary.TERMS.items()
        if token.startswith("aws-native:") and term.kind in local_properties()
    ]
    for text in (readme, notes):
        assert f"{rows:,} properties of {len(local_properties())} types of `aws`" in text
        assert f"the same of {len(native)} types of `aws-native`" in text
        assert f"{sum(int(str(each)) for each in counted.values()):,}" in text
    for reason in Reason:
        assert f"| {counted[reason.value]:,} | {reason.sentence} |" in notes


@pytest.mark.parametrize(
    ("token", "path", "targets"),
    [
        (SUBNET, "vpcId", (VPC,)),
        (PEERING, "vpcId", (VPC,)),
        (LISTENER, "defaultActions.targetGroupArn", (TARGET_GROUP,)),
        (LISTENER, "defaultActions.forward.targetGroups.arn", (TARGET_GROUP,)),
        (SERVICE, "networkConfiguration.subnets", (SUBNET,)),
        ("aws:wafv2/webAcl:WebAcl", "rules.statement.ipSetReferenceStatement.arn",
         ("aws:wafv2/ipSet:IpSet",)),
    ],
)  # fmt: skip
def test_a_property_of_the_same_region_has_its_targets(
    judgements: Judgements, token: str, path: str, targets: tuple[str, ...]
) -> None:
    said = judgements.of(Input(token, path, ""))
    assert isinstance(said, Lookup)
    assert said.targets == targets


@pytest.mark.parametrize(
    ("token", "path"),
    [(CLUSTER, "kmsKeyId"), ("aws:ec2/instance:Instance", "rootBlockDevice.kmsKeyId")],
)
def test_a_key_counts_where_data_rests(judgements: Judgements, token: str, path: str) -> None:
    said = judgements.of(Input(token, path, ""))
    assert isinstance(said, Lookup)
    assert KMS_KEY in said.targets


@pytest.mark.parametrize(
    ("token", "path", "reason"),
    [
        (PEERING, "peerVpcId", Reason.ANOTHER_POLICY),
        (SUBNET, "availabilityZone", Reason.ANOTHER_POLICY),
        (CLUSTER, "globalClusterIdentifier", Reason.CROSSES_REGIONS),
        (CLUSTER, "replicationSourceIdentifier", Reason.CROSSES_REGIONS),
        (CLUSTER, "clusterIdentifier", Reason.OWN_NAME),
        (CLUSTER, "iamRoles", Reason.NO_REGION),
        ("aws:rds/proxy:Proxy", "auths.secretArn", Reason.CROSSES_REGIONS),
        ("aws:rds/snapshotCopy:SnapshotCopy", "optionGroupName", Reason.CROSSES_REGIONS),
        (DISTRIBUTION, "webAclId", Reason.GLOBAL_SERVICE),
        ("aws:cognito/userPoolDomain:UserPoolDomain", "certificateArn", Reason.FIXED_REGION),
        ("aws:secretsmanager/secret:Secret", "replicas.kmsKeyId", Reason.ACCEPTED),
        ("aws:kms/replicaKey:ReplicaKey", "primaryKeyArn", Reason.CROSSES_REGIONS),
        ("aws:sns/topicSubscription:TopicSubscription", "endpoint", Reason.CROSSES_REGIONS),
        # A directory of several regions has one id in all of them.
        ("aws:workspaces/directory:Directory", "directoryId", Reason.CROSSES_REGIONS),
        # A replicator has clusters of two regions, each in subnets of its own.
        ("aws:msk/replicator:Replicator", "kafkaClusters.vpcConfig.subnetIds",
         Reason.CROSSES_REGIONS),
        ("aws:networkmanager/vpcAttachment:VpcAttachment", "vpcArn", Reason.GLOBAL_SERVICE),
        (TABLE, "replicas.streamArn", Reason.REPORTED),
        (TRAIL, "kmsKeyId", Reason.WHERE_THE_DATA_GO),
        (FUNCTION, "codeSigningConfigArn", Reason.UNVERIFIED),
    ],
)  # fmt: skip
def test_a_property_without_a_row_has_a_reason(
    judgements: Judgements, token: str, path: str, reason: Reason
) -> None:
    assert judgements.of(Input(token, path, "")) is reason


@pytest.mark.parametrize(
    ("token", "path", "more"),
    [
        (TABLE, "replicas.kmsKeyArn", {"region": "replicas.regionName"}),
        (LOAD_BALANCER, "accessLogs.bucket", {"where": {"accessLogs.enabled": "true"}}),
        ("aws:sqs/queue:Queue", "redrivePolicy", {"json_key": "deadLetterTargetArn"}),
        (
            "aws:s3/bucketNotification:BucketNotification",
            "queues.queueArn",
            {"region_of": "bucket"},
        ),
    ],
)
def test_a_row_says_when_and_where_aws_looks(
    judgements: Judgements, token: str, path: str, more: dict[str, object]
) -> None:
    said = judgements.of(Input(token, path, ""))
    assert isinstance(said, Lookup)
    assert said.more == more


def test_the_table_is_in_the_words_of_the_vocabulary() -> None:
    for kind, properties in local_properties().items():
        named = (each for row in properties.values() for each in row.targets)
        for token in (kind, *named):
            assert vocabulary.term_of(token).kind == token


def test_two_tokens_of_one_thing_share_a_row() -> None:
    assert "aws:alb/listener:Listener" not in local_properties()


# --- what names something ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("vpcId", "", True),
        ("vpcs.subnetIds", "", True),
        ("kmsKeyArn", "", True),
        ("clusterIdentifier", "", True),
        ("id", "", True),
        ("restApi", "ID of the associated REST API.", True),
        ("role", "Amazon Resource Name of the role", True),
        ("engineMode", "Mode of the engine.", False),
        ("cidrBlock", "Whether it is valid", False),
    ],
)
def test_a_property_names_something_by_its_name_or_its_documentation(
    name: str, text: str, expected: bool
) -> None:
    assert names_something(Input("aws:x/y:Y", name, text)) is expected


# --- entries -------------------------------------------------------------------------------------


def judged(tmp_path: Path, **said: object) -> Judgements:
    """Judgements of one's own."""
    whole = {"source": {"name": "a test"}, "kinds": {}, "rows": {}, "without_a_row": {}}
    path = tmp_path / "judgements.json"
    path.write_text(json.dumps({**whole, "unverified": {}, **said}), encoding="utf-8")
    return Judgements(path)


def test_the_narrower_entry_counts(tmp_path: Path) -> None:
    made = judged(
        tmp_path,
        rows={"* vpcId": [VPC], "aws:a/b:B inner.vpcId": [SUBNET]},
        without_a_row={"global-service": ["a"], "no-region": ["* *Id"], "own-name": ["c vpcId"]},
    )

    def of(token: str, path: str) -> object:
        said = made.of(Input(token, path, ""))
        return said.targets if isinstance(said, Lookup) else said

    assert of("aws:x/y:Y", "deep.vpcId") == (VPC,)
    assert of("aws:x/y:Y", "otherId") is Reason.NO_REGION
    assert of("aws:a/y:Y", "vpcId") is Reason.GLOBAL_SERVICE
    assert of("aws:c/y:Y", "vpcId") is Reason.OWN_NAME
    assert of("aws:a/b:B", "inner.vpcId") == (SUBNET,)
    assert of("aws:x/y:Y", "name") is None


def test_what_is_judged_twice_is_refused(tmp_path: Path) -> None:
    made = judged(tmp_path, rows={"a vpcId": [VPC]}, without_a_row={"no-region": ["a vpcId"]})
    with pytest.raises(JudgementError, match=r"aws:a/b:B.vpcId is judged twice"):
        made.of(Input("aws:a/b:B", "vpcId", ""))


def test_a_reason_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="because"):
        judged(tmp_path, without_a_row={"because": ["a"]})


# --- the command ---------------------------------------------------------------------------------


def test_the_file_says_where_it_comes_from_and_of_which_day(tmp_path: Path) -> None:
    output = tmp_path / script.FILE
    assert script.main(["--output", str(output), "--as-of", "2026-11-24"]) == 0
    made = json.loads(output.read_text(encoding="utf-8"))
    assert made["source"]["date"] == "2026-11-24"
    assert made["source"]["name"].startswith("input properties of pulumi-aws 7.")
    assert list(made["types"]) == sorted(made["types"])
    assert list(made["judged"]) == [reason.value for reason in Reason]
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
    assert f"{LISTENER}.certificateArn: different" in said
    assert f"{CLUSTER}.gone: gone" in said
    assert "is stale" in said


NEW = Input("aws:lambda/function:Function", "somewhere.newThingArn", "")


class NewerSdk(ReadOnce):
    """The installed SDK with a property that came since."""

    def all(self) -> Iterator[Input]:
        yield from super().all()
        yield NEW


def test_a_new_property_is_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script, "SdkInputs", NewerSdk)
    assert script.main(["--output", str(tmp_path / script.FILE)]) == 2
    said = capsys.readouterr().err
    assert f"nobody has judged {NEW.whole}. Add each to region_judgements.json" in said
    assert script.main(["--unjudged"]) == 0
    assert capsys.readouterr().out.split() == [NEW.whole]


def test_a_slip_in_the_hand_written_part_is_refused(tmp_path: Path) -> None:
    made = judged(tmp_path, rows={"* vpcId": ["aws:ec2/vcp:Vcp"]})
    found = script.rows([Input(SUBNET, "vpcId", "")], made)
    with pytest.raises(script.TableError, match="what pulumi-aws does not have: aws:ec2/vcp:Vcp"):
        script.refuse_unknown(found, [SUBNET])


def test_an_entry_that_is_about_nothing_is_told(tmp_path: Path) -> None:
    made = judged(tmp_path, rows={"* vpcId": [VPC], "aws:ec2/subnet:Subnet gone": [VPC]})
    assert list(made.without_use([Input(SUBNET, "vpcId", "")])) == ["aws:ec2/subnet:Subnet gone"]


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
