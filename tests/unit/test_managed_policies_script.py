"""The managed policies, as the script finds them in the installed SDK."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from policies.model import data_files
from policies.model.managed_policies import FILE, is_missing, is_unlisted
from scripts.make_managed_policies import MODULE, Policy, by_path, listed, main, moved, read, text
from scripts.make_region_local_properties import installed

OF_AWS = "arn:aws:iam::aws:policy"


def test_every_policy_of_the_installed_provider_is_where_the_list_has_it() -> None:
    arns = listed((installed() / "iam" / "_enums.py").read_text(encoding="utf-8"))
    assert len(arns) > 500
    assert moved(arns) == []
    assert not any(map(is_missing, arns))
    assert main(["--check"]) == 0


def wheel(path: Path, **policies: tuple[str, str]) -> Path:
    """A wheel like moto's, with policies of these paths and days."""
    said = {
        name: {"Path": place, "UpdateDate": f"{day}T00:00:00+00:00", "Document": {"Sid": '"x'}}
        for name, (place, day) in policies.items()
    }
    with ZipFile(path, "w") as made:
        made.writestr(MODULE, f"# Imported\naws_managed_policies_data = {json.dumps(said)!r}\n")
    return path


def test_the_script_reads_the_policies_of_a_wheel_by_their_paths(tmp_path: Path) -> None:
    paths = {"Billing": ("/job-function/", "2026-01-02"), "ReadOnlyAccess": ("/", "2026-03-04")}
    found = read(wheel(tmp_path / "moto-9-py3-none-any.whl", **paths))
    assert found == [
        Policy("Billing", "job-function", "2026-01-02"),
        Policy("ReadOnlyAccess", "", "2026-03-04"),
    ]
    assert by_path(found)["job-function"] == ["Billing"]
    made = json.loads(text(data_files.read(FILE), found, "moto-9"))
    assert (made["date"], made["source"]) == ("2026-03-04", "moto-9")
    assert made["by_path"][""] == ["ReadOnlyAccess"]
    assert made["missing"] == data_files.read(FILE)["missing"]


def test_what_is_no_such_wheel_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, content in (("none.whl", None), ("bad.whl", b"no archive")):
        if content is not None:
            (tmp_path / name).write_bytes(content)
        assert main([str(tmp_path / name)]) == 2
        assert f"{name}: no policies in {MODULE} of this wheel" in capsys.readouterr().err
    with ZipFile(tmp_path / "other.whl", "w") as made:
        made.writestr("moto/__init__.py", "")
    assert main([str(tmp_path / "other.whl")]) == 2
    for arguments in ([], ["--check", "moto.whl"]):
        with pytest.raises(SystemExit):
            main(arguments)


def test_the_list_has_what_programs_attach_and_lacks_what_is_missing() -> None:
    for path in ("ReadOnlyAccess", "service-role/AWSLambdaBasicExecutionRole"):
        assert not is_unlisted(f"{OF_AWS}/{path}")
    assert is_unlisted(f"{OF_AWS}/AmazonS3ReadOnly")
    for other in (f"{OF_AWS}/ConfigRole", f"{OF_AWS}/", "arn:aws:iam::111122223333:policy/x", "x"):
        assert not is_unlisted(other)
