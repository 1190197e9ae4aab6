"""What Read writes into a resource although its program does not: copies of its parts.

AWS has one route table with its routes; Pulumi has `aws.ec2.RouteTable` and `aws.ec2.Route`. The
provider's Read (of a refresh, an import, and at the end of every update) shows the table as AWS has
it, so the routes of `aws.ec2.Route` are in the table's `routes` from then on. A row's fields are
those of the SDK's output class.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from offline.standin import aws
from offline.standin.identity import kind_of
from offline.standin.schema import Property, Resource
from offline.standin.world import World


@dataclass(frozen=True)
class Subject:
    """A resource that is read. own: its outputs without copies, as the stack or the description
    of the world left them."""

    resource: Resource
    id: str
    own: Mapping[str, Any]
    world: World

    def parts(self, whole: str, *kinds: str) -> list[dict[str, Any]]:
        """Return the resources of some kinds whose property `whole` names this one."""
        return self.world.parts(kinds, whole, self.id)

    def rows(self, name: str) -> list[Any]:
        """Return the elements that a list has without copies."""
        own = self.own.get(name)
        return list(own) if isinstance(own, list) else []

    def row(self, output: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return an element of the list `output`: its class's fields, blank if not in `values`."""
        element = self.resource.outputs[output].type.of
        fields: Mapping[str, Property] = self.resource.output_objects.get(
            element.ref if element else "", {}
        )
        return {
            name: aws.empty(item.type) if values.get(name) is None else values[name]
            for name, item in fields.items()
        }


Copy = Callable[[Subject], Any]
"""Returns what Read writes, or None where it leaves the output as it is."""


def copies(
    resource: Resource, identity: str, own: Mapping[str, Any], world: World
) -> dict[str, Any]:
    """Return the outputs of a resource that Read derives from other resources."""
    subject = Subject(resource, identity, own, world)
    found = {
        name: copy(subject)
        for name, copy in COPIES.get(kind_of(resource.token), {}).items()
        if name in resource.outputs
    }
    return {name: value for name, value in found.items() if value is not None}


# Route tables.


def _routes(it: Subject) -> list[Any]:
    rows = it.rows("routes")
    for route in it.parts("routeTableId", "ec2:Route"):
        renamed = {
            "cidrBlock": route.get("destinationCidrBlock"),
            "ipv6CidrBlock": route.get("destinationIpv6CidrBlock"),
        }
        row = it.row("routes", {**route, **renamed})
        if row not in rows:
            rows.append(row)
    return rows


# Gateways.


def _attached_vpc(whole: str, *kinds: str) -> Copy:
    def value(it: Subject) -> Any:
        attachments = it.parts(whole, *kinds)
        return attachments[-1].get("vpcId") if attachments else it.own.get("vpcId")

    return value


# Security groups: the provider puts rules of one port range into one row.


def _rules(direction: str) -> Copy:
    def value(it: Subject) -> list[Any]:
        rows = it.rows(direction)
        for part in it.parts("securityGroupId", "ec2:SecurityGroupRule"):
            if part.get("type") == direction:
                source = part.get("sourceSecurityGroupId")
                groups = _listed(source if source != it.id else None)
                own = bool(part.get("self")) or source == it.id
                _add(rows, it.row(direction, {**part, "securityGroups": groups, "self": own}))
        kind = f"vpc:SecurityGroup{direction.capitalize()}Rule"
        for part in it.parts("securityGroupId", kind):
            source = part.get("referencedSecurityGroupId")
            values = {
                **part,
                "protocol": part.get("ipProtocol"),
                "cidrBlocks": _listed(part.get("cidrIpv4")),
                "ipv6CidrBlocks": _listed(part.get("cidrIpv6")),
                "prefixListIds": _listed(part.get("prefixListId")),
                "securityGroups": _listed(source if source != it.id else None),
                "self": source == it.id,
            }
            _add(rows, it.row(direction, values))
        return rows

    return value


def _listed(value: Any) -> list[Any]:
    return [value] if value else []


def _add(rows: list[Any], row: dict[str, Any]) -> None:
    """Add a rule to the row of its ports and protocol, or as a row of its own."""
    for index, other in enumerate(rows):
        if all(
            (other.get(name) or None) == (row.get(name) or None)
            for name in ("fromPort", "toPort", "protocol", "description")
        ):
            rows[index] = {
                name: _joined(other.get(name), value)
                if isinstance(value, list)
                else other.get(name) or value
                for name, value in row.items()
            }
            return
    rows.append(row)


def _joined(old: list[Any] | None, new: list[Any]) -> list[Any]:
    return [*(old or []), *(item for item in new if item not in (old or []))]


# Network ACLs.


def _entries(direction: str) -> Copy:
    def value(it: Subject) -> list[Any]:
        rows = it.rows(direction)
        for part in it.parts("networkAclId", "ec2:NetworkAclRule"):
            if bool(part.get("egress")) == (direction == "egress"):
                named = {"action": part.get("ruleAction"), "ruleNo": part.get("ruleNumber")}
                row = it.row(direction, {**part, **named})
                if row not in rows:
                    rows.append(row)
        return rows

    return value


def _collected(output: str, whole: str, kind: str, element: str) -> Copy:
    """Return a list of one property of the parts, after what the list has without them."""

    def value(it: Subject) -> list[Any]:
        return _joined(it.rows(output), [p[element] for p in it.parts(whole, kind) if p[element]])

    return value


# VPCs: the main route table, and the first range of IPv6 that was associated.


def _main_table(it: Subject) -> Any:
    chosen = it.parts("vpcId", "ec2:MainRouteTableAssociation")
    return chosen[-1].get("routeTableId") if chosen else it.own.get("mainRouteTableId")


def _ipv6_block(it: Subject) -> Any:
    blocks = it.parts("vpcId", "ec2:VpcIpv6CidrBlockAssociation")
    return it.own.get("ipv6CidrBlock") or (blocks[0].get("ipv6CidrBlock") if blocks else None)


# Peerings: whichever of the two sides is read, the connection has one state.


def _accept_status(it: Subject) -> Any:
    sides = ("ec2:VpcPeeringConnection", "ec2:VpcPeeringConnectionAccepter")
    accepted = any(it.world.get(it.id, side).get("autoAccept") for side in sides)
    return "active" if accepted else it.own.get("acceptStatus")


def _peering_option(side: str) -> Copy:
    def value(it: Subject) -> Any:
        options = it.parts("vpcPeeringConnectionId", "ec2:PeeringConnectionOptions")
        return (options[-1].get(side) if options else None) or it.own.get(side)

    return value


# Global databases: AWS names every member, whether the global cluster was made from it or the
# member was made in the global cluster.

_MEMBER_KINDS = {
    "rds:GlobalCluster": "rds:Cluster",
    "docdb:GlobalCluster": "docdb:Cluster",
    "neptune:GlobalCluster": "neptune:Cluster",
}


def _members(world: World, whole: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    """Return the members of a global database, the writer first.

    The writer is the source, else the oldest member that exists: the one that is promoted when it
    is left alone. The resources cannot tell of a switchover; the description of the world can.
    """
    identity = str(whole.get("id"))
    told = world.described(identity).get("globalClusterMembers")
    if told is not None:
        return list(told)
    arns = _listed(whole.get("sourceDbClusterIdentifier"))
    clusters = world.parts((_MEMBER_KINDS[kind],), "globalClusterIdentifier", identity)
    arns = _joined(arns, [each["arn"] for each in clusters if each.get("arn")])
    # Members that only an import told of.
    earlier = [each.get("dbClusterArn") for each in whole.get("globalClusterMembers") or []]
    arns = [arn for arn in _joined(arns, earlier) if arn and not world.was_deleted(str(arn))]
    return [
        {"dbClusterArn": arn, "globalWriteForwardingStatus": "", "isWriter": index == 0}
        for index, arn in enumerate(arns)
    ]


def _global_members(it: Subject) -> list[Any]:
    return _members(it.world, {**it.own, "id": it.id}, kind_of(it.resource.token))


def _group_of(it: Subject) -> tuple[str, list[dict[str, Any]]]:
    """Return the global database that a cluster is in and its members, or blanks."""
    kind = next(k for k, member in _MEMBER_KINDS.items() if member == kind_of(it.resource.token))
    for group in it.world.of_kind(kind):
        members = _members(it.world, group, kind)
        if any(member.get("dbClusterArn") == it.own.get("arn") for member in members):
            return str(group["id"]), members
    return "", []


def _global_identifier(it: Subject) -> Any:
    return _group_of(it)[0] or it.own.get("globalClusterIdentifier")


def _replication_source(it: Subject) -> Any:
    """Return the writer's ARN for a secondary. The provider's documentation advises to ignore
    changes of it there."""
    _, members = _group_of(it)
    writers = [member["dbClusterArn"] for member in members if member.get("isWriter")]
    if not writers or it.own.get("arn") in writers:
        return it.own.get("replicationSourceIdentifier")
    return writers[0]


# What else has parts.


def _associated_vpcs(it: Subject) -> list[Any]:
    rows = it.rows("vpcs")
    for part in it.parts("zoneId", "route53:ZoneAssociation"):
        if part.get("vpcId") not in [row.get("vpcId") for row in rows]:
            rows.append(it.row("vpcs", part))
    return rows


_TABLE: dict[str, Copy] = {"routes": _routes}
_GROUP: dict[str, Copy] = {"ingress": _rules("ingress"), "egress": _rules("egress")}
_ACL: dict[str, Copy] = {
    "ingress": _entries("ingress"),
    "egress": _entries("egress"),
    "subnetIds": _collected("subnetIds", "networkAclId", "ec2:NetworkAclAssociation", "subnetId"),
}
_VPC: dict[str, Copy] = {"mainRouteTableId": _main_table, "ipv6CidrBlock": _ipv6_block}
_PEERING: dict[str, Copy] = {
    "acceptStatus": _accept_status,
    "accepter": _peering_option("accepter"),
    "requester": _peering_option("requester"),
}
_ATTACHMENTS = ("ec2:InternetGatewayAttachment", "ec2:VpcGatewayAttachment")
_GLOBAL: dict[str, Copy] = {"globalClusterMembers": _global_members}
_MEMBER: dict[str, Copy] = {
    "globalClusterIdentifier": _global_identifier,
    "replicationSourceIdentifier": _replication_source,
}

# kind -> output -> what Read makes of it. An output that the SDK's class lacks is left out.
COPIES: dict[str, dict[str, Copy]] = {
    "ec2:RouteTable": _TABLE,
    "ec2:DefaultRouteTable": _TABLE,
    "ec2:InternetGateway": {"vpcId": _attached_vpc("internetGatewayId", *_ATTACHMENTS)},
    "ec2:VpnGateway": {"vpcId": _attached_vpc("vpnGatewayId", "ec2:VpnGatewayAttachment")},
    "ec2:SecurityGroup": _GROUP,
    "ec2:DefaultSecurityGroup": _GROUP,
    "ec2:NetworkAcl": _ACL,
    "ec2:DefaultNetworkAcl": _ACL,
    "ec2:Vpc": _VPC,
    "ec2:DefaultVpc": _VPC,
    "ec2:VpcPeeringConnection": _PEERING,
    "ec2:VpcPeeringConnectionAccepter": _PEERING,
    "rds:GlobalCluster": _GLOBAL,
    "docdb:GlobalCluster": _GLOBAL,
    "neptune:GlobalCluster": _GLOBAL,
    "rds:Cluster": {
        **_MEMBER,
        "clusterMembers": _collected(
            "clusterMembers", "clusterIdentifier", "rds:ClusterInstance", "id"
        ),
    },
    "docdb:Cluster": _MEMBER,
    "neptune:Cluster": _MEMBER,
    "route53:Zone": {"vpcs": _associated_vpcs},
    "autoscaling:Group": {
        "targetGroupArns": _collected(
            "targetGroupArns", "autoscalingGroupName", "autoscaling:Attachment", "lbTargetGroupArn"
        )
    },
}
