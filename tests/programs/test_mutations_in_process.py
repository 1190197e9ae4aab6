"""Single edits of the reference stack: each defect is found where it is, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import mutation_table
from tests.harness import Program, preview
from tests.stacks.mutated_reference import edits

ROOT = Path(__file__).resolve().parents[2]


def edited(edit: edits.Edit) -> Program:
    """The reference stack with its configuration and one edit, as a program."""
    return Program.of_directory(
        ROOT / "reference_stack",
        main=ROOT / "tests" / "stacks" / "mutated_reference" / "__main__.py",
        config=edit.config,
        secrets={"databasePassword": "correct-horse-battery"},
        env={"EDIT": edit.name},
    )


def test_the_table_in_the_docs_is_the_one_that_runs() -> None:
    assert mutation_table.FILE.read_text("utf-8") == mutation_table.text(), "run `make docs`"


@pytest.mark.parametrize("kind", ["found", "harmless"])
def test_what_is_added_gives_its_findings_alone(kind: str) -> None:
    found = preview(edited(edits.TOGETHER[kind])).findings
    expected = [(edit.policy, name) for edit in edits.ADDED for name in edit.finds]
    assert sorted((each.policy, each.resource) for each in found) == (
        sorted(expected) if kind == "found" else []
    )


@pytest.mark.parametrize(
    "edit", [each for each in edits.ALL if each not in edits.ADDED], ids=lambda edit: edit.name
)
def test_an_edit_gives_its_finding_alone(edit: edits.Edit) -> None:
    found = sorted((each.policy, each.resource) for each in preview(edited(edit)).findings)
    assert found == sorted((edit.policy, name) for name in edit.finds)
