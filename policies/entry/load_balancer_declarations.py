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
from ..model.plain import NamedTuple
from ..model.truth import Truth
from ..model.values import Known
from ..model.vocabulary import LISTENER, LISTENER_RULE, LOAD_BALANCER, TARGET_GROUP
from ..refusal import Inputs, Refusal, Topic, family
from ..rule import Evidence, Kind

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


PLAIN_POLICY: Final = "CreateListener answers: An SSL policy cannot be specifed for HTTP listeners"


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


def _waits_beyond_its_interval(group: Block) -> Truth:
    """Whether a group of a Network Load Balancer waits longer for an answer than until it asks
    again. As long is fine there (https://github.com/aws/aws-cdk/issues/16446)."""
    check = group.inner("healthCheck")
    longer = check.number("timeout") > check.number("interval", default=_INTERVAL)
    return longer & check.is_true("enabled", default=True) & _is_of_a_network_balancer(group)


def _is_of_a_network_balancer(group: Block) -> Truth:
    return group.says("protocol", "TCP", "UDP", "TCP_UDP", "TLS")


def _is_checked_over_http(group: Block) -> Truth:
    """Whether it is a group of an Application Load Balancer with such a check."""
    of_application = group.says("protocol", "HTTP", "HTTPS") | group.says("targetType", "lambda")
    return of_application & _checks_over_http(group)


def _names_a_code_outside(least: int, most: int) -> Callable[[str], bool]:
    """Whether a matcher such as "200,301-302" names a code that is not between these."""

    def names_one(matcher: str) -> bool:
        if not re.fullmatch(r"\d+(-\d+)?(,\d+(-\d+)?)*", matcher):
            return False
        return any(not least <= int(code) <= most for code in re.findall(r"\d+", matcher))

    return names_one


class _Codes(NamedTuple):
    """The codes that a matcher may name: of what, and between which."""

    of: str
    least: int
    most: int


def _matcher(
    id: str,
    when: Callable[[Block], Truth],
    codes: _Codes,
    *,
    refused: Inputs,
    accepted: tuple[Inputs, ...],
) -> Refusal:
    """Where a group's matcher must name codes of a range."""
    called = "gRPC code" if codes.of == "GRPC" else "code"
    return Refusal(
        id=id,
        kinds=(TARGET_GROUP,),
        says=f"has a health check matcher with a {called} outside {codes.least}-{codes.most}",
        when=lambda group: (
            when(group)
            & group.holds("healthCheck.matcher", _names_a_code_outside(codes.least, codes.most))
        ),
        evidence=Evidence(
            f"CreateTargetGroup answers: Health check matcher {codes.of} code '...' must be within "
            f"'{codes.least}-{codes.most}' inclusive",
            f"CreateTargetGroup; {_TESTED}",
            "2026-09-09",
        ),
        fix=f"Use {called}s from {codes.least} to {codes.most} in healthCheck.matcher.",
        refused=refused,
        accepted=accepted,
    )


def _redirects_to_itself(action: Block) -> Truth:
    redirect = action.inner("redirect")
    changed = Truth.FALSE
    for part, default in _REDIRECT_DEFAULTS.items():
        changed |= redirect.has(part) & ~redirect.says(part, default)
    return action.says("type", "redirect") & action.has("redirect") & ~changed


def _known_values(condition: Block) -> Quantity:
    """How many values a condition has at least."""
    counts = (condition.count(path).reading for path in _CONDITION_LISTS)
    return Quantity(Known(sum(each.value for each in counts if isinstance(each, Known))))


def _redirect(actions: str, **parts: str) -> Inputs:
    redirect = {"statusCode": "HTTP_301", **parts}
    return {actions: [{"type": "redirect", "redirect": redirect}]}


def _redirect_loop(id: str, kind: str, actions: str) -> Refusal:
    return Refusal(
        id=id,
        kinds=(kind,),
        says="has a redirect action that leads back to the same URL",
        when=lambda forwarder: forwarder.some(actions, _redirects_to_itself),
        evidence=Evidence(
            "CreateListener and CreateRule answer InvalidLoadBalancerAction: The redirect "
            "configuration is not valid because it creates a loop.",
            f"CreateRule; {_TESTED}",
            "2026-09-09",
        ),
        fix="Change at least one of protocol, port, host, path and query in the redirect.",
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
        title="Listeners and target groups that Elastic Load Balancing accepts",
        description="The settings of a listener, listener rule, target group or load balancer "
        "must be valid in combination.",
        tags=("aws", "elasticloadbalancing", "disaster-recovery"),
        fix="Change the combination of settings that Elastic Load Balancing refuses.",
        unread="the actions and attributes of its listeners and target groups have other shapes "
        "there",
    ),
    Refusal(
        id="listener-without-certificate",
        kinds=(LISTENER,),
        says="has the protocol HTTPS or TLS, but no certificateArn",
        when=lambda listener: _is_secure(listener) & listener.lacks("certificateArn"),
        evidence=Evidence(
            "CreateListener answers ValidationError: A certificate must be specified for ... "
            "listeners",
            "CreateListener, public deployment logs",
            "2026-11-26",
        ),
        fix="Set certificateArn to the default certificate; a ListenerCertificate only adds "
        "further ones.",
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
        says="has a certificateArn, but its protocol is not HTTPS or TLS",
        when=lambda listener: (
            listener.says("protocol", "HTTP", "TCP", "UDP") & listener.sets("certificateArn")
        ),
        evidence=Evidence(
            "CreateListener answers: A certificate cannot be specified for ... listeners",
            f"CreateListener; {_TESTED}",
            "2026-09-09",
        ),
        fix="Set protocol to HTTPS or TLS, or remove certificateArn.",
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
        says="has an sslPolicy, but its protocol is HTTP",
        when=lambda listener: listener.says("protocol", "HTTP") & listener.sets("sslPolicy"),
        evidence=Evidence(
            PLAIN_POLICY,
            f"CreateListener; {_TESTED}",
            "2026-09-09",
        ),
        fix="Set protocol to HTTPS, or remove sslPolicy.",
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
        says="has more than 5 values in all its conditions together",
        when=lambda rule: rule.total("conditions", _known_values) > _CONDITION_VALUES,
        evidence=Evidence(
            "CreateRule answers: A rule can only have '5' condition values and regex values",
            f"CreateRule; {_TESTED}",
            "2026-09-13",
        ),
        fix="Split the conditions over several rules, or use wildcards.",
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
        says="has a health check timeout that is not shorter than its interval",
        when=_waits_as_long_as_its_interval,
        evidence=Evidence(
            "CreateTargetGroup answers: Health check timeout '...' must be smaller than the "
            "interval '...'",
            f"CreateTargetGroup; {_TESTED}",
            "2026-09-14",
        ),
        fix="Make healthCheck.timeout shorter than healthCheck.interval, which is 30 seconds by "
        "default.",
        refused={"protocol": "HTTP", "healthCheck": {"interval": 5, "timeout": 5}},
        accepted=(
            {"protocol": "HTTP", "healthCheck": {"interval": 5, "timeout": 4}},
            {"protocol": "HTTP", "healthCheck": {"timeout": 29}},
            {"protocol": "HTTP", "healthCheck": {"interval": 5}},
            {"protocol": "TCP", "healthCheck": {"protocol": "TCP", "interval": 5, "timeout": 5}},
        ),
    ),
    _matcher(
        "health-check-matcher",
        lambda group: _is_checked_over_http(group) & ~group.says("protocolVersion", "GRPC"),
        _Codes("HTTP", 200, 499),
        refused={"protocol": "HTTP", "healthCheck": {"matcher": "200-599"}},
        accepted=(
            {"protocol": "HTTP", "healthCheck": {"matcher": "200-499"}},
            {"protocol": "HTTP", "protocolVersion": "GRPC", "healthCheck": {"matcher": "0-99"}},
            {"protocol": "TCP", "healthCheck": {"protocol": "HTTP", "matcher": "200-599"}},
        ),
    ),
    _matcher(
        "network-matcher",
        lambda group: (
            _is_of_a_network_balancer(group) & group.says("healthCheck.protocol", "HTTP", "HTTPS")
        ),
        _Codes("HTTP", 200, 599),
        refused={"protocol": "TCP", "healthCheck": {"protocol": "HTTP", "matcher": "600"}},
        accepted=(
            {"protocol": "TCP", "healthCheck": {"protocol": "HTTP", "matcher": "200-599"}},
            {"protocol": "TCP", "healthCheck": {"matcher": "600"}},
        ),
    ),
    _matcher(
        "grpc-matcher",
        lambda group: _is_checked_over_http(group) & group.says("protocolVersion", "GRPC"),
        _Codes("GRPC", 0, 99),
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
        says="has cookie-based stickiness, but its protocol is not HTTP or HTTPS",
        when=lambda group: (
            group.says("protocol", "TCP", "UDP", "TCP_UDP")
            & group.says("stickiness.type", "lb_cookie", "app_cookie")
            & _sends_stickiness(group)
        ),
        evidence=Evidence(
            "ModifyTargetGroupAttributes answers: Stickiness type '...' is not supported for "
            "target groups with the ... protocol",
            f"ModifyTargetGroupAttributes; {_TESTED}",
            "2026-09-03",
        ),
        fix="Set stickiness.type to source_ip, or remove stickiness.",
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
        says="has stickiness by source IP, but its protocol is HTTP or HTTPS",
        when=lambda group: (
            group.says("protocol", "HTTP", "HTTPS")
            & group.says("stickiness.type", "source_ip")
            & _sends_stickiness(group)
        ),
        evidence=Evidence(
            "ModifyTargetGroupAttributes answers: Stickiness type 'source_ip' is not supported "
            "for target groups with the ... protocol",
            f"ModifyTargetGroupAttributes; {_TESTED}",
            "2026-09-03",
        ),
        fix="Set stickiness.type to lb_cookie or app_cookie.",
        refused={"protocol": "HTTP", "stickiness": {"type": "source_ip"}},
        accepted=(
            {"protocol": "HTTP", "stickiness": {"type": "lb_cookie"}},
            {"protocol": "HTTP", "stickiness": {"type": "source_ip", "enabled": False}},
        ),
    ),
    Refusal(
        id="tls-stickiness",
        kinds=(TARGET_GROUP,),
        says="has stickiness turned on, but its protocol is TLS",
        when=lambda group: (
            group.says("protocol", "TLS") & group.has("stickiness") & _sends_stickiness(group)
        ),
        evidence=Evidence(
            "ModifyTargetGroupAttributes answers: You cannot enable stickiness on target groups "
            "with the TLS protocol",
            "terraform-provider-aws, internal/service/elbv2/target_group_test.go",
            "2026-11-26",
        ),
        fix="Remove stickiness, or set protocol to TCP.",
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
            "CreateLoadBalancer answers: Security Groups are not supported for Gateway Load "
            "Balancers.",
            f"CreateLoadBalancer; {_TESTED}",
            "2026-09-09",
        ),
        fix="Remove securityGroups.",
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
        says="is an Application Load Balancer with Elastic IP addresses (allocationId)",
        when=lambda balancer: (
            (balancer.lacks("loadBalancerType") | balancer.says("loadBalancerType", "application"))
            & balancer.some("subnetMappings", lambda mapping: mapping.sets("allocationId"))
        ),
        evidence=Evidence(
            "CreateLoadBalancer answers: Elastic IPs are not supported for load balancers with "
            "type 'application'",
            f"CreateLoadBalancer; {_TESTED}",
            "2026-09-09",
        ),
        fix="Remove allocationId from subnetMappings, or set loadBalancerType to network.",
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

ADVICE: Final = (
    Refusal(
        id="network-health-check-timeout",
        kinds=(TARGET_GROUP,),
        says="has a health check timeout that is longer than its interval",
        when=_waits_beyond_its_interval,
        evidence=Evidence(
            "CreateTargetGroup may refuse a timeout that is longer than the interval: aws-cdk "
            "checks for it.",
            "https://github.com/aws/aws-cdk/pull/26031",
            "2023-06-17",
            Kind.REPORTED,
        ),
        fix="Set healthCheck.timeout to at most healthCheck.interval, which is 30 seconds by "
        "default.",
        refused={"protocol": "TCP", "healthCheck": {"interval": 10, "timeout": 15}},
        accepted=(
            {"protocol": "TCP", "healthCheck": {"interval": 10, "timeout": 10}},
            {"protocol": "TCP", "healthCheck": {"timeout": 30}},
            {"protocol": "TCP", "healthCheck": {"interval": 5}},
            {
                "protocol": "TCP",
                "healthCheck": {"enabled": False, "interval": 10, "timeout": 15},
            },
        ),
    ),
)
