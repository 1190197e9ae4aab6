"""Reports on what the real engine writes, by each of the ways to get its events."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from junitparser import Failure

from offline.engine import Engine, Stack, pack_arguments
from reports.__main__ import main
from tests.engine.conftest import PACK, STACKS
from tests.engine.test_incident import MANDATORY
from tests.reports.support import valid_junit, valid_sarif

INCIDENT = STACKS / "incident"
FIXED = STACKS / "incident_fixed"
STREAMING = {"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true"}


@dataclass(frozen=True)
class Reports:
    """Both reports on one log."""

    run: dict[str, Any]
    junit: str

    @classmethod
    def on(cls, events: Path, program: Path, *options: str) -> Reports:
        sarif, junit = events.with_suffix(".sarif"), events.with_suffix(".xml")
        outputs = ["--sarif", str(sarif), "--junit", str(junit)]
        assert main([*outputs, "--program", str(program), *options, str(events)]) == 0
        return cls(
            valid_sarif(sarif.read_text(encoding="utf-8")), junit.read_text(encoding="utf-8")
        )

    def results(self, level: str) -> set[tuple[str, str]]:
        """Policy and resource name of every SARIF result of a level."""
        return {
            (each["ruleId"], each["locations"][0]["logicalLocations"][0]["name"])
            for each in self.run["results"]
            if each["level"] == level
        }

    def failures(self) -> set[tuple[str, str]]:
        """Policy and resource name of every JUnit failure."""
        failed = {
            case.name
            for suite in valid_junit(self.junit)
            for case in suite
            if any(isinstance(each, Failure) for each in case.result)
        }
        return {
            (policy, rest.split(" ")[0]) for policy, _, rest in (n.partition(": ") for n in failed)
        }


def output(
    stack: Stack, to: Path, *words: str, code: int, env: dict[str, str] | None = None
) -> Path:
    """A file with what a command of the CLI wrote to standard output."""
    command, environment = stack.command(*words)
    pack = pack_arguments(PACK, None, stack.workdir)
    with to.open("wb") as file:
        ran = subprocess.run(
            [*command, "--json", "--non-interactive", *pack],
            cwd=stack.project.directory,
            env={**environment, **(env or {})},
            stdout=file,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert ran.returncode == code, ran.stderr
    return to


@pytest.fixture(scope="module")
def incident(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    return engine.stack(INCIDENT, workdir=tmp_path_factory.mktemp("incident"))


@pytest.fixture(scope="module")
def fixed(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    return engine.stack(FIXED, workdir=tmp_path_factory.mktemp("fixed"))


@pytest.fixture(scope="module")
def previewed(incident: Stack) -> Reports:
    """One preview that leaves both an event log and the lines of the program."""
    events, lines = incident.workdir / "events.jsonl", incident.workdir / "preview.json"
    output(incident, lines, "preview", "--event-log", str(events), code=1)
    return Reports.on(events, INCIDENT, "--positions", str(lines))


def test_an_event_log_of_a_preview(previewed: Reports) -> None:
    assert previewed.results("error") == MANDATORY
    assert previewed.failures() == MANDATORY
    assert previewed.run["invocations"] == [{"executionSuccessful": True}]


def test_results_are_shown_at_the_line_that_declares_the_resource(previewed: Reports) -> None:
    source = (INCIDENT / "__main__.py").read_text(encoding="utf-8").splitlines()
    constructors = {
        "aws:lb/loadBalancer:LoadBalancer": "LoadBalancer(",
        "aws:rds/cluster:Cluster": "Cluster(",
        "aws:rds/globalCluster:GlobalCluster": "GlobalCluster(",
        "aws:route53/zone:Zone": "Zone(",
    }
    shown = set()
    for result in previewed.run["results"]:
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        assert physical["artifactLocation"]["uri"] == "tests/stacks/incident/__main__.py"
        kind = location["logicalLocations"][0]["properties"]["type"]
        if kind in constructors:
            shown.add(kind)
            assert constructors[kind] in source[physical["region"]["startLine"] - 1]
    assert shown == set(constructors)


def test_streaming_json_gives_the_same_reports(incident: Stack, previewed: Reports) -> None:
    events = output(incident, incident.workdir / "stream.jsonl", "preview", code=1, env=STREAMING)
    lines = incident.workdir / "preview.json"
    assert Reports.on(events, INCIDENT, "--positions", str(lines)) == previewed


def test_an_update_that_succeeds_and_its_analysis(engine: Engine, fixed: Stack) -> None:
    events = output(fixed, fixed.workdir / "up.json", "up", "--yes", code=0)
    deployed = Reports.on(events, FIXED)
    assert deployed.results("error") == set()
    assert deployed.failures() == set()
    # The preview that `up --json` prints first tells the lines.
    uris = {
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in deployed.run["results"]
    }
    assert uris == {"tests/stacks/incident_fixed/__main__.py"}

    analyzed = engine.analyze(fixed.export(), PACK)
    again = fixed.workdir / "analyze.jsonl"
    again.write_text(analyzed.output, encoding="utf-8")
    assert Reports.on(again, FIXED).results("warning") == deployed.results("warning")
