"""The language host for a CLI that was built from the Go module."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent import futures
from pathlib import Path

import grpc
import pytest
from google.protobuf import struct_pb2
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

from offline import launcher, stubs
from offline.launcher import InterpreterError, PythonHost, interpreter, virtualenv_of
from tests.virtualenvs import quick_python


def fake_venv(root: Path, name: str = "venv") -> Path:
    """Make something that looks like a virtual environment and runs this interpreter."""
    python = root / name / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    return python


def program_info(root: Path, **options: str) -> language_pb2.ProgramInfo:
    fields = struct_pb2.Struct()
    fields.update(options)
    return language_pb2.ProgramInfo(
        root_directory=str(root), program_directory=str(root), entry_point=".", options=fields
    )


@pytest.fixture
def exec_script(tmp_path: Path) -> Path:
    """Stands in for pulumi-language-python-exec: writes its arguments down, then obeys PROGRAM."""
    script = tmp_path / "exec.py"
    script.write_text(
        "import os, sys, time\n"
        "open(os.path.join(sys.argv[-1], 'arguments'), 'w').write('\\n'.join(sys.argv[1:]))\n"
        "open(os.path.join(sys.argv[-1], 'config'), 'w').write(os.environ['PULUMI_CONFIG'])\n"
        "path = os.path.join(sys.argv[-1], 'program.py')\n"
        "exec(open(path).read())\n"
    )
    return script


@pytest.fixture
def host(exec_script: Path) -> Iterator[language_pb2_grpc.LanguageRuntimeStub]:
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
    servicer = PythonHost("engine:1", exec_script)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield language_pb2_grpc.LanguageRuntimeStub(channel)
    servicer.children.stop_all()
    server.stop(None)


class TestInterpreter:
    def test_virtualenv_counts_from_the_project(self, tmp_path: Path) -> None:
        python = fake_venv(tmp_path)
        environ = {"PULUMI_PYTHON_CMD": "python-of-the-environment"}
        assert interpreter({"virtualenv": "venv"}, str(tmp_path), environ) == str(python)

    def test_virtualenv_may_be_absolute(self, tmp_path: Path) -> None:
        python = fake_venv(tmp_path, "elsewhere")
        options = {"virtualenv": str(tmp_path / "elsewhere")}
        assert interpreter(options, "/somewhere", {}) == str(python)

    def test_without_virtualenv_the_environment_decides(self) -> None:
        assert interpreter({}, "/project", {"PULUMI_PYTHON_CMD": "/opt/python"}) == "/opt/python"
        assert interpreter({}, "/project", {}) == "python3"

    def test_uv_has_an_environment_of_its_own(self, tmp_path: Path) -> None:
        assert virtualenv_of({"toolchain": "uv"}, str(tmp_path)) == tmp_path / ".venv"
        assert virtualenv_of({"toolchain": "pip"}, str(tmp_path)) is None

    def test_a_missing_virtualenv_is_named_with_the_remedy(self, tmp_path: Path) -> None:
        with pytest.raises(InterpreterError, match=r"gone has no interpreter.*`pulumi install`"):
            interpreter({"virtualenv": "gone"}, str(tmp_path), {})

    def test_a_child_sees_its_virtualenv_activated(self, tmp_path: Path) -> None:
        environ = {"PATH": "/usr/bin", "PYTHONHOME": "/wrong"}
        env = launcher.child_environment({"virtualenv": "venv"}, str(tmp_path), environ)
        assert env["VIRTUAL_ENV"] == str(tmp_path / "venv")
        assert env["PATH"].split(os.pathsep) == [str(tmp_path / "venv" / "bin"), "/usr/bin"]
        assert "PYTHONHOME" not in env


class TestRun:
    def run(
        self, host: language_pb2_grpc.LanguageRuntimeStub, root: Path, program: str
    ) -> language_pb2.RunResponse:
        fake_venv(root)
        (root / "program.py").write_text(program)
        info = program_info(root, virtualenv="venv")
        info.entry_point = str(root)
        response: language_pb2.RunResponse = host.Run(
            language_pb2.RunRequest(
                info=info,
                monitor_address="monitor:2",
                project="p",
                stack="s",
                organization="o",
                pwd=str(root),
                dryRun=True,
                parallel=16,
                config={"p:key": "value"},
            )
        )
        return response

    def test_the_program_gets_what_the_engine_sent(
        self, host: language_pb2_grpc.LanguageRuntimeStub, tmp_path: Path
    ) -> None:
        response = self.run(host, tmp_path, "pass")
        assert (response.error, response.bail) == ("", False)
        words = (tmp_path / "arguments").read_text().split("\n")
        pairs = dict(zip(words[:-1:2], words[1:-1:2], strict=True))
        assert pairs == {
            "--monitor": "monitor:2",
            "--engine": "engine:1",
            "--project": "p",
            "--root_directory": str(tmp_path),
            "--stack": "s",
            "--pwd": str(tmp_path),
            "--dry_run": "true",
            "--parallel": "16",
            "--organization": "o",
        }
        assert words[-1] == str(tmp_path)
        assert (tmp_path / "config").read_text() == '{"p:key": "value"}'

    def test_a_program_that_showed_its_error_bails(
        self, host: language_pb2_grpc.LanguageRuntimeStub, tmp_path: Path
    ) -> None:
        response = self.run(host, tmp_path, "sys.exit(32)")
        assert response.bail
        assert response.error == ""

    def test_another_exit_code_is_an_error(
        self, host: language_pb2_grpc.LanguageRuntimeStub, tmp_path: Path
    ) -> None:
        response = self.run(host, tmp_path, "sys.exit(3)")
        assert not response.bail
        assert response.error == "Program exited with non-zero exit code 3"

    def test_a_missing_environment_is_an_error_not_a_crash(
        self, host: language_pb2_grpc.LanguageRuntimeStub, tmp_path: Path
    ) -> None:
        info = program_info(tmp_path, virtualenv="gone")
        response = host.Run(language_pb2.RunRequest(info=info))
        assert "gone has no interpreter" in response.error


class TestRunPlugin:
    def test_output_and_exit_code_are_streamed(
        self, host: language_pb2_grpc.LanguageRuntimeStub, tmp_path: Path
    ) -> None:
        (tmp_path / "__main__.py").write_text(
            "import os, sys\n"
            "print(sys.argv[1], os.environ['EXTRA'], flush=True)\n"
            "print('oops', file=sys.stderr)\n"
            "sys.exit(7)\n"
        )
        fake_venv(tmp_path)
        parts = list(
            host.RunPlugin(
                language_pb2.RunPluginRequest(
                    info=program_info(tmp_path, virtualenv="venv"),
                    kind="resource",
                    args=["engine:1"],
                    env=["EXTRA=a=b"],
                    pwd=str(tmp_path),
                )
            )
        )
        assert b"".join(part.stdout for part in parts) == b"engine:1 a=b\n"
        assert b"".join(part.stderr for part in parts) == b"oops\n"
        assert parts[-1].WhichOneof("output") == "exitcode"
        assert parts[-1].exitcode == 7

    def test_a_policy_pack_is_run_by_the_policy_sdk(
        self, host: language_pb2_grpc.LanguageRuntimeStub, tmp_path: Path
    ) -> None:
        # The fake interpreter only says what it was asked to do.
        python = fake_venv(tmp_path)
        python.write_text('#!/bin/sh\necho "$@"\n')
        request = language_pb2.RunPluginRequest(
            info=program_info(tmp_path, virtualenv="venv"), kind="analyzer", args=["engine:1"]
        )
        parts = list(host.RunPlugin(request))
        assert parts[0].stdout.decode() == f"-u -m pulumi.policy engine:1 {tmp_path}\n"

    def test_a_cancelled_call_ends_the_child(
        self, host: language_pb2_grpc.LanguageRuntimeStub, tmp_path: Path
    ) -> None:
        (tmp_path / "__main__.py").write_text(
            "import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(600)\n"
        )
        fake_venv(tmp_path)
        call = host.RunPlugin(
            language_pb2.RunPluginRequest(
                info=program_info(tmp_path, virtualenv="venv"), kind="resource"
            )
        )
        pid = int(next(call).stdout)
        call.cancel()
        assert ends(pid)


class TestInstallDependencies:
    def test_a_plugin_without_the_option_gets_venv(
        self,
        host: language_pb2_grpc.LanguageRuntimeStub,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("PULUMI_PYTHON_CMD", str(quick_python(tmp_path / "bin")))
        request = language_pb2.InstallDependenciesRequest(
            directory=str(tmp_path), info=program_info(tmp_path), is_plugin=True
        )
        list(host.InstallDependencies(request))
        assert (tmp_path / "venv" / "bin" / "python").exists()

    def test_commands(self, tmp_path: Path) -> None:
        (tmp_path / "requirements.txt").touch()
        root = str(tmp_path)
        python, requirements = f"{root}/venv/bin/python", f"{root}/requirements.txt"
        create = ["python3", "-m", "venv", f"{root}/venv"]
        fill = [python, "-m", "pip", "install", "-r", requirements]
        options = {"virtualenv": "venv"}
        assert launcher.install_commands(options, root, root) == [create, fill]
        fake_venv(tmp_path)
        assert launcher.install_commands(options, root, root) == [fill]

    def test_a_failed_installation_says_which_command(
        self, host: language_pb2_grpc.LanguageRuntimeStub, tmp_path: Path
    ) -> None:
        python = fake_venv(tmp_path)
        python.write_text("#!/bin/sh\necho no such package\nexit 1\n")
        (tmp_path / "requirements.txt").touch()
        request = language_pb2.InstallDependenciesRequest(
            directory=str(tmp_path), info=program_info(tmp_path, virtualenv="venv")
        )
        with pytest.raises(grpc.RpcError, match=r"pip install -r .* failed with exit code 1"):
            list(host.InstallDependencies(request))

    def test_other_toolchains_are_refused_by_name(
        self, host: language_pb2_grpc.LanguageRuntimeStub, tmp_path: Path
    ) -> None:
        request = language_pb2.InstallDependenciesRequest(
            directory=str(tmp_path), info=program_info(tmp_path, toolchain="poetry")
        )
        with pytest.raises(grpc.RpcError, match="with pip only, not with 'poetry'"):
            list(host.InstallDependencies(request))


class TestProcess:
    """The host as the engine starts it: a process that prints its port."""

    def start(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, stubs.__file__, launcher.__file__, "engine:1"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert int(process.stdout.readline()) > 0
        return process

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_ends_quietly(self, number: signal.Signals) -> None:
        process = self.start()
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
        assert (process.returncode, out, err) == (0, "", "")

    def test_ends_with_a_killed_engine(self) -> None:
        text = (
            "import subprocess, sys\n"
            f"host = [sys.executable, {stubs.__file__!r}, {launcher.__file__!r}]\n"
            "child = subprocess.Popen(host, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)\n"
            "child.stdout.readline()\n"
            "print(child.pid, flush=True)\n"
            "import os; os.kill(os.getpid(), 9)\n"
        )
        engine = subprocess.run([sys.executable, "-c", text], capture_output=True, check=False)
        assert ends(int(engine.stdout))

    def test_of_the_sdk_only_the_stubs_are_imported(self) -> None:
        text = (
            "from offline.stubs import stubs_alone\n"
            "stubs_alone()\n"
            "import sys\n"
            "import offline.launcher, offline.standin.provider\n"
            "print(*sorted(each for each in sys.modules if each.startswith('pulumi.')))\n"
        )
        root = Path(stubs.__file__).parents[1]
        output = subprocess.run(
            [sys.executable, "-c", text], cwd=root, capture_output=True, text=True, check=True
        ).stdout.split()
        assert {each for each in output if "proto" not in each} == {"pulumi.runtime"}
        assert "pulumi.runtime.proto.language_pb2" in output

    def test_an_interpreter_without_pulumi_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "grpc.py").write_text("raise ImportError(name='grpc')")
        result = subprocess.run(
            [sys.executable, stubs.__file__, launcher.__file__],
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 1
        assert f"{sys.executable} has no grpc" in result.stderr
        assert "Traceback" not in result.stderr


def ends(pid: int, seconds: float = 10.0) -> bool:
    """Whether a process ends within some seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        state = Path(f"/proc/{pid}/stat")
        # A zombie has ended; only its parent has not noticed.
        if state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return True
        threading.Event().wait(0.05)
    return False
