"""The engine's events, as one JSON object a line, and what they say of policies.

All of these are read: `--event-log FILE`, `preview --json` with streaming, `up --json` (its preview
comes first, as one object over many lines, then the events) and `policy analyze --json`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from policies.rule import Level


class InputError(Exception):
    """Nothing can be reported; the text names what is wrong and what to do."""


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


@dataclass(frozen=True, slots=True)
class Finding:
    """One violation. `message` begins with the policy's description; `urn` may be empty."""

    pack: str
    policy: str
    urn: str
    level: Level
    severity: str
    message: str


@dataclass(frozen=True, slots=True)
class Remediation:
    """A policy changed these properties of a resource before it was deployed. Values stay out of
    every report: they could be secrets."""

    pack: str
    policy: str
    urn: str
    properties: tuple[str, ...]


Reported: TypeAlias = Finding | Remediation


@dataclass(frozen=True, slots=True)
class Log:
    """What the events say. Every collection is sorted, as the engine's own order is not stable.

    `packs`: the version of each pack that ran. `passed`: policies without a finding anywhere, by
    pack; `policy analyze` does not tell. `unfinished`: packs whose stack policies were never asked,
    because the run stopped early. `errors`: why the run failed, other than by findings.
    `positions`: what came before the events and tells where resources are declared.
    """

    packs: Mapping[str, str]
    findings: tuple[Finding, ...]
    remediations: tuple[Remediation, ...]
    passed: Mapping[str, tuple[str, ...]]
    unfinished: tuple[str, ...]
    errors: tuple[str, ...]
    stack: Urn | None
    positions: tuple[Mapping[str, object], ...]

    @property
    def reported(self) -> tuple[Reported, ...]:
        """All that policies said."""
        return (*self.findings, *self.remediations)

    def count(self, level: Level) -> int:
        """How many findings there are of a level."""
        return sum(finding.level is level for finding in self.findings)


def read(source: str, data: bytes) -> Log:
    """What the events in `data` say of policies; `source` is how messages call it.

    Raises InputError."""
    reader = _Reader()
    for document in documents(source, data):
        reader.take(document)
    log = reader.log()
    if not reader.events:
        raise InputError(_no_events(source, log.positions))
    if not log.packs:
        raise InputError(_no_pack(source, log.errors))
    return log


def documents(source: str, data: bytes) -> Iterator[Mapping[str, object]]:
    """Every JSON object in `data`, whether it takes one line or many. Raises InputError."""
    try:
        # Windows PowerShell writes UTF-16 when it redirects output.
        text = data.decode(json.detect_encoding(data))
    except UnicodeDecodeError as error:
        raise InputError(
            f"{source} is not text ({error}). Fix: give the engine's events as the CLI wrote them."
        ) from error
    decoder = json.JSONDecoder()
    position = _skip(text, 0)
    if position == len(text):
        raise InputError(f"{source} is empty. Fix: {_HOW_TO_MAKE}")
    while position < len(text):
        try:
            document, end = decoder.raw_decode(text, position)
        except json.JSONDecodeError as error:
            raise InputError(_not_json(source, text, position)) from error
        if not isinstance(document, Mapping):
            raise InputError(_not_json(source, text, position))
        yield document
        position = _skip(text, end)


def plain(text: str) -> str:
    """Text as a report may hold it: without colour marks, nor characters that XML forbids."""
    return _FORBIDDEN.sub("", _COLOURS.sub("", text)).strip()


_COLOURS = re.compile(r"<\{%.*?%\}>|\x1b\[[0-9;]*[A-Za-z]")
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACE = re.compile(r"\s*")

_CONSEQUENCES = frozenset(
    {"preview failed", "update failed", "Resource monitor has terminated, shutting down"}
)
"""Errors that follow from another one, or from a mandatory finding."""

_HOW_TO_MAKE = (
    "run `PULUMI_DEBUG_COMMANDS=true pulumi preview --policy-pack DIR --event-log FILE` and give "
    "FILE."
)


class _Reader:
    """Gathers what the events say."""

    def __init__(self) -> None:
        self.events = 0
        self._packs: dict[str, str] = {}
        self._findings: set[Finding] = set()
        self._remediations: set[Remediation] = set()
        self._passed: set[tuple[str, str]] = set()
        self._begun: set[str] = set()
        self._finished: set[str] = set()
        self._errors: dict[str, None] = {}
        self._urns: set[str] = set()
        self._result: str | None = None
        self._positions: list[Mapping[str, object]] = []

    def take(self, document: Mapping[str, object]) -> None:
        kinds = [key for key in document if key.endswith("Event")]
        if not kinds:
            self._positions.append(document)
        for kind in kinds:
            self.events += 1
            self._take(kind, _mapping(document[kind]))

    def _take(self, kind: str, event: Mapping[str, object]) -> None:
        urn = _text(event, "resourceUrn") or _text(_mapping(event.get("metadata")), "urn")
        self._urns.add(urn)
        pack, policy = _text(event, "policyPackName"), _text(event, "policyName")
        if pack:
            self._packs[pack] = _text(event, "policyPackVersion")
        match kind:
            case "policyEvent":
                # A remediation that did not mend a resource leaves a mandatory finding.
                level = Level.ADVISORY
                if _text(event, "enforcementLevel") in ("mandatory", "remediate"):
                    level = Level.MANDATORY
                severity, message = _text(event, "severity"), _text(event, "message")
                self._findings.add(Finding(pack, policy, urn, level, severity, message))
            case "policyRemediationEvent":
                changed = _changed(_mapping(event.get("before")), _mapping(event.get("after")))
                self._remediations.add(Remediation(pack, policy, urn, changed))
            case "policyAnalyzeSummaryEvent" | "policyAnalyzeStackSummaryEvent":
                # The second comes for every pack, even for one without stack policies.
                (self._finished if "Stack" in kind else self._begun).add(pack)
                self._passed.update((pack, name) for name in _texts(event.get("passed")))
            case "diagnosticEvent" if _text(event, "severity") == "error":
                self._errors[_text(event, "message")] = None
            case "summaryEvent":
                self._result = _text(event, "result")
                for name, version in _mapping(event.get("PolicyPacks")).items():
                    # "name|local|directory" for a pack that is not from the organization.
                    self._packs[name.partition("|")[0]] = str(version)

    def log(self) -> Log:
        findings = sorted(self._findings, key=lambda each: (*_order(each), each.message))
        failed = {(each.pack, each.policy) for each in findings}
        passed: dict[str, list[str]] = {}
        for pack, policy in sorted(self._passed - failed):
            passed.setdefault(pack, []).append(policy)
        urns = sorted(urn for urn in self._urns if urn.startswith("urn:"))
        return Log(
            packs=dict(sorted(self._packs.items())),
            findings=tuple(findings),
            remediations=tuple(sorted(self._remediations, key=_order)),
            passed={pack: tuple(names) for pack, names in passed.items()},
            unfinished=tuple(sorted(self._begun - self._finished)),
            errors=self._reasons(),
            stack=Urn.parse(urns[0]) if urns else None,
            positions=tuple(self._positions),
        )

    def _reasons(self) -> tuple[str, ...]:
        reasons = tuple(each for each in self._errors if each and each not in _CONSEQUENCES)
        if self._result is None:
            return (*reasons, "The events end before the engine's summary: it was interrupted.")
        blocked = any(each.level is Level.MANDATORY for each in self._findings)
        if self._result == "failed" and not reasons and not blocked:
            return ("The engine's run failed; its events do not say why.",)
        return reasons


def _order(each: Reported) -> tuple[str, str, str]:
    return each.pack, each.policy, each.urn


def _changed(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[str, ...]:
    names = {name for name in (*before, *after) if before.get(name) != after.get(name)}
    return tuple(sorted(name for name in names if not name.startswith("__")))


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _text(event: Mapping[str, object], key: str) -> str:
    value = event.get(key)
    return plain(value) if isinstance(value, str) else ""


def _texts(value: object) -> Iterator[str]:
    return (
        (each for each in value if isinstance(each, str)) if isinstance(value, list) else iter(())
    )


def _skip(text: str, position: int) -> int:
    """The position of the next character that is no space."""
    found = _SPACE.match(text, position)
    return found.end() if found else position


def _not_json(source: str, text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    rest = text[position:].rstrip()
    if rest.startswith("{") and "\n" not in rest:
        return (
            f"{source} is cut short in line {line}: the engine or the copy of the file was stopped "
            "while it was written. Fix: run the command again and let it end."
        )
    return (
        f"{source} is not JSON lines: line {line} is {rest.splitlines()[0][:60]!r}. Fix: give what "
        "the CLI wrote to --event-log, or its --json output alone (without 2>&1)."
    )


def _no_events(source: str, others: tuple[Mapping[str, object], ...]) -> str:
    keys = {key for each in others for key in each}
    if "deployment" in keys:
        return (
            f"{source} is an export of a stack. Fix: run `pulumi policy analyze --file {source} "
            "--policy-pack DIR --json` and give its output."
        )
    if keys & {"steps", "changeSummary", "diagnostics"}:
        return (
            f"{source} is what --json prints of a preview, which leaves policy findings out. "
            f"Fix: set PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true as well, or {_HOW_TO_MAKE}"
        )
    return f"{source} is JSON, but has no engine events. Fix: {_HOW_TO_MAKE}"


def _no_pack(source: str, errors: tuple[str, ...]) -> str:
    if errors:
        return (
            f"{source} has no policy event, because the engine stopped before any policy ran: "
            f"{errors[0].rstrip('.')}. Fix: mend that and run again."
        )
    return (
        f"{source} has no policy event: no policy pack ran. Fix: run the command with "
        "`--policy-pack DIR`."
    )
