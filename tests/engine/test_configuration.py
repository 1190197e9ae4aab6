"""What a platform team sees when it configures the pack, rightly and wrongly, in the real CLI."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from offline.engine import Engine, Run
from tests.engine.conftest import PACK, STACKS, name_of, told
from tests.engine.test_incident import MANDATORY

Preview = Callable[[dict[str, Any]], Run]
BACKTRACK = "aurora-global-backtrack"


@pytest.fixture
def preview(engine: Engine, tmp_path: Path) -> Preview:
    """Preview the incident with a configuration."""

    def run(config: dict[str, Any]) -> Run:
        stack = engine.stack(STACKS / "incident", pack=PACK, policy_config=config, workdir=tmp_path)
        return stack.preview()

    return run


def configuration_findings(run: Run) -> list[tuple[str, str, str]]:
    """Policy, level and text of every finding about the configuration."""
    return [
        (each.policy, each.level, each.message.partition("Configuration: ")[2])
        for each in run.findings
        if "Configuration: " in each.message
    ]


def test_what_the_schema_refuses_stops_the_run_and_is_named(preview: Preview) -> None:
    run = preview(
        {
            "alb-public-subnets": {"knownPublicIds": "subnet-1"},
            BACKTRACK: {"exemptions": [{"resource": "primary-cluster-dev"}]},
        }
    )
    assert not run.succeeded
    assert "alb-public-subnets" in run.output
    assert "knownPublicIds" in run.output
    assert "Invalid type" in run.output
    assert BACKTRACK in run.output
    assert "reason is required" in run.output
    assert not run.steps


@pytest.fixture(scope="module")
def mistaken(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A preview with a misspelt option, a misspelt policy and an exemption that has expired."""
    exemption = {"resource": "primary-*", "reason": "a drill", "expires": "2020-01-31"}
    config = {
        "alb-public-subnets": {"knownPublicId": ["subnet-1"]},
        "alb-public-subnet": "disabled",
        BACKTRACK: {"exemptions": [exemption]},
    }
    place = tmp_path_factory.mktemp("mistaken")
    stack = engine.stack(STACKS / "incident", pack=PACK, policy_config=config, workdir=place)
    return stack.preview()


def test_each_mistake_is_told_once_and_changes_no_finding(mistaken: Run) -> None:
    assert len(configuration_findings(mistaken)) == 3, mistaken.output
    assert {level for _, level, _ in configuration_findings(mistaken)} == {"advisory"}
    assert told(mistaken, "mandatory") == MANDATORY


def told_of(run: Run, words: str, policy: str = "") -> str:
    """The one text about the configuration that has these words, told by that policy if named."""
    ((found, text),) = (
        (name, text) for name, _, text in configuration_findings(run) if words in text
    )
    assert policy in ("", found)
    return text


def test_an_unknown_option_is_told_and_named(mistaken: Run) -> None:
    found = told_of(mistaken, 'no option "knownPublicId"', "alb-public-subnets")
    assert "did you mean knownPublicIds?" in found


def test_a_misspelt_policy_is_told_and_named(mistaken: Run) -> None:
    found = told_of(mistaken, 'no policy "alb-public-subnet"')
    assert "did you mean alb-public-subnets?" in found


def test_an_expired_exemption_is_told_and_exempts_nothing(mistaken: Run) -> None:
    assert told_of(mistaken, "expired on 2020-01-31", BACKTRACK)
    assert [name_of(each) for each in mistaken.of(BACKTRACK) if each.level == "mandatory"] == [
        "primary-cluster-dev"
    ]


@pytest.fixture(scope="module")
def configured(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A preview with levels, a remediation and an exemption."""
    exemption = {"resource": "primary-alb-dev", "reason": "moves", "expires": "2999-12-31"}
    config = {
        "all": "advisory",
        BACKTRACK: "remediate",
        "aurora-global-engine-version": "disabled",
        "hosted-zone-reserved-name": {"enforcementLevel": "mandatory"},
        "alb-public-subnets": {"exemptions": [exemption]},
    }
    place = tmp_path_factory.mktemp("configured")
    stack = engine.stack(STACKS / "incident", pack=PACK, policy_config=config, workdir=place)
    return stack.preview()


def test_an_exemption_in_force_lets_its_resource_pass_and_no_other(configured: Run) -> None:
    found = [name_of(each) for each in configured.of("alb-public-subnets")]
    assert found == ["secondary-alb-dev"]
    assert configuration_findings(configured) == []


def test_levels_are_those_of_the_configuration(configured: Run) -> None:
    assert told(configured, "mandatory") == {("hosted-zone-reserved-name", "failover-zone-dev")}
    assert not configured.of("aurora-global-engine-version")
    assert {each.level for each in configured.of("alb-public-subnets")} == {"advisory"}


def test_remediation_takes_backtrack_off_and_the_rest_stays(configured: Run) -> None:
    (remediation,) = configured.remediations
    assert remediation.policy == BACKTRACK
    assert remediation.urn.endswith("::primary-cluster-dev")
    assert "backtrackWindow" in remediation.before
    gone = {key for key in remediation.before if key not in remediation.after}
    assert gone == {"backtrackWindow"}
    assert not configured.of(BACKTRACK)
    assert "backtrackWindow" not in configured.step("primary-cluster-dev").inputs
