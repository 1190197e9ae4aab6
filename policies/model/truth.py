"""Three-valued logic: true, false, or not known yet (Kleene's strong logic).

`a & b` is false as soon as one of them is, `a | b` true as soon as one of them is, whatever is not
known of the other; so a condition that is written with these operators is true only if it holds
however the unknown values turn out.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Truth(Enum):
    """An answer to a question about inputs."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"

    @staticmethod
    def of(known: bool | None) -> Truth:
        """The truth of what is known; None is not known."""
        return Truth.UNKNOWN if known is None else Truth.TRUE if known else Truth.FALSE

    def __and__(self, other: Truth) -> Truth:
        return every((self, other))

    def __or__(self, other: Truth) -> Truth:
        return some((self, other))

    def __invert__(self) -> Truth:
        return _OPPOSITE[self]

    def __bool__(self) -> bool:
        """Forbidden: `if` and `and` know two answers only."""
        raise TypeError("a Truth has three answers: combine it with &, | and ~, compare it with is")


_OPPOSITE = {
    Truth.TRUE: Truth.FALSE,
    Truth.FALSE: Truth.TRUE,
    Truth.UNKNOWN: Truth.UNKNOWN,
}


def every(answers: Iterable[Truth]) -> Truth:
    """Whether all are true; of none, they are."""
    found = list(answers)
    if any(each is Truth.FALSE for each in found):
        return Truth.FALSE
    return Truth.of(None if any(each is Truth.UNKNOWN for each in found) else True)


def some(answers: Iterable[Truth]) -> Truth:
    """Whether one is true at least; of none, none is."""
    return ~every(~each for each in answers)
