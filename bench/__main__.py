"""`python -m bench`: measure, print the ratios, write docs/benchmark.md and its plot."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from bench import report, stacks, startup
from bench.report import PACKS, PHASES, Results, Run
from offline.paths import REPOSITORY
from offline.progress import ticking, to_stderr
from policies import RULES

SIZES: Final = (100, 1_000, 10_000)
STOCK_SIZES: Final = (100, 1_000)
"""The SDK's path takes minutes beyond."""
STARTS: Final = 61


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--repeats", type=int, default=5, help="runs of which the least counts")
    parser.add_argument("--dry-run", action="store_true", help="print, and write no page")
    parser.add_argument("--start", action="store_true", help="the start alone; writes no page")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        if arguments.start:
            return _tell_start(report.start_target(_start(Path(folder))))
        results = measured(Path(folder), arguments.repeats)
    if not arguments.dry_run:
        docs = REPOSITORY / "docs"
        (docs / "benchmark.md").write_text(report.page(results), encoding="utf-8")
        report.plot(results, docs / "benchmark.svg")
        to_stderr(f"Written: {docs / 'benchmark.md'} and benchmark.svg")
    print(f"{report.times(results)}\n\n{report.targets(results)}")
    return 0 if all(target.holds for target in results.targets) else 1


def _tell_start(target: report.Target) -> int:
    print(f"{target.text}: {target.measured:.2f}, at most {target.limit}")
    return 0 if target.holds else 1


def measured(folder: Path, repeats: int) -> Results:
    """All measurements; `folder` is for what they need."""
    files = _requests(folder)
    return Results(
        runs=list(_runs(files, repeats)),
        memory=_memory(files[SIZES[-1], True]),
        start=_start(folder),
        policies=len(RULES),
    )


def _requests(folder: Path) -> Mapping[tuple[int, bool], Path]:
    files = {}
    for size in SIZES:
        with ticking(f"Making the requests of {size:,} resources", to_stderr):
            stack = stacks.synthetic(size)
            for is_first in PHASES:
                files[size, is_first] = folder / f"{size}-{is_first}"
                stacks.write(files[size, is_first], stacks.requests(stack, is_first=is_first))
    return files


def _runs(files: Mapping[tuple[int, bool], Path], repeats: int) -> Iterator[Run]:
    for (size, is_first), path in files.items():
        packs = [pack for pack in PACKS if pack != "stock" or size in STOCK_SIZES]
        found: dict[str, list[Mapping[str, float]]] = {pack: [] for pack in packs}
        what = f"{size:,} resources, {PHASES[is_first]}"
        # In turn, since a machine is not equally fast all the time.
        with ticking(f"Measuring {what}, {repeats} times each pack", to_stderr):
            for _ in range(repeats):
                for pack in packs:
                    found[pack].append(_child(pack, "time", path))
        for pack, times in found.items():
            if any(each["findings"] for each in times):
                raise RuntimeError(f"{what}, {pack}: a rule finds something in the stack")
            yield Run(
                pack,
                size,
                is_first,
                resources=min(each["Remediate"] + each["Analyze"] for each in times),
                stack=min(each["AnalyzeStack"] for each in times),
            )


def _memory(path: Path) -> Mapping[str, float]:
    with ticking(f"Measuring memory at {SIZES[-1]:,} resources", to_stderr):
        return {pack: _child(pack, "memory", path)["peak"] for pack in ("empty", "ours")}


def _start(folder: Path) -> Mapping[str, float]:
    packs = {"empty": startup.write_empty_pack(folder / "empty"), "ours": REPOSITORY}
    bytecode = folder / "bytecode"
    least: dict[str, float] = {}
    with ticking(f"Measuring {STARTS} starts of each pack", to_stderr):
        for pack in packs.values():
            startup.start(pack, bytecode)  # The first start compiles.
        for _ in range(STARTS):
            for name, pack in packs.items():
                cpu = startup.start(pack, bytecode).cpu
                least[name] = min(cpu, least.get(name, cpu))
    return least


def _child(pack: str, what: str, path: Path) -> Mapping[str, float]:
    command = [sys.executable, "-m", "bench.measure", pack, what, str(path)]
    done = subprocess.run(command, cwd=REPOSITORY, stdout=subprocess.PIPE, check=True)
    answer: Mapping[str, float] = json.loads(done.stdout)
    return answer


if __name__ == "__main__":
    sys.exit(main())
