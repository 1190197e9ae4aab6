"""The options that several commands take, and what is wrong with their values."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import click

from policies.rehearsal.report import files
from policies.serving.rehearsals import VARIABLE as REHEARSAL
from reports.outputs import OUTPUTS, Output

from .errors import Fault

FILE: Final = click.Path(path_type=Path)
CONFIG_FILE: Final = click.option(
    "--config-file",
    metavar="FILE",
    type=FILE,
    help="The pack's configuration. Without it: aws-dr-preflight.json, .yaml or .yml in the "
    "program's folder or in one above it, up to the root of the repository.",
)
_PREVIEWS: Final = (
    click.option(
        "--offline",
        is_flag=True,
        help="Without AWS, credentials and state: a stand-in answers for AWS, and the Pulumi CLI "
        "is made where there is none.",
    ),
    click.option(
        "--config",
        "given",
        metavar="KEY=VALUE",
        multiple=True,
        help="A setting of the program, as pulumi takes it; offline, one whose name says so is "
        "kept as a secret.",
    ),
    click.option(
        "--stack-config",
        metavar="FILE",
        type=FILE,
        help="Read the settings of the stack here, not in Pulumi.STACK.yaml (`--config-file` of "
        "pulumi).",
    ),
    click.option(
        "--stack-outputs",
        metavar="[STACK=]FILE",
        multiple=True,
        help="With --offline, what a StackReference to STACK finds: the JSON of `pulumi stack "
        "output --json` or of `pulumi stack export`. Exports of neighbours are found anyway, and "
        "what is of no file is unknown.",
    ),
    CONFIG_FILE,
    click.argument("arguments", nargs=-1, type=click.UNPROCESSED),
)
"""What each command that previews takes."""


def _writable(
    _context: click.Context, _parameter: click.Parameter, given: Path | None
) -> Path | None:
    """A report's file; what is wrong with it is said before minutes are spent on a preview."""
    if given is not None and str(given).startswith("-"):
        raise click.BadParameter(f"{given} is no file. Fix: name the file to write, as ./{given}.")
    if given is None:
        return None
    folder = given.absolute().parent
    if not folder.is_dir():
        raise click.BadParameter(f"there is no folder {given.parent}. Fix: make it.")
    if given.is_dir():
        raise click.BadParameter(f"{given} is a folder. Fix: name the file to write.")
    if not os.access(given if given.exists() else folder, os.W_OK):
        raise click.BadParameter(f"{given} is not for you to write. Fix: name another file.")
    return given


def _report_option(output: Output) -> Callable[..., Callable[..., None]]:
    return click.option(
        f"--{output.option}",
        f"to_{output.option}",
        metavar="FILE",
        type=click.Path(path_type=Path, dir_okay=False),
        callback=_writable,
        help=f"Write {output.kind} here.",
    )


_REPORTS: Final = (
    *map(_report_option, OUTPUTS),
    click.option(
        "--rehearsal",
        metavar="FILE",
        type=FILE,
        callback=lambda *given: _rehearsed(given[2]),
        expose_value=False,
        help="Write here what is left when a region is lost: a name that ends with .html, .md or "
        ".svg, or a folder for all of them.",
    ),
)


def previewing(function: Callable[..., None]) -> Callable[..., None]:
    """The command with the options of each that previews."""
    return _with(function, _PREVIEWS)


def reporting(function: Callable[..., None]) -> Callable[..., None]:
    """The command with the options of each that reports."""
    return _with(function, _REPORTS)


def _with(
    function: Callable[..., None], options: Sequence[Callable[..., Callable[..., None]]]
) -> Callable[..., None]:
    for each in reversed(options):
        function = each(function)
    return function


def day_to_come(given: str | None) -> date | None:
    """The last day of an exemption. Raises `Fault` where it is none, or is over."""
    if given is None:
        return None
    try:
        day = datetime.strptime(given, "%Y-%m-%d").date()
    except ValueError:
        raise Fault(f"--expires {given} is no day. Fix: give it as YYYY-MM-DD.") from None
    if day < date.today():
        raise Fault(f"--expires {day} is over already. Fix: give a day to come.")
    return day


def _rehearsed(to: Path | None) -> None:
    """Let the pack write its report: it reads where to from the environment."""
    if to is not None:
        try:
            files.place(str(to.absolute()))
        except files.PlaceError as error:
            raise Fault(f"--rehearsal: {error}") from None
        os.environ[REHEARSAL] = str(to.absolute())


def reports_in(given: Mapping[str, Any]) -> tuple[dict[str, Path | None], dict[str, Any]]:
    """The files of the reports among what click gives, by the reports' options; and the rest.
    Raises `Fault` where two of them would be one file."""
    rest = dict(given)
    to = {each.option: rest.pop(f"to_{each.option}") for each in OUTPUTS}
    options: dict[Path, str] = {}
    for option, file in to.items():
        if file is not None and options.setdefault(file.resolve(), option) != option:
            raise Fault(
                f"--{options[file.resolve()]} and --{option} both write {file}. Fix: name a file "
                "for each."
            )
    return to, rest
