"""The tables of docs/comparison/README.md and of the README, out of what the tools said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from policies import RULES
from scripts.comparison.cases import OWN, PACK, SAMPLE, Comparison, only_warns


def summary(found: Comparison) -> str:
    """The counts: what each tool catches of which cases, and what it says of sound programs."""
    tools = (PACK, *found.others)
    own = [f"{OWN}/{name}" for name in found.own_cases]
    sampled = {tool: [f"{SAMPLE}/{rule}" for rule in rules] for tool, rules in found.sample.items()}
    every = [*own, *(case for cases in sampled.values() for case in cases)]

    def counted(name: str, cases: Sequence[str], rules: Callable[[str, str], Sequence[str]]) -> str:
        numbers = (_counted(tool, (rules(case, tool) for case in cases)) for tool in tools)
        return _row(name, str(len(cases)), *numbers)

    def caught(name: str, cases: Sequence[str], owner: str) -> str:
        numbers = (
            "its own"
            if tool == owner
            else _counted(tool, (found.verdict(case, tool).catches for case in cases))
            for tool in tools
        )
        return _row(name, str(len(cases)), *numbers)

    head = ("", "cases", *(f"{tool} {found.tools[tool].version}" for tool in tools))
    return _table(
        head,
        [
            caught("catches, of the defects on this pack's pages", own, PACK),
            *(
                caught(f"catches, of the sample of {tool}'s rules", cases, tool)
                for tool, cases in sampled.items()
            ),
            counted(
                "speaks of the sound program",
                every,
                lambda case, tool: found.said[case][tool]["prefer"],
            ),
            counted(
                "speaks of the sound program and not of the defect",
                every,
                lambda case, tool: found.verdict(case, tool).against,
            ),
        ],
    )


def case_by_case(found: Comparison) -> str:
    """Every case of the pack's own, and what is not counted; every case of the sample."""
    return "\n".join(
        [
            "### The defects on this pack's pages\n",
            _own(found),
            "### The sample of the others' rules\n",
            _sample(found),
            "### Not said in CloudFormation, so not counted\n",
            _not_said(found),
        ]
    )


def _own(found: Comparison) -> str:
    rows = [
        _row(_policy(name), *(_cell(found, f"{OWN}/{name}", tool) for tool in found.others))
        for name in found.own_cases
    ]
    return _table(("defect", *found.others), rows) + "".join(_notes(found))


def _sample(found: Comparison) -> str:
    tools = (PACK, *found.others)
    rows = [
        _row(f"`{rule}`", owner, *(_cell(found, f"{SAMPLE}/{rule}", tool) for tool in tools))
        for owner, rules in found.sample.items()
        for rule in rules
    ]
    return _table(("rule", "of", *tools), rows)


def _not_said(found: Comparison) -> str:
    order = [rule.name for rule in RULES]
    names = sorted(found.not_said, key=lambda name: order.index(name) if name in order else -1)
    return _table(("policy", "why"), [_row(_policy(name), found.not_said[name]) for name in names])


def _cell(found: Comparison, case: str, tool: str) -> str:
    catches, against, elsewhere = found.verdict(case, tool)
    parts = []
    if catches:
        warns = all(only_warns(tool, rule) for rule in catches)
        parts.append(f"{'warns' if warns else '**catches**'}: {_codes(catches)}")
    if against:
        parts.append(f"against the sound program: {_codes(against)}")
    if tool in found.notes.get(case.partition("/")[2], {}):
        parts.append("see below")
    return "; ".join(parts) or ("something else" if elsewhere else "silent")


def _notes(found: Comparison) -> Iterator[str]:
    order = found.own_cases
    for name in sorted(found.notes, key=lambda name: order.index(name) if name in order else -1):
        for tool, text in found.notes[name].items():
            yield f"\n- {tool} on `{name}`: {text}"
    if found.notes:
        yield "\n"


def _counted(tool: str, cases: Iterable[Sequence[str]]) -> str:
    """In how many cases rules spoke; those that only warn are counted apart."""
    spoken = [rules for rules in cases if rules]
    warned = [rules for rules in spoken if all(only_warns(tool, rule) for rule in rules)]
    plain = str(len(spoken) - len(warned))
    return f"{plain}, warns in {len(warned)}" if warned else plain


def _policy(name: str) -> str:
    return f"[`{name}`](../policies/{name}.md)"


def _codes(rules: Iterable[str]) -> str:
    return ", ".join(f"`{rule}`" for rule in rules)


def _table(head: Sequence[str], rows: Iterable[str]) -> str:
    return "\n".join([_row(*head), _row(*("---" for _ in head)), *rows, ""])


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
