"""The programs on the policies' pages in the real engine: all of them at once give what each gives
in process (`tests/programs`), and the diagrams under them show what they make."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from offline.engine import Engine
from policies import RULES
from scripts.draw_examples import DIAGRAMS, drawings, together
from tests.engine.conftest import PACK
from tests.harness import Program, preview

_DIGITS = re.compile(r"[0-9a-f]{7}\b")
SECRETS = {"masterPassword": "hunter2hunter2"}


@pytest.mark.long
def test_the_engine_finds_in_all_programs_what_is_found_in_process(
    engine: Engine, tmp_path: Path
) -> None:
    examples = [(rule.name, name) for rule in RULES for name in ("avoid", "prefer")]
    place = together(tmp_path / "program", examples)
    stack = engine.stack(
        place,
        pack=PACK,
        workdir=tmp_path / "state",
        secrets=SECRETS,
        config={"aws:region": "us-east-1"},
    )
    run = stack.preview()
    assert run.steps, run.output
    assert "hunter2" not in run.output
    program = Program.of_directory(
        place, stack=stack.name, secrets=SECRETS, config={"aws:region": "us-east-1"}
    )
    expected = preview(program).findings
    found = {(each.policy, each.level, each.urn, settled(each.message)) for each in run.findings}
    assert found == {
        (each.policy, each.level, each.urn, settled(each.message)) for each in expected
    }
    # Advice that several programs share is told of the first of them.
    shared = {each.policy for each in run.findings if each.level == "advisory"}
    own = {
        each.policy
        for each in run.findings
        if each.urn.split("::")[2].startswith(f"example:{each.policy}:avoid")
    }
    # In one stack, one example's regions stand in for another's: what is lost differs.
    rehearsed = {each.name for each in RULES if "rehearsal" in each.tags}
    missing = {each.name for each in RULES} - own - shared - rehearsed
    assert not missing, run.output


def settled(message: str) -> str:
    """A message without the random ends of names."""
    return _DIGITS.sub("#", message).strip()


def test_each_diagram_shows_what_its_example_makes(engine: Engine, tmp_path: Path) -> None:
    fresh = drawings(engine, tmp_path)
    stored = {path: path.read_text(encoding="utf-8") for path in DIAGRAMS.iterdir()}
    assert stored == fresh, "a diagram is stale: run `make diagrams`"
