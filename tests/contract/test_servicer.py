"""The pack's servicer against the policy SDK's own, on the same requests."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pulumi_policy.policy as sdk
import pytest
from google.protobuf.json_format import MessageToDict
from pulumi_policy import EnforcementLevel, ResourceValidationPolicy
from pulumi_policy.policy import _PolicyAnalyzerServicer

from policies import RULES
from policies.serving import adapter, servicer
from policies.serving.servicer import PreflightServicer
from policies.testing import UNKNOWN, Made, Run, Secret, Stack
from policies.unverifiable import NEIGHBOURS_VARIABLE
from tests import aws

BACKTRACK = "aurora-global-backtrack"


def stack() -> Stack:
    """One resource for each way of being decided: rejected, fine, not told, of no interest."""
    made = Stack()
    home = aws.vpc(made)
    subnets = [aws.subnet(made, f"app-{zone}", home, zone) for zone in "ab"]
    aws.balancer(made, "private", aws.ids(*subnets))
    aws.balancer(made, "internal", aws.ids(*subnets), internal=True)
    aws.balancer(made, "elsewhere", UNKNOWN)
    made.add("aws:s3/bucket:Bucket", "logs", {"tags": {"team": "dr"}})
    cluster(made, "primary", backtrackWindow=3600)
    cluster(made, "secondary")
    made.add("aws:route53/zone:Zone", "zone", {"name": "dr.example.com"})
    made.add("aws:route53/zone:Zone", "late", {"name": UNKNOWN})
    return made


def cluster(made: Stack, name: str, **inputs: Any) -> Made:
    return made.add(
        "aws:rds/cluster:Cluster",
        name,
        {
            "globalClusterIdentifier": "global",
            "engine": "aurora-mysql",
            "engineVersion": "8.0.mysql_aurora.3.10.1",
            "masterPassword": Secret("hunter2-hunter2"),
            "finalSnapshotIdentifier": UNKNOWN,
            "tags": None,
            **inputs,
        },
    )


CONFIGURATIONS: Mapping[str, Mapping[str, Any]] = {
    "none": {},
    "levels": {
        "alb-public-subnets": "advisory",
        BACKTRACK: "disabled",
        "unverifiable-reference": "mandatory",
        "hosted-zone-reserved-name": {"enforcementLevel": "advisory"},
    },
    "remediate": {BACKTRACK: "remediate", "alb-public-subnets": "remediate"},
    "exemptions": {
        "alb-public-subnets": {
            "exemptions": [{"resource": "private", "reason": "moved next week"}]
        },
        BACKTRACK: {"exemptions": [{"resource": "*primary", "reason": "a drill"}]},
        "unverifiable-reference": {"exemptions": [{"resource": "elsewhere", "reason": "known"}]},
    },
    "exempt from remediation": {
        BACKTRACK: {
            "enforcementLevel": "remediate",
            "exemptions": [{"resource": "primary", "reason": "a drill"}],
        },
    },
    "options": {"hosted-zone-reserved-name": {"extraReservedNames": ["corp.net"]}},
}


def servers(config: Mapping[str, Any]) -> list[Any]:
    built: list[Any] = []
    for make in (_PolicyAnalyzerServicer, PreflightServicer):
        policies = adapter.build()
        server: Any = make("pack", "0.0.1", policies, EnforcementLevel.ADVISORY)
        server.Configure(Run(stack(), config=config).configuration(policies), None)
        built.append(server)
    return built


@pytest.mark.parametrize("name", CONFIGURATIONS)
@pytest.mark.parametrize("is_first", [True, False], ids=["preview", "deployed"])
def test_every_call_gets_the_same_answer(name: str, is_first: bool) -> None:
    made = stack()
    run = Run(made, is_first=is_first)
    theirs, ours = servers(CONFIGURATIONS[name])
    for resource in made.resources:
        request = run.resource_request(resource)
        assert ours.Remediate(request, None) == theirs.Remediate(request, None)
        assert ours.Analyze(request, None) == theirs.Analyze(request, None)
    request = run.stack_request(made.resources)
    assert ours.AnalyzeStack(request, None) == theirs.AnalyzeStack(request, None)
    assert ours.GetAnalyzerInfo(None, None) == theirs.GetAnalyzerInfo(None, None)


def test_the_comparison_covers_findings_doubts_and_exemptions() -> None:
    made = stack()
    plain = Run(made).findings(adapter.build())
    assert {each.policy for each in plain} >= {
        "alb-public-subnets",
        BACKTRACK,
        "hosted-zone-reserved-name",
        "unverifiable-reference",
    }
    run = Run(made, config=CONFIGURATIONS["exemptions"])
    kept = run.findings(adapter.build())
    assert not [each for each in kept if each.policy == BACKTRACK]
    assert (BACKTRACK, "cluster primary is exempt: a drill") in run.not_applicable


@pytest.mark.parametrize("position", [0, 1], ids=["theirs", "ours"])
def test_remediation_drops_the_window_and_keeps_secrets_and_unknowns(position: int) -> None:
    made = stack()
    primary = aws.named(made, "primary")
    request = Run(made).resource_request(primary)
    answer = servers(CONFIGURATIONS["remediate"])[position].Remediate(request, None)
    assert [each.policyName for each in answer.remediations] == [BACKTRACK]
    before = MessageToDict(request.properties)
    after = MessageToDict(answer.remediations[0].properties)
    assert "backtrackWindow" in before
    assert after == {key: value for key, value in before.items() if key != "backtrackWindow"}


@pytest.mark.parametrize("position", [0, 1], ids=["theirs", "ours"])
def test_an_exempted_resource_is_not_remediated(position: int) -> None:
    made = stack()
    primary = aws.named(made, "primary")
    request = Run(made).resource_request(primary)
    config = CONFIGURATIONS["exempt from remediation"]
    assert not servers(config)[position].Remediate(request, None).remediations


def test_an_exemption_that_was_of_use_before_the_stack_is_whole_is_not_called_unused() -> None:
    """A resource that was looked at need not be in the stack afterwards, as with `--target`."""
    made = stack()
    primary = aws.named(made, "primary")
    rest = [each for each in made.resources if each is not primary]
    for with_primary in (True, False):
        ours = servers(CONFIGURATIONS["exemptions"])[1]
        if with_primary:
            ours.Analyze(Run(made).resource_request(primary), None)
        told = ours.AnalyzeStack(Run(made).stack_request(rest), None).diagnostics
        unused = [each.message for each in told if "exempts nothing" in each.message]
        assert len(unused) == (0 if with_primary else 1), unused


def test_a_secret_never_reaches_a_message() -> None:
    made = Stack()
    made.add("aws:route53/zone:Zone", "zone", {"name": Secret("hidden-name.example.com")})
    made.add("aws:route53/zone:Zone", "label", {"name": Secret("hiddenlabel")})
    found = Run(made, servicer=PreflightServicer).findings(adapter.build())
    assert {each.resource for each in found} == {"zone", "label"}
    for each in found:
        assert "hidden" not in each.message
        assert "[secret]" in each.message


def test_a_secret_domain_name_is_hidden_in_the_form_that_it_is_compared_in() -> None:
    made = Stack()
    zone = made.add("aws:route53/zone:Zone", "zone", {"name": Secret("Hidden-Zone.net.")})
    for name in ("one", "two"):
        said = {"zoneId": zone.id, "name": Secret("Hidden-Name"), "type": "A"}
        made.add("aws:route53/record:Record", name, {**said, "ttl": 60, "records": ["8.8.8.8"]})
    balancer = Secret("dualstack.Hidden-1.us-east-1.elb.amazonaws.com")
    alias = {"name": balancer, "zoneId": "Z2FDTNDATAQYW2"}
    said = {"zoneId": zone.id, "name": "www", "type": "A", "aliases": [alias]}
    made.add("aws:route53/record:Record", "alias", said)
    found = Run(made, servicer=PreflightServicer).findings(adapter.build())
    told = [each for each in found if each.policy == "record-sets"]
    assert {each.resource for each in told} == {"two", "alias"}
    for each in told:
        assert "hidden" not in each.message.lower()
        assert "[secret]" in each.message


def test_it_steps_aside_for_an_sdk_that_it_does_not_know(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sdk, "_PolicyAnalyzerServicer", _PolicyAnalyzerServicer)
    monkeypatch.setattr(servicer, "VERSION", "9.9.0")
    assert not servicer.install()
    assert sdk._PolicyAnalyzerServicer is _PolicyAnalyzerServicer
    printed = capsys.readouterr()
    assert "pulumi-policy 9.9.0" in printed.err
    assert printed.out == ""  # Anything there would break the start of the pack.
    assert NEIGHBOURS_VARIABLE not in printed.err
    monkeypatch.setenv(NEIGHBOURS_VARIABLE, "/tmp/network.json")
    assert not servicer.install()
    assert f"does not read the stacks that {NEIGHBOURS_VARIABLE} names" in capsys.readouterr().err


def test_an_sdk_with_other_inner_parts_does_not_keep_the_pack_from_starting() -> None:
    program = """
import pulumi_policy.policy as sdk, pulumi_policy.version
del sdk._PolicyAnalyzerServicer
pulumi_policy.version.VERSION = "1.99.0"
from policies import adapter, servicer
adapter.build()
assert not servicer.install()
"""
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert "pulumi-policy 1.99.0" in done.stderr
    assert done.stdout == ""


def test_it_takes_the_place_of_the_sdk_s_own_for_a_known_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sdk, "_PolicyAnalyzerServicer", _PolicyAnalyzerServicer)
    assert servicer.install()
    assert sdk._PolicyAnalyzerServicer is PreflightServicer


def test_a_foreign_policy_in_the_pack_runs_as_the_sdk_runs_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[Any] = []
    foreign = ResourceValidationPolicy(
        name="foreign",
        description="A policy of somebody else.",
        validate=lambda args, report: seen.append(args),
    )
    Run(stack(), servicer=PreflightServicer).findings([*adapter.build(), foreign])
    assert len(seen) == len(stack().resources)
    assert NEIGHBOURS_VARIABLE not in capsys.readouterr().err
    monkeypatch.setenv(NEIGHBOURS_VARIABLE, "/tmp/network.json")
    Run(stack(), servicer=PreflightServicer).findings([*adapter.build(), foreign])
    assert f"does not read the stacks that {NEIGHBOURS_VARIABLE} names" in capsys.readouterr().err


def test_configuration_mistakes_are_told_once_and_block_nobody() -> None:
    config = {
        "alb-public-subnet": "mandatory",
        "alb-public-subnets": {
            "knownPublicId": ["subnet-1"],
            "exemptions": [
                {"resource": "gone", "reason": "was removed"},
                {"resource": "private", "reason": "old", "expires": "2020-01-31"},
            ],
        },
    }
    found = Run(stack(), servicer=PreflightServicer, config=config).findings(adapter.build())
    told = [each for each in found if "Configuration:" in each.message]
    assert {each.level for each in told} == {"advisory"}
    text = "\n".join(each.message for each in told)
    assert 'no policy "alb-public-subnet"' in text
    assert "did you mean alb-public-subnets?" in text
    assert 'no option "knownPublicId"' in text
    assert "the exemption of gone (was removed) exempts nothing" in text
    assert "the exemption of private (old) expired on 2020-01-31" in text
    assert len(told) == 4
    assert any(each.policy == "alb-public-subnets" and each.resource == "private" for each in found)


def test_a_bug_in_one_rule_is_one_advisory_finding_and_the_others_still_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    value = "surprise"

    def broken(*_: Any) -> Any:
        raise KeyError(value)

    for rule in RULES:
        if rule.name in ("alb-public-subnets", BACKTRACK):
            monkeypatch.setattr(type(rule), "__setattr__", object.__setattr__)
            monkeypatch.setattr(rule, "check", broken)
    found = Run(stack(), servicer=PreflightServicer).findings(adapter.build())
    failed = {
        (each.policy, each.resource, each.level) for each in found if "KeyError" in each.message
    }
    assert failed == {
        ("alb-public-subnets", "private", "advisory"),
        ("alb-public-subnets", "internal", "advisory"),
        ("alb-public-subnets", "elsewhere", "advisory"),
        (BACKTRACK, "primary", "advisory"),
        (BACKTRACK, "secondary", "advisory"),
    }
    assert any(each.policy == "hosted-zone-reserved-name" for each in found)
    printed = capsys.readouterr().err
    assert "in broken" in printed
    assert "KeyError" in printed
    assert "surprise" not in printed  # It could be a secret.
