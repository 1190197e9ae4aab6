"""Who stands in for whom, what is lost with a region, and what a property is derived from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from policies.model import Model
from policies.model.resource import Provider, Resource
from policies.model.takeover.counterparts import is_called_a_standby, stem
from policies.model.takeover.homes import is_global_kind
from policies.model.takeover.leaves import known_texts, leaves
from policies.model.takeover.regions import Loss
from policies.model.takeover.sources import named_in, sources
from policies.model.values import UNKNOWN, Absent, Known, Tree, Unknown
from policies.model.vocabulary import (
    BUCKET,
    CERTIFICATE,
    CLUSTER,
    DB_INSTANCE,
    DISTRIBUTION,
    GLOBAL_CLUSTER,
    HOSTED_ZONE,
    LAMBDA_FUNCTION,
    LOAD_BALANCER,
    RECORD,
    TASK_DEFINITION,
    WEB_ACL,
)

EAST, WEST, SOUTH = "us-east-1", "us-west-2", "sa-east-1"
ROLE = "aws:iam/role:Role"
KEY = "aws:kms/key:Key"


def made(
    kind: str,
    name: str,
    region: Tree = EAST,
    inputs: Mapping[str, Tree] | None = None,
    derived: Mapping[str, Sequence[Resource]] | None = None,
    **outputs: Tree,
) -> Resource:
    """A resource of a region; `derived` are the sources of its properties."""
    declared: dict[str, Tree] = {"tags": {"team": "dr"}, **(inputs or {})}
    edges = {prop: tuple(each.urn for each in them) for prop, them in (derived or {}).items()}
    return Resource(
        urn=f"urn::{kind}::{name}",
        type=kind,
        name=name,
        actual={**declared, **outputs},
        declared=declared,
        provider=Provider(f"urn::provider::{region}", {"region": region}),
        property_dependencies=edges,
    )


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("orders-primary", "orders-dr"),
        ("orders-primary-dev", "orders-secondary-dev"),
        ("primaryOrdersDb", "standbyOrdersDb"),
        ("OrdersDbEast", "OrdersDbWest"),
        ("orders-us-east-1", "orders-ap-southeast-1"),
        ("orders_us_east_1", "orders_eu_west_1"),
        ("orders-use1", "orders-usw2"),
        ("orders-useast1", "orders-uswest2"),
        ("orders-region-1", "orders-region-2"),
        ("orders-region-a", "orders-region-b"),
        ("orders-blue", "orders-green-dr"),
        ("orders", "orders-replica"),
        ("us-east-1-orders-db", "dr-orders-db"),
    ],
)
def test_two_names_that_differ_in_role_and_region_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other) != ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("orders-primary", "invoices-dr"),
        ("orders-1", "orders-2"),
        ("orders-db-primary", "orders-dr"),
        ("drivers", "ivers"),
        ("secondaryschool", "school"),
        ("orders-us-east-1-a", "orders-us-east-1-b"),
        ("north-pole-eu-west-1", "pole-position-eu-west-1"),
    ],
)
def test_other_names_have_stems_of_their_own(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("orders-dr", True),
        ("ordersSecondary", True),
        ("DR_orders", True),
        ("orders-standby-eu-west-1", True),
        ("orders", False),
        ("orders-primary", False),
        ("orders-eu-west-1", False),
        ("orders-west", False),
        ("drivers", False),
        ("addressbook", False),
    ],
)
def test_a_name_says_that_it_stands_in(name: str, expected: bool) -> None:
    assert is_called_a_standby(made(CLUSTER, name)) is expected


def test_a_counterpart_is_the_only_one_of_its_kind_and_stem_in_the_region() -> None:
    primary, standby = made(CLUSTER, "orders-primary"), made(CLUSTER, "orders-dr", WEST)
    others = [
        made(CLUSTER, "orders-replica", SOUTH),
        made(DB_INSTANCE, "orders-dr", WEST),
        made(CLUSTER, "invoices-dr", WEST),
        made(CLUSTER, "orders-west", UNKNOWN),
    ]
    found = Model([primary, standby, *others]).takeover.counterparts
    assert found.of(primary, WEST) is standby
    assert found.of(standby, EAST) is primary
    assert found.of(primary, EAST) is None
    assert found.of(primary, "eu-west-1") is None


def test_of_two_that_are_called_alike_none_is_the_counterpart() -> None:
    primary = made(CLUSTER, "orders-primary")
    two = [made(CLUSTER, "orders-dr", WEST), made(CLUSTER, "orders-replica", WEST)]
    found = Model([primary, *two]).takeover.counterparts
    assert found.of(primary, WEST) is None
    assert list(found.candidates(primary, WEST)) == two


# --- homes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (ROLE, True),
        (HOSTED_ZONE, True),
        (DISTRIBUTION, True),
        (GLOBAL_CLUSTER, True),
        ("aws:route53/healthCheck:HealthCheck", True),
        ("aws:arcregionswitch/plan:Plan", True),
        ("aws:cloudwatch/eventEndpoint:EventEndpoint", True),
        ("aws:cloudwatch/eventRule:EventRule", False),
        (CLUSTER, False),
        (KEY, False),
        ("aws:route53resolver/endpoint:Endpoint", False),
    ],
)
def test_the_kinds_that_no_region_takes_along(kind: str, expected: bool) -> None:
    assert is_global_kind(kind) is expected
    home = Model([one := made(kind, "it")]).takeover.homes.of(one)
    assert home == (Absent() if expected else Known(EAST))


def test_what_a_distribution_uses_is_in_no_region() -> None:
    certificate, function = made(CERTIFICATE, "site"), made(LAMBDA_FUNCTION, "headers")
    bucket, regional = made(BUCKET, "site"), made(CERTIFICATE, "api")
    edge = made(WEB_ACL, "edge", inputs={"scope": "CLOUDFRONT"})
    own = made(WEB_ACL, "own", inputs={"scope": "REGIONAL"})
    origins = {"origins": [bucket], "viewerCertificate": [certificate], "behavior": [function]}
    site = made(DISTRIBUTION, "site", derived=origins)
    everything = [certificate, function, bucket, regional, edge, own, site]
    homes = Model(everything).takeover.homes
    assert [each.name for each in everything if homes.of(each) == Absent()] == [
        *("site", "headers", "edge", "site"),
    ]
    assert homes.is_in(bucket, EAST)
    assert homes.is_in(regional, EAST)
    assert homes.is_in(own, EAST)


def test_a_region_that_is_not_known_is_neither_here_nor_there() -> None:
    homes = Model([one := made(CLUSTER, "orders", UNKNOWN)]).takeover.homes
    assert not homes.is_in(one, EAST)
    assert not homes.is_elsewhere(one, EAST)
    other = made(CLUSTER, "orders", WEST)
    assert homes.is_elsewhere(other, EAST)
    assert not homes.is_elsewhere(made(ROLE, "it", WEST), EAST)


# --- regions -------------------------------------------------------------------------------------


def losses(*resources: Resource, regions: Sequence[str] = (), primary: str | None = None) -> Any:
    return list(Model(resources).takeover.losses(frozenset(regions), primary))


def balancer(name: str, region: str) -> Resource:
    host = f"{name}.elb.{region}.amazonaws.com"
    return made(LOAD_BALANCER, name, region, {"internal": True}, dnsName=host)


def failing_over(role: Tree, to: Resource) -> Resource:
    policies: Tree = [{"type": role}]
    given = {"failoverRoutingPolicies": policies, "aliases": [{"name": UNKNOWN}]}
    return made(RECORD, f"{role}-{to.name}", EAST, given, {"aliases": [to]})


HERE, THERE = balancer("web-east", EAST), balancer("web-west", WEST)
EITHER = [Loss(EAST, (WEST,)), Loss(WEST, (EAST,))]


def test_without_a_sign_each_region_is_lost_in_turn() -> None:
    assert losses(HERE, THERE) == EITHER
    third = balancer("web-south", SOUTH)
    assert losses(HERE, THERE, third)[1:] == [
        Loss(EAST, (SOUTH, WEST)),
        Loss(WEST, (SOUTH, EAST)),
    ]


def test_what_serves_nobody_makes_no_region() -> None:
    assert losses(HERE, made(KEY, "orders", WEST), made(ROLE, "app", WEST)) == []
    assert losses(HERE, made(LOAD_BALANCER, "web", UNKNOWN)) == []
    assert losses(HERE) == []
    assert losses() == []


def test_a_primary_record_votes() -> None:
    west = failing_over("PRIMARY", THERE)
    assert losses(HERE, THERE, west) == [Loss(WEST, (EAST,))]
    assert losses(HERE, THERE, failing_over("SECONDARY", THERE)) == EITHER
    assert losses(HERE, THERE, failing_over(UNKNOWN, THERE)) == EITHER


def test_so_do_a_global_database_and_a_replica() -> None:
    world = made(GLOBAL_CLUSTER, "world", EAST, {"engine": "aurora-mysql"}, id="world")
    member: dict[str, Tree] = {"globalClusterIdentifier": "world"}
    first = made(CLUSTER, "one", WEST, {**member, "masterUsername": "app"}, id="one")
    second = made(CLUSTER, "two", EAST, member, id="two")
    assert losses(world, first, second) == [Loss(WEST, (EAST,))]
    source = made(DB_INSTANCE, "orders", WEST, arn="arn:aws:rds:us-west-2:1:db:orders")
    given: dict[str, Tree] = {"replicateSourceDb": "arn:aws:rds:us-west-2:1:db:orders"}
    assert losses(source, made(DB_INSTANCE, "copy", EAST, given)) == [Loss(WEST, (EAST,))]


def test_a_replica_of_its_own_region_does_not_vote() -> None:
    source = made(DB_INSTANCE, "orders", WEST, arn="arn:aws:rds:us-west-2:1:db:orders")
    given: dict[str, Tree] = {"replicateSourceDb": "arn:aws:rds:us-west-2:1:db:orders"}
    assert losses(HERE, source, made(DB_INSTANCE, "copy", WEST, given)) == EITHER


def test_those_that_disagree_name_no_primary() -> None:
    votes = [failing_over("PRIMARY", HERE), failing_over("PRIMARY", THERE)]
    assert losses(HERE, THERE, *votes) == EITHER


def test_the_user_names_the_primary() -> None:
    vote = failing_over("PRIMARY", HERE)
    assert losses(HERE, THERE, vote, primary=WEST) == [Loss(WEST, (EAST,))]
    assert losses(THERE, primary=EAST) == [Loss(EAST, (WEST,))]
    assert losses(HERE, primary=EAST) == []


def test_the_user_names_the_regions() -> None:
    third = balancer("web-south", SOUTH)
    assert losses(HERE, THERE, third, regions=[EAST, WEST]) == EITHER
    assert losses(HERE, third, regions=[EAST, WEST]) == [Loss(WEST, (EAST,))]
    assert losses(third, regions=[EAST, WEST]) == []
    assert losses(HERE, THERE, regions=[EAST, WEST], primary=EAST) == [Loss(EAST, (WEST,))]


# --- leaves --------------------------------------------------------------------------------------


def read(value: Tree) -> list[tuple[str, Any]]:
    return [
        (each.path, each.value.value if isinstance(each.value, Known) else None)
        for each in leaves(made(LAMBDA_FUNCTION, "it", inputs={"given": value}), "given")
    ]


CONTAINERS = [
    {
        "name": "app",
        "image": "orders:1",
        "environment": [{"name": "DB_HOST", "value": "db.acme-corp.net"}],
        "secrets": [{"name": "PASSWORD", "valueFrom": "arn:aws:ssm:us-east-1:1:parameter/p"}],
    }
]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", [("given", "plain")]),
        (UNKNOWN, [("given", None)]),
        (None, []),
        (7, []),
        (True, []),
        ({"variables": {"A": "a", "B": UNKNOWN}}, [("given.variables.A", "a")]),
        ([{"arn": "one"}, {"arn": "two"}], [("given.arn", "one"), ("given.arn", "two")]),
        ('{"Statement": [{"Resource": "*"}]}', [("given.Statement.Resource", "*")]),
        ("{not JSON", [("given", "{not JSON")]),
        ("[7]", []),
        ({"name": "A", "value": "a", "more": "b"}, [("given.name", "A"), ("given.value", "a")]),
    ],
)
def test_the_texts_of_a_property_and_the_ways_to_them(value: Tree, expected: Any) -> None:
    assert read(value)[: len(expected)] == expected


def test_what_is_unknown_is_a_leaf_too() -> None:
    assert read({"variables": {"A": "a", "B": UNKNOWN}})[1] == ("given.variables.B", None)
    [leaf] = leaves(made(LAMBDA_FUNCTION, "it", inputs={"given": {"A": UNKNOWN}}), "given")
    assert leaf.key == "A"
    assert isinstance(leaf.value, Unknown)


def test_containers_are_read_in_their_text() -> None:
    given: dict[str, Tree] = {"containerDefinitions": json.dumps(CONTAINERS)}
    task = made(TASK_DEFINITION, "it", inputs=given)
    said = {each.path: each.value for each in leaves(task, "containerDefinitions")}
    assert said == {
        "containerDefinitions.name": Known("app"),
        "containerDefinitions.image": Known("orders:1"),
        "containerDefinitions.environment.DB_HOST": Known("db.acme-corp.net"),
        "containerDefinitions.secrets.PASSWORD": Known("arn:aws:ssm:us-east-1:1:parameter/p"),
    }
    assert "db.acme-corp.net" in known_texts(task, "containerDefinitions")


# --- sources -------------------------------------------------------------------------------------

ARN = "arn:aws:lambda:us-east-1:111122223333:function:orders"
HOST = "orders.abcdefghijkl.us-east-1.rds.amazonaws.com"
URL = "https://sqs.us-east-1.amazonaws.com/111122223333/orders"
FUNCTION = made(LAMBDA_FUNCTION, "orders", inputs={"name": "orders"}, arn=ARN)
DATABASE = made(DB_INSTANCE, "orders-db", address=HOST)
QUEUE = made("aws:sqs/queue:Queue", "orders", id=URL, url=URL)
NETWORK = made("aws:ec2/vpc:Vpc", "main", id="vpc-0123456789abcdef0")
IMAGES = "111122223333.dkr.ecr.us-east-1.amazonaws.com"
REPOSITORY = made("aws:ecr/repository:Repository", "app", repositoryUrl=f"{IMAGES}/orders")
NAMED = (FUNCTION, DATABASE, QUEUE, NETWORK, REPOSITORY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ARN, [FUNCTION]),
        (f"see {ARN}, please", [FUNCTION]),
        (f'{{"Resource": "{ARN}"}}', [FUNCTION]),
        (HOST, [DATABASE]),
        (f"postgres://app@{HOST}:5432/orders", [DATABASE]),
        (f"host={HOST} user=app", [DATABASE]),
        (URL, [QUEUE]),
        (f"QUEUE={URL}, more", [QUEUE]),
        ("https://sqs.us-east-1.amazonaws.com", []),
        ("https://sqs.us-east-1.amazonaws.com/111122223333/invoices", []),
        (f"{IMAGES}/orders", [REPOSITORY]),
        (f"{IMAGES}/invoices:1", []),
        ("vpc-0123456789abcdef0", [NETWORK]),
        ("id: vpc-0123456789abcdef0;", [NETWORK]),
        (f"{HOST} and {ARN}", [DATABASE, FUNCTION]),
        ("orders", []),
        (ARN.replace(EAST, WEST), []),
        (HOST.replace("orders", "invoices"), []),
        ("vpc-0fedcba9876543210", []),
        ("", []),
    ],
)
def test_a_text_names_what_has_it_alone(text: str, expected: list[Resource]) -> None:
    found = named_in(Model(NAMED).stack, text)
    assert sorted(each.name for each in found) == sorted(each.name for each in expected)


def test_a_host_that_two_have_names_none() -> None:
    other = made(DB_INSTANCE, "other", address=HOST)
    assert named_in(Model([*NAMED, other]).stack, HOST) == ()


def test_a_property_is_derived_from_what_the_engine_says_and_from_what_it_names() -> None:
    given: dict[str, Tree] = {"environment": {"variables": {"DB": HOST, "Q": UNKNOWN}}}
    client = made(LAMBDA_FUNCTION, "client", inputs=given, derived={"environment": [QUEUE]})
    stack = Model([*NAMED, client]).stack
    assert {each.name for each in sources(stack, client, "environment")} == {"orders", "orders-db"}
    assert sources(stack, client, "environment") == (DATABASE, QUEUE)
    assert sources(stack, client, "tags") == ()
