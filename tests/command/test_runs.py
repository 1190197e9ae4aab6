"""What a run of the engine shows while it runs."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from aws_dr_preflight import runs
from policies.exports.export import SECRET, SIGNATURE

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


CLI = f"""\
#!{sys.executable}
import sys
from pathlib import Path

words = sys.argv[1:]
if words[0] == "preview":
    Path(words[words.index("--event-log") + 1]).write_text(Path("made.jsonl").read_text())
else:
    Path("words.txt").write_text(" ".join(words[3:]))
    Path("shown.jsonl").write_text(Path(words[2]).read_text())
"""


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A CLI whose preview has the events in made.jsonl, and which keeps what it is to show."""
    executable = tmp_path / "pulumi"
    executable.write_text(CLI, encoding="utf-8")
    executable.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "work").mkdir()
    return executable


def test_outputs_beside_a_secret_are_shown(cli: Path) -> None:
    def event(password: dict[str, str]) -> dict[str, object]:
        new = {"outputs": {"password": {SIGNATURE: SECRET, **password}, "name": "ü [secret]"}}
        return {"resOutputsEvent": {"metadata": {"new": new}}}

    made = json.dumps(event({"ciphertext": "[secret]"}))
    Path("made.jsonl").write_text(f'{made}\n{{"cancelEvent": {{}}}}\n', encoding="utf-8")
    outcome = runs.preview([str(cli), "preview"], cli.parent / "work")
    first, last = Path("shown.jsonl").read_text(encoding="utf-8").splitlines()
    # The CLI reads a secret's plaintext as JSON.
    assert json.loads(first) == event({"plaintext": '"[secret]"'})
    assert json.loads(last) == {"cancelEvent": {}}
    assert made in outcome.events.read_text(encoding="utf-8")


def test_it_is_shown_as_it_was_asked_for(cli: Path) -> None:
    Path("made.jsonl").write_text("{}\n", encoding="utf-8")
    asked = ["--stack", "prod", "--diff", "--suppress-outputs=true", "--refresh"]
    runs.preview([str(cli), "preview", *asked], cli.parent / "work", env=os.environ)
    said = Path("words.txt").read_text(encoding="utf-8").split()
    assert said[-2:] == ["--diff", "--suppress-outputs=true"]
    assert "--refresh" not in said
