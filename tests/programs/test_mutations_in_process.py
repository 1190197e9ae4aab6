"""Single edits of the reference stack: each defect is found where it is, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from scripts import mutation_table
from tests.harness import Program, preview
from tests.stacks.mutated_reference import edits

ROOT = Path(__file__).resolve().parents[2]


def edited(*parts: edits.Edit) -> Program:
    """The reference stack with its configuration and these edits, as a program."""
    edit = edits.together(parts)
    return Program.of_directory(
        ROOT / "reference_stack",
        main=ROOT / "tests" / "stacks" / "mutated_reference" / "__main__.py",
        config=edit.config,
        secrets={"databasePassword": "correct-horse-battery"},
        env={"EDIT": edit.name},
    )


def apart(harmless: Iterable[edits.Edit]) -> list[list[edits.Edit]]:
    """These edits in as few groups as may be, so that no two of a group change the same thing, in
    whichever region, or set the same to something else."""
    groups: list[list[edits.Edit]] = []
    for edit in harmless:
        fitting = (each for each in groups if all(_go_together(edit, other) for other in each))
        group = next(fitting, None)
        if group is None:
            groups.append(group := [])
        group.append(edit)
    return groups


def _go_together(one: edits.Edit, other: edits.Edit) -> bool:
    return _changed(one).isdisjoint(_changed(other)) and all(
        other.config.get(key, value) == value for key, value in one.config.items()
    )


def _changed(edit: edits.Edit) -> set[tuple[str, str]]:
    return {(each.kind, re.sub("^(primary|secondary)-", "", each.name)) for each in edit.changes}


CHANGING = [edit for edit in edits.ALL if edit not in edits.ADDED]


def test_the_table_in_the_docs_is_the_one_that_runs() -> None:
    assert mutation_table.FILE.read_text("utf-8") == mutation_table.text(), "run `make docs`"


def test_what_is_added_gives_its_findings_alone() -> None:
    added = [edit for edit in edits.ADDED if edit.finds]
    found = preview(edited(*added)).findings
    assert sorted((each.policy, each.resource) for each in found) == sorted(
        (edit.policy, name) for edit in added for name in edit.finds
    )


@pytest.mark.parametrize(
    "edit", [each for each in CHANGING if each.finds], ids=lambda edit: edit.name
)
def test_an_edit_gives_its_finding_alone(edit: edits.Edit) -> None:
    found = sorted((each.policy, each.resource) for each in preview(edited(edit)).findings)
    assert found == sorted((edit.policy, name) for name in edit.finds)


@pytest.mark.parametrize(
    "harmless",
    [
        [edit for edit in edits.ADDED if not edit.finds],
        *apart(edit for edit in CHANGING if not edit.finds),
    ],
    ids=lambda harmless: f"{len(harmless)} with {harmless[0].policy}",
)
def test_harmless_edits_give_no_finding(harmless: list[edits.Edit]) -> None:
    assert [(each.policy, each.resource) for each in preview(edited(*harmless)).findings] == []
