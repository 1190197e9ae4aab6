"""What a policy that does not read aws-native says of it: nothing, whatever the names in it."""

from __future__ import annotations

from typing import Any

import pytest

from policies import RULES
from policies.model.vocabulary import TERMS
from policies.testing import Stack
from tests import aws
from tests.support import run, verdict

NATIVE = {term.kind: token for token, term in TERMS.items() if token.startswith("aws-native:")}
UNREAD = [rule for rule in RULES if not rule.reads_native]


def test_rows_of_what_is_not_read_give_no_finding() -> None:
    tried = 0
    for rule in UNREAD:
        for row in rule.refusals:
            for kind in set(row.kinds) & set(NATIVE):
                stack = Stack()
                stack.add(NATIVE[kind], "one", dict(row.refused))
                assert {each.policy for each in run(stack)}.isdisjoint({rule.name}), row.id
                tried += 1
    assert tried


@pytest.mark.parametrize(
    "inputs",
    [
        {"versioningConfiguration": {"status": "Enabled"}},
        {"versioningConfiguration": {"status": "Suspended"}},
    ],
)
def test_the_versioning_of_a_native_bucket_is_not_guessed(inputs: dict[str, Any]) -> None:
    stack = Stack()
    rules = [{"status": "Enabled", "destination": {"bucket": "arn:aws:s3:::other"}}]
    given = {"bucketName": "app", "replicationConfiguration": {"rules": rules}, **inputs}
    native = aws.native(stack, "s3:Bucket", "app", given, named_by="arn")
    copies = [{"status": "Enabled", "destination": {"bucket": native.output("arn")}}]
    stack.add(
        "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
        "copies",
        {"bucket": "of-another-stack", "rules": copies},
    )
    assert [each for each in run(stack) if each.level == "mandatory"] == []


def test_whether_a_native_bucket_takes_acls_is_not_guessed() -> None:
    stack = Stack()
    controls = {"rules": [{"objectOwnership": "ObjectWriter"}]}
    given = {"bucketName": "app", "ownershipControls": controls}
    native = aws.native(stack, "s3:Bucket", "app", given, named_by="arn")
    inputs = {"bucket": native.output("bucketName"), "acl": "private"}
    stack.add("aws:s3/bucketAcl:BucketAcl", "acl", inputs)
    assert verdict(stack, "s3-acl") == "cannot tell acl"
