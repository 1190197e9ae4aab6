"""A resource that does not wait for what it needs, as the modules of this room find it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..model import Model
from ..model.plain import NamedTuple
from ..model.resource import Resource
from ..model.words import enumerated
from ..rule import Violation


class Needed(NamedTuple):
    """What a resource needs first: any of `first`. `why` goes on after "does not wait", `answer` is
    what AWS says where it is not there.

    What is in `instead` does as well, and goes unsaid. Where `first` is empty, nothing of the stack
    brings it about: `otherwise` names what would."""

    why: str
    answer: str
    first: Sequence[Resource]
    otherwise: str = ""
    instead: Sequence[Resource] = ()


def race_for(subject: Resource, needed: Needed, model: Model) -> Iterator[Violation]:
    """The race of a new resource, unless what it needs exists, or it waits for any of it."""
    enough = (*needed.first, *needed.instead)
    if any(not each.is_new for each in enough) or waits(subject, enough, model):
        return
    named = [each.label for each in needed.first] or [needed.otherwise]
    yield Violation(
        subject,
        f"{subject.label} does not wait {needed.why}:",
        chains=((subject.label, "does not wait for", named[0]),),
        effect=needed.answer,
        fix=f"Name {enumerated(named)} in the dependsOn option of {subject.label}.",
    )


def waits(subject: Resource, others: Sequence[Resource], model: Model) -> bool:
    """Whether the resource is made after one of the others, as far as the engine knows."""
    return bool(model.stack.waits_for(subject) & {other.urn for other in others})
