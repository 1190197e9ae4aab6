"""Draw docs/lost-region.svg: the picture that a preview of tests/stacks/lost_region writes.

python -m scripts.rehearsal_picture
"""

from __future__ import annotations

import sys
from pathlib import Path

from offline.engine import Engine, EngineError
from policies.serving.rehearsals import VARIABLE
from scripts.pictures import draw

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "lost-region.svg"
PROGRAM = ROOT / "tests" / "stacks" / "lost_region"


def main() -> int:
    """Draw the picture anew."""
    return draw(PICTURE, picture)


def picture(engine: Engine, workdir: Path) -> str:
    """The SVG, from a preview in `workdir`."""
    written = workdir / PICTURE.name
    env = {VARIABLE: str(written)}
    run = engine.stack(PROGRAM, pack=ROOT, workdir=workdir, env=env).preview()
    if not written.exists():
        raise EngineError(f"The preview wrote no picture:\n{run.output}")
    return written.read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
