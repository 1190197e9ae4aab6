"""What may happen to a conversation without making it any worse: values that become unknown,
dependencies that get lost, another order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, Final, TypeAlias

from google.protobuf.struct_pb2 import Struct, Value
from pulumi_policy.deserialize import SPECIAL_SIG_KEY
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from policies.model.vocabulary import term_of
from tests.properties.conversation import Conversation

Path: TypeAlias = tuple[str | int, ...]
UNKNOWN: Final = Value(string_value=UNKNOWN_STRING_VALUE)


@dataclass(frozen=True)
class Place:
    """Where a value stands: in the inputs or outputs (or both) of a resource or its provider."""

    urn: str
    path: Path
    of_provider: bool = False

    @property
    def tells_what_exists(self) -> bool:
        """Whether it tells that the resource exists: an id, or of aws-native anything computed."""
        token = self.urn.split("::")[2].rpartition("$")[2]
        is_id = self.path[0] in term_of(token).identifiers
        return not self.of_provider and (is_id or token.startswith("aws-native:"))

    def __str__(self) -> str:
        owner = "provider of " if self.of_provider else ""
        return f"{owner}{self.urn.rpartition('::')[2]}: {'.'.join(map(str, self.path))}"


def places(conversation: Conversation, *, of_inputs: bool = False) -> list[Place]:
    """Every value at any depth, in a fixed order; with `of_inputs`, those that the program says."""
    found: dict[Place, None] = {}
    shown = () if of_inputs else conversation.stack.resources
    for of_provider in (False, True):
        for request in (*conversation.resources, *shown):
            struct = request.provider.properties if of_provider else request.properties
            for path in _paths(struct):
                found[Place(request.urn, path, of_provider)] = None
    return list(found)


def _paths(struct: Struct, before: Path = ()) -> Iterator[Path]:
    for name in sorted(set(struct.fields) - {SPECIAL_SIG_KEY}):  # A signature is no value.
        yield from _paths_of(struct.fields[name], (*before, name))


def _paths_of(value: Value, path: Path) -> Iterator[Path]:
    yield path
    if value.HasField("list_value"):
        for position, each in enumerate(value.list_value.values):
            yield from _paths_of(each, (*path, position))
    elif value.HasField("struct_value"):
        yield from _paths(value.struct_value, path)


def put(conversation: Conversation, place: Place, value: Value | None, *sides: str) -> None:
    """Put a value in the place of another, or take it out (None), in inputs and outputs or in
    one of them. An input that is unknown from now on came from out of the stack: the engine says
    so by an entry without a URN."""
    for side in sides or ("inputs", "outputs"):
        requests = conversation.resources if side == "inputs" else conversation.stack.resources
        for request in requests:
            if place.of_provider or request.urn == place.urn:
                struct = request.provider.properties if place.of_provider else request.properties
                _put(struct, place.path, value)
    if value is UNKNOWN and not place.of_provider:
        _note_source(conversation, place)


def value_at(conversation: Conversation, place: Place) -> Value:
    """The value at a place, in the outputs or else in the inputs."""
    for request in (*conversation.stack.resources, *conversation.resources):
        if request.urn == place.urn:
            holder: Any = request.provider.properties if place.of_provider else request.properties
            for step in place.path:
                holder = None if holder is None else _inside(holder, step)
            if holder is not None:
                found: Value = holder
                return found
    raise KeyError(str(place))


def _note_source(conversation: Conversation, place: Place) -> None:
    name = str(place.path[0])
    declared = any(
        request.urn == place.urn and name in request.properties.fields
        for request in conversation.resources
    )
    for resource in conversation.stack.resources:
        if declared and resource.urn == place.urn:
            resource.propertyDependencies[name].urns.extend([])  # Reading it adds the entry.


def _put(struct: Struct, path: Path, value: Value | None) -> None:
    """Nothing happens where there is no such path."""
    holder: Any = struct
    for step in path[:-1]:
        holder = _inside(holder, step)
        if holder is None:
            return
    last = path[-1]
    found = _inside(holder, last)
    if found is None:
        return
    if value is not None:
        found.CopyFrom(value)
    elif isinstance(last, int):
        del holder.list_value.values[last]
    else:
        del _struct_of(holder).fields[last]


def _struct_of(holder: Any) -> Any:
    return holder if isinstance(holder, Struct) else holder.struct_value


def _inside(holder: Any, step: str | int) -> Any:
    if isinstance(step, int):
        values = holder.list_value.values
        return values[step] if step < len(values) else None
    return _struct_of(holder).fields.get(step)


Loss: TypeAlias = Callable[[Conversation], None]


def losses(conversation: Conversation) -> list[tuple[str, Loss]]:
    """Every way to lose one dependency: one that an entry names becomes a resource that was read
    and is not in the stack, or leaves an entry that names nothing else, or leaves `dependencies`.

    Of several in an entry none leaves: the engine names at least all that the value came from, and
    of two subnets the one that is named alone is the one that is meant."""
    found: list[tuple[str, Loss]] = []
    for index, resource in enumerate(conversation.stack.resources):
        name = resource.urn.rpartition("::")[2]
        for key in sorted(resource.propertyDependencies):
            urns = resource.propertyDependencies[key].urns
            if len(urns) == 1:
                found.append((f"{name}: {key} from {urns[0]}", _without(index, key, 0)))
            for position, urn in enumerate(urns):
                what = f"{name}: {key} from a stranger instead of {urn}"
                found.append((what, _estranged(index, key, position)))
        for position, urn in enumerate(resource.dependencies):
            found.append((f"{name}: waits for {urn}", _without(index, None, position)))
    return found


def _without(index: int, key: str | None, position: int) -> Loss:
    def lose(conversation: Conversation) -> None:
        resource = conversation.stack.resources[index]
        urns = resource.dependencies if key is None else resource.propertyDependencies[key].urns
        del urns[position]

    return lose


def _estranged(index: int, key: str, position: int) -> Loss:
    def lose(conversation: Conversation) -> None:
        urns = conversation.stack.resources[index].propertyDependencies[key].urns
        urns[position] += "-that-was-read"

    return lose


def entry_losses(conversation: Conversation) -> list[tuple[str, Loss]]:
    """Every way to lose all that the engine says about where one property came from."""
    return [
        (f"{resource.urn.rpartition('::')[2]}: {key}", _without_entry(index, key))
        for index, resource in enumerate(conversation.stack.resources)
        for key in sorted(resource.propertyDependencies)
    ]


def _without_entry(index: int, key: str) -> Loss:
    def lose(conversation: Conversation) -> None:
        del conversation.stack.resources[index].propertyDependencies[key]

    return lose


def shuffle(conversation: Conversation, random: Random) -> None:
    """Another order of resources and of every list of dependencies: the engine has none."""
    random.shuffle(conversation.resources)
    resources = list(conversation.stack.resources)
    random.shuffle(resources)
    del conversation.stack.resources[:]
    conversation.stack.resources.extend(resources)
    for resource in conversation.stack.resources:
        lists = [each.urns for each in resource.propertyDependencies.values()]
        for urns in (resource.dependencies, *lists):
            reordered = list(urns)
            random.shuffle(reordered)
            urns[:] = reordered
