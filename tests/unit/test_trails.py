"""cloudtrail-bucket-policy: whether CloudTrail may write to the bucket of a trail."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Stack
from tests.support import findings, first_verdicts, verdict, verdicts

POLICY = "cloudtrail-bucket-policy"
CLOUDTRAIL = {"Service": "cloudtrail.amazonaws.com"}


def document(principal: Any, effect: str = "Allow", **said: Any) -> str:
    return json.dumps({"Statement": [{"Effect": effect, "Principal": principal, **said}]})


def trail(
    policy: Any = None,
    of: Any = None,
    inline: Any = None,
    bucket_name: Any = None,
    account: str | None = None,
) -> Stack:
    """A trail that writes to a bucket with these policies."""
    stack = Stack()
    inputs = {"bucket": "logs", **({} if inline is None else {"policy": inline})}
    computed = {"arn": "arn:aws:s3:::logs"}
    bucket = stack.add("aws:s3/bucket:Bucket", "logs", inputs, computed=computed)
    if account is not None:
        bucket.provider = {"region": "us-east-1", "allowedAccountIds": [account]}
    waits: list[Made] = []
    if policy is not None:
        said = {"bucket": bucket.id if of is None else of, "policy": policy}
        waits.append(stack.add("aws:s3/bucketPolicy:BucketPolicy", "access", said))
    name = bucket.output("bucket") if bucket_name is None else bucket_name
    stack.add("aws:cloudtrail/trail:Trail", "audit", {"s3BucketName": name}, depends_on=waits)
    return stack


@pytest.mark.parametrize(
    "stack",
    [
        pytest.param(trail(), id="no policy"),
        pytest.param(trail(document("*", "Deny")), id="a policy that denies only"),
        pytest.param(trail(document({"Service": "config.amazonaws.com"})), id="other service"),
        pytest.param(trail(inline=document({"Service": "s3.amazonaws.com"})), id="inline"),
        pytest.param(trail(document(CLOUDTRAIL), of="other"), id="policy of another bucket"),
        pytest.param(trail(document(CLOUDTRAIL, Action="s3:GetBucketAcl")), id="to read the ACL"),
        pytest.param(
            trail(document({"AWS": "113285607260"}, Action=["s3:Get*", "s3:List*"])),
            id="an account, to read",
        ),
        pytest.param(
            trail(document({"AWS": "arn:aws:iam::111122223333:root"}), account="111122223333"),
            id="its own account",
        ),
    ],
)
def test_a_bucket_that_shuts_cloudtrail_out_is_rejected(stack: Stack) -> None:
    assert verdicts(stack, POLICY) == {"rejects audit"}
    assert findings(stack) == {(POLICY, "audit")}


@pytest.mark.parametrize(
    "stack",
    [
        pytest.param(trail(document(CLOUDTRAIL)), id="cloudtrail"),
        pytest.param(trail(document("*")), id="anybody"),
        pytest.param(trail(document({"AWS": "arn:aws:iam::113285607260:root"})), id="account"),
        pytest.param(
            trail(document({"AWS": ["111122223333", "113285607260"]}), account="111122223333"),
            id="two accounts",
        ),
        pytest.param(trail(document(CLOUDTRAIL, Action="s3:putobject")), id="to write"),
        pytest.param(trail(document(CLOUDTRAIL, Action=["s3:Get*", "s3:P*"])), id="to do more"),
        pytest.param(trail(document(CLOUDTRAIL, NotAction="s3:Get*")), id="all but some"),
        pytest.param(trail(inline=document(CLOUDTRAIL)), id="inline"),
        pytest.param(trail(UNKNOWN), id="unknown"),
        pytest.param(trail(document(CLOUDTRAIL), of=UNKNOWN), id="policy of some bucket"),
        pytest.param(trail(bucket_name="outside"), id="outside"),
        pytest.param(trail(bucket_name=UNKNOWN), id="unknown bucket"),
        pytest.param(trail(bucket_name=7), id="malformed"),
    ],
)
def test_what_may_let_cloudtrail_in_passes(stack: Stack) -> None:
    assert first_verdicts(stack, POLICY) == {"passes"}


def test_a_bucket_that_exists_may_have_a_policy() -> None:
    stack = trail()
    assert verdict(stack, POLICY, existing=stack.resources[:1]) == "passes"
