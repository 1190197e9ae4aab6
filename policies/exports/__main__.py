"""Joins exports of stacks: `python -m policies.exports EXPORT... [-o FILE]`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from .export import Export, ExportError, read_file
from .joining import join

_EPILOG = """\
Each EXPORT is a file of `pulumi stack export --stack ORG/PROJECT/STACK --file EXPORT`. The order of
the files does not matter. What policies say of the whole:
  pulumi policy analyze --file JOINED --policy-pack DIR

Exit codes: 0 written; 2 one of the files is not an export, or two are of the same stack.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the joined export; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m policies.exports",
        description="Join exports of stacks into one, so that policies judge them as a whole.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("exports", nargs="+", metavar="EXPORT", type=Path)
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help="write it here instead of printing it"
    )
    options = parser.parse_args(arguments)
    try:
        text = json.dumps(join([_read(each) for each in options.exports]), indent=2) + "\n"
        if options.output is None:
            sys.stdout.write(text)
        else:
            _write(options.output, text)
    except ExportError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def _read(file: Path) -> Export:
    try:
        return read_file(file)
    except OSError as error:
        raise ExportError(
            f"cannot read {file}: {error.strerror}. Fix: name the file of `pulumi stack export`."
        ) from error


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ExportError(
            f"cannot write {file}: {error.strerror}. Fix: name a file in a directory that exists."
        ) from error


if __name__ == "__main__":
    sys.exit(main())
