"""What a pack is sent: by the real engine, as a pack without an opinion writes it down, and by the
harness of `tests/harness`."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from google.protobuf.json_format import MessageToDict
from pulumi.runtime import proto

from offline.standin.values import UNKNOWN_ON_WIRE
from tests import harness

RECORDER: Final = Path(__file__).with_name("recorder")
VARIABLE: Final = "RECORDING"
"""Tells the recorder its file."""

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DIGITS: Final = re.compile(r"[0-9a-f]{7,}")

Sent = tuple[dict[str, Any], dict[str, Any]]
"""What a pack was sent: resources by URN as Analyze shows them, and as AnalyzeStack does."""


def recorder_beside(policy_config: bool, workdir: Path) -> list[str]:
    """The arguments with which the engine runs the recorder beside another pack. policy_config:
    whether that one has a configuration, which each pack has then."""
    words = ["--policy-pack", str(RECORDER)]
    if policy_config:
        (workdir / "nothing.json").write_text("{}")
        words += ["--policy-pack-config", str(workdir / "nothing.json")]
    return words


def recorded(file: Path) -> Sent:
    """What the recorder wrote down."""
    resources, stack = [], proto.AnalyzeStackRequest()
    for line in file.read_text(encoding="utf-8").splitlines():
        kind, _, text = line.partition(" ")
        data = base64.b64decode(text)
        if kind == "resource":
            resources.append(proto.AnalyzeRequest.FromString(data))
        else:
            stack = proto.AnalyzeStackRequest.FromString(data)
    return _comparable(resources, stack)


def in_process(found: harness.Preview) -> Sent:
    """What the harness sent the pack in a preview."""
    return _comparable(found.resource_requests, found.stack_request)


def _comparable(resources: Iterable[Any], stack: Any) -> Sent:
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


def assert_same(real: Sent | None, ours: Sent) -> None:
    """Fail where the harness sent something else than the engine."""
    assert real is not None, "nothing was recorded"
    for kind, theirs, mine in zip(("resource", "stack"), real, ours, strict=True):
        assert set(theirs) == set(mine), kind
        for urn, sent in theirs.items():
            assert mine[urn] == sent, f"{kind} request about {urn}"
