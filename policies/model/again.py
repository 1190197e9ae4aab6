"""A stack as it would be if everything in it had to be made again: in an emptied account, say.

What AWS gave out when it made a resource (ids, ARNs, endpoints) went with it, and is unknown until
there is another; so is what the inputs of other resources have of it. What the program says stays.
So the model is that of a first preview, and all that AWS asks at creation is open. It is a little
better: where the state tells which of several resources an input names, that is remembered.

What the program does not make stays as it is: what it reads, other stacks, providers. So does a
resource whose inputs were not seen, such as one that is no target of a run.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Final, TypeAlias

from .plain import NamedTuple
from .resource import Resource
from .values import UNKNOWN, Tree

Leaf: TypeAlias = "str | float"

_WORD_OR_PLACE: Final = re.compile(r"[A-Za-z_]*|[a-z]{2}(-[a-z]+)+-\d+[a-z]?")
"""A word such as ENABLED, a region or a zone: what many resources have in common."""
_LEAST_ALONE: Final = 4
_LEAST_WITHIN: Final = 8
"""How long a text must be, at least, to tell whose it is: alone, and within another text."""


def made_again(resources: Iterable[Resource]) -> list[Resource]:
    """The resources as they would be sent if none of those that the program makes existed."""
    given = list(resources)
    former = {each.urn: each for each in given if _is_made_by_the_program(each)}
    owners = _owners(former.values())
    values: dict[str, _Values] = {}
    remade: dict[str, Resource] = {}
    for urn in _in_order(former):
        remade[urn] = _remade(former[urn], values, owners)
        values[urn] = _Values.of(former[urn], remade[urn])
    return [remade.get(each.urn, each) for each in given]


def _is_made_by_the_program(resource: Resource) -> bool:
    return (
        resource.declared is not None
        and not resource.is_read
        and not resource.is_opaque
        and not resource.type.startswith("pulumi:")
    )


def _owners(resources: Iterable[Resource]) -> Mapping[Leaf, str]:
    """URNs by the identifiers that AWS gave out, those that the program chose left aside."""
    found = [
        (text, each.urn)
        for each in resources
        for text in each.identifiers.difference(_leaves(each.declared))
        if _tells(text)
    ]
    count = Counter(text for text, _ in found)
    return {text: urn for text, urn in found if count[text] == 1}


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
    """The texts and numbers of a resource.

    An id that is equal to what the program says, such as a name, is lost where others can name the
    resource by the id alone: the value would lead them to nothing."""

    kept: frozenset[Leaf]
    """Those that it will have again, since the program says them."""
    ids: frozenset[Leaf]
    """Those by which others could name it, and cannot any more."""
    lost: frozenset[Leaf]
    """Those that it need not have again."""

    @classmethod
    def of(cls, former: Resource, remade: Resource) -> _Values:
        ids = former.identifiers - remade.identifiers
        kept = frozenset(_leaves(remade.declared)) - ids
        return cls(
            kept, ids, frozenset((*_leaves(former.actual), *_leaves(former.declared))) - kept
        )

    def holds_again(self, text: str) -> bool:
        """Whether the text has one within it that will be there again."""
        return any(isinstance(each, str) and each and each in text for each in self.kept)

    def holds_lost(self, text: str) -> bool:
        """Whether the text is, or has within it, one that is lost."""
        return text in self.ids or any(
            isinstance(each, str)
            and _tells(each)
            and (each == text or (len(each) >= _LEAST_WITHIN and each in text))
            for each in self.lost
        )


def _remade(
    former: Resource, values: Mapping[str, _Values], owners: Mapping[Leaf, str]
) -> Resource:
    """One resource; `values` are those of the resources that it may have values of."""
    declared: dict[str, Tree] = {}
    dependencies = dict(former.property_dependencies)
    for name, tree in (former.declared or {}).items():
        if tree is not None and former.leaves_as_it_is(name):
            declared[name] = UNKNOWN  # What was deployed once, whatever the program says by now.
            continue
        named = {owners[each] for each in _leaves(tree) if each in owners} - {former.urn}
        sources = {*dependencies.get(name, ()), *named}  # An import leaves ids written out.
        declared[name] = again = _remade_input(
            tree, [values[each] for each in sources & values.keys()]
        )
        if set(_leaves(tree)).difference(_leaves(again)) <= owners.keys():
            # It is told what each lost value names. What else the input is derived from names none.
            leaves = frozenset(_leaves(again))
            sources = {
                each
                for each in sources
                if each in named or each not in values or leaves & values[each].kept
            }
        if sources or name in dependencies:
            dependencies[name] = tuple(sorted(sources))
    actual = {
        name: None if tree is None else UNKNOWN if declared.get(name) is None else declared[name]
        for name, tree in former.actual.items()
    }
    return former._replace(
        actual=actual,
        declared=declared,
        dependencies=former.dependencies.union(*dependencies.values()),
        property_dependencies=dependencies,
        is_remade=not former.is_new,
    )


def _remade_input(tree: Tree, sources: Sequence[_Values]) -> Tree:
    """An input that is derived from these sources, as the program will send it, as far as that is
    known."""
    if not sources:
        return tree
    if isinstance(tree, (str, int, float)):
        return tree if _is_kept(tree, sources) else UNKNOWN
    return _without_lost(tree, sources)


def _is_kept(value: Leaf, sources: Sequence[_Values]) -> bool:
    """Whether a value that is certainly derived from these sources will be the same again."""
    if any(value in each.kept for each in sources):
        return True
    return (
        isinstance(value, str)
        and not any(each.holds_lost(value) for each in sources)
        and any(each.holds_again(value) for each in sources)
    )


def _without_lost(tree: Tree, sources: Sequence[_Values]) -> Tree:
    """A list or a block, parts of which are derived from these sources; nothing tells which."""
    if isinstance(tree, str):
        is_kept = any(tree in each.kept for each in sources)
        is_lost = not is_kept and any(each.holds_lost(tree) for each in sources)
        return UNKNOWN if is_lost else tree
    if isinstance(tree, Mapping):
        return {name: _without_lost(each, sources) for name, each in tree.items()}
    if isinstance(tree, Sequence):
        return [_without_lost(each, sources) for each in tree]
    return tree


def _tells(text: str) -> bool:
    """Whether a text is one resource's rather than a word that many have."""
    return len(text) >= _LEAST_ALONE and not _WORD_OR_PLACE.fullmatch(text)


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
