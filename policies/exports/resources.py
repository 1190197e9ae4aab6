"""The resources of an export as the model reads them: what the engine would send a policy of them.

A secret is a value that is not known, whether the export has it encrypted or, written with
`--show-secrets`, open: nothing that is secret in another stack is read here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..model.resource import Provider, Resource
from ..model.urns import STACK_REFERENCE, name_in
from ..model.values import UNKNOWN, Contents, Tree
from .export import SECRET, SIGNATURE, Export

_REFERENCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What else is marked in a state, in the same way, and what stands for a value that is unknown."""


def resources_of(export: Export) -> Iterator[Resource]:
    """The resources that exist: neither those that are to be deleted nor those that were only read,
    which are another stack's. References to stacks stay: they tell what belongs together."""
    providers = {
        each["urn"]: Provider(each["urn"], _properties(each.get("inputs")))
        for each in export.resources
        if each["type"].startswith("pulumi:providers:")
    }
    for state in export.resources:
        is_gone = state.get("delete") or state.get("pendingReplacement")
        if is_gone or (state.get("external") and state["type"] != STACK_REFERENCE):
            continue
        provider, _, _ = str(state.get("provider") or "").rpartition("::")
        yield Resource(
            urn=state["urn"],
            type=state["type"],
            name=name_in(state["urn"]),
            actual=_properties(state.get("outputs")),
            declared=_properties(state.get("inputs")),
            provider=providers.get(provider),
            parent=state.get("parent") or None,
            dependencies=frozenset(state.get("dependencies") or ()),
            property_dependencies={
                name: tuple(urns)
                for name, urns in (state.get("propertyDependencies") or {}).items()
                if urns  # The engine sends no empty ones either.
            },
            ignored=frozenset(state.get("ignoreChanges") or ()),
            is_neighbour=True,
            is_one_of_many_stacks=True,
        )


def _properties(properties: Mapping[str, Any] | None) -> dict[str, Tree]:
    """Properties without the marks of the engine and the provider, which policies are not sent."""
    return {
        name: _tree(each) for name, each in (properties or {}).items() if not name.startswith("__")
    }


def _tree(value: Any) -> Tree:
    if isinstance(value, list):
        return [_tree(each) for each in value]
    if not isinstance(value, dict):
        return UNKNOWN if value == _UNKNOWN else value
    match value.get(SIGNATURE):
        case None:
            return _properties(value)
        case sign if sign == _REFERENCE:
            return _tree(value.get("id") or value.get("urn"))
        case sign if sign == _OUTPUT and not value.get("secret"):
            return _tree(value["value"]) if "value" in value else UNKNOWN
        case sign if sign in (SECRET, _OUTPUT):
            return UNKNOWN
    return Contents(str(value["hash"])) if value.get("hash") else {}
