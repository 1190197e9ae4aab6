"""Profiles of the property tests, and how many inputs they tried.

`ci` is small and tries the same examples each time, so that a build fails for its own change only.
`deep` is random and long (`make deep`), `some` is random and takes a minute or two.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, settings

from tests.properties import record

_COMMON: Final[dict[str, Any]] = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "print_blob": True,
}
settings.register_profile("ci", max_examples=25, derandomize=True, database=None, **_COMMON)
for name, examples in (("some", 200), ("deep", 2200)):
    settings.register_profile(name, max_examples=examples, **_COMMON)
settings.load_profile("ci")  # `--hypothesis-profile` comes after this and wins.

_tried: Counter[str] = Counter()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record", action="store_true", help="write what was tried to docs/proof.md")


@pytest.fixture
def tried() -> Counter[str]:
    """Counts what the property tests have tried; printed at the end of the run."""
    return _tried


def pytest_sessionfinish(session: pytest.Session) -> None:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:  # A worker of pytest-xdist tells the process that prints.
        output["tried"] = dict(_tried)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    _tried.update(getattr(node, "workeroutput", {}).get("tried", {}))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if config.getoption("--record", False):
        failed = len(terminalreporter.stats.get("failed", ()))
        page = record.FILE.read_text(encoding="utf-8")
        record.FILE.write_text(
            record.recorded(page, _tried, failed, date.today()), encoding="utf-8"
        )
    if _tried:
        terminalreporter.section("what the property tests tried")
        for what, count in sorted(_tried.items()):
            terminalreporter.line(f"{count:8,} {what}")
