"""The versions that the pack promises to run with, each in a virtual environment of its own.

Environments are kept in the cache outside of the tree and made once.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement

from offline import environments
from offline.launcher import venv_python
from offline.paths import REPOSITORY
from offline.progress import CommandError, Report, run_logged

TOOLS: Final = ("pytest>=8.3,<10", "pytest-xdist>=3.6,<4", "hypothesis>=6.120,<7")
INTERPRETERS: Final = tuple(f"python3.{minor}" for minor in range(10, 15))


@dataclass(frozen=True)
class Environment:
    """What to install for which interpreter, and what to call it."""

    name: str
    packages: tuple[str, ...]
    interpreter: str = sys.executable

    @property
    def directory(self) -> Path:
        parts = (self.interpreter, sys.version, *self.packages, *TOOLS)
        return environments.directory_of("compat", parts)

    def ready(self, report: Report) -> str:
        """The environment's interpreter; made first where it is missing."""
        doing = f"Creating the environment {self.name}"
        return str(venv_python(environments.ready(self.directory, doing, self._make, report)))

    def _make(self, target: Path, log: Path) -> None:
        run_logged([self.interpreter, "-m", "venv", str(target)], log=log)
        pip = [str(venv_python(target)), "-m", "pip", "install", "--quiet", *self.packages, *TOOLS]
        run_logged(pip, log=log)


SDKS: Final = (
    # The first pulumi-policy whose findings carry a severity, with the oldest pulumi that it takes.
    Environment("oldest SDKs", ("pulumi==3.204.0", "pulumi-policy==1.20.0")),
    # Raise these with every release.
    Environment("newest SDKs", ("pulumi==3.272.0", "pulumi-policy==1.21.0")),
)
"""One for each minor version of pulumi-policy that the pack's servicer knows, oldest first."""

AWS_6: Final = "pulumi-aws==6.83.4"
AWS_7: Final = "pulumi-aws==7.51.1"
"""The last of 6 and the newest of 7 that was tested."""


def other_interpreters() -> Iterator[Environment]:
    """The newest SDKs under every other Python that this machine has."""
    own = f"python3.{sys.version_info.minor}"
    for name in INTERPRETERS:
        path = shutil.which(name)
        if path is not None and name != own and _runs(path):
            yield Environment(f"newest SDKs, {name}", SDKS[-1].packages, path)


def _runs(interpreter: str) -> bool:
    """Whether it is more than a name, which is all that version managers put on PATH of some."""
    done = subprocess.run([interpreter, "-c", "import ensurepip"], check=False, capture_output=True)
    return done.returncode == 0


REQUIREMENTS: Final = {
    requirement.name: str(requirement.specifier)
    for line in (REPOSITORY / "requirements.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
    for requirement in [Requirement(line)]
}
"""What the pack's own requirements allow, by package."""


def newest_release(package: str) -> str:
    """The newest version of a package that pip finds."""
    command = [sys.executable, "-m", "pip", "index", "versions", package]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    named = re.search(rf"{re.escape(package)} \(([^)]+)\)", found.stdout)
    if named is None:
        raise CommandError(f"pip names no version of {package}: {found.stderr.strip()}")
    return named.group(1)
