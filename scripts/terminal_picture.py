"""Draw docs/rejection.svg: what the command prints of the incident, as a terminal shows it.

python -m scripts.terminal_picture

Shown are the first findings of two policies without the links to their pages, and the whole
summary. The words are those of a run; bold names and dim chains are the picture's own.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from offline.engine import Engine, EngineError
from policies import RULES
from scripts.pictures import draw

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "rejection.svg"
POLICIES = ("alb-public-subnets", "aurora-global-backtrack")
_COMMAND = "aws-dr-preflight preview --offline"
_WIDTH = 108
_FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
_THEME = TerminalTheme(
    (13, 17, 23),
    (213, 220, 227),
    [
        (72, 79, 88),
        (255, 123, 114),
        (63, 185, 80),
        (226, 170, 60),
        (88, 166, 255),
        (188, 140, 255),
        (57, 197, 207),
        (213, 220, 227),
    ],
)
"""Colours that are read well on the ground of the picture, which it brings along."""

_NAMES = re.compile(rf"(?<![\w-])(?:{'|'.join(rule.name for rule in RULES)})(?![\w-])")
_CHAIN = re.compile(r"^ +\S.* -> ")
_LINK = re.compile(r" +More: ")
_MARK = "\ue000"
"""Stands for the cross before the pack's name, which is drawn: an emoji is another in each font."""
_MARK_DRAWN = re.compile(rf'<text [^>]*x="([\d.]+)" y="([\d.]+)"[^>]*>{_MARK}</text>')


def main() -> int:
    """Draw the picture anew."""
    return draw(PICTURE, picture)


def picture(engine: Engine, workdir: Path) -> str:
    """The SVG, from a preview in `workdir`."""
    console = Console(record=True, width=_WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text(f"$ {_COMMAND}", style="bold"))
    console.print()
    for line in _shown(_output(engine, workdir)):
        for part in _wrapped(_styled(Text.from_ansi(line)), console):
            console.print(part)
    console.print()  # rich cuts off what is below the last line.
    drawing = console.export_svg(
        title="", theme=_THEME, code_format=_svg_format(), unique_id="rejection"
    )
    return _MARK_DRAWN.sub(_cross, drawing)


def _output(engine: Engine, workdir: Path) -> str:
    """What the command prints on a terminal, from the policies' findings on."""
    program = workdir / "incident"
    shutil.copytree(ROOT / "tests" / "stacks" / "incident", program)
    command = [sys.executable, "-m", "aws_dr_preflight", *_COMMAND.split()[1:]]
    extra = {"PYTHONPATH": str(ROOT), "COLUMNS": str(_WIDTH), "TERM": "xterm-256color"}
    output = _on_a_terminal(command, program, engine.environment(extra))
    if "Policies:" not in output:
        raise EngineError(f"The preview printed no findings:\n{output}")
    return output[output.index("Policies:") :]


def _on_a_terminal(command: list[str], cwd: Path, env: Mapping[str, str]) -> str:
    """What a command prints where its output is a terminal's."""
    ours, its = os.openpty()
    with subprocess.Popen(
        command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=its, stderr=subprocess.PIPE
    ) as process:
        os.close(its)
        printed = b""
        # Linux tells the end of a terminal as an error.
        with contextlib.suppress(OSError):
            while part := os.read(ours, 65536):
                printed += part
        os.close(ours)
        _, said = process.communicate()
    return printed.decode().replace("\r\n", "\n") or said.decode()


def _shown(output: str) -> Iterator[str]:
    """The heading, the first finding of each policy that is drawn, and the summary."""
    full, _, summary = output.partition("Diagnostics:")
    heading, *findings = re.split(r"^(?=        - )", full, flags=re.MULTILINE)
    heading = re.sub(r" \(local: .*?\)", "", heading.replace("❌", _MARK))
    yield from heading.rstrip().splitlines()
    for policy in POLICIES:
        finding = next(each for each in findings if f" {policy}\x1b" in each).rstrip()
        yield from (line for line in finding.splitlines() if not _LINK.match(line))
    yield "        ..."
    yield ""
    first = re.search(r"^\S*mandatory\S*$", summary, re.MULTILINE)
    if first is None:
        raise EngineError(f"The preview printed no summary:\n{output}")
    yield from summary[first.start() :].rstrip().splitlines()


def _styled(line: Text) -> Text:
    if _CHAIN.match(line.plain):
        line.stylize("dim")
    line.highlight_regex(_NAMES, "bold")
    line.highlight_regex(_MARK, "red")
    return line


def _wrapped(line: Text, console: Console) -> Iterator[Text]:
    """The line in as many as it takes, with its indentation."""
    line.rstrip()
    indent = len(line.plain) - len(line.plain.lstrip())
    for part in line[indent:].wrap(console, _WIDTH - indent) or [Text()]:
        yield Text(" " * indent) + part


def _cross(found: re.Match[str]) -> str:
    left, line = float(found[1]), float(found[2])
    stroke = 'stroke="#f85149" stroke-width="3.4" stroke-linecap="round"'
    return f'<path d="M{left} {line - 13}l11 11m0 -11l-11 11" {stroke}/>'


def _svg_format() -> str:
    """rich's own format without the fonts that it would fetch from elsewhere."""
    without = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    return without.replace("Fira Code, monospace", _FONT)


if __name__ == "__main__":
    sys.exit(main())
