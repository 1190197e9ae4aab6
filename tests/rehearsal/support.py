"""Reports of rehearsals on stacks of a test's own making, and their files taken apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Final
from unittest import mock
from xml.etree import ElementTree

from policies.model import Model
from policies.model.resource import Resource
from policies.regions.standing_in import PRIMARY, REGIONS
from policies.rehearsal.report.contents import Part, Rehearsal, Report
from policies.rule import (
    AnyRule,
    Asked,
    Evidence,
    Kind,
    Level,
    Outcome,
    Settings,
    Severity,
    StackRule,
)
from policies.serving import adapter
from policies.serving.rehearsals import VARIABLE
from policies.serving.servicer import PreflightServicer
from policies.testing import Run, Stack
from policies.unverifiable import UNVERIFIABLE_REFERENCE

FUNCTION: Final = "aws:lambda/function:Function"
BUCKET: Final = "aws:s3/bucket:Bucket"
CLUSTER: Final = "aws:rds/cluster:Cluster"
SVG: Final = "{http://www.w3.org/2000/svg}"

Check = Callable[[Resource, Model], Iterable[Outcome]]


def rule(name: str, check: Check, *kinds: str, **said: Any) -> StackRule:
    """A policy of the rehearsal that says what a test wants."""

    def asks(subject: Resource, model: Model, _: Settings) -> Iterator[Outcome]:
        yield from check(subject, model)

    given: dict[str, Any] = {
        "title": f"The title of {name}",
        "description": "What a policy of a test wants.",
        "level": Level.ADVISORY,
        "severity": Severity.HIGH,
        "tags": ("aws", "rehearsal"),
        "evidence": (Evidence("does what it does.", "https://example.org", "d", Kind.DOCUMENTED),),
        "fix": "Change it.",
        "options": (REGIONS, PRIMARY),
        "asked": Asked.ALWAYS,
        **said,
    }
    return StackRule(name=name, kinds=kinds or (FUNCTION,), check=asks, **given)


def two_regions() -> Stack:
    """A function and a bucket in each of two regions; us-east-1 is the first."""
    made = Stack()
    for place, role in (("us-east-1", "primary"), ("us-west-2", "standby")):
        made.add(FUNCTION, f"shop-{role}", {"handler": "index.handler"}, region=place)
        made.add(BUCKET, f"receipts-{role}", {"forceDestroy": True}, region=place)
    return made


def report(
    stack: Stack,
    *rules: AnyRule,
    config: Mapping[str, Any] | None = None,
    primary: str | None = "us-east-1",
    deployed: bool = False,
) -> Report:
    """What the pack would write of a stack, with these policies alone."""
    asked: Sequence[AnyRule] = rules or (rule("silent", lambda *_: ()),)
    said: dict[str, Any] = {name: dict(each) for name, each in (config or {}).items()}
    if primary is not None:
        said.setdefault(asked[0].name, {})["primary"] = primary
    policies = adapter.build([*asked, UNVERIFIABLE_REFERENCE])
    with (
        mock.patch.dict("os.environ", {VARIABLE: "/rehearsal.html"}),
        mock.patch("policies.rehearsal.report.files.write") as write,
    ):
        run = Run(stack, is_first=not deployed, config=said, servicer=PreflightServicer)
        run.findings(policies)
    assert write.call_count == 1, "no report was written"
    found: Report = write.call_args.args[0]
    return found


def rehearsal(stack: Stack, *rules: AnyRule, **options: Any) -> Rehearsal:
    """The one loss in the report."""
    (found,) = report(stack, *rules, **options).rehearsals
    return found


def part(of: Rehearsal, label: str) -> Part:
    """A part by kind and name: "function shop-standby"."""
    (found,) = [each for each in of.parts if f"{each.kind} {each.name}" == label]
    return found


def arrows(of: Rehearsal) -> set[tuple[str, str, str]]:
    """The lines, with their ends by kind and name."""
    names = {each.key: f"{each.kind} {each.name}" for each in of.parts}
    return {(names[each.start], each.relation.value, names[each.end]) for each in of.arrows}


def tiers(of: Rehearsal) -> dict[tuple[str, str], list[str]]:
    """What is in each cell that is not empty, by tier and column."""
    return {
        (row.tier, cell.column.name): [f"{each.kind} {each.name}" for each in cell.parts]
        for row in of.rows
        for cell in row.cells
        if cell.parts
    }


_VOID: Final = frozenset({"meta", "link", "br"})


@dataclass
class Element:
    """An element of a page, with what is in it."""

    name: str
    attributes: Mapping[str, str | None]
    children: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        return (self.attributes.get("class") or "").split()

    @property
    def text(self) -> str:
        """All text in it, on one line."""
        return " ".join(" ".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        yield from self.texts
        for each in self.children:
            yield from each._texts()

    def every(self, name: str, of_class: str | None = None) -> list[Element]:
        """The elements below it of that name, and of that class."""
        own = [self] if self.name == name and (of_class is None or of_class in self.classes) else []
        return own + [hit for child in self.children for hit in child.every(name, of_class)]


class _Page(HTMLParser):
    """Builds the tree, and fails where an element is not closed in its place."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, dict(attrs))
        self._open[-1].children.append(made)
        if tag not in _VOID:
            self._open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1].name == tag, f"{tag} closes {self._open[-1].name}"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].texts.append(data)


def page(html: str) -> Element:
    """A page of HTML as a tree."""
    parser = _Page()
    parser.feed(html)
    parser.close()
    assert len(parser._open) == 1, "an element is not closed"
    return parser.root


def drawing(svg: str) -> ElementTree.Element:
    """A picture as a tree; it is XML."""
    return ElementTree.fromstring(svg)


def all_of(drawn: ElementTree.Element, name: str, of_class: str) -> list[ElementTree.Element]:
    """The elements of a picture by name and class."""
    found = drawn.iter(f"{SVG}{name}")
    return [each for each in found if of_class in (each.get("class") or "").split()]


def words(element: ElementTree.Element) -> str:
    """The text in an element of a picture, without its tooltips."""
    found = [each.text or "" for each in element.iter() if each.tag == f"{SVG}text"]
    return " ".join(found)
