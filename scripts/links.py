"""Find relative links in Markdown that lead nowhere: a missing file, or a missing heading.

Links to other sites are not fetched. Anchors are GitHub's: the heading in lower case, without
punctuation, blanks as hyphens.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

_FENCE = re.compile(r"^(?P<fence>```+|~~~+).*?^(?P=fence)\s*$", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINKS = (
    re.compile(r"\]\(\s*<?(?P<target>[^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)"),
    re.compile(r"^\s*\[[^\]]+\]:\s*<?(?P<target>[^\s>]+)", re.MULTILINE),
    re.compile(r"\b(?:src|href)=\"(?P<target>[^\"]+)\""),
)
_HEADING = re.compile(r"^#{1,6}\s+(?P<title>.+?)\s*#*\s*$", re.MULTILINE)
_ANCHOR = re.compile(r"<a\s+(?:id|name)=\"([^\"]+)\"")
_EXTERNAL = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)


def dead_links(files: Iterable[Path]) -> Iterator[str]:
    """What is wrong with the links of these files, one text for each."""
    for file in files:
        text = _without_code(file.read_text(encoding="utf-8"))
        for target in _targets(text):
            fault = _fault(file, target)
            if fault:
                yield f"{file}: the link {target} is dead: {fault}."


def _targets(text: str) -> Iterator[str]:
    for pattern in _LINKS:
        for found in pattern.finditer(text):
            target = found["target"]
            if not _EXTERNAL.match(target):
                yield target


def _fault(file: Path, target: str) -> str | None:
    name, _, anchor = unquote(target).partition("#")
    leads_to = (file.parent / name).resolve() if name else file.resolve()
    if not leads_to.exists():
        return "there is no such file"
    if anchor and leads_to.suffix == ".md" and anchor not in _anchors(leads_to):
        return "there is no such heading"
    return None


@cache
def _anchors(file: Path) -> frozenset[str]:
    """What links into the file may name."""
    text = _FENCE.sub("", file.read_text(encoding="utf-8"))
    seen: Counter[str] = Counter()
    anchors = set(_ANCHOR.findall(text))
    for heading in _HEADING.finditer(text):
        slug = _slug(heading["title"])
        anchors.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return frozenset(anchors)


def _slug(title: str) -> str:
    shown = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", title).replace("`", "")
    return re.sub(r"[^\w\- ]", "", shown.lower()).replace(" ", "-")


def _without_code(text: str) -> str:
    return _COMMENT.sub("", _CODE.sub("", _FENCE.sub("", text)))
