"""A folder that `pulumi --policy-pack` takes, whose Python is the one that runs this command.

An installed pack has no virtual environment in its folder, as one that was cloned has after
`pulumi install`. So the engine is given a small folder in the user's cache: its manifest names this
interpreter's environment, and its program is the installed pack's.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import yaml

from offline.paths import cache_root, write_whole

from . import PACK

_PROGRAM = '''"""Starts the installed pack; written by `aws-dr-preflight`."""

import runpy
import sys

sys.path[0] = {pack}
runpy.run_path({program}, run_name="__main__")
'''


def pack_folder() -> Path:
    """The folder to give to `pulumi --policy-pack`, made or brought up to date first."""
    manifest = yaml.safe_load((PACK / "PulumiPolicy.yaml").read_text(encoding="utf-8"))
    manifest["runtime"] = {"name": "python", "options": _options()}
    text = yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True)
    program = _PROGRAM.format(
        pack=json.dumps(str(PACK)), program=json.dumps(str(PACK / "__main__.py"))
    )
    key = hashlib.sha256(f"{PACK}\n{text}\n{program}".encode()).hexdigest()[:12]
    folder = cache_root() / "packs" / f"{manifest['version']}-{key}"
    write_whole(folder / "PulumiPolicy.yaml", text)
    write_whole(folder / "__main__.py", program)
    write_whole(folder / "requirements.txt", (PACK / "requirements.txt").read_text("utf-8"))
    return folder


def _options() -> dict[str, str]:
    """The options of the Python runtime. Outside of a virtual environment the engine takes the
    python3 on PATH, which is then this one or one that has what this one has."""
    if sys.prefix == sys.base_prefix:
        return {}
    return {"toolchain": "pip", "virtualenv": sys.prefix}
