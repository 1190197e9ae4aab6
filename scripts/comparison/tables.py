"""The tables of docs/comparison/README.md and of the README, out of what the tools said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from scripts.comparison.cases import OWN, PACK, SAMPLE, Comparison, in_order, only_warns


def summary(found: Comparison) -> str:
    """The counts: what each tool catches of which cases, and what it says of sound programs."""
    own, rest = _own_cases(found)
    sampled = {tool: [f"{SAMPLE}/{rule}" for rule in rules] for tool, rules in found.sample.items()}
    every = [*own, *(case for cases in sampled.values() for case in cases)]
    groups = {
        f"catches, of this pack's defects ({len(own)})": (own, PACK),
        f"of those only in Terraform ({len(rest)})": (rest, PACK),
        **{f"of {tool}'s ({len(cases)})": (cases, tool) for tool, cases in sampled.items()},
    }

    def caught(tool: str, cases: Sequence[str], owner: str) -> str:
        if tool == owner:
            return "its own"
        return counted(tool, cases, lambda case: found.verdict(case, tool).catches)

    def counted(tool: str, cases: Sequence[str], rules: Callable[[str], Sequence[str]]) -> str:
        asked = [case for case in cases if found.was_asked(tool, case)]
        if not asked:
            return "not asked"
        speaks, warns = _counts(tool, map(rules, asked))
        count = _with_warnings(str(speaks), warns)
        return count if len(asked) == len(cases) else f"{count}, asked about {len(asked)}"

    def row(tool: str) -> str:
        return _row(
            # This table is of the commit that it is in.
            tool if tool == PACK else f"{tool} {found.tools[tool].version}",
            *(caught(tool, cases, owner) for cases, owner in groups.values()),
            counted(tool, every, lambda case: found.said[case][tool]["prefer"]),
            counted(tool, every, lambda case: found.verdict(case, tool).against),
        )

    head = ("", *groups, f"flags sound programs ({len(every)})", "demands the opposite")
    return _table(head, [row(tool) for tool in (PACK, *found.others)])


def by_service(found: Comparison) -> str:
    """How many of this pack's defects each of the others catches, service by service."""

    def caught(tool: str, names: Sequence[str]) -> str:
        cases = [f"{OWN}/{name}" for name in names]
        asked = [case for case in cases if found.was_asked(tool, case)]
        if not asked:
            return "-"
        speaks, warns = _counts(tool, (found.verdict(case, tool).catches for case in asked))
        return _with_warnings(f"{speaks} of {len(asked)}", warns)

    rows = [
        _row(service, *(caught(tool, names) for tool in found.others))
        for service, names in found.by_service.items()
    ]
    return _table(("service", *found.others), rows)


def case_by_case(found: Comparison) -> str:
    """Every case of the pack's own, and what is not counted; every case of the sample."""
    return "\n".join(
        [
            "### The defects on this pack's pages\n",
            _own(found),
            "### The sample of the others' rules\n",
            _sample(found),
            "### What CloudFormation cannot say\n",
            _reasons(found.only_terraform),
            "### What neither language can say, so not counted\n",
            _reasons(found.not_said),
        ]
    )


def _own(found: Comparison) -> str:
    rows = [
        _row(
            "" if number else service,
            _policy(name),
            *(_cell(found, f"{OWN}/{name}", tool) for tool in found.others),
        )
        for service, names in found.by_service.items()
        for number, name in enumerate(names)
    ]
    return _table(("service", "defect", *found.others), rows) + "".join(_notes(found))


def _sample(found: Comparison) -> str:
    tools = (PACK, *found.others)
    rows = [
        _row(f"`{rule}`", owner, *(_cell(found, f"{SAMPLE}/{rule}", tool) for tool in tools))
        for owner, rules in found.sample.items()
        for rule in rules
    ]
    return _table(("rule", "of", *tools), rows)


def _reasons(reasons: Mapping[str, str]) -> str:
    return _table(
        ("policy", "why"), [_row(_policy(name), reasons[name]) for name in in_order(reasons)]
    )


def _own_cases(found: Comparison) -> tuple[list[str], list[str]]:
    """The pack's own cases: those that have templates, and those only in Terraform."""
    own = [name for name in found.own_cases if name not in found.only_terraform]
    rest = [name for name in found.own_cases if name in found.only_terraform]
    return [f"{OWN}/{name}" for name in own], [f"{OWN}/{name}" for name in rest]


def _cell(found: Comparison, case: str, tool: str) -> str:
    if not found.was_asked(tool, case):
        return "-"
    catches, against, elsewhere = found.verdict(case, tool)
    parts = []
    if catches:
        warns = all(only_warns(tool, rule) for rule in catches)
        parts.append(f"{'warns' if warns else '**catches**'}: {_codes(catches)}")
    if against:
        parts.append(f"against: {_codes(against)}")
    if tool in found.notes.get(case.partition("/")[2], {}):
        parts.append("see below")
    return "; ".join(parts) or ("else" if elsewhere else "silent")


def _notes(found: Comparison) -> Iterator[str]:
    for name in chain.from_iterable(found.by_service.values()):
        for tool, text in found.notes.get(name, {}).items():
            yield f"\n- {tool} on `{name}`: {text}"
    if found.notes:
        yield "\n"


def _counts(tool: str, cases: Iterable[Sequence[str]]) -> tuple[int, int]:
    """In how many cases rules spoke, and in how many others they only warned."""
    spoken = [rules for rules in cases if rules]
    warned = [rules for rules in spoken if all(only_warns(tool, rule) for rule in rules)]
    return len(spoken) - len(warned), len(warned)


def _with_warnings(count: str, warned: int) -> str:
    return f"{count}, warns in {warned}" if warned else count


def _policy(name: str) -> str:
    return f"[`{name}`](../policies/{name}.md)"


def _codes(rules: Iterable[str]) -> str:
    return ", ".join(f"`{rule}`" for rule in rules)


def _table(head: Sequence[str], rows: Iterable[str]) -> str:
    return "\n".join([_row(*head), _row(*("---" for _ in head)), *rows, ""])


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
