"""Other stacks beside a stack: what is not meant changes nothing, however it is written."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies import RULES
from policies.testing import Diagnostic, Stack
from policies.unverifiable import NEIGHBOURS_VARIABLE, UNVERIFIABLE_REFERENCE
from tests.exports import export_of, written
from tests.properties.conversation import Conversation, mandatory
from tests.properties.defects import MUTATIONS
from tests.properties.test_topologies import APPLICABLE, times
from tests.properties.topologies import Plan, build, plans

_ACCOUNTS: Final = ("123456789012", "111122223333")
_GIVEN: Final = ("vpc-", "subnet-", "rtb-", "igw-", "sg-", "acl-", "eipalloc-", "pcx-", "tgw-")
"""How ids begin that AWS gives out."""
_ACROSS_REGIONS: Final = frozenset(
    ("network-tiers", *(rule.name for rule in RULES if "rehearsal" in rule.tags))
)


def copy_of(stack: Stack, project: str) -> dict[str, Any]:
    """The export of the same program where it is deployed in another account: all names are the
    same, what AWS gave out is not."""
    text = json.dumps(export_of(stack))
    for account in _ACCOUNTS:
        text = text.replace(account, account[::-1])
    text = text.replace("urn:pulumi:test::project::", f"urn:pulumi:dev::{project}::")
    for made in stack.resources:
        for found in map(str, made.outputs.values()):
            if found not in map(str, made.inputs.values()) and found.startswith(_GIVEN):
                text = text.replace(f'"{found}"', f'"{found}-dev"')
    copy: dict[str, Any] = json.loads(text)
    return copy


def without_shared_ids(plan: Plan) -> Plan:
    """The plan without ids in the program, which name one thing in whatever account it runs."""
    regions = tuple(
        replace(each, beside="nothing") if each.beside == "elsewhere" else each
        for each in plan.regions
    )
    names = plan.names and replace(plan.names, literal_zone_id=False)
    return replace(plan, regions=regions, names=names)


def told(found: list[Diagnostic]) -> list[tuple[str, str]]:
    """What is told of which resource. A system of two stacks may span regions that one does not,
    and what is compared across regions is then compared."""
    return [(each.policy, each.urn) for each in found if not _asked_by(each) <= _ACROSS_REGIONS]


def _asked_by(told: Diagnostic) -> set[str]:
    """The policy that tells something, or of a doubt those that have it."""
    if told.policy != UNVERIFIABLE_REFERENCE.name:
        return {told.policy}
    doubts = re.findall(r"^([a-z-]+(?:, [a-z-]+)*): ", told.message, re.MULTILINE)
    assert doubts, told.message
    return {name for named in doubts for name in named.split(", ")}


def asked(conversation: Conversation, *exports: Mapping[str, Any]) -> list[Diagnostic]:
    place = Path(os.environ["PYTEST_NEIGHBOURS"])
    files = [written(place / f"{number}.json", each) for number, each in enumerate(exports)]
    os.environ[NEIGHBOURS_VARIABLE] = os.pathsep.join(map(str, files))
    return conversation.answers()


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_NEIGHBOURS", str(tmp_path))
    monkeypatch.setenv(NEIGHBOURS_VARIABLE, "")


@times(0.3)
@given(
    plan=plans(),
    defect=st.one_of(st.none(), st.sampled_from(APPLICABLE)),
    is_first=st.booleans(),
    number=st.integers(0, 5),
)
def test_the_same_program_in_another_account_changes_no_verdict(
    plan: Plan, defect: str | None, is_first: bool, number: int, tried: Counter[str]
) -> None:
    """Be it taken for the same system, which it is where nothing tells the stack's own account."""
    tried["stacks beside their copy in another account"] += 1
    plan = without_shared_ids(plan)
    other = build(plan).stack
    if defect is None:
        own = build(plan).stack
    else:
        mutation = MUTATIONS[defect]
        topology = build(mutation.prepare(plan))
        list(mutation.apply(topology, topology.regions[number % len(topology.regions)]))
        own = topology.stack
    conversation = Conversation.about(own, is_first=is_first)
    before = asked(conversation)
    for project in ("project", "another"):
        after = asked(conversation, copy_of(other, project))
        assert mandatory(after) == mandatory(before)
        assert told(after) == told(before)
