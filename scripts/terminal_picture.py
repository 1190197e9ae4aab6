"""Draw docs/rejection.svg: what the real engine prints of the incident, as a terminal shows it.

python -m scripts.terminal_picture

Shown are the first findings of three policies; the others are left out.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from offline.engine import Engine, EngineError, pack_arguments
from scripts.pictures import draw

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "rejection.svg"
POLICIES = ("alb-public-subnets", "aurora-global-backtrack", "hosted-zone-reserved-name")
_COMMAND = "$ pulumi preview --policy-pack aws-dr-preflight"
_WIDTH = 126
_FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"


def main() -> int:
    """Draw the picture anew."""
    return draw(PICTURE, picture)


def picture(engine: Engine, workdir: Path) -> str:
    """The SVG, from a preview in `workdir`."""
    console = Console(record=True, width=_WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text(_COMMAND, style="bold"))
    for line in _shown(_output(engine, workdir)):
        for part in _wrapped(Text.from_ansi(line), console):
            console.print(part)
    return console.export_svg(
        title="pulumi preview", theme=MONOKAI, code_format=_svg_format(), unique_id="rejection"
    )


def _output(engine: Engine, workdir: Path) -> str:
    """What the CLI prints in colour, from the policies' findings on."""
    stack = engine.stack(ROOT / "tests" / "stacks" / "incident", pack=ROOT, workdir=workdir)
    command, environment = stack.command("preview")
    command += [*pack_arguments(ROOT, None, workdir), "--non-interactive", "--color", "always"]
    _, output = engine.run(command, stack.project.directory, environment, stack.timeout)
    if "Policies:" not in output:
        raise EngineError(f"The preview printed no findings:\n{output}")
    return output[output.index("Policies:") :].replace(str(ROOT), "aws-dr-preflight")


def _shown(output: str) -> Iterator[str]:
    """The heading, and the first finding of each policy that is drawn."""
    heading, *findings = re.split(r"^(?=        - )", output, flags=re.MULTILINE)
    yield from heading.rstrip().splitlines()
    findings[-1] = findings[-1].partition("\n\n")[0]
    for policy in POLICIES:
        yield from next(each for each in findings if f" {policy}\x1b" in each).rstrip().splitlines()


def _wrapped(line: Text, console: Console) -> Iterator[Text]:
    """The line in as many as it takes, with its indentation."""
    indent = len(line.plain) - len(line.plain.lstrip())
    for part in line[indent:].wrap(console, _WIDTH - indent):
        yield Text(" " * indent) + part


def _svg_format() -> str:
    """rich's own format without the fonts that it would fetch from elsewhere."""
    without = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    return without.replace("Fira Code, monospace", _FONT)


if __name__ == "__main__":
    sys.exit(main())
