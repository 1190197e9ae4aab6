"""What a standby lacks of the thing that it stands in for, as far as that is certain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..plain import NamedTuple
from ..resource import Resource
from ..stack import Stack
from ..values import Contents, Known
from ..vocabulary import LAMBDA_FUNCTION
from .counterparts import Counterparts
from .homes import Homes


class Lacking(NamedTuple):
    """Two functions that run the same code, and the settings that only the first one has."""

    function: Resource
    standby: Resource
    names: tuple[str, ...]


def lacking(
    stack: Stack, homes: Homes, counterparts: Counterparts, lost: str, region: str
) -> Iterator[Lacking]:
    """The functions of the region that lack settings which their counterparts in the lost one have.
    Where the code differs, or is not known, a setting may be missing on purpose."""
    for function in stack.of(LAMBDA_FUNCTION):
        standby = counterparts.certain(function, region) if homes.is_in(function, lost) else None
        if standby is None or not _run_the_same(function, standby):
            continue
        own, others = _settings(function), _settings(standby)
        if own is not None and others is not None and own.keys() - others.keys():
            yield Lacking(function, standby, tuple(sorted(own.keys() - others.keys())))


def _run_the_same(one: Resource, other: Resource) -> bool:
    code = one.tree("code")
    handler = one.text("handler")
    return (
        isinstance(code, Contents)
        and code == other.tree("code")
        and isinstance(handler, Known)
        and handler == other.text("handler")
    )


def _settings(function: Resource) -> Mapping[str, object] | None:
    """The variables of the function's environment; None where it is not known which there are."""
    environment = function.tree("environment")
    if environment is None:
        return {}
    variables = environment.get("variables") if isinstance(environment, Mapping) else environment
    if variables is None:
        return {}
    return variables if isinstance(variables, Mapping) else None
