"""vpc-wiring."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Stack
from tests import aws
from tests.support import run, verdict, verdicts

POLICY = "vpc-wiring"
VPC_CIDR = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
ACL = "aws:ec2/networkAcl:NetworkAcl"
ACL_RULE = "aws:ec2/networkAclRule:NetworkAclRule"
TRANSIT_GATEWAY = "aws:ec2transitgateway/transitGateway:TransitGateway"
ATTACHMENT = "aws:ec2transitgateway/vpcAttachment:VpcAttachment"
FILES = "aws:efs/fileSystem:FileSystem"
MOUNT = "aws:efs/mountTarget:MountTarget"
EGRESS_ONLY = "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway"
LENT = "aws:vpc/securityGroupVpcAssociation:SecurityGroupVpcAssociation"
Build = Callable[[Stack], None]


def two_vpcs(stack: Stack) -> tuple[Made, Made]:
    return aws.vpc(stack, "blue", "10.0.0.0/16"), aws.vpc(stack, "green", "10.1.0.0/16")


# --- internet gateways ----------------------------------------------------------------------------


def gateway_beside_another(stack: Stack) -> None:
    home = aws.vpc(stack)
    aws.gateway(stack, "first", home)
    aws.gateway(stack, "wrong", home)


def attachment_beside_a_gateway(stack: Stack) -> None:
    home = aws.vpc(stack)
    aws.gateway(stack, "first", home)
    aws.attachment(stack, "wrong", aws.gateway(stack, "second", None), home)


def native_attachments(stack: Stack) -> None:
    home = aws.native_vpc(stack)
    for name in ("first", "wrong"):
        gateway = aws.native(
            stack, "ec2:InternetGateway", f"{name}-gateway", {}, named_by="internetGatewayId"
        )
        inputs = {
            "vpcId": home.output("vpcId"),
            "internetGatewayId": gateway.output("internetGatewayId"),
        }
        aws.native(stack, "ec2:VpcGatewayAttachment", name, inputs, named_by="attachmentType")


def one_gateway_in_two_vpcs(stack: Stack) -> None:
    blue, green = two_vpcs(stack)
    gateway = aws.gateway(stack, "gateway", None)
    aws.attachment(stack, "first", gateway, blue)
    aws.attachment(stack, "wrong", gateway, green)


def gateways_of_two_vpcs(stack: Stack) -> None:
    for vpc in two_vpcs(stack):
        aws.gateway(stack, vpc.name, vpc)


def gateway_beside_an_egress_only_one(stack: Stack) -> None:
    home = aws.vpc(stack)
    aws.gateway(stack, "gateway", home)
    kind = "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway"
    stack.add(kind, "egress", {"vpcId": home.id})


def gateway_of_one_of_two_vpcs(stack: Stack) -> None:
    blue, green = two_vpcs(stack)
    aws.gateway(stack, "first", blue)
    either = Output.all(green.id, blue.id).element(0)
    stack.add("aws:ec2/internetGateway:InternetGateway", "second", {"vpcId": either})


def lookups_of_two_regions(stack: Stack) -> None:
    """A stand-in answers every lookup of a default VPC alike."""
    for region in ("us-east-1", "us-west-2"):
        kind = "aws:ec2/internetGateway:InternetGateway"
        stack.add(kind, region, {"vpcId": "vpc-1"}, region=region)


def route_to_a_loose_gateway(
    inline: bool = False, beside: Callable[[Stack, Made, Made], None] | None = None, **said: Any
) -> Build:
    """A route to a gateway that nothing attaches, or that this attaches."""

    def build(stack: Stack) -> None:
        home = aws.vpc(stack)
        kind = "aws:ec2/internetGateway:InternetGateway"
        loose = stack.add(kind, "loose", said) if said else aws.gateway(stack, "loose", None)
        if beside is not None:
            beside(stack, loose, home)
        if inline:
            aws.table(stack, "wrong", home, [{"cidrBlock": "0.0.0.0/0", "gatewayId": loose.id}])
        else:
            aws.route(stack, "wrong", aws.table(stack, "table", home), gatewayId=loose.id)

    return build


def loose_gateway_of_a_table_of_others(stack: Stack) -> None:
    given = {"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0"}
    loose = aws.gateway(stack, "loose", None)
    stack.add("aws:ec2/route:Route", "wrong", {**given, "gatewayId": loose.id})


def one_of_two_loose_gateways(stack: Stack) -> None:
    loose = [aws.gateway(stack, name, None) for name in ("one", "two")]
    either = Output.all(*aws.ids(*loose)).element(0)
    aws.route(stack, "wrong", aws.table(stack, "table", aws.vpc(stack)), gatewayId=either)


def loose_gateway_of_an_adopted_table(stack: Stack) -> None:
    given = {"defaultRouteTableId": aws.vpc(stack).output("defaultRouteTableId")}
    routes = [{"cidrBlock": "0.0.0.0/0", "gatewayId": aws.gateway(stack, "loose", None).id}]
    kind = "aws:ec2/defaultRouteTable:DefaultRouteTable"
    stack.add(kind, "wrong", {**given, "routes": routes})


def native_loose_gateway(stack: Stack) -> None:
    gateway = aws.native(stack, "ec2:InternetGateway", "loose", {}, named_by="internetGatewayId")
    table = aws.table(stack, "table", aws.vpc(stack))
    given = {"routeTableId": table.id, "destinationCidrBlock": "0.0.0.0/0"}
    given["gatewayId"] = gateway.output("internetGatewayId")
    aws.native(stack, "ec2:Route", "wrong", given, named_by="cidrBlock")


def routes_made_of_a_loose_gateway(stack: Stack) -> None:
    """They may be routes to something else."""
    routes = Output(UNKNOWN, (aws.gateway(stack, "loose", None),))
    stack.add(
        "aws:ec2/routeTable:RouteTable", "wrong", {"vpcId": aws.vpc(stack).id, "routes": routes}
    )


def loose_gateway_of_another_region(stack: Stack) -> None:
    """region-local-references tells of that."""
    kind = "aws:ec2/internetGateway:InternetGateway"
    loose = stack.add(kind, "loose", {}, region="us-west-2")
    aws.route(stack, "wrong", aws.table(stack, "table", aws.vpc(stack)), gatewayId=loose.id)


def one_of_two_gateways(stack: Stack) -> None:
    home = aws.vpc(stack)
    both = aws.gateway(stack, "loose", None), aws.gateway(stack, "own", home)
    either = Output.all(*aws.ids(*both)).element(0)
    aws.route(stack, "wrong", aws.table(stack, "table", home), gatewayId=either)


def attached_by_something(stack: Stack, _: Made, home: Made) -> None:
    kind = "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment"
    stack.add(kind, "attached", {"internetGatewayId": UNKNOWN, "vpcId": home.id})


def attached_by_a_command(stack: Stack, loose: Made, _: Made) -> None:
    stack.add("command:local:Command", "attach", {"triggers": [loose.id]})


def attached_in_the_end(stack: Stack, loose: Made, home: Made) -> None:
    aws.attachment(stack, "attached", loose, home)


def needed_by_a_nat_gateway(stack: Stack, _: Made, home: Made) -> None:
    """That is told of the NAT gateway."""
    aws.nat(stack, "nat", aws.subnet(stack, "public", home))


def beside_the_vpc_s_own(stack: Stack, _: Made, home: Made) -> None:
    aws.gateway(stack, "own", home)
    aws.nat(stack, "nat", aws.subnet(stack, "public", home))


# --- associations ---------------------------------------------------------------------------------


def subnet_of_two_tables(stack: Stack) -> None:
    home = aws.vpc(stack)
    subnet = aws.subnet(stack, "app", home)
    aws.associate(stack, "first", subnet, aws.table(stack, "one", home))
    aws.associate(stack, "wrong", subnet, aws.table(stack, "other", home))


def subnet_of_two_tables_of_others(stack: Stack) -> None:
    subnet = aws.subnet(stack, "app", "vpc-1")
    aws.associate(stack, "first", subnet, "rtb-1")
    aws.associate(stack, "wrong", subnet, "rtb-2")


def native_subnet_of_two_tables(stack: Stack) -> None:
    home = aws.native_vpc(stack)
    subnet = aws.native_subnet(stack, "app", home, availabilityZone="us-east-1a")
    for name in ("first", "wrong"):
        inputs = {"vpcId": home.output("vpcId")}
        table = aws.native(
            stack, "ec2:RouteTable", f"{name}-table", inputs, named_by="routeTableId"
        )
        said = {
            "subnetId": subnet.output("subnetId"),
            "routeTableId": table.output("routeTableId"),
        }
        aws.native(stack, "ec2:SubnetRouteTableAssociation", name, said, named_by="awsId")


def two_subnets_of_one_table(stack: Stack) -> None:
    home = aws.vpc(stack)
    table = aws.table(stack, "table", home)
    for zone in "ab":
        aws.associate(stack, zone, aws.subnet(stack, f"app-{zone}", home, zone), table)


def subnet_twice_of_one_table(stack: Stack) -> None:
    """Nobody has seen AWS's answer."""
    home = aws.vpc(stack)
    subnet, table = aws.subnet(stack, "app", home), aws.table(stack, "table", home)
    aws.associate(stack, "first", subnet, table)
    aws.associate(stack, "second", subnet, table)


def one_of_two_subnets(stack: Stack) -> None:
    home = aws.vpc(stack)
    made = [aws.subnet(stack, f"app-{zone}", home, zone) for zone in "ab"]
    aws.associate(stack, "first", made[0], aws.table(stack, "one", home))
    either = Output.all(made[1].id, made[0].id).element(0)
    aws.associate(stack, "second", either, aws.table(stack, "other", home))


# --- routes ---------------------------------------------------------------------------------------


def default_routes(first: str, second: Any, **said: Any) -> Build:
    """A route to the internet gateway and one to the NAT gateway, to these destinations."""

    def build(stack: Stack) -> None:
        home = aws.vpc(stack)
        table = aws.table(stack, "table", home)
        gateway = aws.gateway(stack, "gateway", home)
        nat = aws.nat(stack, "nat", aws.subnet(stack, "public", home))
        name = "destinationIpv6CidrBlock" if ":" in first else "destinationCidrBlock"
        route(stack, "first", table, **{name: first}, gatewayId=gateway.id)
        route(stack, "wrong", table, **{name: second}, **{"natGatewayId": nat.id, **said})

    return build


def route(stack: Stack, name: str, table: Made, **said: Any) -> Made:
    return stack.add("aws:ec2/route:Route", name, {"routeTableId": table.id, **said})


def routes_to_a_prefix_list(stack: Stack) -> None:
    home = aws.vpc(stack)
    table = aws.table(stack, "table", home)
    listed = stack.add("aws:ec2/managedPrefixList:ManagedPrefixList", "list", {"name": "list"})
    said = {"destinationPrefixListId": listed.id}
    route(stack, "first", table, **said, gatewayId=aws.gateway(stack, "gateway", home).id)
    nat = aws.nat(stack, "nat", aws.subnet(stack, "public", home))
    route(stack, "wrong", table, **said, natGatewayId=nat.id)


def routes_of_the_main_table(stack: Stack) -> None:
    home = aws.vpc(stack)
    gateway = aws.gateway(stack, "gateway", home)
    nat = aws.nat(stack, "nat", aws.subnet(stack, "public", home))
    main = home.output("mainRouteTableId")
    aws.route(stack, "first", main, gatewayId=gateway.id)
    aws.route(stack, "wrong", main, natGatewayId=nat.id)


def the_same_route_later(stack: Stack) -> None:
    """The provider looks before it creates."""
    home = aws.vpc(stack)
    table, gateway = aws.table(stack, "table", home), aws.gateway(stack, "gateway", home)
    said = {"destinationCidrBlock": "0.0.0.0/0", "gatewayId": gateway.id}
    first = route(stack, "first", table, **said)
    stack.add(
        "aws:ec2/route:Route", "wrong", {"routeTableId": table.id, **said}, depends_on=[first]
    )


def the_same_route_at_once(stack: Stack) -> None:
    home = aws.vpc(stack)
    table, gateway = aws.table(stack, "table", home), aws.gateway(stack, "gateway", home)
    for name in ("first", "second"):
        route(stack, name, table, destinationCidrBlock="0.0.0.0/0", gatewayId=gateway.id)


def routes_of_two_tables(stack: Stack) -> None:
    home = aws.vpc(stack)
    gateway = aws.gateway(stack, "gateway", home)
    for name in ("one", "other"):
        aws.route(stack, name, aws.table(stack, f"{name}-table", home), gatewayId=gateway.id)


def route_in_one_of_two_tables(stack: Stack) -> None:
    home = aws.vpc(stack)
    gateway = aws.gateway(stack, "gateway", home)
    tables = [aws.table(stack, name, home) for name in ("one", "other")]
    aws.route(stack, "first", tables[0], gatewayId=gateway.id)
    nat = aws.nat(stack, "nat", aws.subnet(stack, "public", home))
    aws.route(stack, "second", Output.all(*aws.ids(*tables[::-1])).element(0), natGatewayId=nat.id)


def into_the_vpc(destination: str, target: str = "gatewayId", inline: bool = False) -> Build:
    """A route of 10.0.0.0/16 (and 10.9.0.0/16)."""

    def build(stack: Stack) -> None:
        blue, green = two_vpcs(stack)
        stack.add(VPC_CIDR, "more", {"vpcId": blue.id, "cidrBlock": "10.9.0.0/16"})
        made = {
            "gatewayId": lambda: aws.gateway(stack, "gateway", blue),
            "vpcPeeringConnectionId": lambda: aws.peering(stack, "peering", blue, green),
            "transitGatewayId": lambda: stack.add(TRANSIT_GATEWAY, "hub", {}),
            "egressOnlyGatewayId": lambda: stack.add(EGRESS_ONLY, "out", {"vpcId": blue.id}),
            "natGatewayId": lambda: aws.nat(stack, "nat", aws.subnet(stack, "public", blue)),
            "networkInterfaceId": lambda: stack.add(
                "aws:ec2/networkInterface:NetworkInterface",
                "appliance",
                {"subnetId": aws.subnet(stack, "app", blue).id},
            ),
        }[target]()
        if inline:
            aws.table(stack, "wrong", blue, [{"cidrBlock": destination, target: made.id}])
        else:
            table = aws.table(stack, "table", blue)
            aws.route(
                stack, "wrong", table, **{"destinationCidrBlock": destination, target: made.id}
            )

    return build


def adopted_local_route(stack: Stack) -> None:
    routes = [{"cidrBlock": "10.0.0.0/16", "gatewayId": "local"}]
    aws.table(stack, "table", aws.vpc(stack), routes)


def unknown_target(stack: Stack) -> None:
    table = aws.table(stack, "table", aws.vpc(stack))
    aws.route(stack, "route", table, destinationCidrBlock="10.0.1.0/24", gatewayId=UNKNOWN)


def one_range_for_both_sides(stack: Stack) -> None:
    """That is told of the peering."""
    blue, green = aws.vpc(stack, "blue"), aws.vpc(stack, "green")
    peering = aws.peering(stack, "peering", blue, green)
    table = aws.table(stack, "table", blue)
    said = {"destinationCidrBlock": "10.0.0.0/16", "vpcPeeringConnectionId": peering.id}
    aws.route(stack, "route", table, **said)


# --- security groups ------------------------------------------------------------------------------

HTTP = {"type": "ingress", "protocol": "tcp", "fromPort": 80, "toPort": 80}
WORLD = ["0.0.0.0/0"]


def group(stack: Stack, name: str, home: Made, **said: Any) -> Made:
    return stack.add(GROUP, name, {"vpcId": home.id, **said})


def rules(first: dict[str, Any], second: dict[str, Any], kinds: tuple[str, str]) -> Build:
    """Two rules of one group; a peer that is called `self` is the group itself."""

    def build(stack: Stack) -> None:
        web = group(stack, "web", aws.vpc(stack))
        for name, kind, said in zip(("first", "wrong"), kinds, (first, second), strict=True):
            given = {key: web.id if each == "self" else each for key, each in said.items()}
            stack.add(kind, name, {"securityGroupId": web.id, **given})

    return build


def twice(**said: Any) -> Build:
    """One rule to port 80 from the world, and one that differs from it in this."""
    first = {**HTTP, "cidrBlocks": WORLD, "description": "one"}
    return rules(first, {**first, "description": "other", **said}, (RULE, RULE))


NEW_HTTP = {"ipProtocol": "TCP", "fromPort": 80, "toPort": 80, "cidrIpv4": "0.0.0.0/0"}


def native_rules(stack: Stack) -> None:
    inputs = {"groupDescription": "web", "vpcId": aws.native_vpc(stack).output("vpcId")}
    web = aws.native(stack, "ec2:SecurityGroup", "web", inputs, named_by="groupId")
    said = {"ipProtocol": "tcp", "fromPort": 80, "toPort": 80, "cidrIp": "0.0.0.0/0"}
    for name in ("first", "wrong"):
        given = {"groupId": web.output("groupId"), **said}
        aws.native(stack, "ec2:SecurityGroupIngress", name, given, named_by="awsId")


def rule_of_an_unknown_group(stack: Stack) -> None:
    for name in ("first", "second"):
        stack.add(RULE, name, {**HTTP, "cidrBlocks": WORLD, "securityGroupId": UNKNOWN})


def foreign_group(
    said: Callable[[Made, Made], dict[str, Any]], kind: str = RULE, beside: Any = None
) -> Build:
    """A rule of a group of blue that names one of green."""

    def build(stack: Stack) -> None:
        vpcs = two_vpcs(stack)
        groups = [group(stack, f"{vpc.name}-group", vpc) for vpc in vpcs]
        if beside:
            beside(stack, *vpcs, *groups)
        stack.add(kind, "wrong", said(*groups))

    return build


def by_source(own: Made, other: Made) -> dict[str, Any]:
    return {**HTTP, "securityGroupId": own.id, "sourceSecurityGroupId": other.id}


def by_reference(own: Made, other: Made) -> dict[str, Any]:
    said = {"ipProtocol": "tcp", "fromPort": 80, "toPort": 80}
    return {**said, "securityGroupId": own.id, "referencedSecurityGroupId": other.id}


def inline(own: Made, other: Made) -> dict[str, Any]:
    block = {"protocol": "tcp", "fromPort": 80, "toPort": 80, "securityGroups": [other.id]}
    return {"vpcId": own.inputs["vpcId"], "ingress": [block]}


def peered(stack: Stack, blue: Made, green: Made, *_: Made) -> None:
    aws.peering(stack, "peering", green, blue, autoAccept=True)


def peered_with_one_that_is_not_known(stack: Stack, blue: Made, *_: Made) -> None:
    aws.peering(stack, "peering", blue, UNKNOWN)


def behind_one_hub(stack: Stack, *parts: Made) -> None:
    hub = stack.add(TRANSIT_GATEWAY, "hub", {})
    for vpc in parts[:2]:
        said = {"vpcId": vpc.id, "transitGatewayId": hub.id}
        stack.add(ATTACHMENT, f"of-{vpc.name}", {**said, "subnetIds": ["subnet-1"]})


def lent(stack: Stack, blue: Made, *parts: Made) -> None:
    stack.add(LENT, "lend", {"securityGroupId": parts[-1].id, "vpcId": blue.id})


def peered_with_another_vpc(stack: Stack, blue: Made, *_: Made) -> None:
    aws.peering(stack, "peering", blue, aws.vpc(stack, "red", "10.2.0.0/16"))


def group_of_another_region(stack: Stack) -> None:
    """region-local-references tells of that."""
    green = stack.add("aws:ec2/vpc:Vpc", "far", {"cidrBlock": "10.1.0.0/16"}, region="us-west-2")
    other = stack.add(GROUP, "other", {"vpcId": green.id}, region="us-west-2")
    stack.add(RULE, "rule", by_source(group(stack, "own", aws.vpc(stack)), other))


def group_of_the_default_vpc(*homes: str, beside: Any = None) -> Build:
    """A rule of a group in one VPC that refers to a group in another: a new one, or the default
    one (adopted, or the one of what has no VPC)."""

    def build(stack: Stack) -> None:
        places: dict[str, Any] = {
            "new": aws.vpc(stack, "blue").id,
            "adopted": stack.add("aws:ec2/defaultVpc:DefaultVpc", "default", {}).id,
            "none": None,
        }
        made = [stack.add(GROUP, f"of-{home}", {"vpcId": places[home]}) for home in homes]
        if beside is not None:
            given = {"vpcId": places["new"], "peerVpcId": beside, "autoAccept": True}
            stack.add("aws:ec2/vpcPeeringConnection:VpcPeeringConnection", "peering", given)
        stack.add(RULE, "two", by_source(*made))

    return build


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        (group_of_the_default_vpc("new", "none"), "rejects two"),
        (group_of_the_default_vpc("none", "new"), "rejects two"),
        (group_of_the_default_vpc("none", "none"), "passes"),
        (group_of_the_default_vpc("none", "adopted"), "passes"),
        (group_of_the_default_vpc("new", "none", beside="vpc-default"), "passes"),
    ],
)
def test_a_group_without_a_vpc_is_in_the_default_one(build: Build, expected: str) -> None:
    stack = Stack()
    build(stack)
    assert verdict(stack, POLICY) == expected


def groups_of_one_vpc(stack: Stack) -> None:
    home = aws.vpc(stack)
    stack.add(RULE, "rule", by_source(group(stack, "one", home), group(stack, "other", home)))


def group_of_another_account(stack: Stack) -> None:
    web = group(stack, "web", aws.vpc(stack))
    said = {**HTTP, "securityGroupId": web.id, "sourceSecurityGroupId": "111122223333/sg-1"}
    stack.add(RULE, "rule", said)


# --- network ACLs and transit gateways ------------------------------------------------------------


def acl_rules(first: dict[str, Any], second: dict[str, Any]) -> Build:
    def build(stack: Stack) -> None:
        acl = stack.add(ACL, "acl", {"vpcId": aws.vpc(stack).id})
        for name, said in (("first", first), ("wrong", second)):
            shared = {"networkAclId": acl.id, "ruleNumber": 100, "ruleAction": "allow"}
            stack.add(ACL_RULE, name, {**shared, "protocol": "tcp", **said})

    return build


def native_acl_entries(stack: Stack) -> None:
    inputs = {"vpcId": aws.native_vpc(stack).output("vpcId")}
    acl = aws.native(stack, "ec2:NetworkAcl", "acl", inputs, named_by="networkAclId")
    for name in ("first", "wrong"):
        said = {"networkAclId": acl.output("networkAclId"), "ruleNumber": 100, "protocol": 6}
        aws.native(stack, "ec2:NetworkAclEntry", name, said, named_by="awsId")


def attachments_to(*hubs: str) -> Build:
    def build(stack: Stack) -> None:
        home = aws.vpc(stack)
        made = {name: stack.add(TRANSIT_GATEWAY, name, {}) for name in dict.fromkeys(hubs)}
        for name, hub in zip(("first", "wrong"), hubs, strict=True):
            said = {"vpcId": home.id, "transitGatewayId": made[hub].id}
            stack.add(ATTACHMENT, name, {**said, "subnetIds": [f"subnet-{name}"]})

    return build


def attached_in(zones: str, places: int | None = None) -> Build:
    """An attachment with a subnet in each zone, or so many of them, which are not known."""

    def build(stack: Stack) -> None:
        home, hub = aws.vpc(stack), stack.add(TRANSIT_GATEWAY, "hub", {})
        subnets = [aws.subnet(stack, f"s{n}", home, zone) for n, zone in enumerate(zones)]
        several = Output.all(*aws.ids(*subnets))
        some = [several.element(n) for n in range(places or 0)]
        said = {"vpcId": home.id, "transitGatewayId": hub.id}
        stack.add(ATTACHMENT, "wrong", {**said, "subnetIds": some or aws.ids(*subnets)})

    return build


# --- mount targets --------------------------------------------------------------------------------


def mounted_in_one_subnet(stated: bool = True, subnets: int = 1) -> Build:
    """Two mount targets in subnets whose zones are not stated, or that are outside the stack."""

    def build(stack: Stack) -> None:
        home = aws.vpc(stack)
        system = stack.add(FILES, "files", {"encrypted": True})
        made: list[Any] = ["subnet-1", "subnet-2"][:subnets]
        if stated:
            made = [aws.unplaced(stack, f"s{n}", home).id for n in range(subnets)]
        for name, place in (("first", 0), ("wrong", -1)):
            stack.add(MOUNT, name, {"fileSystemId": system.id, "subnetId": made[place]})

    return build


def mounts(zones: str, own: str | None = None, systems: int = 1, **place: Any) -> Build:
    """A mount target in each zone, of one file system or each of another."""

    def build(stack: Stack) -> None:
        home = aws.vpc(stack)
        said = {"availabilityZoneName": own} if own else {"encrypted": True}
        made = [stack.add(FILES, f"files-{n}", said) for n in range(systems)]
        for number, zone in enumerate(zones):
            if place:
                subnet = aws.unplaced(stack, f"s{number}", home, **place)
            else:
                subnet = aws.subnet(stack, f"s{number}", home, zone)
            system = made[number % systems]
            name = "first" if number + 1 < len(zones) else "wrong"
            stack.add(MOUNT, name, {"fileSystemId": system.id, "subnetId": subnet.id})

    return build


# --- the tests ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "build",
    [
        gateway_beside_another,
        attachment_beside_a_gateway,
        native_attachments,
        one_gateway_in_two_vpcs,
        pytest.param(route_to_a_loose_gateway(), id="a gateway that nothing attaches"),
        pytest.param(route_to_a_loose_gateway(inline=True), id="from inside a table"),
        pytest.param(
            route_to_a_loose_gateway(beside=beside_the_vpc_s_own), id="beside the VPC's own"
        ),
        loose_gateway_of_a_table_of_others,
        one_of_two_loose_gateways,
        loose_gateway_of_an_adopted_table,
        native_loose_gateway,
        subnet_of_two_tables,
        subnet_of_two_tables_of_others,
        native_subnet_of_two_tables,
        pytest.param(default_routes("0.0.0.0/0", "0.0.0.0/0"), id="two default routes"),
        pytest.param(default_routes("::/0", "::/0"), id="two default routes of IPv6"),
        pytest.param(default_routes("10.1.0.0/16", "10.1.2.3/16"), id="bits after the prefix"),
        routes_to_a_prefix_list,
        routes_of_the_main_table,
        the_same_route_later,
        pytest.param(into_the_vpc("10.0.0.0/16"), id="the VPC's own range"),
        pytest.param(into_the_vpc("10.0.1.0/24"), id="a part of the VPC's range"),
        pytest.param(into_the_vpc("10.9.1.0/24"), id="a part of a secondary range"),
        pytest.param(into_the_vpc("10.0.1.0/24", "vpcPeeringConnectionId"), id="to a peering"),
        pytest.param(into_the_vpc("10.0.1.0/24", "transitGatewayId"), id="to a transit gateway"),
        pytest.param(into_the_vpc("10.0.1.0/24", "egressOnlyGatewayId"), id="egress-only"),
        pytest.param(into_the_vpc("10.0.1.0/24", inline=True), id="inside a table"),
        pytest.param(
            into_the_vpc("10.0.1.0/24", "transitGatewayId", inline=True),
            id="to a transit gateway, inside a table",
        ),
        pytest.param(twice(), id="a permission twice"),
        pytest.param(twice(protocol="6"), id="a protocol's number"),
        pytest.param(twice(cidrBlocks=["10.0.0.0/8", *WORLD]), id="one of several peers"),
        pytest.param(
            rules(
                {**HTTP, "protocol": "-1", "self": True},
                {**HTTP, "protocol": "all", "fromPort": 0, "sourceSecurityGroupId": "self"},
                (RULE, RULE),
            ),
            id="everything from the group itself",
        ),
        pytest.param(
            rules({**HTTP, "cidrBlocks": WORLD}, NEW_HTTP, (RULE, INGRESS)), id="of two kinds"
        ),
        pytest.param(rules(NEW_HTTP, NEW_HTTP, (INGRESS, INGRESS)), id="of the newer kind"),
        native_rules,
        pytest.param(foreign_group(by_source), id="a group of another VPC"),
        pytest.param(foreign_group(by_reference, INGRESS), id="the newer kind"),
        pytest.param(foreign_group(inline, GROUP), id="inside a group"),
        pytest.param(
            foreign_group(by_source, beside=peered_with_another_vpc), id="a peering elsewhere"
        ),
        pytest.param(acl_rules({}, {"ruleAction": "deny"}), id="a number twice"),
        pytest.param(acl_rules({}, {"egress": False}), id="ingress by default"),
        native_acl_entries,
        pytest.param(attachments_to("hub", "hub"), id="attached twice"),
        pytest.param(attached_in("aab"), id="attached twice in a zone"),
        pytest.param(attached_in("aaa", 2), id="attached to two of one zone"),
        pytest.param(mounts("aa"), id="mounted twice in a zone"),
        pytest.param(mounted_in_one_subnet(), id="mounted twice in a subnet"),
        pytest.param(mounted_in_one_subnet(stated=False), id="mounted twice in one by its id"),
        pytest.param(mounts("aa", availabilityZoneId="use1-az1"), id="by the zone's id"),
        pytest.param(mounts("b", own="us-east-1a"), id="a One Zone file system elsewhere"),
    ],
)
def test_what_ec2_does_not_put_together_is_rejected(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, POLICY) == {"rejects wrong"}


@pytest.mark.parametrize(
    "build",
    [
        gateways_of_two_vpcs,
        gateway_beside_an_egress_only_one,
        gateway_of_one_of_two_vpcs,
        lookups_of_two_regions,
        pytest.param(route_to_a_loose_gateway(vpcId="vpc-1"), id="attached to a VPC of others"),
        pytest.param(route_to_a_loose_gateway(vpcId=UNKNOWN), id="attached to some VPC"),
        pytest.param(route_to_a_loose_gateway(beside=attached_by_something), id="perhaps attached"),
        pytest.param(
            route_to_a_loose_gateway(beside=attached_by_a_command), id="attached by a command"
        ),
        pytest.param(
            route_to_a_loose_gateway(inline=True, beside=attached_in_the_end), id="attached later"
        ),
        pytest.param(
            route_to_a_loose_gateway(beside=needed_by_a_nat_gateway), id="told of what needs it"
        ),
        loose_gateway_of_another_region,
        routes_made_of_a_loose_gateway,
        one_of_two_gateways,
        two_subnets_of_one_table,
        subnet_twice_of_one_table,
        one_of_two_subnets,
        pytest.param(default_routes("0.0.0.0/0", "10.1.0.0/16"), id="two destinations"),
        pytest.param(default_routes("0.0.0.0/0", UNKNOWN), id="unknown destination"),
        pytest.param(
            default_routes("0.0.0.0/0", "0.0.0.0/0", natGatewayId=None, gatewayId=UNKNOWN),
            id="unknown target",
        ),
        the_same_route_at_once,
        routes_of_two_tables,
        route_in_one_of_two_tables,
        pytest.param(into_the_vpc("10.1.0.0/16"), id="another range"),
        pytest.param(into_the_vpc("10.0.0.0/15"), id="a wider range"),
        pytest.param(into_the_vpc("10.0.1.0/24", "natGatewayId"), id="through a NAT gateway"),
        pytest.param(into_the_vpc("10.0.1.0/24", "networkInterfaceId"), id="to an appliance"),
        adopted_local_route,
        unknown_target,
        one_range_for_both_sides,
        pytest.param(twice(toPort=81), id="other ports"),
        pytest.param(twice(type="egress"), id="the other direction"),
        pytest.param(twice(cidrBlocks=["10.0.0.0/8"]), id="another peer"),
        pytest.param(twice(cidrBlocks=UNKNOWN), id="unknown peers"),
        pytest.param(twice(fromPort=UNKNOWN), id="unknown port"),
        pytest.param(twice(protocol=UNKNOWN), id="unknown protocol"),
        rule_of_an_unknown_group,
        groups_of_one_vpc,
        group_of_another_account,
        group_of_another_region,
        pytest.param(foreign_group(by_source, beside=peered), id="peered"),
        pytest.param(
            foreign_group(by_source, beside=peered_with_one_that_is_not_known), id="perhaps peered"
        ),
        pytest.param(foreign_group(by_source, beside=behind_one_hub), id="a transit gateway"),
        pytest.param(foreign_group(by_source, beside=lent), id="lent to the VPC"),
        pytest.param(acl_rules({}, {"egress": True}), id="the other direction of an ACL"),
        pytest.param(acl_rules({}, {"ruleNumber": 110}), id="another number"),
        pytest.param(acl_rules({}, {"ruleNumber": UNKNOWN}), id="unknown number"),
        pytest.param(acl_rules({}, {"egress": UNKNOWN}), id="unknown direction"),
        pytest.param(attachments_to("one", "other"), id="attached to two"),
        pytest.param(attached_in("ab"), id="attached once in a zone"),
        pytest.param(attached_in("aab", 2), id="attached to two of three"),
        pytest.param(mounts("ab"), id="mounted in two zones"),
        pytest.param(mounted_in_one_subnet(subnets=2), id="mounted in zones that AWS chooses"),
        pytest.param(mounted_in_one_subnet(False, subnets=2), id="mounted in two by their ids"),
        pytest.param(mounts("aa", systems=2), id="two file systems in a zone"),
        pytest.param(mounts("aa", availabilityZone=UNKNOWN), id="mounted in unknown zones"),
        pytest.param(mounts("a", own="us-east-1a"), id="a One Zone file system in its zone"),
    ],
)
def test_what_ec2_takes_or_may_take_passes(build: Build) -> None:
    stack = Stack()
    build(stack)
    first = {verdict(stack, POLICY, shows_inputs=seen) for seen in (True, False)}
    assert first == {"passes"}


def test_what_is_new_beside_what_exists_is_told_of() -> None:
    """The first by name is the new one."""
    stack = Stack()
    home = aws.vpc(stack)
    kept = aws.gateway(stack, "kept", home)
    aws.gateway(stack, "added", home)
    assert verdict(stack, POLICY, existing=[home, kept]) == "rejects added"


def test_a_gateway_that_exists_may_be_attached_by_others() -> None:
    stack = Stack()
    route_to_a_loose_gateway()(stack)
    loose = next(each for each in stack.resources if each.name == "loose")
    assert verdict(stack, POLICY, existing=[loose]) == "passes"
    wrong = next(each for each in stack.resources if each.name == "wrong")
    others = [each for each in stack.resources if each is not loose]
    assert wrong in others
    assert verdict(stack, POLICY, existing=others) == "rejects wrong"


def test_two_vpcs_that_exist_may_have_been_joined_by_others() -> None:
    """A peering of another stack, or one made by hand, lets a rule name a group of its other
    side."""
    stack = Stack()
    foreign_group(by_source)(stack)
    wrong = stack.resources[-1]
    blue, green, *groups = (each for each in stack.resources if each is not wrong)
    assert verdict(stack, POLICY, existing=[blue, green, *groups]) == "passes"
    assert verdict(stack, POLICY, existing=[blue]) == "rejects wrong"


@pytest.mark.parametrize("kind", [RULE, INGRESS, ACL_RULE, ATTACHMENT, GROUP, MOUNT])
@pytest.mark.parametrize("value", [None, "", 7, [None], {"x": None}, True])
def test_malformed_properties_neither_raise_nor_reject(kind: str, value: Any) -> None:
    names = ("securityGroupId", "type", "protocol", "ipProtocol", "fromPort", "cidrBlocks")
    more = ("cidrIpv4", "prefixListIds", "self", "networkAclId", "ruleNumber", "egress", "ingress")
    stack = Stack()
    for place in ("one", "other"):
        stack.add(
            kind, place, dict.fromkeys((*names, *more, "vpcId", "subnetIds", "subnetId"), value)
        )
    assert verdict(stack, POLICY) == "passes"


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        (
            gateway_beside_another,
            "second internet gateway to a VPC that has one from internet gateway fi",
        ),
        (one_gateway_in_two_vpcs, "is already attached to network vpc-"),
        (
            route_to_a_loose_gateway(),
            "route wrong -> internet gateway loose -> no vpcId and no InternetGatewayAttachment",
        ),
        (subnet_of_two_tables, "conflicts with an existing association"),
        (into_the_vpc("10.0.1.0/24"), "route wrong -> 10.0.1.0/24 -> VPC blue has 10.0.0.0/16"),
        (foreign_group(by_source), "wrong -> security group green-group -> VPC green"),
    ],
)
def test_the_message_names_both_and_what_aws_says(build: Build, expected: str) -> None:
    stack = Stack()
    build(stack)
    (message,) = [each.message for each in run(stack) if each.policy == POLICY]
    assert expected in message


@pytest.mark.parametrize("name", ["localGatewayId", "carrierGatewayId", "coreNetworkArn"])
@pytest.mark.parametrize(
    ("other", "expected"),
    [("another", "rejects two"), ("one", "passes"), (UNKNOWN, "passes")],
)
def test_targets_that_no_resource_is_known_for_are_compared_as_written(
    name: str, other: Any, expected: str
) -> None:
    stack = Stack()
    for route_name, said in (("one", "one"), ("two", other)):
        given = {"routeTableId": "rtb-1", "destinationCidrBlock": "10.9.0.0/16", name: said}
        stack.add("aws:ec2/route:Route", route_name, given)
    assert verdict(stack, POLICY) == expected


# --- associations of attachments ------------------------------------------------------------------

HUB = "aws:ec2transitgateway/transitGateway:TransitGateway"
ASSOCIATION = "aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation"


def associated(
    hub: dict[str, Any] | str | None = None,
    attachment: dict[str, Any] | None = None,
    of: Any = None,
    **association: Any,
) -> Stack:
    """An attachment with a route table of its own; `hub` is a gateway of the stack or an id."""
    stack = Stack()
    gateway = hub if isinstance(hub, str) else stack.add(HUB, "hub", hub or {}).id
    said = {"transitGatewayId": gateway, "vpcId": "vpc-1", "subnetIds": ["subnet-1"]}
    made = stack.add(ATTACHMENT, "spoke", {**said, **(attachment or {})})
    table = stack.add("aws:ec2transitgateway/routeTable:RouteTable", "own", {
        "transitGatewayId": gateway})  # fmt: skip
    named = {"transitGatewayAttachmentId": made.id if of is None else of}
    stack.add(ASSOCIATION, "it", {**named, "transitGatewayRouteTableId": table.id, **association})
    return stack


_BY_DEFAULT = "transitGatewayDefaultRouteTableAssociation"


@pytest.mark.parametrize(
    ("stack", "expected"),
    [
        pytest.param(associated(), "rejects it", id="by default"),
        pytest.param(
            associated({"defaultRouteTableAssociation": "enable"}, {_BY_DEFAULT: True}),
            "rejects it",
            id="as it says",
        ),
        pytest.param(
            associated(replaceExistingAssociation=False), "rejects it", id="without replacing"
        ),
        pytest.param(
            associated({"defaultRouteTableAssociation": "disable"}), "passes", id="no default"
        ),
        pytest.param(associated(attachment={_BY_DEFAULT: False}), "passes", id="left out"),
        pytest.param(associated(replaceExistingAssociation=True), "passes", id="replacing it"),
        pytest.param(associated(attachment={_BY_DEFAULT: UNKNOWN}), "passes", id="perhaps"),
        pytest.param(
            associated({"defaultRouteTableAssociation": UNKNOWN}), "passes", id="perhaps a default"
        ),
        pytest.param(associated("tgw-1"), "passes", id="a gateway of others"),
        pytest.param(associated(of="tgw-attach-1"), "passes", id="an attachment of others"),
        pytest.param(associated(of=UNKNOWN), "passes", id="some attachment"),
    ],
)
def test_an_attachment_has_one_route_table(stack: Stack, expected: str) -> None:
    assert verdict(stack, POLICY) == expected
    assert verdict(stack, POLICY, deployed=True) == "passes"
    old = [each for each in stack.resources if each.name == "spoke"]
    assert verdict(stack, POLICY, existing=old) == "passes"


@pytest.mark.parametrize(
    "kind",
    ["aws:ec2transitgateway/vpcAttachmentAccepter:VpcAttachmentAccepter", "command:local:Command"],
)
def test_an_attachment_that_somebody_accepts_or_changes_may_have_none(kind: str) -> None:
    stack = associated()
    spoke = next(each for each in stack.resources if each.name == "spoke")
    stack.add(kind, "other", {"transitGatewayAttachmentId": spoke.id})
    assert verdict(stack, POLICY) == "passes"


@pytest.mark.parametrize(
    ("of_own", "of_named", "peered", "expected"),
    [
        ("vpc-0d9e6c1b2a7f4e830", None, False, "rejects rule"),
        (None, "vpc-0d9e6c1b2a7f4e830", False, "rejects rule"),
        (None, "vpc-0d9e6c1b2a7f4e830", True, "passes"),
        ("vpc-0d9e6c1b2a7f4e830", "vpc-0e1f2a3b4c5d6e7f9", False, "passes"),
        (UNKNOWN, None, False, "passes"),
    ],
)
def test_a_group_of_a_vpc_that_was_looked_up_is_of_no_new_vpc(
    of_own: Any, of_named: Any, peered: bool, expected: str
) -> None:
    """Two that exist may have been joined by others."""
    stack = Stack()
    home = aws.vpc(stack)
    own, named = (
        stack.add(GROUP, name, {"vpcId": home.id if vpc is None else vpc})
        for name, vpc in (("own", of_own), ("named", of_named))
    )
    if peered:
        aws.peering(stack, "peering", home, "vpc-0d9e6c1b2a7f4e830", autoAccept=True)
    said = {"type": "ingress", "protocol": "tcp", "fromPort": 443, "toPort": 443}
    given = {"securityGroupId": own.id, "sourceSecurityGroupId": named.id}
    stack.add(RULE, "rule", {**said, **given})
    assert verdict(stack, POLICY) == expected
