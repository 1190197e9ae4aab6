"""The zones of AWS's endpoints, and the script that compares them with another table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from policies.model.dns.endpoint_zones import TABLES, is_endpoint_zone, zone_of_name, zones
from policies.model.regions.zones import is_known_region
from scripts import check_endpoint_zones as script


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("web-1.us-east-1.elb.amazonaws.com", "Z35SXDOTRQ7X7K"),
        ("internal-web-1.us-west-2.elb.amazonaws.com", "Z1H1FL5HABSF5"),
        ("web-1.elb.us-west-2.amazonaws.com", "Z18D5FSROUN65G"),
        ("web-1.cn-north-1.elb.amazonaws.com.cn", "Z1GDH35T77C1KE"),
        ("s3-website-us-east-1.amazonaws.com", "Z3AQBSTGFYJSTF"),
        ("www.acme-corp.com.s3-website.eu-central-1.amazonaws.com", "Z21DNDUVLTQW6Q"),
        ("d111111abcdef8.cloudfront.net", "Z2FDTNDATAQYW2"),
        ("a1.awsglobalaccelerator.com", "Z2BJ6XQ5FK7U4H"),
        ("web-1.mars-1.elb.amazonaws.com", None),
        ("elb.amazonaws.com", None),
        ("api.execute-api.us-east-1.amazonaws.com", None),
        ("www.acme-corp.com", None),
        ("cloudfront.net", None),
        ("", None),
    ],
)
def test_a_name_tells_its_zone(name: str, zone: str | None) -> None:
    assert zone_of_name(name) == zone


def test_the_tables_are_of_regions_and_ids() -> None:
    found = [zone for kind in TABLES for zone in zones()[kind].values()]
    assert len(found) == len(set(found))
    assert all(re.fullmatch(r"Z[A-Z0-9]{11,21}", zone) for zone in found)
    assert all(is_endpoint_zone(zone) for zone in found)
    assert not is_endpoint_zone("Z0SOMEBODYS")
    assert all(is_known_region(region) for kind in TABLES for region in zones()[kind])


_GO = """
var {name} = map[string]string{{
\tendpoints.UsEast1RegionID:    "{first}",
\tnames.USGovWest1RegionID:     "{second}",
\tnames.EUMars1RegionID: "Z000000000000",
}}
"""


def checkout(place: Path, **changed: str) -> str:
    """Go files with two regions of each table and one that nobody knows."""
    for kind, (file, name) in script.SOURCES.items():
        ours = zones()[kind]
        text = _GO.format(
            name=name, first=changed.get(kind, ours["us-east-1"]), second=ours["us-gov-west-1"]
        )
        path = place / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((path.read_text() if path.exists() else "") + text)
    return str(place)


def test_the_script_finds_them_equal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert script.main([checkout(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "application eu-mars-1: there only" in said
    assert "network us-west-2: here only" in said


def test_the_script_finds_a_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert script.main([checkout(tmp_path, network="Z0AAAAAAAAAAA")]) == 1
    assert "network us-east-1: Z26RNL4JYFTOTI here, Z0AAAAAAAAAAA there" in capsys.readouterr().out


def test_the_script_says_what_it_cannot_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert script.main([str(tmp_path)]) == 2
    place = Path(checkout(tmp_path))
    file, _ = script.SOURCES["website"]
    (place / file).write_text("package s3\n")
    assert script.main([str(place)]) == 2
    assert "there is no table hostedZoneIDsMap" in capsys.readouterr().err
