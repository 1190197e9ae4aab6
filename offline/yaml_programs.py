"""Programs in YAML: the types that they use, and of which packages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from offline.project import Project, ProjectError, read_yaml

_FILES: Final = ("Main.json", "Main.yaml")
"""Where a program may be apart from its project, in the host's order."""

_SHORT: Final = re.compile(r"fn::([^:]+:[^:]+(?::[^:]+)?)")
"""`fn::aws:ec2:getVpc`, short for a call of that function."""


class Uses(NamedTuple):
    """The types that a program names, and the versions that it asks of packages; empty where it
    names a package without one."""

    resources: tuple[str, ...]
    functions: tuple[str, ...]
    packages: Mapping[str, str]


def uses(program: Project) -> Uses:
    """What a program in YAML uses. Raises ProjectError where it cannot be read."""
    if program.options.get("compiler"):
        raise ProjectError(
            f"{program.name} is made by a compiler ({program.options['compiler']}), which is not "
            "run here. Fix: write what it prints to Main.yaml, or preview with AWS."
        )
    template = _template(program)
    resources: dict[str, None] = {}
    functions: dict[str, None] = {}
    packages = {name: version for name, version in _declared(template) if name}
    for name, version in _named(template, resources, functions):
        package = name.split(":")[2] if name.startswith("pulumi:providers:") else name.split(":")[0]
        if package != "pulumi":
            packages[package] = version or packages.get(package, "")
    return Uses(tuple(resources), tuple(functions), packages)


def _template(program: Project) -> Mapping[str, Any]:
    place = program.program_directory
    file = next((place / name for name in _FILES if (place / name).exists()), program.file)
    found = read_yaml(file)
    return found if isinstance(found, Mapping) else {}


def _declared(template: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    packages = template.get("packages")
    for name, said in packages.items() if isinstance(packages, Mapping) else ():
        version = said.get("version") if isinstance(said, Mapping) else said
        source = said.get("source") if isinstance(said, Mapping) else name
        at, _, also = str(version if version is not None else "").partition("@")
        plain = re.fullmatch(r"v?(\d+\.\d+\.\d+\S*)", also or at)
        yield str(source), plain[1] if plain else ""


def _named(
    node: Any, resources: dict[str, None], functions: dict[str, None]
) -> Iterator[tuple[str, str]]:
    """The tokens in a template, with the version that is asked for; they are noted too."""
    if isinstance(node, list):
        for each in node:
            yield from _named(each, resources, functions)
    if not isinstance(node, Mapping):
        return
    for key, value in node.items():
        if key == "resources" and isinstance(value, Mapping):
            for each in value.values():
                kind = each.get("type") if isinstance(each, Mapping) else None
                if isinstance(kind, str):
                    resources[kind] = None
                    yield kind, _version(each)
        if key == "fn::invoke" and isinstance(value, Mapping):
            kind = value.get("function")
            if isinstance(kind, str):
                functions[kind] = None
                yield kind, _version(value)
        short = _SHORT.fullmatch(str(key))
        if short:
            functions[short[1]] = None
            yield short[1], ""
        yield from _named(value, resources, functions)


def _version(node: Mapping[str, Any]) -> str:
    options = node.get("options")
    found = options.get("version") if isinstance(options, Mapping) else None
    return str(found or "").removeprefix("v")
