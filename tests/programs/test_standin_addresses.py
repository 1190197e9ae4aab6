"""The addresses that the stand-in gives out have the forms that AWS gives them: rules read them."""

from __future__ import annotations

import re
from typing import Any

import pulumi_aws as aws
import pytest

from tests.harness import Program, State, deploy, preview, refreshed

FORMS = {
    "bucketDomainName": r"files-[0-9a-f]+\.s3\.amazonaws\.com",
    "bucketRegionalDomainName": r"files-[0-9a-f]+\.s3\.us-east-1\.amazonaws\.com",
    "domainName": r"d[0-9a-f]{13}\.cloudfront\.net",
    "apiEndpoint": r"https://[^/.]+\.execute-api\.us-east-1\.amazonaws\.com",
    "functionUrl": r"https://[0-9a-f]{32}\.lambda-url\.us-east-1\.on\.aws/",
    "publicIp": r"3(\.\d{1,3}){3}",
    "dnsName": r"[^/]+\.us-east-1\.elb\.amazonaws\.com",
}


def site() -> None:
    """A distribution with a bucket and a load balancer behind it, beside an API and a function."""
    bucket = aws.s3.Bucket("files")
    vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16")
    subnets = [
        aws.ec2.Subnet(
            zone,
            vpc_id=vpc.id,
            cidr_block=f"10.0.{place}.0/24",
            availability_zone=f"us-east-1{zone}",
        )
        for place, zone in enumerate("ab")
    ]
    web = aws.lb.LoadBalancer("web", internal=True, subnets=[each.id for each in subnets])
    address = aws.ec2.Eip("web", domain="vpc")
    aws.route53.HealthCheck("web", type="TCP", port=443, ip_address=address.public_ip)
    aws.apigatewayv2.Api("api", protocol_type="HTTP")
    aws.lambda_.FunctionUrl("call", function_name="call", authorization_type="AWS_IAM")
    access = aws.cloudfront.OriginAccessControl(
        "files",
        origin_access_control_origin_type="s3",
        signing_behavior="always",
        signing_protocol="sigv4",
    )
    over_tls: dict[str, Any] = {
        "http_port": 80,
        "https_port": 443,
        "origin_protocol_policy": "https-only",
        "origin_ssl_protocols": ["TLSv1.2"],
    }
    behind: list[Any] = [
        {
            "origin_id": "files",
            "domain_name": bucket.bucket_regional_domain_name,
            "origin_access_control_id": access.id,
        },
        {"origin_id": "web", "domain_name": web.dns_name, "custom_origin_config": over_tls},
    ]
    aws.cloudfront.Distribution(
        "site",
        enabled=True,
        origins=behind,
        default_cache_behavior={
            "target_origin_id": "files",
            "viewer_protocol_policy": "redirect-to-https",
            "allowed_methods": ["GET", "HEAD"],
            "cached_methods": ["GET", "HEAD"],
            "cache_policy_id": "658327ea-f89d-4fab-a63d-7e88639e58f6",
        },
        restrictions={"geo_restriction": {"restriction_type": "none"}},
        viewer_certificate={"cloudfront_default_certificate": True},
    )


PROGRAM = Program(site, region="us-east-1")


@pytest.fixture(scope="module")
def deployed() -> State:
    return deploy(PROGRAM)


@pytest.mark.parametrize("name", FORMS)
def test_an_address_has_the_form_that_aws_gives_it(deployed: State, name: str) -> None:
    values = [each.outputs[name] for each in deployed.resources.values() if name in each.outputs]
    assert [bool(re.fullmatch(FORMS[name], each)) for each in values] == [True], values


def test_a_distribution_with_a_bucket_passes_ever_after(deployed: State) -> None:
    assert preview(PROGRAM).mandatory == set()
    assert preview(PROGRAM, deployed).mandatory == set()
    assert preview(PROGRAM, refreshed(deployed)).mandatory == set()
