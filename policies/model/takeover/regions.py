"""Which regions stand in for each other, and the loss of which of them is rehearsed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..aurora.global_databases import Aurora
from ..dns.records import failover_role
from ..plain import NamedTuple
from ..references import target
from ..resource import Resource
from ..stack import Stack
from ..values import Known
from ..vocabulary import DB_INSTANCE, RECORD
from .homes import Homes
from .parts import SERVING
from .sources import sources


class Loss(NamedTuple):
    """A region that may be lost, and those of the stack that would be left, in order."""

    region: str
    left: tuple[str, ...]


class Regions:
    """The regions of a stack."""

    def __init__(self, stack: Stack, homes: Homes, aurora: Aurora) -> None:
        self._stack = stack
        self._homes = homes
        self._aurora = aurora

    def losses(self, standing_in: frozenset[str], primary: str | None) -> tuple[Loss, ...]:
        """The losses to rehearse, none for a stack of one region.

        `standing_in` are the regions that stand in for each other, where the user names them, and
        `primary` the one that serves until it is lost; it may be of another stack. Without it, the
        primary is the region that the stack itself takes for it, and where nothing says which that
        is, each region may be lost."""
        own = self.serving() & standing_in if standing_in else self.serving()
        if primary is None and len(own | standing_in) < 2:
            return ()
        first = primary or self.primary()
        lost = [first] if first is not None else sorted(own | standing_in)
        losses = (Loss(each, tuple(sorted(own - {each}))) for each in lost)
        return tuple(each for each in losses if each.left)

    def serving(self) -> frozenset[str]:
        """The regions in which something answers, runs or is stored."""
        homes = (self._homes.of(each) for each in self._stack.of(*SERVING))
        return frozenset(home.value for home in homes if isinstance(home, Known))

    def primary(self) -> str | None:
        """The region that failover records, global databases and replicas agree on; None where
        they say nothing, or different regions."""
        homes = {self._homes.of(each) for each in self._primaries()}
        named = {each.value for each in homes if isinstance(each, Known)}
        return named.pop() if len(named) == 1 else None

    def _primaries(self) -> Iterator[Resource]:
        for record in self._stack.of(RECORD):
            if failover_role(record) == Known("PRIMARY"):
                yield from self._serving_sources(record)
        for database in self._aurora.databases:
            primary = self._aurora.primary(database)
            if isinstance(primary, Resource):
                yield primary
        for replica in self._stack.of(DB_INSTANCE):
            source = target(self._stack.reference(replica, "replicateSourceDb"))
            if source is not None and source.shares_region_with(replica) is False:
                yield source

    def _serving_sources(self, record: Resource) -> Iterable[Resource]:
        for name in ("aliases", "records"):
            yield from sources(self._stack, record, name, *SERVING)
