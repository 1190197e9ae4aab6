"""Run the pack on a stack the way the engine does, on both servicers, and compare."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from pulumi_policy.policy import _PolicyAnalyzerServicer as _SDK

from policies import RULES
from policies.model.vocabulary import term_of
from policies.rule import AnyRule, Asked, DoubtRule, ResourceRule, StackRule
from policies.serving import adapter
from policies.serving.messages import ALSO, THE_SAME_OF
from policies.serving.servicer import PreflightServicer
from policies.testing import Diagnostic, Made, Run, Stack

DOUBT = "unverifiable-reference"
FAILED = "This is a bug in the policy pack"
"""How a message says that a rule raised."""
_ALL = adapter.build()
"""The pack's servicer keeps nothing in its policies, so they serve one run after the other."""


def run(
    stack: Stack,
    *,
    deployed: bool = False,
    shows_inputs: bool = True,
    config: Mapping[str, Any] | None = None,
    servicer: Any = None,
    existing: Collection[Made] = (),
) -> list[Diagnostic]:
    """All findings; the SDK's own servicer and the pack's must agree on them. Where inputs are not
    seen, the pack's alone is asked: the two differ in what they do with inputs."""
    if not shows_inputs:
        servicer = servicer or PreflightServicer
    answers = [
        Run(
            stack,
            is_first=not deployed,
            shows_inputs=shows_inputs,
            config=config or {},
            servicer=each,
            existing=existing,
        ).findings(adapter.build(_concerned(stack, config or {})) if each is _SDK else _ALL)
        for each in ((servicer,) if servicer else (_SDK, PreflightServicer))
    ]
    for answer in answers[1:]:
        assert answer == answers[0], "the two servicers disagree"
    bugs = [each for each in answers[0] if FAILED in each.message]
    assert not bugs, "a rule failed"
    return answers[0]


def _concerned(stack: Stack, config: Mapping[str, Any]) -> list[AnyRule]:
    """The rules that look at what is in the stack. The SDK's servicer decodes it anew for each, and
    to most tests' stacks most rules have nothing to say."""
    kinds = {term_of(each.type).kind for each in stack.resources}
    return [
        rule
        for rule in RULES
        if isinstance(rule, DoubtRule)
        or rule.name in config
        or (isinstance(rule, ResourceRule) and rule.texts)
        or not kinds.isdisjoint(rule.kinds if isinstance(rule, ResourceRule) else rule.subjects)
    ]


def findings(stack: Stack, **options: Any) -> set[tuple[str, str]]:
    """Policy and resource of every finding but the doubts."""
    return _findings(run(stack, **options))


def doubts(stack: Stack, policy: str, **options: Any) -> set[str]:
    """The resources about which the policy could not decide."""
    return in_doubt(run(stack, **options), policy)


def _findings(answers: Iterable[Diagnostic]) -> set[tuple[str, str]]:
    return {(each.policy, each.resource) for each in answers if each.policy != DOUBT}


def in_doubt(answers: Iterable[Diagnostic], policy: str) -> set[str]:
    """The names of the resources of which the policy cannot tell."""
    return {
        name
        for each in answers
        if each.policy == DOUBT
        for doubted, names in _asked(each)
        if doubted == policy
        for name in names
    }


def _asked(doubt: Diagnostic) -> Iterator[tuple[str, list[str]]]:
    """The policies that a doubt names, with the names of the resources that each is about:
    "one, another, also of LABEL; third of LABEL, LABEL: the reason"."""
    lines = doubt.message.splitlines()
    same = "".join(each for each in lines if each.startswith(THE_SAME_OF))
    for line in lines:
        for head in line.partition(": ")[0].split("; "):
            policies, _, besides = head.partition(" of ")
            names = _named(besides)
            own = policies.removesuffix(ALSO)
            if not besides or own != policies:
                names += [doubt.resource, *_named(same)]
            for policy in own.split(", "):
                yield policy, names


def _named(labels: str) -> list[str]:
    """The names in a list of labels."""
    found = re.split(", | and ", labels.rstrip("."))
    return [each.rpartition(" ")[2] for each in found if each]


def verdict(stack: Stack, policy: str, **options: Any) -> str:
    """What the policy says of the stack: "rejects NAME, NAME", "cannot tell NAME" or "passes"."""
    answers = run(stack, **options)
    rejected = sorted(name for found, name in _findings(answers) if found == policy)
    if rejected:
        return f"rejects {', '.join(rejected)}"
    doubted = sorted(in_doubt(answers, policy))
    return f"cannot tell {', '.join(doubted)}" if doubted else "passes"


def first_verdicts(stack: Stack, policy: str) -> set[str]:
    """What the policy says in a first preview, with the inputs seen and not seen."""
    return {verdict(stack, policy, shows_inputs=seen) for seen in (True, False)}


def verdicts(stack: Stack, policy: str) -> set[str]:
    """What the policy says in a first preview and after a deployment, with the inputs of the
    resources seen and not seen. One verdict means that they agree.

    What AWS asks at creation only, and what cannot be told, is not said again of what exists."""
    first = first_verdicts(stack, policy)
    later = {verdict(stack, policy, deployed=True, shows_inputs=seen) for seen in (True, False)}
    if _is_asked_at_creation(policy):
        assert later == {"passes"}, "a question of creation is asked of what exists"
        return first
    doubted = any(each.startswith("cannot tell") for each in first)
    return first | (later - {"passes"} if doubted else later)


def _is_asked_at_creation(policy: str) -> bool:
    rule = next(each for each in RULES if each.name == policy)
    return isinstance(rule, StackRule) and rule.asked is Asked.AT_CREATION


def verdicts_on_inputs(stack: Stack, policy: str) -> set[str]:
    """What a policy on inputs says in a first preview and after a deployment. It is not asked where
    inputs are not seen."""
    return {verdict(stack, policy, deployed=deployed) for deployed in (False, True)}
