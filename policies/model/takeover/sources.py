"""The resources that a property's value comes from, of whatever kind.

The engine tells them in a preview; where values are known, they tell by themselves: an ARN, the
name of a host, a URL or an id that AWS gave out stands for one resource, whichever stack made it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..outputs import host_in
from ..places import is_given_id
from ..resource import Resource
from ..stack import Stack
from ..vocabulary import BUCKET
from .leaves import known_texts
from .parts import PARAMETER, SECRET, TABLE

_URL: Final = r"https?://[^\s\"',;]+"
_ARN: Final = r"arn:aws[\w-]*:[\w-]+:[\w-]*:\d*:[^\s\"',;]+"
_HOST: Final = r"(?:[\w-]+\.)+(?:amazonaws\.com(?:\.cn)?|on\.aws|cloudfront\.net|awsapprunner\.com)"
_ID: Final = r"\b[a-z]+(?:-[a-z]+)*-(?:[0-9a-f]{17}|[0-9a-f]{8})\b"

ASKED_BY_NAME: Final = (BUCKET, PARAMETER, SECRET, TABLE)
"""The kinds that clients ask for by a name which a program chose. Of another stack's resource a
setting has that name alone: it counts where that stack gave it out."""


def named_in(stack: Stack, text: str, *kinds: str) -> tuple[Resource, ...]:
    """The resources of these kinds, or of any, that a text names by what is theirs alone: an ARN, a
    host, a URL, an id that AWS gave out. A name that a program chose may be in every region, and is
    not looked for."""
    found: dict[str, Resource] = {}
    for part in _parts(text):
        owners = stack.identified(part, *kinds)
        if len(owners) == 1:
            found[owners[0].urn] = owners[0]
    return tuple(found.values())


def _parts(text: str) -> Iterator[str]:
    if is_given_id(text) or host_in(text):
        yield text
    for pattern in (_URL, _ARN, _HOST, _ID):
        yield from re.findall(pattern, text)


def sources(stack: Stack, resource: Resource, name: str, *kinds: str) -> tuple[Resource, ...]:
    """The resources of these kinds, or of any, that the property is derived from, and those that it
    names, in the order of their URNs. To look for a name among all kinds reads the whole stack."""
    derived = (stack.get(urn) for urn in resource.depends_on(name) or ())
    found = {
        each.urn: each for each in derived if each is not None and (not kinds or each.kind in kinds)
    }
    by_name = tuple(each for each in ASKED_BY_NAME if not kinds or each in kinds)
    for text in known_texts(resource, name):
        named = named_in(stack, text, *kinds)
        if not named and len(given := stack.given_by_others(text, resource, name, *by_name)) == 1:
            named = given
        found |= {each.urn: each for each in named}
    return tuple(found[urn] for urn in sorted(found))
