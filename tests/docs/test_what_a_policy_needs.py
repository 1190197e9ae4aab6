"""What a policy must have beside its rule before it can be merged. Each failure says what to add,
and where; CONTRIBUTING.md has the same list in order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from offline.paths import REPOSITORY
from policies import RULES
from policies.rule import AnyRule, Level
from scripts import mutation_table
from scripts.policy_page import reads_native
from tests.properties.defects import ADVICE, MUTATIONS, WITHOUT_DEFECT
from tests.stacks.mutated_reference import edits

NAMES = [rule.name for rule in RULES]
EDITS = "tests/stacks/mutated_reference/edits.py"
ADVICE_FILE = "tests/properties/advice.py"
BROKEN = {
    policy
    for registry in (MUTATIONS, ADVICE)
    for defect in registry.values()
    for policy in defect.policies
}
MARK = "EDIT:"
policies = pytest.mark.parametrize("rule", RULES, ids=NAMES)


@policies
def test_a_policy_has_an_edit_that_it_finds_and_one_that_it_lets_pass(rule: AnyRule) -> None:
    has = {edit.name for edit in edits.ALL if edit.policy == rule.name}
    missing = [kind for kind in ("found", "harmless") if f"{rule.name} {kind}" not in has]
    assert not missing, (
        f"{rule.name} has no row in docs/mutations.md: no edit of the reference stack that is "
        f"{' and none that is '.join(missing)}. Fix: add the pair to {EDITS}, with `pair` where "
        "one resource shows it and with `two` where it takes one that names another; then `make "
        "docs`."
    )


def test_every_edit_is_of_a_policy() -> None:
    strangers = sorted({edit.policy for edit in edits.ALL} - set(NAMES))
    assert not strangers, f"{EDITS} has edits of no policy: {', '.join(strangers)}. Fix: remove."


@policies
def test_a_policy_has_a_defect_in_random_stacks_or_says_why_not(rule: AnyRule) -> None:
    assert rule.name in BROKEN or rule.name in WITHOUT_DEFECT, (
        f"no defect of the random stacks is found by {rule.name}. Fix: add one to {ADVICE_FILE}, "
        "with `alone` where one resource shows it and with `@defect` else; or, if a generated "
        "stack cannot have it, say why in WITHOUT_DEFECT there."
    )


@policies
def test_a_mandatory_policy_has_a_defect_whatever_the_reason(rule: AnyRule) -> None:
    if rule.level is Level.MANDATORY:
        assert rule.name not in WITHOUT_DEFECT, (
            f"{rule.name} blocks deployments, so the random stacks must show when it does. Fix: "
            f"add a defect to {ADVICE_FILE} and remove the reason from WITHOUT_DEFECT."
        )


def test_a_reason_for_having_no_defect_is_of_a_policy_that_has_none() -> None:
    strangers = sorted(name for name in WITHOUT_DEFECT if name not in NAMES or name in BROKEN)
    assert not strangers, (
        f"WITHOUT_DEFECT in {ADVICE_FILE} gives a reason for what has a defect or is no policy: "
        f"{', '.join(strangers)}. Fix: remove it."
    )
    assert all(len(reason.split()) > 3 for reason in WITHOUT_DEFECT.values())


@policies
def test_a_policy_reads_aws_native_or_says_why_not(rule: AnyRule) -> None:
    if reads_native(rule):
        assert not rule.unread, (
            f"{rule.name} says why it reads no type of aws-native (`unread`), but is asked about "
            "one. Fix: remove `unread`, or set `reads_native=False`."
        )
    else:
        assert rule.unread, (
            f"{rule.name} is asked about no type of aws-native. Fix: add the twins of its kinds to "
            "TERMS in policies/model/vocabulary.py, or say in the rule's `unread`, as a clause, "
            "why there are none."
        )


def test_no_policy_is_only_begun() -> None:
    begun = list(_begun(REPOSITORY))
    assert not begun, "\n".join(
        [
            "A policy was begun and is not finished. Fix: write what each of these lines asks for:",
            *begun,
        ]
    )


_SELF = Path(__file__).resolve()


def _begun(root: Path) -> Iterator[str]:
    """Every line that `make new-policy` left for a person to write."""
    pages = root / "docs" / "policies"
    for folder in ("policies", "tests", "docs"):
        for path in sorted((root / folder).rglob("*")):
            is_generated = pages in path.parents or path == mutation_table.FILE
            if path.suffix not in (".py", ".md") or is_generated or path == _SELF:
                continue
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                if MARK in line:
                    yield f"{path.relative_to(root)}:{number}: {line.strip()}"


def test_what_was_left_to_write_is_named_by_file_and_line(tmp_path: Path) -> None:
    note = tmp_path / "docs" / "notes" / "a.md"
    note.parent.mkdir(parents=True)
    note.write_text(f"## How it decides\n\n{MARK} what it looks at.\n", encoding="utf-8")
    assert list(_begun(tmp_path)) == [f"docs/notes/a.md:3: {MARK} what it looks at."]
