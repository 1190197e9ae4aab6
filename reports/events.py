"""The engine's events, as one JSON object a line, and what they say of policies.

All of these are read: `--event-log FILE`, `preview --json` with streaming, `up --json` (its preview
comes first, as one object over many lines, then the events) and `policy analyze --json`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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


def read(source: str, data: bytes) -> tuple[Log, ...]:
    """What the events in `data` say of policies, a log a stack; `source` is how messages call it.

    Raises InputError."""
    return read_all([(source, data)])


def read_all(inputs: Iterable[tuple[str, bytes]]) -> tuple[Log, ...]:
    """What the events of several inputs say, a log a stack: runs of one stack are one log, and
    what no stack can be told of is one too. Raises InputError."""
    readers: dict[Home | None, _Reader] = {}
    positions: list[Mapping[str, object]] = []
    names = []
    for source, data in inputs:
        events: list[Mapping[str, object]] = []
        others: list[Mapping[str, object]] = []
        for document in documents(source, data):
            (events if _kinds(document) else others).append(document)
        if not events:
            raise InputError(_no_events(source, others))
        for run in _runs(events):
            _take(run, readers)
        positions += others
        names.append(source)
    logs = [readers[home].log(home, tuple(positions)) for home in sorted(readers, key=by_name)]
    if not any(each.packs for each in logs):
        raise InputError(_no_pack(" and ".join(names), [error for e in logs for error in e.errors]))
    return tuple(each if each.packs else _without_a_pack(each) for each in logs)


def by_name(home: Home | None) -> tuple[bool, str, str]:
    """In which order stacks are told of: what names none comes last."""
    return (False, home.project, home.stack) if home else (True, "", "")


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


def _kinds(document: Mapping[str, object]) -> list[str]:
    """The kinds of event that a document holds: one, if it is an event."""
    return [key for key in document if key.endswith("Event")]


def _urn(event: Mapping[str, object]) -> str:
    return _text(event, "resourceUrn") or _text(_mapping(event.get("metadata")), "urn")


def _home(document: Mapping[str, object]) -> Home | None:
    """The stack whose resource an event is about."""
    urns = [Urn.parse(_urn(_mapping(document[kind]))) for kind in _kinds(document)]
    return next((urn.home for urn in urns if urn.home), None)


def _runs(events: Iterable[Mapping[str, object]]) -> Iterator[list[Mapping[str, object]]]:
    """The events of each run of the engine, which numbers those of a run from zero."""
    run: list[Mapping[str, object]] = []
    last, ended = -1, False
    for event in events:
        number = event.get("sequence")
        if isinstance(number, int):
            begins = number <= last
            last = number
        else:
            begins = ended and "cancelEvent" not in event
        if begins and run:
            yield run
            run, ended = [], False
        run.append(event)
        ended = ended or "summaryEvent" in event
    if run:
        yield run


def _take(run: Sequence[Mapping[str, object]], readers: dict[Home | None, _Reader]) -> None:
    """Give each event of a run to its stack's reader. An analysis may be of several stacks: what
    says how it went is about all of them, and a finding on none is told of the first."""
    found = dict.fromkeys(map(_home, run))
    homes: list[Home | None] = [*filter(None, found)] or [None]
    blocked = any("policyEvent" in each and _is_mandatory(each["policyEvent"]) for each in run)
    for home in homes:
        readers.setdefault(home, _Reader()).begin(blocked)
    for each in run:
        own = _home(each)
        its = [own] if own else homes[:1] if "policyEvent" in each else homes
        for home in its:
            readers[home].take(each)


def _is_mandatory(event: object) -> bool:
    # A remediation that did not correct a resource leaves a mandatory finding.
    return _text(_mapping(event), "enforcementLevel") in ("mandatory", "remediate")


def _without_a_pack(log: Log) -> Log:
    """A log of a stack that no pack looked at must not pass for one without findings."""
    return replace(log, errors=log.errors or ("No policy pack ran.",))


class _Reader:
    """Gathers what the events of one stack say."""

    def __init__(self) -> None:
        self._packs: dict[str, str] = {}
        self._findings: set[Finding] = set()
        self._remediations: set[Remediation] = set()
        self._passed: set[tuple[str, str]] = set()
        self._begun: set[str] = set()
        self._finished: set[str] = set()
        self._errors: dict[str, None] = {}
        self._names: set[str] = set()
        self._blocked = False
        self._result: str | None = None

    def begin(self, blocked: bool) -> None:
        """A run begins, which findings stop, on this stack or on another that is judged with it."""
        self._blocked = self._blocked or blocked

    def take(self, document: Mapping[str, object]) -> None:
        for kind in _kinds(document):
            self._take(kind, _mapping(document[kind]))

    def _take(self, kind: str, event: Mapping[str, object]) -> None:
        urn = _urn(event)
        if urn:
            self._names.add(Urn.parse(urn).name)
        pack, policy = _text(event, "policyPackName"), _text(event, "policyName")
        if pack:
            self._packs[pack] = _text(event, "policyPackVersion")
        match kind:
            case "policyEvent":
                level = Level.MANDATORY if _is_mandatory(event) else Level.ADVISORY
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

    def log(self, stack: Home | None, positions: tuple[Mapping[str, object], ...]) -> Log:
        findings = in_order(self._findings)
        failed = {(each.pack, each.policy) for each in findings}
        passed: dict[str, list[str]] = {}
        for pack, policy in sorted(self._passed - failed):
            passed.setdefault(pack, []).append(policy)
        return Log(
            packs=dict(sorted(self._packs.items())),
            findings=findings,
            remediations=tuple(sorted(self._remediations, key=_order)),
            passed={pack: tuple(names) for pack, names in passed.items()},
            unfinished=tuple(sorted(self._begun - self._finished)),
            errors=self._reasons(),
            stack=stack,
            positions=positions,
            names=frozenset(self._names),
        )

    def _reasons(self) -> tuple[str, ...]:
        reasons = tuple(each for each in self._errors if each and each not in _CONSEQUENCES)
        if self._result is None:
            return (*reasons, "The events end before the engine's summary: it was interrupted.")
        if self._result == "failed" and not reasons and not self._blocked:
            return ("The engine's run failed; its events do not say why.",)
        return reasons


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings in the order of a log."""
    return tuple(sorted(findings, key=lambda each: (*_order(each), each.message)))


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


def _no_events(source: str, others: Iterable[Mapping[str, object]]) -> str:
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


def _no_pack(source: str, errors: Sequence[str]) -> str:
    if errors:
        return (
            f"{source} has no policy event, because the engine stopped before any policy ran: "
            f"{errors[0].rstrip('.')}. Fix: correct that and run again."
        )
    return (
        f"{source} has no policy event: no policy pack ran. Fix: run the command with "
        "`--policy-pack DIR`."
    )
