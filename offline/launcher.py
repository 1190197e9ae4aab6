"""The language hosts (`pulumi-language-python` and its like) for a CLI built from the Go module.

Pulumi's own language hosts are not published to any package registry. The engine asks little of
them: start the program, start a policy pack, install dependencies. This file does that. Python
programs run with the interpreter that Pulumi's own host would choose: `options.virtualenv` of the
project (relative to its root directory), else the environment variable PULUMI_PYTHON_CMD, else
`python3`; Node.js programs by the `@pulumi/pulumi` in their own node_modules; Go programs are built
first. Everything that decides a verdict (engine, policy SDK, program SDK) stays Pulumi's own.

It is installed as copies beside the CLI, one a language, so it imports nothing but the standard
library, grpc and the gRPC stubs of the `pulumi` package.
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent import futures
from functools import partial
from pathlib import Path
from queue import Queue
from typing import IO, Any

try:
    import grpc
    from google.protobuf import empty_pb2, struct_pb2
    from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2
except ImportError as missing:
    sys.exit(
        f"pulumi-language-python: {sys.executable} has no {missing.name}. Put a Python that has "
        "the `pulumi` package first on PATH, or run: python3 -m pip install pulumi"
    )

# The program showed its own error message already, so the engine need not add one. The number is
# an agreement between pulumi-language-python-exec and its host.
BAIL_EXIT_CODE = 32

# The engine sends whole stack configurations in one message; its own limit is 400 MB.
MAX_MESSAGE_BYTES = 400 * 1024 * 1024

GO_PROGRAM = "AWS_DR_PREFLIGHT_GO_PROGRAM"
"""Names a file to build a program in Go into, where Go can see what was built before."""

# How long a child has to end after SIGTERM before it is killed, in seconds.
GRACE_SECONDS = 5.0


class InterpreterError(Exception):
    """The project names an interpreter that cannot be used; the text says which and what to do."""


def options_of(info: language_pb2.ProgramInfo) -> dict[str, Any]:
    """Return the `runtime.options` of a project as plain values."""
    return {key: _plain(value) for key, value in info.options.fields.items()}


def _plain(value: struct_pb2.Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return value.string_value
    if kind == "bool_value":
        return value.bool_value
    if kind == "number_value":
        return value.number_value
    return None


def virtualenv_of(options: Mapping[str, Any], root: str) -> Path | None:
    """Return the virtual environment that the options name, or None if they name none.

    A relative path counts from `root`, the directory of Pulumi.yaml or PulumiPolicy.yaml. uv has
    an environment without being told so, beside its lock file, and Poetry where it was told to
    keep it there.
    """
    if options.get("virtualenv"):
        return Path(root, str(options["virtualenv"]))
    toolchain = options.get("toolchain")
    if toolchain == "uv":
        places = (Path(root), *Path(root).parents)
        return next((each for each in places if (each / "uv.lock").exists()), Path(root)) / ".venv"
    in_project = Path(root, ".venv")
    return in_project if toolchain == "poetry" and in_project.exists() else None


def venv_python(venv: Path) -> Path:
    """Return where a virtual environment keeps its interpreter."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def interpreter(options: Mapping[str, Any], root: str, environ: Mapping[str, str]) -> str:
    """Return the Python command for a project.

    Raises InterpreterError when the virtual environment that it names does not exist.
    """
    venv = virtualenv_of(options, root)
    if venv is None:
        return environ.get("PULUMI_PYTHON_CMD") or "python3"
    python = venv_python(venv)
    if not python.exists():
        raise InterpreterError(
            f"The virtual environment {venv} has no interpreter. "
            f"Run `pulumi install` in {root} to create it."
        )
    return str(python)


def child_environment(
    options: Mapping[str, Any], root: str, environ: Mapping[str, str]
) -> dict[str, str]:
    """Return the environment for a child: `environ` with the virtual environment activated."""
    env = dict(environ)
    venv = virtualenv_of(options, root)
    if venv is not None:
        env["VIRTUAL_ENV"] = str(venv)
        env["PATH"] = os.pathsep.join([str(venv_python(venv).parent), env.get("PATH", "")])
        env.pop("PYTHONHOME", None)
    return env


def program_arguments(
    request: language_pb2.RunRequest, engine: str, separator: str = "_"
) -> list[str]:
    """Return the arguments of the script that runs a program; `separator` parts the words of its
    flags. The one for Python takes a value for each flag, the one for Node.js none for dry-run."""
    is_python = separator == "_"
    named = {
        "--monitor": request.monitor_address,
        "--engine": engine,
        "--project": request.project,
        f"--root{separator}directory": request.info.root_directory,
        "--stack": request.stack,
        "--pwd": request.pwd,
        "--dry_run": "true" if request.dryRun and is_python else "",
        "--parallel": str(request.parallel),
        "--organization": request.organization,
    }
    words = [word for flag, value in named.items() if value for word in (flag, value)]
    if request.dryRun and not is_python:
        words.append("--dry-run")
    return [*words, request.info.entry_point or request.program or ".", *request.args]


class Children:
    """The processes that this host started, so that none outlives it."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()

    def start(self, command: Sequence[str], **how: Any) -> subprocess.Popen[bytes]:
        """Start a command in a session of its own and remember it."""
        process: subprocess.Popen[bytes] = subprocess.Popen(command, start_new_session=True, **how)
        with self._lock:
            self._running.add(process)
        return process

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        """End a process and what it started; does nothing when it has ended already."""
        with self._lock:
            self._running.discard(process)
        if process.poll() is not None:
            return
        _signal_group(process, signal.SIGTERM)
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            _signal_group(process, signal.SIGKILL)
            process.wait()

    def stop_all(self) -> None:
        """End every process that still runs."""
        with self._lock:
            left = list(self._running)
        for process in left:
            self.stop(process)


def _signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _pump(stream: IO[bytes], sink: Callable[[bytes], None]) -> None:
    for line in stream:
        sink(line)


class PythonHost(language_pb2_grpc.LanguageRuntimeServicer):
    """The calls that the engine makes to a language host, for Python, which policy packs are
    written in too."""

    def __init__(self, engine_address: str, exec_script: Path) -> None:
        self._engine = engine_address
        self._exec_script = exec_script
        self.children = Children()

    def program(
        self, request: language_pb2.RunRequest, directory: str, scratch: Path
    ) -> tuple[list[str], dict[str, str]]:
        """The command that runs a program, and its environment. `directory` is the program's,
        `scratch` an empty one until it has ended. Raises InterpreterError."""
        options, root = options_of(request.info), request.info.root_directory
        python = interpreter(options, root, os.environ)
        words = program_arguments(request, self._engine)
        return (
            [python, "-u", str(self._exec_script), *words],
            child_environment(options, root, os.environ),
        )

    def Handshake(
        self, request: language_pb2.LanguageHandshakeRequest, context: grpc.ServicerContext
    ) -> language_pb2.LanguageHandshakeResponse:
        self._engine = request.engine_address or self._engine
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(
        self, request: empty_pb2.Empty, context: grpc.ServicerContext
    ) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version="")

    def GetRequiredPackages(
        self, request: language_pb2.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetRequiredPackagesResponse:
        # The engine would download what is listed here. Providers are found as installed plugins
        # when the program registers its first resource.
        return language_pb2.GetRequiredPackagesResponse()

    def GetRequiredPlugins(
        self, request: language_pb2.GetRequiredPluginsRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetRequiredPluginsResponse:
        return language_pb2.GetRequiredPluginsResponse()

    def Run(
        self, request: language_pb2.RunRequest, context: grpc.ServicerContext
    ) -> language_pb2.RunResponse:
        """Run a program to its end. Its output goes to this host's, which the engine shows."""
        directory = request.info.program_directory or request.pwd
        with tempfile.TemporaryDirectory(prefix="aws-dr-preflight-") as scratch:
            try:
                command, env = self.program(request, directory, Path(scratch))
            except InterpreterError as error:
                return language_pb2.RunResponse(error=str(error))
            env["PULUMI_CONFIG"] = json.dumps(dict(request.config))
            env["PULUMI_CONFIG_SECRET_KEYS"] = json.dumps(list(request.configSecretKeys))
            try:
                process = self.children.start(
                    command, cwd=directory or None, env=env, stdin=subprocess.DEVNULL
                )
            except OSError as error:
                return language_pb2.RunResponse(error=f"Cannot start {command[0]}: {error}")
            code = self._wait(process, context)
        if code == 0:
            return language_pb2.RunResponse()
        if code == BAIL_EXIT_CODE:
            return language_pb2.RunResponse(bail=True)
        return language_pb2.RunResponse(
            error=f"Program exited with {'signal' if code < 0 else 'non-zero exit code'} "
            f"{abs(code)}"
        )

    def _wait(self, process: subprocess.Popen[bytes], context: grpc.ServicerContext) -> int:
        """Wait for a process; end it when the call is cancelled. Returns its exit code."""
        # add_callback answers False when the call has ended already.
        if not context.add_callback(partial(self.children.stop, process)):
            self.children.stop(process)
        return process.wait()

    def RunPlugin(
        self, request: language_pb2.RunPluginRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.RunPluginResponse]:
        """Run a policy pack or another plugin, streaming its output and its exit code."""
        info, options = request.info, options_of(request.info)
        root = info.root_directory or info.program_directory or request.program
        directory = info.program_directory or request.program
        try:
            python = interpreter(options, root, os.environ)
        except InterpreterError as error:
            yield language_pb2.RunPluginResponse(stderr=f"{error}\n".encode())
            yield language_pb2.RunPluginResponse(exitcode=1)
            return
        env = child_environment(options, root, os.environ)
        for pair in request.env:
            key, _, env[key] = pair.partition("=")
        if request.kind == "analyzer":
            command = [python, "-u", "-m", "pulumi.policy", *request.args[:1], directory]
        else:
            command = [python, "-u", directory, *request.args]
        try:
            process = self.children.start(
                command,
                cwd=request.pwd or None,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except OSError as error:
            text = f"Cannot start {python}: {error}\n"
            yield language_pb2.RunPluginResponse(stderr=text.encode())
            yield language_pb2.RunPluginResponse(exitcode=1)
            return
        if not context.add_callback(partial(self.children.stop, process)):
            self.children.stop(process)
        yield from _stream(process)

    def InstallDependencies(
        self, request: language_pb2.InstallDependenciesRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.InstallDependenciesResponse]:
        """Create the virtual environment if it is missing and install requirements.txt into it."""
        options = options_of(request.info)
        root = request.info.root_directory or request.directory
        if options.get("toolchain", "pip") != "pip":
            context.abort(
                grpc.StatusCode.UNIMPLEMENTED,
                f"This language host installs with pip only, not with {options['toolchain']!r}. "
                f"Install the dependencies of {root} yourself, or use Pulumi's own distribution.",
            )
        if request.is_plugin and not options.get("virtualenv"):
            options["virtualenv"] = "venv"
        for command in install_commands(options, root, request.directory):
            process = self.children.start(
                command,
                cwd=request.directory,
                env=child_environment(options, root, os.environ),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            if not context.add_callback(partial(self.children.stop, process)):
                self.children.stop(process)
            for part in _stream(process):
                if part.WhichOneof("output") == "exitcode":
                    if part.exitcode:
                        context.abort(
                            grpc.StatusCode.INTERNAL,
                            f"`{' '.join(command)}` failed with exit code {part.exitcode}.",
                        )
                else:
                    yield language_pb2.InstallDependenciesResponse(
                        stdout=part.stdout, stderr=part.stderr
                    )

    def RuntimeOptionsPrompts(
        self, request: language_pb2.RuntimeOptionsRequest, context: grpc.ServicerContext
    ) -> language_pb2.RuntimeOptionsResponse:
        return language_pb2.RuntimeOptionsResponse()

    def About(
        self, request: language_pb2.AboutRequest, context: grpc.ServicerContext
    ) -> language_pb2.AboutResponse:
        version = ".".join(str(part) for part in sys.version_info[:3])
        return language_pb2.AboutResponse(executable=sys.executable, version=version)

    def GetProgramDependencies(
        self, request: language_pb2.GetProgramDependenciesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetProgramDependenciesResponse:
        return language_pb2.GetProgramDependenciesResponse()

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        self.children.stop_all()
        return empty_pb2.Empty()


class NodeHost(PythonHost):
    """The same for programs in TypeScript and JavaScript: their own SDK runs them."""

    def program(
        self, request: language_pb2.RunRequest, directory: str, scratch: Path
    ) -> tuple[list[str], dict[str, str]]:
        node = shutil.which("node")
        if node is None:
            raise InterpreterError("There is no `node` on PATH. Install Node.js.")
        options = options_of(request.info)
        env = dict(os.environ)
        if options.get("typescript") is not False:
            env["PULUMI_NODEJS_TYPESCRIPT"] = "true"
        if options.get("tsconfig"):
            env["PULUMI_NODEJS_TSCONFIG_PATH"] = str(options["tsconfig"])
        given = shlex.split(str(options.get("nodeargs") or ""))
        words = program_arguments(request, self._engine, separator="-")
        return [node, *given, str(_node_runner(Path(directory))), *words], env


def _node_runner(directory: Path) -> Path:
    """The script of the program's own `@pulumi/pulumi` that runs it."""
    for place in (directory, *directory.parents):
        runner = place / "node_modules" / "@pulumi" / "pulumi" / "cmd" / "run"
        if runner.exists():
            return runner
    raise InterpreterError(
        f"{directory} has no node_modules with @pulumi/pulumi. Run `npm install` (or your own "
        "package manager) there first."
    )


class GoHost(PythonHost):
    """The same for programs in Go, which are built first."""

    def program(
        self, request: language_pb2.RunRequest, directory: str, scratch: Path
    ) -> tuple[list[str], dict[str, str]]:
        env = {**os.environ, **_of_a_go_program(request, self._engine)}
        binary = options_of(request.info).get("binary")
        if binary:
            return [go_binary(str(binary), directory)], env
        go = shutil.which("go")
        if go is None:
            raise InterpreterError("There is no `go` on PATH. Install Go.")
        target = os.environ.get(GO_PROGRAM) or str(scratch / "program")
        done = subprocess.run(
            [go, "build", "-o", target, request.info.entry_point or "."],
            cwd=directory,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise InterpreterError(f"`go build` failed in {directory}:\n{done.stderr}")
        return [target], env


def go_binary(name: str, directory: str) -> str:
    """Where the executable is that the option `binary` names: in the program's directory, or on
    PATH."""
    own = Path(directory, name)
    return str(own) if own.exists() else shutil.which(name) or str(own)


def _of_a_go_program(request: language_pb2.RunRequest, engine: str) -> dict[str, str]:
    """What a Go program reads of its run from the environment (`sdk/go/pulumi/run.go`)."""
    said = {
        "PULUMI_ORGANIZATION": request.organization,
        "PULUMI_PROJECT": request.project,
        "PULUMI_ROOT_DIRECTORY": request.info.root_directory,
        "PULUMI_STACK": request.stack,
        "PULUMI_DRY_RUN": str(bool(request.dryRun)).lower(),
        "PULUMI_PARALLEL": str(request.parallel),
        "PULUMI_MONITOR": request.monitor_address,
        "PULUMI_ENGINE": engine,
    }
    return {name: value for name, value in said.items() if value}


LANGUAGE = "--language="
"""How the wrapper of a host says which one it is."""

HOSTS = {"python": PythonHost, "nodejs": NodeHost, "go": GoHost}
"""The language hosts that there are, by the name that the engine calls a language."""


def install_commands(options: Mapping[str, Any], root: str, directory: str) -> list[list[str]]:
    """Return the commands that install a project's dependencies, in order.

    options: the project's runtime options; root: its directory; directory: where requirements.txt
    is. The virtual environment is created only when it has no interpreter yet. Without a
    requirements.txt nothing is installed.
    """
    commands: list[list[str]] = []
    venv = virtualenv_of(options, root)
    python = os.environ.get("PULUMI_PYTHON_CMD") or "python3"
    if venv is not None:
        if not venv_python(venv).exists():
            commands.append([python, "-m", "venv", str(venv)])
        python = str(venv_python(venv))
    requirements = Path(directory, "requirements.txt")
    if requirements.exists():
        commands.append([python, "-m", "pip", "install", "-r", str(requirements)])
    return commands


def _stream(process: subprocess.Popen[bytes]) -> Iterator[language_pb2.RunPluginResponse]:
    """Yield the lines that a process prints, as they come, and its exit code last."""
    parts: Queue[language_pb2.RunPluginResponse | None] = Queue()
    assert process.stdout is not None
    assert process.stderr is not None

    def follow(stream: IO[bytes], wrap: Callable[[bytes], language_pb2.RunPluginResponse]) -> None:
        _pump(stream, lambda line: parts.put(wrap(line)))
        parts.put(None)

    for stream, wrap in (
        (process.stdout, lambda line: language_pb2.RunPluginResponse(stdout=line)),
        (process.stderr, lambda line: language_pb2.RunPluginResponse(stderr=line)),
    ):
        threading.Thread(target=follow, args=(stream, wrap), daemon=True).start()
    open_streams = 2
    while open_streams:
        part = parts.get()
        if part is None:
            open_streams -= 1
        else:
            yield part
    yield language_pb2.RunPluginResponse(exitcode=process.wait())


def serve(engine_address: str, exec_script: Path, language: str = "python") -> None:
    """Serve one engine until it goes away. Prints the port on stdout, as the engine expects."""
    host = HOSTS[language](engine_address, exec_script)
    server = grpc.server(
        # Each Run, RunPlugin and InstallDependencies keeps a thread for as long as its child runs.
        futures.ThreadPoolExecutor(max_workers=32),
        options=[
            ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
            ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
        ],
    )
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    stopped = threading.Event()

    def on_signal(number: int, frame: object) -> None:
        stopped.set()

    # The engine ends its hosts with SIGINT. A traceback would land on the user's terminal.
    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    # An engine that was killed sends no signal, but it stops being the parent. Asked before the
    # engine hears of the port: one that is gone by then has closed the pipe, and printing fails.
    engine = os.getppid()
    print(port, flush=True)
    while not stopped.wait(1.0) and os.getppid() == engine:
        pass
    host.children.stop_all()
    server.stop(grace=None)


def main(arguments: Sequence[str]) -> int:
    """Entry point. The engine's address is the one argument that is not a flag."""
    addresses = [word for word in arguments if not word.startswith("-")]
    exec_script = Path(__file__).resolve().with_name("pulumi-language-python-program.py")
    given = [each.partition("=")[2] for each in arguments if each.startswith(LANGUAGE)]
    serve(addresses[-1] if addresses else "", exec_script, *given[:1])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
