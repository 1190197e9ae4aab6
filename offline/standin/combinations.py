"""Which arguments of a resource exclude, or need, each other.

The provider's schema has lists for it (ConflictsWith, ExactlyOneOf, AtLeastOneOf, RequiredWith),
which the SDK's classes lack; but its documentation mostly says the same, in a few set phrases. Only
phrases that mean the schema are read: "Required if `type` is `forward`" is a check of values, and
"Cannot be used with" is often AWS's answer to a call that the provider makes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from offline.standin.values import has_unknown, plain


@dataclass(frozen=True)
class Conflict:
    """`name` cannot be set beside `other`."""

    name: str
    other: str


@dataclass(frozen=True)
class Company:
    """`name` can only be set beside `other`."""

    name: str
    other: str


@dataclass(frozen=True)
class Choice:
    """One of `names` must be set. alone: no second one of them may be."""

    names: tuple[str, ...]
    alone: bool


Combination = Conflict | Company | Choice

# One name in code, or several: "`a`", "`a` and `b`", "`a`, `b`, or `c`", "`ttl` & `records`".
_NAMES = r"`[a-z0-9_]+`(?:(?:, (?:and |or )?(?:an? )?| (?:and|or|&) (?:an? )?)`[a-z0-9_]+`)*"

# What follows one of these is a condition that the schema cannot express.
_CONDITION = r"(?!\s*(?:if|when|unless|for|only)\b)(?! is| blocks?\b)"

_CONFLICTS = re.compile(
    rf"(?:Conflicts? with|Mutually exclusive with|Cannot be (?:specified|set) (?:together )?with)"
    rf" (?:only one of )?(?P<names>{_NAMES}){_CONDITION}"
    rf"|Cannot be set if (?P<given>{_NAMES}) is (?:set|provided|set to `true`)(?=[.\s])(?! to)",
    re.IGNORECASE,
)
_ANY_OTHER_ROUTING = re.compile(r"Conflicts with any other routing policy\.")

_CHOICES = (
    (
        re.compile(
            rf"Exactly one of (?:either )?(?P<names>{_NAMES})"
            r" (?:must be (?:specified|set|provided)|is required)(?=[.:\s]|$)"
            r"(?!\s*(?:if|when|unless|for)\b)",
            re.IGNORECASE,
        ),
        True,
    ),
    # So says the page of what its schema calls ExactlyOneOf (load balancers, associations).
    (re.compile(rf"one of either (?P<names>{_NAMES}) is required", re.IGNORECASE), True),
    (
        re.compile(
            rf"At least one of (?P<names>{_NAMES})"
            r" (?:must be (?:specified|set|provided)|is required)(?=[.:\s]|$)"
            r"(?!\s*(?:if|when|unless|for)\b)",
            re.IGNORECASE,
        ),
        False,
    ),
)
_NEEDS = re.compile(r"If set, requires `(?P<name>[a-z0-9_]+)` to be set", re.IGNORECASE)
_NEEDED_BY = re.compile(r"^Required when `(?P<name>[a-z0-9_]+_wo)` is set\.", re.MULTILINE)

# The page of routes lists them under two headings, which the SDK's texts have lost.
_ROUTE = re.compile(r"One of the following (?P<what>destination|target) arguments must be supplied")

# In the schema, and on no page.
_UNDOCUMENTED: Mapping[str, tuple[Combination, ...]] = {
    "aws:ec2/subnet:Subnet": (
        Conflict("availabilityZone", "availabilityZoneId"),
        Conflict("availabilityZoneId", "availabilityZone"),
    ),
}


# A text without any of this says nothing of combinations.
_RELEVANT = re.compile(
    r"conflict|exclusive|one of|cannot be s|if set, requires|required when", re.IGNORECASE
)


def is_relevant(text: str) -> bool:
    """Whether a property's documentation may say something of its combinations."""
    return _RELEVANT.search(text) is not None


def documented(texts: Mapping[str, str], token: str = "") -> tuple[Combination, ...]:
    """Return what the documentation of a class's properties says of their combinations.

    texts: Pulumi name -> documentation. Names that are no property of the class are skipped: they
    are of another level, or the SDK calls them otherwise.
    """
    # Pulumi's `region` is the provider's own argument, never the upstream one of that name.
    known = _spellings(name for name in texts if name != "region")
    found: list[Combination] = list(_UNDOCUMENTED.get(token, ()))
    for name, text in texts.items():
        joined = " ".join(text.split())
        for match in _CONFLICTS.finditer(joined):
            words = match["names"] or match["given"]
            others = [known.get(word) for word in _code(words)]
            found += [Conflict(name, other) for other in others if other and other != name]
        if _ANY_OTHER_ROUTING.search(joined):
            found += [Conflict(name, o) for o in texts if "RoutingPolic" in o and o != name]
        for pattern, alone in _CHOICES:
            for match in pattern.finditer(joined):
                chosen = [known.get(word) for word in _code(match["names"])]
                if len(chosen) > 1 and all(chosen):
                    found.append(Choice(tuple(sorted({str(each) for each in chosen})), alone))
        for match in _NEEDS.finditer(joined):
            if known.get(match["name"]):
                found.append(Company(name, known[match["name"]]))
        for match in _NEEDED_BY.finditer(text):
            if known.get(match["name"]):
                found.append(Company(known[match["name"]], name))
        for match in _ROUTE.finditer(joined):
            if token == "aws:ec2/route:Route":
                found.append(Choice(_of_route(texts, match["what"]), alone=True))
    return tuple(dict.fromkeys(found))


def _of_route(names: Iterable[str], what: str) -> tuple[str, ...]:
    rest = {"region", "routeTableId"}
    is_wanted = what == "destination"
    return tuple(
        sorted(n for n in names if n.startswith("destination") is is_wanted and n not in rest)
    )


def _code(text: str) -> list[str]:
    return re.findall(r"`([a-z0-9_]+)`", text)


def _spellings(given: Iterable[str]) -> dict[str, str]:
    """Return Pulumi's names by every upstream spelling: the SDK made plurals of blocks."""
    names = list(given)
    found: dict[str, str] = {}
    for name in names:
        snake = _upstream(name)
        for spelling in (
            snake[:-3] + "y" if snake.endswith("ies") else "",
            snake.removesuffix("s"),
        ):
            found.setdefault(spelling, name)
        if snake.endswith("ses"):
            found.setdefault(snake[:-2], name)
    for name in names:
        found[_upstream(name)] = name
    return found


def refusals(
    combinations: Sequence[Combination], inputs: Mapping[str, Any], where: str
) -> list[tuple[str, str]]:
    """Return (property, reason) for each combination that the provider refuses.

    where: the path that its message names, up to the property. A value that is not known yet may
    turn out to be null, so it excludes nothing and may be what is required. What is false or empty
    excludes nothing either: the schema does not always think so, but no page says when.
    """
    written = {name for name, value in inputs.items() if value is not None}
    unknown = {name for name in written if has_unknown(inputs[name])}
    given = {name for name in written - unknown if plain(inputs[name]) not in (False, "", [], {})}
    found: list[tuple[str, str]] = []
    for each in combinations:
        if isinstance(each, Conflict):
            if each.name in given and each.other in given:
                text = f'"{_upstream(each.name)}": conflicts with {_upstream(each.other)}'
                found.append((each.name, f"Conflicting configuration arguments. {text}."))
        elif isinstance(each, Company):
            if each.name in given and each.other not in written:
                both = ",".join(sorted((_upstream(each.name), _upstream(each.other))))
                text = f'"{_upstream(each.name)}": all of `{both}` must be specified'
                found.append((each.name, f"Missing required argument. {text}."))
        else:
            found += _of_choice(each, written, given)
    return [(name, f"{text} Examine values at '{where}.{name}'.") for name, text in found]


def _of_choice(choice: Choice, written: set[str], given: set[str]) -> list[tuple[str, str]]:
    every = ",".join(sorted(map(_upstream, choice.names)))
    several = sorted(given & set(choice.names))
    title = "Invalid combination of arguments" if choice.alone else "Missing required argument"
    if not written & set(choice.names):
        text = f"one of `{every}` must be specified"
    elif choice.alone and len(several) > 1:
        both = ",".join(sorted(map(_upstream, several)))
        text = f"only one of `{every}` can be specified, but `{both}` were specified"
    else:
        return []
    return [(name, f'{title}. "{_upstream(name)}": {text}.') for name in choice.names]


def _upstream(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
