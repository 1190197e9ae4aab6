"""The policy pack as Pulumi starts it. Constructing PolicyPack serves requests until it is killed:
import `policies` to use the rules in a program or a test."""

from pathlib import Path

from pulumi_policy import EnforcementLevel, PolicyPack

from policies.serving import adapter, servicer

servicer.install()
PolicyPack(
    name="aws-dr-preflight",
    policies=adapter.build(),
    enforcement_level=EnforcementLevel.ADVISORY,
    display_name="AWS disaster-recovery preflight",
    readme=Path(__file__).with_name("README.md").read_text(encoding="utf-8"),
    provider="AWS",
    tags=["aws", "disaster-recovery", "aurora", "networking", "route53"],
    repository="https://github.com/aws-dr-preflight/aws-dr-preflight",
)
