"""The command line."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from reports import contents, pack, places, words
from reports.documents import InputError, documents
from reports.events import read_all
from reports.log import Log
from reports.outputs import OUTPUTS, Given
from reports.record import with_records

from . import baseline as baselines
from . import pages, runs, settings, terminal
from .asked import Asked, analyzed, ran
from .errors import Fault
from .exported import declared_in
from .options import CONFIG_FILE, FILE, day_to_come, previewing, reporting, reports_in
from .pack_folder import pack_folder


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
@previewing
@reporting
def preview(**given: Any) -> None:
    """Run `pulumi preview` with the pack, and sum up what it found.

    ARGUMENTS are pulumi's own: `aws-dr-preflight preview --stack prod --refresh`.
    """
    files, asked = reports_in(given)
    with ran(wanted := _asked(**asked)) as outcome:
        _report(Given(_logs(outcome), _places(wanted.folder, outcome)), files)
    raise SystemExit(outcome.code)


@command.command(short_help="Judge what stacks have deployed, and sum it up.")
@click.option("--stack", "stacks", metavar="NAME", multiple=True, help="A stack that is deployed.")
@click.option("--file", "files", metavar="EXPORT", multiple=True, type=FILE, help="Its export.")
@CONFIG_FILE
@reporting
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
    to, _ = reports_in(given)
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
@click.argument("files", nargs=-1, metavar="[FILE]...", type=FILE)
def check_config(files: tuple[Path, ...]) -> None:
    """Check each configuration FILE without a network, and tell the line of every mistake."""
    found = files or tuple(each for each in (settings.find(Path.cwd()),) if each)
    if not found:
        raise Fault(f"there is no {', '.join(settings.NAMES)} here. Fix: name the file.")
    worst = max([_checked(Path(os.path.relpath(each))) for each in found])
    if worst:
        raise SystemExit(worst)


def _checked(file: Path) -> int:
    """Print what there is to say of a configuration; return the exit code that it deserves."""
    try:
        mistakes = settings.mistakes(file, date.today())
    except Fault as fault:
        fault.show()
        return fault.exit_code
    for each in mistakes:
        click.echo(f"{file}:{each.line}: {each.text}")
    if not mistakes:
        click.echo(f"{file} is fine.")
    return 1 if mistakes else 0


@command.command(
    short_help="Exempt today's mandatory findings.",
    context_settings={"ignore_unknown_options": True},
)
@previewing
@click.option("--reason", required=True, help="Why they may pass for now.")
@click.option(
    "--expires",
    callback=lambda *given: day_to_come(given[2]),
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
