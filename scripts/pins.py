"""The versions that documents, workflows and templates name, from one place.

Examples name this pack's newest release, which is the first heading with a version in CHANGELOG.md;
before there is one, they name the branch `main`. What a command prints or takes of the pack's own
version is the manifest's. The actions of others are those of `ACTIONS`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ACTIONS: Final = {
    "actions/cache": "v5",
    "actions/checkout": "v6",
    "actions/setup-python": "v6",
    "actions/upload-artifact": "v7",
    "aws-actions/configure-aws-credentials": "v6",
    "github/codeql-action": "v4",
    "pulumi/actions": "v6",
}
"""The version of each repository whose actions are named here."""

REPOSITORY: Final = "aws-dr-preflight/aws-dr-preflight"

_BRANCH: Final = "main"
_REMARK: Final = "  # or a release, once there is one"
_RELEASE: Final = re.compile(r"^## \[(\d+\.\d+\.\d+)\]", re.MULTILINE)

_USES: Final = re.compile(r"(?P<before>\buses: +(?P<name>[\w-]+/[\w-]+)(?:/[\w./-]+)?@)[\w.-]+")
_IN_YAML: Final = re.compile(
    rf"(?P<before>\buses: +{REPOSITORY}@"
    rf"|\brepository: +{REPOSITORY}\n\s+ref: +"
    rf"|\brepo: +https://github\.com/{REPOSITORY}\n\s+rev: +)"
    rf"[\w.-]+(?:{_REMARK})?"
)
"""The places where a remark can follow."""
_IN_ADDRESS: Final = re.compile(
    rf"(?P<before>\bgit clone (?:--depth 1 )?--branch )[\w.-]+"
    rf"(?P<after> https://github\.com/{REPOSITORY}\b)"
    rf"|(?P<raw>\braw\.githubusercontent\.com/{REPOSITORY}/)[\w.-]+(?=/)"
    rf"|(?P<archive>\bgithub\.com/{REPOSITORY}/archive/)[\w.-]+?(?P<ending>\.tar\.gz)"
    rf"|(?P<pip>\bgit\+https://github\.com/{REPOSITORY}@)[\w.-]+"
)
_OWN_VERSION: Final = re.compile(
    r"(?P<before>(?<!aws-dr-preflight/)\baws-dr-preflight(?:@v|[ -]))\d+\.\d+\.\d+"
)


class PinError(Exception):
    """An action whose version is in no place."""


@dataclass(frozen=True)
class Pins:
    """What to name: the manifest's version, and the newest release, if there is one."""

    version: str
    release: str | None

    @classmethod
    def read(cls, version: str, changelog: Path) -> Pins:
        """Those of a manifest's version and a changelog, which may be missing."""
        found = changelog.exists() and _RELEASE.search(changelog.read_text(encoding="utf-8"))
        return cls(version, found[1] if found else None)

    @property
    def ref(self) -> str:
        """What an example checks out."""
        return f"v{self.release}" if self.release else _BRANCH

    def written(self, text: str) -> str:
        """The text with the versions that it should name. Raises `PinError`."""
        remark = "" if self.release else _REMARK
        text = _USES.sub(_action, text)
        text = _IN_YAML.sub(lambda found: f"{found['before']}{self.ref}{remark}", text)
        text = _IN_ADDRESS.sub(self._address, text)
        return _OWN_VERSION.sub(rf"\g<before>{self.version}", text)

    def _address(self, found: re.Match[str]) -> str:
        before = found["before"] or found["raw"] or found["archive"] or found["pip"]
        return f"{before}{self.ref}{found['after'] or found['ending'] or ''}"


def _action(found: re.Match[str]) -> str:
    name = found["name"]
    if name == REPOSITORY:
        return found[0]
    if name not in ACTIONS:
        raise PinError(f"{name} has no version. Fix: add it to ACTIONS in scripts/pins.py")
    return f"{found['before']}{ACTIONS[name]}"


def documents(root: Path, markdown: list[Path]) -> list[Path]:
    """The files that name versions: documents but for the changelog, which tells of the past, and
    what pipelines read."""
    beside = [root / "action.yml", *sorted((root / "templates").glob("*.yml"))]
    workflows = sorted((root / ".github" / "workflows").glob("*.yml"))
    changelog = root / "CHANGELOG.md"
    return [
        path for path in (*markdown, *beside, *workflows) if path.exists() and path != changelog
    ]
