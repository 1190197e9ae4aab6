"""What a preview without AWS refuses before anything is installed, and the settings it is given."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from offline import previews
from offline.go_programs import go_environment
from offline.launcher import GO_PROGRAM
from offline.previews import CONFIG_VARIABLE, UsageError, prepared, refuse_what_cannot_run
from offline.project import ProjectError, active_python, load_program
from offline.stacks import Chosen


def write(folder: Path, text: str, *files: str) -> Path:
    (folder / "Pulumi.yaml").write_text(f"name: shop\n{text}\n", encoding="utf-8")
    for each in files:
        (folder / each).parent.mkdir(parents=True, exist_ok=True)
        (folder / each).write_text("{}", encoding="utf-8")
    return folder


NODE = "node_modules/@pulumi/pulumi/package.json"
VENV = "options: {virtualenv: venv}"


@pytest.mark.parametrize(
    ("text", "files", "said"),
    [
        ("runtime: dotnet", (), "shop is a dotnet program.*Fix: .*policy-pack"),
        ("runtime: java", (), "shop is a java program"),
        ("runtime: {name: yaml, options: {compiler: cue}}", (), "made by a compiler .cue.*Fix: "),
        ("runtime: bun", (), "shop is a bun program"),
        ("runtime: {options: {}}", (), "names no runtime. Fix: "),
        ("runtime: nodejs", (), "no node_modules with @pulumi/pulumi. Fix: run `npm install`"),
        ("runtime: nodejs", (NODE,), "needs `node`, which is not on PATH. Fix: install Node.js"),
        ("runtime: nodejs\nmain: src/index.ts", (NODE,), "There is no src/index.ts, which main"),
        ("runtime: go", (), "has no go.mod"),
        ("runtime: go", ("go.mod",), "needs `go`, which is not on PATH"),
        ("runtime: {name: go, options: {binary: shop}}", ("go.mod",), "There is no shop in"),
        ("runtime: {name: python, options: {toolchain: uv}}", (), "`uv sync`"),
        ("runtime: {name: python, options: {toolchain: poetry}}", (), "poetry install"),
        ("runtime: {name: python, options: {virtualenv: venv}}", (), "no requirements.txt from"),
    ],
)
def test_what_cannot_run_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, files: tuple[str, ...], said: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises((UsageError, ProjectError), match=said):
        refuse_what_cannot_run(load_program(write(tmp_path, text, *files)))


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("runtime: nodejs\nmain: src", (NODE, "node", "src/index.ts")),
        ("runtime: nodejs\nmain: infra/index.js", ("infra/" + NODE, "node")),
        ("runtime: {name: go, options: {binary: bin/shop}}", ("go.mod", "bin/shop")),
        ("runtime: {name: python, options: {toolchain: uv}}", (".venv/bin/python",)),
        ("runtime: {name: python, options: {toolchain: poetry}}", (".venv/bin/python",)),
        ("runtime: {name: python, options: {virtualenv: venv}}", ("requirements.txt",)),
        ("runtime: python", ()),
        ("runtime: yaml", ()),
    ],
)
def test_what_can_run_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, files: tuple[str, ...]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    program = load_program(write(tmp_path, text, *files))
    for each in files:
        (tmp_path / each).chmod(0o755)
    refuse_what_cannot_run(program)


def test_uv_of_a_workspace_has_its_environment_above(tmp_path: Path) -> None:
    inner = tmp_path / "infra"
    inner.mkdir()
    (tmp_path / "uv.lock").touch()
    write(tmp_path, "", ".venv/bin/python")
    program = write(inner, "runtime: {name: python, options: {toolchain: uv}}")
    refuse_what_cannot_run(load_program(program))


def test_a_program_without_an_environment_runs_in_the_active_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = load_program(write(tmp_path, "runtime: python"))
    python = tmp_path / "env" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    active = {"VIRTUAL_ENV": str(tmp_path / "env"), "PATH": ""}
    assert active_python(program, active) == str(python)
    assert active_python(program, {"VIRTUAL_ENV": sys.prefix, "PATH": ""}) is None
    python.write_text("#!/bin/sh\necho '[]'\n", encoding="utf-8")
    assert active_python(program, active) is None, "it has no SDK"
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    with pytest.raises(ProjectError, match=r"names no environment.*Fix: activate"):
        refuse_what_cannot_run(program)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a=1 b=2", {"shop:a": "1", "shop:b": "2"}),
        ("a=two words b=2", {"shop:a": "two words", "shop:b": "2"}),
        ("a=two  words  aws:region=x", {"shop:a": "two  words", "aws:region": "x"}),
        ("a=p'a\"s$s b=2", {"shop:a": "p'a\"s$s", "shop:b": "2"}),
        ("a=one x=2\nb=3\n", {"shop:a": "one x=2", "shop:b": "3"}),
    ],
)
def test_settings_in_the_environment_may_have_spaces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, expected: dict[str, str]
) -> None:
    monkeypatch.setenv(CONFIG_VARIABLE, text)
    ready = prepared(load_program(write(tmp_path, "runtime: python")), given=["c=of its own"])
    assert ready.given == {"shop:c": "of its own", **expected}
    assert CONFIG_VARIABLE not in os.environ


def test_a_declared_setting_that_is_missing_is_told_before_the_engine_runs(
    tmp_path: Path,
) -> None:
    declared = "config: {range: {type: string}, size: {type: integer, default: 3}}"
    ready = prepared(load_program(write(tmp_path, f"runtime: python\n{declared}")))
    with pytest.raises(UsageError, match=r"requires shop:range\. Fix: give --config shop:range="):
        ready.stack(None, tmp_path)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "said",
    [
        "error: Missing required configuration variable 'shop:a'\\n\\tplease set a value",
        "missing required configuration variable 'shop:a'; run `pulumi config` to set",
    ],
)
def test_what_a_program_says_of_a_missing_setting_is_answered(tmp_path: Path, said: str) -> None:
    ready = prepared(load_program(write(tmp_path, "runtime: go")))
    event = json.dumps({"diagnosticEvent": {"severity": "error", "message": said}})
    (told,) = ready.afterwards(event)
    assert "Fix: give --config shop:a=VALUE, or write it into Pulumi.offline.yaml." in told
    assert ready.afterwards("{}") == []


def test_several_missing_settings_are_one_message() -> None:
    said = previews.how_to_give(["shop:a", "shop:b"], Chosen("prod"))
    assert said.endswith(
        "give --config shop:a=VALUE --config shop:b=VALUE, or write them into Pulumi.prod.yaml."
    )


def test_environments_that_cannot_be_had_are_named(tmp_path: Path) -> None:
    program = load_program(write(tmp_path, "runtime: python"))
    (tmp_path / "Pulumi.prod.yaml").write_text("environment: [shared]\n", encoding="utf-8")
    (told,) = prepared(program, stack="prod").remarks()
    assert "environments shared (Pulumi ESC)" in told


def test_a_go_program_is_built_once_and_errors_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DR_PREFLIGHT_CACHE", str(tmp_path / "cache"))
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "go").write_text('#!/bin/sh\necho "$@" > asked\n', encoding="utf-8")
    (tools / "go").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:/bin:/usr/bin")
    program = load_program(write(tmp_path, "runtime: go", "go.mod"))
    lines: list[str] = []
    target = go_environment(program, lines.append)[GO_PROGRAM]
    assert (tmp_path / "asked").read_text("utf-8") == f"build -o {target} .\n"
    assert lines[0] == "Building shop in Go (the first time takes minutes) ..."
    (tools / "go").write_text("#!/bin/sh\necho undefined: aws; exit 1\n", encoding="utf-8")
    with pytest.raises(ProjectError, match=r"(?s)does not compile.*undefined: aws.*Fix: "):
        go_environment(program, lines.append)
    text = "runtime: {name: go, options: {binary: shop}}"
    assert go_environment(load_program(write(tmp_path, text)), lines.append) == {}
