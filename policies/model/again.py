"""A stack as it would be if everything in it had to be made again: in an emptied account, say.

What AWS gave out when it made a resource (ids, ARNs, endpoints) went with it and is unknown until
there is another, and so is what the inputs of other resources have of it. What the program says
stays. So the model is that of a first preview, and every question that AWS asks at creation is open.

What the program does not make stays as it is: what it reads, other stacks, providers. A resource
whose inputs were not seen, as one that is no target of a run, does too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from typing import Final, NamedTuple, TypeAlias

from .resource import Resource
from .values import UNKNOWN, Tree

Leaf: TypeAlias = "str | float"

_WORD_OR_PLACE: Final = re.compile(r"[A-Za-z_]*|[a-z]{2}(-[a-z]+)+-\d+[a-z]?")
"""A word such as ENABLED, a region or a zone: what many resources have in common."""
_LEAST_TOLD: Final = 4
_LEAST_CONTAINED: Final = 8
"""How long a text must be, at least, to tell which resource it is of, alone and within others."""


def made_again(resources: Iterable[Resource]) -> list[Resource]:
    """The resources as they would be sent if none of those that the program makes existed."""
    given = list(resources)
    makers = {each.urn: each for each in given if _is_made_by_the_program(each)}
    owners = {text: each.urn for each in makers.values() for text in _assigned(each)}
    values: dict[str, _Values] = {}
    again: dict[str, Resource] = {}
    for urn in _in_order(makers):
        again[urn] = _Remaking(makers[urn], values, owners).resource()
        values[urn] = _Values.of(makers[urn], again[urn])
    return [again.get(each.urn, each) for each in given]


def _is_made_by_the_program(resource: Resource) -> bool:
    return (
        resource.declared is not None
        and not resource.is_read
        and not resource.is_opaque
        and not resource.type.startswith("pulumi:")
    )


def _assigned(resource: Resource) -> Iterator[str]:
    """The identifiers that AWS gave the resource: those that the program did not choose."""
    chosen = set(_leaves(list((resource.declared or {}).values())))
    return (each for each in resource.identifiers if each not in chosen and _tells(each))


def _in_order(resources: Mapping[str, Resource]) -> Sequence[str]:
    """The URNs, those of which a value is derived before those that have it."""
    sources = {
        urn: [source for urns in each.property_dependencies.values() for source in urns]
        for urn, each in resources.items()
    }
    try:
        return [urn for urn in TopologicalSorter(sources).static_order() if urn in resources]
    except CycleError:  # No engine sends that.
        return list(resources)


class _Values(NamedTuple):
    """The texts and numbers in a resource: those that it will have again, since the program says
    them, and those that are lost."""

    kept: frozenset[Leaf] = frozenset()
    lost: frozenset[Leaf] = frozenset()

    @classmethod
    def of(cls, former: Resource, again: Resource) -> _Values:
        kept = frozenset(_leaves(list((again.declared or {}).values())))
        all_of_them = [*former.actual.values(), *(former.declared or {}).values()]
        return cls(kept, frozenset(_leaves(all_of_them)) - kept)

    def keep(self, text: str) -> bool:
        """Whether the text has one in it that will be there again."""
        return any(isinstance(each, str) and each and each in text for each in self.kept)

    def lose(self, text: str) -> bool:
        """Whether the text has one in it that is lost."""
        return any(
            isinstance(each, str)
            and _tells(each)
            and (each == text or (len(each) >= _LEAST_CONTAINED and each in text))
            for each in self.lost
        )


class _Remaking:
    """One resource on its way; `values` are those of the resources before it, `owners` the
    resources by the identifiers that they had."""

    def __init__(
        self, resource: Resource, values: Mapping[str, _Values], owners: Mapping[str, str]
    ) -> None:
        self._former = resource
        self._values = values
        self._owners = owners
        self._sources = {name: urns for name, urns in resource.property_dependencies.items()}

    def resource(self) -> Resource:
        former = self._former
        declared = {name: self._input(name, tree) for name, tree in (former.declared or {}).items()}
        actual = {
            name: declared[name]
            if declared.get(name) is not None
            else None
            if tree is None
            else UNKNOWN
            for name, tree in former.actual.items()
        }
        found = {urn for urns in self._sources.values() for urn in urns}
        return replace(
            former,
            actual=actual,
            declared=declared,
            dependencies=former.dependencies | found,
            property_dependencies=self._sources,
            is_remade=not former.is_new,
        )

    def _input(self, name: str, tree: Tree) -> Tree:
        """An input as the program will send it, as far as that is known."""
        if tree is not None and self._former.ignores(name) and not self._former.is_new:
            return UNKNOWN  # It is what was deployed once, whatever the program says by now.
        found = self._sources.get(name, ())
        for leaf in _leaves(tree):
            owner = self._owners.get(leaf) if isinstance(leaf, str) else None
            if owner is not None and owner != self._former.urn and owner not in found:
                found = (*found, owner)  # Written out, as an import leaves it.
                self._sources[name] = found
        sources = [self._values[urn] for urn in found if urn in self._values]
        if not sources:
            return tree
        if isinstance(tree, (str, int, float)):  # Of true and false nothing tells whose they are.
            return tree if _is_kept(tree, sources) else UNKNOWN
        return _without_lost(tree, sources)


def _is_kept(value: Leaf, sources: Sequence[_Values]) -> bool:
    """Whether a value that is certainly derived from these sources will be the same again."""
    if any(value in each.kept for each in sources):
        return True
    return (
        isinstance(value, str)
        and not any(each.lose(value) for each in sources)
        and any(each.keep(value) for each in sources)
    )


def _without_lost(tree: Tree, sources: Sequence[_Values]) -> Tree:
    """A list or block, parts of which are derived from these sources; nothing tells which."""
    if isinstance(tree, str):
        is_kept = any(tree in each.kept for each in sources)
        is_lost = not is_kept and any(each.lose(tree) for each in sources)
        return UNKNOWN if is_lost else tree
    if isinstance(tree, Mapping):
        return {name: _without_lost(each, sources) for name, each in tree.items()}
    if isinstance(tree, Sequence):
        return [_without_lost(each, sources) for each in tree]
    return tree


def _tells(text: str) -> bool:
    """Whether a text is one resource's rather than a word that many have."""
    return len(text) >= _LEAST_TOLD and not _WORD_OR_PLACE.fullmatch(text)


def _leaves(tree: Tree) -> Iterator[Leaf]:
    """The texts and numbers at any depth."""
    if isinstance(tree, (str, float)):
        yield tree
    elif isinstance(tree, Mapping):
        for each in tree.values():
            yield from _leaves(each)
    elif isinstance(tree, Sequence):
        for each in tree:
            yield from _leaves(each)
