"""Whether two resources are in one AWS account, as far as their providers tell.

Providers of two regions differ by their region alone when they are of one account; where nothing
names the account, equal credentials do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from .arns import account_of
from .resource import Provider, Resource
from .values import UNKNOWN, Tree

_CREDENTIALS: Final = (
    *("accessKey", "secretKey", "token", "profile"),
    *("assumeRole", "assumeRoles", "assumeRoleWithWebIdentity"),
    *("sharedConfigFiles", "sharedCredentialsFiles", "sharedCredentialsFile"),
    "endpoints",
)
"""The inputs of a provider that choose the account (pulumi-aws 6 and 7)."""


def share_account(one: Resource, other: Resource, *also: str) -> bool:
    """Whether both are certainly in one account. `also` are inputs of the providers that must be
    equal beside those that choose it."""
    mine, its = account_of(one), account_of(other)
    if mine and its:
        return mine == its
    if one.provider is None or other.provider is None:
        return False
    return one.provider.urn == other.provider.urn or _say_the_same(
        one.provider, other.provider, (*_CREDENTIALS, *also)
    )


def _say_the_same(one: Provider, other: Provider, names: Sequence[str]) -> bool:
    return all(
        one.properties.get(name) == other.properties.get(name)
        and _is_known(one.properties.get(name))
        for name in names
    )


def _is_known(tree: Tree) -> bool:
    if isinstance(tree, Mapping):
        return all(_is_known(each) for each in tree.values())
    if isinstance(tree, Sequence) and not isinstance(tree, str):
        return all(_is_known(each) for each in tree)
    return tree is not UNKNOWN
