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
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from offline.progress import to_stderr
from scripts.comparison.cases import OWN, PACK, PROGRAMS, in_cloudformation, in_terraform
from scripts.comparison.sampling import print_sample
from scripts.comparison.terraform import PASSWORD, terraform
from scripts.comparison.tools import Language, peers
from tests.harness import Program, preview

ROOT = Path(__file__).resolve().parents[1]
COMPARISON = ROOT / "docs" / "comparison"
EXAMPLES = ROOT / "docs" / "examples"


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
    cases = {
        Language.CLOUDFORMATION: in_cloudformation(COMPARISON),
        Language.TERRAFORM: in_terraform(COMPARISON),
    }
    said: dict[str, dict[str, Any]] = {
        case: dict(before.get("said", {}).get(case, {})) for case in cases[Language.TERRAFORM]
    }
    tools = {PACK: {"version": _own_version(), "run_on": today}}
    for case, each in said.items():
        each[PACK] = {program: of_pack(case, program) for program in PROGRAMS}
    with tempfile.TemporaryDirectory() as written:
        places = {Language.CLOUDFORMATION: COMPARISON, Language.TERRAFORM: Path(written)}
        write_terraform(places[Language.TERRAFORM], cases[Language.TERRAFORM])
        for peer in peers(to_stderr):
            mine = cases[peer.reads]
            files = [peer.reads.file(case, program) for case in mine for program in PROGRAMS]
            to_stderr(f"Running {peer.name} {peer.version} on {len(files)} files ...")
            spoke = peer.ask(places[peer.reads], files)
            tools[peer.name] = {"version": peer.version, "run_on": today}
            for case in mine:
                said[case][peer.name] = {
                    program: sorted(spoke.get(peer.reads.file(case, program), ()))
                    for program in PROGRAMS
                }
    not_run = {name: each for name, each in before.get("tools", {}).items() if name not in tools}
    return {"tools": {**tools, **not_run}, "said": said}


def of_pack(case: str, program: str) -> list[str]:
    """The policies of this pack that speak of a program at its first preview."""
    return sorted({found.policy for found in preview(_program(case, program)).findings})


def write_terraform(directory: Path, cases: Sequence[str]) -> None:
    """Write the programs of these cases in Terraform's language."""
    for case in cases:
        for program in PROGRAMS:
            file = directory / Language.TERRAFORM.file(case, program)
            file.parent.mkdir(parents=True)
            file.write_text(terraform(_program(case, program)), encoding="utf-8")


def _program(case: str, program: str) -> Program:
    """A policy's own case is the program on its page."""
    kind, _, name = case.partition("/")
    place = EXAMPLES / name if kind == OWN else COMPARISON / case
    return Program.of_file(place / f"{program}.py", secrets={"masterPassword": PASSWORD})


def _own_version() -> str:
    text = (ROOT / "PulumiPolicy.yaml").read_text(encoding="utf-8")
    return next(line.split()[1] for line in text.splitlines() if line.startswith("version:"))


if __name__ == "__main__":
    sys.exit(main())
