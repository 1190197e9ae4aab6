"""Why the pack starts quickly: what a start does not do. `make bench` has the time."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

import pytest

from offline.paths import REPOSITORY

_START: Final = """
import re, sys
import pulumi_policy

def watch(event, arguments):
    if event == "open" and str(arguments[0]).endswith(".json"):
        print("reads", arguments[0])

def compiled(pattern, flags=0):
    print("compiles", pattern)
    return compile_as_before(pattern, flags)

compile_as_before, re.compile = re.compile, compiled
sys.addaudithook(watch)
before = set(sys.modules)
{start}
for name in sorted(set(sys.modules) - before):
    if name.partition(".")[0] != "policies":
        print("imports", name)
        continue
    for each in vars(sys.modules[name]).values():
        if isinstance(each, type) and "__dataclass_fields__" in vars(each):
            print("makes dataclass", each.__name__)
"""
_SERVE: Final = """
from policies.serving import adapter, servicer
servicer.install()
adapter.build()
"""
_CHEAP: Final = {"imports fnmatch", "imports ipaddress"}
"""What the SDK imports too in most versions of Python."""


def during(start: str) -> list[str]:
    """What these lines do in a process of their own in which the policy SDK is imported."""
    done = subprocess.run(
        [sys.executable, "-c", _START.format(start=start)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_a_start_does_next_to_nothing_but_define_functions() -> None:
    """Python writes and compiles the methods of each dataclass that is defined."""
    assert not set(during(_SERVE)) - _CHEAP


@pytest.mark.parametrize(
    ("start", "told"),
    [
        ("from policies.model.regions import zones; zones.zone_properties()", "reads"),
        ("import re; re.compile('a')", "compiles a"),
        ("import sched", "imports sched"),
        ("import policies.testing", "makes dataclass Stack"),
    ],
)
def test_what_a_start_should_not_do_is_noticed(start: str, told: str) -> None:
    assert any(line.startswith(told) for line in during(start))
