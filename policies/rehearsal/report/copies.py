"""The copies of the stack's stores, as a report shows them."""

from __future__ import annotations

from collections.abc import Iterator

from ...model import Model
from ...model.plain import NamedTuple
from ...model.resource import Resource
from ...model.values import Known


class CopyOf(NamedTuple):
    """A certain copy, its region, and how it is kept in a word. `resource` is the copy, or what
    makes it there; a replica that a table or a secret states is none."""

    original: Resource
    region: str
    resource: Resource | None
    how: str

    @property
    def key(self) -> str:
        """By which the report knows the copy."""
        if self.resource is not None:
            return self.resource.urn
        return f"{self.how} of {self.original.urn} in {self.region}"


def copies(model: Model) -> Iterator[CopyOf]:
    """The copies that the stack certainly has in a region that is known."""
    for each in model.takeover.copies.edges():
        if isinstance(each.region, Known):
            region = each.region.value
            is_there = model.takeover.homes.is_in(each.stated_by, region)
            made = each.stated_by if is_there and each.stated_by is not each.original else None
            yield CopyOf(each.original, region, each.resource or made, each.how.value)
