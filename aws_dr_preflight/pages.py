"""The policies in the terminal: a list, and each page without a network."""

from __future__ import annotations

import difflib
import re
from typing import Final

from policies import RULES
from policies.rule import DOCUMENTATION, AnyRule

from . import PACK
from .errors import Fault

PAGES: Final = PACK / "docs" / "policies"
_DRAWN: Final = re.compile(r"(?ms)^[^\n]+:\n\n```mermaid\n.*?^```\n+")
"""A diagram with the line that announces it: its source is for a browser to draw."""
_RELATIVE: Final = re.compile(r"\]\((?!https?:|#)")


def named(name: str) -> AnyRule:
    """The policy of this name. Raises `Fault` with the nearest names."""
    by_name = {rule.name: rule for rule in RULES}
    if name in by_name:
        return by_name[name]
    close = difflib.get_close_matches(name, by_name, n=3)
    hint = f"Did you mean {' or '.join(close)}?" if close else "`aws-dr-preflight list` has all."
    raise Fault(f"there is no policy {name}. {hint}")


def page(rule: AnyRule) -> str:
    """The policy's page for a terminal, as Markdown: without diagrams, and with links that lead
    somewhere from there."""
    text = (PAGES / f"{rule.name}.md").read_text(encoding="utf-8")
    return _RELATIVE.sub(f"]({DOCUMENTATION}/", _DRAWN.sub("", text))


def refusal(rule: AnyRule, identity: str) -> str:
    """What the page says of one refusal of a table, as Markdown. Raises `Fault` where the policy
    has no such refusal."""
    by_id = {each.id: each for each in rule.refusals}
    if identity not in by_id:
        close = difflib.get_close_matches(identity, by_id, n=3) or sorted(by_id)
        has = f"It has {', '.join(close)}." if by_id else "It is no table of refusals."
        raise Fault(f"{rule.name} has no refusal {identity}. {has}")
    section = re.search(rf"(?ms)^### {re.escape(identity)}$(.*?)(?=^#{{2,3}} |\Z)", page(rule))
    if section is None:  # The page is made from the same table.
        raise Fault(f"the page of {rule.name} does not have {identity}. Fix: run `make docs`.")
    return f"# {rule.name}: {identity}\n\n{section[1].strip()}\n"
