"""Could it be made again? What that adds to the findings about a stack that exists."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection, Mapping
from typing import Any

import pytest
from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel, ResourceValidationPolicy

from policies.serving import adapter, servicer
from policies.serving.again import LEAD
from policies.serving.environment import MADE_AGAIN
from policies.serving.servicer import PreflightServicer
from policies.testing import Diagnostic, Made, Run, Secret, Stack
from tests import aws
from tests.support import DOUBT, FAILED

NAMES = "duplicate-names"
PUBLIC = "alb-public-subnets"
RETIRED = "engine-version-retired"
ENDING = "engine-version-ending"
SECONDARY = "aurora-global-secondary"


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MADE_AGAIN, "true")
    monkeypatch.delenv("PULUMI_DRY_RUN", raising=False)


def analyze(
    stack: Stack, config: Mapping[str, Any] | None = None, existing: Collection[Made] | None = None
) -> list[Diagnostic]:
    """What is said of a stack that exists, or of which a part does."""
    run = Run(
        stack,
        is_first=existing is not None,
        existing=existing or (),
        config=config or {},
        servicer=PreflightServicer,
    )
    found = run.findings(adapter.build())
    assert not [each for each in found if FAILED in each.message]
    return found


def told(found: list[Diagnostic]) -> list[tuple[str, str, str, bool]]:
    """Policy, level and resource of each, and whether it is about making it again."""
    return [
        (each.policy, each.level, each.resource, f"\n{LEAD}\n" in each.message) for each in found
    ]


def roles(*names: str) -> Stack:
    """Roles that all have one name."""
    stack = Stack()
    for each in names:
        stack.add("aws:iam/role:Role", each, {"name": "app"})
    return stack


def test_what_aws_refused_to_create_today_is_advice() -> None:
    found = analyze(roles("east", "west"))
    assert told(found) == [(NAMES, "advisory", "west", True)]
    [message] = [each.message for each in found]
    assert message.splitlines()[1:3] == [
        LEAD,
        "Role west has the same name as role east, but the name of an IAM role must be unique "
        "within an account, across all regions.",
    ]


@pytest.mark.parametrize("said", ["", "0", "false", "No"])
def test_nothing_is_added_where_nobody_asks(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv(MADE_AGAIN, said)
    assert analyze(roles("east", "west")) == []


@pytest.mark.parametrize("said", ["1", "TRUE", " yes "])
def test_there_are_several_words_for_yes(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv(MADE_AGAIN, said)
    assert len(analyze(roles("east", "west"))) == 1


def test_another_word_is_told_and_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MADE_AGAIN, "ture")
    [found] = analyze(roles("east", "west"))
    assert found.level == "advisory"
    assert f"Configuration: {MADE_AGAIN} is neither true nor false." in found.message


def test_it_is_advice_whatever_the_level_and_nothing_where_the_policy_is_off() -> None:
    for level, expected in (("mandatory", ["advisory"]), ("disabled", [])):
        found = analyze(roles("east", "west"), {NAMES: level})
        assert [each.level for each in found] == expected


def test_what_is_new_anyway_keeps_its_level_and_is_told_once() -> None:
    stack = roles("east", "west")
    found = analyze(stack, existing=stack.resources[:1])
    assert told(found) == [(NAMES, "mandatory", "west", False)]
    assert told(analyze(stack, existing=[])) == [(NAMES, "mandatory", "west", False)]


def test_what_is_told_of_what_exists_anyway_keeps_its_level_and_is_told_once() -> None:
    stack = Stack()
    home = aws.vpc(stack)
    aws.gateway(stack, "igw", home)
    private = aws.table(stack, "private", home)
    subnets = []
    for number, zone in enumerate("ab"):
        cidr = f"10.0.{number}.0/24"
        subnets.append(aws.subnet(stack, f"app-{zone}", home, zone, cidrBlock=cidr))
        aws.associate(stack, f"app-{zone}", subnets[-1], private)
    aws.balancer(stack, "web", aws.ids(*subnets))
    found = [each for each in told(analyze(stack)) if each[0] == PUBLIC]
    assert found == [(PUBLIC, "mandatory", "web", False)]


def test_advice_that_differs_in_names_alone_is_told_once() -> None:
    stack = Stack()
    for name in ("orders", "users"):
        stack.add(
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            name,
            {"role": name, "policyArn": "arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole"},
        )
    [found] = [each for each in analyze(stack) if each.policy == "iam-names"]
    assert "attachment orders" in found.message
    assert "attachment users" in found.message


def database(declared: str, actual: str) -> Stack:
    stack = Stack()
    made = aws.cluster(
        stack, "orders", engineVersion=declared, masterUsername="a", masterPassword="long-enough"
    )
    made.outputs["engineVersionActual"] = actual
    return stack


def test_a_version_that_is_gone_is_told_by_one_policy() -> None:
    assert told(analyze(database("15.4", "15.4"))) == [(ENDING, "advisory", "orders", False)]
    found = analyze(database("15.4", "15.4"), {ENDING: "disabled"})
    assert told(found) == [(RETIRED, "advisory", "orders", True)]


def test_it_is_told_of_the_version_that_the_program_declares() -> None:
    """AWS has upgraded the cluster; a new one would get what the program says."""
    assert told(analyze(database("15.4", "16.8"))) == [(RETIRED, "advisory", "orders", True)]
    assert analyze(database("16.8", "16.8")) == []


def global_database(**secondary: Any) -> Stack:
    """After a switchover: the secondary is the writer."""
    stack = Stack()
    home = aws.global_cluster(stack)
    primary = aws.cluster(stack, "east", home, masterUsername="a", masterPassword="long-enough")
    writer = aws.instance(stack, "east-writer", primary)
    stack.region = "us-west-2"
    west = aws.cluster(stack, "west", home, depends_on=[writer], **secondary)
    members = [(primary, False), (west, True)]
    home.outputs["globalClusterMembers"] = [
        {"dbClusterArn": each.outputs["arn"], "isWriter": writes} for each, writes in members
    ]
    return stack


def test_roles_that_a_switchover_gave_are_forgotten() -> None:
    assert analyze(global_database()) == []
    found = analyze(global_database(masterUsername="a"))
    assert (SECONDARY, "advisory", "west", True) in told(found)


def test_what_the_program_ignores_is_not_held_against_it() -> None:
    found = analyze(global_database(masterUsername="a", ignore_changes=["masterUsername"]))
    assert found == []


def test_races_are_open_again() -> None:
    stack = Stack()
    home = aws.vpc(stack)
    igw = aws.gateway(stack, "igw", home)
    public = aws.table(stack, "public", home)
    aws.route(stack, "default", public, gatewayId=igw.id)
    subnets = []
    for number, zone in enumerate("ab"):
        cidr = f"10.0.{number}.0/24"
        subnets.append(aws.subnet(stack, f"app-{zone}", home, zone, cidrBlock=cidr))
        aws.associate(stack, f"app-{zone}", subnets[-1], public)
    aws.balancer(stack, "web", aws.ids(*subnets))
    assert told(analyze(stack)) == [("creation-order", "advisory", "main", True)]


def test_what_is_in_doubt_anyway_is_told_and_what_the_state_shows_is_none() -> None:
    stack = Stack()
    aws.balancer(stack, "web", ["subnet-0a", "subnet-0b"])
    assert told(analyze(stack)) == [(DOUBT, "advisory", "web", True)]
    assert told(analyze(stack, {DOUBT: "mandatory"})) == [(DOUBT, "advisory", "web", True)]
    stack = Stack()
    home = aws.vpc(stack)
    subnets = [
        aws.unplaced(stack, name, home, zone)
        for name, zone in (("a", "us-east-1a"), ("b", "us-east-1b"))
    ]
    aws.balancer(stack, "web", aws.ids(*subnets), internal=True)
    assert [each[0] for each in told(analyze(stack, existing=[]))] == [DOUBT]
    assert analyze(stack) == []  # AWS chose two zones, as it would again.


def test_what_is_exempt_is_exempt_here_too_and_the_exemption_is_of_use() -> None:
    exemption = {"resource": "west", "reason": "made by others"}
    stack = database("15.4", "16.8")
    config = {RETIRED: {"exemptions": [{"resource": "orders", "reason": "known"}]}}
    assert analyze(stack, config) == []
    config = {NAMES: {"exemptions": [exemption, {"resource": "no", "reason": "gone"}]}}
    [found] = analyze(roles("east", "west"), config)
    assert "Configuration: the exemption of no (gone) exempts nothing." in found.message


def test_secrets_are_hidden() -> None:
    stack = Stack()
    for each in ("one", "two"):
        stack.add("aws:iam/role:Role", each, {"name": Secret("hunter2hunter2")})
    found = analyze(stack)
    assert [each.policy for each in found] == [NAMES]
    assert "hunter2" not in found[0].message


def test_a_bug_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from policies import RULES  # noqa: PLC0415

    [rule] = [each for each in RULES if each.name == NAMES]
    monkeypatch.setattr(type(rule), "__setattr__", object.__setattr__)
    monkeypatch.setattr(rule, "check", lambda *_: 1 / 0)
    run = Run(roles("east"), is_first=False, servicer=PreflightServicer)
    assert len(run.findings(adapter.build())) == 1


# --- when it is asked ----------------------------------------------------------------------------


def answers(server: Any, stack: Stack) -> int:
    run = Run(stack, is_first=False)
    for each in stack.resources:
        server.Analyze(run.resource_request(each), None)
    return len(server.AnalyzeStack(run.stack_request(stack.resources), None).diagnostics)


def server(**request: Any) -> Any:
    made = PreflightServicer("test", "0.0.1", adapter.build(), EnforcementLevel.ADVISORY)
    if request:
        made.ConfigureStack(proto.AnalyzerStackConfigureRequest(**request), None)
    made.Configure(Run(Stack()).configuration(adapter.build()), None)
    return made


def test_an_update_does_not_repeat_what_its_preview_said(monkeypatch: pytest.MonkeyPatch) -> None:
    stack = roles("east", "west")
    assert answers(server(), stack) == 1  # `policy analyze`
    assert answers(server(dry_run=True), stack) == 1
    assert answers(server(dry_run=False), stack) == 0
    for said, expected in (("true", 1), ("false", 0)):  # So the language host says it.
        monkeypatch.setenv("PULUMI_DRY_RUN", said)
        assert answers(server(), stack) == expected


def test_the_slower_path_says_that_it_does_not_ask(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(servicer, "VERSION", "9.9.0")
    assert not servicer.install()
    assert f"{MADE_AGAIN} does nothing" in capsys.readouterr().err
    other = ResourceValidationPolicy("other", "Another pack's policy.", lambda *_: None)
    policies = [*adapter.build(), other]
    PreflightServicer("test", "0.0.1", policies, EnforcementLevel.ADVISORY)
    assert f"{MADE_AGAIN} does nothing" in capsys.readouterr().err
    assert Run(roles("east", "west"), is_first=False).findings(adapter.build()) == []


def test_nothing_is_loaded_that_is_not_asked_for() -> None:
    program = """
import sys
import policies.serving.adapter, policies.serving.servicer
assert not [each for each in sys.modules if each.endswith(".again")]
"""
    subprocess.run([sys.executable, "-c", program], check=True)
