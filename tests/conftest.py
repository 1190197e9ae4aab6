"""Property tests try the same examples each time and have no deadline: a busy machine is no bug.

The collector of garbage is asked less often, and leaves alone what was imported and collected: that
is there to the end, and to go through it time and again took a sixth of the time of all tests."""

import gc

from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True, database=None)
settings.load_profile("steady")

gc.set_threshold(10_000)


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
