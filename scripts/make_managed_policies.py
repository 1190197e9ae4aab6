#!/usr/bin/env python3
"""Make the list of AWS managed policies in policies/data/managed_policies.json.

    python scripts/make_managed_policies.py [--as-of DATE]
    ... --check    change nothing; exit 1 where the installed pulumi-aws has a policy elsewhere

The policies are those of the enumeration iam.ManagedPolicy of the installed pulumi-aws. What
programs attach although AWS does not have it ("missing") is kept by hand, in the file.

Exit codes: 0 done, 1 another path (``--check``), 2 could not be done.
"""

from __future__ import annotations

import argparse
import datetime
import json
import re
import sys
import textwrap
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parent.parent
# Neither the pack nor the scripts are an installed package.
sys.path.insert(0, str(ROOT))

from policies.model import data_files  # noqa: E402
from policies.model.managed_policies import FILE, own_path  # noqa: E402
from scripts.make_region_local_properties import TableError, installed  # noqa: E402

ORDER: Final = ("", "job-function", "service-role", "aws-service-role")


def listed(enumeration: str) -> list[str]:
    """The ARNs of AWS's own policies in the source of an enumeration."""
    return sorted(set(re.findall(r'"(arn:aws:iam::aws:policy/[^"]+)"', enumeration)))


def moved(arns: Sequence[str]) -> list[str]:
    """Those that the pack would take for wrong."""
    return [arn for arn in arns if own_path(arn) is not None]


def by_path(arns: Sequence[str]) -> dict[str, list[str]]:
    """The names of the policies, by their paths."""
    found: dict[str, list[str]] = {path: [] for path in ORDER}
    for arn in arns:
        path, _, name = arn.partition(":policy/")[2].rpartition("/")
        found.setdefault(path, []).append(name)
    return found


def text(content: Mapping[str, object], paths: Mapping[str, Sequence[str]], as_of: str) -> str:
    """The file: what is kept by hand, and the names, many to a line."""
    source = f"pulumi-aws {version('pulumi-aws')}, iam.ManagedPolicy"
    blocks = [
        f"    {json.dumps(path)}: [\n{_filled(names)}\n    ]" for path, names in paths.items()
    ]
    return (
        f'{{\n  "about": {_lines(content["about"])},\n'
        f'  "source": {json.dumps(source)},\n  "date": {json.dumps(as_of)},\n'
        '  "by_path": {\n' + ",\n".join(blocks) + "\n  },\n"
        f'  "missing": {_lines(content["missing"])}\n}}\n'
    )


def _filled(names: Sequence[str]) -> str:
    """Many names to a line."""
    return textwrap.fill(
        ", ".join(map(json.dumps, names)),
        118,
        initial_indent=" " * 6,
        subsequent_indent=" " * 6,
        break_on_hyphens=False,
    )


def _lines(entries: object) -> str:
    """A list with an entry a line."""
    each = entries if isinstance(entries, list) else []
    return "[\n" + ",\n".join(f"    {json.dumps(entry)}" for entry in each) + "\n  ]"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the file, or compare it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--as-of", default=datetime.date.today().isoformat())
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    try:
        arns = listed((installed() / "iam" / "_enums.py").read_text(encoding="utf-8"))
    except (OSError, TableError) as error:
        print(error, file=sys.stderr)
        return 2
    if options.check:
        for arn in moved(arns):
            print(f"{arn}: the list has it as {own_path(arn)}", file=sys.stderr)
        return 1 if moved(arns) else 0
    content = text(data_files.read(FILE), by_path(arns), options.as_of)
    (data_files.DATA_DIRECTORY / FILE).write_text(content, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
