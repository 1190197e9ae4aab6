"""Several stacks in one model: which of them belong together, and what a name means across them.

A stack is deployed on its own, so what one says of another is certain only where something ties
them. An id or an ARN that AWS gave out is one resource's alone, whichever stack has it. A name that
a program chose is not: two stacks may have it in two accounts. It means the resource of another
stack where the value came from that stack's outputs, or where both are known to be of one account
and, for names that are unique in a region, of one region.

Two stacks are of one system where one uses what the other gives out (through a StackReference, or
by an id or ARN), or where they are of one project and not known to be of two accounts. Rules that
compare resources by what they are called or where they are, without a reference between them, ask
`are_one` first: two systems in one file are no twins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

from . import values
from .accounts import share_account
from .arns import account_of, parse_arn
from .outputs import given_out
from .places import is_given_id
from .plain import NamedTuple
from .resource import Resource
from .urns import STACK, STACK_REFERENCE, StackName, name_in, named_stack, stack_of, type_in
from .values import Known, Tree
from .vocabulary import BUCKET, GLOBAL_CLUSTER

_NAMED_IN_THE_WORLD: Final = frozenset({BUCKET})
_NAMED_IN_AN_ACCOUNT: Final = ("aws:iam/", GLOBAL_CLUSTER)


class Systems:
    """The stacks of a model."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._by_stack: dict[StackName, list[Resource]] = {}
        for each in resources:
            self._by_stack.setdefault(each.stack, []).append(each)
        self._texts: dict[StackName, frozenset[str]] = {}
        self._account_of_stacks: dict[StackName, str | None] = {}
        self._account_of_providers: dict[tuple[StackName, str], str | None] = {}

    @property
    def stacks(self) -> tuple[StackName, ...]:
        return tuple(sorted(self._by_stack))

    def are_one(self, one: StackName, other: StackName) -> bool:
        """Whether two stacks are of one system."""
        return one == other or self._system[one] == self._system[other]

    def meant(
        self, found: Sequence[Resource], text: str, beside: Resource, name: str
    ) -> list[Resource]:
        """Those of the resources that a text names, where it stands in the property `name` of the
        resource `beside`: what its value came from, then what is of its own stack, then what is
        certainly meant in another one."""
        sources = self.behind(beside, name, text)
        for stacks in (sources, {beside.stack}):
            near = [each for each in found if each.stack in stacks]
            if near:
                return near
        return [each for each in found if self._is_meant(each, text, beside)]

    def _is_meant(self, named: Resource, text: str, beside: Resource) -> bool:
        account = self._account_for(named)
        arn = parse_arn(text)
        if arn is not None and arn.account:
            return arn.account == account or text in given_texts(named)
        if named.kind in _NAMED_IN_THE_WORLD or is_its_alone(named, text):
            return True
        if account is None or account != self._account_for(beside):
            return False
        is_of_account = named.kind.startswith(_NAMED_IN_AN_ACCOUNT)
        return is_of_account or beside.shares_region_with(named) is True

    def account(self, stack: StackName) -> str | None:
        """The account that all of a stack is in, where that is known."""
        if stack not in self._account_of_stacks:
            found = {
                self._account_for(each)
                for each in self._by_stack[stack]
                if each.kind.startswith("aws:")
            }
            self._account_of_stacks[stack] = found.pop() if len(found) == 1 else None
        return self._account_of_stacks[stack]

    def _account_for(self, resource: Resource) -> str | None:
        """The account that a resource is in: its own outputs tell it, or those of what its stack
        has in the same account for certain. A stack may work in several."""
        own = account_of(resource)
        if own is not None or resource.provider is None:
            return own
        key = resource.stack, resource.provider.urn
        if key not in self._account_of_providers:
            others = self._by_stack.get(resource.stack, ())
            found = {account_of(each) for each in others if share_account(each, resource)}
            found.discard(None)
            self._account_of_providers[key] = found.pop() if len(found) == 1 else None
        return self._account_of_providers[key]

    @cached_property
    def _accounts(self) -> Mapping[StackName, frozenset[str]]:
        return {
            stack: frozenset(
                account
                for each in resources
                if each.kind.startswith("aws:") and (account := account_of(each)) is not None
            )
            for stack, resources in self._by_stack.items()
        }

    def behind(self, resource: Resource, name: str, text: str) -> set[StackName]:
        """The other stacks that gave the value of a property: those that have the text among their
        outputs, of those that it is derived from."""
        references = [
            urn for urn in resource.depends_on(name) or () if type_in(urn) == STACK_REFERENCE
        ]
        named = {self.named_by(urn) for urn in references}
        others: Iterable[StackName] = named
        if not named <= self._by_stack.keys():  # Called otherwise than what it refers to.
            others = self._by_stack.keys() - {resource.stack}
        return {each for each in others if references and text in self._outputs[each]}

    def named_by(self, urn: str) -> StackName:
        """The stack that a StackReference refers to."""
        name = self._called.get(urn) or name_in(urn)
        return named_stack(name, stack_of(urn).project)

    @cached_property
    def _called(self) -> Mapping[str, str]:
        """What the StackReferences that are shown refer to, by their URNs; a preview shows none."""
        return {
            each.urn: said.value
            for resources in self._by_stack.values()
            for each in resources
            if each.type == STACK_REFERENCE and isinstance(said := each.text("name"), Known)
        }

    @cached_property
    def _outputs(self) -> Mapping[StackName, frozenset[str]]:
        return {
            stack: frozenset(
                text for each in found if each.type == STACK for text in texts_in(each.actual)
            )
            for stack, found in self._by_stack.items()
        }

    def only_source(self, resource: Resource, name: str) -> StackName | None:
        """The other stack that alone gave the value of a property in this run."""
        urns = resource.property_dependencies[name]
        if any(type_in(urn) != STACK_REFERENCE for urn in urns):
            return None
        if not resource.ignored.isdisjoint((name, "*")):
            return None  # It may be a value of an earlier run.
        stacks = {self.named_by(urn) for urn in urns}
        return stacks.pop() if len(stacks) == 1 and stacks <= self._by_stack.keys() else None

    def hides(self, stack: StackName) -> bool:
        """Whether some of the stack's outputs are not shown, since they are secret."""
        return any(
            values.holds_unknown(each.actual)
            for each in self._by_stack[stack]
            if each.type == STACK
        )

    # --- which stacks are of one system ---------------------------------------------------------

    @cached_property
    def _system(self) -> Mapping[StackName, StackName]:
        """The first stack of each stack's system, by name."""
        first = {stack: stack for stack in self.stacks}
        for one, other in sorted(set(self._links())):
            low, high = sorted((first[one], first[other]))
            first = {stack: low if each == high else each for stack, each in first.items()}
        return first

    def _links(self) -> Iterator[tuple[StackName, StackName]]:
        givers = self._givers
        for stack, resources in self._by_stack.items():
            for other in self.stacks:
                if stack < other and self._may_be_one_program(stack, other):
                    yield stack, other
            for urn in {urn for each in resources for urn in _references_of(each)}:
                if (named := self.named_by(urn)) in self._by_stack:
                    yield stack, named
            for text in self.texts(stack) & givers.keys():
                yield stack, givers[text].stack

    @cached_property
    def _givers(self) -> Mapping[str, Resource]:
        """The resources by the ids and ARNs that AWS gave out for them."""
        return {
            text: each
            for resources in self._by_stack.values()
            for each in resources
            for text in given_texts(each)
        }

    def mentioned(self, resource: Resource) -> tuple[Resource, ...]:
        """The resources of other stacks whose ids or ARNs stand in the resource's properties."""
        texts = {text for tree in _said(resource) for text in texts_in(tree)}
        found = {self._givers[text].urn: self._givers[text] for text in texts & self._givers.keys()}
        return tuple(found[urn] for urn in sorted(found) if found[urn].stack != resource.stack)

    def _may_be_one_program(self, one: StackName, other: StackName) -> bool:
        accounts, others = self._accounts[one], self._accounts[other]
        are_apart = bool(accounts and others) and accounts.isdisjoint(others)
        return one.project == other.project and not are_apart

    def has(self, stack: StackName, text: str) -> bool:
        """Whether the text stands anywhere in what is known of the stack, in a list that is one
        text, too."""
        texts = self.texts(stack)
        return text in texts or any(text in each for each in texts)

    def texts(self, stack: StackName) -> frozenset[str]:
        """Every text in the properties of the stack's resources."""
        if stack not in self._texts:
            self._texts[stack] = frozenset(
                text
                for each in self._by_stack[stack]
                for tree in _said(each)
                for text in texts_in(tree)
            )
        return self._texts[stack]


class Beside(NamedTuple):
    """The resources of other stacks that have to do with a stack, and which of the stacks were
    left out because they are certainly not as they are shown any more."""

    resources: tuple[Resource, ...] = ()
    outdated: tuple[StackName, ...] = ()


def beside(own: Sequence[Resource], neighbours: Sequence[Resource]) -> Beside:
    """What of the neighbours' stacks a run should know: stacks of its own system, as far as nothing
    tells that they are older than what the run was given.

    The stack's own export is none of them, nor what the stack has taken over from another one."""
    mine = {each.stack for each in own}
    others = [each for each in neighbours if each.stack not in mine]
    if not mine or not others:
        return Beside()
    systems = Systems([*own, *others])
    outdated = tuple(sorted(_outdated(own, systems)))
    kept = [each for each in others if each.stack not in outdated]
    systems = Systems([*own, *kept])
    taken_over = {(each.kind, text) for each in own for text in given_texts(each)}
    related = {
        other for other in systems.stacks if any(systems.are_one(stack, other) for stack in mine)
    }
    found = tuple(
        each
        for each in kept
        if each.stack in related
        and not any((each.kind, text) in taken_over for text in given_texts(each))
    )
    return Beside(found, outdated)


def _outdated(own: Iterable[Resource], systems: Systems) -> set[StackName]:
    """The stacks of which the run was given an id that their state does not have: they have changed
    since it was written. Where some of a state is secret, nothing can be missed in it."""
    return {
        stack
        for resource in own
        for name in resource.property_dependencies
        if (stack := systems.only_source(resource, name)) is not None and not systems.hides(stack)
        for text in texts_in(resource.actual.get(name))
        if is_given_id(text) and not systems.has(stack, text)
    }


def is_its_alone(resource: Resource, text: str) -> bool:
    """Whether a text that names the resource can name no other one: AWS gave it out, and the
    program did not choose it."""
    if resource.declared is None:
        return is_given_id(text) or parse_arn(text) is not None
    return text not in texts_in(resource.declared)


def given_texts(resource: Resource) -> Iterator[str]:
    """The ids and ARNs that AWS gave out for the resource."""
    if resource.kind.startswith("aws:"):
        for text in {*resource.identifiers, *given_out(resource)}:
            arn = parse_arn(text)
            if is_given_id(text) or (arn is not None and arn.account):
                yield text


def _said(resource: Resource) -> tuple[Mapping[str, Tree], Mapping[str, Tree]]:
    """All that is known of the resource."""
    return resource.actual, resource.declared or {}


def texts_in(tree: Tree) -> Iterator[str]:
    """Every text in a tree."""
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, Mapping):
        for each in tree.values():
            yield from texts_in(each)
    elif isinstance(tree, Sequence):
        for each in tree:
            yield from texts_in(each)


def _references_of(resource: Resource) -> Iterator[str]:
    """The URNs of the StackReferences that the resource has to do with."""
    if resource.type == STACK_REFERENCE:
        yield resource.urn
    for urns in (resource.dependencies, *resource.property_dependencies.values()):
        yield from (urn for urn in urns if type_in(urn) == STACK_REFERENCE)
