"""One measurement, in a process of its own: `python -m bench.measure PACK WHAT FILE`.

It serves the requests of a file as the gRPC server of a pack does (parse, answer, serialize), in
the order in which the engine sends them, and prints one line of JSON. Time is CPU time, so that a
busy machine disturbs little.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from pulumi.runtime import proto
from pulumi_policy import (
    EnforcementLevel,
    Policy,
    ResourceValidationPolicy,
    StackValidationPolicy,
)
from pulumi_policy.policy import _PolicyAnalyzerServicer

from bench.stacks import read

KIB_PER_MIB: Final = 1024


def empty() -> Any:
    """The least that a pack with both kinds of policies can do, as the SDK serves it."""
    policies: list[Policy] = [
        ResourceValidationPolicy("resource", "Looks at nothing.", lambda *_: None),
        StackValidationPolicy("stack", "Looks at nothing.", lambda *_: None),
    ]
    return _served_by(_PolicyAnalyzerServicer, policies)


def ours() -> Any:
    """The pack as it is served."""
    with _kept():
        from policies.serving import adapter  # noqa: PLC0415 - the other packs do not pay for it
        from policies.serving.servicer import PreflightServicer  # noqa: PLC0415

        policies = adapter.build()
    return _served_by(PreflightServicer, policies)


def stock() -> Any:
    """The same policies, served by the SDK."""
    with _kept():
        from policies.serving import adapter  # noqa: PLC0415

        policies = adapter.build()
    return _served_by(_PolicyAnalyzerServicer, policies)


@contextmanager
def _kept() -> Iterator[None]:
    """What is made here is not looked through for garbage, neither while it grows nor later: the
    `__main__.py` of the pack does the same."""
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


PACKS: Final[Mapping[str, Callable[[], Any]]] = {"empty": empty, "ours": ours, "stock": stock}


def _served_by(servicer: Any, policies: list[Policy]) -> Any:
    server = servicer("bench", "0.0.1", policies, EnforcementLevel.ADVISORY)
    server.Configure(proto.ConfigureAnalyzerRequest(), None)
    return server


def _serve(server: Any, messages: Iterable[bytes]) -> Iterator[tuple[str, Any, float]]:
    """The method of each call, its answer and its CPU seconds."""
    for message, is_last in _marked(messages):
        for method in ("AnalyzeStack",) if is_last else ("Remediate", "Analyze"):
            began = time.process_time()
            kind = proto.AnalyzeStackRequest if is_last else proto.AnalyzeRequest
            answer = getattr(server, method)(kind.FromString(message), None)
            answer.SerializeToString()
            yield method, answer, time.process_time() - began


def _marked(messages: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each message, and whether it is the last one."""
    before: bytes | None = None
    for message in messages:
        if before is not None:
            yield before, False
        before = message
    if before is not None:
        yield before, True


def _time(server: Any, path: Path) -> Mapping[str, float]:
    seconds = {"Remediate": 0.0, "Analyze": 0.0, "AnalyzeStack": 0.0}
    findings = 0
    for method, answer, spent in _serve(server, list(read(path))):
        seconds[method] += spent
        findings += 0 if method == "Remediate" else len(answer.diagnostics)
    return {**seconds, "findings": findings}


def _memory(server: Any, path: Path) -> Mapping[str, float]:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in _serve(server, read(path)):
        pass
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"before": before / KIB_PER_MIB, "peak": peak / KIB_PER_MIB}


if __name__ == "__main__":
    pack, what, file = sys.argv[1:]
    measure = {"time": _time, "memory": _memory}[what]
    print(json.dumps(measure(PACKS[pack](), Path(file))))
