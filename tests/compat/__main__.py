"""`python -m tests.compat`: the tests with every version of the SDKs that the pack promises.

With `--fast`, only what the oldest SDKs answer to the engine's requests; with `--newest`, whether a
pulumi-policy that is newer than requirements.txt allows answers like the pack's servicer.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from typing import Final

from packaging.specifiers import SpecifierSet

from offline.paths import REPOSITORY
from offline.progress import CommandError, to_stderr
from tests.compat.environments import (
    REQUIREMENTS,
    SDKS,
    Environment,
    newest_release,
    other_interpreters,
)

PACK_TESTS: Final = ("tests/contract", "tests/unit", "--ignore-glob=*_script.py")
"""What runs in the pack's own process; the scripts read SDKs that the pack does without."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.compat", description=__doc__)
    parser.add_argument("--fast", action="store_true", help="the oldest SDKs, contract tests only")
    parser.add_argument("--newest", action="store_true", help="the newest release, if not allowed")
    arguments = parser.parse_args()
    try:
        if arguments.fast:
            return _pytest(SDKS[0], ["tests/contract"])
        if arguments.newest:
            return _newest()
        environments = (*SDKS, *other_interpreters())
        codes = [_pytest(each, PACK_TESTS) for each in environments]
        to_stderr("The real engine with the oldest SDK, and programs of pulumi-aws 6 and 7:")
        codes.append(_run(sys.executable, ["tests/compat/engine", "-v"]))
    except CommandError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return max(codes)


def _newest() -> int:
    """Compare with the newest release; 1 where the pack cannot be allowed to use it."""
    version = newest_release("pulumi-policy")
    allowed = SpecifierSet(REQUIREMENTS["pulumi-policy"])
    if allowed.contains(version):
        to_stderr(f"pulumi-policy {version} is the newest and is allowed ({allowed}).")
        return 0
    newest = Environment("newest release", ("pulumi>=3,<4", f"pulumi-policy=={version}"))
    code = _pytest(newest, ["tests/contract"])
    to_stderr(
        f"pulumi-policy {version} is newer than {allowed}. "
        + (
            "Its answers differ from those of policies/serving/servicer.py: see above."
            if code
            else "Its answers are the same. Fix: read what changed in its policy.py, and add it to "
            "KNOWN_SDKS, requirements.txt and tests/compat/environments.py."
        )
    )
    return 1


def _pytest(environment: Environment, arguments: Sequence[str]) -> int:
    python = environment.ready(to_stderr)
    to_stderr(f"{environment.name} ({', '.join(environment.packages)}):")
    return _run(python, ["-n", "2", *arguments])


def _run(python: str, arguments: Sequence[str]) -> int:
    command = [python, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=REPOSITORY, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
