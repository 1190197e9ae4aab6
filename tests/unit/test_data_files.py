"""A slip in a file of policies/data is an error that names the slip, never a silent default."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.model import data_files
from policies.model.data_files import DataFileError


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("{", "facts.json cannot be read", id="text that is not JSON"),
        pytest.param("[]", "facts.json should be an object", id="a list instead of an object"),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "facts.json").write_text(content, encoding="utf-8")
    with pytest.raises(DataFileError, match=message):
        data_files.read("facts.json", tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"facts\.json cannot be read"):
        data_files.read("facts.json", tmp_path)


def test_a_text_may_not_be_missing_empty_or_a_number() -> None:
    for entry in ({}, {"date": ""}, {"date": 2026}):
        with pytest.raises(DataFileError, match="date should be a text"):
            data_files.text(entry, "date")
    assert data_files.text({"date": "2026-10-20"}, "date") == "2026-10-20"


def test_an_optional_text_may_be_missing_or_null_but_not_a_number() -> None:
    assert data_files.optional_text({}, "ended") is None
    assert data_files.optional_text({"ended": None}, "ended") is None
    with pytest.raises(DataFileError):
        data_files.optional_text({"ended": 1}, "ended")


def test_a_list_holds_what_it_should() -> None:
    assert data_files.texts({"regions": ["a"]}, "regions") == ("a",)
    assert data_files.texts({}, "regions") == ()
    with pytest.raises(DataFileError, match="texts only"):
        data_files.texts({"regions": [1]}, "regions")
    with pytest.raises(DataFileError, match="should be a list"):
        data_files.texts({"regions": "a"}, "regions")
    with pytest.raises(DataFileError, match="should be a list"):
        data_files.entries({}, "floors")
    with pytest.raises(DataFileError, match=r"floors\[0\] should be an object"):
        data_files.entries({"floors": [1]}, "floors")


def test_a_flag_is_a_boolean_or_missing() -> None:
    assert data_files.optional_flag({}, "creatable") is None
    assert data_files.optional_flag({"creatable": False}, "creatable") is False
    with pytest.raises(DataFileError, match="true or false"):
        data_files.optional_flag({"creatable": "yes"}, "creatable")
