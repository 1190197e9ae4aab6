"""Which resources an exemption covers."""

from __future__ import annotations

import pytest

from policies.serving.servicer import PreflightServicer
from policies.testing import Stack
from tests import aws
from tests.support import findings

POLICY = "alb-public-subnets"
TOKEN = "aws:lb/loadBalancer:LoadBalancer"


@pytest.mark.parametrize(
    ("pattern", "name", "covers"),
    [
        ("web", "web", True),
        ("web", "website", False),
        ("web*", "website", True),
        ("*site", "website", True),
        ("w*s*e", "website", True),
        ("*", "anything at all", True),
        ("Web", "web", False),
        (f"urn:pulumi:*::project::{TOKEN}::web", "web", True),
        (f"*::{TOKEN}::*", "web", True),
        # Names may hold what other patterns give a meaning to: only * has one here.
        ("web[0]", "web[0]", True),
        ("web[0]", "web0", False),
        ("web?", "webs", False),
        ("web.", "webs", False),
        ("web(1)*", "web(1)-east", True),
    ],
)
def test_a_star_stands_for_any_text_and_everything_else_for_itself(
    pattern: str, name: str, covers: bool
) -> None:
    stack = Stack()
    home = aws.vpc(stack)
    subnets = [aws.subnet(stack, f"app-{zone}", home, zone) for zone in "ab"]
    aws.balancer(stack, name, aws.ids(*subnets))
    config = {POLICY: {"exemptions": [{"resource": pattern, "reason": "known"}]}}
    found = findings(stack, config=config, servicer=PreflightServicer)
    assert ((POLICY, name) in found) is not covers
