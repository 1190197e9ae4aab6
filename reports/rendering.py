"""The report as a page for people, and as Markdown for a pull request.

Everything that a report says is escaped where a template prints it. Templates and style are those
of the report on a rehearsal, so that both look alike.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from typing import Final

from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from policies.rehearsal.report import markup
from policies.rule import Level

from . import message, pack, table, words
from .contents import Defect, Report

MOST: Final = 65_000
"""How long Markdown may be: a comment on GitHub has room for 65,536 characters."""


def as_html(report: Report) -> str:
    """One file that fetches nothing and needs no script."""
    return _render(_marked_up(), "findings.html.j2", report)


def as_markdown(report: Report) -> str:
    """For a pull request, or the summary of a step. The whole messages are left out where there
    would be no room for them."""
    whole = _markdown(report, with_messages=True)
    return whole if len(whole) <= MOST else _markdown(report, with_messages=False)


def _markdown(report: Report, with_messages: bool) -> str:
    text = _render(_plain(), "findings.md.j2", report, with_messages=with_messages)
    return re.sub(r"\n{3,}", "\n\n", text)


def _render(environment: Environment, template: str, report: Report, **more: object) -> str:
    return environment.get_template(template).render(
        report=report, rows=table.rows(report), pack=pack, **more
    )


@cache
def _marked_up() -> Environment:
    return _environment(autoescape=True)


@cache
def _plain() -> Environment:
    return _environment(autoescape=False, finalize=_in_a_line)


def _environment(**options: object) -> Environment:
    loader = ChoiceLoader([PackageLoader(__package__, "templates"), markup.TEMPLATES])
    found = markup.environment(loader, **options)
    found.globals |= {
        "LEVELS": tuple(Level),
        "MARKS": _MARKS,
        "Weight": words.Weight,
        "common": _common,
        "words": words,
    }
    found.filters |= {"anchor": _anchor, "parts": _parts, "preformatted": _preformatted}
    return found


_MARKS: Final = {
    words.Weight.FAILED: "!",
    words.Weight.MANDATORY: "\N{MULTIPLICATION SIGN}",
    words.Weight.OPEN: "\N{CHECK MARK}",
    words.Weight.CLEAN: "\N{CHECK MARK}",
}


def _in_a_line(value: object) -> object:
    """What a template prints in Markdown: a line break in a name would end a row of a table."""
    return value if isinstance(value, Markup) else markup.markdown(" ".join(str(value).split()))


def _preformatted(text: str) -> Markup:
    """The text as it is, lines and all, for HTML inside of Markdown."""
    return Markup(f"<pre>{escape(text).replace('@', '&#64;')}</pre>")


def _parts(defect: Defect) -> list[message.Message]:
    """The messages of a defect, in the order of `said`."""
    is_own = defect.policy.rule is not None
    return [message.read(each.text, is_own) for each in defect.said]


def _common(messages: list[message.Message]) -> tuple[tuple[str, str], ...]:
    return message.common(messages)


def _anchor(name: object) -> str:
    """A name that can stand in a link."""
    return re.sub(r"\W+", "-", str(name)).strip("-")
