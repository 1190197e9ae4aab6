"""Draw the network of a deployed stack, as the policies' model reads it, in Mermaid.

In: an export of the stack (`pulumi stack export`) and a policy. Out: the text of a Mermaid
flowchart: VPCs as boxes with their subnets, gateways and route tables, where the routes lead, and
what is in the subnets. What the policy finds is in red: along the chains of its findings to their
ends, which are dashed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from policies.model import Model
from policies.model.again import made_again
from policies.model.answers import Yes
from policies.model.network.route_tables import Table
from policies.model.network.routes import Route
from policies.model.network.routing import Network
from policies.model.references import Reference, ReferenceList, Target, target
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
from policies.rule import Settings, StackRule, Violation
from scripts.flowchart import Edge, Flowchart

_SECRET_KEY = "4dabf18193072939515e22adb298388d"
_TARGETS = {
    "natGatewayId": "NAT gateway",
    "vpcPeeringConnectionId": "VPC peering",
    "transitGatewayId": "transit gateway",
    "vpcEndpointId": "endpoint",
}


def resources_of(export: Mapping[str, Any]) -> list[Resource]:
    """The resources of an exported stack."""
    states = export["deployment"]["resources"]
    providers = {
        f"{state['urn']}::{state['id']}": Provider(state["urn"], _plain(state.get("inputs", {})))
        for state in states
        if state["type"].startswith("pulumi:providers:")
    }
    return [
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
    ]


def draw(export: Mapping[str, Any], rule: StackRule) -> str:
    """The Mermaid text, with what the rule finds in red."""
    resources = resources_of(export)
    deployed, new = Model(resources), Model(made_again(resources))
    chart = Flowchart()
    _network(deployed.stack, deployed.network(), chart)
    # What a rule says of a program, not of what exists: that may be connected by other hands.
    found = (
        outcome
        for subject in new.stack.of(*rule.subjects)
        for outcome in rule.check(subject, new, Settings())
        if isinstance(outcome, Violation)
    )
    for number, violation in enumerate(found):
        for chain in violation.chains:
            chart.mark(number, chain)
    return chart.text()


def _network(stack: Stack, network: Network, chart: Flowchart) -> None:
    for vpc in stack.of(VPC):
        chart.box(vpc.label, f"{_said(vpc.text('cidrBlock'))} ({_said(vpc.region)})")
    for subnet in stack.of(SUBNET):
        place = f"{_said(subnet.text('cidrBlock'))} {_said(subnet.text('availabilityZone'))}"
        chart.node(subnet.label, '["{}"]', place, _box(network.associations.vpc_of(subnet)))
    _gateways(stack, chart)
    _resources(stack, network, chart)
    _tables(stack, network, chart)


def _gateways(stack: Stack, chart: Flowchart) -> None:
    """Internet gateways, in the VPCs that they are attached to."""
    attachments = stack.of(INTERNET_GATEWAY_ATTACHMENT)
    for gateway in stack.of(INTERNET_GATEWAY):
        attached = [
            vpc
            for attachment in attachments
            if gateway in _named(stack, attachment, "internetGatewayId", INTERNET_GATEWAY)
            for vpc in _named(stack, attachment, "vpcId", VPC)
        ]
        vpcs = [*attached, *_named(stack, gateway, "vpcId", VPC)]
        chart.node(gateway.label, _ROUND, box=vpcs[0].label if vpcs else None)
        if _INTERNET not in chart.shapes:
            chart.node(_INTERNET, "(({}))")
        chart.edges.append(Edge(gateway.label, _INTERNET))


_INTERNET = "internet"
_ROUND = '(["{}"])'
_DRAWN: Mapping[str, tuple[str, Mapping[str, str]]] = {
    LOAD_BALANCER: (_ROUND, {"subnets": SUBNET, "securityGroups": SECURITY_GROUP}),
    SECURITY_GROUP: ('["{}"]', {"vpcId": VPC}),
    DB_SUBNET_GROUP: ('["{}"]', {"subnetIds": SUBNET}),
    NAT_GATEWAY: (_ROUND, {"subnetId": SUBNET}),
}
"""What is drawn beside the network: the form of its node, and the properties that are its edges."""


def _resources(stack: Stack, network: Network, chart: Flowchart) -> None:
    for kind, (shape, properties) in _DRAWN.items():
        for resource in stack.of(kind):
            region = _elsewhere(stack, resource, properties)
            box = None
            if kind == NAT_GATEWAY:
                subnets = _named(stack, resource, "subnetId", SUBNET)
                box = _box(network.associations.vpc_of(subnets[0])) if subnets else None
            chart.node(resource.label, shape, region, box)
            for name, other in properties.items():
                for each in _named(stack, resource, name, other):
                    chart.edges.append(Edge(resource.label, each.label, directed=False))


def _elsewhere(stack: Stack, resource: Resource, properties: Mapping[str, str]) -> str:
    """The resource's region, where it is not that of what its first property names."""
    name, kind = next(iter(properties.items()))
    for other in _named(stack, resource, name, kind):
        if resource.shares_region_with(other) is False:
            return f"({_said(resource.region)})"
    return ""


def _tables(stack: Stack, network: Network, chart: Flowchart) -> None:
    """The tables that subnets use, where their routes lead, and the peerings of VPCs."""
    tables: dict[str, Table] = {}
    for subnet in stack.of(SUBNET):
        for table in _tables_of(network, subnet):
            tables[table.label] = table
            chart.edges.append(Edge(subnet.label, table.label))
    peerings = stack.of(PEERING)
    named = {
        name: each for each in (*stack.of(NAT_GATEWAY), *peerings) for name in each.identifiers
    }
    for peering in peerings:
        accepted = [
            f"accepted by {accepter.label}"
            for accepter in stack.of(PEERING_ACCEPTER)
            if peering in _named(stack, accepter, "vpcPeeringConnectionId", PEERING)
        ]
        chart.node(peering.label, '{{{{"{}"}}}}', "<br/>".join(accepted))
    for table in tables.values():
        routes = network.routes.routes_of(table)
        local = "" if routes else "local routes only"
        chart.node(table.label, '[("{}")]', local, _box(table.vpc))
        for route in routes:
            if isinstance(network.leads_to_internet_gateway(route, table), Yes):
                edge = Edge(table.label, _gateway(route), _said(route.destination))
                chart.edges.append(edge)
            else:
                _route(table.label, route, named, chart)
    bare = [vpc for vpc in stack.of(VPC) if not chart.boxes[vpc.label]]
    for vpc in bare:
        for route, _ in network.routes.routes_of_vpc(vpc):
            _route(vpc.label, route, named, chart)
    _peered(stack, chart)


def _peered(stack: Stack, chart: Flowchart) -> None:
    """A line from each peering to a VPC from which no route leads to it."""
    for peering in stack.of(PEERING):
        reached = {edge.start for edge in chart.edges if edge.end == peering.label}
        for name in ("vpcId", "peerVpcId"):
            for vpc in _named(stack, peering, name, VPC):
                if reached.isdisjoint((vpc.label, *chart.boxes[vpc.label])):
                    chart.edges.append(Edge(peering.label, vpc.label, directed=False))


def _route(start: str, route: Route, named: Mapping[str, Resource], chart: Flowchart) -> None:
    """A route to something else than an internet gateway."""
    for name, what in _TARGETS.items():
        leads_to = route.target(name)
        if isinstance(leads_to, Known):
            found = named.get(leads_to.value)
            end = found.label if found else f"{what} {leads_to.value}"
            if end not in chart.texts:
                chart.node(end, '["{}"]')
            chart.edges.append(Edge(start, end, _said(route.destination)))


def _gateway(route: Route) -> str:
    """What is drawn of the internet gateway that a route leads to."""
    return route.gateway.resource.label if isinstance(route.gateway, Target) else _INTERNET


def _box(vpc: Reference) -> str | None:
    """The box of a VPC; None where it is not of the stack."""
    found = target(vpc)
    return found.label if found else None


def _said(reading: Reading[str]) -> str:
    return reading.value if isinstance(reading, Known) else "?"


def _tables_of(network: Network, subnet: Resource) -> Iterable[Table]:
    # The example is all that there is: nothing of it is in other hands.
    found = network.associations.tables_of(subnet, runs=lambda _: True)
    return [each for each in found if isinstance(each, Table)] if isinstance(found, tuple) else []


def _named(stack: Stack, resource: Resource, name: str, kind: str) -> Sequence[Resource]:
    """The resources that a property certainly names, one or a list."""
    single = target(stack.reference(resource, name, kind))
    if single is not None:
        return (single,)
    listed = stack.references(resource, name, kind)
    return listed.certain if isinstance(listed, ReferenceList) else ()


def _plain(value: Any) -> Any:
    """A state's value without secrets, of which a drawing needs none."""
    if isinstance(value, Mapping):
        if _SECRET_KEY in value:
            return None
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
