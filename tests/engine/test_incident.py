"""The incident that this pack was written after, and its corrected twins, in the real engine."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.engine.conftest import STACKS, Phases, told

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


@pytest.fixture(scope="module")
def incident(phases: Run) -> Phases:
    return phases(STACKS / "incident", blocked=True)


def test_every_phase_finds_what_stopped_the_deployment_and_nothing_else(incident: Phases) -> None:
    for phase, run in incident.runs().items():
        assert told(run, "mandatory") == MANDATORY, phase
        assert not run.succeeded, phase


def test_a_load_balancer_gives_one_finding_that_names_its_subnets(incident: Phases) -> None:
    for run in incident.runs().values():
        found = [each for each in run.of("alb-public-subnets") if "primary-alb" in each.urn]
        assert len(found) == 1
        for zone in "abc":
            assert f"primary-private-subnet-{zone}-dev" in found[0].message
        assert "main route table of VPC primary-vpc-dev" in found[0].message


def test_the_corrected_twin_is_not_stopped_in_any_phase(phases: Run) -> None:
    for phase, run in phases(STACKS / "incident_fixed").runs().items():
        assert told(run, "mandatory") == set(), phase
        assert run.succeeded, run.output


def test_backtrack_on_aurora_mysql_as_member_and_as_source(phases: Run) -> None:
    found = phases(STACKS / "incident_mysql", blocked=True)
    expected = told(found.preview, "mandatory")
    assert {policy for policy, _ in expected} == {
        "aurora-global-backtrack",
        "aurora-global-source-backtrack",
    }
    for phase, run in found.runs().items():
        assert told(run, "mandatory") == expected, phase
