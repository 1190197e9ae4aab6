"""The parts of a finding's message: sentences, chains, and what AWS does and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

_LABELLED: Final = re.compile(r"(AWS|Fix|To have it checked): (.+)")
_PAGE: Final = "More: "
_ARROW: Final = " -> "


class Line(NamedTuple):
    """A sentence, or a chain of links that leads to what is wrong."""

    text: str
    chain: tuple[str, ...] = ()


class Message(NamedTuple):
    """What a policy says. `labelled` has what AWS does and the fix, with their labels."""

    lines: tuple[Line, ...]
    labelled: tuple[tuple[str, str], ...]


def read(text: str, is_own: bool) -> Message:
    """The parts of a message without the policy's description; the link to its page is left out.
    A message of another pack (`is_own` is false) has no parts but its lines."""
    if not is_own:
        return Message(tuple(map(Line, filter(None, text.splitlines()))), ())
    lines: list[Line] = []
    labelled: list[tuple[str, str]] = []
    for each in text.splitlines():
        found = _LABELLED.fullmatch(each)
        if found:
            labelled.append((found[1], found[2]))
        elif each.startswith("  ") and _ARROW in each:
            lines.append(Line("", tuple(each.strip().split(_ARROW))))
        elif each.strip() and not each.startswith(_PAGE):
            lines.append(Line(each.strip()))
    return Message(tuple(lines), tuple(labelled))


def common(messages: Iterable[Message]) -> tuple[tuple[str, str], ...]:
    """What several messages say of AWS and of the fix, each once, in the order of the labels."""
    said = dict.fromkeys(each for message in messages for each in message.labelled)
    order = {label: place for place, label in enumerate(dict.fromkeys(label for label, _ in said))}
    return tuple(sorted(said, key=lambda each: order[each[0]]))
