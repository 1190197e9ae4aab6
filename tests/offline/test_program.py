"""How a program is waited for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from types import ModuleType
from typing import Any

import pytest

from offline.program import wait_at_once


@pytest.fixture
def patched() -> ModuleType:
    module = ModuleType("module")
    wait_at_once(module)
    return module


async def after(seconds: float) -> float:
    await asyncio.sleep(seconds)
    return seconds


async def fails() -> float:
    raise ValueError("wrong range")


def waited(patched: ModuleType, *work: Coroutine[Any, Any, float]) -> tuple[int, int]:
    """How many tasks are done, and how many are not."""

    async def run() -> tuple[int, int]:
        tasks = [asyncio.ensure_future(each) for each in work]
        done, left = await patched.asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for each in left:
            each.cancel()
        assert [str(each.exception()) for each in done if each.exception()] in ([], ["wrong range"])
        return len(done), len(left)

    return asyncio.run(run())


def test_all_are_waited_for_where_the_sdk_asks_for_the_first(patched: ModuleType) -> None:
    assert waited(patched, after(0.0), after(0.02), after(0.01)) == (3, 0)


def test_a_failure_is_told_at_once(patched: ModuleType) -> None:
    begun = time.monotonic()
    assert waited(patched, after(30.0), fails()) == (1, 1)
    assert time.monotonic() - begun < 10


def test_nobody_else_waits_otherwise(patched: ModuleType) -> None:
    assert patched.asyncio.sleep is asyncio.sleep
    assert patched.asyncio.wait is not asyncio.wait
