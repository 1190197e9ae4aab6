"""The programs in TypeScript on the policies' pages: the real engine finds in all of them, run at
once by their own SDK, what is found in their twins in Python."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from offline.engine import Engine
from policies import RULES
from scripts.draw_examples import ROOT, component, together
from scripts.policy_page import EXAMPLES
from tests.engine.conftest import PACK
from tests.engine.test_examples import SECRETS, settled
from tests.harness import Program, preview
from tests.node import needs_node, node_modules

IN_TYPESCRIPT = sorted(path.parent.name for path in (ROOT / "docs" / "examples").glob("*/avoid.ts"))
CONFIG = {"aws:region": "us-east-1"}

PROJECT = "name: examples\nruntime: nodejs\n"
TSCONFIG = {
    "compilerOptions": {
        "strict": True,
        "target": "es2022",
        "module": "commonjs",
        "moduleResolution": "node",
        "skipLibCheck": True,
    }
}
BEGINNING = """\
import * as pulumi from "@pulumi/pulumi";

const state = require("@pulumi/pulumi/runtime/state");
const stack = state.getStackResource();
function below(kind: string): void {
    const name = kind.replace(/:/g, "-");
    state.setStackResource(new pulumi.ComponentResource(kind, name, {}, { parent: stack }));
}
"""
"""A resource without a parent is made below the stack's own: each example is given another."""


def all_at_once(place: Path, examples: Sequence[tuple[str, str]]) -> Path:
    """Make a project in `place` that runs examples, (policy, example) each, in one stack."""
    place.mkdir()
    (place / "Pulumi.yaml").write_text(PROJECT, encoding="utf-8")
    (place / "package.json").write_text('{"main": "index.ts"}', encoding="utf-8")
    (place / "tsconfig.json").write_text(json.dumps(TSCONFIG), encoding="utf-8")
    (place / "node_modules").symlink_to(node_modules())
    program = BEGINNING
    for policy, example in examples:
        text = (ROOT / "docs" / "examples" / policy / f"{example}.ts").read_text(encoding="utf-8")
        (place / f"{policy}-{example}.ts").write_text(text, encoding="utf-8")
        program += f'below("{component(policy, example)}");\nrequire("./{policy}-{example}");\n'
    (place / "index.ts").write_text(program, encoding="utf-8")
    return place


@pytest.mark.long
@needs_node
def test_the_engine_finds_in_typescript_what_it_finds_in_python(
    engine: Engine, tmp_path: Path
) -> None:
    examples = [(policy, example) for policy in IN_TYPESCRIPT for example in EXAMPLES]
    program = all_at_once(tmp_path / "typescript", examples)
    stack = engine.stack(
        program, pack=PACK, workdir=tmp_path / "state", secrets=SECRETS, config=CONFIG
    )
    run = stack.preview()
    twin = Program.of_directory(
        together(tmp_path / "python", examples), stack=stack.name, secrets=SECRETS, config=CONFIG
    )
    assert {
        (each.policy, each.level, each.urn, settled(each.message)) for each in run.findings
    } == {
        (each.policy, each.level, each.urn, settled(each.message))
        for each in preview(twin).findings
    }, run.output
    found = {each.policy for each in run.findings if f"{each.policy}:avoid$" in each.urn}
    assert found >= set(IN_TYPESCRIPT), run.output


def test_the_main_policies_have_both_examples_in_typescript() -> None:
    main = ["alb-public-subnets", "aurora-global-backtrack"]
    main += ["aurora-global-engine-version", "hosted-zone-reserved-name"]
    assert set(main) <= set(IN_TYPESCRIPT) <= {rule.name for rule in RULES}
    for policy in IN_TYPESCRIPT:
        assert (ROOT / "docs" / "examples" / policy / "prefer.ts").exists()
