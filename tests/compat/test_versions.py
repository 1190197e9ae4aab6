"""What the pack says of the versions that it works with is what was tested."""

from __future__ import annotations

import re

from offline.paths import REPOSITORY
from policies.serving.servicer import KNOWN_SDKS
from tests.compat.environments import AWS_6, AWS_7, SDKS


def test_the_fast_path_knows_the_policy_sdks_that_are_tested_and_no_others() -> None:
    tested = [_version(each.packages, "pulumi-policy")[:2] for each in SDKS]
    assert tested == list(KNOWN_SDKS)


def test_the_requirements_begin_at_the_oldest_versions_that_are_tested() -> None:
    lines = (REPOSITORY / "requirements.txt").read_text().splitlines()
    for name in ("pulumi", "pulumi-policy"):
        floor = next(line for line in lines if line.startswith(f"{name}>="))
        wanted = ".".join(map(str, _version(SDKS[0].packages, name)[:2]))
        assert floor.startswith(f"{name}>={wanted},")


def test_the_requirements_end_with_the_newest_policy_sdk_that_is_known() -> None:
    lines = (REPOSITORY / "requirements.txt").read_text().splitlines()
    [allowed] = [line for line in lines if line.startswith("pulumi-policy")]
    major, minor = KNOWN_SDKS[-1]
    assert allowed.endswith(f",<{major}.{minor + 1}")


def test_the_page_names_every_version_that_is_tested() -> None:
    page = (REPOSITORY / "docs" / "compatibility.md").read_text()
    for package in (*SDKS[0].packages, *SDKS[-1].packages, AWS_6, AWS_7):
        name, _, version = package.partition("==")
        assert re.search(rf"\| {name} \|.*\b{re.escape(version)}\b", page), package


def _version(packages: tuple[str, ...], name: str) -> tuple[int, ...]:
    found = next(each for each in packages if each.startswith(f"{name}=="))
    return tuple(map(int, re.findall(r"\d+", found)))
