"""The properties that name zones, as the script finds them in the installed SDK."""

from __future__ import annotations

from policies.model.regions.zones import zone_properties
from scripts import make_zone_properties as script


def test_the_data_holds_what_the_installed_sdk_has() -> None:
    assert script.main(["--check"]) == 0
    names = ("availabilityZone", "availabilityZoneId")
    assert zone_properties()["aws:ec2/subnet:Subnet"] == names
