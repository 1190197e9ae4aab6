"""`python -m tests.compat`: the tests with every version of the SDKs that the pack promises.

With `--fast`, only what the oldest SDKs answer to the engine's requests.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from typing import Final

from offline.paths import REPOSITORY
from offline.progress import CommandError, to_stderr
from tests.compat.environments import SDKS, Environment, other_interpreters

PACK_TESTS: Final = ("tests/contract", "tests/unit", "--ignore-glob=*_script.py")
"""What runs in the pack's own process; the scripts read SDKs that the pack does without."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.compat", description=__doc__)
    parser.add_argument("--fast", action="store_true", help="the oldest SDKs, contract tests only")
    arguments = parser.parse_args()
    try:
        if arguments.fast:
            return _pytest(SDKS[0], ["tests/contract"])
        environments = (*SDKS, *other_interpreters())
        codes = [_pytest(each, PACK_TESTS) for each in environments]
        to_stderr("The real engine with the oldest SDK, and programs of pulumi-aws 6 and 7:")
        codes.append(_run(sys.executable, ["tests/compat/engine", "-v"]))
    except CommandError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return max(codes)


def _pytest(environment: Environment, arguments: Sequence[str]) -> int:
    python = environment.ready(to_stderr)
    to_stderr(f"{environment.name} ({', '.join(environment.packages)}):")
    return _run(python, ["-n", "2", *arguments])


def _run(python: str, arguments: Sequence[str]) -> int:
    command = [python, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=REPOSITORY, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
