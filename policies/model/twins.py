"""What a stack says twice of one thing.

AWS takes much of a network once: an association of a subnet, a route to a destination, a rule of a
security group. Of two that say the same, what exists comes before what is new, and of two new ones
the first by name: nothing tells which is made first, and only one of them is told.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence

from .resource import Resource


def before(resource: Resource, others: Iterable[Resource]) -> Sequence[Resource]:
    """Those of the others that come before the resource, in their order."""
    ahead = (each for each in others if each.precedence < resource.precedence)
    return sorted(ahead, key=lambda each: each.precedence)


class Twins:
    """Resources by what they say, as far as that is certain."""

    def __init__(
        self,
        resources: Iterable[Resource],
        said: Callable[[Resource], Iterable[Hashable | None]],
    ) -> None:
        """`said` gives what must be said once, None for what is not known."""
        self._said: dict[str, tuple[Hashable, ...]] = {}
        self._saying: dict[Hashable, list[Resource]] = {}
        for resource in sorted(resources, key=lambda each: each.precedence):
            what = tuple(dict.fromkeys(each for each in said(resource) if each is not None))
            self._said[resource.urn] = what
            for each in what:
                self._saying.setdefault(each, []).append(resource)

    def before(self, resource: Resource) -> tuple[Resource, ...]:
        """The resources that come before this one and say something that it says too. What is in
        two regions is not one thing, whatever a stand-in's lookups answer."""
        found: dict[str, Resource] = {}
        for each in self._said.get(resource.urn, ()):
            for other in self._saying[each]:
                if other is resource:
                    break
                if resource.shares_region_with(other) is not False:
                    found[other.urn] = other
        return tuple(found.values())

    def saying(self, what: Hashable) -> Sequence[Resource]:
        """The resources that certainly say this, in their order."""
        return self._saying.get(what, ())
