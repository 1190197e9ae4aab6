"""Which stack is previewed, and what its file of settings holds."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from offline import stack_settings
from offline.project import Project, ProjectError, load_program
from offline.stack_settings import Encrypted
from offline.stacks import choose

NOWHERE = {"PULUMI_HOME": "/nowhere"}


def program(folder: Path, *stacks: str, more: str = "") -> Project:
    (folder / "Pulumi.yaml").write_text(f"name: shop\nruntime: nodejs\n{more}", encoding="utf-8")
    for each in stacks:
        (folder / f"Pulumi.{each}.yaml").write_text("config: {}\n", encoding="utf-8")
    return load_program(folder)


def chosen(found: Project, named: str = "", env: dict[str, str] | None = None) -> tuple[str, str]:
    """The stack's name, and that of its file."""
    said = choose(found, named, environ={**NOWHERE, **(env or {})})
    return said.name, said.file.name if said.file else ""


def test_a_stack_that_is_named_has_its_own_file(tmp_path: Path) -> None:
    found = program(tmp_path, "dev", "prod", "offline")
    assert chosen(found, "prod") == ("prod", "Pulumi.prod.yaml")
    assert chosen(found, "acme/prod") == ("prod", "Pulumi.prod.yaml")
    assert choose(found, "acme/shop/prod").organization == "acme"
    assert choose(found, "prod").organization == ""


def test_without_a_name_the_one_for_offline_runs_counts_first(tmp_path: Path) -> None:
    found = program(tmp_path, "dev", "prod", "offline")
    assert chosen(found, env={"PULUMI_STACK": "prod"}) == ("offline", "Pulumi.offline.yaml")


def test_then_the_stack_that_is_selected(tmp_path: Path) -> None:
    found = program(tmp_path, "dev", "prod")
    assert chosen(found, env={"PULUMI_STACK": "acme/prod"}) == ("prod", "Pulumi.prod.yaml")
    home = tmp_path / "home"
    (home / "workspaces").mkdir(parents=True)
    key = hashlib.sha1(str(tmp_path.resolve() / "Pulumi.yaml").encode()).hexdigest()
    kept = home / "workspaces" / f"shop-{key}-workspace.json"
    kept.write_text(json.dumps({"stack": "acme/dev"}), encoding="utf-8")
    said = choose(found, environ={"PULUMI_HOME": str(home)})
    assert (said.name, said.organization) == ("dev", "acme")
    assert said.remark == "the stack is acme/dev (the selected stack)."


def test_then_the_only_one_and_none_is_guessed(tmp_path: Path) -> None:
    assert chosen(program(tmp_path)) == ("offline", "")
    assert chosen(program(tmp_path, "dev")) == ("dev", "Pulumi.dev.yaml")
    with pytest.raises(ProjectError, match=r"dev\.yaml, Pulumi\.prod\.yaml\. Fix: .*--stack"):
        chosen(program(tmp_path, "dev", "prod"))


def test_a_stack_without_a_file_says_which_there_are(tmp_path: Path) -> None:
    said = choose(program(tmp_path, "dev"), "prd")
    assert said.file is None
    assert "no Pulumi.prd.yaml beside Pulumi.dev.yaml" in said.remark
    (tmp_path / "Pulumi.dev.yaml").unlink()
    assert choose(program(tmp_path), "prd").remark == "", "a program may have no settings"


def test_a_file_may_be_named(tmp_path: Path) -> None:
    found = program(tmp_path, "dev", "prod")
    assert choose(found, file=tmp_path / "Pulumi.prod.yaml").file == tmp_path / "Pulumi.prod.yaml"
    with pytest.raises(ProjectError, match=r"There is no file none\.yaml"):
        choose(found, file=Path("none.yaml"))


@pytest.mark.parametrize("key", ["stackConfigDir", "config"])
def test_the_files_may_be_in_a_folder(tmp_path: Path, key: str) -> None:
    found = program(tmp_path, more=f"{key}: stacks\n")
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "Pulumi.prod.yaml").write_text("config: {}\n", encoding="utf-8")
    assert choose(found, "prod").file == tmp_path / "stacks" / "Pulumi.prod.yaml"


@pytest.mark.parametrize("named", ["acme/other/prod", "a/b/c/d", "pr od", "acme/"])
def test_what_cannot_be_the_stack_is_refused(tmp_path: Path, named: str) -> None:
    with pytest.raises(ProjectError, match="Fix: "):
        choose(program(tmp_path), named)


SETTINGS = """\
environment: [shared, acme/network]
config:
  shop:size: '3'
  aws:region: us-east-1
  zones: [a, {secure: v1:AAAA}]
  shop:password:
    secure: v1:AAAA
  shop:data:
    user: admin
    keys: {"a.b": {secure: v1:BBBB}}
"""


def test_settings_and_what_is_encrypted_in_them(tmp_path: Path) -> None:
    found = program(tmp_path)
    file = tmp_path / "Pulumi.prod.yaml"
    file.write_text(SETTINGS, encoding="utf-8")
    assert stack_settings.base_config(found, file) == {
        "shop:size": "3",
        "aws:region": "us-east-1",
        "shop:zones": ["a", ""],
        "shop:data": {"user": "admin", "keys": {"a.b": ""}},
    }
    assert stack_settings.encrypted_settings(found, file) == [
        Encrypted("shop:zones", "[1]"),
        Encrypted("shop:password"),
        Encrypted("shop:data", '["keys"]["a.b"]'),
    ]
    assert stack_settings.environments(file) == ["shared", "acme/network"]
    assert stack_settings.base_config(found, tmp_path / "none.yaml") == {}


def test_a_stack_file_that_cannot_be_read_is_not_repeated(tmp_path: Path) -> None:
    found = program(tmp_path)
    file = tmp_path / "Pulumi.offline.yaml"
    for text, said in (
        ("config:\n  p:password: 'hunter2\n", "is not valid YAML"),
        ("config:\n  - hunter2\n", "should hold a mapping under config"),
        ("hunter2\n", "should hold a mapping. Fix: write the settings under `config:`"),
    ):
        file.write_text(text)
        with pytest.raises(ProjectError, match=said) as refused:
            stack_settings.base_config(found, file)
        assert "hunter2" not in str(refused.value)
        assert refused.value.__cause__ is None
