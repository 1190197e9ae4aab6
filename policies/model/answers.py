"""Three answers to a question about a stack, each with the evidence that goes into a message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from .words import enumerated


@dataclass(frozen=True, slots=True)
class Yes:
    """It holds. `chain` names what leads there, link by link."""

    chain: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class No:
    """It does not hold, however the unknown values turn out."""

    chain: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CannotTell:
    """The preview does not say; `why` is a clause that names what is missing."""

    why: str


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
