"""The incident that this pack was written after, and its corrected twin, in the real engine. Its
twin with Aurora MySQL runs in process (`tests/programs`)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import harness
from tests.engine.conftest import STACKS, Phases, told
from tests.engine.recording import assert_same, in_process
from tests.harness import Program

Run = Callable[..., Phases]

MANDATORY = {
    ("aurora-global-backtrack", "primary-cluster-dev"),
    ("aurora-global-engine-version", "global-cluster-dev"),
    ("aurora-global-engine-version", "primary-cluster-dev"),
    ("aurora-global-engine-version", "secondary-cluster-dev"),
    ("alb-public-subnets", "primary-alb-dev"),
    ("alb-public-subnets", "secondary-alb-dev"),
    ("hosted-zone-reserved-name", "failover-zone-dev"),
}

AFTERWARDS = {
    ("aurora-global-backtrack", "primary-cluster-dev"),
    ("hosted-zone-reserved-name", "failover-zone-dev"),
}
"""What is still said once a stand-in has taken it all: what AWS refuses to update, too. The rest it
asks when it creates, and the gateway and routes of a VPC that exists may be in other hands."""


@pytest.fixture(scope="module")
def incident(phases: Run) -> Phases:
    return phases(STACKS / "incident", blocked=True, record=True)


def test_every_phase_finds_what_stopped_the_deployment_and_nothing_else(incident: Phases) -> None:
    assert told(incident.preview, "mandatory") == MANDATORY
    for phase, run in incident.runs().items():
        expected = MANDATORY if run is incident.preview else AFTERWARDS
        assert told(run, "mandatory") == expected, phase
        assert not run.succeeded, phase


def test_a_load_balancer_gives_one_finding_that_names_its_subnets(incident: Phases) -> None:
    run = incident.preview
    found = [each for each in run.of("alb-public-subnets") if "primary-alb" in each.urn]
    assert len(found) == 1
    for zone in "abc":
        assert f"primary-private-subnet-{zone}-dev" in found[0].message
    assert "main route table of VPC primary-vpc-dev" in found[0].message


def test_the_harness_sends_the_pack_what_the_engine_sends(incident: Phases) -> None:
    program = Program.of_directory(STACKS / "incident", stack="offline")
    assert_same(incident.sent, in_process(harness.preview(program)))


def test_the_corrected_twin_is_not_stopped_in_any_phase(phases: Run) -> None:
    for phase, run in phases(STACKS / "incident_fixed").runs().items():
        assert told(run, "mandatory") == set(), phase
        assert run.succeeded, run.output
