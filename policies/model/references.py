"""What a property that names other resources refers to, as far as a preview tells.

A property may name one resource, one of several, or something outside of the stack; a list of them
may be known in part. Whoever asks decides only what holds for every choice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter, itemgetter
from typing import Any, ClassVar, Final, Generic, TypeAlias

from .answers import Answer, CannotTell, No
from .plain import NamedTuple, Plain
from .resource import Resource
from .values import Absent, T


class Target(Plain):
    """The property names this resource."""

    __match_args__ = ("resource",)
    __slots__ = __match_args__

    def __init__(self, resource: Resource) -> None:
        self.resource: Final = resource


class OneOf(Plain):
    """The property names one of these resources, and nothing tells which."""

    __match_args__ = ("resources",)
    __slots__ = __match_args__

    def __init__(self, resources: tuple[Resource, ...]) -> None:
        self.resources: Final = resources


class Outside(Plain):
    """The property names something that is not a resource of this stack: a literal, a lookup,
    another stack's output. `literal` is the value where it is known, `source` what it comes from,
    in a message's words, where that can be told; it does not tell one thing from another."""

    __match_args__ = ("literal", "source")
    __slots__ = __match_args__

    def __init__(self, literal: str | None = None, source: str | None = None) -> None:
        self.literal: Final = literal
        self.source: Final = source

    _parts: ClassVar[Callable[[Any], object]] = attrgetter("literal")

    @property
    def why(self) -> str:
        if self.literal is None:
            source = self.source or "outside this stack"
            return f"comes from {source} or is not known before the deployment"
        if self.source is not None:
            return f"{self.literal} comes from {self.source}"
        return f"{self.literal} is not a resource of this stack"


Reference: TypeAlias = Target | OneOf | Outside | Absent


def possible(reference: Reference) -> tuple[Resource, ...]:
    """Every resource of the stack that the property may name."""
    match reference:
        case Target(resource):
            return (resource,)
        case OneOf(resources):
            return resources
        case _:
            return ()


def target(reference: Reference) -> Resource | None:
    """The resource that the property names, where that is certain."""
    return reference.resource if isinstance(reference, Target) else None


def identity(reference: Reference) -> str | None:
    """What tells the thing that is named from all others: the URN of a resource, the id of what is
    outside; None where it is not known, or nothing is named."""
    match reference:
        case Target(resource):
            return resource.urn
        case Outside(literal):
            return literal
        case _:
            return None


def same(one: Reference, other: Reference) -> bool | None:
    """Whether two references name the same thing; None where that cannot be told."""
    match one, other:
        case (Target(), Target()) | (Target(), Outside(str())) | (Outside(str()), Target()):
            return one == other
        case (Outside(str()), Outside(str())):
            return one == other
        case (Target(resource), OneOf(resources)) | (OneOf(resources), Target(resource)):
            return None if resource in resources else False
        case _:
            return None


class ReferenceList(NamedTuple):
    """What a list of references names.

    `certain` are named for sure. `places` of the resources in `pool` are named too, without telling
    which; None where the length of the list is unknown (at least one is). `strangers` counts what
    may stand in those places as well and is not in this stack (it was read, say). `outside` says of
    every other element why no resource of this stack stands behind it.
    """

    certain: tuple[Resource, ...] = ()
    pool: tuple[Resource, ...] = ()
    places: int | None = 0
    outside: tuple[Outside, ...] = ()
    strangers: int = 0

    @property
    def possible(self) -> tuple[Resource, ...]:
        """Every resource of the stack that the list may name."""
        return self.certain + self.pool

    @property
    def elements(self) -> Iterator[Reference]:
        """The list as references: one for each element that is certain or outside, one for all
        that are open, and one for all strangers."""
        yield from map(Target, self.certain)
        yield from self.outside
        if self.pool:
            yield OneOf(self.pool)
        if self.strangers:
            yield Outside()

    @property
    def is_complete(self) -> bool:
        """Whether the list is known to its last element."""
        return not self.pool and not self.outside

    def surely_hit(self, wrong: Callable[[Resource], bool]) -> tuple[Resource, ...]:
        """The wrong resources, if the list holds one of them however the unknowns turn out.

        With n places for m candidates, one wrong candidate is surely in the list only if more than
        m - n are wrong; with the length unknown, only if all are."""
        hits = tuple(resource for resource in self.certain if wrong(resource))
        suspects = tuple(resource for resource in self.pool if wrong(resource))
        candidates = len(self.pool) + self.strangers
        spare = candidates - (1 if self.places is None else self.places)
        return hits + suspects if len(suspects) > spare and suspects else hits

    def surely_clashing(self, clash: Callable[[Resource, Resource], bool]) -> tuple[Resource, ...]:
        """The resources that certainly clash with another one of the list, if it holds two such
        however the unknowns turn out; `clash` is asked of two, in either order.

        Beside those that are named for sure that is so only if no choice for the open places
        avoids it: two subnets of three may be of two zones although two of the three share one."""
        hits = _clashing(self.certain, clash)
        if hits:
            return hits
        free = [each for each in self.pool if not any(clash(each, other) for other in self.certain)]
        # With the length unknown there is one at least, and a stranger clashes with nothing.
        wanted = (1 if self.places is None else self.places) - self.strangers
        return () if _can_choose(wanted, free, clash) else _clashing(self.possible, clash)

    def failing(
        self,
        holds: Callable[[Resource], Answer],
        what: str,
        vouched_for: frozenset[str] = frozenset(),
    ) -> tuple[tuple[Resource, Answer], ...] | CannotTell:
        """The resources for which a question that must hold for each certainly does not, with the
        answers; or why that cannot be told. `what` they are is a word; of the identifiers that the
        user vouches for it is not asked."""
        answers = {resource.urn: holds(resource) for resource in self.possible}
        wrong = self.surely_hit(lambda resource: isinstance(answers[resource.urn], No))
        if wrong:
            return tuple((resource, answers[resource.urn]) for resource in wrong)
        for resource in self.certain:
            if isinstance(answer := answers[resource.urn], CannotTell):
                return answer
        choice = [answers[resource.urn] for resource in self.pool]
        if any(isinstance(each, No) for each in choice) or len({type(each) for each in choice}) > 1:
            return CannotTell(f"which of several {what}s it is in is not known")
        for answer in choice:
            if isinstance(answer, CannotTell):
                return answer
        for stranger in (*self.outside, *((Outside(),) if self.strangers else ())):
            if stranger.literal not in vouched_for:
                return CannotTell(f"its {what} {stranger.why}")
        return ()


def _clashing(
    resources: Sequence[Resource], clash: Callable[[Resource, Resource], bool]
) -> tuple[Resource, ...]:
    """Those that clash with another one."""
    return tuple(
        each
        for each in resources
        if any(other is not each and clash(each, other) for other in resources)
    )


def _can_choose(
    wanted: int, free: Sequence[Resource], clash: Callable[[Resource, Resource], bool]
) -> bool:
    """Whether so many resources can be chosen that no two of them clash."""
    if wanted <= 0:
        return True
    if wanted > len(free):
        return False
    first, *rest = free
    beside = [each for each in rest if not clash(first, each)]
    return _can_choose(wanted - 1, beside, clash) or (
        len(beside) < len(rest) and _can_choose(wanted, rest, clash)
    )


def as_list(reference: Reference) -> ReferenceList:
    """A lone reference read like a list of one."""
    match reference:
        case Target(resource):
            return ReferenceList((resource,))
        case OneOf(resources):
            return ReferenceList(pool=resources, places=1)
        case Outside():
            return ReferenceList(outside=(reference,))
        case _:
            return ReferenceList()


def merged(lists: Sequence[ReferenceList]) -> ReferenceList:
    """Lists that are read from one property in several forms, as one."""
    certain = {each.urn: each for found in lists for each in found.certain}
    pool = {each.urn: each for found in lists for each in found.pool if each.urn not in certain}
    unread = any(found.places is None for found in lists)
    return ReferenceList(
        tuple(certain.values()),
        tuple(pool.values()),
        None if unread else sum(found.places or 0 for found in lists),
        outside=tuple(dict.fromkeys(each for found in lists for each in found.outside)),
        strangers=sum(found.strangers for found in lists),
    )


class ReferenceIndex(Generic[T]):
    """Things by the resource that a reference of theirs names."""

    def __init__(self, things: Iterable[tuple[Reference, T]]) -> None:
        self._naming: dict[str, list[tuple[int, T, bool]]] = {}
        self._open: list[tuple[int, T, bool]] = []
        for position, (reference, thing) in enumerate(things):
            if reference == Outside():
                self._open.append((position, thing, False))
            for resource in possible(reference):
                found = (position, thing, isinstance(reference, Target))
                self._naming.setdefault(resource.urn, []).append(found)

    def of(self, named: Resource) -> Iterator[tuple[T, bool]]:
        """What names the resource for sure (True) or for all that is known (False), in the order
        in which the things were given."""
        found = [*self._naming.get(named.urn, ()), *self._open]
        for _, thing, is_certain in sorted(found, key=itemgetter(0)):
            yield thing, is_certain
