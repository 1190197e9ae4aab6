"""What `pulumi policy publish` uploads: small, without leftovers, and enough to run on its own."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest
import yaml

from offline.engine import Engine
from policies import RULES
from scripts.published_files import published_files
from tests.archives import unpack
from tests.engine.cloud import ORGANIZATION, Cloud, serving
from tests.engine.conftest import PACK, STACKS, told
from tests.engine.test_incident import MANDATORY

LIMIT = 2 * 1000 * 1000
"""Bytes; docs/guides/organization.md says so."""
LEFTOVERS = {
    "venv",
    ".venv",
    ".git",
    ".pulumi-home",
    "__pycache__",
    ".hypothesis",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
}


@pytest.fixture(scope="module")
def cloud(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Cloud:
    """Pulumi Cloud after the pack was published with the real CLI."""
    home = tmp_path_factory.mktemp("home")
    with serving() as found:
        environment = engine.environment({**found.environment, "PULUMI_HOME": str(home)})
        command = ["pulumi", "policy", "publish", ORGANIZATION, "--non-interactive"]
        code, output = engine.run(command, PACK, environment, 120.0)
    assert code == 0, output
    return found


def names(cloud: Cloud) -> set[str]:
    with tarfile.open(fileobj=io.BytesIO(cloud.archive)) as archive:
        return {name.removeprefix("package/") for name in archive.getnames()}


def test_what_is_uploaded_is_what_the_script_lists(cloud: Cloud) -> None:
    assert names(cloud) == {str(file.relative_to(PACK)) for file in published_files(PACK)}


def test_it_is_small_and_holds_no_leftovers(cloud: Cloud) -> None:
    assert len(cloud.archive) < LIMIT
    assert not {name for name in names(cloud) if LEFTOVERS & set(Path(name).parts)}


def test_pulumi_cloud_is_told_of_every_policy_with_its_metadata(cloud: Cloud) -> None:
    manifest = yaml.safe_load((PACK / "PulumiPolicy.yaml").read_text(encoding="utf-8"))
    assert cloud.is_complete
    assert cloud.pack["name"] == "aws-dr-preflight"
    assert cloud.pack["versionTag"] == manifest["version"]
    assert cloud.pack["description"] == manifest["description"]
    assert cloud.pack["readme"].startswith("# aws-dr-preflight")
    sent = {each["name"]: each for each in cloud.pack["policies"]}
    assert set(sent) == {rule.name for rule in RULES}
    for rule in RULES:
        policy = sent[rule.name]
        assert policy["enforcementLevel"] == rule.level.value
        assert policy["severity"] == rule.severity.value
        assert policy["url"] == rule.url
        assert policy["remediationSteps"] == rule.fix
        for option in rule.options:
            assert option.name in policy["configSchema"]["properties"]


def test_it_installs_and_runs_on_its_own(cloud: Cloud, engine: Engine, tmp_path: Path) -> None:
    unpack(cloud.archive, tmp_path)
    pack = tmp_path / "package"
    stack = engine.stack(STACKS / "incident", pack=pack, workdir=tmp_path / "state")
    assert (pack / "venv").is_dir()
    run = stack.preview()
    assert told(run, "mandatory") == MANDATORY, run.output


def test_ignore_files_below_and_above_the_folder_count(tmp_path: Path) -> None:
    pack = tmp_path / "above" / "pack"
    for name in ("a.py", "b.log", "venv/c.py", "sub/d.py", "sub/e.txt", ".git/config", "f.tmp"):
        (pack / name).parent.mkdir(parents=True, exist_ok=True)
        (pack / name).write_text("", encoding="utf-8")
    (pack / ".gitignore").write_text("*.log\nvenv/\n", encoding="utf-8")
    (pack / "sub" / ".gitignore").write_text("*.txt\n", encoding="utf-8")
    (tmp_path / "above" / ".gitignore").write_text("*.tmp\n", encoding="utf-8")
    found = {str(file.relative_to(pack)) for file in published_files(pack)}
    assert found == {".gitignore", "a.py", "sub/.gitignore", "sub/d.py"}
