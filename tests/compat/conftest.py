"""The engine's fixtures, for the tests of this folder."""

from tests.engine.conftest import engine, phases

__all__ = ["engine", "phases"]
