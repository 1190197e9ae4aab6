"""Whom the policies of a key or a bucket let in.

A policy may stand in the resource or in another one of the stack, which then counts beside it:
which of two is there in the end nothing tells.
"""

from __future__ import annotations

from .policy_documents import Allowed, allowed
from .resource import Resource
from .stack import Stack
from .values import Absent, Known, Reading, Unknown
from .vocabulary import BUCKET_POLICY, KMS_KEY_POLICY


def let_in_by_key(stack: Stack, key: Resource) -> Reading[Allowed]:
    """Whom a key lets in; absent where it has the default policy, which names its account alone
    (AWS KMS developer guide, "Default key policy")."""
    return _let_in(stack, key, "keyId", KMS_KEY_POLICY)


def let_in_by_bucket(stack: Stack, bucket: Resource, action: str) -> Reading[Allowed]:
    """Whom a bucket may allow the action; absent where it has no policy."""
    return _let_in(stack, bucket, "bucket", BUCKET_POLICY, action)


def _let_in(
    stack: Stack, resource: Resource, named_by: str, kind: str, action: str | None = None
) -> Reading[Allowed]:
    beside = list(stack.naming(resource, named_by, kind))
    for each, is_sure in beside:
        if not is_sure:
            return Unknown(f"whether {each.label} is for {resource.label} is not known")
    everybody: Allowed | None = None
    for each in (resource, *(each for each, _ in beside)):
        if each.leaves_as_it_is("policy"):
            return Unknown(f"changes of the policy of {each.label} are ignored")
        match allowed(each.declared_tree("policy"), action):
            case Known(here):
                everybody = here if everybody is None else everybody | here
            case Unknown(why):
                return Unknown(f"the policy of {each.label} is {why}")
    if everybody is not None:
        return Known(everybody)
    if resource.is_new:
        return Absent()
    return Unknown(f"{resource.label} exists, and this stack does not state its policy")
