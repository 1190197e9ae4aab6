"""The words of messages: those of every language that Pulumi has, in plain English."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from offline.paths import REPOSITORY

_OF_ONE_LANGUAGE: Final = (
    r"(?<!`)\b(?:depends_on|ignore_changes|auto_accept|db_subnet_group_name|engine_version|vpc_id)\b",
    r"\b\w+ ?= ?(?:True|False)\b",
    r"\bapply\(\)",
)
"""How Python alone writes options, properties and values. What stands in backticks is quoted: the
providers' own answers name properties so."""
_ODD: Final = (
    r"\bwithout a word\b",
    r"\b(?:stand|stands|stood) in\b(?! for\b)",
    r"\bmend(?:s|ed)?\b",
    r"\bshall\b",
    r"\ba \w+ each\b",
    r"\ba good end\b",
)
_MESSAGES: Final = sorted((REPOSITORY / "policies").rglob("*.py"))
_PAGES: Final = [
    REPOSITORY / "README.md",
    *sorted((REPOSITORY / "docs").glob("*.md")),
    *sorted((REPOSITORY / "docs" / "guides").glob("*.md")),
    *sorted((REPOSITORY / "docs" / "notes").glob("*.md")),
]


def said(code: str) -> Iterator[str]:
    """The text in a module that people may read: every constant but documentation."""
    tree = ast.parse(code)
    notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
            yield node.value


def found(texts: Iterator[str], patterns: tuple[str, ...]) -> set[str]:
    return {hit[0] for text in texts for pattern in patterns for hit in re.finditer(pattern, text)}


@pytest.mark.parametrize("module", _MESSAGES, ids=lambda path: path.stem)
def test_a_message_is_for_programs_in_any_language(module: Path) -> None:
    assert found(said(module.read_text(encoding="utf-8")), (*_OF_ONE_LANGUAGE, *_ODD)) == set()


@pytest.mark.parametrize("page", _PAGES, ids=lambda path: path.stem)
def test_a_page_is_plain(page: Path) -> None:
    assert found(iter([page.read_text(encoding="utf-8")]), _ODD) == set()


def test_text_that_nobody_reads_does_not_count() -> None:
    code = '"""Sets depends_on."""\nFIX = f"Set depends_on of {name}."\n'
    assert found(said(code), _OF_ONE_LANGUAGE) == {"depends_on"}
    assert found(said('def f():\n    """Sets depends_on."""\n'), _OF_ONE_LANGUAGE) == set()
