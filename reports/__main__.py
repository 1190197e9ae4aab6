"""Turn the engine's events into reports: HTML, Markdown, SARIF 2.1.0, JUnit XML and JSON."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

try:
    from . import pack, places, words
    from .documents import InputError, documents
    from .events import read_all
    from .log import Log
    from .outputs import OUTPUTS, Given
    from .record import with_records
except ModuleNotFoundError as missing:
    print(
        f"error: there is no Python module {missing.name}. Fix: run `{sys.executable} -m pip "
        f"install -r {Path(__file__).with_name('requirements.txt')}`.",
        file=sys.stderr,
    )
    sys.exit(2)
from policies.rule import Level

_EPILOG = """\
INPUT is one or more of
  FILE of `PULUMI_DEBUG_COMMANDS=true pulumi preview --policy-pack DIR --event-log FILE`
  the output of `PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true pulumi preview --policy-pack DIR --json`
  the output of `pulumi up --policy-pack DIR --json`
  the output of `pulumi policy analyze --policy-pack DIR --json`

Exit codes: 0 written; 1 written, and there is what --fail-on names; 2 nothing to report on.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the reports that were asked for."""
    options = _parser().parse_intermixed_args(arguments)
    wanted = [(each, to) for each in OUTPUTS if (to := getattr(options, each.option))]
    if not wanted:
        *most, last = (f"--{each.option}" for each in OUTPUTS)
        return _refuse(f"nothing to write. Fix: name a file with {', '.join(most)} or {last}.")
    try:
        logs = read_all(map(_input, options.input or ["-"]))
        logs = with_records(logs, (each for name in options.record for each in _record(name)))
        for log in logs:
            for warning in _warnings(log):
                _say(f"warning: {_prefix(log, logs)}{warning}")
        given = Given(logs, _places(options, logs), options.strict)
        for output, to in wanted:
            _write(to, output.render(given))
    except InputError as error:
        return _refuse(str(error))
    for log, stack in zip(logs, given.report.stacks, strict=True):
        _say(_prefix(log, logs) + words.findings(stack))
        for each in stack.endings:
            _say(f"{_prefix(log, logs)}{words.notice(each)}")
    failed = any(log.errors for log in logs)
    mandatory, advisory = (any(log.count(level) for log in logs) for level in _BY_WEIGHT)
    fails = {
        "never": False,
        "mandatory": mandatory or failed,
        "advisory": mandatory or advisory or failed,
    }
    return 1 if fails[options.fail_on] else 0


_BY_WEIGHT = (Level.MANDATORY, Level.ADVISORY)


def _prefix(log: Log, logs: Sequence[Log]) -> str:
    """Which stack a line is about, where there are several."""
    if len(logs) == 1:
        return ""
    return f"{log.stack or 'a run that names no stack'}: "


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m reports",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "input",
        nargs="*",
        metavar="INPUT",
        help="the events, of one stack or several, which are kept apart; - for standard input",
    )
    for each in OUTPUTS:
        parser.add_argument(
            f"--{each.option}",
            metavar="OUT",
            help=f"write {each.kind} here; - for standard output",
        )
    parser.add_argument(
        "--program",
        metavar="PATH",
        type=Path,
        help="the program's Pulumi.yaml, or another file of it; SARIF shows findings there whose "
        "line is not known (default: the one in the current directory)",
    )
    parser.add_argument(
        "--positions",
        metavar="FILE",
        help="show findings at the line that declares the resource; FILE is the output of "
        "`pulumi preview --json` without streaming, or of `pulumi stack export`",
    )
    parser.add_argument(
        "--record",
        metavar="FILE",
        action="append",
        default=[],
        help="what AWS_DR_PREFLIGHT_RECORD named in a run, for each run: exempted findings are "
        "then reported, and how many policies looked at how many resources",
    )
    parser.add_argument(
        "--strict", action="store_true", help="JUnit: advisory findings are failures too"
    )
    parser.add_argument(
        "--fail-on",
        choices=("mandatory", "advisory", "never"),
        default="never",
        help="exit with 1 if there are such findings or the engine's run failed (default: never, "
        "as the engine's own command has failed already)",
    )
    return parser


def _input(name: str) -> tuple[str, bytes]:
    """How messages call the input, and what it holds."""
    if name != "-":
        try:
            return name, Path(name).read_bytes()
        except OSError as error:
            raise InputError(
                f"cannot read {name}: {error.strerror}. Fix: give the file that the CLI wrote."
            ) from error
    if sys.stdin.isatty():
        raise InputError("no input. Fix: name the file with the engine's events, or pipe them in.")
    return "the input", sys.stdin.buffer.read()


def _record(name: str) -> Iterator[Mapping[str, object]]:
    """The record in a file: one object, or several one after the other."""
    return documents(*_input(name))


def _places(options: argparse.Namespace, logs: Sequence[Log]) -> places.Places:
    """Where resources are declared. SARIF alone cannot do without a file of the program."""
    named = documents(*_input(options.positions)) if options.positions else ()
    positions = [*logs[0].positions, *named]
    if not options.sarif and not options.program and not places.has_program(Path()):
        return places.nowhere()
    found = places.find(options.program, positions)
    if options.positions and not found.declared:
        _say(
            f"warning: {options.positions} names no line of the program, so findings are shown at "
            f"{found.program.path}. It should be what `pulumi preview --json` printed without "
            "streaming, or `pulumi stack export`, by a CLI and SDK that record lines."
        )
    return found


def _warnings(log: Log) -> list[str]:
    if not log.packs:
        return [f"policies were not asked: {error}" for error in log.errors]
    warnings = [
        f"the engine's run failed, so not every policy was asked: {error}" for error in log.errors
    ]
    if log.unfinished:
        names = ", ".join(log.unfinished)
        warnings.append(f"the run stopped before the stack policies of {names} were asked")
    if pack.NAME not in log.packs:
        warnings.append(f"{pack.NAME} did not run, only {', '.join(log.packs)}")
    return warnings


def _write(name: str, text: str) -> None:
    if name == "-":
        sys.stdout.write(text)
        return
    try:
        Path(name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"cannot write {name}: {error.strerror}. Fix: name a file in a directory that exists."
        ) from error


def _refuse(message: str) -> int:
    _say(f"error: {message}")
    return 2


def _say(message: str) -> None:
    print(message, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
