"""s3-versioning and s3-acl: what a stack says of its buckets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Secret, Stack
from tests.support import findings, first_verdicts, run, verdict, verdicts

VERSIONING = "s3-versioning"
ACL = "s3-acl"
Build = Callable[[Stack], None]


def bucket(stack: Stack, name: str, *, v2: bool = False, **inputs: Any) -> Made:
    """A bucket as the provider shows it: named by Pulumi, with what AWS says of versioning."""
    given = {"bucket": f"{name}-1a2b3c4", **inputs}
    shown = {"versioning": {"enabled": False}, "replicationConfiguration": None, "policy": ""}
    return stack.add(
        "aws:s3/bucketV2:BucketV2" if v2 else "aws:s3/bucket:Bucket",
        name,
        given,
        computed={
            "arn": f"arn:aws:s3:::{given['bucket']}",
            **{said: value for said, value in shown.items() if said not in given and not v2},
        },
    )


def versioned(
    stack: Stack, home: Made | Output | str, status: Any = "Enabled", v2: bool = False
) -> Made:
    name = home.name if isinstance(home, Made) else "some"
    return stack.add(
        f"aws:s3/bucketVersioning{'V2' if v2 else ''}:BucketVersioning{'V2' if v2 else ''}",
        f"{name}-versioning",
        {
            "bucket": home.output("bucket") if isinstance(home, Made) else home,
            "versioningConfiguration": {"status": status},
        },
    )


def rule(to: Any) -> dict[str, Any]:
    return {"status": "Enabled", "destination": {"bucket": to}}


def replicated(stack: Stack, home: Any, *rules: dict[str, Any]) -> Made:
    inputs = {"bucket": home, "role": "arn:aws:iam::111122223333:role/copy", "rules": list(rules)}
    kind = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
    before = [each for each in stack.resources if "Versioning" in each.type]
    return stack.add(kind, "copies", inputs, depends_on=before)


def pair(
    source: Callable[[Stack, Made], Any] = versioned,
    copy: Callable[[Stack, Made], Any] = versioned,
    **said: Any,
) -> Build:
    """Two buckets, one of which replicates to the other; what gives them versioning."""

    def build(stack: Stack) -> None:
        here, there = bucket(stack, "here", **said), bucket(stack, "there", **said)
        source(stack, here)
        copy(stack, there)
        replicated(stack, here.output("bucket"), rule(there.output("arn")))

    return build


def not_at_all(stack: Stack, home: Made) -> None:
    return None


def suspended(stack: Stack, home: Made) -> None:
    versioned(stack, home, "Suspended")


def hidden(stack: Stack, home: Made) -> None:
    versioned(stack, home, UNKNOWN)


def with_the_old_name(stack: Stack, home: Made) -> None:
    versioned(stack, home, v2=True)


def by_its_literal_name(stack: Stack) -> None:
    here, there = bucket(stack, "here", bucket="here"), bucket(stack, "there", bucket="there")
    versioned(stack, here)
    assert there.name == "there"
    replicated(stack, "here", rule("arn:aws:s3:::there"))


def one_of_two_unversioned_copies(stack: Stack) -> None:
    here = bucket(stack, "here")
    versioned(stack, here)
    either = Output.all(*(bucket(stack, name).output("arn") for name in ("there", "too")))
    replicated(stack, here.id, rule(either.element(0)))


def inline(said: dict[str, Any] | None, v2: bool = False, beside: bool = False) -> Build:
    """A bucket with replication in itself, and perhaps a BucketVersioning beside it."""

    def build(stack: Stack) -> None:
        there = bucket(stack, "there")
        versioned(stack, there)
        rules: dict[str, Any]
        if v2:
            block = {"status": "Enabled", "destinations": [{"bucket": there.output("arn")}]}
            rules = {"replicationConfigurations": [{"rules": [block]}]}
        else:
            rules = {"replicationConfiguration": {"rules": [rule(there.output("arn"))]}}
        here = bucket(stack, "here", v2=v2, **rules, **(said or {}))
        if beside:
            versioned(stack, here)

    return build


def inline_to_an_unversioned_bucket(stack: Stack) -> None:
    there = bucket(stack, "there")
    rules = {"rules": [rule(there.output("arn"))]}
    bucket(stack, "here", replicationConfiguration=rules, versioning={"enabled": True})


def locked(*made: Callable[[Stack, Made], Any], v2: str = "", **said: Any) -> Build:
    def build(stack: Stack) -> None:
        home = bucket(stack, "vault", **said)
        for each in made:
            each(stack, home)
        stack.add(
            f"aws:s3/bucketObjectLockConfiguration{v2}:BucketObjectLockConfiguration{v2}",
            "lock",
            {"bucket": home.id, "rule": {"defaultRetention": {"days": 1}}},
        )

    return build


@pytest.mark.parametrize(
    ("build", "subject"),
    [
        pytest.param(pair(copy=not_at_all), "copies", id="copy"),
        pytest.param(pair(source=not_at_all), "copies", id="source"),
        pytest.param(pair(copy=suspended), "copies", id="suspended"),
        pytest.param(pair(copy=not_at_all, v2=True), "copies", id="V2"),
        pytest.param(by_its_literal_name, "copies", id="literal"),
        pytest.param(one_of_two_unversioned_copies, "copies", id="either"),
        pytest.param(inline(None), "here", id="inline"),
        pytest.param(inline({"versioning": {"enabled": False}}), "here", id="inline, off"),
        pytest.param(inline(None, v2=True), "here", id="inline V2"),
        pytest.param(inline(None, beside=True), "here", id="inline, versioning beside"),
        pytest.param(inline_to_an_unversioned_bucket, "here", id="inline to unversioned"),
        pytest.param(locked(), "lock", id="lock"),
        pytest.param(locked(suspended, v2="V2"), "lock", id="lock V2"),
    ],
)
def test_what_needs_versioning_and_has_none_is_rejected(build: Build, subject: str) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, VERSIONING) == {f"rejects {subject}"}
    assert {policy for policy, _ in findings(stack)} == {VERSIONING}


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(pair(), id="both"),
        pytest.param(pair(with_the_old_name, with_the_old_name), id="BucketVersioningV2"),
        pytest.param(
            pair(not_at_all, not_at_all, versioning={"enabled": True}), id="in the buckets"
        ),
        pytest.param(
            pair(not_at_all, not_at_all, v2=True, versionings=[{"enabled": True}]),
            id="in the buckets, V2",
        ),
        pytest.param(pair(not_at_all, not_at_all, objectLockEnabled=True), id="object lock"),
        pytest.param(inline({"versioning": {"enabled": True}}), id="inline"),
        pytest.param(inline({"versioning": {"enabled": UNKNOWN}}), id="inline, unknown"),
        pytest.param(inline({"versionings": [{"enabled": True}]}, v2=True), id="inline V2"),
        pytest.param(locked(versioned), id="lock"),
        pytest.param(locked(objectLockEnabled=True), id="lock enabled"),
        pytest.param(
            lambda stack: replicated(stack, "outside", rule("arn:aws:s3:::elsewhere")),
            id="outside",
        ),
        pytest.param(lambda stack: replicated(stack, UNKNOWN, rule(UNKNOWN)), id="unknown"),
        pytest.param(lambda stack: bucket(stack, "alone"), id="a bucket alone"),
    ],
)
def test_what_is_versioned_or_elsewhere_passes(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, VERSIONING) == {"passes"}


def some_copies(stack: Stack) -> None:
    """One of two buckets, and only one of them is versioned."""
    here, there = bucket(stack, "here"), bucket(stack, "there")
    versioned(stack, here)
    versioned(stack, there)
    either = Output.all(there.output("arn"), bucket(stack, "too").output("arn"))
    replicated(stack, here.id, rule(either.element(0)))


def versioning_of_some_bucket(stack: Stack) -> None:
    pair(copy=not_at_all)(stack)
    versioned(stack, UNKNOWN)


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(pair(copy=hidden), id="status"),
        pytest.param(some_copies, id="one of two"),
        pytest.param(versioning_of_some_bucket, id="versioning of some bucket"),
        pytest.param(pair(not_at_all, not_at_all, versioning={"enabled": UNKNOWN}), id="flag"),
    ],
)
def test_what_is_not_known_is_told_as_such(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert first_verdicts(stack, VERSIONING) == {"cannot tell copies"}


def test_a_bucket_that_exists_may_be_versioned_by_hand() -> None:
    stack = Stack()
    pair(not_at_all, not_at_all)(stack)
    existing = stack.resources[:2]
    assert verdict(stack, VERSIONING, existing=existing) == "cannot tell copies"


def test_a_new_bucket_that_an_old_configuration_is_to_replicate_to_is_asked_about() -> None:
    stack = Stack()
    pair(copy=not_at_all)(stack)
    there = next(each for each in stack.resources if each.name == "there")
    existing = [each for each in stack.resources if each is not there]
    assert verdict(stack, VERSIONING, existing=existing) == "rejects copies"


def test_a_secret_is_read_like_any_value() -> None:
    stack = Stack()
    here, there = bucket(stack, "here"), bucket(stack, "there")
    versioned(stack, here)
    replicated(stack, here.id, rule(Secret(there.output("arn"))))
    assert verdict(stack, VERSIONING) == "rejects copies"


@pytest.mark.parametrize("value", [None, [], "", 7, "x", [None], {"x": None}])
def test_malformed_rules_neither_fail_nor_reject(value: Any) -> None:
    stack = Stack()
    here = bucket(stack, "here")
    versioned(stack, here)
    stack.add(
        "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
        "copies",
        {"bucket": here.id, "rules": value},
    )
    bucket(stack, "old", replicationConfiguration={"rules": value}, versioning={"enabled": True})
    bucket(stack, "older", replicationConfiguration=value, versioning={"enabled": True})
    assert verdict(stack, VERSIONING) == "passes"


def test_the_message_leads_to_the_bucket_and_quotes_s3() -> None:
    stack = Stack()
    pair(copy=not_at_all)(stack)
    (message,) = [each.message for each in run(stack) if each.policy == VERSIONING]
    assert "replicates to bucket there, which is not versioned" in message
    assert "bucket there -> nothing in this stack enables its versioning" in message
    assert "Destination bucket must have versioning enabled." in message


# --- ACLs ----------------------------------------------------------------------------------------


def with_acl(ownership: Any = None, v2: str = "", of: Any = None) -> Stack:
    """A bucket with an ACL, and controls that say this of ownership."""
    stack = Stack()
    home = bucket(stack, "logs")
    if ownership is not None:
        stack.add(
            "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
            "owner",
            {"bucket": home.id if of is None else of, "rule": {"objectOwnership": ownership}},
        )
    stack.add(f"aws:s3/bucketAcl{v2}:BucketAcl{v2}", "acl", {"bucket": home.id, "acl": "private"})
    return stack


@pytest.mark.parametrize(
    "stack",
    [
        pytest.param(with_acl(), id="no controls"),
        pytest.param(with_acl(v2="V2"), id="V2"),
        pytest.param(with_acl("BucketOwnerEnforced"), id="enforced"),
        pytest.param(with_acl("ObjectWriter", of="another"), id="controls of another bucket"),
    ],
)
def test_an_acl_of_a_bucket_without_acls_is_rejected(stack: Stack) -> None:
    assert verdicts(stack, ACL) == {"rejects acl"}
    assert findings(stack) == {(ACL, "acl")}


@pytest.mark.parametrize("ownership", ["BucketOwnerPreferred", "ObjectWriter"])
def test_an_acl_of_a_bucket_that_takes_acls_passes(ownership: str) -> None:
    assert verdicts(with_acl(ownership), ACL) == {"passes"}


@pytest.mark.parametrize("stack", [with_acl(UNKNOWN), with_acl("ObjectWriter", of=UNKNOWN)])
def test_ownership_that_is_not_known_is_told(stack: Stack) -> None:
    assert first_verdicts(stack, ACL) == {"cannot tell acl"}


def test_a_bucket_that_exists_may_take_acls_since_ever() -> None:
    stack = with_acl()
    assert verdict(stack, ACL, existing=stack.resources[:1]) == "cannot tell acl"


def test_an_acl_of_a_bucket_outside_the_stack_passes() -> None:
    stack = Stack()
    stack.add("aws:s3/bucketAcl:BucketAcl", "acl", {"bucket": "outside", "acl": "private"})
    stack.add("aws:s3/bucketAcl:BucketAcl", "other", {"bucket": UNKNOWN, "acl": "private"})
    assert verdicts(stack, ACL) == {"passes"}
