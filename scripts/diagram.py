"""Draw the network of a deployed stack, as the policies' model reads it, in Mermaid.

In: an export of the stack (`pulumi stack export`). Out: the text of a Mermaid flowchart: VPCs as
boxes, their subnets, the route table that each subnet uses, and where its routes lead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from policies.model import Model
from policies.model.answers import Yes
from policies.model.network import Network, Route, Table
from policies.model.resource import Provider, Resource
from policies.model.stack import Stack, target
from policies.model.values import Known, Reading
from policies.model.vocabulary import LOAD_BALANCER, NAT_GATEWAY, PEERING, SUBNET, VPC

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
    yield from _tables_and_routes(stack, network)
    for balancer in stack.of(LOAD_BALANCER):
        yield f'  {_key(balancer)}(["{balancer.label}"])'
        yield from _edges(stack, balancer, "subnets", SUBNET)
    for gateway in stack.of(NAT_GATEWAY):
        yield f'  {_key(gateway)}(["{gateway.label}"])'
        yield from _edges(stack, gateway, "subnetId", SUBNET)
    for peering in stack.of(PEERING):
        yield f'  {_key(peering)}{{{{"{peering.label}"}}}}'
        for name in ("vpcId", "peerVpcId"):
            yield from _edges(stack, peering, name, VPC)


def _box(stack: Stack, network: Network, vpc: Resource) -> Iterator[str]:
    """A VPC with its subnets inside."""
    title = " ".join((vpc.label, _said(vpc.text("cidrBlock")), f"({_said(vpc.region)})"))
    yield f'  subgraph {_key(vpc)}["{title}"]'
    for subnet in stack.of(SUBNET):
        if target(network.vpc_of(subnet)) is vpc:
            zone = _said(subnet.text("availabilityZone"))
            yield f'    {_key(subnet)}["{subnet.label}<br/>{zone}"]'
    yield "  end"


def _tables_and_routes(stack: Stack, network: Network) -> Iterator[str]:
    """The tables that subnets use, and the routes of VPCs that have no subnets here."""
    tables: dict[str, Table] = {}
    drawn: set[Resource] = set()
    for subnet in stack.of(SUBNET):
        drawn.update(filter(None, [target(network.vpc_of(subnet))]))
        for table in _tables(network, subnet):
            tables[table.label] = table
            yield f"  {_key(subnet)} --> {_slug(table.label)}"
    named = {name: each for each in stack.of(NAT_GATEWAY, PEERING) for name in each.identifiers}
    for table in tables.values():
        yield f'  {_slug(table.label)}[("{table.label}")]'
        for route in network.routes_of(table):
            if isinstance(network.leads_to_internet_gateway(route, table), Yes):
                where = _said(route.destination)
                yield f'  {_slug(table.label)} -- "{where}" --> internet((internet))'
            else:
                yield from _route(_slug(table.label), route, named)
    for vpc in stack.of(VPC):
        if vpc not in drawn:
            for route, _ in network.routes_of_vpc(vpc):
                yield from _route(_key(vpc), route, named)


def _route(start: str, route: Route, named: Mapping[str, Resource]) -> Iterator[str]:
    """A route to something else than an internet gateway."""
    for name, what in _TARGETS.items():
        leads_to = route.target(name)
        if isinstance(leads_to, Known):
            found = named.get(leads_to.value)
            end = _key(found) if found else f'{_slug(leads_to.value)}["{what}"]'
            yield f'  {start} -- "{_said(route.destination)}" --> {end}'


def _said(reading: Reading[str]) -> str:
    return reading.value if isinstance(reading, Known) else "?"


def _tables(network: Network, subnet: Resource) -> Iterable[Table]:
    found = network.tables_of(subnet)
    return [each for each in found if isinstance(each, Table)] if isinstance(found, tuple) else []


def _edges(stack: Stack, resource: Resource, name: str, kind: str) -> Iterator[str]:
    found = stack.references(resource, name, kind)
    named = getattr(found, "certain", ())
    single = target(stack.reference(resource, name, kind)) if not named else None
    for each in (*named, *((single,) if single else ())):
        yield f"  {_key(resource)} --- {_key(each)}"


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
