"""Health checks that Route 53 takes.

CreateHealthCheck and UpdateHealthCheck ask which settings a check of its type has. The provider
sends fqdn, ipAddress, port, resourcePath, searchString, failureThreshold, requestInterval and
regions for every type, the name of an alarm for CLOUDWATCH_METRIC only, and neither 0 nor "" nor
false for any (terraform-provider-aws, `internal/service/route53/health_check.go`). It takes a type
in any case and sends its own.
"""

from __future__ import annotations

from functools import cache
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from typing import Final

from ..model.dns.health_checks import CALCULATED, ENDPOINT, HTTP, METRIC
from ..model.inputs import Declared
from ..model.truth import Truth
from ..model.vocabulary import HEALTH_CHECK
from ..refusal import Refusal, Topic, family
from ..rule import Evidence, Kind

_STRING_MATCH: Final = ("HTTP_STR_MATCH", "HTTPS_STR_MATCH")
_RESERVED: Final = frozenset(";/?:@=&")
"""RFC 1738; a URL has some of them, a domain name none."""
_NOT_PUBLIC: Final = (
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
)
"""IPv4 of RFC 5735 and RFC 6598, to which AWS refers ("HealthCheckConfig" in the Route 53 API
reference, 2026-11-26). Ranges of IPv6 are not among them."""


_AT: Final = {"fqdn": "www.acme-corp.com"}
_DOCUMENTED: Final = Evidence(
    "CreateHealthCheck may answer InvalidInput, as it does for a port or a failure threshold of "
    "such a health check.",
    "https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html",
    "2026-11-26",
    Kind.DOCUMENTED,
)
_OF_AN_ALARM: Final = {
    "type": METRIC,
    "cloudwatchAlarmName": "replication-lag",
    "cloudwatchAlarmRegion": "us-east-1",
}


def _seen(answer: str) -> Evidence:
    return Evidence(
        f"CreateHealthCheck answers InvalidInput: {answer}",
        "CreateHealthCheck; https://github.com/badmintoncryer/cdk-preflight",
        "2026-09-10",
    )


@cache
def _ranges() -> tuple[IPv4Network, ...]:
    return tuple(map(IPv4Network, _NOT_PUBLIC))


def _is_not_public(address: str) -> bool:
    try:
        said = IPv4Address(address)
    except AddressValueError:
        return False
    return any(said in each for each in _ranges())


def _has_no_endpoint(check: Declared) -> Truth:
    return check.says("type", *ENDPOINT) & check.lacks("fqdn") & check.lacks("ipAddress")


def _has_a_url(check: Declared) -> Truth:
    is_url = check.holds("fqdn", lambda said: not _RESERVED.isdisjoint(said))
    return check.says("type", *ENDPOINT) & is_url


HEALTH_CHECK_DECLARATION = family(
    Topic(
        name="health-check-declaration",
        title="Health checks that Route 53 accepts",
        description="A health check must have the settings that its type needs, and none that "
        "only other types have.",
        tags=("aws", "route53", "dns", "disaster-recovery"),
        fix="Give the health check the settings that its type needs, and remove the others.",
        unread="all settings of a health check are in one block, healthCheckConfig, there",
    ),
    Refusal(
        id="endpoint",
        kinds=(HEALTH_CHECK,),
        says="checks an endpoint, but has neither fqdn nor ipAddress",
        when=_has_no_endpoint,
        evidence=_seen(
            "Invalid parameter : IP address and fully qualified domain name can not be both empty."
        ),
        fix="Set fqdn to the domain name, or ipAddress to the public address, of what it checks.",
        refused={"type": "HTTPS"},
        accepted=(
            {"type": "HTTPS", "fqdn": "www.acme-corp.com"},
            {"type": "TCP", "ipAddress": "8.8.8.8"},
            {"type": "CALCULATED"},
        ),
    ),
    Refusal(
        id="fqdn",
        kinds=(HEALTH_CHECK,),
        says="has an fqdn that is not a plain domain name: it contains a protocol, a port or a "
        "path",
        when=_has_a_url,
        evidence=_seen(
            "Invalid fully qualified domain name: It may not contain reserved characters of "
            'RFC1738 ";/?:@=&"'
        ),
        fix="Keep only the domain name in fqdn; put the path into resourcePath and the port into "
        "port.",
        refused={"type": "HTTPS", "fqdn": "https://www.acme-corp.com"},
        accepted=({"type": "HTTPS", "fqdn": "www.acme-corp.com"},),
    ),
    Refusal(
        id="ip-address",
        kinds=(HEALTH_CHECK,),
        says="has an ipAddress that is private or reserved",
        when=lambda check: check.says("type", *ENDPOINT) & check.holds("ipAddress", _is_not_public),
        evidence=_seen("IPv4 address ... is forbidden"),
        fix="Set ipAddress to a public address; to monitor a private endpoint, follow a CloudWatch "
        "alarm (type CLOUDWATCH_METRIC).",
        refused={"type": "TCP", "ipAddress": "10.0.0.10"},
        accepted=(
            {"type": "TCP", "ipAddress": "8.8.8.8"},
            {"type": "TCP", "ipAddress": "1234:5678:9abc:6811:0:0:0:4"},
        ),
    ),
    Refusal(
        id="tcp-path",
        kinds=(HEALTH_CHECK,),
        says="has the type TCP and a resourcePath",
        when=lambda check: check.says("type", "TCP") & check.has("resourcePath"),
        evidence=_seen("TCP health checks must not have a resource path specified."),
        fix="Remove resourcePath, or set type to HTTP or HTTPS.",
        refused={"type": "TCP", **_AT, "resourcePath": "/health"},
        accepted=({"type": "HTTPS", **_AT, "resourcePath": "/health"}, {"type": "TCP", **_AT}),
        whatever=("fqdn",),
    ),
    Refusal(
        id="search-string-missing",
        kinds=(HEALTH_CHECK,),
        says="has a string-matching type (HTTP_STR_MATCH or HTTPS_STR_MATCH), but no searchString",
        when=lambda check: check.says("type", *_STRING_MATCH) & check.lacks("searchString"),
        evidence=_seen("String match health checks must have a search string specified."),
        fix="Set searchString, or set type to HTTP or HTTPS.",
        refused={"type": "HTTPS_STR_MATCH", **_AT},
        accepted=(
            {"type": "HTTPS_STR_MATCH", **_AT, "searchString": "ready"},
            {"type": "HTTPS", **_AT},
        ),
        whatever=("fqdn",),
    ),
    Refusal(
        id="search-string",
        kinds=(HEALTH_CHECK,),
        says="has a searchString, but its type does not match strings",
        when=lambda check: check.says("type", "HTTP", "HTTPS") & check.has("searchString"),
        evidence=_seen("... health checks must not have a search string specified."),
        fix="Remove searchString, or set type to HTTP_STR_MATCH or HTTPS_STR_MATCH.",
        refused={"type": "HTTP", **_AT, "searchString": "ready"},
        accepted=(
            {"type": "HTTP_STR_MATCH", **_AT, "searchString": "ready"},
            {"type": "HTTP", **_AT},
        ),
        whatever=("fqdn",),
    ),
    Refusal(
        id="http-sni",
        kinds=(HEALTH_CHECK,),
        says="checks over HTTP and has enableSni set to true",
        when=lambda check: check.says("type", *HTTP) & check.is_true("enableSni"),
        evidence=_seen(
            "Invalid parameter : Health checks with HTTP type must not enable SNI support."
        ),
        fix="Remove enableSni, or set type to HTTPS.",
        refused={"type": "HTTP", **_AT, "enableSni": True},
        accepted=(
            {"type": "HTTP", **_AT, "enableSni": False},
            {"type": "HTTPS", **_AT, "enableSni": True},
        ),
        whatever=("fqdn",),
    ),
    Refusal(
        id="calculated-threshold",
        kinds=(HEALTH_CHECK,),
        says="is a calculated health check with a failureThreshold",
        when=lambda check: check.says("type", CALCULATED) & (check.number("failureThreshold") > 0),
        evidence=_seen("Calculated health checks must not have a failure threshold specified."),
        fix="Remove failureThreshold; childHealthThreshold says how many children must be healthy.",
        refused={"type": "CALCULATED", "failureThreshold": 3},
        accepted=(
            {"type": "CALCULATED", "childHealthThreshold": 1},
            {"type": "HTTPS", **_AT, "failureThreshold": 3},
        ),
    ),
    Refusal(
        id="calculated-port",
        kinds=(HEALTH_CHECK,),
        says="is a calculated health check with a port",
        when=lambda check: check.says("type", CALCULATED) & (check.number("port") > 0),
        evidence=_seen(
            "Invalid parameter : Calculated health checks must not have a port specified."
        ),
        fix="Remove port: a calculated health check has no endpoint.",
        refused={"type": "CALCULATED", "port": 443},
        accepted=({"type": "CALCULATED", "port": 0}, {"type": "HTTPS", **_AT, "port": 443}),
    ),
    Refusal(
        id="calculated-regions",
        kinds=(HEALTH_CHECK,),
        says="is a calculated health check with regions",
        when=lambda check: check.says("type", CALCULATED) & check.has("regions"),
        evidence=_seen(
            "Invalid parameter : Calculated health checks must not have regions specified."
        ),
        fix="Remove regions: a calculated health check has no endpoint.",
        refused={"type": "CALCULATED", "regions": ["us-east-1", "us-west-2", "eu-west-1"]},
        accepted=({"type": "CALCULATED", "regions": []},),
        whatever=("regions.0", "regions.1", "regions.2"),
    ),
    Refusal(
        id="metric-port",
        kinds=(HEALTH_CHECK,),
        says="follows a CloudWatch alarm and has a port",
        when=lambda check: check.says("type", METRIC) & (check.number("port") > 0),
        evidence=_seen(
            "Invalid parameter : Metric-based health checks must not have a port specified."
        ),
        fix="Remove port: a health check of type CLOUDWATCH_METRIC has no endpoint.",
        refused={**_OF_AN_ALARM, "port": 443},
        accepted=(_OF_AN_ALARM, {"type": "HTTPS", **_AT, "port": 443}),
        whatever=(
            "cloudwatchAlarmName",
            "cloudwatchAlarmRegion",
        ),
    ),
    Refusal(
        id="metric-alarm",
        kinds=(HEALTH_CHECK,),
        says="follows a CloudWatch alarm, but cloudwatchAlarmName or cloudwatchAlarmRegion is "
        "missing",
        when=lambda check: (
            check.says("type", METRIC)
            & (check.lacks("cloudwatchAlarmName") | check.lacks("cloudwatchAlarmRegion"))
        ),
        evidence=_seen("Alarm identifier must not be null."),
        fix="Set cloudwatchAlarmName, and cloudwatchAlarmRegion to the region of that alarm.",
        refused={"type": "CLOUDWATCH_METRIC", "cloudwatchAlarmName": "lag"},
        accepted=(_OF_AN_ALARM,),
        whatever=("cloudwatchAlarmName",),
    ),
)

ADVICE: Final = (
    Refusal(
        id="calculated-request-interval",
        kinds=(HEALTH_CHECK,),
        says="is a calculated health check with a requestInterval",
        when=lambda check: check.says("type", CALCULATED) & (check.number("requestInterval") > 0),
        evidence=_DOCUMENTED,
        fix="Remove requestInterval: a calculated health check has no endpoint.",
        refused={"type": "CALCULATED", "requestInterval": 30},
        accepted=({"type": "CALCULATED"}, {"type": "HTTPS", **_AT, "requestInterval": 30}),
    ),
    Refusal(
        id="calculated-fqdn",
        kinds=(HEALTH_CHECK,),
        says="is a calculated health check with an fqdn",
        when=lambda check: check.says("type", CALCULATED) & check.sets("fqdn"),
        evidence=_DOCUMENTED,
        fix="Remove fqdn: a calculated health check has no endpoint.",
        refused={"type": "CALCULATED", **_AT},
        accepted=({"type": "CALCULATED"}, {"type": "HTTPS", **_AT}),
        whatever=("fqdn",),
    ),
)
"""What was not seen of a calculated health check, beside what was."""
