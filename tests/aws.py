"""Resources as pulumi-aws 7 sends them: with the outputs that AWS computes, unknown at first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from policies.testing import Made, Output, Stack

STACK_REFERENCE = "pulumi:pulumi:StackReference"


def vpc(stack: Stack, name: str = "main", cidr: str = "10.0.0.0/16", **inputs: Any) -> Made:
    return stack.add(
        "aws:ec2/vpc:Vpc",
        name,
        {"cidrBlock": cidr, **inputs},
        computed={
            "mainRouteTableId": f"rtb-main-{name}",
            "defaultRouteTableId": f"rtb-main-{name}",
            "ipv6CidrBlock": "",
            "ownerId": "111122223333",
        },
    )


def subnet(
    stack: Stack, name: str, home: Made | Output | str, zone: str = "a", **inputs: Any
) -> Made:
    return stack.add(
        "aws:ec2/subnet:Subnet",
        name,
        {"vpcId": _id(home), "availabilityZone": f"us-east-1{zone}", **inputs},
        computed={"availabilityZoneId": f"use1-az{'abcdef'.index(zone[-1]) + 1}"},
    )


def unplaced(
    stack: Stack, name: str, home: Made, in_the_end: str | None = None, **stated: Any
) -> Made:
    """A subnet that states its zone in another way than by name, or not at all."""
    by_id = {"use1-az1": "us-east-1d", "use1-az2": "us-east-1a", "use1-az3": "us-east-1b"}
    computed = {
        "availabilityZone": in_the_end or by_id[stated.get("availabilityZoneId", "use1-az3")],
        "availabilityZoneId": "use1-az3",
    }
    return stack.add(
        "aws:ec2/subnet:Subnet",
        name,
        {"vpcId": home.id, **stated},
        computed={key: value for key, value in computed.items() if key not in stated},
    )


def gateway(stack: Stack, name: str, home: Made | None, **inputs: Any) -> Made:
    attached = {} if home is None else {"vpcId": home.id}
    computed = {"vpcId": "vpc-later"} if home is None else {}
    return stack.add(
        "aws:ec2/internetGateway:InternetGateway", name, {**attached, **inputs}, computed=computed
    )


def attachment(stack: Stack, name: str, internet_gateway: Made, home: Made) -> Made:
    return stack.add(
        "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment",
        name,
        {"internetGatewayId": internet_gateway.id, "vpcId": home.id},
    )


def table(
    stack: Stack, name: str, home: Made | Output, routes: Sequence[dict[str, Any]] | None = None
) -> Made:
    inline: dict[str, Any] = {} if routes is None else {"routes": list(routes)}
    computed: dict[str, Any] = {} if inline else {"routes": []}
    return stack.add(
        "aws:ec2/routeTable:RouteTable", name, {"vpcId": _id(home), **inline}, computed=computed
    )


def route(stack: Stack, name: str, of: Made | Output, **inputs: Any) -> Made:
    return stack.add(
        "aws:ec2/route:Route",
        name,
        {"routeTableId": _id(of), "destinationCidrBlock": "0.0.0.0/0", **inputs},
        computed={name: "" for name in ("instanceId", "networkInterfaceId") if name not in inputs},
    )


def associate(stack: Stack, name: str, of: Made | Output, at: Made | Output | str) -> Made:
    return stack.add(
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        name,
        {"subnetId": _id(of), "routeTableId": _id(at)},
    )


def balancer(stack: Stack, name: str, subnets: Any, *, token: str = "lb", **inputs: Any) -> Made:
    given = {"subnets": subnets, "loadBalancerType": "application", **inputs}
    given = {key: value for key, value in given.items() if value is not None}
    computed = {"internal": False, "ipAddressType": "ipv4", "arn": f"arn:aws:lb:{name}"}
    computed |= {"subnetMappings": [], "subnets": []}
    return stack.add(
        f"aws:{token}/loadBalancer:LoadBalancer",
        name,
        given,
        computed={key: value for key, value in computed.items() if key not in given},
    )


def nat(stack: Stack, name: str, subnet: Made | Output | str | None, **inputs: Any) -> Made:
    given = {} if subnet is None else {"subnetId": _id(subnet)}
    given |= {"connectivityType": "public", **inputs}
    if inputs.keys().isdisjoint(("connectivityType", "availabilityMode", "allocationId")):
        given["allocationId"] = f"eipalloc-{name}"
    computed = {"availabilityMode": "zonal", "vpcId": "vpc-of-its-subnet", "subnetId": ""}
    return stack.add(
        "aws:ec2/natGateway:NatGateway",
        name,
        given,
        computed={key: value for key, value in computed.items() if key not in given},
    )


def zone(stack: Stack, name: str, domain: Any, **inputs: Any) -> Made:
    return stack.add(
        "aws:route53/zone:Zone",
        name,
        {"name": domain, "comment": "Managed by Pulumi", **inputs},
        computed={"zoneId": f"Z{name.upper()}", "primaryNameServer": "ns-1.awsdns-01.org"},
    )


def record(
    stack: Stack, name: str, home: Made | Output | str, domain: Any, role: Any, **inputs: Any
) -> Made:
    """A failover record for one address, as an A record unless said otherwise."""
    given = {
        "zoneId": home.output("zoneId") if isinstance(home, Made) else home,
        "name": domain,
        "type": "A",
        "ttl": 60,
        "records": ["198.51.100.2" if role == "SECONDARY" else "198.51.100.1"],
        "setIdentifier": name,
        "failoverRoutingPolicies": [{"type": role}],
        **inputs,
    }
    given = {key: value for key, value in given.items() if value is not None}
    return stack.add("aws:route53/record:Record", name, given, computed={"fqdn": domain or "."})


def peering(
    stack: Stack, name: str, home: Made | Output | str, other: Made | Output | str, **inputs: Any
) -> Made:
    given = {"vpcId": _id(home), "peerVpcId": _id(other), **inputs}
    computed = {
        "acceptStatus": "pending-acceptance",
        "peerOwnerId": "111122223333",
        "peerRegion": inputs.get("region", stack.region),
    }
    return stack.add(
        "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
        name,
        given,
        computed={key: value for key, value in computed.items() if key not in given},
    )


def accepter(stack: Stack, name: str, of: Made | Output | str, **inputs: Any) -> Made:
    return stack.add(
        "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
        name,
        {"vpcPeeringConnectionId": _id(of), **inputs},
        computed={"id": _plain(_id(of))},
    )


def global_cluster(stack: Stack, name: str = "world", **inputs: Any) -> Made:
    """A global cluster of aurora-postgresql 16.8, as far as the inputs do not say otherwise."""
    given = {"globalClusterIdentifier": name, **inputs}
    if "sourceDbClusterIdentifier" not in inputs:
        given = {"engine": "aurora-postgresql", "engineVersion": "16.8", **given}
    computed = {
        "id": name,
        "arn": f"arn:aws:rds::111122223333:global-cluster:{name}",
        "engine": "aurora-postgresql",
        "engineVersion": "16.8",
        "databaseName": "",
        "sourceDbClusterIdentifier": "",
        "storageEncrypted": False,
    }
    return _made_by_rds(
        stack, "aws:rds/globalCluster:GlobalCluster", name, given, computed=computed
    )


def cluster(
    stack: Stack,
    name: str,
    home: Made | Output | str | None = None,
    *,
    depends_on: Iterable[Made] = (),
    ignore_changes: Iterable[str] = (),
    **inputs: Any,
) -> Made:
    """A cluster of aurora-postgresql 16.8 that may join a global cluster. Afterwards AWS shows of
    all of them a user, a database and a key, whoever set them."""
    given: dict[str, Any] = {"engine": "aurora-postgresql", "engineVersion": "16.8"}
    given |= {"clusterIdentifier": name}
    given |= {} if home is None else {"globalClusterIdentifier": _id(home)}
    given |= {"engineMode": "provisioned", **inputs}
    place = f"arn:aws:rds:{stack.region or 'us-east-1'}:111122223333"
    computed = {
        "id": name,
        "arn": f"{place}:cluster:{name}",
        "engineVersion": "16.8",
        "masterUsername": "root_of_all",
        "databaseName": "app",
        "storageEncrypted": False,
        "kmsKeyId": "",
        "availabilityZones": [],
    }
    token = "aws:rds/cluster:Cluster"
    made = _made_by_rds(stack, token, name, given, computed=computed, depends_on=depends_on)
    made.ignore_changes = tuple(ignore_changes)
    return made


def instance(
    stack: Stack, name: str, of: Made | Output | str, size: Any = "db.r6g.large", **inputs: Any
) -> Made:
    """An instance of a cluster."""
    given = {"clusterIdentifier": _id(of), "engine": "aurora-postgresql", "instanceClass": size}
    computed = {"identifier": name, "engineVersion": "16.8", "writer": True}
    token = "aws:rds/clusterInstance:ClusterInstance"
    return _made_by_rds(stack, token, name, {**given, **inputs}, computed=computed)


def _made_by_rds(
    stack: Stack,
    token: str,
    name: str,
    given: Mapping[str, Any],
    *,
    computed: Mapping[str, Any],
    depends_on: Iterable[Made] = (),
) -> Made:
    """What the inputs leave out is computed; an input of None stands for one left out."""
    said = {key: value for key, value in given.items() if value is not None}
    left = {key: value for key, value in computed.items() if key not in said}
    return stack.add(token, name, said, computed=left, depends_on=depends_on)


def native(
    stack: Stack, token: str, name: str, inputs: Mapping[str, Any], *, named_by: str
) -> Made:
    """A resource of aws-native (`ec2:Subnet`), whose outputs hold no id but `named_by`."""
    given = f"{token.rpartition(':')[2].lower()}-{name}"
    made = stack.add(f"aws-native:{token}", name, inputs, computed={named_by: given})
    del made.outputs["id"]
    return made


def native_vpc(stack: Stack, name: str = "main", cidr: str = "10.0.0.0/16") -> Made:
    return native(stack, "ec2:Vpc", name, {"cidrBlock": cidr}, named_by="vpcId")


def native_subnet(stack: Stack, name: str, home: Made, **inputs: Any) -> Made:
    given = {"vpcId": home.output("vpcId"), **inputs}
    return native(stack, "ec2:Subnet", name, given, named_by="subnetId")


def other_stack(name: str = "network") -> Made:
    """A reference to another stack. The engine names it among the dependencies of what its outputs
    are in, and sends no resource of its own for it."""
    return Stack().add(STACK_REFERENCE, name)


def named(stack: Stack, name: str) -> Made:
    """The first resource of the stack that has the name."""
    return next(each for each in stack.resources if each.name == name)


@contextmanager
def region(stack: Stack, name: str | None) -> Iterator[None]:
    """Resources that are added meanwhile are made by a provider of this region."""
    before, stack.region = stack.region, name
    yield
    stack.region = before


def ids(*resources: Made) -> list[Output]:
    return [each.id for each in resources]


def _id(what: Made | Output | str) -> Output | str:
    return what.id if isinstance(what, Made) else what


def _plain(what: Output | str) -> Any:
    return what.value if isinstance(what, Output) else what
