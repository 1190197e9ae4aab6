"""network-risks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Stack
from tests import aws
from tests.support import findings, run, verdict, verdicts

POLICY = "network-risks"
MAIN = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
EGRESS = "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway"
EIP = "aws:ec2/eip:Eip"
IGW = "aws:ec2/internetGateway:InternetGateway"
IGW_ATTACHMENT = "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment"
EIP_ASSOCIATION = "aws:ec2/eipAssociation:EipAssociation"
ACL = "aws:ec2/networkAcl:NetworkAcl"
ACL_RULE = "aws:ec2/networkAclRule:NetworkAclRule"
HUB = "aws:ec2transitgateway/transitGateway:TransitGateway"
ATTACHMENT = "aws:ec2transitgateway/vpcAttachment:VpcAttachment"
PEERING = "aws:ec2transitgateway/peeringAttachment:PeeringAttachment"
ACCEPTER = "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter"
Build = Callable[[Stack], None]


def two_vpcs(stack: Stack) -> tuple[Made, Made]:
    return aws.vpc(stack, "blue"), aws.vpc(stack, "green", "10.1.0.0/16")


# --- inside and beside ----------------------------------------------------------------------------


def inside(routes: Any, of_another: bool = False, ignore: tuple[str, ...] = ()) -> Build:
    """A table with routes inside, and a route beside it."""

    def build(stack: Stack) -> None:
        home = aws.vpc(stack)
        gateway = aws.gateway(stack, "gateway", home)
        said = [{"cidrBlock": "0.0.0.0/0", "gatewayId": gateway.id}] if routes is True else routes
        table = aws.table(stack, "it", home, said)
        table.ignore_changes = ignore
        peering = aws.peering(stack, "peering", home, "vpc-1", autoAccept=True)
        beside = {"destinationCidrBlock": "10.9.0.0/16", "vpcPeeringConnectionId": peering.id}
        aws.route(stack, "beside", aws.table(stack, "o", home) if of_another else table, **beside)

    return build


def routes_beside_a_default_table(stack: Stack) -> None:
    home = aws.vpc(stack)
    gateway = aws.gateway(stack, "gateway", home)
    routes = [{"cidrBlock": "0.0.0.0/0", "gatewayId": gateway.id}]
    said = {"defaultRouteTableId": home.output("defaultRouteTableId"), "routes": routes}
    table = stack.add("aws:ec2/defaultRouteTable:DefaultRouteTable", "it", said)
    aws.route(stack, "beside", table, destinationCidrBlock="10.9.0.0/16", natGatewayId="nat-1")


def rules_of_an_acl(listed: Any, kind: str = ACL, name: str = "ingress", **said: Any) -> Build:
    def build(stack: Stack) -> None:
        given = {"vpcId": aws.vpc(stack).id, name: listed}
        acl = stack.add(kind, "it", {key: each for key, each in given.items() if each is not None})
        stack.add(ACL_RULE, "beside", {"networkAclId": acl.id, "ruleNumber": 200, **said})

    return build


GROUP = "aws:ec2/securityGroup:SecurityGroup"
RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS_RULE = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
LISTED = [{"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": ["10.0.0.0/8"]}]


def rules_of_a_group(
    name: str = "ingress",
    kind: str = RULE,
    *,
    of_another: bool = False,
    ignore: tuple[str, ...] = (),
    token: str = GROUP,
    listed: Any = LISTED,
    **said: Any,
) -> Build:
    """A security group with rules inside, and a rule beside it."""

    def build(stack: Stack) -> None:
        home = aws.vpc(stack).id
        group = stack.add(token, "it", {"vpcId": home, name: listed})
        group.ignore_changes = ignore
        named = stack.add(GROUP, "other", {"vpcId": home}) if of_another else group
        rule = {"type": "ingress"} if kind == RULE else {}
        stack.add(kind, "beside", {"securityGroupId": named.id, **rule, **said})

    return build


# --- one network ----------------------------------------------------------------------------------


def associated(of_another: bool) -> Build:
    def build(stack: Stack) -> None:
        blue, green = two_vpcs(stack)
        table = aws.table(stack, "table", green if of_another else blue)
        aws.associate(stack, "it", aws.subnet(stack, "app", blue), table)

    return build


def made_main(of_another: bool) -> Build:
    def build(stack: Stack) -> None:
        blue, green = two_vpcs(stack)
        table = aws.table(stack, "table", green if of_another else blue)
        stack.add(MAIN, "it", {"vpcId": blue.id, "routeTableId": table.id})

    return build


def associated_with_one_of_two(stack: Stack) -> None:
    blue, green = two_vpcs(stack)
    tables = [aws.table(stack, vpc.name + "-table", vpc) for vpc in (blue, green)]
    either = Output.all(*aws.ids(*tables)).element(0)
    aws.associate(stack, "it", aws.subnet(stack, "app", blue), either)


def led(name: str, kind: str, of_another: bool, is_inside: bool = False) -> Build:
    """A route, perhaps one inside its table, to an endpoint or an egress-only gateway."""

    def build(stack: Stack) -> None:
        blue, green = two_vpcs(stack)
        gateway = stack.add(kind, "gateway", {"vpcId": (green if of_another else blue).id})
        if is_inside:
            aws.table(stack, "it", blue, [{"cidrBlock": "0.0.0.0/0", name: gateway.id}])
        else:
            aws.route(stack, "it", aws.table(stack, "table", blue), **{name: gateway.id})

    return build


# --- once -----------------------------------------------------------------------------------------


def associated_twice(stack: Stack) -> None:
    home = aws.vpc(stack)
    subnet, table = aws.subnet(stack, "app", home), aws.table(stack, "table", home)
    for name in ("first", "it"):
        aws.associate(stack, name, subnet, table)


def routed_twice(later: bool = False) -> Build:
    """Later, it is refused for sure, and vpc-wiring tells of it."""

    def build(stack: Stack) -> None:
        home = aws.vpc(stack)
        gateway, table = aws.gateway(stack, "gateway", home), aws.table(stack, "table", home)
        first = aws.route(stack, "first", table, gatewayId=gateway.id)
        route = aws.route(stack, "it", table, gatewayId=gateway.id)
        route.depends_on = (first,) if later else ()

    return build


def attached_twice(stack: Stack) -> None:
    home = aws.vpc(stack)
    aws.attachment(stack, "it", aws.gateway(stack, "gateway", home), home)


def gateway_of_the_default_vpc(
    separate: bool = False, kind: str = "defaultVpc:DefaultVpc", of: Any = None
) -> Build:
    def build(stack: Stack) -> None:
        home = stack.add(f"aws:ec2/{kind}", "home", {"tags": {"Name": "home"}})
        vpc = home.id if of is None else of
        said = {"tags": {"Name": "it"}} if separate else {"vpcId": vpc}
        gateway = stack.add(IGW, "gateway" if separate else "it", said)
        if separate:
            stack.add(IGW_ATTACHMENT, "it", {"internetGatewayId": gateway.id, "vpcId": vpc})

    return build


def addresses(shared: bool) -> Build:
    def build(stack: Stack) -> None:
        home = aws.vpc(stack)
        gateway = aws.gateway(stack, "gateway", home)
        table = aws.table(stack, "table", home)
        aws.route(stack, "route", table, gatewayId=gateway.id)
        for name, zone in (("first", "a"), ("it", "b")):
            subnet = aws.subnet(stack, f"public-{zone}", home, zone)
            aws.associate(stack, zone, subnet, table)
            address = "address" if shared else f"address-of-{name}"
            made = next((each for each in stack.resources if each.name == address), None)
            made = made or stack.add(EIP, address, {"domain": "vpc"})
            nat = aws.nat(stack, name, subnet, allocationId=made.id)
            nat.depends_on = (gateway,)

    return build


def address_of_an_instance(stack: Stack) -> None:
    instance = stack.add("aws:ec2/instance:Instance", "instance", {"subnetId": "subnet-1"})
    address = stack.add(EIP, "address", {"domain": "vpc", "instance": instance.id})
    said = {"allocationId": address.id, "instanceId": "i-1"}
    stack.add(EIP_ASSOCIATION, "it", said)


BALANCER = "aws:lb/loadBalancer:LoadBalancer"


def mapped(*addresses: Any, also: str | None = None) -> Build:
    """A network load balancer with these addresses in its subnets: the names of new ones, or what
    else the program writes. `also` is a NAT gateway's."""

    def build(stack: Stack) -> None:
        home = aws.vpc(stack)
        gateway = aws.gateway(stack, "gateway", home)
        table = aws.table(stack, "table", home)
        aws.route(stack, "route", table, gatewayId=gateway.id)
        names = {each for each in (*addresses, also) if each in ("one", "two")}
        made = {each: stack.add(EIP, each, {"domain": "vpc"}) for each in sorted(names)}
        mappings = []
        for zone, each in zip("abc", addresses, strict=False):
            subnet = aws.subnet(stack, f"public-{zone}", home, zone)
            aws.associate(stack, zone, subnet, table)
            said = made[each].id if each in names else each
            mappings.append({"subnetId": subnet.id, "allocationId": said})
            if zone == "a" and also is not None:
                nat = aws.nat(stack, "first", subnet, allocationId=made[also].id)
                nat.depends_on = (gateway,)
        given = {"loadBalancerType": "network", "subnetMappings": mappings}
        computed = {"arn": "arn:aws:lb:it", "internal": False}
        it = stack.add(BALANCER, "it", given, computed=computed)
        it.depends_on = (gateway,)

    return build


DEFAULT_TABLE = "aws:ec2/defaultRouteTable:DefaultRouteTable"
DEFAULT_ACL = "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl"


def beside_by_the_vpc(of_another: bool = False) -> Build:
    """Routes inside the default table of a VPC, and one that names the table by the VPC."""

    def build(stack: Stack) -> None:
        home, other = two_vpcs(stack)
        gateway = aws.gateway(stack, "gateway", home)
        routes = [{"cidrBlock": "0.0.0.0/0", "gatewayId": gateway.id}]
        said = {"defaultRouteTableId": home.output("defaultRouteTableId"), "routes": routes}
        stack.add(DEFAULT_TABLE, "it", said)
        named = (other if of_another else home).output("mainRouteTableId")
        aws.route(stack, "beside", named, destinationCidrBlock="10.9.0.0/16", natGatewayId="nat-1")

    return build


def entries_by_the_vpc(of_another: bool = False) -> Build:
    def build(stack: Stack) -> None:
        homes = two_vpcs(stack)
        for each in homes:
            each.outputs["defaultNetworkAclId"] = f"acl-{each.name}"
        said = {"defaultNetworkAclId": homes[0].output("defaultNetworkAclId")}
        stack.add(DEFAULT_ACL, "it", {**said, "ingress": [{"ruleNo": 100, "action": "allow"}]})
        named = homes[of_another].output("defaultNetworkAclId")
        stack.add(ACL_RULE, "beside", {"networkAclId": named, "ruleNumber": 200})

    return build


SERVED = "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation"


def served(of_another: bool = True, by: str = "list", table: Any = None) -> Build:
    """A gateway endpoint for a route table, by its own list or by an association."""

    def build(stack: Stack) -> None:
        home, other = two_vpcs(stack)
        where = other if of_another else home
        made = where.output("mainRouteTableId") if by == "main" else aws.table(stack, "t", where).id
        made = made if table is None else table
        said = {"vpcId": home.id, "serviceName": "com.amazonaws.us-east-1.s3"}
        if by == "association":
            endpoint = stack.add(ENDPOINT, "endpoint", said)
            stack.add(SERVED, "it", {"vpcEndpointId": endpoint.id, "routeTableId": made})
        else:
            stack.add(ENDPOINT, "it", {**said, "routeTableIds": [made]})

    return build


# --- transit gateways -----------------------------------------------------------------------------


def peered(accepted: bool = False, peer: Any = None, **said: Any) -> Build:
    def build(stack: Stack) -> None:
        near = stack.add(HUB, "near", {})
        far = stack.add(HUB, "far", {}, region="us-west-2")
        inputs = {"transitGatewayId": near.id, "peerTransitGatewayId": peer or far.id, **said}
        made = stack.add(PEERING, "it", {"peerRegion": "us-west-2", **inputs})
        if accepted:
            stack.add(
                ACCEPTER, "accept", {"transitGatewayAttachmentId": made.id}, region="us-west-2"
            )

    return build


def accepted_by_a_script(stack: Stack) -> None:
    peered()(stack)
    stack.add("command:local:Command", "accept", {}, depends_on=[stack.resources[-1]])


def led_to_a_hub(attached: Any = None, inside: bool = False) -> Build:
    """A route to a transit gateway, perhaps one inside its table, and perhaps an attachment."""

    def build(stack: Stack) -> None:
        home, hub = aws.vpc(stack), stack.add(HUB, "hub", {})
        if attached is not None:
            said = {"vpcId": home.id if attached is True else attached, "transitGatewayId": hub.id}
            stack.add(ATTACHMENT, "attachment", {**said, "subnetIds": ["subnet-1"]})
        leads = {"transitGatewayId": hub.id}
        if inside:
            aws.table(stack, "it", home, [{**leads, "cidrBlock": "10.9.0.0/16"}])
            return
        table = aws.table(stack, "table", home)
        aws.route(stack, "it", table, destinationCidrBlock="10.9.0.0/16", **leads)

    return build


# --- endpoints ------------------------------------------------------------------------------------

S3 = "com.amazonaws.us-east-1.s3"


def private_s3(gateway: dict[str, Any] | None = None, **said: Any) -> Build:
    def build(stack: Stack) -> None:
        home = aws.vpc(stack, enableDnsHostnames=True)
        shared = {"vpcId": home.id, "serviceName": S3}
        if gateway is not None:
            stack.add(ENDPOINT, "gateway", {**shared, **gateway})
        private = {"vpcEndpointType": "Interface", "privateDnsEnabled": True}
        stack.add(ENDPOINT, "it", {**shared, **private, **said})

    return build


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(inside(True), id="routes inside and beside"),
        routes_beside_a_default_table,
        pytest.param(rules_of_an_acl([{"ruleNo": 100, "action": "allow"}]), id="rules of an ACL"),
        pytest.param(
            rules_of_an_acl([{"ruleNo": 100}], name="egress", egress=True), id="that lead out"
        ),
        pytest.param(
            rules_of_an_acl([{"ruleNo": 100}], "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl"),
            id="rules of a default ACL",
        ),
        pytest.param(rules_of_a_group(), id="rules of a group"),
        pytest.param(rules_of_a_group(kind=INGRESS_RULE), id="rules of their own kind"),
        pytest.param(rules_of_a_group("egress", EGRESS_RULE), id="rules that lead out"),
        pytest.param(
            rules_of_a_group(token="aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"),
            id="rules of a default group",
        ),
        pytest.param(associated(of_another=True), id="a table of another VPC"),
        pytest.param(made_main(of_another=True), id="a main table of another VPC"),
        pytest.param(led("vpcEndpointId", ENDPOINT, of_another=True), id="to an endpoint"),
        pytest.param(led("egressOnlyGatewayId", EGRESS, of_another=True), id="egress-only"),
        pytest.param(
            led("vpcEndpointId", ENDPOINT, of_another=True, is_inside=True),
            id="to an endpoint, inside",
        ),
        associated_twice,
        pytest.param(routed_twice(), id="a route twice"),
        attached_twice,
        pytest.param(gateway_of_the_default_vpc(), id="a gateway of the default VPC"),
        pytest.param(gateway_of_the_default_vpc(separate=True), id="attached to the default VPC"),
        pytest.param(addresses(shared=True), id="an address twice"),
        address_of_an_instance,
        pytest.param(mapped("one", "one"), id="an address in two subnets"),
        pytest.param(mapped("one", "two", "one"), id="an address in two subnets of three"),
        pytest.param(mapped("eipalloc-1", "eipalloc-1"), id="an address by its id"),
        pytest.param(mapped("one", "two", also="two"), id="an address of a NAT gateway"),
        pytest.param(beside_by_the_vpc(), id="a route beside, by the VPC"),
        pytest.param(entries_by_the_vpc(), id="a rule beside, by the VPC"),
        pytest.param(served(), id="an endpoint for a table of another VPC"),
        pytest.param(served(by="main"), id="an endpoint for a main table of another VPC"),
        pytest.param(served(by="association"), id="an association with a table of another VPC"),
        pytest.param(peered(), id="a peering that nobody accepts"),
        pytest.param(led_to_a_hub(), id="a hub that the VPC is not attached to"),
        pytest.param(led_to_a_hub(inside=True), id="such a hub, inside a table"),
        pytest.param(private_s3(), id="S3 without a gateway"),
        pytest.param(
            private_s3(dnsOptions={"privateDnsOnlyForInboundResolverEndpoint": True}),
            id="S3 for resolvers",
        ),
        pytest.param(private_s3({"serviceName": "com.amazonaws.us-east-1.dynamodb"}), id="no S3"),
    ],
)
def test_what_does_not_come_to_be_as_declared_is_told(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdict(stack, POLICY) == "rejects it"
    assert verdict(stack, POLICY, shows_inputs=False) == "rejects it"


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(inside(None), id="no routes inside"),
        pytest.param(
            led("vpcEndpointId", ENDPOINT, of_another=False, is_inside=True),
            id="to its own endpoint, inside",
        ),
        pytest.param(inside(True, of_another=True), id="a route of another table"),
        pytest.param(inside(True, ignore=("routes",)), id="changes of the routes are ignored"),
        pytest.param(rules_of_an_acl(None), id="no rules inside an ACL"),
        pytest.param(rules_of_an_acl([{"ruleNo": 100}], egress=True), id="the other direction"),
        pytest.param(rules_of_an_acl([{"ruleNo": 100}], egress=UNKNOWN), id="some direction"),
        pytest.param(rules_of_a_group("egress"), id="the other direction of a group"),
        pytest.param(rules_of_a_group(type=UNKNOWN), id="some direction of a group"),
        pytest.param(rules_of_a_group(kind=EGRESS_RULE), id="another kind"),
        pytest.param(rules_of_a_group(of_another=True), id="a rule of another group"),
        pytest.param(rules_of_a_group(ignore=("ingress",)), id="rules inside that are ignored"),
        pytest.param(rules_of_a_group(listed=[]), id="an empty list"),
        pytest.param(associated(of_another=False), id="a table of the VPC"),
        pytest.param(made_main(of_another=False), id="a main table of the VPC"),
        associated_with_one_of_two,
        pytest.param(led("vpcEndpointId", ENDPOINT, of_another=False), id="to an endpoint"),
        pytest.param(led("egressOnlyGatewayId", EGRESS, of_another=False), id="egress-only"),
        pytest.param(routed_twice(later=True), id="a route twice, told elsewhere"),
        pytest.param(addresses(shared=False), id="two addresses"),
        pytest.param(mapped("one", "two"), id="two addresses of a load balancer"),
        pytest.param(mapped("one", "eipalloc-1"), id="an address and one by its id"),
        pytest.param(mapped("one", None, None), id="an address in one of the subnets"),
        pytest.param(mapped(UNKNOWN, UNKNOWN), id="some addresses"),
        pytest.param(mapped("one", also="two"), id="a load balancer and a NAT gateway"),
        pytest.param(beside_by_the_vpc(of_another=True), id="a route of another VPC"),
        pytest.param(entries_by_the_vpc(of_another=True), id="a rule of another VPC"),
        pytest.param(served(of_another=False), id="an endpoint for a table of its VPC"),
        pytest.param(served(of_another=False, by="main"), id="an endpoint for its main table"),
        pytest.param(served(of_another=False, by="association"), id="an association in the VPC"),
        pytest.param(served(table="rtb-1"), id="an endpoint for some table"),
        pytest.param(served(table=UNKNOWN), id="an endpoint for a table that is not known"),
        pytest.param(gateway_of_the_default_vpc(kind="vpc:Vpc"), id="a gateway of another VPC"),
        pytest.param(gateway_of_the_default_vpc(of="vpc-1"), id="a gateway of some VPC"),
        pytest.param(gateway_of_the_default_vpc(of=UNKNOWN), id="a gateway of one not known"),
        pytest.param(peered(accepted=True), id="an accepted peering"),
        pytest.param(peered(peer="tgw-1"), id="a peer of others"),
        pytest.param(peered(peerAccountId="111122223333"), id="a peer of another account"),
        accepted_by_a_script,
        pytest.param(led_to_a_hub(attached=True), id="a hub that the VPC is attached to"),
        pytest.param(
            led_to_a_hub(attached=True, inside=True), id="a hub that the VPC is attached to, inside"
        ),
        pytest.param(led_to_a_hub(attached=UNKNOWN), id="a hub that it may be attached to"),
        pytest.param(
            led_to_a_hub(attached=UNKNOWN, inside=True),
            id="a hub that it may be attached to, inside",
        ),
        pytest.param(private_s3({}), id="S3 with a gateway"),
        pytest.param(private_s3({"vpcEndpointType": UNKNOWN}), id="S3 with perhaps a gateway"),
        pytest.param(
            private_s3(dnsOptions={"privateDnsOnlyForInboundResolverEndpoint": False}),
            id="S3 for the VPC",
        ),
        pytest.param(private_s3(privateDnsEnabled=False), id="S3 without names"),
    ],
)
def test_what_comes_to_be_or_may_passes(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert verdicts(stack, POLICY) == {"passes"}


def test_an_empty_list_of_routes_says_that_there_are_none() -> None:
    stack = Stack()
    inside([])(stack)
    assert verdict(stack, POLICY) == "rejects it"
    assert verdict(stack, POLICY, shows_inputs=False) == "passes"  # It may be AWS's.


def test_what_stands_inside_and_beside_is_told_of_what_exists_too() -> None:
    stack = Stack()
    inside(True)(stack)
    said = {verdict(stack, POLICY, deployed=True, shows_inputs=seen) for seen in (True, False)}
    assert said == {"rejects it"}


def test_of_two_gateways_of_the_default_vpc_the_second_is_told_by_vpc_wiring() -> None:
    stack = Stack()
    gateway_of_the_default_vpc()(stack)
    stack.add(IGW, "later", {"vpcId": stack.resources[0].id})
    assert findings(stack) == {("vpc-wiring", "later")}


def test_the_gateway_that_the_default_vpc_came_with_may_be_in_the_stack() -> None:
    stack = Stack()
    gateway_of_the_default_vpc()(stack)
    assert verdict(stack, POLICY, existing=stack.resources[1:]) == "passes"


def test_others_may_have_made_the_gateway_endpoint_of_a_vpc_that_exists() -> None:
    stack = Stack()
    private_s3()(stack)
    assert verdict(stack, POLICY, existing=[stack.resources[0]]) == "passes"


def test_a_copy_of_the_routes_beside_is_not_inside() -> None:
    stack = Stack()
    inside(None)(stack)
    table = next(each for each in stack.resources if each.name == "it")
    table.outputs["routes"] = [{"cidrBlock": "10.9.0.0/16", "vpcPeeringConnectionId": "pcx-1"}]
    assert verdict(stack, POLICY, deployed=True) == "passes"


@pytest.mark.parametrize(
    "kind", [ENDPOINT, EIP, EIP_ASSOCIATION, ACL, ATTACHMENT, PEERING, MAIN, ACL_RULE]
)
@pytest.mark.parametrize("value", [None, "", 7, [None], {"x": None}, True])
def test_malformed_properties_do_not_raise(kind: str, value: Any) -> None:
    names = ("vpcId", "subnetIds", "allocationId", "instance", "ingress", "routeTableId")
    more = ("peerTransitGatewayId", "transitGatewayId", "serviceName", "vpcEndpointType")
    stack = Stack()
    for name in ("one", "other"):
        stack.add(kind, name, dict.fromkeys((*names, *more, "networkAclId"), value))
    assert verdict(stack, POLICY) == "passes"


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        (
            inside(True),
            "Route table it defines routes inline, and these resources define further "
            "ones: route beside.",
        ),
        (associated(of_another=True), "it -> the route table -> VPC green"),
        (
            addresses(shared=True),
            "NAT gateway it uses the same Elastic IP address as NAT gateway first",
        ),
        (led_to_a_hub(), "transit gateway hub -> no attachment of VPC main"),
    ],
)
def test_the_message_names_the_parts(build: Build, expected: str) -> None:
    stack = Stack()
    build(stack)
    (message,) = [each.message for each in run(stack) if each.policy == POLICY]
    assert expected in message


@pytest.mark.parametrize("value", [None, "", 7, [None], [{"allocationId": [7]}], {"x": None}])
def test_malformed_mappings_and_associations_do_not_raise(value: Any) -> None:
    stack = Stack()
    stack.add(BALANCER, "it", {"loadBalancerType": "network", "subnetMappings": value})
    stack.add(SERVED, "other", {"vpcEndpointId": value, "routeTableId": value})
    stack.add(DEFAULT_ACL, "acl", {"defaultNetworkAclId": value, "ingress": value})
    assert (POLICY, "it") not in findings(stack)


@pytest.mark.parametrize(
    ("of_table", "of_subnet", "expected"),
    [
        ("vpc-0d9e6c1b2a7f4e830", None, "rejects it"),
        ("vpc-0d9e6c1b2a7f4e830", "vpc-0e1f2a3b4c5d6e7f9", "rejects it"),
        ("vpc-0d9e6c1b2a7f4e830", "vpc-0d9e6c1b2a7f4e830", "passes"),
        ("vpc-0d9e6c1b2a7f4e830", UNKNOWN, "passes"),
    ],
)
def test_a_vpc_that_was_looked_up_is_another_one(
    of_table: Any, of_subnet: Any, expected: str
) -> None:
    stack = Stack()
    home = aws.vpc(stack).id if of_subnet is None else of_subnet
    given = {"vpcId": home, "cidrBlock": "10.0.0.0/24"}
    subnet = stack.add("aws:ec2/subnet:Subnet", "subnet", given)
    table = stack.add("aws:ec2/routeTable:RouteTable", "table", {"vpcId": of_table})
    aws.associate(stack, "it", subnet, table)
    assert verdict(stack, POLICY) == expected
