"""VPC endpoints that EC2 takes.

A gateway endpoint is a route to S3 or DynamoDB; an interface endpoint is an address in subnets,
with names of its own. The provider's type is Gateway where none is said. A service is named
`com.amazonaws.REGION.SERVICE`, or `com.amazonaws.vpce.REGION.vpce-svc-…` where it is of others.
"""

from __future__ import annotations

from typing import Final

from ..model.inputs import Block, Declared
from ..model.regions.zones import is_known_region
from ..model.truth import Truth
from ..model.values import known_or_none
from ..model.vocabulary import VPC_ENDPOINT
from ..refusal import Refusal
from ..rule import Evidence

_TESTED: Final = "https://github.com/badmintoncryer/cdk-preflight"
_BY_GATEWAY: Final = ("s3", "dynamodb", "s3express")
_AWS: Final = "com.amazonaws."


def region_in(service: str) -> str | None:
    """The region in the name of a service; None where the name has none that the data knows."""
    if not service.startswith(_AWS):
        return None
    region = service.removeprefix(_AWS).removeprefix("vpce.").partition(".")[0]
    return region if is_known_region(region) else None


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


def _is_for_interfaces(endpoint: Block) -> Truth:
    return endpoint.holds("serviceName", lambda name: service_in(name) not in (None, *_BY_GATEWAY))


def _is_of_another_region(endpoint: Declared) -> Truth:
    own = known_or_none(endpoint.region)
    if own is None or not is_known_region(own):
        return Truth.UNKNOWN
    return endpoint.holds("serviceName", lambda name: region_in(name) not in (own, None))


REFUSED: Final = (
    Refusal(
        id="endpoint-service-region",
        kinds=(VPC_ENDPOINT,),
        says="names a service of another region than its own",
        when=lambda endpoint: _is_of_another_region(endpoint) & ~endpoint.sets("serviceRegion"),
        evidence=Evidence(
            "The Vpc Endpoint Service 'com.amazonaws.us-east-1.s3' does not exist; of a gateway "
            "endpoint: Endpoint type (Gateway) does not match available service types",
            f"CreateVpcEndpoint; {_TESTED} (pf-ec2-vpce-service-region)",
            "2026-09-03",
        ),
        fix="Name the service of the region that the endpoint is made in.",
        refused={"serviceName": "com.amazonaws.us-west-2.s3"},
        accepted=(
            {"serviceName": "com.amazonaws.us-east-1.s3"},
            {"serviceName": "com.amazonaws.s3-global.accesspoint", "vpcEndpointType": "Interface"},
            {
                "serviceName": "com.amazonaws.vpce.us-west-2.vpce-svc-1",
                "serviceRegion": "us-west-2",
                "vpcEndpointType": "Interface",
            },
        ),
    ),
    Refusal(
        id="endpoint-type",
        kinds=(VPC_ENDPOINT,),
        says="is a gateway endpoint (the default) of a service that has interface endpoints only",
        when=lambda endpoint: is_gateway(endpoint) & _is_for_interfaces(endpoint),
        evidence=Evidence(
            "InvalidParameter: Endpoint type (Gateway) does not match available service types "
            "([Interface]).",
            f"CreateVpcEndpoint; {_TESTED} (pf-ec2-vpce-gateway-service)",
            "2026-09-03",
        ),
        fix="Set vpcEndpointType to Interface, and give the endpoint subnets and security groups.",
        refused={"serviceName": "com.amazonaws.us-east-1.secretsmanager"},
        accepted=(
            {"serviceName": "com.amazonaws.us-east-1.dynamodb"},
            {
                "serviceName": "com.amazonaws.us-east-1.secretsmanager",
                "vpcEndpointType": "Interface",
            },
        ),
    ),
    Refusal(
        id="endpoint-gateway-subnets",
        kinds=(VPC_ENDPOINT,),
        says="is a gateway endpoint (the default) with subnetIds",
        when=lambda endpoint: (
            is_gateway(endpoint) & endpoint.has("subnetIds") & ~_is_for_interfaces(endpoint)
        ),
        evidence=Evidence(
            "Subnet IDs are only supported for Interface and GatewayLoadBalancer type VPC "
            "Endpoints.",
            f"CreateVpcEndpoint; {_TESTED} (pf-ec2-vpce-type-config)",
            "2026-09-03",
        ),
        fix="Give a gateway endpoint routeTableIds, or set vpcEndpointType to Interface.",
        refused={"serviceName": "com.amazonaws.us-east-1.s3", "subnetIds": ["subnet-1"]},
        accepted=(
            {"serviceName": "com.amazonaws.us-east-1.s3", "subnetIds": []},
            {
                "serviceName": "com.amazonaws.us-east-1.s3",
                "subnetIds": ["subnet-1"],
                "vpcEndpointType": "Interface",
            },
        ),
        whatever=("subnetIds.0",),
    ),
    Refusal(
        id="endpoint-interface-route-tables",
        kinds=(VPC_ENDPOINT,),
        says="is an interface endpoint with routeTableIds",
        when=lambda endpoint: is_interface(endpoint) & endpoint.has("routeTableIds"),
        evidence=Evidence(
            "Route table IDs are only supported for Gateway type VPC Endpoint.",
            f"CreateVpcEndpoint; {_TESTED} (pf-ec2-vpce-type-config)",
            "2026-09-03",
        ),
        fix="Give an interface endpoint subnetIds instead.",
        refused={"vpcEndpointType": "Interface", "routeTableIds": ["rtb-1"]},
        accepted=(
            {"vpcEndpointType": "Interface", "routeTableIds": []},
            {"vpcEndpointType": "Gateway", "routeTableIds": ["rtb-1"]},
        ),
        whatever=("routeTableIds.0",),
    ),
)
