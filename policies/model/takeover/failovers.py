"""From which region to which Route 53 fails over: two records of one name say so."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from ..dns.record_sets import are_of_one_set
from ..dns.records import failover_role
from ..resource import Resource
from ..stack import Stack
from ..truth import Truth
from ..values import Known
from ..vocabulary import RECORD
from .homes import Homes
from .parts import SERVING
from .sources import sources

_ANSWERS: Final = (
    *SERVING,
    "aws:apigateway/domainName:DomainName",
    "aws:apigatewayv2/domainName:DomainName",
)


class Failovers:
    """The failovers that a stack's records carry out."""

    def __init__(self, stack: Stack, homes: Homes) -> None:
        self._stack = stack
        self._homes = homes

    def lead(self, lost: str, region: str) -> bool:
        """Whether a PRIMARY record certainly leads to the one region, and the SECONDARY of its name
        to the other."""
        return (lost, region) in self._ways

    @cached_property
    def _ways(self) -> frozenset[tuple[str, str]]:
        secondaries: dict[str, list[Resource]] = {}
        for record in self._of_role("SECONDARY"):
            match record.text("name"):
                case Known(name):
                    secondaries.setdefault(name, []).append(record)
        found: set[tuple[str, str]] = set()
        for record in self._of_role("PRIMARY"):
            match record.text("name"):
                case Known(name):
                    for other in secondaries.get(name, ()):
                        if are_of_one_set(self._stack, record, other) is Truth.TRUE:
                            way = self._place(record), self._place(other)
                            found |= {(one, two) for one, two in [way] if one and two}
        return frozenset(found)

    def _of_role(self, role: str) -> tuple[Resource, ...]:
        records = self._stack.of(RECORD)
        return tuple(each for each in records if failover_role(each) == Known(role))

    def _place(self, record: Resource) -> str | None:
        """The region of all that the record leads to; None where that is not one, or not known."""
        homes = {
            self._homes.of(each)
            for name in ("aliases", "records")
            for each in sources(self._stack, record, name, *_ANSWERS)
        }
        home = homes.pop() if len(homes) == 1 else None
        return home.value if isinstance(home, Known) else None
