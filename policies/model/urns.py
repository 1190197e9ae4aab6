"""What a URN tells: urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME."""

from __future__ import annotations

from typing import Final

from .plain import NamedTuple

STACK: Final = "pulumi:pulumi:Stack"
STACK_REFERENCE: Final = "pulumi:pulumi:StackReference"


class StackName(NamedTuple):
    """A stack as URNs name it: without the organization."""

    project: str
    stack: str

    def __str__(self) -> str:
        return f"{self.project}/{self.stack}"


def stack_of(urn: str) -> StackName:
    """The stack whose resource the URN is of."""
    stack, _, rest = urn.removeprefix("urn:pulumi:").partition("::")
    return StackName(rest.partition("::")[0], stack)


def type_in(urn: str) -> str:
    """The type in a URN; empty where it is none."""
    return urn.split("::", 3)[2].rpartition("$")[2] if urn.count("::") > 2 else ""


def name_in(urn: str) -> str:
    """The resource's name in a URN."""
    return urn.split("::", 3)[3] if urn.count("::") > 2 else ""


def named_stack(name: str, project: str) -> StackName:
    """The stack that a StackReference of a program of this project names: ORG/PROJECT/STACK, or
    ORG/STACK or STACK for one of its own project."""
    parts = name.split("/")
    return StackName(parts[1], parts[2]) if len(parts) == 3 else StackName(project, parts[-1])
