"""Which names a public hosted zone cannot or should not have."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.model import data_files
from policies.model.dns.zone_names import (
    CONFIGURED,
    OBSERVED,
    REPORTED,
    ZONE_NAMES_FILE,
    normalise,
    reserved,
    undelegable,
)

DATA = data_files.DATA_DIRECTORY / ZONE_NAMES_FILE

LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        pytest.param("corp.io", "corp.io", id="a plain name stays as it is"),
        pytest.param("corp.io.", "corp.io", id="one trailing dot goes"),
        pytest.param("corp.io..", "corp.io.", id="a second trailing dot is a fault and stays"),
        pytest.param("Corp.IO", "corp.io", id="capital letters become small"),
        pytest.param(r"\145xample.com", "example.com", id="an escaped letter is that letter"),
        pytest.param(r"\105xample.com", "example.com", id="an escaped capital becomes small"),
        pytest.param(r"\052.corp.io", "*.corp.io", id="an escaped star is a star"),
        pytest.param(r"a\056b.io", r"a\056b.io", id="an escaped dot is no separator and stays"),
        pytest.param(r"a\134b.io", r"a\134b.io", id="an escaped backslash stays"),
        pytest.param(r"a\777b.io", r"a\777b.io", id="an octal number that is no byte stays"),
        pytest.param(r"a\99b.io", r"a\99b.io", id="a backslash that starts no escape stays"),
        pytest.param(".", "", id="the root is the empty name"),
        pytest.param("", "", id="an empty name stays empty"),
        pytest.param("\u212aorp.io", "\u212aorp.io", id="the Kelvin sign is no letter k"),
    ],
)
def test_normalise(name: str, plain: str) -> None:
    assert normalise(name) == plain


@pytest.mark.parametrize(
    ("name", "matched", "evidence"),
    [
        pytest.param("example.com", "example.com", OBSERVED, id="example.com itself"),
        pytest.param("example.net", "example.net", REPORTED, id="example.net, reported only"),
        pytest.param("example.org", "example.org", REPORTED, id="example.org, reported only"),
        pytest.param(
            "dr-failover-dev.example.com", "example.com", OBSERVED, id="a name below example.com"
        ),
        pytest.param("a.b.example.org", "example.org", REPORTED, id="a name two labels below"),
        pytest.param("Example.COM.", "example.com", OBSERVED, id="capitals and a trailing dot"),
        pytest.param(r"\145xample.com", "example.com", OBSERVED, id="written with an escape"),
        pytest.param("corp", "corp", OBSERVED, id="a single label"),
        pytest.param("zone-0a1b2c3", "zone-0a1b2c3", OBSERVED, id="a name that Pulumi made up"),
        pytest.param("com.", "com", OBSERVED, id="a top-level domain"),
        pytest.param("local", "local", OBSERVED, id="a single label that is undelegable too"),
    ],
)
def test_aws_refuses(name: str, matched: str, evidence: str) -> None:
    fault = reserved(name)
    assert fault is not None
    assert (fault.matched, fault.evidence) == (matched, evidence)
    assert fault.source
    assert fault.date


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("example-dev.com", id="example is only the start of the label"),
        pytest.param("tap-example.com", id="example is only the end of the label"),
        pytest.param("example.com.au", id="example.com is not the end of the name"),
        pytest.param("example.io", id="another top-level domain"),
        pytest.param(r"foo\056example.com", id="an escaped dot does not lie below example.com"),
        pytest.param("dr-failover-dev.test.local", id="the accepted fix of the failure list"),
        pytest.param("corp.internal", id="an undelegable name, which AWS accepts"),
        pytest.param("dr.corp.io", id="an ordinary name"),
        pytest.param("", id="an empty name is not judged"),
        pytest.param(".", id="the root is not judged"),
    ],
)
def test_aws_accepts(name: str) -> None:
    assert reserved(name) is None


@pytest.mark.parametrize(
    ("name", "extra", "found"),
    [
        pytest.param("a.corp.io", ["corp.io"], True, id="a name below an extra one"),
        pytest.param("corp.io", ["Corp.IO."], True, id="an extra name in another spelling"),
        pytest.param("a-corp.io", ["corp.io"], False, id="an extra name inside a label"),
        pytest.param("corp.io", [""], False, id="an empty extra name reserves nothing"),
        pytest.param("corp.io", ["."], False, id="the root as extra name reserves nothing"),
        pytest.param("corp.io..", ["."], False, id="the root and a name with a dot too many"),
    ],
)
def test_extra_reserved_names(name: str, extra: list[str], found: bool) -> None:
    fault = reserved(name, extra)
    assert (fault is not None) is found
    if fault is not None:
        assert fault.evidence == CONFIGURED


def test_what_aws_says_comes_before_an_extra_name() -> None:
    fault = reserved("a.example.com", ["a.example.com"])
    assert fault is not None
    assert fault.evidence == OBSERVED


@pytest.mark.parametrize(
    ("name", "matched"),
    [
        pytest.param("dr-failover-dev.test.local", "local", id="the failure list's own name"),
        pytest.param("corp.internal.", "internal", id=".internal with a trailing dot"),
        pytest.param("domain.test", "test", id=".test"),
        pytest.param("a.example", "example", id=".example"),
        pytest.param("a.invalid", "invalid", id=".invalid"),
        pytest.param("a.localhost", "localhost", id=".localhost"),
        pytest.param("A.LOCAL", "local", id="capital letters"),
        pytest.param("home.arpa", "home.arpa", id="home.arpa itself"),
        pytest.param("lab.home.arpa", "home.arpa", id="a name below home.arpa"),
        pytest.param("abc.onion", "onion", id=".onion"),
    ],
)
def test_no_registry_can_delegate(name: str, matched: str) -> None:
    fault = undelegable(name)
    assert fault is not None
    assert fault.matched == matched
    assert f".{matched} " in fault.reason
    assert fault.source
    assert fault.date


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("local", id="a single label, which AWS refuses anyway"),
        pytest.param("corp.io", id="an ordinary name"),
        pytest.param("test.local.io", id="local is not the last label"),
        pytest.param("mylocal.io", id="local is only part of a label"),
        pytest.param("a.latest", id="test is only the end of the label"),
        pytest.param("2.0.192.in-addr.arpa", id="another name below arpa"),
        pytest.param("a.example.com", id="reserved, but under a real top-level domain"),
        pytest.param("", id="an empty name"),
    ],
)
def test_a_registry_may_delegate(name: str) -> None:
    assert undelegable(name) is None


@given(st.text())
def test_no_text_raises(name: str) -> None:
    normalise(name)
    reserved(name)
    undelegable(name)
    reserved("corp.io", [name])


@given(st.lists(LABEL, min_size=0, max_size=4), st.sampled_from(["example.com", "example.org"]))
def test_every_name_below_a_reserved_one_is_reserved(labels: list[str], zone: str) -> None:
    assert reserved(".".join([*labels, zone])) is not None


@given(LABEL, LABEL.filter(lambda label: label != "example"))
def test_two_ordinary_labels_are_not_reserved(first: str, second: str) -> None:
    assert reserved(f"{first}.{second}.com") is None


@given(st.lists(LABEL, min_size=1, max_size=4), st.data())
def test_spelling_does_not_matter(labels: list[str], data: st.DataObject) -> None:
    name = ".".join([*labels, "example.com"])
    spelt = "".join(
        data.draw(st.sampled_from([letter, letter.upper(), f"\\{ord(letter):03o}"]))
        if letter != "."
        else letter
        for letter in name
    )
    assert normalise(f"{spelt}.") == name
    assert reserved(spelt) == reserved(name)


def test_the_file_is_sorted_and_every_name_has_a_source_and_a_day() -> None:
    content = json.loads(DATA.read_text(encoding="utf-8"))
    for group in ("reserved", "undelegable"):
        names = [entry["name"] for entry in content[group]]
        assert names == sorted(set(names))
        assert all(entry["source"] and entry["date"] for entry in content[group])
    assert all(entry["evidence"] in (OBSERVED, REPORTED) for entry in content["reserved"])


def test_the_names_in_the_file_are_in_the_form_that_names_are_compared_in() -> None:
    content = json.loads(DATA.read_text(encoding="utf-8"))
    for entry in (*content["reserved"], *content["undelegable"]):
        assert normalise(entry["name"]) == entry["name"]
