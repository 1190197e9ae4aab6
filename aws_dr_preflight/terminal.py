"""The summary on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from textwrap import indent
from typing import Final

from rich.console import Console
from rich.markdown import Markdown
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from policies import RULES
from policies.rule import Level
from reports import table, words
from reports.contents import Defect, Report, StackReport
from reports.log import Log, Urn

_COLOURS: Final = {Level.MANDATORY: "red", Level.ADVISORY: "yellow"}
_VERDICTS: Final = {
    words.Weight.FAILED: ("!", "bold red"),
    words.Weight.MANDATORY: ("x", "bold red"),
    words.Weight.OPEN: ("\N{CHECK MARK}", "bold green"),
    words.Weight.CLEAN: ("\N{CHECK MARK}", "bold green"),
}
_MOST: Final = 3
"""How many resources of a defect are named."""
_ENDLESS: Final = 10_000
_ROOM: Final = 80
"""How wide a terminal is that has room for a table with sentences in it."""


def in_full(logs: Collection[Log], console: Console) -> None:
    """Print every finding in full, and why a run failed, as the CLI does in a preview."""
    for each in (finding for log in logs for finding in log.findings):
        parsed = Urn.parse(each.urn)
        head = Text(f"[{each.level.value}] ", style=_COLOURS[each.level])
        head.append(each.policy, style="bold")
        console.print(head.append(f"  ({parsed.own_type}: {parsed.name})"), soft_wrap=True)
        console.print(Text(indent(each.message, " " * 4)), soft_wrap=True)
    for error in dict.fromkeys(error for log in logs for error in log.errors):
        console.print(Text(f"error: {error}", style="red"), soft_wrap=True)


def show(report: Report, console: Console) -> None:
    """Print the summary: every defect in a line, and the counts last."""
    console.print()
    for level in (Level.MANDATORY, Level.ADVISORY):
        _block(console, report, level.value, _COLOURS[level], lambda stack: stack.of(level))  # noqa: B023
    _block(console, report, "undecided", "cyan", lambda stack: stack.doubts)
    _exempted(console, report)
    _by_policy(console, report)
    for error in report.errors:
        # The whole of it, a traceback may be, has been shown above.
        first = error.partition("\n")[0].rstrip(":")
        console.print(Text(f"The run failed: {first}", style="red"), soft_wrap=True)
    console.print(_verdict(report), soft_wrap=True)


def _block(
    console: Console,
    report: Report,
    title: str,
    colour: str,
    defects_of: Callable[[StackReport], Sequence[Defect]],
) -> None:
    told = [(stack, defect) for stack in report.stacks for defect in defects_of(stack)]
    if not told:
        return
    console.print(Text(title, style=f"bold {colour}"))
    for stack, each in told:
        head = Text("  ")
        if each.place:
            head.append(f"{each.place.path}:{each.place.line}  ", style="dim")
        head.append(str(each.policy), style=colour)
        names = ", ".join(one.name for one in each.resources[:_MOST])
        more = len(each.resources) - _MOST
        head.append(f"  {names}{f' and {more} more' if more > 0 else ''}")
        if len(report.stacks) > 1:
            head.append(f"  ({stack.name})", style="dim")
        console.print(head, soft_wrap=True)
        problem = each.problem.removesuffix(".")  # A line of a list, like the others.
        if console.is_terminal:
            console.print(Padding(Text(problem), (0, 0, 0, 4)))
        else:
            # A log has no width: it wraps by itself, and a line is searched as a whole.
            console.print(Text(f"    {problem}"), soft_wrap=True)
    console.print()


def _exempted(console: Console, report: Report) -> None:
    if report.exempted:
        console.print(Text("exempt", style="bold"))
        for each in report.exempted:
            said = f"  {each.policy}  {each.found.resource}: {each.found.said}"
            console.print(Text(said), soft_wrap=True)
        for each in report.endings:
            console.print(Text(f"  {words.notice(each)}", style="yellow"), soft_wrap=True)
        console.print()


def _by_policy(console: Console, report: Report) -> None:
    """How much each policy found, where there are several: a column for each kind that there is."""
    rows = table.rows(report)
    if len(rows) < 2:
        return
    titles = [title for title, _ in rows[0].total.numbers]
    counts = [[number for _, number in row.total.numbers] for row in rows]
    shown = [at for at in range(len(titles)) if any(each[at] for each in counts)]
    drawn = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    drawn.add_column("by policy", no_wrap=True)
    for at in shown:
        drawn.add_column(titles[at], justify="right", no_wrap=True)
    for row, numbers in zip(rows, counts, strict=True):
        drawn.add_row(str(row.policy), *(str(numbers[at] or "-") for at in shown))
    _print_whole(drawn, console)
    console.print()


def _print_whole(drawn: Table, console: Console) -> None:
    """Print a table without cutting a name short: a narrow terminal wraps its lines, and a log,
    which has no width, keeps them."""
    drawn.width = console.measure(drawn, options=console.options.update(width=_ENDLESS)).maximum
    console.print(drawn, crop=False, soft_wrap=True)


def _verdict(report: Report) -> Text:
    verdict = words.verdict(report)
    mark, style = _VERDICTS[verdict.weight]
    asked = words.looked_at(report)
    text = f"{asked}: {words.findings(report)}." if asked else f"{words.findings(report)}."
    why = f" {verdict.text}" if verdict.weight is words.Weight.FAILED else ""
    return Text(f"{mark} {text}{why}", style=style)


def policies(console: Console) -> None:
    """Print every policy with its level and its sentence: as a table on a terminal that has room
    for it, else in a line each, which `grep` can search."""
    if not console.is_terminal or console.width < _ROOM:
        names = max(len(rule.name) for rule in RULES)
        levels = max(len(level.value) for level in _COLOURS)
        for rule in RULES:
            line = f"{rule.name:<{names}}  {rule.level.value:<{levels}}  {rule.description}"
            console.print(Text(line), soft_wrap=True)
        return
    drawn = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("policy", "level", "what it says"):
        drawn.add_column(title, no_wrap=title != "what it says")
    for rule in RULES:
        style = _COLOURS[rule.level]
        drawn.add_row(rule.name, Text(rule.level.value, style=style), rule.description)
    console.print(drawn)


def markdown(text: str, console: Console) -> None:
    """Print Markdown."""
    console.print(Markdown(text))
