"""Flow logs that EC2 takes: each destination with what it needs, and nothing that it does not."""

from __future__ import annotations

from typing import Final

from ..model.inputs import Block
from ..model.truth import Truth
from ..model.vocabulary import FLOW_LOG
from ..refusal import Refusal
from ..rule import Evidence

_TESTED: Final = (
    "https://github.com/badmintoncryer/cdk-preflight (pf-ec2-flow-log-destination-config)"
)


def _goes_to_cloudwatch(log: Block) -> Truth:
    """The provider's default is `cloud-watch-logs`."""
    return log.lacks("logDestinationType") | log.says("logDestinationType", "cloud-watch-logs")


def _goes_to_s3(log: Block) -> Truth:
    return log.says("logDestinationType", "s3")


REFUSED: Final = (
    Refusal(
        id="flow-log-without-role",
        kinds=(FLOW_LOG,),
        says="is delivered to CloudWatch Logs, but has no iamRoleArn",
        when=lambda log: _goes_to_cloudwatch(log) & log.lacks("iamRoleArn"),
        evidence=Evidence(
            "CreateFlowLogs answers: DeliverLogsPermissionArn can't be empty if "
            "LogDestinationType is cloud-watch-logs.",
            f"CreateFlowLogs; {_TESTED}",
            "2026-09-08",
        ),
        fix="Set iamRoleArn to a role that may write to the log group.",
        refused={"logDestination": "arn:aws:logs:us-east-1:111122223333:log-group:flows"},
        accepted=(
            {"iamRoleArn": "arn:aws:iam::111122223333:role/flows"},
            {"logDestinationType": "s3", "logDestination": "arn:aws:s3:::flows"},
        ),
        whatever=("logDestination",),
    ),
    Refusal(
        id="flow-log-without-bucket",
        kinds=(FLOW_LOG,),
        says="is delivered to S3, but has no logDestination",
        when=lambda log: _goes_to_s3(log) & log.lacks("logDestination"),
        evidence=Evidence(
            "CreateFlowLogs answers: LogDestination can't be empty if LogGroupName is not "
            "provided.",
            f"CreateFlowLogs; {_TESTED}",
            "2026-09-08",
        ),
        fix="Set logDestination to the ARN of the bucket.",
        refused={"logDestinationType": "s3"},
        accepted=({"logDestinationType": "s3", "logDestination": "arn:aws:s3:::flows"},),
    ),
    Refusal(
        id="flow-log-role-for-bucket",
        kinds=(FLOW_LOG,),
        says="is delivered to S3, but has an iamRoleArn, which is for other destinations",
        when=lambda log: _goes_to_s3(log) & log.sets("iamRoleArn"),
        evidence=Evidence(
            "CreateFlowLogs answers InvalidParameter: DeliverLogsPermissionArn is not applicable "
            "for s3 delivery",
            "CreateFlowLogs, public deployment logs",
            "2026-11-26",
        ),
        fix="Remove iamRoleArn: the bucket policy permits the delivery.",
        refused={
            "logDestinationType": "s3",
            "logDestination": "arn:aws:s3:::flows",
            "iamRoleArn": "arn:aws:iam::111122223333:role/flows",
        },
        accepted=({"logDestinationType": "s3", "logDestination": "arn:aws:s3:::flows"},),
        whatever=("logDestination", "iamRoleArn"),
    ),
)
