"""What a report holds, whatever it is written as: each defect once, with all its resources."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from policies import RULES
from policies.rule import AnyRule, Level
from policies.serving.again import LEAD
from policies.serving.endings import ending

from .log import Exempted, Finding, Home, Log, Remediation, Urn
from .pack import NAME
from .places import Place, Places

_DOUBTS: Final = "unverifiable-reference"
_RULES: Final = {rule.name: rule for rule in RULES}
_WORD: Final = re.compile(r"[\w-]+(?:[./][\w-]+)*")
_ORDER: Final = {rule.name: position for position, rule in enumerate(RULES)}


@dataclass(frozen=True)
class Policy:
    """A policy of this pack or of another one. `url` leads to its page."""

    pack: str
    name: str

    @property
    def rule(self) -> AnyRule | None:
        """What this pack knows of it."""
        return _RULES.get(self.name) if self.pack == NAME else None

    @property
    def url(self) -> str | None:
        return self.rule.url if self.rule else None

    @property
    def title(self) -> str:
        """What is wrong, in a few words; of another pack's policy, its name."""
        return self.rule.title if self.rule else str(self)

    def __str__(self) -> str:
        return self.name if self.pack == NAME else f"{self.pack}/{self.name}"


@dataclass(frozen=True)
class Resource:
    """What a finding is about; `place` is where it is declared, if that is known."""

    urn: str
    place: Place | None = None

    @property
    def name(self) -> str:
        return _in_a_line(Urn.parse(self.urn).name) or "the stack"

    @property
    def type(self) -> str:
        return Urn.parse(self.urn).own_type


@dataclass(frozen=True)
class Said:
    """One finding: what it is about, and its message without the policy's description."""

    resources: tuple[Resource, ...]
    text: str

    @property
    def problem(self) -> str:
        """The sentence that says what is wrong."""
        lead, lines = [], self.text.splitlines() or [""]
        if lines[0] == LEAD and len(lines) > 1:
            lead, lines = lines[:1], lines[1:]
        sentences = [line for line in lines if not line.startswith(" ")]
        # Of several that are told together, the one about the first resource: another stack may
        # have one of the same name.
        urn = Urn.parse(self.resources[0].urn)
        name = _in_a_line(urn.name)
        called = (f"{name} of {urn.home}", name)
        found = (line for each in called if each for line in sentences if each in line)
        return " ".join([*lead, next(found, lines[0]).rstrip(":")]).strip()


@dataclass(frozen=True)
class Defect:
    """Findings of one policy that differ in their resources alone."""

    policy: Policy
    level: Level
    severity: str
    said: tuple[Said, ...]

    @property
    def resources(self) -> tuple[Resource, ...]:
        """All resources that have it, each once."""
        return tuple(dict.fromkeys(each for said in self.said for each in said.resources))

    @property
    def problem(self) -> str:
        """What is wrong, of the first resource."""
        return self.said[0].problem

    @property
    def place(self) -> Place | None:
        """Where the first resource is declared."""
        return self.resources[0].place


@dataclass(frozen=True)
class Exempt:
    """A finding that does not count; `ending` says when the exemption ends, where that is soon."""

    policy: Policy
    found: Exempted
    ending: str | None = None


@dataclass(frozen=True)
class Count:
    """How many findings, and how many resources they are about."""

    findings: int
    resources: int

    @classmethod
    def of(cls, defects: Iterable[Defect]) -> Count:
        defects = tuple(defects)
        urns = {one.urn for each in defects for one in each.resources if one.urn}
        return cls(len(defects), len(urns))


@dataclass(frozen=True)
class StackReport:
    """What was found in one stack. `errors` are those of the engine and of the program;
    `is_complete` tells whether every policy was asked. How many policies looked at how many
    resources is None where it is not known."""

    stack: Home | None
    packs: Mapping[str, str]
    defects: tuple[Defect, ...]
    doubts: tuple[Defect, ...]
    exempted: tuple[Exempt, ...]
    remediations: tuple[Remediation, ...]
    errors: tuple[str, ...]
    is_complete: bool
    resources: int | None
    policies: int | None

    @property
    def name(self) -> str:
        return str(self.stack) if self.stack else "a run that names no stack"

    @property
    def endings(self) -> tuple[Exempt, ...]:
        """Of each exemption that ends soon, the first finding that it exempts."""
        return _endings(self.exempted)

    def of(self, level: Level) -> tuple[Defect, ...]:
        """The defects of a level."""
        return tuple(each for each in self.defects if each.level is level)


@dataclass(frozen=True)
class Report:
    """What was found in all stacks of a call."""

    stacks: tuple[StackReport, ...]

    @property
    def defects(self) -> tuple[Defect, ...]:
        return tuple(each for stack in self.stacks for each in stack.defects)

    @property
    def doubts(self) -> tuple[Defect, ...]:
        return tuple(each for stack in self.stacks for each in stack.doubts)

    @property
    def exempted(self) -> tuple[Exempt, ...]:
        return tuple(each for stack in self.stacks for each in stack.exempted)

    @property
    def errors(self) -> tuple[str, ...]:
        """Why runs failed; stacks that were judged together have the same reason."""
        return tuple(dict.fromkeys(each for stack in self.stacks for each in stack.errors))

    @property
    def is_complete(self) -> bool:
        """Whether every policy was asked everywhere."""
        return all(each.is_complete for each in self.stacks)

    @property
    def is_clean(self) -> bool:
        """Whether everything ran and nothing was found that blocks."""
        return self.is_complete and not self.of(Level.MANDATORY)

    @property
    def resources(self) -> int | None:
        """How many resources were looked at; None where that is not known of each stack."""
        return _together(sum, (each.resources for each in self.stacks))

    @property
    def policies(self) -> int | None:
        """How many policies looked, likewise."""
        return _together(max, (each.policies for each in self.stacks))

    @property
    def endings(self) -> tuple[Exempt, ...]:
        """Of each exemption that ends soon, the first finding that it exempts."""
        return _endings(self.exempted)

    def of(self, level: Level) -> tuple[Defect, ...]:
        """The defects of a level in all stacks."""
        return tuple(each for stack in self.stacks for each in stack.of(level))


def of(logs: Iterable[Log], places: Places, today: date | None = None) -> Report:
    """The report on several stacks' logs; exemptions that end soon after `today` are marked."""
    return Report(tuple(_of_stack(log, places, today or date.today()) for log in logs))


def _of_stack(log: Log, places: Places, today: date) -> StackReport:
    found = tuple(_defects(log, places))
    return StackReport(
        stack=log.stack,
        packs=log.packs,
        defects=tuple(each for each in found if not _is_doubt(each)),
        doubts=tuple(each for each in found if _is_doubt(each)),
        exempted=tuple(_exempt(each, today) for each in log.exempted),
        remediations=log.remediations,
        errors=log.errors,
        is_complete=not log.errors and NAME in log.packs and NAME not in log.unfinished,
        resources=log.resources,
        policies=log.policies,
    )


def _is_doubt(defect: Defect) -> bool:
    """Whether it says what is undecided. What the same policy says of its configuration is about
    no resource."""
    return defect.policy == Policy(NAME, _DOUBTS) and bool(defect.resources[0].urn)


def _exempt(found: Exempted, today: date) -> Exempt:
    try:
        expires = date.fromisoformat(found.expires or "")
    except ValueError:
        expires = None
    return Exempt(Policy(NAME, found.policy), found, ending(expires, today))


def _endings(exempted: Iterable[Exempt]) -> tuple[Exempt, ...]:
    first: dict[tuple[object, ...], Exempt] = {}
    for each in exempted:
        found = each.found
        which = found.exemption or found.resource
        if each.ending:
            first.setdefault((each.policy, which, found.reason, found.expires), each)
    return tuple(first.values())


def _defects(log: Log, places: Places) -> Iterator[Defect]:
    """Each defect once: findings that differ in names alone are told together."""
    names = log.names | {Urn.parse(each.urn).name for each in log.findings}
    broken = sorted(each for each in names if each != _in_a_line(each))
    alike: dict[tuple[Policy, Level, str], list[tuple[Finding, Said]]] = {}
    for each in log.findings:
        policy = Policy(each.pack, each.policy)
        said = _said(_whole(each, broken), policy, places)
        key = (policy, each.level, _without(names, said))
        alike.setdefault(key, []).append((each, said))
    for (policy, level, _), group in sorted(alike.items(), key=lambda item: _rank(*item)):
        yield Defect(policy, level, group[0][0].severity, tuple(said for _, said in group))


def _whole(finding: Finding, broken: Iterable[str]) -> Finding:
    """The finding with each of these names in one line: the lines of a message mean something."""
    text = finding.message
    for name in broken:
        text = text.replace(name, _in_a_line(name))
    return replace(finding, message=text)


def _in_a_line(name: str) -> str:
    return " ".join(name.splitlines())


def _without(names: Set[str], said: Said) -> str:
    """The problem without the names of resources. What is a word by itself is found at once,
    however many there are; another name only where it is that of what the finding is about."""
    problem = said.problem
    for each in said.resources:
        if not _WORD.fullmatch(each.name):
            problem = problem.replace(each.name, "...")
    return _WORD.sub(lambda found: "..." if found[0] in names else found[0], problem)


def _rank(
    key: tuple[Policy, Level, str], group: Sequence[tuple[Finding, Said]]
) -> tuple[bool, int, str, str]:
    policy, level, _ = key
    place = _ORDER.get(policy.name, len(_ORDER)) if policy.rule else len(_ORDER)
    return level is not Level.MANDATORY, place, str(policy), group[0][0].urn


def _said(finding: Finding, policy: Policy, places: Places) -> Said:
    text = finding.message
    if policy.rule:
        # The policy SDK puts the description in front.
        text = text.removeprefix(policy.rule.description).strip() or text
    urns = dict.fromkeys((finding.urn, *finding.also))
    return Said(tuple(Resource(urn, places.declared.get(urn)) for urn in urns), text)


def _together(
    combined: Callable[[Iterable[int]], int], numbers: Iterable[int | None]
) -> int | None:
    """Several numbers as one; None where one of them is not known."""
    known: list[int] = []
    for each in numbers:
        if each is None:
            return None
        known.append(each)
    return combined(known) if known else None
