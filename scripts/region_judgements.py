"""What has been judged of the properties that name things: which are looked up in one region.

The judgements are data, in region_judgements.json beside this module, with their source and date.
An entry is a scope (`*`, a service, a type) and, after a space, the last parts of a path:
`* vpcId`, `lambda deadLetterConfig.targetArn`, `aws:kms/key:Key`. Parts may hold the wildcards of a
shell. The narrower entry counts: a type before a service before everything, then the longer path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Final

from policies.model import data_files
from scripts.sdk_inputs import Input

FILE: Final = Path(__file__).with_name("region_judgements.json")


class Reason(Enum):
    """Why a property that names something has no row."""

    NO_REGION = "no-region"
    GLOBAL_SERVICE = "global-service"
    OWN_NAME = "own-name"
    CROSSES_REGIONS = "crosses-regions"
    ANOTHER_POLICY = "another-policy"
    FIXED_REGION = "fixed-region"
    WHERE_THE_DATA_GO = "where-the-data-go"
    ACCEPTED = "accepted"
    NOT_AWS = "not-aws"
    REPORTED = "reported"
    OTHER_VALUE = "other-value"
    UNVERIFIED = "unverified"

    @property
    def sentence(self) -> str:
        """The reason in words."""
        return _SENTENCES[self]


_SENTENCES: Final = {
    Reason.NO_REGION: "It names what has no region: IAM, an account, an organization.",
    Reason.GLOBAL_SERVICE: "Its service is global, or accepts resources of every region.",
    Reason.OWN_NAME: "It names the resource itself or a part of it, as the program chooses.",
    Reason.CROSSES_REGIONS: "It may lead to another region, which is often its purpose.",
    Reason.ANOTHER_POLICY: "Another policy of this pack reports it.",
    Reason.FIXED_REGION: "AWS wants one region for it, wherever the resource is.",
    Reason.WHERE_THE_DATA_GO: "It belongs where the data end up, which may be another region.",
    Reason.ACCEPTED: "AWS accepts one of another region without checking it.",
    Reason.NOT_AWS: "It names no resource of AWS: an id of a vendor, a protocol, a catalogue.",
    Reason.REPORTED: "AWS reports it; a program has no reason to set it.",
    Reason.OTHER_VALUE: "It holds another kind of value, whose documentation mentions an id.",
    Reason.UNVERIFIED: "What AWS answers to another region has not been verified.",
}


class JudgementError(Exception):
    """The judgements contradict each other, or the SDK; the text says what to do about it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A scope and the last parts of a path."""

    scope: str
    path: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> Entry:
        """From `lambda deadLetterConfig.targetArn`."""
        scope, _, path = text.partition(" ")
        return cls(scope, tuple(path.split(".")) if path else ())

    def covers(self, given: Input) -> bool:
        """Whether the entry is about the property."""
        if self.scope not in ("*", given.token, service_of(given.token)):
            return False
        parts = given.path.split(".")[-len(self.path) :] if self.path else []
        return len(parts) == len(self.path) and all(map(fnmatchcase, parts, self.path))

    @property
    def width(self) -> tuple[int, int, int]:
        """The narrower, the greater."""
        scope = 2 if ":" in self.scope else 0 if self.scope == "*" else 1
        literal = sum(not _WILDCARD.search(part) for part in self.path)
        return (scope, len(self.path), literal)


@dataclass(frozen=True, slots=True)
class Lookup:
    """A row: the kinds that a property names, and the rest of what the data say of it."""

    targets: tuple[str, ...]
    more: Mapping[str, object]


Judgement = Lookup | Reason


class Judgements:
    """What region_judgements.json says."""

    def __init__(self, path: Path = FILE) -> None:
        said = data_files.read(path.name, path.parent)
        self.source = data_files.text(data_files.mapping(said.get("source"), "source"), "name")
        kinds = data_files.mapping(said.get("kinds"), "kinds")
        self._kinds = {name: data_files.texts(kinds, name) for name in kinds}
        self._entries: list[tuple[Entry, Judgement]] = []
        self._judged: dict[Input, Judgement | None] = {}
        self._used: set[Entry] = set()
        rows = data_files.mapping(said.get("rows"), "rows")
        for text in rows:
            self._entries.append((Entry.read(text), self._lookup(text, rows)))
        without = data_files.mapping(said.get("without_a_row"), "without_a_row")
        for name in without:
            for text in data_files.texts(without, name):
                self._entries.append((Entry.read(text), Reason(name)))
        open_ = data_files.mapping(said.get(Reason.UNVERIFIED.value), Reason.UNVERIFIED.value)
        for token in open_:
            for each in data_files.texts(open_, token):
                self._entries.append((Entry(token, tuple(each.split("."))), Reason.UNVERIFIED))

    def _lookup(self, text: str, rows: Mapping[str, object]) -> Lookup:
        said = rows[text]
        more = dict(data_files.mapping(said, text)) if isinstance(said, dict) else {}
        named = data_files.texts(more, "targets") if more else data_files.texts(rows, text)
        more.pop("targets", None)
        targets = [kind for each in named for kind in self._kinds.get(each, (each,))]
        return Lookup(tuple(targets), more)

    @cached_property
    def _by_scope(self) -> Mapping[str, Mapping[str, Sequence[tuple[Entry, Judgement]]]]:
        """By scope and the last part of the path; "" for those that do not end in a plain name."""
        found: dict[str, dict[str, list[tuple[Entry, Judgement]]]] = {}
        for entry, judgement in self._entries:
            last = entry.path[-1] if entry.path else ""
            plain = "" if _WILDCARD.search(last) else last
            found.setdefault(entry.scope, {}).setdefault(plain, []).append((entry, judgement))
        return found

    def _about(self, given: Input) -> list[tuple[Entry, Judgement]]:
        found: list[tuple[Entry, Judgement]] = []
        for scope in (given.token, service_of(given.token), "*"):
            by_name = self._by_scope.get(scope, {})
            for pair in (*by_name.get(given.name, ()), *by_name.get("", ())):
                if pair[0].covers(given):
                    found.append(pair)
        return found

    def of(self, given: Input) -> Judgement | None:
        """What has been judged of a property; None where nobody has."""
        if given not in self._judged:
            self._judged[given] = self._judge(given)
        return self._judged[given]

    def _judge(self, given: Input) -> Judgement | None:
        about = self._about(given)
        if not about:
            return None
        self._used.update(entry for entry, _ in about)
        narrowest = max(entry.width for entry, _ in about)
        found = [judgement for entry, judgement in about if entry.width == narrowest]
        if any(each != found[0] for each in found):
            raise JudgementError(
                f"{given.whole} is judged twice in {FILE.name}. Take out one of the entries, or "
                "make one narrower."
            )
        return found[0]

    def without_use(self, inputs: Iterable[Input]) -> Iterator[str]:
        """Entries that are about no property of the SDK."""
        for given in inputs:
            self.of(given)
        left = {entry for entry, _ in self._entries} - self._used
        for entry in sorted(left, key=lambda each: (each.scope, each.path)):
            yield f"{entry.scope} {'.'.join(entry.path)}".rstrip()


_WILDCARD: Final = re.compile(r"[*?\[]")


def service_of(token: str) -> str:
    """`lambda` of aws:lambda/function:Function."""
    return token.partition(":")[2].partition("/")[0]


_ENDS_LIKE_ONE: Final = re.compile(r"\w*(?:Ids?|Arns?|ARNs?|Identifiers?)|ids?|arns?|identifiers?")
_SAYS_SO: Final = re.compile(r"\bARNs?\b|Amazon Resource Name|\b[Ii][Dd]s? of\b|dentifiers? of\b")


def names_something(given: Input) -> bool:
    """Whether a property names something by an ARN or an id, going by its name or by what its
    documentation says."""
    return bool(_ENDS_LIKE_ONE.fullmatch(given.name) or _SAYS_SO.search(given.text))
