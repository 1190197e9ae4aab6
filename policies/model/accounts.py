"""Whether two resources are in one AWS account, as far as their providers tell.

Providers of two regions differ by their region alone when they are of one account. Where nothing
names the account, equal credentials do, unless the providers are told of different accounts that
they may or may not work in: then nobody can tell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from .arns import account_of
from .resource import Provider, Resource
from .values import UNKNOWN, Tree

_CHOOSE_ACCOUNT: Final = (
    *("accessKey", "secretKey", "token", "profile"),
    *("assumeRole", "assumeRoles", "assumeRoleWithWebIdentity"),
    *("sharedConfigFiles", "sharedCredentialsFiles", "sharedCredentialsFile"),
    *("allowedAccountIds", "forbiddenAccountIds", "endpoints"),
)
"""The inputs of a provider that choose the account, or limit the choice (pulumi-aws 6 and 7)."""


def share_account(one: Resource, other: Resource) -> bool:
    """Whether both are certainly in one account."""
    mine, its = account_of(one), account_of(other)
    if mine and its:
        return mine == its
    if one.provider is None or other.provider is None or one.stack != other.stack:
        return False  # Two stacks may be deployed with the credentials of two accounts.
    return one.provider.urn == other.provider.urn or _choose_alike(one.provider, other.provider)


def _choose_alike(one: Provider, other: Provider) -> bool:
    return all(
        one.properties.get(name) == other.properties.get(name)
        and _is_known(one.properties.get(name))
        for name in _CHOOSE_ACCOUNT
    )


def _is_known(tree: Tree) -> bool:
    if isinstance(tree, Mapping):
        return all(_is_known(each) for each in tree.values())
    if isinstance(tree, Sequence) and not isinstance(tree, str):
        return all(_is_known(each) for each in tree)
    return tree is not UNKNOWN
