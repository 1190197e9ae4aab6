"""Where in the repository a finding is shown.

The engine's events do not say where a resource is declared, but `pulumi preview --json` (without
streaming) and `pulumi stack export` do, with the line of the program.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote, urlsplit

from .documents import InputError

_MANIFESTS = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")

_LIBRARIES = frozenset({"site-packages", "dist-packages", "node_modules"})
"""Directories of a program that hold other people's code."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file; `uri` is relative to the repository's root."""

    uri: str
    line: int

    @property
    def path(self) -> str:
        """The same as a path, for people and for their programs."""
        return unquote(self.uri)


@dataclass(frozen=True, slots=True)
class Places:
    """Where each resource is declared, `program` where that is not known."""

    program: Place
    declared: Mapping[str, Place] = field(default_factory=dict)

    def of(self, urn: str) -> Place:
        return self.declared.get(urn, self.program)


def find(program: Path | None, positions: Iterable[Mapping[str, object]]) -> Places:
    """The places of the resources in `positions`, which are previews or exports.

    `program` is the file for findings on resources of unknown place, or the program's directory;
    without one, the manifest in the current directory. Raises InputError.
    """
    file = _manifest(program)
    project = _project(file)
    root = _root(project)
    return Places(
        Place(_uri(root, file), 1),
        {
            urn: Place(_uri(root, project / path), line)
            for document in positions
            for urn, path, line in _declared(document)
        },
    )


def has_program(folder: Path) -> bool:
    """Whether a folder holds a program's manifest."""
    return any((folder / name).exists() for name in _MANIFESTS)


def nowhere() -> Places:
    """The places where no program is at hand: no line is known."""
    return Places(Place(_MANIFESTS[0], 1))


def _manifest(program: Path | None) -> Path:
    if program is not None and not program.is_dir():
        if not program.exists():
            raise InputError(
                f"there is no {program}. Fix: give --program the program's Pulumi.yaml, which must "
                "be in the repository for a finding to be shown there."
            )
        return program.resolve()
    folder = (program or Path()).resolve()
    for name in _MANIFESTS:
        if (folder / name).exists():
            return folder / name
    raise InputError(
        f"there is no Pulumi.yaml in {folder}. Fix: name the program with --program "
        "PATH/TO/Pulumi.yaml; SARIF needs a file of the repository to show findings at."
    )


def _project(file: Path) -> Path:
    """The directory of the program's manifest, which positions are relative to."""
    for folder in file.parents:
        if has_program(folder):
            return folder
    return file.parent


def _root(project: Path) -> Path:
    """The root of the repository that holds the project."""
    for folder in (project, *project.parents):
        if (folder / ".git").exists():
            return folder
    return Path.cwd() if project.is_relative_to(Path.cwd()) else project


def _declared(document: Mapping[str, object]) -> Iterator[tuple[str, str, int]]:
    for state in _states(document):
        urn = state.get("urn")
        for position in _frames(state):
            if isinstance(urn, str) and (place := _within(position)):
                yield urn, *place
                break


def _states(document: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """The resources of a preview, or of an export."""
    for step in _mappings(document.get("steps")):
        yield from _mappings([step.get("newState")])
    deployment = document.get("deployment")
    if isinstance(deployment, Mapping):
        yield from _mappings(deployment.get("resources"))


def _frames(state: Mapping[str, object]) -> Iterator[object]:
    """Positions from the innermost call outwards: a provider's own is inside its SDK."""
    yield state.get("sourcePosition")
    for frame in _mappings(state.get("stackTrace")):
        yield frame.get("sourcePosition")


def _within(position: object) -> tuple[str, int] | None:
    """Path and line of project:///PATH#LINE,COLUMN if it is the program's own code."""
    if not isinstance(position, str):
        return None
    parts = urlsplit(position)
    path = PurePosixPath(unquote(parts.path).lstrip("/"))
    line = parts.fragment.partition(",")[0]
    if parts.scheme != "project" or not line.isdecimal() or int(line) < 1:
        return None
    if not path.parts or ".." in path.parts or _LIBRARIES & set(path.parts):
        return None
    return str(path), int(line)


def _mappings(value: object) -> Iterator[Mapping[str, object]]:
    if isinstance(value, list):
        yield from (each for each in value if isinstance(each, Mapping))


def _uri(root: Path, file: Path) -> str:
    return quote(file.relative_to(root).as_posix())
