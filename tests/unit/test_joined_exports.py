"""Several exports as one, and what policies say of the whole."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.exports.__main__ import main
from policies.exports.export import Export, ExportError, read
from policies.exports.joining import join
from policies.exports.resources import resources_of
from policies.model import Model, values
from policies.model.resource import Resource
from policies.model.stack import Stack as ModelStack
from policies.serving.servicer import PreflightServicer
from policies.testing import Stack
from tests import aws
from tests.exports import export_of, written
from tests.support import findings, run


def stack_with(project: str, name: str, region: str = "us-east-1") -> Stack:
    stack = Stack(project=project, name=name, region=region)
    home = aws.vpc(stack)
    home.outputs["id"] = f"vpc-{hash_of(project, name)}"
    return stack


def hash_of(*parts: str) -> str:
    """Seventeen digits, as AWS's ids have them."""
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:17]


def exported(stack: Stack, name: str = "a file", **more: Any) -> Export:
    return read(json.dumps({**export_of(stack), **more}).encode(), name)


# --- joining -------------------------------------------------------------------------------------


def test_the_order_of_the_files_does_not_matter() -> None:
    stacks = [("network", "east"), ("network", "west"), ("data", "east")]
    exports = [exported(stack_with(*each), " ".join(each)) for each in stacks]
    joined = [join(each) for each in itertools.permutations(exports)]
    assert all(each == joined[0] for each in joined)
    together = read(json.dumps(joined[0]).encode(), "the joined file")
    assert [str(each) for each in together.stacks] == ["data/east", "network/east", "network/west"]
    assert len(together.resources) == sum(len(each.resources) for each in exports)


def test_a_joined_file_can_be_joined_on() -> None:
    one, two, three = (exported(stack_with(each, "prod"), each) for each in "abc")
    both = read(json.dumps(join([two, one])).encode(), "both")
    assert join([three, both])["deployment"] == join([one, two, three])["deployment"]


def test_what_the_cli_must_know_of_each_file_is_known_of_the_whole() -> None:
    later = export_of(stack_with("b", "prod"), time="2026-11-26T08:00:00+02:00")
    later["deployment"]["secrets_providers"] = {"type": "passphrase"}
    exports = [
        exported(stack_with("a", "prod"), version=4, features=["views", "hooks"]),
        exported(stack_with("c", "prod"), version=4, features=["views"]),
        read(json.dumps(later).encode(), "later"),
    ]
    joined = join(exports)
    assert joined["version"] == 4
    assert joined["features"] == ["hooks", "views"]
    assert joined["deployment"]["secrets_providers"] == {"type": "passphrase"}
    assert joined["deployment"]["manifest"]["time"] == "2026-11-26T08:00:00+02:00"


def test_a_secret_stays_as_the_export_has_it() -> None:
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
    export = export_of(stack_with("a", "prod"))
    last = export["deployment"]["resources"][-1]
    last["inputs"]["password"] = {**secret, "ciphertext": "v1:AAAA"}
    other = exported(stack_with("b", "prod"))
    with pytest.raises(ExportError, match="a holds encrypted secrets, but not by what"):
        join([read(json.dumps(export).encode(), "a"), other])
    export["deployment"]["secrets_providers"] = {"type": "passphrase", "state": {"salt": "v1:"}}
    joined = join([read(json.dumps(export).encode(), "a"), other])
    assert last in joined["deployment"]["resources"]


def test_two_exports_of_one_stack_are_refused_and_named() -> None:
    exports = [exported(stack_with("network", "prod"), each) for each in ("new.json", "old.json")]
    with pytest.raises(
        ExportError, match=r"new\.json and old\.json are both exports of network/prod"
    ):
        join(exports)


@pytest.mark.parametrize("features", [7, "views", [1], {"views": 1}])
def test_features_that_are_none_are_noticed(features: Any) -> None:
    content = export_of(stack_with("a", "prod")) | {"features": features}
    with pytest.raises(ExportError, match="a file is damaged"):
        read(json.dumps(content).encode(), "a file")


def test_nothing_cannot_be_joined() -> None:
    with pytest.raises(ExportError, match="name the exports"):
        join([])


def test_the_command_writes_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [
        str(written(tmp_path / f"{each}.json", export_of(stack_with(each, "prod"))))
        for each in ("network", "data")
    ]
    out = tmp_path / "joined.json"
    assert main([*files, "-o", str(out)]) == 0
    assert capsys.readouterr() == ("", "")
    assert main(files) == 0
    assert capsys.readouterr().out == out.read_text(encoding="utf-8")
    assert [str(each) for each in read(out.read_bytes(), "joined").stacks] == [
        "data/prod",
        "network/prod",
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["missing.json"], "cannot read {place}/missing.json: No such file or directory. Fix: "),
        (["good.json", "good.json"], "{place}/good.json and {place}/good.json are both exports of"),
        (["empty.json"], "{place}/empty.json is empty. Fix: "),
        (["good.json", "-o", "no/such.json"], "cannot write {place}/no/such.json: "),
    ],
)
def test_the_command_says_what_is_wrong_and_what_to_do(
    words: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path / "good.json", export_of(stack_with("network", "prod")))
    (tmp_path / "empty.json").touch()
    assert main([each if each == "-o" else str(tmp_path / each) for each in words]) == 2
    out, error = capsys.readouterr()
    assert not out
    assert error.startswith("error: " + told.format(place=tmp_path))
    assert "Fix: " in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    "damage",
    [
        {"urn": None},
        {"urn": "urn:pulumi:a"},
        {"type": 1},
        {"inputs": [1]},
        {"outputs": "text"},
        {"parent": {}, "provider": 7},
        {"dependencies": ["urn:pulumi:a", 1]},
        {"dependencies": "urn:pulumi:a"},
        {"propertyDependencies": {"vpcId": {"urns": []}}},
        {"ignoreChanges": [None]},
    ],
    ids=str,
)
def test_a_damaged_resource_is_noticed_when_the_file_is_read(damage: dict[str, Any]) -> None:
    export = export_of(stack_with("a", "prod"))
    export["deployment"]["resources"][-1] |= damage
    with pytest.raises(ExportError, match="a file is damaged"):
        read(json.dumps(export).encode(), "a file")


_SIGNS = (
    "1b47061264138c4ac30d75fd1eb44270",
    "5cf8f73096256a8f31e491e813e4eb8e",
    "d0e6a833031e9bbcd3f4e8bde6ca49a4",
    "c44067f5952c0a294b673a41bacd8c17",
    1,
)
_KEYS = st.sampled_from(["4dabf18193072939515e22adb298388d", "id", "urn", "value", "__x", "name"])
_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text() | st.sampled_from(_SIGNS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=8,
)


@given(value=_VALUES)
def test_whatever_a_resource_holds_can_be_read(value: Any) -> None:
    export = export_of(stack_with("a", "prod"))
    last = export["deployment"]["resources"][-1]
    last["inputs"], last["outputs"] = {"a": value, "name": value}, {"b": value, "arn": value}
    export["deployment"]["manifest"] = value
    found = read(json.dumps(export).encode(), "a file")
    assert join([found])["version"] == 3
    *_, resource = resources_of(found)
    assert Model([resource]).stack.resources


# --- what is judged as a whole -------------------------------------------------------------------


def together(*stacks: Stack) -> Stack:
    """What `pulumi policy analyze` sends of a joined file."""
    return Stack(resources=[each for stack in stacks for each in stack.resources])


def balanced(name: str = "prod") -> tuple[Stack, Stack]:
    """A network without a route, and a load balancer of another stack in it."""
    network = stack_with("network", name)
    [home] = network.resources
    aws.gateway(network, "main", home)
    subnets = [aws.subnet(network, f"public-{zone}", home, zone) for zone in "ab"]
    table = aws.table(network, "public", home)
    for each in subnets:
        each.outputs["id"] = f"subnet-{hash_of(name, each.name)}"
        aws.associate(network, each.name, each, table)
    application = Stack(project="application", name=name)
    aws.balancer(application, "web", [each.outputs["id"] for each in subnets])
    return network, application


def test_policies_judge_the_whole_and_name_the_stack_of_each_resource() -> None:
    network, application = balanced()
    [finding] = run(together(network, application), deployed=True)
    assert finding.policy == "alb-public-subnets"
    assert "Load balancer web of application/prod is internet-facing" in finding.message
    assert "subnet public-b of network/prod" in finding.message
    assert "export" not in finding.message


def test_a_secret_that_the_cli_cannot_decrypt_is_no_value() -> None:
    """Two of them are not the same name."""
    assert values.text("[secret]") == values.Unknown("a secret that is not shown")


def test_one_stack_alone_is_not_named() -> None:
    stack = stack_with("network", "prod")
    [home] = stack.resources
    aws.balancer(stack, "web", [aws.subnet(stack, "a", home).id])
    found = run(stack, deployed=True, servicer=PreflightServicer)
    assert found
    assert "network/prod" not in str([each.message for each in found])


def test_two_systems_in_one_file_are_no_twins() -> None:
    """Each of one region: the VPC of one has no part in a failover of the other."""

    def used(project: str, name: str, region: str) -> Stack:
        stack = stack_with(project, name, region)
        subnet = aws.subnet(stack, "app", stack.resources[0], "a")
        subnet.inputs = {**subnet.inputs, "availabilityZone": f"{region}a"}
        stack.add("aws:ec2/instance:Instance", "app", {"subnetId": subnet.id})
        aws.associate(stack, "app", subnet, aws.table(stack, "app", stack.resources[0]))
        return stack

    east = used("shop", "east", "us-east-1")
    for other, expected in (
        (used("shop", "west", "us-west-2"), {("network-tiers", "main")}),
        (used("unrelated", "prod", "us-west-2"), set()),
    ):
        found = findings(together(east, other), deployed=True, servicer=PreflightServicer)
        assert {each for each in found if each[0] == "network-tiers"} == expected


def test_what_is_in_a_subnet_of_another_stack_uses_it() -> None:
    """A VPC for databases alone is fine on its own; here an application is in it."""
    network = stack_with("network", "east")
    [home] = network.resources
    subnet = aws.subnet(network, "app", home)
    subnet.outputs["id"] = f"subnet-{hash_of('app')}"
    aws.associate(network, "app", subnet, aws.table(network, "app", home))
    application = Stack(project="application")
    application.add("aws:ec2/instance:Instance", "app", {"subnetId": subnet.outputs["id"]})
    config = {"network-tiers": {"regions": ["us-east-1"]}}
    for stacks, expected in (
        ((network, application), {("network-tiers", "main")}),
        ((network,), set()),
    ):
        found = findings(
            together(*stacks), deployed=True, servicer=PreflightServicer, config=config
        )
        assert found == expected


def stacks_of(*exports: Export) -> tuple[ModelStack, Callable[[str, str], Resource]]:
    resources = [each for export in exports for each in resources_of(export)]
    stack = Model(resources).stack

    def named(stack: str, name: str) -> Resource:
        return next(each for each in resources if (str(each.stack), each.name) == (stack, name))

    return stack, named


def test_what_makes_two_stacks_one_system() -> None:
    network, application = balanced()
    middle = Stack(project="middle")
    middle.add("aws:ssm/parameter:Parameter", "main", {"value": "arn:aws:iam::1:role/x"})
    aws.subnet(middle, "third", network.resources[0].outputs["id"])
    alone = stack_with("alone", "prod")
    everything = (network, application, middle, alone)
    stack, named = stacks_of(*(exported(each, each.project) for each in everything))
    vpc, balancer = named("network/prod", "main"), named("application/prod", "web")
    assert stack.are_of_one_system(vpc, balancer)
    assert stack.are_of_one_system(balancer, named("middle/test", "third"))
    assert not stack.are_of_one_system(vpc, named("alone/prod", "main"))


@pytest.mark.parametrize(("account", "expected"), [("111122223333", True), ("444455556666", False)])
def test_stacks_of_one_project_are_one_system_unless_of_two_accounts(
    account: str, expected: bool
) -> None:
    east, west = stack_with("shop", "east"), stack_with("shop", "west")
    west.resources[0].outputs["ownerId"] = account
    stack, named = stacks_of(exported(east), exported(west))
    assert (
        stack.are_of_one_system(named("shop/east", "main"), named("shop/west", "main")) is expected
    )


def test_names_in_two_stacks_are_told_apart_where_the_accounts_are() -> None:
    """The same program in two accounts: its names are no duplicates and name their own things."""

    def deployed(name: str, account: str) -> Stack:
        stack = stack_with("shop", name)
        stack.resources[0].outputs["ownerId"] = account
        world = aws.global_cluster(stack)
        first = aws.cluster(stack, "first", world)
        aws.cluster(stack, "second", "world", region="us-west-2")
        for made in (world, first, stack.resources[-1]):
            arn = str(made.outputs["arn"]).replace("111122223333", account)
            made.outputs["arn"] = arn
        return stack

    both = together(deployed("dev", "111122223333"), deployed("prod", "444455556666"))
    assert findings(both, deployed=True, servicer=PreflightServicer) == set()
    assert findings(both, servicer=PreflightServicer) == set()
