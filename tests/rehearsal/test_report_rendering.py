"""A report as HTML, Markdown and SVG, each taken apart by a parser of its own."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

import pytest

from policies.rehearsal.report.contents import (
    Arrow,
    Cell,
    Column,
    Doubt,
    Exempted,
    Finding,
    Part,
    Rehearsal,
    Relation,
    Report,
    Row,
    Said,
    Status,
)
from policies.rehearsal.report.rendering import as_html, as_markdown, as_svg
from tests.rehearsal.support import SVG, Element, all_of, drawing, page, words

LOST = Column("us-east-1", is_lost=True, note="lost")
LEFT = Column("us-west-2", note="takes over")
URL = "https://example.org/policy.md"
NOTHING: Final = "\N{EN DASH}"
GONE: Final = "\N{MULTIPLICATION SIGN}"

NASTY: Final = (
    "<script>alert(1)</script>",
    "</title></svg><img src=x onerror=alert(1)>",
    "a \"quoted\" & 'other' name",
    "pipe | and `code` and *stars* and [link](http://example.org)",
    "{{ 7 * 7 }} {% raw %}",
    "@everybody #1 ~~gone~~",
    "קוד-الطلبات-\N{RIGHT-TO-LEFT MARK}",
    "注文台帳🧾",
    "x" * 400,
    " ".join(["words"] * 80),
)
"""Names that would be something else if they were not escaped."""


def loss(name: str = "orders", lost: str = "us-east-1") -> Rehearsal:
    """A loss with one of everything, in which a resource, a reason and more have a name."""
    needing = Part(0, "function", name, Status.IDLE, (1,))
    needed = Part(1, "cluster", f"{name}-primary", Status.LOST)
    open_ = Part(2, "role", f"{name}-role", Status.UNTOLD, (2,))
    calm = Part(3, "bucket", f"{name}-copy", Status.SURVIVES)
    column = LOST._replace(name=lost)
    return Rehearsal(
        lost,
        ("us-west-2",),
        (
            Row("compute", (Cell(column, ()), Cell(LEFT, (needing, open_)))),
            Row("data", (Cell(column, (needed,)), Cell(LEFT, (calm,)))),
            Row("failover", (Cell(column, ()), Cell(LEFT, ()))),
        ),
        (
            Arrow(0, 1, Relation.NEEDS),
            Arrow(2, 1, Relation.MAY_NEED),
            Arrow(1, 3, Relation.COPIES),
        ),
        (
            Finding(
                "some-policy",
                "A title",
                URL,
                "high",
                (Said(1, f"Function {name} fails.", ((f"function {name}", f"cluster {name}"),)),),
                f"resolves {name}.",
                f"Change {name}.",
            ),
        ),
        (Doubt(2, "some-policy", URL, (f"role {name}",), f"{name} is not known", f"say {name}"),),
        (Exempted("some-policy", URL, f"Bucket {name} fails.", f"{name} is fine", "2999-01-01"),),
        (f"One thing about {name}.",),
    )


def report(*losses: Rehearsal) -> Report:
    return Report("shop/prod", "aws-dr-preflight", losses, 9, ("off-policy",))


def cards(found: Element, kind: str) -> list[str]:
    return [each.text for each in found.every("article", kind)]


def test_a_page_says_everything() -> None:
    found = page(as_html(report(loss())))
    assert found.every("title")[0].text == "What if a region is lost? shop/prod"
    (verdict,) = found.every("p", "verdict")
    assert verdict.text == "us-west-2 is left. 1 problem stops it from taking over, 1 undecided."
    assert "stops" in verdict.classes
    (finding,) = cards(found, "finding")
    assert finding == (
        "A title high some-policy 1 Function orders fails. function orders cluster orders "
        "AWS resolves orders. Fix Change orders."
    )
    (doubt,) = cards(found, "doubt")
    assert doubt == "2 Role orders: orders is not known. Fix Say orders. some-policy"
    (exempted,) = cards(found, "exempted")
    assert exempted == "Bucket orders fails. Why orders is fine (until 2999-01-01) some-policy"
    assert found.every("ul", "remarks")[0].text == "One thing about orders."
    assert "9 policies were asked. Switched off: off-policy." in found.every("footer")[0].text


def test_the_table_of_a_page_has_a_cell_for_each_tier_and_region() -> None:
    (table,) = page(as_html(report(loss()))).every("table")
    heads = [each.text for each in table.every("thead")[0].every("th")]
    assert heads == ["tier", "us-east-1 lost", "us-west-2 takes over"]
    rows = [[each.text for each in row.every("td")] for row in table.every("tr")[1:]]
    assert rows == [
        [NOTHING, "function orders does not serve (1) role orders-role undecided (2)"],
        ["cluster orders-primary", "bucket orders-copy"],
        [NOTHING, NOTHING],
    ]
    marks = {each.attributes["data-mark"]: each.classes for each in table.every("li")}
    assert marks == {"✗": ["idle"], "?": ["untold"], GONE: ["lost"], "✓": ["survives"]}


def test_many_parts_of_a_cell_are_opened_without_a_script() -> None:
    many = tuple(Part(n, "bucket", f"store-{n}", Status.SURVIVES) for n in range(40))
    full = Rehearsal("us-east-1", ("us-west-2",), (Row("data", (Cell(LEFT, many),)),))
    (details,) = page(as_html(report(full))).every("details")
    assert details.every("summary")[0].text == "40 buckets"
    assert len(details.every("li")) == 40


def test_a_page_fetches_nothing_runs_nothing_and_forbids_both() -> None:
    html = as_html(report(loss()))
    found = page(html)
    assert not found.every("script")
    for element in ("img", "iframe", "object", "embed"):
        assert not found.every(element)
    assert [each.attributes["href"] for each in found.every("link")] == ["data:,"]
    policies = [each.attributes.get("content") for each in found.every("meta")]
    assert "default-src 'none'; img-src data:; style-src 'unsafe-inline'" in policies
    styles = "".join(each.text for each in found.every("style"))
    assert "url(" not in styles
    assert "@import" not in styles


def test_every_id_of_a_page_is_its_own_and_every_link_within_it_leads_somewhere() -> None:
    html = as_html(report(loss(), loss(lost="us-west-1")))
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    wanted = set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)|labelledby="([^"]+)"', html))
    assert wanted
    assert {part for each in wanted for part in each if part} <= set(ids)
    names = [each.text for each in page(html).every("nav")[0].every("li")]
    assert names == ["us-east-1 is lost", "us-west-1 is lost"]


@pytest.mark.parametrize("nothing_stops", [True, False])
def test_the_colour_of_the_verdict_tells_what_it_says(nothing_stops: bool) -> None:
    calm = loss()._replace(findings=(), doubts=() if nothing_stops else loss().doubts)
    (verdict,) = page(as_html(report(calm))).every("p", "verdict")
    assert verdict.classes == (["verdict"] if nothing_stops else ["verdict", "open"])


def test_a_report_on_one_region_says_that_nothing_is_rehearsed() -> None:
    text = "No loss is rehearsed: the stack serves in one region only."
    assert text in page(as_html(report())).text
    assert text in as_markdown(report())
    assert "one region only" in words(drawing(as_svg(report())))


# Pictures.


def test_a_picture_has_boxes_lines_and_frames() -> None:
    found = drawing(as_svg(report(loss())))
    boxes = {words(each): each.get("class") for each in all_of(found, "g", "box")}
    assert boxes == {
        "✗ function orders 1": "box idle",
        "? role orders-role 2": "box untold",
        f"{GONE} cluster orders-primary": "box lost",
        "✓ bucket orders-copy": "box survives",
    }
    drawn = [each for each in all_of(found, "path", "line") if len(each)]
    lines = {each.get("class"): each[0].text for each in drawn}
    assert lines == {
        "line needs": "function orders needs cluster orders-primary",
        "line may_need": "role orders-role may need cluster orders-primary",
        "line copies": "cluster orders-primary is copied to bucket orders-copy",
    }
    badges = {words(each): each.get("class") for each in all_of(found, "g", "badge")}
    assert badges == {"1": "badge", "2": "badge open"}
    assert len(all_of(found, "rect", "frame")) == 2
    assert len(all_of(found, "rect", "is-lost")) == 1
    assert [each.text for each in all_of(found, "text", "region")] == ["us-east-1", "us-west-2"]
    assert [each.text for each in all_of(found, "text", "tier")] == ["compute", "data"]


def test_a_picture_says_in_words_what_it_shows() -> None:
    found = drawing(as_svg(report(loss())))
    title, description = found.find(f"{SVG}title"), found.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert title.text == "What is left when us-east-1 is lost"
    assert description.text == loss().verdict


def test_the_pictures_of_several_losses_are_below_each_other_or_by_themselves() -> None:
    both = report(loss(), loss(lost="us-west-1"))
    regions = [each.text for each in all_of(drawing(as_svg(both)), "text", "region")]
    assert regions == ["us-east-1", "us-west-2", "us-west-1", "us-west-2"]
    one = drawing(as_svg(both, "us-west-1"))
    assert [each.text for each in all_of(one, "text", "region")] == ["us-west-1", "us-west-2"]
    assert [each.text for each in all_of(one, "text", "verdict")] == [loss().verdict]
    height = float(drawing(as_svg(both)).get("height", 0))
    assert height > 1.8 * float(one.get("height", 0))


def test_a_picture_fetches_nothing_and_knows_the_dark() -> None:
    svg = as_svg(report(loss()))
    assert not re.search(r"href=|@import|url\((?!#)", svg)
    assert "prefers-color-scheme: dark" in svg


# Markdown.


def table(markdown: str) -> list[list[str]]:
    """The cells of the table, in which no bar but those between cells is left."""
    lines = [each for each in markdown.splitlines() if each.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", each)[1:-1]] for each in lines]


def test_markdown_says_everything() -> None:
    text = as_markdown(report(loss()))
    assert table(text) == [
        ["tier", "us-east-1 (lost)", "us-west-2 (takes over)"],
        ["---", "---", "---"],
        ["compute", NOTHING, "✗ function **orders** (1)<br>? role orders-role (2)"],
        ["data", f"{GONE} cluster orders-primary", "✓ bucket orders-copy"],
        ["failover", NOTHING, NOTHING],
    ]
    lines = text.splitlines()
    for line in (
        "# What if a region is lost? shop/prod",
        "## us-east-1 is lost",
        "**us-west-2 is left. 1 problem stops it from taking over, 1 undecided.**",
        "### What stops the takeover",
        "**1.** Function orders fails.",
        "- function orders → cluster orders",
        "AWS: resolves orders.<br>",
        "Fix: Change orders.<br>",
        f"high, [some-policy]({URL})",
        "### What is undecided",
        "**2.** Role orders: orders is not known.<br>",
        f"- Bucket orders fails. Exempted until 2999-01-01: orders is fine [some-policy]({URL})",
        "- One thing about orders.",
    ):
        assert line in lines


def test_markdown_leads_to_the_pictures_beside_it() -> None:
    assert ".svg" not in as_markdown(report(loss()))
    assert "](rehearsal-us-east-1.svg)" in as_markdown(report(loss()), pictures=True)


# Names that are no names.


@pytest.mark.parametrize("name", NASTY, ids=lambda name: name[:24].strip())
def test_names_are_shown_as_they_are_and_never_taken_for_markup(name: str) -> None:
    plain, nasty = report(loss()), report(loss(name))
    usual, found = page(as_html(plain)), page(as_html(nasty))
    assert " ".join(name.split()) in found.every("table")[0].text
    for element in ("script", "img", "a", "li", "svg", "title", "g", "bdi"):
        assert len(found.every(element)) == len(usual.every(element)), element
    assert not [key for each in found.every("img") for key in each.attributes if key[:2] == "on"]

    svg = drawing(as_svg(nasty))
    assert len(list(svg.iter())) == len(list(drawing(as_svg(plain)).iter()))
    titles = [each.text for each in svg.iter(f"{SVG}title")]
    assert f"function {name} (does not serve)" in titles

    markdown = as_markdown(nasty)
    assert [len(row) for row in table(markdown)] == [3] * 5
    shown = unescape(re.sub(r"\\([\\`*_{}\[\]|~#])", r"\1", markdown))
    assert name.strip() in shown
    assert "<script" not in markdown
    assert "<img" not in markdown
    assert "@everybody" not in markdown


@pytest.mark.parametrize("name", NASTY, ids=lambda name: name[:24].strip())
def test_regions_and_stacks_are_escaped_too(name: str) -> None:
    odd = Report(name, name, (loss(lost=name),), 1, (name,))
    found = page(as_html(odd))
    assert not found.every("img")
    assert not found.every("script")
    drawing(as_svg(odd))
    assert "<script" not in as_markdown(odd)
