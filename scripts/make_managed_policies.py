#!/usr/bin/env python3
"""Make the list of AWS managed policies in policies/data/managed_policies.json.

    pip download --no-deps moto
    python scripts/make_managed_policies.py moto-*.whl
    python scripts/make_managed_policies.py --check
        change nothing; exit 1 where the installed pulumi-aws has a policy elsewhere

Moto's wheel has all of AWS's policies as ListPolicies answers, each with its dates; the list is as
old as the newest of them. What programs attach although AWS does not have it ("missing") is kept
by hand, in the file.

Exit codes: 0 done, 1 another path (``--check``), 2 could not be done.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import sys
import textwrap
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
# Neither the pack nor the scripts are an installed package.
sys.path.insert(0, str(ROOT))

from policies.model import data_files  # noqa: E402
from policies.model.managed_policies import FILE, own_path  # noqa: E402
from scripts.make_region_local_properties import TableError, installed  # noqa: E402

MODULE: Final = "moto/iam/aws_managed_policies.py"
ORDER: Final = ("", "job-function", "service-role", "aws-service-role")


class Policy(NamedTuple):
    """A policy of AWS: its name, its path without slashes at the ends, and the day of its last
    version."""

    name: str
    path: str
    updated: str


def read(wheel: Path) -> list[Policy]:
    """The policies in moto's wheel, by their names. Raises TableError where they are not there."""
    try:
        with zipfile.ZipFile(wheel) as opened:
            module = ast.parse(opened.read(MODULE))
        (assigned,) = (each for each in module.body if isinstance(each, ast.Assign))
        policies: Mapping[str, Mapping[str, str]] = json.loads(ast.literal_eval(assigned.value))
        return sorted(
            Policy(name, said["Path"].strip("/"), said["UpdateDate"][:10])
            for name, said in policies.items()
        )
    except (OSError, ValueError, KeyError, SyntaxError, zipfile.BadZipFile) as error:
        raise TableError(f"{wheel}: no policies in {MODULE} of this wheel: {error}") from error


def listed(enumeration: str) -> list[str]:
    """The ARNs of AWS's own policies in the source of an enumeration."""
    return sorted(set(re.findall(r'"(arn:aws:iam::aws:policy/[^"]+)"', enumeration)))


def moved(arns: Sequence[str]) -> list[str]:
    """Those that the pack would take for wrong."""
    return [arn for arn in arns if own_path(arn) is not None]


def by_path(policies: Sequence[Policy]) -> dict[str, list[str]]:
    """The names of the policies, by their paths."""
    found: dict[str, list[str]] = {path: [] for path in ORDER}
    for each in policies:
        found.setdefault(each.path, []).append(each.name)
    return found


def text(content: Mapping[str, object], policies: Sequence[Policy], source: str) -> str:
    """The file: what is kept by hand, and the names, many to a line."""
    blocks = [
        f"    {json.dumps(path)}: [\n{_filled(names)}\n    ]"
        for path, names in by_path(policies).items()
    ]
    as_of = max(each.updated for each in policies)
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
    parser.add_argument("wheel", nargs="?", type=Path, help="a wheel of moto")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    if options.check == bool(options.wheel):
        parser.error("give a wheel of moto (pip download --no-deps moto), or --check")
    try:
        if options.check:
            return _check(listed((installed() / "iam" / "_enums.py").read_text(encoding="utf-8")))
        policies = read(options.wheel)
    except (OSError, TableError) as error:
        print(error, file=sys.stderr)
        return 2
    source = f"ListPolicies, as {'-'.join(options.wheel.name.split('-')[:2])} has its answer"
    content = text(data_files.read(FILE), policies, source)
    (data_files.DATA_DIRECTORY / FILE).write_text(content, encoding="utf-8")
    return 0


def _check(arns: Sequence[str]) -> int:
    for arn in moved(arns):
        print(f"{arn}: the list has it as {own_path(arn)}", file=sys.stderr)
    return 1 if moved(arns) else 0


if __name__ == "__main__":
    sys.exit(main())
