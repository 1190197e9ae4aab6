"""What a run of the engine shows while it runs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from aws_dr_preflight import runs

ENGINE = """\
import sys
print(f"warning: could not decrypt secrets in {sys.argv[2]}; analyzing", file=sys.stderr)
print("{}")
sys.exit(3)
"""


def test_an_export_is_called_as_it_was_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "engine.py").write_text(ENGINE, encoding="utf-8")
    export = tmp_path / "joined.json"
    words = [sys.executable, str(tmp_path / "engine.py")]
    outcome = runs.analyze(words, export, tmp_path, called="shop.json, network.json")
    assert outcome.code == 3
    assert outcome.events.read_text(encoding="utf-8") == "{}\n"
    assert capsys.readouterr().err == (
        "warning: could not decrypt secrets in shop.json, network.json; analyzing\n"
    )
