"""The comparison with other tools: every mandatory policy is in it, and its results are of today's
cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from policies import RULES
from policies.rule import Level
from scripts.compare_tools import COMPARISON, of_pack
from scripts.comparison import tables
from scripts.comparison.cases import (
    OWN,
    PACK,
    PROGRAMS,
    SAMPLE,
    Comparison,
    Said,
    Tool,
    Verdict,
    in_cloudformation,
    in_terraform,
    verdict,
)
from scripts.comparison.sampling import sample

FOUND = Comparison.read(COMPARISON)
MANDATORY = {rule.name for rule in RULES if rule.level is Level.MANDATORY}
TEMPLATES = in_cloudformation(COMPARISON)
PROGRAMS_TOO = in_terraform(COMPARISON)


def names(kind: str, cases: Sequence[str]) -> set[str]:
    """The cases of a kind, without it."""
    return {case.partition("/")[2] for case in cases if case.startswith(f"{kind}/")}


AGAIN = "Fix: run `make compare`, which needs package registries, then `make docs`."


@pytest.mark.parametrize("policy", sorted(MANDATORY))
def test_a_mandatory_policy_has_a_case_or_the_reason_why_it_has_none(policy: str) -> None:
    answers = [
        policy in names(OWN, TEMPLATES),
        policy in FOUND.only_terraform,
        policy in FOUND.not_said,
    ]
    assert sum(answers) == 1, (
        f"{policy} must have either a case or a reason. Fix: say its avoid.py and prefer.py in "
        f"CloudFormation in docs/comparison/cases/{policy}/, as avoid.yaml and prefer.yaml, and "
        f"run `make compare`; or add {policy} to docs/comparison/cases.json, with the reason: to "
        "only_terraform what CloudFormation cannot say, and run `make compare`; to not_said what "
        "neither can, or what is newer than the measurement. Then `make docs`."
    )


def test_what_is_not_a_mandatory_policy_is_not_counted() -> None:
    counted = {*names(OWN, TEMPLATES), *FOUND.only_terraform, *FOUND.not_said}
    strangers = counted - MANDATORY
    assert strangers == set(), "Fix: remove them from docs/comparison."


def test_each_case_is_listed_under_one_service() -> None:
    listed = sorted(name for names in FOUND.services.values() for name in names)
    assert listed == sorted({*names(OWN, TEMPLATES), *FOUND.only_terraform}), (
        "Fix: list it in docs/comparison/cases.json, under the service that its programs are about."
    )


@pytest.mark.parametrize("kind", [OWN, SAMPLE])
def test_a_case_has_a_defect_and_what_is_sound_in_each_language(kind: str) -> None:
    suffixes = ("yaml",) if kind == OWN else ("py", "yaml")
    wanted = {f"{program}.{suffix}" for program in PROGRAMS for suffix in suffixes}
    for name in names(kind, TEMPLATES):
        place = COMPARISON / kind / name
        texts = {each.name: each.read_text(encoding="utf-8") for each in place.glob("*.*")}
        assert set(texts) == wanted, place.name
        assert len(set(texts.values())) == len(wanted), f"two files of {place.name} are the same"


def test_every_tool_that_make_compare_fetches_was_asked_about_every_case() -> None:
    assert set(FOUND.said) == set(PROGRAMS_TOO), AGAIN
    for case in PROGRAMS_TOO:
        readers = {PACK, "Checkov (Terraform)"}
        if case in TEMPLATES:
            readers |= {"cfn-lint", "Checkov", "cdk-nag"}
        assert readers <= set(FOUND.said[case]) <= set(FOUND.tools), f"{case}. {AGAIN}"


@pytest.mark.parametrize("name", sorted(names(SAMPLE, TEMPLATES)))
def test_what_this_pack_said_of_the_sample_it_says_today(name: str) -> None:
    case = f"{SAMPLE}/{name}"
    said = {program: of_pack(case, program) for program in PROGRAMS}
    assert said == FOUND.said[case][PACK], AGAIN


@pytest.mark.parametrize("policy", FOUND.own_cases)
def test_this_pack_tells_the_programs_of_its_pages_apart(policy: str) -> None:
    # That it does so today, tests/programs/test_examples_in_process.py proves.
    said = FOUND.said[f"{OWN}/{policy}"][PACK]
    assert said == {"avoid": [policy], "prefer": []}, AGAIN


def test_the_sample_is_what_is_listed_and_each_rule_speaks_of_its_own_defect() -> None:
    assert {rule for rules in FOUND.sample.values() for rule in rules} == names(SAMPLE, TEMPLATES)
    for tool, rules in FOUND.sample.items():
        for rule in rules:
            assert rule in FOUND.verdict(f"{SAMPLE}/{rule}", tool).catches


def test_a_note_is_about_a_rule_that_spoke() -> None:
    for name, notes in FOUND.notes.items():
        for tool, text in notes.items():
            spoke = FOUND.said[f"{OWN}/{name}"][tool]
            rules = {rule for program in PROGRAMS for rule in spoke[program]}
            assert any(f"`{rule}`" in text for rule in rules), (name, tool)


# --- what is made of it ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("avoid", "prefer", "expected"),
    [
        (["E1"], [], Verdict(("E1",), (), ())),
        ([], ["E1"], Verdict((), ("E1",), ())),
        (["E1"], ["E1"], Verdict((), (), ("E1",))),
        (["E1", "E2"], ["E2", "E3"], Verdict(("E1",), ("E3",), ("E2",))),
        ([], [], Verdict((), (), ())),
    ],
)
def test_a_verdict_is_told_by_the_rules_alone(
    avoid: Sequence[str], prefer: Sequence[str], expected: Verdict
) -> None:
    assert verdict(avoid, prefer) == expected


def said(**by_tool: tuple[Sequence[str], Sequence[str]]) -> Said:
    """What tools said: the rules about the defect, and those about what is sound."""
    names = {"pack": PACK, "cfn_lint": "cfn-lint", "Checkov": "Checkov"}
    return {
        name: dict(zip(PROGRAMS, by_tool.get(tool, ((), ())), strict=True))
        for tool, name in names.items()
    }


def without(tool: str, each: Said) -> Said:
    """What was said where one tool was not asked."""
    return {name: spoke for name, spoke in each.items() if name != tool}


def comparison(
    cases: Mapping[str, Said], notes: Mapping[str, Mapping[str, str]] | None = None
) -> Comparison:
    """A comparison of two tools, without a sample."""
    tools = {name: Tool("1.0", "2026-11-26") for name in (PACK, "cfn-lint", "Checkov")}
    services = {
        "Backup": ["backup-plan"],
        "S3": ["s3-bucket-name", "s3-acl"],
        "VPC": ["zone-in-region"],
    }
    only = {"zone-in-region": "Two regions."}
    not_said = {"subnet-cidr": "No reason."}
    return Comparison(services, only, not_said, notes or {}, {}, tools, cases)


def test_the_table_says_who_catches_who_warns_and_who_is_against_what_is_sound() -> None:
    text = tables.case_by_case(
        comparison(
            {
                "cases/backup-plan": said(cfn_lint=(["E1"], []), Checkov=(["CKV_1"], ["CKV_1"])),
                "cases/s3-acl": said(cfn_lint=(["W1"], []), Checkov=([], ["CKV_2"])),
                "cases/s3-bucket-name": said(),
            },
            {"s3-acl": {"cfn-lint": "A remark."}},
        )
    )
    rows = [line for line in text.splitlines() if "](../policies/" in line]
    assert rows == [
        "| Backup | [`backup-plan`](../policies/backup-plan.md) | **catches**: `E1` | else |",
        "| S3 | [`s3-bucket-name`](../policies/s3-bucket-name.md) | silent | silent |",
        "|  | [`s3-acl`](../policies/s3-acl.md) | warns: `W1`; see below | against: `CKV_2` |",
        "| [`zone-in-region`](../policies/zone-in-region.md) | Two regions. |",
        "| [`subnet-cidr`](../policies/subnet-cidr.md) | No reason. |",
    ]
    assert "\n- cfn-lint on `s3-acl`: A remark.\n" in text


def test_the_counts_keep_warnings_apart_and_a_tools_own_cases_out() -> None:
    text = tables.summary(
        comparison(
            {
                "cases/backup-plan": said(pack=(["backup-plan"], []), cfn_lint=(["E1"], ["W2"])),
                "cases/s3-acl": said(pack=(["s3-acl"], []), cfn_lint=(["W1"], ["W1"])),
                "cases/s3-bucket-name": said(cfn_lint=(["W1"], []), Checkov=([], ["CKV_2"])),
                "cases/zone-in-region": without("cfn-lint", said()),
            }
        )
    )
    assert text.splitlines() == [
        "|  | catches, of this pack's defects (3) | of those only in Terraform (1) "
        "| flags sound programs (3) | demands the opposite |",
        "| --- | --- | --- | --- | --- |",
        "| this pack | its own | its own | 0 | 0 |",
        "| cfn-lint 1.0 | 1, warns in 1 | not asked | 0, warns in 2 | 0, warns in 1 |",
        "| Checkov 1.0 | 0 | 0 | 1 | 1 |",
    ]


def test_what_is_caught_is_counted_by_service_among_what_was_asked() -> None:
    text = tables.by_service(
        comparison(
            {
                "cases/backup-plan": said(cfn_lint=(["E1"], []), Checkov=(["CKV_1"], ["CKV_1"])),
                "cases/s3-acl": said(cfn_lint=(["W1"], []), Checkov=(["CKV_2"], [])),
                "cases/s3-bucket-name": without("Checkov", said(cfn_lint=(["E2"], ["E2"]))),
                "cases/zone-in-region": without("cfn-lint", said()),
            }
        )
    )
    assert text.splitlines() == [
        "| service | cfn-lint | Checkov |",
        "| --- | --- | --- |",
        "| Backup | 1 of 1 | 0 of 1 |",
        "| S3 | 0 of 2, warns in 1 | 1 of 1 |",
        "| VPC | - | 0 of 1 |",
    ]


def test_a_tool_that_was_not_run_since_a_case_was_added_is_counted_without_it() -> None:
    text = tables.summary(
        comparison(
            {
                "cases/backup-plan": said(Checkov=(["CKV_1"], ["CKV_2"])),
                "cases/s3-acl": without("Checkov", said()),
            }
        )
    )
    assert text.splitlines()[-1] == (
        "| Checkov 1.0 | 1, asked about 1 | not asked | 1, asked about 1 | 1, asked about 1 |"
    )


def test_the_sample_is_every_fifth_rule_and_all_of_five() -> None:
    six = [f"E{number}" for number in range(6)]
    later = [f"E{number}" for number in range(10, 20)]
    assert sample({"cfn-lint": [six, later], "Checkov": [six[:5]]}) == {
        "cfn-lint": ["E0", "E5", "E10", "E15"],
        "Checkov": six[:5],
    }
