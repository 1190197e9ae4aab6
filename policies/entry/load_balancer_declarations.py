"""Listeners, rules, target groups and load balancers that Elastic Load Balancing takes.

What it refuses of one of them by its own inputs, when it creates and when it changes them alike.
The provider takes protocols and types in any case and sends its own, fills in a health check over
HTTP every 30 seconds, and sends no stickiness for functions and load balancers as targets
(terraform-provider-aws, `internal/service/elbv2/target_group.go`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from ..model.inputs import Block, Quantity
from ..model.truth import Truth
from ..model.vocabulary import LISTENER, LISTENER_RULE, LOAD_BALANCER, TARGET_GROUP
from ..refusal import Inputs, Refusal, Topic, family
from ..rule import Evidence

_TESTED: Final = "https://github.com/badmintoncryer/cdk-preflight"
_INTERVAL: Final = 30
_CONDITION_VALUES: Final = 5
_REDIRECT_DEFAULTS: Final = {
    "protocol": "#{protocol}",
    "host": "#{host}",
    "port": "#{port}",
    "path": "/#{path}",
    "query": "#{query}",
}
"""What a part of a redirect is where it is not set: that of the request."""

_CONDITION_LISTS: Final = (
    *("hostHeader.values", "hostHeader.regexValues"),
    *("pathPattern.values", "pathPattern.regexValues"),
    *("httpHeader.values", "httpHeader.regexValues"),
    *("httpRequestMethod.values", "sourceIp.values", "queryStrings"),
)
"""What counts as a value: a pair of a query string as one, the name of a header not at all."""


def _is_secure(listener: Block) -> Truth:
    return listener.says("protocol", "HTTPS", "TLS")


def _sends_stickiness(group: Block) -> Truth:
    """Whether the provider sends a stickiness that is turned on."""
    is_sent = ~group.says("targetType", "lambda", "alb")
    return is_sent & group.is_true("stickiness.enabled", default=True)


def _checks_over_http(group: Block) -> Truth:
    return group.lacks("healthCheck.protocol") | group.says("healthCheck.protocol", "HTTP", "HTTPS")


def _waits_as_long_as_its_interval(group: Block) -> Truth:
    check = group.inner("healthCheck")
    longer = check.number("timeout") + 1 > check.number("interval", default=_INTERVAL)
    return longer & check.is_true("enabled", default=True) & _is_checked_over_http(group)


def _is_checked_over_http(group: Block) -> Truth:
    """Whether it is a group of an Application Load Balancer with such a check."""
    of_application = group.says("protocol", "HTTP", "HTTPS") | group.says("targetType", "lambda")
    over_http = group.says("healthCheck.protocol", "HTTP", "HTTPS")
    return of_application & (over_http | group.lacks("healthCheck.protocol"))


def _names_a_code_outside(least: int, most: int) -> Callable[[str], bool]:
    """Whether a matcher such as "200,301-302" names a code that is not between these."""

    def names_one(matcher: str) -> bool:
        if not re.fullmatch(r"\d+(-\d+)?(,\d+(-\d+)?)*", matcher):
            return False
        return any(not least <= int(code) <= most for code in re.findall(r"\d+", matcher))

    return names_one


def _redirects_to_itself(action: Block) -> Truth:
    redirect = action.inner("redirect")
    changed = Truth.FALSE
    for part, default in _REDIRECT_DEFAULTS.items():
        changed |= redirect.has(part) & ~redirect.says(part, default)
    return action.says("type", "redirect") & action.has("redirect") & ~changed


def _values(condition: Block) -> Quantity:
    first, *rest = (condition.count(path) for path in _CONDITION_LISTS)
    return sum(rest, first)


def _redirect(actions: str, **parts: str) -> Inputs:
    redirect = {"statusCode": "HTTP_301", **parts}
    return {actions: [{"type": "redirect", "redirect": redirect}]}


def _redirect_loop(id: str, kind: str, actions: str) -> Refusal:
    return Refusal(
        id=id,
        kinds=(kind,),
        says="redirects a request to itself",
        when=lambda forwarder: forwarder.some(actions, _redirects_to_itself),
        evidence=Evidence(
            "InvalidLoadBalancerAction: The redirect configuration is not valid because it creates "
            "a loop.",
            f"CreateRule; {_TESTED}",
            "2026-09-09",
        ),
        fix="Change the protocol, the port, the host, the path or the query in the redirect.",
        refused=_redirect(actions, path="/#{path}"),
        accepted=(
            _redirect(actions, protocol="HTTPS", port="443"),
            _redirect(actions, host="www.#{host}"),
            {actions: [{"type": "fixed-response", "fixedResponse": {"contentType": "text/plain"}}]},
        ),
        whatever=(f"{actions}.redirect.statusCode",),
    )


_CERTIFICATE: Final = (
    "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f"
)

LOAD_BALANCER_DECLARATION = family(
    Topic(
        name="load-balancer-declaration",
        title="Listeners and target groups that Elastic Load Balancing takes",
        description="The parts of a listener, a rule, a target group or a load balancer must be "
        "possible together.",
        tags=("aws", "elasticloadbalancing", "disaster-recovery"),
        fix="Declare it as Elastic Load Balancing takes it.",
    ),
    Refusal(
        id="listener-without-certificate",
        kinds=(LISTENER,),
        says="is a secure listener without a certificate",
        when=lambda listener: _is_secure(listener) & listener.lacks("certificateArn"),
        evidence=Evidence(
            "ValidationError: A certificate must be specified for HTTPS listeners",
            "CreateListener, public deployment logs",
            "2026-11-26",
        ),
        fix="Set certificateArn. A ListenerCertificate adds further certificates only.",
        refused={"protocol": "HTTPS"},
        accepted=(
            {"protocol": "HTTPS", "certificateArn": _CERTIFICATE},
            {"protocol": "HTTP"},
            {"protocol": "TCP"},
            {},
        ),
    ),
    Refusal(
        id="certificate-of-plain-listener",
        kinds=(LISTENER,),
        says="has a certificate, and its protocol is not a secure one",
        when=lambda listener: (
            listener.says("protocol", "HTTP", "TCP", "UDP") & listener.sets("certificateArn")
        ),
        evidence=Evidence(
            "A certificate cannot be specified for HTTP listeners",
            f"CreateListener; {_TESTED}",
            "2026-09-09",
        ),
        fix="Let the protocol be HTTPS or TLS, or leave the certificate out.",
        refused={"protocol": "HTTP", "certificateArn": _CERTIFICATE},
        accepted=(
            {"protocol": "HTTP"},
            {"protocol": "TLS", "certificateArn": _CERTIFICATE},
        ),
        whatever=("certificateArn",),
    ),
    Refusal(
        id="ssl-policy-of-plain-listener",
        kinds=(LISTENER,),
        says="has an SSL policy, and its protocol is HTTP",
        when=lambda listener: listener.says("protocol", "HTTP") & listener.sets("sslPolicy"),
        evidence=Evidence(
            "An SSL policy cannot be specifed for HTTP listeners",
            f"CreateListener; {_TESTED}",
            "2026-09-09",
        ),
        fix="Let the protocol be HTTPS, or leave sslPolicy out.",
        refused={
            "protocol": "HTTP",
            "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
        },
        accepted=({"protocol": "HTTP"},),
        whatever=("sslPolicy",),
    ),
    _redirect_loop("redirect-loop", LISTENER, "defaultActions"),
    _redirect_loop("rule-redirect-loop", LISTENER_RULE, "actions"),
    Refusal(
        id="condition-values",
        kinds=(LISTENER_RULE,),
        says="has more than 5 values in its conditions",
        when=lambda rule: rule.total("conditions", _values) > _CONDITION_VALUES,
        evidence=Evidence(
            "A rule can only have '5' condition values and regex values",
            f"CreateRule; {_TESTED}",
            "2026-09-13",
        ),
        fix="Spread the values over several rules, or use wildcards.",
        refused={
            "conditions": [
                {"pathPattern": {"values": ["/a/*", "/b/*", "/c/*"]}},
                {"hostHeader": {"values": ["a.acme-corp.com", "b.acme-corp.com"]}},
                {"queryStrings": [{"key": "beta", "value": "1"}]},
            ]
        },
        accepted=(
            {
                "conditions": [
                    {"pathPattern": {"values": ["/a/*", "/b/*", "/c/*"]}},
                    {"hostHeader": {"values": ["a.acme-corp.com", "b.acme-corp.com"]}},
                ]
            },
            {
                "conditions": [
                    {"httpHeader": {"httpHeaderName": "X-Of", "values": [*"abcde"]}},
                ]
            },
        ),
        whatever=(
            *(f"conditions.0.pathPattern.values.{place}" for place in range(3)),
            *(f"conditions.1.hostHeader.values.{place}" for place in range(2)),
            "conditions.2.queryStrings.0",
        ),
    ),
    Refusal(
        id="health-check-timeout",
        kinds=(TARGET_GROUP,),
        says="has a health check whose timeout is not shorter than its interval",
        when=_waits_as_long_as_its_interval,
        evidence=Evidence(
            "Health check timeout '5' must be smaller than the interval '5'",
            f"CreateTargetGroup; {_TESTED}",
            "2026-09-14",
        ),
        fix="Let the timeout be shorter than the interval, which is 30 seconds if it is not set.",
        refused={"protocol": "HTTP", "healthCheck": {"interval": 5, "timeout": 5}},
        accepted=(
            {"protocol": "HTTP", "healthCheck": {"interval": 5, "timeout": 4}},
            {"protocol": "HTTP", "healthCheck": {"timeout": 29}},
            {"protocol": "HTTP", "healthCheck": {"interval": 5}},
            {"protocol": "TCP", "healthCheck": {"protocol": "TCP", "interval": 5, "timeout": 5}},
        ),
    ),
    Refusal(
        id="health-check-matcher",
        kinds=(TARGET_GROUP,),
        says="has a health check that expects a code outside 200-499",
        when=lambda group: (
            _is_checked_over_http(group)
            & ~group.says("protocolVersion", "GRPC")
            & group.holds("healthCheck.matcher", _names_a_code_outside(200, 499))
        ),
        evidence=Evidence(
            "Health check matcher HTTP code '599' must be within '200-499' inclusive",
            f"CreateTargetGroup; {_TESTED}",
            "2026-09-09",
        ),
        fix="Let the matcher name codes from 200 to 499.",
        refused={"protocol": "HTTP", "healthCheck": {"matcher": "200-599"}},
        accepted=(
            {"protocol": "HTTP", "healthCheck": {"matcher": "200-499"}},
            {"protocol": "HTTP", "protocolVersion": "GRPC", "healthCheck": {"matcher": "0-99"}},
            {"protocol": "TCP", "healthCheck": {"protocol": "HTTP", "matcher": "200-599"}},
        ),
    ),
    Refusal(
        id="grpc-matcher",
        kinds=(TARGET_GROUP,),
        says="has a health check that expects a gRPC code outside 0-99",
        when=lambda group: (
            _is_checked_over_http(group)
            & group.says("protocolVersion", "GRPC")
            & group.holds("healthCheck.matcher", _names_a_code_outside(0, 99))
        ),
        evidence=Evidence(
            "Health check matcher GRPC code '120' must be within '0-99' inclusive",
            f"CreateTargetGroup; {_TESTED}",
            "2026-09-09",
        ),
        fix="Let the matcher name codes of gRPC, from 0 to 99.",
        refused={
            "protocol": "HTTP",
            "protocolVersion": "GRPC",
            "healthCheck": {"matcher": "200-299"},
        },
        accepted=(
            {"protocol": "HTTP", "protocolVersion": "GRPC", "healthCheck": {"matcher": "0-99"}},
            {"protocol": "HTTP", "protocolVersion": "HTTP2", "healthCheck": {"matcher": "200-299"}},
        ),
    ),
    Refusal(
        id="cookie-stickiness",
        kinds=(TARGET_GROUP,),
        says="keeps clients at a target by a cookie, and its protocol knows no cookies",
        when=lambda group: (
            group.says("protocol", "TCP", "UDP", "TCP_UDP")
            & group.says("stickiness.type", "lb_cookie", "app_cookie")
            & _sends_stickiness(group)
        ),
        evidence=Evidence(
            "Stickiness type 'lb_cookie' is not supported for target groups with the TCP protocol",
            f"ModifyTargetGroupAttributes; {_TESTED}",
            "2026-09-03",
        ),
        fix="Let the type of the stickiness be source_ip, or leave it out.",
        refused={"protocol": "TCP", "stickiness": {"type": "lb_cookie"}},
        accepted=(
            {"protocol": "TCP", "stickiness": {"type": "source_ip"}},
            {"protocol": "TCP", "stickiness": {"type": "lb_cookie", "enabled": False}},
            {"protocol": "HTTP", "stickiness": {"type": "lb_cookie"}},
            {"protocol": "TCP", "targetType": "alb", "stickiness": {"type": "lb_cookie"}},
        ),
    ),
    Refusal(
        id="address-stickiness",
        kinds=(TARGET_GROUP,),
        says="keeps clients at a target by their addresses, and its protocol is HTTP",
        when=lambda group: (
            group.says("protocol", "HTTP", "HTTPS")
            & group.says("stickiness.type", "source_ip")
            & _sends_stickiness(group)
        ),
        evidence=Evidence(
            "Stickiness type 'source_ip' is not supported for target groups with the HTTP protocol",
            f"ModifyTargetGroupAttributes; {_TESTED}",
            "2026-09-03",
        ),
        fix="Let the type of the stickiness be lb_cookie or app_cookie.",
        refused={"protocol": "HTTP", "stickiness": {"type": "source_ip"}},
        accepted=(
            {"protocol": "HTTP", "stickiness": {"type": "lb_cookie"}},
            {"protocol": "HTTP", "stickiness": {"type": "source_ip", "enabled": False}},
        ),
    ),
    Refusal(
        id="tls-stickiness",
        kinds=(TARGET_GROUP,),
        says="keeps clients at a target, and its protocol is TLS",
        when=lambda group: (
            group.says("protocol", "TLS") & group.has("stickiness") & _sends_stickiness(group)
        ),
        evidence=Evidence(
            "You cannot enable stickiness on target groups with the TLS protocol",
            "terraform-provider-aws, internal/service/elbv2/target_group_test.go",
            "2026-11-26",
        ),
        fix="Leave the stickiness out, or let the protocol be TCP.",
        refused={"protocol": "TLS", "stickiness": {"enabled": True}},
        accepted=(
            {"protocol": "TLS", "stickiness": {"type": "source_ip", "enabled": False}},
            {"protocol": "TLS"},
        ),
    ),
    Refusal(
        id="gateway-security-groups",
        kinds=(LOAD_BALANCER,),
        says="is a Gateway Load Balancer with security groups",
        when=lambda balancer: (
            balancer.says("loadBalancerType", "gateway") & balancer.has("securityGroups")
        ),
        evidence=Evidence(
            "Security Groups are not supported for Gateway Load Balancers.",
            f"CreateLoadBalancer; {_TESTED}",
            "2026-09-09",
        ),
        fix="Leave securityGroups out.",
        refused={"loadBalancerType": "gateway", "securityGroups": ["sg-0a1b2c3d"]},
        accepted=(
            {"loadBalancerType": "gateway"},
            {"loadBalancerType": "gateway", "securityGroups": []},
            {"loadBalancerType": "network", "securityGroups": ["sg-0a1b2c3d"]},
        ),
        whatever=("securityGroups.0",),
    ),
    Refusal(
        id="addresses-of-application",
        kinds=(LOAD_BALANCER,),
        says="is an Application Load Balancer with Elastic IPs",
        when=lambda balancer: (
            (balancer.lacks("loadBalancerType") | balancer.says("loadBalancerType", "application"))
            & balancer.some("subnetMappings", lambda mapping: mapping.sets("allocationId"))
        ),
        evidence=Evidence(
            "Elastic IPs are not supported for load balancers with type 'application'",
            f"CreateLoadBalancer; {_TESTED}",
            "2026-09-09",
        ),
        fix="Leave allocationId out, or let the load balancer be a network one.",
        refused={"subnetMappings": [{"subnetId": "subnet-1", "allocationId": "eipalloc-1"}]},
        accepted=(
            {"subnetMappings": [{"subnetId": "subnet-1"}]},
            {
                "loadBalancerType": "network",
                "subnetMappings": [{"subnetId": "subnet-1", "allocationId": "eipalloc-1"}],
            },
        ),
        whatever=("subnetMappings.subnetId", "subnetMappings.allocationId"),
    ),
)
