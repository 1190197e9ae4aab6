"""What a rule says when one value more is not known.

To know less may take a certain finding away, and never give one: whatever a stack says, hide it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policies.serving.servicer import PreflightServicer
from policies.testing import UNKNOWN, Made, Output, Secret, Stack
from tests.support import findings

Path = tuple[str | int, ...]


def hidings(stack: Stack) -> Iterator[str]:
    """Hides each value of the stack in turn, one at a time, and the region of each provider; yields
    which it is. The stack is as it was at the end."""
    for made in stack.resources:
        inputs, provider = made.inputs, made.provider
        for path in list(_paths(inputs)):
            made.inputs = _hidden(inputs, path)
            yield f"{made.name}.{'.'.join(map(str, path))}"
        made.inputs = inputs
        if provider:
            made.provider = {**provider, "region": UNKNOWN}
            yield f"the region of {made.name}"
            made.provider = provider


def certain(stack: Stack, policy: str, **options: Any) -> set[str]:
    """The resources that the policy certainly rejects."""
    found = findings(stack, servicer=PreflightServicer, **options)
    return {name for of, name in found if of == policy}


def invented(stack: Stack, policy: str, **options: Any) -> list[str]:
    """What must not be: the values that must be hidden for the policy to reject more."""
    seen = certain(stack, policy, **options)
    return [each for each in hidings(stack) if certain(stack, policy, **options) - seen]


def _paths(tree: Any, before: Path = ()) -> Iterator[Path]:
    """The ways to each value, and to each block as a whole."""
    if before:
        yield before
    if isinstance(tree, Mapping):
        for name, inner in tree.items():
            yield from _paths(inner, (*before, name))
    elif isinstance(tree, Sequence) and not isinstance(tree, str):
        for at, inner in enumerate(tree):
            yield from _paths(inner, (*before, at))


def _hidden(tree: Any, path: Path) -> Any:
    if not path:
        return _as_unknown(tree)
    first, *rest = path
    if isinstance(tree, Mapping):
        return {
            name: _hidden(inner, tuple(rest)) if name == first else inner
            for name, inner in tree.items()
        }
    return [_hidden(inner, tuple(rest)) if at == first else inner for at, inner in enumerate(tree)]


def _as_unknown(tree: Any) -> Output:
    """A value that nothing shows, which keeps what it is derived from."""
    sources: tuple[Made, ...] = tuple(_sources(tree))
    return Output("hidden", sources) if sources else UNKNOWN


def _sources(tree: Any) -> Iterator[Made]:
    if isinstance(tree, Output):
        yield from tree.sources
    elif isinstance(tree, Secret):
        yield from _sources(tree.value)
    elif isinstance(tree, Mapping):
        for inner in tree.values():
            yield from _sources(inner)
    elif isinstance(tree, Sequence) and not isinstance(tree, str):
        for inner in tree:
            yield from _sources(inner)
