"""Keys that encrypt log groups: CloudWatch Logs uses them in its own name, so their policy must let
it in (Amazon CloudWatch Logs user guide, "Encrypt log data using AWS KMS"). The default policy of a
key names the account alone; grants do not help.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..model import Model
from ..model.policy_documents import Allowed
from ..model.references import possible
from ..model.resource import Resource
from ..model.resource_policies import let_in_by_key
from ..model.values import Absent, Known, Reading, Unknown, known_or_none
from ..model.vocabulary import LOG_GROUP
from ..rule import (
    Evidence,
    Level,
    Outcome,
    Settings,
    Severity,
    StackRule,
    Unverified,
    Violation,
)

_LOGS: Final = "logs."


def may_use_its_key(group: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """The key of a log group must let CloudWatch Logs in. Of a key outside the stack nothing is
    said."""
    keys = possible(model.stack.reference(group, "kmsKeyId"))
    policies = {key.urn: let_in_by_key(model.stack, key) for key in keys}
    if not keys:
        return
    if all(_shuts_out(policy) for policy in policies.values()):
        default = isinstance(policies[keys[0].urn], Absent)
        missing = (
            "the default key policy, which allows only the account"
            if default
            else "no statement of the policy allows CloudWatch Logs"
        )
        yield Violation(
            group,
            f"{group.label} is encrypted with {keys[0].label}, whose key policy does not allow "
            "CloudWatch Logs to use it:",
            chains=((group.label, keys[0].label, missing),),
            parties=keys,
        )
        return
    for key in keys:
        why = _doubt(policies[key.urn], key, group)
        if why:
            yield Unverified(group, why)
            return


def _shuts_out(policy: Reading[Allowed]) -> bool:
    match policy:
        case Known(allowed):
            return not allowed.has_anybody and not any(map(_is_logs, allowed.services))
    return isinstance(policy, Absent)


def _doubt(policy: Reading[Allowed], key: Resource, group: Resource) -> str | None:
    match policy:
        case Unknown(why):
            return f"whether {key.label} allows CloudWatch Logs to use it cannot be told: {why}"
        case Known(allowed) if not allowed.has_anybody:
            here = known_or_none(group.region)
            regions = {_region(each) for each in allowed.services if _is_logs(each)}
            if here and regions and None not in regions and here not in regions:
                return (
                    f"the policy of {key.label} allows CloudWatch Logs only in "
                    f"{', '.join(sorted(filter(None, regions)))}, and {group.label} is in {here}"
                )
    if _shuts_out(policy):
        return "it depends on which of several keys it names"
    return None


def _is_logs(service: str) -> bool:
    return _LOGS in service


def _region(service: str) -> str | None:
    """The region in the name of a principal; None where it is of all regions."""
    found = re.match(r"logs\.([a-z0-9-]+)\.amazonaws\.com", service)
    return found.group(1) if found else None


LOG_GROUP_KEY_POLICY = StackRule(
    name="log-group-key-policy",
    title="Keys that CloudWatch Logs may use",
    description="The key policy of a log group's KMS key must allow CloudWatch Logs to use the "
    "key.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=("aws", "cloudwatch", "kms"),
    evidence=(
        Evidence(
            "CreateLogGroup answers AccessDeniedException: The specified KMS key does not exist "
            "or is not allowed to be used with Arn 'arn:aws:logs:...:log-group:...'",
            "CreateLogGroup and AssociateKmsKey, public deployment logs",
            "2026-11-26",
        ),
    ),
    fix="Add a statement to the key policy that allows logs.REGION.amazonaws.com the actions "
    "kms:Encrypt*, kms:Decrypt*, kms:ReEncrypt*, kms:GenerateDataKey* and kms:Describe*.",
    in_doubt="state the key policy as a text that is known before the deployment",
    kinds=(LOG_GROUP,),
    check=may_use_its_key,
)
