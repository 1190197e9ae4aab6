"""Puts the stand-in where the engine looks for providers: the plugin directory of a Pulumi home."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from offline.paths import REPOSITORY, cache_root, write_whole

# Every provider SDK carries this file. The program's own directory is not searched.
_FIND = """
import glob, json, os, sys
found = []
for place in sys.path[1:]:
    for about in glob.glob(os.path.join(glob.escape(place), "pulumi_*", "pulumi-plugin.json")):
        found.append(os.path.dirname(about))
print(json.dumps(found))
"""

# `-I` keeps the program's own directory and the user's PYTHONPATH out of the provider.
_PLUGIN = """#!/bin/sh
# The stand-in provider of aws-dr-preflight. Written by offline.standin.install.
exec {python} -I -c 'import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from offline.stubs import stubs_alone
stubs_alone()
from offline.standin.provider import serve
serve(Path(sys.argv[2]), Path(sys.argv[3]))' {repository} {package} {cache}
"""


class SdkError(Exception):
    """The program's interpreter could not be asked for its SDKs; the text says why."""


@dataclass(frozen=True)
class Installed:
    """A stand-in in place: provider name, version, and the SDK package that it reads."""

    name: str
    version: str
    package: Path


def find_sdks(python: str) -> dict[str, Path]:
    """Return the provider SDKs that an interpreter has, by provider name, without importing them.

    A stand-in needs nothing but an SDK, so `random` or `tls` beside AWS get one too. Raises
    SdkError when the interpreter cannot be run.
    """
    try:
        output = subprocess.run(
            [python, "-c", _FIND],
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise SdkError(f"Cannot run the program's interpreter {python}: {error}") from error
    found: dict[str, Path] = {}
    for place in json.loads(output):
        about = json.loads(Path(place, "pulumi-plugin.json").read_text())
        if about.get("resource") and about.get("name") and about.get("version"):
            found.setdefault(about["name"], Path(place))
    return found


def install(home: Path, python: str) -> tuple[Installed, ...]:
    """Install a stand-in into the Pulumi home `home` for every provider SDK that `python` has."""
    return tuple(install_package(home, package) for _, package in sorted(find_sdks(python).items()))


def install_from(home: Path, site: Path) -> tuple[Installed, ...]:
    """The same for every provider SDK in a directory like site-packages."""
    found = sorted(site.glob("pulumi_*/pulumi-plugin.json"))
    return tuple(install_package(home, each.parent) for each in found)


def install_package(home: Path, package: Path) -> Installed:
    about = json.loads((package / "pulumi-plugin.json").read_text())
    provider, version = about["name"], about["version"]
    directory = home / "plugins" / f"resource-{provider}-v{version}"
    text = _PLUGIN.format(
        python=shlex.quote(sys.executable),
        repository=shlex.quote(str(REPOSITORY)),
        package=shlex.quote(str(package)),
        cache=shlex.quote(str(cache_root() / "schema")),
    )
    write_whole(directory / f"pulumi-resource-{provider}", text, mode=0o755)
    return Installed(provider, version, package)
