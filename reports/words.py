"""The sentences that the terminal and every report have in common."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from policies.rule import Level
from policies.serving import endings

from .contents import Count, Exempt, Report, StackReport


class Weight(Enum):
    """What a verdict amounts to; the values are those of the JSON report."""

    FAILED = "failed"
    """The run failed or stopped, so not every policy was asked; or all of them are disabled."""
    MANDATORY = "mandatory"
    OPEN = "advisory"
    """Advice alone, or what is undecided."""
    CLEAN = "clean"


class Verdict(NamedTuple):
    """What a run amounts to, and the sentence that says so."""

    weight: Weight
    text: str


def verdict(found: Report | StackReport) -> Verdict:
    """What was found, in a sentence. There is praise of a run alone that asked every policy."""
    mandatory = found.of(Level.MANDATORY)
    if found.errors:
        return Verdict(Weight.FAILED, "The run failed, so not every policy was asked.")
    if not found.is_complete:
        return Verdict(Weight.FAILED, "The run stopped before every policy was asked.")
    if mandatory:
        return Verdict(Weight.MANDATORY, f"{counted(Count.of(mandatory), 'mandatory finding')}.")
    if found.policies == 0:
        return Verdict(Weight.FAILED, "No policy was asked, because every one is disabled.")
    if found.defects or found.doubts:
        return Verdict(Weight.OPEN, "No mandatory finding.")
    return Verdict(Weight.CLEAN, "Nothing was found.")


def looked_at(found: Report | StackReport) -> str:
    """How many policies looked at how many resources; empty where that is not known."""
    if found.policies is None or found.resources is None:
        return ""
    return f"{number(found.policies, 'policy')} looked at {number(found.resources, 'resource')}"


def besides(found: Report | StackReport) -> str:
    """What is to be told after the verdict, in sentences: who looked at what, and what it does not
    say of the findings."""
    asked = looked_at(found)
    every = verdict(found).weight is Weight.FAILED
    said = findings(found, *([Level.MANDATORY] if every else []), Level.ADVISORY)
    return f"{asked}: {said}." if asked else f"{said}."


def findings(found: Report | StackReport, *levels: Level) -> str:
    """How much was found of each kind; of these levels, or of all."""
    said = [
        counted(Count.of(found.of(level)), f"{level.value} finding")
        for level in levels or (Level.MANDATORY, Level.ADVISORY)
    ]
    said.append(of_doubts(Count.of(found.doubts)))
    if found.exempted:
        said.append(f"{len(found.exempted)} exempt")
    return ", ".join(said)


def counted(count: Count, noun: str) -> str:
    """2 mandatory findings on 5 resources"""
    return number(count.findings, noun) + _on(count)


def of_doubts(count: Count) -> str:
    """3 undecided on 4 resources"""
    return f"{count.findings} undecided{_on(count)}"


def number(count: int, noun: str) -> str:
    """1 policy, 2 policies"""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{count} {noun if count == 1 else plural}"


def _on(count: Count) -> str:
    return f" on {number(count.resources, 'resource')}" if count.resources else ""


def notice(exempt: Exempt) -> str:
    """That an exemption ends soon, and what to do."""
    found = exempt.found
    exemption = endings.called(found.exemption or found.resource, found.reason)
    return endings.notice(str(exempt.policy), exemption, exempt.ending or "")
