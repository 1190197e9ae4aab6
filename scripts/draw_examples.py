"""Draw the networks of the example programs: docs/diagrams/<policy>-<example>.mmd.

python -m scripts.draw_examples     (a test tells when a drawing is stale)

The offline engine deploys all examples in one go, each below a component of its own, so that their
names cannot clash; then each is drawn out of its part of the exported stack.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from offline.engine import Engine, EngineError
from policies import RULES
from policies.rule import StackRule
from scripts.diagram import draw
from scripts.policy_page import EXAMPLES

ROOT = Path(__file__).resolve().parents[1]
DIAGRAMS = ROOT / "docs" / "diagrams"
POLICIES = (
    "alb-public-subnets",
    "alb-availability-zones",
    "nlb-internet-gateway",
    "nat-gateway-public-subnet",
    "vpc-peering-accepted",
    "vpc-peering-cidr-overlap",
    "vpc-peering-routes",
    "network-tiers",
    "region-local-references",
    "vpc-local-references",
    "db-subnet-group-zones",
    "subnet-cidr",
)
"""The policies whose examples are networks."""

_PROJECT = "name: examples\nruntime: python\n"
_PROGRAM = """
import runpy
import pulumi
import pulumi_aws as aws

providers = {{}}
provider = aws.Provider

def shared(name, *more, **given):
    key = repr((name, more, given))
    if key not in providers:
        providers[key] = provider(name, *more, **given)
    return providers[key]

make = pulumi.Resource.__init__
aws.Provider = shared
try:
    for kind, path in {programs!r}:
        name = kind.replace(":", "-")
        place = pulumi.ResourceOptions(parent=pulumi.ComponentResource(kind, name))

        def below(self, token, name, custom, props=None, opts=None, *more, place=place, **named):
            opts = pulumi.ResourceOptions.merge(place, opts)
            make(self, token, name, custom, props, opts, *more, **named)

        pulumi.Resource.__init__ = below
        runpy.run_path(path)
        pulumi.Resource.__init__ = make
finally:
    pulumi.Resource.__init__ = make
    aws.Provider = provider
"""
"""Every resource is given its parent as it is made: the SDK reads a default one later than that.
Providers that are the same are one, as each is a process of the engine's. What is changed in the
SDK is put back: in a test it is the test's own."""


def main() -> int:
    """Draw them all anew."""
    with tempfile.TemporaryDirectory(prefix="aws-dr-preflight-") as scratch:
        fresh = drawings(Engine.prepare(), Path(scratch))
    DIAGRAMS.mkdir(exist_ok=True)
    for path, text in fresh.items():
        path.write_text(text, encoding="utf-8")
    print(f"wrote {len(fresh)} diagrams to {DIAGRAMS.relative_to(ROOT)}")
    return 0


def drawings(engine: Engine, workdir: Path) -> Mapping[Path, str]:
    """Every drawing's file with its text, fresh from a deployment in `workdir`."""
    program = together(workdir / "program", _examples())
    stack = engine.stack(program, workdir=workdir / "state", config={"aws:region": "us-east-1"})
    deployed = stack.up()
    if not deployed.succeeded:
        raise EngineError(f"The examples could not be deployed:\n{deployed.output}")
    rules = {rule.name: rule for rule in RULES if isinstance(rule, StackRule)}
    export = json.loads(stack.export().read_text(encoding="utf-8"))
    return {
        DIAGRAMS / f"{policy}-{example}.mmd": draw(
            _part(export, component(policy, example)), rules[policy]
        )
        for policy, example in _examples()
    }


def together(place: Path, examples: Iterable[tuple[str, str]]) -> Path:
    """Make a project in `place` that runs examples, (policy, example) each, in one stack."""
    place.mkdir()
    (place / "Pulumi.yaml").write_text(_PROJECT, encoding="utf-8")
    text = _PROGRAM.format(programs=[(component(*each), str(_program(*each))) for each in examples])
    (place / "__main__.py").write_text(text, encoding="utf-8")
    return place


def _examples() -> Iterator[tuple[str, str]]:
    for policy in POLICIES:
        for example in EXAMPLES:
            yield policy, example


def _program(policy: str, example: str) -> Path:
    return ROOT / "docs" / "examples" / policy / f"{example}.py"


def component(policy: str, example: str) -> str:
    """The type of the component that an example is deployed below; it is in all its URNs."""
    return f"example:{policy}:{example}"


def _part(export: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    """One example's resources, with the providers that it shares with the others."""
    resources = [
        state
        for state in export["deployment"]["resources"]
        if f"::{kind}$" in state["urn"] or state["type"].startswith("pulumi:providers:")
    ]
    return {"deployment": {"resources": resources}}


if __name__ == "__main__":
    sys.exit(main())
