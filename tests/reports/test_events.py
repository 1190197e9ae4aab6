"""What the engine's events say, and what is said when they say nothing."""

from __future__ import annotations

import json

import pytest

from policies.rule import Level
from reports.documents import InputError
from reports.events import read, read_all
from reports.log import Urn, plain
from tests.reports.support import (
    ALB,
    LOGS,
    PROD,
    REFUSED,
    ZONE,
    error,
    lines,
    log,
    only,
    passed,
    stored,
    summary,
    violation,
)


def refusal(data: bytes) -> str:
    with pytest.raises(InputError) as refused:
        read("events.jsonl", data)
    return str(refused.value)


def test_a_finding_of_each_level() -> None:
    found = log(
        violation(enforcementLevel="mandatory"),
        violation("vpc-peering-routes", enforcementLevel="advisory"),
        violation("aurora-global-backtrack", enforcementLevel="remediate"),
    ).findings
    assert [(each.policy, each.level) for each in found] == [
        ("alb-public-subnets", Level.MANDATORY),
        ("aurora-global-backtrack", Level.MANDATORY),
        ("vpc-peering-routes", Level.ADVISORY),
    ]


def test_two_packs_in_one_log() -> None:
    found = stored("preview-two-packs.jsonl")
    assert found.packs == {"aws-dr-preflight": "0.1.0", "house-rules": "2.0.0"}
    assert {(each.pack, each.policy) for each in found.findings} == {
        ("aws-dr-preflight", "aurora-global-backtrack"),
        ("house-rules", "tags"),
        ("house-rules", "dull"),
    }
    assert "alb-public-subnets" in found.passed["aws-dr-preflight"]
    assert found.errors == ()


def test_the_order_of_events_does_not_matter() -> None:
    events = [violation(urn=urn, policy=name) for urn in (ALB, ZONE) for name in ("b", "a")]
    assert log(*events) == log(*reversed(events))


def test_a_finding_that_preview_and_update_both_have_counts_once() -> None:
    first = lines(violation(), summary("failed"))
    assert only(read("both", first + first)).count(Level.MANDATORY) == 1


def test_a_policy_passes_only_if_no_resource_fails_it() -> None:
    found = log(
        passed("alb-public-subnets", "subnet-cidr", urn=ZONE),
        passed("subnet-cidr"),
        violation("alb-public-subnets"),
        passed(urn=None),
    )
    assert found.passed == {"aws-dr-preflight": ("subnet-cidr",)}
    assert found.unfinished == ()


def test_a_run_that_stopped_before_the_stack_policies() -> None:
    assert log(passed("subnet-cidr"), violation()).unfinished == ("aws-dr-preflight",)


def test_a_remediation_names_properties_and_no_value() -> None:
    found = stored("preview-remediated.jsonl")
    assert [(each.policy, each.properties) for each in found.remediations] == [
        ("aurora-global-backtrack", ("backtrackWindow",))
    ]
    assert found.findings == ()


def test_what_the_engine_keeps_for_itself_is_no_property() -> None:
    event = {
        "policyPackName": "p",
        "before": {"a": 1, "b": 2, "__defaults": ["a"]},
        "after": {"b": 2, "c": 3, "__defaults": []},
    }
    (found,) = log({"policyRemediationEvent": event}).remediations
    assert found.properties == ("a", "c")


def test_an_analysis_that_finds_nothing_still_names_its_pack() -> None:
    found = log(summary("succeeded", "aws-dr-preflight"))
    assert found.packs == {"aws-dr-preflight": "0.1.0"}
    assert found.findings == ()
    assert found.errors == ()


@pytest.mark.parametrize(
    ("events", "errors"),
    [
        pytest.param([violation(), error("preview failed\n")], (), id="findings alone"),
        pytest.param(
            [violation(), error("no such subnet\n"), error("update failed")],
            ("no such subnet",),
            id="an error of the engine beside findings",
        ),
        pytest.param(
            [
                passed("subnet-cidr"),
                error("Missing required configuration variable 'shop:password'\n"),
                error("an unhandled error occurred: Program exited with non-zero exit code 1\n"),
            ],
            ("Missing required configuration variable 'shop:password'",),
            id="a program that says why it ends",
        ),
        pytest.param(
            [
                passed("subnet-cidr"),
                error("an unhandled error occurred: Program exited with non-zero exit code 3\n"),
            ],
            ("an unhandled error occurred: Program exited with non-zero exit code 3",),
            id="a program that ends without a word",
        ),
        pytest.param(
            [passed("subnet-cidr"), summary("failed")],
            ("The engine's run failed; its events do not say why.",),
            id="a failure without a word",
        ),
    ],
)
def test_why_a_run_failed(events: list[dict[str, object]], errors: tuple[str, ...]) -> None:
    assert log(*events).errors == errors


def test_a_program_that_fails() -> None:
    found = stored("preview-program-fails.jsonl")
    assert found.unfinished == ("aws-dr-preflight",)
    assert len(found.errors) == 1
    assert "ValueError: the program is wrong" in found.errors[0]


def test_events_that_end_without_a_summary() -> None:
    (said,) = only(read("killed", lines(violation()))).errors
    assert said == "The events end before the engine's summary: it was interrupted."


def test_the_preview_that_up_prints_first_tells_positions() -> None:
    preview = (REFUSED / "preview.json").read_bytes()
    found = only(read("up.json", preview + lines(violation(), summary("failed"))))
    assert len(found.positions) == 1
    assert len(found.findings) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_powershell_writes_is_read(encoding: str) -> None:
    data = lines(violation(message="Größe"), summary("failed")).decode().encode(encoding)
    assert only(read("events", data)).findings[0].message == "Größe"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<{%fg 1%}>no<{%reset%}> gateway\n", "no gateway"),
        ("\x1b[31mno\x1b[0m gateway", "no gateway"),
        ("a\x00b\x0bc\ufffed\ud800", "abcd"),
        ("a -> b\n  \tc <d> 100%", "a -> b\n  \tc <d> 100%"),
    ],
)
def test_text_without_colour_marks_and_what_xml_forbids(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ALB, ("dev", "shop", "aws:lb/loadBalancer:LoadBalancer", "alb")),
        ("urn:pulumi:dev::shop::a:b:C::x::y", ("dev", "shop", "a:b:C", "x::y")),
        ("", ("", "", "", "")),
        ("nonsense", ("", "", "", "nonsense")),
    ],
)
def test_urns(text: str, expected: tuple[str, ...]) -> None:
    urn = Urn.parse(text)
    assert (urn.stack, urn.project, urn.own_type, urn.name) == expected


class TestSeveralStacks:
    """Events of several stacks in one file, or in several."""

    def test_each_has_its_own(self) -> None:
        dev, prod = read(
            "both",
            lines(
                *(violation(), passed("subnet-cidr"), summary("failed")),
                *(
                    passed("subnet-cidr", urn=PROD),
                    passed(urn=None),
                    error("no"),
                    summary("failed"),
                ),
            ),
        )
        assert (str(dev.stack), str(prod.stack)) == ("shop/dev", "shop/prod")
        assert (len(dev.findings), len(prod.findings)) == (1, 0)
        assert (dev.errors, prod.errors) == ((), ("no",))
        assert (dev.unfinished, prod.unfinished) == (("aws-dr-preflight",), ())

    def test_the_engine_numbers_the_events_of_a_run(self) -> None:
        """The first events of a run name no resource, and one that was interrupted no end."""
        first, second = violation(), violation(urn=PROD)
        runs = [[first, summary("failed")], [error("interrupted"), first], [error("bad"), second]]
        numbered = [{"sequence": n, **each} for run in runs for n, each in enumerate(run)]
        dev, prod = read("three runs", lines(*numbered))
        assert dev.errors == ("interrupted",)
        assert prod.errors[0] == "bad"

    def test_stored_logs_side_by_side(self) -> None:
        names = ("preview-two-packs.jsonl", "preview-program-fails.jsonl")
        data = [(LOGS / name).read_bytes() for name in names]
        moved = data[1].replace(b"urn:pulumi:offline::", b"urn:pulumi:other::")
        expected = (stored(names[0]), only(read("other", moved)))
        assert read("both", data[0] + moved) == expected
        assert read("both", moved + data[0]) == expected
        assert read_all([("a", data[0]), ("b", moved)]) == expected

    def test_each_input_must_have_events(self) -> None:
        with pytest.raises(InputError, match="b is JSON, but has no engine events"):
            read_all([("a", lines(violation())), ("b", b"{}")])

    def test_a_run_that_names_no_resource_belongs_to_no_stack(self) -> None:
        named, unnamed = read(
            "both", lines(summary("", "aws-dr-preflight"), violation(), summary("failed"))
        )
        assert (str(named.stack), unnamed.stack) == ("shop/dev", None)
        assert unnamed.errors == ()


class TestRefusals:
    """One message that names what is wrong, and the fix."""

    def test_nothing(self) -> None:
        assert refusal(b" \n").startswith("events.jsonl is empty. Fix: run `PULUMI_DEBUG")

    def test_a_last_line_that_is_cut_short(self) -> None:
        assert "events.jsonl is cut short in line 2" in refusal(lines(violation(), summary())[:-9])

    def test_text_that_is_not_json(self) -> None:
        said = refusal(b"Previewing update (dev):\n  + 3 to create\n")
        assert "is not JSON lines: line 1 is 'Previewing update (dev):'" in said
        assert "--event-log" in said

    def test_errors_of_the_cli_among_the_events(self) -> None:
        said = refusal(lines(violation(), summary("failed")) + b"error: violations were found\n")
        assert "line 3 is 'error: violations were found'" in said
        assert "without 2>&1" in said

    @pytest.mark.parametrize("data", [b"[1, 2]", b"17", b'"text"', b"null"])
    def test_json_that_is_no_object(self, data: bytes) -> None:
        assert "is not JSON lines: line 1" in refusal(data)

    def test_bytes_that_are_no_text(self) -> None:
        assert "events.jsonl is not text" in refusal(b"\xff\xfa\x80\x81 \xc3\x28")

    def test_the_output_of_preview_json_without_streaming(self) -> None:
        said = refusal((REFUSED / "preview.json").read_bytes())
        assert "which leaves policy findings out" in said
        assert "PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true" in said

    def test_an_export_of_a_stack(self) -> None:
        said = refusal(json.dumps({"version": 3, "deployment": {}}, indent=4).encode())
        assert "pulumi policy analyze --file events.jsonl" in said

    def test_other_json(self) -> None:
        assert "is JSON, but has no engine events" in refusal(b'{"a": 1}\n{"b": 2}\n')

    def test_a_run_without_a_pack(self) -> None:
        said = refusal((REFUSED / "preview-no-pack.jsonl").read_bytes())
        assert said.startswith("events.jsonl has no policy event: no policy pack ran. Fix:")

    def test_a_pack_that_could_not_be_configured(self) -> None:
        said = refusal((REFUSED / "preview-bad-configuration.jsonl").read_bytes())
        assert "the engine stopped before any policy ran: validating policy config" in said
        assert "knownPublicIds: Invalid type" in said

    @pytest.mark.parametrize(
        "event",
        [
            {"policyEvent": None},
            {"policyEvent": {"policyPackName": 3, "message": ["x"], "resourceUrn": {}}},
            {"policyAnalyzeSummaryEvent": {"passed": "all"}},
            {"summaryEvent": {"PolicyPacks": []}},
        ],
    )
    def test_malformed_events_never_raise_anything_else(self, event: dict[str, object]) -> None:
        assert "has no policy event" in refusal(lines(event))
