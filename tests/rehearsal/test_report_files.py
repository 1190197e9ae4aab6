"""Where a report is written, and that nothing that goes wrong there fails a preview."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from offline.paths import REPOSITORY
from policies.rehearsal import report as report_room
from policies.rehearsal.report import files, reading
from policies.rehearsal.report.contents import Report
from policies.serving import adapter, rehearsals, servicer
from policies.serving.rehearsals import VARIABLE
from policies.serving.servicer import PreflightServicer
from policies.testing import Diagnostic, Run, Stack
from tests.rehearsal.support import rule, two_regions

EMPTY = Report("shop/prod", "aws-dr-preflight", (), 9)


def preview(place: str | Path | None, stack: Stack | None = None) -> list[Diagnostic]:
    """Run the pack with a place for the report; its findings."""
    with pytest.MonkeyPatch.context() as patch:
        if place is None:
            patch.delenv(VARIABLE, raising=False)
        else:
            patch.setenv(VARIABLE, str(place))
        config = {"silent": {"primary": "us-east-1"}}
        run = Run(stack or two_regions(), config=config, servicer=PreflightServicer)
        return run.findings(adapter.build([rule("silent", lambda *_: ())]))


def warning(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that the pack prints; nothing goes where the engine reads."""
    printed = capsys.readouterr()
    assert printed.out == ""
    (line,) = printed.err.splitlines()
    assert line.startswith("aws-dr-preflight: ")
    return line


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("shop.html", "<!DOCTYPE html>"),
        ("shop.md", "# What if a region is lost?"),
        ("shop.svg", "<svg "),
        ("SHOP.HTML", "<!DOCTYPE html>"),
    ],
)
def test_the_ending_tells_the_form(tmp_path: Path, name: str, start: str) -> None:
    assert preview(tmp_path / name) == []
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)
    assert [each.name for each in tmp_path.iterdir()] == [name]


def test_a_folder_gets_every_form(tmp_path: Path) -> None:
    preview(tmp_path)
    assert {each.name for each in tmp_path.iterdir()} == {
        "rehearsal.html",
        "rehearsal.md",
        "rehearsal-us-east-1.svg",
    }
    assert "](rehearsal-us-east-1.svg)" in (tmp_path / "rehearsal.md").read_text(encoding="utf-8")


def test_the_later_run_overwrites(tmp_path: Path) -> None:
    place = tmp_path / "shop.md"
    place.write_text("old", encoding="utf-8")
    preview(place)
    first = place.read_text(encoding="utf-8")
    assert "function shop-standby" in first
    more = two_regions()
    more.add("aws:sqs/queue:Queue", "mail", {"name": "mail"}, region="us-west-2")
    preview(place, more)
    assert "queue mail" in place.read_text(encoding="utf-8")


def test_one_stack_gives_one_text_whatever_the_order_of_its_resources(tmp_path: Path) -> None:
    texts = set()
    for number, step in enumerate((1, -1)):
        stack = two_regions()
        stack.resources = stack.resources[::step]
        preview(tmp_path / f"{number}.html", stack)
        texts.add((tmp_path / f"{number}.html").read_text(encoding="utf-8"))
    assert len(texts) == 1


@pytest.mark.parametrize("place", [None, ""])
def test_nothing_is_written_or_said_unless_it_is_asked_for(
    place: str | None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsals, "write", None)  # Calling it would fail.
    assert preview(place) == []
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("rehearsal.html", "is a relative path"),
        ("./out/rehearsal.html", "is a relative path"),
        ("~/rehearsal.html", "is a relative path"),
        ("{tmp}/rehearsal.pdf", "does not end in .html, .md, .svg"),
        ("{tmp}/rehearsal", "is no folder that exists"),
        ("{tmp}/reports/", "is no folder that exists"),
        ("{tmp}/missing/rehearsal.html", "there is no folder {tmp}/missing"),
        ("{tmp}/" + "long" * 99 + ".html", "cannot write {tmp}/long"),
        ("{tmp}/" + "long" * 99 + "/rehearsal.html", "there is no folder {tmp}/long"),
    ],
)
def test_a_place_that_cannot_be_is_one_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], place: str, told: str
) -> None:
    assert preview(place.format(tmp=tmp_path)) == []
    line = warning(capsys)
    assert VARIABLE in line
    assert told.format(tmp=tmp_path) in line
    assert "Fix: " in line
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_leaves_what_was_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "shop.html"
    place.write_text("old", encoding="utf-8")

    def full(path: Path, *_: Any, **__: Any) -> None:
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    assert preview(place) == []
    monkeypatch.undo()
    assert "No space left on device" in warning(capsys)
    assert place.read_text(encoding="utf-8") == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["shop.html"]


def test_a_folder_in_place_of_a_picture_is_one_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "rehearsal.md").mkdir()
    assert preview(tmp_path) == []
    assert "rehearsal.md" in warning(capsys)


def test_a_link_is_written_through_and_others_may_read_the_file(tmp_path: Path) -> None:
    target, link = tmp_path / "real.html", tmp_path / "link.html"
    target.touch()
    link.symlink_to(target)
    mask = os.umask(0o022)
    try:
        preview(link)
    finally:
        os.umask(mask)
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert stat.S_IMODE(target.stat().st_mode) == 0o644


def test_without_the_template_library_there_is_one_warning_that_says_what_to_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    monkeypatch.delitem(sys.modules, "policies.rehearsal.report.rendering", raising=False)
    monkeypatch.delattr(report_room, "rendering", raising=False)
    assert preview(tmp_path / "shop.html") == []
    line = warning(capsys)
    assert "there is no Python module jinja2" in line
    assert f"{sys.executable} -m pip install -r {files.REQUIREMENTS}" in line
    assert list(tmp_path.iterdir()) == []


def test_the_file_that_the_warning_names_is_there() -> None:
    assert files.REQUIREMENTS == REPOSITORY / "requirements-rehearsal.txt"
    assert "Jinja2" in files.REQUIREMENTS.read_text(encoding="utf-8")
    runtime = (REPOSITORY / "requirements.txt").read_text(encoding="utf-8").lower()
    assert "jinja" not in runtime


def test_a_bug_in_the_report_is_one_warning_without_the_text_of_the_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "-".join(["correct", "horse"])

    def fails(*_: object, **__: object) -> Report:
        raise ValueError(secret)

    monkeypatch.setattr(reading, "report", fails)
    assert preview(tmp_path / "shop.html") == []
    printed = capsys.readouterr().err
    assert "failed with ValueError. This is a bug in the policy pack." in printed
    assert secret not in printed


def test_a_report_asked_for_changes_no_finding(tmp_path: Path) -> None:
    assert preview(None) == preview(tmp_path / "shop.html") == preview("nowhere")


def test_where_secrets_are_not_known_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "shop.html"))
    monkeypatch.setattr(servicer, "VERSION", "99.0.0")
    assert not servicer.install()
    path, report = capsys.readouterr().err.splitlines()
    assert "slower path" in path
    assert "does not tell which values are secret" in report


_LOADED = """
import os, sys
from policies import RULES
from policies.serving import adapter
from policies.serving.servicer import PreflightServicer
from policies.testing import Run, Stack
stack = Stack()
stack.add("aws:s3/bucket:Bucket", "logs", {"bucket": "logs"})
Run(stack, servicer=PreflightServicer).findings(adapter.build())
print(*sorted(each for each in sys.modules if "report" in each or each == "jinja2"))
"""


def test_nothing_of_it_is_imported_unless_it_is_asked_for(tmp_path: Path) -> None:
    """By the whole of a run, not only by the start."""
    loaded = []
    for place in ("", str(tmp_path / "shop.html")):
        done = subprocess.run(
            [sys.executable, "-c", _LOADED],
            cwd=REPOSITORY,
            env={**os.environ, VARIABLE: place},
            capture_output=True,
            text=True,
            check=True,
        )
        loaded.append(set(done.stdout.split()))
    without, with_one = loaded
    assert without == set()
    assert {"jinja2", "policies.rehearsal.report.rendering"} <= with_one


def test_a_report_without_a_rehearsal_is_written_too(tmp_path: Path) -> None:
    files.write(EMPTY, files.place(str(tmp_path)))
    assert {each.name for each in tmp_path.iterdir()} == {"rehearsal.html", "rehearsal.md"}
