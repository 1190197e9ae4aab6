"""What a program in YAML takes to run: its language host, and providers that give out schemas."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from offline.cli import GoCommand, build_command
from offline.paths import cache_root
from offline.progress import Report
from offline.project import Project, ProjectError
from offline.sdks import ProviderSdk, provider_sdks, site_of
from offline.standin.install import Installed, install_from, install_package
from offline.standin.provider import SCHEMAS_VARIABLE
from offline.standin.schema import Sdk
from offline.yaml_programs import Uses, uses
from offline.yaml_schema import schema

_VERSION: Final = "v1.25.0"
_HOST: Final = GoCommand(
    "the language host for YAML",
    "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
    _VERSION,
)
"""What is built where there is no host beside the CLI or on PATH."""


def yaml_environment(
    program: Project, installed: Iterable[Installed], workdir: Path, report: Report
) -> dict[str, str]:
    """Put stand-ins that give out the schemas of what a program uses into a Pulumi home of its own,
    and return the environment that has them used. Raises ProjectError.

    installed: SDKs that are at hand. The host keeps schemas in the home, and those of this program
    are of no use to another one.
    """
    home, schemas = workdir / "home", workdir / "schemas"
    schemas.mkdir(parents=True, exist_ok=True)
    used = uses(program)
    at_hand = {each.name: each for each in installed}
    for wanted in provider_sdks(program):
        found = at_hand.get(wanted.name)
        if found is not None and wanted.version in ("", found.version):
            install_package(home, found.package)
        else:
            found = _fetched(wanted, home, report)
        (schemas / f"{wanted.name}.json").write_bytes(schema_of(used, found.package))
    return {"PULUMI_HOME": str(home), SCHEMAS_VARIABLE: str(schemas)}


def _fetched(wanted: ProviderSdk, home: Path, report: Report) -> Installed:
    for each in install_from(home, site_of(wanted, report)):
        if each.name == wanted.name:
            return each
    raise ProjectError(
        f"The package {wanted.name} holds no provider. Fix: correct its name in the program."
    )


def schema_of(used: Uses, package: Path) -> bytes:
    """The schema that the host is given of an SDK's package, in JSON."""
    sdk = Sdk(package, cache_root() / "schema")
    own = (f"{sdk.name}:",)
    resources = [each for each in used.resources if each.startswith(own)]
    functions = [each for each in used.functions if each.startswith(own)]
    return json.dumps(schema(sdk, resources, functions)).encode()


def ensure_host(found: Path | None, report: Report) -> Path:
    """The language host for YAML: the one that was found, or one that is built from its Go module
    once. Raises cli.CliError."""
    if found is not None:
        return found
    place = host_place()
    build_command(_HOST, place.parent.parent, report, os.environ, note="about a minute on 2 cores")
    return place


def host_place() -> Path:
    """Where a host that was built is kept."""
    return cache_root() / f"pulumi-yaml-{_VERSION}" / "bin" / _HOST.file
