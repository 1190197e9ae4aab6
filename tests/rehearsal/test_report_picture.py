"""What is in a picture: which boxes there are, and where boxes and lines are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import combinations, pairwise, product

import pytest

from policies.rehearsal.report import layout
from policies.rehearsal.report.boxes import Box, boxes
from policies.rehearsal.report.contents import (
    Arrow,
    Cell,
    Column,
    Part,
    Rehearsal,
    Relation,
    Row,
    Status,
)
from policies.rehearsal.report.drawn import Drawn, Picture
from policies.rehearsal.report.layout import NARROW, WIDE
from policies.rehearsal.report.words import fitted, plural, width_of

LOST = Column("us-east-1", is_lost=True, note="lost")
LEFT = Column("us-west-2", note="takes over")
GLOBAL = Column("global", note="in no region")


def parts(number: int, status: Status, first: int, component: str | None = None) -> list[Part]:
    return [
        Part(first + each, "bucket", f"store-{first + each}", status, component=component)
        for each in range(number)
    ]


def large(most: int = 20) -> Rehearsal:
    """60 resources, and lines from everywhere to everywhere."""
    rows = []
    for tier, first in (("entry", 0), ("compute", 100), ("data", 200)):
        lost = parts(most, Status.LOST, first, "shop-primary")
        left = [
            *parts(3, Status.IDLE, first + 30),
            *parts(2, Status.UNTOLD, first + 40),
            *parts(most - 5, Status.SURVIVES, first + 50, "shop-standby"),
        ]
        cells = (Cell(GLOBAL, ()), Cell(LOST, tuple(lost)), Cell(LEFT, tuple(left)))
        rows.append(Row(tier, cells))
    top = parts(3, Status.IDLE, 400)
    rows[0] = Row("entry", (Cell(GLOBAL, tuple(top)), *rows[0].cells[1:]))
    ends = product((30, 131, 232, 140, 400, 402), (0, 1, 105, 219))
    arrows = [Arrow(start, end, Relation.NEEDS) for start, end in ends]
    arrows += [Arrow(each, each + 50, Relation.COPIES) for each in (200, 201, 202)]
    arrows += [Arrow(400, 31, Relation.NEEDS), Arrow(30, 31, Relation.NEEDS)]
    arrows += [Arrow(130, 401, Relation.NEEDS), Arrow(230, 402, Relation.MAY_NEED)]
    return Rehearsal("us-east-1", ("us-west-2",), tuple(rows), tuple(arrows))


# Boxes.


def shown(found: Iterable[Box]) -> list[str]:
    return [f"{each.kind} {each.name}".strip() for each in found]


def test_a_few_parts_are_a_box_each() -> None:
    assert shown(boxes(parts(2, Status.LOST, 0), most=2)) == ["bucket store-0", "bucket store-1"]


def test_many_parts_are_told_by_component_and_what_needs_a_look_by_itself() -> None:
    found = boxes([*parts(2, Status.IDLE, 0), *parts(20, Status.SURVIVES, 10, "shop")], most=WIDE)
    assert shown(found) == ["bucket store-0", "bucket store-1", "20 buckets of shop"]
    assert [len(each.members) for each in found] == [1, 1, 20]


def test_components_of_several_kinds_are_told_as_parts() -> None:
    mixed = [*parts(13, Status.LOST, 0, "shop"), Part(50, "queue", "mail", Status.LOST, (), "shop")]
    assert shown(boxes(mixed, most=WIDE)) == ["14 parts of shop"]


def test_one_component_has_a_box_for_each_status() -> None:
    both = [*parts(9, Status.LOST, 0, "shop"), *parts(9, Status.SURVIVES, 10, "shop")]
    assert [each.status for each in boxes(both, most=WIDE)] == [Status.LOST, Status.SURVIVES]


def test_too_many_components_are_told_by_kind() -> None:
    many = [part for n in range(0, 90, 3) for part in parts(2, Status.LOST, n, f"shop-{n}")]
    assert shown(boxes(many, most=WIDE)) == ["60 buckets"]


def test_too_many_kinds_end_with_the_rest() -> None:
    kinds = [Part(n, f"kind {n}", "a", Status.LOST) for n in range(30)]
    found = boxes([Part(99, "table", "broken", Status.IDLE), *kinds], most=5)
    assert shown(found) == ["table broken", "kind 0 a", "kind 1 a", "kind 2 a", "27 more"]


def test_what_needs_a_look_is_never_hidden() -> None:
    found = boxes([*parts(30, Status.IDLE, 0), *parts(30, Status.SURVIVES, 50)], most=WIDE)
    assert sum(each.status is Status.IDLE for each in found) == 30
    assert sum(len(each.members) for each in found) == 60


def test_a_part_with_a_finding_stays_by_itself_although_it_is_lost() -> None:
    secret = Part(99, "secret", "password", Status.LOST, (1,), "shop")
    found = boxes([secret, *parts(20, Status.LOST, 0, "shop")], most=WIDE)
    assert shown(found)[0] == "secret password"
    assert found[0].numbers == (1,)


# Where they are.


def overlap(one: Drawn, other: Drawn) -> bool:
    return (
        one.x < other.right
        and other.x < one.right
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def corners(path: str) -> list[tuple[float, float]]:
    """The points of a path; those at rounded corners too."""
    numbers = [float(each) for each in re.findall(r"-?\d+(?:\.\d+)?", path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def crossed(path: str, drawn: Iterable[Drawn]) -> list[str]:
    """The boxes that a line runs through."""
    found = []
    for box in drawn:
        for (x, y), (to_x, to_y) in pairwise(corners(path)):
            left, right, top, bottom = min(x, to_x), max(x, to_x), min(y, to_y), max(y, to_y)
            if (
                left < box.right - 1
                and right > box.x + 1
                and top < box.y + box.height - 1
                and bottom > box.y + 1
            ):
                found.append(box.told)
    return found


@pytest.fixture(params=[layout.wide, layout.narrow], ids=["wide", "narrow"])
def picture(request: pytest.FixtureRequest) -> Picture:
    drawn: Picture = request.param(large())
    return drawn


def test_no_two_boxes_overlap(picture: Picture) -> None:
    assert not [each for each in combinations(picture.boxes, 2) if overlap(*each)]


def test_no_line_runs_through_a_box(picture: Picture) -> None:
    assert picture.lines
    assert {
        line.told: hit for line in picture.lines if (hit := crossed(line.path, picture.boxes))
    } == {}


def test_everything_is_within_the_picture(picture: Picture) -> None:
    for box in picture.boxes:
        assert 0 <= box.x < box.right <= picture.width
        assert 0 <= box.y < box.y + box.height <= picture.height
    for line in picture.lines:
        for x, y in corners(line.path):
            assert 0 <= x <= picture.width
            assert 0 <= y <= picture.height


def test_every_box_is_in_the_frame_of_its_region(picture: Picture) -> None:
    lost = next(each for each in picture.frames if each.is_lost)
    for box in picture.boxes:
        is_within = lost.x < box.x < lost.x + lost.width and lost.y < box.y < lost.y + lost.height
        assert is_within == (box.status is Status.LOST), box.told


def test_names_end_before_their_boxes(picture: Picture) -> None:
    for box in picture.boxes:
        assert box.x + 26 + width_of(box.name, 12.5) <= box.right


def test_arrows_end_at_the_box_that_is_needed(picture: Picture) -> None:
    for line in picture.lines:
        x, y = corners(line.path)[-1]
        ends = [box for box in picture.boxes if box.y < y < box.y + box.height]
        assert any(min(abs(x - box.x), abs(x - box.right)) < 3 for box in ends), line.told


def test_a_needed_group_has_one_line_from_each_box() -> None:
    drawn = layout.wide(large())
    told = [line.told for line in drawn.lines if line.relation is Relation.NEEDS]
    assert len(told) == len(set(told))


def test_pages_have_at_most_so_many_boxes_a_cell_and_narrow_screens_fewer() -> None:
    rehearsal = large(most=40)
    for drawn, most in ((layout.wide(rehearsal), WIDE), (layout.narrow(rehearsal), NARROW)):
        assert sum(box.status is Status.LOST for box in drawn.boxes) <= 3 * most
        assert len(drawn.boxes) <= 9 * most


@pytest.mark.parametrize("laid_out", [layout.wide, layout.narrow])
def test_names_of_regions_are_whole_and_end_before_what_becomes_of_them(
    laid_out: Callable[[Rehearsal], Picture],
) -> None:
    named = [Column("ap-southeast-1", is_lost=True, note="lost")]
    named += [Column("ap-northeast-3", note="takes over"), Column("region not known")]
    cells = [
        Cell(column, tuple(parts(1, Status.LOST, first))) for first, column in enumerate(named)
    ]
    drawn = laid_out(Rehearsal("ap-southeast-1", (named[1].name,), (Row("data", tuple(cells)),)))
    texts = {each.text: each for each in drawn.texts}
    for column in named:
        end = texts[column.name].x + width_of(column.name, 17)
        if column.note:
            note = texts[column.note]
            assert end < note.x - width_of(column.note, 12)
        assert any(frame.x < end < frame.x + frame.width for frame in drawn.frames)


def test_rows_without_parts_are_left_out_of_the_picture() -> None:
    empty = Row("failover", (Cell(LOST, ()), Cell(LEFT, ())))
    full = Row("data", (Cell(LOST, tuple(parts(1, Status.LOST, 0))), Cell(LEFT, ())))
    drawn = layout.wide(Rehearsal("us-east-1", ("us-west-2",), (empty, full)))
    assert [each.text for each in drawn.texts if each.role == "tier"] == ["data"]


def test_a_rehearsal_without_parts_can_be_drawn() -> None:
    for draw in (layout.wide, layout.narrow):
        assert draw(Rehearsal("us-east-1", ("us-west-2",))).boxes == ()


def test_many_numbers_of_one_box_end_with_a_mark() -> None:
    busy = Part(0, "function", "shop", Status.IDLE, (1, 2, 3, 4, 5))
    row = Row("compute", (Cell(LOST, ()), Cell(LEFT, (busy,))))
    (box,) = layout.wide(Rehearsal("us-east-1", ("us-west-2",), (row,))).boxes
    assert [each.text for each in box.badges] == ["\N{HORIZONTAL ELLIPSIS}", "2", "1"]


# Words.


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("bucket", "buckets"),
        ("policy", "policies"),
        ("KMS key", "KMS keys"),
        ("address", "addresses"),
    ],
)
def test_plurals(one: str, many: str) -> None:
    assert plural(one) == many


def test_a_long_name_keeps_its_ends() -> None:
    name = "orders-database-of-the-shop-in-us-west-2"
    short = fitted(name, 12.5, 120)
    assert width_of(short, 12.5) <= 120
    head, tail = short.split("\N{HORIZONTAL ELLIPSIS}")
    assert name.startswith(head)
    assert name.endswith(tail)
    assert min(len(head), len(tail)) > 3
    assert fitted("orders", 12.5, 120) == "orders"


def test_wide_characters_take_more_room() -> None:
    assert width_of("注文台帳", 12.5) > 1.5 * width_of("abcd", 12.5)
    assert width_of("e\u0301", 12.5) == width_of("e", 12.5)
