"""The provider SDKs of programs that are not in Python."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from offline import cli, launcher, sdks
from offline.progress import CommandError
from offline.project import Project, ProjectError
from offline.sdks import ProviderSdk, provider_sdks, site_of
from offline.standin.install import install_from


def program(folder: Path, runtime: str) -> Project:
    return Project(folder, {"name": "shop", "runtime": runtime})


def package(modules: Path, name: str, **about: object) -> None:
    folder = modules / name
    folder.mkdir(parents=True)
    (folder / "package.json").write_text(json.dumps({"name": name, **about}), encoding="utf-8")


def test_node_modules_tell_provider_and_version(tmp_path: Path) -> None:
    modules = tmp_path / "node_modules"
    package(modules, "@pulumi/pulumi", version="3.248.0")
    package(modules, "@pulumi/aws", version="7.48.0", pulumi={"resource": True, "name": "aws"})
    package(modules, "@pulumi/random", version="v4.18.0", pulumi={"resource": True})
    package(modules, "@types/node", version="18.0.0")
    expected = (ProviderSdk("aws", "7.48.0"), ProviderSdk("random", "4.18.0"))
    assert provider_sdks(program(tmp_path, "nodejs")) == expected
    inner = tmp_path / "packages" / "infra"
    inner.mkdir(parents=True)
    assert provider_sdks(program(inner, "nodejs")) == expected, "a workspace has them above"


def test_node_without_its_packages_is_told_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="Fix: run `npm install`"):
        provider_sdks(program(tmp_path, "nodejs"))


def test_a_broken_package_is_named(tmp_path: Path) -> None:
    modules = tmp_path / "node_modules"
    package(modules, "@pulumi/pulumi", version="3.248.0")
    (modules / "@pulumi/pulumi/package.json").write_text("{", encoding="utf-8")
    with pytest.raises(ProjectError, match=r"package\.json cannot be read"):
        provider_sdks(program(tmp_path, "nodejs"))


GO_MOD = """\
module shop

go 1.24

require (
\tgithub.com/pulumi/pulumi-aws/sdk/v7 v7.48.0
\tgithub.com/pulumi/pulumi/sdk/v3 v3.274.1
)

require github.com/pulumi/pulumi-random/sdk/v4 v4.18.0 // indirect
"""


def test_go_mod_tells_provider_and_version(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text(GO_MOD, encoding="utf-8")
    expected = (ProviderSdk("aws", "7.48.0"), ProviderSdk("random", "4.18.0"))
    assert provider_sdks(program(tmp_path, "go")) == expected


def test_go_without_a_module_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"has no go\.mod"):
        provider_sdks(program(tmp_path, "go"))


def test_python_has_its_own(tmp_path: Path) -> None:
    assert provider_sdks(program(tmp_path, "python")) == ()


def test_the_python_sdk_of_that_version_is_fetched_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DR_PREFLIGHT_CACHE", str(tmp_path / "cache"))
    asked: list[str] = []

    def fetch(command: list[str], log: Path) -> None:
        asked.append(command[-1])
        place = Path(command[command.index("--target") + 1]) / "pulumi_aws"
        place.mkdir(parents=True)
        about = {"resource": True, "name": "aws", "version": "7.48.0"}
        (place / "pulumi-plugin.json").write_text(json.dumps(about), encoding="utf-8")

    monkeypatch.setattr(sdks, "run_logged", fetch)
    for _ in range(2):
        site = site_of(ProviderSdk("aws", "7.48.0"), lambda _: None)
    assert asked == ["pulumi-aws==7.48.0"]
    (installed,) = install_from(tmp_path / "home", site)
    assert (installed.name, installed.version) == ("aws", "7.48.0")
    plugin = tmp_path / "home" / "plugins" / "resource-aws-v7.48.0" / "pulumi-resource-aws"
    assert str(site / "pulumi_aws") in plugin.read_text(encoding="utf-8")


def test_a_version_that_cannot_be_had_is_one_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DR_PREFLIGHT_CACHE", str(tmp_path / "cache"))

    def fail(command: list[str], log: Path) -> None:
        raise CommandError("no matching distribution")

    monkeypatch.setattr(sdks, "run_logged", fail)
    with pytest.raises(ProjectError, match=r"pulumi-aws==0\.0\.1, from which") as told:
        site_of(ProviderSdk("aws", "0.0.1"), lambda _: None)
    assert "no matching distribution" in str(told.value)


def test_the_hosts_are_those_of_the_launcher() -> None:
    assert set(launcher.HOSTS) == set(cli.LANGUAGES) == {*sdks.LANGUAGES} - {"yaml"}
