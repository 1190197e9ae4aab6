"""Where a store has copies, and whether one of them answers to its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Final

from ..answers import Answer, CannotTell, No, Yes
from ..aurora.global_databases import Aurora, GlobalDatabase
from ..references import Outside, ReferenceIndex, Target, target
from ..resource import Resource
from ..stack import Stack
from ..values import Known
from ..vocabulary import CLUSTER
from .global_groups import FORMS, Membership, memberships, peers
from .stated_copies import Copy, How, Stated, stated
from .unknown_names import is_named_by_the_unknown

_UNREAD: Final = (
    "aws:msk/cluster:Cluster",
    "aws:opensearch/domain:Domain",
    "aws:redshift/cluster:Cluster",
)
"""What may be copied in ways that are not read here: replicators, connections of domains, copies of
snapshots. Of all other kinds that have no copies here, AWS keeps none."""


class Copies:
    """The copies of a stack's stores."""

    def __init__(self, stack: Stack, aurora: Aurora) -> None:
        self._stack = stack
        self._aurora = aurora
        self._found: dict[str, tuple[Copy, ...]] = {}
        self._memberships: dict[str, tuple[Membership, ...]] = {}

    def of(self, original: Resource) -> tuple[Copy, ...]:
        """All copies of a store, certain and possible, kept up to date or not."""
        if original.urn not in self._found:
            self._found[original.urn] = (*self._stated_of(original), *self._peers(original))
        return self._found[original.urn]

    def has_copy(self, original: Resource, region: str) -> Answer:
        """Whether the region has a copy of the store that AWS keeps up to date."""
        return self._whether(original, lambda each: each.how is How.LIVE, _in(region))

    def has_named_copy(self, original: Resource, region: str) -> Answer:
        """Whether the region has a copy that answers to the store's name, or to the id of a
        multi-Region key. To its ARN none does."""
        return self._whether(original, lambda each: each.keeps_name, _in(region))

    def has_backup(self, original: Resource, region: str) -> Answer:
        """Whether the region has backups of the store, from which it can be restored."""
        return self._whether(original, lambda each: each.how is How.BACKUP, _in(region))

    def survives(self, original: Resource, lost: str) -> Answer:
        """Whether a copy that AWS keeps up to date is left when the region is lost."""
        return self._whether(
            original, lambda each: each.how is How.LIVE, lambda region: region != lost
        )

    def edges(self) -> tuple[Copy, ...]:
        """All certain copies, from original to copy: of a global database, from its primary, or
        where that is not known from what comes first."""
        found = [
            copy
            for store in self._stores
            for copy in self.of(store)
            if copy.is_certain and isinstance(copy.region, Known)
        ]
        shown: set[tuple[str, str]] = set()
        return tuple(each for each in found if self._is_first(each, shown))

    def _is_first(self, copy: Copy, shown: set[tuple[str, str]]) -> bool:
        """Whether an arrow is drawn: of two resources that are each other's copies, one way."""
        if copy.resource is None:
            return True
        way, back = (copy.original.urn, copy.resource.urn), (copy.resource.urn, copy.original.urn)
        if self._primary_of(copy.original) not in (None, copy.original):
            return False
        if way in shown or back in shown:
            return False
        shown.add(way)
        return True

    def _primary_of(self, member: Resource) -> Resource | None:
        """Whom the others of a global database copy, where that is known."""
        if member.kind == CLUSTER:
            database = self._aurora.database_of(member)
            if not isinstance(database, GlobalDatabase):
                return None
            primary = self._aurora.primary(database)
            return primary if isinstance(primary, Resource) else None
        form = FORMS.get(member.kind)
        if form is None or form.made_from is None:
            return None
        group = target(self._stack.reference(member, form.belongs, form.group))
        source = group and target(self._stack.reference(group, form.made_from, member.kind))
        return source or None

    @cached_property
    def _stores(self) -> tuple[Resource, ...]:
        named = {
            each.original.resource.urn: each.original.resource
            for each in self._stated
            if isinstance(each.original, Target)
        }
        members = {each.urn: each for each in self._stack.of(*FORMS)}
        both = named | members
        return tuple(both[urn] for urn in sorted(both))

    def _whether(
        self,
        original: Resource,
        counts: Callable[[Copy], bool],
        is_there: Callable[[str], bool],
    ) -> Answer:
        if original.is_opaque:
            return CannotTell(f"nothing is known of {original.label} before the deployment")
        answer: Answer = No((original.label, "no copy"))
        if original.kind in _UNREAD:
            answer = CannotTell(f"how {original.label} is copied is not read")
        for copy in self.of(original):
            if not counts(copy):
                continue
            if isinstance(copy.region, Known):
                if not is_there(copy.region.value):
                    continue
                if copy.is_certain:
                    return Yes((original.label, copy.label))
            answer = CannotTell(f"what {copy.stated_by.label} copies, or where to, is not known")
        return answer

    def _stated_of(self, original: Resource) -> Iterator[Copy]:
        for each, is_certain in self._index.of(original):
            if original.kind in each.kinds and each.copy.resource is not original:
                certainly = is_certain and each.copy.is_certain
                yield each.copy._replace(original=original, is_certain=certainly)
        if is_named_by_the_unknown(original):
            for each in self._named_by_literals:
                if original.kind in each.kinds:
                    yield each.copy._replace(original=original, is_certain=False)

    def _peers(self, original: Resource) -> Iterator[Copy]:
        kind = original.kind
        if kind in FORMS:
            if kind not in self._memberships:
                self._memberships[kind] = memberships(self._stack, kind)
            yield from peers(original, self._memberships[kind])

    @cached_property
    def _stated(self) -> tuple[Stated, ...]:
        return tuple(stated(self._stack))

    @cached_property
    def _named_by_literals(self) -> tuple[Stated, ...]:
        return tuple(
            each
            for each in self._stated
            if isinstance(each.original, Outside) and each.original.literal is not None
        )

    @cached_property
    def _index(self) -> ReferenceIndex[Stated]:
        return ReferenceIndex((each.original, each) for each in self._stated)


def _in(region: str) -> Callable[[str], bool]:
    return lambda place: place == region
