"""The stacks that a preview is to know beside its own: exports that the user names.

A file that does not count is told of and left out. It never fails a run: what its stack would have
told stays in doubt, which `unverifiable-reference` says, and blocks where that policy is mandatory.
"""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from itertools import groupby
from pathlib import Path
from typing import Final

from ..exports.export import NEVER, Export, ExportError, read_file
from ..exports.resources import resources_of
from ..model.plain import NamedTuple
from ..model.resource import Resource
from ..model.urns import StackName
from ..unverifiable import NEIGHBOURS, NEIGHBOURS_VARIABLE

_LONGEST_THAT_IT_COUNTS: Final = timedelta(hours=24)
"""How long after it was written an export is taken for what its stack is like. That it is younger
proves nothing; that it is older makes it likely that the stack has changed, and a deployment must
not be blocked by what was."""

_AGAIN: Final = "Fix: write it again with `pulumi stack export --stack {stack} --file {file}`."


class Neighbours(NamedTuple):
    """The resources of other stacks, from when each stack's state is, and what is wrong with the
    files."""

    resources: tuple[Resource, ...]
    files: Mapping[StackName, str]
    times: Mapping[str, str]
    problems: tuple[str, ...]

    def outdated(self, stacks: Iterable[StackName]) -> list[str]:
        """What is wrong with the exports of stacks that are certainly not like that any more."""
        return [
            f"{self.files[each]} does not count: this run was given an id by {each} that the file "
            f"does not have, so {each} has changed since. "
            + _AGAIN.format(stack=f"ORG/{each}", file=self.files[each])
            for each in stacks
        ]


class _Stack(NamedTuple):
    """One stack's part of a file."""

    name: StackName
    changed: datetime
    file: str
    resources: tuple[Resource, ...]


def given(listed: Iterable[str] = ()) -> Neighbours:
    """What the files that the environment and the configuration (`listed`) name tell."""
    exports, problems = exports_given(listed)
    found: list[_Stack] = []
    for export in exports:
        try:
            found += _stacks(export, problems)
        except RecursionError:
            problems.append(
                f"{export.name} is nested too deeply for an export. Fix: write it again with "
                "`pulumi stack export --file FILE`. The run goes on without it."
            )
    kept: dict[StackName, _Stack] = {}
    for each in sorted(found, key=lambda each: (each.name, each.changed, each.file)):
        older = kept.get(each.name)
        if older is not None:
            problems.append(
                f"{older.file} does not count: {each.file} is an export of {each.name}, too, and "
                "not older. Fix: name one of them."
            )
        kept[each.name] = each
    return Neighbours(
        tuple(resource for each in kept.values() for resource in each.resources),
        {each.name: each.file for each in kept.values()},
        {str(each.name): _spoken(each.changed) for each in kept.values()},
        tuple(problems),
    )


def exports_given(listed: Iterable[str] = ()) -> tuple[list[Export], list[str]]:
    """The exports that count of those that the environment and the configuration (`listed`) name,
    by the names of their files, and what is wrong with the others."""
    problems: list[str] = []
    variable = os.environ.get(NEIGHBOURS_VARIABLE, "").strip()
    if variable.startswith("{"):
        variable = ""
        problems.append(
            f"{NEIGHBOURS_VARIABLE} holds the text of a file and not its path. Fix: write it with "
            "`pulumi stack export --file FILE`, and name FILE."
        )
    named = [(each.strip(), NEIGHBOURS_VARIABLE) for each in variable.split(os.pathsep)]
    named += [(each, f"the option {NEIGHBOURS}") for each in listed]
    files = {
        os.path.realpath(file): file
        for pattern, where in named
        if pattern
        for file in _files(pattern, where, problems)
    }
    found = [_export(file, problems) for file in sorted(files.values())]
    return [each for each in found if each is not None], problems


def _files(pattern: str, where: str, problems: list[str]) -> list[str]:
    """The files that a path, or a pattern of paths, names."""
    if not Path(pattern).is_absolute():
        problems.append(
            f'"{pattern}" in {where} is not an absolute path, and policies run in a folder of '
            "their own. Fix: write the path from the root on."
        )
        return []
    # Unlike `Path.exists`, this raises nothing, however long the path.
    is_there = os.path.exists(pattern)  # noqa: PTH110
    found = [pattern] if is_there else sorted(glob.glob(pattern))  # noqa: PTH207
    if not found:
        problems.append(
            f"there is no file {pattern}, which {where} names. Fix: write it with `pulumi stack "
            "export --file FILE`, or name it no more."
        )
    return found


def _export(file: str, problems: list[str]) -> Export | None:
    try:
        if stat.S_ISFIFO(Path(file).stat().st_mode):
            problems.append(
                f"cannot read {file}: it is a pipe, which can be read once, and a run reads more "
                "often. Fix: name a file. The run goes on without it."
            )
            return None
        return read_file(Path(file))
    except ExportError as error:
        problems.append(f"{error} The run goes on without it.")
    except OSError as error:
        problems.append(
            f"cannot read {file}: {error.strerror}. Fix: name a file that can be read. The run "
            "goes on without it."
        )
    return None


def _stacks(export: Export, problems: list[str]) -> Iterator[_Stack]:
    """The stacks of an export that count."""
    resources = sorted(resources_of(export), key=lambda each: each.stack)
    now = datetime.now(timezone.utc)
    for name, own in groupby(resources, key=lambda each: each.stack):
        age = now - export.written(name)
        if age > _LONGEST_THAT_IT_COUNTS:
            problems.append(
                f"{export.name} does not count: what it says of {name} was written "
                f"{age.total_seconds() / 3600:.0f} hours ago, and {name} may have changed since. "
                + _AGAIN.format(stack=f"ORG/{name}", file=export.name)
            )
            continue
        yield _Stack(name, export.changed(name), export.name, tuple(own))


def _spoken(changed: datetime) -> str:
    """When a stack was changed, in a message's words."""
    if changed == NEVER:
        return "at a time that the export does not tell"
    return f"on {changed:%Y-%m-%d at %H:%M} UTC"
