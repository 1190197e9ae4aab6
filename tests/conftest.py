"""Property tests try the same examples each time and have no deadline: a busy machine is no bug.

The collector of garbage is asked less often, and leaves alone what was imported and collected: that
is there to the end, and to go through it time and again took a sixth of the time of all tests."""

import gc

import pytest
from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True, database=None)
settings.load_profile("steady")

gc.set_threshold(10_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first: in the end, no worker has to wait for another's."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
