"""What is read of the other tools' output. The outputs are theirs, shortened."""

from __future__ import annotations

import json

import pytest

from scripts.comparison.tools import UnreadError, of_cdk_nag, of_cfn_lint, of_checkov, of_trivy

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
    assert of_trivy(json.dumps(output)) == {DEFECT: {"AWS-0053"}}
    assert of_trivy(json.dumps({"SchemaVersion": 2})) == {}
