"""Templates of reports, and what keeps a name in them from being taken for markup."""

from __future__ import annotations

import html
import re
from typing import Any, Final

from jinja2 import BaseLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES: Final = PackageLoader(__package__, "templates")
"""The templates and style sheets of this folder."""

_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]|~#])")
_MENTION: Final = "&#64;"


def environment(loader: BaseLoader, **options: Any) -> Environment:
    """Where templates are found, and how they are read: a name that is not given is an error."""
    found = Environment(
        loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, **options
    )
    found.filters["sentence"] = sentence
    return found


def sentence(text: str) -> str:
    """The text with a capital letter."""
    return text[:1].upper() + text[1:]


def markdown(value: object) -> object:
    """What a template prints, so that Markdown shows it as it is."""
    if isinstance(value, Markup):
        return value
    text = _MARKDOWN.sub(r"\\\1", html.escape(str(value), quote=False))
    return text.replace("@", _MENTION)
