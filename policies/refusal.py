"""Refusals of one resource: what AWS says no to, whatever else is in the stack.

A refusal is a row of a table: what the inputs say, what AWS answers, how that is known, and inputs
on both sides of the boundary, which are its tests and stand on the policy's page. A family is a
policy whose rows share a topic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from .model import Model
from .model.inputs import Declared
from .model.plain import NamedTuple
from .model.resource import Resource
from .model.truth import Truth
from .rule import (
    Asked,
    Evidence,
    Level,
    Option,
    ResourceRule,
    Settings,
    Severity,
    StackRule,
    Violation,
)

Inputs: TypeAlias = Mapping[str, Any]

IGNORE: Final = "ignore"


def _nowhere(_: Resource, __: Model) -> bool:
    return False


def _nothing(_: Declared) -> Sequence[str]:
    return ()


class Refusal(NamedTuple):
    """One thing that AWS refuses.

    `says` completes a sentence that begins with the resource ("cluster app …"); it holds no value
    of the inputs, which could be secret. `refused` are inputs that are refused, no more of them
    than it takes; each of `accepted` is a neighbour that AWS takes. A path of `whatever` may have
    an unknown value, and so may all that is in it, since it is refused whatever that is; a number
    in it is a place in a list. `elsewhere` tells that another policy reports what is wrong with
    the resource; a family on inputs cannot ask it. `names` are the parts that are refused, in
    words of the row's own.
    """

    id: str
    kinds: tuple[str, ...]
    says: str
    when: Callable[[Declared], Truth]
    evidence: Evidence
    fix: str
    refused: Inputs
    accepted: tuple[Inputs, ...]
    whatever: tuple[str, ...] = ()
    elsewhere: Callable[[Resource, Model], bool] = _nowhere
    names: Callable[[Declared], Sequence[str]] = _nothing


class Topic(NamedTuple):
    """What the rows of a family share: the metadata of its policy."""

    name: str
    title: str
    description: str
    tags: tuple[str, ...]
    fix: str
    severity: Severity = Severity.HIGH
    level: Level = Level.MANDATORY
    reads_native: bool = False
    unread: str = ""


def family(topic: Topic, *refusals: Refusal) -> ResourceRule:
    """A policy on inputs, so that it blocks `up --skip-preview` too: of what AWS refuses at
    creation and update alike."""

    def check(resource: Resource, settings: Settings) -> Iterator[Violation]:
        return _refused(refusals, resource, settings)

    return ResourceRule(check=check, **_metadata(topic, refusals))


def family_of_creation(topic: Topic, *refusals: Refusal) -> StackRule:
    """A policy on the stack, which tells what is new: of what AWS refuses when it creates, and
    never asks again."""

    def check(resource: Resource, model: Model, settings: Settings) -> Iterator[Violation]:
        return _refused(refusals, resource, settings, lambda row: row.elsewhere(resource, model))

    return StackRule(check=check, asked=Asked.AT_CREATION, **_metadata(topic, refusals))


def _metadata(topic: Topic, refusals: tuple[Refusal, ...]) -> dict[str, Any]:
    return {
        **topic._asdict(),
        "refusals": refusals,
        "kinds": tuple(dict.fromkeys(kind for each in refusals for kind in each.kinds)),
        "evidence": tuple(dict.fromkeys(each.evidence for each in refusals)),
        "options": (ignore_option(each.id for each in refusals),),
    }


def ignore_option(ids: Iterable[str]) -> Option:
    """The option that takes single rows out of a policy, by their names."""
    return Option(
        name=IGNORE,
        schema={
            "type": "array",
            "items": {"type": "string", "enum": list(ids)},
            "description": "Refusals that the policy does not look for, by their names.",
        },
        default=(),
    )


def _refused(
    refusals: Iterable[Refusal],
    resource: Resource,
    settings: Settings,
    is_told_elsewhere: Callable[[Refusal], bool] = lambda _: False,
) -> Iterator[Violation]:
    inputs = Declared(resource)
    ignored = settings.names(IGNORE)
    for each in refusals:
        if resource.kind not in each.kinds or each.id in ignored:
            continue
        if each.when(inputs) is Truth.TRUE and not is_told_elsewhere(each):
            parts = ", ".join(each.names(inputs))
            problem = f"{resource.label} {each.says}{parts and f': {parts}'} ({each.id})."
            yield Violation(resource, problem, effect=each.evidence.effect, fix=each.fix)
