"""What the engine's events say of policies, as plain records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from policies.rule import Level


@dataclass(frozen=True, slots=True)
class Urn:
    """urn:pulumi:STACK::PROJECT::TYPE::NAME; the type begins with those of the parents."""

    text: str
    stack: str = ""
    project: str = ""
    type: str = ""
    name: str = ""

    @classmethod
    def parse(cls, text: str) -> Urn:
        parts = text.removeprefix("urn:pulumi:").split("::", 3)
        return cls(text, *parts) if len(parts) == 4 else cls(text, name=text)

    @property
    def own_type(self) -> str:
        """The type without those of the parents."""
        return self.type.rpartition("$")[2]

    @property
    def home(self) -> Home | None:
        """The stack that it is of; None where the text is no URN."""
        return Home(self.project, self.stack) if self.project and self.stack else None


@dataclass(frozen=True, slots=True, order=True)
class Home:
    """A stack of a project."""

    project: str
    stack: str

    def __str__(self) -> str:
        return f"{self.project}/{self.stack}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One violation. `message` begins with the policy's description; `urn` may be empty. `also` are
    the URNs of what the same message is about besides: the pack's own record tells."""

    pack: str
    policy: str
    urn: str
    level: Level
    severity: str
    message: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remediation:
    """A policy changed these properties of a resource before it was deployed. Values stay out of
    every report: they could be secrets."""

    pack: str
    policy: str
    urn: str
    properties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exempted:
    """A finding that does not count, and why. The engine's events do not tell of it; the pack's own
    record does (AWS_DR_PREFLIGHT_RECORD). `resource` is what people call it, `exemption` what the
    configuration names: a resource, or a pattern for several."""

    policy: str
    urn: str
    resource: str
    reason: str
    expires: str | None = None
    exemption: str = ""

    @property
    def said(self) -> str:
        """Why it does not count, in words."""
        return f"{self.reason}{f' (until {self.expires})' if self.expires else ''}"


Reported: TypeAlias = Finding | Remediation


@dataclass(frozen=True, slots=True)
class Log:
    """What the events of one stack say. Every collection is sorted, as the engine's own order is
    not stable.

    `stack`: None where no event names a resource. `packs`: the version of each pack that ran.
    `passed`: policies without a finding anywhere, by pack; `policy analyze` does not tell.
    `unfinished`: packs whose stack policies were never asked, because the run stopped early.
    `errors`: why the run failed, other than by findings.
    `positions`: what came before the events and tells where resources are declared.
    `names`: those of all resources that the events tell of.
    `exempted`, `resources`, `policies`: what the pack's own record says does not count, and how
    many policies looked at how many resources; None where there is no record.
    """

    packs: Mapping[str, str]
    findings: tuple[Finding, ...]
    remediations: tuple[Remediation, ...]
    passed: Mapping[str, tuple[str, ...]]
    unfinished: tuple[str, ...]
    errors: tuple[str, ...]
    stack: Home | None
    positions: tuple[Mapping[str, object], ...]
    names: frozenset[str] = frozenset()
    exempted: tuple[Exempted, ...] = ()
    resources: int | None = None
    policies: int | None = None

    @property
    def reported(self) -> tuple[Reported, ...]:
        """All that policies said."""
        return (*self.findings, *self.remediations)

    def count(self, level: Level) -> int:
        """How many findings there are of a level."""
        return sum(finding.level is level for finding in self.findings)


def by_name(home: Home | None) -> tuple[bool, str, str]:
    """In which order stacks are told of: what names none comes last."""
    return (False, home.project, home.stack) if home else (True, "", "")


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings in the order of a log."""
    return tuple(sorted(findings, key=lambda each: (*by_policy(each), each.message)))


def by_policy(each: Reported) -> tuple[str, str, str]:
    """In which order what policies said is told."""
    return each.pack, each.policy, each.urn


def plain(text: str) -> str:
    """Text as a report may hold it: without colour marks, nor characters that XML forbids."""
    return _FORBIDDEN.sub("", _COLOURS.sub("", text)).strip()


_COLOURS = re.compile(r"<\{%.*?%\}>|\x1b\[[0-9;]*[A-Za-z]")
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
