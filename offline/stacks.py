"""Which stack of a program is previewed: what the program is told that it is called, and the file
with its settings.

As with `pulumi preview`, settings are those of `Pulumi.STACK.yaml`, and the stack is the one that
is named, in `PULUMI_STACK` or else selected. The stack itself is always a new one, so one that was
never made will do, and a program with settings for one stack only needs no name.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from offline.project import Project, ProjectError

OFFLINE: Final = "offline"
"""The stack where there is no other; `Pulumi.offline.yaml` holds settings for runs without AWS."""

STACK_VARIABLE: Final = "PULUMI_STACK"
"""Where the CLI reads which stack is meant."""

_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}")


class Chosen(NamedTuple):
    """A stack, the organization that the program is told (empty: none was named), the file with
    its settings, where there is one, and what a user is told of the choice."""

    name: str
    organization: str = ""
    file: Path | None = None
    remark: str = ""


def choose(
    program: Project,
    named: str = "",
    file: Path | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Chosen:
    """The stack to preview.

    named: STACK, ORGANIZATION/STACK or ORGANIZATION/PROJECT/STACK; empty where none was named.
    file: its settings, where they are not in the stack's own file. Raises ProjectError where it is
    in doubt which is meant, or there is no such file or stack.
    """
    if file is not None and not file.is_file():
        raise ProjectError(f"There is no file {file}. Fix: correct --stack-config.")
    files = stack_files(program)
    if named:
        organization, name = _parted(program, named)
        remark = ""
        if file is None and name not in files and files:
            remark = (
                f"there is no {_file_name(program, name)} beside {', '.join(_names(files))}, so "
                f"the stack {name} has no settings of its own."
            )
        return Chosen(name, organization, file or files.get(name), remark)
    if OFFLINE in files or file is not None:
        return Chosen(OFFLINE, "", file or files[OFFLINE])
    for source, found in (
        (STACK_VARIABLE, environ.get(STACK_VARIABLE, "")),
        ("the selected stack", _selected(program, environ)),
    ):
        if found:
            organization, name = _parted(program, found)
            return Chosen(name, organization, files.get(name), f"the stack is {found} ({source}).")
    if len(files) > 1:
        raise ProjectError(
            f"{program.name} has settings for several stacks: {', '.join(_names(files))}. Fix: say "
            f"which are meant, for example --stack {min(files)}, or write "
            f"{_file_name(program, OFFLINE)} for runs without AWS."
        )
    for name, only in files.items():
        return Chosen(name, "", only, f"the settings are those of {only.name}.")
    return Chosen(OFFLINE)


def stack_files(program: Project) -> dict[str, Path]:
    """The files with settings that a program has, by the stack that each is for."""
    start, end = f"{program.file.stem}.", program.file.suffix
    folder = settings_folder(program)
    found = sorted(folder.glob(f"{start}*{end}")) if folder.is_dir() else []
    return {name: each for each in found if (name := each.name[len(start) : -len(end)])}


def settings_folder(program: Project) -> Path:
    """Where a program keeps the files of its stacks: `stackConfigDir`, which was called `config`
    before."""
    declared = program.data.get("config")
    named = program.data.get("stackConfigDir") or (declared if isinstance(declared, str) else "")
    return program.directory / str(named)


def _file_name(program: Project, stack: str) -> str:
    return f"{program.file.stem}.{stack}{program.file.suffix}"


def _names(files: Mapping[str, Path]) -> list[str]:
    return [each.name for each in files.values()]


def _parted(program: Project, named: str) -> tuple[str, str]:
    """The organization and the stack that a name means. Raises ProjectError."""
    *before, name = named.split("/")
    if len(before) > 2 or not all(map(_NAME.fullmatch, (*before, name))):
        raise ProjectError(
            f"{named} is not the name of a stack. Fix: give STACK, ORGANIZATION/STACK or "
            "ORGANIZATION/PROJECT/STACK."
        )
    if len(before) == 2 and before[1] != program.name:
        raise ProjectError(
            f"{named} is a stack of {before[1]}, and the program here is {program.name}. Fix: "
            "correct the stack, or preview in the other program's folder."
        )
    return (before[0] if before else ""), name


def _selected(program: Project, environ: Mapping[str, str]) -> str:
    """The stack that `pulumi stack select` keeps for this program; empty where there is none, or
    one for each of several backends."""
    home = Path(environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    key = hashlib.sha1(str(program.file.resolve()).encode(), usedforsecurity=False).hexdigest()
    try:
        said = json.loads(
            (home / "workspaces" / f"{program.name}-{key}-workspace.json").read_text()
        )
    except (OSError, ValueError):
        return ""
    several = said.get("stacks") if isinstance(said, dict) else None
    found = {str(each) for each in several.values()} if isinstance(several, dict) else set()
    if isinstance(said, dict) and isinstance(said.get("stack"), str):
        found = found or {said["stack"]}
    return found.pop() if len(found) == 1 else ""
