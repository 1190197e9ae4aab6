"""A report as HTML, Markdown and SVG.

Everything that a report says is escaped where a template prints it: of HTML and SVG by Jinja2's own
escaping, of Markdown by the same means, since a name may hold what either would take for markup.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import cache
from typing import Final

from jinja2 import Environment

from . import layout
from .boxes import MARKS, boxes
from .contents import Relation, Report, Status
from .markup import TEMPLATES, environment, markdown

_HEAD: Final = 44
_FOOT: Final = 34
_KEY: Final = 800.0
"""Room for the sentence above a picture, for the key below all, and how wide that is."""


def as_html(report: Report) -> str:
    """One file that fetches nothing and needs no script."""
    return _marked_up().get_template("report.html.j2").render(report=report)


def as_svg(report: Report, lost: str | None = None) -> str:
    """The pictures one below the other, or the one of that loss."""
    wanted = [each for each in report.rehearsals if lost in (None, each.lost)]
    drawn = [layout.wide(each) for each in wanted]
    width = max((each.width for each in drawn), default=560.0)
    height = sum(each.height + _HEAD for each in drawn) + _FOOT
    template = _marked_up().get_template("pictures.svg.j2")
    return template.render(drawn=drawn, width=max(width, _KEY), height=height)


def as_markdown(report: Report, pictures: bool = False) -> str:
    """For a pull request; it leads to the pictures where they are beside it."""
    rendered = _plain().get_template("report.md.j2").render(report=report, pictures=pictures)
    return re.sub(r"\n{3,}", "\n\n", rendered)


@cache
def _marked_up() -> Environment:
    found = _environment(autoescape=True)
    found.globals |= {"wide": layout.wide, "narrow": layout.narrow}
    return found


@cache
def _plain() -> Environment:
    return _environment(autoescape=False, finalize=markdown)


def _environment(**options: object) -> Environment:
    found = environment(TEMPLATES, **options)
    found.globals |= {
        "FOOT": _FOOT,
        "HEAD": _HEAD,
        "MARKS": MARKS,
        "RELATIONS": tuple(Relation),
        "Status": Status,
        "WIDE": layout.WIDE,
        "boxes": boxes,
    }
    found.filters["word"] = _word
    return found


def _word(member: Enum) -> str:
    """The class of what is drawn, in a style sheet."""
    return member.name.lower()
