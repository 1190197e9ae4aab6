"""Lines of an export: only those of the program in this folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aws_dr_preflight.exported import declared_in
from reports.places import Place

OWN = "urn:pulumi:prod::shop::aws:route53/zone:Zone::entry"
OTHER = "urn:pulumi:prod::network::aws:ec2/vpc:Vpc::main"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    resources = [
        {"urn": OWN, "sourcePosition": "project:///__main__.py#7"},
        {"urn": OTHER, "sourcePosition": "project:///__main__.py#9"},
    ]
    file = tmp_path / "export.json"
    file.write_text(json.dumps({"version": 3, "deployment": {"resources": resources}}), "utf-8")
    return file


def test_lines_of_another_project_are_not_those_of_this_program(
    tmp_path: Path, export: Path
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n", encoding="utf-8")
    found = declared_in(tmp_path, export)
    assert found.declared == {OWN: Place("__main__.py", 7)}
    assert found.of(OTHER) == Place("Pulumi.yaml", 1)


def test_a_folder_without_a_program_has_no_lines(tmp_path: Path, export: Path) -> None:
    assert declared_in(tmp_path, export).declared == {}
