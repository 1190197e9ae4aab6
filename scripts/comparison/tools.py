"""The other tools: environments of their own in the user's cache, one call for all files, and what
their machine-readable output says.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Final, TypeAlias

from offline import environments
from offline.launcher import venv_python
from offline.progress import Report, run_logged

Spoke: TypeAlias = Mapping[str, frozenset[str]]
"""The rules that spoke, by file, with its path as it was given."""

# Raise these with each measurement.
PYTHON_PACKAGES: Final = ("cfn-lint==1.58.0", "checkov==3.3.30")
NODE_PACKAGES: Final = ("cdk-nag@3.0.2", "aws-cdk-lib@2.276.0", "constructs@10")
CDK_NAG: Final = Path(__file__).with_name("cdk_nag.cjs")


class Language(Enum):
    """What a tool reads; the value is what a file of it is called in a case's directory."""

    CLOUDFORMATION = "{program}.yaml"
    TERRAFORM = "{program}/main.tf"

    def file(self, case: str, program: str) -> str:
        """Where a program of a case lies (`cases/backup-plan/avoid.yaml`)."""
        return f"{case}/{self.value.format(program=program)}"


@dataclass(frozen=True)
class Peer:
    """Another tool. version: of the tool that is run; ask: what it says of files, whose paths are
    relative to the directory that is given; reads: their language."""

    name: str
    version: str
    ask: Callable[[Path, Sequence[str]], Spoke]
    reads: Language = Language.CLOUDFORMATION


def peers(report: Report) -> list[Peer]:
    """The tools that can be run here; why another one cannot is reported."""
    found = [*_of_python(report)]
    for name, needs, make in (("cdk-nag", "npm", _cdk_nag), ("Trivy", "trivy", _trivy)):
        if shutil.which(needs):
            found += make(report)
        else:
            report(f"{name} is not run: there is no `{needs}` here.")
    return found


def _of_python(report: Report) -> list[Peer]:
    bin_ = python_of_tools(report).parent
    versions = dict(each.split("==") for each in PYTHON_PACKAGES)
    cfn_lint = [str(bin_ / "cfn-lint"), "--format", "json", "--regions", "us-east-1", "--"]
    return [
        Peer(
            "cfn-lint",
            versions["cfn-lint"],
            lambda directory, files: of_cfn_lint(printed_by([*cfn_lint, *files], directory)),
        ),
        Peer("Checkov", versions["checkov"], _checkov(bin_, "cloudformation")),
        Peer(
            "Checkov (Terraform)",
            versions["checkov"],
            _checkov(bin_, "terraform"),
            Language.TERRAFORM,
        ),
    ]


def _checkov(bin_: Path, framework: str) -> Callable[[Path, Sequence[str]], Spoke]:
    # It takes a directory, and is given one: a call for each file would take minutes.
    command = [str(bin_ / "checkov"), "--framework", framework, "--output", "json", "--quiet"]
    command += ["--compact", "--skip-download", "--directory", "."]
    return lambda directory, _: of_checkov(printed_by(command, directory))


def _cdk_nag(report: Report) -> list[Peer]:
    command = ["node", str(CDK_NAG), str(node_packages(report))]
    version = NODE_PACKAGES[0].rpartition("@")[2]
    return [
        Peer(
            "cdk-nag",
            version,
            lambda directory, files: of_cdk_nag(printed_by([*command, *files], directory)),
        )
    ]


def _trivy(_: Report) -> list[Peer]:
    """With the checks that it was built with."""
    about = json.loads(printed_by(["trivy", "version", "--format", "json"], Path.cwd()))
    version = str(about["Version"])
    command = ["trivy", "config", "--quiet", "--skip-check-update", "--format", "json", "."]

    def ask(directory: Path, files: Sequence[str]) -> Spoke:
        return of_trivy(printed_by(command, directory), files)

    return [
        Peer("Trivy", version, ask),
        Peer("Trivy (Terraform)", version, ask, Language.TERRAFORM),
    ]


def of_cfn_lint(output: str) -> Spoke:
    """The matches of `cfn-lint --format json`; of the levels, all but information."""
    return _by_file(
        (each["Filename"], each["Rule"]["Id"])
        for each in json.loads(output)
        if not each["Rule"]["Id"].startswith("I")
    )


def of_checkov(output: str) -> Spoke:
    """The failed checks of `checkov --output json` on a directory."""
    report: Mapping[str, Any] = json.loads(output)
    _none_unread(report["results"].get("parsing_errors", []))
    return _by_file(
        (each["file_path"].lstrip("/"), each["check_id"])
        for each in report["results"]["failed_checks"]
    )


def of_cdk_nag(output: str) -> Spoke:
    """What cdk_nag.cjs prints. A rule that raises has said nothing."""
    report = json.loads(output)
    _none_unread(report["unread"])
    return _by_file((each["file"], each["rule"]) for each in report["findings"])


def of_trivy(output: str, files: Sequence[str]) -> Spoke:
    """The misconfigurations of `trivy config --format json` on a directory with these files."""
    results = json.loads(output).get("Results", [])
    # A module of Terraform is named by its directory.
    read = {result["Target"] for result in results}
    _none_unread([file for file in files if not read & {file, str(Path(file).parent)}])
    return _by_file(
        (result["Target"], found["ID"])
        for result in results
        for found in result.get("Misconfigurations", [])
        if found["Status"] == "FAIL"
    )


class UnreadError(Exception):
    """A tool could not read a file, so that its silence would say nothing."""


def _none_unread(files: Sequence[str]) -> None:
    if files:
        raise UnreadError(f"These files could not be read: {', '.join(map(str, files))}")


def _by_file(pairs: Iterable[tuple[str, str]]) -> Spoke:
    found: dict[str, set[str]] = defaultdict(set)
    for file, rule in pairs:
        found[file].add(rule)
    return {file: frozenset(rules) for file, rules in found.items()}


def printed_by(command: Sequence[str], directory: Path) -> str:
    """What a tool prints. They exit with an error where they find something."""
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    if not done.stdout.strip():
        raise RuntimeError(f"`{command[0]}` printed nothing but:\n{done.stderr}")
    return done.stdout


def python_of_tools(report: Report) -> Path:
    """The interpreter that has cfn-lint and Checkov."""
    return venv_python(_environment("cfn-lint and Checkov", PYTHON_PACKAGES, _pip, report))


def node_packages(report: Report) -> Path:
    """The directory whose node_modules has cdk-nag."""
    return _environment("cdk-nag", NODE_PACKAGES, _npm, report)


def _npm(target: Path, log: Path) -> None:
    run_logged(["npm", "install", "--silent", "--prefix", str(target), *NODE_PACKAGES], log=log)


def _pip(target: Path, log: Path) -> None:
    run_logged([sys.executable, "-m", "venv", str(target)], log=log)
    pip = [str(venv_python(target)), "-m", "pip", "install", "--quiet", *PYTHON_PACKAGES]
    run_logged(pip, log=log)


def _environment(
    name: str, packages: Sequence[str], install: Callable[[Path, Path], None], report: Report
) -> Path:
    """A directory of the user's cache with these packages; made first where it is missing."""
    target = environments.directory_of("comparison", (sys.version, *packages))
    return environments.ready(target, f"Installing {name}", install, report)
