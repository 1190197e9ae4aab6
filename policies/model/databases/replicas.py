"""Read replicas and copies of backups: what they are made from, and what that one is like.

Of what is restored from a snapshot the preview does not show what it takes over; of what exists,
the outputs do.
"""

from __future__ import annotations

from typing import Final

from ..answers import Answer, CannotTell, No, Yes
from ..arns import parse_arn
from ..places import region_of_arn
from ..references import OneOf, Outside, Reference, Target, possible
from ..resource import Resource
from ..stack import Stack
from ..values import Absent, Known, Reading, Unknown
from ..vocabulary import DB_INSTANCE
from .origins import REPLICATED, RESTORED

SOURCE: Final = "replicateSourceDb"
BACKUPS: Final = "backupRetentionPeriod"
_ENGINES_THAT_NEED_BACKUPS: Final = ("postgres", "mysql", "mariadb")


def source_of(stack: Stack, replica: Resource) -> Reference:
    """The instance or cluster that the instance is a read replica of; absent where it is none."""
    return stack.reference(replica, SOURCE)


def is_from_another_region(replica: Resource, source: Reference) -> bool | None:
    """Whether a replica is in another region than its source; None where that cannot be told."""
    match source:
        case Target(resource):
            shares = resource.shares_region_with(replica)
            return None if shares is None else not shares
        case OneOf(resources):
            answers = {is_from_another_region(replica, Target(each)) for each in resources}
            return answers.pop() if len(answers) == 1 else None
        case Outside(str(literal)) if isinstance(replica.region, Known):
            region = region_of_arn(literal)
            return None if region is None else region != replica.region.value
    return None


def is_named_by_its_identifier(stack: Stack, replica: Resource) -> bool:
    """Whether a replica certainly names a source of another region by what RDS looks up in the
    replica's own, and where there is none: not by an ARN. A text that does not come from the source
    may name another instance, of which nothing is known."""
    said, source = replica.text(SOURCE), source_of(stack, replica)
    return (
        isinstance(said, Known)
        and parse_arn(said.value) is None
        and is_from_another_region(replica, source) is True
        and all(each.urn in (replica.depends_on(SOURCE) or ()) for each in possible(source))
        and not any(
            each.shares_region_with(replica) is not False and stack.is_named_by(each, said.value)
            for each in stack.of(DB_INSTANCE)
        )
    )


def is_encrypted(instance: Resource) -> Answer:
    """Whether the storage of an instance is encrypted."""
    if instance.is_new:
        if _takes_over(instance, *RESTORED):
            return CannotTell(f"{instance.label} is encrypted as that which it is made from")
        if isinstance(instance.declares("kmsKeyId"), Yes):
            return Yes((instance.label, "kmsKeyId"))
        if _takes_over(instance, *REPLICATED):
            return CannotTell(f"{instance.label} is encrypted as that which it is made from")
    match instance.flag("storageEncrypted"):
        case Known(True):
            return Yes((instance.label, "storageEncrypted"))
        case Unknown(why):
            return CannotTell(f"whether {instance.label} is encrypted is {why}")
    return No((instance.label, "no storageEncrypted"))


def keeps_backups(stack: Stack, instance: Resource) -> Answer:
    """Whether the instance has automated backups, where its engine needs them for replicas. The
    provider keeps none where the program says nothing."""
    said = instance.number(BACKUPS)
    is_left_open = said in (Absent(), Known(0))  # The provider sends no 0.
    if instance.is_new and is_left_open and _takes_over(instance, *RESTORED):
        return CannotTell(f"{instance.label} keeps backups as that which it is restored from")
    match said:
        case Known(0):
            answer: Answer = No((instance.label, f"{BACKUPS} 0"))
        case Absent() if instance.is_new:
            answer = No((instance.label, f"no {BACKUPS}"))
        case Unknown(why):
            answer = CannotTell(f"the {BACKUPS} of {instance.label} is {why}")
        case _:
            return Yes()
    match _engine(stack, instance):
        case Known(engine) if engine.startswith(_ENGINES_THAT_NEED_BACKUPS):
            return answer
        case Unknown():
            return CannotTell(f"whether the engine of {instance.label} needs backups is not known")
    return Yes()


def _engine(stack: Stack, instance: Resource, passed: tuple[Resource, ...] = ()) -> Reading[str]:
    """The engine of an instance; of a replica that names none, that of its source."""
    said = instance.text("engine")
    if not isinstance(said, Absent):
        return said
    match source_of(stack, instance):
        case Target(source) if source not in passed:
            return _engine(stack, source, (*passed, instance))
        case Absent():
            return Absent()
    return Unknown()


def _takes_over(instance: Resource, *names: str) -> bool:
    """Whether the program declares, or may, that it is made from something else."""
    return not all(isinstance(instance.declares(name), No) for name in names)
