"""The summary on a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rich.console import Console
from rich.markdown import Markdown
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from policies import RULES
from policies.rule import Level
from reports.events import Log, Urn

from .summary import Line, Summary

_COLOURS: Final = {Level.MANDATORY: "red", Level.ADVISORY: "yellow"}


def findings(logs: Iterable[Log], console: Console) -> None:
    """Print every finding in full, as the CLI does in a preview."""
    for each in (finding for log in logs for finding in log.findings):
        parsed = Urn.parse(each.urn)
        head = Text(f"[{each.level.value}] ", style=_COLOURS[each.level])
        head.append(each.policy, style="bold")
        console.print(head.append(f"  ({parsed.own_type}: {parsed.name})"), soft_wrap=True)
        console.print(Padding(Text(each.message), (0, 0, 0, 4)), soft_wrap=True)


def show(summary: Summary, console: Console) -> None:
    """Print the summary: every finding in a line, and the counts last."""
    console.print()
    for level in (Level.MANDATORY, Level.ADVISORY):
        _block(console, summary.of(level), level.value, _COLOURS[level])
    _block(console, summary.doubts, "cannot be told", "cyan")
    _exempted(console, summary)
    for error in summary.errors:
        console.print(Text(f"The run failed: {error}", style="red"))
    console.print(_verdict(summary))


def _block(console: Console, lines: Iterable[Line], title: str, colour: str) -> None:
    lines = tuple(lines)
    if not lines:
        return
    console.print(Text(title, style=f"bold {colour}"))
    for each in lines:
        head = Text("  ")
        if each.place:
            head.append(f"{each.place}  ", style="dim")
        head.append(each.policy, style=colour)
        names = ", ".join(each.resources[:3])
        more = len(each.resources) - 3
        head.append(f"  {names}{f' and {more} more' if more > 0 else ''}")
        if each.stack:
            head.append(f"  ({each.stack})", style="dim")
        console.print(head, soft_wrap=True)
        console.print(Padding(Text(each.problem), (0, 0, 0, 4)))
    console.print()


def _exempted(console: Console, summary: Summary) -> None:
    if summary.exempted:
        console.print(Text("exempt", style="bold"))
        for each in summary.exempted:
            console.print(Text(f"  {each.policy}  {each.resource}: {each.said}"), soft_wrap=True)
        console.print()


def _verdict(summary: Summary) -> Text:
    counts = [
        f"{len(summary.of(level))} {level.value}" for level in (Level.MANDATORY, Level.ADVISORY)
    ]
    found = f"{counts[0]} and {counts[1]} findings, {len(summary.doubts)} that cannot be told"
    if summary.exempted:
        found += f", {len(summary.exempted)} exempt"
    asked = f"{summary.policies} policies looked at {summary.resources} resources"
    text = f"{asked}: {found}."
    if summary.incomplete or summary.errors:
        return Text(f"! {text} Not every policy was asked.", style="bold red")
    if summary.of(Level.MANDATORY):
        return Text(f"x {text}", style="bold red")
    return Text(f"\u2713 {text}", style="bold green")


def policies(console: Console) -> None:
    """Print every policy with its level and its sentence: as a table on a terminal, else in a line
    each, which `grep` can search."""
    if not console.is_terminal:
        names = max(len(rule.name) for rule in RULES)
        levels = max(len(level.value) for level in _COLOURS)
        for rule in RULES:
            line = f"{rule.name:<{names}}  {rule.level.value:<{levels}}  {rule.description}"
            console.print(Text(line), soft_wrap=True)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("policy", "level", "what it says"):
        table.add_column(title, no_wrap=title != "what it says")
    for rule in RULES:
        style = _COLOURS[rule.level]
        table.add_row(rule.name, Text(rule.level.value, style=style), rule.description)
    console.print(table)


def markdown(text: str, console: Console) -> None:
    """Print Markdown."""
    console.print(Markdown(text))
