"""Networks that a preview takes, and that do not come to be, or do not stay, as they are declared.

What is certain here is what the program says. What AWS does with it is documented, depends on an
order, or comes later than the answer to the request; so all of it is advice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from ..model import Model, values
from ..model.answers import Yes
from ..model.inputs import Declared
from ..model.network.endpoints import has_private_names, is_gateway, service_in
from ..model.network.load_balancers import addresses_of
from ..model.network.permissions import RULES, direction_of
from ..model.network.vpc_membership import named
from ..model.plain import NamedTuple
from ..model.references import Outside, Reference, Target, same, target
from ..model.resource import Resource
from ..model.stack import Stack
from ..model.truth import Truth
from ..model.values import Absent, Known
from ..model.vocabulary import (
    DEFAULT_NETWORK_ACL,
    DEFAULT_ROUTE_TABLE,
    EIP,
    EIP_ASSOCIATION,
    INTERNET_GATEWAY,
    INTERNET_GATEWAY_ATTACHMENT,
    LOAD_BALANCER,
    MAIN_ROUTE_TABLE_ASSOCIATION,
    MOUNT_TARGET,
    NAT_GATEWAY,
    NETWORK_ACL,
    ROUTE,
    ROUTE_TABLE,
    ROUTE_TABLE_ASSOCIATION,
    SECURITY_GROUP,
    SUBNET,
    TRANSIT_GATEWAY_ACCEPTER,
    TRANSIT_GATEWAY_ATTACHMENT,
    TRANSIT_GATEWAY_PEERING,
    VPC,
    VPC_CIDR,
    VPC_ENDPOINT,
    VPC_ENDPOINT_TABLE,
)
from ..model.words import listed
from ..rule import (
    Asked,
    Evidence,
    Kind,
    Level,
    Outcome,
    Settings,
    Severity,
    StackRule,
    Violation,
)
from .addresses import (
    RESOLVER_ENDPOINT,
    RESTRICTED,
    has_addresses_of_its_subnet,
    is_of_the_family,
)
from .placement import (
    DOCUMENTED,
    OTHER_VPC,
    is_where_its_siblings_are,
    listed_in,
    shares_a_vpc,
)
from .route_targets import are_apart, leads_to_an_endpoint_of_its_vpc
from .routes import is_refused_beside
from .transit_gateways import (
    ASKED_HERE,
    NOT_ATTACHED,
    PROPAGATION,
    is_accepted,
    is_accepted_by_the_peer,
    is_attached_where_it_leads,
    is_routed_both_ways,
    propagates_no_peering,
)

_Check = Callable[[Resource, Model], Iterator[Outcome]]
NOT_FREE: Final = "ResourceInUse: The allocation IDs are not available for use"
_HELD_BY_A_BALANCER: Final = (
    f"the second one fails; where that is the load balancer, CreateLoadBalancer answers {NOT_FREE}"
)
_ENDPOINT_ID: Final = "vpcEndpointId"
_TABLES: Final = (ROUTE_TABLE, DEFAULT_ROUTE_TABLE, VPC)


def is_sound(part: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
    """A network must come to be as it is declared, and stay so."""
    for check in _CHECKS[part.kind]:
        yield from check(part, model)


# --- inside and beside ----------------------------------------------------------------------------


class _Inside(NamedTuple):
    """Lists inside a resource, and the resources that say one element by themselves:
    `stand_beside` finds them, `list_of` tells of which list each is, None where it is not known."""

    lists: tuple[str, ...]
    stand_beside: Callable[[Model, Resource], Iterable[Resource]]
    list_of: Callable[[Resource], str | None]


def _naming_it(name: str, *kinds: str) -> Callable[[Model, Resource], Iterable[Resource]]:
    def stand_beside(model: Model, holder: Resource) -> Iterable[Resource]:
        found = model.stack.naming(holder, name, *kinds)
        return [each for each, is_certain in found if is_certain]

    return stand_beside


_BOTH: Final = ("ingress", "egress")
_ROUTES: Final = _Inside(
    ("routes",), lambda model, table: model.wiring.routes_beside(table), lambda _: "routes"
)
_ENTRIES: Final = _Inside(_BOTH, lambda model, acl: model.wiring.entries_beside(acl), direction_of)
_PERMISSIONS: Final = _Inside(_BOTH, _naming_it("securityGroupId", *RULES), direction_of)
_INSIDE: Final[Mapping[str, _Inside]] = {
    ROUTE_TABLE: _ROUTES,
    DEFAULT_ROUTE_TABLE: _ROUTES,
    NETWORK_ACL: _ENTRIES,
    DEFAULT_NETWORK_ACL: _ENTRIES,
    SECURITY_GROUP: _PERMISSIONS,
}


def _says_it_in_one_way(holder: Resource, model: Model) -> Iterator[Outcome]:
    """A list inside a resource is the whole list: what stands beside it is removed."""
    inside = _INSIDE[holder.kind]
    own = [name for name in inside.lists if _says(holder, name) and not holder.ignores(name)]
    beside = [
        (each, inside.list_of(each))
        for each in inside.stand_beside(model, holder)
        if inside.list_of(each) in own
    ]
    if beside:
        lists = sorted({str(name) for _, name in beside})
        others = tuple(each for each, _ in beside)
        yield Violation(
            holder,
            f"{holder.label} defines {listed(lists)} inline, and these resources define further "
            f"ones: {listed([each.label for each in others])}.",
            effect="the provider takes the inline list for complete: after a refresh, the next "
            "update removes the others without an error.",
            fix="Define all of them inline, or each as a resource of its own.",
            asked=Asked.ALWAYS,
            parties=others,
        )


def _says(holder: Resource, name: str) -> bool:
    """Whether a program says the list. That a table has no routes at all is said by an empty one:
    "To remove all managed routes an empty list should be specified" (pulumi-aws, RouteTable)."""
    is_empty = name == "routes" and holder.declared is not None and holder.declared.get(name) == []
    return is_empty or isinstance(holder.declares(name), Yes)


# --- one network ----------------------------------------------------------------------------------


def _within_one_vpc(association: Resource, model: Model) -> Iterator[Outcome]:
    """A table is for subnets of its own VPC, and can be the main table of that alone."""
    there = model.wiring.vpc_of_table(association)
    subnet = target(model.stack.reference(association, "subnetId", SUBNET))
    if association.kind == MAIN_ROUTE_TABLE_ASSOCIATION:
        here: Reference = model.stack.reference(association, "vpcId")
    else:
        here = model.stack.reference(subnet, "vpcId") if subnet else Outside()
    if are_apart(here, there):
        yield Violation(
            association,
            f"{association.label} associates a route table with another VPC than the table's own:",
            chains=(
                (association.label, subnet.label if subnet else "the VPC", named(here)),
                (association.label, "the route table", named(there)),
            ),
            effect="AssociateRouteTable accepts a subnet and a route table of the same VPC only.",
            fix="Use a route table of the VPC that it is associated with.",
        )


# --- once -----------------------------------------------------------------------------------------


def _associated_once(association: Resource, model: Model) -> Iterator[Outcome]:
    """A subnet and a table are associated once."""
    table = model.wiring.table_of(association)
    for other in model.wiring.associations.before(association):
        if table is not None and table == model.wiring.table_of(other):
            yield _twice(
                association,
                other,
                "associates the same subnet and route table as",
                "AssociateRouteTable",
            )
            return


def _routed_once(route: Resource, model: Model) -> Iterator[Outcome]:
    """Of two equal routes that are made at once, one may be refused."""
    for other in model.wiring.routes.before(route):
        if not is_refused_beside(route, other, model.stack):
            yield _twice(route, other, "has the same route table and destination as", "CreateRoute")
            return


def _attached_once(owner: Resource, model: Model) -> Iterator[Outcome]:
    """An internet gateway is attached by itself or by an attachment."""
    for other in model.wiring.repeated_attachments(owner):
        yield _twice(
            owner,
            other.owner,
            "attaches the same internet gateway to the same VPC as",
            "AttachInternetGateway",
        )
        return


def _is_of_no_default_vpc(owner: Resource, model: Model) -> Iterator[Outcome]:
    """A default VPC comes with an internet gateway. Of two new ones, vpc-wiring tells."""
    vpc = target(model.stack.reference(owner, "vpcId"))
    if vpc is None or not vpc.is_default or any(model.wiring.rival_gateways(owner)):
        return
    attached = [found.owner for found, _ in model.network().gateways.naming(vpc)]
    if attached == [owner]:
        yield Violation(
            owner,
            f"{owner.label} attaches an internet gateway to {vpc.label}, the default VPC, which "
            "comes with one.",
            effect="AttachInternetGateway answers InvalidParameterValue: Network vpc-... already "
            "has an internet gateway attached",
            fix="Leave the internet gateway out and use the one that the default VPC has, or "
            "create a VPC.",
        )


def _twice(part: Resource, other: Resource, does: str, call: str) -> Violation:
    return Violation(
        part,
        f"{part.label} {does} {other.label}.",
        effect=f"{call} is called twice; the second call may be refused.",
        fix="Keep one of the two.",
        parties=(other,),
    )


def _holds_an_address_alone(holder: Resource, model: Model) -> Iterator[Outcome]:
    """An Elastic IP is for one gateway, load balancer, instance or interface."""
    for other in model.wiring.addresses.before(holder):
        yield Violation(
            holder,
            f"{holder.label} uses the same Elastic IP address as {other.label}.",
            effect=_HELD_BY_A_BALANCER
            if LOAD_BALANCER in (holder.kind, other.kind)
            else "the second one fails after its creation: Resource.AlreadyAssociated: Elastic "
            "IP address [eipalloc-...] is already associated",
            fix="Allocate an Elastic IP address for each.",
            parties=(other,),
        )
        return


def _has_an_address_for_each_subnet(balancer: Resource, model: Model) -> Iterator[Outcome]:
    """An Elastic IP is for one subnet of a load balancer: where more subnets have one than there
    are addresses that may be meant, one is there twice."""
    said = values.inside([{"of": balancer.tree("subnetMappings")}], "of.allocationId")
    wanted = [each for each in map(values.text, said) if not isinstance(each, Absent)]
    found = addresses_of(model.stack, balancer)
    addresses = len(found.possible) + len({each.literal for each in found.outside} - {None})
    sources = [model.stack.get(urn) for urn in balancer.depends_on("subnetMappings") or ()]
    are_of_the_stack = bool(found.possible) and all(
        each is not None and each.kind in (EIP, SUBNET) for each in sources
    )
    are_known = all(isinstance(each, Known) for each in wanted)
    if (are_of_the_stack or are_known) and len(wanted) > addresses:
        yield Violation(
            balancer,
            f"{balancer.label} has one Elastic IP address in several subnets.",
            effect=f"CreateLoadBalancer answers {NOT_FREE}",
            fix="Allocate an Elastic IP address for each subnet.",
            parties=found.possible,
        )


# --- endpoints ------------------------------------------------------------------------------------


def _has_its_gateway(endpoint: Resource, model: Model) -> Iterator[Outcome]:
    """Private names of S3 are for resolvers alone, unless told otherwise; the VPC itself then needs
    a gateway endpoint."""
    inputs = Declared(endpoint)
    is_private = has_private_names(inputs) & _is_of_s3(inputs)
    option = "dnsOptions.privateDnsOnlyForInboundResolverEndpoint"
    vpc = target(model.stack.reference(endpoint, "vpcId"))
    if (is_private & inputs.is_true(option, default=True)) is not Truth.TRUE:
        return
    if vpc is None or not vpc.is_new:
        return
    if not any(_may_be_gateway_of(each, vpc, model.stack) for each in model.stack.of(VPC_ENDPOINT)):
        yield Violation(
            endpoint,
            f"{endpoint.label} has private DNS for S3 in a VPC without a gateway endpoint for S3:",
            chains=((endpoint.label, vpc.label, "no gateway endpoint for S3"),),
            effect="CreateVpcEndpoint answers: To set PrivateDnsOnlyForInboundResolverEndpoint to "
            "true, the VPC must have a Gateway endpoint for the service",
            fix="Add a gateway endpoint for S3 and name it in the dependsOn option of this one, "
            "or set dnsOptions.privateDnsOnlyForInboundResolverEndpoint to false.",
            parties=(vpc,),
        )


def _serves_tables_of_its_vpc(owner: Resource, model: Model) -> Iterator[Outcome]:
    """A gateway endpoint adds routes to tables of its own VPC. `owner` is the endpoint, or an
    association of it with a table."""
    stack = model.stack
    endpoint = owner if owner.kind == VPC_ENDPOINT else target(stack.reference(owner, _ENDPOINT_ID))
    if endpoint is None:
        return
    home = stack.reference(endpoint, "vpcId")
    if owner is endpoint:
        tables = listed_in(stack.references(owner, "routeTableIds", *_TABLES))
        wrong = tables.surely_hit(lambda each: are_apart(home, model.wiring.vpc_of(each)))
        apart = [(each.label, model.wiring.vpc_of(each)) for each in wrong]
    else:
        there = model.wiring.vpc_of_table(owner)
        apart = [("the route table", there)] if are_apart(home, there) else []
    for called, vpc in apart[:1]:
        yield Violation(
            owner,
            f"{owner.label} has a route table of another VPC than the endpoint's own:",
            chains=(
                (owner.label, "the endpoint", f"in {named(home)}"),
                (owner.label, called, f"in {named(vpc)}"),
            ),
            effect="EC2 accepts only route tables of the endpoint's own VPC.",
            fix=f"Use route tables of {named(home)}.",
        )


def _is_of_s3(endpoint: Declared) -> Truth:
    return endpoint.holds("serviceName", lambda name: service_in(name) == "s3")


def _may_be_gateway_of(endpoint: Resource, vpc: Resource, stack: Stack) -> bool:
    inputs = Declared(endpoint)
    return (
        is_gateway(inputs) is not Truth.FALSE
        and _is_of_s3(inputs) is not Truth.FALSE
        and same(stack.reference(endpoint, "vpcId"), Target(vpc)) is not False
    )


_CHECKS: Final[Mapping[str, tuple[_Check, ...]]] = {
    **dict.fromkeys(_INSIDE, (_says_it_in_one_way,)),
    **dict.fromkeys(
        (ROUTE_TABLE, DEFAULT_ROUTE_TABLE),
        (_says_it_in_one_way, leads_to_an_endpoint_of_its_vpc, is_attached_where_it_leads),
    ),
    **dict.fromkeys(DOCUMENTED, (shares_a_vpc,)),
    ROUTE_TABLE_ASSOCIATION: (_within_one_vpc, _associated_once),
    MAIN_ROUTE_TABLE_ASSOCIATION: (_within_one_vpc,),
    ROUTE: (leads_to_an_endpoint_of_its_vpc, _routed_once, is_attached_where_it_leads),
    INTERNET_GATEWAY: (_attached_once, _is_of_no_default_vpc),
    INTERNET_GATEWAY_ATTACHMENT: (_attached_once, _is_of_no_default_vpc),
    NAT_GATEWAY: (_holds_an_address_alone, has_addresses_of_its_subnet),
    RESOLVER_ENDPOINT: (shares_a_vpc, has_addresses_of_its_subnet),
    EIP_ASSOCIATION: (_holds_an_address_alone,),
    EIP: (_holds_an_address_alone,),
    TRANSIT_GATEWAY_ATTACHMENT: (shares_a_vpc,),
    TRANSIT_GATEWAY_ACCEPTER: (is_accepted_by_the_peer,),
    TRANSIT_GATEWAY_PEERING: (is_accepted, is_routed_both_ways),
    PROPAGATION: (propagates_no_peering,),
    VPC_ENDPOINT: (_has_its_gateway, shares_a_vpc, _serves_tables_of_its_vpc),
    VPC_ENDPOINT_TABLE: (_serves_tables_of_its_vpc,),
    VPC_CIDR: (is_of_the_family,),
    LOAD_BALANCER: (
        has_addresses_of_its_subnet,
        _holds_an_address_alone,
        _has_an_address_for_each_subnet,
    ),
    MOUNT_TARGET: (has_addresses_of_its_subnet, is_where_its_siblings_are, shares_a_vpc),
}

NETWORK_RISKS = StackRule(
    name="network-risks",
    title="Networks that become and stay as declared",
    description="The parts of a network should neither overwrite nor repeat each other, nor "
    "depend on a part that is missing or in another VPC, and addresses should fit their ranges.",
    level=Level.ADVISORY,
    severity=Severity.MEDIUM,
    tags=("aws", "ec2", "vpc", "disaster-recovery"),
    evidence=(
        Evidence(
            effect="Routes inside a route table and Route resources cannot be used together: they "
            "conflict and overwrite each other.",
            source="https://www.pulumi.com/registry/packages/aws/api-docs/ec2/routetable/",
            date="2026-11-26",
            kind=Kind.DOCUMENTED,
        ),
        Evidence(
            effect="The subnet and the route table must be in the same VPC.",
            source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/"
            "API_AssociateRouteTable.html",
            date="2026-11-26",
            kind=Kind.DOCUMENTED,
        ),
        Evidence(
            effect="Resource.AlreadyAssociated: Elastic IP address [eipalloc-...] is already "
            "associated",
            source="CreateNatGateway, public deployment logs",
            date="2026-11-26",
        ),
        Evidence(
            effect=NOT_FREE,
            source="https://github.com/hashicorp/terraform-provider-aws/issues/15031 (of an "
            "address that another load balancer has)",
            date="2020-09-04",
        ),
        Evidence(
            effect=ASKED_HERE,
            source="https://github.com/hashicorp/terraform-provider-aws/issues/25617 (of a peering "
            "within one region)",
            date="2026-11-27",
            kind=Kind.REPORTED,
        ),
        Evidence(
            effect=NOT_ATTACHED,
            source="https://github.com/hashicorp/terraform-provider-aws/issues/10025",
            date="2019-09-06",
        ),
        Evidence(
            effect="To set PrivateDnsOnlyForInboundResolverEndpoint to true, the VPC must have a "
            "Gateway endpoint for the service",
            source="CreateVpcEndpoint, public deployment logs",
            date="2026-11-26",
        ),
        Evidence(
            effect="The owner of the accepter transit gateway must accept a peering attachment.",
            source="https://docs.aws.amazon.com/vpc/latest/tgw/tgw-peering-accept-reject.html",
            date="2026-11-26",
            kind=Kind.DOCUMENTED,
        ),
        Evidence(
            effect="To route traffic between the peered transit gateways, you must add a static "
            "route. The owner of the accepter transit gateway must also add one.",
            source="https://docs.aws.amazon.com/vpc/latest/tgw/tgw-peering-add-route.html",
            date="2026-11-27",
            kind=Kind.DOCUMENTED,
        ),
        Evidence(
            effect="InvalidSubnet: The requested subnet is invalid, or multiple subnets were "
            "requested that are not all in a common VPC.",
            source="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/"
            "API_CreateDBProxy.html",
            date="2026-11-27",
            kind=Kind.DOCUMENTED,
        ),
        Evidence(
            effect=RESTRICTED,
            source="AssociateVpcCidrBlock, public deployment logs; the table is at "
            "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
            date="2026-11-27",
        ),
        Evidence(
            effect="Valid IPv4 address within the address range of the specified subnet.",
            source="https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html",
            date="2026-11-27",
            kind=Kind.DOCUMENTED,
        ),
        Evidence(
            effect=OTHER_VPC,
            source="https://github.com/badmintoncryer/cdk-preflight (pf-efs-mount-target-network)",
            date="2026-09-06",
            kind=Kind.REPORTED,
        ),
        Evidence(
            effect="When you create a gateway endpoint, you select the VPC route tables for the "
            "subnets that you enable.",
            source="https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html",
            date="2026-11-28",
            kind=Kind.DOCUMENTED,
        ),
        Evidence(
            effect="SecurityGroupNotFound: Returned if one of the specified security groups "
            "doesn't exist in the subnet's virtual private cloud (VPC).",
            source="https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html",
            date="2026-11-28",
            kind=Kind.DOCUMENTED,
        ),
        Evidence(
            effect="A default VPC comes with a public subnet in each Availability Zone, an "
            "internet gateway, and settings to enable DNS resolution.",
            source="https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html",
            date="2026-11-27",
            kind=Kind.DOCUMENTED,
        ),
    ),
    fix="Define each part of the network once and in one way, and add what is missing.",
    in_doubt="name the parts of the network by their own outputs",
    kinds=tuple(_CHECKS),
    check=is_sound,
)
