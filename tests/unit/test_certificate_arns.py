"""The ARNs of certificates that stand in a program: placeholders, and those of examples."""

from __future__ import annotations

from typing import Any

import pytest

from policies.model.vocabulary import DISTRIBUTION, LISTENER, LISTENER_CERTIFICATE
from policies.testing import UNKNOWN, Output, Stack
from tests.support import findings, run, verdict

ISSUED = "certificate-validation"
API_DOMAIN = "aws:apigateway/domainName:DomainName"
HTTP_API_DOMAIN = "aws:apigatewayv2/domainName:DomainName"
UUID = "0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f"
ACM = "arn:aws:acm:us-east-1:{}:certificate/{}"
REAL = ACM.format("222233334444", UUID)
PLACEHOLDERS = (
    ACM.format("222233334444", "placeholder"),
    ACM.format("000000000000", "placeholder"),
    ACM.format("ACCOUNT", UUID),
    "arn:aws:acm:REGION:222233334444:certificate/ID",
)
USERS = {
    "listener": (LISTENER, "certificateArn", "load-balancer-wiring"),
    "further": (LISTENER_CERTIFICATE, "certificateArn", "load-balancer-wiring"),
    "site": (DISTRIBUTION, "viewerCertificate.acmCertificateArn", "cloudfront-parts"),
    "edge": (API_DOMAIN, "certificateArn", "api-vpc-link"),
    "api": (API_DOMAIN, "regionalCertificateArn", "api-vpc-link"),
    "http": (HTTP_API_DOMAIN, "domainNameConfiguration.certificateArn", "api-vpc-link"),
}


def using(user: str, said: Any, stack: Stack | None = None) -> Stack:
    kind, path, _ = USERS[user]
    block, _, name = path.rpartition(".")
    stack = stack or Stack()
    inputs = {block: {name: said}} if block else {name: said}
    if kind == LISTENER:
        inputs |= {"protocol": "HTTPS", "port": 443}
    stack.add(kind, user, inputs)
    return stack


def made(user: str, arn: str) -> Stack:
    """The same with the ARN of a certificate of the stack."""
    stack = Stack()
    kind = "aws:acm/certificate:Certificate"
    certificate = stack.add(kind, "certificate", {}, computed={"arn": arn})
    return using(user, certificate.output("arn"), stack)


users = pytest.mark.parametrize("user", list(USERS))


@users
@pytest.mark.parametrize("arn", PLACEHOLDERS)
def test_a_placeholder_is_rejected_once(user: str, arn: str) -> None:
    policy = USERS[user][2]
    assert findings(using(user, arn)) == {(policy, user)}
    (found,) = [each for each in run(using(user, arn)) if each.policy == policy]
    assert f"has a {USERS[user][1]} that is not the ARN of a certificate" in found.message
    assert arn not in found.message


@users
def test_a_placeholder_of_another_region_is_told_by_its_region_alone(user: str) -> None:
    arn = "arn:aws:acm:eu-west-1:222233334444:certificate/placeholder"
    assert findings(using(user, arn)) == {("region-local-references", user)}


@users
@pytest.mark.parametrize("account", ["123456789012", "000000000000"])
def test_a_certificate_of_an_example_is_advised_against(user: str, account: str) -> None:
    assert findings(using(user, ACM.format(account, UUID))) == {(ISSUED, user)}
    elsewhere = f"arn:aws:acm:eu-west-1:{account}:certificate/{UUID}"
    assert findings(using(user, elsewhere)) == {("region-local-references", user)}


@users
@pytest.mark.parametrize("arn", [REAL, UNKNOWN, None])
def test_what_is_or_may_be_a_certificate_passes(user: str, arn: Any) -> None:
    stack = using(user, arn)
    assert {verdict(stack, each) for each in (ISSUED, USERS[user][2])} == {"passes"}


@users
@pytest.mark.parametrize("arn", [PLACEHOLDERS[0], ACM.format("123456789012", UUID)])
def test_what_comes_from_a_resource_or_a_lookup_passes(user: str, arn: str) -> None:
    """A stand-in makes up what they answer."""
    for stack in (using(user, Output(arn, ())), made(user, arn)):
        for deployed in (False, True):
            stated = {verdict(stack, each, deployed=deployed) for each in (ISSUED, USERS[user][2])}
            assert stated == {"passes"}


@users
@pytest.mark.parametrize("value", [{}, [], "", [None], {"x": None}])
def test_malformed_values_reject_nothing(user: str, value: Any) -> None:
    stack = using(user, value)
    assert {verdict(stack, each) for each in (ISSUED, USERS[user][2])} <= {"passes"}
