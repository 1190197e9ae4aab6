"""Previews beside the exports of other stacks."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from policies import RULES
from policies.exports.export import read
from policies.exports.joining import join
from policies.exports.resources import resources_of
from policies.model import Model
from policies.model.references import possible
from policies.model.resource import Resource
from policies.model.values import Contents, Known, Unknown
from policies.serving import adapter
from policies.serving.servicer import PreflightServicer
from policies.testing import Diagnostic, Made, Output, Run, Secret, Stack
from policies.unverifiable import NEIGHBOURS, NEIGHBOURS_VARIABLE
from tests import aws
from tests.exports import SHOWN, export_of, reference, stack_urn, written
from tests.support import DOUBT, run, verdict

Give: TypeAlias = Callable[..., list[Path]]


@pytest.fixture
def give(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Give:
    """Names exports as neighbours by the environment."""

    def given(*exports: Mapping[str, Any]) -> list[Path]:
        files = [written(tmp_path / f"{number}.json", each) for number, each in enumerate(exports)]
        monkeypatch.setenv(NEIGHBOURS_VARIABLE, os.pathsep.join(map(str, files)))
        return files

    return given


def network(
    has_route: bool = True, name: str = "prod", project: str = "network"
) -> tuple[Stack, list[Made]]:
    """Two subnets in two zones, with or without a route to the gateway of their VPC."""
    stack = Stack(project=project, name=name)
    home = aws.vpc(stack)
    gateway = aws.gateway(stack, "main", home)
    table = aws.table(stack, "public", home)
    if has_route:
        aws.route(stack, "out", table, gatewayId=gateway.id)
    subnets = [aws.subnet(stack, f"public-{zone}", home, zone) for zone in "ab"]
    for number, each in enumerate(subnets):
        each.outputs["id"] = f"subnet-0123456789abcde{number:02}"
        aws.associate(stack, each.name, each, table)
    return stack, subnets


def shown(stack: Stack, subnets: list[Made]) -> dict[str, Any]:
    return export_of(stack, {"subnets": [each.id for each in subnets]})


def application(
    stack: Stack, subnets: list[Made], name: str = "prod", **inputs: Any
) -> tuple[Stack, Made]:
    """A load balancer in the subnets of another stack, and the reference to it."""
    own = Stack(project="application", name=name)
    source = reference(own, stack)
    places = [Output(each.outputs["id"], (source,)) for each in subnets]
    aws.balancer(own, "web", places, **inputs)
    return own, source


def said(own: Stack, source: Made, policy: str, **options: Any) -> str:
    """What a policy says in a first preview, which knows what the other stack gives out."""
    return verdict(own, policy, servicer=PreflightServicer, existing=[source], **options)


def texts(own: Stack, source: Made, policy: str, **options: Any) -> list[Diagnostic]:
    found = run(own, servicer=PreflightServicer, existing=[source], **options)
    return [each for each in found if each.policy == policy]


# --- three pairs of stacks -----------------------------------------------------------------------


@pytest.mark.parametrize(("has_route", "expected"), [(False, "rejects web"), (True, "passes")])
def test_the_subnets_of_a_network_stack_are_seen(
    has_route: bool, expected: str, give: Give
) -> None:
    stack, subnets = network(has_route)
    own, source = application(stack, subnets)
    assert said(own, source, "alb-public-subnets") == "cannot tell web"
    give(shown(stack, subnets))
    assert said(own, source, "alb-public-subnets") == expected
    assert texts(own, source, DOUBT) == []


def test_a_literal_id_is_seen_without_a_reference_to_its_stack(give: Give) -> None:
    stack, subnets = network(has_route=False)
    own = Stack(project="application")
    aws.balancer(own, "web", [each.outputs["id"] for each in subnets])
    give(shown(stack, subnets))
    assert verdict(own, "alb-public-subnets", servicer=PreflightServicer) == "rejects web"


@pytest.mark.parametrize(("version", "expected"), [("15.7", "rejects second"), ("16.8", "passes")])
def test_the_global_database_of_another_stack_is_seen(
    version: str, expected: str, give: Give
) -> None:
    primary = Stack(project="database", name="east")
    world = aws.global_cluster(primary)
    aws.cluster(primary, "first", world)
    own = Stack(project="database", name="west", region="us-west-2")
    source = reference(own, primary)
    aws.cluster(own, "second", Output("world", (source,)), engineVersion=version)
    assert said(own, source, "aurora-global-members") == "cannot tell second"
    give(export_of(primary, {"world": world.id}))
    assert said(own, source, "aurora-global-members") == expected


def test_two_members_in_one_region_are_seen_across_stacks(give: Give) -> None:
    primary = Stack(project="database", name="first")
    world = aws.global_cluster(primary)
    aws.cluster(primary, "first", world)
    own = Stack(project="database", name="second")
    source = reference(own, primary)
    aws.cluster(own, "second", Output("world", (source,)))
    give(export_of(primary, {"world": world.id}))
    assert said(own, source, "aurora-global-members") == "rejects second"


def test_a_standby_that_reads_the_secret_of_the_primary_s_stack_is_told(give: Give) -> None:
    arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:app-AbCdEf"
    primary = Stack(project="app", name="east")
    secret = primary.add(
        "aws:secretsmanager/secret:Secret", "app", {"name": "app"}, computed={"arn": arn}
    )
    primary.add("aws:sqs/queue:Queue", "orders", {"name": "orders"})
    own = Stack(project="app", name="west", region="us-west-2")
    source = reference(own, primary)
    environment = {"variables": {"SECRET": Output(arn, (source,))}}
    own.add("aws:lambda/function:Function", "standby", {"environment": environment})
    policy = "standby-runtime-settings"
    config = {policy: {"primary": "us-east-1"}}
    give(export_of(primary, {"secret": secret.output("arn")}))
    (found,) = texts(own, source, policy, config=config)
    assert (found.resource, found.level) == ("standby", "advisory")
    assert "secret app of app/east (us-east-1)" in found.message


@pytest.mark.parametrize(
    ("kind", "given_out", "expected"),
    [
        ("dynamodb/table:Table", ["name"], "rejects standby"),
        ("secretsmanager/secret:Secret", ["name"], "rejects standby"),
        ("dynamodb/table:Table", [], "passes"),
        ("dynamodb/table:Table", ["name", "other"], "passes"),
    ],
)
def test_a_store_is_meant_by_its_name_where_its_stack_gives_that_out(
    kind: str, given_out: list[str], expected: str, give: Give
) -> None:
    """Elsewhere the name may be that of anything; so may a name that two of its things have."""
    primary = Stack(project="carts", name="east")
    store = primary.add(f"aws:{kind}", "carts", {"name": "carts"})
    if "other" in given_out:
        primary.add("aws:s3/bucket:Bucket", "carts", {"bucket": "carts"}, computed={"id": "carts"})
    primary.add("aws:sqs/queue:Queue", "orders", {"name": "orders"})
    own = Stack(project="shop", name="west", region="us-west-2")
    source = reference(own, primary)
    environment = {"variables": {"CARTS": Output("carts", (source,))}}
    own.add("aws:lambda/function:Function", "standby", {"environment": environment})
    policy = "standby-runtime-settings"
    give(export_of(primary, {"name": store.output("name")} if given_out else {}))
    assert said(own, source, policy, config={policy: {"primary": "us-east-1"}}) == expected


def test_the_secret_of_another_stack_is_found_by_its_arn() -> None:
    arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:app-AbCdEf"
    primary = Stack(project="primary")
    primary.add("aws:secretsmanager/secret:Secret", "app", {"name": "app"}, computed={"arn": arn})
    neighbours = tuple(resources_of(read(json.dumps(export_of(primary)).encode(), "a file")))
    settings = {"environment": {"variables": {"SECRET": arn}}}
    function = Resource(
        urn="urn:pulumi:test::standby::aws:lambda/function:Function::reader",
        type="aws:lambda/function:Function",
        name="reader",
        actual=settings,
        declared=settings,
    )
    model = Model([function], neighbours)
    [secret] = model.stack.identified(arn)
    assert secret.label == "secret app of primary/test"
    assert model.stack.are_of_one_system(function, secret)
    assert not Model([], neighbours).stack.resources


# --- what people read ----------------------------------------------------------------------------


def test_a_finding_says_which_stack_it_is_about_and_from_when(give: Give) -> None:
    stack, subnets = network(has_route=False)
    own, source = application(stack, subnets)
    give(shown(stack, subnets))
    [finding] = texts(own, source, "alb-public-subnets")
    assert finding.level == "mandatory"
    assert (
        "subnet public-b of network/prod -> route table public of network/prod -> no IPv4 route"
    ) in finding.message
    assert (
        f"\nWhat it says of network/prod is from an export; the stack was last changed {SHOWN}.\n"
    ) in finding.message
    assert "of application/prod" not in finding.message


def test_a_doubt_says_which_stack_the_value_comes_from_and_how_to_show_it() -> None:
    stack, subnets = network()
    own, source = application(stack, subnets)
    [doubt] = texts(own, source, DOUBT)
    assert (
        f"its subnet {subnets[0].outputs['id']} comes from the stack acme/network/prod, whose "
        "state is not shown here"
    ) in doubt.message
    assert (
        "`pulumi stack export --stack acme/network/prod --file FILE` and name the file's absolute "
        f"path in {NEIGHBOURS_VARIABLE}"
    ) in doubt.message


def test_a_doubt_about_a_value_that_no_export_would_show_asks_for_none() -> None:
    """The other stack is to make the value yet."""
    stack, subnets = network()
    own, _ = application(stack, subnets)
    [doubt] = [each for each in run(own, servicer=PreflightServicer) if each.policy == DOUBT]
    assert "comes from the stack acme/network/prod or is not known before" in doubt.message
    assert "pulumi stack export" not in doubt.message


def test_a_doubt_says_that_the_state_of_a_stack_lacks_something(give: Give) -> None:
    stack, subnets = network()
    own, source = application(stack, subnets)
    export = shown(stack, subnets)  # The subnets were read there, and made elsewhere.
    for each in export["deployment"]["resources"]:
        each["external"] = each["type"] == "aws:ec2/subnet:Subnet"
    give(export)
    [doubt] = texts(own, source, DOUBT)
    assert "comes from the stack acme/network/prod, whose state lacks it" in doubt.message
    assert "pulumi stack export" not in doubt.message


def test_nothing_is_found_of_a_neighbour(give: Give) -> None:
    stack, subnets = network(has_route=False)
    aws.balancer(stack, "old", [subnets[0].id])  # In one zone, and nobody reaches it.
    own, source = application(stack, subnets, internal=True)
    give(shown(stack, subnets))
    found = run(own, servicer=PreflightServicer, existing=[source])
    assert [each for each in found if "network" in each.urn] == []
    assert said(own, source, "alb-public-subnets") == "passes"


def test_a_secret_of_another_stack_is_never_told(give: Give) -> None:
    stack, subnets = network(has_route=False)
    stack.add("aws:rds/cluster:Cluster", "db", {"masterPassword": Secret("hunter2hunter2")})
    own, source = application(stack, subnets)
    export = shown(stack, subnets)
    assert "hunter2hunter2" in json.dumps(export)  # As with --show-secrets.
    give(export)
    found = run(own, servicer=PreflightServicer, existing=[source])
    assert found
    assert "hunter2" not in str(found)


def test_what_is_secret_in_another_stack_rejects_nothing(give: Give) -> None:
    """Whatever of it is: the network is right."""
    stack, subnets = network()
    own, source = application(stack, subnets)
    [rule] = [each for each in RULES if each.name == "alb-public-subnets"]
    preview = Run(own, servicer=PreflightServicer, existing=[source])
    signs = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
    secret = {**signs, "ciphertext": "AAAA"}
    export = shown(stack, subnets)
    for resource in export["deployment"]["resources"]:
        for block in ("inputs", "outputs"):
            for name, value in dict(resource.get(block, {})).items():
                resource[block][name] = secret
                give(export)
                found = preview.findings(adapter.build([rule]))
                assert found == [], (resource["urn"], block, name)
                resource[block][name] = value


# --- what has nothing to do with the stack, or is not like that any more -------------------------


def test_the_own_export_does_not_double_anything(give: Give) -> None:
    own = Stack(project="application")
    home = aws.vpc(own)
    aws.subnet(own, "a", home, cidrBlock="10.0.0.0/24")
    own.add("aws:iam/role:Role", "reader", {"name": "reader"})
    before = run(own, servicer=PreflightServicer)
    give(export_of(own))
    assert run(own, servicer=PreflightServicer) == before


def model_of(own: Stack, *others: Stack) -> Model:
    """The model of a deployed stack beside others."""
    resources, *neighbours = (
        tuple(resources_of(read(json.dumps(export_of(each)).encode(), "a file")))
        for each in (own, *others)
    )
    return Model(
        [each._replace(is_neighbour=False) for each in resources],
        [each for found in neighbours for each in found],
    )


def test_what_a_stack_has_taken_over_is_not_doubled() -> None:
    """A stack that was renamed, or that imports what another one had."""
    former = Stack(project="former")
    own = Stack(project="application")
    for stack in (former, own):
        home = aws.vpc(stack)
        home.outputs["id"] = "vpc-0123456789abcdef0"
        for name in ("a", "b"):
            subnet = aws.subnet(stack, name, home)
            subnet.outputs["id"] = f"subnet-{name * 17}"
    own.resources.pop()
    subnets = model_of(own, former).stack.of("aws:ec2/subnet:Subnet")
    assert sorted((each.stack.project, each.name) for each in subnets) == [
        ("application", "a"),
        ("former", "b"),
    ]


def test_a_name_that_stands_anywhere_is_not_that_of_another_stack() -> None:
    arn = "arn:aws:kms:us-east-1:111122223333:key/0a"
    other = Stack(project="other")
    other.add("aws:kms/key:Key", "key", {}, computed={"arn": arn})
    aws.cluster(other, "app")
    own = Stack(project="application")
    own.add("aws:ssm/parameter:Parameter", "tie", {"value": arn})
    stack = model_of(own, other).stack
    assert [each.name for each in stack.identified(arn)] == ["key"]
    cluster = "aws:rds/cluster:Cluster"
    assert [each.name for each in stack.of(cluster)] == ["app"]
    assert stack.identified("app", cluster) == stack.called("app", cluster) == ()


@pytest.mark.parametrize(
    ("account", "region", "expected"),
    [
        ("111122223333", "us-east-1", ["first"]),
        ("111122223333", "us-west-2", []),
        ("444455556666", "us-east-1", []),
    ],
)
def test_an_arn_names_the_resource_of_its_account_and_region(
    account: str, region: str, expected: list[str]
) -> None:
    east = database("east")
    east.resources[1].outputs["arn"] = "not told"
    own = Stack(project="database", name="west")
    source = f"arn:aws:rds:{region}:{account}:cluster:first"
    aws.global_cluster(own, "other", sourceDbClusterIdentifier=source)
    stack = model_of(own, east).stack
    [home] = [
        each for each in stack.of("aws:rds/globalCluster:GlobalCluster") if each.name == "other"
    ]
    found = possible(stack.reference(home, "sourceDbClusterIdentifier"))
    assert [each.name for each in found] == expected


def test_what_another_stack_has_is_never_new() -> None:
    stack, _ = network()
    export = export_of(stack)
    for each in export["deployment"]["resources"]:
        each["outputs"] = {}
    found = list(resources_of(read(json.dumps(export).encode(), "a file")))
    assert found
    assert not any(each.is_new for each in found)


def test_of_two_that_clash_the_new_one_is_told(give: Give) -> None:
    """Wherever it comes by name: the other one is there already."""
    stack, _ = network()
    vpcs = [{"vpcId": stack.resources[0].id}]
    aws.zone(stack, "inside", "corp.internal", vpcs=vpcs)
    own = Stack(project="application", name="prod")
    source = reference(own, stack)
    vpcs = [{"vpcId": Output(stack.resources[0].outputs["id"], (source,))}]
    aws.zone(own, "another", "corp.internal", vpcs=vpcs)
    give(export_of(stack))
    assert said(own, source, "hosted-zone-parts") == "rejects another"


def test_a_reference_may_be_called_otherwise_than_its_stack(give: Give) -> None:
    primary = database("east")
    own = Stack(project="database", name="west", region="us-west-2")
    source = own.add(aws.STACK_REFERENCE, "primary")
    own.resources.remove(source)
    aws.cluster(own, "second", Output("world", (source,)), engineVersion="15.7")
    [doubt] = texts(own, source, DOUBT)
    assert "comes from the stack primary, whose state is not shown here" in doubt.message
    assert "pulumi stack export --stack ORG/PROJECT/STACK" in doubt.message
    give(export_of(primary, {"world": "world"}))
    assert said(own, source, "aurora-global-members") == "rejects second"


def other_account(stack: Stack) -> Stack:
    """The stack, where everything is in another account."""
    for made in stack.resources:
        made.outputs = {
            name: each.replace("111122223333", "999988887777") if isinstance(each, str) else each
            for name, each in made.outputs.items()
        }
    return stack


def database(name: str, project: str = "database") -> Stack:
    """A global database of two clusters, all of them called as in every stack of the program."""
    stack = Stack(project=project, name=name)
    world = aws.global_cluster(stack)
    aws.cluster(stack, "first", world)
    return stack


@pytest.mark.parametrize("project", ["database", "something-else"])
def test_the_same_names_in_another_account_are_other_things(project: str, give: Give) -> None:
    """The export of `dev` beside a preview of `prod`."""
    own = database("prod")
    aws.cluster(own, "second", "world", region="us-west-2", engineVersion="16.8")
    before = run(own, servicer=PreflightServicer)
    dev = other_account(database("dev", project))
    dev.resources[0].inputs = {**dev.resources[0].inputs, "engineVersion": "15.7"}
    give(export_of(dev))
    assert run(own, servicer=PreflightServicer) == before
    for stack in (own, dev):  # Nor is it where the global cluster is in neither.
        stack.resources = [
            made for made in stack.resources if made.type != "aws:rds/globalCluster:GlobalCluster"
        ]
        stack.resources[0].inputs = {
            **stack.resources[0].inputs,
            "globalClusterIdentifier": "world",
        }
    give()
    before = run(own, servicer=PreflightServicer)
    give(export_of(dev))
    assert run(own, servicer=PreflightServicer) == before


def test_a_name_alone_is_a_resource_of_another_stack_where_the_account_is_known(
    give: Give,
) -> None:
    dev = database("dev")
    own = Stack(project="second", name="prod", region="us-west-2")
    aws.vpc(own)
    aws.cluster(own, "second", "world", engineVersion="15.7")
    own.add("aws:ssm/parameter:Parameter", "tie", {"value": dev.resources[1].outputs["arn"]})
    give(export_of(dev))
    policy = "aurora-global-members"
    unknown = verdict(own, policy, servicer=PreflightServicer)
    known = verdict(own, policy, servicer=PreflightServicer, existing=own.resources[:1])
    assert (unknown, known) == ("cannot tell second", "rejects second")


@pytest.mark.parametrize(
    ("works_in", "expected"),
    [
        ({}, "rejects second"),
        ({"profile": "other"}, "cannot tell second"),
        ({"assumeRoles": '[{"roleArn":"arn:aws:iam::999988887777:role/x"}]'}, "cannot tell second"),
    ],
)
def test_of_a_stack_in_two_accounts_each_resource_is_in_its_own(
    works_in: Mapping[str, Any], expected: str, give: Give
) -> None:
    """What is known of the one account says nothing about the other."""
    dev = database("dev")
    own = Stack(project="database", name="second")
    home = aws.vpc(own)
    second = aws.cluster(own, "second", "world", engineVersion="15.7")
    second.provider = {"region": "us-west-2", **works_in}
    second.provider_name = "west"
    give(export_of(dev))
    policy = "aurora-global-members"
    assert verdict(own, policy, servicer=PreflightServicer, existing=[home]) == expected


@pytest.mark.parametrize(
    ("works_in", "rejected"), [({}, {"second"}), ({"profile": "other"}, set())]
)
def test_a_global_database_that_no_stack_makes_is_one_of_an_account(
    works_in: Mapping[str, Any], rejected: set[str], give: Give
) -> None:
    kind, login = "aws:rds/cluster:Cluster", {"masterUsername": "u", "masterPassword": "x" * 9}
    first = Stack(project="database", name="first")
    aws.vpc(first)
    given = {"globalClusterIdentifier": "world", "engine": "aurora-postgresql", **login}
    arn = "arn:aws:rds:us-east-1:111122223333:cluster:first"
    first.add(kind, "first", given, computed={"arn": arn})
    own = Stack(project="database", name="second")
    home = aws.vpc(own)
    place = {"region": "us-west-2", **works_in}
    given = {**given, "engine": "aurora-mysql"}
    own.add(kind, "second", given, provider=place, provider_name="west")
    give(export_of(first))
    found = run(own, servicer=PreflightServicer, existing=[home])
    policies = ("aurora-global-members", "aurora-global-secondary")
    assert {each.resource for each in found if each.policy in policies} == rejected


def test_names_that_two_stacks_ask_for_are_told_where_the_account_is_known(give: Give) -> None:
    other = database("one", "one")
    own = Stack(project="two")
    aws.vpc(own)
    own.add("aws:rds/globalCluster:GlobalCluster", "mine", {"globalClusterIdentifier": "world"})
    own.add("aws:ssm/parameter:Parameter", "tie", {"value": other.resources[0].outputs["arn"]})
    give(export_of(other))
    unknown = verdict(own, "duplicate-names", servicer=PreflightServicer)
    own.resources[1].outputs["arn"] = "unknown"
    allowed = {"region": "us-east-1", "allowedAccountIds": '["111122223333"]'}
    own.resources[1].provider = allowed
    known = verdict(own, "duplicate-names", servicer=PreflightServicer)
    assert (unknown, known) == ("passes", "rejects mine")


def test_a_neighbour_that_has_nothing_to_do_with_the_stack_changes_nothing(give: Give) -> None:
    stack, subnets = network(has_route=False)
    own, source = application(stack, subnets)
    strangers, places = network(has_route=True, project="strangers")
    for number, each in enumerate(places):
        each.outputs["id"] = f"subnet-fedcba987654321{number:02}"
    give(shown(stack, subnets))
    before = run(own, servicer=PreflightServicer, existing=[source])
    give(shown(stack, subnets), shown(strangers, places))
    assert run(own, servicer=PreflightServicer, existing=[source]) == before
    give(shown(strangers, places), shown(stack, subnets))
    assert run(own, servicer=PreflightServicer, existing=[source]) == before


@pytest.mark.parametrize("name", ["a", "network", "zz"])
def test_neither_names_of_stacks_nor_the_order_of_files_matter(name: str, give: Give) -> None:
    stack, subnets = network(has_route=False, project=name, name=name)
    own, source = application(stack, subnets)
    world = database("east", project=f"{name}-data")
    data = reference(own, world)
    aws.cluster(own, "second", Output("world", (data,)), region="us-west-2", engineVersion="15.7")
    exports = [shown(stack, subnets), export_of(world, {"world": "world"})]
    for order in (exports, exports[::-1]):
        give(*order)
        found = run(own, servicer=PreflightServicer, existing=[source, data])
        assert {(each.policy, each.resource) for each in found if each.level == "mandatory"} == {
            ("alb-public-subnets", "web"),
            ("aurora-global-members", "second"),
        }


def test_an_export_that_lacks_an_id_which_its_stack_gives_out_does_not_count(give: Give) -> None:
    stack, subnets = network(has_route=False)
    old = shown(stack, subnets)
    aws.route(stack, "out", aws.named(stack, "public"), gatewayId="igw-0123456789abcdef0")
    extra = aws.subnet(stack, "public-c", stack.resources[0], "c")
    extra.outputs["id"] = "subnet-99999999999999999"
    own, source = application(stack, [*subnets, extra])
    [file] = give(old)
    assert said(own, source, "alb-public-subnets") == "cannot tell web"
    [problem] = [each for each in texts(own, source, DOUBT) if "Configuration" in each.message]
    assert f"{file} does not count: this run was given an id by network/prod" in problem.message
    assert problem.level == "advisory"


def test_an_id_in_a_list_that_is_one_text_is_not_missed(give: Give) -> None:
    stack, subnets = network(has_route=False)
    extra = Made(**{**vars(subnets[0]), "outputs": {"id": "subnet-99999999999999999"}})
    own, source = application(stack, [*subnets, extra])
    give(export_of(stack, {"all": ",".join(str(each.outputs["id"]) for each in [*subnets, extra])}))
    assert said(own, source, "alb-public-subnets") == "rejects web"


def test_nothing_is_missed_where_outputs_are_secret(give: Give) -> None:
    stack, subnets = network(has_route=False)
    extra = Made(**{**vars(subnets[0]), "outputs": {"id": "subnet-99999999999999999"}})
    own, source = application(stack, [*subnets, extra])
    export = shown(stack, subnets)
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
    export["deployment"]["resources"][0]["outputs"]["extra"] = {**secret, "ciphertext": "AAAA"}
    give(export)
    assert said(own, source, "alb-public-subnets") == "rejects web"


def test_a_file_of_the_day_before_yesterday_does_not_count(give: Give) -> None:
    stack, subnets = network(has_route=False)
    own, source = application(stack, subnets)
    [file] = give(shown(stack, subnets))
    written_at = time.time() - 47.5 * 3600
    os.utime(file, (written_at, written_at))
    assert said(own, source, "alb-public-subnets") == "cannot tell web"
    problems = [each.message for each in texts(own, source, DOUBT) if not each.urn]
    assert len(problems) == 1
    aged = f"{file} does not count: what it says of network/prod was written 48 hours ago"
    assert aged in problems[0]
    assert "pulumi stack export --stack ORG/network/prod" in problems[0]


def test_of_a_joined_file_each_stack_has_its_own_times(give: Give) -> None:
    """Neither is a stack newer because another one in the file is, nor is what was exported long
    ago newer because it was joined today."""
    stack, subnets = network(has_route=False)
    own, source = application(stack, subnets)
    later = read(
        json.dumps(export_of(Stack(project="a"), time="2026-11-25T00:00:00Z")).encode(), ""
    )
    now = datetime.now(timezone.utc)
    for hours, expected in ((1, "rejects web"), (30, "cannot tell web")):
        written_at = now - timedelta(hours=hours)
        early = read(json.dumps(shown(stack, subnets)).encode(), "", written_at)
        [file] = give(join([read(json.dumps(join([later, early])).encode(), "")]))
        assert said(own, source, "alb-public-subnets") == expected
        told = [each.message for each in run(own, servicer=PreflightServicer, existing=[source])]
        if hours == 1:
            assert any(f"the stack was last changed {SHOWN}" in each for each in told)
        else:
            aged = f"{file} does not count: what it says of network/prod was written 30 hours ago"
            assert any(aged in each for each in told)
    fine = shown(*network(has_route=True))
    fine["deployment"]["manifest"]["time"] = "2026-11-21T00:00:00Z"
    give(join([later, read(json.dumps(shown(stack, subnets)).encode(), "", now)]), fine)
    assert said(own, source, "alb-public-subnets") == "passes"


def test_of_two_exports_of_one_stack_the_newer_counts(give: Give) -> None:
    stack, subnets = network(has_route=False)
    own, source = application(stack, subnets)
    new = shown(stack, subnets)
    fine = shown(*network(has_route=True))
    fine["deployment"]["manifest"]["time"] = "2026-11-19T10:00:00Z"
    for order in ((new, fine), (fine, new)):
        files = give(*order)
        assert said(own, source, "alb-public-subnets") == "rejects web"
        [problem] = [each.message for each in texts(own, source, DOUBT) if not each.urn]
        assert f"{files[order.index(fine)]} does not count" in problem


# --- files ---------------------------------------------------------------------------------------


def one_with(**parts: Any) -> str:
    """An export of one resource, with these parts of it."""
    urn = "urn:pulumi:prod::network::aws:ec2/vpc:Vpc::main"
    resource = {"urn": urn, "type": "aws:ec2/vpc:Vpc", **parts}
    return json.dumps({"version": 3, "deployment": {"resources": [resource]}})


def nested(depth: int) -> dict[str, Any]:
    """A map within a map, and so on."""
    tree: dict[str, Any] = {}
    for _ in range(depth):
        tree = {"a": tree}
    return tree


def bad_files(place: Path) -> Iterator[tuple[str, str]]:
    """What the variable names, and what is told of it."""
    for name, text, told in (
        ("empty", "", "is empty. Fix: "),
        ("text", "hello", "is not JSON. Fix: "),
        ("list", "[]", "is not the export of a stack. Fix: "),
        ("state", '{"version": 3, "checkpoint": {}}', "It is a state file of a backend. Fix: "),
        ("new", '{"version": 5, "deployment": {"resources": [1]}}', "export of version 5, and"),
        ("old", '{"deployment": {"resources": [1]}}', "export of version null, and"),
        ("gone", '{"version": 3, "deployment": {}}', "a stack without resources. Fix: "),
        ("odd", '{"version": 3, "deployment": {"resources": [1]}}', "is a resource. Fix: "),
        ("lists", one_with(inputs=["a"]), "is a resource. Fix: "),
        ("values", one_with(outputs="a"), "is a resource. Fix: "),
        ("numbers", one_with(dependencies=[1]), "is a resource. Fix: "),
        ("flags", one_with(ignoreChanges=True), "is a resource. Fix: "),
        ("names", one_with(propertyDependencies=["vpcId"]), "is a resource. Fix: "),
        ("maps", one_with(propertyDependencies={"vpcId": [{}]}), "is a resource. Fix: "),
        ("nested", "[" * 100_000, "is nested too deeply for an export. Fix: "),
        ("features", json.dumps({**json.loads(one_with()), "features": 7}), "is damaged: "),
        ("deep", one_with(outputs={"a": nested(900)}), "is nested too deeply for an export. Fix: "),
    ):
        (place / name).write_text(text, encoding="utf-8")
        yield str(place / name), told
    yield "some.json", '"some.json" in AWS_DR_PREFLIGHT_NEIGHBOURS is not an absolute path'
    yield str(place / "missing"), "there is no file "
    yield str(place / "no*.json"), "there is no file "
    yield str(place), f"cannot read {place}: "
    yield f"{place}/{'long' * 99}", "there is no file "
    os.mkfifo(place / "pipe")
    yield str(place / "pipe"), "it is a pipe"


def test_a_bad_file_is_told_of_and_fails_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack, subnets = network()
    own, source = application(stack, subnets)
    for named, told in bad_files(tmp_path):
        monkeypatch.setenv(NEIGHBOURS_VARIABLE, named)
        assert said(own, source, "alb-public-subnets") == "cannot tell web"
        [problem] = [each for each in texts(own, source, DOUBT) if not each.urn]
        assert named in problem.message
        assert told in problem.message
        assert "Fix: " in problem.message
        assert problem.level == "advisory"


def test_the_text_of_a_file_in_place_of_its_path_is_told_of_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stack, subnets = network()
    own, source = application(stack, subnets)
    monkeypatch.setenv(NEIGHBOURS_VARIABLE, json.dumps(shown(stack, subnets), indent=2))
    [problem] = [each.message for each in texts(own, source, DOUBT) if not each.urn]
    assert f"{NEIGHBOURS_VARIABLE} holds the text of a file and not its path. Fix: " in problem
    assert "subnet-" not in problem


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_that_no_calendar_has_is_not_told(time: str, give: Give) -> None:
    stack, subnets = network(has_route=False)
    own, source = application(stack, subnets)
    export = shown(stack, subnets)
    export["deployment"]["manifest"]["time"] = time
    give(export)
    [finding] = texts(own, source, "alb-public-subnets")
    assert "at a time that the export does not tell" in finding.message


def test_a_bad_file_is_advisory_where_doubts_block(give: Give) -> None:
    stack, subnets = network()
    own, source = application(stack, subnets)
    give({})
    found = texts(own, source, DOUBT, config={DOUBT: "mandatory"})
    assert sorted((each.resource, each.level) for each in found) == [
        ("", "advisory"),
        ("web", "mandatory"),
    ]


def test_the_configuration_names_files_too_and_stars_stand_for_any_text(tmp_path: Path) -> None:
    stack, subnets = network(has_route=False)
    own, source = application(stack, subnets)
    written(tmp_path / "network.json", shown(stack, subnets))
    config: dict[str, dict[str, Any]] = {DOUBT: {NEIGHBOURS: [str(tmp_path / "*.json")]}}
    assert said(own, source, "alb-public-subnets", config=config) == "rejects web"
    config = {
        DOUBT: {"enforcementLevel": "disabled", NEIGHBOURS: [*config[DOUBT][NEIGHBOURS], "x"]}
    }
    assert said(own, source, "alb-public-subnets", config=config) == "rejects web"
    assert '"x" in the option neighbours' in str(
        run(own, servicer=PreflightServicer, config=config)
    )
    config = {DOUBT: {NEIGHBOURS: ["network.json"]}}
    [problem] = [each for each in texts(own, source, DOUBT, config=config) if not each.urn]
    assert '"network.json" in the option neighbours is not an absolute path' in problem.message


def test_an_export_is_read_as_the_engine_would_send_it() -> None:
    stack, _ = network()
    export = export_of(stack)
    [*_, last] = export["deployment"]["resources"]
    signature = "4dabf18193072939515e22adb298388d"
    last["outputs"] |= {
        "__meta": "{}",
        "file": {signature: "c44067f5952c0a294b673a41bacd8c17", "path": "/etc/passwd"},
        "code": {signature: "0def7320c3a5731c473e5ecbe6d01bc7", "hash": "abc", "path": "/etc"},
        "other": {signature: "5cf8f73096256a8f31e491e813e4eb8e", "urn": "urn:a", "id": "vpc-1"},
        "kept": {signature: "1b47061264138c4ac30d75fd1eb44270", "plaintext": '"open"'},
        "parts": [{"a": 1, "__defaults": []}],
    }
    last["ignoreChanges"] = ["tags"]
    gone = {**last, "urn": f"{last['urn']}-gone", "delete": True}
    export["deployment"]["resources"].append(gone)
    *_, found = resources_of(read(json.dumps(export).encode(), "a file"))
    assert found.urn == last["urn"]
    assert not found.is_new
    assert found.actual["file"] == {}
    assert found.actual["code"] == Contents("abc")
    assert found.text("other") == Known("vpc-1")
    assert "open" not in str(found.actual)
    assert found.text("kept") == Unknown()
    assert found.actual["parts"] == [{"a": 1}]
    assert "__meta" not in found.actual
    assert found.ignores("tags")
    assert found.provider is not None
    assert found.region == Known("us-east-1")
    assert found.parent == stack_urn(stack)
