"""What of a stack that exists is still known if everything in it had to be made again."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from policies.model.again import made_again
from policies.model.answers import CannotTell, No, Yes
from policies.model.resource import Resource
from policies.model.values import UNKNOWN, Tree

BUCKET = "aws:s3/bucket:Bucket"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
SUBNET = "aws:ec2/subnet:Subnet"
CLUSTER = "aws:rds/cluster:Cluster"


def made(
    token: str,
    name: str,
    declared: Mapping[str, Tree] | None,
    computed: Mapping[str, Tree],
    ignored: tuple[str, ...] = (),
    **derived: tuple[Resource, ...],
) -> Resource:
    """A resource that exists; `derived` are the resources that a property's value comes from."""
    sources = {key: tuple(each.urn for each in found) for key, found in derived.items()}
    return Resource(
        urn=f"urn:pulumi:test::project::{token}::{name}",
        type=token,
        name=name,
        actual={**(declared or {}), **computed},
        declared=declared,
        dependencies=frozenset(urn for urns in sources.values() for urn in urns),
        property_dependencies=sources,
        ignored=frozenset(ignored),
    )


def subnet(name: str) -> Resource:
    return made(SUBNET, name, {"cidrBlock": "10.0.0.0/24"}, {"id": f"subnet-0{name}"})


LOGS = made(
    BUCKET,
    "logs",
    {"bucket": "acme-logs"},
    {"id": "acme-logs", "arn": "arn:aws:s3:::acme-logs", "hostedZoneId": "Z3AQBSTGFYJSTF"},
)


def again(*resources: Resource) -> Resource:
    """The last of these resources, made again."""
    return made_again(resources)[-1]


def test_what_aws_gave_out_is_unknown_and_what_the_program_says_stays() -> None:
    remade = again(LOGS)
    assert remade.is_new
    assert remade.is_remade
    assert remade.actual == {
        "bucket": "acme-logs",
        "id": UNKNOWN,
        "arn": UNKNOWN,
        "hostedZoneId": UNKNOWN,
    }
    assert remade.declared == {"bucket": "acme-logs"}


def test_what_was_upgraded_since_is_made_as_it_is_declared() -> None:
    remade = again(
        made(
            CLUSTER,
            "orders",
            {"engineVersion": "15.4"},
            {"id": "orders", "engineVersion": "15.12", "engineVersionActual": "15.12"},
        )
    )
    assert remade.actual["engineVersion"] == "15.4"
    assert remade.actual["engineVersionActual"] is UNKNOWN


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("acme-logs", "acme-logs"),  # A bucket may be named by its name.
        ("arn:aws:s3:::acme-logs", UNKNOWN),
        ("see arn:aws:s3:::acme-logs/*", UNKNOWN),
        ("acme-logs-archive", "acme-logs-archive"),
        ("dGhpcyBpcyBub3QgdHJhY2Vk", UNKNOWN),  # Made of something of the bucket, who knows what.
        (443.0, UNKNOWN),
        (True, UNKNOWN),
        (None, None),
    ],
)
def test_a_value_that_comes_from_a_resource_is_known_if_that_will_say_it_again(
    value: Tree, expected: Tree
) -> None:
    user = made("aws:x/y:Z", "user", {"of": value}, {"id": "user-1"}, of=(LOGS,))
    assert again(LOGS, user).tree("of") == expected


def test_an_id_that_is_a_name_by_chance_leads_to_nothing_without_the_resource() -> None:
    api = made("aws:apigatewayv2/api:Api", "orders", {"name": "orders"}, {"id": "orders"})
    user = made("aws:x/y:Z", "user", {"apiId": "orders"}, {"id": "user-1"}, apiId=(api,))
    assert again(api, user).tree("apiId") is UNKNOWN


def test_of_a_block_only_what_is_lost_is_unknown() -> None:
    route: Tree = {"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-0aa", "port": 443.0, "on": True}
    gateway = made(
        "aws:ec2/internetGateway:InternetGateway",
        "out",
        {"tags": {"Name": "out"}},
        {"id": "igw-0aa", "state": "available"},
    )
    literal: Tree = {"state": "available", "to": "pcx-0bb"}
    table = made(
        "aws:ec2/routeTable:RouteTable",
        "public",
        {"routes": [route, literal]},
        {"id": "rtb-0cc"},
        routes=(gateway,),
    )
    assert again(gateway, table).tree("routes") == [
        {"cidrBlock": "0.0.0.0/0", "gatewayId": UNKNOWN, "port": 443.0, "on": True},
        literal,
    ]


def test_what_the_state_tells_of_the_sources_is_remembered() -> None:
    """As of a component, whose outputs come from everything that is in it."""
    a, b, c = map(subnet, "abc")
    web = made(
        BALANCER, "web", {"subnets": ["subnet-0a", "subnet-0b"]}, {"id": "web"}, subnets=(a, b, c)
    )
    remade = again(a, b, c, web)
    assert remade.tree("subnets") == [UNKNOWN, UNKNOWN]
    assert remade.depends_on("subnets") == (a.urn, b.urn)
    assert remade.dependencies == {a.urn, b.urn, c.urn}


def test_an_id_that_is_written_out_still_names_its_resource() -> None:
    """So an import leaves it, until the next deployment."""
    a = subnet("a")
    web = made(BALANCER, "web", {"subnets": ["subnet-0a", "subnet-0x"]}, {"id": "web"})
    remade = again(a, web)
    assert remade.tree("subnets") == [UNKNOWN, "subnet-0x"]
    assert remade.depends_on("subnets") == (a.urn,)
    assert a.urn in remade.dependencies


def test_a_chain_is_followed_in_whatever_order_it_is_sent() -> None:
    copy = made(BUCKET, "copy", {"bucket": "acme-logs-x"}, {"id": "acme-logs-x"}, bucket=(LOGS,))
    end = made("aws:x/y:Z", "end", {"of": "acme-logs-x"}, {"id": "end-1"}, of=(copy,))
    first, *_ = made_again([end, copy, LOGS])
    assert first.tree("of") == "acme-logs-x"
    loop = made("aws:x/y:Z", "loop", {"of": "loop-000001"}, {"id": "loop-000001"})
    own = made("aws:x/y:Z", "loop", {"of": "loop-000001"}, {"id": "loop-000001"}, of=(loop,))
    assert again(own).is_new


def test_what_the_program_does_not_make_stays_as_it_is() -> None:
    read = made(SUBNET, "read", {}, {"id": "subnet-0read", "vpcId": "vpc-1"})
    stack = made(
        "pulumi:pulumi:StackReference", "net", {"name": "net"}, {"outputs": {"id": "subnet-0net"}}
    )
    unseen = made(SUBNET, "unseen", None, {"id": "subnet-0unseen"})
    listed: Tree = ["subnet-0read", "subnet-0net", "subnet-0unseen"]
    web = made(BALANCER, "web", {"subnets": listed}, {"id": "web"}, subnets=(read, stack, unseen))
    *others, remade = made_again([read, stack, unseen, web])
    assert others == [read, stack, unseen]
    assert remade.tree("subnets") == listed
    assert remade.depends_on("subnets") == tuple(sorted(e.urn for e in (read, stack, unseen)))


def test_of_what_the_program_ignores_changes_nothing_tells_what_it_says_now() -> None:
    declared: Mapping[str, Tree] = {"engineVersion": "15.4", "masterUsername": "admin"}
    ids = {"id": "orders", "arn": "arn:aws:rds:us-east-1:1:cluster:orders"}
    former = made(CLUSTER, "orders", declared, ids, ignored=("masterUsername", "databaseName"))
    remade = again(former)
    assert remade.tree("engineVersion") == "15.4"
    assert remade.tree("masterUsername") is UNKNOWN
    assert isinstance(remade.declares("masterUsername"), CannotTell)
    assert remade.declares("databaseName") == No()
    user = made(CLUSTER, "copy", {"kmsKeyId": "k"}, ids, ignored=("kmsKeyId",), kmsKeyId=(former,))
    assert again(former, user).declares("kmsKeyId") == Yes()  # The program names something.


def test_what_is_new_is_as_it_was() -> None:
    new = made(
        SUBNET,
        "new",
        {"vpcId": UNKNOWN, "cidrBlock": "10.0.0.0/24"},
        {"id": UNKNOWN, "arn": UNKNOWN},
    )
    remade = again(new)
    assert (remade.actual, remade.declared) == (new.actual, new.declared)
    assert not remade.is_remade
