"""Single edits of the reference stack: each defect is found where it is, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from offline.engine import Engine
from policies import RULES
from scripts import mutation_table
from tests.engine.conftest import PACK, STACKS, name_of
from tests.stacks.mutated_reference import edits


def edited_reference(place: Path) -> Path:
    """A project with the reference stack's configuration that runs the edited program."""
    project = yaml.safe_load((PACK / "reference_stack" / "Pulumi.yaml").read_text("utf-8"))
    del project["runtime"]["options"]  # The tests' own interpreter has all that it needs.
    place.mkdir()
    (place / "Pulumi.yaml").write_text(yaml.safe_dump(project), "utf-8")
    program = STACKS / "mutated_reference"
    (place / "__main__.py").write_text(
        f"import runpy, sys\n\nsys.path.insert(0, {str(program)!r})\n"
        f"runpy.run_path({str(program / '__main__.py')!r})\n",
        "utf-8",
    )
    return place


def test_every_policy_has_a_defect_and_a_harmless_edit() -> None:
    expected = {f"{rule.name} {kind}" for rule in RULES for kind in ("found", "harmless")}
    assert {edit.name for edit in edits.ALL} == expected


def test_the_table_in_the_docs_is_the_one_that_runs() -> None:
    assert mutation_table.FILE.read_text("utf-8") == mutation_table.text(), "run `make docs`"


@pytest.mark.parametrize("edit", edits.ALL, ids=lambda edit: edit.name)
def test_an_edit_gives_its_finding_alone(engine: Engine, edit: edits.Edit, tmp_path: Path) -> None:
    stack = engine.stack(
        edited_reference(tmp_path / "program"),
        pack=PACK,
        workdir=tmp_path / "state",
        config=edit.config,
        secrets={"databasePassword": "correct-horse-battery"},
        env={"EDIT": edit.name},
    )
    run = stack.preview()
    found = sorted((each.policy, name_of(each)) for each in run.findings)
    assert found == sorted((edit.policy, name) for name in edit.finds), run.output
    assert run.steps, run.output
