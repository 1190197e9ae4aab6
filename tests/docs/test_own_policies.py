"""What is shown of the test kit for policies of one's own runs as it stands there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

from policies import testing
from policies.serving import adapter

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guides" / "own-policies.md"


def test_the_example_in_the_kit_itself_runs() -> None:
    (block,) = re.findall(r"^\n((?:    .+\n)+)", testing.__doc__ or "", re.M)
    exec(dedent(block), {"Stack": testing.Stack, "adapter": adapter})


def test_the_example_runs_with_the_kit_alone(tmp_path: Path) -> None:
    (example,) = re.findall(
        r"^```python\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.M | re.S
    )
    (tmp_path / "test_example.py").write_text(example, encoding="utf-8")
    # A copy of the one file, as the guide promises: nothing else of the pack can be imported.
    kit = (ROOT / "policies" / "testing.py").read_text(encoding="utf-8")
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "testing.py").write_text(kit, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{example.count('def test_')} passed" in done.stdout
