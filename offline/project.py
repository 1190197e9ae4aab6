"""What a Pulumi.yaml or PulumiPolicy.yaml asks for before it can run: an interpreter, its
packages, and configuration values."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import os
import re
import secrets
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from packaging.requirements import InvalidRequirement, Requirement

from offline.launcher import venv_python, virtualenv_of
from offline.paths import cache_root, lock_of, locked, remove_tree
from offline.progress import CommandError, Report, run_logged, ticking
from offline.standin.install import SdkError, find_sdks

PROGRAM_FILES = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")
PACK_FILES = ("PulumiPolicy.yaml",)


_SECRET_NAME = re.compile(
    r"(password|passwd|passphrase|\bpass|\bpwd|secrets?|tokens?|credentials?"
    r"|\b(api|access|private|secret|auth|license|signing|ssh) ?key)\b"
    r"(?! (arn|id|ids|name|length|version|rotation)\b)"
)
"""A name, as words in small letters, of what people keep secret."""


def _words(key: str) -> str:
    """A key's words: dbPassword, DB_PASSWORD and db-password are `db password`."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", key)
    return re.sub(r"[\W_]+", " ", parted).lower()


_INSTALLS = {
    "uv": "`uv sync`.",
    "poetry": "`POETRY_VIRTUALENVS_IN_PROJECT=true poetry install`, or name the one that it keeps "
    "elsewhere as the runtime's option `virtualenv` in Pulumi.yaml.",
}
"""How the tools of Python programs make an environment."""


class ProjectError(Exception):
    """A program or pack cannot be run as it is; the text says why and what to do."""


@dataclass(frozen=True)
class Project:
    """A program or a policy pack. directory: where its file is; data: what is in that file."""

    directory: Path
    data: Mapping[str, Any]

    @property
    def file(self) -> Path:
        """Where a program's project is written."""
        found = (self.directory / name for name in PROGRAM_FILES)
        return next((each for each in found if each.exists()), self.directory / PROGRAM_FILES[0])

    @property
    def name(self) -> str:
        """The project's name, which prefixes its configuration keys."""
        return str(self.data.get("name", self.directory.name))

    @property
    def program_directory(self) -> Path:
        """Where the program itself is: what `main` names, or the folder of the file it names."""
        main = self.directory / str(self.data.get("main") or "")
        return main if main.is_dir() else main.parent

    @property
    def runtime(self) -> str:
        """The name of the language."""
        runtime = self.data.get("runtime", "")
        return str(runtime.get("name", "") if isinstance(runtime, Mapping) else runtime)

    @property
    def options(self) -> Mapping[str, Any]:
        """The options of the runtime."""
        runtime = self.data.get("runtime", "")
        options = runtime.get("options") if isinstance(runtime, Mapping) else None
        return options if isinstance(options, Mapping) else {}

    def secret_settings(self) -> list[str]:
        """Return the configuration keys that are declared secret and have no default."""
        declared = self._declared()
        return [key for key in self.required_settings() if declared[key].get("secret") is True]

    def required_settings(self) -> list[str]:
        """Return the configuration keys that are declared and have no default."""
        return [
            key
            for key, item in self._declared().items()
            if "default" not in item and "value" not in item
        ]

    def _declared(self) -> dict[str, Mapping[str, Any]]:
        declared = self.data.get("config")
        if not isinstance(declared, Mapping):
            return {}
        return {
            self.full_key(str(key)): item
            for key, item in declared.items()
            if isinstance(item, Mapping)
        }

    def is_secret(self, key: str, value: str) -> bool:
        """Whether a setting is declared secret, or has a name that says so."""
        full = self.full_key(key)
        if self._declared().get(full, {}).get("secret") is True:
            return True
        name = full.rpartition(":")[2]
        return value not in ("true", "false") and bool(_SECRET_NAME.search(_words(name)))

    def full_key(self, key: str) -> str:
        """Return a configuration key with its namespace."""
        return key if ":" in key else f"{self.name}:{key}"


def is_program(directory: Path) -> bool:
    """Whether a directory is that of a Pulumi program."""
    return any((directory / name).exists() for name in PROGRAM_FILES)


def load_program(directory: Path) -> Project:
    """Read the Pulumi project in a directory. Raises ProjectError."""
    return _load(directory, PROGRAM_FILES, "Pulumi program")


def load_pack(directory: Path) -> Project:
    """Read the policy pack in a directory. Raises ProjectError."""
    return _load(directory, PACK_FILES, "policy pack")


def read_yaml(file: Path) -> Any:
    """What a file of a program holds. Raises ProjectError, with the line of what is wrong but not
    its text, which may be secret."""
    try:
        return yaml.safe_load(file.read_bytes())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        raise ProjectError(f"{file} is not valid YAML{where}. Fix: correct it.") from None
    except OSError as error:
        raise ProjectError(
            f"{file} cannot be read: {error.strerror}. Fix: put a readable file there."
        ) from None


def _load(directory: Path, names: tuple[str, ...], what: str) -> Project:
    for name in names:
        path = directory / name
        if path.exists():
            data = read_yaml(path)
            if not isinstance(data, Mapping):
                raise ProjectError(
                    f"{path} should hold a mapping. Fix: write at least name and runtime."
                )
            return Project(directory.absolute(), data)
    raise ProjectError(
        f"{directory} is not a {what}: it has no {names[0]}. Fix: name the folder that has one, or "
        "run this in it."
    )


def ready_python(project: Project, report: Report) -> str | None:
    """Make a project's interpreter ready and return it, or None for the ambient one.

    A virtual environment that the project names but does not have is created and filled from its
    requirements.txt, as `pulumi install` would do. A project that names none but has requirements
    that the current interpreter does not meet gets an environment in the cache.

    Raises ProjectError.
    """
    if project.runtime != "python":
        return None
    root = str(project.directory)
    requirements = project.directory / "requirements.txt"
    options = project.options
    venv = virtualenv_of(options, root)
    if venv is not None:
        if not venv_python(venv).exists():
            refuse_without_environment(project)
            with locked(cache_root() / f"venv-{_key(str(venv))}.lock", report):
                if not venv_python(venv).exists():
                    _make_venv(project.name, venv, requirements, report)
        return str(venv_python(venv))
    if not requirements.exists() or met(requirements):
        return None
    key = _key(requirements.read_text() + sys.version)
    target = cache_root() / "programs" / key
    with locked(lock_of(target), report):
        if not venv_python(target).exists():
            _make_venv(project.name, target, requirements, report)
    return str(venv_python(target))


def active_python(project: Project, environ: Mapping[str, str] = os.environ) -> str | None:
    """The interpreter that `pulumi` would take for a program that names no environment: that of
    the active one, else `python3` on PATH; None where it is this one, or has no provider's SDK.

    An installed command has an environment of its own, which is not the program's.
    """
    if project.runtime != "python" or virtualenv_of(project.options, str(project.directory)):
        return None
    active = environ.get("VIRTUAL_ENV")
    if active and Path(active).resolve() != Path(sys.prefix).resolve():
        python = str(venv_python(Path(active)))
        if _has_sdks(python):
            return python
    python3 = shutil.which("python3", path=environ.get("PATH"))
    has_own = _has_sdks(sys.executable) or (project.directory / "requirements.txt").exists()
    return python3 if python3 and not has_own and _has_sdks(python3) else None


def _has_sdks(python: str) -> bool:
    try:
        return bool(find_sdks(python))
    except SdkError:
        return False


def refuse_without_environment(project: Project) -> None:
    """Raises ProjectError for a Python program without an environment, where none can be made
    here: only its own tool knows how, or nothing says what should be in it."""
    options, root = project.options, str(project.directory)
    toolchain = options.get("toolchain", "pip")
    venv = virtualenv_of(options, root)
    if venv is not None and venv_python(venv).exists():
        return
    if toolchain != "pip":
        where = f" at {venv}" if venv else f" in {project.directory}"
        raise ProjectError(
            f"{project.name} has no environment{where}. Fix: create it with its own tool, "
            + _INSTALLS.get(str(toolchain), f"{toolchain}, or run `pulumi install` in {root}.")
        )
    if (project.directory / "requirements.txt").exists():
        return
    if venv is not None:
        raise ProjectError(
            f"{project.name} has no environment at {venv}, and no requirements.txt from which it "
            "could be made. Fix: create it, with the SDKs that the program imports."
        )
    if active_python(project) is None and not _has_sdks(sys.executable):
        raise ProjectError(
            f"{project.name} names no environment and has no requirements.txt, and the Python here "
            "has no provider's SDK. Fix: activate the program's environment, or write "
            "requirements.txt (pulumi, pulumi-aws) into its folder."
        )


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _make_venv(name: str, venv: Path, requirements: Path, report: Report) -> None:
    """Create a virtual environment; whatever interrupts this leaves none behind."""
    log = venv.with_name(f"{venv.name}.install.log")
    venv.parent.mkdir(parents=True, exist_ok=True)
    created = not venv.exists()
    pip = [str(venv_python(venv)), "-m", "pip", "install", "--disable-pip-version-check"]
    complete = False
    try:
        with ticking(f"Creating the environment of {name} at {venv}", report):
            run_logged([sys.executable, "-m", "venv", str(venv)], log=log)
            if requirements.exists():
                command = [*pip, "--quiet", "-r", str(requirements)]
                run_logged(command, log=log, cwd=requirements.parent)
        complete = True
    except (CommandError, OSError) as error:
        raise ProjectError(
            f"The environment of {name} could not be created.\n{error}\n"
            f"Fix: correct {requirements}, or make the Python package index reachable."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            log.unlink()
        if not complete and created:
            remove_tree(venv)


def met(requirements: Path) -> bool:
    """Whether the current interpreter has what a requirements.txt lists."""
    for line in requirements.read_text().splitlines():
        text = re.sub(r"(^|\s)#.*", "", line).strip()
        if not text:
            continue
        try:
            wanted = Requirement(text)
            if wanted.marker is not None and not wanted.marker.evaluate():
                continue
            version = importlib.metadata.version(wanted.name)
        except (InvalidRequirement, importlib.metadata.PackageNotFoundError):
            return False
        if not wanted.specifier.contains(version, prereleases=True):
            return False
    return True


def random_secret() -> str:
    """Return a value for a secret setting: long enough and of every kind that passwords need."""
    return f"Aa1{secrets.token_hex(16)}"
