"""VPC endpoints that EC2 takes.

A gateway endpoint is a route to S3 or DynamoDB; an interface endpoint is an address in subnets,
one in each zone, and may answer to the service's own names in the VPC's DNS.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..model import Model
from ..model.answers import Yes
from ..model.inputs import Block, Declared
from ..model.network.endpoints import (
    has_private_names,
    is_gateway,
    is_interface,
    is_shared,
    region_in,
    service_in,
)
from ..model.network.zones import doubled, share_a_zone, with_zones
from ..model.references import target
from ..model.regions.zones import is_known_region
from ..model.resource import Resource
from ..model.truth import Truth
from ..model.values import Absent, Unknown, known_or_none
from ..model.vocabulary import VPC_ENDPOINT, VPC_ENDPOINT_SUBNET, VPC_ENDPOINT_TABLE
from ..refusal import Refusal
from ..relation import Broken, Relation
from ..rule import (
    Evidence,
    Kind,
    Level,
    Outcome,
    Settings,
    Severity,
    StackRule,
    Violation,
)

_TESTED: Final = "https://github.com/badmintoncryer/cdk-preflight"
_SERVICE: Final = "aws:ec2/vpcEndpointService:VpcEndpointService"
SAME_ZONE: Final = (
    "DuplicateSubnetsInSameZone: Found another VPC endpoint subnet in the availability zone of "
    "subnet-.... VPC endpoint subnets should be in different availability zones supported by the "
    "VPC endpoint service."
)
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
    """An endpoint must be possible in its subnets, in the region of its service and beside the
    names of its VPC."""
    if endpoint.kind == VPC_ENDPOINT_SUBNET:
        yield from _in_a_zone_of_its_own(endpoint, model)
        return
    yield from _once_in_each_zone(endpoint, model)
    yield from _where_its_service_is(endpoint, model)
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
            effect=f"CreateVpcEndpoint answers {SAME_ZONE}",
            fix="Keep one subnet per Availability Zone; everything in the VPC can use it.",
            parties=shared,
        )


def _in_a_zone_of_its_own(association: Resource, model: Model) -> Iterator[Outcome]:
    """What adds a subnet to an endpoint must not add a second one of a zone."""
    stack = model.stack
    subnet = target(stack.reference(association, "subnetId"))
    endpoint = target(stack.reference(association, "vpcEndpointId"))
    others: list[tuple[Resource, Resource]] = [
        *_given_subnets(endpoint, model),
        *(
            (other, its)
            for other in model.wiring.endpoint_subnets.before(association)
            if (its := target(stack.reference(other, "subnetId"))) is not None
        ),
    ]
    for owner, other in others:
        if subnet is not None and other is not subnet and share_a_zone(subnet, other) is True:
            yield Violation(
                association,
                f"{association.label} adds a second subnet of one Availability Zone to a VPC "
                "endpoint:",
                chains=((association.label, subnet.label), (owner.label, other.label)),
                effect=f"ModifyVpcEndpoint answers {SAME_ZONE}",
                fix="Keep one subnet per Availability Zone; everything in the VPC can use it.",
                parties=(owner, subnet, other),
            )
            return


def _given_subnets(endpoint: Resource | None, model: Model) -> list[tuple[Resource, Resource]]:
    """The endpoint with each subnet that the program gives to it. After a refresh it shows those of
    associations as well, and they may be gone by then."""
    if endpoint is None or not isinstance(endpoint.declares("subnetIds"), Yes):
        return []
    named = model.stack.references(endpoint, "subnetIds")
    return [] if isinstance(named, Absent) else [(endpoint, each) for each in named.certain]


def _where_its_service_is(endpoint: Resource, model: Model) -> Iterator[Outcome]:
    """A service is looked for in the endpoint's own region. A name that is known says its region,
    which network-declaration reads."""
    service = target(model.stack.reference(endpoint, "serviceName", _SERVICE))
    if (
        service is not None
        and isinstance(endpoint.text("serviceName"), Unknown)
        and service.shares_region_with(endpoint) is False
        and Declared(endpoint).lacks("serviceRegion") is Truth.TRUE
    ):
        yield Violation(
            endpoint,
            f"{endpoint.label} is for an endpoint service of another region:",
            chains=(
                (
                    endpoint.label,
                    service.label,
                    f"in {known_or_none(service.region)}, not "
                    f"{known_or_none(endpoint.region)} ({endpoint.region_evidence})",
                ),
            ),
            effect="CreateVpcEndpoint answers: The Vpc Endpoint Service '...' does not exist",
            fix="Set serviceRegion to the region of the service, which must list the endpoint's "
            "region in supportedRegions, or make the endpoint in that region.",
            parties=(service,),
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
    description="A VPC endpoint must have one subnet per zone at most, a service of its region, "
    "and private DNS only in a VPC with DNS turned on, once per service.",
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
            effect=SAME_ZONE,
            source=f"{_TESTED} (pf-ec2-vpce-subnet-az-unique); of ModifyVpcEndpoint, "
            "https://github.com/terraform-aws-modules/terraform-aws-vpc/issues/583",
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
    kinds=(VPC_ENDPOINT, VPC_ENDPOINT_SUBNET),
    check=is_possible,
)


_GROUPS_OF_ENDPOINTS: Final = "aws:ec2/securityGroupAssociation:SecurityGroupAssociation"
"""`aws_vpc_endpoint_security_group_association` of Terraform."""


def _is_of_the_wrong_type(association: Resource, model: Model) -> Broken | None:
    """Subnets and security groups are for interface endpoints, route tables for gateway ones."""
    endpoint = target(model.stack.reference(association, "vpcEndpointId", VPC_ENDPOINT))
    if endpoint is None:
        return None
    is_of_a_table = association.kind == VPC_ENDPOINT_TABLE
    wrong = is_interface if is_of_a_table else is_gateway
    if wrong(Declared(endpoint)) is not Truth.TRUE:
        return None
    kind = "an interface endpoint" if is_of_a_table else "a gateway endpoint (the default)"
    return Broken("belongs to another type of endpoint", ((endpoint.label, kind),), (endpoint,))


ROWS: Final = (
    Relation(
        id="endpoint-association",
        kinds=(VPC_ENDPOINT_TABLE, VPC_ENDPOINT_SUBNET, _GROUPS_OF_ENDPOINTS),
        check=_is_of_the_wrong_type,
        evidence=Evidence(
            "takes route tables for gateway endpoints only, and subnets and security groups for "
            "interface endpoints only.",
            "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcEndpoint.html",
            "2026-11-28",
            Kind.DOCUMENTED,
        ),
        fix="Associate route tables with gateway endpoints, and subnets and security groups with "
        "interface endpoints.",
    ),
)
"""What is documented of the resources that add to an endpoint."""
