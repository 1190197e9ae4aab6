"""What is read of the other tools' output, which is theirs, shortened; and Pulumi as Terraform."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.comparison.terraform import PASSWORD, UnknownBlockError, terraform
from scripts.comparison.tools import UnreadError, of_cdk_nag, of_cfn_lint, of_checkov, of_trivy
from tests.harness import Program

DEFECT = "cases/backup-plan/avoid.yaml"
SOUND = "cases/backup-plan/prefer.yaml"


def test_cfn_lint_errors_and_warnings_are_taken_information_is_not() -> None:
    output = [
        {
            "Filename": file,
            "Id": "1b1ae8c8-33b3-3d1c-9c5c-2b2b0d1a6c55",
            "Level": level,
            "Location": {"Path": ["Resources", "Nightly"], "Start": {"LineNumber": 14}},
            "Message": "DeleteAfterDays 90 must be at least 90 days after 30",
            "Rule": {"Id": rule, "ShortDescription": "Check minimum 90 period"},
        }
        for file, level, rule in [
            (DEFECT, "Error", "E3504"),
            (DEFECT, "Error", "E3504"),
            (DEFECT, "Warning", "W3010"),
            (DEFECT, "Informational", "I3042"),
            (SOUND, "Warning", "W3010"),
        ]
    ]
    assert of_cfn_lint(json.dumps(output)) == {DEFECT: {"E3504", "W3010"}, SOUND: {"W3010"}}


def checkov(**results: object) -> str:
    return json.dumps(
        {
            "check_type": "cloudformation",
            "results": results,
            "summary": {"passed": 1, "failed": 1, "checkov_version": "3.3.30"},
        }
    )


def test_checkov_paths_lose_the_slash_that_it_puts_before_them() -> None:
    failed = {
        "check_id": "CKV_AWS_166",
        "check_name": "Ensure Backup Vault is encrypted at rest using KMS CMK",
        "check_result": {"result": "FAILED"},
        "file_path": f"/{DEFECT}",
        "resource": "AWS::Backup::BackupVault.Here",
        "severity": None,
    }
    assert of_checkov(checkov(failed_checks=[failed])) == {DEFECT: {"CKV_AWS_166"}}


def test_silence_about_a_template_that_was_not_read_is_no_answer() -> None:
    with pytest.raises(UnreadError, match=f"could not be read: {DEFECT}"):
        of_checkov(checkov(failed_checks=[], parsing_errors=[DEFECT]))
    with pytest.raises(UnreadError, match=f"could not be read: {DEFECT}"):
        of_cdk_nag(json.dumps({"findings": [], "raised": [], "unread": [DEFECT]}))
    with pytest.raises(UnreadError, match=f"could not be read: {DEFECT}"):
        of_trivy(json.dumps({"Results": [{"Target": SOUND}]}), [DEFECT, SOUND])


def test_trivy_names_a_module_of_terraform_by_its_directory() -> None:
    output = {"Results": [{"Target": "cases/s3-acl/avoid", "Class": "config"}]}
    assert of_trivy(json.dumps(output), ["cases/s3-acl/avoid/main.tf"]) == {}


def test_a_rule_of_cdk_nag_that_raises_has_said_nothing() -> None:
    raised = {"file": SOUND, "rule": "ELBLoggingEnabled", "resource": "Web"}
    found = {"file": DEFECT, "rule": "DynamoDBPITREnabled", "resource": "Orders"}
    output = json.dumps({"findings": [found], "raised": [raised], "unread": []})
    assert of_cdk_nag(output) == {DEFECT: {"DynamoDBPITREnabled"}}


def test_of_trivy_what_fails_is_taken() -> None:
    output = {
        "SchemaVersion": 2,
        "Results": [
            {
                "Target": DEFECT,
                "Class": "config",
                "Type": "cloudformation",
                "Misconfigurations": [
                    {"ID": "AWS-0053", "Severity": "HIGH", "Status": "FAIL"},
                    {"ID": "AWS-0052", "Severity": "HIGH", "Status": "PASS"},
                ],
            },
            {"Target": SOUND, "Class": "config", "Type": "cloudformation"},
        ],
    }
    assert of_trivy(json.dumps(output), [DEFECT, SOUND]) == {DEFECT: {"AWS-0053"}}


def in_terraform(text: str, tmp_path: Path) -> str:
    """A program in Terraform's language, but for its head."""
    file = tmp_path / "program.py"
    file.write_text(text, encoding="utf-8")
    program = Program.of_file(file, secrets={"masterPassword": PASSWORD})
    head, _, resources = terraform(program).partition('\nresource "')
    assert 'variable "password"' in head
    return f'resource "{resources}'


def test_terraform_has_the_resources_their_blocks_and_what_they_refer_to(tmp_path: Path) -> None:
    program = """
import pulumi
import pulumi_aws as aws

west = aws.Provider("west", region="us-west-2")
vpc = aws.ec2.Vpc("main-vpc", cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(provider=west))
igw = aws.ec2.InternetGateway("igw", vpc_id=vpc.id, opts=pulumi.ResourceOptions(provider=west))
aws.ec2.RouteTable(
    "public",
    vpc_id=vpc.id,
    routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": igw.id}],
    tags={"Name": "${public}"},
    opts=pulumi.ResourceOptions(provider=west, depends_on=[igw]),
)
"""
    assert sorted(in_terraform(program, tmp_path).split("\n\n")) == sorted(
        [
            'resource "aws_vpc" "main_vpc" {\n'
            "  provider = aws.west\n"
            '  cidr_block = "10.0.0.0/16"\n'
            "}",
            'resource "aws_internet_gateway" "igw" {\n'
            "  provider = aws.west\n"
            "  vpc_id = aws_vpc.main_vpc.id\n"
            "}",
            'resource "aws_route_table" "public" {\n'
            "  provider = aws.west\n"
            "  route {\n"
            '    cidr_block = "0.0.0.0/0"\n'
            "    gateway_id = aws_internet_gateway.igw.id\n"
            "  }\n"
            '  tags = { "Name" = "$${public}" }\n'
            "  vpc_id = aws_vpc.main_vpc.id\n"
            "}\n",
        ]
    )


def test_a_block_that_terraform_may_call_otherwise_is_not_written(tmp_path: Path) -> None:
    program = """
import pulumi_aws as aws

aws.s3.BucketLifecycleConfiguration(
    "logs",
    bucket="logs",
    rules=[
        {
            "id": "old",
            "status": "Enabled",
            "transitions": [{"days": 30, "storage_class": "GLACIER"}],
        }
    ],
)
"""
    with pytest.raises(UnknownBlockError, match="`transitions`"):
        in_terraform(program, tmp_path)


def test_terraform_waits_where_the_program_does_and_shows_no_secret(tmp_path: Path) -> None:
    program = """
import pulumi
import pulumi_aws as aws

logs = aws.s3.Bucket("logs")
orders = aws.rds.Cluster(
    "orders",
    engine="aurora-postgresql",
    master_username="orders",
    master_password=pulumi.Config().require_secret("masterPassword"),
    opts=pulumi.ResourceOptions(depends_on=[logs]),
)
aws.ssm.Parameter("where", type="String", value=pulumi.Output.concat("at ", logs.arn, "/*"))
"""
    text = in_terraform(program, tmp_path)
    assert "  master_password = var.password\n" in text
    assert "  depends_on = [aws_s3_bucket.logs]\n" in text
    assert '  value = "at ${aws_s3_bucket.logs.arn}/*"\n' in text
    assert PASSWORD not in text
