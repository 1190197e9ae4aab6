"""Write docs/mutations.md: the single edits of the reference stack that the tests run."""

from __future__ import annotations

from pathlib import Path

from tests.stacks.mutated_reference import edits

FILE = Path(__file__).resolve().parents[1] / "docs" / "mutations.md"
_HEAD = """# One edit of the reference stack at a time

The [reference stack](../reference_stack/README.md) gives no finding. Each row below is one edit of
it, applied from outside: the first must give a finding of its policy on the resources named, and no
other finding of any policy at any level; the second, close to it, must give none. All of them run
in process (`tests/programs/test_mutations_in_process.py`), one of them in the real engine too
(`tests/engine/test_mutations.py`); this table is generated from what they run.

| policy | edit that it finds | on | edit that it lets pass |
| --- | --- | --- | --- |
"""


def text() -> str:
    """The page."""
    rows = []
    for edit in edits.ALL:
        if edit.finds:
            harmless = edits.BY_NAME[f"{edit.policy} harmless"]
            where = ", ".join(f"`{name}`" for name in edit.finds)
            link = f"[`{edit.policy}`](policies/{edit.policy}.md)"
            rows.append(f"| {link} | {edit.says} | {where} | {harmless.says} |")
    return _HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
    print(f"wrote docs/{FILE.name}")
