"""The engine asks one thing at a time, but nothing in the pack depends on that."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from policies.testing import Diagnostic
from tests.properties.conversation import Conversation, diagnostics, new_server
from tests.properties.defects import MUTATIONS
from tests.properties.test_topologies import APPLICABLE, times
from tests.properties.topologies import Plan, build, plans


@times(0.2)
@given(
    plan=plans(),
    defect=st.sampled_from(APPLICABLE),
    number=st.integers(min_value=0, max_value=7),
    is_first=st.booleans(),
)
def test_requests_at_once_are_answered_as_one_by_one(
    plan: Plan, defect: str, number: int, is_first: bool, tried: Counter[str]
) -> None:
    """Four Analyze requests at a time, and an AnalyzeStack meanwhile, on one server."""
    tried["stacks asked about by five threads at once"] += 1
    mutation = MUTATIONS[defect]
    topology = build(mutation.prepare(plan))
    list(mutation.apply(topology, topology.regions[number % len(topology.regions)]))
    conversation = Conversation.about(topology.stack, is_first=is_first)
    # Everything was declared before, as in a second run of one process: what the stack rules
    # see does not depend on how far the threads have come.
    server = new_server()
    for request in conversation.resources:
        server.Analyze(request, None)

    def ask(request: Any) -> list[Diagnostic]:
        if request is conversation.stack:
            return diagnostics(server.AnalyzeStack(request, None))
        return diagnostics(server.Analyze(request, None), request.urn)

    one_by_one = Counter(conversation.answers())
    with ThreadPoolExecutor(max_workers=5) as threads:
        whole = threads.submit(ask, conversation.stack)
        parts = list(threads.map(ask, conversation.resources))
        at_once = Counter([*whole.result(), *(each for part in parts for each in part)])
    assert at_once == one_by_one
