"""documented-parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.documented_parts import DOCUMENTED_PARTS
from policies.testing import UNKNOWN, Made, Output, Stack
from tests.support import findings, first_verdicts, run, verdict

POLICY = "documented-parts"
ACCELERATOR = "aws:globalaccelerator/accelerator:Accelerator"
LISTENER = "aws:globalaccelerator/listener:Listener"
GROUP = "aws:globalaccelerator/endpointGroup:EndpointGroup"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
FUNCTION = "aws:lambda/function:Function"
ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"
STAGE = "aws:apigatewayv2/stage:Stage"
ROLE = "aws:iam/role:Role"
PROFILE = "aws:iam/instanceProfile:InstanceProfile"
INSTANCE = "aws:ec2/instance:Instance"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
ARN = "arn:aws:{}:us-east-1:111122223333:{}"
ACL = ARN.format("wafv2", "regional/webacl/a/1")
EAST, WEST = "us-east-1", "us-west-2"
Build = Callable[[Stack], None]


# --- Global Accelerator ---------------------------------------------------------------------------


def listener(stack: Stack, name: str = "web") -> Made:
    entry = stack.add(ACCELERATOR, f"entry-{name}", {}, computed={"arn": UNKNOWN})
    given = {"acceleratorArn": entry.id, "protocol": "TCP"}
    return stack.add(LISTENER, name, given, computed={"arn": UNKNOWN})


def group(stack: Stack, of: Any, region: Any, **said: Any) -> Made:
    name = f"group-{len(stack.resources)}"
    given = {"listenerArn": of.id if isinstance(of, Made) else of, "endpointGroupRegion": region}
    return stack.add(GROUP, name, {**given, **said})


def balancer(stack: Stack, region: Any, name: str = "alb", **said: Any) -> Made:
    given = {"internal": False, "subnets": [], "region": region, **said}
    return stack.add(BALANCER, name, given, computed={"arn": f"arn:{name}"})


def grouped(*regions: Any, balanced: Any = (), **said: Any) -> Build:
    """A listener with a group in each of these regions, and load balancers in those."""

    def build(stack: Stack) -> None:
        home = listener(stack)
        for number, region in enumerate(balanced):
            balancer(stack, region, f"alb-{number}")
        for region in regions:
            group(stack, home, region, **said)

    return build


def beside_what_is_not_behind_it(**said: Any) -> Build:
    """A group in one region, and a load balancer in another, for something else."""

    def build(stack: Stack) -> None:
        group(stack, listener(stack), EAST)
        balancer(stack, WEST, **said)

    return build


def handed_to_another_stack(stack: Stack) -> None:
    given = {"type": "String", "value": listener(stack).id}
    stack.add("aws:ssm/parameter:Parameter", "listener", given)


def grouped_by_something(stack: Stack) -> None:
    listener(stack)
    group(stack, UNKNOWN, EAST)


def grouped_by_a_command(stack: Stack) -> None:
    stack.add("command:local:Command", "add", {"triggers": [listener(stack).id]})


def grouped_for_another(stack: Stack) -> None:
    listener(stack)
    group(stack, listener(stack, "other"), EAST)


def one_of_two_listeners(stack: Stack) -> None:
    homes = [listener(stack), listener(stack, "other")]
    either = Output.all(*(each.id for each in homes)).element(0)
    group(stack, either, EAST)


def two_entries(stack: Stack) -> None:
    """Each region has an accelerator of its own."""
    for region, name in ((EAST, "web"), (WEST, "other")):
        balancer(stack, region, f"alb-{name}")
        group(stack, listener(stack, name), region)


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(grouped(), "rejects web", id="no group"),
        pytest.param(grouped_for_another, "rejects web", id="a group of another listener"),
        pytest.param(grouped_by_something, "passes", id="a group of some listener"),
        pytest.param(one_of_two_listeners, "passes", id="a group of one of two listeners"),
        pytest.param(grouped_by_a_command, "passes", id="what a command may add"),
        pytest.param(handed_to_another_stack, "passes", id="what another stack may add"),
        pytest.param(beside_what_is_not_behind_it(), "rejects web", id="nothing for the other"),
        pytest.param(
            beside_what_is_not_behind_it(internal=True), "passes", id="an internal load balancer"
        ),
        pytest.param(
            beside_what_is_not_behind_it(loadBalancerType="gateway"), "passes", id="a gateway"
        ),
        pytest.param(grouped(EAST), "passes", id="one region"),
        pytest.param(grouped(EAST, balanced=[EAST, WEST]), "rejects web", id="one of two regions"),
        pytest.param(grouped(EAST, balanced=[EAST]), "passes", id="the only region"),
        pytest.param(grouped(EAST, WEST, balanced=[EAST, WEST]), "passes", id="both regions"),
        pytest.param(
            grouped(EAST, WEST, balanced=[EAST, WEST], trafficDialPercentage=0),
            "passes",
            id="for failover only",
        ),
        pytest.param(grouped(UNKNOWN, balanced=[EAST, WEST]), "passes", id="some region"),
        pytest.param(grouped(EAST, balanced=[EAST, UNKNOWN]), "passes", id="beside some region"),
        pytest.param(two_entries, "passes", id="two accelerators"),
    ],
)
def test_an_accelerator_fails_over(build: Build, expected: str) -> None:
    stack = Stack()
    build(stack)
    assert verdict(stack, POLICY) == expected
    assert verdict(stack, POLICY, deployed=True) == "passes"


def behind_internal_ones(one: dict[str, Any], other: dict[str, Any], named: bool = True) -> Build:
    """A group in one region for a load balancer there, and one like it in another."""

    def build(stack: Stack) -> None:
        near = balancer(stack, EAST, "near", internal=True, **one)
        balancer(stack, WEST, "far", **{"internal": True, **other})
        ends = [{"endpointId": near.output("arn")}] if named else UNKNOWN
        group(stack, listener(stack), EAST, endpointConfigurations=ends)

    return build


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(behind_internal_ones({}, {}), "rejects web", id="internal"),
        pytest.param(
            behind_internal_ones({}, {"loadBalancerType": "application"}), "rejects web", id="alike"
        ),
        pytest.param(
            behind_internal_ones({}, {"loadBalancerType": "network"}), "passes", id="another type"
        ),
        pytest.param(
            behind_internal_ones({}, {"loadBalancerType": UNKNOWN}), "passes", id="some type"
        ),
        pytest.param(behind_internal_ones({}, {"internal": UNKNOWN}), "passes", id="some scheme"),
        pytest.param(behind_internal_ones({}, {}, named=False), "passes", id="some endpoint"),
    ],
)
def test_internal_load_balancers_count_where_the_accelerator_has_one(
    build: Build, expected: str
) -> None:
    stack = Stack()
    build(stack)
    assert verdict(stack, POLICY) == expected
    assert verdict(stack, POLICY, deployed=True) == "passes"


def with_endpoint(*kinds: Any, zone: str | None = None) -> Build:
    """An endpoint group with one of these as its endpoint: resources of a token and properties, or
    known texts."""

    def build(stack: Stack) -> None:
        ends = []
        for number, kind in enumerate(kinds):
            if isinstance(kind, tuple):
                token, said = kind
                name, computed = f"end-{number}", {"arn": UNKNOWN}
                if zone is not None:
                    here = {"vpcId": "vpc-1", "cidrBlock": "10.0.0.0/24", "availabilityZone": zone}
                    subnet = stack.add("aws:ec2/subnet:Subnet", f"subnet-{number}", here)
                    said = {**said, "subnets": [subnet.id]}
                made = stack.add(token, name, said, computed=computed)
                ends.append(made.output("arn"))
            else:
                ends.append(kind)
        end = Output.all(*ends).element(0) if len(ends) > 1 else ends[0]
        group(stack, "arn:l", EAST, endpointConfigurations=[{"endpointId": end}])

    return build


CLASSIC: tuple[str, dict[str, Any]] = ("aws:elb/loadBalancer:LoadBalancer", {})
OLD_CLASSIC: tuple[str, dict[str, Any]] = ("aws:elasticloadbalancing/loadBalancer:LoadBalancer", {})
APPLICATION: tuple[str, dict[str, Any]] = (BALANCER, {})
GATEWAY = (BALANCER, {"loadBalancerType": "gateway"})


@pytest.mark.parametrize(
    ("build", "is_wrong"),
    [
        pytest.param(with_endpoint(CLASSIC), True, id="classic"),
        pytest.param(with_endpoint(OLD_CLASSIC), True, id="classic, by its old token"),
        pytest.param(with_endpoint(GATEWAY), True, id="gateway"),
        pytest.param(with_endpoint(GATEWAY, CLASSIC), True, id="one of two that are wrong"),
        pytest.param(with_endpoint(APPLICATION, zone="us-east-1-bos-1a"), True, id="a Local Zone"),
        pytest.param(
            with_endpoint(ARN.format("elasticloadbalancing", "loadbalancer/gwy/one/1")),
            True,
            id="the ARN of a gateway",
        ),
        pytest.param(
            with_endpoint(ARN.format("elasticloadbalancing", "loadbalancer/web")),
            True,
            id="the ARN of a classic one",
        ),
        pytest.param(with_endpoint(APPLICATION), False, id="application"),
        pytest.param(with_endpoint(APPLICATION, zone="us-east-1a"), False, id="in a zone"),
        pytest.param(with_endpoint((BALANCER, {"loadBalancerType": "network"})), False, id="nlb"),
        pytest.param(with_endpoint((BALANCER, {"loadBalancerType": UNKNOWN})), False, id="some"),
        pytest.param(with_endpoint(APPLICATION, CLASSIC), False, id="one of two"),
        pytest.param(
            with_endpoint(ARN.format("elasticloadbalancing", "loadbalancer/app/one/1")),
            False,
            id="the ARN of an application load balancer",
        ),
        pytest.param(with_endpoint("eipalloc-1"), False, id="an address"),
        pytest.param(with_endpoint("i-1"), False, id="an instance"),
        pytest.param(with_endpoint(UNKNOWN), False, id="something"),
    ],
)
def test_an_accelerator_has_endpoints_that_it_supports(build: Build, is_wrong: bool) -> None:
    stack = Stack()
    build(stack)
    assert ("accelerator-endpoint" in told(stack)) is is_wrong
    assert verdict(stack, POLICY, deployed=True) == "passes"


def told(stack: Stack) -> str:
    return "".join(each.message for each in run(stack) if each.policy == POLICY)


# --- Lambda@Edge ----------------------------------------------------------------------------------


def running(*functions: dict[str, Any], version: str | None = None) -> Build:
    """A distribution that runs one of these functions."""

    def build(stack: Stack) -> None:
        made = []
        for number, said in enumerate(functions):
            arn = ARN.format("lambda", f"function:edge-{number}")
            computed = {"arn": arn, "qualifiedArn": f"{arn}:1", "name": f"edge-{number}"}
            given = {"publish": True, **said}
            made.append(stack.add(FUNCTION, f"edge-{number}", given, computed=computed))
        named = Output.all(*(each.output("qualifiedArn") for each in made)).element(0)
        block = {
            "lambdaFunctionAssociations": [{"eventType": "viewer-request", "lambdaArn": named}]
        }
        stack.add(DISTRIBUTION, "site", {"defaultCacheBehavior": block})

    return build


VPC = {"vpcConfig": {"subnetIds": ["subnet-1"], "securityGroupIds": ["sg-1"]}}


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(running(VPC), "rejects site", id="a VPC"),
        pytest.param(running({"deadLetterConfig": {"targetArn": UNKNOWN}}), "rejects site", id="q"),
        pytest.param(running({"layers": [UNKNOWN]}), "rejects site", id="layers"),
        pytest.param(running({"architectures": ["arm64"]}), "rejects site", id="arm64"),
        pytest.param(running({"packageType": "Image"}), "rejects site", id="an image"),
        pytest.param(running(VPC, VPC), "rejects site", id="one of two that are wrong"),
        pytest.param(running(VPC, {}), "passes", id="one of two"),
        pytest.param(running({}), "passes", id="none of that"),
        pytest.param(running({"vpcConfig": {"subnetIds": []}}), "passes", id="no subnets"),
        pytest.param(running({"vpcConfig": UNKNOWN}), "passes", id="perhaps a VPC"),
        pytest.param(running({"layers": UNKNOWN}), "passes", id="perhaps layers"),
        pytest.param(running({"architectures": ["x86_64"]}), "passes", id="x86"),
        pytest.param(running({"packageType": UNKNOWN}), "passes", id="some package"),
    ],
)
def test_what_runs_at_the_edge(build: Build, expected: str) -> None:
    stack = Stack()
    build(stack)
    assert verdict(stack, POLICY) == expected
    assert verdict(stack, POLICY, deployed=True) == "passes"


def at(*associations: tuple[Any, dict[str, Any]]) -> Stack:
    """A distribution that runs functions at these events."""
    stack, blocks = Stack(), []
    for number, (event, said) in enumerate(associations):
        arn = ARN.format("lambda", f"function:edge-{number}")
        computed = {"arn": arn, "qualifiedArn": f"{arn}:1", "name": f"edge-{number}"}
        made = stack.add(FUNCTION, f"edge-{number}", {"publish": True, **said}, computed=computed)
        blocks.append({"eventType": event, "lambdaArn": made.output("qualifiedArn")})
    listed = [{"lambdaFunctionAssociations": blocks}, {"pathPattern": "/plain/*"}]
    stack.add(DISTRIBUTION, "site", {"orderedCacheBehaviors": listed})
    return stack


LARGE, SLOW = {"memorySize": 129}, {"timeout": 6}
FIT = {"memorySize": 128, "timeout": 5}


@pytest.mark.parametrize(
    ("stack", "expected"),
    [
        (at(("viewer-request", LARGE)), "rejects site"),
        (at(("viewer-response", SLOW)), "rejects site"),
        (at(("viewer-request", FIT), ("viewer-response", SLOW)), "rejects site"),
        (at(("viewer-request", FIT)), "passes"),
        (at(("viewer-request", {})), "passes"),
        (at(("viewer-request", {"memorySize": UNKNOWN})), "passes"),
        (at(("origin-request", {**LARGE, "timeout": 30})), "passes"),
        (at(("viewer-request", FIT), ("origin-request", LARGE)), "passes"),
        (at((UNKNOWN, LARGE)), "passes"),
    ],
)
def test_functions_at_viewer_events_are_small(stack: Stack, expected: str) -> None:
    assert verdict(stack, POLICY) == expected
    assert verdict(stack, POLICY, deployed=True) == "passes"


def test_an_older_version_may_have_been_fit_for_the_edge() -> None:
    stack = Stack()
    running(VPC)(stack)
    made = stack.resources[0]
    stack.resources.pop()
    for version, expected in (("7", "passes"), ("1", "rejects site")):
        named = Output(f"{made.outputs['arn']}:{version}", (made,))
        block = {"lambdaFunctionAssociations": [{"eventType": "x", "lambdaArn": named}]}
        site = stack.add(DISTRIBUTION, "site", {"defaultCacheBehavior": block})
        assert verdict(stack, POLICY, existing=[made]) == expected
        stack.resources.remove(site)


# --- web ACLs -------------------------------------------------------------------------------------


def protecting(named: Any, acl: Any = ACL) -> Build:
    def build(stack: Stack) -> None:
        stack.add(ASSOCIATION, "one", {"resourceArn": named, "webAclArn": acl})

    return build


def protecting_a_balancer(kind: Any, region: Any = EAST) -> Build:
    def build(stack: Stack) -> None:
        said = {} if kind is None else {"loadBalancerType": kind}
        given = {"resourceArn": balancer(stack, region, **said).output("arn"), "webAclArn": ACL}
        stack.add(ASSOCIATION, "one", given)

    return build


def protecting_an_http_api(stack: Stack) -> None:
    arn = {"arn": "arn:aws:apigateway:us-east-1::/apis/a1/stages/prod"}
    made = stack.add(STAGE, "prod", {"apiId": "a1"}, computed=arn)
    stack.add(ASSOCIATION, "one", {"resourceArn": made.output("arn"), "webAclArn": ACL})


ELB = ARN.format("elasticloadbalancing", "loadbalancer/{}/web/1")


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(protecting_a_balancer("network"), "rejects one", id="an NLB"),
        pytest.param(protecting_a_balancer("gateway"), "rejects one", id="a GWLB"),
        pytest.param(protecting_a_balancer(None), "passes", id="an ALB"),
        pytest.param(protecting_a_balancer(UNKNOWN), "passes", id="some load balancer"),
        pytest.param(protecting_a_balancer("network", WEST), "passes", id="what the region tells"),
        pytest.param(protecting_an_http_api, "rejects one", id="an HTTP API"),
        pytest.param(protecting(ELB.format("net")), "rejects one", id="the ARN of an NLB"),
        pytest.param(protecting(ELB.format("app")), "passes", id="the ARN of an ALB"),
        pytest.param(
            protecting("arn:aws:apigateway:us-east-1::/apis/a1/stages/prod"),
            "rejects one",
            id="the ARN of an HTTP API",
        ),
        pytest.param(
            protecting("arn:aws:apigateway:us-east-1::/restapis/a1/stages/prod"),
            "passes",
            id="the ARN of a REST API",
        ),
        pytest.param(
            protecting(ELB.format("net"), ACL.replace("regional", "global")),
            "passes",
            id="what waf-parts tells",
        ),
        pytest.param(protecting(UNKNOWN), "passes", id="something"),
    ],
)
def test_what_a_web_acl_protects(build: Build, expected: str) -> None:
    stack = Stack()
    build(stack)
    assert verdict(stack, POLICY) == expected
    assert verdict(stack, POLICY, deployed=True) == "passes"
    assert len(findings(stack)) <= 1


# --- instance profiles ----------------------------------------------------------------------------


def instance(
    name: Any = "worker", kind: str = INSTANCE, role: Any = "worker", profile: Any = None
) -> Build:
    """What has this instance profile, beside a role and perhaps a profile of these names."""

    def build(stack: Stack) -> None:
        stack.add(ROLE, "role", {"name": role}, computed={"arn": UNKNOWN})
        if profile is not None:
            stack.add(PROFILE, "profile", {"name": profile, "role": role})
        given = {"iamInstanceProfile": {"name": name} if kind == TEMPLATE else name}
        stack.add(kind, "one", {**given, "launchTemplate": {"id": "lt-1"}})

    return build


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(instance(), "rejects one", id="a role"),
        pytest.param(instance(kind=TEMPLATE), "rejects one", id="of a launch template"),
        pytest.param(instance(profile="other"), "rejects one", id="beside another profile"),
        pytest.param(instance(profile="worker"), "passes", id="a profile of that name"),
        pytest.param(instance(profile=UNKNOWN), "passes", id="a profile of some name"),
        pytest.param(instance("other"), "passes", id="another name"),
        pytest.param(instance(UNKNOWN), "passes", id="some name"),
        pytest.param(instance(role=UNKNOWN), "passes", id="a role of some name"),
        pytest.param(instance(None), "passes", id="no profile"),
    ],
)
def test_a_role_is_no_instance_profile(build: Build, expected: str) -> None:
    stack = Stack()
    build(stack)
    assert verdict(stack, POLICY) == expected
    assert verdict(stack, POLICY, deployed=True) == "passes"


def test_a_role_that_exists_may_have_a_profile_of_its_name() -> None:
    stack = Stack()
    instance()(stack)
    assert verdict(stack, POLICY, existing=stack.resources[:1]) == "passes"


# --- ECS -----------------------------------------------------------------------------------------

TASK_ON_INSTANCES = {"family": "app", "networkMode": "bridge"}


def serving(task: dict[str, Any], target: str = "instance", **inputs: Any) -> Build:
    """A service with this task definition, behind a target group."""

    def build(stack: Stack) -> None:
        definition = stack.add("aws:ecs/taskDefinition:TaskDefinition", "task", task)
        given = {"port": 80, "protocol": "HTTP", "targetType": target}
        tasks = stack.add("aws:lb/targetGroup:TargetGroup", "tasks", given)
        actions = [{"type": "forward", "targetGroupArn": tasks.output("arn")}]
        front = stack.add("aws:lb/listener:Listener", "front", {"defaultActions": actions})
        balancers = [{"targetGroupArn": tasks.output("arn")}]
        said = {"taskDefinition": definition.output("arn"), "loadBalancers": balancers, **inputs}
        stack.add("aws:ecs/service:Service", "app", said, depends_on=[front])

    return build


# --- listeners ------------------------------------------------------------------------------------


def listening(*protocols: Any, ports: tuple[Any, Any] = (53, 53)) -> Build:
    """Two listeners of one Network Load Balancer outside the stack."""

    def build(stack: Stack) -> None:
        balancer = ARN.format("elasticloadbalancing", "loadbalancer/net/dns/1")
        for name, protocol, port in zip(("one", "two"), protocols, ports, strict=True):
            given = {"loadBalancerArn": balancer, "protocol": protocol, "port": port}
            stack.add("aws:lb/listener:Listener", name, given)

    return build


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        (listening("TCP", "UDP"), "rejects two"),
        (listening("UDP", "TCP"), "rejects two"),
        (listening("UDP", "TLS"), "rejects two"),
        (listening("TCP", "UDP", ports=(53, 54)), "passes"),
        (listening("TCP", "UDP", ports=(53, UNKNOWN)), "passes"),
        (listening("TCP", "TCP"), "passes"),
        (listening("TCP_UDP", "UDP"), "passes"),
        (listening("TCP", "QUIC"), "passes"),
        (listening("TCP", UNKNOWN), "passes"),
    ],
)
def test_tcp_and_udp_share_a_port_by_a_protocol_of_their_own(build: Build, expected: str) -> None:
    stack = Stack()
    build(stack)
    assert first_verdicts(stack, POLICY) == {expected}


# --- policies of AWS ------------------------------------------------------------------------------

OF_AWS = "arn:aws:iam::aws:policy/"
ROLE_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"


def attaching(arn: Any, kind: str = ROLE_ATTACHMENT) -> Build:
    said = {"managedPolicyArns": [arn]} if kind == ROLE else {"role": "app", "policyArn": arn}

    def build(stack: Stack) -> None:
        stack.add(kind, "one", said)

    return build


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(attaching(f"{OF_AWS}AmazonS3ReadOnly"), "rejects one", id="misspelt"),
        pytest.param(attaching(f"{OF_AWS}AmazonS3ReadOnly", ROLE), "rejects one", id="of a role"),
        pytest.param(
            attaching(f"{OF_AWS}service-role/Newer2027"), "rejects one", id="perhaps newer"
        ),
        pytest.param(attaching(f"{OF_AWS}AmazonS3ReadOnlyAccess"), "passes", id="listed"),
        pytest.param(attaching(f"{OF_AWS}service-role/ConfigRole"), "passes", id="seen to miss"),
        pytest.param(
            attaching(f"{OF_AWS}aws-service-role/Newer2027"), "passes", id="for services alone"
        ),
        pytest.param(attaching("arn:aws:iam::111122223333:policy/own"), "passes", id="one's own"),
        pytest.param(attaching("arn:aws-cn:iam::aws:policy/Newer"), "passes", id="in China"),
        pytest.param(attaching(UNKNOWN), "passes", id="some policy"),
    ],
)
def test_what_is_attached_is_listed(build: Build, expected: str) -> None:
    stack = Stack()
    build(stack)
    assert verdict(stack, POLICY) == expected
    assert verdict(stack, POLICY, deployed=True) == "passes"


def adding_a_table(stack: Stack) -> None:
    given = {"vpcId": "vpc-1", "vpcEndpointType": "Interface"}
    endpoint = stack.add("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint", given)
    kind = "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation"
    stack.add(kind, "one", {"vpcEndpointId": endpoint.id, "routeTableId": "rtb-1"})


def private_zone(stack: Stack) -> Made:
    given = {"name": "corp.acme-dr.com", "vpcs": [{"vpcId": "vpc-1"}]}
    return stack.add("aws:route53/zone:Zone", "zone", given, computed={"zoneId": "Z1"})


def joining_twice(stack: Stack) -> None:
    given = {"zoneId": private_zone(stack).output("zoneId"), "vpcId": "vpc-1"}
    stack.add("aws:route53/zoneAssociation:ZoneAssociation", "one", given)


def naming_twice(stack: Stack) -> None:
    private_zone(stack)
    given = {"name": "corp.acme-dr.com", "vpc": "vpc-1"}
    stack.add("aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace", "one", given)


# --- all ------------------------------------------------------------------------------------------

BROKEN: dict[str, tuple[Build, str]] = {
    "accelerator-without-group": (grouped(), "Listener web has no endpoint group in this stack"),
    "accelerator-in-one-region": (
        grouped(EAST, balanced=[WEST]),
        "load balancer alb-0 -> in us-west-2, where no endpoint group is",
    ),
    "accelerator-endpoint": (
        with_endpoint(CLASSIC),
        "load balancer end-0 -> a Classic Load Balancer",
    ),
    "managed-policy-unlisted": (
        attaching(f"{OF_AWS}Newer2027"),
        "one attaches an AWS managed policy that AWS does not list",
    ),
    "edge-function-size": (
        running({"memorySize": 1024}),
        "defaultCacheBehavior -> function edge-0 -> memorySize above 128",
    ),
    "edge-function": (running({**VPC, "layers": ["a"]}), "function edge-0 -> vpcConfig, layers"),
    "web-acl-target": (protecting_a_balancer("network"), "with load balancer alb, which AWS WAF"),
    "profile-is-role": (instance(), "one -> iamInstanceProfile -> role role"),
    "fargate-launch": (
        serving(TASK_ON_INSTANCES, launchType="FARGATE"),
        "service app -> task definition task -> requiresCompatibilities, FARGATE",
    ),
    "endpoint-association": (
        adding_a_table,
        "VPC endpoint endpoint -> an interface endpoint",
    ),
    "zone-associated-twice": (joining_twice, "one -> hosted zone zone"),
    "namespace-beside-zone": (naming_twice, "namespace one -> hosted zone zone"),
    "service-linked-policy-of-users": (
        attaching(
            f"{OF_AWS}aws-service-role/AWSConfigServiceRolePolicy",
            "aws:iam/userPolicyAttachment:UserPolicyAttachment",
        ),
        "attaches an AWS managed policy that only service-linked roles can have",
    ),
    "tcp-beside-udp": (listening("TCP", "UDP"), "listener two -> listener one"),
    "target-by-address": (
        serving(TASK_ON_INSTANCES, "ip"),
        "service app -> target group tasks -> targetType ip",
    ),
}


@pytest.mark.parametrize("row", list(BROKEN))
def test_each_row_says_its_name_and_can_be_ignored(row: str) -> None:
    stack = Stack()
    build, expected = BROKEN[row]
    build(stack)
    (found,) = [each.message for each in run(stack) if each.policy == POLICY]
    assert f"({row})" in found
    assert expected in found
    assert verdict(stack, POLICY, config={POLICY: {"ignore": [row]}}) == "passes"


def test_every_row_has_such_a_case() -> None:
    (option,) = DOCUMENTED_PARTS.options
    items = option.schema["items"]
    assert isinstance(items, dict)
    assert set(items["enum"]) == set(BROKEN)


@pytest.mark.parametrize("value", [None, {}, [], "", 7, "x", True, [None], {"x": None}])
def test_malformed_properties_reject_nothing(value: Any) -> None:
    stack = Stack()
    ends = {"endpointConfigurations": value}
    stack.add(GROUP, "group", {"listenerArn": UNKNOWN, "endpointGroupRegion": value, **ends})
    stack.add(GROUP, "other", {"endpointConfigurations": [{"endpointId": value}]})
    stack.add(LISTENER, "listener", {"acceleratorArn": value})
    block = {"lambdaFunctionAssociations": value}
    stack.add(DISTRIBUTION, "site", {"defaultCacheBehavior": block, "orderedCacheBehaviors": value})
    stack.add(ASSOCIATION, "one", {"resourceArn": value, "webAclArn": value})
    stack.add(INSTANCE, "instance", {"iamInstanceProfile": value})
    stack.add(TEMPLATE, "template", {"iamInstanceProfile": value})
    stack.add(ROLE_ATTACHMENT, "attachment", {"policyArn": value})
    stack.add(ROLE, "role", {"managedPolicyArns": value})
    assert verdict(stack, POLICY) == "passes"
