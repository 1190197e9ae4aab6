"""Documents name one version of everything, and no release that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reports import pack
from scripts import make_docs, pins
from scripts.pins import PinError, Pins

CHANGELOG = make_docs.ROOT / "CHANGELOG.md"
DOCUMENTS = pins.documents(make_docs.ROOT, make_docs.markdown(make_docs.ROOT))
NOW = Pins.read(pack.version(), CHANGELOG)

BEFORE = Pins("0.1.0", None)
AFTER = Pins("0.2.0", "0.1.0")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(make_docs.ROOT)))
def test_a_document_names_the_versions_of_the_one_place(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert NOW.written(text) == text, "Fix: run `make docs`."
    named = set(re.findall(r"aws-dr-preflight[^\w\n]{1,3}v?(\d+\.\d+\.\d+)", text))
    assert named <= {pack.version(), NOW.release}
    assert NOW.release or "aws-dr-preflight==" not in text, "no index has it"


def test_what_comes_next_has_a_version_of_its_own() -> None:
    """Pulumi Cloud accepts each version once, and examples name the last that there is."""
    text = CHANGELOG.read_text(encoding="utf-8")
    released = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", text, re.MULTILINE)
    _, _, rest = text.partition("## [Unreleased]\n")
    has_changes = re.match(r"\s*### ", rest)
    assert pack.version() not in released if has_changes else pack.version() == released[0]


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        (
            "uses: aws-dr-preflight/aws-dr-preflight@v9\n",
            "uses: aws-dr-preflight/aws-dr-preflight@main  # or a release, once there is one\n",
            "uses: aws-dr-preflight/aws-dr-preflight@v0.1.0\n",
        ),
        (
            "repository: aws-dr-preflight/aws-dr-preflight\n  ref: v9\n",
            "repository: aws-dr-preflight/aws-dr-preflight\n"
            "  ref: main  # or a release, once there is one\n",
            "repository: aws-dr-preflight/aws-dr-preflight\n  ref: v0.1.0\n",
        ),
        (
            "- repo: https://github.com/aws-dr-preflight/aws-dr-preflight\n  rev: v9\n",
            "- repo: https://github.com/aws-dr-preflight/aws-dr-preflight\n"
            "  rev: main  # or a release, once there is one\n",
            "- repo: https://github.com/aws-dr-preflight/aws-dr-preflight\n  rev: v0.1.0\n",
        ),
        (
            "git clone --branch v9 https://github.com/aws-dr-preflight/aws-dr-preflight\n",
            "git clone --branch main https://github.com/aws-dr-preflight/aws-dr-preflight\n",
            "git clone --branch v0.1.0 https://github.com/aws-dr-preflight/aws-dr-preflight\n",
        ),
        (
            "https://github.com/aws-dr-preflight/aws-dr-preflight/archive/v9.tar.gz",
            "https://github.com/aws-dr-preflight/aws-dr-preflight/archive/main.tar.gz",
            "https://github.com/aws-dr-preflight/aws-dr-preflight/archive/v0.1.0.tar.gz",
        ),
        (
            "pip install git+https://github.com/aws-dr-preflight/aws-dr-preflight@v9",
            "pip install git+https://github.com/aws-dr-preflight/aws-dr-preflight@main",
            "pip install git+https://github.com/aws-dr-preflight/aws-dr-preflight@v0.1.0",
        ),
        (
            "https://raw.githubusercontent.com/aws-dr-preflight/aws-dr-preflight/v9/x.yml",
            "https://raw.githubusercontent.com/aws-dr-preflight/aws-dr-preflight/main/x.yml",
            "https://raw.githubusercontent.com/aws-dr-preflight/aws-dr-preflight/v0.1.0/x.yml",
        ),
        (
            "acme/aws-dr-preflight 9.9.9",
            "acme/aws-dr-preflight 0.1.0",
            "acme/aws-dr-preflight 0.2.0",
        ),
        ("aws-dr-preflight@v9.9.9 (", "aws-dr-preflight@v0.1.0 (", "aws-dr-preflight@v0.2.0 ("),
    ],
)
def test_a_release_changes_every_example(text: str, before: str, after: str) -> None:
    assert (BEFORE.written(text), AFTER.written(text)) == (before, after)
    assert (BEFORE.written(after), AFTER.written(before)) == (before, after)


def test_actions_of_others_have_one_version() -> None:
    text = "- uses: github/codeql-action/upload-sarif@v1\n- uses: ./\n"
    assert (
        BEFORE.written(text)
        .splitlines()[0]
        .endswith(f"upload-sarif@{pins.ACTIONS['github/codeql-action']}")
    )
    with pytest.raises(PinError, match=r"acme/act has no version. Fix: add it to ACTIONS"):
        BEFORE.written("uses: acme/act@v1\n")
    used = " ".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    assert [name for name in pins.ACTIONS if f"uses: {name}" not in used] == []


def test_the_newest_release_is_the_first_in_the_changelog(tmp_path: Path) -> None:
    changelog = tmp_path / "CHANGELOG.md"
    assert Pins.read("0.1.0", changelog).ref == "main"
    changelog.write_text("## [Unreleased]\n\n## [0.2.0] - 2027-01-01\n\n## [0.1.0] - 2026-12-01\n")
    assert Pins.read("0.2.0", changelog).ref == "v0.2.0"
