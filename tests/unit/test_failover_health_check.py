"""failover-health-check: health checks that never pass, or never fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Stack
from tests import aws
from tests.hiding import invented
from tests.support import findings, first_verdicts, run, verdict, verdicts

POLICY, OTHER = "failover-health-check", "health-check-target"
EAST, WEST = "us-east-1", "us-west-2"
REST = "aws:apigateway/restApi:RestApi"
Build = Callable[[Stack], object]


def decided(stack: Stack) -> set[str]:
    """What the policy says in a first preview, and of what is deployed, whose inputs tell what the
    program declares."""
    return first_verdicts(stack, POLICY) | {verdict(stack, POLICY, deployed=True)}


def check(stack: Stack, fqdn: Any, kind: Any = "HTTPS", **inputs: Any) -> Made:
    given = {"type": kind, "fqdn": fqdn, "requestInterval": 30, "failureThreshold": 3, **inputs}
    return stack.add("aws:route53/healthCheck:HealthCheck", "check", given)


# --- load balancers ------------------------------------------------------------------------------


def balancer(
    protocol: Any, kind: Any, port: Any = 443, of: Any = "application", **inputs: Any
) -> Build:
    """A load balancer with a listener of this protocol on 443, asked on this port."""

    def build(stack: Stack) -> None:
        home = stack.add(
            "aws:lb/loadBalancer:LoadBalancer",
            "web",
            {"loadBalancerType": of, "internal": False, **inputs},
            computed={
                "dnsName": "web.elb.us-east-1.amazonaws.com",
                "arn": "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/web/1",
            },
        )
        given = {"loadBalancerArn": home.output("arn"), "port": 443, "protocol": protocol}
        redirect = {"type": "redirect", "redirect": {"statusCode": "HTTP_301"}}
        stack.add("aws:lb/listener:Listener", "it", {**given, "defaultActions": [redirect]})
        check(stack, home.output("dnsName"), kind, port=port)

    return build


# --- databases -----------------------------------------------------------------------------------


def database(kind: Any, **inputs: Any) -> Build:
    def build(stack: Stack) -> None:
        home = stack.add(
            "aws:rds/instance:Instance",
            "orders",
            {"engine": "postgres", "publiclyAccessible": True, **inputs},
            computed={"address": "orders.abcdefghijkl.us-east-1.rds.amazonaws.com"},
        )
        check(stack, home.output("address"), kind, port=5432)

    return build


# --- APIs ----------------------------------------------------------------------------------------


class Api:
    """A REST API with the stage live, and a GET method."""

    def __init__(self, *methods: Any, **inputs: Any) -> None:
        self.stack = Stack()
        self.api = self.stack.add(REST, "orders", {"name": "orders", **inputs})
        self.host = Output(
            f"{self.api.outputs['id']}.execute-api.{EAST}.amazonaws.com", (self.api,)
        )
        self.stage("live", "live")
        for number, each in enumerate(methods or ("GET",)):
            self.method(f"method-{number}", each)

    def stage(self, name: str, said: Any, **inputs: Any) -> Made:
        given = {"restApi": self.api.id, "stageName": said, **inputs}
        url = f"https://{self.host.value}/{said if isinstance(said, str) else 'x'}"
        kind = "aws:apigateway/stage:Stage"
        return self.stack.add(kind, name, given, computed={"invokeUrl": url})

    def method(self, name: str, said: Any, **inputs: Any) -> Made:
        given = {"restApi": self.api.id, "httpMethod": said, "authorization": "NONE", **inputs}
        return self.stack.add("aws:apigateway/method:Method", name, given)

    def checked(self, path: Any, kind: str = "HTTPS", fqdn: Any = None, **inputs: Any) -> Stack:
        given = {} if path is None else {"resourcePath": path}
        check(self.stack, fqdn or self.host, kind, port=443, **given, **inputs)
        return self.stack


def http_api(kind: str) -> Build:
    def build(stack: Stack) -> None:
        endpoint = "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"
        api = stack.add(
            "aws:apigatewayv2/api:Api",
            "orders",
            {"protocolType": "HTTP"},
            computed={"apiEndpoint": endpoint},
        )
        host = Output(endpoint.removeprefix("https://"), (api,))
        check(stack, host, kind, resourcePath="/health")

    return build


def function_url(authorization: Any, kind: Any = "HTTPS", **inputs: Any) -> Build:
    def build(stack: Stack) -> None:
        host = "abcdefghijklmnopqrstuvwxyz012345.lambda-url.us-east-1.on.aws"
        url = stack.add(
            "aws:lambda/functionUrl:FunctionUrl",
            "orders",
            {"functionName": "orders", "authorizationType": authorization},
            computed={"functionUrl": f"https://{host}/"},
        )
        check(stack, Output(host, (url,)), kind, **inputs)

    return build


def api(*methods: Any, path: Any, kind: str = "HTTPS", **inputs: Any) -> Build:
    def build(stack: Stack) -> None:
        stack.resources = Api(*methods, **inputs).checked(path, kind).resources

    return build


def of_a_stage(stack: Stack) -> None:
    made = Api("POST")
    [stage] = [each for each in made.stack.resources if each.name == "live"]
    stack.resources = made.checked("/live/health", fqdn=Output(made.host.value, (stage,))).resources


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(balancer("HTTP", "HTTPS"), id="TLS to a port for HTTP"),
        pytest.param(balancer("HTTP", "HTTPS_STR_MATCH", None), id="its default port"),
        pytest.param(balancer("HTTPS", "HTTP"), id="HTTP to a port for TLS"),
        pytest.param(balancer("TLS", "HTTP", of="network"), id="HTTP to a TLS listener"),
        pytest.param(database("HTTPS"), id="HTTPS to a database"),
        pytest.param(database("HTTP_STR_MATCH"), id="HTTP to a database"),
        pytest.param(api(path="/live/health", kind="HTTP"), id="HTTP to a REST API"),
        pytest.param(http_api("HTTP"), id="HTTP to an HTTP API"),
        pytest.param(function_url("AWS_IAM"), id="a signature"),
        pytest.param(api(path="/health"), id="no stage"),
        pytest.param(api(path="/"), id="the root"),
        pytest.param(api(path=None), id="no path"),
        pytest.param(api("POST", "OPTIONS", path="/live/health"), id="no GET"),
        pytest.param(of_a_stage, id="no GET, by a stage"),
    ],
)
def test_a_check_that_never_passes_is_rejected(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert decided(stack) == {"rejects check"}
    assert verdict(stack, OTHER) == "passes"


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(balancer("HTTP", "HTTP"), id="HTTP to HTTP"),
        pytest.param(balancer("HTTPS", "HTTPS"), id="HTTPS to HTTPS"),
        pytest.param(balancer("HTTP", "TCP"), id="TCP to HTTP"),
        pytest.param(balancer("TCP", "HTTPS", of="network"), id="TCP passes TLS on"),
        pytest.param(balancer("TCP", "HTTP", of="network"), id="TCP passes HTTP on"),
        pytest.param(balancer("TLS", "HTTPS", of="network"), id="HTTPS to TLS"),
        pytest.param(balancer("HTTP", UNKNOWN), id="some type"),
        pytest.param(balancer(UNKNOWN, "HTTPS"), id="some protocol"),
        pytest.param(balancer("HTTP", "HTTPS", of=UNKNOWN), id="some load balancer"),
        pytest.param(database("TCP"), id="TCP to a database"),
        pytest.param(api(path="/live/health"), id="GET"),
        pytest.param(api("POST", "ANY", path="/live?x=/health"), id="ANY"),
        pytest.param(api("POST", path="/live", body="{}"), id="a definition"),
        pytest.param(api("POST", UNKNOWN, path="/live"), id="some method"),
        pytest.param(api(path=UNKNOWN), id="some path"),
        pytest.param(api(path="/health", kind="TCP"), id="TCP to an API"),
        pytest.param(http_api("HTTPS"), id="HTTPS to an HTTP API"),
        pytest.param(function_url("NONE"), id="no signature"),
        pytest.param(function_url(UNKNOWN), id="perhaps a signature"),
        pytest.param(function_url("AWS_IAM", "TCP"), id="TCP to a function URL"),
        pytest.param(function_url("AWS_IAM", invertHealthcheck=True), id="inverted"),
        pytest.param(function_url("AWS_IAM", invertHealthcheck=UNKNOWN), id="perhaps inverted"),
        pytest.param(function_url("AWS_IAM", disabled=True), id="disabled"),
    ],
)
def test_a_check_that_may_pass_passes(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert first_verdicts(stack, POLICY) == {"passes"}


@pytest.mark.parametrize(
    "build",
    [balancer("HTTP", "HTTPS", internal=True), database("HTTPS", publiclyAccessible=False)],
)
def test_what_is_private_is_told_once(build: Build) -> None:
    stack = Stack()
    build(stack)
    assert {each for each in findings(stack) if each[1] == "check"} == {(OTHER, "check")}


def test_a_port_without_a_listener_is_told_once() -> None:
    stack = Stack()
    balancer("HTTPS", "HTTP", 80)(stack)
    assert {each for each in findings(stack) if each[1] == "check"} == {(OTHER, "check")}


def test_stages_and_methods_that_others_may_add() -> None:
    ours: dict[str, Any] = {}
    for name, inputs in ((UNKNOWN, ours), ("health", {"restApi": UNKNOWN}), ("health", ours)):
        made = Api()
        made.stage("more", name, **inputs)
        assert verdict(made.checked("/health"), POLICY) == "passes"
    made = Api()
    made.stack.resources = [each for each in made.stack.resources if each.name != "live"]
    assert verdict(made.checked("/health"), POLICY) == "passes"
    made = Api("POST")
    made.method("more", "GET", restApi=UNKNOWN)
    assert verdict(made.checked("/live/health"), POLICY) == "passes"


def test_a_stage_may_be_made_with_its_deployment() -> None:
    made = Api()
    kind = "aws:apigateway/deployment:Deployment"
    made.stack.add(kind, "plain", {"restApi": made.api.id})
    made.stack.add(kind, "old", {"restApi": made.api.id, "stageName": "v1"})
    made.checked("/v1/health")
    assert verdicts(made.stack, POLICY) == {"passes"}
    made.stack.resources.pop()
    assert decided(made.checked("/v2/health")) == {"rejects check"}


def test_a_host_that_was_copied_names_its_api_after_the_deployment() -> None:
    made = Api("POST")
    stack = made.checked("/live/health", fqdn=made.host.value)
    assert verdict(stack, POLICY) == "passes"
    assert verdict(stack, POLICY, deployed=True) == "rejects check"


def test_a_name_of_ones_own_in_front_of_an_api_is_left_alone() -> None:
    made = Api("POST")
    assert verdicts(made.checked("/", fqdn="api.acme-corp.net"), POLICY) == {"passes"}


def test_a_name_that_is_made_of_an_apis_is_not_its_host() -> None:
    made = Api("POST")
    made.checked("/", fqdn=Output("orders.acme-corp.net", (made.api,)))
    assert verdict(made.stack, POLICY, deployed=True) == "passes"


def test_the_parts_of_another_api_are_not_its_own() -> None:
    made = Api("POST")
    other = made.stack.add(REST, "invoices", {"name": "invoices"})
    made.method("more", "GET", restApi=other.id)
    assert decided(made.checked("/live/health")) == {"rejects check"}
    made = Api("POST")
    made.stack.resources = [each for each in made.stack.resources if "method" not in each.name]
    made.method("some", "POST", restApi=UNKNOWN)
    assert verdict(made.checked("/live/health"), POLICY) == "passes"


def test_the_whole_message() -> None:
    made = Api("POST")
    made.checked("/live/health")
    zone = aws.zone(made.stack, "zone", "acme-corp.net")
    by_check = made.stack.resources[-2].id
    aws.record(made.stack, "primary", zone, "api", "PRIMARY", healthCheckId=by_check)
    [found] = [each for each in run(made.stack) if each.policy == POLICY]
    assert found.level == "advisory"
    assert found.message.splitlines()[1:5] == [
        "Health check check never passes: it asks rest api orders, which has no GET method (only "
        "POST).",
        "  record primary -> health check check -> rest api orders",
        "AWS: asks with GET, and the API answers 403 to a method that it does not have. Records "
        "that use it fail over at once, or never.",
        "Fix: Add a GET method for health checks, and ask for its path.",
    ]


# --- alarms --------------------------------------------------------------------------------------


class Followed:
    """A PRIMARY that leads to the east and follows an alarm there, and a SECONDARY in the west."""

    def __init__(self, status: Any = "Healthy", alarm_in: str = EAST, **alarm: Any) -> None:
        self.stack = Stack(region=EAST)
        zone = aws.zone(self.stack, "zone", "acme-corp.net")
        self.alarm = self.stack.add(
            "aws:cloudwatch/metricAlarm:MetricAlarm",
            "errors",
            {"name": "errors", "namespace": "AWS/ApplicationELB", "period": 60, **alarm},
            region=alarm_in,
        )
        given = {} if status is None else {"insufficientDataHealthStatus": status}
        self.check = self.stack.add(
            "aws:route53/healthCheck:HealthCheck",
            "check",
            {
                "type": "CLOUDWATCH_METRIC",
                "cloudwatchAlarmName": self.alarm.output("name"),
                "cloudwatchAlarmRegion": alarm_in,
                **given,
            },
        )
        for role, region in (("PRIMARY", EAST), ("SECONDARY", WEST)):
            host = f"web.elb.{region}.amazonaws.com"
            web = self.stack.add(
                "aws:lb/loadBalancer:LoadBalancer",
                f"web-{role.lower()}",
                {"loadBalancerType": "network", "internal": True},
                computed={"dnsName": host, "zoneId": "Z1", "arn": f"arn:aws:elb:{region}:1:web"},
                region=region,
            )
            alias = {"name": web.output("dnsName"), "zoneId": web.output("zoneId")}
            made = aws.record(
                self.stack,
                role.lower(),
                zone,
                "www",
                role,
                ttl=None,
                records=None,
                aliases=[{**alias, "evaluateTargetHealth": True}],
            )
            if role == "PRIMARY":
                made.inputs = {**made.inputs, "healthCheckId": self.check.id}


@pytest.mark.parametrize(
    "alarm", [{}, {"treatMissingData": "missing"}, {"treatMissingData": "notBreaching"}]
)
def test_a_check_that_stays_healthy_without_its_region_is_rejected(alarm: Any) -> None:
    stack = Followed(**alarm).stack
    assert decided(stack) == {"rejects check"}
    [found] = [each for each in run(stack) if each.policy == POLICY]
    assert found.message.splitlines()[1:4] == [
        "Health check check is healthy without data, and its alarm is lost with us-east-1, as is "
        "what record primary leads to:",
        "  record primary -> health check check -> insufficientDataHealthStatus Healthy",
        "  health check check -> metric alarm errors (us-east-1)",
    ]


@pytest.mark.parametrize(
    "followed",
    [
        lambda: Followed("Unhealthy"),
        lambda: Followed("LastKnownStatus"),
        lambda: Followed(None),
        lambda: Followed(treatMissingData="breaching"),
        lambda: Followed(treatMissingData="ignore"),
        lambda: Followed(treatMissingData=UNKNOWN),
        lambda: Followed(alarm_in=WEST),
    ],
)
def test_a_check_that_fails_or_may_fail_passes(followed: Callable[[], Followed]) -> None:
    assert first_verdicts(followed().stack, POLICY) == {"passes"}


def test_a_status_that_is_not_known_is_a_doubt() -> None:
    assert verdict(Followed(UNKNOWN).stack, POLICY) == "cannot tell check"


def test_the_alarm_of_a_stack_of_one_region_is_left_alone() -> None:
    followed = Followed()
    names = ("web-secondary", "secondary")
    followed.stack.resources = [each for each in followed.stack.resources if each.name not in names]
    assert verdicts(followed.stack, POLICY) == {"passes"}


def test_so_is_the_alarm_of_a_record_that_leads_elsewhere() -> None:
    followed = Followed()
    [primary] = [each for each in followed.stack.resources if each.name == "primary"]
    [secondary] = [each for each in followed.stack.resources if each.name == "secondary"]
    given = {**secondary.inputs, "healthCheckId": primary.inputs["healthCheckId"]}
    secondary.inputs, primary.inputs = given, {**primary.inputs, "healthCheckId": "0123abcd"}
    assert verdicts(followed.stack, POLICY) == {"passes"}


def test_so_is_one_whose_loss_is_not_rehearsed() -> None:
    assert verdict(Followed().stack, POLICY, config={POLICY: {"primary": WEST}}) == "passes"


# --- knowing less, and nonsense ------------------------------------------------------------------


def test_to_hide_a_value_never_adds_a_finding() -> None:
    stacks = [Followed().stack, Followed(treatMissingData="breaching").stack]
    builds = (balancer("TCP", "HTTPS", of="network"), function_url("NONE"), database("TCP"))
    for build in (*builds, api(path="/live/x"), api("POST", path="/x", body="{}")):
        stack = Stack()
        build(stack)
        stacks.append(stack)
    for stack in stacks:
        assert invented(stack, POLICY) == []


@pytest.mark.parametrize("value", [None, {}, [], "", 7, "x", True, [None], {"x": None}])
def test_malformed_properties_neither_raise_nor_reject(value: Any) -> None:
    stack = Stack()
    made = Api("POST")
    stack.resources = made.stack.resources
    made.method("odd-method", value)
    made.stage("odd-stage", value)
    given = {"fqdn": value, "port": value, "resourcePath": value, "regions": value}
    stack.add("aws:route53/healthCheck:HealthCheck", "check", {"type": "HTTPS", **given})
    stack.add("aws:route53/healthCheck:HealthCheck", "other", {"type": value, "fqdn": made.host})
    assert not {name for policy, name in findings(stack) if policy == POLICY}
