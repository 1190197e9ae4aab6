"""Relations: what a resource needs from others beside it, as rows of one policy.

A row is to several resources what a refusal (`refusal.py`) is to one: a name, a question, AWS's
answer and what to change. The names of rows go into the option `ignore`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from .model import Model
from .model.plain import NamedTuple
from .model.resource import Resource
from .refusal import IGNORE, Topic, ignore_option
from .rule import Asked, Evidence, Settings, StackRule, Violation

Chain: TypeAlias = tuple[str, ...]


class Broken(NamedTuple):
    """What is wrong with the resource. `says` completes a sentence that begins with it; the chains
    lead from it to what is missing, and `parties` are the others that have a part in it."""

    says: str
    chains: tuple[Chain, ...] = ()
    parties: tuple[Resource, ...] = ()


class Relation(NamedTuple):
    """One thing that must hold between a resource and others. `check` tells where it certainly does
    not, once at most."""

    id: str
    kinds: tuple[str, ...]
    check: Callable[[Resource, Model], Broken | None]
    evidence: Evidence
    fix: str
    asked: Asked = Asked.AT_CREATION


def relations(topic: Topic, *rows: Relation) -> StackRule:
    """A policy whose rows share a topic."""

    def check(resource: Resource, model: Model, settings: Settings) -> Iterator[Violation]:
        ignored = settings.names(IGNORE)
        for row in rows:
            if resource.kind not in row.kinds or row.id in ignored:
                continue
            broken = row.check(resource, model)
            if broken is not None:
                yield Violation(
                    resource,
                    f"{resource.label} {broken.says} ({row.id}){':' if broken.chains else '.'}",
                    chains=tuple((resource.label, *each) for each in broken.chains),
                    effect=row.evidence.effect,
                    fix=row.fix,
                    asked=row.asked,
                    parties=broken.parties,
                )

    return StackRule(
        **topic._asdict(),
        kinds=tuple(dict.fromkeys(kind for each in rows for kind in each.kinds)),
        evidence=tuple(dict.fromkeys(each.evidence for each in rows)),
        options=(ignore_option(each.id for each in rows),),
        check=check,
    )
