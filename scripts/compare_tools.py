"""Run the other tools and this pack on the cases of docs/comparison, and write what they say.

python -m scripts.compare_tools            writes docs/comparison/results.json; then `make docs`
python -m scripts.compare_tools --sample   prints the rules that the sample is taken from, and which
                                           of them: every fifth, sorted by name, from the first on

The tools are fetched into the user's cache (`AWS_DR_PREFLIGHT_CACHE`), Trivy alone is taken from
PATH. What cannot be run keeps what it said when it was run last, with the version and the day.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from offline.progress import to_stderr
from scripts.comparison.cases import OWN, PACK, PROGRAMS, SAMPLE, directories
from scripts.comparison.sampling import print_sample
from scripts.comparison.tools import Spoke, peers
from tests.harness import Program, preview

ROOT = Path(__file__).resolve().parents[1]
COMPARISON = ROOT / "docs" / "comparison"
EXAMPLES = ROOT / "docs" / "examples"
PASSWORD = "hunter2hunter2"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and write the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sample", action="store_true", help="print what the sample is taken from")
    if parser.parse_args(arguments).sample:
        print_sample(to_stderr)
        return 0
    file = COMPARISON / "results.json"
    before = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    file.write_text(json.dumps(measured(before), indent=1) + "\n", encoding="utf-8")
    print(f"wrote {file.relative_to(ROOT)}; `make docs` writes the tables")
    return 0


def measured(before: Mapping[str, Any]) -> dict[str, Any]:
    """What `results.json` is to hold. before: what it holds."""
    today = datetime.datetime.now(tz=datetime.timezone.utc).date().isoformat()
    tools: dict[str, Any] = dict(before.get("tools", {}))
    cases = [
        f"{kind}/{each.name}" for kind in (OWN, SAMPLE) for each in directories(COMPARISON, kind)
    ]
    said: dict[str, dict[str, Any]] = {
        case: dict(before.get("said", {}).get(case, {})) for case in cases
    }
    files = [f"{case}/{program}.yaml" for case in cases for program in PROGRAMS]
    tools[PACK] = {"version": _own_version(), "run_on": today}
    for case in cases:
        said[case][PACK] = {program: of_pack(case, program) for program in PROGRAMS}
    for peer in peers(to_stderr):
        to_stderr(f"Running {peer.name} {peer.version} on {len(files)} templates ...")
        spoke = peer.ask(COMPARISON, files)
        tools[peer.name] = {"version": peer.version, "run_on": today}
        for case in cases:
            said[case][peer.name] = {each: _rules(spoke, case, each) for each in PROGRAMS}
    return {"tools": tools, "said": said}


def of_pack(case: str, program: str) -> list[str]:
    """The policies of this pack that speak of a program at its first preview.

    A policy's own case is the program on its page.
    """
    kind, _, name = case.partition("/")
    place = EXAMPLES / name if kind == OWN else COMPARISON / case
    secrets = {"masterPassword": PASSWORD}
    run = preview(Program.of_file(place / f"{program}.py", secrets=secrets))
    return sorted({found.policy for found in run.findings})


def _rules(spoke: Spoke, case: str, program: str) -> list[str]:
    return sorted(spoke.get(f"{case}/{program}.yaml", ()))


def _own_version() -> str:
    text = (ROOT / "PulumiPolicy.yaml").read_text(encoding="utf-8")
    return next(line.split()[1] for line in text.splitlines() if line.startswith("version:"))


if __name__ == "__main__":
    sys.exit(main())
