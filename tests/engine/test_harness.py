"""The harness of `tests/harness` sends the pack what the real engine sends."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from google.protobuf.json_format import MessageToDict
from pulumi.runtime import proto

from offline.engine import Engine, Stack
from offline.standin.values import UNKNOWN_ON_WIRE
from tests import harness
from tests.engine.conftest import PACK, STACKS
from tests.harness import Program

RECORDER = Path(__file__).with_name("recorder")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DIGITS = re.compile(r"[0-9a-f]{7,}")

Sent = tuple[dict[str, Any], dict[str, Any]]
"""What a pack was sent: resources by URN as Analyze shows them, and as AnalyzeStack does."""


class Recorded:
    """A stack in the real engine under a pack that writes down what it is sent."""

    def __init__(self, engine: Engine, program: Path, workdir: Path, **options: Any) -> None:
        self._file = workdir / "recording"
        self.stack: Stack = engine.stack(
            program,
            pack=RECORDER,
            workdir=workdir / "stack",
            env={"RECORDING": str(self._file)},
            **options,
        )

    def preview(self) -> Sent:
        self._file.unlink(missing_ok=True)
        run = self.stack.preview()
        assert run.succeeded, run.output
        resources, stack = [], proto.AnalyzeStackRequest()
        for line in self._file.read_text(encoding="utf-8").splitlines():
            kind, _, text = line.partition(" ")
            data = base64.b64decode(text)
            if kind == "resource":
                resources.append(proto.AnalyzeRequest.FromString(data))
            else:
                stack = proto.AnalyzeStackRequest.FromString(data)
        return comparable(resources, stack)

    def deploy(self) -> None:
        pack, self.stack.pack = self.stack.pack, None
        run = self.stack.up()
        assert run.succeeded, run.output
        self.stack.pack = pack

    def refresh(self) -> None:
        run = self.stack.refresh()
        assert run.succeeded, run.output


def in_process(found: harness.Preview) -> Sent:
    return comparable(found.resource_requests, found.stack_request)


def comparable(resources: Iterable[Any], stack: Any) -> Sent:
    shown = [MessageToDict(each) for each in resources]
    return (
        {each["urn"]: _settled(each) for each in shown},
        {each["urn"]: _settled(each) for each in MessageToDict(stack)["resources"]},
    )


def _settled(value: Any, key: str = "") -> Any:
    """A value without order where the engine has none, and without what is random."""
    if isinstance(value, Mapping):
        return {name: _settled(each, name) for name, each in value.items()}
    if isinstance(value, list):
        settled = [_settled(each) for each in value]
        return sorted(settled) if key in ("urns", "dependencies") else settled
    if value == UNKNOWN_ON_WIRE or not isinstance(value, str):
        return value
    return _DIGITS.sub("#", _UUID.sub("#", value))


def assert_same(real: Sent, ours: Sent) -> None:
    for kind, theirs, mine in zip(("resource", "stack"), real, ours, strict=True):
        assert set(theirs) == set(mine), kind
        for urn, sent in theirs.items():
            assert mine[urn] == sent, f"{kind} request about {urn}"


def test_every_style_of_public_subnets_with_sets_that_collapse(
    engine: Engine, tmp_path: Path
) -> None:
    place, config = STACKS / "public_subnets", {"aws:region": "us-east-1"}
    real = Recorded(engine, place, tmp_path, config=config, collapse_sets=True)
    program = Program.of_directory(place, stack="offline", config=config)
    assert_same(real.preview(), in_process(harness.preview(program, collapse_sets=True)))


def test_the_incident(engine: Engine, tmp_path: Path) -> None:
    program = Program.of_directory(STACKS / "incident", stack="offline")
    real = Recorded(engine, STACKS / "incident", tmp_path)
    assert_same(real.preview(), in_process(harness.preview(program)))


def test_the_reference_stack(engine: Engine, tmp_path: Path) -> None:
    secrets = {"databasePassword": "correct-horse-battery"}
    place = PACK / "reference_stack"
    program = Program.of_directory(place, stack="offline", secrets=secrets)
    real = Recorded(engine, place, tmp_path, secrets=secrets)
    assert_same(real.preview(), in_process(harness.preview(program)))


def test_a_second_life_with_an_edit_and_a_refresh(engine: Engine, tmp_path: Path) -> None:
    place = STACKS / "ways_of_the_engine"
    before = Program.of_directory(place, stack="offline")
    edited = Program.of_directory(place, stack="offline", env={"EDITED": "yes"})
    real = Recorded(engine, place, tmp_path)
    assert_same(real.preview(), in_process(harness.preview(before)))
    real.deploy()
    state = harness.deploy(before)
    real.stack.env["EDITED"] = "yes"
    assert_same(real.preview(), in_process(harness.preview(edited, state)))
    real.refresh()
    assert_same(real.preview(), in_process(harness.preview(edited, harness.refreshed(state))))
