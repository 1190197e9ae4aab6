"""The command line."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console

from policies.rehearsal.report import files
from policies.serving.rehearsals import VARIABLE as REHEARSAL
from reports import contents, pack, places, words
from reports.documents import InputError, documents
from reports.events import read_all
from reports.log import Log
from reports.outputs import OUTPUTS, Given, Output
from reports.record import with_records

from . import baseline as baselines
from . import pages, runs, settings, terminal
from .asked import Asked, analyzed, ran
from .errors import Fault
from .exported import declared_in
from .pack_folder import pack_folder

_FILE: Final = click.Path(path_type=Path)
_CONFIG_FILE: Final = click.option(
    "--config-file",
    metavar="FILE",
    type=_FILE,
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
        type=_FILE,
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
    _CONFIG_FILE,
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
        type=_FILE,
        callback=lambda *given: _rehearsed(given[2]),
        expose_value=False,
        help="Write here what is left when a region is lost: a name that ends with .html, .md or "
        ".svg, or a folder for all of them.",
    ),
)


def _previewing(function: Callable[..., None]) -> Callable[..., None]:
    return _with(function, _PREVIEWS)


def _reporting(function: Callable[..., None]) -> Callable[..., None]:
    return _with(function, _REPORTS)


def _with(
    function: Callable[..., None], options: Sequence[Callable[..., Callable[..., None]]]
) -> Callable[..., None]:
    for each in reversed(options):
        function = each(function)
    return function


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(pack.version(), prog_name=pack.NAME, message="%(prog)s %(version)s")
def command() -> None:
    """Stops AWS disaster-recovery stacks that cannot deploy, or would not fail over, at preview.

    It judges Pulumi programs in any language.
    """


@command.command(
    short_help="Run `pulumi preview` with the pack, and sum it up.",
    context_settings={"ignore_unknown_options": True},
)
@_previewing
@_reporting
def preview(**given: Any) -> None:
    """Run `pulumi preview` with the pack, and sum up what it found.

    ARGUMENTS are pulumi's own: `aws-dr-preflight preview --stack prod --refresh`.
    """
    files, asked = _reports_in(given)
    with ran(wanted := _asked(**asked)) as outcome:
        _report(Given(_logs(outcome), _places(wanted.folder, outcome)), files)
    raise SystemExit(outcome.code)


@command.command(short_help="Judge what stacks have deployed, and sum it up.")
@click.option("--stack", "stacks", metavar="NAME", multiple=True, help="A stack that is deployed.")
@click.option("--file", "files", metavar="EXPORT", multiple=True, type=_FILE, help="Its export.")
@_CONFIG_FILE
@_reporting
def analyze(
    *,
    stacks: tuple[str, ...],
    files: tuple[Path, ...],
    config_file: Path | None,
    **given: Any,
) -> None:
    """Judge what stacks have deployed, all of them together, and sum up what was found.

    Give `--stack NAME` or `--file EXPORT` (of `pulumi stack export`), each as often as needed.
    """
    if not stacks and not files:
        raise Fault("there is no stack to look at. Fix: name one with --stack or --file.")
    to, _ = _reports_in(given)
    with analyzed(stacks, files, config_file) as outcome:
        found = Given(_logs(outcome), declared_in(Path.cwd(), outcome.documents))
        terminal.in_full(found.logs, Console(highlight=False))
        _report(found, to)
    raise SystemExit(outcome.code)


@command.command(short_help="Print the folder for `pulumi --policy-pack`.")
def path() -> None:
    """Print the pack's folder, for `pulumi preview --policy-pack "$(aws-dr-preflight path)"`."""
    click.echo(pack_folder())


@command.command("list")
def list_policies() -> None:
    """List the policies."""
    terminal.policies(Console())


@command.command()
@click.argument("policy")
@click.argument("refusal", required=False)
def explain(policy: str, refusal: str | None) -> None:
    """Show the page of POLICY, or what it says of one REFUSAL."""
    rule = pages.named(policy)
    text = pages.page(rule) if refusal is None else pages.refusal(rule, refusal)
    terminal.markdown(text, Console())


@command.command("check-config", short_help="Tell every mistake of a configuration.")
@click.argument("files", nargs=-1, metavar="[FILE]...", type=_FILE)
def check_config(files: tuple[Path, ...]) -> None:
    """Check each configuration FILE without a network, and tell the line of every mistake."""
    found = files or tuple(each for each in (settings.find(Path.cwd()),) if each)
    if not found:
        raise Fault(f"there is no {', '.join(settings.NAMES)} here. Fix: name the file.")
    fine = [_is_fine(Path(os.path.relpath(each))) for each in found]
    if not all(fine):
        raise SystemExit(1)


def _is_fine(file: Path) -> bool:
    """Whether a configuration has no mistake; what there is to say of it is printed."""
    mistakes = settings.mistakes(file, date.today())
    for each in mistakes:
        click.echo(f"{file}:{each.line}: {each.text}")
    if not mistakes:
        click.echo(f"{file} is fine.")
    return not mistakes


@command.command(
    short_help="Exempt today's mandatory findings.",
    context_settings={"ignore_unknown_options": True},
)
@_previewing
@click.option("--reason", required=True, help="Why they may pass for now.")
@click.option(
    "--expires",
    callback=lambda *given: _day(given[2]),
    metavar="YYYY-MM-DD",
    help="The last day on which they may.",
)
def baseline(*, reason: str, expires: date | None, **asked: object) -> None:
    """Exempt today's mandatory findings in the configuration file, so that only new ones stop a
    preview. ARGUMENTS are those of `pulumi preview`."""
    wanted = _asked(**asked)
    target = wanted.config_file or settings.find(wanted.folder)
    target = target or wanted.folder / settings.NAMES[0]
    if target.suffix != ".json":
        raise Fault(
            f"{target} is YAML, and its comments would be lost. Fix: name a JSON file with "
            "--config-file and copy what you need."
        )
    if not reason.strip():
        raise Fault("an exemption needs a reason. Fix: give one with --reason.")
    with ran(wanted) as outcome:
        logs = _logs(outcome)
    found = contents.of(logs, places.nowhere())
    findings = [each for log in logs for each in log.findings]
    if found.errors or not (found.is_complete or findings):
        raise Fault(
            "the preview failed before every policy was asked, so nothing was written. Fix: make "
            "the program run first."
        )
    before = settings.load(target) if target.exists() else {}
    after = baselines.merged(before, findings, reason, expires)
    _write(target, lambda: json.dumps(after, indent=2, ensure_ascii=False) + "\n")
    new = baselines.added(before, after)
    said = f"{words.number(new, 'new exemption')}." if new else "nothing new to exempt."
    again = "" if found.is_complete else " Not every policy was asked: run this again."
    click.echo(f"{target}: {said}{again}", err=True)


def _day(given: str | None) -> date | None:
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


def _asked(**asked: object) -> Asked:
    """What was asked for, from click's own values."""
    return Asked(**asked)  # type: ignore[arg-type]


def _logs(outcome: runs.Outcome) -> tuple[Log, ...]:
    """What the events say. Where there are none, the engine has said why."""
    try:
        logs = read_all([("the run", outcome.events.read_bytes())])
    except (InputError, OSError):
        raise SystemExit(outcome.code or 2) from None
    return with_records(logs, [_record(outcome)])


def _reports_in(given: Mapping[str, Any]) -> tuple[dict[str, Path | None], dict[str, Any]]:
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


def _report(given: Given, to: Mapping[str, Path | None]) -> None:
    for each in OUTPUTS:
        _write(to[each.option], partial(each.render, given))
    terminal.show(given.report, Console(highlight=False))


def _places(folder: Path, outcome: runs.Outcome) -> places.Places:
    try:
        return places.find(folder, tuple(documents("the run", outcome.documents.read_bytes())))
    except InputError as error:
        raise Fault(str(error)) from None


def _record(outcome: runs.Outcome) -> Mapping[str, object]:
    """What the pack says beside its findings; nothing where the run ended before it could."""
    if not outcome.record.exists():
        return {}
    (found,) = documents("the record", outcome.record.read_bytes())
    return found


def _write(target: Path | None, text: Callable[[], str]) -> None:
    if target is None:
        return
    try:
        target.write_text(text(), encoding="utf-8")
    except OSError as error:
        raise Fault(
            f"cannot write {target}: {error.strerror}. Fix: name a file in a folder that exists."
        ) from None
