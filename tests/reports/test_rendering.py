"""HTML and Markdown: whole, escaped, and complete without a network or a script."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest

from policies.rehearsal.report import markup
from reports import contents, rendering
from reports.events import read
from reports.log import Log
from reports.places import Place, Places
from reports.record import with_records
from tests.reports.support import (
    LOGS,
    NOWHERE,
    TODAY,
    alb,
    balancer,
    doubt,
    error,
    lines,
    passed,
    record,
    rules_by_name,
    stored,
    summary,
    violation,
)

HOSTILE = '<img src=x onerror="a()"> | `b` **c** [d](javascript:e) </pre></details> @everyone\n# f'
TICK = "\N{CHECK MARK}"
_VOID = {"meta", "link", "br"}


class Page(HTMLParser):
    """The elements of a page: that they are closed in order, and what leads where."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data

    def all(self, tag: str, attribute: str) -> list[str]:
        return [
            found for name, each in self.elements if name == tag and (found := each.get(attribute))
        ]


def logs(*events: dict[str, Any], result: str = "failed") -> tuple[Log, ...]:
    return read("test", lines(*events, passed(urn=None), summary(result, "aws-dr-preflight")))


def page(found: tuple[Log, ...], places: Places = NOWHERE) -> Page:
    return Page(rendering.as_html(contents.of(found, places, TODAY)))


def markdown(found: tuple[Log, ...], places: Places = NOWHERE) -> str:
    return rendering.as_markdown(contents.of(found, places, TODAY))


def two_stacks() -> tuple[Log, ...]:
    events = (
        *(balancer("east"), balancer("west"), doubt("east"), passed(urn=None), summary("failed")),
        *(balancer("east", "prod"), error("Program failed:\nboom"), summary("failed")),
    )
    said = record(12, 90, ("a", "a-*", date(2026, 12, 8)), ("b", "b", None))
    return with_records(read("test", lines(*events)), [said])


@pytest.mark.parametrize("name", sorted(path.name for path in LOGS.glob("*.jsonl")))
def test_every_stored_log_is_a_whole_page(name: str) -> None:
    found = stored(name)
    shown = page((found,))
    for each in found.findings:
        rule = rules_by_name().get(each.policy)
        text = each.message.removeprefix(rule.description) if rule else each.message
        for line in text.splitlines():
            for part in re.split(r" -> |^(?:AWS|Fix|More): ", line.strip()):
                assert part in shown.text or part in shown.all("a", "href")
    assert markdown((found,)).startswith("## Policy findings")


def test_a_page_fetches_nothing_and_runs_nothing() -> None:
    shown = page(two_stacks())
    assert not {"script", "img", "iframe", "object", "form"} & {tag for tag, _ in shown.elements}
    assert shown.all("link", "href") == ["data:,"]
    (policy,) = [each["content"] for _, each in shown.elements if "http-equiv" in each]
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    text = rendering.as_html(contents.of(two_stacks(), NOWHERE))
    assert not re.search(r"@import|url\(|onerror=|src=", text)
    assert "@media screen and (prefers-color-scheme: dark)" in text
    assert "@media print" in text


def test_links_of_a_page_lead_somewhere() -> None:
    shown = page(two_stacks())
    places = {f"#{found}" for _, each in shown.elements if (found := each.get("id"))}
    within = {each for each in shown.all("a", "href") if each.startswith("#")}
    assert within
    assert within <= places
    ids = [each["id"] for _, each in shown.elements if "id" in each]
    assert len(set(ids)) == len(ids)
    assert rules_by_name()["alb-public-subnets"].url in shown.all("a", "href")


def test_both_say_all_that_there_is_to_say() -> None:
    places = Places(Place("Pulumi.yaml", 1), {alb("west"): Place("infra/main.ts", 7)})
    text = markdown(two_stacks(), places)
    for said in (page(two_stacks(), places).text, text.replace("\\", "")):
        for each in (
            "The run failed, so not every policy was asked.",
            "1 mandatory finding on 2 resources.",
            "90 policies looked at 12 resources: 0 advisory findings, 1 undecided on 1 "
            "resource, 2 exempt.",
            "infra/main.ts:7",
            "Load balancer west is internet-facing, and none of its subnets leads out",
            "west-a",
            "InvalidSubnet",
            "Attach a gateway.",
            "its subnets are not known",
            "deploy the subnets first.",
            "subnet a",
            "moves in spring",
            "ends on 2026-12-08, in 12 days",
            "no last day",
            "the exemption of a-* (moves in spring) ends on 2026-12-08, in 12 days. Fix: make",
            "boom",
        ):
            assert each in said, each


def test_what_all_resources_have_in_common_is_said_once() -> None:
    shown = page(logs(balancer("east"), balancer("west"))).text
    assert shown.count("Attach a gateway.") == 1
    assert shown.count("Load balancer west is internet-facing") == 1


@pytest.mark.parametrize(
    "found",
    [
        logs(error("boom")),
        logs(balancer("east"), error("boom")),
        read("test", lines(passed("subnet-cidr"), summary())),
        logs(balancer("east")),
    ],
)
def test_there_is_a_tick_for_a_run_alone_that_asked_everything(found: tuple[Log, ...]) -> None:
    assert TICK not in page(found).text
    assert TICK not in markdown(found)
    clean = logs(passed(), result="succeeded")
    assert f"{TICK} Nothing was found." in page(clean).text
    assert f"**{TICK} Nothing was found.**" in markdown(clean)


def test_a_number_that_is_not_known_is_left_out() -> None:
    for said in (page(logs(balancer("east"))).text, markdown(logs(balancer("east")))):
        assert "looked at" not in said


def hostile() -> tuple[Log, ...]:
    finding = violation(
        urn=alb(HOSTILE), message=f"{HOSTILE}\n  {HOSTILE} -> {HOSTILE}\nFix: {HOSTILE}"
    )
    foreign = violation(HOSTILE, alb("x"), message=HOSTILE, policyPackName=HOSTILE)
    said = record(1, 1, (HOSTILE, HOSTILE, date(2026, 12, 8)))
    said["exempted"][0].update(reason=HOSTILE, policy=HOSTILE)
    return with_records(logs(finding, foreign, error(HOSTILE)), [said])


def test_nothing_that_is_said_is_taken_for_html() -> None:
    shown = page(hostile())
    assert "img" not in {tag for tag, _ in shown.elements}
    assert not [each for each in shown.all("a", "href") if not each.startswith(("https:", "#"))]
    assert shown.text.count("<img src=x") >= 8


def test_nothing_that_is_said_is_taken_for_markdown() -> None:
    text = markdown(hostile())
    assert "<img" not in text
    assert "@everyone" not in text
    assert text.count("</details>") == text.count("<details>") > 0
    assert text.count("</pre>") == text.count("<pre>") == 1
    # A preformatted block shows a text as it is, lines and all.
    outside = re.sub(r"(?s)<pre>.*</pre>", "", text)
    assert not re.search(r"(?<!\\)\[d", outside)
    assert not re.search(r"(?<!\\)\*\*c", outside)
    assert not re.search(r"(?m)^# f", outside)
    assert "&#64;everyone" in outside
    assert "`b`" not in outside.replace("\\`b\\`", "")


def test_a_chain_is_below_its_sentence() -> None:
    text = markdown(logs(balancer("east")))
    assert "leads out:\n  - load balancer east → subnet east-a → no route\n" in text


def test_every_row_of_a_table_has_its_columns() -> None:
    for found in (hostile(), two_stacks(), logs(balancer("east"), doubt("east"))):
        text = markdown(found)
        rows = re.findall(r"(?m)(?:^\|.*\n)+", text)
        assert rows
        for rows_of_one in rows:
            columns = {len(re.findall(r"(?<!\\)\|", row)) for row in rows_of_one.splitlines()}
            assert len(columns) == 1, rows_of_one


def test_a_comment_has_room_for_markdown() -> None:
    many = [
        violation(urn=alb(f"x{number}"), message=f"Defect {'i' * number}.\nFix: {'do. ' * 300}")
        for number in range(60)
    ]
    text = markdown(logs(*many))
    assert len(text) <= rendering.MOST
    assert "<details>" not in text
    assert "The whole messages are left out" in text
    assert f"Defect {'i' * 59}." in text
    assert "<details>" in markdown(logs(*many[:3]))


def test_the_style_is_that_of_the_report_on_a_rehearsal() -> None:
    text = rendering.as_html(contents.of(two_stacks(), NOWHERE))
    style = markup.TEMPLATES.get_source(markup.environment(markup.TEMPLATES), "page.css")[0]
    assert style.strip() in text
