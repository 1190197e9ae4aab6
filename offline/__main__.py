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

from offline import project as projects
from offline.cli import CliError, ensure_pulumi
from offline.engine import Engine, EngineError, Stack, pack_arguments
from offline.project import Project, ProjectError
from offline.standin.install import SdkError
from offline.standin.provider import SETS_VARIABLE

CONFIG_FILE = "Pulumi.offline.yaml"

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


class UsageError(Exception):
    """The command line asks for something impossible; the text says what and the remedy."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit code. Errors are one message on stderr and code 2."""
    parser = _parser()
    options = parser.parse_args(arguments)
    # SIGTERM ends this like Ctrl-C does: what is half-built is removed, children are ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        if options.command == "cli":
            print(ensure_pulumi())
            return 0
        return preview(options)
    except (CliError, ProjectError, EngineError, SdkError, UsageError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 128 + signal.SIGINT


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
    command.add_argument("--pack", metavar="DIR", type=Path, help="directory of a policy pack")
    command.add_argument(
        "--policy-config", metavar="FILE", type=Path, help="JSON configuration of the pack"
    )
    command.add_argument(
        "--config",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="a setting of the program; may be given several times",
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
            raise UsageError("--policy-config needs --pack.")
        if not options.policy_config.exists():
            raise UsageError(f"There is no file {options.policy_config}.")
    program = projects.load_program(options.stack)
    if options.engine == "offline" and program.runtime != "python":
        raise UsageError(
            f"{program.name} is a {program.runtime} program. The offline engine runs Python "
            "programs only; use --engine aws with your own Pulumi installation for this one."
        )
    engine = Engine.prepare()
    with tempfile.TemporaryDirectory(prefix="aws-dr-preflight-") as scratch:
        workdir = Path(scratch)
        stack = _stack(engine, program, options, workdir)
        command, env = stack.command("preview")
        if options.engine == "aws":
            env = _aws_environment(env)
        if options.pack is not None:
            command += pack_arguments(options.pack, options.policy_config, workdir)
        if options.events is not None:
            command += ["--event-log", str(_writable(options.events))]
        color = "always" if sys.stdout.isatty() else "never"
        command += ["--non-interactive", "--color", color]
        return _foreground(command, stack.project.directory, env)


def _writable(file: Path) -> Path:
    """The absolute path of a file to write. Raises UsageError where there is no such directory."""
    path = file.absolute()
    if not path.parent.is_dir():
        raise UsageError(f"There is no directory {path.parent} for {path.name}.")
    return path


def _stack(engine: Engine, program: Project, options: argparse.Namespace, workdir: Path) -> Stack:
    file = options.stack / CONFIG_FILE
    config = projects.base_config(program, file)
    for item in options.config:
        key, separator, value = item.partition("=")
        if not separator or not key:
            raise UsageError(f"--config takes KEY=VALUE, not {item!r}.")
        config[program.full_key(key)] = value
    wanted = [*program.secret_settings(), *projects.encrypted_settings(program, file)]
    secrets = {key: projects.random_secret() for key in wanted if key not in config}
    # A value that was given for a setting declared secret is kept secret, as Pulumi would.
    for key in program.secret_settings():
        if key in config:
            secrets[key] = str(config.pop(key))
    # A program may rely on the region of its environment, as it does with real AWS.
    passed_on = ("AWS_REGION", "AWS_DEFAULT_REGION", SETS_VARIABLE)
    env = {key: os.environ[key] for key in passed_on if key in os.environ}
    return engine.stack(
        options.stack,
        config=config,
        secrets=secrets,
        pack=options.pack,
        policy_config=options.policy_config,
        env=env,
        workdir=workdir,
    )


def _aws_environment(env: dict[str, str]) -> dict[str, str]:
    """Return the environment for a preview against AWS: the user's credentials and plugins.

    Raises UsageError when there are no credentials.
    """
    files = (
        os.environ.get("AWS_SHARED_CREDENTIALS_FILE") or Path.home() / ".aws" / "credentials",
        os.environ.get("AWS_CONFIG_FILE") or Path.home() / ".aws" / "config",
    )
    if not any(os.environ.get(name) for name in CREDENTIAL_VARIABLES) and not any(
        Path(file).exists() for file in files
    ):
        raise UsageError(
            "--engine aws needs AWS credentials, and none were found. Set AWS_PROFILE, or "
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run `aws configure`; on a machine "
            "with an instance role set AWS_EC2_METADATA_SERVICE_ENDPOINT. Without credentials, "
            "leave --engine out."
        )
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
