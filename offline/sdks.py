"""The provider SDKs of a program that is not in Python, as the stand-in needs them.

The stand-in reads what a provider's resources are like from the Python SDK, which is generated from
the same schema for every language. For a program in another language, the Python SDK of the version
that the program uses is fetched into the cache, without what it depends on. A program in YAML may
name no version: then it is the one of this interpreter, or the newest when it was first fetched.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from offline.environments import directory_of, ready
from offline.paths import cache_root
from offline.progress import CommandError, Report, run_logged
from offline.project import Project, ProjectError
from offline.yaml_programs import uses

LANGUAGES = ("python", "nodejs", "go", "yaml")
"""The runtimes of programs that can run offline."""

_GO_SDK = re.compile(
    r"^\s*(?:require\s+)?github\.com/pulumi/pulumi-(?P<name>[\w-]+)/sdk(?:/v\d+)?\s+v(?P<version>\S+)",
    re.MULTILINE,
)


class ProviderSdk(NamedTuple):
    """A provider, and the version of its SDK that a program uses."""

    name: str
    version: str


def provider_sdks(program: Project) -> tuple[ProviderSdk, ...]:
    """The provider SDKs of a program in Node.js, Go or YAML, sorted. Raises ProjectError where they
    are not installed or not said. A program in YAML may say no version: empty."""
    if program.runtime == "nodejs":
        return tuple(sorted(_of_node(program.program_directory)))
    if program.runtime == "go":
        return tuple(sorted(_of_go(program.program_directory)))
    if program.runtime == "yaml":
        return tuple(sorted(ProviderSdk(*each) for each in uses(program).packages.items()))
    return ()


def site_of(sdk: ProviderSdk, report: Report) -> Path:
    """A directory like site-packages that holds the Python SDK, fetched first where it is missing.
    Raises ProjectError."""
    name = f"pulumi-{sdk.name}"
    wanted = f"{name}=={sdk.version}" if sdk.version else name

    def install(target: Path, log: Path) -> None:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run_logged([*pip, "--no-deps", "--no-compile", "--target", str(target), wanted], log=log)

    try:
        target = directory_of("sdks", (wanted,))
        return ready(target, f"Fetching {wanted}", install, report)
    except (CommandError, OSError) as error:
        raise ProjectError(
            f"{wanted}, from which the stand-in would know what the provider does, could not be "
            f"fetched.\n{error}\nFix: make the Python package index reachable, or use a "
            f"version of the SDK that is on it. It was to be kept in {cache_root()}."
        ) from error


def _of_node(directory: Path) -> Iterator[ProviderSdk]:
    """Of all folders that Node.js looks into: a workspace has its packages in one above, and some
    of a program's in its own."""
    modules = [place / "node_modules" for place in (directory, *directory.parents)]
    if not any((each / "@pulumi" / "pulumi").exists() for each in modules):
        raise ProjectError(
            f"{directory} has no node_modules with @pulumi/pulumi. Fix: run `npm install` (or "
            "your own package manager) there first."
        )
    found: dict[str, ProviderSdk] = {}
    for file in (each for place in modules for each in place.glob("@*/*/package.json")):
        about = _json(file)
        plugin = about.get("pulumi")
        if isinstance(plugin, Mapping) and plugin.get("resource"):
            name = str(plugin.get("name") or file.parent.name)
            version = str(plugin.get("version") or about.get("version"))
            found.setdefault(name, ProviderSdk(name, version.removeprefix("v")))
    yield from found.values()


def _of_go(directory: Path) -> Iterator[ProviderSdk]:
    for place in (directory, *directory.parents):
        if (place / "go.mod").exists():
            for found in _GO_SDK.finditer((place / "go.mod").read_text(encoding="utf-8")):
                yield ProviderSdk(found["name"], found["version"])
            return
    raise ProjectError(
        f"{directory} has no go.mod, nor has a folder above it. Fix: run `go mod init` there."
    )


def _json(file: Path) -> Mapping[str, object]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ProjectError(
            f"{file} cannot be read: {error}. Fix: run `npm install` anew."
        ) from error
    return found if isinstance(found, Mapping) else {}
