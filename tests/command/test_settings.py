"""The configuration file of a repository: where it is found, and what is wrong in it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from aws_dr_preflight import settings
from aws_dr_preflight.errors import Fault
from policies.rule import DOCUMENTATION
from tests.command import ROOT

TODAY = date(2026, 11, 26)


def write(folder: Path, text: str, name: str = "aws-dr-preflight.json") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def mistakes(tmp_path: Path, text: str, name: str = "aws-dr-preflight.json") -> list[str]:
    found = settings.mistakes(write(tmp_path, text, name), TODAY)
    return [f"{each.line}: {each.text}" for each in found]


def test_a_start_of_the_command_does_not_load_what_checks_schemas() -> None:
    code = "import sys, aws_dr_preflight.cli; sys.exit('jsonschema' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("name", settings.NAMES)
def test_it_is_found_in_the_program_s_folder(tmp_path: Path, name: str) -> None:
    file = write(tmp_path, "{}", name)
    assert settings.find(tmp_path) == file


def test_it_is_found_above_up_to_the_root_of_the_repository(tmp_path: Path) -> None:
    write(tmp_path, "{}")
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    program = tmp_path / "repository" / "infra" / "east"
    program.mkdir(parents=True)
    assert settings.find(program) is None
    file = write(tmp_path / "repository", "{}")
    assert settings.find(program) == file
    nearer = write(program, "{}")
    assert settings.find(program) == nearer


def test_two_in_one_folder_are_one_too_many(tmp_path: Path) -> None:
    for name in settings.NAMES[:2]:
        write(tmp_path, "{}", name)
    with pytest.raises(Fault, match=r"has aws-dr-preflight.json and aws-dr-preflight.yaml"):
        settings.find(tmp_path)


def test_what_the_engine_is_given_is_without_what_editors_read(tmp_path: Path) -> None:
    said = {"$schema": "https://example.org/schema.json", "network-tiers": "disabled"}
    file = write(tmp_path, json.dumps(said))
    assert settings.load(file) == {"network-tiers": "disabled"}


def test_a_date_in_yaml_is_the_text_that_it_stands_for(tmp_path: Path) -> None:
    text = (
        "network-tiers:\n  exemptions:\n"
        "    - {resource: hub, reason: stands alone, expires: 2027-03-31}\n"
    )
    file = write(tmp_path, text, "aws-dr-preflight.yaml")
    (exemption,) = settings.load(file)["network-tiers"]["exemptions"]
    assert exemption["expires"] == "2027-03-31"
    assert mistakes(tmp_path, text, "aws-dr-preflight.yml") == []


def test_an_empty_file_sets_nothing(tmp_path: Path) -> None:
    assert settings.load(write(tmp_path, "")) == {}
    assert mistakes(tmp_path, "") == []


def test_a_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    found = mistakes(
        tmp_path,
        """{
  "network-tier": "disabled",
  "network-tiers": {
    "region": ["us-east-1"],
    "regions": ["us-east-1",
      7],
    "exemptions": [
      {"resource": "hub", "reason": "stands alone", "expires": "2026-01-31"}
    ]
  },
  "subnet-cidr": "loud"
}
""",
    )
    assert [each.partition(":")[0] for each in found] == ["2", "4", "6", "7", "11"]
    assert "did you mean network-tiers?" in found[0]
    assert 'there is no option "region"' in found[1]
    assert found[2].startswith("6: network-tiers.regions, entry 2: 7 should be a text.")
    assert "expired on 2026-01-31" in found[3]
    assert found[4].startswith("11: subnet-cidr should be a level (advisory, mandatory, remediate")


@pytest.mark.parametrize("name", settings.NAMES[:2])
def test_what_is_set_twice_is_a_mistake_as_one_of_both_would_do_nothing(
    tmp_path: Path, name: str
) -> None:
    text = """{
  "subnet-cidr": "disabled",
  "network-tiers": {"regions": ["us-east-1"],
    "regions": []},
  "subnet-cidr": "mandatory"
}
"""
    told = [
        "4: regions is set in line 3 already. Fix: make one of both.",
        "5: subnet-cidr is set in line 2 already. Fix: make one of both.",
    ]
    assert mistakes(tmp_path, text, name) == told
    assert len(mistakes(tmp_path, '{"all": "advisory", "all": "disabled"}', name)) == 1
    found = settings.refused(write(tmp_path, text, name))
    assert [f"{each.line}: {each.text}" for each in found] == told


def test_a_name_like_no_policy_s_is_not_answered_with_all_of_them(tmp_path: Path) -> None:
    (told,) = mistakes(tmp_path, '{"x": "disabled"}')
    assert told.endswith(f"this setting does nothing; there are those of {DOCUMENTATION}.")


def test_a_mistake_is_told_in_plain_words(tmp_path: Path) -> None:
    entries = [
        {"resource": "a", "reason": ""},
        {"resource": 3, "reason": "r", "expires": "soon"},
        {"resources": "c"},
        "d",
    ]
    said = {"subnet-cidr": {"enforcementLevel": "hard", "exemptions": entries}}
    assert mistakes(tmp_path, json.dumps(said)) == [
        '1: subnet-cidr.enforcementLevel: "hard" should be one of advisory, mandatory, '
        "remediate, disabled.",
        "1: subnet-cidr.exemptions, entry 1, reason: it should not be empty.",
        '1: subnet-cidr.exemptions, entry 2, expires: "soon" is no date. Fix: write it as '
        "YYYY-MM-DD.",
        "1: subnet-cidr.exemptions, entry 2, resource: 3 should be a text.",
        "1: subnet-cidr.exemptions, entry 3: it has no resource and no reason.",
        '1: subnet-cidr.exemptions, entry 3: there is no key "resources", so this setting does '
        "nothing; did you mean resource?",
        '1: subnet-cidr.exemptions, entry 4: "d" should be an object.',
    ]


def test_a_file_that_is_fine_has_none(tmp_path: Path) -> None:
    told = (ROOT / "docs" / "policy-config.json").read_text(encoding="utf-8")
    assert mistakes(tmp_path, told) == []


def test_json_may_be_indented_with_tabs(tmp_path: Path) -> None:
    assert mistakes(tmp_path, '{\n\t"all": "advisory"\n}') == []
    (told,) = mistakes(tmp_path, '{\n\t"network-tier": {}\n}')
    assert told.startswith('2: there is no policy "network-tier"')


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("aws-dr-preflight.json", '{\n "a": [', r"line \d: this is not JSON"),
        ("aws-dr-preflight.json", '{\n "all": "advisory",\n}', "line 3: this is not JSON"),
        ("aws-dr-preflight.json", "{ # why\n}", "line 1: this is not JSON"),
        ("aws-dr-preflight.yaml", "a: [1\nb: {", r"line \d: this is not plain YAML"),
        ("aws-dr-preflight.json", '["a"]', "should hold an object"),
        ("aws-dr-preflight.json", "\ufeff{}", "begins with a byte order mark"),
        ("aws-dr-preflight.json", "[" * 30_000, "is nested too deeply"),
        ("aws-dr-preflight.yaml", "a: !!python/name:os.system", "line 1: this is not plain YAML"),
        ("aws-dr-preflight.yaml", "2026-01-01: b", "a key that is no text"),
        ("aws-dr-preflight.yaml", "a: &a [*a]", "a part of itself"),
    ],
)
def test_what_cannot_be_read_is_one_clear_error(
    tmp_path: Path, name: str, text: str, told: str
) -> None:
    with pytest.raises(Fault, match=told):
        settings.mistakes(write(tmp_path, text, name), TODAY)


def test_what_is_not_text_or_not_there_is_one_clear_error(tmp_path: Path) -> None:
    binary = tmp_path / "binary.json"
    binary.write_bytes(b"\xff\xfe\x00")
    for file in (binary, tmp_path / "missing.json"):
        with pytest.raises(Fault, match="cannot be read"):
            settings.mistakes(file, TODAY)


def test_the_schema_takes_what_the_pack_takes() -> None:
    schema = settings.schema()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    config = json.loads((ROOT / "docs" / "policy-config.json").read_text(encoding="utf-8"))
    assert not list(validator.iter_errors({"$schema": "x", "all": "advisory", **config}))
    assert list(validator.iter_errors({"network-tier": "disabled"}))
    assert list(validator.iter_errors({"network-tiers": {"region": []}}))


def test_the_published_schema_is_the_pack_s() -> None:
    published = (ROOT / "docs" / "config-schema.json").read_text(encoding="utf-8")
    assert json.loads(published) == settings.schema()
