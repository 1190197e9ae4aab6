"""The documentation: every policy has all that its page is made of, and no link is dead."""

from __future__ import annotations

import inspect
import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from policies import RULES
from policies import rule as rule_module
from policies.rule import AnyRule, Asked, ResourceRule, StackRule
from policies.serving import configuration
from policies.testing import Stack
from scripts import make_docs
from scripts.links import dead_links
from scripts.policy_page import EXAMPLES, FOR_EXISTING, NOTE_HEADINGS, SourceError, Sources, page
from tests import aws
from tests.support import run

DOCS = make_docs.ROOT / "docs"
NAMES = [rule.name for rule in RULES]
QUESTIONS = "docs/architecture/model-questions.md"
SECTIONS = [
    "What goes wrong",
    "Avoid",
    "Prefer",
    *NOTE_HEADINGS,
    "Configuration",
    "Exemptions",
    "Conflicts",
]
policies = pytest.mark.parametrize("rule", RULES, ids=NAMES)


@policies
def test_a_page_has_its_sections_in_one_order(rule: AnyRule) -> None:
    text = page(rule, Sources(DOCS), NAMES)
    outside_code = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    assert re.findall(r"^## (.+)$", outside_code, re.MULTILINE) == SECTIONS


@policies
def test_a_page_quotes_the_evidence_both_examples_and_every_option(rule: AnyRule) -> None:
    sources = Sources(DOCS)
    text = page(rule, sources, NAMES)
    for each in rule.evidence:
        assert plain(each.effect) in plain(text)
        assert each.source in re.sub(r"<(https://[^>]+)>", r"\1", text)
    for example in EXAMPLES:
        assert sources.example(rule.name, example).strip() in text
        assert (sources.typescript(rule.name, example) or "").strip() in text
    for option in rule.options:
        assert f"| `{option.name}` |" in text


def plain(text: str) -> str:
    """The text without what sets AWS's words apart from the sentence around them."""
    return re.sub(r"[\s>:]+", " ", text.replace(" \N{EN DASH} ", " ")).lower()


@policies
def test_the_json_on_a_page_is_a_configuration_of_the_policy(rule: AnyRule) -> None:
    found = re.findall(r"^```json\n(.*?)^```", page(rule, Sources(DOCS), NAMES), re.M | re.S)
    for block in found[:2]:
        ((name, settings),) = json.loads(block).items()
        assert name == rule.name
        assert set(settings) <= {"enforcementLevel", *configuration.schema(rule)}


def test_a_diagram_marks_in_red_what_is_wrong_and_nothing_in_what_is_right() -> None:
    drawn = {path.stem: path.read_text("utf-8") for path in (DOCS / "diagrams").iterdir()}
    for name, text in drawn.items():
        assert ("linkStyle" in text) is ("class " in text) is name.endswith("-avoid"), name


def test_every_note_and_every_example_is_of_a_policy() -> None:
    assert {path.stem for path in (DOCS / "notes").iterdir()} == set(NAMES)
    assert {path.name for path in (DOCS / "examples").iterdir()} == set(NAMES)


def test_the_example_configuration_names_every_policy_and_every_option() -> None:
    content = json.loads((DOCS / "policy-config.json").read_text(encoding="utf-8"))
    assert list(content) == NAMES
    for rule in RULES:
        assert set(content[rule.name]) == {"enforcementLevel", *configuration.schema(rule)}
        assert content[rule.name]["enforcementLevel"] == rule.level.value


def test_the_configuration_to_start_from_changes_no_finding() -> None:
    stack = Stack()
    home = aws.vpc(stack)
    aws.balancer(stack, "alb", aws.ids(aws.subnet(stack, "app", home)))
    aws.zone(stack, "zone", "dr.example.com")
    for named in ("16.6", "16.13"):  # On either side of the minimum of an example.
        world = aws.global_cluster(stack, f"world-{named}", engineVersion=named)
        aws.cluster(stack, f"orders-{named}", world, engineVersion=named)
    content = json.loads((DOCS / "policy-config.json").read_text(encoding="utf-8"))
    plain = run(stack)
    assert {each.policy for each in plain} >= {"alb-public-subnets", "hosted-zone-reserved-name"}
    assert run(stack, config=content) == plain


# --- what other tools demand -------------------------------------------------------------------

CONFLICTS = Sources(DOCS).conflicts


@pytest.mark.parametrize("conflict", CONFLICTS, ids=lambda each: f"{each['tool']} {each['rule']}")
def test_a_conflict_says_what_is_demanded_of_whom_and_how_to_suppress_it(
    conflict: dict[str, Any],
) -> None:
    assert set(conflict["policies"]) <= set(NAMES)
    assert conflict["read"] in ("rule source", "documentation")
    assert conflict["url"].startswith("https://")
    assert conflict["demands"]
    assert conflict["where"]
    match conflict.get("language"):
        case "json":
            json.loads(conflict["suppression"])
        case "yaml":
            yaml.safe_load(conflict["suppression"])
        case None:
            assert "suppression" not in conflict


# --- the guides --------------------------------------------------------------------------------


def fenced(language: str) -> list[tuple[str, str]]:
    """File and text of every code block of a language in the hand-written documentation."""
    return [
        (path.name, block)
        for path in make_docs.markdown(make_docs.ROOT)
        if path.parent.name != "policies"
        for block in re.findall(
            rf"^```{language}\n(.*?)^```", path.read_text(encoding="utf-8"), re.M | re.S
        )
    ]


@pytest.mark.parametrize(("file", "block"), fenced("yaml"))
def test_yaml_in_the_guides_can_be_read(file: str, block: str) -> None:
    assert yaml.safe_load(block)


@pytest.mark.parametrize(("file", "block"), fenced("json"))
def test_configurations_in_the_guides_name_policies_and_options_that_exist(
    file: str, block: str
) -> None:
    rules = {rule.name: rule for rule in RULES}
    for name, settings in json.loads(block).items():
        if name in configuration.ENGINE_KEYS | {"$schema"}:
            continue
        assert name in rules
        if isinstance(settings, dict):
            assert set(settings) <= {"enforcementLevel", *configuration.schema(rules[name])}


# --- the checks themselves ---------------------------------------------------------------------


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the documentation, freshly written and without links out of it."""
    shutil.copytree(DOCS, tmp_path / "docs")
    for path in make_docs.markdown(tmp_path):
        if path.parent.name != "notes":
            path.unlink()
    for name in ("README.md", "docs/guides/preview-and-up.md", "docs/guides/existing-stacks.md"):
        (tmp_path / name).write_text(f"# A title\n\n{marks('policies', 'comparison')}")
    (tmp_path / "docs/comparison/README.md").write_text(
        f"# A title\n\n{marks('comparison', 'services', 'cases')}", encoding="utf-8"
    )
    (tmp_path / QUESTIONS).write_text(
        f"# A title\n\n{marks('example', 'questions')}", encoding="utf-8"
    )
    make_docs.main([], tmp_path)
    return tmp_path


def marks(*subjects: str) -> str:
    """What is generated of these subjects, not yet written."""
    return "\n".join("".join(make_docs.marks(subject)) for subject in subjects)


def problems(root: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What a check of the copy says, but for links out of it."""
    capsys.readouterr()
    assert make_docs.main(["--check"], root) == 1
    said = capsys.readouterr().err.splitlines()
    return "\n".join(line for line in said if " is dead: " not in line)


def test_a_fresh_copy_has_no_problem(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert problems(copy, capsys) == ""


def test_a_list_without_its_marks_is_told(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copy / "docs" / "guides" / "existing-stacks.md").write_text("# A title\n", encoding="utf-8")
    assert "existing-stacks.md must have the lines <!-- policies" in problems(copy, capsys)


def test_the_guides_list_what_blocks_without_a_preview_and_what_is_asked_at_creation() -> None:
    def listed(name: str) -> list[set[str]]:
        text = (DOCS / "guides" / name).read_text(encoding="utf-8")
        begin, end = make_docs.marks("policies")
        between = text.partition(begin)[2].partition(end)[0]
        parts = re.split("Reported for new resources only|With these exceptions", between)
        return [set(re.findall(r"\[`([a-z0-9-]+)`\]", part)) for part in parts]

    by_resource = {rule.name for rule in RULES if isinstance(rule, ResourceRule)}
    at_creation = {
        rule.name
        for rule in RULES
        if isinstance(rule, StackRule) and rule.asked is Asked.AT_CREATION
    }
    rest = set(NAMES) - at_creation - {"unverifiable-reference"}
    assert listed("preview-and-up.md") == [by_resource]
    assert listed("existing-stacks.md") == [rest, at_creation, set(FOR_EXISTING)]


def test_the_pages_know_which_policies_also_report_some_things_for_existing_resources() -> None:
    of_whole_rules = re.compile(r"^    asked=Asked\.ALWAYS,$", re.MULTILINE)
    named = set()
    for module in [each for name, each in sys.modules.items() if name.startswith("policies.")]:
        code = inspect.getsource(module)
        if module is rule_module or "Asked.ALWAYS" not in of_whole_rules.sub("", code):
            continue
        named |= {
            each.name
            for each in vars(module).values()
            if isinstance(each, StackRule)
            and each.asked is Asked.AT_CREATION
            and f'name="{each.name}"' in code
        }
    # That an upgrade is asked for is a question of the other policy in its module.
    assert named - {"aurora-serverless-v1"} == set(FOR_EXISTING)


@pytest.mark.parametrize(
    "path", [*make_docs.markdown(make_docs.ROOT), *sorted((DOCS.parent / "policies").rglob("*.py"))]
)
def test_nothing_states_a_number_of_policies_that_the_next_one_makes_false(path: Path) -> None:
    first, last = make_docs.marks("policies")
    before, _, rest = path.read_text(encoding="utf-8").partition(first)
    text = " ".join((before + rest.partition(last)[2]).split())  # What is generated is true.
    stated = re.findall(r"\b\d+ policies\b(?! of that day| that do nothing)", text)
    assert stated == []


def test_a_stale_page_is_told(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copy / "docs" / "policies" / f"{NAMES[0]}.md").write_text("old\n", encoding="utf-8")
    assert f"docs/policies/{NAMES[0]}.md is stale" in problems(copy, capsys)


def test_stale_questions_to_the_model_are_told(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (copy / QUESTIONS).read_text(encoding="utf-8")
    (copy / QUESTIONS).write_text(text.replace("resource.text(", "gone("), encoding="utf-8")
    assert f"{QUESTIONS} is stale" in problems(copy, capsys)


def test_the_page_of_no_policy_is_told(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copy / "docs" / "policies" / "gone.md").write_text("old\n", encoding="utf-8")
    assert "docs/policies/gone.md is the page of no policy" in problems(copy, capsys)


def test_a_policy_without_its_example_is_told(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (copy / "docs" / "examples" / NAMES[0] / "prefer.py").unlink()
    assert f"docs/examples/{NAMES[0]}/prefer.py is missing" in problems(copy, capsys)


def test_a_note_without_one_of_its_headings_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text("## How it decides\n\nSomehow.\n")
    with pytest.raises(SourceError, match="What it cannot tell"):
        Sources(tmp_path).note("a")


def test_a_missing_note_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is missing"):
        Sources(tmp_path).note("a")


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ("[a](other.md)", None),
        ("[a](other.md#a-heading-with-code)", None),
        ("[a](#here)", None),
        ("[a](https://example.com/nowhere)", None),
        ("`[a](gone.md)` and ```[a](gone.md)```", None),
        ("[a](gone.md)", "no such file"),
        ("![a](gone.svg)", "no such file"),
        ('<img src="gone.svg">', "no such file"),
        ("[a]: gone.md", "no such file"),
        ("[a](other.md#gone)", "no such heading"),
        ("[a](#gone)", "no such heading"),
    ],
)
def test_a_link_is_dead_when_its_file_or_heading_is_missing(
    tmp_path: Path, link: str, fault: str | None
) -> None:
    (tmp_path / "other.md").write_text("# A heading, with `code`!\n")
    file = tmp_path / "page.md"
    file.write_text(f"# Here\n\n{link}\n")
    found = list(dead_links([file]))
    assert bool(found) == bool(fault)
    assert not fault or fault in found[0]
