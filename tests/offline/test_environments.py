"""Environments in the cache: made once, and made again where the first time failed."""

from __future__ import annotations

from pathlib import Path

import pytest

from offline import environments


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DR_PREFLIGHT_CACHE", str(tmp_path))


def silent(_: str) -> None:
    pass


def test_an_environment_is_made_once() -> None:
    target = environments.directory_of("room", ("python", "packages"))
    made: list[Path] = []

    def install(place: Path, log: Path) -> None:
        log.write_text("installed")
        made.append(place)

    for _ in range(2):
        assert environments.ready(target, "Making it", install, silent) == target
    assert made == [target]
    assert not target.with_suffix(".log").exists()


def test_other_packages_are_another_environment() -> None:
    rooms = [environments.directory_of("room", parts) for parts in (("a", "b"), ("a",), ("a b",))]
    assert len(set(rooms)) == 3


def test_what_failed_is_made_again_and_leaves_its_log() -> None:
    target = environments.directory_of("room", ())

    def fail(place: Path, log: Path) -> None:
        (place / "half").touch()
        log.write_text("no such package")
        raise LookupError

    with pytest.raises(LookupError):
        environments.ready(target, "Making it", fail, silent)
    assert target.with_suffix(".log").read_text() == "no such package"
    environments.ready(target, "Making it", lambda place, _: (place / "whole").touch(), silent)
    assert {each.name for each in target.iterdir()} == {"ready", "whole"}
