"""Interpreters, environments and settings of programs and packs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from offline import project as projects
from offline.project import ProjectError
from tests.virtualenvs import quick_python

ROOT = Path(__file__).resolve().parents[2]


def write(directory: Path, text: str, requirements: str | None = None) -> projects.Project:
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "Pulumi.yaml").write_text(text)
    if requirements is not None:
        (directory / "requirements.txt").write_text(requirements)
    return projects.load_program(directory)


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def silent(line: str) -> None:
    """Take a progress line."""


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DR_PREFLIGHT_CACHE", str(tmp_path / "cache"))


class TestInterpreter:
    def test_a_program_that_asks_for_nothing_runs_on_the_ambient_one(self, tmp_path: Path) -> None:
        program = write(tmp_path / "p", "name: p\nruntime: python\n")
        assert projects.ready_python(program, silent) is None

    def test_met_requirements_need_no_environment(self, tmp_path: Path) -> None:
        requirements = "# comment\npulumi>=3,<4  # SDK\n\nPyYAML; python_version > '3'\n"
        program = write(tmp_path / "p", "name: p\nruntime: python\n", requirements)
        assert projects.ready_python(program, silent) is None

    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ("pulumi>=3,<4", True),
            ("pulumi<3", False),
            ("no-such-package-here", False),
            ("no-such-package-here; python_version < '3'", True),
            ("-r other.txt", False),
            ("./local", False),
        ],
    )
    def test_which_requirements_are_met(self, tmp_path: Path, line: str, expected: bool) -> None:
        file = tmp_path / "requirements.txt"
        file.write_text(f"{line}\n")
        assert projects.met(file) is expected

    def test_unmet_requirements_get_an_environment_in_the_cache(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(projects, "met", lambda file: False)
        monkeypatch.setattr(sys, "executable", str(quick_python(tmp_path / "bin")))
        program = write(tmp_path / "p", "name: p\nruntime: python\n", "# nothing\n")
        python = projects.ready_python(program, silent)
        assert python is not None
        assert Path(python).is_relative_to(tmp_path / "cache")
        assert projects.ready_python(program, silent) == python
        assert names(program.directory) == ["Pulumi.yaml", "requirements.txt"]

    def test_a_missing_virtualenv_is_created_once(self, tmp_path: Path) -> None:
        text = "name: p\nruntime: {name: python, options: {virtualenv: env}}\n"
        program = write(tmp_path / "p", text, "# nothing\n")
        lines: list[str] = []
        python = projects.ready_python(program, lines.append)
        assert python == str(tmp_path / "p" / "env" / "bin" / "python")
        assert os.access(python, os.X_OK)
        assert "Creating the environment of p" in lines[0]
        lines.clear()
        assert projects.ready_python(program, lines.append) == python
        assert lines == []

    def test_an_environment_that_cannot_be_filled_is_not_left(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys, "executable", str(quick_python(tmp_path / "bin")))
        text = "name: p\nruntime: {name: python, options: {virtualenv: env}}\n"
        program = write(tmp_path / "p", text, f"{tmp_path}/no-such-package\n")
        with pytest.raises(ProjectError, match=r"(?s)no-such-package.*Fix: correct .*require"):
            projects.ready_python(program, silent)
        assert names(tmp_path / "p") == ["Pulumi.yaml", "requirements.txt"]

    def test_other_toolchains_are_the_user_s_to_run(self, tmp_path: Path) -> None:
        program = write(tmp_path, "name: p\nruntime: {name: python, options: {toolchain: uv}}\n")
        with pytest.raises(ProjectError, match=r"no environment at .*\.venv.*`uv sync`"):
            projects.ready_python(program, silent)

    def test_an_interrupt_leaves_no_environment(self, tmp_path: Path) -> None:
        text = "name: p\nruntime: {name: python, options: {virtualenv: env}}\n"
        write(tmp_path / "p", text, "# nothing\n")
        program = (
            "import sys; from pathlib import Path; from offline import project\n"
            "found = project.load_program(Path(sys.argv[1]))\n"
            "project.ready_python(found, lambda line: print(line, flush=True))\n"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / "p")],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert process.stdout is not None
        process.stdout.readline()
        deadline = time.monotonic() + 10
        while not (tmp_path / "p" / "env").exists():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        process.wait(20)
        assert names(tmp_path / "p") == ["Pulumi.yaml", "requirements.txt"]


class TestSettings:
    def test_secrets_without_a_value(self, tmp_path: Path) -> None:
        program = write(
            tmp_path,
            "name: p\nruntime: python\nconfig:\n"
            "  password: {type: string, secret: true}\n"
            "  other:token: {type: string, secret: true}\n"
            "  known: {type: string, secret: true, default: x}\n"
            "  size: {type: integer}\n"
            "  aws:region: us-east-1\n",
        )
        assert program.secret_settings() == ["p:password", "other:token"]
        assert program.required_settings() == ["p:password", "other:token", "p:size"]

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("password", True),
            ("dbPassword", True),
            ("DB_PASSWORD", True),
            ("masterpassword", True),
            ("other:api-key", True),
            ("githubToken", True),
            ("privateKey", True),
            ("known", True),
            ("range", False),
            ("compass", False),
            ("keyPair", False),
            ("kmsKeyArn", False),
            ("accessKeyId", False),
            ("secretArn", False),
            ("passwordLength", False),
            ("secrets:region", False),
        ],
    )
    def test_a_name_or_a_declaration_tells_what_is_secret(
        self, tmp_path: Path, name: str, expected: bool
    ) -> None:
        declared = "config:\n  known: {type: string, secret: true, default: x}\n"
        program = write(tmp_path, f"name: p\nruntime: python\n{declared}")
        assert program.is_secret(name, "a value") is expected

    def test_a_switch_is_no_secret(self, tmp_path: Path) -> None:
        program = write(tmp_path, "name: p\nruntime: python\n")
        assert not program.is_secret("rotateSecrets", "true")

    def test_random_secrets_differ_and_suit_password_rules(self) -> None:
        one, other = projects.random_secret(), projects.random_secret()
        assert one != other
        assert len(one) >= 16
        assert any(c.isupper() for c in one)
        assert any(c.islower() for c in one)
        assert any(c.isdigit() for c in one)


class TestFiles:
    def test_what_is_not_there_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(ProjectError, match=r"not a policy pack: it has no PulumiPolicy\.yaml"):
            projects.load_pack(tmp_path)

    def test_broken_yaml_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "Pulumi.yaml").write_text("name: [")
        with pytest.raises(ProjectError, match=r"Pulumi\.yaml is not valid YAML"):
            projects.load_program(tmp_path)
        (tmp_path / "Pulumi.yaml").write_text("name")
        with pytest.raises(ProjectError, match="should hold a mapping"):
            projects.load_program(tmp_path)

    def test_what_cannot_be_read_is_named(self, tmp_path: Path) -> None:
        file = tmp_path / "Pulumi.yaml"
        file.write_bytes(b"name: \x81")
        with pytest.raises(ProjectError, match=r"Pulumi\.yaml is not valid YAML.*Fix: "):
            projects.load_program(tmp_path)
        file.unlink()
        file.mkdir()
        with pytest.raises(ProjectError, match=r"Pulumi\.yaml cannot be read: .*Fix: "):
            projects.load_program(tmp_path)
