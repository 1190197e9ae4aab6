"""What is said of exempted findings, and the record of a run."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from policies.serving import adapter, records
from policies.serving.configuration import Exemption
from policies.serving.evaluation import Exempted
from policies.serving.servicer import PreflightServicer
from policies.testing import Run, Secret, Stack
from tests import aws
from tests.unit.test_told_together import two_regions_without_a_way_out

TODAY = date(2026, 11, 26)
RESERVED = "hosted-zone-reserved-name"


def exempted(number: int = 1, expires: date | None = None) -> Exempted:
    exemption = Exemption(f"zone-{number}", "moves in spring", expires)
    return Exempted(RESERVED, f"urn:{number}", f"hosted zone zone-{number}", exemption)


def said(*found: Exempted, capsys: pytest.CaptureFixture[str]) -> str:
    records.tell(found, records.LookedAt((), 90), str, today=TODAY)
    return capsys.readouterr().err


def test_nothing_is_said_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys=capsys) == ""


def test_each_exempted_finding_has_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(exempted(1), exempted(2, date(2027, 3, 31)), capsys=capsys)
    assert text == (
        "aws-dr-preflight: 2 findings do not count, by exemptions:\n"
        f"  {RESERVED}: hosted zone zone-1 is exempt: moves in spring\n"
        f"  {RESERVED}: hosted zone zone-2 is exempt until 2027-03-31: moves in spring\n"
    )


@pytest.mark.parametrize(
    ("ends", "when"),
    [
        (date(2026, 11, 26), "2026-11-26, today"),
        (date(2026, 11, 27), "2026-11-27, tomorrow"),
        (date(2026, 12, 26), "2026-12-26, in 30 days"),
    ],
)
def test_that_it_ends_soon_is_said(
    ends: date, when: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(exempted(1, ends), capsys=capsys).endswith(
        f"  {RESERVED}: the exemption of zone-1 (moves in spring) ends on {when}. "
        "Fix: make the change by then, or set a later day.\n"
    )


@pytest.mark.parametrize("ends", [None, date(2026, 12, 27)])
def test_nothing_is_said_of_the_end_before(
    ends: date | None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert " ends " not in said(exempted(1, ends), capsys=capsys)


def test_an_exemption_of_many_is_said_to_end_once(capsys: pytest.CaptureFixture[str]) -> None:
    exemption = Exemption("zone-*", "moves in spring", date(2026, 12, 8))
    found = [Exempted(RESERVED, f"urn:{at}", f"zone-{at}", exemption) for at in range(8)]
    text = said(*found, capsys=capsys)
    assert text.count("the exemption of zone-* (moves in spring) ends on 2026-12-08") == 1


def test_many_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(*(exempted(number) for number in range(8)), capsys=capsys)
    assert text.endswith("  and 3 more\n")


def test_the_record_counts_the_resources_of_each_stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "record.json"
    monkeypatch.setenv(records.VARIABLE, str(file))
    urns = [f"urn:pulumi:{stack}::shop::aws:ec2/vpc:Vpc::hub" for stack in ("prod", "dev", "dev")]
    records.tell((), records.LookedAt(urns, 90), str)
    record = json.loads(file.read_text(encoding="utf-8"))
    assert (record["resources"], record["policies"]) == (3, 90)
    assert record["stacks"] == [
        {"project": "shop", "stack": "dev", "resources": 2},
        {"project": "shop", "stack": "prod", "resources": 1},
    ]


def test_the_record_names_all_that_one_piece_of_advice_is_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "record.json"
    monkeypatch.setenv(records.VARIABLE, str(file))
    stack = two_regions_without_a_way_out()
    told = Run(stack, servicer=PreflightServicer, config={}).findings(adapter.build())
    (advice,) = [each for each in told if each.policy == "network-tiers"]
    entries = json.loads(file.read_text(encoding="utf-8"))["together"]
    (together,) = [each for each in entries if each["policy"] == "network-tiers"]
    assert together["text"] in advice.message
    named = [together["urn"], *together["also"]]
    assert sorted(each.rpartition("::")[2] for each in named) == ["east", "west"]


def run(**config: object) -> None:
    stack = Stack()
    aws.zone(stack, "entry", Secret("dr.example.com"))
    entries = {"exemptions": [{"resource": "entry", "reason": "dr.example.com moves"}]}
    Run(stack, servicer=PreflightServicer, config={RESERVED: entries}).findings(adapter.build())


def test_the_record_is_written_without_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "record.json"
    monkeypatch.setenv(records.VARIABLE, str(file))
    run()
    record = json.loads(file.read_text(encoding="utf-8"))
    assert record["resources"] == 1
    assert record["policies"] > 50
    (entry,) = record["exempted"]
    assert (entry["policy"], entry["resource"]) == (RESERVED, "hosted zone entry")
    assert entry["exemption"] == "entry"
    assert "example.com" not in file.read_text(encoding="utf-8")
    error = capsys.readouterr().err
    assert "1 finding does not count" in error
    assert "example.com" not in error


def test_a_record_that_cannot_be_written_is_one_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(records.VARIABLE, str(tmp_path / "no" / "record.json"))
    run()
    assert "which cannot be written: No such file or directory. Fix:" in capsys.readouterr().err
