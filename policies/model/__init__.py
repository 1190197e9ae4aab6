"""How a stack is read. Rules ask this package questions; they never dig in properties."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from .aurora.global_databases import Aurora
from .dns.record_sets import Records
from .names import Names
from .network.addresses import Neighbours
from .network.listeners import Forwarders
from .network.routing import Network
from .network.tiers import Tiers
from .network.wiring import Wiring
from .regions.regional_references import RegionalReferences
from .resource import Resource
from .stack import Stack
from .storage.buckets import Buckets
from .systems import beside
from .takeover.takeover import Takeover

P = ParamSpec("P")
T = TypeVar("T")


class Model:
    """Everything that rules may ask of one stack, computed once however many rules ask.

    `of_others` are the resources of other stacks, of which those count that have to do with this
    one. They are there to be named; nothing is found of them."""

    def __init__(self, resources: Iterable[Resource], of_others: Sequence[Resource] = ()) -> None:
        own = list(resources)
        found = beside(own, of_others)
        self.outdated = found.outdated
        """The other stacks that are certainly not as they were shown any more."""
        self.stack = Stack([*own, *found.resources])
        self._networks: dict[frozenset[str], Network] = {}
        self._answers: dict[Callable[..., Any], Any] = {}

    def once(
        self, question: Callable[Concatenate[Model, P], T], *given: P.args, **named: P.kwargs
    ) -> T:
        """A rule's own question about the stack as a whole, asked when the first subject needs the
        answer. What else it is asked with must be the same for each."""
        if question not in self._answers:
            self._answers[question] = question(self, *given, **named)
        return cast("T", self._answers[question])

    @cached_property
    def aurora(self) -> Aurora:
        """The Aurora global databases."""
        return Aurora(self.stack)

    @cached_property
    def buckets(self) -> Buckets:
        """The buckets of S3, and what configures them."""
        return Buckets(self.stack)

    @cached_property
    def forwarders(self) -> Forwarders:
        """The listeners and rules, by their target groups."""
        return Forwarders(self.stack)

    @cached_property
    def names(self) -> Names:
        """The names that AWS gives once."""
        return Names(self.stack)

    @cached_property
    def neighbours(self) -> Neighbours:
        """The subnets of each VPC, by their ranges."""
        return Neighbours(self.stack)

    @cached_property
    def records(self) -> Records:
        """The records, by their zones."""
        return Records(self.stack)

    @cached_property
    def regional_references(self) -> RegionalReferences:
        """The references that should stay within a region."""
        return RegionalReferences(self.stack)

    @cached_property
    def takeover(self) -> Takeover:
        """What is lost with a region, and what is left to take over."""
        return Takeover(self.stack, self.aurora)

    @cached_property
    def tiers(self) -> Tiers:
        """What the subnets are for, and what they reach."""
        return Tiers(self.stack, self.network())

    @cached_property
    def wiring(self) -> Wiring:
        """How the parts of the network are tied together."""
        return Wiring(self.stack, self.network())

    def network(self, known_public: frozenset[str] = frozenset()) -> Network:
        """The network; `known_public` are ids outside the stack that the user vouches for."""
        if known_public not in self._networks:
            self._networks[known_public] = Network(self.stack, known_public)
        return self._networks[known_public]
