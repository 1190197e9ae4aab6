"""Property tests try the same examples each time and have no deadline: a busy machine is no bug."""

from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True, database=None)
settings.load_profile("steady")
