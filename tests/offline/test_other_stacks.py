"""What other stacks give out, from the files that a user has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from offline.other_stacks import OtherStacks, OutputsError, beside
from offline.project import Project
from offline.standin.values import Secret
from policies.exports.export import SECRET, SIGNATURE
from policies.unverifiable import NEIGHBOURS_VARIABLE

SHOP = Project(Path("/shop"), {"name": "shop", "runtime": "go"})


def export(file: Path, *stacks: str, time: str = "2026-11-20T10:30:00Z", **outputs: Any) -> Path:
    """An export of stacks, PROJECT/STACK, which all give out the same."""
    resources = [
        {
            "urn": f"urn:pulumi:{name}::{project}::pulumi:pulumi:Stack::{project}-{name}",
            "type": "pulumi:pulumi:Stack",
            "outputs": outputs,
        }
        for project, _, name in (each.partition("/") for each in stacks)
    ]
    deployment = {"manifest": {"time": time}, "resources": resources}
    file.write_text(json.dumps({"version": 3, "deployment": deployment}), encoding="utf-8")
    return file


def outputs(file: Path, **values: Any) -> Path:
    file.write_text(json.dumps(values), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("acme/network/prod", "acme/network/prod"),
        ("organization/network/prod", "acme/network/prod"),
        ("acme/network/prod", "organization/network/prod"),
        ("prod", "prod"),
        ("acme/prod", "prod"),
        ("acme/shop/prod", "acme/prod"),
        ("shop/prod", "shop/prod"),
    ],
)
def test_outputs_are_found_by_the_name_in_any_form(tmp_path: Path, given: str, asked: str) -> None:
    others = OtherStacks(SHOP, [f"{given}={outputs(tmp_path / 'o.json', vpc='vpc-1')}"])
    assert others.lookup(asked) == {"vpc": "vpc-1"}
    assert others.remarks() == []


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("acme/network/prod", "acme/network/dev"),
        ("acme/network/prod", "other/network/prod"),
        ("acme/network/prod", "prod"),
    ],
)
def test_those_of_another_stack_are_not_taken(tmp_path: Path, given: str, asked: str) -> None:
    others = OtherStacks(SHOP, [f"{given}={outputs(tmp_path / 'o.json', vpc='vpc-1')}"])
    assert others.lookup(asked) is None
    unknown, unused = others.remarks()
    assert f"--stack-outputs {asked}=FILE" in unknown
    assert f"those of {given}, and the program refers to {asked}. Fix: " in unused


def test_the_exact_name_counts_first(tmp_path: Path) -> None:
    one, two = outputs(tmp_path / "1.json", n=1), outputs(tmp_path / "2.json", n=2)
    others = OtherStacks(SHOP, [f"organization/network/prod={one}", f"acme/network/prod={two}"])
    assert others.lookup("acme/network/prod") == {"n": 2}


def test_an_export_says_itself_of_which_stack_it_is(tmp_path: Path) -> None:
    file = export(tmp_path / "e.json", "network/prod", vpc="vpc-1")
    assert OtherStacks(SHOP, [str(file)]).lookup("acme/network/prod") == {"vpc": "vpc-1"}
    # A name that is given counts more than what the file says.
    assert OtherStacks(SHOP, [f"acme/net/p={file}"]).lookup("acme/net/p") == {"vpc": "vpc-1"}
    both = export(tmp_path / "b.json", "network/prod", "network/dev", vpc="vpc-1")
    assert OtherStacks(SHOP, [f"acme/network/dev={both}"]).lookup("acme/network/prod") is None


def test_secrets_stay_secret(tmp_path: Path) -> None:
    marked = {SIGNATURE: SECRET}
    file = export(
        tmp_path / "e.json",
        "network/prod",
        closed={**marked, "ciphertext": "v1:AAAA"},
        open={**marked, "plaintext": '{"a": 1}'},
        inner=[{"b": {**marked, "ciphertext": "v1:AAAA"}}],
    )
    found = OtherStacks(SHOP, [str(file)]).lookup("acme/network/prod")
    assert found is not None
    assert isinstance(found["closed"], Secret)
    assert len(found["closed"].value) > 16
    assert found["open"] == Secret({"a": 1})
    assert isinstance(found["inner"][0]["b"], Secret)
    shown = outputs(tmp_path / "o.json", password="[secret]", list=["[secret]"])
    found = OtherStacks(SHOP, [f"prod={shown}"]).lookup("prod")
    assert found is not None
    assert isinstance(found["password"], Secret)
    assert isinstance(found["list"][0], Secret)


def test_exports_of_neighbours_count_after_what_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = export(tmp_path / "1.json", "network/prod", time="2026-11-19T10:30:00Z", n=1)
    new = export(tmp_path / "2.json", "network/prod", n=2)
    data = export(tmp_path / "3.json", "data/prod", n=3)
    monkeypatch.setenv(NEIGHBOURS_VARIABLE, f"{new}:{old}")
    config = outputs(
        tmp_path / "policy-config.json", **{"unverifiable-reference": {"neighbours": [str(data)]}}
    )
    others = OtherStacks(SHOP, [], beside(config))
    assert others.lookup("acme/network/prod") == {"n": 2}
    assert others.lookup("acme/data/prod") == {"n": 3}
    given = [f"acme/network/prod={outputs(tmp_path / 'o.json', n=4)}"]
    assert OtherStacks(SHOP, given, beside(config)).lookup("acme/network/prod") == {"n": 4}


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 1}', '{"deployment": {}, "version": 9}'])
def test_what_cannot_be_used_names_the_file_and_the_fix(tmp_path: Path, text: str) -> None:
    file = tmp_path / "o.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(OutputsError, match=r"o\.json.*Fix: "):
        OtherStacks(SHOP, [str(file)])


@pytest.mark.parametrize("given", ["", "prod="])
def test_no_file_at_all(given: str) -> None:
    with pytest.raises(OutputsError, match=r"names no file\. Fix: give STACK=FILE"):
        OtherStacks(SHOP, [given])


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OutputsError, match=r"none\.json cannot be read: .*Fix: give STACK=FILE"):
        OtherStacks(SHOP, [f"prod={tmp_path / 'none.json'}"])
    both = export(tmp_path / "b.json", "network/prod", "network/dev")
    with pytest.raises(OutputsError, match="is of network/prod and network/dev, not of acme/x/y"):
        OtherStacks(SHOP, [f"acme/x/y={both}"])
