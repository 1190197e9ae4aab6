"""What AWS gives out that is one resource's alone: its ARN, its endpoints, its URLs.

A program that names a resource by such a text, copied from a console or from another stack, means
that resource, whatever property the text stands in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from . import values
from .resource import Resource
from .values import Known

_GIVEN_OUT: Final = (
    *("arn", "executionArn", "invokeArn", "qualifiedArn", "streamArn"),
    *("address", "endpoint", "readerEndpoint", "clusterAddress", "configurationEndpoint"),
    *("configurationEndpointAddress", "primaryEndpointAddress", "readerEndpointAddress"),
    *("apiEndpoint", "bucketDomainName", "bucketRegionalDomainName", "dnsName", "domainName"),
    *("functionUrl", "invokeUrl", "regionalDomainName", "repositoryUrl", "url", "websiteEndpoint"),
    "primaryNetworkInterfaceId",
)
"""The properties that hold it. Where a program states one (`arn` of an event target), it names
something else."""

_HOST: Final = (
    r"(?:[a-z][a-z0-9+.-]*://)?(?:[^/@]*@)?([a-z0-9_-]+(?:\.[a-z0-9_-]+)+)\.?(?::\d+)?(?:/.*)?"
)

_OF_ALL: Final = r"(?:sqs|queue|cognito-idp)\..+|.+\.queue\..+|.+\.dkr[.-]ecr\..+|public\.ecr\.aws"
"""Hosts that all queues, user pools or repositories have: of these, a path tells which is meant."""


def host_in(text: str) -> str | None:
    """The host that a URL or an endpoint (`host:port`, `https://host/path`) leads to, in lower
    case; None where the text is neither."""
    found = re.fullmatch(_HOST, text.lower())
    return found[1] if found else None


class Outputs:
    """Resources by what AWS gave out for them, as far as it is known. An index is made for the
    kinds that are asked about."""

    def __init__(self, by_kind: Mapping[str, Iterable[Resource]]) -> None:
        self._by_kind = by_kind
        self._indices: dict[str, Mapping[str, tuple[Resource, ...]]] = {}

    def owners(self, text: str, kinds: Iterable[str]) -> list[Resource]:
        """The resources of these kinds that the text is of; of a URL or an endpoint, those whose
        host it leads to."""
        wanted = tuple(kinds)
        for each in (text, host_in(text)):
            found = [owner for kind in wanted for owner in self._index(kind).get(each or "", ())]
            if found:
                return found
        return []

    def _index(self, kind: str) -> Mapping[str, tuple[Resource, ...]]:
        if kind not in self._indices:
            index: dict[str, tuple[Resource, ...]] = {}
            for resource in self._by_kind.get(kind, ()):
                for text in set(given_out(resource)):
                    index[text] = (*index.get(text, ()), resource)
            self._indices[kind] = index
        return self._indices[kind]


def given_out(resource: Resource) -> Iterator[str]:
    """The texts that AWS gave out for the resource, and the hosts in them."""
    for name in _GIVEN_OUT:
        own = resource.own_name(name)
        said = values.text(resource.actual.get(own))
        if isinstance(said, Known) and _is_computed(resource, own):
            yield said.value
            host = host_in(said.value)
            if host is not None and not re.fullmatch(_OF_ALL, host):
                yield host


def _is_computed(resource: Resource, own: str) -> bool:
    """Whether the program certainly did not state the property: that needs the inputs."""
    return resource.declared is not None and resource.declared.get(own) is None
