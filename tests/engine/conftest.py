"""The real engine, and the four phases in which it runs a policy pack."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from offline.engine import Engine, Finding, Run
from tests.engine.recording import VARIABLE, Sent, recorded, recorder_beside

PACK = Path(__file__).resolve().parents[2]
STACKS = PACK / "tests" / "stacks"


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine.prepare()


@dataclass(frozen=True)
class Phases:
    """What the pack said in each phase. `up` is missing where the preview blocks it: the stack was
    then deployed without the pack, to see what the pack says of it afterwards. sent: what a pack
    is sent in the first preview, if that was recorded."""

    preview: Run
    up: Run | None
    second_preview: Run
    analyze: Run
    sent: Sent | None

    def runs(self) -> Mapping[str, Run]:
        named = {"preview": self.preview, "up": self.up, "second preview": self.second_preview}
        present = {name: run for name, run in named.items() if run is not None}
        return {**present, "policy analyze": self.analyze}


def told(run: Run, level: str) -> set[tuple[str, str]]:
    """Policy and resource name of every finding of a level."""
    return {(each.policy, name_of(each)) for each in run.findings if each.level == level}


def name_of(finding: Finding) -> str:
    return finding.urn.rpartition("::")[2]


@pytest.fixture(scope="module")
def phases(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Phases]:
    """Run a program through all phases."""

    def run(
        program: Path, *, blocked: bool = False, record: bool = False, **options: Any
    ) -> Phases:
        workdir = tmp_path_factory.mktemp(program.name)
        stack = engine.stack(program, pack=PACK, workdir=workdir, **options)
        words = []
        if record:
            stack.env[VARIABLE] = str(workdir / "recording")
            words = recorder_beside("policy_config" in options, workdir)
        preview = stack.preview(*words)
        stack.pack = None if blocked else PACK
        deployed = stack.up()
        assert deployed.succeeded, deployed.output
        stack.pack = PACK
        later = stack.preview()
        analyze = engine.analyze(stack.export(), PACK, options.get("policy_config"))
        sent = recorded(workdir / "recording") if record else None
        return Phases(preview, None if blocked else deployed, later, analyze, sent)

    return run
