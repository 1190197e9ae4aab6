"""What a report finds in a stack and in what the policies say of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from policies import RULES
from policies.entry.load_balancers import PUBLIC_SUBNETS
from policies.model import Model
from policies.model.resource import Resource
from policies.model.vocabulary import label
from policies.rehearsal.report.contents import Report, printable, revised
from policies.rehearsal.report.reading import FAILOVER, REHEARSAL, is_about_failing_over
from policies.rule import Outcome, Severity, StackRule, Unverified, Violation
from policies.testing import UNKNOWN, Output, Stack
from tests import aws
from tests.rehearsal import support
from tests.rehearsal.support import BUCKET, FUNCTION, arrows, part, rehearsal, report, rule, tiers

LOST = "us-east-1"


def named(model: Model, called: str) -> Resource:
    (found,) = [each for each in model.stack.resources if _called(each) == called]
    return found


def needs(subject: str, *parties: str, lost: str | None = LOST) -> StackRule:
    """A policy that says of one resource that it needs others."""

    def check(resource: Resource, model: Model) -> list[Outcome]:
        if _called(resource) != subject:
            return []
        others = tuple(named(model, each) for each in parties)
        problem = f"{resource.label} needs what is lost."
        return [Violation(resource, problem, parties=others, lost=lost)]

    return rule("needs-what-is-lost", check, FUNCTION, BUCKET, "aws:iam/role:Role")


def _called(resource: Resource) -> str:
    """How a stack of its own would call it."""
    return f"{label(resource.kind)} {resource.name}"


def doubts(subject: str, *parties: str, lost: str | None = LOST) -> StackRule:
    """A policy that cannot tell whether one resource needs others."""

    def check(resource: Resource, model: Model) -> list[Outcome]:
        others = tuple(named(model, each) for each in parties)
        return (
            [Unverified(resource, "what it names is not known", parties=others, lost=lost)]
            if _called(resource) == subject
            else []
        )

    return rule("cannot-tell", check, FUNCTION, BUCKET)


def test_every_tier_and_region_is_there() -> None:
    found = rehearsal(support.two_regions())
    assert (found.lost, found.left) == ("us-east-1", ("us-west-2",))
    assert [row.tier for row in found.rows] == [
        "entry",
        "front",
        "compute",
        "data",
        "secrets and keys",
        "failover",
    ]
    assert tiers(found) == {
        ("compute", "us-east-1"): ["function shop-primary"],
        ("compute", "us-west-2"): ["function shop-standby"],
        ("data", "us-east-1"): ["bucket receipts-primary"],
        ("data", "us-west-2"): ["bucket receipts-standby"],
    }
    assert [(each.name, each.is_lost) for each in found.columns] == [
        ("us-east-1", True),
        ("us-west-2", False),
    ]
    assert part(found, "function shop-primary").status.value == "lost"
    assert part(found, "function shop-standby").status.value == "survives"


def test_global_kinds_have_a_column_and_those_of_no_known_region_another() -> None:
    stack = support.two_regions()
    stack.add("aws:route53/record:Record", "shop", {"name": "a.example.net", "type": "A"})
    stack.add(FUNCTION, "somewhere", {}, provider={})
    found = rehearsal(stack)
    assert [each.name for each in found.columns] == [
        "global",
        "us-east-1",
        "us-west-2",
        "region not known",
    ]
    assert part(found, "record shop").status.value == "survives"
    assert part(found, "function somewhere").status.value == "undecided"


def test_what_needs_the_lost_region_does_not_serve_and_has_an_arrow() -> None:
    stack = support.two_regions()
    found = rehearsal(stack, needs("function shop-standby", "bucket receipts-primary"))
    assert found.verdict == "us-west-2 is left. 1 problem stops it from taking over, 0 undecided."
    idle = part(found, "function shop-standby")
    assert (idle.status.value, idle.numbers) == ("does not serve", (1,))
    assert part(found, "bucket receipts-primary").status.value == "lost"
    assert arrows(found) == {("function shop-standby", "needs", "bucket receipts-primary")}
    (finding,) = found.findings
    assert finding.policy == "needs-what-is-lost"
    assert finding.severity == "high"
    assert [each.sentence for each in finding.said] == ["Function shop-standby needs what is lost."]
    assert (finding.effect, finding.fix) == ("does what it does.", "Change it.")


def test_what_is_left_needs_what_the_finding_is_about_if_that_is_lost() -> None:
    stack = support.two_regions()
    found = rehearsal(stack, needs("bucket receipts-primary", "function shop-standby"))
    assert arrows(found) == {("function shop-standby", "needs", "bucket receipts-primary")}
    idle = part(found, "function shop-standby")
    assert (idle.status.value, idle.numbers) == ("does not serve", (1,))
    assert part(found, "bucket receipts-primary").numbers == (1,)


def test_what_is_undecided_is_amber_with_a_dashed_line() -> None:
    stack = support.two_regions()
    found = rehearsal(stack, doubts("function shop-standby", "bucket receipts-primary"))
    assert found.verdict == (
        "us-west-2 is left. Nothing that the program shows stops it from taking over, 1 undecided."
    )
    assert part(found, "function shop-standby").status.value == "undecided"
    assert arrows(found) == {("function shop-standby", "may need", "bucket receipts-primary")}
    (doubt,) = found.doubts
    assert (doubt.subjects, doubt.why) == (("function shop-standby",), "what it names is not known")


def test_a_doubt_is_told_of_what_exists_too_since_no_deployment_settles_it() -> None:
    stack = support.two_regions()
    found = rehearsal(stack, doubts("function shop-standby"), deployed=True)
    assert found.untold == 1


def test_what_is_certain_outweighs_a_doubt() -> None:
    stack = support.two_regions()
    asked = (
        needs("function shop-standby", "bucket receipts-primary"),
        doubts("function shop-standby", "bucket receipts-primary"),
    )
    found = rehearsal(stack, *asked)
    both = part(found, "function shop-standby")
    assert (both.status.value, both.numbers) == ("does not serve", (1, 2))
    assert (found.stops, found.untold) == (1, 1)


def test_a_finding_without_a_region_is_of_every_loss_that_leaves_its_resource() -> None:
    stack = support.two_regions()
    asked = needs("function shop-standby", lost=None)
    found = {each.lost: each.stops for each in report(stack, asked, primary=None).rehearsals}
    assert found == {"us-east-1": 1, "us-west-2": 0}


def test_a_finding_of_another_loss_is_not_of_this_one() -> None:
    stack = support.two_regions()
    asked = needs("function shop-primary", lost="us-west-2")
    found = {each.lost: each.stops for each in report(stack, asked, primary=None).rehearsals}
    assert found == {"us-east-1": 0, "us-west-2": 1}


def test_findings_are_counted_once_each_and_told_together() -> None:
    stack = support.two_regions()
    stack.add(FUNCTION, "mail-standby", {}, region="us-west-2")

    def check(resource: Resource, _: Model) -> list[Outcome]:
        lost = "us-east-1" if resource.name.endswith("standby") else None
        return [Violation(resource, f"{resource.label} fails.", lost=lost)] if lost else []

    found = rehearsal(stack, rule("fails", check))
    assert found.stops == 2
    (finding,) = found.findings
    assert [(each.number, each.sentence) for each in finding.said] == [
        (1, "Function mail-standby fails."),
        (2, "Function shop-standby fails."),
    ]


def test_the_weightiest_finding_comes_first() -> None:
    stack = support.two_regions()

    def check(resource: Resource, _: Model) -> list[Outcome]:
        is_standby = resource.name == "shop-standby"
        return [Violation(resource, f"{resource.label} fails.", lost=LOST)] if is_standby else []

    asked = (rule("light", check, severity=Severity.LOW), rule("heavy", check))
    assert [each.policy for each in rehearsal(stack, *asked).findings] == ["heavy", "light"]


def test_what_is_exempted_is_told_and_stops_nothing() -> None:
    stack = support.two_regions()
    exemption = {"resource": "shop-standby", "reason": "pilot light", "expires": "2999-03-31"}
    found = rehearsal(
        stack,
        needs("function shop-standby", "bucket receipts-primary"),
        config={"needs-what-is-lost": {"exemptions": [exemption]}},
    )
    assert found.stops == 0
    assert part(found, "function shop-standby").status.value == "survives"
    assert arrows(found) == set()
    (told,) = found.exempted
    assert told.sentence == "Function shop-standby needs what is lost."
    assert (told.reason, told.expires) == ("pilot light", "2999-03-31")


@pytest.mark.parametrize("policy", ["cannot-tell", "unverifiable-reference"])
def test_a_doubt_is_exempted_at_its_policy_or_where_doubts_are_told(policy: str) -> None:
    exemption = {"resource": "shop-*", "reason": "looked at"}
    found = rehearsal(
        support.two_regions(),
        doubts("function shop-standby"),
        config={policy: {"exemptions": [exemption]}},
    )
    assert (found.untold, len(found.exempted)) == (0, 1)


def test_a_policy_that_fails_is_a_doubt_and_the_report_is_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def check(resource: Resource, _: Model) -> list[Outcome]:
        raise KeyError(resource.name)

    found = rehearsal(support.two_regions(), rule("broken", check))
    assert [each.why for each in found.doubts] == ["the policy failed on it"]
    assert "KeyError" in capsys.readouterr().err


def test_copies_are_lines_and_a_replica_that_is_only_stated_has_a_box() -> None:
    stack = support.two_regions()
    stack.add(
        "aws:dynamodb/table:Table",
        "baskets",
        {"name": "baskets", "hashKey": "id", "replicas": [{"regionName": "us-west-2"}]},
    )
    found = rehearsal(stack)
    assert arrows(found) == {("table baskets", "is copied to", "copy of table baskets")}
    assert "copy of table baskets" in tiers(found)["data", "us-west-2"]
    assert part(found, "copy of table baskets").status.value == "survives"


def test_what_carries_out_a_failover_has_a_tier_of_its_own() -> None:
    stack = support.two_regions()
    role = stack.add("aws:iam/role:Role", "conductor", {"assumeRolePolicy": "{}"})
    action = {"Effect": "Allow", "Action": "rds:FailoverGlobalCluster", "Resource": "*"}
    policy = json.dumps({"Statement": [action]})
    stack.add("aws:iam/rolePolicy:RolePolicy", "may", {"role": role.id, "policy": policy})
    stack.add(FUNCTION, "conductor", {"role": role.output("arn")}, region="us-west-2")
    assert tiers(rehearsal(stack))["failover", "us-west-2"] == ["function conductor"]


@pytest.mark.parametrize(
    ("place", "status"), [("us-west-2", "does not serve"), ("us-east-1", "lost")]
)
def test_a_load_balancer_that_nobody_reaches_does_not_take_over(place: str, status: str) -> None:
    stack = support.two_regions()
    with aws.region(stack, place):
        network = aws.vpc(stack, cidr="10.1.0.0/16")
        subnets = [
            aws.subnet(stack, name, network, availabilityZone=f"{place}{name}") for name in "ab"
        ]
        aws.balancer(stack, "web", aws.ids(*subnets))
    found = rehearsal(stack, needs("nothing"), PUBLIC_SUBNETS)
    assert part(found, "load balancer web").status.value == status
    assert len(found.findings) == (place == "us-west-2")
    config = {PUBLIC_SUBNETS.name: {"exemptions": [{"resource": "web", "reason": "later"}]}}
    exempted = rehearsal(stack, needs("nothing"), PUBLIC_SUBNETS, config=config).exempted
    assert [each.sentence[-8:] for each in exempted] == ["gateway."] * len(found.findings)


def test_what_has_no_tier_is_shown_if_a_finding_is_about_it_or_needs_it() -> None:
    stack = support.two_regions()
    for name in ("shop", "nobody"):
        stack.add("aws:iam/role:Role", name, {"assumeRolePolicy": "{}"})
    stack.add("aws:lb/listener:Listener", "http", {"port": 80})
    asked = needs("role shop", "listener http")
    found = tiers(rehearsal(stack, asked))
    assert found["other", "global"] == ["role shop"]
    assert found["front", "us-east-1"] == ["listener http"]


def test_what_survives_is_needed_without_a_line() -> None:
    stack = support.two_regions()
    stack.add("aws:iam/role:Role", "shop", {"assumeRolePolicy": "{}"})
    stack.add("aws:s3/bucket:Bucket", "pictures-standby", {"acl": "private"}, region="us-west-2")
    asked = needs("function shop-standby", "role shop", "bucket pictures-standby")
    found = rehearsal(stack, asked)
    assert arrows(found) == set()
    assert part(found, "bucket pictures-standby").status.value == "survives"
    assert not any(tier == "other" for tier, _ in tiers(found))


def test_a_stack_of_one_region_has_nothing_to_rehearse() -> None:
    stack = Stack()
    stack.add(FUNCTION, "shop", {})
    assert report(stack, primary=None).rehearsals == ()


def test_the_report_names_what_was_not_asked() -> None:
    found = report(support.two_regions())
    assert found.asked == 1
    assert set(found.switched_off) == {each.name for each in RULES if is_about_failing_over(each)}
    assert found.stack == "project/test"


def test_the_policies_that_belong_into_a_report_say_so() -> None:
    names = {
        tag: {each.name for each in RULES if tag in each.tags} for tag in (REHEARSAL, FAILOVER)
    }
    assert "private-zone-regions" in names[REHEARSAL]
    assert names[FAILOVER] == {
        "alb-public-subnets",
        "aurora-global-standby",
        "failover-record-health",
        "failover-record-pair",
        "health-check-sources",
        "health-check-target",
        "network-tiers",
        "nlb-internet-gateway",
        "region-local-references",
    }


def test_resources_of_several_stacks_are_told_apart() -> None:
    stack = support.two_regions()
    for each in stack.resources:
        if each.name.endswith("standby"):
            each.urn = each.urn.replace(":test::", ":west::")
    found = report(stack, needs("function shop-standby", "bucket receipts-primary"))
    assert found.stack == "project/test, project/west"
    (loss,) = found.rehearsals
    assert part(loss, "function shop-standby").stack == "project/west"
    assert loss.findings[0].said[0].stack == "project/west"


def test_the_component_of_a_resource_is_known() -> None:
    stack = support.two_regions()
    stack.resources[0].parent = "urn:pulumi:test::project::my:shop:Shop::east::side"
    found = rehearsal(stack)
    assert part(found, "function shop-primary").component == "east::side"
    assert part(found, "bucket receipts-primary").component is None


# What is no finding.


def test_a_program_that_spans_regions_touches_the_lost_one() -> None:
    (only,) = rehearsal(support.two_regions()).remarks
    assert "pulumi up and pulumi refresh ask us-east-1" in only
    assert "--target" in only


def replicating(*ways: tuple[str, str]) -> Stack:
    """Two buckets; each way has a rule from the one to the other."""
    stack = support.two_regions()
    buckets = {each.name: each for each in stack.resources if each.type == BUCKET}
    for source, destination in ways:
        bucket = buckets[f"receipts-{source}"]
        bucket.outputs["arn"] = f"arn:aws:s3:::{bucket.name}"
        other = buckets[f"receipts-{destination}"]
        other.outputs["arn"] = f"arn:aws:s3:::{other.name}"
        stack.add(
            "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
            f"from-{source}",
            {
                "bucket": bucket.id,
                "role": "arn:aws:iam::123456789012:role/r",
                "rules": [{"status": "Enabled", "destination": {"bucket": other.output("arn")}}],
            },
            region="us-east-1" if source == "primary" else "us-west-2",
        )
    return stack


def test_replication_that_goes_one_way_is_told() -> None:
    one_way = rehearsal(replicating(("primary", "standby"))).remarks
    assert any(each.startswith("Replicated one way: bucket receipts-primary.") for each in one_way)
    both = rehearsal(replicating(("primary", "standby"), ("standby", "primary"))).remarks
    assert not any("one way" in each for each in both)


def watched(*regions: str) -> Stack:
    stack = support.two_regions()
    for number, region in enumerate(regions):
        kind = "aws:cloudwatch/metricAlarm:MetricAlarm"
        stack.add(kind, f"alarm-{number}", {"comparisonOperator": "x"}, region=region)
    return stack


def test_alarms_in_the_lost_region_alone_are_told() -> None:
    blind = rehearsal(watched("us-east-1", "us-east-1")).remarks
    assert any(each.startswith("2 alarms are in us-east-1 and none is in") for each in blind)
    for sighted in (watched("us-east-1", "us-west-2"), watched("us-west-2"), watched()):
        assert not any("alarm" in each for each in rehearsal(sighted).remarks)


def entered(*, leads: bool, internal: bool = False) -> Stack:
    """A load balancer in the region that is left, and a record that leads there or not."""
    stack = support.two_regions()
    made = stack.add(
        "aws:lb/loadBalancer:LoadBalancer",
        "web",
        {"internal": internal},
        computed={"dnsName": "web-1.us-west-2.elb.amazonaws.com"},
        region="us-west-2",
    )
    value: Output | str = made.output("dnsName") if leads else "elsewhere.example.org"
    stack.add("aws:route53/record:Record", "web", {"type": "CNAME", "records": [value]})
    return stack


@pytest.mark.parametrize("deployed", [False, True])
def test_an_entry_point_that_nothing_leads_to_is_told(deployed: bool) -> None:
    nothing = rehearsal(entered(leads=False), deployed=deployed).remarks
    assert any("leads clients to load balancer web in us-west-2" in each for each in nothing)
    for sound in (entered(leads=True), entered(leads=False, internal=True)):
        assert not any("leads" in each for each in rehearsal(sound, deployed=deployed).remarks)


def test_another_service_may_keep_the_names() -> None:
    stack = entered(leads=False)
    balancer = stack.resources[-2]
    stack.add("cloudflare:index/record:Record", "web", {"content": balancer.output("dnsName")})
    assert not any("leads" in each for each in rehearsal(stack).remarks)


def with_a_name(name: str, **inputs: Any) -> Stack:
    """A database with a read replica in the other region, and a record that leads to it."""
    stack = support.two_regions()
    host = {"address": "db.abc.us-east-1.rds.amazonaws.com", "arn": "arn:aws:rds:us-east-1:1:db:db"}
    kind = "aws:rds/instance:Instance"
    source = stack.add(kind, "db", {"engine": "mysql"}, computed=host, region="us-east-1")
    inputs = {"name": name, "type": "CNAME", "records": [source.output("address")], **inputs}
    stack.add("aws:route53/record:Record", "db", inputs)
    said = {"replicateSourceDb": source.output("arn")}
    host = {"address": "copy.abc.us-west-2.rds.amazonaws.com"}
    stack.add(kind, "copy", said, computed=host, region="us-west-2")
    return stack


@pytest.mark.parametrize("deployed", [False, True])
def test_a_name_that_stays_with_the_lost_region_is_told(deployed: bool) -> None:
    told = rehearsal(with_a_name("db.shop.internal"), deployed=deployed).remarks
    assert any(
        "record db leads to DB instance db in us-east-1 alone, although DB instance copy is" in each
        for each in told
    )
    other = with_a_name("db.shop.internal")
    value = other.resources[-1].output("address")
    said = {"name": "reports.shop.internal", "type": "CNAME", "records": [value]}
    other.add("aws:route53/record:Record", "reports", said)
    sound = (
        with_a_name("primary.shop.internal"),
        with_a_name("db.us-east-1.shop.internal"),
        with_a_name(
            "db.shop.internal", setIdentifier="first", weightedRoutingPolicies=[{"weight": 1}]
        ),
        other,
    )
    for stack in sound:
        assert not any("alone" in e for e in rehearsal(stack, deployed=deployed).remarks)


ARCHIVE = {"4dabf18193072939515e22adb298388d": "0def7320c3a5731c473e5ecbe6d01bc7"}


def running(standby: Mapping[str, Any], **variables: Any) -> Stack:
    """Two functions that say where their orders and their mail are kept, of which the second one is
    altered."""
    stack = support.two_regions()
    functions = [each for each in stack.resources if each.type == FUNCTION]
    settings = {"ORDERS": "orders", "MAIL": "mail"}
    for each, own in zip(functions, ({}, standby), strict=True):
        said = {"variables": settings if each is functions[0] else variables}
        code = {**ARCHIVE, "hash": "abc"}
        each.inputs = {**each.inputs, "code": code, "environment": said, **own}
    return stack


@pytest.mark.parametrize("deployed", [False, True])
def test_a_standby_of_the_same_code_that_lacks_a_setting_is_told(deployed: bool) -> None:
    def told(stack: Stack) -> list[str]:
        remarks = rehearsal(stack, deployed=deployed).remarks
        return [each for each in remarks if "runs the code of" in each]

    (one,) = told(running({}, ORDERS="orders"))
    assert "function shop-standby in us-west-2 runs the code of function shop-primary" in one
    assert one.endswith(" without its setting MAIL.")
    (both,) = told(running({"environment": None}))
    assert both.endswith(" without its settings MAIL, ORDERS.")
    sound = (
        running({}, ORDERS="others", MAIL="mail", MORE="more"),
        running({"code": {**ARCHIVE, "hash": "other"}}),
        running({"code": ARCHIVE}),
        running({"code": UNKNOWN}),
        running({"handler": "index.standby"}),
        running({"environment": UNKNOWN} if not deployed else {"environment": {"variables": "x"}}),
    )
    for stack in sound:
        assert told(stack) == []


# Texts.


def test_every_text_of_a_report_is_revised() -> None:
    stack = support.two_regions()
    found = report(stack, needs("function shop-standby", "bucket receipts-primary"))
    shouted = revised(found, str.upper)
    assert isinstance(shouted, Report)
    assert revised(shouted, str.upper) == shouted
    (loss,) = shouted.rehearsals
    assert loss.findings[0].said[0].sentence == "FUNCTION SHOP-STANDBY NEEDS WHAT IS LOST."
    assert part(loss, "FUNCTION SHOP-STANDBY").status.value == "does not serve"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("orders\ndb", "orders db"),
        ("a\u202eb", "a\ufffdb"),
        ("nul\x00", "nul\ufffd"),
        ("lone\ud800", "lone\ufffd"),
        ("\uffff", "\ufffd"),
        ("سفارش‌ها", "سفارش‌ها"),  # noqa: RUF001 - with a zero-width non-joiner
        ("注文 🧾", "注文 🧾"),
    ],
)
def test_what_no_page_can_show_is_marked(text: str, shown: str) -> None:
    assert printable(text) == shown
