"""Where findings are shown: the line that declares the resource, else the program's manifest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reports.documents import InputError
from reports.places import Place, find
from tests.reports.support import ALB, REFUSED

PREVIEW = json.loads((REFUSED / "preview.json").read_text(encoding="utf-8"))
CLUSTER = "urn:pulumi:offline::small::aws:rds/cluster:Cluster::primary"
STACK = "urn:pulumi:offline::small::pulumi:pulumi:Stack::small-offline"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program in a folder of a repository."""
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "infra" / "shop"
    folder.mkdir(parents=True)
    (folder / "Pulumi.yaml").write_text("name: shop\n", encoding="utf-8")
    (folder / "stack.py").write_text("", encoding="utf-8")
    return folder


def export(*positions: str) -> dict[str, Any]:
    """A stack's export with one resource; positions from the innermost call outwards."""
    first, *others = positions
    trace = [{"sourcePosition": each} for each in (first, *others)]
    resource = {"urn": ALB, "sourcePosition": first, "stackTrace": [*trace, {}]}
    return {"version": 3, "deployment": {"resources": [resource]}}


def test_the_manifest_relative_to_the_repository(program: Path) -> None:
    for given in (program, program / "Pulumi.yaml"):
        assert find(given, ()).of(ALB) == Place("infra/shop/Pulumi.yaml", 1)


def test_another_file_of_the_program(program: Path) -> None:
    assert find(program / "stack.py", ()).of(ALB) == Place("infra/shop/stack.py", 1)


def test_the_manifest_in_the_current_directory(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(program)
    assert find(None, ()).of(ALB) == Place("infra/shop/Pulumi.yaml", 1)


def test_outside_a_repository_paths_start_at_the_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "a program"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: shop\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert find(folder, ()).program.uri == "a%20program/Pulumi.yaml"
    monkeypatch.chdir("/")
    (folder / "deep").mkdir()
    monkeypatch.chdir(folder / "deep")
    assert find(folder, ()).program.uri == "Pulumi.yaml"


def test_the_line_that_a_preview_names(program: Path) -> None:
    places = find(program, [PREVIEW])
    assert places.of(CLUSTER) == Place("infra/shop/__main__.py", 3)
    assert places.of(STACK) == places.program


def test_the_line_that_an_export_names_with_a_column(program: Path) -> None:
    places = find(program, [export("project:///src/net%20work.ts#12,7")])
    assert places.of(ALB) == Place("infra/shop/src/net%20work.ts", 12)


def test_lines_are_relative_to_the_manifest_whatever_file_is_named(program: Path) -> None:
    (program / "src").mkdir()
    (program / "src" / "app.py").write_text("", encoding="utf-8")
    places = find(program / "src" / "app.py", [export("project:///src/net.py#12")])
    assert places.program.uri == "infra/shop/src/app.py"
    assert places.of(ALB).uri == "infra/shop/src/net.py"


@pytest.mark.parametrize(
    "inner",
    [
        "project:///../../venv/lib/python3.12/site-packages/pulumi_aws/provider.py#805",
        "project:///venv/lib/python3.12/site-packages/pulumi_aws/provider.py#805",
        "project:///node_modules/@pulumi/aws/provider.js#80,7",
        "project:///../shared/net.py#3",
        "file:///usr/lib/x.py#3",
        "project:///x.py",
        "project:///x.py#0",
        "project:///#3",
        "",
    ],
)
def test_a_position_outside_the_program_gives_way_to_its_caller(program: Path, inner: str) -> None:
    assert find(program, [export(inner, "project:///net.py#4")]).of(ALB).line == 4
    places = find(program, [export(inner)])
    assert places.of(ALB) == places.program


@pytest.mark.parametrize(
    "document",
    [
        {"steps": None},
        {"steps": [None, {"newState": []}, {"newState": {"urn": 3}}, {"newState": {"urn": ALB}}]},
        {"deployment": None},
        {"deployment": {"resources": {}}},
        {"policyEvent": {}},
    ],
)
def test_malformed_documents_name_no_line(program: Path, document: dict[str, Any]) -> None:
    assert find(program, [document]).declared == {}


def test_a_program_that_does_not_exist(program: Path) -> None:
    with pytest.raises(InputError, match=r"there is no .*absent\.yaml\. Fix: give --program"):
        find(program / "absent.yaml", ())


def test_no_program_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"there is no Pulumi\.yaml in .*--program"):
        find(None, ())
