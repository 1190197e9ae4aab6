"""What a run found, counted and in short lines: the end of what a person reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from policies import RULES
from policies.rule import Level
from reports.events import Exempted, Finding, Log, Urn
from reports.pack import NAME
from reports.places import Places

_DOUBTS = "unverifiable-reference"
_DESCRIPTIONS = {rule.name: rule.description for rule in RULES}
_ORDER = {rule.name: position for position, rule in enumerate(RULES)}


@dataclass(frozen=True)
class Line:
    """One finding: a defect with all the resources that have it, the first one's place."""

    level: Level
    severity: str
    policy: str
    resources: tuple[str, ...]
    place: str
    problem: str
    stack: str


@dataclass(frozen=True)
class Summary:
    """What the runs of one call found. `errors` are those of the engine and of the program."""

    lines: tuple[Line, ...]
    doubts: tuple[Line, ...]
    exempted: tuple[Exempted, ...]
    policies: int
    resources: int
    errors: tuple[str, ...]
    incomplete: bool

    def of(self, level: Level) -> tuple[Line, ...]:
        """The findings of a level, in the order of the policies."""
        return tuple(each for each in self.lines if each.level is level)

    @property
    def is_clean(self) -> bool:
        """Whether everything ran and nothing was found that blocks."""
        return not (self.errors or self.incomplete or self.of(Level.MANDATORY))


def of(logs: Sequence[Log], places: Places, resources: int = 0, policies: int = 0) -> Summary:
    """The summary of several stacks' logs; `resources` is how many were looked at, by how many
    `policies`."""
    lines: list[Line] = []
    doubts: list[Line] = []
    for log in logs:
        stack = str(log.stack) if log.stack and len(logs) > 1 else ""
        own = [each for each in log.findings if each.pack == NAME]
        for line in _lines(own, places, stack):
            (doubts if line.policy == _DOUBTS else lines).append(line)
    return Summary(
        lines=tuple(lines),
        doubts=tuple(doubts),
        exempted=tuple(each for log in logs for each in log.exempted),
        policies=policies,
        resources=resources,
        errors=tuple(error for log in logs for error in log.errors),
        incomplete=any(NAME in log.unfinished or NAME not in log.packs for log in logs),
    )


def _lines(findings: Iterable[Finding], places: Places, stack: str) -> Iterator[Line]:
    """A line for each defect; findings that differ in their resource alone are one."""
    alike: dict[tuple[str, Level, str], list[Finding]] = {}
    for each in findings:
        problem = problem_of(each)
        name = Urn.parse(each.urn).name
        alike.setdefault((each.policy, each.level, problem.replace(name, "...")), []).append(each)
    for (policy, level, _), group in sorted(alike.items(), key=_rank):
        first = group[0]
        place = places.of(first.urn)
        yield Line(
            level,
            first.severity,
            policy,
            tuple(_resource(each.urn) for each in group),
            f"{place.uri}:{place.line}" if first.urn in places.declared else "",
            problem_of(first),
            stack,
        )


def _rank(item: tuple[tuple[str, Level, str], list[Finding]]) -> tuple[bool, int, str]:
    (policy, level, _), group = item
    return level is not Level.MANDATORY, _ORDER.get(policy, len(_ORDER)), group[0].urn


def problem_of(finding: Finding) -> str:
    """The sentence that says what is wrong, without the policy's description before it."""
    text = finding.message.removeprefix(_DESCRIPTIONS.get(finding.policy, "")).strip()
    return (text or finding.message).partition("\n")[0].rstrip(":").strip()


def _resource(urn: str) -> str:
    parsed = Urn.parse(urn)
    return parsed.name or "the stack"


def by_policy(lines: Iterable[Line]) -> Mapping[str, int]:
    """How many findings each policy made."""
    counted: dict[str, int] = {}
    for each in lines:
        counted[each.policy] = counted.get(each.policy, 0) + len(each.resources)
    return counted
