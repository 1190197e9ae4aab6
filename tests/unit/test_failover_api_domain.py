"""failover-api-domain: names that lead to an API which has no certificate for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Stack
from tests import aws
from tests.hiding import invented
from tests.support import findings, first_verdicts, run, verdict, verdicts

POLICY = "failover-api-domain"
EAST, WEST = "us-east-1", "us-west-2"
NAME = "api.acme-corp.com"


class Two:
    """A REST API in each region, and a name that fails over from one to the other."""

    def __init__(self, **inputs: Any) -> None:
        self.stack = Stack(region=EAST)
        self.zone = aws.zone(self.stack, "zone", "acme-corp.com")
        self.apis = {region: self.api(region, **inputs) for region in (EAST, WEST)}
        self.primary = self.record("primary", "PRIMARY", self.host(EAST))
        self.secondary = self.record("secondary", "SECONDARY", self.host(WEST))

    def api(self, region: str, **inputs: Any) -> Made:
        kind = "aws:apigateway/restApi:RestApi"
        given = {"name": "orders", **inputs}
        return self.stack.add(kind, f"orders-{region}", given, region=region)

    def host(self, region: str) -> Output:
        api = self.apis[region]
        return Output(f"{api.outputs['id']}.execute-api.{region}.amazonaws.com", (api,))

    def record(self, name: str, role: str, host: Any) -> Made:
        given = {"type": "CNAME", "records": [host], "healthCheckId": "0123abcd"}
        return aws.record(self.stack, name, self.zone, "api", role, **given)

    def leads_to(self, value: Any) -> None:
        self.secondary.inputs = {**self.secondary.inputs, "records": [value]}

    def domain(self, said: Any, token: str = "aws:apigateway/domainName:DomainName") -> Made:
        computed = {"regionalDomainName": f"d-a1b2c3d4e5.execute-api.{WEST}.amazonaws.com"}
        return self.stack.add(token, "domain", {"domainName": said}, computed=computed, region=WEST)

    def west(self, kind: str, name: str, inputs: Any, **computed: str) -> Made:
        return self.stack.add(kind, name, inputs, computed=computed, region=WEST)


def test_a_name_that_leads_to_an_api_is_rejected_once() -> None:
    assert verdicts(Two().stack, POLICY) == {"rejects secondary"}


def test_the_whole_message() -> None:
    [found] = [each for each in run(Two().stack) if each.policy == POLICY]
    assert found.level == "advisory"
    assert found.message.splitlines()[1:5] == [
        "Record secondary leads to rest api orders-us-west-2 in us-west-2, which does not answer "
        "to api.acme-corp.com:",
        "  record secondary -> CNAME -> rest api orders-us-west-2 (us-west-2) -> no domain name",
        "AWS: no alternative certificate subject name matches target hostname (the certificate is "
        "for *.execute-api.REGION.amazonaws.com).",
        "Fix: Create a DomainName of that name and a mapping to the API in each region, and let "
        "the record lead to its regionalDomainName.",
    ]


def by_a_stage(two: Two) -> None:
    api = two.apis[WEST]
    kind, url = "aws:apigateway/stage:Stage", f"https://{two.host(WEST).value}/live"
    stage = two.west(kind, "live", {"restApi": api.id, "stageName": "live"}, invokeUrl=url)
    two.leads_to(Output(two.host(WEST).value, (stage,)))


def to_an_http_api(two: Two) -> None:
    host = f"a1b2c3d4e5.execute-api.{WEST}.amazonaws.com"
    given = {"protocolType": "HTTP"}
    api = two.west("aws:apigatewayv2/api:Api", "http", given, apiEndpoint=f"https://{host}")
    two.leads_to(Output(host, (api,)))


def to_a_function(two: Two) -> None:
    host = f"abcdefghijklmnopqrstuvwxyz012345.lambda-url.{WEST}.on.aws"
    kind, given = "aws:lambda/functionUrl:FunctionUrl", {"authorizationType": "NONE"}
    url = two.west(kind, "function", given, functionUrl=f"https://{host}/")
    two.leads_to(Output(host, (url,)))


def with_another_domain(two: Two) -> None:
    two.domain("shop.acme-corp.com")


def with_a_check_of_the_name(two: Two) -> None:
    given = {"type": "HTTPS", "fqdn": two.secondary.output("fqdn")}
    two.stack.add("aws:route53/healthCheck:HealthCheck", "check", given)


@pytest.mark.parametrize(
    "alter",
    [by_a_stage, to_an_http_api, to_a_function, with_another_domain, with_a_check_of_the_name],
)
def test_so_is_one(alter: Callable[[Two], None]) -> None:
    two = Two()
    alter(two)
    assert verdicts(two.stack, POLICY) == {"rejects secondary"}


def test_a_host_that_was_copied_names_its_api_after_the_deployment() -> None:
    two = Two()
    two.leads_to(two.host(WEST).value)
    assert first_verdicts(two.stack, POLICY) == {"passes"}
    assert verdict(two.stack, POLICY, deployed=True) == "rejects secondary"


@pytest.mark.parametrize(
    "token",
    [
        "aws:apigateway/domainName:DomainName",
        "aws:apigatewayv2/domainName:DomainName",
        "aws-native:apigateway:DomainName",
        "aws-native:apigatewayv2:DomainName",
    ],
)
@pytest.mark.parametrize("said", [NAME, "API.acme-corp.com.", "*.acme-corp.com"])
def test_an_api_with_a_domain_name_passes(token: str, said: str) -> None:
    two = Two()
    two.domain(said, token)
    assert verdicts(two.stack, POLICY) == {"passes"}


def to_a_domain(two: Two) -> None:
    two.leads_to(two.domain(UNKNOWN).output("regionalDomainName"))


def read_by_an_origin(two: Two) -> None:
    given = {"origins": [{"originId": "api", "domainName": two.secondary.output("fqdn")}]}
    two.stack.add("aws:cloudfront/distribution:Distribution", "cdn", given)


def named_by_an_origin(two: Two) -> None:
    given = {"origins": [{"originId": "api", "domainName": NAME}]}
    two.stack.add("aws:cloudfront/distribution:Distribution", "cdn", given)


def read_by_a_function(two: Two) -> None:
    given = {"environment": {"variables": {"API": two.secondary.output("fqdn")}}}
    two.west("aws:lambda/function:Function", "client", given)


def to_an_endpoint(two: Two) -> None:
    host = f"vpce-0123-abcd.execute-api.{WEST}.vpce.amazonaws.com"
    given = {"vpcEndpointType": "Interface"}
    endpoint = two.west("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint", given)
    two.leads_to(Output(host, (endpoint,)))


def as_an_alias(two: Two) -> None:
    two.secondary.inputs = {**two.secondary.inputs, "type": "A"}


def to_another_name(two: Two) -> None:
    two.leads_to("orders.acme-corp.com")


@pytest.mark.parametrize(
    "alter",
    [
        to_a_domain,
        read_by_an_origin,
        named_by_an_origin,
        read_by_a_function,
        to_an_endpoint,
        as_an_alias,
        to_another_name,
    ],
)
def test_what_is_answered_or_asked_otherwise_passes(alter: Callable[[Two], None]) -> None:
    two = Two()
    alter(two)
    assert verdicts(two.stack, POLICY) == {"passes"}


@pytest.mark.parametrize("types", ["PRIVATE", ["PRIVATE"], UNKNOWN, [UNKNOWN]])
def test_a_private_api_passes(types: Any) -> None:
    stack = Two(endpointConfiguration={"types": types}).stack
    assert first_verdicts(stack, POLICY) == {"passes"}
    for shown in ("REGIONAL", ["REGIONAL"]):
        stack = Two(endpointConfiguration={"types": shown}).stack
        assert verdicts(stack, POLICY) == {"rejects secondary"}


def test_a_domain_of_a_name_that_is_not_known_is_a_doubt() -> None:
    two = Two()
    two.domain(UNKNOWN)
    assert first_verdicts(two.stack, POLICY) == {"cannot tell secondary"}


def test_a_stack_of_one_region_is_left_alone() -> None:
    two = Two()
    gone = ("primary", f"orders-{EAST}")
    two.stack.resources = [each for each in two.stack.resources if each.name not in gone]
    assert verdicts(two.stack, POLICY) == {"passes"}
    assert verdict(two.stack, POLICY, config={POLICY: {"primary": EAST}}) == "rejects secondary"


def test_the_user_says_which_region_is_lost() -> None:
    assert verdict(Two().stack, POLICY, config={POLICY: {"primary": WEST}}) == "rejects primary"


@pytest.mark.parametrize(
    "alter", [lambda _: None, with_another_domain, read_by_an_origin, to_a_domain]
)
def test_to_hide_a_value_never_adds_a_finding(alter: Callable[[Two], None]) -> None:
    two = Two()
    alter(two)
    config = {POLICY: {"primary": EAST}}
    assert invented(two.stack, POLICY, config=config) == []


@pytest.mark.parametrize("value", [None, {}, [], "", 7, "x", True, [None], {"types": 7}])
def test_malformed_properties_neither_raise_nor_reject(value: Any) -> None:
    for name in ("records", "type"):
        two = Two()
        two.secondary.inputs = {**two.secondary.inputs, name: value}
        assert (POLICY, "secondary") not in findings(two.stack)
    two = Two(endpointConfiguration=value)
    two.domain(value)
    run(two.stack)
