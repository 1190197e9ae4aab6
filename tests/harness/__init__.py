"""Programs as people write them, run through the stand-in for AWS and the pack within the process.

    def program() -> None:
        vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16")
        ...

    assert preview(program).told == {("alb-public-subnets", "web")}
    state = deploy(program)
    assert preview(program, state).told == set()            # after the deployment
    assert preview(program, refreshed(state)).told == set() # after a refresh
    assert preview(edited, state).told == {...}             # a second preview, with an edit
    state = existing(program, {"main": {"id": "vpc-1", "mainRouteTableId": "rtb-9"}})
    assert preview(program, state).told == set()            # after an import of the VPC
    state = refreshed(state.beside({"vpc-1": {"mainRouteTableId": "rtb-8"}}))  # changed by others

The SDK's own classes run; the engine between them, the provider and the pack is the one of
`engine.py`. It sends the pack what the real engine sends: `tests/engine/test_harness.py` compares.
"""

from __future__ import annotations

from tests.harness.engine import RefusedError
from tests.harness.program import Program
from tests.harness.runs import Preview, deploy, existing, phases, preview, refreshed
from tests.harness.state import State

__all__ = [
    "Preview",
    "Program",
    "RefusedError",
    "State",
    "deploy",
    "existing",
    "phases",
    "preview",
    "refreshed",
]
