"""What the CLI uploads is unpacked by every promised Python, and stays where it is unpacked."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.archives import unpack


def archive(*members: tarfile.TarInfo) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as packed:
        for member in members:
            member.size = 4
            packed.addfile(member, io.BytesIO(b"text"))
    return buffer.getvalue()


def link(name: str, kind: bytes, to: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, to
    return member


@pytest.fixture
def _an_early_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python before 3.10.12 or 3.11.4: archives know no filter, and nothing refuses a path."""
    as_now = tarfile.TarFile.extractall

    def extractall(self: Any, path: Any = ".", members: Any = None, *, numeric_owner: Any = False):  # type: ignore[no-untyped-def]
        later = {"filter": "fully_trusted"} if hasattr(tarfile, "fully_trusted_filter") else {}
        return as_now(self, path, members, numeric_owner=numeric_owner, **later)  # type: ignore[arg-type]

    monkeypatch.setattr(tarfile.TarFile, "extractall", extractall)


@pytest.mark.usefixtures("_an_early_python")
def test_files_are_unpacked_below_the_folder(tmp_path: Path) -> None:
    unpack(archive(tarfile.TarInfo("package/policies/rule.py")), tmp_path)
    assert (tmp_path / "package" / "policies" / "rule.py").read_text(encoding="utf-8") == "text"


@pytest.mark.usefixtures("_an_early_python")
@pytest.mark.parametrize(
    "member",
    [
        tarfile.TarInfo("../outside.py"),
        tarfile.TarInfo("package/../../outside.py"),
        tarfile.TarInfo("/tmp/outside.py"),
        link("package/away", tarfile.SYMTYPE, "/etc"),
        link("package/away", tarfile.LNKTYPE, "../outside.py"),
    ],
    ids=lambda member: f"{member.name} {member.linkname}".strip(),
)
def test_what_leads_out_of_the_folder_is_refused(member: tarfile.TarInfo, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(ValueError, match="may not be unpacked"):
        unpack(archive(member), folder)
    assert list(tmp_path.rglob("*")) == [folder]
