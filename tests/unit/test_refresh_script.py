"""The script that refreshes the listing of Aurora versions, without cfn-lint and without AWS."""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import sys
import types
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from policies.model.aurora.version_strings import MYSQL, POSTGRESQL
from policies.model.data_files import DATA_DIRECTORY
from scripts import refresh_engine_versions as script

LISTED = {
    MYSQL: ["5.7.12", "8.0", "8.0.mysql_aurora.3.04.0", "8.0.mysql_aurora.3.10.0"],
    POSTGRESQL: ["15", "15.10", "15.4", "16.4-limitless", "9.6.22"],
    "mysql": ["8.0", "8.0.39", "8.0.42"],
    "postgres": ["15", "15.4", "15.13", "11.22-rds.20260514"],
    "mariadb": ["10.6.1"],
}
DEPRECATED = {
    MYSQL: ["5.7.12", "8.0", "8.0.mysql_aurora.3.04.0"],
    POSTGRESQL: ["15", "15.4", "9.6.22"],
    "mysql": ["8.0", "8.0.39"],
    "postgres": ["15", "15.4"],
}
SAME_DAY = (2026, 10, 20, 23, 48, 2)

EXPECTED = """\
  "source": {
    "name": "DescribeDBEngineVersions as published with cfn-lint 9.9.9",
    "date": "2026-10-20",
    "region": "us-east-1",
    "evidence": "an answer of AWS's API"
  },
  "engines": {
    "aurora-mysql": {
      "8.0.mysql_aurora.3.04.0": {"creatable": false},
      "8.0.mysql_aurora.3.10.0": {"creatable": true}
    },
    "aurora-postgresql": {
      "9.6.22": {"creatable": false},
      "15.4": {"creatable": false},
      "15.10": {"creatable": true},
      "16.4-limitless": {"creatable": true}
    },
    "mysql": {
      "8.0.39": {"creatable": false},
      "8.0.42": {"creatable": true}
    },
    "postgres": {
      "11.22-rds.20260514": {"creatable": true},
      "15.4": {"creatable": false},
      "15.13": {"creatable": true}
    }
  }
}
"""


def condition(engine: str, **version: object) -> dict[str, object]:
    return {
        "properties": {
            "Engine": {"const": engine},
            "EngineVersion": {"type": ["string", "number"], **version},
        },
        "required": ["Engine", "EngineVersion"],
    }


def schema_of_all(versions: Mapping[str, list[str]]) -> dict[str, object]:
    """Shaped like cfn-lint's engine_version.json: a clause on the engine, then one per engine."""
    engines: dict[str, object] = {
        "if": {"properties": {"Engine": {"type": "string"}}, "required": ["Engine"]},
        "then": {"properties": {"Engine": {"enum": sorted(versions)}}},
    }
    return {
        "allOf": [
            engines,
            *(
                {
                    "if": condition(engine),
                    "then": {"properties": {"EngineVersion": {"enum": listed}}},
                }
                for engine, listed in versions.items()
            ),
        ],
        "description": "Automatically updated using aws api",
    }


def schema_of_deprecated(versions: Mapping[str, list[str]]) -> dict[str, object]:
    """Shaped like cfn-lint's engine_version_deprecated.json."""
    return {
        "allOf": [
            {"if": condition(engine, enum=gone), "then": False} for engine, gone in versions.items()
        ],
        "description": "Automatically updated using aws api",
    }


def write_wheel(
    directory: Path,
    everything: object | None = None,
    day: tuple[int, int, int, int, int, int] = SAME_DAY,
) -> Path:
    wheel = directory / "cfn_lint-9.9.9-py3-none-any.whl"
    folder = "cfnlint/data/schemas/extensions/aws_rds_dbcluster"
    files = {
        "engine_version.json": everything or schema_of_all(LISTED),
        "engine_version_deprecated.json": schema_of_deprecated(DEPRECATED),
    }
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(f"{folder}/{name}", day), json.dumps(content))
    return wheel


def run(output: Path, *arguments: object) -> int:
    return script.main([*map(str, arguments), "--output", str(output)])


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "engine_versions.json"


# --- from cfn-lint ------------------------------------------------------------------------------


def test_a_wheel_gives_the_whole_file(
    tmp_path: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(output, "--from", "cfn-lint", "--wheel", write_wheel(tmp_path)) == 0
    assert output.read_text(encoding="utf-8").endswith(EXPECTED)
    printed = capsys.readouterr().out
    assert "aurora-postgresql: 4 versions, 2 can be created" in printed
    assert "engine_versions.json written" in printed


def test_the_file_is_json_and_says_that_it_is_not_to_be_edited(
    tmp_path: Path, output: Path
) -> None:
    run(output, "--from", "cfn-lint", "--wheel", write_wheel(tmp_path))
    content = json.loads(output.read_text(encoding="utf-8"))
    assert "scripts/refresh_engine_versions.py" in " ".join(content["about"])


def test_a_second_run_changes_nothing(
    tmp_path: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wheel = write_wheel(tmp_path)
    run(output, "--from", "cfn-lint", "--wheel", wheel)
    before = output.stat().st_mtime_ns
    assert run(output, "--from", "cfn-lint", "--wheel", wheel) == 0
    assert output.stat().st_mtime_ns == before
    assert "up to date already" in capsys.readouterr().out


def test_a_check_of_a_fresh_file_is_0(tmp_path: Path, output: Path) -> None:
    wheel = write_wheel(tmp_path)
    run(output, "--from", "cfn-lint", "--wheel", wheel)
    assert run(output, "--from", "cfn-lint", "--wheel", wheel, "--check") == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param('"15.10": {"creatable": true}', '"15.10": {"creatable": false}', id="a flag"),
        pytest.param('      "15.4": {"creatable": false},\n', "", id="a version too few"),
        pytest.param('"2026-10-20"', '"2026-08-11"', id="another day"),
        pytest.param("cfn-lint 9.9.9", "cfn-lint 9.9.8", id="another release"),
        pytest.param("  ", "\t", id="another layout"),
    ],
)
def test_a_check_of_a_file_that_differs_is_1_and_changes_nothing(
    tmp_path: Path, output: Path, old: str, new: str
) -> None:
    wheel = write_wheel(tmp_path)
    run(output, "--from", "cfn-lint", "--wheel", wheel)
    text = output.read_text(encoding="utf-8")
    assert old in text
    output.write_text(text.replace(old, new), encoding="utf-8")
    assert run(output, "--from", "cfn-lint", "--wheel", wheel, "--check") == 1
    assert output.read_text(encoding="utf-8") == text.replace(old, new)


def test_a_check_without_a_file_is_1_and_writes_none(tmp_path: Path, output: Path) -> None:
    assert run(output, "--from", "cfn-lint", "--wheel", write_wheel(tmp_path), "--check") == 1
    assert not output.exists()


def test_the_changes_are_told_in_words(
    tmp_path: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(output, "--from", "cfn-lint", "--wheel", write_wheel(tmp_path))
    text = output.read_text(encoding="utf-8")
    text = text.replace('"15.4": {"creatable": false}', '"15.4": {"creatable": true}')
    text = text.replace('"9.6.22"', '"9.6.21"')
    output.write_text(text, encoding="utf-8")
    capsys.readouterr()
    run(output, "--from", "cfn-lint", "--wheel", write_wheel(tmp_path))
    printed = capsys.readouterr().out
    assert "aurora-postgresql 15.4: cannot be created; before: can be created" in printed
    assert "aurora-postgresql 9.6.22: new, cannot be created" in printed
    assert "aurora-postgresql 9.6.21: no longer listed" in printed


def test_a_version_of_an_unknown_form_is_kept_and_told(
    tmp_path: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = {**LISTED, POSTGRESQL: [*LISTED[POSTGRESQL], "20.1-beyond"]}
    wheel = write_wheel(tmp_path, schema_of_all(listed))
    assert run(output, "--from", "cfn-lint", "--wheel", wheel) == 0
    assert '"20.1-beyond": {"creatable": true}' in output.read_text(encoding="utf-8")
    assert "20.1-beyond: a form that policies/model does not know" in capsys.readouterr().out


def test_a_wheel_without_a_day_needs_one(
    tmp_path: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wheel = write_wheel(tmp_path, day=(1980, 1, 1, 0, 0, 0))
    assert run(output, "--from", "cfn-lint", "--wheel", wheel) == 2
    assert "--as-of" in capsys.readouterr().err
    assert run(output, "--from", "cfn-lint", "--wheel", wheel, "--as-of", "2026-10-20") == 0
    assert output.read_text(encoding="utf-8").endswith(EXPECTED)


@pytest.mark.parametrize(
    ("everything", "message"),
    [
        pytest.param({"anyOf": []}, "new form: allOf", id="no list of clauses"),
        pytest.param(
            schema_of_all({POSTGRESQL: ["15.4"]}), "no version of aurora-mysql", id="engine"
        ),
        pytest.param(
            {"allOf": [{"if": condition(MYSQL), "then": {}}]}, "new form: then", id="then"
        ),
    ],
)
def test_a_new_form_of_cfn_lint_s_data_is_told(
    tmp_path: Path,
    output: Path,
    capsys: pytest.CaptureFixture[str],
    everything: object,
    message: str,
) -> None:
    wheel = write_wheel(tmp_path, everything)
    assert run(output, "--from", "cfn-lint", "--wheel", wheel) == 2
    assert message in capsys.readouterr().err
    assert not output.exists()


def test_a_file_that_is_no_wheel_is_told(
    tmp_path: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wheel = tmp_path / "cfn_lint-9.9.9-py3-none-any.whl"
    wheel.write_text("no zip", encoding="utf-8")
    assert run(output, "--from", "cfn-lint", "--wheel", wheel) == 2
    assert "no cfn-lint wheel that can be read" in capsys.readouterr().err


def test_a_damaged_present_file_is_told(
    tmp_path: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output.write_text("{", encoding="utf-8")
    assert run(output, "--from", "cfn-lint", "--wheel", write_wheel(tmp_path)) == 2
    assert "cannot be read" in capsys.readouterr().err


@pytest.fixture
def installed_cfn_lint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install the fixture's data as a package cfnlint of release 9.9.9, for one test."""
    site = tmp_path / "site"
    with zipfile.ZipFile(write_wheel(tmp_path)) as archive:
        archive.extractall(site)
    (site / "cfnlint" / "__init__.py").write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(site)
    monkeypatch.delitem(sys.modules, "cfnlint", raising=False)
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "9.9.9")


@pytest.mark.usefixtures("installed_cfn_lint")
def test_an_installed_cfn_lint_needs_the_day_of_its_data(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(output, "--from", "cfn-lint") == 2
    assert "does not say of which day its data is" in capsys.readouterr().err
    assert run(output, "--from", "cfn-lint", "--as-of", "2026-10-20") == 0
    assert output.read_text(encoding="utf-8").endswith(EXPECTED)


@pytest.mark.usefixtures("installed_cfn_lint")
def test_an_installed_cfn_lint_of_the_same_release_keeps_the_day(output: Path) -> None:
    run(output, "--from", "cfn-lint", "--as-of", "2026-10-20")
    assert run(output, "--from", "cfn-lint", "--check") == 0


@pytest.mark.usefixtures("installed_cfn_lint")
def test_an_installed_cfn_lint_of_another_release_does_not_keep_the_day(output: Path) -> None:
    run(output, "--from", "cfn-lint", "--as-of", "2026-10-20")
    text = output.read_text(encoding="utf-8").replace("cfn-lint 9.9.9", "cfn-lint 9.9.8")
    output.write_text(text, encoding="utf-8")
    assert run(output, "--from", "cfn-lint") == 2


def test_a_missing_cfn_lint_is_told(
    output: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    assert run(output, "--from", "cfn-lint") == 2
    assert "cfn-lint is not installed: pip install cfn-lint" in capsys.readouterr().err


def test_a_day_that_is_none_is_refused(output: Path) -> None:
    with pytest.raises(SystemExit):
        run(output, "--from", "cfn-lint", "--as-of", "yesterday")


# --- from AWS -----------------------------------------------------------------------------------

PAGES: dict[str, list[list[dict[str, object]]]] = {
    MYSQL: [
        [
            {"EngineVersion": "8.0", "Status": "deprecated", "SupportsGlobalDatabases": True},
            {
                "EngineVersion": "8.0.mysql_aurora.3.04.0",
                "Status": "available",
                "SupportsGlobalDatabases": True,
            },
        ]
    ],
    POSTGRESQL: [
        [{"EngineVersion": "15.10", "Status": "available", "SupportsGlobalDatabases": True}],
        [
            {"EngineVersion": "15.4", "Status": "deprecated", "SupportsGlobalDatabases": True},
            {"EngineVersion": "16.4-limitless", "Status": "available"},
            {
                "EngineVersion": "15.6",
                "Status": "inactive-except-restore",
                "SupportsGlobalDatabases": False,
            },
        ],
    ],
    "mysql": [[{"EngineVersion": "8.0.42", "Status": "available"}]],
    "postgres": [[{"EngineVersion": "15.4", "Status": "deprecated"}]],
}

EXPECTED_FROM_AWS = """\
    "aurora-mysql": {
      "8.0.mysql_aurora.3.04.0": {"creatable": true, "global_databases": true}
    },
    "aurora-postgresql": {
      "15.4": {"creatable": false, "global_databases": true},
      "15.6": {"creatable": false, "global_databases": false},
      "15.10": {"creatable": true, "global_databases": true},
      "16.4-limitless": {"creatable": true}
    },
    "mysql": {
      "8.0.42": {"creatable": true}
    },
    "postgres": {
      "15.4": {"creatable": false}
    }
  }
}
"""


class FakePaginator:
    def __init__(self, pages: Mapping[str, list[list[dict[str, object]]]]) -> None:
        self.pages = pages

    def paginate(self, **parameters: object) -> Iterable[Mapping[str, object]]:
        engine = parameters["Engine"]
        assert isinstance(engine, str)
        assert parameters == {"Engine": engine, "IncludeAll": True}
        return ({"DBEngineVersions": page} for page in self.pages[engine])


class FakeClient:
    def __init__(self, pages: Mapping[str, list[list[dict[str, object]]]] = PAGES) -> None:
        self.pages = pages

    def get_paginator(self, operation_name: str) -> FakePaginator:
        assert operation_name == "describe_db_engine_versions"
        return FakePaginator(self.pages)


class BotoCoreError(Exception):
    pass


class NoCredentialsError(BotoCoreError):
    pass


class ClientError(Exception):
    pass


@pytest.fixture
def fake_boto3(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """Stand in for boto3 and botocore.exceptions; the client is FakeClient in us-east-1."""
    boto3 = types.ModuleType("boto3")
    botocore = types.ModuleType("botocore")
    exceptions = types.ModuleType("botocore.exceptions")

    def client(service: str, region_name: str) -> FakeClient:
        assert (service, region_name) == ("rds", "us-east-1")
        return FakeClient()

    monkeypatch.setattr(boto3, "client", client, raising=False)
    for kind in (BotoCoreError, NoCredentialsError, ClientError):
        monkeypatch.setattr(exceptions, kind.__name__, kind, raising=False)
    monkeypatch.setitem(sys.modules, "boto3", boto3)
    monkeypatch.setitem(sys.modules, "botocore", botocore)
    monkeypatch.setitem(sys.modules, "botocore.exceptions", exceptions)
    return boto3


@pytest.mark.usefixtures("fake_boto3")
def test_aws_gives_the_whole_file_with_its_word_on_global_databases(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(output, "--from", "aws", "--region", "us-east-1") == 0
    text = output.read_text(encoding="utf-8")
    assert text.endswith(EXPECTED_FROM_AWS)
    assert '"name": "DescribeDBEngineVersions in us-east-1"' in text
    assert "asking AWS for aurora-postgresql in us-east-1" in capsys.readouterr().out


@pytest.mark.usefixtures("fake_boto3")
def test_a_check_against_aws_does_not_mind_the_day(output: Path) -> None:
    run(output, "--from", "aws")
    content = json.loads(output.read_text(encoding="utf-8"))
    text = output.read_text(encoding="utf-8").replace(content["source"]["date"], "2020-01-01")
    output.write_text(text, encoding="utf-8")
    assert run(output, "--from", "aws", "--check") == 0
    assert run(output, "--from", "aws") == 0
    assert "2020-01-01" not in output.read_text(encoding="utf-8")


@pytest.mark.usefixtures("fake_boto3")
def test_a_check_against_aws_of_a_file_from_cfn_lint_is_1(tmp_path: Path, output: Path) -> None:
    run(output, "--from", "cfn-lint", "--wheel", write_wheel(tmp_path))
    assert run(output, "--from", "aws", "--check") == 1


def test_an_engine_without_versions_is_no_answer() -> None:
    with pytest.raises(script.RefreshError, match="no version of aurora-mysql in us-east-1"):
        script.listing_from_client(FakeClient({MYSQL: [[]]}), "us-east-1", "2026-11-24")


@pytest.mark.parametrize("module", ["boto3", "botocore.exceptions"])
def test_a_missing_boto3_is_told(
    output: Path,
    fake_boto3: types.ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    module: str,
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    assert run(output, "--from", "aws") == 2
    assert "boto3 is not installed: pip install boto3" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "message"),
    [
        pytest.param(NoCredentialsError("none"), "no AWS credentials were found", id="credentials"),
        pytest.param(BotoCoreError("no route"), "AWS did not answer: no route", id="network"),
        pytest.param(ClientError("denied"), "AWS did not answer: denied", id="permission"),
    ],
)
def test_what_aws_refuses_is_told(
    output: Path,
    fake_boto3: types.ModuleType,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    message: str,
) -> None:
    def client(service: str, region_name: str) -> FakeClient:
        raise error

    fake_boto3.__dict__["client"] = client
    assert run(output, "--from", "aws") == 2
    assert message in capsys.readouterr().err
    assert not output.exists()


def test_the_real_client_accepts_the_request_and_its_answer_is_read() -> None:
    """Runs where botocore is installed: its model of RDS checks both sides."""
    session = pytest.importorskip("botocore.session")
    stub = pytest.importorskip("botocore.stub")
    client = session.get_session().create_client(
        "rds", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    with stub.Stubber(client) as stubber:
        for engine, pages in PAGES.items():
            rows = [{"Engine": engine, **row} for page in pages for row in page]
            stubber.add_response(
                "describe_db_engine_versions",
                {"DBEngineVersions": rows},
                {"Engine": engine, "IncludeAll": True},
            )
        listing = script.tidied(script.listing_from_client(client, "us-east-1", "2026-11-24"))
    assert script.render(listing).endswith(EXPECTED_FROM_AWS)


# --- the file of the pack -----------------------------------------------------------------------


def test_the_pack_s_own_file_is_as_the_script_writes_it() -> None:
    path = DATA_DIRECTORY / "engine_versions.json"
    present = script.read_present(path)
    assert present is not None
    assert script.render(script.tidied(present)) == path.read_text(encoding="utf-8")
