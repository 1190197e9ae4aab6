"""The policy pack as Pulumi starts it. Constructing PolicyPack serves requests until it is killed:
import `policies` to use the rules in a program or a test."""

import gc

# All that is imported here stays to the end. To look through it for garbage while it grows is a
# tenth of the start, and it would be a part of every later collection.
gc.disable()

from pathlib import Path  # noqa: E402

from pulumi_policy import EnforcementLevel, PolicyPack  # noqa: E402

from policies.serving import adapter, servicer  # noqa: E402

servicer.install()
rules = adapter.build()
gc.freeze()
gc.enable()
PolicyPack(
    name="aws-dr-preflight",
    policies=rules,
    enforcement_level=EnforcementLevel.ADVISORY,
    display_name="AWS disaster-recovery preflight",
    readme=Path(__file__).with_name("README.md").read_text(encoding="utf-8"),
    provider="AWS",
    tags=["aws", "disaster-recovery", "aurora", "networking", "route53"],
    repository="https://github.com/aws-dr-preflight/aws-dr-preflight",
)
