"""Runs what this repository gives to pipelines, as their runners would: the steps of `action.yml`,
and the job of the GitLab template."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from offline.paths import REPOSITORY
from tests.virtualenvs import quick_python

ACTION: Final = REPOSITORY / "action.yml"
TEMPLATE: Final = REPOSITORY / "templates" / "preview.yml"

_EXPRESSION: Final = re.compile(r"\$\{\{\s*(\w+)\.([\w.-]+)\s*\}\}")
_INPUT: Final = re.compile(r"\$\[\[\s*inputs\.([\w-]+)\s*\]\]")


def without_index(folder: Path) -> dict[str, str]:
    """An environment in which pip installs the command alone, from no index: a `python3` in the
    folder makes virtual environments that find what else it needs, and pip, where the tests have
    it."""
    quick_python(folder)
    return {
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_NO_COMPILE": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # pip reads this one the other way round.
    }


_STANDING_IN: Final = """\
#!/bin/sh
if [ "$1 $2" != "-m venv" ]; then exec "{python}" "$@"; fi
mkdir -p "$3/bin"
cp "{folder}/pip" "$3/bin/python"
cp "{folder}/command" "$3/bin/aws-dr-preflight"
"""

_PIP: Final = """\
#!{python}
import json, pathlib, sys
pathlib.Path({installed!r}).write_text(json.dumps(sys.argv[1:]))
"""

_COMMAND: Final = """\
#!{python}
import json, pathlib, sys
pathlib.Path({given!r}).write_text(json.dumps(sys.argv[1:]))
for option, text in {reports!r}.items():
    pathlib.Path(sys.argv[sys.argv.index(option) + 1]).write_text(text)
sys.exit({code})
"""

_CHECKOUT: Final = """\
#!/bin/sh
PYTHONPATH="{repository}" exec "{python}" -m aws_dr_preflight "$@"
"""


@dataclass(frozen=True)
class StandIn:
    """A `python3` whose virtual environments have, without an installation, a `pip` that writes
    down what it is to install, and a command. `env`: the environment in which it is found."""

    env: Mapping[str, str]
    _folder: Path

    @property
    def installed(self) -> list[str]:
        """What pip was given."""
        return self._written("installed.json")

    @property
    def given(self) -> list[str]:
        """What the command was given, where it is one that notes this."""
        return self._written("given.json")

    def _written(self, name: str) -> list[str]:
        return list(json.loads((self._folder / name).read_text(encoding="utf-8")))


def of_the_checkout(folder: Path) -> StandIn:
    """A stand-in whose command is the one of this checkout."""
    return _stand_in(folder, _CHECKOUT.format(python=sys.executable, repository=REPOSITORY))


def noting(folder: Path, code: int = 0, reports: Mapping[str, str] | None = None) -> StandIn:
    """A stand-in whose command writes down what it is given, and ends with `code`. reports: what it
    writes, by the option that names the file."""
    given = str(folder / "given.json")
    return _stand_in(
        folder,
        _COMMAND.format(python=sys.executable, given=given, reports=dict(reports or {}), code=code),
    )


def _stand_in(folder: Path, command: str) -> StandIn:
    folder.mkdir(parents=True)
    installed = str(folder / "installed.json")
    for name, text in {
        "python3": _STANDING_IN.format(python=sys.executable, folder=folder),
        "pip": _PIP.format(python=sys.executable, installed=installed),
        "command": command,
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o755)
    return StandIn({"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}, folder)


@dataclass(frozen=True)
class Ran:
    """What a run left: its exit code, what it printed, and what GitHub was told."""

    code: int
    log: str
    outputs: Mapping[str, str]
    summary: str


def action() -> dict[str, Any]:
    """The action's metadata."""
    return dict(yaml.safe_load(ACTION.read_text(encoding="utf-8")))


def run_action(workspace: Path, temp: Path, env: Mapping[str, str], **inputs: str) -> Ran:
    """Run every step of the action; names of inputs have `_` in the place of `-`. The first step
    that fails ends the run."""
    content = action()
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    assert given.keys() <= content["inputs"].keys()
    values = {name: given.get(name, each["default"]) for name, each in content["inputs"].items()}
    temp.mkdir(exist_ok=True)
    outputs: dict[str, dict[str, str]] = {}
    summary = temp / "step-summary"
    summary.write_text("")
    log = ""
    for step in content["runs"]["steps"]:
        told = temp / "step-outputs"
        told.write_text("")
        script = temp / "step.sh"
        script.write_text(step["run"], encoding="utf-8")
        own = {
            name: _EXPRESSION.sub(lambda found: values[found[2]], text)
            for name, text in step.get("env", {}).items()
        }
        github = {
            "GITHUB_ACTION_PATH": str(REPOSITORY),
            "GITHUB_OUTPUT": str(told),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_WORKSPACE": str(workspace),
            "RUNNER_TEMP": str(temp),
        }
        words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
        code, text = _run(words, workspace, {**env, **github, **own})
        log += text
        outputs[step.get("id", "")] = dict(
            line.split("=", 1) for line in told.read_text(encoding="utf-8").splitlines()
        )
        if code:
            break
    ended = {
        name: _EXPRESSION.sub(lambda found: _output(outputs, found[2]), each["value"])
        for name, each in content["outputs"].items()
    }
    return Ran(code, log, ended, summary.read_text(encoding="utf-8"))


def _output(outputs: Mapping[str, Mapping[str, str]], way: str) -> str:
    step, _, name = way.split(".")
    return outputs.get(step, {}).get(name, "")


def gitlab_inputs() -> dict[str, dict[str, Any]]:
    """The inputs of the GitLab template."""
    head, _ = yaml.safe_load_all(TEMPLATE.read_text(encoding="utf-8"))
    return dict(head["spec"]["inputs"])


def gitlab_jobs(**inputs: str) -> dict[str, Any]:
    """What the template adds to a pipeline; names of inputs have `_` in the place of `-`."""
    known = gitlab_inputs()
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    assert given.keys() <= known.keys()
    values = {name: given.get(name, _text(each["default"])) for name, each in known.items()}
    _, body = yaml.safe_load_all(TEMPLATE.read_text(encoding="utf-8"))
    return {str(_filled(name, values)): _filled(job, values) for name, job in dict(body).items()}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    """A part of the template with its inputs filled in, which GitLab does in what it has read."""
    if isinstance(value, str):
        return _INPUT.sub(lambda found: values[found[1]], value)
    if isinstance(value, dict):
        return {key: _filled(each, values) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, values) for each in value]
    return value


def run_gitlab_job(project: Path, env: Mapping[str, str], **inputs: str) -> Ran:
    """Run the job of the template in the folder of a project, with the plainest shell."""
    (job,) = gitlab_jobs(**inputs).values()
    script = "\n".join([*job["before_script"], *job["script"]])
    own = {**env, **job["variables"], "CI_PROJECT_DIR": str(project)}
    code, text = _run(["sh", "-e", "-c", script], project, own)
    return Ran(code, text, {}, "")


def _run(words: list[str], cwd: Path, env: Mapping[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        words,
        cwd=cwd,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout
