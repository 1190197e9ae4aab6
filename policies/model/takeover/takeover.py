"""Everything that a rehearsal asks of a stack."""

from __future__ import annotations

from ..aurora.global_databases import Aurora
from ..stack import Stack
from .automation import Automation
from .copies import Copies
from .counterparts import Counterparts
from .credentials import Credentials
from .failovers import Failovers
from .homes import Homes
from .permissions import Permissions
from .regions import Loss, Regions
from .roles import Roles
from .settings import RuntimeSettings
from .standby_databases import StandbyDatabases


class Takeover:
    """What is lost with a region, and what is left to take over."""

    def __init__(self, stack: Stack, aurora: Aurora) -> None:
        self.homes = Homes(stack)
        self.copies = Copies(stack, aurora)
        self.counterparts = Counterparts(stack, self.homes)
        self.credentials = Credentials(stack, self.homes)
        self.failovers = Failovers(stack, self.homes)
        self.databases = StandbyDatabases(
            stack, self.homes, self.counterparts, self.copies, self.failovers
        )
        self.regions = Regions(stack, self.homes, aurora)
        self.roles = Roles(stack)
        self.automation = Automation(stack, self.roles)
        self.permissions = Permissions(stack, self.homes, self.copies, self.roles)
        self.settings = RuntimeSettings(
            stack, self.homes, self.copies, self.counterparts, self.automation
        )
        self._losses: dict[tuple[frozenset[str], str | None], tuple[Loss, ...]] = {}

    def losses(self, standing_in: frozenset[str], primary: str | None) -> tuple[Loss, ...]:
        """The losses that are rehearsed (`Regions.losses`), found once."""
        asked = (standing_in, primary)
        if asked not in self._losses:
            self._losses[asked] = self.regions.losses(*asked)
        return self._losses[asked]
