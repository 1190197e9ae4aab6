"""Draw the network of a deployed stack, as the policies' model reads it, in Mermaid.

In: an export of the stack (`pulumi stack export`). Out: the text of a Mermaid flowchart: VPCs as
boxes with their subnets and gateways, the route table that each subnet uses and where its routes
lead, and what is in the subnets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from policies.model import Model
from policies.model.answers import Yes
from policies.model.network.route_tables import Table
from policies.model.network.routes import Route
from policies.model.network.routing import Network
from policies.model.references import ReferenceList, Target, target
from policies.model.resource import Provider, Resource
from policies.model.stack import Stack
from policies.model.values import Known, Reading
from policies.model.vocabulary import (
    DB_SUBNET_GROUP,
    INTERNET_GATEWAY,
    INTERNET_GATEWAY_ATTACHMENT,
    LOAD_BALANCER,
    NAT_GATEWAY,
    PEERING,
    PEERING_ACCEPTER,
    SECURITY_GROUP,
    SUBNET,
    VPC,
)

_SECRET_KEY = "4dabf18193072939515e22adb298388d"
_TARGETS = {
    "natGatewayId": "NAT gateway",
    "vpcPeeringConnectionId": "VPC peering",
    "transitGatewayId": "transit gateway",
    "vpcEndpointId": "endpoint",
}


def model_of(export: Mapping[str, Any]) -> Model:
    """The model of an exported stack."""
    states = export["deployment"]["resources"]
    providers = {
        f"{state['urn']}::{state['id']}": Provider(state["urn"], _plain(state.get("inputs", {})))
        for state in states
        if state["type"].startswith("pulumi:providers:")
    }
    return Model(
        Resource(
            urn=state["urn"],
            type=state["type"],
            name=state["urn"].rpartition("::")[2],
            actual=_plain(state.get("outputs", {})),
            declared=_plain(state.get("inputs", {})),
            provider=providers.get(state.get("provider", "")),
            dependencies=frozenset(state.get("dependencies") or ()),
            property_dependencies={
                name: tuple(urns or ())
                for name, urns in (state.get("propertyDependencies") or {}).items()
            },
        )
        for state in states
    )


def draw(export: Mapping[str, Any]) -> str:
    """The Mermaid text."""
    model = model_of(export)
    return "\n".join(["flowchart LR", *_lines(model.stack, model.network())]) + "\n"


def _lines(stack: Stack, network: Network) -> Iterator[str]:
    for vpc in stack.of(VPC):
        yield from _box(stack, network, vpc)
    for gateway in stack.of(INTERNET_GATEWAY):
        yield f"  {_key(gateway)} --> internet((internet))"
    yield from _tables_and_routes(stack, network)
    for kind, (node, properties) in _DRAWN.items():
        for resource in stack.of(kind):
            region = _elsewhere(stack, resource, properties)
            yield f"  {_key(resource)}{node.format(resource.label + region)}"
            for name, other in properties.items():
                yield from _edges(stack, resource, name, other)


_DRAWN: Mapping[str, tuple[str, Mapping[str, str]]] = {
    LOAD_BALANCER: ('(["{}"])', {"subnets": SUBNET, "securityGroups": SECURITY_GROUP}),
    SECURITY_GROUP: ('["{}"]', {"vpcId": VPC}),
    DB_SUBNET_GROUP: ('["{}"]', {"subnetIds": SUBNET}),
    NAT_GATEWAY: ('(["{}"])', {"subnetId": SUBNET}),
    PEERING: ('{{{{"{}"}}}}', {"vpcId": VPC, "peerVpcId": VPC}),
    PEERING_ACCEPTER: ('["{}"]', {"vpcPeeringConnectionId": PEERING}),
}
"""What is drawn outside the boxes: the form of its node, and the properties that are its edges."""


def _elsewhere(stack: Stack, resource: Resource, properties: Mapping[str, str]) -> str:
    """The resource's region, where it is not that of what its first property names."""
    name, kind = next(iter(properties.items()))
    for other in _named(stack, resource, name, kind):
        if resource.kind != PEERING_ACCEPTER and resource.shares_region_with(other) is False:
            return f" ({_said(resource.region)})"
    return ""


def _box(stack: Stack, network: Network, vpc: Resource) -> Iterator[str]:
    """A VPC with its subnets and gateways inside."""
    title = " ".join((vpc.label, _said(vpc.text("cidrBlock")), f"({_said(vpc.region)})"))
    yield f'  subgraph {_key(vpc)}["{title}"]'
    for subnet in stack.of(SUBNET):
        if target(network.associations.vpc_of(subnet)) is vpc:
            place = f"{_said(subnet.text('cidrBlock'))} {_said(subnet.text('availabilityZone'))}"
            yield f'    {_key(subnet)}["{subnet.label}<br/>{place}"]'
    attached = {
        gateway
        for attachment in stack.of(INTERNET_GATEWAY_ATTACHMENT)
        for gateway in _named(stack, attachment, "internetGatewayId", INTERNET_GATEWAY)
        if vpc in _named(stack, attachment, "vpcId", VPC)
    }
    for gateway in stack.of(INTERNET_GATEWAY):
        if gateway in attached or vpc in _named(stack, gateway, "vpcId", VPC):
            yield f'    {_key(gateway)}(["{gateway.label}"])'
    yield "  end"


def _tables_and_routes(stack: Stack, network: Network) -> Iterator[str]:
    """The tables that subnets use, and the routes of VPCs that have no subnets here."""
    tables: dict[str, Table] = {}
    drawn: set[Resource] = set()
    for subnet in stack.of(SUBNET):
        drawn.update(filter(None, [target(network.associations.vpc_of(subnet))]))
        for table in _tables(network, subnet):
            tables[table.label] = table
            yield f"  {_key(subnet)} --> {_slug(table.label)}"
    named = {name: each for each in stack.of(NAT_GATEWAY, PEERING) for name in each.identifiers}
    for table in tables.values():
        routes = network.routes.routes_of(table)
        nothing = "" if routes else "<br/>local routes only"
        yield f'  {_slug(table.label)}[("{table.label}{nothing}")]'
        for route in routes:
            if isinstance(network.leads_to_internet_gateway(route, table), Yes):
                where = _said(route.destination)
                yield f'  {_slug(table.label)} -- "{where}" --> {_gateway(route)}'
            else:
                yield from _route(_slug(table.label), route, named)
    for vpc in stack.of(VPC):
        if vpc not in drawn:
            for route, _ in network.routes.routes_of_vpc(vpc):
                yield from _route(_key(vpc), route, named)


def _route(start: str, route: Route, named: Mapping[str, Resource]) -> Iterator[str]:
    """A route to something else than an internet gateway."""
    for name, what in _TARGETS.items():
        leads_to = route.target(name)
        if isinstance(leads_to, Known):
            found = named.get(leads_to.value)
            end = _key(found) if found else f'{_slug(leads_to.value)}["{what}"]'
            yield f'  {start} -- "{_said(route.destination)}" --> {end}'


def _gateway(route: Route) -> str:
    """The node of the internet gateway that a route leads to."""
    return _key(route.gateway.resource) if isinstance(route.gateway, Target) else "internet"


def _said(reading: Reading[str]) -> str:
    return reading.value if isinstance(reading, Known) else "?"


def _tables(network: Network, subnet: Resource) -> Iterable[Table]:
    # The example is all that there is: nothing of it is in other hands.
    found = network.associations.tables_of(subnet, runs=lambda _: True)
    return [each for each in found if isinstance(each, Table)] if isinstance(found, tuple) else []


def _edges(stack: Stack, resource: Resource, name: str, kind: str) -> Iterator[str]:
    for each in _named(stack, resource, name, kind):
        yield f"  {_key(resource)} --- {_key(each)}"


def _named(stack: Stack, resource: Resource, name: str, kind: str) -> Sequence[Resource]:
    """The resources that a property certainly names, one or a list."""
    single = target(stack.reference(resource, name, kind))
    if single is not None:
        return (single,)
    listed = stack.references(resource, name, kind)
    return listed.certain if isinstance(listed, ReferenceList) else ()


def _key(resource: Resource) -> str:
    return _slug(resource.label)


def _slug(text: str) -> str:
    return re.sub(r"\W+", "_", text)


def _plain(value: Any) -> Any:
    """A state's value without secrets, of which a drawing needs none."""
    if isinstance(value, Mapping):
        if _SECRET_KEY in value:
            return None
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
