"""What the pack's own record adds to what the engine's events tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from .log import Exempted, Finding, Home, Log, Urn, by_name, in_order, plain
from .pack import NAME


def with_records(logs: Sequence[Log], records: Iterable[Mapping[str, object]]) -> tuple[Log, ...]:
    """The logs with what records of the pack (AWS_DR_PREFLIGHT_RECORD) say, each with its own
    stack's. A stack that a record tells of and no event does has a log too: nothing was found."""
    found = tuple(logs)
    for record in map(_read, records):
        found = _parted([_with(log, record) for log in _of_all_stacks(found, record.stacks)])
    return tuple(sorted(found, key=lambda log: by_name(log.stack)))


@dataclass(frozen=True)
class _Record:
    """A record, by stacks. `resources` has the stacks that were looked at, `also` what findings are
    about besides, by policy, URN and text."""

    policies: int | None
    resources: Mapping[Home, int | None]
    exempted: Mapping[Home, Sequence[Exempted]]
    also: Mapping[tuple[str, str], Sequence[tuple[str, tuple[str, ...]]]]

    @property
    def stacks(self) -> list[Home]:
        """All stacks that it tells of."""
        return sorted({*self.resources, *self.exempted})


def _read(record: Mapping[str, object]) -> _Record:
    exempted: dict[Home, list[Exempted]] = {}
    for said in _listed(record, "exempted"):
        entry = _exempted(said)
        if home := Urn.parse(entry.urn).home:
            exempted.setdefault(home, []).append(entry)
    also: dict[tuple[str, str], list[tuple[str, tuple[str, ...]]]] = {}
    for said in _listed(record, "together"):
        key = (_text(said, "policy"), _text(said, "urn"))
        also.setdefault(key, []).append((_text(said, "text"), _texts(said, "also")))
    resources = {
        Home(_text(said, "project"), _text(said, "stack")): _number(said, "resources")
        for said in _listed(record, "stacks")
    }
    return _Record(_number(record, "policies"), resources, exempted, also)


def _of_all_stacks(logs: Sequence[Log], stacks: Iterable[Home]) -> Iterator[Log]:
    """The logs, and one for each of these stacks that has none. Events that name no resource at all
    are those of such a stack."""
    known = {log.stack for log in logs}
    missing = [each for each in stacks if each not in known]
    for log in logs:
        if log.stack is None and missing:
            yield replace(log, stack=missing.pop(0))
        else:
            yield log
    version = next((log.packs[NAME] for log in logs if NAME in log.packs), "")
    for stack in missing:
        # The pack writes its record when it has looked at everything.
        yield Log({NAME: version}, (), (), {}, (), (), stack, logs[0].positions)


def _with(log: Log, record: _Record) -> Log:
    """The log with what a record says of its stack."""
    if log.stack is None or log.stack not in record.stacks:
        return log
    by_policy = sorted(
        record.exempted.get(log.stack, ()), key=lambda each: (each.policy, each.urn, each.said)
    )
    return replace(
        log,
        findings=tuple(_completed(each, record) for each in log.findings),
        exempted=tuple(by_policy),
        resources=record.resources.get(log.stack),
        policies=record.policies if log.stack in record.resources else None,
    )


def _parted(logs: Sequence[Log]) -> tuple[Log, ...]:
    """The logs with each finding that is about resources of several stacks in each of them."""
    parts: dict[Home | None, list[Finding]] = {}
    for log in logs:
        for finding in log.findings:
            urns: dict[Home | None, list[str]] = {}
            for urn in (finding.urn, *finding.also):
                urns.setdefault(Urn.parse(urn).home or log.stack, []).append(urn)
            for home, (first, *others) in urns.items():
                part = replace(finding, urn=first, also=tuple(others))
                parts.setdefault(home, []).append(part)
    return tuple(replace(log, findings=in_order(parts.get(log.stack, ()))) for log in logs)


def _completed(finding: Finding, record: _Record) -> Finding:
    """The finding with all that it is about."""
    if finding.pack == NAME:
        for text, also in record.also.get((finding.policy, finding.urn), ()):
            if finding.message.endswith(text):
                return replace(finding, also=also)
    return finding


def _exempted(said: Mapping[str, object]) -> Exempted:
    return Exempted(
        policy=_text(said, "policy"),
        urn=_text(said, "urn"),
        resource=_text(said, "resource"),
        reason=_text(said, "reason"),
        expires=_text(said, "expires") or None,
        exemption=_text(said, "exemption"),
    )


def _listed(record: Mapping[str, object], key: str) -> Iterator[Mapping[str, object]]:
    entries = record.get(key)
    if isinstance(entries, list):
        yield from (each for each in entries if isinstance(each, Mapping))


def _text(said: Mapping[str, object], key: str) -> str:
    value = said.get(key)
    return plain(value) if isinstance(value, str) else ""


def _texts(said: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = said.get(key)
    if not isinstance(value, list):
        return ()
    return tuple(each for each in value if isinstance(each, str))


def _number(said: Mapping[str, object], key: str) -> int | None:
    value = said.get(key)
    return value if isinstance(value, int) else None
