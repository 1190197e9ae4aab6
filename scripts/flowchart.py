"""A flowchart in Mermaid: boxes of nodes, edges, and what is wrong marked in red."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product, zip_longest
from typing import NamedTuple

_RED = "#da3633"
"""Seen well on a light and on a dark ground."""
_WRONG = f"stroke:{_RED},stroke-width:3px"
_MISSING = f"{_WRONG},stroke-dasharray:6 4"


class Edge(NamedTuple):
    """A line between two nodes, by their labels; an arrow unless it is not `directed`."""

    start: str
    end: str
    text: str = ""
    directed: bool = True


@dataclass
class Flowchart:
    """What is drawn. A node or a box is known by its label.

    shapes: Mermaid's form of each node, with {} for its text. texts: what nodes and boxes say
    beside their labels. boxes: the nodes inside of each. wrong: what findings lead along; missing:
    where each of them ends, with what it says of that, by the number of the finding."""

    shapes: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, list[str]] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)
    wrong_edges: set[frozenset[str]] = field(default_factory=set)
    missing: dict[tuple[int, str], list[str]] = field(default_factory=dict)

    def box(self, label: str, text: str) -> None:
        """Draw a box."""
        self.boxes[label] = []
        self.texts[label] = text

    def node(self, label: str, shape: str, text: str = "", box: str | None = None) -> None:
        """Draw a node, in a box if one is named."""
        self.shapes[label] = shape
        self.texts[label] = text
        if box is not None:
            self.boxes[box].append(label)

    def mark(self, number: int, chain: Sequence[str]) -> None:
        """Mark one chain of the `number`th finding. A link is the label of what is drawn, or
        several with commas between them; the rest is what is said of the last of these."""
        links = [[each for each in link.split(", ") if each in self.texts] for link in chain]
        drawn = [place for place, labels in enumerate(links) if labels]
        for place, following in zip_longest(drawn, drawn[1:]):
            self.wrong.update(links[place])
            if following is not None:
                self.wrong_edges.update(map(frozenset, product(links[place], links[following])))
            elif said := " ".join(chain[place + 1 :]):
                starts = self.missing.setdefault((number, said), [])
                starts += [each for each in links[place] if each not in starts]

    def text(self) -> str:
        """The Mermaid text."""
        return "\n".join(["flowchart TB", *self._lines()]) + "\n"

    def _lines(self) -> Iterator[str]:
        inside = {label for labels in self.boxes.values() for label in labels}
        for box, labels in self.boxes.items():
            yield f'  subgraph {_key(box)}["{_said(box, self.texts[box], " ")}"]'
            yield from (f"    {self._node(label)}" for label in labels)
            yield "  end"
        yield from (f"  {self._node(label)}" for label in self.shapes if label not in inside)
        for edge in self.edges:
            line = "-->" if edge.directed else "---"
            words = f'-- "{edge.text}" {line}' if edge.text else line
            yield f"  {_key(edge.start)} {words} {_key(edge.end)}"
        yield from self._marks()

    def _node(self, label: str) -> str:
        return f"{_key(label)}{self.shapes[label].format(_said(label, self.texts[label], '<br/>'))}"

    def _marks(self) -> Iterator[str]:
        """What is wrong in red, and what is missing as dashed nodes at the ends of dashed edges."""
        red = [
            place
            for place, edge in enumerate(self.edges)
            if frozenset((edge.start, edge.end)) in self.wrong_edges
        ]
        edges = len(self.edges)
        for place, ((_, said), starts) in enumerate(self.missing.items()):
            yield f'  missing_{place}["{said}"]:::missing'
            for start in starts:
                yield f"  {_key(start)} -.-> missing_{place}"
                red.append(edges)
                edges += 1
        if self.wrong:
            yield f"  classDef wrong {_WRONG}"
            yield f"  class {','.join(sorted(map(_key, self.wrong)))} wrong"
        if self.missing:
            yield f"  classDef missing {_MISSING}"
        if red:
            yield f"  linkStyle {','.join(map(str, red))} {_WRONG}"


def _said(label: str, text: str, between: str) -> str:
    return f"{label}{between}{text}" if text else label


def _key(label: str) -> str:
    return re.sub(r"\W+", "_", label)
