"""The measurements as a page and a plot."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Final

PACKS: Final = {
    "empty": "an empty pack",
    "ours": "this pack",
    "stock": "this pack, SDK's path",
}
PHASES: Final = {True: "first preview", False: "deployed"}
_MICRO: Final = 1e6


@dataclass(frozen=True)
class Run:
    """CPU seconds of one pack over one stack, the least of several runs."""

    pack: str
    size: int
    is_first: bool
    resources: float
    """In Remediate and Analyze."""
    stack: float
    """In AnalyzeStack."""

    @property
    def total(self) -> float:
        return self.resources + self.stack

    @property
    def each(self) -> float:
        """Seconds per resource."""
        return self.total / self.size


@dataclass(frozen=True)
class Target:
    """A ratio that the pack promises, and what was measured."""

    text: str
    limit: float
    measured: float

    @property
    def holds(self) -> bool:
        return self.measured <= self.limit


@dataclass(frozen=True)
class Results:
    """Everything that was measured."""

    runs: Sequence[Run]
    memory: Mapping[str, float]
    """Peak MiB at the largest size, by pack."""
    start: Mapping[str, float]
    """CPU seconds until it serves, by pack."""
    policies: int

    def run(self, pack: str, size: int, is_first: bool) -> Run | None:
        for run in self.runs:
            if (run.pack, run.size, run.is_first) == (pack, size, is_first):
                return run
        return None

    @property
    def sizes(self) -> Sequence[int]:
        return sorted({run.size for run in self.runs})

    @property
    def targets(self) -> Sequence[Target]:
        compared = max(run.size for run in self.runs if run.pack == "stock")
        largest = self.sizes[-1]
        return (
            Target(
                f"CPU at {compared:,} resources, beside an empty pack",
                1.0,
                max(self._ratios(compared, "empty")),
            ),
            Target(
                f"CPU at {compared:,} resources, beside the same policies on the SDK's path",
                0.5,
                max(self._ratios(compared, "stock")),
            ),
            Target(
                f"CPU at {largest:,} resources, beside an empty pack",
                1.0,
                max(self._ratios(largest, "empty")),
            ),
            Target(
                f"Growth of CPU per resource from {compared:,} resources to {largest:,}, beside "
                "an empty pack's",
                1.2,
                max(self._growth(compared, largest)),
            ),
            Target(
                f"Peak memory at {largest:,} resources, beside an empty pack",
                1.5,
                self.memory["ours"] / self.memory["empty"],
            ),
            start_target(self.start),
        )

    def _ratios(self, size: int, pack: str) -> Iterator[float]:
        for is_first in PHASES:
            ours, other = self.run("ours", size, is_first), self.run(pack, size, is_first)
            if ours is not None and other is not None:
                yield ours.total / other.total

    def _growth(self, few: int, many: int) -> Iterator[float]:
        """By how much more a resource costs in a larger stack. It costs an empty pack more, too:
        what it reads is in no cache of the processor any more."""
        for is_first in PHASES:
            grown = [
                more.each / fewer.each
                for pack in ("ours", "empty")
                if (more := self.run(pack, many, is_first)) is not None
                and (fewer := self.run(pack, few, is_first)) is not None
            ]
            yield grown[0] / grown[1]


def start_target(start: Mapping[str, float]) -> Target:
    """What is promised of the start; `start` is CPU seconds until it serves, by pack."""
    return Target(
        "CPU from the start of the process to the first request, beside an empty pack",
        1.3,
        start["ours"] / start["empty"],
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; columns after the first are numbers."""
    lines = [heads, ["---", *("---:" for _ in heads[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def targets(results: Results) -> str:
    """What is promised, what was measured."""
    rows = (
        (each.text, f"{each.limit:.1f}", f"{each.measured:.2f}", "yes" if each.holds else "**no**")
        for each in results.targets
    )
    return table(("ratio", "at most", "measured", "holds"), rows)


def times(results: Results) -> str:
    """Every run beside the empty pack's."""
    rows = []
    for is_first, phase in PHASES.items():
        for size in results.sizes:
            empty = results.run("empty", size, is_first)
            for pack, name in PACKS.items():
                run = results.run(pack, size, is_first)
                if run is None or empty is None:
                    continue
                rows.append(
                    (
                        name,
                        phase,
                        f"{size:,}",
                        f"{run.resources / empty.resources:.2f}",
                        f"{run.stack / empty.stack:.2f}",
                        f"{run.total / empty.total:.2f}",
                        f"{run.each * _MICRO:.0f}",
                    )
                )
    heads = ("pack", "phase", "resources", "Remediate + Analyze", "AnalyzeStack", "all", "µs each")
    return table(heads, rows)


def page(results: Results) -> str:
    """docs/benchmark.md."""
    memory = ", ".join(f"{PACKS[pack]} {mib:.0f} MiB" for pack, mib in results.memory.items())
    start = ", ".join(f"{PACKS[pack]} {cpu * 1000:.0f} ms" for pack, cpu in results.start.items())
    versions = ", ".join(
        f"{name} {version(name)}" for name in ("pulumi", "pulumi-policy", "protobuf", "grpcio")
    )
    return f"""# What the pack costs

Written by `make bench` on {date.today()}, with the {results.policies} policies of that day, Python
{platform.python_version()}, {versions}. Seconds differ from machine to machine; the ratios hardly.

{targets(results)}

The policy SDK decodes every property of every resource again for every policy. This pack answers
from the request itself: it reads a property when a rule asks for it, passes over types that no rule
knows, and shares one model of the stack among all policies.

![CPU time per resource against the number of resources](benchmark.svg)

## Time

CPU time of the pack's process in the engine's calls, beside that of an empty pack of the same phase
and size: one resource policy and one stack policy that look at nothing, served by the policy SDK as
it is. "SDK's path" is what this pack falls back to where it does not know the installed SDK.

{times(results)}

## Memory and start

- Peak of the process at {results.sizes[-1]:,} resources: {memory}.
- From the start of the process to its port on standard output, modules compiled: {start} of CPU
  time.

## How it is measured

- `bench/stacks.py` makes stacks out of sites of 100 resources: a VPC with subnets, route tables and
  routes, NAT gateways, a load balancer, an Aurora cluster, a zone with failover records, and, as
  half of them, types that no rule reads. Two sites are a pair: two regions, peered, one global
  database. A resource has about 1.2 KB of properties and the dependencies that a program would give
  it. No rule finds anything in them.
- Requests are made once and kept as bytes. A measurement is a process of its own that parses,
  answers and serializes each of them, as the gRPC server of a pack does, in the engine's order:
  Remediate and Analyze for each resource, then AnalyzeStack. It counts CPU time, and the least of
  several runs is taken.
- `tests/contract/test_cost.py` keeps the reasons in place with counts instead of seconds: which
  properties are decoded, how often, and how many models are built. `tests/contract/test_start.py`
  does so for the start: it reads no data, compiles no pattern and makes no dataclass.
"""


def plot(results: Results, path: Path) -> None:
    """CPU time per resource against the number of resources, first preview."""
    import matplotlib  # noqa: PLC0415 - the measurements do not need it

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "aws-dr-preflight"
    from matplotlib import pyplot  # noqa: PLC0415

    figure, axes = pyplot.subplots(figsize=(7, 4), layout="constrained")
    for pack, name in PACKS.items():
        runs = [run for run in results.runs if run.pack == pack and run.is_first]
        runs.sort(key=lambda run: run.size)
        axes.plot(
            [run.size for run in runs],
            [run.each * _MICRO for run in runs],
            marker="o",
            label=name,
        )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks(results.sizes, [f"{size:,}" for size in results.sizes])
    axes.set_xlabel("resources in the stack")
    axes.set_ylabel("CPU time per resource, µs")
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend()
    figure.savefig(path, metadata={"Date": None})
