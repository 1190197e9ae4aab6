"""The region with which a resource is lost.

Global services answer wherever they are asked, although some are configured in one region: IAM,
Route 53, CloudFront with its certificates and web ACLs, the global cluster of a database.
"""

from __future__ import annotations

from functools import cache, cached_property
from typing import Final

from .. import data_files
from ..plain import NamedTuple
from ..resource import Resource
from ..stack import Stack
from ..values import Absent, Known, Reading
from ..vocabulary import CERTIFICATE, DISTRIBUTION, LAMBDA_FUNCTION, WEB_ACL

_AT_THE_EDGE: Final = (CERTIFICATE, WEB_ACL, LAMBDA_FUNCTION)
"""What a distribution takes from us-east-1 and keeps everywhere."""


class _Global(NamedTuple):
    prefixes: tuple[str, ...]
    kinds: frozenset[str]


@cache
def _global() -> _Global:
    listed = data_files.entries(data_files.read("global_kinds.json"), "kinds")
    return _Global(
        tuple(each for entry in listed for each in data_files.texts(entry, "prefixes")),
        frozenset(each for entry in listed for each in data_files.texts(entry, "kinds")),
    )


def is_global_kind(kind: str) -> bool:
    """Whether no region's loss takes resources of the kind along (`data/global_kinds.json`)."""
    return kind in _global().kinds or kind.startswith(_global().prefixes)


class Homes:
    """In which region each resource of a stack is."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def of(self, resource: Resource) -> Reading[str]:
        """The region with which the resource is lost; absent where it is in none."""
        if is_global_kind(resource.kind) or resource.urn in self._at_the_edge:
            return Absent()
        return resource.region

    def is_in(self, resource: Resource, region: str) -> bool:
        """Whether the resource is certainly in the region, and lost with it."""
        return self.of(resource) == Known(region)

    def is_elsewhere(self, resource: Resource, region: str) -> bool:
        """Whether the resource is certainly in another region."""
        home = self.of(resource)
        return isinstance(home, Known) and home.value != region

    @cached_property
    def _at_the_edge(self) -> frozenset[str]:
        used = (
            self._stack.get(urn)
            for each in self._stack.of(DISTRIBUTION)
            for urns in each.property_dependencies.values()
            for urn in urns
        )
        found = {each.urn for each in used if each is not None and each.kind in _AT_THE_EDGE}
        scoped = {
            each.urn
            for each in self._stack.of(WEB_ACL)
            if each.text("scope") == Known("CLOUDFRONT")
        }
        return frozenset(found | scoped)
