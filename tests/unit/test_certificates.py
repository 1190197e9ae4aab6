"""certificate-validation and api-vpc-link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Stack
from tests import aws
from tests.support import first_verdicts, run, verdict

ISSUED = "certificate-validation"
LINK = "api-vpc-link"
CERTIFICATE = "aws:acm/certificate:Certificate"
VALIDATION = "aws:acm/certificateValidation:CertificateValidation"
OPTIONS = "domainValidationOptions"
WEST = {"region": "us-west-2"}
DOMAIN = "www.acme-corp.net"
Build = Callable[[Stack], None]


def certificate(stack: Stack, domain: Any = DOMAIN, name: str = "cert", **said: Any) -> Made:
    provider = said.pop("provider", None)
    called = None if provider is None else f"aws-{provider['region']}"
    given = {"domainName": domain, "validationMethod": "DNS", **said}
    computed = {"arn": UNKNOWN, OPTIONS: UNKNOWN}
    return stack.add(
        CERTIFICATE, name, given, computed=computed, provider=provider, provider_name=called
    )


def validation(stack: Stack, of: Made, **said: Any) -> Made:
    return stack.add(VALIDATION, "validation", {"certificateArn": of.output("arn"), **said})


def record(stack: Stack, name: str, of: Made, zone: Made, **said: Any) -> Made:
    """The validation record of a certificate, as far as a first preview shows it."""
    option = Output(UNKNOWN, (of,))
    given = {"records": [option], "type": "CNAME", "setIdentifier": None, **said}
    return aws.record(stack, name, zone, option, None, **given, failoverRoutingPolicies=None)


def of_a_name(domain: Any, **said: Any) -> Build:
    def build(stack: Stack) -> None:
        certificate(stack, domain, **said)

    return build


def of_a_zone_of_that_name(stack: Stack) -> None:
    aws.zone(stack, "zone", "example.com")
    certificate(stack, "www.example.com")


def waited_for(**said: Any) -> Build:
    def build(stack: Stack) -> None:
        validation(stack, certificate(stack), **said)

    return build


def waited_for_by_mail(stack: Stack) -> None:
    validation(stack, certificate(stack, validationMethod="EMAIL"))


def waited_for_with_a_record(stack: Stack) -> None:
    cert = certificate(stack)
    record(stack, "record", cert, aws.zone(stack, "zone", "acme-corp.net"))
    validation(stack, cert)


def waited_for_with_a_record_elsewhere(stack: Stack) -> None:
    cert = certificate(stack)
    stack.add("cloudflare:index/record:Record", "record", {"name": Output(UNKNOWN, (cert,))})
    validation(stack, cert)


def of_two_regions(
    second: Any = DOMAIN,
    *,
    one_zone: bool = True,
    names: Any = None,
    profile: str | None = None,
    **said: Any,
) -> Build:
    """Certificates in two regions, and a validation record for each."""

    def build(stack: Stack) -> None:
        zone = aws.zone(stack, "zone", "acme-corp.net")
        other = zone if one_zone else aws.zone(stack, "other", "acme-corp.net")
        sans = {} if names is None else {"subjectAlternativeNames": names}
        east = certificate(stack, DOMAIN, "east", **sans)
        provider = WEST if profile is None else {**WEST, "profile": profile}
        west = certificate(stack, second, "west", provider=provider, **sans)
        record(stack, "a", east, zone)
        record(stack, "b", west, other, **said)

    return build


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(of_a_name("dr.example.com"), "rejects cert", id="a reserved name"),
        pytest.param(of_a_name("*.app.internal"), "rejects cert", id="a private name"),
        pytest.param(of_a_name(DOMAIN), "passes", id="a name"),
        pytest.param(
            of_a_name(DOMAIN, subjectAlternativeNames=["api.acme-corp.net", "app.test"]),
            "rejects cert",
            id="a reserved name beside",
        ),
        pytest.param(
            of_a_name(DOMAIN, subjectAlternativeNames=[UNKNOWN]), "passes", id="some name beside"
        ),
        pytest.param(of_a_name("myexample.com"), "passes", id="a name that ends like one"),
        pytest.param(of_a_name(UNKNOWN), "passes", id="an unknown name"),
        pytest.param(
            of_a_name("a.internal", certificateAuthorityArn="arn:ca"), "passes", id="a private one"
        ),
        pytest.param(of_a_name("a.internal", privateKey=UNKNOWN), "passes", id="an imported one"),
        pytest.param(of_a_zone_of_that_name, "passes", id="what is told of the zone"),
        pytest.param(waited_for(), "rejects validation", id="no record"),
        pytest.param(waited_for(validationRecordFqdns=UNKNOWN), "passes", id="names of records"),
        pytest.param(waited_for_by_mail, "passes", id="by mail"),
        pytest.param(waited_for_with_a_record, "passes", id="a record"),
        pytest.param(waited_for_with_a_record_elsewhere, "passes", id="a record elsewhere"),
        pytest.param(of_two_regions(), "rejects b", id="one record of two certificates"),
        pytest.param(of_two_regions(f"*.{DOMAIN}"), "rejects b", id="a wildcard of the name"),
        pytest.param(of_two_regions("api.acme-corp.net"), "passes", id="two names"),
        pytest.param(of_two_regions(UNKNOWN), "passes", id="some name"),
        pytest.param(of_two_regions(allowOverwrite=True), "passes", id="overwritten"),
        pytest.param(of_two_regions(one_zone=False), "passes", id="two zones"),
        pytest.param(of_two_regions(profile="standby"), "passes", id="perhaps two accounts"),
        pytest.param(of_two_regions(names=["api.acme-corp.net"]), "passes", id="of more names"),
    ],
)
def test_which_certificates_are_issued(build: Build, expected: str) -> None:
    stack = Stack()
    build(stack)
    assert verdict(stack, ISSUED) == expected
    assert verdict(stack, ISSUED, deployed=True) == "passes"


def balancer(stack: Stack, kind: Any) -> Made:
    given = {} if kind is None else {"loadBalancerType": kind}
    arn = {"arn": UNKNOWN, "dnsName": UNKNOWN}
    return stack.add("aws:lb/loadBalancer:LoadBalancer", "web", given, computed=arn)


def linked(kind: Any) -> Build:
    def build(stack: Stack) -> None:
        target = {"targetArn": balancer(stack, kind).output("arn")}
        stack.add("aws:apigateway/vpcLink:VpcLink", "link", target)

    return build


def linked_to(arn: Any) -> Build:
    def build(stack: Stack) -> None:
        stack.add("aws:apigateway/vpcLink:VpcLink", "link", {"targetArn": arn})

    return build


def integrated(uri: Any, protocol: Any = "HTTP", connection: Any = "VPC_LINK") -> Build:
    def build(stack: Stack) -> None:
        api = stack.add("aws:apigatewayv2/api:Api", "api", {"protocolType": protocol})
        said = uri
        if uri in ("arn", "dnsName"):
            said = balancer(stack, "application").output(uri)
        elif uri == "group":
            computed = {"arn": UNKNOWN}
            kind = "aws:lb/targetGroup:TargetGroup"
            said = stack.add(kind, "g", {"port": 80}, computed=computed).output("arn")
        elif uri == "listener":
            made = {"loadBalancerArn": balancer(stack, "application").output("arn"), "port": 80}
            computed = {"arn": UNKNOWN}
            said = stack.add("aws:lb/listener:Listener", "l", made, computed=computed).output("arn")
        given = {"apiId": api.id, "connectionType": connection, "integrationUri": said}
        stack.add("aws:apigatewayv2/integration:Integration", "one", given)

    return build


ARN = "arn:aws:elasticloadbalancing:us-east-1:111122223333:"


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(linked("application"), "rejects link", id="an ALB"),
        pytest.param(linked(None), "rejects link", id="an ALB by default"),
        pytest.param(linked_to(f"{ARN}loadbalancer/app/web/1"), "rejects link", id="by its ARN"),
        pytest.param(linked("network"), "passes", id="an NLB"),
        pytest.param(linked(UNKNOWN), "passes", id="some load balancer"),
        pytest.param(linked_to(f"{ARN}loadbalancer/net/web/1"), "passes", id="an NLB's ARN"),
        pytest.param(integrated("arn"), "rejects one", id="a load balancer"),
        pytest.param(integrated("dnsName"), "rejects one", id="its name"),
        pytest.param(integrated("http://internal"), "rejects one", id="a URL"),
        pytest.param(
            integrated(f"{ARN}loadbalancer/app/web/1"), "rejects one", id="a load balancer's ARN"
        ),
        pytest.param(integrated("group"), "passes", id="what comes from a target group"),
        pytest.param(
            integrated(f"{ARN}targetgroup/web/1"), "rejects one", id="a target group's ARN"
        ),
        pytest.param(integrated("listener"), "passes", id="a listener"),
        pytest.param(integrated(f"{ARN}listener/app/web/1/2"), "passes", id="a listener's ARN"),
        pytest.param(integrated("http://x", "WEBSOCKET"), "passes", id="a web socket"),
        pytest.param(integrated("http://x", UNKNOWN), "passes", id="some protocol"),
        pytest.param(integrated("http://x", connection="INTERNET"), "passes", id="no link"),
        pytest.param(integrated(UNKNOWN), "passes", id="something"),
    ],
)
def test_where_a_link_leads(build: Build, expected: str) -> None:
    stack = Stack()
    build(stack)
    assert first_verdicts(stack, LINK) == {expected}


@pytest.mark.parametrize("policy", [ISSUED, LINK])
@pytest.mark.parametrize("value", [None, {}, [], "", 7, "x", True, [None], {"x": None}])
def test_malformed_properties_reject_nothing(policy: str, value: Any) -> None:
    stack = Stack()
    cert = certificate(stack, value, validationMethod=value, privateKey=value)
    validation(stack, cert, validationRecordFqdns=value)
    linked_to(value)(stack)
    integrated(value, value, value)(stack)
    assert verdict(stack, policy) == "passes"


def test_the_message_says_that_they_have_one_record() -> None:
    stack = Stack()
    of_two_regions()(stack)
    (found,) = [each.message for each in run(stack) if each.policy == ISSUED]
    assert "Record b validates certificate west and record a validates certificate east" in found
