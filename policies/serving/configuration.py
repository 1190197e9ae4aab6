"""What a platform team may set for a policy with `--policy-pack-config`, and how it is checked.

The engine validates types by the JSON schema, fills in defaults, and silently accepts unknown
keys; those are found here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from ..model.plain import NamedTuple
from ..model.resource import Resource
from ..rule import DOCUMENTATION, Rule, Settings
from .endings import called

ENGINE_KEYS = frozenset({"all", "environments"})
"""Keys of a configuration file that are the engine's own, not names of policies."""

EXEMPTIONS = "exemptions"
_EXEMPTION_KEYS = ("resource", "reason", "expires")
_EXEMPTIONS_SCHEMA: Mapping[str, object] = {
    "type": "array",
    "description": "Resources that this policy lets pass, each with the reason.",
    "items": {
        "type": "object",
        "properties": {
            "resource": {
                "type": "string",
                "minLength": 1,
                "description": "The resource's name or URN; * stands for any text.",
            },
            "reason": {"type": "string", "minLength": 1, "description": "Why it may pass."},
            "expires": {
                "type": "string",
                "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
                "description": "The last day on which the exemption holds (YYYY-MM-DD).",
            },
        },
        "required": ["resource", "reason"],
        "additionalProperties": False,
    },
}

_FEW = 20
"""How many names a message lists."""


class Exemption(NamedTuple):
    """Lets the resources whose name or URN matches `resource` pass until `expires`, inclusive."""

    resource: str
    reason: str
    expires: date | None = None

    def covers(self, subject: Resource) -> bool:
        pattern = ".*".join(map(re.escape, self.resource.split("*")))
        names = (subject.name, subject.urn)
        return any(re.fullmatch(pattern, name, re.DOTALL) for name in names)

    def __str__(self) -> str:
        return called(self.resource, self.reason)


class Configuration(NamedTuple):
    """One policy's configuration: its settings, the exemptions in force, and what is wrong."""

    settings: Settings = Settings()
    exemptions: tuple[Exemption, ...] = ()
    problems: tuple[str, ...] = ()

    def exemption_of(self, subject: Resource) -> Exemption | None:
        return next((each for each in self.exemptions if each.covers(subject)), None)


def schema(rule: Rule) -> dict[str, dict[str, object]]:
    """The JSON schema of the policy's configuration, defaults included."""
    properties: dict[str, dict[str, object]] = {
        option.name: {**option.schema, "default": _plain(option.default)} for option in rule.options
    }
    properties[EXEMPTIONS] = {**_EXEMPTIONS_SCHEMA, "default": []}
    return properties


def read(
    rule: Rule,
    raw: Mapping[str, object],
    today: date,
    shared: Mapping[str, object] = MappingProxyType({}),
) -> Configuration:
    """The policy's configuration out of what the engine (or a test) sends. Options in `shared` are
    set at another policy, where what is wrong with them is told."""
    options = {option.name: raw.get(option.name, option.default) for option in rule.options}
    known = [*options, EXEMPTIONS]
    settings = Settings({**options, **shared})
    problems = [_unknown("option", key, known) for key in sorted(raw) if key not in known]
    for option in rule.options:
        if option.name not in shared:
            problems.extend(f"{option.name}: {fault}" for fault in option.faults(settings))
    exemptions = []
    for exemption in _exemptions(raw.get(EXEMPTIONS), problems):
        if exemption.expires is not None and exemption.expires < today:
            problems.append(
                f"{exemption} expired on {exemption.expires}. Fix: correct the resource, or "
                "renew the exemption with a new date."
            )
        else:
            exemptions.append(exemption)
    return Configuration(settings, tuple(exemptions), tuple(problems))


def read_all(
    rules: Sequence[Rule], raw: Mapping[str, Mapping[str, object]], today: date
) -> dict[str, Configuration]:
    """The configurations of all policies by name. A shared option that one policy sets holds for
    all that have it; where two set it differently, each keeps its own, and that is a problem."""
    said: dict[str, dict[str, object]] = {}
    for rule in rules:
        for option in rule.options:
            own = raw.get(rule.name, {}).get(option.name, option.default)
            if option.is_shared and _plain(own) != _plain(option.default):
                said.setdefault(option.name, {})[rule.name] = own
    found: dict[str, Configuration] = {}
    for rule in rules:
        own_raw = raw.get(rule.name, {})
        names = [each.name for each in rule.options if each.name in said]
        shared = {
            name: next(iter(said[name].values())) for name in names if rule.name not in said[name]
        }
        alone = read(rule, own_raw, today, shared)
        at_odds = tuple(_at_odds(rule, names, said))
        found[rule.name] = alone._replace(problems=alone.problems + at_odds)
    return found


def _at_odds(
    rule: Rule, options: Iterable[str], said: Mapping[str, Mapping[str, object]]
) -> Iterable[str]:
    """What is wrong with shared options that policies set differently, told of the later one."""
    for name in options:
        first = next(iter(said[name]))
        own = said[name].get(rule.name)
        if own is not None and _plain(own) != _plain(said[name][first]):
            yield (
                f"{name}: {first} sets it to something else, and it is one setting for both. "
                "Fix: set it at one of them."
            )


def unknown_policies(names: Iterable[str], rules: Sequence[Rule]) -> list[str]:
    """What is wrong with the names of policies in a configuration, one text for each."""
    known = [rule.name for rule in rules]
    return [_unknown("policy", name, known) for name in sorted(names) if name not in known]


def unknown_key(name: str, known: Sequence[str]) -> str:
    """What is wrong with a key of an object that has other keys."""
    return _unknown("key", name, known)


def _unknown(what: str, name: str, known: Sequence[str]) -> str:
    import difflib  # noqa: PLC0415 - of use to a mistaken configuration alone

    close = difflib.get_close_matches(name, known, n=1)
    listed = ", ".join(sorted(known)) if len(known) <= _FEW else f"those of {DOCUMENTATION}"
    hint = f"did you mean {close[0]}?" if close else f"there are {listed}."
    return f'there is no {what} "{name}", so this setting does nothing; {hint}'


def _exemptions(listed: object, problems: list[str]) -> Iterable[Exemption]:
    if listed is None:
        return
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        problems.append(f"{EXEMPTIONS} is not a list, so no exemption holds")
        return
    for position, entry in enumerate(listed, start=1):
        exemption = _exemption(entry)
        if isinstance(exemption, Exemption):
            yield exemption
        else:
            problems.append(f"exemption {position} does not hold: {exemption}")


def _exemption(entry: object) -> Exemption | str:
    """The exemption, or what is wrong with it."""
    if not isinstance(entry, Mapping):
        return "it is not an object with resource and reason"
    strange = sorted(str(key) for key in entry if key not in _EXEMPTION_KEYS)
    if strange:
        return unknown_key(strange[0], _EXEMPTION_KEYS)
    resource, reason, expires = (entry.get(key) for key in _EXEMPTION_KEYS)
    if not isinstance(resource, str) or not resource:
        return "it names no resource (its name or URN)"
    if not isinstance(reason, str) or not reason.strip():
        return f"it gives no reason for {resource}"
    if expires is None:
        return Exemption(resource, reason)
    try:
        return Exemption(resource, reason, date.fromisoformat(str(expires)))
    except ValueError:
        return f"expires is {expires}, which is not a date (YYYY-MM-DD)"


def _plain(default: object) -> object:
    """A default as JSON has it."""
    return list(default) if isinstance(default, tuple) else default
