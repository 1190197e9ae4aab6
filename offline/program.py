"""Starts a Pulumi program with the SDK's own script, in two ways quicker that no program notices.

    python program.py ARGUMENTS ...

At the end of a program, the SDK waits for the first of all outputs that are left, then for the
first of the rest, and so on, going through all of them each time. Of a program with five hundred
resources that is more than half of the time. Here it waits until all are done, or one has failed:
what it does and tells stays the same.

And garbage is collected less often: the classes of a provider's SDK stay, and going through them
again and again is a sixth of the time that their import takes.

It is installed as a copy beside the SDK's script, so it imports nothing but the standard library
and, as that script does, the SDK.
"""

from __future__ import annotations

import asyncio
import gc
import runpy
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

Waited = tuple[set["asyncio.Task[Any]"], set["asyncio.Task[Any]"]]


async def wait_for_all(tasks: Iterable[asyncio.Task[Any]], **_: Any) -> Waited:
    """`asyncio.wait` until all tasks are done, or one of them fails."""
    return await asyncio.wait(list(tasks), return_when=asyncio.FIRST_EXCEPTION)


def wait_at_once(module: ModuleType) -> None:
    """Let what a module calls `asyncio.wait` wait for all tasks; `asyncio` stays as it is."""
    own = ModuleType("asyncio")
    vars(own).update(vars(asyncio), wait=wait_for_all)
    vars(module)["asyncio"] = own


if __name__ == "__main__":
    gc.set_threshold(10_000)
    try:
        from pulumi.runtime import stack
    except ImportError:
        pass  # The SDK's script says what is missing, and what to do.
    else:
        wait_at_once(stack)
    script = Path(__file__).resolve().with_name("pulumi-language-python-exec")
    sys.argv[0] = str(script)
    runpy.run_path(str(script), run_name="__main__")
