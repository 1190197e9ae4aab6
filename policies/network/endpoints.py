"""VPC endpoints that EC2 takes.

A gateway endpoint is a route to S3 or DynamoDB; an interface endpoint is an address in subnets,
one in each zone, and may answer to the service's own names in the VPC's DNS.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..model import Model
from ..model.inputs import Block, Declared
from ..model.network.endpoints import (
    has_private_names,
    is_gateway,
    is_interface,
    is_shared,
    region_in,
    service_in,
)
from ..model.network.zones import doubled, with_zones
from ..model.references import target
from ..model.regions.zones import is_known_region
from ..model.resource import Resource
from ..model.truth import Truth
from ..model.values import Absent, known_or_none
from ..model.vocabulary import VPC_ENDPOINT
from ..refusal import Refusal
from ..rule import (
    Evidence,
    Level,
    Outcome,
    Settings,
    Severity,
    StackRule,
    Violation,
)

_TESTED: Final = "https://github.com/badmintoncryer/cdk-preflight"
_BY_GATEWAY: Final = ("s3", "dynamodb", "s3express")


def _is_for_interfaces(endpoint: Block) -> Truth:
    return endpoint.holds(
        "serviceName",
        lambda name: is_shared(name) or service_in(name) not in (None, *_BY_GATEWAY),
    )


def _is_of_another_region(endpoint: Declared) -> Truth:
    own = known_or_none(endpoint.region)
    if own is None or not is_known_region(own):
        return Truth.UNKNOWN
    return endpoint.holds("serviceName", lambda name: region_in(name) not in (own, None))


REFUSED: Final = (
    Refusal(
        id="endpoint-type",
        kinds=(VPC_ENDPOINT,),
        says="is a gateway endpoint (the default), but the service supports interface endpoints "
        "only",
        when=lambda endpoint: is_gateway(endpoint) & _is_for_interfaces(endpoint),
        evidence=Evidence(
            "CreateVpcEndpoint answers InvalidParameter: Endpoint type (Gateway) does not match "
            "available service types ([Interface]).",
            f"CreateVpcEndpoint; {_TESTED} (pf-ec2-vpce-gateway-service)",
            "2026-09-03",
        ),
        fix="Set vpcEndpointType to Interface, with subnetIds and securityGroupIds.",
        refused={"vpcId": "vpc-1", "serviceName": "com.amazonaws.us-east-1.secretsmanager"},
        accepted=(
            {"vpcId": "vpc-1", "serviceName": "com.amazonaws.us-east-1.dynamodb"},
            {
                "vpcId": "vpc-1",
                "serviceName": "com.amazonaws.us-east-1.secretsmanager",
                "vpcEndpointType": "Interface",
            },
        ),
        whatever=("vpcId",),
    ),
    Refusal(
        id="endpoint-service-region",
        kinds=(VPC_ENDPOINT,),
        says="has a serviceName of another region than its own",
        when=lambda endpoint: _is_of_another_region(endpoint) & ~endpoint.sets("serviceRegion"),
        evidence=Evidence(
            "CreateVpcEndpoint answers: The Vpc Endpoint Service '...' does not exist, or, for a "
            "gateway endpoint, InvalidParameter: Endpoint type (Gateway) does not match "
            "available service types ([Interface]).",
            f"CreateVpcEndpoint; {_TESTED} (pf-ec2-vpce-service-region)",
            "2026-09-03",
        ),
        fix="Put the region of the endpoint into serviceName, or set serviceRegion if the "
        "service supports access across regions.",
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
        id="endpoint-gateway-subnets",
        kinds=(VPC_ENDPOINT,),
        says="is a gateway endpoint (the default), but has subnetIds",
        when=lambda endpoint: (
            is_gateway(endpoint)
            & endpoint.has("subnetIds")
            & Truth.of(_is_for_interfaces(endpoint) is not Truth.TRUE)
        ),
        evidence=Evidence(
            "CreateVpcEndpoint answers: Subnet IDs are only supported for Interface and "
            "GatewayLoadBalancer type VPC Endpoints.",
            f"CreateVpcEndpoint; {_TESTED} (pf-ec2-vpce-type-config)",
            "2026-09-03",
        ),
        fix="Use routeTableIds instead, or set vpcEndpointType to Interface.",
        refused={"serviceName": "com.amazonaws.us-east-1.s3", "subnetIds": ["subnet-1"]},
        accepted=(
            {"serviceName": "com.amazonaws.us-east-1.s3", "subnetIds": []},
            {
                "serviceName": "com.amazonaws.us-east-1.s3",
                "subnetIds": ["subnet-1"],
                "vpcEndpointType": "Interface",
            },
        ),
        whatever=("subnetIds.0", "serviceName"),
    ),
    Refusal(
        id="endpoint-interface-route-tables",
        kinds=(VPC_ENDPOINT,),
        says="is an interface endpoint, but has routeTableIds",
        when=lambda endpoint: is_interface(endpoint) & endpoint.has("routeTableIds"),
        evidence=Evidence(
            "CreateVpcEndpoint answers: Route table IDs are only supported for Gateway type VPC "
            "Endpoint.",
            f"CreateVpcEndpoint; {_TESTED} (pf-ec2-vpce-type-config)",
            "2026-09-03",
        ),
        fix="Use subnetIds instead.",
        refused={"vpcEndpointType": "Interface", "routeTableIds": ["rtb-1"]},
        accepted=(
            {"vpcEndpointType": "Interface", "routeTableIds": []},
            {"vpcEndpointType": "Gateway", "routeTableIds": ["rtb-1"]},
        ),
        whatever=("routeTableIds.0",),
    ),
)

ADVICE: Final = (
    Refusal(
        id="endpoint-private-dns-dynamodb",
        kinds=(VPC_ENDPOINT,),
        says="is an interface endpoint for DynamoDB with privateDnsEnabled set to true",
        when=lambda endpoint: (
            has_private_names(endpoint)
            & endpoint.holds("serviceName", lambda name: service_in(name) == "dynamodb")
        ),
        evidence=Evidence(
            "CreateVpcEndpoint answers: Private DNS can't be enabled because the service ... "
            "does not provide a private DNS name.",
            "CreateVpcEndpoint, public deployment logs; AWS may have added names since",
            "2026-11-26",
        ),
        fix="Remove privateDnsEnabled, or use a gateway endpoint.",
        refused={
            "serviceName": "com.amazonaws.us-east-1.dynamodb",
            "vpcEndpointType": "Interface",
            "privateDnsEnabled": True,
        },
        accepted=(
            {"serviceName": "com.amazonaws.us-east-1.dynamodb", "vpcEndpointType": "Interface"},
            {
                "serviceName": "com.amazonaws.us-east-1.sqs",
                "vpcEndpointType": "Interface",
                "privateDnsEnabled": True,
            },
        ),
    ),
)


def is_possible(endpoint: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """An endpoint must be possible in its subnets and beside the names of its VPC."""
    yield from _once_in_each_zone(endpoint, model)
    if has_private_names(Declared(endpoint)) is Truth.TRUE:
        yield from _where_names_resolve(endpoint, model)
        yield from _names_once(endpoint, model)


def _once_in_each_zone(endpoint: Resource, model: Model) -> Iterator[Outcome]:
    """An endpoint has one subnet in a zone."""
    where = model.stack.references(endpoint, "subnetIds")
    shared = () if isinstance(where, Absent) else doubled(where)
    if shared:
        yield Violation(
            endpoint,
            f"{endpoint.label} has several subnets in one Availability Zone:",
            chains=with_zones(endpoint, shared),
            effect="CreateVpcEndpoint answers DuplicateSubnetsInSameZone: Found another VPC "
            "endpoint subnet in the availability zone of subnet-...",
            fix="Keep one subnet per Availability Zone; everything in the VPC can use it.",
            parties=shared,
        )


def _where_names_resolve(endpoint: Resource, model: Model) -> Iterator[Outcome]:
    """Private DNS needs the DNS of the VPC. Of a VPC that exists others may have changed it."""
    vpc = target(model.stack.reference(endpoint, "vpcId"))
    if vpc is None or not vpc.is_new or vpc.is_default:
        return
    off = [
        name
        for name, default in (("enableDnsSupport", True), ("enableDnsHostnames", False))
        if Declared(vpc).is_true(name, default) is Truth.FALSE
    ]
    if off:
        yield Violation(
            endpoint,
            f"{endpoint.label} has privateDnsEnabled set to true in a VPC that does not support "
            "it:",
            chains=((endpoint.label, vpc.label, f"{' and '.join(off)}: false"),),
            effect="CreateVpcEndpoint answers InvalidParameter: Enabling private DNS requires "
            "both enableDnsSupport and enableDnsHostnames VPC attributes set to true for vpc-...",
            fix="Set enableDnsHostnames of the VPC to true (it is false by default), and leave "
            "enableDnsSupport true.",
            parties=(vpc,),
        )


def _names_once(endpoint: Resource, model: Model) -> Iterator[Outcome]:
    """The names of a service belong to one endpoint of a VPC."""
    for other in model.wiring.private_names.before(endpoint):
        yield Violation(
            endpoint,
            f"{endpoint.label} and {other.label} both have private DNS for the same service in "
            "the same VPC.",
            effect="CreateVpcEndpoint answers InvalidParameter: private-dns-enabled cannot be "
            "set because there is already a conflicting DNS domain for ... in the VPC vpc-...",
            fix="Keep one endpoint for the service, with one subnet per Availability Zone.",
            parties=(other,),
        )
        return


VPC_ENDPOINTS = StackRule(
    name="vpc-endpoints",
    title="VPC endpoints that suit their VPC",
    description="A VPC endpoint must have at most one subnet per zone, and private DNS only in a "
    "VPC with DNS turned on, once per service.",
    level=Level.MANDATORY,
    severity=Severity.HIGH,
    tags=("aws", "ec2", "vpc", "disaster-recovery"),
    evidence=(
        Evidence(
            effect="InvalidParameter: Enabling private DNS requires both enableDnsSupport and "
            "enableDnsHostnames VPC attributes set to true for vpc-...",
            source="CreateVpcEndpoint, public deployment logs",
            date="2026-11-26",
        ),
        Evidence(
            effect="DuplicateSubnetsInSameZone: Found another VPC endpoint subnet in the "
            "availability zone of subnet-...",
            source=f"{_TESTED} (pf-ec2-vpce-subnet-az-unique)",
            date="2026-09-08",
        ),
        Evidence(
            effect="InvalidParameter: private-dns-enabled cannot be set because there is already a "
            "conflicting DNS domain for logs.us-east-1.amazonaws.com in the VPC vpc-...",
            source="CreateVpcEndpoint, public deployment logs",
            date="2026-11-26",
        ),
    ),
    fix="Give the endpoint one subnet per Availability Zone.",
    in_doubt="list the subnets themselves, and name the zone of each",
    kinds=(VPC_ENDPOINT,),
    check=is_possible,
)
