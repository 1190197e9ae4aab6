"""The packages of programs in TypeScript, from the npm registry, in the user's cache."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from offline.environments import directory_of, ready
from offline.progress import run_logged, to_stderr

PACKAGES = {
    "@pulumi/aws": "7.48.0",
    "@pulumi/pulumi": "3.276.0",
    "@types/node": "20.19.25",
    "typescript": "5.9.3",
}

needs_node = pytest.mark.skipif(
    shutil.which("npm") is None and "CI" not in os.environ,
    reason="runs programs in TypeScript: put Node.js and npm on PATH",
)
"""Left out on a machine without Node.js; in CI it fails there."""


def node_modules() -> Path:
    """The folder that Node.js looks for packages in, filled first where it is missing."""
    about = json.dumps({"private": True, "dependencies": PACKAGES}, indent=2)

    def install(target: Path, log: Path) -> None:
        (target / "package.json").write_text(about, encoding="utf-8")
        npm = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"]
        run_logged(npm, log=log, cwd=target)

    place = directory_of("node", (about,))
    doing = "Fetching the packages of programs in TypeScript"
    return ready(place, doing, install, to_stderr) / "node_modules"
