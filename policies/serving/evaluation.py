"""Rules at work: outcomes become findings, exemptions and doubts, and a bug stays contained."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import TypeAlias

from ..model import Model
from ..model.plain import NamedTuple
from ..model.resource import Resource
from ..model.stack import NOT_SHOWN
from ..rule import (
    AnyRule,
    Asked,
    DoubtRule,
    Level,
    Outcome,
    ResourceRule,
    Rule,
    Settings,
    StackRule,
    Unverified,
    Violation,
)
from . import messages as message
from .configuration import Configuration, Exemption
from .messages import Doubt


class Finding(NamedTuple):
    """What people read. `urn` is None for a finding on the stack as a whole; `is_ours` tells that
    it is about the pack (a bug, its configuration), `is_advice` that it is advice whatever the
    policy's level: `servicer.py` makes both advisory, while the SDK gives every finding its
    policy's level. `also` are the URNs of what the same text is about besides."""

    urn: str | None
    text: str
    is_ours: bool = False
    is_advice: bool = False
    also: tuple[str, ...] = ()


class Exempted(NamedTuple):
    """What does not count: the policy, the resource that it would have been about, and why."""

    policy: str
    urn: str
    label: str
    exemption: Exemption

    def __str__(self) -> str:
        until = f" until {self.exemption.expires}" if self.exemption.expires else ""
        return f"{self.label} is exempt{until}: {self.exemption.reason}"


class Report(NamedTuple):
    """What one rule says of one request: findings, and what does not count."""

    findings: tuple[Finding, ...] = ()
    exempted: tuple[Exempted, ...] = ()


class Judged(NamedTuple):
    """What a rule says of the stack, and the exemption under which it does not count."""

    rule: AnyRule
    outcome: Outcome
    exemption: Exemption | None = None


class Failure(NamedTuple):
    """A bug: the rule raised while it looked at the subject."""

    subject: Resource
    error: Exception


Answer: TypeAlias = Outcome | Failure


def check_resource(rule: ResourceRule, resource: Resource, configuration: Configuration) -> Report:
    """What a resource rule says of one resource's inputs."""
    if not _is_asked_of(rule, resource) or not (rule.texts or resource.kind in rule.kinds):
        return Report()
    answers = _contained(resource, lambda: rule.check(resource, configuration.settings))
    return of_answers(rule, answers, configuration)


def properties_to_drop(
    rule: ResourceRule, resource: Resource, configuration: Configuration
) -> Sequence[str]:
    """What the rule's remediation takes off the resource, in the resource's own words: nothing off
    an exempted one, and a bug in it changes nothing."""
    if rule.remediate is None or resource.kind not in rule.kinds:
        return ()
    if configuration.exemption_of(resource) is not None:
        return ()
    try:
        return [resource.own_name(name) for name in rule.remediate(resource)]
    except Exception as error:  # noqa: BLE001 - the deployment goes on without the remediation
        _log(error)
        return ()


class Evaluation:
    """All rules on one stack, each asked once however many policies need its answer."""

    def __init__(
        self,
        rules: Sequence[AnyRule],
        model: Model,
        configurations: Mapping[str, Configuration],
        times: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """`times` tell from when the states of the neighbours are, by their stacks."""
        self.rules = rules
        self.configurations = configurations
        self.times = times
        self._model = model
        self._answers: dict[str, tuple[Answer, ...]] = {}

    def report(self, rule: AnyRule) -> Report:
        """What the rule says of the stack."""
        configuration = self.configuration(rule)
        if isinstance(rule, DoubtRule):
            found = of_doubts(rule, list(self.doubts(rule)), configuration)
        else:
            found = of_answers(rule, self.open_answers(rule), configuration)
        return found._replace(
            findings=tuple(
                each._replace(text=message.dated(each.text, self.times)) for each in found.findings
            )
        )

    def open_answers(self, rule: AnyRule) -> list[Answer]:
        """What the rule says about that AWS is still to answer."""
        return [answer for answer in self._ask(rule) if _is_open(rule, answer)]

    def judged(self, rules: Iterable[AnyRule]) -> Iterator[Judged]:
        """The outcomes of these rules one by one, those that are exempted too. What a rehearsal
        cannot tell is not settled by a deployment: it is told of what exists as well."""
        doubting = [self.configuration(each) for each in self.rules if isinstance(each, DoubtRule)]
        for rule in rules:
            own = self.configuration(rule)
            for answer in self._ask(rule):
                match answer:
                    case Failure(subject):
                        yield Judged(rule, Unverified(subject, "the policy failed on it"))
                    case Violation(subject) if _is_open(rule, answer):
                        yield Judged(rule, answer, own.exemption_of(subject))
                    case Unverified(subject) if answer.lost or _is_open(rule, answer):
                        found = (each.exemption_of(subject) for each in (own, *doubting))
                        yield Judged(rule, answer, next(filter(None, found), None))

    def settings(self, rule: Rule) -> Settings:
        """The options under which the rule is asked."""
        return self.configuration(rule).settings

    def unused_exemptions(self, rule: AnyRule, used: Collection[Exemption] = ()) -> Iterator[str]:
        """What is wrong with exemptions that exempt nothing, one text for each. `used` are those
        that exempted a resource's inputs before. One that was of use before the deployment, or
        is of use if a doubt turns out badly, exempts something."""
        configuration = self.configuration(rule)
        if not configuration.exemptions:
            return
        subjects = (
            [doubt.subject for doubt in self.doubts(rule, of_all=True)]
            if isinstance(rule, DoubtRule)
            else [each.subject for each in self._ask(rule)]
        )
        for exemption in configuration.exemptions:
            if exemption not in used and not any(
                configuration.exemption_of(subject) is exemption for subject in subjects
            ):
                yield f"{exemption} exempts nothing. Fix: remove it."

    def configuration(self, rule: Rule) -> Configuration:
        """How the rule is configured."""
        return self.configurations.get(rule.name, Configuration())

    def doubts(self, asking: DoubtRule, of_all: bool = False) -> Iterator[Doubt]:
        """Everything that the other rules could not decide, of what is new or `of_all`."""
        for rule in self.rules:
            if rule.name == asking.name:
                continue
            configuration = self.configuration(rule)
            for answer in self._ask(rule):
                if (
                    isinstance(answer, Unverified)
                    and (of_all or _is_open(rule, answer))
                    and not configuration.exemption_of(answer.subject)
                ):
                    cure = self._way_to_other_stack(answer.why) or answer.cure or rule.in_doubt
                    yield Doubt(answer.subject, rule.name, answer.why, cure)

    def _way_to_other_stack(self, why: str) -> str | None:
        """What shows the stack that a reason names as the one that a value comes from."""
        for name in self._model.stack.stacks_not_shown:
            if f"the stack {name}, {NOT_SHOWN}" in why:
                return message.how_to_show(name)
        return None

    def _ask(self, rule: AnyRule) -> tuple[Answer, ...]:
        if rule.name not in self._answers:
            self._answers[rule.name] = tuple(
                each for each in self._ask_afresh(rule) if not each.subject.is_neighbour
            )
        return self._answers[rule.name]

    def _ask_afresh(self, rule: AnyRule) -> Iterator[Answer]:
        settings = self.configuration(rule).settings
        match rule:
            case ResourceRule():
                for subject in self._subjects(rule, rule.kinds):
                    if not subject.is_neighbour:
                        yield from _contained(subject, partial(rule.check, subject, settings))
            case StackRule():
                for subject in self._subjects(rule, rule.subjects):
                    yield from _contained(
                        subject, partial(rule.check, subject, self._model, settings)
                    )

    def _subjects(self, rule: AnyRule, kinds: Sequence[str]) -> Iterator[Resource]:
        return (each for each in self._model.stack.of(*kinds) if _is_asked_of(rule, each))


def _is_asked_of(rule: AnyRule, resource: Resource) -> bool:
    return rule.reads_native or not resource.is_native


def _is_open(rule: AnyRule, answer: Answer) -> bool:
    """Whether AWS is still to answer: what it asks when it makes a resource concerns new ones, and
    so do doubts, since whatever exists it has answered."""
    match answer:
        case Unverified(subject):
            return subject.is_new
        case Violation(subject, asked=asked, parties=parties):
            when = asked or (Asked.ALWAYS if isinstance(rule, DoubtRule) else rule.asked)
            return when is Asked.ALWAYS or any(each.is_new for each in (subject, *parties))
    return True


def _contained(subject: Resource, ask: Callable[[], Iterable[Outcome]]) -> Iterator[Answer]:
    """The rule's outcomes; where it raises, what it said before and the failure."""
    if subject.is_opaque:
        yield Unverified(subject, "nothing is known of it before the deployment")
        return
    try:
        yield from ask()
    except Exception as error:  # noqa: BLE001 - one rule's bug must not silence the others
        _log(error)
        yield Failure(subject, error)


def _log(error: Exception) -> None:
    """The traceback for whoever fixes the rule. The error's own text may hold a secret value."""
    traceback.print_tb(error.__traceback__, file=sys.stderr)
    print(type(error).__name__, file=sys.stderr)


def of_answers(
    rule: Rule,
    answers: Iterable[Answer],
    configuration: Configuration,
    level: Level | None = None,
) -> Report:
    """What people read of a rule's answers, told at this level or at the rule's own."""
    findings: list[Finding] = []
    violations: list[Violation] = []
    exempted: list[Exempted] = []
    for answer in answers:
        if isinstance(answer, Unverified):
            continue
        exemption = configuration.exemption_of(answer.subject)
        if exemption is not None:
            exempted.append(_exempted(rule, answer.subject, exemption))
        elif isinstance(answer, Violation):
            violations.append(answer)
        else:
            text = message.of_failure(rule, answer.subject.label, answer.error)
            findings.append(Finding(answer.subject.urn, text, is_ours=True))
    for alike in _told_together(rule, level or rule.level, violations):
        text = message.of_violations(rule, alike)
        findings.append(Finding(alike[0].subject.urn, text, also=_others(alike)))
    return Report(tuple(sorted(findings, key=_order)), tuple(sorted(exempted, key=str)))


def _others(alike: Sequence[Violation] | Sequence[Doubt]) -> tuple[str, ...]:
    """The URNs of what several are about, but for the first."""
    return tuple(dict.fromkeys(each.subject.urn for each in alike))[1:]


def _told_together(
    rule: Rule, level: Level, violations: Sequence[Violation]
) -> Iterable[Sequence[Violation]]:
    """The violations, those that are told in one finding together. What blocks is told of each
    resource; advice that differs in names alone is given once: a program that makes both regions
    by one function has its faults twice. Of a rule that is told once, all are."""
    if level is Level.MANDATORY:
        return [[each] for each in violations]
    groups: dict[object, list[Violation]] = {}
    for each in sorted(violations, key=lambda violation: violation.subject.urn):
        alike = None if rule.is_told_once else message.without_names(each)
        groups.setdefault(alike, []).append(each)
    return groups.values()


def of_doubts(rule: Rule, doubts: Sequence[Doubt], configuration: Configuration) -> Report:
    """What people read of what could not be decided."""
    by_subject: dict[str, list[Doubt]] = {}
    for doubt in doubts:
        by_subject.setdefault(doubt.subject.urn, []).append(doubt)
    exempted: list[Exempted] = []
    told: list[list[Doubt]] = []
    for _, reasons in sorted(by_subject.items()):
        subject = reasons[0].subject
        exemption = configuration.exemption_of(subject)
        if exemption is not None:
            exempted.append(_exempted(rule, subject, exemption))
        else:
            told.append(reasons)
    findings = [
        Finding(alike[0].subject.urn, message.of_unverified(rule, alike), also=_others(alike))
        for alike in _for_the_same_reasons(told)
    ]
    return Report(tuple(sorted(findings, key=_order)), tuple(exempted))


def _for_the_same_reasons(told: Iterable[list[Doubt]]) -> Iterable[list[Doubt]]:
    """The doubts of several resources, those of a resource together with those of the first that
    has all its reasons, and maybe others: what makes the one known makes the other known."""
    groups: list[tuple[frozenset[tuple[str, str]], list[Doubt]]] = []
    for doubts in sorted(told, key=lambda each: -len(_reasons(each))):
        reasons = _reasons(doubts)
        group = next((together for known, together in groups if reasons <= known), None)
        if group is None:
            groups.append((reasons, list(doubts)))
        else:
            group.extend(doubts)
    return (together for _, together in groups)


def _reasons(doubts: Iterable[Doubt]) -> frozenset[tuple[str, str]]:
    return frozenset((each.why, each.cure) for each in doubts)


def _exempted(rule: Rule, subject: Resource, exemption: Exemption) -> Exempted:
    return Exempted(rule.name, subject.urn, subject.label, exemption)


def _order(finding: Finding) -> tuple[str, str]:
    return (finding.urn or "", finding.text)
