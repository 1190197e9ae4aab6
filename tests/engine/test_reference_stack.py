"""The reference stack in the real engine: nothing to find, in any phase, at any level; and the
harness of `tests/harness` sends the pack what the engine sends."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from policies import RULES
from tests import harness
from tests.engine.conftest import PACK, Phases
from tests.engine.recording import assert_same, in_process
from tests.harness import Program

SECRETS = {"databasePassword": "correct-horse-battery"}


@pytest.mark.long
def test_no_finding_in_any_phase_with_every_policy_mandatory(
    phases: Callable[..., Phases],
) -> None:
    place = PACK / "reference_stack"
    found = phases(
        place,
        record=True,
        secrets=SECRETS,
        policy_config={rule.name: "mandatory" for rule in RULES},
    )
    for phase, run in found.runs().items():
        assert [(each.policy, each.urn, each.message) for each in run.findings] == [], phase
        assert run.succeeded, run.output
    program = Program.of_directory(place, stack="offline", secrets=SECRETS)
    assert_same(found.sent, in_process(harness.preview(program)))
