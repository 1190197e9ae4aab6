"""How much was found, by policy and stack."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from policies.rule import Level

from .contents import Count, Defect, Policy, Report, StackReport
from .words import number


class Cell(NamedTuple):
    """What one policy found in one stack, or in several."""

    mandatory: Count
    advisory: Count
    doubts: Count
    exempted: int
    resources: int

    @property
    def is_empty(self) -> bool:
        return not (self.has_findings or self.exempted)

    @property
    def has_findings(self) -> bool:
        """Whether there is more than what is exempt."""
        return bool(self.mandatory.findings + self.advisory.findings + self.doubts.findings)

    @property
    def numbers(self) -> tuple[tuple[str, int], ...]:
        """How many findings of each kind, and on how many resources, with what they are called."""
        return (
            ("mandatory", self.mandatory.findings),
            ("advisory", self.advisory.findings),
            ("undecided", self.doubts.findings),
            ("exempt", self.exempted),
            ("resources", self.resources),
        )

    @property
    def words(self) -> str:
        """1 mandatory (2 resources), 3 exempt"""
        named = (
            (self.mandatory, "mandatory"),
            (self.advisory, "advisory"),
            (self.doubts, "undecided"),
        )
        said = [
            f"{count.findings} {kind}"
            + (f" ({number(count.resources, 'resource')})" if count.resources else "")
            for count, kind in named
            if count.findings
        ]
        return ", ".join([*said, *([f"{self.exempted} exempt"] if self.exempted else [])])


class Row(NamedTuple):
    """A policy with a cell for each stack, and for all of them."""

    policy: Policy
    cells: tuple[Cell, ...]
    total: Cell


def rows(report: Report) -> tuple[Row, ...]:
    """A row for each policy that found something, or whose findings are exempted: those first whose
    findings are mandatory."""
    policies = dict.fromkeys(
        [
            *(each.policy for each in report.of(Level.MANDATORY)),
            *(each.policy for each in report.of(Level.ADVISORY)),
            *(each.policy for each in report.doubts),
            *(each.policy for each in report.exempted),
        ]
    )
    return tuple(
        Row(
            policy,
            tuple(_cell(policy, [stack]) for stack in report.stacks),
            _cell(policy, report.stacks),
        )
        for policy in policies
    )


def _cell(policy: Policy, stacks: Sequence[StackReport]) -> Cell:
    def own(defects: Iterable[Defect]) -> list[Defect]:
        return [each for each in defects if each.policy == policy]

    found = own(each for stack in stacks for each in stack.defects)
    doubts = own(each for stack in stacks for each in stack.doubts)
    return Cell(
        mandatory=Count.of(each for each in found if each.level is Level.MANDATORY),
        advisory=Count.of(each for each in found if each.level is Level.ADVISORY),
        doubts=Count.of(doubts),
        exempted=sum(each.policy == policy for stack in stacks for each in stack.exempted),
        resources=Count.of([*found, *doubts]).resources,
    )
