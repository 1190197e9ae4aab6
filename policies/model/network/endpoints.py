"""VPC endpoints: of which kind they are, and of which service.

A service is named `com.amazonaws.REGION.SERVICE`, or `com.amazonaws.vpce.REGION.vpce-svc-…` where
it is of others. The provider's type is Gateway where none is said.
"""

from __future__ import annotations

from typing import Final

from ..inputs import Block
from ..regions.zones import is_known_region
from ..truth import Truth

_AWS: Final = "com.amazonaws."


def region_in(service: str) -> str | None:
    """The region in the name of a service; None where the name has none that the data knows."""
    if not service.startswith(_AWS):
        return None
    region = service.removeprefix(_AWS).removeprefix("vpce.").partition(".")[0]
    return region if is_known_region(region) else None


def is_shared(service: str) -> bool:
    """Whether it is a service that somebody shares by PrivateLink, behind a Network or Gateway Load
    Balancer: com.amazonaws.vpce.us-east-1.vpce-svc-…"""
    return service.startswith(f"{_AWS}vpce.") and ".vpce-svc-" in service


def service_in(service: str) -> str | None:
    """`s3` for `com.amazonaws.us-east-1.s3`; None for services of others and unusual names."""
    region = region_in(service)
    head = f"{_AWS}{region}."
    return service.removeprefix(head) if region and service.startswith(head) else None


def is_gateway(endpoint: Block) -> Truth:
    """Whether it is a gateway endpoint, as it is where it does not say."""
    return endpoint.lacks("vpcEndpointType") | endpoint.says("vpcEndpointType", "Gateway")


def is_interface(endpoint: Block) -> Truth:
    """Whether it is an interface endpoint."""
    return endpoint.says("vpcEndpointType", "Interface")


def has_private_names(endpoint: Block) -> Truth:
    """Whether it is an interface endpoint that answers to the service's own names."""
    return is_interface(endpoint) & endpoint.is_true("privateDnsEnabled")
