"""A stack that has just been made, and the next one of its name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from offline.new_stacks import make_stack, name_for


class Place:
    """Where a stack is made, by a CLI that counts its calls."""

    def __init__(self, root: Path, kept: Path, *, fails: bool = False) -> None:
        self.state = root / "state"
        self.settings = root / "Pulumi.dev.yaml"
        self.state.mkdir(parents=True)
        self.settings.write_text("config: {shop:size: 3}\n", encoding="utf-8")
        self.calls = 0
        self._fails = fails
        make_stack(kept, self.state, self.settings, self._make, print)

    def _make(self) -> None:
        self.calls += 1
        if not self._fails:
            (self.state / "stack.json").write_text("empty", encoding="utf-8")
            with self.settings.open("a", encoding="utf-8") as file:
                file.write("encryptionsalt: v1:abc\n")

    @property
    def found(self) -> tuple[list[str], Mapping[str, object]]:
        names = sorted(each.name for each in self.state.iterdir())
        return names, yaml.safe_load(self.settings.read_text(encoding="utf-8"))


def test_the_next_one_of_its_name_is_a_copy(tmp_path: Path) -> None:
    first = Place(tmp_path / "first", tmp_path / "kept")
    next_one = Place(tmp_path / "next", tmp_path / "kept")
    expected = ["stack.json"], {"config": {"shop:size": 3}, "encryptionsalt": "v1:abc"}
    assert (first.calls, first.found) == (1, expected)
    assert (next_one.calls, next_one.found) == (0, expected)


def test_nothing_is_kept_where_none_was_made(tmp_path: Path) -> None:
    Place(tmp_path / "first", tmp_path / "kept", fails=True)
    assert Place(tmp_path / "next", tmp_path / "kept").calls == 1


def test_another_cli_project_or_stack_has_another(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text("1", encoding="utf-8")
    new.write_text("12", encoding="utf-8")
    names = {
        name_for(*each)
        for each in (
            (old, "shop", "dev"),
            (new, "shop", "dev"),
            (old, "hub", "dev"),
            (old, "shop", "prod"),
        )
    }
    assert len(names) == 4
    assert name_for(old, "shop", "dev") in names
