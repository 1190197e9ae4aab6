"""The cases of the comparison, and what each tool said of them when it was run last.

A case is a defect (`avoid`) and the sound thing (`prefer`). Those in `cases` are the programs of
the mandatory policies' pages, in CloudFormation; those in `sample` are rules of the other tools, in
CloudFormation and as Pulumi programs. Terraform's language is written from the Pulumi programs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from policies import RULES
from policies.rule import Level

OWN: Final = "cases"
SAMPLE: Final = "sample"
PROGRAMS: Final = ("avoid", "prefer")
PACK: Final = "this pack"

Said: TypeAlias = Mapping[str, Mapping[str, Sequence[str]]]
"""By tool and program (`avoid`, `prefer`): the rules that spoke, sorted."""


class Tool(NamedTuple):
    """A tool as it was run: which version, and on which day."""

    version: str
    run_on: str


class Verdict(NamedTuple):
    """What a tool says of one case, told mechanically: by the names of its rules alone."""

    catches: tuple[str, ...]
    """Rules that speak of the defect and not of the sound program."""
    against: tuple[str, ...]
    """Rules that speak of the sound program and not of the defect."""
    elsewhere: tuple[str, ...]
    """Rules that speak of both, so of something else."""


@dataclass(frozen=True)
class Comparison:
    """`cases.json`, which is written by hand, and `results.json`, which the tools write.

    services: the policies with a case, by the service that their programs are about;
    only_terraform: policies whose case CloudFormation cannot say, with the reason; not_said: those
    without a case, with the reason; notes: remarks on single verdicts, by case and tool; sample:
    the sampled rules by tool; said: by case (`cases/backup-plan`).
    """

    services: Mapping[str, Sequence[str]]
    only_terraform: Mapping[str, str]
    not_said: Mapping[str, str]
    notes: Mapping[str, Mapping[str, str]]
    sample: Mapping[str, Sequence[str]]
    tools: Mapping[str, Tool]
    said: Mapping[str, Said]

    @classmethod
    def read(cls, directory: Path) -> Comparison:
        """The comparison in `docs/comparison`."""
        by_hand = json.loads((directory / "cases.json").read_text(encoding="utf-8"))
        results = json.loads((directory / "results.json").read_text(encoding="utf-8"))
        return cls(
            services=by_hand["services"],
            only_terraform=by_hand["only_terraform"],
            not_said=by_hand["not_said"],
            notes=by_hand["notes"],
            sample={tool: each["rules"] for tool, each in by_hand["sample"].items()},
            tools={name: Tool(**each) for name, each in results["tools"].items()},
            said=results["said"],
        )

    @property
    def others(self) -> tuple[str, ...]:
        """The tools beside this pack."""
        return tuple(name for name in self.tools if name != PACK)

    @property
    def own_cases(self) -> tuple[str, ...]:
        """The policies with a case, in the order of the pack."""
        names = (case.partition("/")[2] for case in self.said if case.startswith(f"{OWN}/"))
        return tuple(in_order(names))

    @property
    def by_service(self) -> dict[str, tuple[str, ...]]:
        """The policies with a case, by service."""
        return {
            service: tuple(name for name in names if f"{OWN}/{name}" in self.said)
            for service, names in self.services.items()
        }

    def was_asked(self, tool: str, case: str) -> bool:
        """Whether a tool reads a language in which a case can be said, and was run since."""
        return tool in self.said[case]

    def verdict(self, case: str, tool: str) -> Verdict:
        """What a tool says of `cases/...` or `sample/...`."""
        return verdict(*(self.said[case][tool][program] for program in PROGRAMS))


def in_order(policies: Iterable[str]) -> list[str]:
    """Policies in the order of the pack; what it has no more comes last."""
    order = {rule.name: number for number, rule in enumerate(RULES)}
    return sorted(policies, key=lambda name: (order.get(name, len(order)), name))


def verdict(avoid: Sequence[str], prefer: Sequence[str]) -> Verdict:
    """Which rules tell the defect from the sound program."""
    bad, good = set(avoid), set(prefer)
    return Verdict(tuple(sorted(bad - good)), tuple(sorted(good - bad)), tuple(sorted(bad & good)))


def only_warns(tool: str, rule: str) -> bool:
    """Whether a rule warns where others of its tool stop a deployment. Checkov and cdk-nag have no
    such levels."""
    if tool == PACK:
        return any(each.name == rule and each.level is not Level.MANDATORY for each in RULES)
    return tool == "cfn-lint" and not rule.startswith("E")


def in_cloudformation(comparison: Path) -> list[str]:
    """The cases that have templates (`cases/backup-plan`), sorted."""
    return sorted(
        f"{kind}/{each.name}"
        for kind in (OWN, SAMPLE)
        for each in (comparison / kind).iterdir()
        if each.is_dir()
    )


def in_terraform(comparison: Path) -> list[str]:
    """The cases that have a Pulumi program which Terraform can say as well, sorted."""
    by_hand = json.loads((comparison / "cases.json").read_text(encoding="utf-8"))
    more = [f"{OWN}/{policy}" for policy in by_hand["only_terraform"]]
    return sorted([*in_cloudformation(comparison), *more])
