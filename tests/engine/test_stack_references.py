"""A program whose values come from another stack, through a StackReference."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from offline.engine import Engine, Run
from policies.exports.__main__ import main
from policies.unverifiable import NEIGHBOURS_VARIABLE
from tests.engine.conftest import PACK, STACKS, name_of, told

PROGRAMS = STACKS / "other_stack"
DOUBT = "unverifiable-reference"
SECRET = ("standby-runtime-settings", "reader")


def doubted(run: Run) -> set[str]:
    return {name_of(each) for each in run.of(DOUBT)}


@pytest.mark.long
def test_a_stack_that_uses_another_one(engine: Engine, tmp_path: Path) -> None:
    config = {"aws:region": "us-east-1"}
    network = engine.stack(PROGRAMS / "network", workdir=tmp_path / "network", config=config)
    assert network.up().succeeded
    backend = {"PULUMI_BACKEND_URL": f"file://{network.workdir / 'state'}"}
    app = engine.stack(
        PROGRAMS / "app", pack=PACK, workdir=tmp_path / "app", config=config, env=backend
    )
    export = network.export()

    # What may be of another stack blocks nobody, and the doubt says what to do.
    alone = app.preview()
    assert told(alone, "mandatory") == set(), alone.output
    assert doubted(alone) == {"web", "link", "open", "shut", "second"}
    where = "comes from the stack organization/shared-network/offline, whose state is not shown"
    for name in ("open", "shut", "second"):
        [doubt] = [each for each in alone.of(DOUBT) if name_of(each) == name]
        assert where in doubt.message
        assert "pulumi stack export --stack organization/shared-network/offline" in doubt.message

    # An ARN tells its region wherever it comes from.
    assert SECRET in told(alone, "advisory")
    [finding] = alone.of(SECRET[0])
    assert "secret login" not in finding.message

    # Beside the other stack it is decided.
    app.env[NEIGHBOURS_VARIABLE] = str(export)
    beside = app.preview()
    assert not beside.succeeded
    assert told(beside, "mandatory") == {
        ("alb-public-subnets", "shut"),
        ("aurora-global-members", "second"),
    }
    assert doubted(beside) == {"web", "link"}
    [finding] = beside.of("alb-public-subnets")
    assert "subnet closed-a of shared-network/offline" in finding.message
    time = json.loads(export.read_text())["deployment"]["manifest"]["time"]
    assert f"the stack was last changed on {time[:10]} at {time[11:16]} UTC" in finding.message

    assert SECRET in told(beside, "advisory")
    [finding] = beside.of(SECRET[0])
    assert "-> secret login of shared-network/offline (us-east-1)" in finding.message

    del app.env[NEIGHBOURS_VARIABLE]
    assert app.up().succeeded
    later = app.preview()
    assert told(later, "mandatory") == set(), later.output

    # Both, deployed, are judged as a whole.
    joined = tmp_path / "joined.json"
    assert main([str(app.export()), str(export), "-o", str(joined)]) == 0
    whole = engine.analyze(joined, PACK)
    assert told(whole, "mandatory") == {("alb-public-subnets", "shut")}
    [finding] = whole.of("alb-public-subnets")
    assert "Load balancer shut of app-in-a-shared-network/offline" in finding.message
    assert "subnet closed-a of shared-network/offline" in finding.message
    assert SECRET in told(whole, "advisory")
    assert "correct horse" not in whole.output
