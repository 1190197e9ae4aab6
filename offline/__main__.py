"""Commands: `python -m offline cli` and `python -m offline preview`."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from offline import project as projects
from offline.cli import CliError, ensure_pulumi
from offline.engine import Engine, EngineError, pack_arguments
from offline.other_stacks import OutputsError
from offline.previews import (
    CONFIG_VARIABLE,
    UsageError,
    prepared,
    refuse_what_cannot_run,
    without_settings,
)
from offline.progress import note
from offline.project import ProjectError
from offline.standin.install import SdkError

# Where the AWS SDKs find credentials. A machine with an instance role sets none of these; naming
# its metadata endpoint says that it has one.
CREDENTIAL_VARIABLES = (
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit code. Errors are one message on stderr and code 2."""
    parser = _parser()
    options, strange = parser.parse_known_args(arguments)
    if strange:
        # What follows a space may be the rest of a secret value.
        flags = [word.partition("=")[0] for word in strange if word.startswith("--")]
        what = f": {' '.join(flags)}" if flags else ""
        parser.error(f"unrecognized arguments{what} (a value with spaces needs quotes)")
    # These end it like Ctrl-C does: what is half-built or holds settings is removed, children are
    # ended. `nohup` has SIGHUP ignored, and means it.
    signal.signal(signal.SIGTERM, _exit)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _exit)
    try:
        if options.command == "cli":
            print(ensure_pulumi())
            return 0
        return preview(options)
    except (CliError, ProjectError, EngineError, OutputsError, SdkError, UsageError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 128 + signal.SIGINT


def _exit(number: int, _: object) -> NoReturn:
    sys.exit(128 + number)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m offline", description="Run the real Pulumi engine without AWS."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser(
        "cli", help="print a directory with a Pulumi CLI to put on PATH, making one if need be"
    )
    command = commands.add_parser("preview", help="preview a program, with a policy pack if given")
    command.add_argument(
        "--stack",
        metavar="DIR",
        type=Path,
        default=Path(),
        help="directory of the program's Pulumi.yaml (default: here)",
    )
    command.add_argument(
        "--stack-name",
        metavar="NAME",
        default="",
        help="the stack whose settings are read, Pulumi.NAME.yaml, and whose name the program is "
        "told; without it Pulumi.offline.yaml, else the selected stack, else the only one there is",
    )
    command.add_argument(
        "--stack-config", metavar="FILE", type=Path, help="read the stack's settings here instead"
    )
    command.add_argument(
        "--stack-outputs",
        metavar="[STACK=]FILE",
        action="append",
        default=[],
        help="what a StackReference to STACK finds: JSON of `pulumi stack output --json` or of "
        "`pulumi stack export`; may be given several times",
    )
    command.add_argument("--pack", metavar="DIR", type=Path, help="directory of a policy pack")
    command.add_argument(
        "--policy-config", metavar="FILE", type=Path, help="JSON configuration of the pack"
    )
    command.add_argument(
        "--config",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="a setting of the program; may be given several times. A setting that Pulumi.yaml "
        "declares secret, or whose name says so, is kept as a secret. Settings in the environment "
        f"variable {CONFIG_VARIABLE} do not show in the list of processes",
    )
    command.add_argument(
        "--events", metavar="FILE", type=Path, help="write the engine's events here, for reports"
    )
    command.add_argument(
        "--engine",
        choices=("offline", "aws"),
        default="offline",
        help="offline: a stand-in answers for AWS (default); aws: the real provider and your "
        "credentials, with a scratch state",
    )
    return parser


def preview(options: argparse.Namespace) -> int:
    """Preview a program and show what the engine prints; return its exit code."""
    if options.policy_config is not None:
        if options.pack is None:
            raise UsageError(
                "--policy-config needs --pack. Fix: name the pack's directory with --pack."
            )
        if not options.policy_config.exists():
            raise UsageError(
                f"There is no file {options.policy_config}. Fix: correct --policy-config."
            )
    events = None if options.events is None else _writable(options.events)
    program = projects.load_program(options.stack)
    if options.engine == "offline":
        refuse_what_cannot_run(program)
    else:
        _refuse_without_credentials()
    ready = prepared(
        program,
        stack=options.stack_name,
        stack_config=options.stack_config,
        given=options.config,
        stack_outputs=options.stack_outputs,
        policy_config=options.policy_config,
    )
    note(ready.remarks())
    engine = Engine.prepare()
    with tempfile.TemporaryDirectory(prefix="aws-dr-preflight-") as scratch:
        workdir = Path(scratch)
        stack = ready.stack(engine, workdir, pack=options.pack, policy_config=options.policy_config)
        log = workdir / "events.jsonl"
        words = ["--event-log", str(log), "--non-interactive"]
        words += ["--color", "always" if sys.stdout.isatty() else "never"]
        if options.pack is not None:
            words += pack_arguments(options.pack, options.policy_config, workdir)
        with ready.running(stack) as (command, env):
            own = _aws_environment(env) if options.engine == "aws" else env
            try:
                return _foreground([*command, *words], stack.project.directory, own)
            finally:
                said = log.read_text("utf-8") if log.exists() else ""
                if events is not None and said:
                    events.write_text(without_settings(said, ready.given), "utf-8")
                note(ready.afterwards(said))


def _writable(file: Path) -> Path:
    """The absolute path of a file to write. Raises UsageError where there is no such directory."""
    path = file.absolute()
    if not path.parent.is_dir():
        raise UsageError(f"There is no directory {path.parent} for {path.name}. Fix: make it.")
    return path


def _refuse_without_credentials() -> None:
    """Raises UsageError where there are no credentials for AWS."""
    files = (
        os.environ.get("AWS_SHARED_CREDENTIALS_FILE") or Path.home() / ".aws" / "credentials",
        os.environ.get("AWS_CONFIG_FILE") or Path.home() / ".aws" / "config",
    )
    if not any(os.environ.get(name) for name in CREDENTIAL_VARIABLES) and not any(
        Path(file).exists() for file in files
    ):
        raise UsageError(
            "--engine aws needs AWS credentials, and none were found. Fix: set AWS_PROFILE, or "
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run `aws configure`; on a machine "
            "with an instance role set AWS_EC2_METADATA_SERVICE_ENDPOINT. Without credentials, "
            "leave --engine out."
        )


def _aws_environment(env: dict[str, str]) -> dict[str, str]:
    """Return the environment for a preview against AWS: the user's credentials and plugins."""
    mine = {key: value for key, value in os.environ.items() if key.startswith("AWS_")}
    changed = {**env, **mine}
    for name in ("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "PULUMI_HOME"):
        changed.pop(name, None)
    if "PULUMI_HOME" in os.environ:
        changed["PULUMI_HOME"] = os.environ["PULUMI_HOME"]
    return changed


def _foreground(command: list[str], cwd: Path, env: dict[str, str]) -> int:
    """Run a command on the user's terminal; return its exit code."""
    process = subprocess.Popen(command, cwd=cwd, env=env)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            # The terminal has sent Ctrl-C to the engine too, which ends in its own good order.
            continue
        except SystemExit:
            process.terminate()
            process.wait()
            raise


if __name__ == "__main__":
    sys.exit(main())
