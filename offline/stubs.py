"""Starts what needs nothing of the `pulumi` package but its gRPC stubs.

    python stubs.py SCRIPT ARGUMENTS ...

An import of the stubs imports the whole SDK, which takes longer than all else that a language host
or a provider does when it starts, and each run of the engine starts several of them. It is
installed as a copy beside the CLI, so it imports nothing but the standard library.
"""

from __future__ import annotations

import importlib.util
import runpy
import sys
from pathlib import Path
from types import ModuleType


def stubs_alone() -> None:
    """Let this process import `pulumi.runtime.proto` without the packages that it is in.

    For a process that asks for nothing else of `pulumi` later.
    Where there is no `pulumi`, imports fail as ever; where it is imported already, it stays.
    """
    if "pulumi" in sys.modules:
        return
    found = importlib.util.find_spec("pulumi")
    if found is None or not found.submodule_search_locations:
        return
    for name in ("pulumi", "pulumi.runtime", "pulumi.runtime.proto"):
        inner = name.split(".")[1:]
        package = ModuleType(name)
        package.__path__ = [str(Path(each, *inner)) for each in found.submodule_search_locations]
        sys.modules[name] = package


if __name__ == "__main__":
    del sys.argv[0]
    stubs_alone()
    runpy.run_path(sys.argv[0], run_name="__main__")
