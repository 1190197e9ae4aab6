"""cloudfront-parts and waf-parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policies.testing import UNKNOWN, Made, Output, Stack
from tests.support import run, verdict

CLOUDFRONT = "cloudfront-parts"
WAF = "waf-parts"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
ACL = "aws:wafv2/webAcl:WebAcl"
FUNCTION = "aws:lambda/function:Function"
BUCKET = "aws:s3/bucket:Bucket"
CONTROLS = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"
LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
ARN = "arn:aws:{}:us-east-1:111122223333:{}"
REAL = ARN.format("acm", "certificate/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f")
Build = Callable[[Stack], None]


def acl(stack: Stack, scope: Any, name: str = "acl") -> Made:
    part = "global" if scope == "CLOUDFRONT" else "regional"
    arn = ARN.format("wafv2", f"{part}/webacl/{name}/1")
    return stack.add(ACL, name, {"scope": scope}, computed={"arn": arn})


def function(stack: Stack, **said: Any) -> Made:
    version = "1" if said.get("publish") else "$LATEST"
    arn = ARN.format("lambda", "function:edge-1a2b3c4")
    computed = {"arn": arn, "qualifiedArn": f"{arn}:{version}", "name": "edge-1a2b3c4"}
    return stack.add(FUNCTION, "edge", said, computed=computed)


def protected(scope: Any) -> Build:
    def build(stack: Stack) -> None:
        stack.add(DISTRIBUTION, "site", {"webAclId": acl(stack, scope).output("arn")})

    return build


def said(**inputs: Any) -> Build:
    def build(stack: Stack) -> None:
        stack.add(DISTRIBUTION, "site", inputs)

    return build


def called(**certificate: Any) -> Build:
    return said(aliases=["www.acme-corp.com"], viewerCertificate=certificate)


def running(behaviour: str = "defaultCacheBehavior", **of: Any) -> Build:
    def build(stack: Stack) -> None:
        arn = function(stack, **of).output("qualifiedArn")
        block = {"lambdaFunctionAssociations": [{"eventType": "viewer-request", "lambdaArn": arn}]}
        listed: Any = [block] if behaviour == "orderedCacheBehaviors" else block
        stack.add(DISTRIBUTION, "site", {behaviour: listed})

    return build


def running_literal(arn: Any) -> Build:
    return said(defaultCacheBehavior={"lambdaFunctionAssociations": [{"lambdaArn": arn}]})


def logging_to(ownership: Any = None, *, of: str = "logs", **bucket: Any) -> Build:
    def build(stack: Stack) -> None:
        domain = {"bucketDomainName": "logs-1a2b3c4.s3.amazonaws.com", "bucket": "logs-1a2b3c4"}
        made = stack.add(BUCKET, of, bucket, computed=domain)
        if ownership is not None:
            rule = {"rule": {"objectOwnership": ownership}}
            stack.add(CONTROLS, "controls", {"bucket": made.id, **rule})
        stack.add(DISTRIBUTION, "site", {"loggingConfig": {"bucket": made.output(_DOMAIN)}})

    return build


_DOMAIN = "bucketDomainName"


def logging_beside_an_acl(stack: Stack) -> None:
    logging_to()(stack)
    bucket = next(each for each in stack.resources if each.name == "logs")
    stack.add("aws:s3/bucketAcl:BucketAcl", "acl", {"bucket": bucket.id, "acl": "private"})


EDGE = "function:edge"


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(protected("REGIONAL"), "rejects site", id="a regional web ACL"),
        pytest.param(
            said(webAclId=ARN.format("wafv2", "regional/webacl/a/1")), "rejects site", id="by ARN"
        ),
        pytest.param(protected("CLOUDFRONT"), "passes", id="a global web ACL"),
        pytest.param(protected(UNKNOWN), "passes", id="a web ACL of a scope"),
        pytest.param(said(webAclId="a1b2c3d4-5678"), "passes", id="a classic web ACL"),
        pytest.param(said(webAclId=UNKNOWN), "passes", id="some web ACL"),
        pytest.param(running(), "rejects site", id="a function without versions"),
        pytest.param(
            running("orderedCacheBehaviors", publish=False), "rejects site", id="in another place"
        ),
        pytest.param(
            running(publish=True, environment={"variables": {"A": UNKNOWN}}),
            "rejects site",
            id="variables",
        ),
        pytest.param(
            running_literal(ARN.format("lambda", EDGE)), "rejects site", id="an ARN without one"
        ),
        pytest.param(
            running_literal(ARN.format("lambda", f"{EDGE}:live")), "rejects site", id="an alias"
        ),
        pytest.param(running_literal(ARN.format("lambda", f"{EDGE}:7")), "passes", id="a version"),
        pytest.param(running_literal(UNKNOWN), "passes", id="some function"),
        pytest.param(running(publish=True), "passes", id="a function with versions"),
        pytest.param(running(publish=UNKNOWN), "passes", id="perhaps with versions"),
        pytest.param(running(publish=True, environment={}), "passes", id="an empty environment"),
        pytest.param(
            running(publish=True, environment={"variables": {}}), "passes", id="no variables"
        ),
        pytest.param(logging_to(), "rejects site", id="a new bucket"),
        pytest.param(logging_to(bucket="logs-1a2b3c4"), "rejects site", id="a bucket by its name"),
        pytest.param(logging_to("BucketOwnerEnforced"), "rejects site", id="ACLs turned off"),
        pytest.param(logging_to("BucketOwnerPreferred"), "passes", id="ACLs turned on"),
        pytest.param(logging_to(UNKNOWN), "passes", id="ACLs perhaps on"),
        pytest.param(logging_beside_an_acl, "passes", id="what s3-acl tells"),
        pytest.param(called(cloudfrontDefaultCertificate=True), "rejects site", id="aliases"),
        pytest.param(called(cloudfrontDefaultCertificate=False), "rejects site", id="none"),
        pytest.param(
            called(minimumProtocolVersion="TLSv1.2_2021"), "rejects site", id="a version of TLS"
        ),
        pytest.param(
            said(aliases=["www.acme-corp.com"], viewerCertificate=UNKNOWN),
            "passes",
            id="a certificate that is not known",
        ),
        pytest.param(called(acmCertificateArn=UNKNOWN), "passes", id="a new certificate"),
        pytest.param(called(acmCertificateArn=REAL), "passes", id="a certificate"),
        pytest.param(called(iamCertificateId="A"), "passes", id="a certificate of IAM"),
        pytest.param(
            said(viewerCertificate={"cloudfrontDefaultCertificate": True}),
            "passes",
            id="no aliases",
        ),
        pytest.param(
            said(loggingConfig={"bucket": "others.s3.amazonaws.com"}), "passes", id="another bucket"
        ),
    ],
)
def test_what_a_distribution_names(build: Build, expected: str) -> None:
    stack = Stack()
    build(stack)
    assert verdict(stack, CLOUDFRONT) == expected
    assert verdict(stack, CLOUDFRONT, deployed=True) == "passes"


def test_a_version_of_a_function_that_exists_may_have_been_published_by_others() -> None:
    stack = Stack()
    made = function(stack, publish=False)
    for version, expected in ((":7", "passes"), (":$LATEST", "rejects site")):
        arn = Output(f"{made.outputs['arn']}{version}", (made,))
        block = {"lambdaFunctionAssociations": [{"eventType": "viewer-request", "lambdaArn": arn}]}
        site = stack.add(DISTRIBUTION, "site", {"defaultCacheBehavior": block})
        assert verdict(stack, CLOUDFRONT, existing=[made]) == expected
        stack.resources.remove(site)


def test_an_older_version_may_have_no_variables() -> None:
    stack = Stack()
    made = function(stack, publish=True, environment={"variables": {"A": "1"}})
    for version, expected in ((":7", "passes"), (":1", "rejects site")):
        arn = Output(f"{made.outputs['arn']}{version}", (made,))
        block = {"lambdaFunctionAssociations": [{"eventType": "viewer-request", "lambdaArn": arn}]}
        site = stack.add(DISTRIBUTION, "site", {"defaultCacheBehavior": block})
        assert verdict(stack, CLOUDFRONT, existing=[made]) == expected
        stack.resources.remove(site)


def associated(resource: Any, scope: Any = "REGIONAL") -> Build:
    def build(stack: Stack) -> None:
        named = resource
        if resource == DISTRIBUTION:
            arn = {"arn": "arn:aws:cloudfront::111122223333:distribution/E1"}
            named = stack.add(DISTRIBUTION, "site", {}, computed=arn).output("arn")
        given = {"resourceArn": named, "webAclArn": acl(stack, scope).output("arn")}
        stack.add(ASSOCIATION, "one", given)

    return build


def associated_with_literals(stack: Stack) -> None:
    given = {"resourceArn": UNKNOWN, "webAclArn": ARN.format("wafv2", "global/webacl/a/1")}
    stack.add(ASSOCIATION, "one", given)


def logged(kind: str, **inputs: Any) -> Build:
    def build(stack: Stack) -> None:
        made = stack.add(kind, "logs", inputs, computed={"arn": UNKNOWN})
        stack.add(LOGGING, "one", {"logDestinationConfigs": [made.output("arn")]})

    return build


def logged_to(arn: Any) -> Build:
    def build(stack: Stack) -> None:
        stack.add(LOGGING, "one", {"logDestinationConfigs": [arn]})

    return build


GROUP = "aws:cloudwatch/logGroup:LogGroup"
STREAM = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
BALANCER = ARN.format("elasticloadbalancing", "loadbalancer/app/web/1")


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(associated(DISTRIBUTION), "rejects one", id="a distribution"),
        pytest.param(
            associated("arn:aws:cloudfront::1:distribution/E1"), "rejects one", id="by its ARN"
        ),
        pytest.param(associated(BALANCER, "CLOUDFRONT"), "rejects one", id="a global web ACL"),
        pytest.param(associated_with_literals, "rejects one", id="a global web ACL by its ARN"),
        pytest.param(associated(BALANCER), "passes", id="a load balancer"),
        pytest.param(associated(UNKNOWN, UNKNOWN), "passes", id="something with a scope"),
        pytest.param(logged(GROUP, name="waf"), "rejects one", id="a log group"),
        pytest.param(logged(GROUP, namePrefix="waf-"), "rejects one", id="by its prefix"),
        pytest.param(logged(BUCKET, bucket="waf-logs"), "rejects one", id="a bucket"),
        pytest.param(logged(STREAM, name="waf"), "rejects one", id="a stream"),
        pytest.param(
            logged_to(ARN.format("logs", "log-group:waf:*")), "rejects one", id="a group by its ARN"
        ),
        pytest.param(logged_to("arn:aws:s3:::waf"), "rejects one", id="a bucket by its ARN"),
        pytest.param(
            logged_to(ARN.format("firehose", "deliverystream/waf")), "rejects one", id="a stream's"
        ),
        pytest.param(logged(GROUP, name="aws-waf-logs-site"), "passes", id="a name for it"),
        pytest.param(logged(GROUP, namePrefix="aws-waf"), "passes", id="a prefix that may do"),
        pytest.param(logged(GROUP, name=UNKNOWN), "passes", id="an unknown name"),
        pytest.param(logged_to("arn:aws:s3:::aws-waf-logs-site"), "passes", id="an ARN for it"),
        pytest.param(logged_to(UNKNOWN), "passes", id="an unknown ARN"),
    ],
)
def test_what_a_web_acl_is_used_for(build: Build, expected: str) -> None:
    stack = Stack()
    build(stack)
    assert verdict(stack, WAF) == expected


@pytest.mark.parametrize("policy", [CLOUDFRONT, WAF])
@pytest.mark.parametrize("value", [None, {}, [], "", 7, "x", True, [None], {"x": None}])
def test_malformed_properties_reject_nothing(policy: str, value: Any) -> None:
    stack = Stack()
    names = ("webAclId", "defaultCacheBehavior", "orderedCacheBehaviors", "loggingConfig")
    stack.add(DISTRIBUTION, "site", dict.fromkeys(names, value))
    block = {"lambdaFunctionAssociations": value, "bucket": value}
    stack.add(DISTRIBUTION, "other", dict.fromkeys(names, block))
    stack.add(ASSOCIATION, "one", {"resourceArn": value, "webAclArn": value})
    stack.add(LOGGING, "two", {"logDestinationConfigs": value})
    assert verdict(stack, policy) == "passes"


def test_the_message_leads_to_the_missing_controls() -> None:
    stack = Stack()
    logging_to()(stack)
    (found,) = [each.message for each in run(stack) if each.policy == CLOUDFRONT]
    assert "Distribution site writes its logs to bucket logs, which does not allow ACLs:" in found
    assert "no ownership controls of this stack allow ACLs" in found


# --- origins --------------------------------------------------------------------------------------

LB = "aws:lb/loadBalancer:LoadBalancer"
HTTP = {"customOriginConfig": {"httpPort": 80, "originProtocolPolicy": "http-only"}}
IN_VPC = {"vpcOriginConfig": {"vpcOriginId": UNKNOWN}}
NAMES = {
    LB: ("dnsName", "web-1a2b3c4.us-east-1.elb.amazonaws.com"),
    "aws:elb/loadBalancer:LoadBalancer": ("dnsName", "web-1a2b3c4.us-east-1.elb.amazonaws.com"),
    "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration": (
        "websiteEndpoint",
        "site-1a2b3c4.s3-website-us-east-1.amazonaws.com",
    ),
    "aws:apigatewayv2/api:Api": ("apiEndpoint", "https://a1b2.execute-api.us-east-1.amazonaws.com"),
    BUCKET: ("bucketRegionalDomainName", "site-1a2b3c4.s3.us-east-1.amazonaws.com"),
}


def named(stack: Stack, kind: str) -> Output:
    """The domain name of a new resource."""
    name, value = NAMES[kind]
    inputs = {"tags": {"app": "shop"}}  # What has none was read, and is nobody's.
    made = stack.add(kind, f"of-{len(stack.resources)}", inputs, computed={name: value})
    return made.output(name)


def origins(*blocks: Any) -> Build:
    """A distribution with these origins: the kind of resource that each is, or its domain name, and
    the rest of the block."""

    def build(stack: Stack) -> None:
        listed: list[dict[str, Any]] = []
        for number, (of, rest) in enumerate(blocks):
            domain = named(stack, of) if of in NAMES else of
            listed.append({"domainName": domain, "originId": f"o{number}", **rest})
        stack.add(DISTRIBUTION, "site", {"origins": listed})

    return build


def by_its_name(stack: Stack) -> None:
    """A known domain name, and the id of the origin from the load balancer."""
    block = {"domainName": "api.acme-corp.net", "originId": named(stack, LB), **HTTP}
    stack.add(DISTRIBUTION, "site", {"origins": [block]})


ACCESS = {"originAccessControlId": UNKNOWN}
OF_BUCKETS = (BUCKET, "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration")


def with_a_header(stack: Stack) -> None:
    """A bucket as an origin, which is sent a header with what an API is called."""
    header = {"name": "X-Api", "value": named(stack, "aws:apigatewayv2/api:Api")}
    block = {"domainName": named(stack, BUCKET), "originId": "docs", "customHeaders": [header]}
    stack.add(DISTRIBUTION, "site", {"origins": [{**block, **ACCESS}]})


def with_two_paths(stack: Stack) -> None:
    """A bucket as two origins, of which a header has what an API is called."""
    bucket, api = named(stack, BUCKET), named(stack, "aws:apigatewayv2/api:Api")
    block = {"domainName": bucket, "customHeaders": [{"name": "X-Api", "value": api}], **ACCESS}
    listed = [{**block, "originId": path, "originPath": path} for path in ("/docs", "/app")]
    stack.add(DISTRIBUTION, "site", {"origins": listed})


def with_an_id(stack: Stack) -> None:
    """A bucket as an origin, whose id is what an API is called."""
    api = named(stack, "aws:apigatewayv2/api:Api")
    block = {"domainName": named(stack, BUCKET), "originId": api, **ACCESS}
    stack.add(DISTRIBUTION, "site", {"origins": [block]})


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        *((origins((kind, {})), "rejects site") for kind in NAMES if kind not in OF_BUCKETS),
        *((origins((kind, {})), "passes") for kind in OF_BUCKETS),
        (origins((LB, {"s3OriginConfig": {"originAccessIdentity": UNKNOWN}})), "rejects site"),
        (origins((LB, ACCESS)), "rejects site"),
        (origins((LB, {}), (BUCKET, ACCESS)), "rejects site"),
        (origins((LB, {}), ("docs.s3.us-east-1.amazonaws.com", ACCESS)), "rejects site"),
        (origins((LB, {}), ("api.acme-corp.net", HTTP)), "rejects site"),
        (origins((LB, HTTP)), "passes"),
        (origins((LB, IN_VPC)), "passes"),
        (origins((LB, HTTP), (BUCKET, ACCESS)), "passes"),
        (origins((LB, {}), (LB, HTTP)), "passes"),
        (origins((BUCKET, {})), "passes"),
        (origins((UNKNOWN, {})), "passes"),
        (origins(), "passes"),
        (by_its_name, "passes"),
        (with_a_header, "passes"),
        (with_two_paths, "passes"),
        (with_an_id, "passes"),
    ],
)
def test_what_is_no_bucket_is_not_declared_as_one(build: Build, expected: str) -> None:
    stack = Stack()
    build(stack)
    assert verdict(stack, CLOUDFRONT) == expected
    assert verdict(stack, CLOUDFRONT, shows_inputs=False) == expected
    assert verdict(stack, CLOUDFRONT, deployed=True) == "passes"


def test_a_load_balancer_that_exists_is_told_by_its_name() -> None:
    stack = Stack()
    origins((LB, {}))(stack)
    existing = [each for each in stack.resources if each.type == LB]
    assert verdict(stack, CLOUDFRONT, existing=existing) == "passes"
    assert verdict(stack, "cloudfront-declaration", existing=existing) == "rejects site"


def test_a_balancer_that_exists_is_not_the_origin_that_is_unknown() -> None:
    stack = Stack()
    origins((BUCKET, ACCESS), (LB, HTTP))(stack)
    existing = [each for each in stack.resources if each.type == LB]
    assert verdict(stack, CLOUDFRONT, existing=existing) == "passes"


def test_a_bucket_that_is_two_origins_is_no_balancer_that_exists() -> None:
    stack = Stack()
    bucket, balancer = stack.add(BUCKET, "files", {}), named(stack, LB)
    domain = bucket.output("bucketRegionalDomainName")
    listed = [
        *({"domainName": domain, "originId": path, **ACCESS} for path in ("/docs", "/app")),
        {"domainName": balancer, "originId": "web", **HTTP},
    ]
    stack.add(DISTRIBUTION, "site", {"origins": listed})
    existing = [each for each in stack.resources if each.type == LB]
    assert verdict(stack, CLOUDFRONT, existing=existing) == "passes"


def test_origins_that_are_not_known_reject_nothing() -> None:
    every: tuple[Any, ...] = (UNKNOWN, [UNKNOWN], [None], [7], {}, "x")
    for listed in every:
        stack = Stack()
        origins_of = Output([{"domainName": "x"}], (stack.add(LB, "web", {}),))
        stack.add(DISTRIBUTION, "site", {"origins": listed})
        stack.add(DISTRIBUTION, "other", {"origins": origins_of})
        assert verdict(stack, CLOUDFRONT) == "passes"


# --- aliases --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (["www.acme-corp.net"], ["www.acme-corp.net"], "rejects two"),
        (["a.acme-corp.net", "WWW.acme-corp.net"], ["www.acme-corp.net"], "rejects two"),
        (["a.acme-corp.net"], ["b.acme-corp.net"], "passes"),
        (["*.acme-corp.net"], ["www.acme-corp.net"], "passes"),
        ([UNKNOWN], [UNKNOWN], "passes"),
        (UNKNOWN, ["www.acme-corp.net"], "passes"),
        ([], None, "passes"),
        ([7, None], [7, {}], "passes"),
    ],
)
def test_an_alias_is_of_one_distribution(one: Any, other: Any, expected: str) -> None:
    stack = Stack()
    for name, aliases, region in (("one", one, "us-east-1"), ("two", other, "us-west-2")):
        stack.add(DISTRIBUTION, name, {"aliases": aliases}, region=region)
    assert verdict(stack, CLOUDFRONT) == expected
    assert verdict(stack, CLOUDFRONT, deployed=True) == "passes"


def test_of_an_old_and_a_new_distribution_the_new_one_is_told() -> None:
    stack = Stack()
    for name in ("one", "two"):
        stack.add(DISTRIBUTION, name, {"aliases": ["www.acme-corp.net"]})
    assert verdict(stack, CLOUDFRONT, existing=stack.resources[1:]) == "rejects one"
    (found,) = [each.message for each in run(stack) if each.policy == CLOUDFRONT]
    assert "have an alias in common: www.acme-corp.net." in found


@pytest.mark.parametrize("behaviour", ["defaultCacheBehavior", "orderedCacheBehaviors"])
def test_an_alias_of_a_function_is_no_version(behaviour: str) -> None:
    stack = Stack()
    made = function(stack, publish=True)
    named = {"functionName": made.output("name"), "functionVersion": made.output("version")}
    computed = {"arn": ARN.format("lambda", "function:edge-1a2b3c4:live")}
    alias = stack.add("aws:lambda/alias:Alias", "live", named, computed=computed)
    block = {"lambdaFunctionAssociations": [{"lambdaArn": alias.output("arn")}]}
    listed: Any = [block] if behaviour == "orderedCacheBehaviors" else block
    stack.add(DISTRIBUTION, "site", {behaviour: listed})
    assert verdict(stack, CLOUDFRONT) == "rejects site"
    (found,) = [each.message for each in run(stack) if each.policy == CLOUDFRONT]
    assert "which is no version of a function" in found
