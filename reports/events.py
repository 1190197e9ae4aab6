"""The engine's events, as one JSON object a line, and what they say of policies.

All of these are read: `--event-log FILE`, `preview --json` with streaming, `up --json` (its preview
comes first, as one object over many lines, then the events) and `policy analyze --json`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from policies.rule import Level

from .documents import HOW_TO_MAKE, InputError, documents
from .log import Finding, Home, Log, Remediation, Urn, by_name, by_policy, in_order, plain


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


_CONSEQUENCES = frozenset(
    {"preview failed", "update failed", "Resource monitor has terminated, shutting down"}
)
"""Errors that follow from another one, or from a mandatory finding."""

_EXIT_CODE = re.compile(
    r"(an unhandled error occurred: )?program exited with non-zero exit code", re.IGNORECASE
)
"""How an error begins that says no more than that the program failed; one that says why is
commonly beside it."""


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
            remediations=tuple(sorted(self._remediations, key=by_policy)),
            passed={pack: tuple(names) for pack, names in passed.items()},
            unfinished=tuple(sorted(self._begun - self._finished)),
            errors=self._reasons(),
            stack=stack,
            positions=positions,
            names=frozenset(self._names),
        )

    def _reasons(self) -> tuple[str, ...]:
        reasons = tuple(each for each in self._errors if each and each not in _CONSEQUENCES)
        reasons = tuple(each for each in reasons if not _EXIT_CODE.match(each)) or reasons
        if self._result is None:
            return (*reasons, "The events end before the engine's summary: it was interrupted.")
        if self._result == "failed" and not reasons and not self._blocked:
            return ("The engine's run failed; its events do not say why.",)
        return reasons


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
            f"Fix: set PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true as well, or {HOW_TO_MAKE}"
        )
    return f"{source} is JSON, but has no engine events. Fix: {HOW_TO_MAKE}"


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
