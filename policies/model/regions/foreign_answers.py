"""What AWS answers when it is asked for something of another region: policies/data."""

from __future__ import annotations

from functools import cache
from typing import Final

from .. import data_files
from ..plain import NamedTuple
from .regional_references import Abroad, local_properties

FILE: Final = "foreign_region_answers.json"


class Answer(NamedTuple):
    """What AWS answers, or does without a word that was kept (`is_outcome`), and when: of these
    properties, or to these services (all where none is named) about these kinds."""

    text: str
    is_outcome: bool
    properties: tuple[str, ...]
    kinds: tuple[str, ...]
    services: tuple[str, ...]


@cache
def _answers() -> tuple[Answer, ...]:
    return tuple(
        Answer(
            data_files.text(each, "outcome" if "outcome" in each else "answer"),
            "outcome" in each,
            data_files.texts(each, "properties"),
            data_files.texts(each, "kinds"),
            data_files.texts(each, "services"),
        )
        for each in data_files.entries(data_files.read(FILE), "answers")
    )


def answer_to(kind: str, abroad: Abroad) -> Answer | None:
    """AWS's answer to a resource of this kind about what it names in another region: that of the
    property, else the one for what is named. None where no text is known."""
    if isinstance(abroad.what, str):
        named: tuple[str, ...] = local_properties()[kind][abroad.path].targets
        # Of an ARN the kind is not told where the property takes kinds of several services.
        targets = named if len({_service(each) for each in named}) == 1 else ()
    else:
        targets = (abroad.what.kind,)
    for each in _answers():
        if each.properties:
            if f"{kind}.{abroad.path}" in each.properties:
                return each
        elif not set(each.kinds).isdisjoint(targets) and (
            not each.services or _service(kind) in each.services
        ):
            return each
    return None


def _service(kind: str) -> str:
    return kind.partition(":")[2].partition("/")[0]
