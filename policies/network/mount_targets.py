"""Mount targets that EFS takes: one in a zone, and that of a One Zone file system in its zone."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Model
from ..model.places import region_of_zone
from ..model.references import target
from ..model.resource import Resource
from ..model.values import Known
from ..rule import Outcome, Violation


def mounted_once_in_a_zone(mount: Resource, model: Model) -> Iterator[Outcome]:
    """A file system has one mount target in a zone."""
    for other in model.wiring.mount_targets.before(mount):
        yield Violation(
            mount,
            f"{mount.label} is in the same Availability Zone as {other.label}, which is of the "
            "same file system.",
            effect="CreateMountTarget answers MountTargetConflict: mount target already exists "
            "in this AZ",
            fix="Create one mount target per Availability Zone; everything in the VPC can use it.",
            parties=(other,),
        )
        return


def mounted_where_it_is(mount: Resource, model: Model) -> Iterator[Outcome]:
    """A file system of one zone has its mount target there. A zone of another region is told of
    by `zone-in-region`."""
    system = target(model.stack.reference(mount, "fileSystemId"))
    subnet = target(model.stack.reference(mount, "subnetId"))
    if system is None or subnet is None:
        return
    match system.text("availabilityZoneName"), subnet.text("availabilityZone"):
        case Known(own), Known(there) if own != there and region_of_zone(own) == region_of_zone(
            there
        ):
            yield Violation(
                mount,
                f"{mount.label} is in another Availability Zone than its One Zone file system:",
                chains=((mount.label, subnet.label, there), (mount.label, system.label, own)),
                effect="CreateMountTarget answers: File System Availability Zone does not match.",
                fix=f"Choose a subnet in {own}, or remove availabilityZoneName from the file "
                "system.",
                parties=(system, subnet),
            )
