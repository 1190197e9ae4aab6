"""All resources of a stack, and what a property of one of them refers to.

In a first preview no id is known, so a reference is found by the dependencies that the engine sends
with each property; later, and for literals, by equal identifiers. A dependency means "derived
from", not "is the id of": it is filtered by kind, and where several resources qualify, the answer
says so. Whoever asks decides only what holds for every choice.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

from . import values
from .arns import FORMS, Arn, account_of, parse_arn
from .makers import may_give_any_id
from .outputs import Outputs
from .references import (
    OneOf,
    Outside,
    Reference,
    ReferenceIndex,
    ReferenceList,
    Target,
)
from .resource import Resource
from .systems import Systems, is_its_alone
from .urns import STACK_REFERENCE, name_in, named_stack, stack_of, type_in
from .values import Absent, Known, Reading, Unknown
from .vocabulary import REFERENCES, term_of


class Stack:
    """The resources of one stack, in the order of their URNs whatever order the engine used. Those
    of neighbours come first: they are there already."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self.resources: Sequence[Resource] = sorted(
            (resource for resource in resources if not resource.is_read),
            key=_order,
        )
        self._by_urn: Mapping[str, Resource] = {each.urn: each for each in self.resources}
        self._by_kind: dict[str, list[Resource]] = {}
        for resource in self.resources:
            self._by_kind.setdefault(resource.kind, []).append(resource)
        self._identified: dict[str, dict[str, list[Resource]]] = {}
        self._by_name: dict[str, Mapping[str | None, Sequence[Resource]]] = {}
        self._by_arn_part: dict[str, dict[str, list[Resource]]] = {}
        self._of: dict[tuple[str, ...], tuple[Resource, ...]] = {}
        self._references: dict[tuple[Resource, str, tuple[str, ...]], Reference] = {}
        self._naming: dict[tuple[str, tuple[str, ...]], ReferenceIndex[Resource]] = {}
        ends = self.resources[:1], self.resources[-1:]  # Those of a stack are together.
        self.is_of_several = any(one.stack != other.stack for one, other in zip(*ends, strict=True))
        """Whether it has resources of several stacks."""

    def of(self, *kinds: str) -> tuple[Resource, ...]:
        """The resources of these kinds, in the order of their URNs."""
        if kinds not in self._of:
            found = (resource for kind in kinds for resource in self._by_kind.get(kind, ()))
            self._of[kinds] = tuple(sorted(found, key=_order))
        return self._of[kinds]

    def get(self, urn: str) -> Resource | None:
        """The resource with this URN; None where the stack has none."""
        return self._by_urn.get(urn)

    def identified(self, text: str, *kinds: str) -> tuple[Resource, ...]:
        """The resources of these kinds, or of any, that a known text names: by an identifier, by
        what AWS gave out for them (an ARN, an endpoint, a URL), or by an ARN that is composed of
        their names. Where there are several, nothing tells which is meant."""
        found = self._own(self._named(text, kinds or self._by_kind), text)
        return tuple(sorted(found, key=_order))

    def given_by_others(
        self, text: str, resource: Resource, name: str, *kinds: str
    ) -> tuple[Resource, ...]:
        """The resources of other stacks that have this identifier or `name`, where the text stands
        in a property whose value came from the outputs of their stack."""
        stacks = self._systems.behind(resource, name, text) if self.is_of_several else set()
        found = (each for kind in kinds for each in self._names(kind).get(text, ()) if stacks)
        return tuple(each for each in found if each.stack in stacks)

    def called(self, name: str, *kinds: str) -> tuple[Resource, ...]:
        """The resources of these kinds that have this identifier, or this as their `name`."""
        found = [each for kind in kinds for each in self._names(kind).get(name, ())]
        return tuple(self._own(found, name))

    def unnamed(self, *kinds: str) -> tuple[Resource, ...]:
        """The resources of these kinds of which neither an identifier nor a `name` is known."""
        return tuple(each for kind in kinds for each in self._names(kind).get(None, ()))

    def _names(self, kind: str) -> Mapping[str | None, Sequence[Resource]]:
        """The resources of a kind by all their names; by None, those that have none yet."""
        if kind not in self._by_name:
            index: dict[str | None, list[Resource]] = {}
            for resource in self._by_kind.get(kind, ()):
                name = values.known_or_none(resource.text("name"))
                names: set[str | None] = {*resource.identifiers, name} - {None}
                for each in names or {None}:
                    index.setdefault(each, []).append(resource)
            self._by_name[kind] = index
        return self._by_name[kind]

    def _named(self, identifier: str, kinds: Iterable[str]) -> list[Resource]:
        """The resources of these kinds that a text names."""
        found: list[Resource] = []
        for kind in kinds:
            if kind not in self._identified:
                index = self._identified[kind] = {}
                for resource in self._by_kind.get(kind, ()):
                    for own in resource.identifiers:
                        index.setdefault(own, []).append(resource)
            found.extend(self._identified[kind].get(identifier, ()))
        found = found or self._outputs.owners(identifier, kinds)
        arn = None if found else parse_arn(identifier)
        if arn is not None:
            found = [each for each in self._in_arn(arn, kinds) if _is_of_region(each, arn)]
        return found

    def _own(self, found: list[Resource], text: str) -> list[Resource]:
        """Those of the resources that a text names, wherever it stands: neighbours only where
        nothing but one of them can be meant."""
        own = [each for each in found if not each.is_neighbour]
        return own or [each for each in found if is_its_alone(each, text)]

    def _meant(
        self, found: list[Resource], text: str, resource: Resource, name: str
    ) -> list[Resource]:
        """Those of the resources that a text names, where it stands in a property."""
        if not self.is_of_several or not found:
            return found
        return self._systems.meant(found, text, resource, name)

    @cached_property
    def _systems(self) -> Systems:
        return Systems(self.resources)

    def are_of_one_system(self, one: Resource, other: Resource) -> bool:
        """Whether two resources belong together although nothing but their names, kinds or places
        says so: they are of one stack, or of two that have to do with each other."""
        return not self.is_of_several or self._systems.are_one(one.stack, other.stack)

    def mentioned_across_stacks(self, resource: Resource) -> tuple[Resource, ...]:
        """The resources of other stacks whose ids or ARNs stand anywhere in the resource's
        properties: no dependency leads to them."""
        return self._systems.mentioned(resource) if self.is_of_several else ()

    def names_of(self, resource: Resource) -> str:
        """What tells apart the names that programs choose, where nothing else is known of what they
        name: resources of several stacks may be in several accounts."""
        if not self.is_of_several:
            return ""
        return self._systems.account(resource.stack) or str(resource.stack)

    def _in_arn(self, arn: Arn, kinds: Iterable[str]) -> list[Resource]:
        """The resources of these kinds that an ARN may name, as far as the stack tells."""
        found: list[Resource] = []
        for kind in kinds:
            form = FORMS.get(kind)
            if form is None or form.service != arn.service:
                continue
            if kind not in self._by_arn_part:
                index = self._by_arn_part[kind] = {}
                for resource in self._by_kind.get(kind, ()):
                    own = values.known_or_none(resource.text(form.property))
                    for each in resource.identifiers | ({own} if own else set()):
                        index.setdefault(each, []).append(resource)
            for name in form.names(arn.resource):
                found.extend(self._by_arn_part[kind].get(name, ()))
        return [each for each in found if _may_be(each, arn)]

    def is_named_by(self, resource: Resource, text: str) -> bool:
        """Whether the text is an identifier of the resource, or what AWS gave out for it."""
        return resource in self._named(text, (resource.kind,))

    def reference(self, resource: Resource, name: str, *kinds: str) -> Reference:
        """What a property that holds one reference names; `kinds` default to the vocabulary's."""
        asked = (resource, name, kinds)
        if asked not in self._references:
            self._references[asked] = self._resolved(resource, name, *kinds)
        return self._references[asked]

    def _resolved(self, resource: Resource, name: str, *kinds: str) -> Reference:
        found = self.resolve(resource, name, resource.text(name), *kinds)
        if isinstance(found, Outside) and found.literal is not None:
            wanted = kinds or REFERENCES[(resource.kind, name)]
            if any(each.has_unknown_name for each in self.sources(resource, name, wanted)):
                # The value of an earlier run (ignoreChanges) of what gets a new id in this one.
                return Outside()
        return found

    def naming(self, named: Resource, name: str, *kinds: str) -> Iterator[tuple[Resource, bool]]:
        """The resources of these kinds whose property `name` names this one, for sure (True) or
        for all that is known (False), in the order of their URNs."""
        if (name, kinds) not in self._naming:
            self._naming[name, kinds] = ReferenceIndex(
                (self.reference(each, name), each) for each in self.of(*kinds)
            )
        return self._naming[name, kinds].of(named)

    def resolve(self, resource: Resource, name: str, value: Reading[str], *kinds: str) -> Reference:
        """What a value that was read from (or inside) the property `name` refers to."""
        if isinstance(value, Absent):
            return value
        wanted = kinds or REFERENCES[(resource.kind, name)]
        if not isinstance(value, Known):
            if self._strangers(resource, name, wanted):
                return Outside(source=self._source(resource, name, is_known=False))
            return _choice(self.sources(resource, name, wanted))
        named = self._meant(self._named(value.value, wanted), value.value, resource, name)
        if len(named) > 1:
            # Names are unique in a region only: prefer where the value came from, then the region.
            sources = self.sources(resource, name, wanted)
            named = [each for each in named if each in sources] or _of_one_region(named, resource)
        if named:
            return _choice(named)
        nameless = [each for each in self.sources(resource, name, wanted) if each.is_nameless]
        if nameless:
            return Outside()  # It comes from one of them, which is not to say that it names it.
        arn = parse_arn(value.value)
        if arn is not None and self._in_arn(arn, wanted):
            return Outside()  # One of them, if its region is the ARN's, which nothing tells.
        return Outside(value.value, self._source(resource, name, is_known=True))

    def references(
        self, resource: Resource, name: str, *kinds: str, inner: str | None = None
    ) -> ReferenceList | Absent:
        """What a property that holds a list names; with `inner`, a list of blocks that hold their
        references at that path, `subnetId` or `forward.targetGroups.arn`."""
        wanted = kinds or REFERENCES[(resource.kind, name)]
        listing = resource.items(name)
        if isinstance(listing, Absent):
            return listing
        if inner is None and isinstance(resource.tree(name), Mapping):
            listing = Unknown("not a list")  # A lone block stands for a list of blocks only.
        sources = self.sources(resource, name, wanted)
        strangers = self._strangers(resource, name, wanted)
        if not isinstance(listing, Known):
            return (
                ReferenceList(pool=tuple(sources), places=None, strangers=strangers)
                if sources
                else ReferenceList(
                    outside=(Outside(source=self._source(resource, name, is_known=False)),)
                )
            )
        elements = listing.value if inner is None else values.inside(listing.value, inner)
        readings = [values.text(element) for element in elements]
        certain: list[Resource] = []
        outside: list[Outside] = []
        open_places = 0
        for reading in readings:
            if isinstance(reading, Known):
                match self.resolve(resource, name, reading, *wanted):
                    case Target(found):
                        if found not in certain:  # AWS takes such lists for sets.
                            certain.append(found)
                    case Outside() as missing:
                        outside.append(missing)
                    case _:
                        open_places += 1
            elif not isinstance(reading, Absent):
                open_places += 1
        pool = [each for each in sources if each not in certain]
        if not pool or open_places >= len(pool) + strangers:
            source = self._source(resource, name, is_known=False)
            outside.extend(Outside(source=source) for _ in range(open_places - len(pool)))
            certain.extend(pool)
            pool, open_places = [], 0
        if not open_places:
            pool, strangers = [], 0
        return ReferenceList(tuple(certain), tuple(pool), open_places, tuple(outside), strangers)

    def sources(self, resource: Resource, name: str, wanted: Sequence[str]) -> tuple[Resource, ...]:
        """The resources of the wanted kinds that the property's value is derived from.

        Where it is derived from other kinds only (`vpc_id=subnet.vpc_id`), those of their own
        references that lead to a wanted kind count."""
        found: dict[str, Resource] = {}
        seen = {resource.urn}
        waiting: list[tuple[Sequence[str], bool]] = [(resource.depends_on(name) or (), False)]
        while waiting:
            urns, only_nameless = waiting.pop()
            known = [self._by_urn[urn] for urn in urns if urn in self._by_urn]
            direct = [each for each in known if each.kind in wanted]
            found |= {each.urn: each for each in direct if each.is_nameless or not only_nameless}
            steps = [] if direct else [each for each in known if each.urn not in seen]
            seen.update(each.urn for each in steps)
            for step, inner, value in _ways_on(steps, wanted):
                named: list[Resource] = []
                if isinstance(value, Known):
                    named = self._named(value.value, wanted)
                    named = self._meant(named, value.value, step, inner)
                if not named:  # A known value then names what has no name yet, or no resource.
                    onwards = step.depends_on(inner) or ()
                    waiting.append((onwards, only_nameless or isinstance(value, Known)))
                elif not only_nameless:
                    found |= {each.urn: each for each in _of_one_region(named, step)}
        return tuple(found[urn] for urn in sorted(found))

    def _strangers(self, resource: Resource, name: str, wanted: Sequence[str]) -> int:
        """How many resources of the wanted kinds, none of them in this stack, the property's value
        is derived from besides. Of those the engine tells the URN alone. Another stack, whose
        outputs are in the value, may have any number of them, and so may what gives out ids of what
        is not read."""
        urns = resource.depends_on(name) or ()
        missing = [urn for urn in urns if urn not in self._by_urn]
        types = [type_in(urn) for urn in missing]
        if STACK_REFERENCE in types:
            return _ANY_NUMBER
        here = (self._by_urn[urn].kind for urn in urns if urn in self._by_urn)
        if any(map(may_give_any_id, here)):
            return _ANY_NUMBER
        return sum(term_of(each).kind in wanted for each in types)

    def _source(self, resource: Resource, name: str, *, is_known: bool) -> str | None:
        """Which other stack gave the property's value, in a message's words, and where the value is
        known why it names nothing; None where nothing tells that one stack alone gave it."""
        urns = resource.depends_on(name) or ()
        if len(urns) != 1 or type_in(urns[0]) != STACK_REFERENCE:
            return None
        found = name_in(urns[0])
        if not is_known:
            return f"the stack {found}"
        is_shown = self.is_of_several and (
            named_stack(found, resource.stack.project) in self._systems.stacks
        )
        return f"the stack {found}, {'whose state lacks it' if is_shown else NOT_SHOWN}"

    @cached_property
    def stacks_not_shown(self) -> tuple[str, ...]:
        """The stacks of which values come, by what the StackReferences call them, as far as no
        state of theirs is here."""
        urns = {
            urn
            for each in self.resources
            if not each.is_neighbour
            for urns in each.property_dependencies.values()
            for urn in urns
            if type_in(urn) == STACK_REFERENCE
        }
        shown = self._systems.stacks if self.is_of_several else ()
        return tuple(
            sorted(
                {
                    name_in(urn)
                    for urn in urns
                    if named_stack(name_in(urn), stack_of(urn).project) not in shown
                }
            )
        )

    @cached_property
    def _outputs(self) -> Outputs:
        return Outputs(self._by_kind)

    def dependents(self, resource: Resource) -> Sequence[Resource]:
        """What waits for the resource by a dependency of its own, in the order of URNs."""
        return self._dependents.get(resource.urn, ())

    @cached_property
    def _dependents(self) -> Mapping[str, Sequence[Resource]]:
        index: dict[str, list[Resource]] = {}
        for resource in self.resources:
            for urn in resource.dependencies:
                index.setdefault(urn, []).append(resource)
        return index

    def waits_for(self, resource: Resource) -> frozenset[str]:
        """URNs of everything that must exist before the resource is made, transitively.

        To wait for a component is to wait for all that it is made of. The SDKs name the children of
        a component that the program makes, and the component itself where a package makes it: "the
        construction of a remote component always waits on the construction of its children"
        (pulumi/runtime/rpc.py)."""
        found: set[str] = set()
        waiting = list(resource.dependencies)
        while waiting:
            urn = waiting.pop()
            if urn in found:
                continue
            found.add(urn)
            step = self._by_urn.get(urn)
            if step is not None:
                waiting.extend(step.dependencies)
                waiting.extend(self._parts(step) if step.is_component else ())
        return frozenset(found)

    def _parts(self, component: Resource) -> Iterator[str]:
        """URNs of what a component is made of, at any depth. A child that itself waits for the
        component was given to it later, by the program."""
        waiting = [component.urn]
        while waiting:
            for child in self._children.get(waiting.pop(), ()):
                if component.urn not in child.dependencies:
                    yield child.urn
                    waiting.append(child.urn)

    @cached_property
    def _children(self) -> Mapping[str, Sequence[Resource]]:
        index: dict[str, list[Resource]] = {}
        for resource in self.resources:
            if resource.parent is not None:
                index.setdefault(resource.parent, []).append(resource)
        return index


_ANY_NUMBER: Final = sys.maxsize
NOT_SHOWN: Final = "whose state is not shown here"
"""How a reason says that a value comes from a stack of which nothing is known."""


def _order(resource: Resource) -> tuple[bool, str]:
    return not resource.is_neighbour, resource.urn


def _ways_on(
    steps: Iterable[Resource], wanted: Sequence[str]
) -> Iterator[tuple[Resource, str, Reading[str]]]:
    """The properties by which these resources name one of the wanted kinds, and what they say."""
    for step in steps:
        for (kind, name), kinds in REFERENCES.items():
            if kind == step.kind and not set(kinds).isdisjoint(wanted):
                yield step, name, step.text(name)


def _of_one_region(named: list[Resource], beside: Resource) -> list[Resource]:
    """Those in the same region, where there are any."""
    return [each for each in named if each.region == beside.region] or named


def _is_of_region(resource: Resource, arn: Arn) -> bool:
    """Whether the resource is certainly where the ARN says."""
    return not arn.region or resource.region == Known(arn.region)


def _may_be(resource: Resource, arn: Arn) -> bool:
    """Whether an ARN with the resource's name may be its own: not one of another region or
    account."""
    if arn.region and isinstance(resource.region, Known) and resource.region.value != arn.region:
        return False
    account = account_of(resource)
    return not (arn.account and account) or account == arn.account


def _choice(resources: Sequence[Resource]) -> Reference:
    distinct = {resource.urn: resource for resource in resources}
    match sorted(distinct):
        case []:
            return Outside()
        case [urn]:
            return Target(distinct[urn])
        case urns:
            return OneOf(tuple(distinct[urn] for urn in urns))
