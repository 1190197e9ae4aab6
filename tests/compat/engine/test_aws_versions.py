"""Programs of pulumi-aws 6 and 7: the same verdicts on the same stack, in every phase."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from tests.compat.environments import AWS_6, AWS_7, SDKS
from tests.engine.conftest import STACKS, Phases, told

BLOCKED: Final[Mapping[str, bool]] = {
    "incident": True,
    "incident_fixed": False,
    "incident_mysql": True,
    "public_subnets": True,
}


@pytest.mark.parametrize("name", BLOCKED)
def test_both_get_the_same_verdicts(
    phases: Callable[..., Phases], name: str, tmp_path: Path
) -> None:
    six, seven = (
        {phase: (told(run, "mandatory"), told(run, "advisory")) for phase, run in found.items()}
        for found in (_runs(phases, name, aws, tmp_path) for aws in (AWS_6, AWS_7))
    )
    assert six == seven
    assert any(mandatory for mandatory, _ in six.values()) == BLOCKED[name]


def _runs(phases: Callable[..., Phases], name: str, aws: str, folder: Path) -> Mapping[str, Any]:
    """The program with one version of pulumi-aws, which the offline engine installs."""
    program = folder / aws.replace("==", "-") / name
    shutil.copytree(STACKS / name, program)
    packages = "\n".join((*SDKS[-1].packages, aws))
    (program / "requirements.txt").write_text(f"{packages}\n")
    return phases(program, blocked=BLOCKED[name], config={"aws:region": "us-east-1"}).runs()
