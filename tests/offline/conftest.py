"""What every test of the offline engine starts from."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from typing import Any

import pytest

_DEFAULTS: dict[signal.Signals, Any] = {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGHUP: signal.SIG_DFL,
}


@pytest.fixture(autouse=True)
def _interruptible() -> Iterator[None]:
    """Let children be interrupted, whoever started the tests: `nohup`, a shell's `&` and some
    runners have these signals ignored, and a process hands that on to all that it starts."""
    ignored = [each for each in _DEFAULTS if signal.getsignal(each) is signal.SIG_IGN]
    for each in ignored:
        signal.signal(each, _DEFAULTS[each])
    yield
    for each in ignored:
        signal.signal(each, signal.SIG_IGN)
