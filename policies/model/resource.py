"""One resource as the engine sends it, read in the words of the `aws` dialect."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType

from . import values
from .answers import Answer, CannotTell, No, Yes
from .places import region_of_arn, region_of_zone
from .plain import NamedTuple, Record
from .urns import StackName, stack_of
from .values import UNKNOWN, Absent, Known, Reading, Tree, Unknown
from .vocabulary import (
    EIP,
    INTERNET_GATEWAY,
    KMS_KEY,
    SECURITY_GROUP,
    VPN_GATEWAY,
    Term,
    label,
    term_of,
)

_CHOSEN_IDENTIFIERS = frozenset(
    {"bucket", "clusterIdentifier", "globalClusterIdentifier", "identifier", "name"}
    | {"dbClusterIdentifier", "dbInstanceIdentifier", "dbSubnetGroupName"}
    | {"bucketName", "logGroupName"}
)
"""Identifiers that the program chooses, so that they are known before the resource exists."""

_MADE_WITHOUT_INPUTS = frozenset(
    {INTERNET_GATEWAY, VPN_GATEWAY, EIP, SECURITY_GROUP, KMS_KEY, "aws:ec2/defaultVpc:DefaultVpc"}
)
"""What a program may make without saying anything of it."""


class Provider(NamedTuple):
    """The provider that a resource is made by; its properties are its checked inputs."""

    urn: str
    properties: Mapping[str, Tree] = MappingProxyType({})

    @property
    def region(self) -> Reading[str]:
        return values.text(self.properties.get("region"))

    @property
    def label(self) -> str:
        """How messages call it; the engine names default ones default_7_51_1."""
        name = self.urn.rpartition("::")[2]
        is_default = re.fullmatch(r"default(_\d+)*", name)
        return "the default provider" if is_default else f"provider {name}"


class Resource(Record):
    """One resource of the stack.

    `actual` holds what the engine sends to a stack policy: outputs, planned ones in a preview.
    `declared` holds the checked inputs, where they were seen; they say what the program asked for,
    without what AWS computed. For a resource policy, which sees inputs only, both are the inputs.
    Property names are the token's own; every method takes those of the `aws` dialect.
    """

    urn: str
    type: str
    name: str
    actual: Mapping[str, Tree]
    declared: Mapping[str, Tree] | None = None
    provider: Provider | None = None
    parent: str | None = None
    dependencies: frozenset[str] = frozenset()
    property_dependencies: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    ignored: frozenset[str] = frozenset()
    """Properties whose changes the program ignores, in the token's own names."""
    is_neighbour: bool = False
    """Whether it is of another stack, whose state was given beside those that are looked at."""
    is_one_of_many_stacks: bool = False
    """Whether messages must say which stack it is of."""
    is_remade: bool = False
    """Whether it exists, and is looked at as if it had to be made again (`again.py`)."""

    @cached_property
    def _term(self) -> Term:
        return term_of(self.type)

    @cached_property
    def kind(self) -> str:
        """The resource's type in the `aws` dialect."""
        return self._term.kind

    @property
    def is_native(self) -> bool:
        """Whether the aws-native provider makes it: CloudFormation semantics, no provider help."""
        return self.type.startswith("aws-native:")

    @property
    def is_component(self) -> bool:
        """Whether it is a component: what a program or a package makes of other resources. Whatever
        else a program makes has a provider."""
        return self.provider is None and not self.type.startswith("pulumi:")

    @property
    def is_default(self) -> bool:
        """Whether it adopts what the account came with: the default VPC, a default subnet."""
        return self._term.is_default

    @property
    def precedence(self) -> tuple[bool, str, str]:
        """Which of several that cannot be together comes first: what exists, and of what is new the
        first by name, since nothing tells which is made first. A rule tells of the later one."""
        return (self.is_new, self.name, self.urn)

    @property
    def label(self) -> str:
        """How messages call it: "subnet app-a", or "subnet app-a of network/prod" where resources
        of other stacks are told of, too."""
        suffix = f" of {self.stack}" if self.is_one_of_many_stacks else ""
        return f"{label(self.kind)} {self.name}{suffix}"

    @cached_property
    def stack(self) -> StackName:
        """The stack that it is of."""
        return stack_of(self.urn)

    @cached_property
    def is_opaque(self) -> bool:
        """Whether the engine sent nothing of it: its provider's configuration is unknown in this
        preview, or it is new and not a target of this run. Nothing set is not the same as that."""
        return not self.actual and not self.declared

    @cached_property
    def is_read(self) -> bool:
        """Whether it was read (`X.get`), not made, by the program.

        A preview never shows such resources to a policy, `pulumi policy analyze` does; they carry
        outputs, but no inputs, which no program can make one of these kinds without."""
        return (
            self.declared is not None
            and not self.declared
            and self.type not in _MADE_WITHOUT_INPUTS
            and not self.is_native
            and isinstance(values.text(self.actual.get("id")), Known)
        )

    def own_name(self, name: str) -> str:
        """The property's name in the resource's own dialect."""
        return self._term.names.get(name, name)

    def depends_on(self, name: str) -> tuple[str, ...] | None:
        """URNs that the property's value is derived from; None where the engine knows of none.

        The tuple may be empty: a value that came from outside the stack."""
        return self.property_dependencies.get(self._own(name)[0])

    def tree(self, name: str) -> Tree:
        """The property's value: `actual`, else what the program declared.

        In a preview, an optional property that the provider computes is unknown in the outputs
        although nobody set it. The inputs tell whether somebody did; where they were not seen, the
        dependencies do: a value that came from another resource always has an entry there."""
        own, derive = self._own(name)
        actual = self.actual.get(own)
        if actual is UNKNOWN:
            if self.is_neighbour:
                return UNKNOWN  # What exists has a value: this one is secret.
            if self.declared is not None:
                return derive(self.declared.get(own))
            return UNKNOWN if own in self.property_dependencies else None
        if actual is None and self.declared is not None:
            actual = self.declared.get(own)
        return UNKNOWN if actual is None and self.is_opaque else derive(actual)

    def declared_tree(self, name: str) -> Tree:
        """What the program asked for, without what AWS computed."""
        own, derive = self._own(name)
        if self.declared is not None:
            return UNKNOWN if self.is_opaque else derive(self.declared.get(own))
        if own in self.property_dependencies or self.is_new:
            return self.tree(name)
        return UNKNOWN if self.actual.get(own) is not None else None

    def declares(self, name: str) -> Answer:
        """Whether the program sets the property, to a value that may be unknown. It cannot be told
        where the inputs were not seen and AWS may have computed what the outputs show."""
        if self.is_opaque:
            return CannotTell(f"nothing is known of {self.label} before the deployment")
        if _is_nothing(self.declared_tree(name)):
            return No()
        own, _ = self._own(name)
        if self.is_remade and self.ignores(name) and own not in self.property_dependencies:
            return CannotTell(f"the program ignores changes of its {self.own_name(name)}")
        if self.declared is not None or own in self.property_dependencies or self.is_new:
            return Yes()
        return CannotTell(f"whether the program or AWS set its {self.own_name(name)} is not known")

    def ignores(self, name: str) -> bool:
        """Whether the program ignores changes of the property or of a part of it: `*`, the name, or
        a path such as `name.x`, `name[0]` or `["name"]`."""
        heads = {
            re.split(r"[.\[\]\"']+", each.lstrip("[\"'"), maxsplit=1)[0] for each in self.ignored
        }
        return not heads.isdisjoint(("*", self.own_name(name)))

    def leaves_as_it_is(self, name: str) -> bool:
        """Whether the program leaves the property of what exists to others, such as CodeDeploy or
        an operator: it ignores changes of it."""
        return not self.is_new and self.ignores(name)

    def _own(self, name: str) -> tuple[str, values.Derive]:
        term = self._term
        if name in term.derived:
            return term.derived[name]
        return term.names.get(name, name), _unchanged

    @cached_property
    def is_new(self) -> bool:
        """Whether the run creates it: no identifier that AWS gives out is known yet.

        Some kinds of `aws-native` have none: those exist as soon as all that AWS computes of them
        is known."""
        if self.is_neighbour:
            return False
        given = [own for own in self._term.identifiers if own not in _CHOSEN_IDENTIFIERS]
        if any(isinstance(values.text(self.actual.get(own)), Known) for own in given):
            return False
        return any(self.actual.get(own) is UNKNOWN for own in given) or not self._shows_computed

    @property
    def _shows_computed(self) -> bool:
        """Whether the outputs hold what no program said, and nothing that is not known yet."""
        computed = [name for name in self.actual if name not in (self.declared or ())]
        return bool(computed) and all(self.actual[name] is not UNKNOWN for name in self.actual)

    def text(self, name: str) -> Reading[str]:
        """What a property that holds text says."""
        return values.text(self.tree(name))

    def number(self, name: str) -> Reading[float]:
        """What a property that holds a number says."""
        return values.number(self.tree(name))

    def flag(self, name: str) -> Reading[bool]:
        """What a property that is true or false says."""
        return values.flag(self.tree(name))

    def items(self, name: str) -> Reading[tuple[Tree, ...]]:
        """What a property that holds a list says; a lone block counts as a list of one."""
        return values.items(self.tree(name))

    def sets(self, name: str) -> bool:
        """Whether anything is set, known or not: a block, text, a number, a reference."""
        return not _is_nothing(self.tree(name))

    @cached_property
    def identifiers(self) -> frozenset[str]:
        """The values by which other resources may name this one, as far as they are known."""
        readings = (values.text(self.tree(self._canonical(own))) for own in self._term.identifiers)
        return frozenset(reading.value for reading in readings if isinstance(reading, Known))

    @cached_property
    def is_nameless(self) -> bool:
        """Whether the engine sent none of the properties by which others could name it, not even
        as unknown: then no value can be compared with it."""
        return all(self.actual.get(own) is None for own in self._term.identifiers)

    @cached_property
    def has_unknown_name(self) -> bool:
        """Whether a property by which others could name it is not known yet."""
        return any(self.actual.get(own) is UNKNOWN for own in self._term.identifiers)

    def _canonical(self, own: str) -> str:
        return next((name for name, said in self._term.names.items() if said == own), own)

    @cached_property
    def region(self) -> Reading[str]:
        """The resource's region: its own `region`, then its provider's, then its zone's or ARN's.

        Never the environment of the process that runs the pack."""
        own = self.text("region")
        if isinstance(own, Known):
            return own
        if self.provider is not None and isinstance(self.provider.region, Known):
            return self.provider.region if isinstance(own, Absent) else own
        zone = self.text("availabilityZone")
        if isinstance(zone, Known):
            found = region_of_zone(zone.value)
            if found:
                return Known(found)
        arn = self.text("arn")
        if isinstance(arn, Known):
            found = region_of_arn(arn.value)
            if found:
                return Known(found)
        return (
            own if isinstance(own, Unknown) else Unknown("not stated by the resource or provider")
        )

    @property
    def region_evidence(self) -> str:
        """What says the region, in a message's words. pulumi-aws 7 writes the provider's region
        into every resource, so an equal one is taken to be the provider's."""
        if self.provider is not None and self.provider.region == self.region:
            return self.provider.label
        return "its own region" if isinstance(self.text("region"), Known) else "its zone or ARN"

    def shares_region_with(self, other: Resource) -> bool | None:
        """Whether both are in one region; None where that cannot be told.

        Two resources of one provider are, even where nothing says which region that is."""
        if isinstance(self.region, Known) and isinstance(other.region, Known):
            return self.region == other.region
        one, another = self._regional_provider, other._regional_provider
        return True if one is not None and one == another else None

    @property
    def _regional_provider(self) -> str | None:
        """The provider whose region the resource has, whichever that is."""
        if self.provider is None or not isinstance(self.text("region"), Absent):
            return None
        return self.provider.urn


def _is_nothing(tree: Tree) -> bool:
    """Whether a property is not set; providers write the empty ones of these for that."""
    return tree is None or tree in ("", [], {})


def _unchanged(tree: Tree) -> Tree:
    return tree
