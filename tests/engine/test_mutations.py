"""A single edit of the reference stack in the real engine. All of them run in process
(`tests/programs`)."""

from __future__ import annotations

from pathlib import Path

import yaml

from offline.engine import Engine
from tests.engine.conftest import PACK, STACKS, name_of
from tests.stacks.mutated_reference import edits

EDIT = edits.BY_NAME["aurora-global-engine-version found"]
"""One that sets configuration, too."""


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


def test_an_edit_gives_its_finding_alone(engine: Engine, tmp_path: Path) -> None:
    stack = engine.stack(
        edited_reference(tmp_path / "program"),
        pack=PACK,
        workdir=tmp_path / "state",
        config=EDIT.config,
        secrets={"databasePassword": "correct-horse-battery"},
        env={"EDIT": EDIT.name},
    )
    run = stack.preview()
    found = sorted((each.policy, name_of(each)) for each in run.findings)
    assert found == sorted((EDIT.policy, name) for name in EDIT.finds), run.output
    assert run.steps, run.output
