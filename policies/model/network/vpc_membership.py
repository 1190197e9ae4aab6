"""Which VPC subnets, security groups and target groups are in, and which are in another one.

A security group without a vpcId is in the region's default VPC; a cluster without a DB subnet group
goes there too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from ..plain import NamedTuple
from ..references import Outside, Reference, ReferenceList, Target, same
from ..resource import Resource
from ..stack import Stack
from ..values import Absent, Known
from ..vocabulary import SECURITY_GROUP_ASSOCIATION, VPC, label

DEFAULT_VPC: Final[Reference] = Absent()
"""A reference that nobody set, so that AWS takes the default VPC."""

_RANGE_OF_DEFAULT_VPC: Final = "172.31.0.0/16"
"""AWS, "Default VPCs" in the VPC user guide (2026-11-26)."""


class Apart(NamedTuple):
    """Resources that are certainly in another VPC than the rest. `doubt` says, as a clause, why
    there may be some where there are none."""

    resources: tuple[Resource, ...] = ()
    doubt: str | None = None


def vpc_of(stack: Stack, part: Resource) -> Reference:
    """The VPC of a subnet, a security group or a target group; a VPC stands for its own default
    security group."""
    if part.kind == VPC:
        return Target(part)
    return stack.reference(part, "vpcId")


def vpcs_of(stack: Stack, parts: ReferenceList) -> tuple[Reference, ...]:
    """Every VPC that the resources may be in."""
    found = [vpc_of(stack, part) for part in parts.possible]
    return (*found, *((Outside(),) if parts.outside or parts.strangers else ()))


def named(vpc: Reference) -> str:
    """A VPC in a message's words."""
    match vpc:
        case Target(resource):
            return resource.label
        case Outside(str(literal)):
            return f"VPC {literal}"
        case Absent():
            return "the default VPC"
        case _:
            return "a VPC that is not known"


def its_own(stack: Stack, part: Resource) -> tuple[Reference, ...]:
    """The VPC that the part is in, as the only one in which it is of use."""
    return (vpc_of(stack, part),)


def its_own_and_lent(stack: Stack, group: Resource) -> tuple[Reference, ...]:
    """The VPC of a security group and those that it is associated with. Databases cannot use it
    there (AWS, "Associate security groups with multiple VPCs"), but what RDS answers has not been
    seen."""
    found = stack.naming(group, "securityGroupId", SECURITY_GROUP_ASSOCIATION)
    lent = (stack.reference(association, "vpcId") for association, _ in found)
    return (vpc_of(stack, group), *lent)


def apart_from(
    stack: Stack,
    parts: ReferenceList,
    vpcs: Sequence[Reference],
    homes: Callable[[Stack, Resource], tuple[Reference, ...]] = its_own,
) -> Apart:
    """Those of the resources that are of use in none of these VPCs; `homes` says where each is. A
    VPC of another region counts as the right one, since then something else is wrong."""
    differ = {}
    for part in parts.possible:
        own = homes(stack, part)
        differ[part.urn] = {_all_differ(own, vpc, part) for vpc in vpcs}
    hits = parts.surely_hit(lambda part: differ[part.urn] == {True})
    if hits:
        return Apart(hits)
    for part in parts.possible:
        if differ[part.urn] == {True}:
            return Apart(doubt=f"whether {part.label} is among those that it names is not known")
        if None in differ[part.urn] and False not in differ[part.urn]:
            return Apart(doubt=f"whether {part.label} is in the VPC of the rest is not known")
    return Apart()


def scattered(stack: Stack, parts: ReferenceList) -> Apart:
    """Resources of several VPCs, where they should share one: one of them, and those that are in
    another VPC than that one."""

    def differ(one: Resource, other: Resource) -> bool | None:
        return _differ(vpc_of(stack, one), vpc_of(stack, other), other)

    found = parts.surely_clashing(lambda one, other: differ(one, other) is True)
    if found:
        return Apart((found[0], *(each for each in found if differ(found[0], each))))
    if not parts.possible:
        return Apart()
    first, *rest = parts.possible
    for each in rest:
        answer = differ(first, each)
        if answer is not False:
            what = "among those that it names" if answer else "in the VPC of the rest"
            return Apart(doubt=f"whether {each.label} is {what} is not known")
    if parts.outside:
        return Apart(doubt=f"its {label(first.kind)} {parts.outside[0].why}")
    return Apart()


def _all_differ(homes: Iterable[Reference], vpc: Reference, part: Resource) -> bool | None:
    answers = {_differ(own, vpc, part) for own in homes}
    if False in answers:
        return False
    return None if None in answers else True


def _differ(own: Reference, vpc: Reference, part: Resource) -> bool | None:
    """Whether a part's own VPC is another one; None where that cannot be told."""
    if isinstance(vpc, Target) and vpc.resource.shares_region_with(part) is False:
        return False
    match own, vpc:
        case (Absent(), Absent()):
            return False
        case (Absent(), Target(resource)) | (Target(resource), Absent()):
            return None if _may_be_default(resource) else not resource.is_default
        case (Outside(), Outside(None)) | (Outside(None), Outside()):
            return False  # Both from elsewhere, where they were looked up with care.
    answer = same(own, vpc)
    return None if answer is None else not answer


def _may_be_default(vpc: Resource) -> bool:
    """Whether a VPC that exists may be the region's default one, imported as any other: that has
    one range in every region."""
    cidr = vpc.text("cidrBlock")
    has_its_range = not isinstance(cidr, Known) or cidr.value == _RANGE_OF_DEFAULT_VPC
    return not vpc.is_default and not vpc.is_new and has_its_range


def with_vpc(groups: ReferenceList) -> ReferenceList:
    """The target groups of a list that are in a VPC; those of functions are not."""
    candidates = tuple(each for each in groups.pool if _has_vpc(each))
    return groups._replace(
        certain=tuple(each for each in groups.certain if _has_vpc(each)),
        pool=candidates,
        outside=(),
        # Those of functions may stand in the open places too.
        strangers=groups.strangers + len(groups.pool) - len(candidates),
    )


def _has_vpc(group: Resource) -> bool:
    return not isinstance(group.text("vpcId"), Absent)
