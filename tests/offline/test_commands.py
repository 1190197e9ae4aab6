"""`python -m offline preview` as a person runs it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from offline import __main__ as commands
from offline.engine import Engine
from offline.previews import CONFIG_VARIABLE

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """\
import pulumi
import pulumi_aws as aws

config = pulumi.Config()
aws.ec2.Vpc("vpc", cidr_block=config.require("range"))
pulumi.export("passwordLength", len(config.require("password")))
"""

PROJECT = """\
name: mine
runtime: python
config:
  range: {type: string}
  password: {type: string, secret: true}
"""

PACK = """\
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

def check(args, report_violation):
    if args.resource_type.endswith(":Vpc"):
        report_violation("No VPCs.")

PolicyPack("pack", policies=[
    ResourceValidationPolicy("no-vpc", "About VPCs.", check, EnforcementLevel.MANDATORY)
])
"""


@pytest.fixture(scope="module", autouse=True)
def _engine() -> None:
    """Make the CLI before a test counts seconds."""
    Engine.prepare()


@pytest.fixture
def program(tmp_path: Path) -> Path:
    directory = tmp_path / "program"
    directory.mkdir()
    (directory / "Pulumi.yaml").write_text(PROJECT)
    (directory / "__main__.py").write_text(PROGRAM)
    return directory


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    directory = tmp_path / "pack"
    directory.mkdir()
    (directory / "PulumiPolicy.yaml").write_text("runtime: python\nversion: 0.0.1\n")
    (directory / "__main__.py").write_text(PACK)
    return directory


def run(
    *words: object, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "offline", *map(str, words)],
        cwd=cwd or ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run a preview, in this process, that is refused before anything runs; returns what it prints
    as its error."""

    def run_it(*words: object) -> str:
        kept = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGHUP)}
        try:
            code: str | int | None = commands.main(["preview", *map(str, words)])
        except SystemExit as ended:  # argparse's
            code = ended.code
        finally:
            for each, handler in kept.items():
                signal.signal(each, handler)
        out, error = capsys.readouterr()
        assert (code, out) == (2, "")
        return str(error)

    return run_it


def test_a_preview_of_the_current_directory_shows_what_pulumi_says(program: Path) -> None:
    result = run("preview", "--config", "range=10.0.0.0/16", cwd=program)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "aws:ec2:Vpc vpc create" in result.stdout
    # A declared secret without a value gets a random one.
    assert "passwordLength: 35" in result.stdout
    assert "\x1b" not in result.stdout


def test_a_stack_file_of_the_program_is_the_base(program: Path) -> None:
    (program / "Pulumi.offline.yaml").write_text(
        "config:\n  mine:range: 10.1.0.0/16\n  aws:region: us-east-2\n"
        "  mine:password: {secure: v1:AAAA}\n"
    )
    before = (program / "Pulumi.offline.yaml").read_text()
    result = run("preview", "--stack", program, "--config", "password=short")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "passwordLength: 5" in result.stdout
    assert (program / "Pulumi.offline.yaml").read_text() == before
    names = ["Pulumi.offline.yaml", "Pulumi.yaml", "__main__.py"]
    assert sorted(path.name for path in program.iterdir()) == names


def test_a_program_has_its_own_environment_and_of_the_user_s_region_and_form_of_sets(
    program: Path,
) -> None:
    """The program's SDK is the one that it runs with, wherever that is installed."""
    environment = program / "venv" / "bin"
    environment.mkdir(parents=True)
    (environment / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (environment / "python").chmod(0o755)
    text = PROJECT.replace(
        "runtime: python", "runtime: {name: python, options: {virtualenv: venv}}"
    )
    (program / "Pulumi.yaml").write_text(text)
    (program / "__main__.py").write_text(
        "import os, pulumi, pulumi_aws as aws\n"
        "vpc = aws.ec2.Vpc('vpc', cidr_block='10.0.0.0/16')\n"
        "pulumi.export('region', vpc.region)\n"
        "pulumi.export('sets', os.environ['AWS_STANDIN_SETS'])\n"
        "pulumi.export('profile', os.environ.get('AWS_PROFILE', 'none'))\n"
        "pulumi.export('venv', os.environ['VIRTUAL_ENV'])\n"
        "pulumi.export('whose', f'{pulumi.get_organization()}/{pulumi.get_stack()}')\n"
    )
    env = {"AWS_REGION": "sa-east-1", "AWS_STANDIN_SETS": "collapse", "AWS_PROFILE": "mine"}
    result = run("preview", "--stack", program, "--config", "range=x", env=env)
    assert 'region : "sa-east-1"' in result.stdout, result.stdout + result.stderr
    assert 'sets   : "collapse"' in result.stdout
    assert 'profile: "none"' in result.stdout
    assert f'venv   : "{program / "venv"}"' in result.stdout
    assert 'whose  : "organization/offline"' in result.stdout


def test_a_pack_decides_the_exit_code_and_its_events_are_kept_for_reports(
    program: Path, pack: Path, tmp_path: Path
) -> None:
    words = ("preview", "--stack", program, "--pack", pack, "--config", "range=10.0.0.0/16")
    # The events of an earlier run are gone.
    (tmp_path / "events.jsonl").write_text('{"policyEvent": {"policyName": "of an earlier run"}}\n')
    result = run(*words, "--events", "events.jsonl", cwd=tmp_path)
    assert result.returncode == 1
    lines = (tmp_path / "events.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line).get("policyEvent") for line in lines]
    assert [each["policyName"] for each in found if each] == ["no-vpc"]
    assert "[mandatory]  no-vpc  (aws:ec2:Vpc: vpc)" in result.stdout
    config = tmp_path / "config.json"
    config.write_text('{"no-vpc": "advisory"}')
    result = run(*words, "--policy-config", config)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "[advisory]  no-vpc" in result.stdout


def test_what_is_given_for_a_secret_is_shown_nowhere(
    program: Path, pack: Path, tmp_path: Path
) -> None:
    """Neither what is a secret by its declaration or its name, nor what only the program knows to
    be one, which is in the engine's list of settings."""
    (program / "__main__.py").write_text(
        PROGRAM + "for name in ('apiToken', 'login'):\n"
        "    pulumi.export(name, config.require(name))\n"
        "pulumi.export('pin', config.require_secret('pin'))\n"
    )
    values = {"password": "hunter2-$x'\"", "apiToken": "hunter3-t", "pin": "hunter4-p"}
    given = " ".join(f"{key}={value}" for key, value in values.items())
    env = {CONFIG_VARIABLE: f"{given} range=10.0.0.0/16 login=in-the-clear"}
    words = ("preview", "--stack", program, "--pack", pack, "--events", tmp_path / "events.jsonl")
    result = run(*words, env=env)
    events = (tmp_path / "events.jsonl").read_text(encoding="utf-8")
    assert "in-the-clear" in result.stdout
    assert "10.0.0.0/16" in events
    assert f"passwordLength: {len(values['password'])}" in result.stdout
    assert "hunter" not in result.stdout + result.stderr + events


def test_no_command_holds_a_secret(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list of processes shows every word of every command."""
    seen: list[tuple[Sequence[str], Mapping[str, str], str]] = []

    def note(
        command: Sequence[str], env: Mapping[str, str], given: str = "", *_: object
    ) -> tuple[int, str]:
        seen.append((command, env, given))
        return 0, ""

    monkeypatch.setattr(
        Engine, "run", lambda _, command, cwd, env, seconds, given="": note(command, env, given)
    )
    monkeypatch.setattr(commands, "_foreground", lambda command, cwd, env: note(command, env)[0])
    monkeypatch.setenv(CONFIG_VARIABLE, "password=hunter2 range=10.0.0.0/16")
    monkeypatch.setenv("CONFIG", "password=hunter2")
    monkeypatch.setenv("MAKEFLAGS", " -- CONFIG=password=hunter2")
    assert commands.main(["preview", "--stack", str(program)]) == 0
    assert [given for _, _, given in seen if given] == ["hunter2"]
    assert all("hunter2" not in text for words, env, _ in seen for text in (*words, *env.values()))


@pytest.mark.parametrize(
    "words",
    [
        ("--config", "password=a", "hunter2"),
        ("--config", "password=a", "--config", "hunter2"),
        ("--config", "=hunter2"),
        ("--confg=password=hunter2",),
    ],
)
def test_mistakes_repeat_no_value(
    program: Path, refused: Callable[..., str], words: tuple[str, ...]
) -> None:
    error = refused("--stack", program, *words)
    assert "error: " in error
    assert "hunter2" not in error


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--stack", "no-such-directory"], "is not a Pulumi program: it has no Pulumi.yaml"),
        (["--config", "a=1", "--config", "range"], "number 2 of 2 is not"),
        (["--policy-config", "x.json"], "--policy-config needs --pack"),
        (["--pack", "{pack}", "--policy-config", "x.json"], "There is no file x.json"),
        (["--events", "no/such/events.jsonl"], "There is no directory"),
        (["--pack", "no-such-directory"], "is not a policy pack"),
    ],
)
def test_mistakes_give_one_message(
    program: Path, pack: Path, refused: Callable[..., str], words: list[str], message: str
) -> None:
    given = [word.replace("{pack}", str(pack)) for word in words]
    stack = () if "--stack" in given else ("--stack", program)
    config = () if "--config" in given else ("--config", "range=10.0.0.0/16")
    error = refused(*stack, *config, *given)
    assert message in error
    assert error.startswith("error: ")


def test_other_languages_are_named(program: Path, refused: Callable[..., str]) -> None:
    (program / "Pulumi.yaml").write_text("name: mine\nruntime: dotnet\n")
    error = refused("--stack", program)
    assert "mine is a dotnet program. The offline engine runs programs in Python" in error


def test_packages_that_are_not_installed_are_named(
    program: Path, refused: Callable[..., str]
) -> None:
    (program / "Pulumi.yaml").write_text("name: mine\nruntime: nodejs\n")
    error = refused("--stack", program)
    assert "has no node_modules with @pulumi/pulumi. Fix: run `npm install`" in error


def test_aws_without_credentials_names_the_ways_to_give_them(
    program: Path,
    refused: Callable[..., str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    none = ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE", *commands.CREDENTIAL_VARIABLES)
    for name in none:
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("HOME", str(tmp_path))
    error = refused("--stack", program, "--engine", "aws")
    for word in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "aws configure", "--engine"):
        assert word in error


def test_aws_uses_the_user_s_credentials_and_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.setenv("PULUMI_HOME", "/my/home")
    given = {
        "PULUMI_HOME": "/repository/home",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_BACKEND_URL": "file:///scratch",
    }
    env = commands._aws_environment(given)
    assert env["AWS_PROFILE"] == "mine"
    assert env["PULUMI_HOME"] == "/my/home"
    assert env["PULUMI_BACKEND_URL"] == "file:///scratch"
    assert "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION" not in env


def test_ctrl_c_ends_everything(program: Path, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    (program / "__main__.py").write_text(
        f"import os, time\nopen({str(pid)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)\n"
    )
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "offline",
            "preview",
            "--stack",
            str(program),
            "--config",
            "range=x",
        ],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(scratch)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    deadline = time.monotonic() + 30
    while not (pid.exists() and pid.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    # As a terminal does it: the signal goes to the whole group.
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode != 0
    assert "Traceback" not in out + err
    assert not Path("/proc", pid.read_text()).exists()
    assert list(scratch.iterdir()) == []
