"""Three answers to a question about a stack, each with the evidence that goes into a message."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

from .plain import Plain
from .words import enumerated


class Yes(Plain):
    """It holds. `chain` names what leads there, link by link."""

    __match_args__ = ("chain",)
    __slots__ = __match_args__

    def __init__(self, chain: tuple[str, ...] = ()) -> None:
        self.chain: Final = chain


class No(Plain):
    """It does not hold, however the unknown values turn out."""

    __match_args__ = ("chain",)
    __slots__ = __match_args__

    def __init__(self, chain: tuple[str, ...] = ()) -> None:
        self.chain: Final = chain


class CannotTell(Plain):
    """The preview does not say; `why` is a clause that names what is missing."""

    __match_args__ = ("why",)
    __slots__ = __match_args__

    def __init__(self, why: str) -> None:
        self.why: Final = why


Answer: TypeAlias = Yes | No | CannotTell


def whichever(answers: Iterable[Answer]) -> Answer:
    """The answer when exactly one of several cases is real and nothing tells which.

    Raises ValueError when there is no case."""
    cases = list(answers)
    if not cases:
        raise ValueError("no case to choose from")
    for case in cases:
        if isinstance(case, CannotTell):
            return case
    if all(isinstance(case, Yes) for case in cases) or all(isinstance(case, No) for case in cases):
        return cases[0]
    return CannotTell("it depends on which of several resources a value names")


def chains(start: str, answers: Iterable[Answer]) -> tuple[tuple[str, ...], ...]:
    """The evidence of all that does not hold: from `start`, one chain for all that differ in their
    first link only."""
    ways: dict[tuple[str, ...], list[str]] = {}
    for answer in answers:
        if isinstance(answer, No):
            first, *way = answer.chain
            ways.setdefault(tuple(way), []).append(first)
    return tuple((start, enumerated(firsts), *way) for way, firsts in ways.items())
