"""creation-order: what must wait for a gateway or for the primary's writer, and what does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Stack
from tests import aws
from tests.support import findings, run, verdict, verdicts

POLICY = "creation-order"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"


def public_network(stack: Stack, *, attach: bool = False) -> tuple[list[Made], Made, Made]:
    """Two public subnets, with what attaches the gateway and the route to it."""
    home = aws.vpc(stack)
    igw = aws.gateway(stack, "igw", None if attach else home)
    waited_for = aws.attachment(stack, "attached", igw, home) if attach else igw
    public = aws.table(stack, "public", home)
    default = aws.route(stack, "default", public, gatewayId=igw.id)
    default.depends_on = (waited_for,)
    subnets = [
        aws.subnet(stack, f"app-{zone}", home, zone, cidrBlock=f"10.0.{number}.0/24")
        for number, zone in enumerate("ab")
    ]
    for each in subnets:
        aws.associate(stack, f"{each.name}-table", each, public)
    return subnets, waited_for, default


def balancer(stack: Stack, subnets: list[Made], *waits: Made, **inputs: Any) -> None:
    stack.add(
        "aws:lb/loadBalancer:LoadBalancer",
        "web",
        {"subnets": aws.ids(*subnets), "loadBalancerType": "application", **inputs},
        computed={} if "internal" in inputs else {"internal": False},
        depends_on=waits,
    )


def nat(stack: Stack, subnet: Made, *waits: Made, **inputs: Any) -> None:
    stack.add(
        "aws:ec2/natGateway:NatGateway",
        "nat",
        {"subnetId": subnet.id, "allocationId": "eipalloc-1", **inputs},
        depends_on=waits,
    )


def test_a_load_balancer_and_a_nat_gateway_that_do_not_wait_are_told() -> None:
    for attach in (False, True):
        stack = Stack()
        subnets, _, _ = public_network(stack, attach=attach)
        balancer(stack, subnets)
        nat(stack, subnets[0])
        assert verdicts(stack, POLICY) == {"rejects main"}
        assert findings(stack) == {(POLICY, "main")}


def test_a_regional_nat_gateway_waits_for_the_gateway_of_its_vpc() -> None:
    for waits, expected in ((False, "rejects main"), (True, "passes")):
        stack = Stack()
        home = aws.vpc(stack)
        igw = aws.gateway(stack, "igw", home)
        given = {"vpcId": home.id, "availabilityMode": "regional", "connectivityType": "public"}
        waited_for = [igw] if waits else []
        stack.add("aws:ec2/natGateway:NatGateway", "nat", given, depends_on=waited_for)
        assert verdicts(stack, POLICY) == {expected}


def test_what_waits_for_a_component_of_a_package_waits_for_all_that_it_is_made_of() -> None:
    for what_it_is, expected in (("component", "passes"), ("resource", "rejects main")):
        stack = Stack()
        if what_it_is == "component":
            network = stack.add_component("awsx:ec2:Vpc", "network")
        else:
            network = stack.add("random:index/randomId:RandomId", "network")
        home = aws.vpc(stack)
        gateway = stack.add(
            "aws:ec2/internetGateway:InternetGateway", "igw", {"vpcId": home.id}, parent=network
        )
        public = aws.table(stack, "public", home)
        aws.route(stack, "default", public, gatewayId=gateway.id)
        subnet = aws.subnet(stack, "app", home)
        aws.associate(stack, "app-table", subnet, public)
        nat(stack, subnet, network)
        assert verdicts(stack, POLICY) == {expected}


def test_a_component_is_not_made_of_what_the_program_gives_it_later() -> None:
    stack = Stack()
    network = stack.add_component("awsx:ec2:Vpc", "network")
    home = aws.vpc(stack)
    given = {"vpcId": home.id}
    gateway = stack.add(
        "aws:ec2/internetGateway:InternetGateway",
        "igw",
        given,
        parent=network,
        depends_on=[network],
    )
    public = aws.table(stack, "public", home)
    aws.route(stack, "default", public, gatewayId=gateway.id)
    subnet = aws.subnet(stack, "app", home)
    aws.associate(stack, "app-table", subnet, public)
    nat(stack, subnet, network)
    assert verdicts(stack, POLICY) == {"rejects main"}


def test_waiting_for_the_gateway_the_attachment_or_a_route_to_it_is_enough() -> None:
    for attach in (False, True):
        for what in (1, 2):
            stack = Stack()
            network = public_network(stack, attach=attach)
            waited_for = network[what]
            assert isinstance(waited_for, Made)
            balancer(stack, network[0], waited_for)
            nat(stack, network[0][0], waited_for)
            assert verdicts(stack, POLICY) == {"passes"}


def test_waiting_for_a_route_that_does_not_wait_for_the_attachment_is_not_enough() -> None:
    stack = Stack()
    subnets, _, default = public_network(stack, attach=True)
    default.depends_on = ()
    nat(stack, subnets[0], default)
    (said,) = [each.message for each in run(stack) if each.policy == POLICY]
    for late in ("route default", "NAT gateway nat"):
        assert f"{late} -> does not wait for -> internet gateway attachment attached" in said


def test_what_needs_no_gateway_need_not_wait() -> None:
    stack = Stack()
    subnets, _, _ = public_network(stack)
    balancer(stack, subnets, internal=True)
    nat(stack, subnets[0], connectivityType="private")
    assert verdicts(stack, POLICY) == {"passes"}


def test_a_missing_gateway_is_the_finding_of_other_policies() -> None:
    stack = Stack()
    home = aws.vpc(stack)
    subnets = [
        aws.subnet(stack, f"app-{zone}", home, zone, cidrBlock=f"10.0.{number}.0/24")
        for number, zone in enumerate("ab")
    ]
    balancer(stack, subnets)
    assert verdicts(stack, POLICY) == {"passes"}
    assert findings(stack) == {("alb-public-subnets", "web")}


def global_database(stack: Stack, waits_for: str | None, *, writer: bool = True) -> None:
    """A primary and a secondary that waits for the named resource."""
    given = {"engine": "aurora-postgresql", "engineVersion": "17.7"}
    owner = stack.add(
        "aws:rds/globalCluster:GlobalCluster",
        "global",
        {"globalClusterIdentifier": "orders", **given},
    )
    made = {"global": owner}
    member = {**given, "globalClusterIdentifier": owner.id}
    made["primary"] = stack.add(
        "aws:rds/cluster:Cluster",
        "primary",
        {**member, "masterUsername": "orders", "masterPassword": "not-a-real-one"},
    )
    if writer:
        made["writer"] = stack.add(
            "aws:rds/clusterInstance:ClusterInstance",
            "writer",
            {
                "clusterIdentifier": made["primary"].id,
                "engine": "aurora-postgresql",
                "instanceClass": "db.r6g.large",
            },
        )
    stack.add(
        "aws:rds/cluster:Cluster",
        "secondary",
        member,
        region="us-west-2",
        depends_on=[made[waits_for]] if waits_for else [],
    )


@pytest.mark.parametrize(
    ("waits_for", "writer", "expected"),
    [
        ("writer", True, "passes"),
        ("primary", True, "rejects secondary"),
        (None, True, "rejects secondary"),
        ("primary", False, "rejects secondary"),
        (None, False, "rejects secondary"),
    ],
    ids=[
        "the writer",
        "the cluster alone",
        "nothing",
        "the cluster, which has no instance",
        "nothing, and there is no instance",
    ],
)
def test_a_secondary_waits_for_an_instance_of_the_primary(
    waits_for: str | None, writer: bool, expected: str
) -> None:
    stack = Stack()
    global_database(stack, waits_for, writer=writer)
    assert verdicts(stack, POLICY) >= {expected}
    assert verdicts(stack, POLICY) <= {expected, "passes"}  # Without inputs: primary unknown.


def test_an_instance_that_exists_need_not_be_waited_for() -> None:
    stack = Stack()
    global_database(stack, "primary")
    made = [each for each in stack.resources if each.name != "secondary"]
    assert verdict(stack, POLICY, existing=made) == "passes"
    assert verdict(stack, POLICY, existing=made[:-1]) == "rejects secondary"


def test_of_a_primary_that_exists_or_may_have_an_instance_nothing_is_said() -> None:
    stack = Stack()
    global_database(stack, "primary", writer=False)
    owner, primary, _ = stack.resources
    assert verdict(stack, POLICY, existing=[owner, primary]) == "passes"
    aws.instance(stack, "whose", UNKNOWN)
    assert verdict(stack, POLICY) == "passes"


def test_a_secondary_of_a_primary_elsewhere_need_not_wait() -> None:
    stack = Stack()
    source = "arn:aws:rds:eu-west-1:111122223333:cluster:elsewhere"
    home = aws.global_cluster(stack, sourceDbClusterIdentifier=source)
    aws.cluster(stack, "secondary", home)
    assert verdicts(stack, POLICY) == {"passes"}


@pytest.mark.parametrize("writer", [True, False])
def test_the_message_on_a_secondary_quotes_both_answers(writer: bool) -> None:
    stack = Stack()
    global_database(stack, "primary", writer=writer)
    message = next(each.message for each in run(stack) if each.policy == POLICY)
    assert "InvalidDBClusterStateFault: Source cluster is in a state which is not" in message
    assert "The parameter MasterUsername must be provided and must not be blank" in message
    assert "Do not set masterUsername" in message
    if writer:
        assert (
            "Name cluster instance writer in the dependsOn option of cluster secondary" in message
        )
    else:
        assert (
            "Add an instance to cluster primary, and name it in the dependsOn option of "
            "cluster secondary"
        ) in message


def test_the_message_says_what_to_add() -> None:
    stack = Stack()
    subnets, _, _ = public_network(stack)
    balancer(stack, subnets)
    message = next(each.message for each in run(stack) if each.policy == POLICY)
    assert "load balancer web -> does not wait for -> internet gateway igw" in message
    assert "Name internet gateway igw in the dependsOn option of load balancer web" in message
    assert "has no internet gateway" in message


# --- policies that stand in a resource of their own ----------------------------------------------


def with_trail(waits: bool = False, inline: bool = False) -> Stack:
    """A trail, and a policy that lets CloudTrail write to its bucket."""
    stack = Stack()
    policy = '{"Statement": {"Effect": "Allow", "Principal": "*"}}'
    said = {"bucket": "logs-1a2b3c4", **({"policy": policy} if inline else {})}
    bucket = stack.add("aws:s3/bucket:Bucket", "logs", said)
    access = stack.add(
        "aws:s3/bucketPolicy:BucketPolicy", "access", {"bucket": bucket.id, "policy": policy}
    )
    stack.add(
        "aws:cloudtrail/trail:Trail",
        "audit",
        {"s3BucketName": bucket.id},
        depends_on=[access] if waits else [],
    )
    return stack


def with_log_group(waits: bool = False, inline: bool = False) -> Stack:
    """A log group, and a policy that lets CloudWatch Logs use its key."""
    stack = Stack()
    policy = '{"Statement": {"Effect": "Allow", "Principal": {"Service": "logs.amazonaws.com"}}}'
    key = stack.add("aws:kms/key:Key", "key", {"policy": policy} if inline else {})
    access = stack.add("aws:kms/keyPolicy:KeyPolicy", "access", {"keyId": key.id, "policy": policy})
    stack.add(
        "aws:cloudwatch/logGroup:LogGroup",
        "audit",
        {"kmsKeyId": key.output("arn")},
        depends_on=[access] if waits else [],
    )
    return stack


@pytest.mark.parametrize("made", [with_trail, with_log_group])
def test_what_a_service_uses_must_have_its_policy_first(made: Any) -> None:
    assert verdicts(made(), POLICY) == {"rejects audit"}
    assert findings(made()) == {(POLICY, "audit")}
    assert verdicts(made(waits=True), POLICY) == {"passes"}
    assert verdicts(made(inline=True), POLICY) == {"passes"}
    stack = made()
    assert verdict(stack, POLICY, existing=stack.resources[:2]) == "passes"


def test_the_message_about_a_policy_says_what_to_wait_for() -> None:
    (message,) = [each.message for each in run(with_trail()) if each.policy == POLICY]
    assert "trail audit -> does not wait for -> bucket policy access" in message
    assert "InsufficientS3BucketPolicyException" in message


# --- what stands beside what is used -------------------------------------------------------------


def with_replication(waits: bool = False, inline: bool = False) -> Stack:
    """A bucket that replicates to one whose versioning stands beside it."""
    stack = Stack()
    role = "arn:aws:iam::111122223333:role/replication"
    home = stack.add("aws:s3/bucket:Bucket", "home", {"bucket": "home-1a2b3c4"})
    said = {"objectLockEnabled": True} if inline else {"forceDestroy": False}
    copy = stack.add("aws:s3/bucket:Bucket", "copy", said, region="us-west-2")
    versioned = [
        stack.add(
            "aws:s3/bucketVersioning:BucketVersioning",
            each.name,
            {"bucket": each.id, "versioningConfiguration": {"status": "Enabled"}},
            region=region,
        )
        for each, region in ((home, None), (copy, "us-west-2"))
    ]
    rules = [{"status": "Enabled", "destination": {"bucket": copy.output("arn")}}]
    stack.add(
        "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
        "audit",
        {"bucket": home.id, "role": role, "rules": rules},
        depends_on=versioned if waits else versioned[:1],
    )
    return stack


def with_acl(waits: bool = False) -> Stack:
    """An ACL, and ownership controls that allow it."""
    stack = Stack()
    bucket = stack.add("aws:s3/bucket:Bucket", "logs", {"forceDestroy": False})
    controls = stack.add(
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        "logs",
        {"bucket": bucket.id, "rule": {"objectOwnership": "BucketOwnerPreferred"}},
    )
    stack.add(
        "aws:s3/bucketAcl:BucketAcl",
        "audit",
        {"bucket": bucket.id, "acl": "log-delivery-write"},
        depends_on=[controls] if waits else [],
    )
    return stack


def with_files(waits: bool = False) -> Stack:
    """A function on a file system, and the file system's mount target."""
    stack = Stack()
    files = stack.add("aws:efs/fileSystem:FileSystem", "files", {"encrypted": True})
    point = stack.add("aws:efs/accessPoint:AccessPoint", "files", {"fileSystemId": files.id})
    mounted = stack.add(
        "aws:efs/mountTarget:MountTarget", "a", {"fileSystemId": files.id, "subnetId": "subnet-a"}
    )
    stack.add(
        "aws:lambda/function:Function",
        "audit",
        {
            "fileSystemConfig": {"arn": point.output("arn"), "localMountPath": "/mnt/files"},
            "vpcConfig": {"subnetIds": ["subnet-a"], "securityGroupIds": ["sg-a"]},
        },
        depends_on=[mounted] if waits else [],
    )
    return stack


def with_files_in_two_zones(*awaited: str, runs_in: Sequence[str] = "ab") -> Stack:
    """A function in subnets of these zones, on a file system that is mounted in a and b."""
    stack = Stack()
    home = aws.vpc(stack)
    files = stack.add("aws:efs/fileSystem:FileSystem", "files", {"encrypted": True})
    point = stack.add("aws:efs/accessPoint:AccessPoint", "files", {"fileSystemId": files.id})
    subnets = {zone: aws.subnet(stack, zone, home, zone) for zone in "ab"}
    mounted = {
        zone: stack.add(
            "aws:efs/mountTarget:MountTarget",
            f"in-{zone}",
            {"fileSystemId": files.id, "subnetId": subnet.id},
        )
        for zone, subnet in subnets.items()
    }
    stack.add(
        "aws:lambda/function:Function",
        "audit",
        {
            "fileSystemConfig": {"arn": point.output("arn"), "localMountPath": "/mnt/files"},
            "vpcConfig": {"subnetIds": [subnets[zone].id for zone in runs_in]},
        },
        depends_on=[mounted[zone] for zone in awaited],
    )
    return stack


@pytest.mark.parametrize(
    ("stack", "expected"),
    [
        (with_files_in_two_zones(), "rejects audit"),
        (with_files_in_two_zones("a"), "rejects audit"),
        (with_files_in_two_zones("a", "b"), "passes"),
        (with_files_in_two_zones("a", runs_in="a"), "passes"),
    ],
)
def test_a_function_waits_for_the_files_of_every_zone(stack: Stack, expected: str) -> None:
    assert verdicts(stack, POLICY) == {expected}


def with_rotation(waits: bool = False, principal: str = "secretsmanager.amazonaws.com") -> Stack:
    """A secret that a function rotates, and the permission to call the function."""
    stack = Stack()
    function = stack.add("aws:lambda/function:Function", "rotate", {"runtime": "python3.13"})
    allowed = stack.add(
        "aws:lambda/permission:Permission",
        "rotate",
        {"function": function.output("name"), "principal": principal},
    )
    stack.add(
        "aws:secretsmanager/secretRotation:SecretRotation",
        "audit",
        {"secretId": "app", "rotationLambdaArn": function.output("arn")},
        depends_on=[allowed] if waits else [],
    )
    return stack


@pytest.mark.parametrize("made", [with_replication, with_acl, with_files, with_rotation])
def test_what_stands_beside_what_is_used_must_come_first(made: Any) -> None:
    assert verdicts(made(), POLICY) == {"rejects audit"}
    assert findings(made()) == {(POLICY, "audit")}
    assert verdicts(made(waits=True), POLICY) == {"passes"}
    stack = made()
    assert verdict(stack, POLICY, existing=stack.resources[:-1]) == "passes"


def test_what_needs_nothing_beside_it_need_not_be_waited_for() -> None:
    assert verdicts(with_replication(inline=True), POLICY) == {"passes"}
    assert verdicts(with_rotation(principal="events.amazonaws.com"), POLICY) == {"passes"}


# --- all together --------------------------------------------------------------------------------


def test_all_that_does_not_wait_is_told_of_once() -> None:
    stack = with_acl()
    for each in with_trail().resources:
        stack.resources.append(each)
    (message,) = (each.message for each in run(stack) if each.policy == POLICY)
    assert findings(stack) == {(POLICY, "audit")}
    assert "does not wait for the ownership controls of bucket logs:" in message
    assert "does not wait for the policy that allows CloudTrail to write to" in message
    assert "bucket ACL audit -> does not wait for -> ownership controls logs" in message
    assert "trail audit -> does not wait for -> bucket policy access" in message
    assert "AccessControlListNotSupported" in message
    assert "InsufficientS3BucketPolicyException" in message
    assert message.count("a first deployment may fail") == 1
    assert "Name bucket policy access in the dependsOn option of trail audit" in message


def test_an_exemption_takes_one_resource_off_the_list() -> None:
    stack = with_acl()
    for each in with_trail().resources:
        stack.resources.append(each)
    trail = next(each.urn for each in stack.resources if "trail" in each.type)
    config = {POLICY: {"exemptions": [{"resource": trail, "reason": "the bucket has the policy"}]}}
    (message,) = (each.message for each in run(stack, config=config) if each.policy == POLICY)
    assert "bucket ACL audit -> does not wait for -> ownership controls logs" in message
    assert "trail audit" not in message


def test_what_exists_is_not_told_of_with_what_is_new() -> None:
    stack = with_acl()
    for each in with_trail().resources:
        stack.resources.append(each)
    old = stack.resources[:3]
    (message,) = (each.message for each in run(stack, existing=old) if each.policy == POLICY)
    assert (
        "Trail audit does not wait for the policy that allows CloudTrail to write to bucket logs"
        in (message)
    )
    assert "bucket ACL" not in message


@pytest.mark.parametrize("made", [with_replication, with_acl])
def test_what_forbids_it_is_not_worth_waiting_for(made: Any) -> None:
    stack = made()
    for each in stack.resources:
        if "versioningConfiguration" in each.inputs:
            each.inputs = {**each.inputs, "versioningConfiguration": {"status": "Suspended"}}
        if "rule" in each.inputs:
            each.inputs = {**each.inputs, "rule": {"objectOwnership": "BucketOwnerEnforced"}}
    assert verdicts(stack, POLICY) == {"passes"}
    assert {policy for policy, _ in findings(stack)} <= {"s3-versioning", "s3-acl"}


# --- what is made beside what it needs ------------------------------------------------------------


def with_function(
    waits: bool = False, principal: Any = "elasticloadbalancing.amazonaws.com", of: Any = None
) -> Stack:
    """A function that is a target, and a permission to call it."""
    stack = Stack()
    function = stack.add("aws:lambda/function:Function", "code", {"role": "arn:role"})
    given = {"function": function.id if of is None else of, "principal": principal}
    permission = stack.add("aws:lambda/permission:Permission", "access", given)
    group = stack.add("aws:lb/targetGroup:TargetGroup", "calls", {"targetType": "lambda"})
    said = {"targetGroupArn": group.id, "targetId": function.output("arn")}
    kind = "aws:lb/targetGroupAttachment:TargetGroupAttachment"
    stack.add(kind, "late", said, depends_on=[permission] if waits else [])
    return stack


def with_peering(waits: bool = False, kind: str = "route:Route", accepted: Any = None) -> Stack:
    """A peering of transit gateways, its accepter, and what leads into it."""
    stack = Stack()
    peering = stack.add(
        "aws:ec2transitgateway/peeringAttachment:PeeringAttachment",
        "peering",
        {"peerRegion": "us-west-2"},
    )
    accepter = stack.add(
        "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter",
        "accepter",
        {"transitGatewayAttachmentId": peering.id if accepted is None else accepted},
        region="us-west-2",
    )
    said = {"transitGatewayAttachmentId": peering.id, "transitGatewayRouteTableId": "tgw-rtb-1"}
    awaited = [accepter] if waits else []
    stack.add(f"aws:ec2transitgateway/{kind}", "late", said, depends_on=awaited)
    return stack


def with_association(waits: bool = False) -> Stack:
    return with_peering(waits, "routeTableAssociation:RouteTableAssociation")


def with_scaling(waits: bool = False, name: Any = "app", region: str = "us-east-1") -> Stack:
    """An ECS service, and its scaling that names it in a text."""
    stack = Stack()
    service = stack.add("aws:ecs/service:Service", "app", {"name": name}, region=region)
    stack.add(
        "aws:appautoscaling/target:Target",
        "late",
        {"serviceNamespace": "ecs", "resourceId": "service/main/app"},
        depends_on=[service] if waits else [],
    )
    return stack


def with_peered_vpcs(
    waits: bool = False,
    region: str = "us-west-2",
    accepted: Any = None,
    accepts: Any = True,
    inside: str = "",
) -> Stack:
    """A route to a peering, perhaps one inside a table of some kind, in the region in which that is
    accepted unless said otherwise."""
    stack = Stack()
    peering = aws.peering(stack, "peering", "vpc-1", "vpc-2", peerRegion="us-west-2")
    accepter = stack.add(
        "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
        "accepter",
        {
            "vpcPeeringConnectionId": peering.id if accepted is None else accepted,
            "autoAccept": accepts,
        },
        region="us-west-2",
    )
    awaited = [accepter] if waits else []
    leads = {"vpcPeeringConnectionId": peering.id}
    if inside:
        listed = {"routes": [{**leads, "cidrBlock": "10.9.0.0/16"}]}
        stack.add(f"aws:ec2/{inside}", "late", listed, region=region, depends_on=awaited)
        return stack
    said = {**leads, "routeTableId": "rtb-1", "destinationCidrBlock": "10.9.0.0/16"}
    stack.add("aws:ec2/route:Route", "late", said, region=region, depends_on=awaited)
    return stack


def with_peering_inside(waits: bool = False) -> Stack:
    return with_peered_vpcs(waits, inside="routeTable:RouteTable")


def with_peering_inside_the_main_table(waits: bool = False) -> Stack:
    return with_peered_vpcs(waits, inside="defaultRouteTable:DefaultRouteTable")


_ATTACHMENTS = {
    "internetGateway:InternetGateway": (
        "internetGatewayId",
        "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment",
    ),
    "vpnGateway:VpnGateway": (
        "vpnGatewayId",
        "aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment",
    ),
}


def with_gateway(
    waits: bool = False,
    kind: str = "internetGateway:InternetGateway",
    *,
    inside: bool = False,
    names_its_vpc: bool = False,
    attached: Any = None,
    to: Any = None,
) -> Stack:
    """A route, perhaps one inside a table, to a gateway that is attached by itself."""
    stack = Stack()
    home = aws.vpc(stack)
    said = {"vpcId": home.id} if names_its_vpc else {"tags": {"Name": "gateway"}}
    gateway = stack.add(f"aws:ec2/{kind}", "gateway", said)
    name, token = _ATTACHMENTS[kind]
    made = {name: gateway.id if attached is None else attached, "vpcId": to or home.id}
    attachment = stack.add(token, "attachment", made)
    leads: dict[str, Any] = {"cidrBlock": "10.9.0.0/16", "gatewayId": gateway.id}
    late = aws.table(stack, "late" if inside else "table", home, [leads] if inside else None)
    if not inside:
        leads = {"destinationCidrBlock": leads["cidrBlock"], "gatewayId": gateway.id}
        late = aws.route(stack, "late", late, **leads)
    late.depends_on = (attachment,) if waits else ()
    return stack


def with_vpn(waits: bool = False) -> Stack:
    return with_gateway(waits, "vpnGateway:VpnGateway")


def with_routes_inside(waits: bool = False) -> Stack:
    return with_gateway(waits, inside=True)


def with_service(
    waits: bool = False,
    *,
    by: str = "listener",
    rule: bool = False,
    group: Any = None,
    balancer: Any = None,
    beside: Any = None,
) -> Stack:
    """An ECS service with a target group that a new load balancer uses, by a listener or a rule."""
    stack = Stack()
    entry = stack.add("aws:lb/loadBalancer:LoadBalancer", "entry", {"internal": True})
    tasks = stack.add("aws:lb/targetGroup:TargetGroup", "tasks", {"targetType": "ip"})
    forwards = [{"type": "forward", "targetGroupArn": tasks.id if group is None else group}]
    of = {"loadBalancerArn": entry.id if balancer is None else balancer, "port": 443}
    kind = "aws:lb/listener:Listener"
    if rule:
        listener = stack.add(kind, "web", {**of, "defaultActions": [{"type": "fixed-response"}]})
        said = {"listenerArn": listener.id, "priority": 1, "conditions": []}
        kind = "aws:lb/listenerRule:ListenerRule"
        listener = stack.add(kind, "rule", {**said, "actions": forwards})
    else:
        listener = stack.add(kind, "web", {**of, "defaultActions": forwards})
    if beside is not None:
        its = tasks.id if beside is True else beside
        also = [{"type": "forward", "targetGroupArn": its}]
        said = {"loadBalancerArn": "arn:lb", "port": 80, "defaultActions": also}
        stack.add("aws:lb/listener:Listener", "beside", said)
    given = {"targetGroupArn": tasks.id, "containerName": "app", "containerPort": 80}
    awaited = [listener if by == "listener" else entry] if waits else []
    service = {"desiredCount": 2, "loadBalancers": [given]}
    stack.add("aws:ecs/service:Service", "late", service, depends_on=awaited)
    return stack


def with_service_and_a_rule(waits: bool = False) -> Stack:
    return with_service(waits, rule=True)


def with_service_that_waits_for_the_load_balancer(waits: bool = False) -> Stack:
    return with_service(waits, by="load balancer")


def with_hub(
    waits: bool = False,
    *,
    inside: bool = False,
    hub: Any = None,
    attached: Any = None,
    to: Any = None,
) -> Stack:
    """A route, perhaps one inside a table, to a transit gateway that the VPC is attached to."""
    stack = Stack()
    home = aws.vpc(stack)
    made = stack.add("aws:ec2transitgateway/transitGateway:TransitGateway", "hub", {})
    said = made.id if hub is None else hub
    ends = {"transitGatewayId": said if attached is None else attached, "vpcId": to or home.id}
    token = "aws:ec2transitgateway/vpcAttachment:VpcAttachment"
    attachment = stack.add(token, "attachment", {**ends, "subnetIds": ["subnet-1"]})
    leads: dict[str, Any] = {"cidrBlock": "10.9.0.0/16", "transitGatewayId": said}
    late = aws.table(stack, "late" if inside else "table", home, [leads] if inside else None)
    if not inside:
        leads = {"destinationCidrBlock": leads["cidrBlock"], "transitGatewayId": said}
        late = aws.route(stack, "late", late, **leads)
    late.depends_on = (attachment,) if waits else ()
    return stack


def with_hub_inside(waits: bool = False) -> Stack:
    return with_hub(waits, inside=True)


def with_hub_of_others(waits: bool = False) -> Stack:
    return with_hub(waits, hub="tgw-1")


def with_address(
    waits: bool = False,
    name: str = "instance",
    kind: str = "eip:Eip",
    gateway: bool = True,
    holder: Any = None,
) -> Stack:
    """An Elastic IP for an instance or an interface."""
    stack = Stack()
    home = aws.vpc(stack)
    token = "instance:Instance" if "nstance" in name else "networkInterface:NetworkInterface"
    given = {"subnetId": aws.subnet(stack, "app", home).id}
    held = stack.add(f"aws:ec2/{token}", "held", given)
    awaited = [aws.gateway(stack, "igw", home)] if gateway else []
    said = {name: held.id if holder is None else holder}
    said |= {"domain": "vpc"} if kind == "eip:Eip" else {"allocationId": "eipalloc-1"}
    stack.add(f"aws:ec2/{kind}", "late", said, depends_on=awaited if waits else [])
    return stack


def with_address_of_an_interface(waits: bool = False) -> Stack:
    return with_address(waits, "networkInterface")


def with_associated_address(waits: bool = False) -> Stack:
    return with_address(waits, "instanceId", "eipAssociation:EipAssociation")


@pytest.mark.parametrize(
    "made",
    [
        with_function,
        with_peering,
        with_association,
        with_scaling,
        with_peered_vpcs,
        with_peering_inside,
        with_peering_inside_the_main_table,
        with_gateway,
        with_vpn,
        with_routes_inside,
        with_service,
        with_service_and_a_rule,
        with_service_that_waits_for_the_load_balancer,
        with_hub,
        with_hub_inside,
        with_hub_of_others,
        with_address,
        with_address_of_an_interface,
        with_associated_address,
    ],
)
def test_what_something_needs_must_be_there_first(made: Any) -> None:
    assert verdicts(made(), POLICY) == {"rejects late"}
    assert findings(made()) == {(POLICY, "late")}
    assert verdicts(made(waits=True), POLICY) == {"passes"}
    stack = made()
    there = [each for each in stack.resources if each.name != "late"]
    assert verdict(stack, POLICY, existing=there) == "passes"


@pytest.mark.parametrize(
    "stack",
    [
        pytest.param(with_function(principal="apigateway.amazonaws.com"), id="of another service"),
        pytest.param(with_function(principal=UNKNOWN), id="of some service"),
        pytest.param(with_function(of=UNKNOWN), id="of some function"),
        pytest.param(with_function(of="other"), id="of another function"),
        pytest.param(with_peering(accepted="tgw-attach-other"), id="another peering"),
        pytest.param(with_peering(accepted=UNKNOWN), id="some peering"),
        pytest.param(with_scaling(name="other"), id="another service"),
        pytest.param(with_scaling(name=UNKNOWN), id="some service"),
        pytest.param(with_scaling(region="us-west-2"), id="of another region"),
        pytest.param(with_peered_vpcs(region="us-east-1"), id="where the peering was asked for"),
        pytest.param(with_peered_vpcs(accepted="pcx-other"), id="another VPC peering"),
        pytest.param(with_peered_vpcs(accepted=UNKNOWN), id="some VPC peering"),
        pytest.param(with_peered_vpcs(accepts=False), id="never accepted"),
        pytest.param(
            with_peered_vpcs(region="us-east-1", inside="routeTable:RouteTable"),
            id="inside a table where the peering was asked for",
        ),
        pytest.param(with_gateway(names_its_vpc=True), id="a gateway that names its VPC"),
        pytest.param(with_gateway(attached="igw-other"), id="another gateway"),
        pytest.param(with_gateway(attached=UNKNOWN), id="some gateway"),
        pytest.param(with_gateway(to="vpc-other"), id="attached to another VPC"),
        pytest.param(with_service(group="arn:other"), id="a listener of another group"),
        pytest.param(with_service(group=UNKNOWN), id="a listener of some group"),
        pytest.param(with_service(balancer="arn:lb"), id="a load balancer of others"),
        pytest.param(with_service(balancer=UNKNOWN), id="some load balancer"),
        pytest.param(with_service(beside=UNKNOWN), id="beside a listener of some group"),
        pytest.param(with_service(beside=True), id="beside a listener of others' load balancer"),
        pytest.param(with_hub(hub="tgw-1", attached="tgw-2"), id="another transit gateway"),
        pytest.param(with_hub(hub=UNKNOWN), id="some transit gateway"),
        pytest.param(with_hub(attached=UNKNOWN), id="attached to some transit gateway"),
        pytest.param(with_hub(to="vpc-other"), id="another VPC at the transit gateway"),
        pytest.param(with_address(holder="i-1"), id="an instance of others"),
        pytest.param(with_address(holder=UNKNOWN), id="some instance"),
    ],
)
def test_what_may_be_there_passes(stack: Stack) -> None:
    assert verdict(stack, POLICY) == "passes"


def test_an_address_of_a_vpc_without_a_gateway_has_nothing_to_wait_for() -> None:
    stack = with_address(gateway=False)
    assert verdicts(stack, POLICY) == {"rejects late"}
    (message,) = [each.message for each in run(stack) if each.policy == POLICY]
    assert "does not wait for any internet gateway of VPC main:" in message
    home = next(each for each in stack.resources if each.type.endswith(":Vpc"))
    assert verdict(stack, POLICY, existing=[home]) == "passes"


def test_the_message_names_what_is_needed() -> None:
    for made, words in (
        (with_function, "does not wait for the permission to call function code:"),
        (with_peering, "does not wait for the accepter of peering attachment peering:"),
        (with_scaling, "does not wait for the service that it scales:"),
        (with_peered_vpcs, "does not wait for the accepter of VPC peering peering:"),
        (with_gateway, "does not wait until internet gateway gateway is attached:"),
        (with_service, "does not wait for a listener of target group tasks:"),
        (with_hub, "does not wait until its VPC is attached to the transit gateway:"),
        (with_address, "does not wait for the internet gateway of VPC main:"),
    ):
        (message,) = [each.message for each in run(made()) if each.policy == POLICY]
        assert words in message


# --- certificates, log buckets, alarms and keys ---------------------------------------------------

CERTIFICATE = "aws:acm/certificate:Certificate"
VALIDATION = "aws:acm/certificateValidation:CertificateValidation"


def with_certificate(
    waits: bool = False, validated: bool = True, kind: str = "aws:lb/listener:Listener", **said: Any
) -> Stack:
    """A listener or distribution that takes a certificate."""
    stack = Stack()
    given = {"domainName": "www.acme-corp.net", "validationMethod": "DNS", **said}
    made = stack.add(CERTIFICATE, "cert", given, computed={"arn": UNKNOWN})
    arn = made.output("arn")
    issued = [stack.add(VALIDATION, "issued", {"certificateArn": arn})] if validated else []
    inputs: dict[str, Any] = {"certificateArn": arn, "loadBalancerArn": "arn:lb"}
    if kind.endswith("Distribution"):
        inputs = {"viewerCertificate": {"acmCertificateArn": arn}}
    stack.add(kind, "web", inputs, depends_on=issued if waits else [])
    return stack


@pytest.mark.parametrize(
    "kind",
    ["aws:lb/listener:Listener", "aws:lb/listenerCertificate:ListenerCertificate", DISTRIBUTION],
)
def test_a_certificate_must_be_issued_first(kind: str) -> None:
    assert verdicts(with_certificate(kind=kind), POLICY) == {"rejects web"}
    assert verdict(with_certificate(validated=False, kind=kind), POLICY) == "rejects web"
    assert verdicts(with_certificate(waits=True, kind=kind), POLICY) == {"passes"}
    stack = with_certificate(kind=kind)
    assert verdict(stack, POLICY, existing=stack.resources[:1]) == "passes"
    assert verdict(stack, POLICY, existing=stack.resources[:2]) == "passes"


@pytest.mark.parametrize(
    "said",
    [{"certificateAuthorityArn": "arn:ca"}, {"privateKey": UNKNOWN}, {"domainName": "a.test"}],
)
def test_other_certificates_are_another_matter(said: dict[str, Any]) -> None:
    assert verdict(with_certificate(**said), POLICY) == "passes"


def with_logs(waits: bool = False, ownership: Any = "BucketOwnerPreferred") -> Stack:
    """A distribution and the ownership controls of its log bucket."""
    stack = Stack()
    domain = {"bucketDomainName": UNKNOWN, "bucket": "logs-1a2b3c4"}
    bucket = stack.add("aws:s3/bucket:Bucket", "logs", {}, computed=domain)
    controls = stack.add(
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        "controls",
        {"bucket": bucket.id, "rule": {"objectOwnership": ownership}},
    )
    stack.add(
        DISTRIBUTION,
        "site",
        {"loggingConfig": {"bucket": bucket.output("bucketDomainName")}},
        depends_on=[controls] if waits else [],
    )
    return stack


def test_a_log_bucket_must_allow_acls_first() -> None:
    assert verdict(with_logs(), POLICY) == "rejects site"
    assert findings(with_logs()) == {(POLICY, "site")}
    assert verdict(with_logs(waits=True), POLICY) == "passes"
    assert verdict(with_logs(ownership=UNKNOWN), POLICY) == "passes"
    assert verdict(with_logs(), POLICY, deployed=True) == "passes"


def with_alarm(name: Any = "lag", region: str = "us-east-1", waits: bool = False) -> Stack:
    """A health check that names an alarm as text."""
    stack = Stack()
    made = stack.add(
        "aws:cloudwatch/metricAlarm:MetricAlarm", "lag", {"name": "lag", "namespace": "AWS/RDS"}
    )
    said = {"cloudwatchAlarmName": name, "cloudwatchAlarmRegion": region}
    stack.add(
        "aws:route53/healthCheck:HealthCheck",
        "check",
        {"type": "CLOUDWATCH_METRIC", **said},
        depends_on=[made] if waits else [],
    )
    return stack


def test_an_alarm_that_is_named_as_text_must_be_made_first() -> None:
    assert verdicts(with_alarm(), POLICY) == {"rejects check"}
    assert verdicts(with_alarm(waits=True), POLICY) == {"passes"}
    assert verdicts(with_alarm(name="other"), POLICY) == {"passes"}
    assert verdicts(with_alarm(region="us-west-2"), POLICY) == {"passes"}


def with_signing_key(waits: bool = False) -> Stack:
    stack = Stack()
    zone = aws.zone(stack, "zone", "acme-corp.net")
    kind = "aws:route53/keySigningKey:KeySigningKey"
    key = stack.add(kind, "key", {"hostedZoneId": zone.output("zoneId")})
    kind = "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec"
    given = {"hostedZoneId": zone.output("zoneId")}
    stack.add(kind, "signed", given, depends_on=[key] if waits else [])
    return stack


def test_a_zone_must_have_a_key_before_it_is_signed() -> None:
    assert verdicts(with_signing_key(), POLICY) == {"rejects signed"}
    assert verdicts(with_signing_key(waits=True), POLICY) == {"passes"}


def test_the_message_about_a_certificate_says_what_to_wait_for() -> None:
    (message,) = [each.message for each in run(with_certificate()) if each.policy == POLICY]
    assert "Listener web does not wait until certificate cert is issued:" in message
    assert "listener web -> does not wait for -> certificate validation issued" in message
    bare = with_certificate(validated=False)
    (message,) = [each.message for each in run(bare) if each.policy == POLICY]
    assert "listener web -> does not wait for -> a CertificateValidation" in message
